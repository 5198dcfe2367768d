/* Pending events are an array sorted by (due, sequence), youngest first, of indices into slots: there are tens of them, so
 * an insertion moves less than a heap would touch, those enabled together are neighbours, and a snapshot copies prefixes.
 */
#include "sim.h"

#include <stdio.h>
#include <string.h>

#include "bug.h"

enum { PENDING_MAX = 4096, STATE_BYTES = 1 << 20, RUNAWAY_EVENTS = 10000000 };
enum { NO_SLOT = UINT32_MAX };

struct sm_sim_pending {
    sm_time due;
    uint64_t sequence;
    uint32_t slot;
};

struct sm_sim_slot {
    struct sm_event event;
    uint64_t cause;
    uint32_t next_free;
};

struct sm_sim_snapshot {
    struct sm_sim sim;
    struct sm_region_mark mark;
    struct sm_sim_pending *pending;
    struct sm_sim_slot *slots;
    char *state;
};

const sm_time sm_sim_late[SM_SIM_LATE_WAYS] = {
    0,         5 * SM_MILLISECOND, 20 * SM_MILLISECOND, 100 * SM_MILLISECOND, 500 * SM_MILLISECOND,
    SM_SECOND, 5 * SM_SECOND,      20 * SM_SECOND,      SM_MINUTE,            5 * SM_MINUTE,
};
const char *const sm_sim_late_names[SM_SIM_LATE_WAYS] = {"0", "5ms", "20ms", "100ms", "500ms", "1s", "5s", "20s", "1m", "5m"};

static bool older(const struct sm_sim_pending *a, const struct sm_sim_pending *b) {
    return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

/* --- What an environment asks --------------------------------------------------------------------------------------- */

static struct sm_sim *sim_of(struct sm_env *env) {
    return (struct sm_sim *)env;
}

static uint32_t take_slot(struct sm_sim *sim) {
    uint32_t slot = sim->free_slot;

    if (slot != NO_SLOT) {
        sim->free_slot = sim->slots[slot].next_free;
        return slot;
    }
    return sim->slots_used++;
}

static void drop_pending(struct sm_sim *sim, uint32_t index) {
    uint32_t slot = sim->pending[index].slot;

    sim->slots[slot].next_free = sim->free_slot;
    sim->free_slot = slot;
    sim->pending_count--;
    memmove(&sim->pending[index], &sim->pending[index + 1], (sim->pending_count - index) * sizeof sim->pending[0]);
}

static void emit(struct sm_env *env, const struct sm_journal_event *event);

/* Of an event, [way] is the one that runs instead. */
static void emit_choice(struct sm_env *env, const struct sm_choice_point *point, uint32_t value, const char *way) {
    char text[2 * SM_SIM_LABEL_BYTES + 32], label[SM_SIM_LABEL_BYTES], number[16];

    if (!env->journal)
        return;
    snprintf(number, sizeof number, "%u", value);
    snprintf(text, sizeof text, "%s %s = %s", sm_choice_names[point->kind], sm_sim_point_label(label, point), way ? way : number);
    emit(env, &(struct sm_journal_event){.kind = SM_JOURNAL_CHOSE, .actor = "chance", .text = text, .choice = value, .choices = point->n});
}

static uint32_t choose(struct sm_env *env, const struct sm_choice_point *point) {
    struct sm_sim *sim = sim_of(env);
    char label[SM_SIM_LABEL_BYTES];

    if (!sim->chooser.choose)
        return 0;
    uint32_t choice = sim->chooser.choose(sim->chooser.self, env, point);
    if (choice >= point->n)
        sm_bug("%s \"%s\" was answered %u of %u", sm_choice_names[point->kind], sm_sim_point_label(label, point), choice, point->n);
    if (!choice)
        return 0;
    sim->chosen++;
    emit_choice(env, point, choice, point->ways ? point->ways[choice] : NULL);
    return choice;
}

static sm_time late(struct sm_sim *sim, const struct sm_event *event, sm_time due) {
    struct sm_choice_point point = {.kind = SM_CHOICE_LATE,
                                    .n = SM_SIM_LATE_WAYS,
                                    .actor = event->actor,
                                    .what = event->what,
                                    .object = event->object,
                                    .ways = sm_sim_late_names};
    sm_time more = sm_sim_late[choose(&sim->env, &point)];

    /* What is due far from now, no verdict waits for. */
    if (more && due + more > sim->late_until && due < sim->env.now + SM_HOUR)
        sim->late_until = due + more;
    return due + more;
}

/* --- Pauses ---------------------------------------------------------------------------------------------------------- */

static bool of_process(const struct sm_event *event, const char *process) {
    size_t bytes = strlen(process);

    return !event->under_way && strncmp(event->actor, process, bytes) == 0 && (!event->actor[bytes] || event->actor[bytes] == '/');
}

static sm_time after_pauses(const struct sm_sim *sim, const struct sm_event *event, sm_time due) {
    for (uint32_t i = 0; i < sim->pause_count; i++)
        if (due < sim->pauses[i].until && of_process(event, sim->pauses[i].process))
            due = sim->pauses[i].until;
    return due;
}

/* Its place in pending: before all that are older. */
static void insert_pending(struct sm_sim *sim, struct sm_sim_pending new) {
    uint32_t low = 0, high = sim->pending_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (older(&new, &sim->pending[middle]))
            low = middle + 1;
        else
            high = middle;
    }
    memmove(&sim->pending[low + 1], &sim->pending[low], (sim->pending_count - low) * sizeof new);
    sim->pending[low] = new;
    sim->pending_count++;
}

