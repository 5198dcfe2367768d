#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "bug_expect.h"
#include "json.h"
#include "sidecar.h"
#include "sim.h"

#define HOST "n-0.n.default.svc.cluster.local:7777"
#define ID "11111111-1111-4111-8111-111111111111"
#define OTHER "22222222-2222-4222-8222-222222222222"

struct fixture {
    struct sm_region run;
    struct sm_sim *sim;
    struct sm_env *env;
    struct sm_sidecars_config config;
    struct sm_sidecars *sidecars;
    unsigned changes;
};

static const struct sm_sidecar_rule usual[] = {{.takes = -1}};
static const struct sm_sidecar_rule slow[] = {{.type = "mark-ready", .takes = 3 * SM_SECOND}, {.takes = -1}};

static void changed(struct sm_env *env, void *arg, const char *name_space, const char *pod) {
    struct fixture *f = arg;
    (void)env;
    assert_string_equal(name_space, "default");
    assert_string_equal(pod, "n-0");
    f->changes++;
}

static const struct sm_sidecar_pod node = {
    .name_space = "default", .name = "n-0", .hostname = "n-0", .subdomain = "n", .ip = "10.1.1.1", .volume = "v"};

static void start(struct fixture *f, const char *volume) {
    struct sm_sidecar_pod pod = node;
    pod.volume = volume;
    sm_sidecars_process_starts(f->env, f->sidecars, &pod);
}

static void end(struct fixture *f) {
    sm_sidecars_process_ends(f->env, f->sidecars, "default", "n-0");
}

static void pass(struct fixture *f, sm_time time) {
    sm_sim_run_until(f->sim, f->env->now + time);
}

static int set_up(void **state) {
    struct fixture *f = *state = calloc(1, sizeof *f);
    sm_region_init(&f->run, "run", 0);
    f->sim = sm_sim_new(&(struct sm_sim_config){.run = &f->run, .seed = 1});
    f->env = &f->sim->env;
    f->config.rules = usual;
    f->sidecars = sm_sidecars_new(f->env, &f->config);
    sm_sidecars_observe(f->sidecars, changed, f);
    start(f, "v");
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    sm_region_release(&f->run);
    free(f);
    return 0;
}

static struct sm_reply call(struct fixture *f, const char *method, const char *host, const char *path, const char *body) {
    struct sm_service_call call = {
        .service = "sidecar", .method = method, .host = host, .path = path, .body = body ? sm_json_literal(&f->run, body) : NULL};
    return sm_sidecars_call(f->env, f->sidecars, &call);
}

/* `200 {"status":"Ready"}` */
static const char *say(struct fixture *f, const char *method, const char *path, const char *body) {
    struct sm_reply reply = call(f, method, HOST, path, body);
    return sm_region_printf(&f->run, "%d %s", reply.code, sm_json_text(&f->run, reply.body, 0));
}

static int post(struct fixture *f, const char *type) {
    return call(f, "POST", HOST, "/v0/tasks", sm_region_printf(&f->run, "{'id': '" ID "', 'type': '%s'}", type)).code;
}

/* `running 1` */
static const char *task(struct fixture *f) {
    sm_val task = call(f, "GET", HOST, "/v0/tasks/" ID, NULL).body;
    return sm_region_printf(&f->run, "%s %lld", sm_val_str_at(task, "status"), (long long)sm_val_int_at(task, "run", 0));
}

static int healthz(struct fixture *f) {
    return call(f, "GET", HOST, "/v0/healthz", NULL).code;
}

static void the_gate_is_opened_by_an_executed_mark_ready(void **state) {
    struct fixture *f = *state;

    assert_int_equal(healthz(f), 503);
    assert_string_equal(say(f, "GET", "/v0/status", NULL), "200 {\"status\":\"Initializing\"}");
    assert_int_equal(post(f, "config-apply"), 201);
    assert_int_equal(healthz(f), 503);

    call(f, "POST", HOST, "/v0/tasks", "{'id': '" OTHER "', 'type': 'mark-ready'}");
    assert_int_equal(healthz(f), 200);
    assert_string_equal(say(f, "GET", "/v0/status", NULL), "200 {\"status\":\"Ready\"}");
    assert_int_equal(f->changes, 2); /* its start, and the gate */
}

static void a_restart_loses_the_gate_and_the_same_id_does_not_open_it(void **state) {
    struct fixture *f = *state;
    post(f, "mark-ready");

    end(f);
    start(f, "v");
    assert_int_equal(healthz(f), 503);
    post(f, "mark-ready");
    assert_int_equal(healthz(f), 503);

    call(f, "POST", HOST, "/v0/tasks", "{'id': '" OTHER "', 'type': 'mark-ready'}");
    assert_int_equal(healthz(f), 200);
}

static void another_volume_knows_nothing_of_the_tasks(void **state) {
    struct fixture *f = *state;
    post(f, "mark-ready");

    end(f);
    start(f, "w");
    assert_string_equal(say(f, "GET", "/v0/tasks/" ID, NULL), "404 {\"error\":\"task not found\"}");
    post(f, "mark-ready");

    assert_int_equal(healthz(f), 200);
}

