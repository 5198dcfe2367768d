#include "cluster.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    (void)ctx;
    (void)key;
    return sm_done();
}

const struct sm_controller sm_scheduler = {.name = "scheduler", .primary = SM_PODS, .reconcile = reconcile};
