#include "peers.h"

#include <stdlib.h>

static int by_text(const void *a, const void *b) {
    return strcmp(sm_val_text(*(const sm_val *)a), sm_val_text(*(const sm_val *)b));
}

static sm_val add_matches(struct sm_node *node, sm_val found, sm_val source) {
    struct sm_region *r = node->r;
    const char *name_space = sm_val_text(sm_val_get(source, "namespace"));
    sm_val selector = SM_MAP(r, "matchLabels", sm_val_get(source, "selector"));
    sm_val list = sm_ctx_cached_list(node->ctx, SM_SEINODES, *name_space ? name_space : node->name_space, selector);
    sm_val peer;
    SM_EACH_ITEM(peer, list) {
        const char *name = sm_meta_name(peer), *peer_space = sm_meta_namespace(peer);
        if (strcmp(name, node->name) != 0 || strcmp(peer_space, node->name_space) != 0)
            found = sm_val_append(r, found, sm_val_strf(r, "%s-0.%s.%s.svc.cluster.local", name, name, peer_space));
    }
    return found;
}

/* Sorted, each once; NULL if there is none. */
static sm_val tidy(struct sm_region *r, sm_val found) {
    size_t count = sm_val_count(found), kept = 0;
    if (!count)
        return NULL;
    sm_val *items = sm_region_alloc(r, count * sizeof *items);
    memcpy(items, found->list, count * sizeof *items);
    qsort(items, count, sizeof *items, by_text);
    for (size_t i = 0; i < count; i++)
        if (!kept || !sm_val_equal(items[kept - 1], items[i]))
            items[kept++] = items[i];
    return sm_val_from_items(r, items, kept);
}

void sm_peers_resolve(struct sm_node *node) {
    sm_val found = NULL, peer;
    SM_EACH_ITEM(peer, sm_val_get(node->spec, "peers")) {
        sm_val source = sm_val_get(peer, "label");
        if (source)
            found = add_matches(node, found, source);
    }
    node->status = sm_val_set(node->r, node->status, "resolvedPeers", tidy(node->r, found));
}
