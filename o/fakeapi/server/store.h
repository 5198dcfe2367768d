/* All that changes in a server: one block of state with a log a resource under one counter of versions.
 *
 *      resource ──▶ slot { kind, log } ──append──▶ log.h: entries, each with the root of the store then
 *                                        └── version = ++server.version
 *
 * Slots of built-in resources stand at their ids; those of custom ones follow in order of appearance. A slot whose definition
 * was deleted keeps its log, since caches may still read it, and serves again when the same resource is defined again.
 */
#ifndef SM_STORE_H
#define SM_STORE_H

#include "custom.h"
#include "rbac_allow.h"
#include "server.h"

enum { SM_STORE_SLOTS_MAX = SM_RESOURCE_COUNT + 76 };

struct sm_store_slot {
    struct sm_log log;               /* log.resource NULL: the slot is free */
    const struct sm_kind_info *kind; /* as it is stored; NULL: not served */
    const struct sm_custom *custom;  /* its definition, compiled; NULL: built in, or not served */
};

struct sm_server {
    struct sm_server_config config;
    int64_t version;
    int64_t compacted;   /* versions before it are forgotten */
    uint64_t ids;        /* uids made */
    struct sm_rng names; /* of generateName */
    struct sm_rbac_cache rbac;
    uint32_t slot_count; /* the built-in ones counted */
    struct sm_store_slot slots[SM_STORE_SLOTS_MAX];
};

/* The slot of a resource, whatever its version; NULL if it has none. */
const struct sm_store_slot *sm_store_slot(const struct sm_server *server, const struct sm_resource *resource);
struct sm_store_slot *sm_store_slot_mutable(struct sm_server *server, const struct sm_resource *resource);

/* The slot of a custom resource, made if there is room; NULL if not. */
struct sm_store_slot *sm_store_slot_make(struct sm_server *server, const struct sm_resource *resource);

/* The object now, NULL if there is none. [key] is `ns/name` or `name`. */
static inline sm_val sm_store_get(const struct sm_store_slot *slot, const char *key) { return sm_pmap_get(slot->log.root, key); }

/* A value that was built in scratch memory, in the run's. */
sm_val sm_store_keep(struct sm_env *env, sm_val v);

/* Commits one change. [object] is the new state, or the last one of a DELETED. Returns it with the version it got. */
sm_val sm_store_append(struct sm_env *env, struct sm_server *server, struct sm_store_slot *slot, enum sm_change change, const char *key,
                       sm_val object);

/* A new uid, a name from its base (cut off at 58 bytes, and five characters), a version as text. */
sm_val sm_store_uid(struct sm_region *r, struct sm_server *server);
sm_val sm_store_name(struct sm_region *r, struct sm_server *server, const char *base);
sm_val sm_store_version_text(struct sm_region *r, int64_t version);

#endif
