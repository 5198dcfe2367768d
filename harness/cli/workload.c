#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "near.h"
#include "scenario_try.h"

#define RUN_BYTES_MAX ((size_t)4 << 30)
#define KEPT_BYTES_MAX ((size_t)4 << 30) /* timelines of a large matrix */

struct sm_workload *sm_workload_new(const char *command) {
    struct sm_workload *workload = calloc(1, sizeof *workload);

    if (!workload)
        abort();
    workload->command = command;
    sm_region_init(&workload->kept, "scenarios", KEPT_BYTES_MAX);
    sm_region_init(&workload->world, "run", RUN_BYTES_MAX);
    sm_region_init(&workload->scratch, "scratch", 0);
    sm_region_init(&workload->memo, "memo", 0);
    workload->problems = sm_problems_init(&workload->kept);
    workload->library = sm_library_new(&workload->kept);
    return workload;
}

int sm_workload_release(struct sm_workload *workload, int code) {
    sm_region_release(&workload->memo);
    sm_region_release(&workload->scratch);
    sm_region_release(&workload->world);
    sm_region_release(&workload->kept);
    free(workload);
    return code;
}

int sm_workload_problems(struct sm_workload *workload, bool json) {
    const struct sm_problems *problems = &workload->problems;
    struct sm_region *r = &workload->kept;
    sm_val list = SM_EMPTY_LIST;

    for (size_t i = 0; i < sm_problems_kept(problems); i++) {
        const struct sm_problem *problem = &problems->at[i];
        fprintf(stderr, "%s\n", problem->text);
        list = sm_val_append(r, list,
                             SM_MAP(r, "file", sm_val_str(r, problem->file), "line", problem->line ? sm_val_int(r, problem->line) : NULL,
                                    "column", problem->line ? sm_val_int(r, problem->column) : NULL, "message",
                                    sm_val_str(r, problem->message)));
    }
    if (problems->count > sm_problems_kept(problems))
        fprintf(stderr, "and %zu more problems\n", problems->count - sm_problems_kept(problems));
    if (json)
        puts(sm_json_text(r, SM_MAP(r, "problems", list, "count", sm_val_int(r, (int64_t)problems->count)), SM_JSON_COMPACT));
    return SM_EXIT_USAGE;
}

/* --- Scenarios --------------------------------------------------------------------------------------------------------------- */

static bool is_loaded(const struct sm_workload *workload, const char *path) {
    for (size_t i = 0; i < workload->scenario_count; i++)
        if (strcmp(workload->scenarios[i]->file, path) == 0)
            return true;
    return false;
}

bool sm_workload_load(struct sm_workload *workload, int count, char **names) {
    char folder[] = "scenarios", *usual[] = {folder};
    const char **paths = sm_region_alloc(&workload->kept, SM_FILES_MAX * sizeof *paths);

    if (count == 0) {
        names = usual;
        count = 1;
    }
    for (int i = 0; i < count; i++) {
        size_t found = sm_files_expand(&workload->kept, names[i], paths, SM_FILES_MAX - workload->scenario_count, &workload->problems);
        for (size_t p = 0; p < found; p++) {
            if (is_loaded(workload, paths[p]))
                continue;
            const struct sm_scenario *scenario = sm_scenario_load(&workload->kept, &sm_files_reader, paths[p], &workload->problems);
            if (scenario && sm_scenario_try(&workload->world, workload->library, scenario, &workload->problems))
                workload->scenarios[workload->scenario_count++] = scenario;
        }
    }
    return workload->problems.count == 0;
}

/* --- Profiles ---------------------------------------------------------------------------------------------------------------- */

static const struct sm_profile *profile_named(struct sm_workload *workload, const char *name) {
    const struct sm_profile *profile = sm_profile_find(name);

    for (size_t i = 0; !profile && i < SM_PROFILE_COUNT; i++)
        for (int s = 0; !profile && s < SM_SAFEGUARD_COUNT; s++) {
            const struct sm_profile *flipped = sm_profile_flip(&workload->kept, &sm_profiles[i], (enum sm_safeguard)s);
            if (strcmp(flipped->name, name) == 0)
                profile = flipped;
        }
    return profile;
}

static void add_profile(struct sm_workload *workload, const struct sm_profile *profile) {
    for (size_t i = 0; i < workload->profile_count; i++)
        if (strcmp(workload->profiles[i]->name, profile->name) == 0)
            return;
    workload->profile_names[workload->profile_count] = profile->name;
    workload->profiles[workload->profile_count++] = profile;
}

static bool no_profile(const struct sm_workload *workload, const char *name) {
    struct sm_near near = sm_near_init(name);

    sm_near_try(&near, "all");
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        sm_near_try(&near, sm_profiles[i].name);
    fprintf(stderr, "stalemate %s: there is no profile \"%s\": ", workload->command, name);
    if (near.best) {
        fprintf(stderr, "did you mean %s?\n", near.best);
        return false;
    }
    fprintf(stderr, "write all, or one of");
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++)
        fprintf(stderr, " %s", sm_profiles[i].name);
    fprintf(stderr, ", or one with a safeguard more or less, like merged-owner-check\n");
    return false;
}

bool sm_workload_profiles(struct sm_workload *workload, const char *list) {
    char *rest = sm_region_strdup(&workload->kept, list);

    for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
        const struct sm_profile *profile = profile_named(workload, name);
        if (!profile && strcmp(name, "all") != 0)
            return no_profile(workload, name);
        if (workload->profile_count + SM_PROFILE_COUNT > SM_WORKLOAD_PROFILES_MAX) {
            fprintf(stderr, "stalemate %s: too many profiles: write fewer than %d\n", workload->command,
                    SM_WORKLOAD_PROFILES_MAX - SM_PROFILE_COUNT);
            return false;
        }
        if (profile)
            add_profile(workload, profile);
        for (size_t i = 0; !profile && i < SM_PROFILE_COUNT; i++)
            add_profile(workload, &sm_profiles[i]);
    }
    return true;
}
