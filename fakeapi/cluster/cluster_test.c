/* The small controllers: namespaces, volumes and their protection, the scheduler, jobs. */
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

/* --- Namespaces ---------------------------------------------------------------------------------------------------------------------- */

static sm_val create_in(struct lab *lab, const char *name_space, const char *json) {
    sm_val object = sm_json_literal(&lab->run, json);
    return lab_do(lab, (struct sm_request){.verb = SM_CREATE, .resource = SM_CONFIGMAPS, .name_space = name_space, .body = object});
}

static bool has_namespace(struct lab *lab) {
    return sm_server_peek(lab->server, SM_NAMESPACES, "", "n") != NULL;
}

static void a_namespace_goes_when_its_content_has_gone(void **state) {
    LAB(LAB_NAMESPACE);
    lab_create(lab, SM_NAMESPACES, "{'metadata': {'name': 'n'}}");
    create_in(lab, "n", "{'metadata': {'name': 'a'}}");
    create_in(lab, "n", "{'metadata': {'name': 'b', 'finalizers': ['example.com/hold']}}");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_NAMESPACES, "n", NULL);
    lab_pass(lab, 6 * SM_SECOND);

    sm_val name_space = lab_get(lab, SM_NAMESPACES, "n"), conditions = sm_val_at(name_space, "status.conditions");
    assert_null(sm_server_peek(lab->server, SM_CONFIGMAPS, "n", "a"));
    assert_string_equal(sm_val_str_at(sm_condition_find(conditions, "NamespaceContentRemaining"), "message"),
                        "Some resources are remaining: configmaps. has 1 resource instances");
    assert_string_equal(sm_val_str_at(sm_condition_find(conditions, "NamespaceFinalizersRemaining"), "message"),
                        "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances");

    lab_do(lab, (struct sm_request){.verb = SM_PATCH,
                                    .patch = SM_PATCH_MERGE,
                                    .resource = SM_CONFIGMAPS,
                                    .name_space = "n",
                                    .name = "b",
                                    .body = sm_json_literal(&lab->run, "{'metadata': {'finalizers': null}}")});
    lab_pass(lab, 10 * SM_SECOND);
    assert_false(has_namespace(lab));
}

static void content_that_cannot_be_deleted_is_tried_again(void **state) {
    LAB(LAB_NAMESPACE);
    static const struct sm_fault_rule fault = {.match = {.verb = "deletecollection"}, .times = 1, .fault = SM_FAULT_ERROR, .code = 500};
    lab->network_config.faults = &fault;
    lab->network_config.fault_count = 1;
    lab_create(lab, SM_NAMESPACES, "{'metadata': {'name': 'n'}}");
    create_in(lab, "n", "{'metadata': {'name': 'a'}}");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_NAMESPACES, "n", NULL);
    lab_pass(lab, 5 * SM_SECOND + 100 * SM_MILLISECOND);

    assert_int_equal(sm_network_fault_hits(lab->network, 0), 1);
    lab_pass(lab, 10 * SM_SECOND);
    assert_false(has_namespace(lab));
}

static void another_finalizer_keeps_the_namespace(void **state) {
    LAB(LAB_NAMESPACE);
    lab_create(lab, SM_NAMESPACES, "{'metadata': {'name': 'n'}, 'spec': {'finalizers': ['example.com/mine']}}");
    lab_delete(lab, SM_NAMESPACES, "n", NULL);
    lab_pass(lab, 10 * SM_SECOND);

    sm_val finalizers = sm_val_at(lab_get(lab, SM_NAMESPACES, "n"), "spec.finalizers");
    assert_int_equal(sm_val_count(finalizers), 1);
    assert_true(sm_val_is_text(sm_val_item(finalizers, 0), "example.com/mine"));
}

/* --- Volumes ----------------------------------------------------------------------------------------------------------------------------- */

#define CLAIM "{'metadata': {'name': 'data'}, 'spec': {'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}}}"

