/* What the server offers besides answering requests; conversations are in server_conversation_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bug_expect.h"
#include "json.h"
#include "meta.h"
#include "server.h"
#include "sim.h"
#include "store.h"

struct fixture {
    struct sm_region run, scratch, keep;
    struct sm_sim *sim;
    struct sm_env *env;
    struct sm_server *server;
    unsigned told;
    const struct sm_resource *told_of;
    bool was_there;
};

static const char *const masters[] = {"system:masters", NULL};
static const char *const anonymous[] = {"system:unauthenticated", NULL};
static const struct sm_client admin = {.name = "admin", .user = "admin", .groups = masters, .agent = "test"};
static const struct sm_client nobody = {.name = "nobody", .user = "system:anonymous", .groups = anonymous, .agent = "test"};

static void hear(struct sm_env *env, void *arg, const struct sm_resource *resource) {
    struct fixture *f = arg;
    const struct sm_log *log = f->server ? sm_server_log(env, f->server, resource) : NULL;

    f->told++;
    f->told_of = resource;
    f->was_there = log && log->count > 0;
}

static void begin(struct fixture *f, uint64_t seed, const char *kubernetes) {
    sm_region_clear(&f->run);
    f->sim = sm_sim_new(&(struct sm_sim_config){.run = &f->run, .scratch = &f->scratch});
    f->env = &f->sim->env;
    f->server = NULL;
    f->server = sm_server_new(
        f->env, &(struct sm_server_config){
                    .seed = seed, .kubernetes = kubernetes, .rbac = true, .first_version = 100, .changed = hear, .changed_arg = f});
}

static int set_up(void **state) {
    static struct fixture f;

    memset(&f, 0, sizeof f);
    sm_region_init(&f.run, "run", 0);
    sm_region_init(&f.scratch, "scratch", 0);
    sm_region_init(&f.keep, "keep", 0);
    begin(&f, 1, NULL);
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

static struct sm_reply ask(struct fixture *f, enum sm_verb verb, const struct sm_resource *resource, const char *name, const char *body) {
    struct sm_request request = {.client = &admin,
                                 .verb = verb,
                                 .resource = resource,
                                 .subresource = "",
                                 .name_space = resource->namespaced ? "default" : "",
                                 .name = name,
                                 .body = body ? sm_json_literal(&f->run, body) : NULL};

    return sm_server_handle(f->env, f->server, &request);
}

static void kinds_come_in_order_of_group_and_plural(void **state) {
    struct fixture *f = *state;
    const struct sm_kind_info *before = NULL, *kind;
    size_t count = 0;

    for (; (kind = sm_server_kind_at(f->server, count)) != NULL; before = kind, count++) {
        if (!before)
            continue;
        int order = strcmp(before->resource->group, kind->resource->group);
        assert_true(order < 0 || (order == 0 && strcmp(before->resource->plural, kind->resource->plural) <= 0));
    }

    assert_true(count > 15);
    assert_ptr_equal(sm_server_kind_of(f->server, "apps/v1", "StatefulSet"), sm_server_kind(f->server, SM_STATEFULSETS));
    assert_null(sm_server_kind_of(f->server, "apps/v2", "StatefulSet"));
    assert_null(sm_server_kind(f->server, SM_SEINODES));
    assert_null(sm_server_log(f->env, f->server, SM_SEINODES));
}

static void put_fills_in_what_is_absent(void **state) {
    struct fixture *f = *state;
    int64_t version = sm_server_version(f->server);

    sm_val object =
        sm_server_put(f->env, f->server, SM_CONFIGMAPS, sm_json_literal(&f->run, "{'metadata': {'name': 'a', 'namespace': 'nowhere'}}"));

    assert_string_equal(sm_val_str_at(object, "kind"), "ConfigMap");
    assert_string_equal(sm_val_str_at(object, "metadata.creationTimestamp"), "2026-01-01T00:00:00Z");
    assert_int_equal(strlen(sm_meta_uid(object)), 36);
    assert_int_equal(sm_meta_version(object), version + 1);
    assert_ptr_equal(sm_server_peek(f->server, SM_CONFIGMAPS, "nowhere", "a"), object);

    sm_val again = sm_server_put(f->env, f->server, SM_CONFIGMAPS, sm_val_set(&f->run, object, "data", SM_EMPTY_MAP));

    assert_string_equal(sm_meta_uid(again), sm_meta_uid(object));
    assert_int_equal(sm_server_log(f->env, f->server, SM_CONFIGMAPS)->entries[1].change, SM_MODIFIED);
    assert_null(sm_server_peek(f->server, SM_CONFIGMAPS, "nowhere", "b"));
}

static void put_of_a_nameless_object_is_a_bug(void **state) {
    struct fixture *f = *state;

    expect_bug("name", sm_server_put(f->env, f->server, SM_CONFIGMAPS, SM_EMPTY_MAP));
}

static void versions_start_where_they_are_told(void **state) {
    struct fixture *f = *state;

    assert_int_equal(sm_server_log(f->env, f->server, SM_NAMESPACES)->entries[0].version, 101);
    assert_non_null(sm_server_peek(f->server, SM_NAMESPACES, "", "kube-system"));
    assert_non_null(sm_server_peek(f->server, SM_CLUSTERROLES, "", "cluster-admin"));
}

static void whoever_asked_is_told_after_a_change(void **state) {
    struct fixture *f = *state;
    unsigned told = f->told;

    ask(f, SM_CREATE, SM_CONFIGMAPS, "", "{'metadata': {'name': 'a'}}");
    ask(f, SM_UPDATE, SM_CONFIGMAPS, "a", "{'metadata': {'name': 'a'}}");

    assert_int_equal(f->told, told + 1);
    assert_ptr_equal(f->told_of, SM_CONFIGMAPS);
    assert_true(f->was_there);
}

static void uids_and_names_follow_from_the_seed(void **state) {
    struct fixture *f = *state;
    const char *body = "{'metadata': {'generateName': 'g-'}}";

    const char *first = sm_json_text(&f->keep, ask(f, SM_CREATE, SM_CONFIGMAPS, "", body).body, SM_JSON_COMPACT);
    begin(f, 1, NULL);
    const char *same = sm_json_text(&f->keep, ask(f, SM_CREATE, SM_CONFIGMAPS, "", body).body, SM_JSON_COMPACT);
    begin(f, 2, NULL);
    sm_val other = ask(f, SM_CREATE, SM_CONFIGMAPS, "", body).body;

    assert_string_equal(first, same);
    assert_null(strstr(first, sm_meta_uid(other)));
    assert_null(strstr(first, sm_meta_name(other)));
}

static void a_restored_server_goes_on_as_it_did(void **state) {
    struct fixture *f = *state;
    ask(f, SM_CREATE, SM_CONFIGMAPS, "", "{'metadata': {'name': 'a'}}");
    struct sm_sim_snapshot *snapshot = sm_sim_snapshot(f->sim, &f->keep);

    const char *first = sm_json_text(&f->keep, ask(f, SM_CREATE, SM_CONFIGMAPS, "", "{'metadata': {'generateName': 'b-'}}").body, 0);
    ask(f, SM_DELETE, SM_CONFIGMAPS, "a", NULL);
    sm_sim_restore(f->sim, snapshot);
    const char *second = sm_json_text(&f->keep, ask(f, SM_CREATE, SM_CONFIGMAPS, "", "{'metadata': {'generateName': 'b-'}}").body, 0);

    assert_string_equal(first, second);
    assert_non_null(sm_server_peek(f->server, SM_CONFIGMAPS, "default", "a"));
    assert_int_equal(sm_server_log(f->env, f->server, SM_CONFIGMAPS)->count, 2);
}

static void an_answer_outlives_what_was_made_on_the_way(void **state) {
    struct fixture *f = *state;
    size_t before = f->scratch.used_bytes;

    struct sm_reply created = ask(f, SM_CREATE, SM_CONFIGMAPS, "", "{'metadata': {'name': 'a'}, 'typo': 1}");
    struct sm_reply refused = ask(f, SM_CREATE, SM_CONFIGMAPS, "", "{'metadata': {'name': 'A'}}");
    size_t used = f->scratch.used_bytes;
    sm_region_clear(&f->scratch);

    assert_int_equal(used, before);
    assert_string_equal(created.warnings[0], "unknown field \"typo\"");
    assert_string_equal(sm_meta_name(created.body), "a");
    assert_true(sm_reply_is(&refused, "Invalid"));
}

static void a_token_tells_its_account_while_that_exists(void **state) {
    struct fixture *f = *state;
    const char *name_space = NULL, *name = NULL;
    ask(f, SM_CREATE, SM_SERVICEACCOUNTS, "", "{'metadata': {'name': 'bot.x'}}");
    struct sm_request request = {.client = &admin,
                                 .verb = SM_CREATE,
                                 .resource = SM_SERVICEACCOUNTS,
                                 .subresource = "token",
                                 .name_space = "default",
                                 .name = "bot.x",
                                 .body = SM_EMPTY_MAP};

    struct sm_reply reply = sm_server_handle(f->env, f->server, &request);
    const char *token = sm_val_str_at(reply.body, "status.token");

    assert_true(sm_server_token_account(&f->run, f->server, token, &name_space, &name));
    assert_string_equal(name_space, "default");
    assert_string_equal(name, "bot.x");
    assert_false(sm_server_token_account(&f->run, f->server, "guessed", &name_space, &name));
    assert_false(sm_server_token_account(&f->run, f->server, "stalemate.00000000-0000-0000-0000-000000000000.default", &name_space, &name));
    ask(f, SM_DELETE, SM_SERVICEACCOUNTS, "bot.x", NULL);
    assert_false(sm_server_token_account(&f->run, f->server, token, &name_space, &name));
}

static void paths_are_authorised_like_resources(void **state) {
    struct fixture *f = *state;
    struct sm_reply reply;

    assert_true(sm_server_allows_path(f->env, f->server, &nobody, "get", "/healthz", &reply));
    assert_true(sm_server_allows_path(f->env, f->server, &admin, "get", "/metrics", &reply));
    assert_false(sm_server_allows_path(f->env, f->server, &nobody, "get", "/metrics/<b>", &reply));
    assert_int_equal(reply.code, 403);
    assert_string_equal(sm_reply_error(&reply), "forbidden: User \"system:anonymous\" cannot get path \"/metrics/&lt;b&gt;\"");
}

static void without_rbac_everybody_may_do_everything(void **state) {
    struct fixture *f = *state;
    sm_region_clear(&f->run);
    f->sim = sm_sim_new(&(struct sm_sim_config){.run = &f->run});
    f->env = &f->sim->env;
    f->server = sm_server_new(f->env, &(struct sm_server_config){.seed = 1});
    struct sm_request request = {
        .client = &nobody, .verb = SM_LIST, .resource = SM_SECRETS, .subresource = "", .name_space = "", .name = ""};

    struct sm_reply reply = sm_server_handle(f->env, f->server, &request);

    assert_int_equal(reply.code, 200);
}

static void a_refused_request_is_refused_once_it_is_authorised(void **state) {
    struct fixture *f = *state;
    struct sm_reply refusal = {.code = 415, .body = SM_EMPTY_MAP};
    struct sm_request request = {.client = &admin,
                                 .verb = SM_LIST,
                                 .resource = SM_SECRETS,
                                 .subresource = "",
                                 .name_space = "",
                                 .name = "",
                                 .refused = &refusal};

    assert_int_equal(sm_server_handle(f->env, f->server, &request).code, 415);
    request.client = &nobody;
    assert_int_equal(sm_server_handle(f->env, f->server, &request).code, 403);
}

/* --- Newer versions ----------------------------------------------------------------------------------------------------------- */

