#include "staleness.h"

#include <string.h>

static bool fails_alike(struct sm_trial *trial, struct sm_region *work, const struct sm_finding *finding, const char *live) {
    trial->world->config.live = live;
    struct sm_verdict verdict = sm_trial_play(trial, finding->schedule.chosen, finding->schedule.count, work, NULL, NULL);
    trial->world->config.live = NULL;
    return strcmp(sm_trial_cause(work, &verdict), finding->cause) == 0;
}

const char *sm_staleness(struct sm_trial *trial, struct sm_region *work, struct sm_region *kept, const struct sm_finding *finding) {
    const struct sm_world *world = trial->world;
    struct sm_str reads;
    unsigned count = 0;

    sm_region_clear(work);
    if (fails_alike(trial, work, finding, "*"))
        return "not caused by staleness: with live reads it fails the same";
    sm_str_init(&reads, kept);
    for (size_t i = 0; i < world->actor_count && world->actors[i].under_test; i++) {
        const struct sm_controller *controller = sm_manager_controller(world->actors[i].manager);
        for (size_t w = 0; w < controller->watch_count; w++) {
            /* Kept: the world is restored by each run, and names in its region stay only if they were there at its snapshot. */
            const char *name = sm_region_printf(kept, "%s/%s", world->actors[i].client->name, controller->watches[w].resource->plural);
            if (!fails_alike(trial, work, finding, name))
                sm_str_addf(&reads, "%s%s", count++ ? " or " : "", name);
        }
    }
    if (!count)
        return "caused by stale reads: live reads of several caches together prevent it";
    return sm_region_printf(kept, "caused by a stale read: of %s; read live, it does not happen", reads.data);
}

static int grade_of(const char *grade) {
    return strcmp(grade, "common") == 0 ? 0 : strcmp(grade, "rare") == 0 ? 1 : 2;
}

const char *sm_staleness_grade(const struct sm_schedule *schedule) {
    const char *worst = "common";

    for (size_t i = 0; i < schedule->count; i++)
        for (size_t f = 0; schedule->chosen[i].kind == SM_CHOICE_FAULT && f < SM_FAULT_COUNT; f++)
            if (strcmp(schedule->chosen[i].way, sm_fault_names[f]) == 0 && grade_of(sm_fault_grades[f]) > grade_of(worst))
                worst = sm_fault_grades[f];
    return worst;
}
