#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bug_expect.h"
#include "kube_expect.h"
#include "manager.h"
#include "sim.h"
#include "uuid.h"

/* Each test says what its controller does in a pass. */
struct script {
    struct sm_result (*reconcile)(struct sm_ctx *ctx, struct sm_key key);
};

struct fixture {
    struct sm_region run, scratch, keep;
    struct sm_sim *sim;
    struct sm_env *env;
    struct fake *fake;
    struct sm_manager *manager;
    struct fake_journal journal;
    struct script script;
};

static unsigned runs, passes; /* of reconcile, and of those that came to their end */
static char seen[4096];       /* what passes saw; each test reads its own */

static void see(const char *text) {
    size_t used = strlen(seen);

    snprintf(seen + used, sizeof seen - used, "%s%s", used ? " " : "", text);
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    const struct script *script = sm_ctx_options(ctx);

    runs++;
    struct sm_result result = script->reconcile(ctx, key);
    passes++;
    return result;
}

static void map_pod(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_map_owner_of(to, before, after, SM_SEINODES);
}

static const struct sm_watch watches[] = {
    {.resource = SM_SEINODES, .predicate = sm_generation_changed, .map = sm_map_self},
    {.resource = SM_PODS, .map = map_pod},
    {.resource = SM_SECRETS, .lazy = true},
};
static const struct sm_controller controller = {
    .name = "node-controller",
    .primary = SM_SEINODES,
    .watches = watches,
    .watch_count = sizeof watches / sizeof watches[0],
    .reconcile = reconcile,
};
static const struct sm_client client = {.name = "node-controller", .user = "node-controller", .agent = "node-controller"};

static void changed(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    const struct fixture *f = arg;

    if (f->manager)
        sm_manager_notify(env, f->manager, resource);
}

static struct sm_result do_nothing(struct sm_ctx *ctx, struct sm_key key) {
    (void)ctx;
    (void)key;
    return sm_done();
}

static int set_up(void **state) {
    static struct fixture f;

    memset(&f, 0, sizeof f);
    runs = passes = 0;
    seen[0] = '\0';
    sm_region_init(&f.run, "run", 0);
    sm_region_init(&f.scratch, "scratch", 0);
    sm_region_init(&f.keep, "keep", 0);
    f.sim = sm_sim_new(&(struct sm_sim_config){.run = &f.run, .scratch = &f.scratch, .sink = {&f.journal, fake_hear}});
    f.env = &f.sim->env;
    f.fake = fake_new(f.env);
    f.fake->changed = changed;
    f.fake->arg = &f;
    f.fake->latency = 10 * SM_MILLISECOND;
    f.script.reconcile = do_nothing;
    f.manager = sm_manager_new(
        f.env,
        &(struct sm_manager_config){
            .controller = &controller, .client = &client, .transport = &f.fake->transport, .options = &f.script, .restart_delay = -1});
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    sm_region_release(&f->run);
    sm_region_release(&f->scratch);
    sm_region_release(&f->keep);
    return 0;
}

static void drain(struct fixture *f) {
    assert_true(sm_sim_drain(f->sim, 1000));
}

static void advance(struct fixture *f, sm_time time) {
    sm_sim_run_until(f->sim, f->env->now + time);
}

static void start(struct fixture *f, struct sm_result (*does)(struct sm_ctx *ctx, struct sm_key key)) {
    f->script.reconcile = does;
    sm_manager_start(f->env, f->manager);
}

static void put_node(struct fixture *f, const char *name, int generation) {
    char json[256];

    snprintf(json, sizeof json, "{'metadata': {'name': '%s', 'namespace': 'default', 'uid': 'u-%s', 'generation': %d}}", name, name,
             generation);
    fake_put(f->env, f->fake, SM_SEINODES, json);
}

static void put_pod(struct fixture *f, const char *name, const char *node) {
    char json[512];

    snprintf(
        json, sizeof json,
        "{'metadata': {'name': '%s', 'namespace': 'default', 'labels': {'node': '%s'}, 'ownerReferences': [{'apiVersion': 'sei.io/v2', "
        "'kind': 'SeiNode', 'name': '%s', 'controller': true}]}}",
        name, node, node);
    fake_put(f->env, f->fake, SM_PODS, json);
}

/* --- Keys --------------------------------------------------------------------------------------------------------------- */

static struct sm_result see_key(struct sm_ctx *ctx, struct sm_key key) {
    (void)ctx;
    see(key.name);
    return sm_done();
}

