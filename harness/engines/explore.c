/* Delay bounding over states: every schedule with at most so many things out of the ordinary (an event that is passed over, a fault,
 * a restart's old list …), first with none, then with one, two, three …
 *
 * A node is the world between two events. What is asked while the next one runs is answered by an odometer, so the edges of a
 * node are the vectors of answers that are still affordable. The walk goes depth first: back to a node's snapshot, on with the next vector.
 *
 *      node ── vector 000 ──▶ node ── …          cost 0: as it comes
 *       │ └─── vector 010 ──▶ node ── …          cost 1: one less is left below
 *       └ snapshot, asks (what could be answered), left
 *
 * A state that was met with as much left is not searched again. One that is met again on the way to itself, with nothing spent
 * in between, is a circle. Ways that do not end well are noted as answers by place, and played as runs of the campaign once the
 * bound is done, since a run needs the world for itself.
 * States are told apart by the canonical hash with what is pending, in order: times within a hundredth of a second are the same, unless
 * they are to be exact.
 * What properties remember of a run's past is not part of a state: one that needs two ways to a state is found by the first way only
 * if that breaks it. (The walk says what it covered of states; sweep and perturb look at whole runs.)
 */
#include <string.h>

#include "bug.h"
#include "engines.h"
#include "visited.h"

enum { NODES_MAX = 1 << 16, ASKS_MAX = 1 << 18, ASKS_OF_NODE_MAX = 256, DEVIATIONS_MAX = SM_VISITED_LEFT_MAX, WAYS_MAX = 64 };
enum { NOTES_MAX = 64, NOTES_OF_CAUSE_MAX = 8, LOOK_EACH = 1024 };

/* --- What may be tried ----------------------------------------------------------------------------------------------------------- */

/* An ask belongs to the first row that fits. */
static const struct {
    const char *name;
    enum sm_choice kind;
    const char *way; /* how the names of its ways begin */
    bool usual;
} tries[] = {
    {"order", SM_CHOICE_EVENT, NULL, true}, {"yield", SM_CHOICE_YIELD, NULL, true},     {"crash", SM_CHOICE_FAULT, "crash", true},
    {"pause", SM_CHOICE_FAULT, "pause", false}, {"fault", SM_CHOICE_FAULT, "", true},   {"late", SM_CHOICE_LATE, NULL, false},
    {"age", SM_CHOICE_AGE, NULL, true},     {"user", SM_CHOICE_USER, NULL, false},
};
enum { TRIES = sizeof tries / sizeof tries[0] };

const char *const sm_explore_tries[] = {"order", "yield", "crash", "pause", "fault", "late", "age", "user", NULL};
_Static_assert(TRIES + 1 == sizeof sm_explore_tries / sizeof sm_explore_tries[0], "a name for each");

static uint32_t usual_tries(void) {
    uint32_t bits = 0;

    for (size_t i = 0; i < TRIES; i++)
        bits |= (uint32_t)tries[i].usual << i;
    return bits;
}

/* --- The walk ------------------------------------------------------------------------------------------------------------------------ */

/* One question while an event runs, that could have been answered otherwise. */
struct ask {
    uint64_t place; /* its number in the run */
    uint64_t ways;  /* that may be tried, as bits */
    uint32_t value;
    enum sm_choice kind;
};

struct node {
    struct sm_sim_snapshot *snapshot; /* NULL: nothing is left, so it has one way only */
    struct sm_region_mark mark;       /* of the snapshots, before it */
    uint64_t key;
    sm_time latest_due;
    uint64_t place;      /* of its first ask */
    uint32_t first;      /* its asks */
    uint32_t count;      /* how many so far */
    uint32_t fixed;      /* of them answered by the odometer */
    uint8_t left;        /* things out of the ordinary */
    uint8_t faults_left; /* likewise */
    bool begun, open;
};

struct deviation {
    uint64_t place;
    uint32_t value;
};