void sm_sim_pause(struct sm_sim *sim, const char *process, sm_time until) {
    uint32_t i = 0;

    while (i < sim->pause_count && strcmp(sim->pauses[i].process, process) != 0)
        i++;
    SM_ASSERT(i < SM_SIM_PAUSES_MAX);
    sim->pause_count += i == sim->pause_count;
    sim->pauses[i] = (struct sm_sim_pause){process, until};
    if (until > sim->late_until)
        sim->late_until = until;
    for (uint32_t at = sim->pending_count; at-- > 0;) {
        struct sm_sim_pending moved = sim->pending[at];
        struct sm_event *event = &sim->slots[moved.slot].event;
        if (moved.due >= until)
            break;
        if (!of_process(event, process))
            continue;
        memmove(&sim->pending[at], &sim->pending[at + 1], (sim->pending_count - at - 1) * sizeof moved);
        sim->pending_count--;
        moved.due = event->due = until;
        insert_pending(sim, moved);
        at++; /* it went towards the younger: what stood here is older */
    }
}

/* When [event] is due: not in the past, nor before what its channel holds already. */
static sm_time due_of(struct sm_sim *sim, const struct sm_event *event) {
    sm_time due = event->due > sim->env.now ? event->due : sim->env.now;

    if (sim->chooser.choose)
        due = late(sim, event, due);
    if (sim->pause_count)
        due = after_pauses(sim, event, due);

    if (event->channel) {
        for (uint32_t i = 0; i < sim->pending_count && sim->pending[i].due > due; i++) {
            if (sim->slots[sim->pending[i].slot].event.channel == event->channel)
                return sim->pending[i].due;
        }
    }
    return due;
}

static uint64_t at(struct sm_env *env, const struct sm_event *event) {
    struct sm_sim *sim = sim_of(env);
    struct sm_sim_pending new = {.due = due_of(sim, event), .sequence = sim->sequence++};

    if (sim->pending_count == sim->pending_max)
        sm_bug("more than %u events are pending; the new one is %s.%s", sim->pending_max, event->actor, event->what);
    new.slot = take_slot(sim);
    struct sm_sim_slot *slot = &sim->slots[new.slot];
    slot->event = *event;
    slot->event.due = new.due;
    slot->cause = sim->last ? sim->last : env->cause;

    insert_pending(sim, new);
    return new.sequence;
}

static void cancel(struct sm_env *env, uint64_t id) {
    struct sm_sim *sim = sim_of(env);

    for (uint32_t i = sim->pending_count; i-- > 0;) {
        if (sim->pending[i].sequence == id) {
            drop_pending(sim, i);
            return;
        }
    }
}

static void emit(struct sm_env *env, const struct sm_journal_event *event) {
    struct sm_sim *sim = sim_of(env);
    struct sm_journal_event full = *event;

    full.number = ++sim->emitted;
    full.time = env->now;
    if (!full.cause)
        full.cause = env->cause;
    sim->last = full.number;
    sim->sink.emit(sim->sink.self, &full);
}

