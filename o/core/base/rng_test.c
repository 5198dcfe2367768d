#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bug_expect.h"
#include "rng.h"

static void the_seed_is_spread_by_split_mix_64(void **state) {
    (void)state;
    struct sm_rng rng;

    sm_rng_init(&rng, 1234567, "");

    assert_true(rng.s[0] == UINT64_C(6457827717110365317));
    assert_true(rng.s[1] == UINT64_C(3203168211198807973));
    assert_true(rng.s[2] == UINT64_C(9817491932198370423));
    assert_true(rng.s[3] == UINT64_C(4593380528125082431));
}

static void numbers_are_those_of_xoshiro256_starstar(void **state) {
    (void)state;
    static const uint64_t expected[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    struct sm_rng rng = {{1, 2, 3, 4}};

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(sm_rng_next(&rng) == expected[i]);
}

static void same_seed_and_name_give_the_same_numbers(void **state) {
    (void)state;
    struct sm_rng a, b;
    sm_rng_init(&a, 7, "faults");
    sm_rng_init(&b, 7, "faults");

    for (int i = 0; i < 100; i++)
        assert_true(sm_rng_next(&a) == sm_rng_next(&b));
}

static void another_seed_or_name_gives_other_numbers(void **state) {
    (void)state;
    static const char *const names[] = {"", "a", "b", "event", "fault", "lag"};
    enum { NAMES = sizeof names / sizeof *names, SEEDS = 20 };
    uint64_t first[NAMES * SEEDS];

    for (size_t i = 0; i < NAMES * SEEDS; i++) {
        struct sm_rng rng;
        sm_rng_init(&rng, i / NAMES, names[i % NAMES]);
        first[i] = sm_rng_next(&rng);
    }

    for (size_t i = 0; i < NAMES * SEEDS; i++)
        for (size_t j = 0; j < i; j++)
            assert_true(first[i] != first[j]);
}

static void a_copy_goes_on_alone(void **state) {
    (void)state;
    struct sm_rng rng, copy;
    sm_rng_init(&rng, 1, "x");
    copy = rng;

    uint64_t drawn = sm_rng_next(&rng);
    sm_rng_next(&rng);

    assert_true(sm_rng_next(&copy) == drawn);
}

static void below_stays_below(void **state) {
    (void)state;
    struct sm_rng rng;
    sm_rng_init(&rng, 3, "below");

    for (uint32_t n = 1; n < 1000; n++)
        for (int i = 0; i < 20; i++)
            assert_true(sm_rng_below(&rng, n) < n);
    for (int i = 0; i < 1000; i++) {
        assert_true(sm_rng_below(&rng, UINT32_MAX) < UINT32_MAX);
        assert_int_equal(sm_rng_below(&rng, 1), 0);
    }
}

/* Chi squared over n cells of a fixed stream: the bound is far beyond chance (p < 1e-6), so only a bias can reach it. */
static void below_is_uniform(void **state) {
    (void)state;
    enum { DRAWS = 200000 };
    static const struct {
        uint32_t n;
        double bound;
    } cases[] = {{2, 25}, {3, 28}, {6, 36}, {10, 45}};

    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct sm_rng rng;
        unsigned counts[10] = {0};
        sm_rng_init(&rng, 11, "uniform");
        for (int i = 0; i < DRAWS; i++)
            counts[sm_rng_below(&rng, cases[c].n)]++;

        double expected = (double)DRAWS / cases[c].n, chi_squared = 0;
        for (uint32_t i = 0; i < cases[c].n; i++)
            chi_squared += (counts[i] - expected) * (counts[i] - expected) / expected;
        assert_true(chi_squared < cases[c].bound);
    }
}

/* With n = 3 * 2^30, plain scaling of 32 bits would give every third answer twice as often as its neighbours. */
static void below_is_uniform_where_scaling_is_not(void **state) {
    (void)state;
    enum { DRAWS = 30000 };
    struct sm_rng rng;
    unsigned counts[3] = {0};
    sm_rng_init(&rng, 5, "bias");

    for (int i = 0; i < DRAWS; i++)
        counts[sm_rng_below(&rng, UINT32_C(3) << 30) % 3]++;

    for (int i = 0; i < 3; i++)
        assert_in_range(counts[i], DRAWS / 3 - 500, DRAWS / 3 + 500);
}

static void below_zero_is_a_bug(void **state) {
    (void)state;
    struct sm_rng rng;
    sm_rng_init(&rng, 0, "");

    expect_bug("n > 0", sm_rng_below(&rng, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed_is_spread_by_split_mix_64),
        cmocka_unit_test(numbers_are_those_of_xoshiro256_starstar),
        cmocka_unit_test(same_seed_and_name_give_the_same_numbers),
        cmocka_unit_test(another_seed_or_name_gives_other_numbers),
        cmocka_unit_test(a_copy_goes_on_alone),
        cmocka_unit_test(below_stays_below),
        cmocka_unit_test(below_is_uniform),
        cmocka_unit_test(below_is_uniform_where_scaling_is_not),
        cmocka_unit_test(below_zero_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
