#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#include "env.h"
#include "journal.h"

static void assert_names(const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_non_null(names[i]);
        assert_true(names[i][0] != '\0');
        for (const char *c = names[i]; *c; c++)
            assert_true(islower((unsigned char)*c));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(names[i], names[j]);
    }
}

static void kinds_of_choices_have_names_of_their_own(void **state) {
    (void)state;

    assert_names(sm_choice_names, SM_CHOICE_COUNT);

    assert_string_equal(sm_choice_names[SM_CHOICE_EVENT], "event");
    assert_string_equal(sm_choice_names[SM_CHOICE_USER], "user");
}

static void kinds_of_journal_events_have_names_of_their_own(void **state) {
    (void)state;

    assert_names(sm_journal_names, SM_JOURNAL_COUNT);

    assert_string_equal(sm_journal_names[SM_JOURNAL_SENT], "sent");
    assert_string_equal(sm_journal_names[SM_JOURNAL_NOTE], "note");
}

static void a_timeline_shows_results_and_not_the_way_there(void **state) {
    (void)state;

    assert_true(sm_journal_shown[SM_JOURNAL_COMMITTED]);
    assert_true(sm_journal_shown[SM_JOURNAL_VERDICT]);
    assert_false(sm_journal_shown[SM_JOURNAL_SENT]);
    assert_true(sm_journal_shown[SM_JOURNAL_CHOSE]);
}

/* --- What sm_env does itself before it asks its world --------------------------------------------------------------- */

struct world {
    struct sm_env env;
    unsigned chosen, emitted;
};

static uint32_t choose_last(struct sm_env *env, const struct sm_choice_point *point) {
    ((struct world *)env)->chosen++;
    return point->n - 1;
}

static void count_event(struct sm_env *env, const struct sm_journal_event *event) {
    (void)event;
    ((struct world *)env)->emitted++;
}

static const struct sm_env_ops ops = {.choose = choose_last, .emit = count_event};

static void a_choice_of_one_is_no_choice(void **state) {
    (void)state;
    struct world w = {.env.ops = &ops};

    assert_int_equal(sm_env_choose(&w.env, &(struct sm_choice_point){.n = 0}), 0);
    assert_int_equal(sm_env_choose(&w.env, &(struct sm_choice_point){.n = 1}), 0);
    assert_int_equal(w.chosen, 0);

    assert_int_equal(sm_env_choose(&w.env, &(struct sm_choice_point){.n = 3}), 2);
    assert_int_equal(w.chosen, 1);
}

static void nothing_is_emitted_while_nobody_listens(void **state) {
    (void)state;
    struct world w = {.env.ops = &ops};
    const struct sm_journal_event event = {.kind = SM_JOURNAL_NOTE};

    sm_env_emit(&w.env, &event);
    assert_int_equal(w.emitted, 0);

    w.env.journal = true;
    sm_env_emit(&w.env, &event);
    assert_int_equal(w.emitted, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_choices_have_names_of_their_own),
        cmocka_unit_test(kinds_of_journal_events_have_names_of_their_own),
        cmocka_unit_test(a_timeline_shows_results_and_not_the_way_there),
        cmocka_unit_test(a_choice_of_one_is_no_choice),
        cmocka_unit_test(nothing_is_emitted_while_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