static void what_exists_at_the_start_is_reconciled_once_in_order(void **state) {
    struct fixture *f = *state;

    put_node(f, "b", 1);
    put_node(f, "a", 1);
    put_node(f, "a", 2);
    put_pod(f, "a-0", "a");
    start(f, see_key);
    drain(f);

    assert_string_equal(seen, "a b");
    sm_time next;
    assert_true(sm_manager_idle(f->manager, &next));
    assert_int_equal(next, 0);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "nothing");
}

static void predicates_and_mappings_decide_what_is_reconciled(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, see_key);
    drain(f);
    assert_string_equal(seen, "a");

    put_node(f, "a", 1); /* the generation is as before */
    drain(f);
    assert_string_equal(seen, "a");

    put_pod(f, "a-0", "a");
    drain(f);
    fake_put(f->env, f->fake, SM_PODS, "{'metadata': {'name': 'stranger', 'namespace': 'default'}}");
    drain(f);
    assert_string_equal(seen, "a a");

    put_pod(f, "a-0", "b"); /* both owners hear of it */
    drain(f);
    assert_string_equal(seen, "a a a b");

    fake_store(f->env, f->fake, SM_PODS, "default/a-0", NULL);
    drain(f);
    assert_string_equal(seen, "a a a b b");
}

static struct sm_result read_live(struct sm_ctx *ctx, struct sm_key key) {
    const struct sm_reply *reply = sm_ctx_live_get(ctx, SM_SEINODES, key.name_space, key.name);
    char text[64];

    snprintf(text, sizeof text, "%s@%lld", key.name, (long long)sm_meta_version(reply->body));
    see(text);
    return sm_done();
}

static void a_key_that_changes_while_it_is_processed_runs_once_more(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, read_live);
    advance(f, SM_MILLISECOND);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "pass of default/a waits for get seinodes default/a");
    put_node(f, "a", 2);
    put_node(f, "a", 3);
    put_node(f, "a", 4);
    drain(f);

    assert_string_equal(seen, "a@4 a@4");
    assert_int_equal(f->fake->sent_count, 2);
}

static struct sm_result ask_again(struct sm_ctx *ctx, struct sm_key key) {
    (void)ctx;
    (void)key;
    return passes ? sm_done() : sm_requeue_after(20 * SM_SECOND);
}

static void a_requeue_runs_again_when_its_time_has_come(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, ask_again);
    advance(f, 20 * SM_SECOND - 1);
    assert_int_equal(passes, 1);
    sm_time next;
    assert_true(sm_manager_idle(f->manager, &next));
    assert_int_equal(next, SM_TIME_START + 20 * SM_SECOND);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "the time to look at default/a again");

    advance(f, 1);
    assert_int_equal(passes, 2);
    assert_non_null(strstr(f->journal.text, "finished seinodes default/a: again in 20s\n"));
}

static struct sm_result fail_three_times(struct sm_ctx *ctx, struct sm_key key) {
    (void)ctx;
    (void)key;
    return passes < 3 ? sm_error("not yet") : passes == 3 ? sm_done() : sm_error("again");
}

static void errors_back_off_until_a_pass_succeeds(void **state) {
    struct fixture *f = *state;

    f->journal.only = "finished";
    put_node(f, "a", 1);
    start(f, fail_three_times);
    advance(f, 34 * SM_MILLISECOND);
    assert_int_equal(passes, 3);
    advance(f, SM_MILLISECOND);
    assert_int_equal(passes, 4);

    put_node(f, "a", 2);
    advance(f, SM_MILLISECOND);
    assert_string_equal(f->journal.text, "finished seinodes default/a: error: not yet; again in 5ms\n"
                                         "finished seinodes default/a: error: not yet; again in 10ms\n"
                                         "finished seinodes default/a: error: not yet; again in 20ms\n"
                                         "finished seinodes default/a: done\n"
                                         "finished seinodes default/a: error: again; again in 5ms\n");
}

static bool add_node(void *arg, sm_val node) {
    struct sm_enqueue *to = arg;

    if (strcmp(sm_meta_name(node), "z") == 0)
        return false;
    to->add(to, sm_meta_namespace(node), sm_meta_name(node));
    return true;
}

/* A Secret concerns every node up to z, and node `later` so much later as it says. */
static void map_secret(struct sm_enqueue *to, sm_val before, sm_val after) {
    sm_val later = to->lookup(to, SM_SEINODES, "default", "later");
    (void)before;

    assert_non_null(to->options);
    to->each(to, SM_SEINODES, "default", add_node, to);
    to->each(to, SM_SEINODES, "nowhere", add_node, to);
    if (later)
        to->add_after(to, "default", "later", sm_val_int_at(after, "delay", 0));
}

static void map_job(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    (void)after;
    to->lookup(to, SM_EVENTS, "default", "x");
}

