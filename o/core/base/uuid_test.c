#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bug_expect.h"
#include "uuid.h"

static const char dns[] = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

static void v5_is_that_of_the_rfc(void **state) {
    (void)state;
    char uuid[SM_UUID_BYTES];

    /* RFC 9562, A.4 */
    sm_uuid_v5(uuid, dns, "www.example.com");
    assert_string_equal(uuid, "2ed6657d-e927-568b-95e1-2665a8aea6a2");

    /* The example of Python's documentation. */
    sm_uuid_v5(uuid, dns, "python.org");
    assert_string_equal(uuid, "886313e1-3b8a-5372-9b90-0c9aee199e5d");

    sm_uuid_v5(uuid, dns, "");
    assert_string_equal(uuid, "4ebd0208-8328-5d69-8c44-ec50939c0967");
}

static void v5_makes_the_task_ids_of_the_controller(void **state) {
    (void)state;
    char uuid[SM_UUID_BYTES];

    sm_uuid_v5(uuid, "b7e89c3a-4f12-4d8b-9a6e-1c2d3e4f5a6b", "00000000-0000-4000-8000-000000000001/replace-pod/2");

    assert_string_equal(uuid, "c4b38a6a-f488-5f47-bd61-520b0de0fbeb");
}

static void v5_takes_a_namespace_in_capitals(void **state) {
    (void)state;
    char uuid[SM_UUID_BYTES];

    sm_uuid_v5(uuid, "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "python.org");

    assert_string_equal(uuid, "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

static void v5_in_no_namespace_is_a_bug(void **state) {
    (void)state;
    char uuid[SM_UUID_BYTES];

    expect_bug("not a UUID: dns", sm_uuid_v5(uuid, "dns", "python.org"));
}

static void v4_says_its_version_and_variant(void **state) {
    (void)state;
    struct sm_rng rng;
    sm_rng_init(&rng, 1, "ids");

    for (int i = 0; i < 1000; i++) {
        char uuid[SM_UUID_BYTES];
        sm_uuid_v4(uuid, &rng);

        assert_int_equal(strlen(uuid), 36);
        assert_true(sm_uuid_valid(uuid));
        assert_int_equal(uuid[14], '4');
        assert_non_null(strchr("89ab", uuid[19]));
    }
}

static void v4_is_the_next_128_bits_of_the_stream(void **state) {
    (void)state;
    struct sm_rng rng = {{1, 2, 3, 4}}; /* 11520, 0, then 1509978240 and 1215971899390074240 */
    char uuid[SM_UUID_BYTES];

    sm_uuid_v4(uuid, &rng);
    assert_string_equal(uuid, "00000000-0000-4d00-8000-000000000000");

    sm_uuid_v4(uuid, &rng);
    assert_string_equal(uuid, "00000000-5a00-4080-90e0-000000009d80");
}

static void only_36_characters_in_five_groups_are_valid(void **state) {
    (void)state;

    assert_true(sm_uuid_valid("00000000-0000-0000-0000-000000000000"));
    assert_true(sm_uuid_valid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
    assert_true(sm_uuid_valid("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"));

    assert_false(sm_uuid_valid(""));
    assert_false(sm_uuid_valid("6ba7b810-9dad-11d1-80b4-00c04fd430c"));
    assert_false(sm_uuid_valid("6ba7b810-9dad-11d1-80b4-00c04fd430c80"));
    assert_false(sm_uuid_valid("6ba7b8109dad11d180b400c04fd430c8"));
    assert_false(sm_uuid_valid("6ba7b810-9dad-11d1-80b4-00c04fd430cg"));
    assert_false(sm_uuid_valid("6ba7b81-09dad-11d1-80b4-00c04fd430c8"));
    assert_false(sm_uuid_valid("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v5_is_that_of_the_rfc),
        cmocka_unit_test(v5_makes_the_task_ids_of_the_controller),
        cmocka_unit_test(v5_takes_a_namespace_in_capitals),
        cmocka_unit_test(v5_in_no_namespace_is_a_bug),
        cmocka_unit_test(v4_says_its_version_and_variant),
        cmocka_unit_test(v4_is_the_next_128_bits_of_the_stream),
        cmocka_unit_test(only_36_characters_in_five_groups_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
