/* ControllerRevisions of a set: snapshots of its pod template (kubernetes.md 1.3).
 *
 * A template is looked for among the revisions the cache shows. The newest has it: nothing changed. An older one has it: that
 * one becomes the newest, under its old name, so a rollback gives the old hash again. None has it: a new one is created.
 */
#include <string.h>

#include "bug.h"
#include "json.h"
#include "meta.h"
#include "selector.h"
#include "statefulset.h"

enum { UPDATE_ATTEMPTS = 4, COLLISIONS_MAX = 1000 };

static const char hash_label[] = "controller.kubernetes.io/hash";

const char *sm_sts_revision_hash(struct sm_region *r, sm_val data, int64_t collisions) {
    struct sm_str text;
    sm_str_init(&text, r);
    sm_json_print(&text, data, SM_JSON_ESCAPE_HTML);
    sm_str_addf(&text, "%lld", (long long)collisions);
    uint32_t hash = 2166136261U; /* FNV-1, not 1a */
    for (size_t i = 0; i < text.bytes; i++)
        hash = (hash * 16777619U) ^ (unsigned char)text.data[i];
    char *encoded = sm_region_printf(r, "%u", hash);
    for (char *c = encoded; *c; c++)
        *c = "456789bcdf"[*c - '0'];
    return encoded;
}

/* The template that a revision describes. */
sm_val sm_sts_template(struct sm_sts *sts, sm_val revision) {
    return sm_val_set(sts->r, sm_val_at(revision, "data.spec.template"), "$patch", NULL);
}

static sm_val data_of(struct sm_sts *sts) {
    sm_val template = sm_val_set(sts->r, sm_val_at(sts->set, "spec.template"), "$patch", sm_val_str(sts->r, "replace"));
    return SM_MAP(sts->r, "spec", SM_MAP(sts->r, "template", template));
}

/* By revision, creation time, name. */
static bool comes_before(sm_val a, sm_val b) {
    int64_t number_a = sm_val_int_at(a, "revision", 0), number_b = sm_val_int_at(b, "revision", 0);
    if (number_a != number_b)
        return number_a < number_b;
    int order = strcmp(sm_val_str_at(a, "metadata.creationTimestamp"), sm_val_str_at(b, "metadata.creationTimestamp"));
    return order ? order < 0 : strcmp(sm_meta_name(a), sm_meta_name(b)) < 0;
}

static void sort(struct sm_sts_revisions *revisions) {
    for (size_t i = 1; i < revisions->count; i++) {
        sm_val moved = revisions->all[i];
        size_t at = i;
        for (; at > 0 && comes_before(moved, revisions->all[at - 1]); at--)
            revisions->all[at] = revisions->all[at - 1];
        revisions->all[at] = moved;
    }
}

void sm_sts_list_revisions(struct sm_sts *sts, struct sm_sts_revisions *ret_revisions) {
    sm_val all = sm_ctx_cached_list(sts->ctx, SM_CONTROLLERREVISIONS, sts->name_space, sm_val_at(sts->set, "spec.selector")), revision;
    ret_revisions->all = sm_region_alloc(sts->r, (sm_val_count(all) + 1) * sizeof *ret_revisions->all);
    ret_revisions->count = 0;
    SM_EACH_ITEM(revision, all) {
        sm_val owner = sm_meta_controller(revision);
        if (!owner || strcmp(sm_val_str_at(owner, "uid"), sts->uid) == 0)
            ret_revisions->all[ret_revisions->count++] = revision;
    }
    sort(ret_revisions);
}

static const char *revision_name(struct sm_sts *sts, const char *hash) {
    return sm_region_printf(sts->r, "%.*s-%s", (int)strnlen(sts->name, 223), sts->name, hash);
}

/* Its name changes with each collision, its label does not. */
static sm_val new_revision(struct sm_sts *sts, sm_val data, int64_t number, int64_t first_collisions, int64_t collisions) {
    sm_val labels = sm_val_at(sts->set, "spec.template.metadata.labels"), annotations = sm_val_at(sts->set, "metadata.annotations");
    const char *hash = sm_sts_revision_hash(sts->r, data, collisions);
    const char *first = collisions == first_collisions ? hash : sm_sts_revision_hash(sts->r, data, first_collisions);
    sm_val metadata = SM_MAP(sts->r, "name", sm_val_str(sts->r, revision_name(sts, hash)), "namespace", sm_val_str(sts->r, sts->name_space),
                             "labels", sm_val_set(sts->r, labels, hash_label, sm_val_str(sts->r, first)), "annotations",
                             sm_val_count(annotations) > 0 ? annotations : NULL, "ownerReferences",
                             SM_LIST(sts->r, sm_meta_controller_ref(sts->r, SM_STATEFULSETS, sts->set)));
    return SM_MAP(sts->r, "apiVersion", sm_val_str(sts->r, "apps/v1"), "kind", sm_val_str(sts->r, "ControllerRevision"), "metadata",
                  metadata, "data", data, "revision", sm_val_int(sts->r, number));
}

