/* SHA-256 against the examples of FIPS 180-4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "sha256.h"

static void digests_are_those_of_the_standard(void **state) {
    static const struct {
        const char *text;
        size_t times;
        const char *digest;
    } rows[] = {
        {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256] = "", hex[2 * SM_SHA256_BYTES + 1];
        uint8_t digest[SM_SHA256_BYTES];

        for (size_t n = 0; n < rows[i].times; n++)
            strcat(text, rows[i].text);
        sm_sha256(text, strlen(text), digest);
        for (size_t n = 0; n < SM_SHA256_BYTES; n++)
            snprintf(hex + 2 * n, 3, "%02x", digest[n]);
        assert_string_equal(hex, rows[i].digest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(digests_are_those_of_the_standard)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
