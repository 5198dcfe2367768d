#include "bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void (*sm_bug_hook)(const char *message);

_Noreturn void sm_bug(const char *format, ...) {
    char message[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fprintf(stderr, "stalemate: bug: %s\n", message);

    /* A bug met while reporting a bug must not call the hook again. */
    void (*hook)(const char *) = sm_bug_hook;
    sm_bug_hook = NULL;
    if (hook)
        hook(message);
    abort();
}
