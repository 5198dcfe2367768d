#include "points.h"

#include <stdlib.h>
#include <string.h>

enum { OTHERS_LATE = 7 }; /* a cluster is never minutes late: ways of SM_CHOICE_LATE from here on are ours alone */

/* What a choice of the reference run is about. */
enum sort { NOT_OURS_TO_TRY, WRITE, WATCH_EVENT, LATE_EVENT, LATE_WRITE, EDIT, STEP, OLD_LIST };

/* A choice of the reference run. */
struct place {
    enum sort sort;
    bool ours; /* of a controller under test */
    uint32_t ordinal, event, n;
    const char *actor, *object;
    const char *const *ways;
    uint64_t writes; /* of the world until then */
};

struct listing {
    struct sm_trial *trial;
    struct sm_region *r;
    struct place *place; /* those to try, and the calls that are no writes */
    size_t place_count, place_max;
    uint32_t asked, events, events_max;
    uint32_t *asked_at;
    struct sm_points *points;
    size_t point_max;
};

/* How much a way promises where it is a controller's under test; elsewhere all have the last rank. */
static const struct {
    enum sort sort;
    const char *way; /* NULL: any other */
    uint8_t rank;
} ranks[] = {
    {WRITE, "conflict", 0},      {WRITE, "lose-answer", 0},  {WRITE, "time-out", 0},
    {WRITE, "crash-after", 0},   {WRITE, NULL, 1},           {WATCH_EVENT, "cut-1s", 0},
    {WATCH_EVENT, "cut-20s", 0}, {WATCH_EVENT, NULL, 1},     {LATE_EVENT, "1s", 0},
    {LATE_EVENT, "20s", 0},      {LATE_EVENT, NULL, 1},      {LATE_WRITE, NULL, 2},
    {EDIT, NULL, 0},             {STEP, NULL, 0},            {OLD_LIST, NULL, 0},
};

/* --- The reference run ----------------------------------------------------------------------------------------------------------- */

static bool is_ours(const struct sm_world *world, const char *actor) {
    for (size_t i = 0; i < world->actor_count && world->actors[i].under_test; i++) {
        const char *client = world->actors[i].client->name;
        size_t bytes = strlen(client);
        if (strncmp(actor, client, bytes) == 0 && (!actor[bytes] || actor[bytes] == '/'))
            return true;
    }
    return false;
}

