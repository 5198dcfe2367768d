/* What is wrong with a file is told in full, with its place and with what to write instead: testdata/bad holds files and, beside each,
 * what is said of it. SM_REWRITE=1 writes those anew, for a reader to judge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "scenario_try.h"
#include "str.h"

static struct sm_region region, run;
static struct sm_library *library;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&region, "bad", 0);
    sm_region_init(&run, "run", 0);
    library = sm_library_new(&region);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&run);
    sm_region_release(&region);
    return 0;
}

static struct sm_problems check(const struct sm_reader *reader, const char *path) {
    struct sm_problems problems = sm_problems_init(&region);
    const struct sm_scenario *scenario = sm_scenario_load(&region, reader, path, &problems);

    if (scenario)
        sm_scenario_try(&run, library, scenario, &problems);
    return problems;
}

static const char *all_of(const struct sm_problems *problems) {
    struct sm_str text;

    sm_str_init(&text, &region);
    for (size_t i = 0; i < sm_problems_kept(problems); i++)
        sm_str_addf(&text, "%s\n", problems->at[i].text);
    return text.data;
}

static void expect_as_shipped(const char *path, const char *said) {
    size_t bytes = 0;
    const char *why = NULL, *shipped_path = sm_region_printf(&region, "%.*s.txt", (int)(strlen(path) - strlen(".yaml")), path);

    if (getenv("SM_REWRITE")) {
        FILE *out = fopen(shipped_path, "w");
        assert_non_null(out);
        fputs(said, out);
        fclose(out);
    }
    const char *shipped = sm_files_reader.read(NULL, &region, shipped_path, &bytes, &why);
    if (!shipped)
        fail_msg("%s: %s", shipped_path, why);
    if (strcmp(shipped, said) != 0)
        fail_msg("of %s is said\n%s\nand not\n%s", path, said, shipped);
}

static void expect_form(const struct sm_problem *problem) {
    const char *head = sm_region_printf(&region, "%s:%u:%u: ", problem->file, problem->line, problem->column);

    if (!problem->line || !problem->column || strncmp(problem->text, head, strlen(head)) != 0 ||
        !strstr(problem->text + strlen(head), ": "))
        fail_msg("not of the form `file:line:column: what is wrong: what to write instead`: %s", problem->text);
}

static void every_bad_file_is_told_what_to_write_instead(void **state) {
    const char **paths = sm_region_alloc(&region, SM_FILES_MAX * sizeof *paths);
    struct sm_problems none = sm_problems_init(&region);
    size_t count = sm_files_expand(&region, "testdata/bad", paths, SM_FILES_MAX, &none);
    (void)state;

    assert_true(count > 50);
    for (size_t i = 0; i < count; i++) {
        struct sm_problems problems = check(&sm_files_reader, paths[i]);
        if (problems.count == 0)
            fail_msg("nothing is said of %s", paths[i]);
        expect_as_shipped(paths[i], all_of(&problems));
        for (size_t p = 0; p < sm_problems_kept(&problems); p++)
            expect_form(&problems.at[p]);
    }
}

static const char *read_text(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)r;
    (void)path;
    (void)reterr;
    *ret_bytes = strlen(self);
    return self;
}

/* [count] times [text]. */
static const char *times(size_t count, const char *text) {
    struct sm_str out;

    sm_str_init(&out, &region);
    for (size_t i = 0; i < count; i++)
        sm_str_add(&out, text);
    return out.data;
}

static void expect_problem(const char *text, const char *problem) {
    char *copy = sm_region_strdup(&region, text);
    const struct sm_reader reader = {.self = copy, .read = read_text};
    struct sm_problems problems = check(&reader, "x.yaml");

    assert_true(problems.count > 0);
    assert_string_equal(problems.at[0].text, problem);
}

static void ten_thousand_levels_are_too_many(void **state) {
    (void)state;

    expect_problem(sm_region_printf(&region, "about: x\ngiven: %s%s\n", times(10000, "["), times(10000, "]")),
                   "x.yaml:2:107: nested deeper than 100 levels: write it flatter");
    expect_problem(sm_region_printf(&region, "about: x\ngiven: %s1%s\n", times(10000, "{a: "), times(10000, "}")),
                   "x.yaml:2:404: nested deeper than 100 levels: write it flatter");
    expect_problem(times(10000, "- "), "x.yaml:1:201: nested deeper than 100 levels: write it flatter");
}

static void a_hundred_megabytes_are_too_large_and_are_not_read(void **state) {
    char path[] = "/tmp/stalemate-bad-test-"
                  "XX"
                  "XX"
                  "XX";
    int file = mkstemp(path);
    (void)state;

    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, 100 * 1000 * 1000), 0);
    size_t before = region.used_bytes;
    struct sm_problems problems = check(&sm_files_reader, path);
    close(file);
    unlink(path);

    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.at[0].message, "it is larger than 4 MiB: write less, or several files");
    assert_int_equal(problems.at[0].line, 1);
    assert_true(region.used_bytes - before < 10000);
}

static void after_a_hundred_problems_they_are_only_counted(void **state) {
    (void)state;
    const char *text = sm_region_printf(&region, "about: x\nsteps:\n%s", times(150, "- {advance: x}\n"));
    const struct sm_reader reader = {.self = sm_region_strdup(&region, text), .read = read_text};
    struct sm_problems problems = check(&reader, "x.yaml");

    assert_int_equal(problems.count, 151);
    assert_int_equal(sm_problems_kept(&problems), SM_PROBLEMS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_file_is_told_what_to_write_instead),
        cmocka_unit_test(ten_thousand_levels_are_too_many),
        cmocka_unit_test(a_hundred_megabytes_are_too_large_and_are_not_read),
        cmocka_unit_test(after_a_hundred_problems_they_are_only_counted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
