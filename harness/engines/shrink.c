/* Delta debugging over the choices of a schedule. Taking one away may change what comes after it; a choice that is not met any more
 * had no part in the failure, and goes. In this order, again and again until a round changes nothing:
 *
 *      all of one kind · blocks of half, a quarter … one · an event that comes late instead of being passed over ·
 *      the durations, ages and counts of what is left
 */
#include "shrink.h"

#include <stdlib.h>
#include <string.h>

struct shrinking {
    struct sm_trial *trial;
    struct sm_region *region;
    struct sm_region scratch; /* of players */
    const char *cause;
    struct sm_chosen *best;
    size_t count;
    struct sm_verdict verdict;
    uint64_t runs, runs_max;
};

/* Runs [chosen]; if it fails for the same cause, it is the best from now on, without what was not played. */
static bool fails(struct shrinking *s, const struct sm_chosen *chosen, size_t count) {
    struct sm_player *player = NULL;

    if (s->runs == s->runs_max)
        return false;
    s->runs++;
    sm_region_clear(&s->scratch);
    struct sm_verdict verdict = sm_trial_play(s->trial, chosen, count, &s->scratch, NULL, &player);
    const char *cause = sm_trial_cause(&s->scratch, &verdict);
    if (verdict.kind == SM_VERDICT_CONVERGES || (s->cause && strcmp(cause, s->cause) != 0))
        return false;
    if (!s->cause)
        s->cause = sm_region_strdup(s->region, cause);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (player->played[i])
            s->best[kept++] = chosen[i]; /* [chosen] may be the best itself */
    s->count = kept;
    s->verdict = verdict;
    s->verdict.reason = sm_region_strdup(s->region, verdict.reason);
    s->verdict.property = verdict.property ? sm_region_strdup(s->region, verdict.property) : NULL;
    return true;
}

/* --- Fewer ------------------------------------------------------------------------------------------------------------------- */

static bool without(struct shrinking *s, struct sm_chosen *candidate, bool (*gone)(const struct sm_chosen *chosen, size_t i, void *arg),
                    void *arg) {
    size_t count = 0;

    for (size_t i = 0; i < s->count; i++)
        if (!gone(&s->best[i], i, arg))
            candidate[count++] = s->best[i];
    return count < s->count && fails(s, candidate, count);
}

static bool is_of_kind(const struct sm_chosen *chosen, size_t i, void *arg) {
    (void)i;
    return chosen->kind == *(const enum sm_choice *)arg;
}

struct block {
    size_t first, count;
};

static bool is_in_block(const struct sm_chosen *chosen, size_t i, void *arg) {
    const struct block *block = arg;
    (void)chosen;

    return i >= block->first && i < block->first + block->count;
}

static bool fewer(struct shrinking *s, struct sm_chosen *candidate) {
    bool changed = false;

    for (enum sm_choice kind = 0; kind < SM_CHOICE_COUNT; kind++)
        changed |= without(s, candidate, is_of_kind, &kind);
    for (size_t size = s->count; size > 0; size /= 2) {
        /* From the end: what came last is the least likely to matter to what came first. */
        for (size_t end = s->count; end > 0;) {
            struct block block = {end > size ? end - size : 0, end > size ? size : end};
            changed |= without(s, candidate, is_in_block, &block);
            end = block.first < s->count ? block.first : s->count;
        }
    }
    return changed;
}

/* --- Late instead of passed over ----------------------------------------------------------------------------------------------- */

enum { LATE_OCCURRENCES = 6, LATE_TRIED = 3 };

/* That an event is passed over several times is said in one line: it comes late. */
static bool one_late(struct shrinking *s, struct sm_chosen *candidate, const char *label) {
    for (uint32_t occurrence = 1; occurrence <= LATE_OCCURRENCES; occurrence++)
        for (uint32_t late = 1; late <= LATE_TRIED; late++) {
            size_t count = 0, first = s->count;
            for (size_t i = 0; i < s->count; i++) {
                bool passed_over = s->best[i].kind == SM_CHOICE_EVENT && strcmp(s->best[i].label, label) == 0;
                if (passed_over && first < s->count)
                    continue;
                candidate[count] = s->best[i];
                if (passed_over) {
                    first = i;
                    candidate[count] = (struct sm_chosen){
                        .kind = SM_CHOICE_LATE, .label = label, .occurrence = occurrence, .way = sm_sim_late_names[late]};
                }
                count++;
            }
            if (fails(s, candidate, count))
                return true;
        }
    return false;
}

static bool late_instead(struct shrinking *s, struct sm_chosen *candidate) {
    bool changed = false;

    for (size_t i = 0; i < s->count; i++) {
        size_t same = 0;
        for (size_t j = 0; j < s->count; j++)
            same +=
                s->best[j].kind == SM_CHOICE_EVENT && s->best[i].kind == SM_CHOICE_EVENT && strcmp(s->best[i].label, s->best[j].label) == 0;
        changed |= same > 0 && one_late(s, candidate, s->best[i].label);
    }
    return changed;
}

/* --- Smaller ----------------------------------------------------------------------------------------------------------------- */

static bool replace_way(struct shrinking *s, struct sm_chosen *candidate, size_t i, const char *way) {
    memcpy(candidate, s->best, s->count * sizeof *candidate);
    candidate[i].way = way;
    return fails(s, candidate, s->count);
}

static bool sooner(struct shrinking *s, struct sm_chosen *candidate, size_t i) {
    const char *way = s->best[i].way;

    for (uint32_t late = 1; late < SM_SIM_LATE_WAYS && strcmp(sm_sim_late_names[late], way) != 0; late++)
        if (replace_way(s, candidate, i, sm_sim_late_names[late]))
            return true;
    return false;
}

static bool lower(struct shrinking *s, struct sm_chosen *candidate, size_t i) {
    unsigned long number = strtoul(s->best[i].way, NULL, 10);

    for (unsigned long less = 1; less < number; less++)
        if (replace_way(s, candidate, i, sm_region_printf(s->region, "%lu", less)))
            return true;
    return false;
}

static bool smaller(struct shrinking *s, struct sm_chosen *candidate) {
    bool changed = false;

    for (size_t i = 0; i < s->count; i++) {
        if (s->best[i].kind == SM_CHOICE_LATE)
            changed |= sooner(s, candidate, i);
        else if (s->best[i].kind == SM_CHOICE_AGE || s->best[i].kind == SM_CHOICE_USER)
            changed |= lower(s, candidate, i);
    }
    return changed;
}

struct sm_shrunk sm_shrink(struct sm_trial *trial, struct sm_region *region, const struct sm_chosen *chosen, size_t count,
                           const char *cause, uint64_t runs_max) {
    struct shrinking s = {.trial = trial, .region = region, .cause = cause, .runs_max = runs_max};
    struct sm_chosen *candidate = sm_region_alloc(region, (count + 1) * sizeof *candidate);

    s.best = sm_region_alloc(region, (count + 1) * sizeof *s.best);
    sm_region_init(&s.scratch, "shrink", 0);
    bool failing = fails(&s, chosen, count);
    for (bool changed = failing; changed && s.runs < s.runs_max;) {
        changed = fewer(&s, candidate);
        changed |= late_instead(&s, candidate);
        changed |= smaller(&s, candidate);
    }
    sm_region_release(&s.scratch);
    return (struct sm_shrunk){.chosen = s.best, .count = s.count, .verdict = s.verdict, .runs = s.runs, .fails = failing};
}
