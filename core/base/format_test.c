#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "format.h"

/* Ours against libc's, of every size that cuts the text somewhere. */
static void __attribute__((format(printf, 1, 2))) same_as_libc(const char *format, ...) {
    char ours[256], theirs[256];
    va_list args;

    for (size_t size = 0; size <= sizeof ours; size = size < 40 ? size + 1 : size * 2) {
        memset(ours, '?', sizeof ours);
        memset(theirs, '?', sizeof theirs);
        va_start(args, format);
        size_t bytes = sm_format(ours, size, format, args);
        va_end(args);
        va_start(args, format);
        int expected = vsnprintf(theirs, size, format, args);
        va_end(args);

        assert_int_equal(bytes, expected);
        assert_string_equal(size ? ours : "", size ? theirs : "");
        assert_int_equal(ours[size < sizeof ours ? size : 0] == '?', theirs[size < sizeof theirs ? size : 0] == '?');
    }
}

static void directives_of_ours_read_as_those_of_libc(void **state) {
    (void)state;

    same_as_libc("%s", "");
    same_as_libc("plain, without any directive at all");
    same_as_libc("%s/%s:%d%%%c", "name space", "a longer name that is cut somewhere", -17, 'x');
    same_as_libc("%.*s|%.*s|%.*s|%.3s", 3, "abcdef", 0, "abc", -1, "all", "cut off");
    same_as_libc("%d %d %d", 0, INT32_MAX, INT32_MIN);
    same_as_libc("%lld %lld %ld", (long long)INT64_MAX, (long long)INT64_MIN, -1L);
    same_as_libc("%u %lu %llu %zu", UINT32_MAX, 0UL, (unsigned long long)UINT64_MAX, SIZE_MAX);
}

static void a_format_with_other_directives_is_libcs(void **state) {
    (void)state;

    same_as_libc("%s %5d|%-8s|%08x", "first", 42, "left", 0xbeefU);
    same_as_libc("%g and then %s", 0.25, "more");
}

static void texts_end_within_their_precision(void **state) {
    char text[3] = {'a', 'b', 'c'};
    (void)state;

    same_as_libc("%.*s", 3, text);
}

static void integers_have_all_their_digits(void **state) {
    char out[SM_FORMAT_INT_BYTES];
    (void)state;

    assert_string_equal(sm_format_int(out, 0), "0");
    assert_string_equal(sm_format_int(out, -90), "-90");
    assert_string_equal(sm_format_int(out, INT64_MAX), "9223372036854775807");
    assert_string_equal(sm_format_int(out, INT64_MIN), "-9223372036854775808");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directives_of_ours_read_as_those_of_libc),
        cmocka_unit_test(a_format_with_other_directives_is_libcs),
        cmocka_unit_test(texts_end_within_their_precision),
        cmocka_unit_test(integers_have_all_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
