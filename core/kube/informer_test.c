#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "informer.h"
#include "kube_expect.h"
#include "sim.h"

struct fixture {
    struct sm_region run;
    struct sm_sim *sim;
    struct sm_env *env;
    struct fake *fake;
    struct sm_informer *pods;
    struct fake_journal journal;
    char told[2048];
    unsigned older;  /* how much older a list is chosen to be */
    const char *way; /* of the next watch event */
    unsigned crashes;
};

static void hear(struct sm_env *env, void *arg, struct sm_informer *informer, sm_val before, sm_val after, bool initial) {
    struct fixture *f = arg;
    size_t used = strlen(f->told);
    (void)env;

    assert_ptr_equal(sm_pmap_get(sm_informer_store(informer), sm_meta_key(&f->run, "default", sm_meta_name(after ? after : before))),
                     after);
    snprintf(f->told + used, sizeof f->told - used, "%s%s%s:%lld>%lld", used ? " " : "", initial ? "!" : "",
             sm_meta_name(after ? after : before), (long long)sm_meta_version(before), (long long)sm_meta_version(after));
}

static void synced(struct sm_env *env, void *arg, struct sm_informer *informer) {
    struct fixture *f = arg;
    size_t used = strlen(f->told);
    (void)env;

    assert_true(informer->synced);
    snprintf(f->told + used, sizeof f->told - used, "%ssynced", used ? " " : "");
}

static void changed(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    const struct fixture *f = arg;

    assert_ptr_equal(resource, SM_PODS);
    sm_informer_notify(env, f->pods);
}

static int set_up(void **state) {
    static struct fixture f;

    memset(&f, 0, sizeof f);
    sm_region_init(&f.run, "run", 0);
    f.sim = sm_sim_new(&(struct sm_sim_config){.run = &f.run, .sink = {&f.journal, fake_hear}});
    f.env = &f.sim->env;
    f.fake = fake_new(f.env);
    f.fake->changed = changed;
    f.fake->arg = &f;
    f.pods = sm_env_state(f.env, sizeof *f.pods, "informer");
    sm_informer_init(f.pods, SM_PODS, "me", "me/pods", hear, &f);
    f.pods->on_synced = synced;
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    sm_region_release(&f->run);
    return 0;
}

static void put(struct fixture *f, const char *name) {
    fake_put(f->env, f->fake, SM_PODS, sm_region_printf(&f->run, "{'metadata': {'name': '%s', 'namespace': 'default'}}", name));
}

static void drop(struct fixture *f, const char *name) {
    fake_store(f->env, f->fake, SM_PODS, sm_meta_key(&f->run, "default", name), NULL);
}

static void list(struct fixture *f, uint32_t at) {
    sm_informer_start(f->env, f->pods, fake_log(f->fake, SM_PODS), at);
}

static void advance(struct fixture *f, sm_time time) {
    sm_sim_run_until(f->sim, f->env->now + time);
}

static void a_list_and_then_every_change_in_order(void **state) {
    struct fixture *f = *state;

    put(f, "b");
    put(f, "a");
    list(f, UINT32_MAX);
    assert_null(sm_informer_store(f->pods));
    advance(f, 0);
    put(f, "a");
    put(f, "c");
    drop(f, "b");
    assert_int_equal(sm_informer_behind(f->pods), 3);
    advance(f, 0);

    assert_string_equal(f->told, "!a:0>2 !b:0>1 synced a:2>3 c:0>4 b:5>0");
    assert_int_equal(sm_informer_behind(f->pods), 0);
    assert_string_equal(f->journal.text, "synced pods / v2 of v2\n"
                                         "delivered pods default/a v3 of v3: MODIFIED\n"
                                         "delivered pods default/c v4 of v4: ADDED\n"
                                         "delivered pods default/b v5 of v0: DELETED\n");
}

static void an_empty_list_syncs_too(void **state) {
    struct fixture *f = *state;

    f->pods->list_latency = SM_SECOND;
    list(f, UINT32_MAX);
    advance(f, SM_SECOND - 1);
    assert_string_equal(f->told, "");
    advance(f, 1);
    assert_string_equal(f->told, "synced");
}

