#include "check.h"

#include <string.h>

enum { CHECK_EVENTS_MAX = 1 << 16 };

/* Each event of a run as one number: when, what, how far the store and the ids are. */
struct check {
    struct sm_sim_chooser inner;
    const struct sm_world *world;
    uint64_t *seen;
    uint32_t count;
    uint32_t diverged; /* of the second run: where, from 1; 0: nowhere */
    uint32_t events;   /* of the first run */
    bool second;
    const char **labels; /* of the first run */
    char second_label[SM_SIM_LABEL_BYTES];
    struct sm_region *region;
};

static uint32_t check_choose(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct check *check = self;

    return check->inner.choose ? check->inner.choose(check->inner.self, env, point) : 0;
}

static uint32_t check_choose_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct check *check = self;

    return check->inner.choose_event(check->inner.self, env, enabled, n);
}

static uint64_t mix(uint64_t hash, uint64_t x) {
    hash = (hash ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t number_of(const struct check *check, const struct sm_env *env, const struct sm_event *event) {
    uint64_t hash = mix(mix(1, (uint64_t)env->now), (uint64_t)sm_server_version(check->world->server));
    const char *const parts[] = {event->actor, event->what, event->object ? event->object : ""};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (const char *at = parts[i]; *at; at++)
            hash = mix(hash, (unsigned char)*at);
    return mix(hash, env->random.s[0]);
}

static void check_runs(void *self, struct sm_env *env, const struct sm_event *event) {
    struct check *check = self;
    uint32_t i = check->count++;

    char label[SM_SIM_LABEL_BYTES];

    if (i >= CHECK_EVENTS_MAX || check->diverged)
        return;
    uint64_t number = number_of(check, env, event);
    if (!check->second) {
        check->seen[i] = number;
        check->labels[i] = sm_region_strdup(check->region, sm_sim_label(label, event));
    } else if (i >= check->events || check->seen[i] != number) {
        check->diverged = i + 1;
        sm_sim_label(check->second_label, event);
    }
}

static struct sm_verdict run_checked(struct sm_campaign *campaign, const struct sm_attempt *attempt, struct check *check) {
    check->inner = attempt->chooser(attempt->self);
    check->count = 0;
    struct sm_sim_chooser chooser = {.self = check,
                                     .choose = check_choose,
                                     .choose_event = check->inner.choose_event ? check_choose_event : NULL,
                                     .runs = check_runs};
    return sm_trial_run(campaign->trial, &chooser, NULL);
}

struct sm_verdict sm_check_run(struct sm_campaign *campaign, const struct sm_attempt *attempt, const char **ret_diverged) {
    struct check *check = sm_region_zalloc(campaign->work, sizeof *check);

    check->world = campaign->trial->world;
    check->region = campaign->work;
    check->seen = sm_region_alloc(campaign->work, CHECK_EVENTS_MAX * sizeof *check->seen);
    check->labels = sm_region_alloc(campaign->work, CHECK_EVENTS_MAX * sizeof *check->labels);
    struct sm_verdict first = run_checked(campaign, attempt, check);
    const char *reason = sm_region_strdup(campaign->work, first.reason);
    uint32_t events = check->events = check->count;
    check->second = true;
    struct sm_env *env = campaign->trial->world->env;
    struct sm_memo *memo = env->memo;
    env->memo = NULL; /* nor may what is remembered make a difference */
    struct sm_verdict second = run_checked(campaign, attempt, check);
    env->memo = memo;
    if (!check->diverged && check->count == events && first.kind == second.kind && strcmp(reason, second.reason) == 0)
        return second;
    if (check->diverged)
        *ret_diverged =
            sm_region_printf(campaign->kept, "run %llu, event %u: first %s, then %s", (unsigned long long)attempt->number, check->diverged,
                             check->diverged <= events ? check->labels[check->diverged - 1] : "nothing", check->second_label);
    else
        *ret_diverged = sm_region_printf(campaign->kept, "run %llu: first %u events, %s: %s; then %u events, %s: %s",
                                         (unsigned long long)attempt->number, events, sm_verdict_names[first.kind], reason, check->count,
                                         sm_verdict_names[second.kind], second.reason);
    return second;
}
