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
    (void)state; \
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}")

#define POD(image, spec) "{'metadata': {'name': 'p'}, 'spec': {'containers': [{'name': 'a', 'image': '" image "'" spec "}]}}"

/* A node pod in short: its init container, the sidecar, and a container that waits for the sidecar's gate. */
#define NODE_POD \
    "{'metadata': {'name': 'n-0'}, 'spec': {'hostname': 'n-0', 'subdomain': 'n', 'terminationGracePeriodSeconds': 30, 'initContainers': " \
    "[{'name': 'seid-init', 'image': 'seid:v1'}, {'name': 'sei-sidecar', 'image': 'sidecar', 'restartPolicy': 'Always', 'ports': " \
    "[{'name': " \
    "'sidecar', 'containerPort': 7777}], 'livenessProbe': {'httpGet': {'path': '/v0/livez', 'port': 7777}, 'initialDelaySeconds': 5, " \
    "'periodSeconds': 10}, 'readinessProbe': {'httpGet': {'path': '/v0/healthz', 'port': 7777}, 'initialDelaySeconds': 2, " \
    "'periodSeconds': " \
    "5, 'failureThreshold': 6}}], 'containers': [{'name': 'seid', 'image': 'seid:v1', 'startupProbe': {'httpGet': {'path': " \
    "'/v0/healthz', " \
    "'port': 7777}, 'initialDelaySeconds': 5, 'periodSeconds': 5, 'failureThreshold': 86400}, 'readinessProbe': {'httpGet': {'path': " \
    "'/lag_status', 'port': 26657}, 'initialDelaySeconds': 30, 'periodSeconds': 10}}]}}"

#define ID "11111111-1111-4111-8111-111111111111"

static sm_val pod_status(struct lab *lab, const char *name) {
    return sm_val_get(lab_get(lab, SM_PODS, name), "status");
}

/* `Running: a running ready` … of a pod's containers, in order of spec. */
static const char *show(struct lab *lab, const char *name) {
    sm_val status = pod_status(lab, name), container;
    struct sm_str out;
    sm_str_init(&out, &lab->run);
    sm_str_addf(&out, "%s:", sm_val_str_at(status, "phase"));
    for (int init = 1; init >= 0; init--)
        SM_EACH_ITEM(container, sm_val_get(status, init ? "initContainerStatuses" : "containerStatuses")) {
            const struct sm_member *which = sm_val_member(sm_val_get(container, "state"), 0);
            const char *reason = sm_val_str_at(which->value, "reason");
            sm_str_addf(&out, " %s %s", sm_val_str_at(container, "name"), reason[0] ? reason : which->key);
            if (sm_val_int_at(container, "restartCount", 0))
                sm_str_addf(&out, " x%lld", (long long)sm_val_int_at(container, "restartCount", 0));
            sm_str_add(&out, sm_val_true_at(container, "ready") ? " ready" : "");
        }
    if (sm_condition_is(sm_val_get(status, "conditions"), "Ready", "True"))
        sm_str_add(&out, " READY");
    return out.data;
}

static int post(struct lab *lab, const char *type) {
    struct sm_service_call call = {
        .client = &lab_user,
        .service = "sidecar",
        .method = "POST",
        .host = "n-0.n.default.svc.cluster.local:7777",
        .path = "/v0/tasks",
        .body = sm_json_literal(&lab->run, sm_region_printf(&lab->run, "{'id': '" ID "', 'type': '%s'}", type)),
    };
    return sm_sidecars_call(lab->env, lab->sidecars, &call).code;
}

/* --- Starting ------------------------------------------------------------------------------------------------------------------------- */

static void a_pod_is_pulled_started_and_ready(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);

    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 500 * SM_MILLISECOND);
    assert_string_equal(show(lab, "p"), "Pending: a ContainerCreating");

    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Pending: a ContainerCreating");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
    assert_string_equal(lab_heard(lab), "create pods/binding p\n"
                                        "patch pods/status p\n"
                                        "patch pods/status p\n"
                                        "patch pods/status p\n");
}

