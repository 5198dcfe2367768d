/* Whatever single call of whatever actor fails, and however, and after whichever call a controller crashes: in the end things stand as they would have without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cluster_expect.h"

struct story {
    const char *name;
    unsigned parts;
    void (*tell)(struct lab *lab);
};

#define SET(image, spec) \
    "{'metadata': {'name': 'web'}, 'spec': {'serviceName': 'web', 'selector': {'matchLabels': {'app': 'web'}}, 'template': {'metadata': " \
    "{'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'main', 'image': '" image "'}]}}, 'volumeClaimTemplates': " \
    "[{'metadata': {'name': 'data'}, 'spec': {'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}}}]" spec \
    "}}"

static void wait(struct lab *lab) {
    lab_pass(lab, 2 * SM_MINUTE);
}

static void roll_a_set(struct lab *lab) {
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_STATEFULSETS, SET("img:1", ", 'replicas': 2, 'revisionHistoryLimit': 0"));
    wait(lab);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'template': {'spec': {'containers': [{'name': 'main', 'image': 'img:2'}]}}}}");
    wait(lab);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'template': {'spec': {'containers': [{'name': 'main', 'image': 'img:1'}]}}}}");
    lab_pass(lab, SM_SECOND);
    lab_patch(lab, SM_PODS, "", "web-0", "{'metadata': {'labels': {'statefulset.kubernetes.io/pod-name': 'x'}}}");
    wait(lab);
}

static void scale_a_set_with_its_claims(struct lab *lab) {
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_STATEFULSETS,
               SET("img:1", ", 'replicas': 2, 'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete', 'whenScaled': 'Delete'}"));
    wait(lab);
    lab_patch(lab, SM_STATEFULSETS, "", "web", "{'spec': {'replicas': 1}}");
    wait(lab);
}

static void orphan_and_adopt(struct lab *lab) {
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_STATEFULSETS, SET("img:1", ", 'replicas': 1"));
    wait(lab);
    lab_delete(lab, SM_STATEFULSETS, "web", "{'propagationPolicy': 'Orphan'}");
    wait(lab);
    lab_create(lab, SM_STATEFULSETS, SET("img:1", ", 'replicas': 1"));
    wait(lab);
    lab_patch(lab, SM_PODS, "", "web-0", "{'metadata': {'labels': {'app': 'other'}}}");
    wait(lab);
}

static void delete_in_the_foreground(struct lab *lab) {
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_STATEFULSETS, SET("img:1", ", 'replicas': 1, 'persistentVolumeClaimRetentionPolicy': {'whenDeleted': 'Delete'}"));
    wait(lab);
    lab_delete(lab, SM_STATEFULSETS, "web", "{'propagationPolicy': 'Foreground'}");
    wait(lab);
}

static void delete_a_namespace(struct lab *lab) {
    lab_create(lab, SM_NAMESPACES, "{'metadata': {'name': 'n'}}");
    for (int i = 0; i < 2; i++)
        lab_do(lab,
               (struct sm_request){.verb = SM_CREATE,
                                   .resource = SM_CONFIGMAPS,
                                   .name_space = "n",
                                   .body = sm_json_literal(&lab->run, i ? "{'metadata': {'name': 'a'}}" : "{'metadata': {'name': 'b'}}")});
    lab_delete(lab, SM_NAMESPACES, "n", NULL);
    wait(lab);
}

static void run_a_job(struct lab *lab) {
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_JOBS,
               "{'metadata': {'name': 'j'}, 'spec': {'template': {'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'a', "
               "'image': 'once'}]}}, 'parallelism': 1, 'completions': 2}}");
    wait(lab);
}

static void fail_a_job(struct lab *lab) {
    lab_create(lab, SM_NODES, "{'metadata': {'name': 'node'}}");
    lab_create(lab, SM_JOBS,
               "{'metadata': {'name': 'j'}, 'spec': {'template': {'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'a', "
               "'image': 'crash'}]}}, 'backoffLimit': 0, 'ttlSecondsAfterFinished': 300}}");
    wait(lab);
}

#define CLUSTER (LAB_STATEFULSET | LAB_GARBAGE_COLLECTOR | LAB_PV_BINDER | LAB_PVC_PROTECTION | LAB_SCHEDULER | LAB_KUBELET)

static struct story stories[] = {
    {"roll_a_set", CLUSTER, roll_a_set},
    {"scale_a_set_with_its_claims", CLUSTER, scale_a_set_with_its_claims},
    {"orphan_and_adopt", CLUSTER, orphan_and_adopt},
    {"delete_in_the_foreground", CLUSTER, delete_in_the_foreground},
    {"delete_a_namespace", LAB_NAMESPACE, delete_a_namespace},
    {"run_a_job", LAB_JOB | LAB_SCHEDULER | LAB_KUBELET, run_a_job},
    {"fail_a_job", LAB_JOB | LAB_SCHEDULER | LAB_KUBELET, fail_a_job},
};

static bool add_job(void *arg, const char *key, const void *value) {
    struct lab_text *text = arg;
    (void)key;
    sm_str_addf(&text->out, "%s: succeeded %lld failed %lld active %lld, %zu conditions", sm_meta_name(value),
                (long long)sm_val_int_at(value, "status.succeeded", 0), (long long)sm_val_int_at(value, "status.failed", 0),
                (long long)sm_val_int_at(value, "status.active", 0), sm_val_count(sm_val_at(value, "status.conditions")));
    return true;
}

static bool add_phase(void *arg, const char *key, const void *value) {
    struct lab_text *text = arg;
    (void)key;
    sm_str_addf(&text->out, "%s ", sm_val_str_at(value, "status.phase"));
    return true;
}

static bool add_bound(void *arg, const char *key, const void *value) {
    struct lab_text *text = arg;
    (void)key;
    sm_str_add(&text->out, sm_val_is_text(sm_val_at(value, "status.phase"), "Bound") ? "Bound " : "");
    return true;
}

/* How things stand, without names that somebody made up. */
static const char *outcome(struct lab *lab) {
    bool jobs = sm_pmap_count(sm_server_log(lab->env, lab->server, SM_JOBS)->root) > 0;
    return sm_region_printf(&lab->run, "%s | %s | %s | %s | %s | %zu revisions, %zu namespaces", lab_set(lab, "web"),
                            jobs ? lab_all(lab, SM_PODS, "default/", add_phase) : lab_pods(lab), lab_names(lab, SM_PVCS),
                            lab_all(lab, SM_PVS, "", add_bound), lab_all(lab, SM_JOBS, "default/", add_job),
                            sm_pmap_count(sm_server_log(lab->env, lab->server, SM_CONTROLLERREVISIONS)->root),
                            sm_pmap_count(sm_server_log(lab->env, lab->server, SM_NAMESPACES)->root));
}

