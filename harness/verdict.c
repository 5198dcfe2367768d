/* Runs a world to its verdict. Nothing is judged before the user is done or waits for the others. A world that has not come
 * to its end two resync periods later is looked at: each state in which nobody has anything to do is remembered by its
 * canonical hash, and seeing one again is a circle.
 */
#include "verdict.h"

#include <setjmp.h>
#include <string.h>

#include "bug.h"
#include "reason.h"
#include "user.h"

#define RESYNC (30 * SM_SECOND)
/* A world that is never idle is looked at now and then, for so many events in a row that its round is met at the same place. */
/* What would be a good end if only nobody wrote is looked at, too, when that has gone on for so long. */
#define NEVER_QUIET (10 * RESYNC)
enum { SEEN_MAX = 1 << 14, RESTLESS_EVENTS = 512, RESTLESS_LOOKS = 32 };

const char *const sm_verdict_names[SM_VERDICT_COUNT] = {
#define X(id, name, about) [SM_VERDICT_##id] = name,
    SM_VERDICTS(X)
#undef X
};
const char *const sm_verdict_about[SM_VERDICT_COUNT] = {
#define X(id, name, about) [SM_VERDICT_##id] = about,
    SM_VERDICTS(X)
#undef X
};

int sm_verdict_find(const char *name) {
    for (int i = 0; i < SM_VERDICT_COUNT; i++)
        if (strcmp(sm_verdict_names[i], name) == 0)
            return i;
    return -1;
}

/* A state that was seen, when, and how much had been written by then. */
struct seen {
    uint64_t hash; /* 0: free */
    sm_time latest_due;
    uint64_t writes, failed, complete;
    int64_t version;
    sm_time time;
};

struct sm_judge {
    struct sm_world *world;
    struct sm_region *r;
    struct seen *seen; /* SEEN_MAX of them, by hash; made when it is first needed */
    uint32_t seen_count;
    struct sm_hash_memo *memo; /* made with them, unless the world has one */
    uint64_t chosen;           /* choices that were not 0 when the first of them was seen */
    uint64_t restless;         /* events since the world was idle, or was looked at */
    sm_time patient;           /* no look before this */
    uint64_t first_event;
    sm_time begun;
    struct sm_verdict verdict;
};

static bool end(struct sm_judge *judge, enum sm_verdict_kind kind, const char *reason) {
    judge->verdict = (struct sm_verdict){.kind = kind,
                                         .reason = reason,
                                         .property = kind == SM_VERDICT_VIOLATED ? judge->world->memory->property : NULL,
                                         .time = judge->world->env->now - SM_TIME_START,
                                         .events = judge->world->sim->steps};
    return true;
}

/* --- Rest --------------------------------------------------------------------------------------------------------------------- */

/* True if the world may end well as it is now. */
static bool content(const struct sm_judge *judge) {
    const struct sm_world *world = judge->world;

    return sm_user_done(world->user) && !sm_reason_plan_active(world) && sm_user_asserts_hold(world->user, NULL, NULL);
}

static bool at_rest(struct sm_judge *judge) {
    struct sm_world *world = judge->world;

    for (size_t i = 0; i < sm_property_count; i++)
        if (sm_properties[i]->at_rest && !(world->config.scenario->properties_off >> i & 1)) {
            const char *broke = sm_properties[i]->at_rest(world, world->property_state[i]);
            if (broke)
                sm_world_violate(world, sm_properties[i]->name, broke);
        }
    if (world->memory->violated)
        return end(judge, SM_VERDICT_VIOLATED, world->memory->reason);
    if (sm_reason_failed(world, judge->r))
        return end(judge, SM_VERDICT_FAILED, sm_reason_failed(world, judge->r));
    for (size_t i = 0; i < world->config.scenario->world.fault_count && !world->config.control; i++)
        if (!sm_network_fault_hits(world->network, i))
            return end(judge, SM_VERDICT_VACUOUS, sm_region_printf(judge->r, "world.faults[%zu] never hit a call", i));
    for (size_t i = 0; sm_network_idle_hold(world->network) && i < world->config.scenario->step_count; i++)
        if (world->config.scenario->steps[i].call == sm_network_idle_hold(world->network))
            return end(judge, SM_VERDICT_VACUOUS,
                       sm_region_printf(judge->r, "%s: no call was held", world->config.scenario->steps[i].place));
    return end(judge, SM_VERDICT_CONVERGES, "");
}