static void a_task_takes_its_time(void **state) {
    struct fixture *f = *state;
    f->config.rules = slow;

    post(f, "mark-ready");
    pass(f, 2 * SM_SECOND);
    assert_string_equal(task(f), "running 1");
    assert_int_equal(healthz(f), 503);
    post(f, "mark-ready");

    pass(f, SM_SECOND);
    assert_string_equal(task(f), "completed 1");
    assert_int_equal(healthz(f), 200);
    assert_string_equal(say(f, "GET", "/v0/tasks/" ID, NULL),
                        "200 {\"completedAt\":\"2026-01-01T00:00:03Z\",\"id\":\"" ID
                        "\",\"run\":1,\"status\":\"completed\",\"submittedAt\":\"2026-01-01T00:00:00Z\",\"type\":\"mark-ready\"}");
}

static void a_task_that_ran_when_the_process_ended_is_executed_again(void **state) {
    struct fixture *f = *state;
    f->config.rules = slow;
    post(f, "mark-ready");
    pass(f, 2 * SM_SECOND);

    end(f);
    pass(f, SM_HOUR);
    start(f, "v");
    pass(f, 2 * SM_SECOND);
    assert_string_equal(task(f), "running 1");
    pass(f, SM_SECOND);

    assert_string_equal(task(f), "completed 1");
    assert_int_equal(healthz(f), 200);
}

static void a_failed_task_runs_again_when_it_is_posted_again(void **state) {
    static const struct sm_sidecar_rule rules[] = {
        {.type = "config-apply", .node = "other-0", .error = "never"},
        {.type = "config-apply", .node = "n-0", .error = "disk full", .failures = 2},
        {.takes = -1},
    };
    struct fixture *f = *state;
    f->config.rules = rules;

    call(f, "POST", HOST, "/v0/tasks", "{'id': '" ID "', 'type': 'config-apply', 'params': {'mode': 'full'}}");
    assert_string_equal(
        say(f, "GET", "/v0/tasks/" ID, NULL),
        "200 {\"completedAt\":\"2026-01-01T00:00:00Z\",\"error\":\"disk full\",\"id\":\"" ID
        "\",\"params\":{\"mode\":\"full\"},\"run\":1,\"status\":\"failed\",\"submittedAt\":\"2026-01-01T00:00:00Z\",\"type\":"
        "\"config-apply\"}");
    post(f, "config-apply");
    assert_string_equal(task(f), "failed 2");
    post(f, "config-apply");
    assert_string_equal(task(f), "completed 3");
    post(f, "config-apply");
    assert_string_equal(task(f), "completed 3");
}

static void bad_requests_are_answered_in_its_words(void **state) {
    struct fixture *f = *state;

    assert_string_equal(say(f, "POST", "/v0/tasks", NULL), "400 {\"error\":\"invalid request body\"}");
    assert_string_equal(say(f, "POST", "/v0/tasks", "[]"), "400 {\"error\":\"invalid request body\"}");
    assert_string_equal(say(f, "POST", "/v0/tasks", "{}"), "400 {\"error\":\"type is required\"}");
    assert_string_equal(say(f, "POST", "/v0/tasks", "{'type': 'dance'}"), "400 {\"error\":\"unknown task type: dance\"}");
    assert_string_equal(say(f, "POST", "/v0/tasks", "{'type': 'mark-ready', 'id': 'x'}"),
                        "400 {\"error\":\"task ID must be a valid UUID: \\\"x\\\"\"}");
    assert_int_equal(call(f, "DELETE", HOST, "/v0/tasks", NULL).code, 404);
    assert_int_equal(call(f, "GET", HOST, "/v0/taskss", NULL).code, 404);
}

static void a_task_without_an_id_gets_one(void **state) {
    struct fixture *f = *state;

    struct sm_reply reply = call(f, "POST", HOST, "/v0/tasks", "{'type': 'snapshot-upload'}");

    assert_int_equal(reply.code, 201);
    assert_int_equal(strlen(sm_val_str_at(reply.body, "id")), 36);
}

static void who_does_not_listen_refuses_and_who_never_did_has_no_name(void **state) {
    struct fixture *f = *state;
    end(f);

    struct sm_reply gone = call(f, "GET", HOST, "/v0/healthz", NULL);
    assert_int_equal(gone.code, 0);
    assert_string_equal(sm_val_text(gone.body), "dial tcp 10.1.1.1:7777: connect: connection refused");
    struct sm_reply unknown = call(f, "GET", "m-0.m.default.svc.cluster.local:7777", "/v0/healthz", NULL);
    assert_int_equal(unknown.code, 0);
    assert_string_equal(sm_val_text(unknown.body), "dial tcp: lookup m-0.m.default.svc.cluster.local on 10.96.0.10:53: no such host");
    assert_int_equal(call(f, "GET", "n-0.n", "/v0/healthz", NULL).code, 0);
}

