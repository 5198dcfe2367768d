/* Generated objects and plans against what the real controller sent (spec/traces), and against a golden file of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "meta.h"
#include "plan.h"
#include "seinode.h"
#include "talk.h"

static const char traces[] = "../../../shared/spec/traces";

/* --- Running one task on a node -------------------------------------------------------------------------------------------- */

/* The recordings leave out the registry. */
static struct sm_seinode_platform recorded_platform(void) {
    struct sm_seinode_platform platform = sm_seinode_platform_fixture;
    platform.sidecar_image = "<registry>/sei-protocol/seictl@sha256:a2af4e1b8ed4c12661a3c98cce050bae3f292cc7560abc2ba98fd7dfc80d9be5";
    return platform;
}

/* The body of the first request of [call] when the controller passes over [node]. [task] "": without a plan. */
static sm_val body_sent(struct sm_region *r, const struct sm_seinode_options *options, sm_val node, const char *task, const char *call) {
    struct sm_talk talk;
    sm_talk_init(&talk, &sm_seinode_controller, options);
    if (*task) {
        sm_val plan = sm_json_literal(r, "{'id':'p','phase':'Active','targetPhase':'Running','tasks':[{'id':'t','status':'Pending'}]}");
        plan = sm_val_set_at(r, plan, "tasks[0].type", sm_val_str(r, task));
        plan = sm_val_set_at(r, plan, "tasks[0].params.image", sm_val_at(node, "spec.image"));
        node = sm_val_set_at(r, node, "status.plan", plan);
        node = sm_val_set_at(r, node, "status.phase", sm_val_str(r, "Initializing"));
    }
    node = sm_val_set_at(r, node, "metadata.resourceVersion", NULL);
    sm_talk_given(&talk, node);
    sm_talk_run(&talk, 1);
    const struct sm_request *request = sm_talk_request(&talk, call, 0);
    sm_val body = request ? sm_val_copy(r, request->body, NULL) : NULL;
    sm_talk_release(&talk);
    return body;
}

/* --- Recordings ------------------------------------------------------------------------------------------------------------ */

static char *read_file(struct sm_region *r, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    size_t bytes = (size_t)ftell(file);
    rewind(file);
    char *text = sm_region_alloc(r, bytes + 1);
    text[fread(text, 1, bytes, file)] = '\0';
    fclose(file);
    return text;
}

struct recording {
    struct sm_region *r;
    const char *name, *profile;
    sm_val nodes; /* SeiNode by name, as the controller saw it last */
    size_t objects, plans;
};

static const char *task_of(sm_val object) {
    const char *kind = sm_val_str_at(object, "kind");
    bool bootstrap = *sm_meta_label(object, "sei.io/component");
    if (!strcmp(kind, "StatefulSet"))
        return "apply-statefulset";
    if (!strcmp(kind, "Service"))
        return bootstrap ? "deploy-bootstrap-service" : "apply-service";
    if (!strcmp(kind, "PersistentVolumeClaim"))
        return "ensure-data-pvc";
    return !strcmp(kind, "Job") ? "deploy-bootstrap-job" : NULL;
}

static const char *call_of(struct sm_region *r, sm_val object, bool apply) {
    const struct sm_resource *resource = sm_resource_of_kind(sm_val_str_at(object, "apiVersion"), sm_val_str_at(object, "kind"));
    return apply ? sm_region_printf(r, "APPLY %s/%s", resource->plural, sm_meta_name(object))
                 : sm_region_printf(r, "POST %s", resource->plural);
}

static void expect_same(const struct recording *recording, sm_val record, sm_val ours, sm_val recorded) {
    long long n = sm_val_int_at(record, "n", 0);
    if (!ours)
        fail_msg("%s, record %lld: nothing was sent", recording->name, n);
    const char *difference = sm_val_difference(recording->r, ours, recorded);
    if (difference)
        fail_msg("%s, record %lld: %s: ours is\n%s\nrecorded is\n%s", recording->name, n, difference,
                 sm_json_text(recording->r, sm_val_at(ours, difference), SM_JSON_COMPACT),
                 sm_json_text(recording->r, sm_val_at(recorded, difference), SM_JSON_COMPACT));
}

static void check_object(struct recording *recording, const struct sm_seinode_options *options, sm_val record, sm_val body) {
    struct sm_region *r = recording->r;
    const char *owner = sm_val_str_at(body, "metadata.ownerReferences[0].name"), *task = task_of(body);
    sm_val node = sm_val_get(recording->nodes, owner);
    if (!task || !node)
        return;
    bool apply = !strcmp(sm_val_str_at(record, "method"), "PATCH");
    expect_same(recording, record, body_sent(r, options, node, task, call_of(r, body, apply)), body);
    recording->objects++;
}

