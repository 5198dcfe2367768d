/* A scenario: what is there, what happens, and how it must end under each profile. Read from a YAML file, strictly: whatever
 * is wrong is a problem with a place. A scenario is immutable and lives in the region it was loaded into.
 *
 *      about ─ controllers ─ given ─▶ the cluster comes to rest ─▶ world's lag and faults begin ─▶ steps, one by one ─▶ expect
 *
 * shape.h holds the table of keys, from which the loader and scenarios/scenario.schema.json both come.
 */
#ifndef SM_SCENARIO_H
#define SM_SCENARIO_H

#include "kubelet.h"
#include "network.h"
#include "problem.h"
#include "profile.h"
#include "shape.h"
#include "sidecar.h"
#include "verdict.h"

enum { SM_SCENARIO_STEPS_MAX = 64, SM_SCENARIO_CONTROLLERS_MAX = 4, SM_SCENARIO_LAGS_MAX = 16 };

/* One object, by kind and name. */
struct sm_target {
    const struct sm_resource *resource; /* NULL: none */
    const char *name_space, *name;
    const char *text; /* as written: `seinode/n-1` */
};

struct sm_expected_object {
    struct sm_target target;
    sm_val pattern; /* match.h; NULL: it exists */
};

/* What makes a step happen, besides its turn. */
struct sm_trigger {
    bool given;
    enum sm_call_phase phase;
    struct sm_call_match call;               /* of a call */
    uint32_t nth;                            /* from 1, counted from when it is this step's turn */
    const struct sm_expected_object *object; /* or: the store comes to match; NULL: a call */
};

/*    id            key                     also left out of a control run: it is what goes wrong */
#define SM_STEPS(X) \
    X(APPLY, "apply", false) \
    X(PATCH, "patch", false) \
    X(DELETE, "delete", false) \
    X(SCALE, "scale", false) \
    X(RESTART, "restart-controller", true) \
    X(HOLD, "hold", true) \
    X(RELEASE, "release", true) \
    X(RELIST, "relist", true) \
    X(ADVANCE, "advance", false) \
    X(WAIT, "wait", false) \
    X(ASSERT, "assert", false) \
    X(NEVER, "never", false) \
    X(EXIT, "exit", true) \
    X(READY, "ready", true) \
    X(SIDECAR, "sidecar", true) \
    X(NODE, "node", true)

enum sm_step_kind {
#define X(id, key, disturbs) SM_STEP_##id,
    SM_STEPS(X)
#undef X
    SM_STEP_COUNT
};
extern const char *const sm_step_names[SM_STEP_COUNT];

struct sm_step {
    enum sm_step_kind kind;
    const char *place; /* `scenarios/x.yaml:12:3` */
    bool disturbs;     /* left out of a control run */
    struct sm_trigger when;
    sm_time after; /* so long after its turn or trigger */

    struct sm_target target; /* patch, delete, scale, exit, ready, sidecar */
    const sm_val *objects;   /* apply */
    const struct sm_place *object_places;
    size_t object_count;
    sm_val body; /* patch; delete: DeleteOptions or NULL */
    enum sm_patch patch;
    const char *subresource;             /* patch */
    struct sm_expected_object *expected; /* wait, assert, never */
    size_t expected_count;
    sm_time time;                     /* advance; wait and assert: no longer than this, 0: no limit; restart: until the new process lists */
    const char *controller;           /* restart */
    const struct sm_profile *profile; /* restart; NULL: as it was … */
    bool profile_of_run;              /* … or the run's */
    sm_time stale;                    /* restart, relist: the first list is so old */
    sm_time catch_up;                 /* restart: after it the watches bring nothing for so long */
    const char *cache;                /* hold, release, relist: `seinode-controller/pods`, with `*` */
    const struct sm_call_match *call; /* hold, release: NULL if it is a cache. A release has the address of its hold's. */
    const char *container;
    int64_t number; /* scale: replicas; exit: code; sidecar: code of healthz, 0 as usual, -1 hangs */
    bool on;        /* ready; node: comes back */
};

struct sm_lag {
    const char *cache; /* `seinode-controller/pods`, with `*` */
    sm_time lag;
};

struct sm_scenario_world {
    const struct sm_lag *lags;
    size_t lag_count;
    sm_time lag;     /* of every other informer */
    sm_time latency; /* of every other call */
    const struct sm_latency_rule *latencies;
    size_t latency_count;
    const struct sm_fault_rule *faults;
    size_t fault_count;
    const struct sm_chosen *choices; /* schedule.h; not of a control run */
    size_t choice_count;
    const struct sm_image_rule *images;      /* ended by the default */
    const struct sm_image_rule *calm_images; /* the default alone: of a control run */
    const struct sm_sidecar_rule *sidecar;   /* ended */
    const struct sm_sidecar_rule *calm_sidecar;
    sm_time probe_period; /* of all probes; 0: as each pod says */
    bool rbac_full;
    const char *kubernetes;
    uint64_t seed;
    bool at_once;        /* steps begin before the cluster is at rest */
    uint64_t events_max; /* budget */
    sm_time time_max;
};

struct sm_scenario_controller {
    const char *use;                  /* `seinode` */
    const char *name;                 /* `seinode-controller` */
    const struct sm_profile *profile; /* NULL: the run's */
};

struct sm_expectation {
    enum sm_verdict_kind verdict;
    const char *why;
    const char *reason; /* glob over the verdict's reason; NULL: any */
};

enum { SM_SAFEGUARD_NONE = -1, SM_SAFEGUARD_UNSAID = -2 };

struct sm_scenario {
    const char *file; /* as named on the command line */
    const char *name; /* without folder and ending */
    const struct sm_source *source;
    const char *about;
    int safeguard; /* enum sm_safeguard, or one of these */
    const struct sm_scenario_controller *controllers;
    size_t controller_count;
    const sm_val *given;
    const struct sm_place *given_places; /* where each stands */
    size_t given_count;
    struct sm_scenario_world world;
    const struct sm_step *steps;
    size_t step_count;
    uint64_t properties_off;                        /* bits, see property.h */
    struct sm_expectation expect[SM_PROFILE_COUNT]; /* in the order of sm_profiles */
    struct sm_expectation control[SM_PROFILE_COUNT];
    bool has_control; /* something is left out of a control run */
};

/* Reads whole files for the loader: the only way it touches the outside. The text lives in [r]; NULL: [reterr] says why. */
struct sm_reader {
    void *self;
    const char *(*read)(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr);
};

/* Loads one scenario. NULL if anything is wrong: then [problems] has grown. */
const struct sm_scenario *sm_scenario_load(struct sm_region *r, const struct sm_reader *reader, const char *path,
                                           struct sm_problems *problems);

#endif
