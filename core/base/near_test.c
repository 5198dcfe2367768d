#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "near.h"

static void a_typing_error_leads_to_what_was_meant(void **state) {
    static const char *const words[] = {"apply", "patch", "delete", "restart-controller", "--profile", "--timeline", NULL};
    static const struct {
        const char *word, *meant;
    } cases[] = {
        {"aply", "apply"},
        {"appply", "apply"},
        {"aplpy", "apply"},
        {"ptach", "patch"},
        {"patches", "patch"},
        {"restart-controler", "restart-controller"},
        {"restart", "restart-controller"},
        {"--profiles", "--profile"},
        {"--time", "--timeline"},
        {"apply", "apply"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sm_near_of(cases[i].word, words), cases[i].meant);
}

static void what_is_another_word_leads_nowhere(void **state) {
    static const char *const words[] = {"apply", "is", "wait", "never", NULL};
    static const char *const others[] = {"", "a", "at", "ap", "walk", "replied", "ever-after"};
    char longest[100];
    (void)state;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_null(sm_near_of(others[i], words));
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(sm_near_of(longest, words));
    assert_null(sm_near_of("apply", (const char *const[]){longest, NULL}));
}

static void the_nearest_wins_and_of_two_the_first(void **state) {
    (void)state;

    assert_string_equal(sm_near_of("merged", (const char *const[]){"merger", "merged", NULL}), "merged");
    assert_string_equal(sm_near_of("stock", (const char *const[]){"stack", "stick", NULL}), "stack");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typing_error_leads_to_what_was_meant),
        cmocka_unit_test(what_is_another_word_leads_nowhere),
        cmocka_unit_test(the_nearest_wins_and_of_two_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
