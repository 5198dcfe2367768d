#include "pods.h"

#include <stdlib.h>

const char *sm_pods_selector(const struct sm_node *node) {
    return sm_region_printf(node->r, SM_LABEL_NODE "=%s", node->name);
}

sm_val sm_pods_cached(struct sm_node *node) {
    sm_val selector = SM_MAP(node->r, "matchLabels", SM_MAP(node->r, SM_LABEL_NODE, sm_val_str(node->r, node->name)));
    return sm_ctx_cached_list(node->ctx, SM_PODS, node->name_space, selector);
}

const char *sm_pods_image(sm_val pod) {
    sm_val container;
    SM_EACH_ITEM(container, sm_val_get(sm_val_get(pod, "spec"), "containers"))
        if (sm_val_is_text(sm_val_get(container, "name"), "seid"))
            return sm_val_text(sm_val_get(container, "image"));
    return "";
}

bool sm_pods_owned_by(sm_val pod, sm_val set) {
    const char *uid = sm_meta_uid(set);
    sm_val reference;
    SM_EACH_ITEM(reference, sm_val_get(sm_val_get(pod, "metadata"), "ownerReferences"))
        if (*uid && sm_val_is_text(sm_val_get(reference, "uid"), uid) && sm_val_is_text(sm_val_get(reference, "kind"), "StatefulSet"))
            return true;
    return false;
}

int64_t sm_pods_ordinal(sm_val pod, sm_val set) {
    const char *name = sm_meta_name(pod), *prefix = sm_meta_name(set);
    size_t bytes = strlen(prefix);
    if (strncmp(name, prefix, bytes) != 0 || name[bytes] != '-' || name[bytes + 1] < '0' || name[bytes + 1] > '9')
        return -1;
    char *end;
    long long ordinal = strtoll(name + bytes + 1, &end, 10);
    return *end ? -1 : ordinal;
}

bool sm_pods_current(const struct sm_node *node, sm_val pod, sm_val set) {
    if (sm_meta_has_label(pod, SM_LABEL_REVISION))
        return !strcmp(sm_meta_label(pod, SM_LABEL_REVISION), sm_val_str_at(set, "status.updateRevision"));
    return sm_node_has(node, SM_SAFEGUARD_UNLABELLED_BY_IMAGE) &&
           !strcmp(sm_pods_image(pod), sm_pods_image(sm_val_get(sm_val_get(set, "spec"), "template")));
}