/* Ids and times as the recordings have them. */
static sm_val normalised(struct sm_region *r, sm_val status, const char *plan_id) {
    const char *id = sm_val_str_at(status, "plan.id");
    sm_val tasks = sm_val_at(status, "plan.tasks");
    for (size_t i = 0; i < sm_val_count(tasks); i++) {
        char expected[SM_UUID_BYTES];
        sm_val task = sm_val_item(tasks, i);
        const char *type = sm_val_str_at(task, "type");
        sm_plan_task_id(expected, id, type, i);
        assert_string_equal(sm_val_str_at(task, "id"), expected);
        task = sm_val_set(r, task, "id", sm_val_strf(r, "task(%s/%s/%zu)", plan_id, type, i));
        status = sm_val_set_at(r, status, "plan.tasks", sm_val_replace_item(r, sm_val_at(status, "plan.tasks"), i, task));
    }
    status = sm_val_set_at(r, status, "plan.id", sm_val_str(r, plan_id));
    return sm_val_set_at(r, status, "phaseTransitionTime", sm_val_str(r, "<time>"));
}

static void check_plan(struct recording *recording, const struct sm_seinode_options *options, sm_val record, sm_val status,
                       const char *name) {
    struct sm_region *r = recording->r;
    const char *id = sm_val_str_at(status, "plan.id"), *call = sm_region_printf(r, "PATCH seinodes/%s/status", name);
    sm_val node = sm_val_get(recording->nodes, name);
    if (!*id || strcmp(sm_val_str_at(status, "phase"), "Initializing") != 0)
        return;
    node = sm_val_set_at(r, node, "status.plan", NULL);
    node = sm_val_set_at(r, node, "status.phase", NULL);
    node = sm_val_set_at(r, node, "status.phaseTransitionTime", NULL);
    sm_val sent = body_sent(r, options, node, "", call);
    assert_non_null(sent);
    expect_same(recording, record, normalised(r, sm_val_get(sent, "status"), id), status);
    recording->plans++;
}

static void check_record(struct recording *recording, const struct sm_seinode_options *options, sm_val record) {
    sm_val body = sm_val_get(record, "body"), reply = sm_val_get(record, "reply");
    if (!sm_val_is_text(sm_val_get(record, "actor"), "controller"))
        return;
    const char *path = sm_val_str_at(record, "path"), *seinodes = strstr(path, "/seinodes/");
    if (!seinodes) {
        if (sm_val_is_map(body) && sm_val_get(sm_val_get(body, "metadata"), "ownerReferences"))
            check_object(recording, options, record, body);
        return;
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(seinodes + 10, "/"), seinodes + 10);
    if (sm_val_get(body, "status") && sm_val_get(recording->nodes, name))
        check_plan(recording, options, record, sm_val_get(body, "status"), name);
    if (sm_val_is_text(sm_val_get(reply, "kind"), "SeiNode"))
        recording->nodes = sm_val_set(recording->r, recording->nodes, name, reply);
}

static void check_recording(struct recording *recording) {
    struct sm_seinode_platform platform = recorded_platform();
    const struct sm_seinode_options *options = sm_seinode_options_new(recording->r, sm_profile_find(recording->profile), &platform);
    char *line = read_file(recording->r, sm_region_printf(recording->r, "%s/%s.jsonl", traces, recording->name)), *end;
    recording->nodes = SM_EMPTY_MAP;
    for (; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        sm_val record = sm_json_parse(recording->r, line, (size_t)(end - line), NULL, NULL);
        assert_non_null(record);
        check_record(recording, options, record);
    }
}

