#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cluster_expect.h"

static void free_lab(struct lab **lab) {
    lab_free(*lab);
}

#define LAB(parts) \
    struct lab *lab __attribute__((cleanup(free_lab))) = lab_new(parts, NULL); \
    (void)state

/* A ConfigMap that the ConfigMap [owner] owns; [more] goes on with the metadata. */
static sm_val create_owned(struct lab *lab, const char *name, sm_val owner, const char *in_reference, const char *more) {
    return lab_create(lab, SM_CONFIGMAPS,
                      sm_region_printf(&lab->run,
                                       "{'metadata': {'name': '%s', 'ownerReferences': [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': "
                                       "'%s', 'uid': '%s'%s}]%s}}",
                                       name, sm_meta_name(owner), sm_meta_uid(owner), in_reference, more));
}

static sm_val create(struct lab *lab, const char *name) {
    return lab_create(lab, SM_CONFIGMAPS, sm_region_printf(&lab->run, "{'metadata': {'name': '%s'}}", name));
}

static void in_the_background_dependents_go_after_their_owner(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    create_owned(lab, "c", create_owned(lab, "b", create(lab, "a"), "", ""), "", "");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", NULL);
    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "b, c");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "");
    assert_string_equal(lab_heard(lab), "delete configmaps b\ndelete configmaps c\n");
}

static void a_dependent_goes_with_its_last_owner(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    sm_val a = create(lab, "a"), b = create(lab, "b");
    lab_create(
        lab, SM_CONFIGMAPS,
        sm_region_printf(&lab->run,
                         "{'metadata': {'name': 'c', 'ownerReferences': [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'a', 'uid': "
                         "'%s'}, {'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'b', 'uid': '%s'}]}}",
                         sm_meta_uid(a), sm_meta_uid(b)));
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", NULL);
    lab_pass(lab, SM_SECOND);
    assert_int_equal(sm_val_count(sm_val_at(lab_get(lab, SM_CONFIGMAPS, "c"), "metadata.ownerReferences")), 1);

    lab_delete(lab, SM_CONFIGMAPS, "b", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "");
}

static void an_owner_is_known_by_its_uid(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    create_owned(lab, "b", create(lab, "a"), "", "");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", NULL);
    create(lab, "a");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "a");
}

static void what_names_an_owner_that_never_was_goes(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    lab_create(lab, SM_CONFIGMAPS,
               "{'metadata': {'name': 'b', 'ownerReferences': [{'apiVersion': 'v1', 'kind': 'Secret', 'name': 's', "
               "'uid': '11111111-1111-4111-8111-111111111111'}]}}");
    lab_create(lab, SM_CONFIGMAPS,
               "{'metadata': {'name': 'c', 'ownerReferences': [{'apiVersion': 'example.com/v1', 'kind': 'Odd', "
               "'name': 'x', 'uid': '11111111-1111-4111-8111-111111111112'}]}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "c");
}

static void in_the_foreground_the_owner_waits_for_dependents_that_block(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    sm_val a = create(lab, "a");
    create_owned(lab, "b", a, ", 'blockOwnerDeletion': true", ", 'finalizers': ['example.com/hold']");
    create_owned(lab, "c", a, "", ", 'finalizers': ['example.com/hold']");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", "{'propagationPolicy': 'Foreground'}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "a deleting, b deleting, c deleting");

    lab_patch(lab, SM_CONFIGMAPS, "", "b", "{'metadata': {'finalizers': null}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "c deleting");
}

static void a_dependent_that_gives_up_its_owner_no_longer_blocks(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    create_owned(lab, "b", create(lab, "a"), ", 'blockOwnerDeletion': true", ", 'finalizers': ['example.com/hold']");
    lab_pass(lab, SM_SECOND);
    lab_delete(lab, SM_CONFIGMAPS, "a", "{'propagationPolicy': 'Foreground'}");
    lab_pass(lab, SM_SECOND);

    lab_patch(lab, SM_CONFIGMAPS, "", "b", "{'metadata': {'ownerReferences': null}}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "b deleting");
}

static void foreground_deletion_goes_down_the_tree(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    sm_val b = create_owned(lab, "b", create(lab, "a"), ", 'blockOwnerDeletion': true", "");
    create_owned(lab, "c", b, ", 'blockOwnerDeletion': true", ", 'finalizers': ['example.com/hold']");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", "{'propagationPolicy': 'Foreground'}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "a deleting, b deleting, c deleting");

    lab_patch(lab, SM_CONFIGMAPS, "", "c", "{'metadata': {'finalizers': null}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "");
}

static void orphans_lose_their_owner_and_stay(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    create_owned(lab, "b", create(lab, "a"), "", "");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", "{'propagationPolicy': 'Orphan'}");
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "b");
    assert_null(sm_val_at(lab_get(lab, SM_CONFIGMAPS, "b"), "metadata.ownerReferences"));
}

static void a_dependent_the_cache_shows_late_goes_all_the_same(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    struct sm_informer *services = sm_manager_informer(lab->managers[0], SM_SERVICES);
    sm_val a = create(lab, "a");
    sm_informer_hold(lab->env, services);
    lab_create(
        lab, SM_SERVICES,
        sm_region_printf(&lab->run,
                         "{'metadata': {'name': 's', 'ownerReferences': [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'a', 'uid': "
                         "'%s'}]}, 'spec': {'ports': [{'port': 1}]}}",
                         sm_meta_uid(a)));

    lab_delete(lab, SM_CONFIGMAPS, "a", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_SERVICES), "s");

    sm_informer_release(lab->env, services);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_SERVICES), "");
}

