#include "problem.h"

#include "str.h"

void sm_problem(struct sm_problems *problems, const char *file, unsigned line, unsigned column, const char *format, ...) {
    struct sm_str text;
    va_list args;

    if (problems->count++ >= SM_PROBLEMS_MAX)
        return;
    sm_str_init(&text, problems->region);
    sm_str_add(&text, file);
    if (line)
        sm_str_addf(&text, ":%u:%u", line, column);
    sm_str_add(&text, ": ");
    va_start(args, format);
    sm_str_vaddf(&text, format, args);
    va_end(args);
    problems->text[problems->count - 1] = text.data;
}