static void conditions_are_published_in_a_real_kubelets_order(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 500 * SM_MILLISECOND);

    sm_val condition, conditions = sm_val_get(pod_status(lab, "p"), "conditions");
    struct sm_str types;
    sm_str_init(&types, &lab->run);
    SM_EACH_ITEM(condition, conditions)
        sm_str_addf(&types, "%s=%s ", sm_val_str_at(condition, "type"), sm_val_str_at(condition, "status"));
    assert_string_equal(types.data,
                        "PodReadyToStartContainers=False Initialized=True Ready=False ContainersReady=False PodScheduled=True ");
    assert_string_equal(sm_val_str_at(sm_condition_find(conditions, "Ready"), "reason"), "ContainersNotReady");
    assert_string_equal(sm_val_str_at(sm_condition_find(conditions, "Ready"), "message"), "containers with unready status: [a]");

    lab_pass(lab, 5 * SM_SECOND);
    sm_val ready = sm_condition_find(sm_val_get(pod_status(lab, "p"), "conditions"), "Ready");
    assert_string_equal(sm_val_str_at(ready, "status"), "True");
    assert_null(sm_val_get(ready, "reason"));
    assert_string_equal(sm_val_str_at(ready, "lastTransitionTime"), "2026-01-01T00:00:03Z");
}

static void an_image_that_cannot_be_pulled_keeps_the_pod_pending(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);

    lab_create(lab, SM_PODS, POD("bad:1", ""));
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Pending: a ErrImagePull");

    lab_pass(lab, SM_HOUR);
    assert_string_equal(show(lab, "p"), "Pending: a ImagePullBackOff");
}

static void probes_count_at_the_tick_that_would_see_them(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);

    lab_create(lab, SM_PODS,
               POD("img", ", 'readinessProbe': {'httpGet': {'path': '/', 'port': 80}, 'initialDelaySeconds': 1, 'periodSeconds': 10}"));
    lab_pass(lab, 2500 * SM_MILLISECOND); /* runs since 2 s; its endpoint is well 2 s later, the ticks are at 3 s and 13 s */
    assert_string_equal(show(lab, "p"), "Running: a running");
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");

    /* Three ticks see it unwell. */
    assert_true(sm_kubelet_set_ready(lab->env, lab->kubelet, "default", "p", "a", false));
    lab_pass(lab, 29 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running");

    assert_false(sm_kubelet_set_ready(lab->env, lab->kubelet, "default", "p", "b", true));
    assert_true(sm_kubelet_set_ready(lab->env, lab->kubelet, "default", "p", "a", true));
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
}

static void a_short_failure_between_ticks_is_not_seen(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ", 'readinessProbe': {'tcpSocket': {'port': 80}, 'failureThreshold': 1}"));
    lab_pass(lab, 15 * SM_SECOND);
    lab_heard(lab);

    sm_kubelet_set_ready(lab->env, lab->kubelet, "default", "p", "a", false);
    lab_pass(lab, SM_SECOND);
    sm_kubelet_set_ready(lab->env, lab->kubelet, "default", "p", "a", true);
    lab_pass(lab, SM_MINUTE);

    assert_string_equal(lab_heard(lab), "");
}

static void an_image_may_never_be_ready(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);

    lab_create(lab, SM_PODS, POD("never:1", ", 'readinessProbe': {'tcpSocket': {'port': 80}}"));
    lab_pass(lab, SM_HOUR);

    assert_string_equal(show(lab, "p"), "Running: a running");
}

static void probes_may_be_quick_for_a_whole_world(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab->kubelet_config.probe_period = 500 * SM_MILLISECOND;

    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);
    post(lab, "mark-ready");
    lab_pass(lab, 3 * SM_SECOND);

    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running ready seid running ready READY");
}

/* --- Crashing --------------------------------------------------------------------------------------------------------------------------- */

