/* Custom resources as the server serves them: what storing, changing or deleting a CustomResourceDefinition does. */
#ifndef SM_CUSTOM_H
#define SM_CUSTOM_H

#include "env.h"
#include "kind.h"
#include "log.h"

struct sm_server;
struct sm_store_slot;

enum { SM_CUSTOM_VERSIONS_MAX = 8 };

/* A definition, compiled. Immutable, in the run's region. */
struct sm_custom {
    sm_val definition;
    int64_t changed; /* resourceVersion of the definition: older objects are defaulted anew when read */
    bool terminating;
    const struct sm_kind_info *stored;
    const struct sm_kind_info *served[SM_CUSTOM_VERSIONS_MAX]; /* in the definition's order */
    uint32_t served_count;
};

/* Server-side fields of a definition that is about to be stored: status, and the finalizer that guards its objects. */
sm_val sm_custom_accept(struct sm_env *env, const struct sm_server *server, sm_val definition);

/* A definition was stored or deleted: serves its kinds, or stops to, and removes their objects. */
void sm_custom_changed(struct sm_env *env, struct sm_server *server, enum sm_change change, sm_val definition);

/* The kind of a resource's version, NULL if that is not served. */
const struct sm_kind_info *sm_custom_kind(const struct sm_custom *custom, const char *version);

/* An object as a reader of [kind]'s version sees it: with its apiVersion, and with defaults that came later. */
sm_val sm_custom_show(struct sm_region *r, const struct sm_custom *custom, const struct sm_kind_info *kind, sm_val object);

#endif
