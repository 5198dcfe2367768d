/* The tasks that a node's sidecar does (seinode-controller.md 5.6). Each is posted under its id; the sidecar starts an id it
 * knows only if that has failed. Whatever goes wrong on the way is transient: the id is posted again in 5 s.
 *
 * Fire-and-forget kinds are complete once accepted. The others are asked after; an unfinished one is posted again at every
 * poll, before it is asked.
 */
#include "json.h"
#include "seictl.h"
#include "task.h"

/* --- Params as the wire has them; NULL: none ------------------------------------------------------------------------------- */

static sm_val restore(struct sm_node *node, sm_val params) {
    sm_val height = sm_val_get(params, "TargetHeight");
    return sm_val_is_int(height) && height->integer > 0 ? SM_MAP(node->r, "targetHeight", height) : NULL;
}

static sm_val state_sync(struct sm_node *node, sm_val params) {
    sm_val period = sm_val_get(params, "TrustPeriod"), blocks = sm_val_get(params, "BackfillBlocks");
    sm_val wire = SM_MAP(node->r, "useLocalSnapshot", sm_val_true_at(params, "UseLocalSnapshot") ? SM_TRUE : NULL, "trustPeriod",
                         *sm_val_text(period) ? period : NULL, "backfillBlocks", sm_val_is_int(blocks) && blocks->integer ? blocks : NULL);
    return sm_val_count(wire) ? wire : NULL;
}

static sm_val peers(struct sm_node *node, sm_val params) {
    return SM_MAP(node->r, "sources", sm_val_get(params, "Sources"));
}

static sm_val config(struct sm_node *node, sm_val params) {
    sm_val version = sm_val_get(params, "targetVersion");
    return SM_MAP(node->r, "mode", sm_val_get(params, "mode"), "incremental", sm_val_bool(sm_val_true_at(params, "incremental")),
                  "targetVersion", version ? version : sm_val_int(node->r, 0), "overrides", sm_val_get(params, "overrides"));
}

static sm_val identity(struct sm_node *node, sm_val params) {
    return SM_MAP(node->r, "chainId", sm_val_get(params, "ChainID"), "moniker", sm_val_get(params, "Moniker"));
}

static sm_val gentx(struct sm_node *node, sm_val params) {
    sm_val genesis = sm_val_get(params, "GenesisParams");
    return SM_MAP(node->r, "chainId", sm_val_get(params, "ChainID"), "stakingAmount", sm_val_get(params, "StakingAmount"), "accountBalance",
                  sm_val_get(params, "AccountBalance"), "genesisParams", *sm_val_text(genesis) ? genesis : NULL);
}

static sm_val upload(struct sm_node *node, sm_val params) {
    return SM_MAP(node->r, "nodeName", sm_val_get(params, "NodeName"));
}

static sm_val as_stored(struct sm_node *node, sm_val params) {
    (void)node;
    return sm_val_count(params) ? params : NULL;
}

/* --- What is checked before anything is sent; NULL: fine --------------------------------------------------------------------- */

static const char *missing(struct sm_node *node, const char *field) {
    return sm_region_printf(node->r, "missing required field %s", field);
}

static const char *check_source(struct sm_node *node, sm_val source) {
    /*   type           fields */
    static const char *const required[][3] = {
        {"ec2Tags", "region", "tags"}, {"static", "addresses", NULL}, {"dnsEndpoints", "endpoints", NULL}};
    static const char *const shown[][3] = {{"", "Region", "Tags"}, {"", "Addresses", NULL}, {"", "Endpoints", NULL}};
    sm_val type = sm_val_get(source, "type");
    for (size_t i = 0; i < 3; i++) {
        if (!sm_val_is_text(type, required[i][0]))
            continue;
        for (size_t k = 1; k < 3 && required[i][k]; k++) {
            sm_val field = sm_val_get(source, required[i][k]);
            if (!(sm_val_is_string(field) ? field->count : sm_val_count(field)))
                return missing(node, shown[i][k]);
        }
        return NULL;
    }
    return sm_region_printf(node->r, "unknown source type \"%s\"", sm_val_text(type));
}

static const char *check_peers(struct sm_node *node, sm_val params) {
    sm_val sources = sm_val_get(params, "Sources"), source;
    if (!sm_val_count(sources))
        return "at least one source is required";
    SM_EACH_ITEM(source, sources) {
        const char *wrong = check_source(node, source);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static const char *check_fields(struct sm_node *node, sm_val params, const char *const *fields) {
    for (; *fields; fields++)
        if (!*sm_val_text(sm_val_get(params, *fields)))
            return missing(node, *fields);
    return NULL;
}

static const char *check_identity(struct sm_node *node, sm_val params) {
    return check_fields(node, params, (const char *const[]){"ChainID", "Moniker", NULL});
}

static const char *check_gentx(struct sm_node *node, sm_val params) {
    return check_fields(node, params, (const char *const[]){"ChainID", "StakingAmount", "AccountBalance", NULL});
}

static const char *check_upload(struct sm_node *node, sm_val params) {
    return check_fields(node, params, (const char *const[]){"NodeName", NULL});
}

static const char *check_config(struct sm_node *node, sm_val params) {
    static const char *const modes[] = {"full", "archive", "validator", "seed", "rpc", "indexer"};
    sm_val mode = sm_val_get(params, "mode");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (sm_val_is_text(mode, modes[i]))
            return NULL;
    return sm_region_printf(node->r, "unknown mode \"%s\"", sm_val_text(mode));
}

/*   type                           on the wire  checked */
static const struct {
    const char *type;
    sm_val (*wire)(struct sm_node *node, sm_val params);
    const char *(*check)(struct sm_node *node, sm_val params);
} forms[] = {
    {"snapshot-restore", restore, NULL},
    {"configure-state-sync", state_sync, NULL},
    {"discover-peers", peers, check_peers},
    {"config-apply", config, check_config},
    {"generate-identity", identity, check_identity},
    {"generate-gentx", gentx, check_gentx},
    {"upload-genesis-artifacts", upload, check_upload},
};

/* --- The task ---------------------------------------------------------------------------------------------------------------- */

struct sm_task_result sm_sidecar_submit(struct sm_node *node, const struct sm_task *task) {
    size_t i = 0, count = sizeof forms / sizeof *forms;
    while (i < count && strcmp(forms[i].type, task->type) != 0)
        i++;
    if (!sm_uuid_valid(task->id))
        return sm_task_retry(node, "submitting %s: task ID must be a valid UUID: \"%s\"", task->type, task->id);
    const char *wrong = i < count && forms[i].check ? forms[i].check(node, task->params) : NULL;
    if (wrong)
        return sm_task_retry(node, "validating %s: %s", task->type, wrong);
    sm_val params = i < count ? forms[i].wire(node, task->params) : as_stored(node, task->params);
    const char *error = sm_seictl_submit(node, task->type, task->id, params);
    return error ? sm_task_retry(node, "submitting %s: %s", task->type, error) : sm_task_running();
}

struct sm_task_result sm_sidecar_post(struct sm_node *node, const struct sm_task *task) {
    struct sm_task_result result = sm_sidecar_submit(node, task);
    return result.kind == SM_TASK_RUNNING ? sm_task_done() : result;
}

struct sm_task_result sm_sidecar_status(struct sm_node *node, const struct sm_task *task) {
    const char *error;
    switch (sm_seictl_task(node, task->id, &error)) {
    case SM_SEICTL_COMPLETED:
        return sm_task_done();
    case SM_SEICTL_FAILED:
        return sm_task_failed(node, "%s", error);
    default:
        return sm_task_running();
    }
}