static void a_crash_loop_backs_off(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);

    lab_create(lab, SM_PODS, POD("crash:1", ""));
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
    lab_pass(lab, 5 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running x1 ready READY");
    assert_int_equal(sm_val_int_at(pod_status(lab, "p"), "containerStatuses[0].lastState.terminated.exitCode", 0), 3);

    lab_pass(lab, 5 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a CrashLoopBackOff x1");
    assert_non_null(
        strstr(sm_val_str_at(pod_status(lab, "p"), "containerStatuses[0].state.waiting.message"), "back-off 10s restarting failed"));
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running x2 ready READY");

    lab_pass(lab, 5 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a CrashLoopBackOff x2");
    assert_non_null(strstr(sm_val_str_at(pod_status(lab, "p"), "containerStatuses[0].state.waiting.message"), "back-off 20s"));
    lab_pass(lab, SM_HOUR);
    assert_true(sm_val_int_at(pod_status(lab, "p"), "containerStatuses[0].restartCount", 0) < 20);
}

static void one_container_can_be_made_to_exit(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 5 * SM_SECOND);

    assert_false(sm_kubelet_container_exits(lab->env, lab->kubelet, "default", "p", "b", 1));
    assert_true(sm_kubelet_container_exits(lab->env, lab->kubelet, "default", "p", "a", 1));
    lab_pass(lab, 100 * SM_MILLISECOND);
    assert_string_equal(show(lab, "p"), "Running: a Error");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running x1 ready READY");
}

static void a_failed_liveness_probe_restarts_the_container(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 20 * SM_SECOND);

    sm_sidecars_set_health(lab->env, lab->sidecars, "default", "n-0", -1);
    lab_pass(lab, 20 * SM_SECOND);
    assert_null(strstr(show(lab, "n-0"), "x1"));
    lab_pass(lab, 15 * SM_SECOND);
    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running x1 seid running");
}

static void restart_policies_end_a_pod(void **state) {
    static const struct {
        const char *image, *policy, *result;
    } rows[] = {
        {"once", "Never", "Succeeded: a Completed"},    {"once", "OnFailure", "Succeeded: a Completed"},
        {"crash", "Never", "Failed: a Error"},          {"crash", "OnFailure", "Running: a CrashLoopBackOff x1"},
        {"once", "Always", "Running: a CrashLoopBackOff x2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        LAB(LAB_SCHEDULER | LAB_KUBELET);
        lab_create(
            lab, SM_PODS,
            sm_region_printf(&lab->run,
                             "{'metadata': {'name': 'p'}, 'spec': {'restartPolicy': '%s', 'containers': [{'name': 'a', 'image': '%s'}]}}",
                             rows[i].policy, rows[i].image));
        lab_pass(lab, 15 * SM_SECOND);
        assert_string_equal(show(lab, "p"), rows[i].result);
    }
}

/* --- Stopping ------------------------------------------------------------------------------------------------------------------------------ */

static void a_deleted_pod_stops_then_tells_then_goes(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 5 * SM_SECOND);
    lab_heard(lab);

    lab_delete(lab, SM_PODS, "p", NULL);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "p Running img ready deleting");
    assert_string_equal(lab_heard(lab), "");

    lab_pass(lab, 1002 * SM_MILLISECOND);
    assert_string_equal(show(lab, "p"), "Succeeded: a Completed");
    assert_string_equal(sm_val_str_at(sm_condition_find(sm_val_get(pod_status(lab, "p"), "conditions"), "Ready"), "reason"),
                        "PodCompleted");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "");
    assert_string_equal(lab_heard(lab), "patch pods/status p\ndelete pods p\n");
}

static void a_stubborn_process_is_killed_when_its_grace_is_over(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("stubborn", ""));
    lab_pass(lab, 5 * SM_SECOND);

    lab_delete(lab, SM_PODS, "p", "{'gracePeriodSeconds': 20}");
    lab_pass(lab, 20 * SM_SECOND);
    assert_string_equal(lab_pods(lab), "p Running stubborn ready deleting");
    lab_pass(lab, 2500 * SM_MICROSECOND);
    assert_string_equal(show(lab, "p"), "Failed: a Error");
    assert_int_equal(sm_val_int_at(pod_status(lab, "p"), "containerStatuses[0].state.terminated.exitCode", 0), 137);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "");
}

static void a_shorter_grace_counts(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("stubborn", ""));
    lab_pass(lab, 5 * SM_SECOND);

    lab_delete(lab, SM_PODS, "p", NULL);
    lab_delete(lab, SM_PODS, "p", "{'gracePeriodSeconds': 3}");
    lab_pass(lab, 4 * SM_SECOND);

    assert_string_equal(lab_pods(lab), "");
}

static void a_pod_forced_away_leaves_no_process_behind(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);
    assert_int_equal(sm_sidecars_health(lab->env, lab->sidecars, "default", "n-0", "/v0/healthz"), 503);
    lab_heard(lab);

    lab_delete(lab, SM_PODS, "n-0", "{'gracePeriodSeconds': 0}");
    lab_pass(lab, SM_SECOND);

    assert_int_equal(sm_sidecars_health(lab->env, lab->sidecars, "default", "n-0", "/v0/healthz"), 0);
    assert_string_equal(lab_heard(lab), "");
}