static void a_pod_that_has_ended_does_not_hide_one_of_the_same_name_in_dns(void **state) {
    struct fixture *f = *state;
    struct sm_sidecar_pod job = node, successor = node;
    job.name = "n-bootstrap-x";
    successor.hostname = job.hostname = "m-0";
    successor.name = "m-0";
    sm_sidecars_observe(f->sidecars, NULL, NULL);

    sm_sidecars_process_starts(f->env, f->sidecars, &job);
    sm_sidecars_process_ends(f->env, f->sidecars, "default", "n-bootstrap-x");
    sm_sidecars_process_starts(f->env, f->sidecars, &successor);

    assert_int_equal(call(f, "GET", "m-0.n.default.svc.cluster.local:7777", "/v0/healthz", NULL).code, 503);
}

static void health_can_be_anything_a_step_says(void **state) {
    struct fixture *f = *state;
    post(f, "mark-ready");

    sm_sidecars_set_health(f->env, f->sidecars, "default", "n-0", 500);
    assert_int_equal(healthz(f), 500);
    assert_int_equal(call(f, "GET", HOST, "/v0/livez", NULL).code, 200);
    sm_sidecars_set_health(f->env, f->sidecars, "default", "n-0", -1);
    assert_int_equal(healthz(f), -1);
    assert_int_equal(sm_sidecars_health(f->env, f->sidecars, "default", "n-0", "/v0/livez"), -1);
    sm_sidecars_set_health(f->env, f->sidecars, "default", "n-0", 0);
    assert_int_equal(healthz(f), 200);
    sm_sidecars_set_health(f->env, f->sidecars, "default", "nobody", 500);
}

static void the_oldest_tasks_are_forgotten_when_there_is_no_room(void **state) {
    struct fixture *f = *state;
    post(f, "config-apply");

    for (int i = 0; i < SM_SIDECAR_TASKS_MAX; i++)
        call(f, "POST", HOST, "/v0/tasks", sm_region_printf(&f->run, "{'id': '00000000-0000-4000-8000-%012d', 'type': 'config-apply'}", i));

    assert_int_equal(call(f, "GET", HOST, "/v0/tasks/" ID, NULL).code, 404);
    assert_int_equal(call(f, "GET", HOST, "/v0/tasks/00000000-0000-4000-8000-000000000000", NULL).code, 200);
}

static void too_many_tasks_at_a_time_are_a_bug(void **state) {
    struct fixture *f = *state;
    f->config.rules = slow;
    for (int i = 0; i < SM_SIDECAR_TASKS_MAX; i++)
        call(f, "POST", HOST, "/v0/tasks", sm_region_printf(&f->run, "{'id': '00000000-0000-4000-8000-%012d', 'type': 'mark-ready'}", i));
    expect_bug("sidecars: more than 96 tasks run at a time", post(f, "mark-ready"));
}

static void slots_of_processes_that_ended_are_used_again(void **state) {
    struct fixture *f = *state;
    struct sm_sidecar_pod pod = node;
    sm_sidecars_observe(f->sidecars, NULL, NULL);

    end(f);
    for (int i = 0; i < SM_SIDECAR_PROCESSES_MAX; i++) {
        pod.name = pod.hostname = sm_region_printf(&f->run, "m-%d", i);
        sm_sidecars_process_starts(f->env, f->sidecars, &pod);
    }
    pod.name = "one-more";
    expect_bug("more than 64 sidecars run", sm_sidecars_process_starts(f->env, f->sidecars, &pod));
}

static uint64_t hash_of(struct fixture *f, const char *known) {
    struct sm_hash *hash = sm_region_alloc(&f->run, sizeof *hash);
    sm_hash_init(hash);
    if (known)
        sm_hash_text(hash, known);
    sm_sidecars_hash(f->sidecars, hash, f->env->now);
    return sm_hash_end(hash);
}

static void a_completed_task_counts_only_while_something_names_it(void **state) {
    struct fixture *f = *state;
    uint64_t nobody = hash_of(f, NULL), somebody = hash_of(f, ID);

    post(f, "config-apply");

    assert_true(hash_of(f, NULL) == nobody);
    assert_true(hash_of(f, ID) != somebody);
}

#define TEST(name) \
    { #name, name, set_up, tear_down, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_gate_is_opened_by_an_executed_mark_ready),
        TEST(a_restart_loses_the_gate_and_the_same_id_does_not_open_it),
        TEST(another_volume_knows_nothing_of_the_tasks),
        TEST(a_task_takes_its_time),
        TEST(a_task_that_ran_when_the_process_ended_is_executed_again),
        TEST(a_failed_task_runs_again_when_it_is_posted_again),
        TEST(bad_requests_are_answered_in_its_words),
        TEST(a_task_without_an_id_gets_one),
        TEST(who_does_not_listen_refuses_and_who_never_did_has_no_name),
        TEST(a_pod_that_has_ended_does_not_hide_one_of_the_same_name_in_dns),
        TEST(health_can_be_anything_a_step_says),
        TEST(the_oldest_tasks_are_forgotten_when_there_is_no_room),
        TEST(too_many_tasks_at_a_time_are_a_bug),
        TEST(slots_of_processes_that_ended_are_used_again),
        TEST(a_completed_task_counts_only_while_something_names_it),
    };
    return cmocka_run_group_tests_name("sidecar", tests, NULL, NULL);
}
