/* Random search. Each run draws a personality of its own, then a few points of the run at which something is not as usual:
 *
 *      order     as it comes (1 of 4) · now and then another event first (1 of 4) · priorities with d - 1 changes, PCT (2 of 4)
 *      caches    as quick as usual (3 of 4) · some of the informers under test lag, each by a time of its own, log-uniform (1 of 4)
 *      the rest  of each kind of choice none, or a few, anywhere in the run; of faults only kinds that this run has (swarm)
 *
 * Where the points may be comes from the run in which nothing goes wrong: how often each kind of choice is asked until the last
 * write. After the last of them all choices are 0, so each run ends in a quiet phase in which it must converge.
 * A bug that needs d things at certain points is met with a chance of about one in (points of the run)^d, however many actors there are.
 */
#include <string.h>

#include "engines.h"
#include "rng.h"

enum { POINTS_MAX = 8, ACTORS = 256, ACTORS_MAX = ACTORS / 2, CHANGES_MAX = 3, LATE_ELSEWHERE = 7, LAG_LEAST = 3, LAG_WAYS = 6 };

struct actor {
    const char *name; /* compared by address: NULL: free */
    bool ours;        /* of a controller under test */
    uint32_t priority;
    uint32_t lag; /* way of SM_CHOICE_LATE of whatever is delivered to it */
};

struct points {
    uint32_t asked; /* so far, of those that this run looks at */
    uint32_t at[POINTS_MAX], count, next;
};

enum order { IN_ORDER, NOW_AND_THEN, PRIORITIES };

struct sweep {
    struct sm_campaign *campaign;
    uint32_t asked[2][SM_CHOICE_COUNT]; /* in the reference run until its last write: of all actors, of ours alone */
    uint64_t writes;                    /* likewise */

    /* Of the run. */
    uint64_t number;
    struct sm_rng rng;
    enum order order;
    bool ours_only, caches_lag;
    uint32_t odds;   /* NOW_AND_THEN: one in so many */
    uint32_t swarm;  /* ways of faults that this run has, as bits */
    uint32_t events; /* choices of events so far */
    uint32_t late;   /* choices of lateness so far */
    uint32_t change[CHANGES_MAX], change_count, next_low;
    struct points points[SM_CHOICE_COUNT];
    struct actor actors[ACTORS];
    uint32_t actor_count;
};

/* --- Actors --------------------------------------------------------------------------------------------------------------------- */

static bool is_ours(const struct sweep *sweep, const char *name) {
    const struct sm_world *world = sweep->campaign->trial->world;

    for (size_t i = 0; i < world->actor_count && world->actors[i].under_test; i++) {
        const char *client = world->actors[i].client->name;
        size_t bytes = strlen(client);
        if (strncmp(name, client, bytes) == 0 && (!name[bytes] || name[bytes] == '/'))
            return true;
    }
    return strcmp(name, "user") == 0;
}

static struct actor *actor_of(struct sweep *sweep, const char *name) {
    uint32_t i = (uint32_t)((uintptr_t)name >> 4 ^ (uintptr_t)name >> 12) & (ACTORS - 1);

    while (sweep->actors[i].name && sweep->actors[i].name != name)
        i = (i + 1) & (ACTORS - 1);
    struct actor *actor = &sweep->actors[i];
    if (!actor->name && sweep->actor_count < ACTORS_MAX) {
        sweep->actor_count++;
        *actor = (struct actor){.name = name, .ours = is_ours(sweep, name), .priority = (uint32_t)sm_rng_next(&sweep->rng) | 1U << 31};
        if (sweep->caches_lag && actor->ours && sm_rng_below(&sweep->rng, 3) == 0)
            actor->lag = LAG_LEAST + sm_rng_below(&sweep->rng, LAG_WAYS);
    }
    return actor;
}

/* --- Answers -------------------------------------------------------------------------------------------------------------------- */

