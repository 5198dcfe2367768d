#include "files.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "near.h"
#include "yaml.h"

static const char *read_file(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    (void)self;

    if (!file) {
        *reterr = sm_region_printf(r, "%s: write the path of a file", strerror(errno));
        return NULL;
    }
    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        *reterr = "it is no file: write the path of a file";
        fclose(file);
        return NULL;
    }
    if (status.st_size > SM_YAML_BYTES_MAX) {
        *reterr = sm_region_printf(r, "it is larger than %d MiB: write less, or several files", SM_YAML_BYTES_MAX >> 20);
        fclose(file);
        return NULL;
    }
    char *text = sm_region_alloc(r, (size_t)status.st_size + 1);
    size_t bytes = fread(text, 1, (size_t)status.st_size, file);
    text[bytes] = '\0';
    fclose(file);
    *ret_bytes = bytes;
    return text;
}

const struct sm_reader sm_files_reader = {.read = read_file};

static size_t expand_glob(struct sm_region *r, const char *pattern, const char **paths, size_t paths_max) {
    glob_t found;
    size_t count = 0;

    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc && count < paths_max; i++)
        paths[count++] = sm_region_strdup(r, found.gl_pathv[i]);
    globfree(&found);
    return count;
}

/* A scenario of the usual folder whose name is nearly this one; NULL: none. */
static const char *name_near(struct sm_region *r, const char *name) {
    const char **paths = sm_region_alloc(r, SM_FILES_MAX * sizeof *paths);
    size_t count = expand_glob(r, "scenarios/*.yaml", paths, SM_FILES_MAX);
    struct sm_near near = sm_near_init(name);

    for (size_t i = 0; i < count; i++)
        sm_near_try(&near, sm_region_strndup(r, strchr(paths[i], '/') + 1, strlen(paths[i]) - strlen("scenarios/.yaml")));
    return near.best;
}

size_t sm_files_expand(struct sm_region *r, const char *name, const char **paths, size_t paths_max, struct sm_problems *problems) {
    struct stat status;
    size_t count = 0;

    if (stat(name, &status) == 0 && S_ISDIR(status.st_mode)) {
        size_t bytes = strlen(name);
        const char *slash = bytes && name[bytes - 1] == '/' ? "" : "/";
        count = expand_glob(r, sm_region_printf(r, "%s%s*.yaml", name, slash), paths, paths_max);
        if (!count)
            sm_problem(problems, name, 0, 0, "no scenario in this folder: write a folder that holds *.yaml");
        return count;
    }
    if (stat(name, &status) == 0 && paths_max) {
        paths[0] = sm_region_strdup(r, name);
        return 1;
    }
    if (strpbrk(name, "*?["))
        count = expand_glob(r, name, paths, paths_max);
    else if (!strchr(name, '/') && paths_max)
        count = expand_glob(r, sm_region_printf(r, "scenarios/%s.yaml", name), paths, paths_max);
    const char *near = count ? NULL : name_near(r, name);
    if (near)
        sm_problem(problems, name, 0, 0, "there is no such scenario: did you mean %s?", near);
    else if (!count)
        sm_problem(problems, name, 0, 0, "there is no such scenario: write a file, a folder, a glob, or a name out of scenarios/");
    return count;
}
