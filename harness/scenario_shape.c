#include "scenario_shape.h"

#include "network.h"
#include "profile.h"
#include "verdict.h"

#define FIELDS (const struct sm_shape_field[])
#define WAYS (const struct sm_shape *const[])
#define END \
    { NULL, NULL, NULL, false }

/* --- Simple ones ------------------------------------------------------------------------------------------------------------ */

static const struct sm_shape text = {.kind = SM_SHAPE_TEXT};
static const struct sm_shape boolean = {.kind = SM_SHAPE_BOOL};
static const struct sm_shape duration = {.kind = SM_SHAPE_DURATION, .name = "duration"};
static const struct sm_shape duration_or_never = {.kind = SM_SHAPE_DURATION, .names = (const char *const[]){"never", NULL}};
static const struct sm_shape object = {.kind = SM_SHAPE_OBJECT};
static const struct sm_shape count = {.kind = SM_SHAPE_INT, .min = 1, .max = 1000000};
static const struct sm_shape count_or_zero = {.kind = SM_SHAPE_INT, .min = 0, .max = 1000000};
static const struct sm_shape code = {.kind = SM_SHAPE_INT, .min = 100, .max = 599};
static const struct sm_shape exit_code = {.kind = SM_SHAPE_INT, .min = 0, .max = 255};
static const struct sm_shape seed = {.kind = SM_SHAPE_INT, .min = 0, .max = INT64_MAX};
static const struct sm_shape target = {
    .kind = SM_SHAPE_TEXT, .name = "target", .example = "kind/name or kind/namespace/name, like seinode/n-1"};
static const struct sm_shape cache = {.kind = SM_SHAPE_TEXT, .example = "client/resource, like seinode-controller/pods"};

static const struct sm_shape profile = {
    .kind = SM_SHAPE_NAME, .name = "profile", .names = (const char *const[]){"before", "first-cut", "reviewed", "on-delete", "merged", "hardened", NULL}};
static const struct sm_shape next_profile = {
    .kind = SM_SHAPE_NAME,
    .names = (const char *const[]){"before", "first-cut", "reviewed", "on-delete", "merged", "hardened", "under-test", NULL}};
static const struct sm_shape verdict = {
    .kind = SM_SHAPE_NAME,
    .name = "verdict",
    .names = (const char *const[]){
#define X(id, name, about) name,
        SM_VERDICTS(X)
#undef X
            NULL}};
static const struct sm_shape fault = {
    .kind = SM_SHAPE_NAME,
    .names = (const char *const[]){"conflict", "lose-answer", "lose-request", "error", "delay", "delay-answer", "crash-before", "crash-after",
                                    "crash-amid", "pause-before", "pause-after", NULL}};
static const struct sm_shape safeguard = {
    .kind = SM_SHAPE_NAME,
    .names = (const char *const[]){
#define X(id, name, why) name,
        SM_SAFEGUARDS(X)
#undef X
            "none", NULL}};
static const struct sm_shape use = {.kind = SM_SHAPE_NAME, .names = (const char *const[]){"seinode", NULL}};

/* --- Objects ------------------------------------------------------------------------------------------------------------------ */

static const struct sm_shape file_or_manifest = {.kind = SM_SHAPE_OBJECT, .example = "a manifest, or {file: path}"};
static const struct sm_shape manifests = {.kind = SM_SHAPE_LIST, .element = &file_or_manifest};
static const struct sm_shape manifests_or_one = {
    .kind = SM_SHAPE_ONE_OF, .name = "manifests", .ways = WAYS{&manifests, &file_or_manifest, NULL}};

/* Objects by target, each with the partial object that it must match. */
static const struct sm_shape expected = {
    .kind = SM_SHAPE_NAMED, .name = "objects", .element = &object, .example = "a map of kind/name to a partial object"};

/* --- Calls and triggers --------------------------------------------------------------------------------------------------------- */

