/* docs/search.md, held to what it shows: each line after a `$` is run at the top of the tree, and prints what stands below it.
 * docs/scale.md, held to what it ships: the fake API accepts the manifest, and the Job controller makes its pods. */
#include <stdbool.h>

#include "program_test.h"

enum { COMMAND_BYTES = 1024, TEXT_BYTES = 1 << 16, INDENT = 4 };

static char page[TEXT_BYTES];

static void read_page(const char *name) {
    char path[8192];

    snprintf(path, sizeof path, "%s/docs/%s", sources, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t bytes = fread(page, 1, sizeof page - 1, file);
    page[bytes] = '\0';
    fclose(file);
}

/* `…` in [pattern] stands for any text, and on a line of its own for any lines. */
static bool is_like(const char *pattern, const char *text) {
    static const char any[] = "…";
    const size_t bytes = strlen(any);
    const char *after = NULL, *from = NULL; /* the last `…`, and from where its rest is tried */

    while (*text || *pattern) {
        if (strncmp(pattern, any, bytes) == 0) {
            after = pattern += bytes;
            from = text;
        } else if (*text && *pattern == *text) {
            pattern++;
            text++;
        } else if (after && *from) {
            pattern = after;
            text = ++from;
        } else {
            return false;
        }
    }
    return true;
}

/* The lines of a block below its command, without their indentation. Returns where it ends. */
static const char *shown_of(const char *at, char *shown, size_t size) {
    size_t bytes = 0, blank = 0;

    while (*at) {
        size_t line = strcspn(at, "\n");
        bool indented = strncmp(at, "    ", INDENT) == 0;
        if (line > 0 && (!indented || strncmp(at + INDENT, "$ ", 2) == 0))
            break;
        assert_true(bytes + blank + line + 2 < size);
        if (line == 0) {
            blank++;
        } else {
            for (; blank; blank--)
                shown[bytes++] = '\n';
            memcpy(shown + bytes, at + INDENT, line - INDENT);
            bytes += line - INDENT;
            shown[bytes++] = '\n';
        }
        at += line + (at[line] == '\n');
    }
    shown[bytes] = '\0';
    return at;
}

static void commands_print_what_the_page_shows(void **state) {
    static char shown[TEXT_BYTES];
    size_t commands = 0;
    (void)state;

    read_page("search.md");
    for (const char *at = strstr(page, "\n    $ stalemate "); at; at = strstr(at, "\n    $ stalemate ")) {
        char line[COMMAND_BYTES];
        at += strlen("\n    $ stalemate ");
        size_t bytes = strcspn(at, "\n");
        snprintf(line, sizeof line, "cd $T && $S %.*s", (int)bytes, at);
        at = shown_of(at + bytes + 1, shown, sizeof shown) - 1;
        run(line);
        if (!is_like(shown, output))
            fail_msg("%s\nprinted\n%s\ninstead of\n%s", line, output, shown);
        commands++;
    }
    assert_true(commands >= 6);
}

static void the_cluster_accepts_the_campaign_and_makes_its_pods(void **state) {
    (void)state;

    read_page("scale.md");
    char *manifest = strstr(page, "```yaml\n");
    assert_non_null(manifest);
    manifest += strlen("```yaml\n");
    char *end = strstr(manifest, "```");
    assert_non_null(end);
    *end = '\0';
    write_file("campaign.yaml", manifest);
    write_file("scale.yaml", "about: The campaign of docs/scale.md is applied, and its pods are made.\n"
                             "steps:\n"
                             "- apply: {file: campaign.yaml}\n"
                             "- wait:\n"
                             "    job/stalemate-sweep: {spec: {completionMode: Indexed, completions: 8}, status: {active: 4}}\n"
                             "  within: 1m\n"
                             "- wait:\n"
                             "    persistentvolumeclaim/stalemate-results: {spec: {accessModes: [ReadWriteMany]}}\n"
                             "expect:\n"
                             "  before: {verdict: converges, why: because}\n"
                             "  first-cut: {verdict: converges, why: because}\n"
                             "  reviewed: {verdict: converges, why: because}\n"
                             "  on-delete: {verdict: converges, why: because}\n"
                             "  merged: {verdict: converges, why: because}\n"
                             "  hardened: {verdict: converges, why: because}\n");
    expect("$S run scale.yaml --profile merged --timeline", 0, "job-controller");
    assert_non_null(strstr(output, "create pods default/stalemate-sweep-"));
}

static int setup(void **state) {
    (void)state;
    program_setup();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_print_what_the_page_shows),
        cmocka_unit_test(the_cluster_accepts_the_campaign_and_makes_its_pods),
    };
    return cmocka_run_group_tests(tests, setup, program_teardown);
}