/* Two resync periods without a write have passed, or are about to pass with the next event. */
static bool quiet(const struct sm_judge *judge) {
    sm_time due = 0;

    if (!sm_sim_next_due(judge->world->sim, &due))
        return true;
    return due >= judge->world->memory->last_write + 2 * RESYNC;
}

/* --- Circles -------------------------------------------------------------------------------------------------------------------- */

static const char *stands_still(struct sm_judge *judge, bool *ret_vacuous) {
    bool assert_waits = false;
    const char *user = sm_user_waits_for(judge->world->user, judge->r), *why = "";
    const char *task = sm_reason_stuck(judge->world, judge->r);

    *ret_vacuous = sm_user_waits(judge->world->user, &assert_waits) && !assert_waits;
    if (user)
        return task ? sm_region_printf(judge->r, "%s; %s", user, task) : user;
    if (task)
        return task;
    sm_user_asserts_hold(judge->world->user, judge->r, &why);
    return why;
}

static bool circle(struct sm_judge *judge, const struct seen *before) {
    const struct sm_world_memory *memory = judge->world->memory;
    bool vacuous = false;
    const char *why = stands_still(judge, &vacuous);

    if (vacuous)
        return end(judge, SM_VERDICT_VACUOUS, why);
    if (before && memory->plans_failed > before->failed && memory->plans_complete == before->complete) {
        const char *failed = sm_reason_failed(judge->world, judge->r);
        return end(judge, SM_VERDICT_FAILED,
                   sm_region_printf(judge->r, "each plan fails, and the next does the same: %s", failed ? failed : why));
    }
    if (!before || memory->writes == before->writes) {
        const char *failed = sm_reason_failed(judge->world, judge->r);
        return failed ? end(judge, SM_VERDICT_FAILED, failed) : end(judge, SM_VERDICT_STUCK, why);
    }
    return end(judge, SM_VERDICT_LIVELOCK,
               sm_region_printf(judge->r, "every %s the same is written again: %s%s%s",
                                sm_clock_duration(judge->r, judge->world->env->now - before->time),
                                sm_reason_cycle(judge->world, judge->r, before->version), why[0] ? "; " : "", why));
}

/* Whoever chooses is no part of the state: across a choice that was not 0, a state seen again is no circle. */
static void forget_seen(struct sm_judge *judge) {
    if (judge->seen) {
        memset(judge->seen, 0, SEEN_MAX * sizeof *judge->seen);
    } else {
        judge->seen = sm_region_zalloc(judge->r, SEEN_MAX * sizeof *judge->seen);
        judge->memo = judge->world->hash_memo ? judge->world->hash_memo : sm_hash_memo_new(judge->r);
    }
    judge->seen_count = 0;
    judge->chosen = judge->world->sim->chosen;
}

/* Remembers the state of now; true if that ends the run. */
static bool look(struct sm_judge *judge) {
    struct sm_hash hash;
    struct sm_world *world = judge->world;

    if (!judge->seen || judge->chosen != world->sim->chosen)
        forget_seen(judge);
    sm_hash_init(&hash);
    hash.memo = judge->memo;
    /* A startup probe that gives up after days must not keep a run from being judged. */
    hash.horizon = judge->begun + world->config.scenario->world.time_max;
    sm_world_hash(world, &hash);
    uint64_t sum = sm_hash_end(&hash) ? sm_hash_end(&hash) : 1;
    for (uint64_t i = sum & (SEEN_MAX - 1);; i = (i + 1) & (SEEN_MAX - 1)) {
        struct seen *seen = &judge->seen[i];
        if (seen->hash == sum) {
            bool ends_well = content(judge) && world->memory->writes == seen->writes;
            if (world->env->now < seen->latest_due || ends_well || !circle(judge, seen))
                return false;
            judge->verdict.repeats = true;
            return true;
        }
        if (seen->hash)
            continue;
        *seen = (struct seen){.hash = sum,
                              .latest_due = hash.latest_due,
                              .writes = world->memory->writes,
                              .failed = world->memory->plans_failed,
                              .complete = world->memory->plans_complete,
                              .version = sm_server_version(world->server),
                              .time = world->env->now};
        if (++judge->seen_count == SEEN_MAX / 2) /* a round that long is met again from here on */
            forget_seen(judge);
        return false;
    }
}