static void changes_arrive_so_much_later_and_in_order(void **state) {
    struct fixture *f = *state;

    list(f, UINT32_MAX);
    advance(f, 0);
    f->pods->lag = 5 * SM_SECOND;
    put(f, "a");
    advance(f, SM_SECOND);
    put(f, "b");
    f->pods->lag = 0; /* a's delivery is under way */
    advance(f, 4 * SM_SECOND - 1);
    assert_string_equal(f->told, "synced");
    advance(f, 1);

    assert_string_equal(f->told, "synced a:0>1 b:0>2");
}

static void a_held_informer_gets_nothing_until_it_is_released(void **state) {
    struct fixture *f = *state;

    list(f, UINT32_MAX);
    advance(f, 0);
    put(f, "a");
    sm_informer_hold(f->env, f->pods);
    put(f, "b");
    advance(f, SM_HOUR);
    assert_string_equal(f->told, "synced");

    sm_informer_release(f->env, f->pods);
    sm_informer_release(f->env, f->pods);
    advance(f, 0);
    assert_string_equal(f->told, "synced a:0>1 b:0>2");
}

static void a_held_informer_does_not_get_its_first_list_either(void **state) {
    struct fixture *f = *state;

    sm_informer_hold(f->env, f->pods);
    list(f, UINT32_MAX);
    advance(f, SM_SECOND);
    put(f, "a");
    assert_string_equal(f->told, "");
    sm_informer_release(f->env, f->pods);
    advance(f, 0);

    assert_string_equal(f->told, "!a:0>1 synced");
}

static void the_first_list_may_be_old(void **state) {
    struct fixture *f = *state;

    put(f, "a");
    advance(f, SM_SECOND);
    put(f, "a");
    put(f, "b");
    f->pods->list_age = 1;
    f->pods->lag = SM_HOUR;
    list(f, UINT32_MAX);
    advance(f, SM_MINUTE);
    assert_string_equal(f->told, "!a:0>1 synced");

    sm_informer_reset(f->env, f->pods);
    assert_null(sm_informer_store(f->pods));
    list(f, 2);
    advance(f, SM_MINUTE);
    assert_string_equal(f->told, "!a:0>1 synced !a:0>2 synced");
}

static void after_a_list_of_a_server_that_lags_nothing_comes_until_it_has_caught_up(void **state) {
    struct fixture *f = *state;

    put(f, "a");
    advance(f, SM_SECOND);
    put(f, "a");
    f->pods->list_age = SM_MILLISECOND;
    f->pods->catch_up = 5 * SM_SECOND;
    list(f, UINT32_MAX);
    advance(f, 5 * SM_SECOND - 1);
    assert_string_equal(f->told, "!a:0>1 synced");

    advance(f, SM_MILLISECOND);
    assert_string_equal(f->told, "!a:0>1 synced a:1>2");
}

static uint32_t choose_older(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    const struct fixture *f = self;
    (void)env;

    if (point->kind != SM_CHOICE_AGE)
        return 0;
    assert_string_equal(point->actor, "me/pods");
    assert_int_equal(point->n, 4);
    return f->older;
}

static void how_old_is_a_choice(void **state) {
    struct fixture *f = *state;

    put(f, "a");
    put(f, "b");
    put(f, "c");
    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose = choose_older};
    f->pods->lag = SM_HOUR;
    f->older = 2;
    list(f, UINT32_MAX);
    advance(f, 0);

    assert_string_equal(f->told, "!a:0>1 synced");
}

static uint32_t choose_watch(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct fixture *f = self;
    (void)env;

    if (point->kind == SM_CHOICE_AGE)
        return f->older;
    for (uint32_t way = 0; point->kind == SM_CHOICE_FAULT && f->way && way < point->n; way++)
        if (strcmp(point->ways[way], f->way) == 0) {
            f->way = NULL;
            return way;
        }
    return 0;
}

static void end_process(struct sm_env *env, void *arg) {
    struct fixture *f = arg;

    f->crashes++;
    sm_informer_reset(env, f->pods);
}

static void watched(struct fixture *f, const char *way) {
    f->sim->chooser = (struct sm_sim_chooser){.self = f, .choose = choose_watch};
    f->pods->crash = end_process;
    put(f, "a");
    list(f, UINT32_MAX);
    advance(f, 0);
    f->way = way;
    f->told[0] = '\0';
}

