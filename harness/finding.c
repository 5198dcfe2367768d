#include "finding.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"

enum { SHRINK_ALL = 6 };

/* --- Causes ---------------------------------------------------------------------------------------------------------------------- */

bool sm_finding_is_shrunk(uint64_t time) {
    return time <= SHRINK_ALL || (time & (time - 1)) == 0;
}

static struct sm_finding *first_of(struct sm_campaign *campaign, const char *cause) {
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (strcmp(campaign->finding[i]->cause, cause) == 0)
            return campaign->finding[i];
    return NULL;
}

static struct sm_cause_count *count_of(struct sm_campaign *campaign, const char *cause) {
    for (size_t i = 0; i < campaign->cause_count; i++)
        if (strcmp(campaign->cause[i].cause, cause) == 0)
            return &campaign->cause[i];
    if (campaign->cause_count == SM_CAUSES_MAX)
        return NULL;
    struct sm_cause_count *count = &campaign->cause[campaign->cause_count++];
    *count = (struct sm_cause_count){.cause = sm_region_strdup(campaign->kept, cause)};
    return count;
}

bool sm_finding_count(struct sm_campaign *campaign, const char *cause) {
    struct sm_cause_count *count = count_of(campaign, cause);

    campaign->failed_runs++;
    if (!count) {
        campaign->findings_lost++;
        return false;
    }
    if (sm_finding_is_shrunk(++count->times))
        return true;
    struct sm_finding *known = first_of(campaign, cause);
    if (known)
        known->times++;
    return false;
}

/* --- Cores ----------------------------------------------------------------------------------------------------------------------- */

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What a choice is about: that a process crashes counts, not at which of its calls; that an event is late, not how much. */
static const char *gist_of(struct sm_region *r, const struct sm_chosen *chosen) {
    if (chosen->kind == SM_CHOICE_FAULT && strncmp(chosen->way, "crash", 5) == 0)
        return sm_region_printf(r, "; crash %.*s", (int)strcspn(chosen->label, "./"), chosen->label);
    if (chosen->kind == SM_CHOICE_FAULT && strncmp(chosen->way, "pause", 5) == 0)
        return sm_region_printf(r, "; pause %.*s", (int)strcspn(chosen->label, "./"), chosen->label);
    if (chosen->kind == SM_CHOICE_FAULT)
        return sm_region_printf(r, "; %.*s %s", (int)strcspn(chosen->way, "-"), chosen->way, chosen->label);
    if (chosen->kind == SM_CHOICE_EVENT || chosen->kind == SM_CHOICE_YIELD)
        return sm_region_printf(r, "; late %s", chosen->label);
    return sm_region_printf(r, "; %s %s", sm_choice_names[chosen->kind], chosen->label);
}

static const char *core_of(struct sm_region *r, const char *cause, const struct sm_shrunk *shrunk) {
    const char **gist = sm_region_alloc(r, (shrunk->count + 1) * sizeof *gist);
    struct sm_str core;

    for (size_t i = 0; i < shrunk->count; i++)
        gist[i] = gist_of(r, &shrunk->chosen[i]);
    qsort(gist, shrunk->count, sizeof *gist, compare_texts);
    sm_str_init(&core, r);
    sm_str_add(&core, cause);
    for (size_t i = 0; i < shrunk->count; i++)
        if (i == 0 || strcmp(gist[i], gist[i - 1]) != 0)
            sm_str_add(&core, gist[i]);
    return core.data;
}

/* --- Filing ---------------------------------------------------------------------------------------------------------------------- */