static void from_1_34_a_missing_object_is_missed_before_its_uid(void **state) {
    struct fixture *f = *state;
    const char *body = "{'metadata': {'name': 'a', 'uid': 'some'}}";

    struct sm_reply old = ask(f, SM_UPDATE, SM_CONFIGMAPS, "a", body);
    begin(f, 1, "1.34");
    struct sm_reply new = ask(f, SM_UPDATE, SM_CONFIGMAPS, "a", body);

    assert_int_equal(old.code, 409);
    assert_int_equal(new.code, 404);
}

static void from_1_34_a_watch_may_begin_with_a_list(void **state) {
    struct fixture *f = *state;
    struct sm_request request = {.client = &admin,
                                 .verb = SM_WATCH,
                                 .resource = SM_NAMESPACES,
                                 .subresource = "",
                                 .name_space = "",
                                 .name = "",
                                 .send_initial_events = true,
                                 .allow_bookmarks = true,
                                 .resource_version_match = "NotOlderThan"};

    struct sm_reply old = sm_server_handle(f->env, f->server, &request);
    begin(f, 1, "1.34");
    struct sm_reply new = sm_server_handle(f->env, f->server, &request);
    request.resource_version_match = "Exact";
    struct sm_reply wrong = sm_server_handle(f->env, f->server, &request);

    assert_int_equal(old.code, 422);
    assert_int_equal(new.code, 200);
    assert_int_equal(sm_val_count(sm_val_get(new.body, "events")), 5);
    assert_string_equal(sm_val_str_at(new.body, "events[-1].object.metadata.annotations[k8s.io/initial-events-end]"), "true");
    assert_int_equal(wrong.code, 422);
}