static void a_list_after_a_cut_is_as_old_as_is_chosen_but_not_older_than_what_was_seen(void **state) {
    struct fixture *f = *state;

    watched(f, "cut-1s");
    put(f, "a");
    put(f, "a");
    put(f, "a");
    f->older = 1;
    advance(f, SM_SECOND - 1);
    assert_string_equal(f->told, "");
    advance(f, 1);
    assert_string_equal(f->told, "a:1>3 a:3>4");

    f->told[0] = '\0';
    f->way = "cut-1s";
    f->older = 1;
    put(f, "a");
    advance(f, SM_SECOND);
    assert_string_equal(f->told, "a:4>5");
}

static void a_process_may_end_before_or_after_it_hears_of_a_change(void **state) {
    struct fixture *f = *state;

    watched(f, "crash-before");
    put(f, "a");
    advance(f, SM_SECOND);
    assert_int_equal(f->crashes, 1);
    assert_string_equal(f->told, "");
    list(f, UINT32_MAX);
    advance(f, 0);
    assert_string_equal(f->told, "!a:0>2 synced");

    f->told[0] = '\0';
    f->way = "crash-after";
    put(f, "a");
    put(f, "a");
    advance(f, SM_SECOND);
    assert_int_equal(f->crashes, 2);
    assert_string_equal(f->told, "a:2>3");
}

static void a_relist_skips_states(void **state) {
    struct fixture *f = *state;

    put(f, "a");
    put(f, "b");
    put(f, "same");
    list(f, UINT32_MAX);
    advance(f, 0);
    f->told[0] = '\0';
    f->pods->stopped = true;
    put(f, "b");
    put(f, "b");
    drop(f, "a");
    put(f, "c");
    drop(f, "c");
    put(f, "d");
    put(f, "late");
    advance(f, SM_HOUR);
    assert_string_equal(f->told, "");

    sm_informer_relist(f->env, f->pods, 9);
    assert_string_equal(f->told, "b:2>5 d:0>9 a:1>0");
    advance(f, 0);
    assert_string_equal(f->told, "b:2>5 d:0>9 a:1>0 late:0>10");
}

static void a_relist_never_goes_back(void **state) {
    struct fixture *f = *state;

    sm_informer_relist(f->env, f->pods, 0);
    put(f, "a");
    put(f, "b");
    list(f, UINT32_MAX);
    sm_informer_relist(f->env, f->pods, 0);
    advance(f, 0);
    f->told[0] = '\0';
    sm_informer_relist(f->env, f->pods, 1);
    assert_string_equal(f->told, "");
    put(f, "a");
    sm_informer_relist(f->env, f->pods, UINT32_MAX);

    assert_string_equal(f->told, "a:1>3");
    advance(f, 0);
    assert_string_equal(f->told, "a:1>3");
}

static void a_crash_forgets_what_is_under_way(void **state) {
    struct fixture *f = *state;

    list(f, UINT32_MAX);
    sm_informer_reset(f->env, f->pods);
    advance(f, 0);
    list(f, UINT32_MAX);
    advance(f, 0);
    put(f, "a");
    sm_informer_reset(f->env, f->pods);
    put(f, "b");
    advance(f, 0);

    assert_string_equal(f->told, "synced");
    assert_int_equal(sm_informer_behind(f->pods), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_list_and_then_every_change_in_order),
        TEST(an_empty_list_syncs_too),
        TEST(changes_arrive_so_much_later_and_in_order),
        TEST(a_held_informer_gets_nothing_until_it_is_released),
        TEST(a_held_informer_does_not_get_its_first_list_either),
        TEST(the_first_list_may_be_old),
        TEST(after_a_list_of_a_server_that_lags_nothing_comes_until_it_has_caught_up),
        TEST(how_old_is_a_choice),
        TEST(a_list_after_a_cut_is_as_old_as_is_chosen_but_not_older_than_what_was_seen),
        TEST(a_process_may_end_before_or_after_it_hears_of_a_change),
        TEST(a_relist_skips_states),
        TEST(a_relist_never_goes_back),
        TEST(a_crash_forgets_what_is_under_way),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