static void mappings_may_look_into_caches(void **state) {
    static const struct sm_watch mapped[] = {
        {.resource = SM_SEINODES},
        {.resource = SM_SECRETS, .map = map_secret},
        {.resource = SM_SECRETS, .lazy = true},
        {.resource = SM_JOBS, .map = map_job},
    };
    static const struct sm_controller mapper = {
        .name = "mapper", .primary = SM_SEINODES, .watches = mapped, .watch_count = 4, .reconcile = reconcile};
    struct fixture *f = *state;

    put_node(f, "a", 1);
    put_node(f, "later", 1);
    put_node(f, "z", 1);
    put_node(f, "zz", 1);
    f->manager = sm_manager_new(
        f->env, &(struct sm_manager_config){
                    .controller = &mapper, .client = &client, .transport = &f->fake->transport, .options = &f->script, .think = SM_SECOND});
    start(f, see_key);
    drain(f);
    fake_put(f->env, f->fake, SM_SECRETS, "{'metadata': {'name': 's', 'namespace': 'default'}, 'delay': 20000000000}");
    advance(f, SM_MILLISECOND);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "the turn of default/a");
    advance(f, 19 * SM_SECOND);
    assert_string_equal(seen, "a later");
    drain(f);
    assert_string_equal(seen, "a later later");

    fake_store(f->env, f->fake, SM_SEINODES, "default/later", NULL);
    fake_put(f->env, f->fake, SM_SECRETS, "{'metadata': {'name': 's', 'namespace': 'default'}}");
    drain(f);
    assert_string_equal(seen, "a later later a");

    fake_put(f->env, f->fake, SM_JOBS, "{'metadata': {'name': 'j', 'namespace': 'default'}}");
    expect_bug("mapper looks events up in a cache it does not have", drain(f));
}

/* --- Passes -------------------------------------------------------------------------------------------------------------- */

static struct sm_result call_everything(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val node = sm_ctx_cached_get(ctx, SM_SEINODES, key.name_space, key.name);
    const char *id = sm_ctx_uuid(ctx);
    sm_time now = sm_ctx_now(ctx);
    sm_val name = sm_val_strf(r, "%s-%.4s", key.name, id);

    sm_ctx_note(ctx, "begins");
    sm_ctx_event(ctx, SM_SEINODES, node, "Normal", "Began", sm_region_printf(r, "began %s", key.name));
    sm_ctx_metric(ctx, "passes", "", 1);
    sm_val pod = SM_MAP(r, "metadata", SM_MAP(r, "name", name, "namespace", sm_val_str(r, key.name_space)));
    assert_int_equal(sm_ctx_create(ctx, SM_PODS, key.name_space, pod)->code, 201);
    assert_true(sm_reply_is(sm_ctx_create(ctx, SM_PODS, key.name_space, pod), "AlreadyExists"));
    assert_true(sm_ctx_now(ctx) == now + 20 * SM_MILLISECOND);
    pod = sm_ctx_patch(ctx, SM_PODS, "status", key.name_space, sm_val_text(name), SM_PATCH_MERGE, SM_MAP(r, "status", SM_TRUE))->body;
    assert_true(sm_val_is_true(sm_val_get(pod, "status")));
    assert_int_equal(sm_ctx_update(ctx, SM_PODS, NULL, sm_val_set(r, pod, "status", SM_FALSE))->code, 200);
    assert_int_equal(sm_ctx_apply(ctx, SM_PODS, pod, "me", true)->code, 200);
    assert_true(sm_val_is_text(sm_ctx_service(ctx, "sidecar", "GET", "host", sm_region_printf(r, "/%s", id), NULL, SM_SECOND)->body,
                               sm_region_printf(r, "GET /%s", id)));
    assert_int_equal(sm_ctx_delete(ctx, SM_PODS, key.name_space, sm_val_text(name), NULL)->code, 200);
    assert_true(sm_reply_is(sm_ctx_live_get(ctx, SM_PODS, key.name_space, sm_val_text(name)), "NotFound"));
    assert_true(sm_reply_is(sm_ctx_live_list(ctx, SM_PODS, key.name_space, "a=b"), "NotFound")); /* this server lists nothing */
    assert_int_equal(sm_val_count(sm_ctx_cached_list(ctx, SM_PODS, key.name_space, NULL)), 0);
    sm_ctx_metric(ctx, "done", "of=\"a\"", 2);
    return sm_done();
}

