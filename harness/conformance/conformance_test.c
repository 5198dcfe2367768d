/* Plays recorded conversations with a real Kubernetes 1.33, and some with 1.37, to the server in process: one test a recording.
 *
 * The recordings stand beside the project (../shared/conformance). Those that do not agree yet are listed, one a line, with the
 * reason in testdata/conformance_pending.txt; the test fails if a listed one agrees, or another one does not.
 * `conformance_test ssa/` plays those alone whose name begins so, and says of pending ones where they differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "player.h"

#define RECORDINGS "../../../shared/conformance/cases"
#define RECORDINGS_137 "../../../shared/conformance/cases-1.37"
#define PENDING "testdata/conformance_pending.txt"

enum { RECORDINGS_MAX = 1024 };

struct recording {
    const char *name; /* `ssa/atomic` */
    const char *path;
    bool controllers;
    const char *kubernetes; /* NULL: 1.33 */
    const char *pending;    /* why it does not agree yet; NULL: it does */
};

static struct sm_region kept, run;
static struct recording recordings[RECORDINGS_MAX];
static size_t recording_count;
static bool chatty;

static const char *read_file(struct sm_region *r, const char *path, size_t *ret_bytes) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    size_t bytes = (size_t)ftell(file);
    rewind(file);
    char *text = sm_region_alloc(r, bytes + 1);
    *ret_bytes = fread(text, 1, bytes, file);
    text[*ret_bytes] = '\0';
    fclose(file);
    return text;
}

static sm_val read_recording(struct sm_region *r, const char *path) {
    struct sm_json_error error;
    size_t bytes;
    const char *text = read_file(r, path, &bytes);
    sm_val v = text ? sm_json_parse(r, text, bytes, NULL, &error) : NULL;
    if (!v)
        fail_msg("%s cannot be read", path);
    return v;
}

static void play(void **state) {
    const struct recording *recording = *state;
    sm_region_clear(&run);
    sm_val conversation = read_recording(&run, recording->path);

    const char *difference = sm_player_play(&run, conversation, recording->controllers, recording->kubernetes);

    if (recording->pending && !difference)
        fail_msg("%s agrees now: it is no longer pending (%s)", recording->name, recording->pending);
    if (recording->pending && chatty)
        print_message("pending: %s: %s\n", recording->name, difference);
    if (!recording->pending && difference)
        fail_msg("%s: %s", recording->name, difference);
}

/* --- Which ones ---------------------------------------------------------------------------------------------------------- */

static const char *pending_reason(const char *pending, const char *name) {
    size_t bytes = strlen(name);

    for (const char *line = pending; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        if (strncmp(line, name, bytes) == 0 && strncmp(line + bytes, ": ", 2) == 0)
            return sm_region_strndup(&kept, line + bytes + 2, strcspn(line + bytes + 2, "\n"));
    }
    return NULL;
}

static void find(const char *folder, const char *family, bool controllers, const char *kubernetes, const char *pending,
                 const char *prefix) {
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        const char *file = entries[i]->d_name;
        const char *path = sm_region_printf(&kept, "%s/%s", folder, file), *dot = strrchr(file, '.');
        if (*file != '.' && !dot) {
            find(path, sm_region_printf(&kept, "%s%s/", family, file), controllers, kubernetes, pending, prefix);
        } else if (dot && strcmp(dot, ".json") == 0 && recording_count < RECORDINGS_MAX) {
            const char *name = sm_region_printf(&kept, "%s%.*s", family, (int)(dot - file), file);
            if (strncmp(name, prefix, strlen(prefix)) == 0)
                recordings[recording_count++] = (struct recording){name, path, controllers, kubernetes, pending_reason(pending, name)};
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv) {
    static struct CMUnitTest tests[RECORDINGS_MAX];
    size_t bytes;
    const char *prefix = argc > 1 ? argv[1] : "";
    chatty = argc > 1;

    sm_region_init(&kept, "recordings", 0);
    sm_region_init(&run, "run", 0);
    const char *pending = read_file(&kept, PENDING, &bytes);
    find(RECORDINGS "/api", "", false, NULL, pending, prefix);
    find(RECORDINGS "/controllers", "", true, NULL, pending, prefix);
    find(RECORDINGS_137 "/controllers", "1.37/", true, "1.37", pending, prefix);
    if (!recording_count)
        printf("SKIPPED: there are no recordings at %s: NOTHING WAS COMPARED WITH A REAL KUBERNETES\n", RECORDINGS);
    for (size_t i = 0; i < recording_count; i++)
        tests[i] = (struct CMUnitTest){.name = recordings[i].name, .test_func = play, .initial_state = &recordings[i]};
    int failed = _cmocka_run_group_tests("conformance", tests, recording_count, NULL, NULL);
    sm_region_release(&run);
    sm_region_release(&kept);
    return failed;
}
