#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>

#include "clock.h"
#include "rng.h"

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

static sm_time time_of(const char *text) {
    sm_time t = 0;
    if (!sm_clock_parse_rfc3339(text, &t))
        fail_msg("not read: %s", text);
    return t;
}

static sm_time duration_of(const char *text) {
    sm_time t = 0;
    if (!sm_clock_parse_duration(text, &t))
        fail_msg("not read: %s", text);
    return t;
}

/* --- Instants ------------------------------------------------------------------------------------------------------ */

static void virtual_time_starts_with_2026(void **state) {
    (void)state;

    assert_string_equal(sm_clock_rfc3339(&r, SM_TIME_START), "2026-01-01T00:00:00Z");
    assert_string_equal(sm_clock_rfc3339_micro(&r, SM_TIME_START), "2026-01-01T00:00:00.000000Z");
}

static void parts_of_a_second_are_cut_off(void **state) {
    (void)state;
    sm_time t = SM_TIME_START + 24 * SM_HOUR + 2 * SM_HOUR + 3 * SM_MINUTE + 4 * SM_SECOND + 567890999;

    assert_string_equal(sm_clock_rfc3339(&r, t), "2026-01-02T02:03:04Z");
    assert_string_equal(sm_clock_rfc3339_micro(&r, t), "2026-01-02T02:03:04.567890Z");
}

static void instants_before_1970_round_down(void **state) {
    (void)state;

    assert_string_equal(sm_clock_rfc3339(&r, -1), "1969-12-31T23:59:59Z");
    assert_string_equal(sm_clock_rfc3339_micro(&r, -1), "1969-12-31T23:59:59.999999Z");
    assert_string_equal(sm_clock_rfc3339_micro(&r, INT64_MIN), "1677-09-21T00:12:43.145224Z");
    assert_string_equal(sm_clock_rfc3339_micro(&r, INT64_MAX), "2262-04-11T23:47:16.854775Z");
}

static void instants_are_read(void **state) {
    (void)state;

    assert_true(time_of("1970-01-01T00:00:00Z") == 0);
    assert_true(time_of("2026-01-01T00:00:00Z") == SM_TIME_START);
    assert_true(time_of("2026-01-01T00:00:00.5Z") == SM_TIME_START + 500 * SM_MILLISECOND);
    assert_true(time_of("2026-01-01T00:00:00.000001Z") == SM_TIME_START + SM_MICROSECOND);
    assert_true(time_of("2026-01-01T00:00:00.1234567899Z") == SM_TIME_START + 123456789);
    assert_true(time_of("2026-01-01T02:30:00+02:30") == SM_TIME_START);
    assert_true(time_of("2025-12-31T16:00:00-08:00") == SM_TIME_START);
    assert_true(time_of("2026-01-01T00:00:00+00:00") == SM_TIME_START);
    assert_true(time_of("2024-02-29T00:00:00Z") == INT64_C(1709164800) * SM_SECOND);
    assert_true(time_of("1969-12-31T23:59:59.5Z") == -500 * SM_MILLISECOND);
}

static void what_is_no_instant_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026",
        "2026-01-01",
        "2026-01-01T00:00:00",        /* no zone */
        "2026-01-01 00:00:00Z",       /* no T */
        "2026-01-01t00:00:00z",       /* Go wants capitals */
        "2026-01-01T00:00:00ZZ",      /* more behind it */
        "2026-1-1T00:00:00Z",         /* too few digits */
        "2026-13-01T00:00:00Z",       /* no such month */
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-02-29T00:00:00Z",       /* no leap year */
        "2026-04-31T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",       /* Go knows no leap seconds */
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+0200",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+02:60",
        "2026-01-01T00:00:00+02",
        "2026/01/01T00:00:00Z",
        "2026-01/01T00:00:00Z",
        "2026-01-01T00.00:00Z",
        "2026-01-01T00:00.00Z",
        "0001-01-01T00:00:00Z",       /* not in 64 bits of nanoseconds */
        "2262-04-11T23:47:16.854775808Z",
        "1677-09-21T00:12:43.145224191Z",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sm_time t = 42;
        if (sm_clock_parse_rfc3339(wrong[i], &t))
            fail_msg("read as %" PRId64 ": %s", t, wrong[i]);
        assert_true(t == 42);
    }
}

static void the_first_and_last_instants_are_read(void **state) {
    (void)state;

    assert_true(time_of("2262-04-11T23:47:16.854775807Z") == INT64_MAX);
    assert_true(time_of("1677-09-21T00:12:43.145224192Z") == INT64_MIN);
}

static void instants_are_read_as_they_were_written(void **state) {
    (void)state;
    struct sm_rng rng;
    sm_rng_init(&rng, 1, "instants");

    for (int i = 0; i < 10000; i++) {
        sm_time t = (sm_time)sm_rng_next(&rng) / 2 / SM_MICROSECOND * SM_MICROSECOND;
        sm_region_clear(&r);
        const char *text = sm_clock_rfc3339_micro(&r, t);
        if (time_of(text) != t)
            fail_msg("%" PRId64 " became %s", t, text);
    }
}

/* --- Durations ----------------------------------------------------------------------------------------------------- */

