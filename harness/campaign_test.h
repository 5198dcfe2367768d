/* For tests of engines: trials of a scenario, and the memory of a campaign over one. */
#ifndef SM_CAMPAIGN_TEST_H
#define SM_CAMPAIGN_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "files.h"
#include "trial.h"

static struct sm_region kept, run, scratch, work;
static struct sm_library *library;

static int setup(void **state) {
    (void)state;
    sm_region_init(&kept, "kept", 0);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    sm_region_init(&work, "work", 0);
    library = sm_library_new(&kept);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&kept);
    sm_region_release(&run);
    sm_region_release(&scratch);
    sm_region_release(&work);
    return 0;
}

static struct sm_trial *trial_in(const char *file, const char *profile_name) {
    struct sm_problems problems = sm_problems_init(&kept);
    const char *why = NULL;
    const struct sm_scenario *scenario = sm_scenario_load(&kept, &sm_files_reader, file, &problems);

    assert_non_null(scenario);
    struct sm_trial *trial = sm_trial_new(&(struct sm_trial_config){.kept = &kept,
                                                                    .run = &run,
                                                                    .scratch = &scratch,
                                                                    .library = library,
                                                                    .scenario = scenario,
                                                                    .profile = sm_profile_find(profile_name)},
                                          &why);
    assert_non_null(trial);
    return trial;
}

/* Of the plain image update. */
__attribute__((unused)) static struct sm_trial *trial_of(const char *profile_name) {
    return trial_in("../scenarios/nominal-update.yaml", profile_name);
}

#endif
