/* Client of the sidecar's HTTP API (seictl serve; seinode-controller.md 5.7), with its error texts. */
#ifndef SM_SEICTL_H
#define SM_SEICTL_H

#include "node.h"

enum sm_seictl_health { SM_SEICTL_READY, SM_SEICTL_NOT_READY, SM_SEICTL_UNREACHABLE };

/* GET /v0/healthz with a deadline of 2 s. [ret_error] is set for UNREACHABLE. */
enum sm_seictl_health sm_seictl_healthz(struct sm_node *node, const char **ret_error);

/* Posts a task; one whose id is known already is not started twice. Returns NULL if it was accepted, else the error. */
const char *sm_seictl_submit(struct sm_node *node, const char *type, const char *id, sm_val params);

/* How a task stands. Whoever does not answer, or does not know it, counts as running. */
enum sm_seictl_state { SM_SEICTL_RUNNING, SM_SEICTL_COMPLETED, SM_SEICTL_FAILED };
enum sm_seictl_state sm_seictl_task(struct sm_node *node, const char *id, const char **ret_error);

#endif
