#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hash.h"
#include "json.h"

static struct sm_region r;
static struct sm_hash_memo *memo; /* in it; made when it is first needed */

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    memo = NULL;
    return 0;
}

/* Whatever a memo knows by now, it comes to the same. */
static uint64_t hash_json(const char *json) {
    struct sm_hash hash, again;
    sm_val v = sm_json_literal(&r, json);

    if (!memo)
        memo = sm_hash_memo_new(&r);
    sm_hash_init(&hash);
    sm_hash_val(&hash, v);
    for (int i = 0; i < 2; i++) {
        sm_hash_init(&again);
        again.memo = memo;
        sm_hash_val(&again, v);
        assert_true(sm_hash_end(&again) == sm_hash_end(&hash));
        assert_int_equal(again.id_count, hash.id_count);
    }
    return sm_hash_end(&hash);
}

#define U1 "11111111-2222-4333-8444-555555555555"
#define U2 "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"

static void states_that_differ_only_in_what_does_not_matter_are_equal(void **state) {
    static const char *const cases[][2] = {
        {"{'metadata': {'resourceVersion': '1'}}", "{'metadata': {'resourceVersion': '77'}}"},
        {"{'metadata': {'resourceVersion': '9'}, 'items': [1]}", "{'metadata': {}, 'items': [1]}"},
        {"{'kind': 'Pod', 'uid': '" U1 "', 'resourceVersion': '9'}", "{'kind': 'Pod', 'uid': '" U1 "'}"},
        {"[{'metadata': {'resourceVersion': '7'}}, {'metadata': {'resourceVersion': '7'}}]",
         "[{'metadata': {'resourceVersion': '8'}}, {'metadata': {'resourceVersion': '8'}}]"},
        {"{'metadata': {'managedFields': [1]}}", "{'metadata': {}}"},
        {"[{'restartCount': 3, 'containerID': 'containerd://x/3'}]", "[{'restartCount': 4, 'containerID': 'containerd://x/4'}]"},
        {"['2026-01-01T00:00:00Z']", "['2031-05-06T07:08:09Z']"},
        {"['2026-01-01T00:00:00.000001Z']", "['2031-05-06T07:08:09.500000Z']"},
        {"['" U1 "', '" U2 "', '" U1 "']", "['" U2 "', '" U1 "', '" U2 "']"},
        {"['plan " U1 " failed']", "['plan " U2 " failed']"},
        {"{'metadata': {'generation': 3}, 'status': {'observedGeneration': 2, 'conditions': [{'observedGeneration': 3}]}}",
         "{'metadata': {'generation': 8}, 'status': {'observedGeneration': 7, 'conditions': [{'observedGeneration': 8}]}}"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(hash_json(cases[i][0]) == hash_json(cases[i][1]));
}

static void states_that_differ_in_what_matters_differ(void **state) {
    static const char *const cases[] = {
        "null", "{}", "[]", "1", "2", "true", "''", "'a'", "'b'", "['a']", "['a', 'b']", "['ab']", "[['a'], 'b']", "[['" U1 "'], '" U1 "']", "[['" U1 "'], '" U2 "']", "[['" U1 "', '" U2 "'], '" U1 "']", "[['" U1 "', '" U2 "'], '" U2 "']",
        "[['" U1 "', '" U2 "'], ['" U1 "', '" U2 "']]", "[['" U1 "', '" U2 "'], ['" U2 "', '" U1 "']]",
        /* A version that is still an object's is not one that was. */
        "[{'metadata': {'resourceVersion': '7'}}, {'metadata': {'resourceVersion': '7'}}]",
        "[{'metadata': {'resourceVersion': '7'}}, {'metadata': {'resourceVersion': '8'}}]", "[['a', 'b']]",
        "{'a': 'b'}", "{'b': 'a'}", "{'a': {'b': 'c'}}", "{'a': {}, 'b': 'c'}", "'2026-01-01T00:00:00Z'", "'2026-01-01T00:00:0000'",
        "['" U1 "', '" U2 "']", "['" U1 "', '" U1 "']", "['plan " U1 "']", "['plan " U1 "x']", "['11111111-2222-4333-8444-55555555555X']",
        "['a" U1 U1 "']", "['a" U1 U2 "']", "['a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t']",
        "{'metadata': {'generation': 3}, 'status': {'observedGeneration': 2}}",
        "{'metadata': {'generation': 3}, 'status': {'observedGeneration': 3}}",
        "{'metadata': {'deletionTimestamp': '2026-01-01T00:00:00Z'}}", "{'metadata': {}}", "1.5",
    };
    enum { COUNT = sizeof cases / sizeof cases[0] };
    (void)state;

    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            if (hash_json(cases[i]) == hash_json(cases[j]))
                fail_msg("%s and %s", cases[i], cases[j]);
        }
    }
}

