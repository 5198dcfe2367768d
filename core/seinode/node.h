/* The SeiNode of one pass: the object as it was read, the status as the pass edits it, and what its spec says.
 *
 * It lives on the stack of reconcile; all values it points to live in the pass's region. Nothing here talks to a server.
 * The status is edited in memory and written once, at the end: what is lost with a failed write is done again.
 */
#ifndef SM_NODE_H
#define SM_NODE_H

#include "meta.h"
#include "plan.h"
#include "seinode.h"

/* In the order in which the planner looks for them. */
enum sm_mode { SM_MODE_FULL, SM_MODE_ARCHIVE, SM_MODE_REPLAYER, SM_MODE_VALIDATOR, SM_MODE_NONE };

struct sm_node {
    struct sm_ctx *ctx;
    struct sm_region *r;
    const struct sm_seinode_options *options;
    sm_val object; /* as read, or as the last write answered */
    sm_val spec;   /* NULL if it has none */
    sm_val status; /* as edited, without the plan; never NULL */
    struct sm_plan plan;
    const char *name, *name_space, *uid;
    int64_t generation;
    enum sm_mode mode;
    sm_val mode_spec; /* spec.fullNode … */
};

void sm_node_init(struct sm_node *node, struct sm_ctx *ctx, sm_val object);

static inline bool sm_node_has(const struct sm_node *node, enum sm_safeguard safeguard) {
    return sm_profile_has(node->options->profile, safeguard);
}

/* --- Spec ---------------------------------------------------------------------------------------------------------- */

const char *sm_node_mode_name(enum sm_mode mode); /* `fullNode` … */
const char *sm_node_image(const struct sm_node *node);
int64_t sm_node_sidecar_port(const struct sm_node *node);
const char *sm_node_imported_claim(const struct sm_node *node); /* "" if it makes its own */
const char *sm_node_claim(const struct sm_node *node);          /* name of its data volume's claim, whoever made it */
const char *sm_node_signing_secret(const struct sm_node *node); /* "" if none */
const char *sm_node_key_secret(const struct sm_node *node);
sm_val sm_node_snapshot(const struct sm_node *node);   /* spec.….snapshot, NULL if none; an archive never has one */
int64_t sm_node_height(const struct sm_node *node);    /* snapshot.s3.targetHeight, 0 if there is none */
bool sm_node_bootstraps(const struct sm_node *node);   /* by a Job with an image of its own */
const char *sm_node_job(const struct sm_node *node);   /* that Job's name */
sm_val sm_node_owner_refs(const struct sm_node *node); /* the list that generated objects carry */

/* --- Status -------------------------------------------------------------------------------------------------------- */

const char *sm_node_phase(const struct sm_node *node);           /* "" before the first plan */
const char *sm_node_current_image(const struct sm_node *node);   /* "" before the first update */
void sm_node_set_phase(struct sm_node *node, const char *phase); /* moves phaseTransitionTime, even if the phase stays; "" does nothing */
void sm_node_set_current_image(struct sm_node *node, const char *image);

/* The condition of [type], NULL if there is none; and setting one as meta.SetStatusCondition does. */
sm_val sm_node_condition(const struct sm_node *node, const char *type);
void sm_node_set_condition(struct sm_node *node, const char *type, const char *status, const char *reason, const char *message);

/* The whole status with the plan. */
sm_val sm_node_full_status(const struct sm_node *node);

/* Now, as the API writes times. */
sm_val sm_node_now(const struct sm_node *node);

#endif
