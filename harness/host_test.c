/* Served clusters under a wall clock of the test's: time, memory, the end of everything. No request comes over the wire here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host.h"
#include "meta.h"

static sm_time wall_now;

static sm_time wall(void) {
    return wall_now;
}

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};
static const struct sm_http_account accounts[] = {{"secret", "admin", masters}};
static const struct sm_client admin = {.name = "admin", .user = "admin", .groups = masters, .agent = "test"};

struct place {
    struct sm_region r;
    struct sm_host *host;
    struct sm_hosted *hosted;
};

static int open_with(void **state, const char *controllers) {
    struct place *place = calloc(1, sizeof *place);
    const char *error = NULL;

    wall_now = SM_TIME_START;
    sm_region_init(&place->r, "test", 0);
    place->host = sm_host_new(&(struct sm_host_config){.bind = "127.0.0.1",
                                                       .controllers = controllers,
                                                       .kubernetes = "1.33",
                                                       .accounts = accounts,
                                                       .account_count = 1,
                                                       .history = 100,
                                                       .spare_bytes = 1 << 20,
                                                       .wall = wall},
                              &place->r, &error);
    assert_non_null(place->host);
    place->hosted = sm_hosted_at(place->host, 0);
    *state = place;
    return 0;
}

static int setup(void **state) {
    return open_with(state, NULL);
}
static int setup_empty(void **state) {
    return open_with(state, "none");
}

static int teardown(void **state) {
    struct place *place = *state;

    sm_host_release(place->host);
    sm_region_release(&place->r);
    free(place);
    return 0;
}

static struct sm_reply ask(const struct place *place, enum sm_verb verb, const struct sm_resource *resource, const char *name, sm_val body) {
    const struct sm_live *live = sm_hosted_live(place->hosted);

    return sm_server_handle(live->env, live->server,
                            &(struct sm_request){.client = &admin,
                                                 .verb = verb,
                                                 .patch = SM_PATCH_MERGE,
                                                 .resource = resource,
                                                 .subresource = "",
                                                 .name_space = "default",
                                                 .name = name,
                                                 .body = body});
}

/* The values of requests live in the cluster, as those of the door do. */
static struct sm_region *memory(const struct place *place) {
    return sm_hosted_live(place->hosted)->env->run;
}

static sm_val peek(const struct place *place, const struct sm_resource *resource, const char *name) {
    return sm_server_peek(sm_hosted_live(place->hosted)->server, resource, "default", name);
}

static void create_set(const struct place *place, int replicas) {
    struct sm_region *r = memory(place);
    sm_val labels = SM_MAP(r, "app", sm_val_str(r, "web")),
           container = SM_MAP(r, "name", sm_val_str(r, "c"), "image", sm_val_str(r, "i:1"));
    sm_val template = SM_MAP(r, "metadata", SM_MAP(r, "labels", labels), "spec", SM_MAP(r, "containers", SM_LIST(r, container)));
    sm_val set = SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_str(r, "web")), "spec",
                        SM_MAP(r, "replicas", sm_val_int(r, replicas), "serviceName", sm_val_str(r, "web"), "podManagementPolicy",
                               sm_val_str(r, "Parallel"), "selector", SM_MAP(r, "matchLabels", labels), "template", template));

    assert_int_equal(ask(place, SM_CREATE, SM_STATEFULSETS, "", set).code, 201);
}

static int64_t ready(const struct place *place) {
    return sm_val_int_at(peek(place, SM_STATEFULSETS, "web"), "status.readyReplicas", 0);
}

static void time_is_the_walls_and_what_was_advanced(void **state) {
    struct place *place = *state;
    create_set(place, 2);
    sm_host_run(place->host);
    assert_int_equal(ready(place), 0);

    wall_now += 3 * SM_SECOND;
    sm_host_run(place->host);
    assert_int_equal(ready(place), 2);
    assert_int_equal(sm_hosted_live(place->hosted)->env->now, wall_now);

    sm_hosted_advance(place->hosted, SM_HOUR);
    wall_now += SM_SECOND;
    sm_host_run(place->host);
    assert_int_equal(sm_hosted_live(place->hosted)->env->now, wall_now + SM_HOUR);
}

static void stopped_clock_stands_until_it_is_advanced(void **state) {
    struct place *place = *state;
    sm_hosted_stop_clock(place->hosted, true);
    create_set(place, 1);
    wall_now += SM_MINUTE;
    sm_host_run(place->host);
    assert_int_equal(ready(place), 0);
    assert_int_equal(sm_host_wait_ms(place->host), -1);

    sm_hosted_advance(place->hosted, 5 * SM_SECOND);
    assert_int_equal(ready(place), 1);

    sm_time then = sm_hosted_live(place->hosted)->env->now;
    sm_hosted_stop_clock(place->hosted, false);
    wall_now += SM_SECOND;
    sm_host_run(place->host);
    assert_int_equal(sm_hosted_live(place->hosted)->env->now, then + SM_SECOND);
}