#define CALL_FIELDS \
    {"client", &text, "who calls: seinode-controller, statefulset-controller, kubelet …; `*` matches any part", false}, \
        {"verb", &text, "get, list, create, update, patch, apply, delete; of the sidecar GET or POST", false}, \
        {"resource", &text, "pods, statefulsets/status …; or the service sidecar", false}, {"namespace", &text, "of the object", false}, \
        {"name", &text, "of the object; of the sidecar the path, like /v0/tasks", false}, { \
        "body", &object, "a partial object that the body must match", false \
    }

static const struct sm_shape call = {.kind = SM_SHAPE_MAP, .name = "call", .fields = FIELDS{CALL_FIELDS, END}};

static const struct sm_shape when_sent = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"sent", &call, "a call like this leaves its client", false}, {"nth", &count, "the n-th such call from now on", false}, END}};
static const struct sm_shape when_committed = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"committed", &call, "the server has answered a call like this, its client has not heard of it", false},
                     {"nth", &count, "the n-th such call from now on", false}, END}};
static const struct sm_shape when_answered = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"answered", &call, "the answer of a call like this reaches its client", false},
                     {"nth", &count, "the n-th such call from now on", false}, END}};
static const struct sm_shape when_matches = {
    .kind = SM_SHAPE_MAP, .fields = FIELDS{{"matches", &expected, "the store comes to match", false}, END}};
static const struct sm_shape when = {.kind = SM_SHAPE_ONE_OF, .name = "when",
                                     .ways = WAYS{&when_sent, &when_committed, &when_answered, &when_matches, NULL}};

/* --- Steps ------------------------------------------------------------------------------------------------------------------------ */

#define STEP_FIELDS \
    {"when", &when, "wait for this before doing it; the scenario is vacuous if it never happens", false}, \
        {"after", &duration, "wait so long before doing it", false}, \
        {"disturbs", &boolean, "it is what goes wrong, and left out of a control run", false}, END

#define STEP(name, ...) static const struct sm_shape name = {.kind = SM_SHAPE_MAP, .fields = FIELDS{__VA_ARGS__, STEP_FIELDS}}

static const struct sm_shape patch_type = {.kind = SM_SHAPE_NAME, .names = (const char *const[]){"merge", "strategic", "json", NULL}};
static const struct sm_shape patch_body = {.kind = SM_SHAPE_ONE_OF,
                                           .ways = WAYS{&object, &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &object}, NULL}};
static const struct sm_shape propagation = {.kind = SM_SHAPE_NAME,
                                            .names = (const char *const[]){"Background", "Foreground", "Orphan", NULL}};
static const struct sm_shape held_cache = {.kind = SM_SHAPE_MAP, .fields = FIELDS{{"cache", &cache, "client/resource", false}, END}};
static const struct sm_shape held_call = {.kind = SM_SHAPE_MAP,
                                          .fields = FIELDS{{"call", &call, "calls like this wait on their way to the server", false}, END}};
static const struct sm_shape held = {.kind = SM_SHAPE_ONE_OF, .name = "held", .ways = WAYS{&held_cache, &held_call, NULL}};
static const struct sm_shape answers = {.kind = SM_SHAPE_ONE_OF,
                                        .ways = WAYS{&code, &(const struct sm_shape){.kind = SM_SHAPE_NAME,
                                                                                     .names = (const char *const[]){"usual", "hangs", NULL}},
                                                     NULL}};
static const struct sm_shape node_state = {.kind = SM_SHAPE_NAME, .names = (const char *const[]){"dies", "returns", NULL}};

STEP(step_apply, {"apply", &manifests_or_one, "manifests, as kubectl apply --server-side --force-conflicts", false});
STEP(step_patch, {"patch", &target, "the object", false}, {"with", &patch_body, "the patch", true},
     {"type", &patch_type, "merge unless said", false}, {"subresource", &text, "status, scale …", false});
STEP(step_delete, {"delete", &target, "the object", false}, {"grace", &duration, "grace period", false},
     {"propagation", &propagation, "Background unless said", false});
STEP(step_scale, {"scale", &target, "the object", false}, {"replicas", &count_or_zero, "how many", true});
STEP(step_restart, {"restart-controller", &text, "its name: its process ends, another starts", false},
     {"profile", &next_profile, "an upgrade: the new process is of this profile; under-test: the run's", false},
     {"down", &duration, "until the new process lists", false}, {"stale", &duration, "its first lists are so old", false},
     {"catches-up-after", &duration, "and its watches bring nothing for so long", false});