static void a_pass_runs_again_with_each_answer_and_its_effects_happen_once(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, call_everything);
    drain(f);

    assert_int_equal(passes, 1);
    assert_int_equal(runs, 10);
    assert_int_equal(f->fake->called_count, 1);
    assert_non_null(fake_get(f->fake, SM_EVENTS, "default/a.18867251edfa0000"));
    f->journal.text[f->journal.used] = '\0';
    const char *begins = strstr(f->journal.text, "note seinodes default/a: begins");
    assert_non_null(begins);
    assert_null(strstr(begins + 1, "note seinodes"));
    assert_non_null(strstr(f->journal.text, "event seinodes default/a: Normal Began began a\n"));
    assert_non_null(
        strstr(f->journal.text, "metric seinodes default/a: passes{} 1\nmetric seinodes default/a: done{of=\"a\"} 2\nfinished"));
}

static struct sm_result forget_what_it_did(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);

    sm_ctx_create(ctx, SM_PODS, key.name_space, SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_strf(r, "p-%u", runs))));
    return sm_done();
}

static struct sm_result change_its_mind(struct sm_ctx *ctx, struct sm_key key) {
    if (runs == 1)
        sm_ctx_live_get(ctx, SM_PODS, key.name_space, "x");
    sm_ctx_now(ctx);
    return sm_done();
}

static struct sm_result end_early(struct sm_ctx *ctx, struct sm_key key) {
    if (runs == 1)
        sm_ctx_live_get(ctx, SM_PODS, key.name_space, "x");
    return sm_done();
}

static void a_rerun_that_makes_other_calls_is_a_bug(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, change_its_mind);
    expect_bug("node-controller runs a pass of default/a again, and at call 1 of 1, with the same answers, it makes another call",
               drain(f));
}

static void a_rerun_that_ends_early_is_a_bug(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, end_early);
    expect_bug("it ends", drain(f));
}

static void a_rerun_that_asks_otherwise_is_a_bug_where_hashes_are_checked(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, forget_what_it_did);
#ifdef SM_CHECK_HASHES
    expect_bug("at call 1 of 1, with the same answers, it sends another request", drain(f));
#else
    drain(f);
#endif
}

/* Call number [strays] asks something else when the pass runs the second time; in order of what the bugs say below. */
static int strays;

static const char *stray(int call, const char *usual) {
    return runs == 2 && strays == call ? "other" : usual;
}

static struct sm_result go_astray(struct sm_ctx *ctx, struct sm_key key) {
    sm_val node = sm_ctx_cached_get(ctx, SM_SEINODES, stray(0, key.name_space), key.name);

    sm_ctx_cached_list(ctx, SM_PODS, stray(1, key.name_space), SM_EMPTY_MAP);
    sm_ctx_event(ctx, SM_SEINODES, node, "Normal", "Began", stray(2, "began"));
    sm_ctx_metric(ctx, stray(3, "passes"), NULL, 1);
    sm_ctx_metric(ctx, "passes", stray(4, "a=\"b\""), 1);
    sm_ctx_note(ctx, stray(5, "begins"));
    sm_ctx_service(ctx, "sidecar", "GET", "host", stray(6, "/"), NULL, SM_SECOND);
    return sm_done();
}

static void every_kind_of_call_is_compared_where_hashes_are_checked(void **state) {
#ifdef SM_CHECK_HASHES
    static const char *const bugs[] = {
        "at call 1 of 7, with the same answers, it reads something else",
        "at call 2 of 7, with the same answers, it lists something else",
        "at call 3 of 7, with the same answers, it records another event",
        "at call 4 of 7, with the same answers, it counts another metric",
        "at call 5 of 7, with the same answers, it counts another metric",
        "at call 6 of 7, with the same answers, it notes something else",
        "at call 7 of 7, with the same answers, it calls another service",
    };

    for (strays = 0; strays < 7; strays++) {
        struct fixture *f = *state;

        put_node(f, "a", 1);
        start(f, go_astray);
        expect_bug(bugs[strays], drain(f));
        tear_down(state);
        set_up(state);
    }
#else
    (void)state;
    (void)go_astray;
#endif
}

static uint32_t yield_once(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    char label[SM_SIM_LABEL_BYTES];
    unsigned *asked = self;
    (void)env;

    if (point->kind != SM_CHOICE_YIELD)
        return 0;
    assert_int_equal(point->n, 2);
    assert_string_equal(sm_sim_point_label(label, point), "node-controller.read pods");
    return (*asked)++ == 0;
}

static struct sm_result count_pods(struct sm_ctx *ctx, struct sm_key key) {
    char text[32];

    snprintf(text, sizeof text, "%zu", sm_val_count(sm_ctx_cached_list(ctx, SM_PODS, key.name_space, NULL)));
    see(text);
    return sm_done();
}

