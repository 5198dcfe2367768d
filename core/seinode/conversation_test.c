/* Conversations with the tasks and the planner, as text, in testdata.
 *
 *      === what it is about
 *      task replace-pod                       a plan whose only unfinished task this is
 *      params {…}                             its params
 *      node, set, pod, pvc, secret {…}        the usual object, with a merge patch put on it; several of a kind are fine
 *      cached|stored KIND {…}                 only in caches, only in the store
 *      no KIND                                there is none
 *      answer CALL CODE [{…}]                 what a call is answered, instead of what is usual
 *      passes N
 *      profiles NAME…                         all but `before`, if not said
 *      --- profile…                           what those profiles do, line by line
 *
 * SM_REWRITE=1 in the environment writes what was heard into the files: review the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "plan.h"
#include "seinode.h"
#include "talk.h"

static const char plan_id[] = "00000000-0000-4000-8000-000000000001";

/* --- The usual objects --------------------------------------------------------------------------------------------------- */

/*   kind    object */
static const char *const usual[][2] = {
    {"node", "{'apiVersion':'sei.io/v1alpha1','kind':'SeiNode','metadata':{'name':'n-1','namespace':'default','uid':'node-uid-1',"
             "'generation':2,'finalizers':['sei.io/seinode-finalizer']},"
             "'spec':{'chainId':'sei-test','image':'seid:v2','fullNode':{}},"
             "'status':{'phase':'Running','currentImage':'seid:v1','conditions':[{'type':'SidecarReady','status':'True','reason':'Ready',"
             "'message':'sidecar returned 200','observedGeneration':2,'lastTransitionTime':'2026-01-01T00:00:00Z'}]}}"},
    {"set", "{'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'name':'n-1','namespace':'default','uid':'sts-uid-1','generation':1},"
            "'spec':{'replicas':1,'selector':{'matchLabels':{'sei.io/node':'n-1'}},"
            "'template':{'spec':{'containers':[{'name':'seid','image':'seid:v2'}]}}},"
            "'status':{'observedGeneration':1,'replicas':1,'currentRevision':'old-rev','updateRevision':'new-rev'}}"},
    {"pod", "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'n-1-0','namespace':'default','uid':'pod-uid-1',"
            "'labels':{'sei.io/node':'n-1','controller-revision-hash':'old-rev'},"
            "'ownerReferences':[{'apiVersion':'apps/v1','kind':'StatefulSet','name':'n-1','uid':'sts-uid-1','controller':true}]},"
            "'spec':{'containers':[{'name':'seid','image':'seid:v1'}]},'status':{'phase':'Running'}}"},
    {"pvc", "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'data-n-1','namespace':'default','uid':'pvc-uid-1',"
            "'ownerReferences':[{'apiVersion':'sei.io/v1alpha1','kind':'SeiNode','name':'n-1','uid':'node-uid-1','controller':true}]},"
            "'spec':{'accessModes':['ReadWriteOnce'],'volumeName':'pv-1'},"
            "'status':{'phase':'Bound','capacity':{'storage':'2000Gi'}}}"},
    {"pv", "{'apiVersion':'v1','kind':'PersistentVolume','metadata':{'name':'pv-1','uid':'pv-uid-1'},"
           "'spec':{'capacity':{'storage':'2000Gi'}},'status':{'phase':'Bound'}}"},
    {"secret", "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'sk','namespace':'default','uid':'secret-uid-1'},'data':{}}"},
    {"job", "{'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'n-1-bootstrap','namespace':'default','uid':'job-uid-1'}}"},
    {"service", "{'apiVersion':'v1','kind':'Service','metadata':{'name':'n-1','namespace':'default','uid':'service-uid-1'}}"},
};
enum { KIND_COUNT = sizeof usual / sizeof *usual };

static size_t kind_of(const char *name) {
    size_t i = 0;
    while (i < KIND_COUNT && strcmp(usual[i][0], name) != 0)
        i++;
    if (i == KIND_COUNT)
        fail_msg("there is no kind %s", name);
    return i;
}

/* --- What is written behind calls ------------------------------------------------------------------------------------------ */

static void describe_plan(struct sm_str *out, sm_val plan) {
    sm_val task;
    if (!plan)
        return;
    if (sm_val_is_null(plan)) {
        sm_str_add(out, " plan=null");
        return;
    }
    sm_str_addf(out, " plan[%s", sm_val_str_at(plan, "phase"));
    SM_EACH_ITEM(task, sm_val_get(plan, "tasks")) {
        const char *status = sm_val_str_at(task, "status"), *error = sm_val_str_at(task, "error");
        sm_str_addf(out, "%s%s=%c", out->data[out->bytes - 1] == '[' ? "" : " ", sm_val_str_at(task, "type"), *status);
        if (sm_val_get(task, "retryCount"))
            sm_str_addf(out, "(retry %lld of %lld)", (long long)sm_val_int_at(task, "retryCount", 0),
                        (long long)sm_val_int_at(task, "maxRetries", 0));
        if (*error)
            sm_str_addf(out, "(%s)", error);
    }
    sm_str_addc(out, ']');
}