/* --- The run ------------------------------------------------------------------------------------------------------------------------ */

/* The user has nothing under way: no step, no delay. */
static bool user_waits(const struct sm_judge *judge) {
    bool assert_waits = false;

    return sm_user_done(judge->world->user) || sm_user_waits(judge->world->user, &assert_waits);
}

/* Nothing is due any more that anybody will live to see, such as the end of a startup probe's patience after days. */
static bool nothing_comes(const struct sm_judge *judge) {
    sm_time due = 0;

    return !sm_sim_next_due(judge->world->sim, &due) || due >= judge->begun + judge->world->config.scenario->world.time_max;
}

/* It broke something, or a budget ran out. */
static bool is_over(struct sm_judge *judge) {
    struct sm_world *world = judge->world;
    const struct sm_scenario_world *budget = &world->config.scenario->world;

    if (world->memory->violated)
        return end(judge, SM_VERDICT_VIOLATED, world->memory->reason);
    if (world->sim->steps - judge->first_event >= budget->events_max)
        return end(judge, SM_VERDICT_BUDGET,
                   sm_region_printf(judge->r, "%llu events, and no state was seen twice", (unsigned long long)budget->events_max));
    if (world->env->now - judge->begun >= budget->time_max)
        return end(judge, SM_VERDICT_BUDGET,
                   sm_region_printf(judge->r, "%s, and no state was seen twice", sm_clock_duration(judge->r, budget->time_max)));
    if (judge->r->used_bytes >= judge->r->limit_bytes / 16 * 15) { /* the rest is for who tells of it */
        end(judge, SM_VERDICT_BUDGET,
            sm_region_printf(judge->r, "%zu MiB of memory, and no state was seen twice", judge->r->limit_bytes >> 20));
        judge->verdict.full = true;
        return true;
    }
    return false;
}

/* Nobody has anything under way that a verdict waits for. */
static bool settled(const struct sm_judge *judge) {
    return user_waits(judge) && judge->world->env->now > judge->world->sim->late_until;
}

static bool judged(struct sm_judge *judge) {
    struct sm_world *world = judge->world;

    if (is_over(judge))
        return true;
    if (!settled(judge)) {
        judge->patient = world->env->now + 2 * RESYNC;
        return false;
    }
    if (!sm_world_idle(world)) {
        if (++judge->restless < RESTLESS_EVENTS)
            return false;
        if (judge->restless == RESTLESS_EVENTS + RESTLESS_LOOKS)
            judge->restless = 0;
        return look(judge);
    }
    judge->restless = 0;
    if (quiet(judge) && content(judge))
        return at_rest(judge);
    if (nothing_comes(judge) && !content(judge) && circle(judge, NULL)) {
        judge->verdict.repeats = true;
        return true;
    }
    return world->env->now >= judge->patient + (content(judge) ? NEVER_QUIET : 0) && look(judge);
}

struct sm_judge *sm_judge_new(struct sm_world *world) {
    struct sm_judge *judge = sm_env_state(world->env, sizeof *judge, "judge");

    judge->world = world;
    judge->r = world->env->run;
    return judge;
}

/* The next event, and then the verdict; true at its end. */
static bool pass(struct sm_judge *judge) {
    struct sm_world *world = judge->world;

    if (sm_world_step(world))
        return judged(judge);
    if (world->memory->violated)
        end(judge, SM_VERDICT_VIOLATED, world->memory->reason);
    else if (content(judge))
        at_rest(judge);
    else if (circle(judge, NULL))
        judge->verdict.repeats = true;
    return true;
}

void sm_judge_begin(struct sm_world *world) {
    *world->judge = (struct sm_judge){.world = world,
                               .r = world->env->run,
                               .first_event = world->sim->steps,
                               .begun = world->env->now,
                               .patient = world->env->now + 2 * RESYNC};
}

struct sm_verdict sm_verdict_judge(struct sm_world *world) {
    struct sm_judge *judge = world->judge;

    sm_judge_begin(world);
    for (bool ended = judged(judge); !ended;)
        ended = pass(judge);
    return judge->verdict;
}