static void *state(struct sm_env *env, size_t bytes, const char *owner) {
    struct sm_sim *sim = sim_of(env);
    size_t need = (bytes + 15) & ~(size_t)15;

    if (sim->steps)
        sm_bug("%s takes state after the world was set up", owner);
    if (need > sim->state_max - sim->state_used)
        sm_bug("%s wants %zu bytes of state; %zu of %zu are left", owner, bytes, sim->state_max - sim->state_used, sim->state_max);
    void *block = sim->state + sim->state_used;
    sim->state_used += need;
    memset(block, 0, need);
    return block;
}

static const struct sm_env_ops sim_ops = {.at = at, .cancel = cancel, .choose = choose, .emit = emit, .state = state};

/* --- Running ---------------------------------------------------------------------------------------------------------- */

struct sm_sim *sm_sim_new(const struct sm_sim_config *config) {
    struct sm_region *r = config->run;
    struct sm_sim *sim = sm_region_zalloc(r, sizeof *sim);

    sim->env.ops = &sim_ops;
    sim->env.now = config->start ? config->start : SM_TIME_START;
    sim->env.run = r;
    sim->env.scratch = config->scratch ? config->scratch : r;
    sim->env.journal = config->sink.emit != NULL;
    sm_rng_init(&sim->env.random, config->seed, "ids");
    sim->chooser = config->chooser;
    sim->sink = config->sink;
    sim->window = config->window;
    sim->sequence = 1;
    sim->pending_max = config->pending_max ? config->pending_max : PENDING_MAX;
    sim->free_slot = NO_SLOT;
    sim->state_max = config->state_bytes ? config->state_bytes : STATE_BYTES;
    sim->pending = sm_region_alloc(r, sim->pending_max * sizeof sim->pending[0]);
    sim->slots = sm_region_alloc(r, sim->pending_max * sizeof sim->slots[0]);
    sim->state = sm_region_alloc(r, sim->state_max);
    return sim;
}

/* Collects what may run next, oldest first, as indices into pending. Only the oldest of a channel may. */
static uint32_t collect_enabled(const struct sm_sim *sim, uint32_t index[SM_SIM_ENABLED_MAX],
                                const struct sm_event *event[SM_SIM_ENABLED_MAX]) {
    sm_time first = sim->pending[sim->pending_count - 1].due;
    sm_time until = (first > sim->env.now ? first : sim->env.now) + sim->window;
    uint32_t count = 1;

    index[0] = sim->pending_count - 1;
    event[0] = &sim->slots[sim->pending[index[0]].slot].event;
    for (uint32_t i = index[0]; i-- > 0 && sim->pending[i].due <= until && count < SM_SIM_ENABLED_MAX;) {
        const struct sm_event *candidate = &sim->slots[sim->pending[i].slot].event;
        bool behind = false;

        for (uint32_t j = sim->pending_count; candidate->channel && !behind && j-- > i + 1;)
            behind = sim->slots[sim->pending[j].slot].event.channel == candidate->channel;
        if (!behind) {
            index[count] = i;
            event[count++] = candidate;
        }
    }
    return count;
}

static uint32_t choose_next(struct sm_sim *sim) {
    uint32_t index[SM_SIM_ENABLED_MAX];
    const struct sm_event *event[SM_SIM_ENABLED_MAX];

    if (!sim->chooser.choose_event)
        return sim->pending_count - 1;
    uint32_t count = collect_enabled(sim, index, event);
    if (count == 1)
        return index[0];
    uint32_t choice = sim->chooser.choose_event(sim->chooser.self, &sim->env, event, count);
    if (choice >= count)
        sm_bug("the next event was answered %u of %u", choice, count);
    sim->chosen += choice != 0;
    if (choice && sim->env.journal) {
        struct sm_choice_point point = {
            .kind = SM_CHOICE_EVENT, .n = count, .actor = event[0]->actor, .what = event[0]->what, .object = event[0]->object};
        char label[SM_SIM_LABEL_BYTES];
        emit_choice(&sim->env, &point, choice, sm_sim_label(label, event[choice]));
    }
    return index[choice];
}

