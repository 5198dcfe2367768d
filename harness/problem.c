#include "problem.h"

#include <string.h>

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
    size_t head = text.bytes;
    va_start(args, format);
    sm_str_vaddf(&text, format, args);
    va_end(args);
    problems->at[problems->count - 1] = (struct sm_problem){.file = sm_region_strdup(problems->region, file),
                                                            .line = line,
                                                            .column = line ? column : 0,
                                                            .message = text.data + head,
                                                            .text = text.data};
}

size_t sm_problems_kept(const struct sm_problems *problems) {
    return problems->count < SM_PROBLEMS_MAX ? problems->count : SM_PROBLEMS_MAX;
}

static bool stands_before(const struct sm_problem *a, const struct sm_problem *b) {
    return strcmp(a->file, b->file) == 0 && (a->line < b->line || (a->line == b->line && a->column < b->column));
}

void sm_problems_sort(struct sm_problems *problems, size_t from) {
    for (size_t i = from + 1; i < sm_problems_kept(problems); i++) {
        struct sm_problem moved = problems->at[i];
        size_t to = i;
        for (; to > from && stands_before(&moved, &problems->at[to - 1]); to--)
            problems->at[to] = problems->at[to - 1];
        problems->at[to] = moved;
    }
}