static void a_pod_deleted_while_it_crash_loops_ends_failed(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(
        lab, SM_PODS,
        "{'metadata': {'name': 'p', 'finalizers': ['example.com/hold']}, 'spec': {'containers': [{'name': 'a', 'image': 'crash'}]}}");
    lab_pass(lab, 12 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a CrashLoopBackOff x1");

    lab_delete(lab, SM_PODS, "p", NULL);
    lab_pass(lab, SM_SECOND);

    assert_string_equal(show(lab, "p"), "Failed: a Error x1");
}

/* --- The node pod ----------------------------------------------------------------------------------------------------------------------------- */

static void a_node_pod_starts_in_order_and_waits_for_its_gate(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);

    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 500 * SM_MILLISECOND);
    assert_string_equal(show(lab, "n-0"), "Pending: seid-init PodInitializing sei-sidecar PodInitializing seid PodInitializing");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "n-0"), "Pending: seid-init Completed ready sei-sidecar PodInitializing seid PodInitializing");
    assert_string_equal(sm_val_str_at(sm_condition_find(sm_val_get(pod_status(lab, "n-0"), "conditions"), "Initialized"), "message"),
                        "containers with incomplete status: [sei-sidecar]");
    lab_pass(lab, 3 * SM_SECOND);
    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running seid running");

    lab_pass(lab, SM_MINUTE);
    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running seid running");
    assert_string_equal(sm_val_str_at(sm_condition_find(sm_val_get(pod_status(lab, "n-0"), "conditions"), "Ready"), "message"),
                        "containers with unready status: [sei-sidecar seid]");

    assert_int_equal(post(lab, "mark-ready"), 201);
    lab_pass(lab, 6 * SM_SECOND);
    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running ready seid running");
    lab_pass(lab, 11 * SM_SECOND);
    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running ready seid running ready READY");
}

static void a_sidecar_that_restarts_loses_its_gate_and_the_node_goes_on(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);
    post(lab, "mark-ready");
    lab_pass(lab, SM_MINUTE);
    assert_non_null(strstr(show(lab, "n-0"), "READY"));

    sm_kubelet_container_exits(lab->env, lab->kubelet, "default", "n-0", "sei-sidecar", 1);
    lab_pass(lab, 5 * SM_SECOND);
    assert_string_equal(show(lab, "n-0"), "Running: seid-init Completed ready sei-sidecar running x1 seid running ready");

    /* The task is known as completed: posting it again opens nothing. */
    assert_int_equal(post(lab, "mark-ready"), 201);
    lab_pass(lab, SM_MINUTE);
    assert_null(strstr(show(lab, "n-0"), "READY"));
}

static void the_sidecar_stops_after_the_node(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);

    lab_delete(lab, SM_PODS, "n-0", NULL);
    lab_pass(lab, 3 * SM_SECOND);
    assert_int_equal(sm_sidecars_health(lab->env, lab->sidecars, "default", "n-0", "/v0/livez"), 200);
    lab_pass(lab, 1100 * SM_MILLISECOND);
    assert_int_equal(sm_sidecars_health(lab->env, lab->sidecars, "default", "n-0", "/v0/livez"), 0);
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_pods(lab), "");
}

static void tasks_live_on_the_volume_and_outlive_the_pod(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET | LAB_PV_BINDER);
    const char *pod = sm_region_printf(&lab->run, "%.*s, 'volumes': [{'name': 'data', 'persistentVolumeClaim': {'claimName': 'data'}}]}}",
                                       (int)strlen(NODE_POD) - 2, NODE_POD);
    struct sm_service_call get = {.client = &lab_user,
                                  .service = "sidecar",
                                  .method = "GET",
                                  .host = "n-0.n.default.svc.cluster.local:7777",
                                  .path = "/v0/tasks/" ID};
    lab_create(lab, SM_PVCS,
               "{'metadata': {'name': 'data'}, 'spec': {'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}}}");
    lab_create(lab, SM_PODS, pod);
    lab_pass(lab, 10 * SM_SECOND);
    post(lab, "config-apply");

    lab_delete(lab, SM_PODS, "n-0", "{'gracePeriodSeconds': 0}");
    lab_create(lab, SM_PODS, pod);
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(sm_val_str_at(sm_sidecars_call(lab->env, lab->sidecars, &get).body, "status"), "completed");

    lab_delete(lab, SM_PODS, "n-0", "{'gracePeriodSeconds': 0}");
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);
    assert_int_equal(sm_sidecars_call(lab->env, lab->sidecars, &get).code, 404);
}

