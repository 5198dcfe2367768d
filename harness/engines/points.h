/* Where and how a reference run may be perturbed: every choice of it that belongs to a write, to a watch event or to what the user
 * does, times every way it could have gone instead; after a crash or a cut, times how old the lists may be that follow.
 *
 * In order of promise: by rank, and within a rank from the end of the run backwards, so that who walks a rank in this order can
 * restore snapshots of the run last in, first out.
 */
#ifndef SM_POINTS_H
#define SM_POINTS_H

#include "trial.h"

enum { SM_POINT_RANKS = 4 };

enum sm_old_lists {
    SM_LISTS_FRESH,
    SM_LISTS_OLDEST,  /* each list that follows is as old as may be */
    SM_LISTS_ONE,     /* that of one informer is */
    SM_LISTS_ONE_OFF, /* that of one informer lacks one change */
};

/* One run: at the choice [ordinal] another way. */
struct sm_point {
    uint32_t ordinal; /* of the choice in the run, from 0 */
    uint32_t event;   /* whose choice it is: the so-many-th of the run, from 1; 0: before the first */
    uint32_t way;
    uint32_t order; /* among the ways of one choice */
    uint8_t rank;
    enum sm_old_lists lists;
    const char *informer; /* of SM_LISTS_ONE…; lives as long as the trial */
};

struct sm_points {
    struct sm_point *point;
    size_t count;
    uint32_t writes, watch_events, edits, steps; /* choices of each sort */
    uint32_t *asked;                             /* choices before each event */
    uint32_t events;
};

/* Runs the reference run and lists its points; both live in [r]. */
struct sm_points *sm_points_list(struct sm_trial *trial, struct sm_region *r);

#endif