static void objects_and_plans_are_those_of_the_real_controller(void **state) {
    (void)state;
    /*   recording                    profile   objects and init plans in it */
    static const struct {
        const char *name, *profile;
        size_t objects, plans;
    } recordings[] = {
        {"b-fullnode-init", "merged", 5, 2},      {"b2-fullnode-init-slow-tasks", "merged", 7, 1}, {"c-nodeupdate-healthy", "merged", 2, 0},
        {"e-archive", "merged", 7, 1},            {"e-bootstrap", "merged", 9, 1},                 {"e-external-address", "merged", 5, 1},
        {"e-genesis-ceremony", "merged", 5, 1},   {"e-import-pvc", "merged", 4, 1},                {"e-options", "merged", 7, 1},
        {"e-publish", "merged", 5, 1},            {"e-replayer", "merged", 5, 2},                  {"e-statesync", "merged", 5, 2},
        {"e-validator-keys", "merged", 5, 1},     {"orig-parent-notready-pod", "before", 14, 2},
    };
    FILE *file = fopen("../../../shared/spec/traces/README.md", "r");
    if (!file) {
        print_message("[  SKIP  ] THERE ARE NO RECORDINGS HERE: %s\n", traces);
        skip();
    }
    fclose(file);
    for (size_t i = 0; i < sizeof recordings / sizeof *recordings; i++) {
        struct sm_region r;
        sm_region_init(&r, "recording", 0);
        struct recording recording = {.r = &r, .name = recordings[i].name, .profile = recordings[i].profile};
        check_recording(&recording);
        assert_int_equal(recording.objects, recordings[i].objects);
        assert_int_equal(recording.plans, recordings[i].plans);
        sm_region_release(&r);
    }
}

/* --- Our own golden file ----------------------------------------------------------------------------------------------------- */

static const char golden[] = "testdata/objects.txt";

static const struct {
    const char *title, *profile, *spec, *task, *call;
} samples[] = {
    {"the set of a full node", "merged", "{'fullNode':{}}", "apply-statefulset", "APPLY statefulsets/n-1"},
    {"the set of an archive with options, before the pull request", "before",
     "{'archive':{},'podLabels':{'team':'x','sei.io/node':'evil'},'entrypoint':{'command':['/bin/x','y z'],'args':['-a','b\\\"c']},"
     "'sidecar':{'image':'sidecar:x','port':7778,'resources':{'requests':{'cpu':'100m'}}}}",
     "apply-statefulset", "APPLY statefulsets/n-1"},
    {"the set of a validator with keys", "hardened",
     "{'validator':{'signingKey':{'secret':{'secretName':'sk'}},'nodeKey':{'secret':{'secretName':'nk'}}},"
     "'dataVolume':{'import':{'pvcName':'mine'}}}",
     "apply-statefulset", "APPLY statefulsets/n-1"},
    {"the service", "merged", "{'fullNode':{}}", "apply-service", "APPLY services/n-1"},
    {"the claim of a full node", "merged", "{'fullNode':{}}", "ensure-data-pvc", "POST persistentvolumeclaims"},
    {"the claim of an archive", "merged", "{'archive':{}}", "ensure-data-pvc", "POST persistentvolumeclaims"},
    {"the bootstrap service", "merged", "{'fullNode':{'snapshot':{'s3':{'targetHeight':5},'bootstrapImage':'b'}}}",
     "deploy-bootstrap-service", "POST services"},
    {"the bootstrap job", "merged", "{'fullNode':{'snapshot':{'s3':{'targetHeight':5},'bootstrapImage':'b'}}}", "deploy-bootstrap-job",
     "POST jobs"},
};

static void objects_are_those_of_the_golden_file(void **state) {
    (void)state;
    struct sm_region r;
    struct sm_str out;
    sm_region_init(&r, "golden", 0);
    sm_str_init(&out, &r);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        /* Without parts made before: they are the same. */
        struct sm_seinode_options options = {sm_profile_find(samples[i].profile), &sm_seinode_platform_fixture, NULL};
        sm_val node = sm_json_literal(&r, "{'apiVersion':'sei.io/v1alpha1','kind':'SeiNode','metadata':{'name':'n-1','namespace':'default',"
                                          "'uid':'node-uid-1','generation':1,'finalizers':['sei.io/seinode-finalizer']}}");
        sm_val spec =
            sm_val_merge_patch(&r, sm_json_literal(&r, "{'chainId':'sei-test','image':'seid:v1'}"), sm_json_literal(&r, samples[i].spec));
        sm_val body = body_sent(&r, &options, sm_val_set(&r, node, "spec", spec), samples[i].task, samples[i].call);
        assert_non_null(body);
        sm_str_addf(&out, "=== %s\n", samples[i].title);
        sm_json_print(&out, body, SM_JSON_PRETTY);
        sm_str_addc(&out, '\n');
    }

    const char *rewrite = getenv("SM_REWRITE");
    if (rewrite && *rewrite == '1') {
        FILE *file = fopen(golden, "wb");
        assert_non_null(file);
        fwrite(out.data, 1, out.bytes, file);
        fclose(file);
    }
    const char *text = read_file(&r, golden);
    assert_non_null(text);
    assert_string_equal(text, out.data);
    sm_region_release(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_and_plans_are_those_of_the_real_controller),
        cmocka_unit_test(objects_are_those_of_the_golden_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
