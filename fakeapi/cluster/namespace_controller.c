/* Deletes the content of a namespace that is being deleted, then lets it go (Kubernetes: "Namespaces").
 *
 * A pass deletes every collection, looks what is left, writes what it found as conditions, and comes again while something
 * is left: after half the grace that pods still have, or half of 15 s where finalizers hold things.
 */
#include <string.h>

#include "cluster.h"
#include "meta.h"

static const sm_time observe_delay = 5 * SM_SECOND;
enum { FINALIZER_ESTIMATE_S = 15, FINALIZERS_MAX = 16 };

static void map_namespace(struct sm_enqueue *to, sm_val before, sm_val after) {
    (void)before;
    if (after && sm_meta_deleting(after))
        to->add_after(to, "", sm_meta_name(after), observe_delay);
}

/* What a pass found. */
struct content {
    struct sm_ctx *ctx;
    struct sm_region *r;
    const char *name;
    const char *error;     /* the first */
    const char *remaining; /* `configmaps. has 1 resource instances, …` */
    int64_t estimate_s;
    struct {
        const char *name;
        size_t count;
    } finalizer[FINALIZERS_MAX];
    size_t finalizer_count;
};

static void fail(struct content *content, const struct sm_reply *reply) {
    if (!content->error)
        content->error = sm_reply_error(reply);
}

static void count_finalizers(struct content *content, sm_val object) {
    sm_val finalizer;
    SM_EACH_ITEM(finalizer, sm_val_at(object, "metadata.finalizers")) {
        size_t i = 0;
        while (i < content->finalizer_count && strcmp(content->finalizer[i].name, sm_val_text(finalizer)) != 0)
            i++;
        if (i == FINALIZERS_MAX)
            return;
        if (i == content->finalizer_count)
            content->finalizer[content->finalizer_count++].name = sm_val_text(finalizer);
        content->finalizer[i].count++;
    }
}

static void look_at_rest(struct content *content, const struct sm_resource *resource, sm_val items) {
    sm_val object;
    int64_t estimate = 0;
    SM_EACH_ITEM(object, items) {
        count_finalizers(content, object);
        int64_t grace = resource == SM_PODS ? sm_val_int_at(object, "spec.terminationGracePeriodSeconds", 0) : 0;
        estimate = grace > estimate ? grace : estimate;
        if (sm_val_count(sm_val_at(object, "metadata.finalizers")) > 0 && estimate < FINALIZER_ESTIMATE_S)
            estimate = FINALIZER_ESTIMATE_S;
    }
    if (sm_val_count(items) == 0)
        return;
    content->estimate_s = estimate > content->estimate_s ? estimate : content->estimate_s;
    content->remaining = sm_region_printf(content->r, "%s%s%s.%s has %zu resource instances", content->remaining ? content->remaining : "",
                                          content->remaining ? ", " : "", resource->plural, resource->group, sm_val_count(items));
}

static void delete_kind(struct content *content, const struct sm_resource *resource) {
    struct sm_region *r = content->r;
    const struct sm_reply *list = sm_ctx_live_list(content->ctx, resource, content->name, NULL);
    if (!sm_reply_ok(list)) {
        if (list->code != 404)
            fail(content, list);
        return;
    }
    if (sm_val_count(sm_val_get(list->body, "items")) == 0)
        return;
    sm_val options = SM_MAP(r, "apiVersion", sm_val_str(r, "v1"), "kind", sm_val_str(r, "DeleteOptions"), "propagationPolicy",
                            sm_val_str(r, "Background"));
    const struct sm_reply *reply = sm_ctx_call(content->ctx, &(struct sm_request){.verb = SM_DELETE_COLLECTION,
                                                                                  .resource = resource,
                                                                                  .subresource = "",
                                                                                  .name_space = content->name,
                                                                                  .name = "",
                                                                                  .body = options});
    if (!sm_reply_ok(reply))
        fail(content, reply);
    list = sm_ctx_live_list(content->ctx, resource, content->name, NULL);
    if (sm_reply_ok(list))
        look_at_rest(content, resource, sm_val_get(list->body, "items"));
    else
        fail(content, list);
}

/* --- Status ------------------------------------------------------------------------------------------------------------------ */

static const char *finalizers_text(const struct content *content) {
    const char *text = NULL;
    for (size_t i = 0; i < content->finalizer_count; i++)
        text = sm_region_printf(content->r, "%s%s%s in %zu resource instances", text ? text : "", text ? ", " : "",
                                content->finalizer[i].name, content->finalizer[i].count);
    return text;
}

