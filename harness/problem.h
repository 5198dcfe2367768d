/* What is wrong with input, in the one form that people see: `file:line:column: what is wrong: what to write instead`. */
#ifndef SM_PROBLEM_H
#define SM_PROBLEM_H

#include "region.h"
#include "yaml.h"

enum { SM_PROBLEMS_MAX = 100 };

struct sm_problems {
    struct sm_region *region;
    const char *text[SM_PROBLEMS_MAX]; /* more are counted, not kept */
    size_t count;
};

static inline struct sm_problems sm_problems_init(struct sm_region *r) { return (struct sm_problems){.region = r}; }

/* [line] 0: a problem without a place within the file. */
void sm_problem(struct sm_problems *problems, const char *file, unsigned line, unsigned column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