static void settled_is_when_nothing_more_happens(void **state) {
    struct place *place = *state;
    create_set(place, 5);

    assert_true(sm_hosted_settle(place->hosted, 10 * SM_SECOND));

    assert_int_equal(ready(place), 5);
    int64_t version = sm_server_version(sm_hosted_live(place->hosted)->server);
    sm_hosted_advance(place->hosted, 30 * SM_SECOND);
    assert_int_equal(sm_server_version(sm_hosted_live(place->hosted)->server), version);
}

/* 16,000 writes of an object of 1 KiB: without moving, more than 100 MB. */
static void memory_stays_flat_over_many_writes(void **state) {
    enum { WRITES = 16000, SOME = 8000 };
    struct place *place = *state;
    char text[1025];
    size_t most = 0, early = 0;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct sm_region *r = memory(place);
    assert_int_equal(ask(place, SM_CREATE, SM_CONFIGMAPS, "",
                         SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_str(r, "c")), "data", SM_MAP(r, "text", sm_val_str(r, text))))
                         .code,
                     201);

    for (int i = 0; i < WRITES; i++) {
        r = memory(place);
        sm_val patch = SM_MAP(r, "data", SM_MAP(r, "n", sm_val_strf(r, "%d", i), "text", sm_val_strf(r, "%d%s", i, text)));
        assert_int_equal(ask(place, SM_PATCH, SM_CONFIGMAPS, "c", patch).code, 200);
        sm_host_run(place->host);
        size_t bytes = sm_hosted_bytes(place->hosted);
        most = bytes > most ? bytes : most;
        early = i < SOME ? most : early;
    }

    assert_string_equal(sm_val_str_at(peek(place, SM_CONFIGMAPS, "c"), "data.n"), "15999");
    assert_true(most <= early + early / 8);
}

/* A move is seen by nobody: no container starts again, controllers go on, versions, names and uids too. */
static void a_cluster_moves_and_goes_on(void **state) {
    struct place *place = *state;
    create_set(place, 3);
    sm_hosted_advance(place->hosted, 10 * SM_SECOND);
    assert_int_equal(ready(place), 3);
    const char *uid = sm_region_strdup(&place->r, sm_meta_uid(peek(place, SM_PODS, "web-1")));
    const char *started =
        sm_region_strdup(&place->r, sm_val_str_at(peek(place, SM_PODS, "web-1"), "status.containerStatuses[0].state.running.startedAt"));
    int64_t version = sm_server_version(sm_hosted_live(place->hosted)->server);

    sm_hosted_move(place->hosted);
    sm_hosted_advance(place->hosted, SM_MINUTE);

    assert_int_equal(sm_server_version(sm_hosted_live(place->hosted)->server), version);
    assert_string_equal(sm_meta_uid(peek(place, SM_PODS, "web-1")), uid);
    assert_string_equal(sm_val_str_at(peek(place, SM_PODS, "web-1"), "status.containerStatuses[0].state.running.startedAt"), started);
    struct sm_region *r = memory(place);
    assert_int_equal(ask(place, SM_PATCH, SM_STATEFULSETS, "web", SM_MAP(r, "spec", SM_MAP(r, "replicas", sm_val_int(r, 1)))).code, 200);
    sm_hosted_advance(place->hosted, SM_MINUTE);
    assert_null(peek(place, SM_PODS, "web-1"));
    assert_int_equal(ready(place), 1);
}

/* Whatever is on its way when it moves arrives in the end. */
static void a_cluster_moves_at_any_moment(void **state) {
    struct place *place = *state;
    create_set(place, 3);
    for (int i = 0; i < 300; i++) {
        sm_hosted_advance(place->hosted, 7 * SM_MILLISECOND);
        sm_hosted_move(place->hosted);
    }
    sm_hosted_advance(place->hosted, 30 * SM_SECOND);
    assert_int_equal(ready(place), 3);
    assert_int_equal(sm_val_int_at(peek(place, SM_PODS, "web-2"), "status.containerStatuses[0].restartCount", -1), 0);

    assert_int_equal(ask(place, SM_DELETE, SM_STATEFULSETS, "web", NULL).code, 200);
    for (int i = 0; i < 300; i++) {
        sm_hosted_advance(place->hosted, 7 * SM_MILLISECOND);
        sm_hosted_move(place->hosted);
    }
    sm_hosted_advance(place->hosted, SM_MINUTE);
    assert_null(peek(place, SM_PODS, "web-0"));
    assert_null(peek(place, SM_PODS, "web-2"));
}

