#include "progress.h"

static void add_count(struct sm_str *out, const char *what, uint64_t count) {
    if (count)
        sm_str_addf(out, ", %s %llu", what, (unsigned long long)count);
}

static double left(const struct sm_progress *progress, const struct sm_campaign *campaign) {
    double runs = (double)campaign->runs, all = (double)campaign->runs_max / (campaign->shards ? campaign->shards : 1);

    if (progress->seconds_max > 0)
        return progress->seconds_max > progress->spent ? progress->seconds_max - progress->spent : 0;
    return runs > 0 && all > runs ? progress->spent * (all - runs) / runs : 0;
}

void sm_progress_line(struct sm_str *out, const struct sm_progress *progress, const struct sm_campaign *campaign) {
    sm_str_addf(out, "%s %s under %s", progress->engine, progress->scenario, progress->profile);
    if (progress->cells > 1)
        sm_str_addf(out, " (%zu of %zu)", progress->cell, progress->cells);
    sm_str_addf(out, ": %llu runs, %.0f/s", (unsigned long long)campaign->runs,
                progress->spent > 0 ? (double)campaign->runs / progress->spent : 0);
    if (campaign->states)
        sm_str_addf(out, ", states %llu (%llu new)", (unsigned long long)campaign->states, (unsigned long long)campaign->states_new);
    add_count(out, "depth", campaign->depth);
    add_count(out, "faults", campaign->faults);
    if (campaign->sometimes)
        sm_str_addf(out, ", sometimes met %llu of %llu", (unsigned long long)campaign->sometimes_met,
                    (unsigned long long)campaign->sometimes);
    sm_str_addf(out, ", not converged %llu, findings %zu", (unsigned long long)campaign->failed_runs, campaign->finding_count);
    if (progress->seconds_max > 0 || campaign->runs_max)
        sm_str_addf(out, ", %.0f s left", left(progress, campaign));
}