static const char *describe(struct sm_region *r, const struct sm_request *request) {
    struct sm_str out;
    sm_val condition, peer;
    sm_str_init(&out, r);
    if (request->verb == SM_DELETE) {
        const char *uid = sm_val_str_at(request->body, "preconditions.uid"), *how = sm_val_str_at(request->body, "propagationPolicy");
        return *uid ? sm_region_printf(r, "if uid %s", uid) : how;
    }
    if (request->verb != SM_PATCH || request->patch == SM_PATCH_APPLY)
        return "";
    sm_val status = sm_val_get(request->body, "status");
    if (sm_val_get(status, "phase"))
        sm_str_addf(&out, " phase=%s", sm_val_str_at(status, "phase"));
    if (sm_val_get(status, "currentImage"))
        sm_str_addf(&out, " currentImage=%s", sm_val_str_at(status, "currentImage"));
    SM_EACH_ITEM(peer, sm_val_get(status, "resolvedPeers"))
        sm_str_addf(&out, " peer=%s", sm_val_text(peer));
    describe_plan(&out, sm_val_get(status, "plan"));
    SM_EACH_ITEM(condition, sm_val_get(status, "conditions"))
        if (!sm_val_is_text(sm_val_get(condition, "message"), "sidecar returned 200"))
            sm_str_addf(&out, " %s=%s/%s{%s}", sm_val_str_at(condition, "type"), sm_val_str_at(condition, "status"),
                        sm_val_str_at(condition, "reason"), sm_val_str_at(condition, "message"));
    return out.bytes ? out.data + 1 : "";
}

/* --- A case ---------------------------------------------------------------------------------------------------------------- */

enum { LINES_MAX = 64 };

struct conversation {
    const char *title;
    char *lines[LINES_MAX];
    size_t count;
};

/* Splits off the first word. */
static char *word(char **text) {
    char *start = *text + strspn(*text, " ");
    size_t bytes = strcspn(start, " ");
    *text = start + bytes;
    if (**text)
        *(*text)++ = '\0';
    *text += strspn(*text, " ");
    return start;
}

static sm_val object_of(struct sm_region *r, size_t kind, const char *patch) {
    sm_val object = sm_json_literal(r, usual[kind][1]);
    return *patch ? sm_val_merge_patch(r, object, sm_json_literal(r, patch)) : object;
}

static sm_val plan_of(struct sm_region *r, const char *type, const char *params) {
    static const char apply[] = "{'type':'apply-statefulset','id':'e4933949-173c-5ddf-9998-02b3be925a43','status':'Complete',"
                                "'submittedAt':'2026-01-01T00:00:00Z','params':{'image':'seid:v2'}}";
    char id[SM_UUID_BYTES];
    sm_plan_task_id(id, plan_id, type, 1);
    sm_val task = SM_MAP(r, "type", sm_val_str(r, type), "id", sm_val_str(r, id), "status", sm_val_str(r, "Pending"), "params",
                         *params ? sm_json_literal(r, params) : SM_EMPTY_MAP);
    return SM_MAP(r, "id", sm_val_str(r, plan_id), "phase", sm_val_str(r, "Active"), "targetPhase", sm_val_str(r, "Running"), "tasks",
                  SM_LIST(r, sm_json_literal(r, apply), task));
}

static const char *talk_as(struct sm_region *r, const struct conversation *conversation, const struct sm_profile *profile) {
    struct sm_talk talk;
    bool said[KIND_COUNT] = {false};
    const char *task = "", *params = "", *node = "";
    bool stored_node = false; /* another one than the cache shows */
    uint32_t passes = 1;
    const struct sm_seinode_options *options = sm_seinode_options_new(r, profile, &sm_seinode_platform_fixture);
    sm_talk_init(&talk, &sm_seinode_controller, options);
    talk.describe = describe;

    for (size_t i = 0; i < conversation->count; i++) {
        char *line = sm_region_strdup(r, conversation->lines[i]), *first = word(&line);
        if (!strcmp(first, "task")) {
            task = line;
        } else if (!strcmp(first, "params")) {
            params = line;
        } else if (!strcmp(first, "passes")) {
            passes = (uint32_t)atoi(line);
        } else if (!strcmp(first, "profiles")) {
        } else if (!strcmp(first, "node")) {
            node = line;
        } else if (!strcmp(first, "no")) {
            said[kind_of(line)] = true;
        } else if (!strcmp(first, "answer")) {
            char *verb = word(&line), *what = word(&line), *code = word(&line);
            sm_talk_answer(&talk, sm_region_printf(r, "%s %s", verb, what), atoi(code), *line ? sm_json_literal(r, line) : SM_EMPTY_MAP);
        } else {
            bool cached = !strcmp(first, "cached"), stored = !strcmp(first, "stored");
            size_t kind = kind_of(cached || stored ? word(&line) : first);
            sm_val object = object_of(r, kind, line);
            said[kind] = true;
            stored_node |= stored && !strcmp(usual[kind][0], "node");
            (cached ? sm_talk_cached : stored ? sm_talk_stored : sm_talk_given)(&talk, object);
        }
    }

    sm_val object = object_of(r, kind_of("node"), node);
    if (*task)
        object = sm_val_set_at(r, object, "status.plan", plan_of(r, task, params));
    (stored_node ? sm_talk_cached : sm_talk_given)(&talk, object);
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        if (!said[kind] && (!strcmp(usual[kind][0], "set") || !strcmp(usual[kind][0], "pod")))
            sm_talk_given(&talk, object_of(r, kind, ""));

    const char *heard = sm_region_strdup(r, sm_talk_run(&talk, passes));
    sm_talk_release(&talk);
    return heard;
}