static void a_claim_is_bound_in_a_real_binders_steps(void **state) {
    LAB(LAB_PV_BINDER);

    sm_val claim = lab_create(lab, SM_PVCS, CLAIM);
    lab_pass(lab, SM_SECOND);

    const char *volume = sm_region_printf(&lab->run, "pvc-%s", sm_meta_uid(claim));
    assert_string_equal(lab_heard(lab), sm_region_printf(&lab->run,
                                                         "create persistentvolumes %s\n"
                                                         "update persistentvolumes/status %s\n"
                                                         "update persistentvolumeclaims data\n"
                                                         "update persistentvolumeclaims/status data\n",
                                                         volume, volume));
    claim = lab_get(lab, SM_PVCS, "data");
    assert_string_equal(sm_val_str_at(claim, "spec.volumeName"), volume);
    assert_string_equal(sm_meta_annotation(claim, "pv.kubernetes.io/bind-completed"), "yes");
    assert_string_equal(sm_val_str_at(claim, "status.phase"), "Bound");
    assert_string_equal(sm_val_str_at(claim, "status.capacity.storage"), "1Gi");
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVS, volume), "status.phase"), "Bound");
}

static void a_volume_made_for_a_claim_is_taken(void **state) {
    LAB(LAB_PV_BINDER);

    lab_create(lab, SM_PVS,
               "{'metadata': {'name': 'mine'}, 'spec': {'capacity': {'storage': '5Gi'}, 'accessModes': ['ReadWriteOnce'], "
               "'hostPath': {'path': '/v'}, 'claimRef': {'namespace': 'default', 'name': 'data'}}}");
    lab_create(lab, SM_PVCS, CLAIM);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_PVS), "mine");
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVCS, "data"), "status.capacity.storage"), "5Gi");
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVS, "mine"), "spec.claimRef.uid"), sm_meta_uid(lab_get(lab, SM_PVCS, "data")));
}

static void a_claim_waits_for_the_volume_it_names(void **state) {
    LAB(LAB_PV_BINDER);

    lab_create(lab, SM_PVCS,
               "{'metadata': {'name': 'data'}, 'spec': {'volumeName': 'v', 'accessModes': ['ReadWriteOnce'], 'resources': "
               "{'requests': {'storage': '1Gi'}}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVCS, "data"), "status.phase"), "Pending");
    assert_string_equal(lab_names(lab, SM_PVS), "");

    lab_create(lab, SM_PVS,
               "{'metadata': {'name': 'v'}, 'spec': {'capacity': {'storage': '1Gi'}, 'accessModes': ['ReadWriteOnce'], "
               "'hostPath': {'path': '/v'}, 'claimRef': {'namespace': 'default', 'name': 'other'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVCS, "data"), "status.phase"), "Pending");
}

static void a_volume_is_released_by_the_end_of_its_claim_and_not_given_to_the_next(void **state) {
    LAB(LAB_PV_BINDER | LAB_PVC_PROTECTION);
    sm_val first = lab_create(lab, SM_PVCS, CLAIM);
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_PVCS, "data", NULL);
    lab_pass(lab, SM_SECOND);
    const char *volume = sm_region_printf(&lab->run, "pvc-%s", sm_meta_uid(first));
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVS, volume), "status.phase"), "Released");

    sm_val second = lab_create(lab, SM_PVCS, CLAIM);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(sm_val_str_at(lab_get(lab, SM_PVCS, "data"), "spec.volumeName"),
                        sm_region_printf(&lab->run, "pvc-%s", sm_meta_uid(second)));
}

static void a_claim_in_use_stays_until_its_pod_has_gone(void **state) {
    LAB(LAB_PV_BINDER | LAB_PVC_PROTECTION | LAB_SCHEDULER);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_PVCS, CLAIM);
    lab_create(lab, SM_PODS,
               "{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'a', 'image': 'b'}], 'volumes': [{'name': 'v', "
               "'persistentVolumeClaim': {'claimName': 'data'}}]}}");
    lab_pass(lab, SM_SECOND);

    lab_delete(lab, SM_PVCS, "data", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_PVCS), "data deleting");

    lab_delete(lab, SM_PODS, "p", "{'gracePeriodSeconds': 0}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_names(lab, SM_PVCS), "");
}