static uint32_t draw(struct sweep *sweep, const struct sm_choice_point *point, bool ours) {
    uint32_t n = point->n;

    if (point->kind == SM_CHOICE_FAULT) {
        for (int i = 0; i < 4; i++) {
            uint32_t way = 1 + sm_rng_below(&sweep->rng, n - 1);
            if (sweep->swarm >> way & 1) {
                sweep->campaign->faults++;
                return way;
            }
        }
        return 0;
    }
    if (point->kind == SM_CHOICE_LATE && !ours && n > LATE_ELSEWHERE + 1) /* a cluster is never minutes late */
        n = LATE_ELSEWHERE + 1;
    if (point->kind == SM_CHOICE_USER && n > sweep->writes + 2)
        n = (uint32_t)sweep->writes + 2;
    return n > 1 ? 1 + sm_rng_below(&sweep->rng, n - 1) : 0;
}

static uint32_t lag_of(struct sweep *sweep, const struct sm_choice_point *point) {
    if (!sweep->caches_lag || sweep->late++ > sweep->asked[0][SM_CHOICE_LATE] || strcmp(point->what, "deliver") != 0)
        return 0;
    uint32_t lag = actor_of(sweep, point->actor)->lag;
    return lag < point->n ? lag : point->n - 1;
}

/* Edits that no step asks for are left to perturb: what a scenario asserts is often about its own steps alone. */
static bool is_extra_edit(const struct sm_choice_point *point) {
    return point->kind == SM_CHOICE_USER && strcmp(point->what, "edit") == 0;
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct sweep *sweep = self;
    struct points *points = &sweep->points[point->kind];
    uint32_t lag = point->kind == SM_CHOICE_LATE ? lag_of(sweep, point) : 0;
    (void)env;

    if (lag)
        return lag;
    if (points->next == points->count || is_extra_edit(point))
        return 0;
    bool ours = actor_of(sweep, point->actor)->ours;
    if (sweep->ours_only && !ours)
        return 0;
    if (points->asked++ < points->at[points->next])
        return 0;
    points->next++;
    return draw(sweep, point, ours);
}

static uint32_t highest(struct sweep *sweep, const struct sm_event *const *enabled, uint32_t n) {
    struct actor *best = actor_of(sweep, enabled[0]->actor);
    uint32_t index = 0;

    for (uint32_t i = 1; i < n; i++) {
        struct actor *actor = actor_of(sweep, enabled[i]->actor);
        if (actor->priority > best->priority) {
            best = actor;
            index = i;
        }
    }
    return index;
}

static uint32_t choose_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct sweep *sweep = self;
    uint32_t at = sweep->events++;
    (void)env;

    if (at > sweep->asked[0][SM_CHOICE_EVENT] * 2)
        return 0;
    if (sweep->order == NOW_AND_THEN)
        return sm_rng_below(&sweep->rng, sweep->odds) ? 0 : sm_rng_below(&sweep->rng, n);
    uint32_t index = highest(sweep, enabled, n);
    for (uint32_t i = 0; i < sweep->change_count; i++)
        if (sweep->change[i] == at) { /* from now on it comes last */
            actor_of(sweep, enabled[index]->actor)->priority = sweep->next_low--;
            index = highest(sweep, enabled, n);
        }
    return index;
}

/* --- A run's personality -------------------------------------------------------------------------------------------------------- */

static void draw_points(struct sweep *sweep, enum sm_choice kind) {
    static const uint32_t counts[] = {0, 0, 1, 1, 1, 2, 2, 3, 4, 8};
    struct points *points = &sweep->points[kind];
    uint32_t among = sweep->asked[sweep->ours_only][kind] + sweep->asked[sweep->ours_only][kind] / 4 + 2;

    points->count = counts[sm_rng_below(&sweep->rng, sizeof counts / sizeof counts[0])];
    for (uint32_t i = 0; i < points->count; i++) {
        uint32_t at = sm_rng_below(&sweep->rng, among), to = i;
        for (; to > 0 && points->at[to - 1] > at; to--)
            points->at[to] = points->at[to - 1];
        points->at[to] = at;
    }
}

static struct sm_sim_chooser begin(void *self) {
    struct sweep *sweep = self;

