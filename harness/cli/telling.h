/* What came of a search, for people. */
#ifndef SM_TELLING_H
#define SM_TELLING_H

#include "results.h"

struct sm_telling {
    bool all;         /* every schedule of a cause, not only the shortest */
    bool color;       /* for a terminal */
    const char *save; /* DIR: schedules, timelines and explanations are written there; NULL: nowhere */
};

/* On stdout. */
void sm_telling_print(const struct sm_results *results, const struct sm_telling *telling);

/* Into [telling]->save, one by one. False: a message was printed. */
bool sm_telling_save(const struct sm_results *results, const struct sm_telling *telling);

/* Writes a whole file. False: a message was printed. */
bool sm_telling_write(const char *command, const char *path, const struct sm_str *text);

#endif