/* --- Nodes and requests ---------------------------------------------------------------------------------------------------------------------- */

static void on_a_dead_node_nothing_happens_until_it_returns(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    sm_time next;
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);
    lab_heard(lab);

    sm_kubelet_node_dies(lab->env, lab->kubelet, "node");
    lab_delete(lab, SM_PODS, "n-0", NULL);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, SM_HOUR);
    assert_string_equal(lab_pods(lab), "n-0 Running seid:v1 deleting, p Pending img");
    assert_string_equal(lab_heard(lab), "create pods/binding p\n");
    assert_int_equal(sm_sidecars_health(lab->env, lab->sidecars, "default", "n-0", "/v0/livez"), 0);
    assert_false(sm_kubelet_container_exits(lab->env, lab->kubelet, "default", "n-0", "seid", 1));
    assert_true(sm_kubelet_idle(lab->kubelet, &next));

    sm_kubelet_node_returns(lab->env, lab->kubelet, "node");
    lab_pass(lab, 5 * SM_SECOND);
    assert_string_equal(lab_pods(lab), "p Running img ready");
}

static void after_a_reboot_containers_start_again(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 5 * SM_SECOND);

    sm_kubelet_node_dies(lab->env, lab->kubelet, "node");
    lab_pass(lab, SM_MINUTE);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
    sm_kubelet_node_returns(lab->env, lab->kubelet, "node");
    lab_pass(lab, 5 * SM_SECOND);

    assert_string_equal(show(lab, "p"), "Running: a running x1 ready READY");
}

static void a_pod_forced_away_from_a_dead_node_is_forgotten(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 5 * SM_SECOND);

    sm_kubelet_node_dies(lab->env, lab->kubelet, "node");
    lab_delete(lab, SM_PODS, "p", "{'gracePeriodSeconds': 0}");
    lab_pass(lab, SM_SECOND);

    assert_false(sm_kubelet_set_ready(lab->env, lab->kubelet, "default", "p", "a", true));
}

static void status_that_somebody_else_wrote_is_written_again(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 5 * SM_SECOND);
    lab_heard(lab);

    lab_patch(lab, SM_PODS, "status", "p", "{'status': {'phase': 'Pending', 'conditions': []}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
    assert_string_equal(lab_heard(lab), "patch pods/status p\n");

    lab_patch(lab, SM_PODS, "", "p", "{'metadata': {'labels': {'x': 'y'}}}");
    lab_pass(lab, SM_SECOND);
    assert_string_equal(lab_heard(lab), "");
}

static void a_failed_write_is_tried_again(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    static const struct sm_fault_rule faults[] = {
        {.match = {.verb = "patch", .resource = "pods/status"}, .nth = 2, .times = 1, .fault = SM_FAULT_ERROR, .code = 500},
        {.match = {.client = "kubelet", .verb = "delete"}, .times = 1, .fault = SM_FAULT_LOSE_ANSWER}};
    lab->network_config.faults = faults;
    lab->network_config.fault_count = 1;

    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 3 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Pending: a ContainerCreating");
    lab_pass(lab, 10 * SM_SECOND);
    assert_string_equal(show(lab, "p"), "Running: a running ready READY");

    lab->network_config.fault_count = 2;
    lab_delete(lab, SM_PODS, "p", NULL);
    lab_pass(lab, SM_MINUTE);
    assert_string_equal(lab_pods(lab), "");
}

static void a_write_that_conflicts_is_tried_again(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    static const struct sm_fault_rule fault = {
        .match = {.verb = "patch", .resource = "pods/status"}, .nth = 3, .times = 1, .fault = SM_FAULT_CONFLICT};
    lab->network_config.faults = &fault;
    lab->network_config.fault_count = 1;

    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 20 * SM_SECOND);

    assert_string_equal(show(lab, "p"), "Running: a running ready READY");
}

