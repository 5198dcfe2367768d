/* validate-signing-key and validate-node-key: the Secret is there and holds a key of the right shape (5.5). */
#include "base64.h"
#include "conditions.h"
#include "json.h"
#include "task.h"

struct key {
    enum sm_subject subject;
    const char *type, *file, *what;
    bool signing;
};

static const struct key signing_key = {SM_SUBJECT_SIGNING_KEY, "validate-signing-key", "priv_validator_key.json", "Tendermint validator key",
                                       true};
static const struct key node_key = {SM_SUBJECT_NODE_KEY, "validate-node-key", "node_key.json", "Tendermint node key", false};

static bool has_pair(sm_val key, const char *field) {
    sm_val pair = sm_val_get(key, field);
    return *sm_val_text(sm_val_get(pair, "type")) && *sm_val_text(sm_val_get(pair, "value"));
}

/* NULL, or what is wrong with the file. */
static const char *shape(struct sm_node *node, const struct key *kind, const char *text, size_t bytes) {
    struct sm_json_error error;
    sm_val key = sm_json_parse(node->r, text, bytes, NULL, &error);
    if (!key)
        return sm_region_printf(node->r, "not valid JSON: %s", error.message);
    if (!sm_val_is_map(key))
        return "not valid JSON: not an object";
    if (kind->signing && !*sm_val_text(sm_val_get(key, "address")))
        return "missing address";
    if (kind->signing && !has_pair(key, "pub_key"))
        return "missing pub_key.type or pub_key.value";
    return has_pair(key, "priv_key") ? NULL : "missing priv_key.type or priv_key.value";
}

static struct sm_task_result found(struct sm_node *node, const struct key *key, enum sm_finding finding, const char *name,
                                   const char *message) {
    sm_conditions_found(node, key->subject, finding, name, message);
    if (finding == SM_FINDING_INVALID)
        return sm_task_terminal(node, "%s", message);
    return finding == SM_FINDING_VALID ? sm_task_done() : sm_task_running();
}

static struct sm_task_result validate(struct sm_node *node, const struct sm_task *task, const struct key *key) {
    struct sm_region *r = node->r;
    const char *name = sm_val_text(sm_val_get(task->params, "secretName"));
    if (!*name)
        return sm_task_terminal(node, "%s: secretName is empty", key->type);
    sm_val secret = sm_ctx_cached_get(node->ctx, SM_SECRETS, node->name_space, name);
    if (!secret)
        return found(node, key, SM_FINDING_NOT_READY, name,
                     sm_region_printf(r, "secret \"%s\" not found in namespace \"%s\"", name, node->name_space));
    if (sm_meta_deleting(secret))
        return found(node, key, SM_FINDING_NOT_READY, name,
                     sm_region_printf(r, "secret \"%s\" is being deleted (deletionTimestamp=%s)", name,
                                      sm_val_str_at(secret, "metadata.deletionTimestamp")));

    size_t bytes = 0;
    const char *encoded = sm_val_text(sm_val_get(sm_val_get(secret, "data"), key->file));
    const char *text = sm_base64_decode(r, encoded, strlen(encoded), &bytes, NULL);
    if (!text || !bytes)
        return found(node, key, SM_FINDING_INVALID, name,
                     sm_region_printf(r, "secret \"%s\" missing required data key \"%s\"", name, key->file));
    const char *why = shape(node, key, text, bytes);
    if (why)
        return found(node, key, SM_FINDING_INVALID, name,
                     sm_region_printf(r, "secret \"%s\" data key \"%s\" is not a valid %s: %s", name, key->file, key->what, why));
    return found(node, key, SM_FINDING_VALID, name, NULL);
}

struct sm_task_result sm_validate_signing_key(struct sm_node *node, const struct sm_task *task) {
    return validate(node, task, &signing_key);
}

struct sm_task_result sm_validate_node_key(struct sm_node *node, const struct sm_task *task) {
    return validate(node, task, &node_key);
}