static void durations_are_read_as_go_reads_them(void **state) {
    (void)state;

    assert_true(duration_of("0") == 0);
    assert_true(duration_of("-0") == 0);
    assert_true(duration_of("0s") == 0);
    assert_true(duration_of("5s") == 5 * SM_SECOND);
    assert_true(duration_of("30s") == 30 * SM_SECOND);
    assert_true(duration_of("1m30s") == 90 * SM_SECOND);
    assert_true(duration_of("+1.5s") == 1500 * SM_MILLISECOND);
    assert_true(duration_of("-1.5h") == -90 * SM_MINUTE);
    assert_true(duration_of("250ms") == 250 * SM_MILLISECOND);
    assert_true(duration_of("11us12ns") == 11012);
    assert_true(duration_of("11\xc2\xb5s") == 11000);
    assert_true(duration_of("11\xce\xbcs") == 11000);
    assert_true(duration_of(".5s") == 500 * SM_MILLISECOND);
    assert_true(duration_of("1.s") == SM_SECOND);
    assert_true(duration_of("1h15m30.918273645s") == 4530918273645);
    assert_true(duration_of("3s4h") == 4 * SM_HOUR + 3 * SM_SECOND);

    /* From the tests of Go's package time. */
    assert_true(duration_of("52763797000ns") == 52763797000);
    assert_true(duration_of("0.3333333333333333333h") == 20 * SM_MINUTE);
    assert_true(duration_of("0.100000000000000000000h") == 6 * SM_MINUTE);
    assert_true(duration_of("0.830103483285477580700h") == 49 * SM_MINUTE + 48 * SM_SECOND + 372539827);
    assert_true(duration_of("9007199254740993ns") == INT64_C(9007199254740993));
    assert_true(duration_of("9223372036854775807ns") == INT64_MAX);
    assert_true(duration_of("9223372036s854ms775us807ns") == INT64_MAX);
    assert_true(duration_of("-9223372036854775808ns") == INT64_MIN);
    assert_true(duration_of("-9223372036.854775808s") == INT64_MIN);
}

static void what_is_no_duration_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "", "3", "-", "+", "s", ".", "-.", ".s", "+.s", "1d", "1 s", "1s ", " 1s", "1S", "--1s", "1.2.3s", "1sx", "1x1s", "\x85", "1e3s",
        "9223372036854775808ns", "9223372036854775810ns", "-9223372036854775809ns", "9223372036854ms775us808ns", "3000000h",
        "99999999999999999999s", "9223372036854775807h", "18446744073709551615ns1ns",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sm_time t = 42;
        if (sm_clock_parse_duration(wrong[i], &t))
            fail_msg("read as %" PRId64 ": %s", t, wrong[i]);
        assert_true(t == 42);
    }
}

static void durations_are_short_for_people(void **state) {
    (void)state;

    assert_string_equal(sm_clock_duration(&r, 0), "0s");
    assert_string_equal(sm_clock_duration(&r, 1), "1ns");
    assert_string_equal(sm_clock_duration(&r, 1500), "1.5\xc2\xb5s");
    assert_string_equal(sm_clock_duration(&r, SM_MILLISECOND), "1ms");
    assert_string_equal(sm_clock_duration(&r, 250 * SM_MILLISECOND), "250ms");
    assert_string_equal(sm_clock_duration(&r, 1010 * SM_MICROSECOND), "1.01ms");
    assert_string_equal(sm_clock_duration(&r, 5 * SM_SECOND), "5s");
    assert_string_equal(sm_clock_duration(&r, 1500 * SM_MILLISECOND), "1.5s");
    assert_string_equal(sm_clock_duration(&r, SM_SECOND + 1), "1.000000001s");
    assert_string_equal(sm_clock_duration(&r, 90 * SM_SECOND), "1m30s");
    assert_string_equal(sm_clock_duration(&r, 60 * SM_SECOND), "1m");
    assert_string_equal(sm_clock_duration(&r, 24 * SM_HOUR), "24h");
    assert_string_equal(sm_clock_duration(&r, SM_HOUR + 5 * SM_SECOND), "1h5s");
    assert_string_equal(sm_clock_duration(&r, SM_HOUR + 2 * SM_MINUTE + 3 * SM_SECOND), "1h2m3s");
    assert_string_equal(sm_clock_duration(&r, -90 * SM_SECOND), "-1m30s");
    assert_string_equal(sm_clock_duration(&r, INT64_MIN), "-2562047h47m16.854775808s");
}

static void durations_are_read_as_they_were_written(void **state) {
    (void)state;
    struct sm_rng rng;
    sm_rng_init(&rng, 1, "durations");

    for (int i = 0; i < 10000; i++) {
        sm_time t = (sm_time)sm_rng_next(&rng) >> sm_rng_below(&rng, 64);
        sm_region_clear(&r);
        const char *text = sm_clock_duration(&r, t);
        if (duration_of(text) != t)
            fail_msg("%" PRId64 " became %s", t, text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(virtual_time_starts_with_2026),
        cmocka_unit_test(parts_of_a_second_are_cut_off),
        cmocka_unit_test(instants_before_1970_round_down),
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(the_first_and_last_instants_are_read),
        cmocka_unit_test(instants_are_read_as_they_were_written),
        cmocka_unit_test(durations_are_read_as_go_reads_them),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(durations_are_short_for_people),
        cmocka_unit_test(durations_are_read_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