static sm_val conditions(const struct content *content, sm_val list) {
    struct sm_region *r = content->r;
    const char *finalizers = finalizers_text(content);
    const struct {
        const char *type;
        const char *bad;                         /* message if it is so; NULL if it is not */
        const char *bad_reason;
        const char *good_reason, *good_message;
    } rows[] = {
        {"NamespaceDeletionDiscoveryFailure", NULL, "", "ResourcesDiscovered", "All resources successfully discovered"},
        {"NamespaceDeletionGroupVersionParsingFailure", NULL, "", "ParsedGroupVersions", "All legacy kube types successfully parsed"},
        {"NamespaceDeletionContentFailure", content->error, "ContentDeletionFailed", "ContentDeleted",
         "All content successfully deleted, may be waiting on finalization"},
        {"NamespaceContentRemaining",
         content->remaining ? sm_region_printf(r, "Some resources are remaining: %s", content->remaining) : NULL, "SomeResourcesRemain",
         "ContentRemoved", "All content successfully removed"},
        {"NamespaceFinalizersRemaining",
         finalizers ? sm_region_printf(r, "Some content in the namespace has finalizers remaining: %s", finalizers) : NULL,
         "SomeFinalizersRemain", "ContentHasNoFinalizers", "All content-preserving finalizers finished"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        list =
            sm_condition_set(r, list, rows[i].type, rows[i].bad ? "True" : "False", rows[i].bad ? rows[i].bad_reason : rows[i].good_reason,
                             rows[i].bad ? rows[i].bad : rows[i].good_message, 0, sm_ctx_second(content->ctx));
    return list;
}

static const struct sm_reply *write_status(const struct content *content, sm_val name_space) {
    sm_val before = sm_val_at(name_space, "status.conditions"), after = conditions(content, before);
    if (sm_val_equal(before, after))
        return NULL;
    return sm_ctx_update(content->ctx, SM_NAMESPACES, "status", sm_val_set_at(content->r, name_space, "status.conditions", after));
}

/* --- The pass ----------------------------------------------------------------------------------------------------------------- */

static struct sm_result finalize(struct sm_ctx *ctx, sm_val name_space) {
    struct sm_region *r = sm_ctx_region(ctx);
    sm_val kept = SM_EMPTY_LIST, finalizer;
    SM_EACH_ITEM(finalizer, sm_val_at(name_space, "spec.finalizers"))
        if (!sm_val_is_text(finalizer, "kubernetes"))
            kept = sm_val_append(r, kept, finalizer);
    const struct sm_reply *reply = sm_ctx_update(ctx, SM_NAMESPACES, "finalize", sm_val_set_at(r, name_space, "spec.finalizers", kept));
    return sm_reply_ok(reply) || reply->code == 404 ? sm_done() : sm_error(sm_reply_error(reply));
}

static bool is_finalized(sm_val name_space) {
    return sm_val_count(sm_val_at(name_space, "spec.finalizers")) == 0;
}

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    sm_val cached = sm_ctx_cached_get(ctx, SM_NAMESPACES, "", key.name);
    if (!cached || !sm_meta_deleting(cached))
        return sm_done();
    const struct sm_reply *live = sm_ctx_live_get(ctx, SM_NAMESPACES, "", key.name);
    if (live->code == 404)
        return sm_done();
    if (!sm_reply_ok(live))
        return sm_error(sm_reply_error(live));
    sm_val name_space = live->body;
    if (!sm_meta_deleting(name_space) || strcmp(sm_meta_uid(cached), sm_meta_uid(name_space)) != 0 || is_finalized(name_space))
        return sm_done();

    struct content content = {.ctx = ctx, .r = sm_ctx_region(ctx), .name = key.name};
    for (int i = 0; i < SM_RESOURCE_COUNT; i++)
        if (sm_resources[i].namespaced)
            delete_kind(&content, &sm_resources[i]);
    const struct sm_reply *written = write_status(&content, name_space);
    if (written && !sm_reply_ok(written) && written->code != 404)
        return sm_error(sm_reply_error(written));
    if (content.error)
        return sm_error(content.error);
    if (content.remaining && content.estimate_s > 0)
        return sm_requeue_after((content.estimate_s / 2 + 1) * SM_SECOND);
    if (content.remaining)
        return sm_error(sm_region_printf(content.r, "unexpected items still remain in namespace: %s", key.name));
    return finalize(ctx, written ? written->body : name_space);
}

static const struct sm_watch watches[] = {{.resource = SM_NAMESPACES, .map = map_namespace}};

const struct sm_controller sm_namespace_controller = {
    .name = "namespace-controller",
    .user_agent = "kube-controller-manager",
    .primary = SM_NAMESPACES,
    .watches = watches,
    .watch_count = sizeof watches / sizeof *watches,
    .reconcile = reconcile,
};
