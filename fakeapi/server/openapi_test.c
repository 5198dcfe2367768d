/* OpenAPI: what `kubectl explain` and `kubectl apply` look for is there, and every reference leads somewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "openapi.h"
#include "sim.h"

static struct sm_region r;
static struct sm_server *server;

static int setup(void **state) {
    (void)state;
    sm_region_init(&r, "openapi", 0);
    struct sm_sim *sim = sm_sim_new(&(struct sm_sim_config){.run = &r});
    server = sm_server_new(&sim->env, &(struct sm_server_config){.seed = 1});
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static void check_references(sm_val v, sm_val components, const char *place) {
    const struct sm_member *member;
    sm_val item;

    SM_EACH_ITEM(item, v)
        check_references(item, components, place);
    SM_EACH_MEMBER(member, v) {
        if (strcmp(member->key, "$ref") == 0 && sm_val_is_string(member->value)) {
            assert_memory_equal(sm_val_text(member->value), place, strlen(place));
            assert_non_null(sm_val_get(components, sm_val_text(member->value) + strlen(place)));
        } else {
            check_references(member->value, components, place);
        }
    }
}

static void every_document_of_the_index_is_whole(void **state) {
    sm_val index = sm_openapi_index(&r, server);
    const struct sm_member *place;
    (void)state;

    assert_true(sm_val_count(sm_val_get(index, "paths")) > 15);
    SM_EACH_MEMBER(place, sm_val_get(index, "paths")) {
        sm_val document = sm_openapi_document(&r, server, place->key);
        assert_non_null(document);
        check_references(document, sm_val_at(document, "components.schemas"), "#/components/schemas/");
    }
    assert_null(sm_openapi_document(&r, server, "apis/nothing/v1"));
    sm_val all = sm_openapi_v2(&r, server);
    check_references(all, sm_val_get(all, "definitions"), "#/definitions/");
}

static void lists_tell_their_keys(void **state) {
    sm_val document = sm_openapi_document(&r, server, "apis/apps/v1"), schemas = sm_val_at(document, "components.schemas");
    sm_val pod = sm_val_get(schemas, "io.k8s.api.apps.v1.PodSpec"), set = sm_val_get(schemas, "io.k8s.api.apps.v1.StatefulSet");
    (void)state;

    assert_string_equal(sm_val_str_at(pod, "properties.containers.x-kubernetes-patch-merge-key"), "name");
    assert_string_equal(sm_val_str_at(pod, "properties.containers.x-kubernetes-patch-strategy"), "merge");
    assert_string_equal(sm_val_str_at(pod, "properties.volumes.x-kubernetes-patch-strategy"), "merge,retainKeys");
    assert_string_equal(sm_val_str_at(set, "x-kubernetes-group-version-kind[0].kind"), "StatefulSet");
    assert_non_null(sm_val_get(sm_val_get(document, "paths"), "/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_document_of_the_index_is_whole),
        cmocka_unit_test(lists_tell_their_keys),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
