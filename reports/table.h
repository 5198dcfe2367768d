/* The matrix of a run: a row a scenario, a column a profile, a cell its verdict. Plain text; colour is asked for. */
#ifndef SM_TABLE_H
#define SM_TABLE_H

#include "cell.h"
#include "str.h"

/* [cells] in order of rows; every row has one cell a column, or none where a profile was not asked for. */
void sm_table(struct sm_str *out, const struct sm_cell *cells, size_t count, const char *const *profiles, size_t profile_count,
              bool colour);

#endif