static void what_belongs_to_no_namespace_can_own_and_be_owned(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    sm_val node = lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    const char *owner = sm_region_printf(
        &lab->run, "'ownerReferences': [{'apiVersion': 'v1', 'kind': 'Node', 'name': 'node', 'uid': '%s'}]", sm_meta_uid(node));
    lab_create(lab, SM_CONFIGMAPS, sm_region_printf(&lab->run, "{'metadata': {'name': 'b', %s}}", owner));
    lab_create(
        lab, SM_PVS,
        sm_region_printf(&lab->run,
                         "{'metadata': {'name': 'v', %s}, 'spec': {'capacity': {'storage': '1Gi'}, 'accessModes': ['ReadWriteOnce'], "
                         "'hostPath': {'path': '/v'}}}",
                         owner));
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_NODES, "node", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "");
    assert_string_equal(lab_names(lab, SM_PVS), "v deleting"); /* its protection holds it */
}

static void a_failed_look_is_repeated(void **state) {
    LAB(LAB_GARBAGE_COLLECTOR);
    static const struct sm_fault_rule fault = {
        .match = {.verb = "get", .resource = "configmaps"}, .times = 2, .fault = SM_FAULT_ERROR, .code = 500};
    lab->network_config.faults = &fault;
    lab->network_config.fault_count = 1;
    create_owned(lab, "b", create(lab, "a"), "", "");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_CONFIGMAPS, "a", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_CONFIGMAPS), "");
    assert_int_equal(sm_network_fault_hits(lab->network, 0), 2);
}

#define TEST(name) \
    { #name, name, NULL, NULL, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(in_the_background_dependents_go_after_their_owner),
        TEST(a_dependent_goes_with_its_last_owner),
        TEST(an_owner_is_known_by_its_uid),
        TEST(what_names_an_owner_that_never_was_goes),
        TEST(in_the_foreground_the_owner_waits_for_dependents_that_block),
        TEST(a_dependent_that_gives_up_its_owner_no_longer_blocks),
        TEST(foreground_deletion_goes_down_the_tree),
        TEST(orphans_lose_their_owner_and_stay),
        TEST(a_dependent_the_cache_shows_late_goes_all_the_same),
        TEST(what_belongs_to_no_namespace_can_own_and_be_owned),
        TEST(a_failed_look_is_repeated),
    };
    return cmocka_run_group_tests_name("garbage_collector", tests, NULL, NULL);
}