    sm_rng_init(&sweep->rng, sweep->campaign->seed ^ sweep->number * UINT64_C(0x9e3779b97f4a7c15), "sweep");
    memset(sweep->points, 0, sizeof sweep->points);
    memset(sweep->actors, 0, sizeof sweep->actors);
    sweep->actor_count = sweep->events = sweep->late = 0;
    uint32_t order = sm_rng_below(&sweep->rng, 4);
    sweep->order = order == 0 ? IN_ORDER : order == 1 ? NOW_AND_THEN : PRIORITIES;
    sweep->odds = 2U << sm_rng_below(&sweep->rng, 6);
    sweep->ours_only = sm_rng_below(&sweep->rng, 3) > 0;
    sweep->caches_lag = sm_rng_below(&sweep->rng, 4) == 0;
    sweep->swarm = (uint32_t)sm_rng_next(&sweep->rng);
    sweep->change_count = sm_rng_below(&sweep->rng, CHANGES_MAX);
    sweep->next_low = 1U << 30;
    for (uint32_t i = 0; i < sweep->change_count; i++)
        sweep->change[i] = sm_rng_below(&sweep->rng, sweep->asked[0][SM_CHOICE_EVENT] + 1);
    for (enum sm_choice kind = 0; kind < SM_CHOICE_COUNT; kind++)
        if (kind != SM_CHOICE_EVENT)
            draw_points(sweep, kind);
    return (struct sm_sim_chooser){.self = sweep, .choose = choose, .choose_event = sweep->order == IN_ORDER ? NULL : choose_event};
}

/* --- The run in which nothing goes wrong ------------------------------------------------------------------------------------------ */

struct reference {
    struct sweep *sweep;
    uint32_t asked[2][SM_CHOICE_COUNT];
    uint64_t writes, before; /* of the cluster: so far, and before the first choice */
    bool asked_yet;
};

static void asked(struct reference *reference, enum sm_choice kind, const char *actor) {
    const struct sm_world *world = reference->sweep->campaign->trial->world;

    if (!reference->asked_yet) {
        reference->asked_yet = true;
        reference->before = world->memory->writes;
    }
    reference->asked[0][kind]++;
    reference->asked[1][kind] += actor_of(reference->sweep, actor)->ours;
    if (world->memory->writes != reference->writes) {
        reference->writes = world->memory->writes;
        memcpy(reference->sweep->asked, reference->asked, sizeof reference->asked);
    }
}

static uint32_t count_choice(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    (void)env;
    if (!is_extra_edit(point))
        asked(self, point->kind, point->actor);
    return 0;
}

static uint32_t count_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    (void)env;
    (void)n;
    asked(self, SM_CHOICE_EVENT, enabled[0]->actor);
    return 0;
}

static struct sm_sim_chooser begin_reference(void *self) {
    struct reference *reference = self;
    struct sweep *sweep = reference->sweep;

    memset(reference->asked, 0, sizeof reference->asked);
    memset(sweep->actors, 0, sizeof sweep->actors);
    sm_rng_init(&sweep->rng, 0, "reference");
    sweep->actor_count = 0;
    sweep->caches_lag = false;
    reference->writes = 0;
    reference->asked_yet = false;
    return (struct sm_sim_chooser){.self = reference, .choose = count_choice, .choose_event = count_event};
}

void sm_sweep(struct sm_campaign *campaign) {
    struct sweep *sweep = sm_region_zalloc(campaign->kept, sizeof *sweep);
    struct reference reference = {.sweep = sweep};
    struct sm_attempt first = {.self = &reference, .chooser = begin_reference}, other = {.self = sweep, .chooser = begin};

    sweep->campaign = campaign;
    struct sm_sim_chooser counting = begin_reference(&reference);
    sm_trial_run(campaign->trial, &counting, NULL);
    sweep->writes = reference.writes - reference.before;
    while (sm_campaign_next(campaign)) {
        sweep->number = other.number = campaign->number;
        sm_campaign_try(campaign, campaign->number ? &other : &first);
    }
}