static void the_protection_looks_live_before_it_lets_go(void **state) {
    LAB(LAB_PV_BINDER | LAB_PVC_PROTECTION | LAB_SCHEDULER);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_PVCS, CLAIM);
    lab_pass(lab, SM_SECOND);
    sm_informer_hold(lab->env, sm_manager_informer(lab->managers[1], SM_PODS));

    lab_create(lab, SM_PODS,
               "{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'a', 'image': 'b'}], 'volumes': [{'name': 'v', "
               "'persistentVolumeClaim': {'claimName': 'data'}}]}}");
    lab_pass(lab, SM_SECOND);
    lab_delete(lab, SM_PVCS, "data", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(lab_names(lab, SM_PVCS), "data deleting");
}

static void a_claim_that_lost_its_protection_gets_it_back(void **state) {
    LAB(LAB_PVC_PROTECTION);
    lab_create(lab, SM_PVCS, CLAIM);

    lab_patch(lab, SM_PVCS, "", "data", "{'metadata': {'finalizers': null}}");
    lab_pass(lab, SM_SECOND);

    assert_true(sm_meta_has_finalizer(lab_get(lab, SM_PVCS, "data"), "kubernetes.io/pvc-protection"));
}

/* --- The scheduler -------------------------------------------------------------------------------------------------------------------------- */

#define POD(spec) "{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'a', 'image': 'b'}]" spec "}}"

static const char *node_of(struct lab *lab) {
    return sm_val_str_at(lab_get(lab, SM_PODS, "p"), "spec.nodeName");
}

static const char *why_not(struct lab *lab) {
    return sm_val_str_at(sm_condition_find(sm_val_at(lab_get(lab, SM_PODS, "p"), "status.conditions"), "PodScheduled"), "message");
}

static void a_pod_waits_for_a_node_and_for_its_claim(void **state) {
    LAB(LAB_SCHEDULER);
    lab_create(lab, SM_PODS, POD(", 'volumes': [{'name': 'v', 'persistentVolumeClaim': {'claimName': 'data'}}]"));
    lab_pass(lab, SM_SECOND);
    assert_string_equal(why_not(lab), "no nodes available to schedule pods");

    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(why_not(lab), "0/1 nodes are available: persistentvolumeclaim \"data\" not found.");

    lab_create(lab, SM_PVCS, CLAIM);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(why_not(lab), "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.");

    lab_patch(lab, SM_PVCS, "status", "data", "{'status': {'phase': 'Bound'}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(node_of(lab), "node");
    assert_non_null(strstr(lab_events(lab), "Normal Scheduled Successfully assigned default/p to node\n"));
}

static void a_pod_with_a_claim_that_goes_is_not_scheduled(void **state) {
    LAB(LAB_SCHEDULER);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_PVCS, CLAIM);
    lab_delete(lab, SM_PVCS, "data", NULL);
    lab_create(lab, SM_PODS, POD(", 'volumes': [{'name': 'v', 'persistentVolumeClaim': {'claimName': 'data'}}]"));
    lab_pass(lab, SM_SECOND);

    assert_string_equal(why_not(lab), "0/1 nodes are available: persistentvolumeclaim \"data\" is being deleted.");
}

