/* The SeiNode controller, in every profile of its history.
 *
 *      reconcile.c ─▶ planner.c ─▶ executor.c ─▶ tasks/ (one file a task) ─▶ resources/ (one file a generated object)
 *                     which plan    one task        what a task does           what it applies or creates
 *                                   after another
 *
 * Where the profiles differ, the code asks sm_profile_has; there is no second copy of anything.
 */
#ifndef SM_SEINODE_H
#define SM_SEINODE_H

#include "controller.h"
#include "profile.h"

extern const struct sm_controller sm_seinode_controller; /* its options are a struct sm_seinode_options, never NULL */

/* What the controller's environment variables (SEI_*) say. */
struct sm_seinode_platform {
    const char *pool, *archive_pool;
    const char *toleration_key;
    const char *service_account;
    const char *storage_class_perf, *storage_class_default, *storage_class_archive;
    const char *storage_size_default, *storage_size_archive;
    const char *cpu_default, *cpu_archive;
    const char *memory_default, *memory_archive;
    const char *genesis_bucket, *genesis_region, *snapshot_bucket, *snapshot_region;
    const char *sidecar_image;
};
extern const struct sm_seinode_platform sm_seinode_platform_fixture; /* the recorded runs' */

struct sm_seinode_options {
    const struct sm_profile *profile;
    const struct sm_seinode_platform *platform;
    const struct sm_parts *parts; /* of generated objects, made once for all passes; NULL: made again for each object */
};

/* The options of one instance, in [r], which must outlive everything the instance writes. */
const struct sm_seinode_options *sm_seinode_options_new(struct sm_region *r, const struct sm_profile *profile,
                                                        const struct sm_seinode_platform *platform);

/* Text of the CustomResourceDefinition of SeiNode, YAML. */
extern const char sm_seinode_crd_yaml[];

/* Kind, bindings and role of the controller's ServiceAccount, YAML of several documents, as [profile] ships them. */
const char *sm_seinode_rbac_yaml(const struct sm_profile *profile);

#endif