/* A way that does not end well. */
struct note {
    enum sm_verdict_kind kind;
    const char *property;
    uint32_t count;
    struct deviation *deviation;
};

struct explore {
    struct sm_campaign *campaign;
    struct sm_world *world;
    struct sm_region snapshots, states, notes_region;
    struct sm_visited visited;
    uint32_t tries, faults_max, bound;
    struct node *node;
    uint32_t depth;
    struct ask *ask;
    uint32_t ask_count;
    uint64_t place;
    bool cut;  /* something was too dear, or too much */
    bool full; /* the budget of states is spent */
    struct note note[NOTES_MAX];
    uint32_t note_count;
    uint64_t bad_ends;
};

static uint32_t cost(const struct ask *ask, uint32_t value) {
    return ask->kind == SM_CHOICE_EVENT ? value : value != 0;
}

static uint64_t ways_of(const struct explore *explore, enum sm_choice kind, uint32_t n, const char *const *names) {
    uint64_t ways = 0, all = n < WAYS_MAX ? (UINT64_C(1) << n) - 1 : UINT64_MAX;

    for (size_t i = 0; i < TRIES; i++) {
        uint64_t mine = 0;
        if (tries[i].kind != kind)
            continue;
        for (uint32_t way = 1; tries[i].way && names && way < n && way < WAYS_MAX; way++)
            if (strncmp(names[way], tries[i].way, strlen(tries[i].way)) == 0)
                mine |= UINT64_C(1) << way;
        mine = (tries[i].way && names ? mine : all) & all;
        all &= ~mine;
        if (explore->tries >> i & 1)
            ways |= mine;
    }
    return ways & ~UINT64_C(1);
}

static uint32_t answer(struct explore *explore, enum sm_choice kind, uint32_t n, const char *const *names) {
    struct node *node = &explore->node[explore->depth - 1];
    uint64_t place = explore->place++;

    if ((node->left == 0 && explore->cut) || (kind == SM_CHOICE_FAULT && node->faults_left == 0))
        return 0;
    uint64_t ways = ways_of(explore, kind, n, names);
    if (!ways)
        return 0;
    if (node->left == 0 || node->count == ASKS_OF_NODE_MAX || explore->ask_count == ASKS_MAX) {
        explore->cut = true;
        return 0;
    }
    struct ask *ask = &explore->ask[node->first + node->count];
    if (node->count++ >= node->fixed)
        *ask = (struct ask){.place = place, .ways = ways, .kind = kind};
    explore->ask_count = node->first + node->count;
    return ask->value;
}

static uint32_t choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    (void)env;
    return answer(self, point->kind, point->n, point->ways);
}

static uint32_t choose_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    (void)env;
    (void)enabled;
    return answer(self, SM_CHOICE_EVENT, n, NULL);
}

/* What a node's vector costs, up to [count] asks. */
static void spent(const struct explore *explore, const struct node *node, uint32_t count, uint32_t *ret_all, uint32_t *ret_faults) {
    *ret_all = *ret_faults = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct ask *ask = &explore->ask[node->first + i];
        *ret_all += cost(ask, ask->value);
        *ret_faults += ask->kind == SM_CHOICE_FAULT && ask->value;
    }
}

/* The odometer: the next vector that can be afforded; false: that was the last. */
static bool advance(struct explore *explore, struct node *node) {
    for (uint32_t i = node->count; node->snapshot && i-- > 0;) {
        struct ask *ask = &explore->ask[node->first + i];
        uint64_t more = ask->value + 1 < WAYS_MAX ? ask->ways >> (ask->value + 1) << (ask->value + 1) : 0;
        uint32_t all, faults;

        spent(explore, node, i, &all, &faults);
        if (!more)
            continue;
        uint32_t value = (uint32_t)__builtin_ctzll(more);
        if (all + cost(ask, value) > node->left) {
            explore->cut = true;
            continue;
        }
        if (ask->kind == SM_CHOICE_FAULT && faults + 1 > node->faults_left)
            continue;
        ask->value = value;
        node->fixed = i + 1;
        return true;
    }
    return false;
}