static void a_late_write_does_not_hit_the_pods_successor(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    static const struct sm_fault_rule fault = {
        .match = {.verb = "patch", .resource = "pods/status"}, .nth = 3, .times = 1, .fault = SM_FAULT_DELAY, .delay = 10 * SM_SECOND};
    lab->network_config.faults = &fault;
    lab->network_config.fault_count = 1;
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 3 * SM_SECOND);

    lab_delete(lab, SM_PODS, "p", "{'gracePeriodSeconds': 0}");
    lab_create(lab, SM_PODS, POD("bad:1", ""));
    lab_pass(lab, SM_MINUTE);

    assert_string_equal(show(lab, "p"), "Pending: a ImagePullBackOff");
    assert_non_null(strstr(lab_heard(lab), "patch pods/status p 422\n"));
}

static void a_pod_recreated_between_two_looks_is_another_pod(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, POD("img", ""));
    lab_pass(lab, 5 * SM_SECOND);
    struct sm_informer *pods = sm_kubelet_informer(lab->kubelet);

    sm_informer_hold(lab->env, pods);
    lab_delete(lab, SM_PODS, "p", "{'gracePeriodSeconds': 0}");
    lab_create(lab, SM_PODS, POD("bad:1", ""));
    lab_pass(lab, SM_SECOND);
    sm_informer_release(lab->env, pods);
    sm_informer_relist(lab->env, pods, UINT32_MAX);
    lab_pass(lab, SM_MINUTE);

    assert_string_equal(show(lab, "p"), "Pending: a ImagePullBackOff");
}

static uint64_t hash_of(struct lab *lab) {
    struct sm_hash *hash = sm_region_alloc(&lab->run, sizeof *hash);
    sm_hash_init(hash);
    sm_kubelet_hash(lab->kubelet, hash, lab->env->now);
    sm_sidecars_hash(lab->sidecars, hash, lab->env->now);
    return sm_hash_end(hash);
}

static void the_hash_tells_states_apart_and_not_times(void **state) {
    LAB(LAB_SCHEDULER | LAB_KUBELET);
    lab_create(lab, SM_PODS, NODE_POD);
    lab_pass(lab, 10 * SM_SECOND);

    uint64_t waiting = hash_of(lab);
    lab_pass(lab, SM_HOUR);
    assert_true(hash_of(lab) == waiting);

    post(lab, "mark-ready");
    assert_true(hash_of(lab) != waiting);
    lab_pass(lab, SM_HOUR);
    uint64_t ready = hash_of(lab);
    assert_true(ready != waiting);
    sm_sidecars_set_health(lab->env, lab->sidecars, "default", "n-0", 500);
    assert_true(hash_of(lab) != ready);
}

#define TEST(name) \
    { #name, name, NULL, NULL, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_pod_is_pulled_started_and_ready),
        TEST(conditions_are_published_in_a_real_kubelets_order),
        TEST(an_image_that_cannot_be_pulled_keeps_the_pod_pending),
        TEST(probes_count_at_the_tick_that_would_see_them),
        TEST(a_short_failure_between_ticks_is_not_seen),
        TEST(an_image_may_never_be_ready),
        TEST(probes_may_be_quick_for_a_whole_world),
        TEST(a_crash_loop_backs_off),
        TEST(one_container_can_be_made_to_exit),
        TEST(a_failed_liveness_probe_restarts_the_container),
        TEST(restart_policies_end_a_pod),
        TEST(a_deleted_pod_stops_then_tells_then_goes),
        TEST(a_stubborn_process_is_killed_when_its_grace_is_over),
        TEST(a_shorter_grace_counts),
        TEST(a_pod_forced_away_leaves_no_process_behind),
        TEST(a_pod_deleted_while_it_crash_loops_ends_failed),
        TEST(a_node_pod_starts_in_order_and_waits_for_its_gate),
        TEST(a_sidecar_that_restarts_loses_its_gate_and_the_node_goes_on),
        TEST(the_sidecar_stops_after_the_node),
        TEST(tasks_live_on_the_volume_and_outlive_the_pod),
        TEST(on_a_dead_node_nothing_happens_until_it_returns),
        TEST(after_a_reboot_containers_start_again),
        TEST(a_pod_forced_away_from_a_dead_node_is_forgotten),
        TEST(status_that_somebody_else_wrote_is_written_again),
        TEST(a_failed_write_is_tried_again),
        TEST(a_write_that_conflicts_is_tried_again),
        TEST(a_late_write_does_not_hit_the_pods_successor),
        TEST(a_pod_recreated_between_two_looks_is_another_pod),
        TEST(the_hash_tells_states_apart_and_not_times),
    };
    return cmocka_run_group_tests_name("kubelet", tests, NULL, NULL);
}