/* Creates a revision under the name of its hash; a name that other data has taken counts as a collision. */
static const char *create(struct sm_sts *sts, sm_val data, int64_t number, struct sm_sts_revisions *revisions) {
    int64_t first = revisions->collisions;
    for (int attempt = 0; attempt < COLLISIONS_MAX; attempt++) {
        sm_val revision = sm_ctx_recorded(sts->ctx) ? NULL : new_revision(sts, data, number, first, revisions->collisions);
        const struct sm_reply *reply = sm_ctx_create(sts->ctx, SM_CONTROLLERREVISIONS, sts->name_space, revision);
        if (sm_reply_is(reply, "AlreadyExists")) {
            const char *name = revision_name(sts, sm_sts_revision_hash(sts->r, data, revisions->collisions));
            reply = sm_ctx_live_get(sts->ctx, SM_CONTROLLERREVISIONS, sts->name_space, name);
            if (sm_reply_ok(reply) && !sm_val_equal(sm_val_get(reply->body, "data"), data)) {
                revisions->collisions++;
                continue;
            }
        }
        if (!sm_reply_ok(reply))
            return sm_reply_error(reply);
        revisions->update = reply->body;
        return NULL;
    }
    sm_bug("statefulset %s/%s: every hash of its template is taken", sts->name_space, sts->name);
}

/* An older revision has the template again: it becomes the newest. */
static const char *renumber(struct sm_sts *sts, sm_val revision, int64_t number, struct sm_sts_revisions *revisions) {
    const struct sm_reply *reply = NULL;
    for (int attempt = 0; attempt < UPDATE_ATTEMPTS; attempt++) {
        revisions->update = revision;
        if (sm_val_int_at(revision, "revision", 0) == number)
            return NULL;
        revision = sm_val_set(sts->r, revision, "revision", sm_val_int(sts->r, number));
        reply = sm_ctx_update(sts->ctx, SM_CONTROLLERREVISIONS, "", revision);
        if (!sm_reply_is(reply, "Conflict"))
            break;
        sm_val fresh = sm_ctx_cached_get(sts->ctx, SM_CONTROLLERREVISIONS, sts->name_space, sm_meta_name(revision));
        revision = fresh ? fresh : revision;
    }
    if (!sm_reply_ok(reply))
        return sm_reply_error(reply);
    revisions->update = reply->body;
    return NULL;
}

const char *sm_sts_choose_revisions(struct sm_sts *sts, struct sm_sts_revisions *revisions) {
    sm_val newest = revisions->count ? revisions->all[revisions->count - 1] : NULL, equal = NULL, data = data_of(sts);
    int64_t next = newest ? sm_val_int_at(newest, "revision", 0) + 1 : 1;
    const char *error = NULL;
    revisions->collisions = sm_val_int_at(sts->set, "status.collisionCount", 0);
    for (size_t i = 0; i < revisions->count; i++)
        if (sm_val_equal(sm_val_get(revisions->all[i], "data"), data))
            equal = revisions->all[i];
    if (equal && equal == newest)
        revisions->update = newest;
    else if (equal)
        error = renumber(sts, equal, next, revisions);
    else
        error = create(sts, data, next, revisions);
    if (error)
        return error;

    /* Status names a revision that is gone: history begins anew. */
    const char *current = sm_val_str_at(sts->set, "status.currentRevision");
    revisions->current = revisions->update;
    for (size_t i = 0; i < revisions->count; i++)
        if (strcmp(sm_meta_name(revisions->all[i]), current) == 0)
            revisions->current = revisions->all[i];
    return NULL;
}

static bool is_live(const struct sm_sts_revisions *revisions, const struct sm_sts_pods *pods, const char *name) {
    if (strcmp(name, sm_meta_name(revisions->current)) == 0 || strcmp(name, sm_meta_name(revisions->update)) == 0)
        return true;
    for (size_t i = 0; i < pods->count; i++)
        if (strcmp(name, sm_sts_pod_revision(pods->item[i])) == 0)
            return true;
    return false;
}

/* Deletes the oldest revisions that nothing uses, beyond the limit. */
const char *sm_sts_truncate_history(struct sm_sts *sts, const struct sm_sts_revisions *revisions, const struct sm_sts_pods *pods) {
    int64_t limit = sm_val_int_at(sts->set, "spec.revisionHistoryLimit", 10), unused = 0;
    for (size_t i = 0; i < revisions->count; i++)
        unused += !is_live(revisions, pods, sm_meta_name(revisions->all[i]));
    for (size_t i = 0; i < revisions->count && unused > limit; i++) {
        const char *name = sm_meta_name(revisions->all[i]);
        if (is_live(revisions, pods, name))
            continue;
        unused--;
        const struct sm_reply *reply = sm_ctx_delete(sts->ctx, SM_CONTROLLERREVISIONS, sts->name_space, name, NULL);
        if (!sm_reply_ok(reply))
            return sm_reply_error(reply);
    }
    return NULL;
}