/* --- Events -------------------------------------------------------------------------------------------------------------------------- */

/* The world's next event, or its beginning. */
static struct sm_verdict next_event(void *arg) {
    struct explore *explore = arg;
    struct sm_world *world = explore->world;
    struct sm_verdict verdict = {.kind = SM_VERDICT_COUNT};

    if (explore->depth == 1) {
        sm_world_begin(world, &(struct sm_sim_chooser){.self = explore, .choose = choose, .choose_event = choose_event});
        sm_judge_begin(world);
        sm_judge_ended(world, &verdict);
    } else if (!sm_world_step(world)) {
        verdict = (struct sm_verdict){.kind = SM_VERDICT_STUCK};
        if (sm_judge_ended(world, &verdict))
            return verdict;
    } else {
        sm_judge_ended(world, &verdict);
    }
    return verdict;
}

static uint64_t key_of(const struct explore *explore, uint32_t faults_left, sm_time *ret_latest_due) {
    const struct sm_world *world = explore->world;
    struct sm_hash hash;

    sm_hash_init(&hash);
    hash.memo = world->hash_memo;
    hash.grain = explore->campaign->explore.exact ? 1 : SM_TRIAL_WINDOW;
    hash.horizon = explore->campaign->trial->begins + world->config.scenario->world.time_max;
    sm_world_hash(world, &hash);
    sm_world_hash_pending(world, &hash);
    sm_judge_hash(world, &hash);
    sm_hash_u64(&hash, explore->faults_max ? faults_left : 0);
    *ret_latest_due = hash.latest_due;
    return sm_hash_end(&hash);
}

static void note(struct explore *explore, const struct sm_verdict *verdict) {
    uint32_t same = 0, count = 0;

    explore->bad_ends++;
    for (uint32_t i = 0; i < explore->note_count; i++)
        same += explore->note[i].kind == verdict->kind &&
                (!verdict->property || (explore->note[i].property && strcmp(verdict->property, explore->note[i].property) == 0));
    if (same >= NOTES_OF_CAUSE_MAX || explore->note_count == NOTES_MAX)
        return;
    struct note *note = &explore->note[explore->note_count++];
    note->kind = verdict->kind;
    note->property = verdict->property ? sm_region_strdup(&explore->notes_region, verdict->property) : NULL;
    note->deviation = sm_region_alloc(&explore->notes_region, DEVIATIONS_MAX * sizeof *note->deviation);
    for (uint32_t i = 0; i < explore->ask_count && count < DEVIATIONS_MAX; i++)
        if (explore->ask[i].value)
            note->deviation[count++] = (struct deviation){explore->ask[i].place, explore->ask[i].value};
    note->count = count;
}

/* The node on the way to here that is the same state. */
static const struct node *same_before(const struct explore *explore, uint64_t key) {
    for (uint32_t i = explore->depth; i-- > 0;)
        if (explore->node[i].open && explore->node[i].key == key)
            return &explore->node[i];
    return NULL;
}

static void push(struct explore *explore, const struct node *node) {
    struct node *top = &explore->node[explore->depth++];

    *top = *node;
    top->first = explore->ask_count;
    top->place = explore->place;
    top->mark = sm_region_mark(&explore->snapshots);
    if (top->left)
        top->snapshot = sm_sim_snapshot(explore->world->sim, &explore->snapshots);
}

static void pop(struct explore *explore) {
    struct node *top = &explore->node[--explore->depth];

    if (top->open)
        sm_visited_close(&explore->visited, top->key);
    sm_region_rewind(&explore->snapshots, top->mark);
    explore->ask_count = top->first;
}

