/* The garbage collector (kubernetes.md 3.11; Kubernetes: "Garbage Collection").
 *
 * Owners are known by uid. What its caches show only says where to look; before it acts it reads the object and its owners
 * live. An object's turn, by what its owners are:
 *
 *      some solid (they exist)                    references to the others are taken away
 *      none solid, some wait for their dependents the object is deleted in the foreground if it has dependents itself
 *      none solid                                 the object is deleted
 *      (itself deleting with finalizer orphan)    its dependents lose their reference, then it loses the finalizer
 *      (… foregroundDeletion)                     it loses the finalizer when no dependent blocks it any more
 *
 * Keys name a kind, too: `ns` and `statefulsets.apps/web`.
 */
#include <string.h>

#include "cluster.h"
#include "meta.h"

static const char orphan[] = "orphan", foreground[] = "foregroundDeletion";

/* Kinds that have owners or dependents, whose caches together are the graph. Events are nobody's. */
#define KINDS(X) \
    X(PODS) \
    X(SERVICES) \
    X(PVCS) \
    X(PVS) \
    X(SECRETS) \
    X(CONFIGMAPS) \
    X(SERVICEACCOUNTS) \
    X(STATEFULSETS) \
    X(CONTROLLERREVISIONS) \
    X(DEPLOYMENTS) \
    X(REPLICASETS) \
    X(JOBS) \
    X(LEASES) \
    X(ROLES) \
    X(ROLEBINDINGS) \
    X(NODES) \
    X(NAMESPACES) \
    X(SEINODES)