STEP(step_hold, {"hold", &held, "from now on nothing arrives", false});
STEP(step_release, {"release", &held, "what was held arrives", false});
STEP(step_relist, {"relist", &cache, "its watch breaks and it lists anew: states in between are lost", false},
     {"stale", &duration, "the list is so old", false});
STEP(step_advance, {"advance", &duration, "the rest of the world goes on for so long", false});
STEP(step_wait, {"wait", &expected, "until the store matches; vacuous if it never does", false},
     {"within", &duration, "at most so long", false});
STEP(step_assert, {"assert", &expected, "must come to match, and those after the last step must match at the end", false},
     {"within", &duration, "at most so long", false});
STEP(step_never, {"never", &expected, "must not match from now on", false});
STEP(step_exit, {"exit", &target, "the pod", false}, {"container", &text, "whose process ends", true},
     {"code", &exit_code, "1 unless said", false});
STEP(step_ready, {"ready", &target, "the pod", false}, {"container", &text, "whose readiness changes", true},
     {"is", &boolean, "ready or not", true});
STEP(step_sidecar, {"sidecar", &target, "the pod", false}, {"answers", &answers, "code of its health endpoint from now on", true});
STEP(step_node, {"node", &text, "its name", false}, {"state", &node_state, "dies or returns", true});

static const struct sm_shape step = {
    .kind = SM_SHAPE_ONE_OF,
    .ways = WAYS{&step_apply, &step_patch, &step_delete, &step_scale, &step_restart, &step_hold, &step_release, &step_relist, &step_advance,
                 &step_wait, &step_assert, &step_never, &step_exit, &step_ready, &step_sidecar, &step_node, NULL}};

/* --- The world -------------------------------------------------------------------------------------------------------------------- */

static const struct sm_shape latency_rule = {
    .kind = SM_SHAPE_MAP, .fields = FIELDS{CALL_FIELDS, {"takes", &duration, "there and back", true}, END}};
static const struct sm_shape latency = {
    .kind = SM_SHAPE_ONE_OF, .ways = WAYS{&duration, &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &latency_rule}, NULL}};
static const struct sm_shape lag = {
    .kind = SM_SHAPE_ONE_OF, .ways = WAYS{&duration, &(const struct sm_shape){.kind = SM_SHAPE_NAMED, .element = &duration}, NULL}};
static const struct sm_shape image = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"image", &text, "the reference; `*` matches any part", true},
                     {"pull", &duration_or_never, "from bound to pulled", false},
                     {"start", &duration, "from pulled to running", false},
                     {"ready", &duration_or_never, "from running to ready", false},
                     {"crash-after", &duration, "from running to its exit", false},
                     {"exit-code", &exit_code, "of that exit; 1 unless said", false},
                     {"stop", &duration, "from SIGTERM to its exit", false},
                     END}};
static const struct sm_shape sidecar_rule = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"task", &text, "its type, like config-apply; any unless said", false},
                     {"pod", &text, "its pod, like n-1-0; any unless said", false},
                     {"takes", &duration, "until it completes", false},
                     {"error", &text, "it fails with this text", false},
                     {"times", &count, "only the first so many fail", false},
                     END}};
static const struct sm_shape fault_rule = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"fault", &fault, "what goes wrong", true},
                     CALL_FIELDS,
                     {"nth", &count, "the n-th such call is the first that is hit; 1 unless said", false},
                     {"times", &count_or_zero, "how many in a row; 1 unless said, 0 is all", false},
                     {"code", &code, "of an error; 500 unless said", false},
                     {"message", &text, "of an error", false},
                     {"delay", &duration, "of a delay; of a loss: until the client notices", false},
                     END}};