static void ids_keep_their_numbers_across_values(void **state) {
    struct sm_hash a, b;
    (void)state;

    sm_hash_init(&a);
    sm_hash_text(&a, U1);
    sm_hash_text(&a, U2);
    sm_hash_text(&a, U1);
    sm_hash_init(&b);
    sm_hash_text(&b, U2);
    sm_hash_val(&b, NULL);
    sm_hash_text(&b, U1);
    assert_true(a.sum != b.sum);
    assert_int_equal(a.id_count, 2);

    for (int i = 0; i < SM_HASH_IDS_MAX + 10; i++)
        sm_hash_text(&a, sm_region_printf(&r, "%08x-2222-4333-8444-555555555555", (unsigned)i));
    assert_int_equal(a.id_count, SM_HASH_IDS_MAX);
}

static void a_memo_that_is_full_starts_anew(void **state) {
    struct sm_hash_memo *small = sm_hash_memo_new(&r);
    struct sm_hash with, without;
    (void)state;

    for (int i = 0; i < 20000; i++) {
        sm_val v = SM_LIST(&r, sm_val_int(&r, i), sm_val_strf(&r, "%08x-2222-4333-8444-555555555555", (unsigned)i));
        sm_hash_init(&with);
        sm_hash_init(&without);
        with.memo = small;
        sm_hash_val(&with, v);
        sm_hash_val(&with, v);
        sm_hash_val(&without, v);
        sm_hash_val(&without, v);
        assert_true(sm_hash_end(&with) == sm_hash_end(&without));
    }
}

static void a_part_that_is_known_is_not_walked_again(void **state) {
    struct sm_hash_memo *small = sm_hash_memo_new(&r);
    struct sm_hash_part part;
    struct sm_hash first, second;
    (void)state;

    sm_hash_init(&first);
    first.memo = small;
    assert_true(sm_hash_open(&first, 7, &part));
    sm_hash_text(&first, U1);
    sm_hash_close(&first, &part);
    sm_hash_init(&second);
    second.memo = small;
    sm_hash_text(&second, U2);
    assert_false(sm_hash_open(&second, 7, &part));

    assert_true(sm_hash_knows(&second, U1));
    assert_false(sm_hash_knows(&first, U2));
    assert_int_equal(second.id_count, 2);
}

static uint64_t hash_left(sm_time left) {
    struct sm_hash hash;

    sm_hash_init(&hash);
    sm_hash_remaining(&hash, SM_TIME_START + left, SM_TIME_START);
    return sm_hash_end(&hash);
}

static void remaining_times_fall_into_buckets(void **state) {
    struct sm_hash hash;
    (void)state;

    assert_true(hash_left(0) == hash_left(-5));
    assert_true(hash_left(1) != hash_left(2));
    assert_true(hash_left(20 * SM_SECOND) == hash_left(20 * SM_SECOND + 1));
    assert_true(hash_left(20 * SM_SECOND) != hash_left(21 * SM_SECOND));
    assert_true(hash_left(100 * SM_MINUTE) == hash_left(101 * SM_MINUTE));
    assert_true(hash_left(100 * SM_MINUTE) != hash_left(300 * SM_MINUTE));
    sm_hash_init(&hash);
    sm_hash_remaining(&hash, 0, SM_TIME_START);
    assert_true(sm_hash_end(&hash) != hash_left(0));
    sm_hash_init(&hash);
    hash.grain = 10 * SM_MILLISECOND;
    sm_hash_remaining(&hash, SM_TIME_START + 29 * SM_MILLISECOND, SM_TIME_START);
    uint64_t grained = sm_hash_end(&hash);
    sm_hash_init(&hash);
    hash.grain = 10 * SM_MILLISECOND;
    sm_hash_remaining(&hash, SM_TIME_START + 21 * SM_MILLISECOND, SM_TIME_START);
    assert_true(sm_hash_end(&hash) == grained);
}

static void a_deadline_beyond_the_horizon_is_none(void **state) {
    struct sm_hash none, far, near;
    (void)state;

    sm_hash_init(&none);
    sm_hash_init(&far);
    sm_hash_init(&near);
    none.horizon = far.horizon = near.horizon = SM_HOUR;
    sm_hash_remaining(&none, 0, SM_SECOND);
    sm_hash_remaining(&far, SM_HOUR + 1, SM_SECOND);
    sm_hash_remaining(&near, SM_HOUR, SM_SECOND);

    assert_true(sm_hash_end(&far) == sm_hash_end(&none));
    assert_true(sm_hash_end(&near) != sm_hash_end(&none));
    assert_int_equal(far.latest_due, 0);
    assert_int_equal(near.latest_due, SM_HOUR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(states_that_differ_only_in_what_does_not_matter_are_equal),
        TEST(states_that_differ_in_what_matters_differ),
        TEST(ids_keep_their_numbers_across_values),
        TEST(a_memo_that_is_full_starts_anew),
        TEST(a_part_that_is_known_is_not_walked_again),
        TEST(remaining_times_fall_into_buckets),
        TEST(a_deadline_beyond_the_horizon_is_none),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