static void others_may_act_before_a_cached_read(void **state) {
    struct fixture *f = *state;
    unsigned asked = 0;

    start(f, count_pods);
    drain(f);
    f->sim->chooser = (struct sm_sim_chooser){.self = &asked, .choose = yield_once};
    put_node(f, "a", 1);
    sm_sim_step(f->sim);
    fake_put(f->env, f->fake, SM_PODS, "{'metadata': {'name': 'p', 'namespace': 'default'}}");
    sm_sim_step(f->sim);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "pass of default/a waits for its turn");
    drain(f);
    assert_string_equal(seen, "1");
    assert_int_equal(runs, 2);

    put_node(f, "a", 2);
    drain(f);
    assert_int_equal(asked, 2);
    assert_int_equal(runs, 3);
}

/* --- Caches -------------------------------------------------------------------------------------------------------------- */

static struct sm_result list_pods(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val selector = SM_MAP(r, "matchLabels", SM_MAP(r, "node", sm_val_str(r, key.name)));
    sm_val pod;

    SM_EACH_ITEM(pod, sm_ctx_cached_list(ctx, SM_PODS, key.name_space, selector))
        see(sm_meta_name(pod));
    return sm_done();
}

static void a_cached_list_selects_by_namespace_and_labels_in_key_order(void **state) {
    struct fixture *f = *state;

    put_pod(f, "a-1", "a");
    put_pod(f, "a-0", "a");
    put_pod(f, "b-0", "b");
    fake_put(f->env, f->fake, SM_PODS, "{'metadata': {'name': 'a-2', 'namespace': 'default2', 'labels': {'node': 'a'}}}");
    put_node(f, "a", 1);
    start(f, list_pods);
    drain(f);

    assert_string_equal(seen, "a-0 a-1 b-0"); /* the pods of a, then those of b */
}

static struct sm_result see_pod(struct sm_ctx *ctx, struct sm_key key) {
    char text[32];

    snprintf(text, sizeof text, "v%lld", (long long)sm_meta_version(sm_ctx_cached_get(ctx, SM_PODS, key.name_space, "a-0")));
    see(text);
    return sm_done();
}

static void a_held_informer_shows_the_old_state_until_it_is_released(void **state) {
    struct fixture *f = *state;
    sm_time next;

    f->journal.only = "read";
    put_pod(f, "a-0", "a");
    start(f, see_pod);
    drain(f);
    sm_informer_hold(f->env, sm_manager_informer(f->manager, SM_PODS));
    put_pod(f, "a-0", "a");
    put_node(f, "a", 1);
    advance(f, 30 * SM_MILLISECOND);
    put_node(f, "a", 2);
    advance(f, 30 * SM_MILLISECOND);
    assert_string_equal(seen, "v1 v1 v1");
    assert_true(sm_manager_idle(f->manager, &next));
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "changes of pods");

    sm_informer_release(f->env, sm_manager_informer(f->manager, SM_PODS));
    drain(f);
    assert_string_equal(seen, "v1 v1 v1 v2");
    assert_string_equal(f->journal.text, "read get pods default/a-0 v1 of v1\n"
                                         "read get pods default/a-0 v1 of v2\n"
                                         "read get pods default/a-0 v1 of v2, 30ms behind\n"
                                         "read get pods default/a-0 v2 of v2\n");
}

static struct sm_result see_secret(struct sm_ctx *ctx, struct sm_key key) {
    see(sm_ctx_cached_get(ctx, SM_SECRETS, key.name_space, "s") ? "found" : "none");
    return sm_done();
}

static void a_lazy_informer_starts_with_the_first_read_which_waits_for_its_list(void **state) {
    struct fixture *f = *state;

    sm_manager_informer(f->manager, SM_SECRETS)->list_latency = SM_SECOND;
    fake_put(f->env, f->fake, SM_SECRETS, "{'metadata': {'name': 's', 'namespace': 'default'}}");
    start(f, see_secret);
    drain(f);
    assert_false(sm_manager_informer(f->manager, SM_SECRETS)->started);

    put_node(f, "a", 1);
    advance(f, SM_SECOND - 1);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "pass of default/a waits for the first list of secrets");
    assert_string_equal(seen, "");
    advance(f, 1);
    assert_string_equal(seen, "found");
    assert_int_equal(runs, 2);
}

static void a_kind_that_the_server_does_not_know_is_tried_again(void **state) {
    struct fixture *f = *state;
    sm_time next;

    put_node(f, "a", 1);
    f->fake->unknown = SM_SEINODES;
    start(f, see_key);
    advance(f, 2 * SM_SECOND);
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "the first list of seinodes");
    assert_false(sm_manager_idle(f->manager, &next));
    assert_string_equal(seen, "");

    f->fake->unknown = NULL;
    advance(f, 400 * SM_MILLISECOND); /* 800 ms, then 1.6 s */
    assert_string_equal(seen, "a");
}