/* --- Custom kinds ------------------------------------------------------------------------------------------------------------- */

static sm_val definition(struct fixture *f, const char *plural) {
    sm_val v =
        sm_json_literal(&f->run, "{'metadata': {}, 'spec': {'group': 'example.com', 'scope': 'Cluster', 'names': {}, 'versions': "
                                 "[{'name': 'v1', 'served': true, 'storage': true, 'schema': {'openAPIV3Schema': {'type': 'object'}}}]}}");

    v = sm_val_set_at(&f->run, v, "metadata.name", sm_val_strf(&f->run, "%s.example.com", plural));
    v = sm_val_set_at(&f->run, v, "spec.names.plural", sm_val_str(&f->run, plural));
    return sm_val_set_at(&f->run, v, "spec.names.kind", sm_val_strf(&f->run, "Kind%s", plural));
}

static struct sm_reply define(struct fixture *f, const char *plural) {
    struct sm_request request = {.client = &admin,
                                 .verb = SM_CREATE,
                                 .resource = SM_CRDS,
                                 .subresource = "",
                                 .name_space = "",
                                 .name = "",
                                 .body = definition(f, plural)};

    return sm_server_handle(f->env, f->server, &request);
}

static void more_definitions_may_come_and_go_than_there_is_room_for(void **state) {
    struct fixture *f = *state;

    for (int i = 0; i < SM_STORE_SLOTS_MAX; i++) {
        const char *plural = sm_region_printf(&f->run, "things%d", i);
        const char *name = sm_region_printf(&f->run, "%s.example.com", plural);

        assert_int_equal(define(f, plural).code, 201);
        assert_non_null(sm_server_kind_of(f->server, "example.com/v1", sm_region_printf(&f->run, "Kind%s", plural)));
        assert_int_equal(ask(f, SM_DELETE, SM_CRDS, name, NULL).code, 200);
        assert_null(sm_server_kind_of(f->server, "example.com/v1", sm_region_printf(&f->run, "Kind%s", plural)));
    }
}

