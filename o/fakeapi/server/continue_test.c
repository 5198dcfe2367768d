#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "continue.h"

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

static void a_token_is_what_kubernetes_writes(void **state) {
    (void)state;

    assert_string_equal(sm_continue_text(&r, 42, "a"), "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NDIsInN0YXJ0IjoiYVx1MDAwMCJ9");
}

static void a_token_says_where_to_go_on(void **state) {
    static const char *const keys[] = {"a", "ab", "abc", "ns/name", "ns/x.y-z"};
    int64_t version;
    const char *last;
    (void)state;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_null(sm_continue_parse(&r, sm_continue_text(&r, -1, keys[i]), &version, &last));
        assert_int_equal(version, -1);
        assert_string_equal(last, keys[i]);
    }
}

static void bad_tokens_say_what_is_wrong(void **state) {
    static const char *const rows[][2] = {
        {"!", "continue key is not valid: illegal base64 data at input byte 0"},
        {"e30!", "continue key is not valid: illegal base64 data at input byte 3"},
        {"e30ab", "continue key is not valid: illegal base64 data at input byte 4"},
        {"YQ", "continue key is not valid: invalid character in the token"},
        {"e30", "continue key is not valid: server does not recognize this encoded version "},
        {"eyJ2IjoieCJ9", "continue key is not valid: server does not recognize this encoded version x"},
        /* {"v":"meta.k8s.io/v1"} */
        {"eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ",
         "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)"},
        /* {"v":"meta.k8s.io/v1","rv":1} */
        {"eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0", "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)"},
    };
    int64_t version;
    const char *last;
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(sm_continue_parse(&r, rows[i][0], &version, &last), rows[i][1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_is_what_kubernetes_writes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_says_where_to_go_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_tokens_say_what_is_wrong, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
