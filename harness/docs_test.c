/* docs/replace-pod.md, held to what it names: each scenario is a file, each text in quotes the heading of a conversation, and no
 * conversation of the two tasks is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "str.h"

static const char page_path[] = "../docs/replace-pod.md";
static struct sm_region r;

static char *text_of(const char *path) {
    size_t bytes;
    const char *error, *text = sm_files_reader.read(sm_files_reader.self, &r, path, &bytes, &error);
    if (!text)
        fail_msg("%s: %s", path, error);
    return sm_region_strdup(&r, text);
}

/* The page in one line: a name may be broken over two. */
static char *page(void) {
    char *text = text_of(page_path);
    for (char *c = text; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    return text;
}

static bool is_heading(const char *title) {
    static const char *const files[] = {"replace_pod", "observe_image", "planner", "objects"};
    const char *heading = sm_region_printf(&r, "=== %s\n", title);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strstr(text_of(sm_region_printf(&r, "../core/seinode/testdata/%s.txt", files[i])), heading))
            return true;
    return false;
}

static void each_conversation_that_is_named_exists(void **state) {
    size_t named = 0;
    (void)state;

    for (char *open = strchr(page(), '"'), *close; open; open = strchr(close + 1, '"')) {
        close = strchr(open + 1, '"');
        assert_non_null(close);
        *close = '\0';
        if (strcmp(open + 1, "conversation") != 0 && !is_heading(open + 1))
            fail_msg("%s: there is no conversation \"%s\"", page_path, open + 1);
        named++;
    }
    assert_true(named > 40);
}

static void each_scenario_that_is_named_exists(void **state) {
    static const char before[] = "](../";
    size_t named = 0;
    (void)state;

    for (char *link = strstr(page(), before); link; link = strstr(link, before), named++) {
        link += strlen(before);
        text_of(sm_region_printf(&r, "../%.*s", (int)strcspn(link, ")"), link));
    }
    assert_true(named > 20);
}

static void no_conversation_of_the_two_tasks_is_left_out(void **state) {
    static const char *const files[] = {"../core/seinode/testdata/replace_pod.txt", "../core/seinode/testdata/observe_image.txt"};
    const char *all = page();
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        for (char *title = strstr(text_of(files[i]), "=== "), *end; title; title = strstr(end + 1, "=== ")) {
            end = strchr(title, '\n');
            *end = '\0';
            if (!strstr(all, sm_region_printf(&r, "\"%s\"", title + 4)))
                fail_msg("%s does not name \"%s\" of %s", page_path, title + 4, files[i]);
        }
    }
}

static int setup(void **state) {
    (void)state;
    sm_region_init(&r, "docs", 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_conversation_that_is_named_exists),
        cmocka_unit_test(each_scenario_that_is_named_exists),
        cmocka_unit_test(no_conversation_of_the_two_tasks_is_left_out),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