static struct sm_result see_jobs(struct sm_ctx *ctx, struct sm_key key) {
    sm_val jobs = sm_ctx_cached_list(ctx, SM_JOBS, key.name_space, NULL);

    see(sm_val_count(jobs) > 0 || sm_ctx_cached_get(ctx, SM_JOBS, key.name_space, "j") ? "job" : "none");
    return sm_done();
}

static void an_optional_kind_is_empty_until_the_server_knows_it(void **state) {
    static const struct sm_watch watched[] = {
        {.resource = SM_SEINODES, .map = sm_map_self},
        {.resource = SM_JOBS, .map = sm_map_self, .optional = true},
    };
    static const struct sm_controller tolerant = {
        .name = "tolerant", .primary = SM_SEINODES, .watches = watched, .watch_count = 2, .reconcile = reconcile};
    struct fixture *f = *state;
    sm_time next;

    put_node(f, "a", 1);
    fake_put(f->env, f->fake, SM_JOBS, "{'metadata': {'name': 'j', 'namespace': 'default'}}");
    f->fake->unknown = SM_JOBS;
    f->manager = sm_manager_new(
        f->env,
        &(struct sm_manager_config){.controller = &tolerant, .client = &client, .transport = &f->fake->transport, .options = &f->script});
    start(f, see_jobs);
    advance(f, SM_SECOND);
    assert_string_equal(seen, "none");
    assert_true(sm_manager_idle(f->manager, &next));

    f->fake->unknown = NULL;
    drain(f);
    assert_string_equal(seen, "none job");
}

static void a_cached_read_of_a_kind_that_may_not_be_watched_hangs(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    f->fake->forbidden = SM_SECRETS;
    start(f, see_secret);
    advance(f, SM_HOUR);

    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "pass of default/a waits for the first list of secrets");
    assert_string_equal(seen, "");
}

static struct sm_result read_jobs(struct sm_ctx *ctx, struct sm_key key) {
    sm_ctx_cached_get(ctx, SM_JOBS, key.name_space, "j");
    return sm_done();
}

static void a_cached_read_of_a_kind_that_is_not_watched_is_a_bug(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, read_jobs);
    expect_bug("node-controller reads jobs from a cache it does not have", drain(f));
}

/* --- Crashes -------------------------------------------------------------------------------------------------------------- */

static struct sm_result create_pod(struct sm_ctx *ctx, struct sm_key key) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val pod = SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_str(r, "p"), "namespace", sm_val_str(r, key.name_space)));

    see(sm_ctx_create(ctx, SM_PODS, key.name_space, pod)->code == 201 ? "created" : "exists");
    return sm_done();
}

static void a_request_lands_although_its_client_crashed(void **state) {
    struct fixture *f = *state;
    sm_time next;

    put_node(f, "a", 1);
    start(f, create_pod);
    advance(f, SM_MILLISECOND);
    sm_manager_crash(f->env, f->manager);
    assert_null(fake_get(f->fake, SM_PODS, "default/p"));
    assert_false(sm_manager_running(f->manager));
    assert_string_equal(sm_manager_waits_for(f->manager, &f->run), "nothing: it is not running");
    assert_true(sm_manager_idle(f->manager, &next));
    drain(f);
    assert_non_null(fake_get(f->fake, SM_PODS, "default/p"));
    assert_string_equal(seen, "");

    sm_manager_start(f->env, f->manager);
    sm_manager_start(f->env, f->manager);
    drain(f);
    assert_string_equal(seen, "exists");
    assert_non_null(strstr(f->journal.text, "crashed"));
    assert_non_null(strstr(f->journal.text, "restarted"));
}

static void an_answer_to_an_older_life_is_dropped(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, create_pod);
    advance(f, SM_MILLISECOND);
    sm_manager_crash(f->env, f->manager);
    sm_manager_start(f->env, f->manager);
    drain(f);

    assert_string_equal(seen, "exists");
    assert_int_equal(f->fake->sent_count, 2);
}

static void crash_at_send(struct sm_env *env, void *arg) {
    const struct fixture *f = arg;

    sm_manager_crash(env, f->manager);
}

static void a_crash_while_a_request_is_sent_ends_the_pass(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    f->fake->at_send = crash_at_send;
    start(f, create_pod);
    drain(f);

    assert_false(sm_manager_running(f->manager));
    assert_int_equal(runs, 1);
    assert_non_null(fake_get(f->fake, SM_PODS, "default/p"));
}

static struct sm_result see_version(struct sm_ctx *ctx, struct sm_key key) {
    char text[32];

