/* Custom resources as the server serves them: what storing, changing or deleting a CustomResourceDefinition does.
 *
 * Kubernetes has controllers for this, which need a moment each. Here they act at once, within the write, but step by step:
 * a stored definition gets its names accepted (or not), then is established; a deleted one deletes its objects, and goes when
 * the last of them has gone. Each step is a change in the log.
 */
#ifndef SM_CUSTOM_H
#define SM_CUSTOM_H

#include "env.h"
#include "kind.h"
#include "log.h"

struct sm_server;
struct sm_store_slot;

enum { SM_CUSTOM_VERSIONS_MAX = 8 };

/* An established definition, compiled. Immutable, in the run's region. */
struct sm_custom {
    sm_val definition;
    int64_t changed; /* resourceVersion of the definition: older objects are defaulted anew when read */
    bool terminating;
    const struct sm_kind_info *stored;
    const struct sm_kind_info *served[SM_CUSTOM_VERSIONS_MAX]; /* in the definition's order */
    uint32_t served_count;
};

/* The finalizer that guards the objects of a definition. */
extern const char sm_custom_finalizer[];

/* A definition about to be stored remembers which versions were ever stored. */
sm_val sm_custom_note_versions(struct sm_region *r, sm_val definition);

/* Called by the store for each change of a definition, and for each object of a custom kind that is gone. */
void sm_custom_changed(struct sm_env *env, struct sm_server *server, enum sm_change change, sm_val definition);
void sm_custom_object_gone(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot);

/* A definition that is established is served, without any change: for a server that has moved. The slot of its resource, NULL if it
 * is not served. */
struct sm_store_slot *sm_custom_resume(struct sm_env *env, struct sm_server *server, sm_val definition);

/* The kind of a resource's version, NULL if that is not served. */
const struct sm_kind_info *sm_custom_kind(const struct sm_custom *custom, const char *version);

/* An object as a reader of [kind]'s version sees it: with its apiVersion, and with defaults that came later. */
sm_val sm_custom_show(struct sm_region *r, const struct sm_custom *custom, const struct sm_kind_info *kind, sm_val object);

#endif
