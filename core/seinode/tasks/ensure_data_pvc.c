/* ensure-data-pvc: makes the claim of the data volume, or checks the one that the spec imports (seinode-controller.md 5.2). */
#include "conditions.h"
#include "quantity.h"
#include "resources.h"
#include "str.h"
#include "task.h"

/* --- Our own ------------------------------------------------------------------------------------------------------------- */

static struct sm_task_result create(struct sm_node *node) {
    const struct sm_reply *reply = sm_ctx_create(node->ctx, SM_PVCS, node->name_space, sm_data_claim(node));
    if (sm_reply_ok(reply))
        return sm_task_done();
    if (sm_reply_is(reply, "AlreadyExists"))
        return sm_task_retry(node, "data PVC created concurrently: %s", sm_reply_error(reply));
    return sm_task_retry(node, "creating data PVC: %s", sm_reply_error(reply));
}

/* A claim of another owner is that of a deleted predecessor if it is going, or if the cache is old. Sets [claim] to what is
 * there now. */
static bool read_again(struct sm_node *node, sm_val *claim, struct sm_task_result *ret_result) {
    const struct sm_reply *reply = sm_ctx_live_get(node->ctx, SM_PVCS, node->name_space, sm_node_claim(node));
    if (sm_reply_ok(reply) || sm_reply_is(reply, "NotFound")) {
        *claim = sm_reply_ok(reply) ? reply->body : NULL;
        return true;
    }
    *ret_result = sm_task_retry(node, "checking for existing data PVC: %s", sm_reply_error(reply));
    return false;
}

static struct sm_task_result ensure(struct sm_node *node) {
    const char *name = sm_node_claim(node);
    sm_val claim = sm_ctx_cached_get(node->ctx, SM_PVCS, node->name_space, name);
    bool waits = sm_node_has(node, SM_SAFEGUARD_CLAIM_WAITS);
    if (claim && waits && (sm_meta_deleting(claim) || !sm_meta_controlled_by(claim, node->uid))) {
        struct sm_task_result result;
        if (!read_again(node, &claim, &result))
            return result;
        if (claim && sm_meta_deleting(claim))
            return sm_task_running();
    }
    if (!claim)
        return create(node);
    if (sm_meta_controlled_by(claim, node->uid))
        return sm_task_done(); /* even if it is being deleted */
    return sm_task_terminal(node,
                            "data PVC \"%s\" already exists and is not owned by SeiNode \"%s\"; set spec.dataVolume.import.pvcName to adopt, "
                            "or delete the PVC",
                            name, node->name);
}

/* --- An imported one ------------------------------------------------------------------------------------------------------ */

struct verdict {
    enum sm_finding finding;
    const char *message;
};

#define VERDICT(finding_, ...) ((struct verdict){(finding_), sm_region_printf(node->r, __VA_ARGS__)})
#define WAIT(...) VERDICT(SM_FINDING_NOT_READY, __VA_ARGS__)
#define REFUSE(...) VERDICT(SM_FINDING_INVALID, __VA_ARGS__)

static const char *words(struct sm_region *r, sm_val list) {
    struct sm_str out;
    sm_val item;
    sm_str_init(&out, r);
    SM_EACH_ITEM(item, list)
        sm_str_addf(&out, "%s%s", out.bytes ? " " : "", sm_val_text(item));
    return out.data;
}

static bool can_write(sm_val modes) {
    sm_val mode;
    SM_EACH_ITEM(mode, modes)
        if (sm_val_is_text(mode, "ReadWriteOnce") || sm_val_is_text(mode, "ReadWriteOncePod"))
            return true;
    return false;
}

static struct verdict check_volume(struct sm_node *node, sm_val claim, const char *name, const char *capacity) {
    const char *volume = sm_val_str_at(claim, "spec.volumeName");
    if (!*volume)
        return WAIT("PVC \"%s\" has no volumeName yet", name);
    sm_val pv = sm_ctx_cached_get(node->ctx, SM_PVS, "", volume);
    if (!pv)
        return WAIT("PV \"%s\" bound to PVC \"%s\" not found", volume, name);
    if (!strcmp(sm_val_str_at(pv, "status.phase"), "Failed"))
        return REFUSE("PV \"%s\" bound to PVC \"%s\" phase is Failed", volume, name);
    const char *has = sm_val_str_at(pv, "spec.capacity.storage");
    struct sm_quantity is, wanted;
    if (!*has)
        return REFUSE("PV \"%s\" has no storage capacity", volume);
    if (sm_quantity_parse(has, &is) || sm_quantity_parse(capacity, &wanted) || sm_quantity_compare(&is, &wanted) != 0)
        return REFUSE("PV \"%s\" capacity %s does not match PVC \"%s\" capacity %s", volume, has, name, capacity);
    return (struct verdict){SM_FINDING_VALID, NULL};
}

static struct verdict check_capacity(struct sm_node *node, sm_val claim, const char *name) {
    const char *required = sm_data_claim_size(node), *capacity = sm_val_str_at(claim, "status.capacity.storage");
    struct sm_quantity wanted, has;
    if (sm_quantity_parse(required, &wanted))
        return REFUSE("platform storage size \"%s\" is not a quantity", required);
    if (!*capacity)
        return WAIT("PVC \"%s\" has no status.capacity.storage yet", name);
    if (sm_quantity_parse(capacity, &has) || sm_quantity_compare(&has, &wanted) < 0)
        return REFUSE("PVC \"%s\" capacity %s is less than required %s", name, capacity, required);
    return check_volume(node, claim, name, capacity);
}

static struct verdict check_import(struct sm_node *node, const char *name) {
    sm_val claim = sm_ctx_cached_get(node->ctx, SM_PVCS, node->name_space, name);
    if (!claim)
        return WAIT("PVC \"%s\" not found in namespace \"%s\"", name, node->name_space);
    if (sm_meta_deleting(claim))
        return WAIT("PVC \"%s\" is being deleted (deletionTimestamp=%s)", name, sm_val_str_at(claim, "metadata.deletionTimestamp"));
    const char *phase = sm_val_str_at(claim, "status.phase");
    if (!strcmp(phase, "Lost"))
        return REFUSE("PVC \"%s\" phase is Lost; underlying PV is gone", name);
    if (strcmp(phase, "Bound") != 0)
        return WAIT("PVC \"%s\" phase is \"%s\", waiting for Bound", name, phase);
    sm_val modes = sm_val_at(claim, "spec.accessModes");
    if (!can_write(modes))
        return REFUSE("PVC \"%s\" accessModes [%s] must include ReadWriteOnce or ReadWriteOncePod", name, words(node->r, modes));
    return check_capacity(node, claim, name);
}

static struct sm_task_result import(struct sm_node *node) {
    const char *name = sm_node_imported_claim(node);
    struct verdict verdict = check_import(node, name);
    sm_conditions_found(node, SM_SUBJECT_IMPORT, verdict.finding, name, verdict.message);
    if (verdict.finding == SM_FINDING_INVALID)
        return sm_task_terminal(node, "%s", verdict.message);
    return verdict.finding == SM_FINDING_VALID ? sm_task_done() : sm_task_running();
}

struct sm_task_result sm_ensure_data_pvc(struct sm_node *node, const struct sm_task *task) {
    (void)task;
    return *sm_node_imported_claim(node) ? import(node) : ensure(node);
}