bool sm_judge_ended(struct sm_world *world, struct sm_verdict *ret_verdict) {
    struct sm_judge *judge = world->judge;
    bool ended = is_over(judge) || (settled(judge) && sm_world_idle(world) && quiet(judge) && content(judge) && at_rest(judge));

    if (ended)
        *ret_verdict = judge->verdict;
    return ended;
}

void sm_judge_hash(const struct sm_world *world, struct sm_hash *hash) {
    sm_hash_remaining(hash, world->memory->last_write + 2 * RESYNC, world->env->now);
}

/* A world whose steps can't begin has shown nothing. */
static struct sm_verdict never_began(struct sm_world *world) {
    struct sm_region *r = world->env->run;
    struct sm_judge judge = {.world = world, .r = r};
    const char *failed = sm_reason_failed(world, r), *task = failed ? failed : sm_reason_stuck(world, r);

    if (world->setup_error)
        end(&judge, SM_VERDICT_VACUOUS, sm_region_printf(r, "%s: the server refused it: %s", world->setup_place, world->setup_error));
    else if (world->memory->violated)
        end(&judge, SM_VERDICT_VIOLATED, world->memory->reason);
    else
        end(&judge, SM_VERDICT_VACUOUS,
            sm_region_printf(r, "the cluster did not come to rest before the first step: %s", task ? task : "no node is Running"));
    return judge.verdict;
}

/* --- Bugs as verdicts ------------------------------------------------------------------------------------------------------------------ */

/* The one place where a bug may return to; static because sm_bug_hook knows no argument. */
static _Thread_local struct {
    jmp_buf jump;
    char message[1024];
} landing;

static void land(const char *message) {
    size_t bytes = strlen(message);

    if (bytes >= sizeof landing.message)
        bytes = sizeof landing.message - 1;
    memcpy(landing.message, message, bytes);
    landing.message[bytes] = '\0';
    longjmp(landing.jump, 1);
}

struct sm_verdict sm_verdict_landed(struct sm_region *r, struct sm_verdict (*run)(void *arg), void *arg) {
    void (*outer)(const char *) = sm_bug_hook;
    struct sm_verdict verdict;

    if (setjmp(landing.jump) == 0) {
        sm_bug_hook = land;
        verdict = run(arg);
    } else {
        verdict = (struct sm_verdict){.kind = SM_VERDICT_CRASHED, .reason = sm_region_strdup(r, landing.message)};
    }
    sm_bug_hook = outer;
    return verdict;
}

struct whole_run {
    const struct sm_world_config *config;
    struct sm_world **ret_world;
};

static struct sm_verdict run_whole(void *arg) {
    const struct whole_run *whole = arg;
    struct sm_world *world = sm_world_new(whole->config);

    if (whole->ret_world)
        *whole->ret_world = world;
    return !world->setup_error && sm_world_open(world) ? sm_verdict_judge(world) : never_began(world);
}

struct sm_verdict sm_verdict_run(const struct sm_world_config *config, struct sm_world **ret_world) {
    struct whole_run whole = {config, ret_world};

    return sm_verdict_landed(config->run, run_whole, &whole);
}

struct steps_run {
    struct sm_world *world;
    const struct sm_sim_chooser *chooser;
};

static struct sm_verdict run_steps(void *arg) {
    const struct steps_run *steps = arg;

    sm_world_begin(steps->world, steps->chooser);
    return sm_verdict_judge(steps->world);
}

static struct sm_verdict landed_steps(struct sm_world *world, struct sm_verdict (*run)(void *arg), void *arg) {
    struct sm_verdict verdict = sm_verdict_landed(world->env->run, run, arg);

    if (verdict.kind == SM_VERDICT_CRASHED) {
        verdict.time = world->env->now - SM_TIME_START;
        verdict.events = world->sim->steps;
    }
    return verdict;
}

struct sm_verdict sm_verdict_steps(struct sm_world *world, const struct sm_sim_chooser *chooser) {
    struct steps_run steps = {world, chooser};

    return landed_steps(world, run_steps, &steps);
}

static struct sm_verdict run_rest(void *arg) {
    struct sm_judge *judge = arg;

    while (!pass(judge))
        ;
    return judge->verdict;
}

struct sm_verdict sm_verdict_go_on(struct sm_world *world) {
    world->judge->seen = NULL; /* what it holds may be younger than the snapshot */
    return landed_steps(world, run_rest, world->judge);
}
