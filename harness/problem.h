/* What is wrong with input, in the one form that people see: `file:line:column: what is wrong: what to write instead`. */
#ifndef SM_PROBLEM_H
#define SM_PROBLEM_H

#include "region.h"
#include "yaml.h"

enum { SM_PROBLEMS_MAX = 100 };

struct sm_problem {
    const char *file;
    unsigned line, column; /* 0: without a place within the file */
    const char *message;   /* what is wrong: what to write instead */
    const char *text;      /* all of it in one line */
};

struct sm_problems {
    struct sm_region *region;
    struct sm_problem at[SM_PROBLEMS_MAX]; /* more are counted, not kept */
    size_t count;
};

static inline struct sm_problems sm_problems_init(struct sm_region *r) { return (struct sm_problems){.region = r}; }

/* [line] 0: a problem without a place within the file. */
void sm_problem(struct sm_problems *problems, const char *file, unsigned line, unsigned column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* How many there are to show. */
size_t sm_problems_kept(const struct sm_problems *problems);

/* Puts those of each file from [from] on in the order in which they stand there. */
void sm_problems_sort(struct sm_problems *problems, size_t from);

#endif