static void pods_go_where_labels_taints_and_affinity_allow(void **state) {
    static const struct {
        const char *spec;
        const char *node;
        const char *why;
    } rows[] = {
        {POD(""), "plain", ""},
        {POD(", 'nodeSelector': {'pool': 'sei'}"), "", "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."},
        {POD(", 'nodeSelector': {'pool': 'sei'}, 'tolerations': [{'key': 'sei.io/workload', 'value': 'sei-node', 'effect': 'NoSchedule'}]"),
         "tainted", ""},
        {POD(", 'nodeSelector': {'pool': 'sei'}, 'tolerations': [{'operator': 'Exists'}]"), "tainted", ""},
        {POD(", 'nodeSelector': {'pool': 'sei'}, 'tolerations': [{'key': 'sei.io/workload', 'value': 'other'}]"), "",
         "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."},
        {POD(", 'tolerations': [{'operator': 'Exists', 'effect': 'NoExecute'}], 'affinity': {'nodeAffinity': "
             "{'requiredDuringSchedulingIgnoredDuringExecution': {'nodeSelectorTerms': [{'matchExpressions': [{'key': 'pool', 'operator': "
             "'In', 'values': ['sei']}]}, {'matchFields': [{'key': 'metadata.name', 'operator': 'In', 'values': ['plain']}]}]}}}"),
         "plain", ""},
        {POD(", 'affinity': {'nodeAffinity': {'requiredDuringSchedulingIgnoredDuringExecution': {'nodeSelectorTerms': [{'matchFields': "
             "[{'key': 'metadata.name', 'operator': 'NotIn', 'values': ['plain']}]}]}}}"),
         "", "0/3 nodes are available: 3 node(s) were unschedulable."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        LAB(LAB_SCHEDULER);
        lab_create(lab, SM_NODES, "{'metadata': {'name': 'closed'}, 'spec': {'unschedulable': true}}");
        lab_create(lab, SM_NODES, "{'metadata': {'name': 'plain'}, 'spec': {'taints': [{'key': 'x', 'effect': 'PreferNoSchedule'}]}}");
        lab_create(lab, SM_NODES,
                   "{'metadata': {'name': 'tainted', 'labels': {'pool': 'sei'}}, 'spec': {'taints': [{'key': "
                   "'sei.io/workload', 'value': 'sei-node', 'effect': 'NoSchedule'}]}}");
        lab_create(lab, SM_PODS, rows[i].spec);
        lab_pass(lab, SM_SECOND);

        assert_string_equal(node_of(lab), rows[i].node);
        if (rows[i].node[0] == '\0')
            assert_non_null(strstr(why_not(lab), "0/3 nodes are available: 3 node(s) "));
    }
}

/* --- Jobs ------------------------------------------------------------------------------------------------------------------------------------ */

#define JOB(image, spec) \
    "{'metadata': {'name': 'j'}, 'spec': {'template': {'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'a', 'image': '" image \
    "'}]}}" spec "}}"
#define ALL (LAB_JOB | LAB_SCHEDULER | LAB_KUBELET | LAB_GARBAGE_COLLECTOR)

static sm_val job_status(struct lab *lab) {
    return sm_val_get(lab_get(lab, SM_JOBS, "j"), "status");
}

static void a_job_is_complete_when_its_pod_has_succeeded(void **state) {
    LAB(ALL);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");

    lab_create(lab, SM_JOBS, JOB("once", ", 'ttlSecondsAfterFinished': 60"));
    lab_pass(lab, 500 * SM_MILLISECOND);
    assert_int_equal(sm_val_int_at(job_status(lab), "active", 0), 1);

    lab_pass(lab, 10 * SM_SECOND);
    assert_true(sm_condition_is(sm_val_get(job_status(lab), "conditions"), "SuccessCriteriaMet", "True"));
    assert_true(sm_condition_is(sm_val_get(job_status(lab), "conditions"), "Complete", "True"));
    assert_int_equal(sm_val_int_at(job_status(lab), "succeeded", 0), 1);
    assert_non_null(sm_val_get(job_status(lab), "completionTime"));
    assert_non_null(strstr(lab_events(lab), "Normal Completed Job completed\n"));

    lab_pass(lab, 60 * SM_SECOND);
    assert_string_equal(lab_names(lab, SM_JOBS), "");
    assert_string_equal(lab_pods(lab), "");
}

static void a_job_fails_beyond_its_limit_of_failures(void **state) {
    LAB(ALL);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");

    lab_create(lab, SM_JOBS, JOB("crash", ", 'backoffLimit': 1"));
    lab_pass(lab, 10 * SM_SECOND);
    assert_int_equal(sm_val_int_at(job_status(lab), "failed", 0), 1);
    lab_pass(lab, 30 * SM_SECOND);

    sm_val failed = sm_condition_find(sm_val_get(job_status(lab), "conditions"), "Failed");
    assert_string_equal(sm_val_str_at(failed, "reason"), "BackoffLimitExceeded");
    assert_int_equal(sm_val_int_at(job_status(lab), "failed", 0), 2);
    assert_non_null(strstr(lab_events(lab), "Warning BackoffLimitExceeded Job has reached the specified backoff limit\n"));
    lab_pass(lab, SM_HOUR);
    assert_int_equal(sm_pmap_count(sm_server_log(lab->env, lab->server, SM_PODS)->root), 2);
}

static void a_job_may_run_several_pods(void **state) {
    LAB(ALL);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");

    lab_create(lab, SM_JOBS, JOB("once", ", 'parallelism': 2, 'completions': 3"));
    lab_pass(lab, 500 * SM_MILLISECOND);
    assert_int_equal(sm_val_int_at(job_status(lab), "active", 0), 2);
    lab_pass(lab, 10 * SM_SECOND);

    assert_int_equal(sm_val_int_at(job_status(lab), "succeeded", 0), 3);
    assert_true(sm_condition_is(sm_val_get(job_status(lab), "conditions"), "Complete", "True"));
}

static void the_pods_of_a_job_that_is_gone_go(void **state) {
    LAB(ALL);
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_JOBS, JOB("img", ", 'suspend': false"));
    lab_pass(lab, 5 * SM_SECOND);

    lab_delete(lab, SM_JOBS, "j", "{'propagationPolicy': 'Background'}");
    lab_pass(lab, 10 * SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
}

static void a_pod_that_cannot_be_made_is_told_of(void **state) {
    LAB(LAB_JOB);
    static const struct sm_fault_rule fault = {
        .match = {.verb = "create", .resource = "pods"}, .times = 1, .fault = SM_FAULT_ERROR, .code = 500};
    lab->network_config.faults = &fault;
    lab->network_config.fault_count = 1;

    lab_create(lab, SM_JOBS, JOB("img", ""));
    lab_pass(lab, SM_SECOND);

    assert_non_null(strstr(lab_events(lab), "Warning FailedCreate Error creating: "));
    assert_non_null(strstr(lab_events(lab), "Normal SuccessfulCreate Created pod: j-"));
    assert_int_equal(sm_val_int_at(job_status(lab), "active", 0), 1);
}

#define TEST(name) \
    { #name, name, NULL, NULL, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_namespace_goes_when_its_content_has_gone),
        TEST(content_that_cannot_be_deleted_is_tried_again),
        TEST(another_finalizer_keeps_the_namespace),
        TEST(a_claim_is_bound_in_a_real_binders_steps),
        TEST(a_volume_made_for_a_claim_is_taken),
        TEST(a_claim_waits_for_the_volume_it_names),
        TEST(a_volume_is_released_by_the_end_of_its_claim_and_not_given_to_the_next),
        TEST(a_claim_in_use_stays_until_its_pod_has_gone),
        TEST(the_protection_looks_live_before_it_lets_go),
        TEST(a_claim_that_lost_its_protection_gets_it_back),
        TEST(a_pod_waits_for_a_node_and_for_its_claim),
        TEST(a_pod_with_a_claim_that_goes_is_not_scheduled),
        TEST(pods_go_where_labels_taints_and_affinity_allow),
        TEST(a_job_is_complete_when_its_pod_has_succeeded),
        TEST(a_job_fails_beyond_its_limit_of_failures),
        TEST(a_job_may_run_several_pods),
        TEST(the_pods_of_a_job_that_is_gone_go),
        TEST(a_pod_that_cannot_be_made_is_told_of),
    };
    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