/* Profiles that do the same stand together, in order of history. */
static void add_outcomes(struct sm_region *r, struct sm_str *out, const struct conversation *conversation) {
    const char *heard[SM_PROFILE_COUNT] = {NULL};
    const char *profiles = "first-cut reviewed on-delete merged hardened";
    for (size_t i = 0; i < conversation->count; i++)
        if (!strncmp(conversation->lines[i], "profiles ", 9))
            profiles = conversation->lines[i] + 9;
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        if (strstr(profiles, sm_profiles[i].name))
            heard[i] = talk_as(r, conversation, &sm_profiles[i]);
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++) {
        if (!heard[i])
            continue;
        sm_str_addf(out, "--- %s", sm_profiles[i].name);
        for (size_t k = i + 1; k < SM_PROFILE_COUNT; k++)
            if (heard[k] && !strcmp(heard[k], heard[i])) {
                sm_str_addf(out, " %s", sm_profiles[k].name);
                heard[k] = NULL;
            }
        sm_str_addf(out, "\n%s", heard[i]);
    }
}

/* --- Files ----------------------------------------------------------------------------------------------------------------- */

static char *read_file(struct sm_region *r, const char *path, size_t *ret_bytes) {
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot read %s", path);
    fseek(file, 0, SEEK_END);
    size_t bytes = (size_t)ftell(file);
    rewind(file);
    char *text = sm_region_alloc(r, bytes + 1);
    *ret_bytes = fread(text, 1, bytes, file);
    text[*ret_bytes] = '\0';
    fclose(file);
    return text;
}

static void finish(struct sm_region *r, struct sm_str *out, const struct conversation *conversation) {
    if (conversation->title)
        add_outcomes(r, out, conversation);
}

/* The file's text as it should be: what is given as it stands, what is heard anew. */
static const char *replay(struct sm_region *r, const char *text) {
    struct sm_str out;
    struct conversation conversation = {0};
    bool given = true;
    sm_str_init(&out, r);
    for (char *line = sm_region_strdup(r, text), *next; *line; line = next) {
        next = strchr(line, '\n');
        *next++ = '\0';
        bool blank = !*line, comment = *line == '#';
        if (!strncmp(line, "=== ", 4)) {
            conversation = (struct conversation){.title = line + 4};
            given = true;
        } else if (!strncmp(line, "---", 3)) {
            if (given)
                finish(r, &out, &conversation);
            given = false;
        } else if (given && !blank && !comment) {
            assert_true(conversation.count < LINES_MAX);
            conversation.lines[conversation.count++] = line;
        }
        if (given || blank || comment)
            sm_str_addf(&out, "%s\n", line);
    }
    return out.data;
}

static void check(const char *path) {
    struct sm_region r;
    size_t bytes;
    sm_region_init(&r, "conversation", 0);
    const char *text = read_file(&r, path, &bytes);
    const char *heard = replay(&r, text);
    const char *rewrite = getenv("SM_REWRITE");
    if (rewrite && *rewrite == '1') {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fwrite(heard, 1, strlen(heard), file);
        fclose(file);
    } else if (strcmp(text, heard) != 0) {
        size_t at = 0, line = 1;
        for (; text[at] == heard[at]; at++)
            line += text[at] == '\n';
        while (at && text[at - 1] != '\n')
            at--;
        fail_msg("%s:%zu: was\n%.*s\nis\n%.*s", path, line, (int)strcspn(text + at, "\n"), text + at, (int)strcspn(heard + at, "\n"),
                 heard + at);
    }
    sm_region_release(&r);
}

static void replace_pod(void **state) {
    (void)state;
    check("testdata/replace_pod.txt");
}

static void observe_image(void **state) {
    (void)state;
    check("testdata/observe_image.txt");
}

static void data_claims(void **state) {
    (void)state;
    check("testdata/ensure_data_pvc.txt");
}

static void keys(void **state) {
    (void)state;
    check("testdata/validate_keys.txt");
}

static void sidecar_tasks(void **state) {
    (void)state;
    check("testdata/sidecar_task.txt");
}

static void bootstrap(void **state) {
    (void)state;
    check("testdata/bootstrap.txt");
}

static void planner(void **state) {
    (void)state;
    check("testdata/planner.txt");
}

static void passes(void **state) {
    (void)state;
    check("testdata/reconcile.txt");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replace_pod), cmocka_unit_test(observe_image), cmocka_unit_test(data_claims), cmocka_unit_test(keys),
        cmocka_unit_test(sidecar_tasks), cmocka_unit_test(bootstrap), cmocka_unit_test(planner), cmocka_unit_test(passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
