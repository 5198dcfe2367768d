/* One interface for every controller: SeiNode, the StatefulSet controller, the garbage collector, all are written against it,
 * so each lags, crashes, restarts and interleaves in the same way. A new controller is one file and one row.
 *
 * reconcile is straight-line code. It sees the world only through its context, and every call of the context is recorded:
 * when a call has no answer yet, the pass is abandoned (the call does not return), and when the answer is there reconcile
 * runs again from its start, its earlier calls answered from the record. So at every call other actors may act, a crash is
 * dropping the record, and a snapshot needs no stack. What follows for the code of a controller:
 *
 *   - No static or global state, no clock, no randomness, no I/O but through the context.
 *   - The same answers must lead to the same calls (builds with SM_CHECK_HASHES check it).
 *   - All memory comes from sm_ctx_region: it is emptied when the pass waits, so nothing may be kept across calls
 *     except in local variables that the next run computes again. Never hold a resource that must be released.
 *
 * Effects without an answer (events, metrics) are calls too: below the record's end they do nothing.
 */
#ifndef SM_CONTROLLER_H
#define SM_CONTROLLER_H

#include "api.h"
#include "clock.h"
#include "journal.h"
#include "log.h"
#include "queue.h"

struct sm_ctx;

/* --- What a controller is ----------------------------------------------------------------------------------------- */

struct sm_result {
    enum { SM_RESULT_DONE, SM_RESULT_REQUEUE, SM_RESULT_ERROR } kind;
    sm_time after;     /* REQUEUE: delay > 0 */
    const char *error; /* ERROR: in the context's region; retried with back-off */
};

static inline struct sm_result sm_done(void) { return (struct sm_result){.kind = SM_RESULT_DONE}; }
static inline struct sm_result sm_requeue_after(sm_time after) { return (struct sm_result){.kind = SM_RESULT_REQUEUE, .after = after}; }
static inline struct sm_result sm_error(const char *error) { return (struct sm_result){.kind = SM_RESULT_ERROR, .error = error}; }

/* Where a watch puts the keys it wants reconciled. */
struct sm_enqueue {
    struct sm_region *region;
    void (*add)(struct sm_enqueue *to, const char *name_space, const char *name);
    void (*add_after)(struct sm_enqueue *to, const char *name_space, const char *name, sm_time delay);
    sm_time now;
    const void *options; /* the instance's, see struct sm_controller */
    /* Cached reads for mappings that need them (client-go's listers); NULL or "" as in sm_val_get. */
    sm_val (*lookup)(struct sm_enqueue *to, const struct sm_resource *resource, const char *name_space, const char *name);
    void (*each)(struct sm_enqueue *to, const struct sm_resource *resource, const char *name_space, bool (*visit)(void *arg, sm_val object),
                 void *arg);
};

/* One informer of a controller. */
struct sm_watch {
    const struct sm_resource *resource;
    /* Lets an event through; NULL lets all. [before] is NULL for an add, [after] NULL for a delete. */
    bool (*predicate)(sm_val before, sm_val after);
    /* Maps an event to keys; NULL: none (a lister only). */
    void (*map)(struct sm_enqueue *to, sm_val before, sm_val after);
    bool lazy;     /* the informer starts with the first cached read of the kind, and that read waits for its first list */
    bool optional; /* a kind the server may not serve: nothing waits for it, and its cache is empty until the server does */
};

struct sm_controller {
    const char *name;       /* `seinode-controller`: the client's name too */
    const char *user_agent; /* default field manager; NULL: the name */
    const struct sm_resource *primary;
    const struct sm_watch *watches;
    size_t watch_count;
    struct sm_result (*reconcile)(struct sm_ctx *ctx, struct sm_key key);
    /* JSON text of its ClusterRole's rules under these options; NULL (either way): cluster-admin. */
    const char *(*cluster_role)(const void *options);
};

/* --- Ready-made predicates and mappings (controller-runtime's) ------------------------------------------------------ */