static const struct sm_shape rbac = {.kind = SM_SHAPE_NAME, .names = (const char *const[]){"full", "profile", NULL}};
static const struct sm_shape kubernetes = {.kind = SM_SHAPE_NAME,
                                           .names = (const char *const[]){"1.33", "1.37", NULL},
                                           .example = "one of \"1.33\", \"1.37\", in quotes"};
static const struct sm_shape start = {.kind = SM_SHAPE_NAME, .names = (const char *const[]){"settled", "at-once", NULL}};
static const struct sm_shape budget = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"events", &(const struct sm_shape){.kind = SM_SHAPE_INT, .min = 1, .max = 1000000000}, "100000 unless said", false},
                     {"time", &duration, "virtual; 24h unless said", false},
                     END}};
static const struct sm_shape world = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"lag", &lag, "of every cache, or by client/resource", false},
                     {"latency", &latency, "of every call, or by rules", false},
                     {"faults", &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &fault_rule}, "by rule", false},
                     {"choices", &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &text},
                      "what else goes another way than usual, as lines of a schedule; searches choose for themselves", false},
                     {"images", &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &image}, "how containers of an image behave", false},
                     {"sidecar", &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &sidecar_rule}, "how its tasks go", false},
                     {"probes", &duration, "every probe runs so often, from the start on, and one answer counts; as each pod says unless said",
                      false},
                     {"rbac", &rbac, "what the controller may do: all, or what its profile's ClusterRole says (profile unless said)", false},
                     {"kubernetes", &kubernetes, "\"1.33\" unless said", false},
                     {"start", &start, "steps begin when the cluster is at rest (settled), or at once", false},
                     {"seed", &seed, "of ids that look random", false},
                     {"budget", &budget, "what a run may take", false},
                     END}};

/* --- The whole ---------------------------------------------------------------------------------------------------------------------- */

static const struct sm_shape controller = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"use", &use, "which controller", true},
                     {"name", &text, "of its client, if there are several", false},
                     {"profile", &profile, "the run's unless said", false},
                     END}};
static const struct sm_shape expectation = {
    .kind = SM_SHAPE_MAP,
    .name = "expectation",
    .fields = FIELDS{{"verdict", &verdict, "how the run must end", true},
                     {"why", &text, "what a reader learns from it", true},
                     {"reason", &text, "what the verdict's reason must match; `*` matches any part", false},
                     END}};
#define PROFILE(name) \
    { name, &expectation, "under this profile", false }
static const struct sm_shape expect = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"before", &expectation, "under this profile", true},
                     {"first-cut", &expectation, "under this profile", true},
                     {"reviewed", &expectation, "under this profile", true},
                     {"on-delete", &expectation, "under this profile", true},
                     {"merged", &expectation, "under this profile", true},
                     {"hardened", &expectation, "converges unless said", false},
                     END}};
static const struct sm_shape control = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{PROFILE("before"), PROFILE("first-cut"), PROFILE("reviewed"), PROFILE("on-delete"), PROFILE("merged"),
                     PROFILE("hardened"), END}};

const struct sm_shape sm_scenario_shape = {
    .kind = SM_SHAPE_MAP,
    .fields = FIELDS{{"about", &text, "what happens and why, for a reader", true},
                     {"safeguard", &safeguard, "the one that this scenario is about: without it, its verdict changes; none: about says why", false},
                     {"controllers", &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &controller, .min = 1},
                      "under test; one SeiNode controller of the run's profile unless said", false},
                     {"given", &manifests_or_one, "manifests that exist from the start", false},
                     {"world", &world, "what it is like: lag, latency, faults …", false},
                     {"steps", &(const struct sm_shape){.kind = SM_SHAPE_LIST, .element = &step}, "what happens, one after the other", false},
                     {"properties", &(const struct sm_shape){.kind = SM_SHAPE_NAMED, .element = &boolean},
                      "switches a property off (all are on) or on", false},
                     {"expect", &expect, "how it must end, by profile", true},
                     {"control", &control, "how it must end without its lag, faults and disturbances; converges unless said", false},
                     END}};

sm_val sm_scenario_schema(struct sm_region *r) {
    return sm_shape_schema(r, &sm_scenario_shape, "scenario.schema.json", "A scenario of stalemate");
}