    snprintf(text, sizeof text, "v%lld", (long long)sm_meta_version(sm_ctx_cached_get(ctx, SM_SEINODES, key.name_space, key.name)));
    see(text);
    return sm_done();
}

static void a_new_process_may_see_older_states_than_its_predecessor(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    advance(f, SM_SECOND);
    put_node(f, "a", 2);
    start(f, see_version);
    drain(f);
    assert_string_equal(seen, "v2");

    sm_manager_informer(f->manager, SM_SEINODES)->list_age = SM_MILLISECOND;
    sm_manager_informer(f->manager, SM_SEINODES)->lag = SM_SECOND;
    sm_manager_crash(f->env, f->manager);
    sm_manager_start(f->env, f->manager);
    drain(f);
    assert_string_equal(seen, "v2 v1 v2");
}

static void a_crashed_process_restarts_by_itself_with_other_options(void **state) {
    struct fixture *f = *state;
    struct script other = {see_version};
    sm_time next;

    f->manager = NULL;
    struct sm_manager *manager = sm_manager_new(f->env, &(struct sm_manager_config){.controller = &controller,
                                                                                    .client = &client,
                                                                                    .transport = &f->fake->transport,
                                                                                    .options = &f->script,
                                                                                    .restart_delay = 5 * SM_SECOND});
    put_node(f, "a", 1);
    f->script.reconcile = see_key;
    sm_manager_start(f->env, manager);
    drain(f);
    sm_manager_set_options(manager, &other);
    put_node(f, "a", 2);
    sm_manager_notify(f->env, manager, SM_SEINODES);
    drain(f);
    sm_manager_crash(f->env, manager);
    sm_manager_crash(f->env, manager);
    assert_string_equal(sm_manager_waits_for(manager, &f->run), "its restart");
    assert_true(sm_manager_idle(manager, &next));
    assert_int_equal(next, f->env->now + 5 * SM_SECOND);
    drain(f);
    assert_string_equal(seen, "a a v2");

    sm_manager_crash(f->env, manager);
    sm_manager_restart_after(f->env, manager, SM_MINUTE);
    advance(f, SM_MINUTE - 1);
    assert_string_equal(seen, "a a v2");
    advance(f, SM_SECOND);
    assert_string_equal(seen, "a a v2 v2");
    sm_manager_restart_after(f->env, manager, SM_MINUTE); /* it runs already */
    assert_string_equal(sm_manager_waits_for(manager, &f->run), "nothing");
    assert_ptr_equal(sm_manager_controller(manager), &controller);
    assert_ptr_equal(sm_manager_client(manager), &client);
}

/* --- Snapshots and hashes --------------------------------------------------------------------------------------------------- */

static void a_pass_in_flight_can_be_run_on_from_a_snapshot(void **state) {
    struct fixture *f = *state;
    struct fake_journal first;

    put_node(f, "a", 1);
    start(f, call_everything);
    for (int i = 0; i < 9; i++)
        sm_sim_step(f->sim);
    const struct sm_sim_snapshot *snapshot = sm_sim_snapshot(f->sim, &f->keep);
    f->journal.used = 0;
    drain(f);
    first = f->journal;
    assert_true(first.used > 100);

    sm_sim_restore(f->sim, snapshot);
    f->journal.used = 0;
    drain(f);
    assert_string_equal(f->journal.text, first.text);
    assert_int_equal(passes, 2);
}

static uint64_t hash_of(struct fixture *f) {
    struct sm_hash hash;

    sm_hash_init(&hash);
    sm_manager_hash(f->manager, &hash, f->env->now);
    return sm_hash_end(&hash);
}

static void run_until_waiting(struct fixture *f, const char *waits) {
    while (strcmp(sm_manager_waits_for(f->manager, &f->run), waits) != 0)
        assert_true(sm_sim_step(f->sim));
}

static void every_step_of_a_pass_is_another_state_and_the_same_each_time(void **state) {
    /* What it waits for, and how much of the plan's id follows. */
    static const struct {
        const char *waits;
        int id_bytes;
    } steps[] = {
        {"pass of default/a waits for create pods", 0},
        {"pass of default/a waits for patch pods/status default/a-", 4},
        {"pass of default/a waits for sidecar GET /", 36},
        {"pass of default/a waits for list pods", 0},
    };
    struct fixture *f = *state;
    uint64_t hashes[2][4];

    f->env->journal = false;
    for (int round = 0; round < 2; round++) {
        char id[SM_UUID_BYTES], waits[128];
        struct sm_rng random = f->env->random;

        sm_uuid_v4(id, &random);
        put_node(f, "a", round + 1);
        start(f, call_everything);
        for (int i = 0; i < 4; i++) {
            snprintf(waits, sizeof waits, "%s%.*s", steps[i].waits, steps[i].id_bytes, id);
            run_until_waiting(f, waits);
            hashes[round][i] = hash_of(f);
        }
        drain(f);
    }

    assert_true(hashes[0][0] == hashes[1][0]); /* later ones differ in the pod's name */
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < i; j++)
            assert_true(hashes[0][i] != hashes[0][j]);
    }
}