static void definitions_beyond_the_room_are_stored_but_not_served(void **state) {
    struct fixture *f = *state;
    int served = 0;

    for (int i = 0; i < SM_STORE_SLOTS_MAX; i++) {
        const char *plural = sm_region_printf(&f->run, "things%d", i);

        assert_int_equal(define(f, plural).code, 201);
        served += sm_server_kind_of(f->server, "example.com/v1", sm_region_printf(&f->run, "Kind%s", plural)) != NULL;
    }

    assert_int_equal(served, SM_STORE_SLOTS_MAX - SM_RESOURCE_COUNT);
}

static void a_custom_log_outlives_its_definition(void **state) {
    struct fixture *f = *state;
    define(f, "things");
    const struct sm_resource *resource = sm_server_kind_of(f->server, "example.com/v1", "Kindthings")->resource;
    const struct sm_log *log = sm_server_log(f->env, f->server, resource);
    assert_int_equal(ask(f, SM_CREATE, resource, "", "{'metadata': {'name': 'a'}}").code, 201);

    ask(f, SM_DELETE, SM_CRDS, "things.example.com", NULL);

    assert_null(sm_server_log(f->env, f->server, resource));
    assert_int_equal(log->count, 2);
    assert_int_equal(log->entries[1].change, SM_DELETED);
    define(f, "things");
    assert_ptr_equal(sm_server_log(f->env, f->server, resource), log);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(kinds_come_in_order_of_group_and_plural),
        T(put_fills_in_what_is_absent),
        T(put_of_a_nameless_object_is_a_bug),
        T(versions_start_where_they_are_told),
        T(whoever_asked_is_told_after_a_change),
        T(uids_and_names_follow_from_the_seed),
        T(a_restored_server_goes_on_as_it_did),
        T(an_answer_outlives_what_was_made_on_the_way),
        T(a_token_tells_its_account_while_that_exists),
        T(paths_are_authorised_like_resources),
        T(without_rbac_everybody_may_do_everything),
        T(a_refused_request_is_refused_once_it_is_authorised),
        T(from_1_34_a_missing_object_is_missed_before_its_uid),
        T(from_1_34_a_watch_may_begin_with_a_list),
        T(more_definitions_may_come_and_go_than_there_is_room_for),
        T(definitions_beyond_the_room_are_stored_but_not_served),
        T(a_custom_log_outlives_its_definition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
