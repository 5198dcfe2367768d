#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bug_expect.h"
#include "json.h"
#include "log.h"

static struct sm_region r;
static struct sm_log log_;

static void append(int64_t version, const char *key, sm_val object) {
    sm_val before = sm_pmap_get(log_.root, key);
    struct sm_log_entry entry = {.version = version,
                                 .time = version * SM_SECOND,
                                 .key = key,
                                 .object = object ? object : before,
                                 .before = before,
                                 .change = !object ? SM_DELETED : before ? SM_MODIFIED : SM_ADDED};

    entry.root = object ? sm_pmap_set(&r, log_.root, key, object) : sm_pmap_remove(&r, log_.root, key);
    sm_log_append(&r, &log_, &entry);
}

/* a at 10, b at 20, a again at 30, b gone at 40. */
static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    log_ = (struct sm_log){.resource = SM_PODS};
    append(10, "a", sm_val_int(&r, 1));
    append(20, "b", sm_val_int(&r, 2));
    append(30, "a", sm_val_int(&r, 3));
    append(40, "b", NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static void every_version_finds_the_state_it_stands_for(void **state) {
    (void)state;

    assert_int_equal(sm_log_index_at(&log_, 9), -1);
    assert_int_equal(sm_log_index_at(&log_, 10), 0);
    assert_int_equal(sm_log_index_at(&log_, 29), 1);
    assert_int_equal(sm_log_index_at(&log_, 30), 2);
    assert_int_equal(sm_log_index_at(&log_, 99), 3);
    struct sm_log empty = {.resource = SM_PODS};
    assert_int_equal(sm_log_index_at(&empty, 5), -1);
}

static void versions_only_grow(void **state) {
    (void)state;

    expect_bug("version", append(40, "c", SM_TRUE));
}

static void a_cursor_shows_the_store_as_it_was(void **state) {
    (void)state;

    assert_null(sm_log_get(&log_, 0, "a"));
    assert_int_equal(sm_log_get(&log_, 2, "a")->integer, 1);
    assert_int_equal(sm_log_get(&log_, 3, "a")->integer, 3);
    assert_int_equal(sm_log_get(&log_, 3, "b")->integer, 2);
    assert_null(sm_log_get(&log_, 4, "b"));
    expect_bug("count", (void)sm_log_get(&log_, 5, "b"));
}

static void a_version_is_overtaken_by_the_next_change_of_its_key(void **state) {
    (void)state;

    assert_int_equal(sm_log_overtaken(&log_, 1, "a"), 30 * SM_SECOND);
    assert_int_equal(sm_log_overtaken(&log_, 1, "b"), 0); /* not there then, not there now */
    assert_int_equal(sm_log_overtaken(&log_, 2, "b"), 40 * SM_SECOND);
    assert_int_equal(sm_log_overtaken(&log_, 3, "a"), 0);
    assert_int_equal(sm_log_overtaken(&log_, 4, "b"), 0);
}

static void the_state_before_the_first_readable_entry_is_kept(void **state) {
    (void)state;

    log_.first = 3;
    assert_int_equal(sm_log_index_at(&log_, 29), -1);
    assert_int_equal(sm_log_index_at(&log_, 35), 2);
    assert_int_equal(sm_log_get(&log_, 3, "a")->integer, 3);
    expect_bug("oldest_state", (void)sm_log_get(&log_, 2, "a"));
}

static void a_log_grows(void **state) {
    (void)state;

    for (int i = 0; i < 100; i++)
        append(100 + i, "c", sm_val_int(&r, i));
    assert_int_equal(log_.count, 104);
    assert_int_equal(log_.entries[103].before->integer, 98);
    assert_int_equal(sm_log_get(&log_, 54, "c")->integer, 49);
    assert_string_equal(sm_change_names[log_.entries[3].change], "DELETED");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(every_version_finds_the_state_it_stands_for),
        TEST(versions_only_grow),
        TEST(a_cursor_shows_the_store_as_it_was),
        TEST(a_version_is_overtaken_by_the_next_change_of_its_key),
        TEST(the_state_before_the_first_readable_entry_is_kept),
        TEST(a_log_grows),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