static void what_is_older_than_the_window_is_forgotten(void **state) {
    struct place *place = *state;
    const struct sm_live *live = sm_hosted_live(place->hosted);
    for (int i = 0; i < 300; i++) {
        struct sm_region *r = memory(place);
        ask(place, SM_CREATE, SM_CONFIGMAPS, "", SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_strf(r, "c-%d", i))));
        sm_host_run(place->host);
    }
    live = sm_hosted_live(place->hosted);
    const struct sm_log *log = sm_server_log(live->env, live->server, SM_CONFIGMAPS);
    assert_in_range(log->count - log->first, 100, 200);

    sm_hosted_compact(place->hosted, sm_server_version(live->server));

    assert_int_equal(log->first, log->count);
    assert_non_null(peek(place, SM_CONFIGMAPS, "c-0"));
}

static void reset_makes_it_empty_and_versions_go_on(void **state) {
    struct place *place = *state;
    create_set(place, 1);
    sm_hosted_advance(place->hosted, 10 * SM_SECOND);
    int64_t version = sm_server_version(sm_hosted_live(place->hosted)->server);

    sm_hosted_reset(place->hosted);
    sm_hosted_advance(place->hosted, 10 * SM_SECOND);

    assert_null(peek(place, SM_STATEFULSETS, "web"));
    assert_null(peek(place, SM_PODS, "web-0"));
    assert_true(sm_server_version(sm_hosted_live(place->hosted)->server) > version);
    create_set(place, 1);
    sm_hosted_advance(place->hosted, 10 * SM_SECOND);
    assert_int_equal(ready(place), 1);
}

static void clusters_know_nothing_of_each_other(void **state) {
    struct place *place = *state;
    const char *error = NULL;
    struct sm_hosted *other = sm_hosted_new(place->host, &place->r, &error);
    assert_non_null(other);
    assert_string_not_equal(sm_hosted_url(&place->r, other), sm_hosted_url(&place->r, place->hosted));
    create_set(place, 1);

    wall_now += 10 * SM_SECOND;
    sm_host_run(place->host);

    assert_int_equal(ready(place), 1);
    assert_null(sm_server_peek(sm_hosted_live(other)->server, SM_STATEFULSETS, "default", "web"));
    for (size_t i = 2; i < SM_HOST_CLUSTERS_MAX; i++)
        assert_non_null(sm_hosted_new(place->host, &place->r, &error));
    assert_null(sm_hosted_new(place->host, &place->r, &error));
    assert_string_equal(error, "there are as many clusters as can be");
    sm_hosted_close(other);
    assert_non_null(sm_hosted_new(place->host, &place->r, &error));
}

/* A node holds so many pods; one more fails, and says why. */
static void a_full_node_refuses_pods(void **state) {
    enum { MANY = 1030 };
    struct place *place = *state;
    size_t refused = 0;
    for (int i = 0; i < MANY; i++) {
        struct sm_region *r = memory(place);
        sm_val container = SM_MAP(r, "name", sm_val_str(r, "c"), "image", sm_val_str(r, "i"));
        sm_val pod = SM_MAP(r, "metadata", SM_MAP(r, "name", sm_val_strf(r, "p-%d", i)), "spec",
                            SM_MAP(r, "nodeName", sm_val_str(r, "worker-1"), "containers", SM_LIST(r, container)));
        assert_int_equal(ask(place, SM_CREATE, SM_PODS, "", pod).code, 201);
    }

    sm_hosted_advance(place->hosted, 10 * SM_SECOND);

    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "p-%d", i);
        refused += strcmp(sm_val_str_at(peek(place, SM_PODS, name), "status.reason"), "OutOfpods") == 0;
    }
    assert_int_equal(refused, MANY - 1024);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(time_is_the_walls_and_what_was_advanced, setup, teardown),
        cmocka_unit_test_setup_teardown(stopped_clock_stands_until_it_is_advanced, setup, teardown),
        cmocka_unit_test_setup_teardown(settled_is_when_nothing_more_happens, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_stays_flat_over_many_writes, setup_empty, teardown),
        cmocka_unit_test_setup_teardown(a_cluster_moves_and_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cluster_moves_at_any_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_older_than_the_window_is_forgotten, setup_empty, teardown),
        cmocka_unit_test_setup_teardown(reset_makes_it_empty_and_versions_go_on, setup, teardown),
        cmocka_unit_test_setup_teardown(clusters_know_nothing_of_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_node_refuses_pods, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