static void waiting_keys_are_part_of_the_state_with_their_order(void **state) {
    struct fixture *f = *state;
    uint64_t sums[2];

    start(f, read_live);
    drain(f);
    for (int i = 0; i < 2; i++) {
        put_node(f, "z", 2 * i + 1);
        while (!strstr(sm_manager_waits_for(f->manager, &f->run), "default/z"))
            sm_sim_step(f->sim);
        put_node(f, i ? "b" : "a", i + 1);
        put_node(f, i ? "a" : "b", i + 1);
        while (sm_informer_behind(sm_manager_informer(f->manager, SM_SEINODES)))
            sm_sim_step(f->sim);
        sums[i] = hash_of(f);
        drain(f);
    }

    assert_true(sums[0] != sums[1]);
}

static void a_delayed_key_and_a_crash_are_states_of_their_own(void **state) {
    struct fixture *f = *state;

    put_node(f, "a", 1);
    start(f, ask_again);
    drain(f);
    uint64_t idle = hash_of(f);
    passes = 0;
    put_node(f, "a", 2);
    advance(f, SM_SECOND);
    uint64_t delayed = hash_of(f);
    sm_manager_crash(f->env, f->manager);

    assert_true(delayed != idle);
    assert_true(hash_of(f) != idle && hash_of(f) != delayed);
}

static void the_hash_tells_states_apart_by_what_matters(void **state) {
    struct fixture *f = *state;
    uint64_t stopped = hash_of(f);

    put_node(f, "a", 1);
    start(f, read_live);
    drain(f);
    uint64_t idle = hash_of(f);
    assert_true(idle != stopped);
    put_node(f, "a", 2);
    uint64_t behind = hash_of(f);
    assert_true(behind != idle);
    run_until_waiting(f, "pass of default/a waits for get seinodes default/a");
    assert_true(hash_of(f) != behind && hash_of(f) != idle);
    drain(f);
    assert_true(hash_of(f) == idle);

    put_node(f, "a", 1);
    put_node(f, "a", 2);
    drain(f);
    assert_true(hash_of(f) == idle);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(what_exists_at_the_start_is_reconciled_once_in_order),
        TEST(predicates_and_mappings_decide_what_is_reconciled),
        TEST(a_key_that_changes_while_it_is_processed_runs_once_more),
        TEST(mappings_may_look_into_caches),
        TEST(a_requeue_runs_again_when_its_time_has_come),
        TEST(errors_back_off_until_a_pass_succeeds),
        TEST(a_pass_runs_again_with_each_answer_and_its_effects_happen_once),
        TEST(a_rerun_that_makes_other_calls_is_a_bug),
        TEST(a_rerun_that_ends_early_is_a_bug),
        TEST(a_rerun_that_asks_otherwise_is_a_bug_where_hashes_are_checked),
        TEST(every_kind_of_call_is_compared_where_hashes_are_checked),
        TEST(others_may_act_before_a_cached_read),
        TEST(a_cached_list_selects_by_namespace_and_labels_in_key_order),
        TEST(a_held_informer_shows_the_old_state_until_it_is_released),
        TEST(a_lazy_informer_starts_with_the_first_read_which_waits_for_its_list),
        TEST(an_optional_kind_is_empty_until_the_server_knows_it),
        TEST(a_kind_that_the_server_does_not_know_is_tried_again),
        TEST(a_cached_read_of_a_kind_that_may_not_be_watched_hangs),
        TEST(a_cached_read_of_a_kind_that_is_not_watched_is_a_bug),
        TEST(a_request_lands_although_its_client_crashed),
        TEST(an_answer_to_an_older_life_is_dropped),
        TEST(a_crash_while_a_request_is_sent_ends_the_pass),
        TEST(a_new_process_may_see_older_states_than_its_predecessor),
        TEST(a_crashed_process_restarts_by_itself_with_other_options),
        TEST(a_pass_in_flight_can_be_run_on_from_a_snapshot),
        TEST(every_step_of_a_pass_is_another_state_and_the_same_each_time),
        TEST(waiting_keys_are_part_of_the_state_with_their_order),
        TEST(a_delayed_key_and_a_crash_are_states_of_their_own),
        TEST(the_hash_tells_states_apart_by_what_matters),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
