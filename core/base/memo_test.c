/* What a memo keeps, finds again and shares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "memo.h"

static struct sm_region run, kept;
static struct sm_memo *memo;

static int setup(void **state) {
    (void)state;
    sm_region_init(&run, "run", 0);
    sm_region_init(&kept, "memo", 0);
    memo = sm_memo_new(&kept, 1 << 20);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&run);
    sm_region_release(&kept);
    return 0;
}

static void what_was_added_first_is_found(void **state) {
    static const int first, second;
    (void)state;

    assert_null(sm_memo_find(memo, 7));
    sm_memo_add(memo, 7, &first);
    sm_memo_add(memo, 7, &second);
    assert_ptr_equal(sm_memo_find(memo, 7), &first);
}

static void keys_of_one_place_are_told_apart_however_many_there_are(void **state) {
    static char what[10000];
    (void)state;

    for (uint64_t i = 0; i < sizeof what; i++)
        sm_memo_add(memo, i << 32, &what[i]);
    for (uint64_t i = 0; i < sizeof what; i++)
        assert_ptr_equal(sm_memo_find(memo, i << 32), &what[i]);
    assert_null(sm_memo_find(memo, 1));
}

static sm_val object(int replicas) {
    return SM_MAP(&run, "spec",
                  SM_MAP(&run, "replicas", sm_val_int(&run, replicas), "paused", SM_FALSE, "ratio", sm_val_double(&run, 0.5), "tags",
                         SM_LIST(&run, sm_val_str(&run, "a"), SM_EMPTY_STRING, SM_NULL)),
                  "metadata", SM_MAP(&run, "name", sm_val_str(&run, "n-1"), "labels", SM_EMPTY_MAP));
}

static void a_kept_value_outlives_the_run(void **state) {
    (void)state;
    sm_val one = sm_memo_val(memo, object(1));

    sm_region_clear(&run);
    assert_true(sm_val_equal(one, object(1)));
    assert_null(sm_val_difference(&run, one, object(1)));
}

static void equal_values_are_kept_once_and_so_are_equal_parts(void **state) {
    (void)state;
    sm_val one = sm_memo_val(memo, object(1)), two = sm_memo_val(memo, object(2));

    assert_ptr_equal(sm_memo_val(memo, object(1)), one);
    assert_ptr_not_equal(two, one);
    assert_ptr_equal(sm_val_get(two, "metadata"), sm_val_get(one, "metadata"));
    assert_ptr_equal(sm_val_at(two, "spec.tags"), sm_val_at(one, "spec.tags"));
    size_t before = kept.used_bytes;
    sm_memo_val(memo, two);
    assert_int_equal(kept.used_bytes, before);
    assert_null(sm_memo_val(memo, NULL));
}

static void texts_are_kept_once(void **state) {
    (void)state;
    char text[] = "statefulsets";
    const char *first = sm_memo_text(memo, text);

    text[0] = 'S';
    assert_string_equal(first, "statefulsets");
    assert_ptr_equal(sm_memo_text(memo, "statefulsets"), first);
    assert_string_equal(sm_memo_text(memo, ""), "");
    assert_null(sm_memo_text(memo, NULL));
}

static void keys_depend_on_all_parts_and_their_order(void **state) {
    (void)state;
    assert_int_not_equal(sm_memo_mix(sm_memo_mix(0, 1), 2), sm_memo_mix(sm_memo_mix(0, 2), 1));
    assert_int_not_equal(sm_memo_mix_text(0, ""), sm_memo_mix_text(0, NULL));
    assert_int_not_equal(sm_memo_mix_text(sm_memo_mix_text(0, "a"), "bc"), sm_memo_mix_text(sm_memo_mix_text(0, "ab"), "c"));
    assert_int_not_equal(sm_memo_mix_val(0, SM_EMPTY_MAP), sm_memo_mix_val(0, SM_EMPTY_LIST));
    assert_int_not_equal(sm_memo_mix_val(0, NULL), sm_memo_mix_val(0, SM_NULL));
}

static void a_memo_says_when_it_is_full(void **state) {
    (void)state;
    assert_false(sm_memo_full(memo));
    sm_region_alloc(&kept, 1 << 20);
    assert_true(sm_memo_full(memo));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_added_first_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_of_one_place_are_told_apart_however_many_there_are, setup, teardown),
        cmocka_unit_test_setup_teardown(a_kept_value_outlives_the_run, setup, teardown),
        cmocka_unit_test_setup_teardown(equal_values_are_kept_once_and_so_are_equal_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(texts_are_kept_once, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_depend_on_all_parts_and_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(a_memo_says_when_it_is_full, setup, teardown),
    };

    return cmocka_run_group_tests_name("core/base/memo", tests, NULL, NULL);
}
