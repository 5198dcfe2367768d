#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bug_expect.h"
#include "region.h"
#include "str.h"

#ifdef SM_REGION_ASAN
#include <sanitizer/asan_interface.h>
#endif

static struct sm_region r;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static void memory_is_aligned_and_counted(void **state) {
    (void)state;
    for (size_t bytes = 0; bytes < 100; bytes++) {
        size_t before = r.used_bytes;
        char *memory = sm_region_alloc(&r, bytes);

        assert_int_equal((uintptr_t)memory % 16, 0);
        assert_int_equal(r.used_bytes - before, bytes ? (bytes + 15) / 16 * 16 : 16);
        memset(memory, 0xff, bytes);
        assert_true(sm_region_contains(&r, memory));
    }
}

static void zeroed_memory_is_zero_though_used_before(void **state) {
    (void)state;
    struct sm_region_mark mark = sm_region_mark(&r);
    memset(sm_region_alloc(&r, 1000), 0xff, 1000);
    sm_region_rewind(&r, mark);

    const char *memory = sm_region_zalloc(&r, 1000);

    for (int i = 0; i < 1000; i++)
        assert_int_equal(memory[i], 0);
}

static void rewinding_gives_the_same_memory_again(void **state) {
    (void)state;
    sm_region_alloc(&r, 40);
    struct sm_region_mark mark = sm_region_mark(&r);
    size_t used_bytes = r.used_bytes;
    const char *small = sm_region_alloc(&r, 100);
    const char *big = sm_region_alloc(&r, 3000000);
    const char *after = sm_region_alloc(&r, 100);
    assert_true(sm_region_contains(&r, big + 2999999));
    assert_true(sm_region_contains(&r, small));
    assert_false(sm_region_contains(&r, &mark));

    sm_region_rewind(&r, mark);

    assert_int_equal(r.used_bytes, used_bytes);
    assert_false(sm_region_contains(&r, small));
    assert_false(sm_region_contains(&r, big));
    assert_false(sm_region_contains(&r, after));
    assert_ptr_equal(sm_region_alloc(&r, 100), small);
    assert_ptr_equal(sm_region_alloc(&r, 3000000), big);
    assert_ptr_equal(sm_region_alloc(&r, 100), after);
}

static void marks_nest(void **state) {
    (void)state;
    struct sm_region_mark marks[50];
    size_t used_bytes[50];
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 50; i++) {
            marks[i] = sm_region_mark(&r);
            used_bytes[i] = r.used_bytes;
            for (size_t j = 0; j < i; j++)
                sm_region_alloc(&r, j * 997);
        }
        for (size_t i = 50; i-- > 0;) {
            sm_region_rewind(&r, marks[i]);
            assert_int_equal(r.used_bytes, used_bytes[i]);
        }
    }
}

static void clearing_keeps_the_chunks(void **state) {
    (void)state;
    const char *first = sm_region_alloc(&r, 1);
    for (int i = 0; i < 1000; i++)
        sm_region_alloc(&r, 1000);
    sm_region_clear(&r);
    assert_int_equal(r.used_bytes, 0);
    assert_ptr_equal(sm_region_alloc(&r, 1), first);

    sm_region_release(&r);
    assert_int_equal(r.used_bytes, 0);
    assert_false(sm_region_contains(&r, first));
    sm_region_clear(&r);
}

static void the_limit_is_exact(void **state) {
    (void)state;
    struct sm_region limited;
    sm_region_init(&limited, "small one", 160000);
    for (int i = 0; i < 9999; i++)
        sm_region_alloc(&limited, 16);
    struct sm_region_mark mark = sm_region_mark(&limited);
    expect_bug("small one", sm_region_alloc(&limited, 17));
    expect_bug("small one", sm_region_alloc(&limited, SIZE_MAX));
    expect_bug("small one", sm_region_alloc(&limited, SIZE_MAX - 20));

    sm_region_alloc(&limited, 16);

    assert_int_equal(limited.used_bytes, 160000);
    expect_bug("limit of 160000", sm_region_alloc(&limited, 1));
    sm_region_rewind(&limited, mark);
    sm_region_alloc(&limited, 0);
    expect_bug("small one", sm_region_alloc(&limited, 0));
    sm_region_release(&limited);
}

static void a_mark_of_the_future_is_a_bug(void **state) {
    (void)state;
    struct sm_region_mark before = sm_region_mark(&r);
    sm_region_alloc(&r, 100);
    struct sm_region_mark mark = sm_region_mark(&r);
    sm_region_rewind(&r, before);
    expect_bug("", sm_region_rewind(&r, mark));
}

#ifdef SM_REGION_ASAN
static void overruns_hit_poisoned_memory(void **state) {
    (void)state;
    char *memory = sm_region_alloc(&r, 10);
    assert_null(__asan_region_is_poisoned(memory, 10));
    assert_ptr_equal(__asan_region_is_poisoned(memory, 11), memory + 10);
    char *next = sm_region_alloc(&r, 16);
    assert_true(__asan_address_is_poisoned(next - 1));
    assert_true(__asan_address_is_poisoned(next + 16));

    sm_region_clear(&r);

    assert_true(__asan_address_is_poisoned(memory));
    assert_true(__asan_address_is_poisoned(next));
}
#endif

static void text_is_copied_and_formatted(void **state) {
    (void)state;
    char long_text[1000];
    memset(long_text, 'x', 999);
    long_text[999] = '\0';
    assert_string_equal(sm_region_strdup(&r, "text"), "text");
    assert_string_equal(sm_region_strdup(&r, ""), "");
    assert_string_equal(sm_region_strndup(&r, "text", 2), "te");
    assert_string_equal(sm_region_printf(&r, "%s-%d", "n", 7), "n-7");
    assert_string_equal(sm_region_printf(&r, "%s", long_text), long_text);
    assert_string_equal(sm_region_printf(&r, "%.*s", 255, long_text), long_text + 744);
    assert_string_equal(sm_region_printf(&r, "%.*s", 256, long_text), long_text + 743);
}

static void strings_grow(void **state) {
    (void)state;
    struct sm_str s;
    char expected[5001] = "";
    sm_str_init(&s, &r);
    assert_string_equal(s.data, "");
    sm_str_clear(&s);
    sm_str_addn(&s, "", 0);
    assert_int_equal(s.capacity, 0);

    for (int i = 0; i < 1000; i++) {
        sm_str_addc(&s, 'a');
        sm_str_add(&s, "bc");
        sm_str_addf(&s, "%02d", i % 100);
        snprintf(expected + i * 5, 6, "abc%02u", (unsigned)i % 100);
        assert_int_equal(s.bytes, i * 5 + 5);
        assert_int_equal(strlen(s.data), s.bytes);
    }
    assert_string_equal(s.data, expected);

    sm_str_clear(&s);
    assert_string_equal(s.data, "");
    sm_str_addf(&s, "%s%s", expected, expected);
    assert_int_equal(s.bytes, 10000);
    assert_memory_equal(s.data + 5000, expected, 5001);
    sm_str_addn(&s, "a\0b", 3);
    assert_memory_equal(s.data + 10000, "a\0b", 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_is_aligned_and_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(zeroed_memory_is_zero_though_used_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rewinding_gives_the_same_memory_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(marks_nest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clearing_keeps_the_chunks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_limit_is_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_mark_of_the_future_is_a_bug, set_up, tear_down),
#ifdef SM_REGION_ASAN
        cmocka_unit_test_setup_teardown(overruns_hit_poisoned_memory, set_up, tear_down),
#endif
        cmocka_unit_test_setup_teardown(text_is_copied_and_formatted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strings_grow, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