/* May the walk go on? Asked at new states only, so that it stops at the same place whoever says so. */
static void look_around(struct explore *explore) {
    struct sm_campaign *campaign = explore->campaign;

    campaign->states = campaign->states_new = explore->visited.count;
    campaign->depth = explore->depth > campaign->depth ? explore->depth : campaign->depth;
    explore->full = campaign->runs_max && explore->visited.count >= campaign->runs_max;
    if (explore->visited.count % LOOK_EACH == 0 && campaign->more && !campaign->more(campaign->arg, campaign))
        campaign->stopped = true;
}

/* The state after an event: a node if something new may come of it. */
static void arrive(struct explore *explore, const struct node *from) {
    uint32_t all, faults;

    spent(explore, from, from->count, &all, &faults);
    struct node next = {.left = (uint8_t)(from->left - all), .faults_left = (uint8_t)(from->faults_left - faults), .open = true};
    next.key = key_of(explore, next.faults_left, &next.latest_due);
    /* Whose is a way is said by the state after its first deviation. */
    if (all && from->left == explore->bound && explore->campaign->shards > 1 &&
        (next.key >> 17) % explore->campaign->shards != explore->campaign->shard)
        return;
    enum sm_visit visit = sm_visited_meet(&explore->visited, next.key, next.left);
    if (visit == SM_VISIT_NEW)
        look_around(explore);
    if (visit == SM_VISIT_SEEN)
        return;
    if (visit == SM_VISIT_CIRCLE) {
        const struct node *before = same_before(explore, next.key);
        if (!before || explore->world->env->now >= before->latest_due) {
            note(explore, &(struct sm_verdict){.kind = SM_VERDICT_LIVELOCK});
            return;
        }
        next.open = false; /* a time within it has moved on since: it is another state */
    }
    if (explore->depth == NODES_MAX) {
        if (next.open)
            sm_visited_close(&explore->visited, next.key);
        explore->cut = true;
        return;
    }
    push(explore, &next);
}

static void walk(struct explore *explore) {
    struct sm_sim *sim = explore->world->sim;
    struct sm_campaign *campaign = explore->campaign;

    explore->depth = explore->ask_count = 0;
    explore->place = 0;
    sim->chooser = (struct sm_sim_chooser){0};
    sim->sink = (struct sm_sim_sink){0};
    sm_sim_restore(sim, campaign->trial->rest);
    push(explore, &(struct node){.left = (uint8_t)explore->bound,
                                 .faults_left = (uint8_t)(explore->faults_max ? explore->faults_max : DEVIATIONS_MAX)});
    while (explore->depth) {
        struct node *node = &explore->node[explore->depth - 1];
        if (campaign->stopped || explore->full || (node->begun && !advance(explore, node))) {
            pop(explore);
            continue;
        }
        if (node->begun)
            sm_sim_restore(sim, node->snapshot);
        node->begun = true;
        node->count = 0;
        explore->place = node->place;
        explore->ask_count = node->first;
        struct sm_verdict verdict = sm_verdict_landed(explore->world->env->run, next_event, explore);
        campaign->transitions++;
        if (verdict.kind == SM_VERDICT_COUNT)
            arrive(explore, node);
        else if (verdict.kind != SM_VERDICT_CONVERGES)
            note(explore, &verdict);
    }
    sim->chooser = (struct sm_sim_chooser){0};
}

/* --- Playing what was noted ------------------------------------------------------------------------------------------------------------ */

struct play {
    const struct note *note;
    uint64_t place;
    uint32_t next;
};

static uint32_t play_next(struct play *play) {
    const struct note *note = play->note;

    if (!note || play->next == note->count || note->deviation[play->next].place != play->place++)
        return 0;
    return note->deviation[play->next++].value;
}

static uint32_t play_choice(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    (void)env;
    (void)point;
    return play_next(self);
}

static uint32_t play_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    (void)env;
    (void)enabled;
    (void)n;
    return play_next(self);
}

static struct sm_sim_chooser begin_play(void *self) {
    struct play *play = self;

