/* One reference run in which nothing goes wrong, and then every run that differs from it at one point (points.h).
 *
 *      reference run   ──●────●────●────●────●──▶        ● a snapshot before each event that has points
 *      walked backwards               ╰─ restored, another way taken, run to its verdict
 *                                ╰─ restored …
 *
 * So what a run costs is what comes after its point, and the first half of the run is not run again and again. A snapshot is void
 * once an older one was restored: a run that fails, or is to be checked, is put off until the walk is over, and then run from its
 * start; that it comes to the same verdict there is a check of snapshots.
 */
#include <string.h>

#include "engines.h"
#include "points.h"

struct put_off {
    uint64_t number;
    enum sm_verdict_kind kind;
    uint64_t events;
};

struct perturb {
    struct sm_campaign *campaign;
    struct sm_region kept, walk; /* points; snapshots of a walk */
    const struct sm_points *points;

    /* The walk. */
    struct sm_sim_snapshot **snapshot; /* by event; NULL: none */
    uint32_t at;                       /* the snapshots of events up to this one are good; 0: none is */
    uint8_t rank;
    struct put_off *later;
    size_t later_count;

    /* The run. */
    uint64_t number;
    const struct sm_point *point; /* NULL: the reference run */
    uint32_t asked;
    uint64_t done;
};

/* --- One run --------------------------------------------------------------------------------------------------------------------- */

static uint32_t age(const struct sm_point *point, const struct sm_choice_point *asked) {
    switch (point->lists) {
    case SM_LISTS_OLDEST:
        return asked->n - 1;
    case SM_LISTS_ONE:
    case SM_LISTS_ONE_OFF:
        return strcmp(asked->actor, point->informer) != 0 ? 0 : point->lists == SM_LISTS_ONE ? asked->n - 1 : 1;
    default:
        return 0;
    }
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct perturb *perturb = self;
    uint32_t ordinal = perturb->asked++;
    (void)env;

    if (!perturb->point || ordinal < perturb->point->ordinal)
        return 0;
    if (ordinal == perturb->point->ordinal) {
        perturb->campaign->faults++;
        return perturb->point->way;
    }
    return point->kind == SM_CHOICE_AGE ? age(perturb->point, point) : 0;
}

static struct sm_sim_chooser from_start(void *self) {
    struct perturb *perturb = self;

    perturb->asked = 0;
    perturb->point = perturb->number ? &perturb->points->point[perturb->number - 1] : NULL;
    return (struct sm_sim_chooser){.self = perturb, .choose = choose};
}

/* --- The walk -------------------------------------------------------------------------------------------------------------------- */

struct walking {
    struct perturb *perturb;
    const bool *wanted;
    uint32_t event, last;
};

static void between(void *self, struct sm_env *env) {
    struct walking *walking = self;
    struct perturb *perturb = walking->perturb;
    (void)env;

    if (++walking->event <= walking->last && walking->wanted[walking->event])
        perturb->snapshot[walking->event] = sm_sim_snapshot(perturb->campaign->trial->world->sim, &perturb->walk);
}

static uint32_t nothing(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    (void)self;
    (void)env;
    (void)point;
    return 0;
}

/* The reference run once more, with a snapshot at each event that has points of this rank. */
static void begin_walk(struct perturb *perturb, const struct sm_point *first) {
    const struct sm_points *points = perturb->points;

    sm_region_clear(&perturb->walk);
    bool *wanted = sm_region_zalloc(&perturb->walk, (points->events + 1) * sizeof *wanted);
    perturb->snapshot = sm_region_zalloc(&perturb->walk, (points->events + 1) * sizeof *perturb->snapshot);
    for (const struct sm_point *point = first; point < points->point + points->count && point->rank == first->rank; point++)
        wanted[point->event] = true;
    struct walking walking = {.perturb = perturb, .wanted = wanted, .last = first->event};
    struct sm_sim_chooser chooser = {.self = &walking, .choose = nothing, .between = between};
    sm_trial_run(perturb->campaign->trial, &chooser, NULL);
    perturb->at = first->event;
    perturb->rank = first->rank;
}

/* Runs that were put off, from their start. */
static void end_walk(struct perturb *perturb) {
    struct sm_campaign *campaign = perturb->campaign;

    perturb->at = 0;
    for (size_t i = 0; i < perturb->later_count && !campaign->diverged; i++) {
        const struct put_off *later = &perturb->later[i];
        perturb->number = later->number;
        struct sm_verdict verdict =
            sm_campaign_try(campaign, &(struct sm_attempt){.self = perturb, .chooser = from_start, .number = later->number});
        if (!campaign->diverged && (verdict.kind != later->kind || verdict.events != later->events))
            campaign->diverged =
                sm_region_printf(campaign->kept, "run %llu: from its start %s after %llu events, from a snapshot %s after %llu",
                                 (unsigned long long)later->number, sm_verdict_names[verdict.kind], (unsigned long long)verdict.events,
                                 sm_verdict_names[later->kind], (unsigned long long)later->events);
    }
    perturb->later_count = 0;
}

static void try_point(struct perturb *perturb, uint64_t number) {
    struct sm_campaign *campaign = perturb->campaign;
    const struct sm_point *point = &perturb->points->point[number - 1];

    if (point->event == 0) { /* before the first event: from the start */
        end_walk(perturb);
        perturb->number = number;
        sm_campaign_try(campaign, &(struct sm_attempt){.self = perturb, .chooser = from_start, .number = number});
        return;
    }
    if (point->event > perturb->at || point->rank != perturb->rank) {
        end_walk(perturb);
        begin_walk(perturb, point);
    }
    perturb->at = point->event;
    perturb->point = point;
    perturb->asked = perturb->points->asked[point->event];
    struct sm_sim_chooser chooser = {.self = perturb, .choose = choose};
    struct sm_verdict verdict = sm_trial_go_on(campaign->trial, perturb->snapshot[point->event], &chooser);
    if (verdict.kind == SM_VERDICT_CONVERGES && !sm_campaign_checks(number)) {
        sm_campaign_count(campaign, &verdict);
    } else {
        campaign->faults--; /* it will be counted again */
        perturb->later[perturb->later_count++] = (struct put_off){number, verdict.kind, verdict.events};
    }
}

static void tell_coverage(struct perturb *perturb) {
    const struct sm_points *points = perturb->points;

    perturb->campaign->coverage = sm_region_printf(
        perturb->campaign->kept,
        "the reference run has %u writes, %u watch events, %u moments of an edit and %u steps of the user: %llu of %zu points tried",
        points->writes, points->watch_events, points->edits, points->steps, (unsigned long long)perturb->done, points->count);
}

void sm_perturb(struct sm_campaign *campaign) {
    struct perturb perturb = {.campaign = campaign};

    sm_region_init(&perturb.kept, "points", 0);
    sm_region_init(&perturb.walk, "walk", 0);
    perturb.points = sm_points_list(campaign->trial, &perturb.kept);
    perturb.later = sm_region_alloc(&perturb.kept, (perturb.points->count + 1) * sizeof *perturb.later);
    while (sm_campaign_next(campaign) && campaign->number <= perturb.points->count) {
        if (campaign->number) {
            try_point(&perturb, campaign->number);
            perturb.done++;
            continue;
        }
        perturb.number = 0;
        sm_campaign_try(campaign, &(struct sm_attempt){.self = &perturb, .chooser = from_start, .number = 0});
    }
    end_walk(&perturb);
    tell_coverage(&perturb);
    sm_region_release(&perturb.walk);
    sm_region_release(&perturb.kept);
}