bool sm_sim_step(struct sm_sim *sim) {
    if (!sim->pending_count)
        return false;
    if (sim->chooser.between)
        sim->chooser.between(sim->chooser.self, &sim->env);
    uint32_t next = choose_next(sim);
    const struct sm_sim_slot *slot = &sim->slots[sim->pending[next].slot];
    struct sm_event event = slot->event;
    uint64_t cause = slot->cause;

    drop_pending(sim, next);
    if (event.due > sim->env.now)
        sim->env.now = event.due;
    sim->env.cause = cause;
    sim->last = 0;
    sim->steps++;
    if (sim->chooser.runs)
        sim->chooser.runs(sim->chooser.self, &sim->env, &event);
    event.fire(&sim->env, event.self, event.arg, event.data);
    if (sim->env.scratch != sim->env.run && sim->env.scratch->used_bytes)
        sm_region_clear(sim->env.scratch);
    /* What is scheduled between steps answers nothing. */
    sim->env.cause = 0;
    sim->last = 0;
    return true;
}

void sm_sim_run_until(struct sm_sim *sim, sm_time time) {
    uint64_t runaway = sim->steps + RUNAWAY_EVENTS;
    sm_time due;

    while (sm_sim_next_due(sim, &due) && due <= time) {
        sm_sim_step(sim);
        if (sim->steps == runaway)
            sm_bug("more than %d events before the clock moved on", RUNAWAY_EVENTS);
    }
    if (time > sim->env.now)
        sim->env.now = time;
}

bool sm_sim_drain(struct sm_sim *sim, uint64_t events_max) {
    for (uint64_t i = 0; i < events_max && sm_sim_step(sim); i++)
        ;
    return sim->pending_count == 0;
}

bool sm_sim_next_due(const struct sm_sim *sim, sm_time *ret_due) {
    if (!sim->pending_count)
        return false;
    *ret_due = sim->pending[sim->pending_count - 1].due;
    return true;
}

const struct sm_event *sm_sim_pending(const struct sm_sim *sim, uint32_t index) {
    return index < sim->pending_count ? &sim->slots[sim->pending[sim->pending_count - 1 - index].slot].event : NULL;
}

static const char *label_of(char out[SM_SIM_LABEL_BYTES], const char *actor, const char *what, const char *object) {
    snprintf(out, SM_SIM_LABEL_BYTES, "%s%s%s%s%s", actor, what ? "." : "", what ? what : "", object ? " " : "", object ? object : "");
    return out;
}

const char *sm_sim_label(char out[SM_SIM_LABEL_BYTES], const struct sm_event *event) {
    return label_of(out, event->actor, event->what, event->object);
}

const char *sm_sim_point_label(char out[SM_SIM_LABEL_BYTES], const struct sm_choice_point *point) {
    return label_of(out, point->actor, point->what, point->object);
}

/* --- Snapshots -------------------------------------------------------------------------------------------------------- */

struct sm_sim_snapshot *sm_sim_snapshot(const struct sm_sim *sim, struct sm_region *keep) {
    struct sm_sim_snapshot *snapshot = sm_region_alloc(keep, sizeof *snapshot);

    SM_ASSERT(keep != sim->env.run);
    snapshot->sim = *sim;
    snapshot->mark = sm_region_mark(sim->env.run);
    snapshot->pending = sm_region_alloc(keep, sim->pending_count * sizeof sim->pending[0]);
    snapshot->slots = sm_region_alloc(keep, sim->slots_used * sizeof sim->slots[0]);
    snapshot->state = sm_region_alloc(keep, sim->state_used);
    memcpy(snapshot->pending, sim->pending, sim->pending_count * sizeof sim->pending[0]);
    memcpy(snapshot->slots, sim->slots, sim->slots_used * sizeof sim->slots[0]);
    memcpy(snapshot->state, sim->state, sim->state_used);
    return snapshot;
}

void sm_sim_restore(struct sm_sim *sim, const struct sm_sim_snapshot *snapshot) {
    struct sm_sim_chooser chooser = sim->chooser;
    struct sm_sim_sink sink = sim->sink;
    struct sm_memo *memo = sim->env.memo;

    SM_ASSERT(sim->state == snapshot->sim.state);
    *sim = snapshot->sim;
    /* Who chooses, who listens and what is remembered belong to the engine, not to the world. */
    sim->chooser = chooser;
    sim->sink = sink;
    sim->env.memo = memo;
    sim->env.journal = sink.emit != NULL;
    memcpy(sim->pending, snapshot->pending, sim->pending_count * sizeof sim->pending[0]);
    memcpy(sim->slots, snapshot->slots, sim->slots_used * sizeof sim->slots[0]);
    memcpy(sim->state, snapshot->state, sim->state_used);
    sm_region_rewind(sim->env.run, snapshot->mark);
}