    play->place = play->next = 0;
    return (struct sm_sim_chooser){.self = play, .choose = play_choice, .choose_event = play_event};
}

static void play(struct explore *explore, const struct note *note) {
    struct sm_campaign *campaign = explore->campaign;
    struct play play = {.note = note};

    if (!campaign->diverged)
        sm_campaign_try(campaign, &(struct sm_attempt){.self = &play, .chooser = begin_play, .number = campaign->runs});
}

/* --- All bounds -------------------------------------------------------------------------------------------------------------------------- */

static void say_coverage(const struct explore *explore, bool any, uint32_t done, bool complete) {
    struct sm_campaign *campaign = explore->campaign;
    struct sm_str out;
    const char *sep = "";

    sm_str_init(&out, campaign->kept);
    if (complete)
        sm_str_addf(&out, "complete: every schedule there is (the most that can be out of the ordinary is %u)", done);
    else if (any)
        sm_str_addf(&out, "complete to bound %u: every schedule with at most %u of", done, done);
    else
        sm_str_add(&out, "no bound complete; tried");
    sm_str_add(&out, complete ? ", of " : " ");
    for (size_t i = 0; i < TRIES; i++)
        if (explore->tries >> i & 1) {
            sm_str_addf(&out, "%s%s", sep, tries[i].name);
            sep = ", ";
        }
    if (explore->faults_max)
        sm_str_addf(&out, ", at most %u of them faults", explore->faults_max);
    sm_str_addf(&out, "; %llu states, %llu transitions, %llu deep; two states were taken for one with a chance of 1 in %llu",
                (unsigned long long)explore->visited.count, (unsigned long long)campaign->transitions, (unsigned long long)campaign->depth,
                (unsigned long long)sm_visited_collision(&explore->visited));
    if (!campaign->explore.exact)
        sm_str_add(&out, "; times within 10ms were taken for the same");
    if (explore->bad_ends)
        sm_str_addf(&out, "; %llu ways that do not end well, the first of each kind were run", (unsigned long long)explore->bad_ends);
    campaign->coverage = out.data;
}

void sm_explore(struct sm_campaign *campaign) {
    struct sm_region *kept = campaign->kept;
    struct explore *explore = sm_region_zalloc(kept, sizeof *explore);
    uint32_t bounds = campaign->explore.bounds ? campaign->explore.bounds : DEVIATIONS_MAX + 1, done = 0;
    bool any = false, complete = false;

    explore->campaign = campaign;
    explore->world = campaign->trial->world;
    explore->tries = campaign->explore.tries ? campaign->explore.tries : usual_tries();
    explore->faults_max = campaign->explore.faults_max;
    sm_region_init(&explore->snapshots, "snapshots", (size_t)8 << 30);
    sm_region_init(&explore->states, "states", (size_t)8 << 30);
    sm_region_init(&explore->notes_region, "notes", 0);
    explore->node = sm_region_alloc(&explore->states, NODES_MAX * sizeof *explore->node);
    explore->ask = sm_region_alloc(&explore->states, ASKS_MAX * sizeof *explore->ask);
    sm_visited_init(&explore->visited, &explore->states);

    play(explore, NULL); /* the run as it comes; run twice, too */
    for (explore->bound = 0; explore->bound < bounds && !campaign->stopped && !explore->full && !campaign->diverged && !complete;
         explore->bound++) {
        explore->cut = false;
        explore->note_count = 0;
        walk(explore);
        if (!campaign->stopped && !explore->full) {
            any = true;
            done = explore->bound;
            complete = !explore->cut;
        }
        for (uint32_t i = 0; i < explore->note_count; i++)
            play(explore, &explore->note[i]);
        sm_region_clear(&explore->notes_region);
    }
    campaign->asked = explore->visited.count;
    say_coverage(explore, any, done, complete);
    sm_region_release(&explore->snapshots);
    sm_region_release(&explore->states);
    sm_region_release(&explore->notes_region);
}
