#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bug_expect.h"
#include "queue.h"

static struct sm_queue_item items[4];
static struct sm_queue queue;

static int set_up(void **state) {
    (void)state;
    sm_queue_init(&queue, items, 4);
    return 0;
}

static struct sm_key key(const char *name) {
    return (struct sm_key){"default", name};
}

static const char *take(void) {
    struct sm_key peeked, taken;
    bool waits = sm_queue_peek(&queue, &peeked);

    assert_int_equal(sm_queue_waiting(&queue), waits);
    assert_int_equal(sm_queue_take(&queue, &taken), waits);
    if (waits)
        assert_string_equal(peeked.name, taken.name);
    return waits ? taken.name : "nothing";
}

static void keys_come_out_in_order_and_once(void **state) {
    char b[] = "b";
    (void)state;

    sm_queue_add(&queue, key("b"));
    sm_queue_add(&queue, key("a"));
    sm_queue_add(&queue, key(b));
    sm_queue_add(&queue, (struct sm_key){"other", "b"});

    assert_string_equal(take(), "b");
    assert_string_equal(take(), "a");
    assert_string_equal(take(), "b");
    assert_string_equal(take(), "nothing");
}

static void a_key_that_is_processed_runs_again_afterwards(void **state) {
    (void)state;

    sm_queue_add(&queue, key("a"));
    take();
    sm_queue_add(&queue, key("a"));
    sm_queue_add(&queue, key("a"));
    sm_queue_add(&queue, key("b"));
    assert_string_equal(take(), "b");
    assert_string_equal(take(), "nothing");
    sm_queue_done(&queue, key("b"));
    sm_queue_done(&queue, key("a"));

    assert_string_equal(take(), "a");
    sm_queue_done(&queue, key("a"));
    assert_string_equal(take(), "nothing");
    assert_int_equal(queue.used, 0);
}

static void failures_double_the_delay_up_to_a_thousand_seconds(void **state) {
    (void)state;

    assert_int_equal(sm_queue_failed(&queue, key("a")), 5 * SM_MILLISECOND);
    assert_int_equal(sm_queue_failed(&queue, key("a")), 10 * SM_MILLISECOND);
    assert_int_equal(sm_queue_failed(&queue, key("b")), 5 * SM_MILLISECOND);
    for (int i = 2; i < 17; i++)
        sm_queue_failed(&queue, key("a"));
    assert_int_equal(sm_queue_failed(&queue, key("a")), 5 * SM_MILLISECOND << 17);
    assert_int_equal(sm_queue_failed(&queue, key("a")), 1000 * SM_SECOND);
    for (int i = 0; i < 100; i++)
        assert_int_equal(sm_queue_failed(&queue, key("a")), 1000 * SM_SECOND);

    sm_queue_forget(&queue, key("a"));
    assert_int_equal(sm_queue_failed(&queue, key("a")), 5 * SM_MILLISECOND);
    sm_queue_forget(&queue, key("unknown"));
}

static void of_delayed_adds_the_earliest_counts(void **state) {
    (void)state;

    sm_queue_add_at(&queue, key("a"), 30);
    sm_queue_add_at(&queue, key("a"), 10);
    sm_queue_add_at(&queue, key("a"), 20);
    sm_queue_add_at(&queue, key("b"), 15);
    sm_queue_add_at(&queue, key("c"), 5);
    assert_int_equal(sm_queue_wake(&queue, 4), 5);
    assert_string_equal(take(), "nothing");

    assert_int_equal(sm_queue_wake(&queue, 10), 15);
    assert_string_equal(take(), "c");
    assert_string_equal(take(), "a");
    assert_string_equal(take(), "nothing");
    assert_int_equal(sm_queue_wake(&queue, 100), 0);
    assert_string_equal(take(), "b");
}

static void a_delayed_add_does_not_hinder_an_earlier_one(void **state) {
    (void)state;

    sm_queue_add_at(&queue, key("a"), 30);
    sm_queue_add(&queue, key("a"));
    assert_string_equal(take(), "a");
    sm_queue_done(&queue, key("a"));
    assert_int_equal(sm_queue_find(&queue, key("a"))->due, 30);
    sm_queue_wake(&queue, 30);
    assert_string_equal(take(), "a");
}

static void what_is_known_of_a_key_goes_when_nothing_is_left(void **state) {
    (void)state;

    sm_queue_add(&queue, key("a"));
    take();
    sm_queue_failed(&queue, key("a"));
    sm_queue_done(&queue, key("a"));
    assert_non_null(sm_queue_find(&queue, key("a")));
    sm_queue_add(&queue, key("b"));
    sm_queue_forget(&queue, key("a"));
    assert_null(sm_queue_find(&queue, key("a")));

    /* The free slot is used again. */
    sm_queue_add(&queue, key("c"));
    sm_queue_add(&queue, key("d"));
    sm_queue_add(&queue, key("e"));
    assert_int_equal(queue.used, 4);
    expect_bug("more than 4 keys in one queue; the new one is default/f", sm_queue_add(&queue, key("f")));
    sm_queue_clear(&queue);
    assert_string_equal(take(), "nothing");
    assert_int_equal(queue.used, 0);
}

static void only_what_is_processed_can_be_done(void **state) {
    (void)state;

    sm_queue_add(&queue, key("a"));
    expect_bug("processing", sm_queue_done(&queue, key("a")));
    expect_bug("processing", sm_queue_done(&queue, key("b")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, set_up)
        TEST(keys_come_out_in_order_and_once),
        TEST(a_key_that_is_processed_runs_again_afterwards),
        TEST(failures_double_the_delay_up_to_a_thousand_seconds),
        TEST(of_delayed_adds_the_earliest_counts),
        TEST(a_delayed_add_does_not_hinder_an_earlier_one),
        TEST(what_is_known_of_a_key_goes_when_nothing_is_left),
        TEST(only_what_is_processed_can_be_done),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