/* Tells the story with one fault; how often it was near is how many calls there were. */
static const char *told(const struct story *story, struct sm_fault_rule fault, struct sm_region *r, uint32_t *ret_hits) {
    struct lab *lab = lab_new(story->parts, NULL);
    lab->network_config.faults = &fault;
    lab->network_config.fault_count = 1;
    story->tell(lab);
    const char *text = sm_region_strdup(r, outcome(lab));
    *ret_hits = sm_network_fault_hits(lab->network, 0);
    lab_free(lab);
    return text;
}

static void one_crash_changes_nothing_in_the_end(void **state) {
    const struct story *story = *state;
    uint32_t calls = 1;
    struct sm_region r;
    const char *expected = NULL;
    sm_region_init(&r, "texts", 0);

    for (uint32_t n = 0; n <= calls; n++) {
        struct lab *lab = lab_new(story->parts, NULL);
        lab->crash_at = n;
        story->tell(lab);
        if (n == 0) {
            expected = sm_region_strdup(&r, outcome(lab));
            calls = lab->committed;
        }
        if (strcmp(outcome(lab), expected) != 0)
            fail_msg("crash after call %u: %s, not %s", n, outcome(lab), expected);
        lab_free(lab);
    }
    sm_region_release(&r);
}

static void one_failure_changes_nothing_in_the_end(void **state) {
    static const struct sm_fault_rule kinds[] = {
        {.times = 1, .fault = SM_FAULT_ERROR, .code = 500},
        {.times = 1, .fault = SM_FAULT_LOSE_ANSWER},
        {.times = 1, .fault = SM_FAULT_CONFLICT},
    };
    const struct story *story = *state;
    struct sm_region r;
    uint32_t hits;
    sm_region_init(&r, "texts", 0);
    const char *expected = told(story, (struct sm_fault_rule){.nth = UINT32_MAX}, &r, &hits);

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        hits = 1;
        for (uint32_t n = 1; hits > 0; n++) {
            struct sm_fault_rule fault = kinds[k];
            fault.nth = n;
            const char *text = told(story, fault, &r, &hits);
            if (strcmp(text, expected) != 0)
                fail_msg("%s of call %u: %s, not %s", sm_fault_names[fault.fault], n, text, expected);
        }
    }
    sm_region_release(&r);
}

int main(void) {
    struct CMUnitTest tests[2 * sizeof stories / sizeof *stories];
    size_t count = 0;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
        for (int crash = 0; crash < 2; crash++)
            tests[count++] = (struct CMUnitTest){
                .name = stories[i].name,
                .test_func = crash ? one_crash_changes_nothing_in_the_end : one_failure_changes_nothing_in_the_end,
                .initial_state = &stories[i]};
    return cmocka_run_group_tests_name("resilience", tests, NULL, NULL);
}