bool sm_generation_changed(sm_val before, sm_val after); /* GenerationChangedPredicate: drops updates that leave generation alone */
void sm_map_self(struct sm_enqueue *to, sm_val before, sm_val after);
/* EnqueueRequestForOwner, OnlyController, owner kind SeiNode … : maps by the controller reference's group and kind, not its uid. */
void sm_map_owner_of(struct sm_enqueue *to, sm_val before, sm_val after, const struct sm_resource *owner);

/* --- The context: all a reconcile can see --------------------------------------------------------------------------- */

/* Scratch memory of the pass; see the top of this file. */
struct sm_region *sm_ctx_region(struct sm_ctx *ctx);

/* True if the next call is answered from the record whatever it asks, so that its arguments need not be made: a pass is run
 * again at each of its calls. Never true where re-runs are checked. */
bool sm_ctx_recorded(const struct sm_ctx *ctx);

/* Options of this instance: what `world` and profile say, e.g. a struct sm_profile. Constant during a run. */
const void *sm_ctx_options(struct sm_ctx *ctx);

/* Sends a request and returns its answer. client may be NULL: it is the controller's own. */
const struct sm_reply *sm_ctx_call(struct sm_ctx *ctx, const struct sm_request *request);

/* Shorthands of it. */
const struct sm_reply *sm_ctx_live_get(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, const char *name);
const struct sm_reply *sm_ctx_live_list(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space,
                                        const char *label_selector);
const struct sm_reply *sm_ctx_create(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, sm_val object);
const struct sm_reply *sm_ctx_update(struct sm_ctx *ctx, const struct sm_resource *resource, const char *subresource, sm_val object);
const struct sm_reply *sm_ctx_patch(struct sm_ctx *ctx, const struct sm_resource *resource, const char *subresource, const char *name_space,
                                    const char *name, enum sm_patch patch, sm_val body);
const struct sm_reply *sm_ctx_apply(struct sm_ctx *ctx, const struct sm_resource *resource, sm_val object, const char *field_manager,
                                    bool force);
/* [options]: a DeleteOptions object or NULL. */
const struct sm_reply *sm_ctx_delete(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, const char *name,
                                     sm_val options);

/* Reads from the cache of [resource]: the object, or NULL if the cache has none; never an error. A read of a kind whose
 * informer has no first list yet waits for it. */
sm_val sm_ctx_cached_get(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, const char *name);

/* A list of objects in key order. [name_space] "" lists all. [label_selector] is a LabelSelector object; NULL: everything. */
sm_val sm_ctx_cached_list(struct sm_ctx *ctx, const struct sm_resource *resource, const char *name_space, sm_val label_selector);

/* The virtual time of this moment of the pass. */
sm_time sm_ctx_now(struct sm_ctx *ctx);
/* The same in whole seconds, which is all that the times in objects have: passes within one second then hear the same. */
sm_time sm_ctx_second(struct sm_ctx *ctx);

/* A new version 4 UUID. */
const char *sm_ctx_uuid(struct sm_ctx *ctx);

/* Calls an outside service by name (`sidecar`), as over HTTP. [reply.code] 0: no connection, and body is a string that says why. */
const struct sm_reply *sm_ctx_service(struct sm_ctx *ctx, const char *service, const char *method, const char *host, const char *path,
                                      sm_val body, sm_time timeout);

/* Records an Event about [object]: posted later by the recorder. type is `Normal` or `Warning`. */
void sm_ctx_event(struct sm_ctx *ctx, const struct sm_resource *resource, sm_val object, const char *type, const char *reason,
                  const char *message);

/* Adds to (counter, up/down) or sets (gauge) a metric when the pass ends. [labels] like `phase="Running"`. */
void sm_ctx_metric(struct sm_ctx *ctx, const char *name, const char *labels, double value);

/* A line for the journal. */
void sm_ctx_note(struct sm_ctx *ctx, const char *text);

#endif
