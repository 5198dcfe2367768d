/* The other actors of a cluster: who acts, besides the controller under test.
 *
 * Those that are controllers (StatefulSet, garbage collector, namespace, PVC binder and protection, scheduler) are written
 * against the one controller interface, so each has its own lagging informers, queue and back-off, and can crash. Kubelet
 * is an actor without a queue. Each is a file of its own; here is the list that worlds and `serve --controllers` pick from.
 */
#ifndef SM_CLUSTER_H
#define SM_CLUSTER_H

#include "controller.h"

/*    id                  name (of its client, too)        object               */
#define SM_CLUSTER_CONTROLLERS(X) \
    X(STATEFULSET, "statefulset-controller", sm_statefulset_controller) \
    X(GARBAGE_COLLECTOR, "garbage-collector", sm_garbage_collector) \
    X(NAMESPACE, "namespace-controller", sm_namespace_controller) \
    X(PV_BINDER, "persistentvolume-binder", sm_pv_binder) \
    X(PVC_PROTECTION, "pvc-protection-controller", sm_pvc_protection_controller) \
    X(SCHEDULER, "scheduler", sm_scheduler) \
    X(JOB, "job-controller", sm_job_controller)

#define X(id, name, object) extern const struct sm_controller object;
SM_CLUSTER_CONTROLLERS(X)
#undef X

/* What the StatefulSet controller and others read with sm_ctx_options; NULL: all zero. */
struct sm_cluster_options {
    const char *kubernetes; /* `1.33` (NULL), `1.37`: OnDelete promotes currentRevision */
};

#endif
