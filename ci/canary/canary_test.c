/* Tests that must fail. A gate that lets one of them pass would let a real bug pass as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "region.h"

/* Numbers that the compiler must not know, or it would find the bugs first. */
static volatile size_t eight = 8;
static volatile int largest = INT_MAX;

static void assertion(void **state) {
    (void)state;

    assert_int_equal(eight, 9);
}

static void bug(void **state) {
    (void)state;

    SM_ASSERT(eight == 9);
}

static void heap(void **state) {
    (void)state;
    char *memory = malloc(eight);
    assert_non_null(memory);

    *(volatile char *)(memory + eight) = 1;
    free(memory);
}

static void region(void **state) {
    (void)state;
    struct sm_region r;
    sm_region_init(&r, "canary", 0);
    volatile char *memory = sm_region_alloc(&r, eight);

    memory[eight] = 1;
    sm_region_release(&r);
}

static void rewound(void **state) {
    (void)state;
    struct sm_region r;
    sm_region_init(&r, "canary", 0);
    struct sm_region_mark mark = sm_region_mark(&r);
    volatile char *memory = sm_region_alloc(&r, eight);
    sm_region_rewind(&r, mark);

    memory[0] = 1;
    sm_region_release(&r);
}

static void leak(void **state) {
    (void)state;
    char *volatile memory = malloc(eight);

    memory = NULL;
    (void)memory;
}

static void overflow(void **state) {
    (void)state;

    largest = largest + 1;
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assertion),
        cmocka_unit_test(bug),
        cmocka_unit_test(heap),
        cmocka_unit_test(leak),
        cmocka_unit_test(overflow),
        cmocka_unit_test(region),
        cmocka_unit_test(rewound),
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (argc == 2 && strcmp(argv[1], tests[i].name) == 0) {
            const struct CMUnitTest chosen[] = {tests[i]};
            return cmocka_run_group_tests(chosen, NULL, NULL);
        }
    }
    fprintf(stderr, "usage: canary_test NAME\n");
    return 2;
}
