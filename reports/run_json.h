/* `run --json`: {"results":[{"scenario","profile","verdict","expected","reason","replay"}…]}, for scripts. A cell otherwise than
 * expected has its "lastEvents", and every cell its "timeline" if those were kept: lines of timeline.h. */
#ifndef SM_RUN_JSON_H
#define SM_RUN_JSON_H

#include "cell.h"
#include "str.h"

void sm_run_json(struct sm_str *out, const struct sm_cell *cells, size_t count);

#endif
