#include "library.h"

#include <string.h>

#include "bug.h"
#include "yaml.h"

static const char base_yaml[] = "apiVersion: v1\n"
                                "kind: Namespace\n"
                                "metadata:\n"
                                "  name: sei-system\n"
                                "---\n"
                                "apiVersion: v1\n"
                                "kind: ServiceAccount\n"
                                "metadata:\n"
                                "  name: seid-node\n"
                                "  namespace: default\n"
                                "---\n"
                                "apiVersion: v1\n"
                                "kind: Node\n"
                                "metadata:\n"
                                "  name: worker-1\n"
                                "  labels: {kubernetes.io/hostname: worker-1, karpenter.sh/nodepool: sei-node}\n"
                                "spec:\n"
                                "  taints:\n"
                                "  - {key: sei.io/workload, value: sei-node, effect: NoSchedule}\n"
                                "status:\n"
                                "  capacity: {cpu: '64', memory: 512Gi, pods: '110'}\n"
                                "  allocatable: {cpu: '64', memory: 512Gi, pods: '110'}\n"
                                "  conditions:\n"
                                "  - {type: Ready, status: 'True', reason: KubeletReady, message: kubelet is posting ready status}\n"
                                "---\n"
                                "apiVersion: v1\n"
                                "kind: Node\n"
                                "metadata:\n"
                                "  name: worker-2\n"
                                "  labels: {kubernetes.io/hostname: worker-2, karpenter.sh/nodepool: sei-archive}\n"
                                "spec:\n"
                                "  taints:\n"
                                "  - {key: sei.io/workload, value: sei-archive, effect: NoSchedule}\n"
                                "status:\n"
                                "  capacity: {cpu: '64', memory: 512Gi, pods: '110'}\n"
                                "  allocatable: {cpu: '64', memory: 512Gi, pods: '110'}\n"
                                "  conditions:\n"
                                "  - {type: Ready, status: 'True', reason: KubeletReady, message: kubelet is posting ready status}\n";

static struct sm_manifests parse(struct sm_region *r, const char *first, const char *second) {
    const char *texts[] = {first, second};
    sm_val *objects = NULL;
    size_t count = 0;

    for (size_t t = 0; t < 2 && texts[t]; t++) {
        struct sm_yaml_doc *docs = NULL;
        struct sm_yaml_error error;
        size_t more = 0;

        if (!sm_yaml_parse(r, texts[t], strlen(texts[t]), &docs, &more, &error))
            sm_bug("a manifest of ours, line %u: %s", error.line, error.message);
        sm_val *all = sm_region_alloc(r, (count + more) * sizeof(sm_val));
        if (count)
            memcpy(all, objects, count * sizeof(sm_val));
        for (size_t i = 0; i < more; i++)
            all[count + i] = docs[i].value;
        objects = all;
        count += more;
    }
    return (struct sm_manifests){objects, count};
}

struct sm_library *sm_library_new(struct sm_region *region) {
    struct sm_library *library = sm_region_zalloc(region, sizeof *library);

    library->region = region;
    library->base = parse(region, base_yaml, sm_seinode_crd_yaml);
    return library;
}

const struct sm_library_profile *sm_library_profile(struct sm_library *library, const struct sm_profile *profile) {
    for (size_t i = 0; i < library->profile_count; i++)
        if (library->profiles[i].profile == profile)
            return &library->profiles[i];
    SM_ASSERT(library->profile_count < SM_LIBRARY_PROFILES_MAX);
    struct sm_library_profile *new = &library->profiles[library->profile_count++];
    *new = (struct sm_library_profile){
        .profile = profile,
        .rbac = parse(library->region, sm_seinode_rbac_yaml(profile), NULL),
        .options = sm_seinode_options_new(library->region, profile, &sm_seinode_platform_fixture),
    };
    return new;
}
