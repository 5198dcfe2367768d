/* A run as JUnit XML, as Jenkins, GitLab and GitHub's viewers read it (ci/junit.xsd): a testsuite a scenario, a testcase a profile. A
 * cell otherwise than expected is a failure, one that shows nothing (its budget ran out, it did not repeat itself) an error; both
 * hold the reason, the last events and the line that replays it. Whole timelines, if there are any, are the system-out.
 *
 * Times are virtual seconds: what the controller needed in its cluster. The wall's seconds would be a few thousandths each, other
 * ones in every run, and the report would not be the same bytes for the same run. */
#ifndef SM_JUNIT_H
#define SM_JUNIT_H

#include "cell.h"
#include "str.h"

/* [cells] in the order of scenarios. */
void sm_junit(struct sm_str *out, const struct sm_cell *cells, size_t count);

#endif
