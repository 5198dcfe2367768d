#include "cluster.h"

static struct sm_result reconcile(struct sm_ctx *ctx, struct sm_key key) {
    (void)ctx;
    (void)key;
    return sm_done();
}

const struct sm_controller sm_job_controller = {.name = "job-controller", .primary = SM_JOBS, .reconcile = reconcile};