static const struct sm_resource *const kinds[] = {
#define X(id) SM_##id,
    KINDS(X)
#undef X
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* --- The graph ------------------------------------------------------------------------------------------------------------------ */

static sm_val owners_of(sm_val object) {
    return sm_val_at(object, "metadata.ownerReferences");
}

static sm_val reference_to(sm_val object, const char *uid) {
    sm_val reference;
    SM_EACH_ITEM(reference, owners_of(object))
        if (strcmp(sm_val_str_at(reference, "uid"), uid) == 0)
            return reference;
    return NULL;
}

static bool blocks(sm_val object, const char *owner_uid) {
    return sm_val_true_at(reference_to(object, owner_uid), "blockOwnerDeletion");
}

static bool ends_with(sm_val object, const char *finalizer) {
    return sm_meta_deleting(object) && sm_meta_has_finalizer(object, finalizer);
}

/* The kind an owner reference names, and the namespace to look in; NULL if it cannot be followed. */
static const struct sm_resource *owner_kind(sm_val reference, const char *name_space, const char **ret_name_space) {
    const struct sm_resource *kind = sm_resource_of_kind(sm_val_str_at(reference, "apiVersion"), sm_val_str_at(reference, "kind"));
    *ret_name_space = kind && kind->namespaced ? name_space : "";
    return kind && (!kind->namespaced || name_space[0]) ? kind : NULL;
}

static bool has_cache(const struct sm_resource *kind) {
    for (int i = 0; i < KIND_COUNT; i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

/* The owner as the caches show it; NULL if they do not, or there is none of its kind. */
static sm_val cached_owner(struct sm_enqueue *to, const struct sm_resource *kind, const char *name_space, sm_val reference) {
    return kind && has_cache(kind) ? to->lookup(to, kind, name_space, sm_val_str_at(reference, "name")) : NULL;
}

/* --- Triggers --------------------------------------------------------------------------------------------------------------------- */

static void add(struct sm_enqueue *to, const struct sm_resource *kind, sm_val object) {
    const char *name =
        sm_region_printf(to->region, "%s%s%s/%s", kind->plural, kind->group[0] ? "." : "", kind->group, sm_meta_name(object));
    to->add(to, sm_meta_namespace(object), name);
}

struct search {
    struct sm_enqueue *to;
    const struct sm_resource *kind;
    const char *owner;
};

static bool add_if_dependent(void *arg, sm_val object) {
    struct search *search = arg;
    if (reference_to(object, search->owner))
        add(search->to, search->kind, object);
    return true;
}

static void add_dependents(struct sm_enqueue *to, sm_val owner) {
    for (int i = 0; i < KIND_COUNT; i++) {
        struct search search = {.to = to, .kind = kinds[i], .owner = sm_meta_uid(owner)};
        if (kinds[i]->namespaced || sm_meta_namespace(owner)[0] == '\0')
            to->each(to, kinds[i], sm_meta_namespace(owner), add_if_dependent, &search);
    }
}

/* Owners that wait for their dependents look again. */
static void add_waiting_owners(struct sm_enqueue *to, sm_val object) {
    sm_val reference;
    SM_EACH_ITEM(reference, owners_of(object)) {
        const char *name_space;
        const struct sm_resource *kind = owner_kind(reference, sm_meta_namespace(object), &name_space);
        sm_val owner = cached_owner(to, kind, name_space, reference);
        if (ends_with(owner, foreground))
            add(to, kind, owner);
    }
}

/* An owner that the caches do not show may be absent, and one that waits for its dependents wants them gone. */
static bool owner_is_doubtful(struct sm_enqueue *to, sm_val object) {
    sm_val reference;
    SM_EACH_ITEM(reference, owners_of(object)) {
        const char *name_space;
        const struct sm_resource *kind = owner_kind(reference, sm_meta_namespace(object), &name_space);
        sm_val owner = cached_owner(to, kind, name_space, reference);
        if (kind && (!owner || strcmp(sm_meta_uid(owner), sm_val_str_at(reference, "uid")) != 0 || ends_with(owner, foreground)))
            return true;
    }
    return false;
}

static void map(struct sm_enqueue *to, const struct sm_resource *kind, sm_val before, sm_val after) {
    if (before && after && strcmp(sm_meta_uid(before), sm_meta_uid(after)) != 0) {
        map(to, kind, before, NULL);
        before = NULL;
    }
    if (!after) {
        add_dependents(to, before);
        add_waiting_owners(to, before);
        return;
    }
    if (!sm_val_equal(owners_of(before), owners_of(after))) {
        if (before)
            add_waiting_owners(to, before);
        if (owner_is_doubtful(to, after))
            add(to, kind, after);
    }
    if (!sm_meta_deleting(after))
        return;
    bool new_orphan = ends_with(after, orphan) && !ends_with(before, orphan);
    bool new_foreground = ends_with(after, foreground) && !ends_with(before, foreground);
    if (new_foreground)
        add_dependents(to, after);
    if (new_orphan || new_foreground)
        add(to, kind, after);
}

#define X(id) \
    static void map_##id(struct sm_enqueue *to, sm_val before, sm_val after) { \
        map(to, SM_##id, before, after); \
    }
KINDS(X)
#undef X

/* Not every server knows every kind. */
static const struct sm_watch watches[] = {
#define X(id) {.resource = SM_##id, .map = map_##id, .optional = true},
    KINDS(X)
#undef X
};

/* --- One object's turn -------------------------------------------------------------------------------------------------------------- */

struct turn {
    struct sm_ctx *ctx;
    struct sm_region *r;
    const struct sm_resource *kind;
    sm_val object; /* live */
};

static struct sm_result ended(const struct sm_reply *reply) {
    return sm_reply_ok(reply) || reply->code == 404 ? sm_done() : sm_error(sm_reply_error(reply));
}

/* Takes owner references away. Custom resources know no strategic merge: there the rest is put, at the version it was read. */
static const struct sm_reply *drop_owners(struct turn *turn, const struct sm_resource *kind, sm_val object, sm_val uids) {
    struct sm_region *r = turn->r;
    bool custom = strchr(kind->group, '.') && !strstr(kind->group, ".k8s.io");
    sm_val list = SM_EMPTY_LIST, reference, uid;
    SM_EACH_ITEM(reference, owners_of(object)) {
        bool drop = false;
        SM_EACH_ITEM(uid, uids)
            drop |= sm_val_equal(uid, sm_val_get(reference, "uid"));
        if (custom && !drop)
            list = sm_val_append(r, list, reference);
        if (!custom && drop)
            list = sm_val_append(r, list, SM_MAP(r, "$patch", sm_val_str(r, "delete"), "uid", sm_val_get(reference, "uid")));
    }
    sm_val metadata = custom ? SM_MAP(r, "resourceVersion", sm_val_at(object, "metadata.resourceVersion"), "ownerReferences", list)
                             : SM_MAP(r, "uid", sm_val_at(object, "metadata.uid"), "ownerReferences", list);
    return sm_ctx_patch(turn->ctx, kind, "", sm_meta_namespace(object), sm_meta_name(object), custom ? SM_PATCH_MERGE : SM_PATCH_STRATEGIC,
                        SM_MAP(r, "metadata", metadata));
}

static struct sm_result drop_finalizer(struct turn *turn, const char *finalizer) {
    struct sm_region *r = turn->r;
    sm_val rest = sm_val_at(sm_meta_remove_finalizer(r, turn->object, finalizer), "metadata.finalizers");
    sm_val metadata = SM_MAP(r, "resourceVersion", sm_val_at(turn->object, "metadata.resourceVersion"), "finalizers",
                             sm_val_count(rest) > 0 ? rest : SM_EMPTY_LIST);
    return ended(sm_ctx_patch(turn->ctx, turn->kind, "", sm_meta_namespace(turn->object), sm_meta_name(turn->object), SM_PATCH_MERGE,
                              SM_MAP(r, "metadata", metadata)));
}

/* Calls [visit] for every dependent the caches show, until it returns an error. */
static const char *each_dependent(struct turn *turn, void *arg,
                                  const char *(*visit)(struct turn *turn, void *arg, const struct sm_resource *kind, sm_val dependent)) {
    const char *name_space = sm_meta_namespace(turn->object), *uid = sm_meta_uid(turn->object), *error = NULL;
    for (int i = 0; i < KIND_COUNT && !error; i++) {
        if (!kinds[i]->namespaced && name_space[0])
            continue;
        sm_val dependent, all = sm_ctx_cached_list(turn->ctx, kinds[i], name_space, NULL);
        SM_EACH_ITEM(dependent, all)
            if (!error && reference_to(dependent, uid))
                error = visit(turn, arg, kinds[i], dependent);
    }
    return error;
}

static const char *orphan_one(struct turn *turn, void *arg, const struct sm_resource *kind, sm_val dependent) {
    const struct sm_reply *reply = drop_owners(turn, kind, dependent, SM_LIST(turn->r, sm_val_at(turn->object, "metadata.uid")));
    (void)arg;
    return sm_reply_ok(reply) || reply->code == 404 || reply->code == 422 ? NULL : sm_reply_error(reply);
}

struct dependents {
    size_t all, blocking;
};

static const char *count_one(struct turn *turn, void *arg, const struct sm_resource *kind, sm_val dependent) {
    struct dependents *dependents = arg;
    (void)kind;
    dependents->all++;
    dependents->blocking += blocks(dependent, sm_meta_uid(turn->object));
    return NULL;
}

static struct sm_result delete(struct turn *turn, const char *policy) {
    struct sm_region *r = turn->r;
    sm_val options = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "DeleteOptions"), "preconditions",
                            SM_MAP(r, "uid", sm_val_at(turn->object, "metadata.uid")), "propagationPolicy", sm_val_str(r, policy));
    return ended(sm_ctx_delete(turn->ctx, turn->kind, sm_meta_namespace(turn->object), sm_meta_name(turn->object), options));
}

/* Sorts owners into those that are there and those that are not or go. False if that could not be found out. */
static bool class_owners(struct turn *turn, size_t *ret_solid, size_t *ret_waiting, sm_val *ret_others, const char **ret_error) {
    sm_val reference;
    *ret_others = SM_EMPTY_LIST;
    *ret_solid = *ret_waiting = 0;
    SM_EACH_ITEM(reference, owners_of(turn->object)) {
        const char *name_space;
        const struct sm_resource *kind = owner_kind(reference, sm_meta_namespace(turn->object), &name_space);
        if (!kind) {
            ++*ret_solid; /* nobody can say that it is not there */
            continue;
        }
        const struct sm_reply *reply = sm_ctx_live_get(turn->ctx, kind, name_space, sm_val_str_at(reference, "name"));
        if (!sm_reply_ok(reply) && reply->code != 404) {
            *ret_error = sm_reply_error(reply);
            return false;
        }
        bool there = sm_reply_ok(reply) && strcmp(sm_meta_uid(reply->body), sm_val_str_at(reference, "uid")) == 0;
        bool waits = there && ends_with(reply->body, foreground);
        *ret_waiting += waits;
        if (there && !waits)
            ++*ret_solid;
        else
            *ret_others = sm_val_append(turn->r, *ret_others, sm_val_get(reference, "uid"));
    }
    return true;
}

static struct sm_result judge(struct turn *turn) {
    size_t solid, waiting;
    sm_val others;
    const char *error = NULL;
    if (sm_val_count(owners_of(turn->object)) == 0)
        return sm_done();
    if (!class_owners(turn, &solid, &waiting, &others, &error))
        return sm_error(error);
    if (solid > 0)
        return sm_val_count(others) > 0 ? ended(drop_owners(turn, turn->kind, turn->object, others)) : sm_done();
    struct dependents dependents = {0};
    if (waiting > 0)
        each_dependent(turn, &dependents, count_one);
    if (dependents.all > 0)
        return delete(turn, "Foreground");
    if (sm_meta_has_finalizer(turn->object, orphan))
        return delete(turn, "Orphan");
    return delete(turn, sm_meta_has_finalizer(turn->object, foreground) ? "Foreground" : "Background");
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    struct turn turn = {.ctx = ctx, .r = sm_ctx_region(ctx)};
    const char *slash = strchr(key.name, '/');
    turn.kind = sm_resource_by_name(sm_region_strndup(turn.r, key.name, (size_t)(slash - key.name)));
    sm_val cached = sm_ctx_cached_get(ctx, turn.kind, key.name_space, slash + 1);
    if (cached && sm_meta_deleting(cached) && !ends_with(cached, foreground) && !ends_with(cached, orphan))
        return sm_done(); /* on its way already */
    const struct sm_reply *live = sm_ctx_live_get(ctx, turn.kind, key.name_space, slash + 1);
    if (!sm_reply_ok(live))
        return ended(live);
    turn.object = live->body;
    if (cached && strcmp(sm_meta_uid(cached), sm_meta_uid(turn.object)) != 0)
        return sm_done();
    if (ends_with(turn.object, orphan)) {
        const char *error = each_dependent(&turn, NULL, orphan_one);
        return error ? sm_error(error) : drop_finalizer(&turn, orphan);
    }
    if (ends_with(turn.object, foreground)) {
        struct dependents dependents = {0};
        each_dependent(&turn, &dependents, count_one);
        return dependents.blocking > 0 ? sm_done() : drop_finalizer(&turn, foreground);
    }
    return judge(&turn);
}

const struct sm_controller sm_garbage_collector = {
    .name = "garbage-collector",
    .user_agent = "kube-controller-manager",
    .primary = SM_PODS,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
