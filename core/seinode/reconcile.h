/* One pass over one SeiNode (seinode-controller.md 2). */
#ifndef SM_RECONCILE_H
#define SM_RECONCILE_H

#include "controller.h"

struct sm_result sm_seinode_reconcile(struct sm_ctx *ctx, struct sm_key key);

#endif