static bool has_way(const struct sm_choice_point *point, const char *way) {
    for (uint32_t i = 0; point->ways && i < point->n; i++)
        if (strcmp(point->ways[i], way) == 0)
            return true;
    return false;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The latest call of [actor] on [object] is a write. */
static bool writes(const struct listing *listing, const char *actor, const char *object) {
    for (size_t i = listing->place_count; i-- > 0;) {
        const struct place *place = &listing->place[i];
        if ((place->sort == WRITE || place->sort == NOT_OURS_TO_TRY) && same_text(place->actor, actor) && same_text(place->object, object))
            return place->sort == WRITE;
    }
    return false;
}

static enum sort sort_of(const struct listing *listing, const struct sm_choice_point *point) {
    const char *what = point->what ? point->what : "";

    switch (point->kind) {
    case SM_CHOICE_FAULT:
        return strcmp(what, "watch") == 0 ? WATCH_EVENT : has_way(point, "lose-answer") ? WRITE : NOT_OURS_TO_TRY;
    case SM_CHOICE_LATE:
        if (strcmp(what, "deliver") == 0)
            return LATE_EVENT;
        return (strcmp(what, "commit") == 0 || strcmp(what, "answer") == 0) && writes(listing, point->actor, point->object)
                   ? LATE_WRITE
                   : NOT_OURS_TO_TRY;
    case SM_CHOICE_USER:
        return strcmp(what, "edit") == 0 ? EDIT : STEP;
    case SM_CHOICE_AGE:
        return OLD_LIST;
    default:
        return NOT_OURS_TO_TRY;
    }
}

static void *grown(struct sm_region *r, const void *old, size_t used, size_t more, size_t bytes) {
    char *new = sm_region_alloc(r, (used + more) * bytes);

    if (used)
        memcpy(new, old, used * bytes);
    return new;
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct listing *listing = self;
    enum sort sort = sort_of(listing, point);
    uint32_t ordinal = listing->asked++;
    (void)env;

    if (sort == NOT_OURS_TO_TRY && point->kind != SM_CHOICE_FAULT)
        return 0;
    if (listing->place_count == listing->place_max) {
        listing->place_max += listing->place_max + 256;
        listing->place =
            grown(listing->r, listing->place, listing->place_count, listing->place_max - listing->place_count, sizeof *listing->place);
    }
    listing->place[listing->place_count++] = (struct place){.sort = sort,
                                                            .ours = is_ours(listing->trial->world, point->actor),
                                                            .ordinal = ordinal,
                                                            .event = listing->events,
                                                            .n = point->n,
                                                            .actor = sm_region_strdup(listing->r, point->actor),
                                                            .object = point->object ? sm_region_strdup(listing->r, point->object) : NULL,
                                                            .ways = point->ways,
                                                            .writes = listing->trial->world->memory->writes};
    return 0;
}

static void between(void *self, struct sm_env *env) {
    struct listing *listing = self;
    (void)env;

    if (++listing->events >= listing->events_max) {
        uint32_t max = 2 * listing->events_max + 256;
        listing->asked_at = grown(listing->r, listing->asked_at, listing->events_max, max - listing->events_max, sizeof *listing->asked_at);
        listing->events_max = max;
    }
    listing->asked_at[listing->events] = listing->asked;
}

/* --- Points ---------------------------------------------------------------------------------------------------------------------- */

static const char *way_name(const struct place *place, uint32_t way) {
    return place->ways ? place->ways[way] : "";
}

static uint8_t rank_of(const struct place *place, uint32_t way) {
    if (!place->ours && place->sort != EDIT && place->sort != STEP)
        return SM_POINT_RANKS - 1;
    for (size_t i = 0; i < sizeof ranks / sizeof ranks[0]; i++)
        if (ranks[i].sort == place->sort && (!ranks[i].way || strcmp(ranks[i].way, way_name(place, way)) == 0))
            return ranks[i].rank;
    return SM_POINT_RANKS - 1;
}

static void add(struct listing *listing, const struct place *place, uint32_t way, uint8_t rank, enum sm_old_lists lists,
                const char *informer) {
    struct sm_points *points = listing->points;

    if (points->count == listing->point_max) {
        listing->point_max += listing->point_max + 1024;
        points->point = grown(listing->r, points->point, points->count, listing->point_max - points->count, sizeof *points->point);
    }
    points->point[points->count] = (struct sm_point){.ordinal = place->ordinal,
                                                     .event = place->event,
                                                     .way = way,
                                                     .order = (uint32_t)points->count,
                                                     .rank = rank,
                                                     .lists = lists,
                                                     .informer = informer};
    points->count++;
}

/* Something has changed in what it lists since the run began. */
static bool has_history(const struct listing *listing, const struct sm_informer *informer) {
    const struct sm_log *log = informer ? informer->log : NULL;

    return log && log->count && log->entries[log->count - 1].time >= listing->trial->begins;
}

static void add_old_lists(struct listing *listing, const struct place *place, uint32_t way) {
    struct sm_world *world = listing->trial->world;
    size_t bytes = strcspn(place->actor, "/");

    add(listing, place, way, 1, SM_LISTS_OLDEST, NULL);
    for (size_t i = 0; i < world->actor_count; i++) {
        struct sm_manager *manager = world->actors[i].manager;
        const struct sm_controller *controller = sm_manager_controller(manager);
        const char *client = world->actors[i].client->name;
        if (strncmp(client, place->actor, bytes) != 0 || client[bytes])
            continue;
        for (size_t w = 0; w < controller->watch_count; w++) {
            const struct sm_informer *informer = sm_manager_informer(manager, controller->watches[w].resource);
            if (!has_history(listing, informer))
                continue;
            add(listing, place, way, 1, SM_LISTS_ONE, informer->name);
            if (place->sort == WRITE)
                add(listing, place, way, 2, SM_LISTS_ONE_OFF, informer->name);
        }
    }
}

static void add_way(struct listing *listing, const struct place *place, uint32_t way) {
    const char *name = way_name(place, way);
    bool restarts = strcmp(name, "crash-after") == 0 || strcmp(name, "crash-before") == 0;

    add(listing, place, way, rank_of(place, way), SM_LISTS_FRESH, NULL);
    if ((place->sort == WRITE || place->sort == WATCH_EVENT) && restarts)
        add_old_lists(listing, place, way);
    if (place->sort == WATCH_EVENT && !restarts) { /* a relist after a cut may bring but the first of what was missed */
        add(listing, place, way, rank_of(place, way) == 0 ? 1 : SM_POINT_RANKS - 1, SM_LISTS_OLDEST, NULL);
        if (strcmp(name, "cut-20s") == 0)
            add(listing, place, way, rank_of(place, way) == 0 ? 2 : SM_POINT_RANKS - 1, SM_LISTS_ONE_OFF, place->actor);
    }
}

static void add_place(struct listing *listing, const struct place *place, uint64_t writes) {
    uint32_t n = place->n;

    if (place->sort == STEP && place->writes + n > writes + 1) /* after the last write there is nothing to wait for */
        n = writes > place->writes ? (uint32_t)(writes - place->writes) + 1 : 1;
    if ((place->sort == LATE_EVENT || place->sort == LATE_WRITE) && !place->ours && n > OTHERS_LATE + 1)
        n = OTHERS_LATE + 1;
    for (uint32_t way = 1; way < n; way++)
        add_way(listing, place, way);
    listing->points->writes += place->sort == WRITE;
    listing->points->watch_events += place->sort == WATCH_EVENT;
    listing->points->edits += place->sort == EDIT;
    listing->points->steps += place->sort == STEP;
}

static int by_promise(const void *a, const void *b) {
    const struct sm_point *first = a, *second = b;

    if (first->rank != second->rank)
        return first->rank < second->rank ? -1 : 1;
    if (first->ordinal != second->ordinal)
        return first->ordinal > second->ordinal ? -1 : 1;
    return first->order < second->order ? -1 : first->order > second->order;
}

struct sm_points *sm_points_list(struct sm_trial *trial, struct sm_region *r) {
    struct listing listing = {.trial = trial, .r = r, .points = sm_region_zalloc(r, sizeof *listing.points)};
    struct sm_sim_chooser chooser = {.self = &listing, .choose = choose, .between = between};

    sm_trial_run(trial, &chooser, NULL);
    uint64_t writes = trial->world->memory->writes;
    for (size_t i = 0; i < listing.place_count; i++)
        if (listing.place[i].sort != NOT_OURS_TO_TRY)
            add_place(&listing, &listing.place[i], writes);
    if (listing.points->count)
        qsort(listing.points->point, listing.points->count, sizeof *listing.points->point, by_promise);
    listing.points->asked = listing.asked_at;
    listing.points->events = listing.events;
    return listing.points;
}