static const char *name_of(struct sm_campaign *campaign, const char *cause, const char *core) {
    const struct sm_trial_config *config = &campaign->trial->config;
    uint32_t hash = 2166136261;

    for (const char *at = core; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619;
    char *name = sm_region_printf(campaign->kept, "%s.%s.%s.%04x", config->scenario->name, config->profile->name, cause,
                                  (hash ^ hash >> 16) & 0xffff);
    char *to = name;
    for (const char *from = name; *from; from++)
        if (*from == ' ')
            *to++ = '-';
        else if (*from != ':')
            *to++ = *from;
    *to = '\0';
    return name;
}

static struct sm_finding *same_core(struct sm_campaign *campaign, const char *core) {
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (strcmp(campaign->finding[i]->core, core) == 0)
            return campaign->finding[i];
    return NULL;
}

static const struct sm_chosen *keep_choices(struct sm_region *r, const struct sm_chosen *chosen, size_t count) {
    struct sm_chosen *kept = sm_region_alloc(r, (count + 1) * sizeof *kept);

    for (size_t i = 0; i < count; i++) {
        kept[i] = chosen[i];
        kept[i].label = sm_region_strdup(r, chosen[i].label);
        kept[i].way = sm_region_strdup(r, chosen[i].way);
    }
    return kept;
}

static void add(struct sm_campaign *campaign, const struct sm_finding *finding) {
    if (campaign->finding_count == SM_FINDINGS_MAX) {
        campaign->findings_lost++;
        return;
    }
    struct sm_finding *added = sm_region_zalloc(campaign->kept, sizeof *added);
    *added = *finding;
    campaign->finding[campaign->finding_count++] = added;
}

/* A shorter schedule with the same core. */
static void replace(struct sm_finding *known, const struct sm_finding *shorter) {
    known->reason = shorter->reason;
    known->explanation = shorter->explanation;
    known->events = shorter->events;
    known->schedule = shorter->schedule;
}

static struct sm_finding finding_of(struct sm_campaign *campaign, const struct sm_failure *failure, const struct sm_shrunk *shrunk) {
    struct sm_region *r = campaign->kept;
    const struct sm_trial_config *config = &campaign->trial->config;
    struct sm_finding finding = {
        .scenario = config->scenario->file,
        .profile = config->profile->name,
        .engine = campaign->engine,
        .cause = sm_region_strdup(r, failure->cause),
        .verdict = shrunk->verdict.kind,
        .property = shrunk->verdict.property ? sm_region_strdup(r, shrunk->verdict.property) : NULL,
        .reason = sm_region_strdup(r, shrunk->verdict.reason),
        .found_choices = failure->count,
        .run = failure->number,
        .events = shrunk->verdict.events,
        .shrink_runs = shrunk->runs,
        .times = 1,
    };

    finding.core = core_of(r, finding.cause, shrunk);
    finding.name = name_of(campaign, finding.cause, finding.core);
    finding.schedule = (struct sm_schedule){.about = "",
                                            .scenario = finding.scenario,
                                            .profile = finding.profile,
                                            .verdict = finding.cause,
                                            .build = "",
                                            .chosen = keep_choices(r, shrunk->chosen, shrunk->count),
                                            .count = shrunk->count};
    return finding;
}

void sm_finding_file(struct sm_campaign *campaign, const struct sm_failure *failure, const struct sm_shrunk *shrunk, uint64_t runs) {
    campaign->shrink_runs += shrunk->runs;
    if (!shrunk->fails) {
        campaign->diverged = sm_region_printf(campaign->kept, "run %llu ended with %s; its schedule of %zu choices does not",
                                              (unsigned long long)failure->number, failure->cause, failure->count);
        return;
    }
    struct sm_finding finding = finding_of(campaign, failure, shrunk);
    finding.runs_to_find = runs;
    sm_finding_merge(campaign, &finding);
}

static bool is_shorter(const struct sm_finding *a, const struct sm_finding *b) {
    return a->schedule.count != b->schedule.count ? a->schedule.count < b->schedule.count : a->run < b->run;
}

void sm_finding_merge(struct sm_campaign *campaign, const struct sm_finding *finding) {
    struct sm_finding *known = same_core(campaign, finding->core);

    if (!known) {
        add(campaign, finding);
        return;
    }
    known->times += finding->times;
    if (is_shorter(finding, known))
        replace(known, finding);
    if (finding->run < known->run) {
        known->run = finding->run;
        known->runs_to_find = finding->runs_to_find;
        known->found_choices = finding->found_choices;
    }
}

/* --- Order ----------------------------------------------------------------------------------------------------------------------- */

static size_t rank_of(struct sm_finding *const *findings, size_t count, const char *cause) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(findings[i]->cause, cause) == 0)
            return i;
    return count;
}

void sm_finding_sort(struct sm_finding **findings, size_t count) {
    for (size_t to = 1; to < count; to++) {
        struct sm_finding *finding = findings[to];
        size_t at = to, rank = rank_of(findings, to, finding->cause);
        while (at > rank && (strcmp(findings[at - 1]->cause, finding->cause) != 0 || is_shorter(finding, findings[at - 1]))) {
            findings[at] = findings[at - 1];
            at--;
        }
        findings[at] = finding;
    }
}
