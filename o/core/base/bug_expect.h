/* For tests: a statement that must be stopped as a bug. Include after cmocka's headers. */
#ifndef SM_BUG_EXPECT_H
#define SM_BUG_EXPECT_H

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "bug.h"

static jmp_buf bug_expect_jump;
static char bug_expect_message[1024];

static inline void bug_expect_hook(const char *message) {
    snprintf(bug_expect_message, sizeof bug_expect_message, "%s", message);
    longjmp(bug_expect_jump, 1);
}

/* Fails unless [statement] ends in a bug whose message contains [text]. */
#define expect_bug(text, statement) \
    do { \
        bug_expect_message[0] = '\0'; \
        sm_bug_hook = bug_expect_hook; \
        if (setjmp(bug_expect_jump) == 0) { \
            statement; \
            sm_bug_hook = NULL; \
            fail_msg("no bug: %s", #statement); \
        } \
        if (!strstr(bug_expect_message, text)) \
            fail_msg("`%s` instead of `%s`", bug_expect_message, text); \
    } while (0)

#endif
