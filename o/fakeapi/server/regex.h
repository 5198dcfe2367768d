/* Regular expressions as Go's regexp package reads them (RE2), by PCRE2. The only place that sees PCRE2.
 *
 * What both understand means the same here: a match may begin anywhere, `$` is the very end. What Go does not understand
 * (looking around, references back) is an error. A pattern that would search for ever does not match. */
#ifndef SM_REGEX_H
#define SM_REGEX_H

#include "region.h"

struct sm_regex;

/* NULL and a text in [reterr] for a pattern that is not one. */
const struct sm_regex *sm_regex_compile(struct sm_region *r, const char *pattern, const char **reterr);

/* Leaves [scratch] as it was. */
bool sm_regex_matches(const struct sm_regex *regex, struct sm_region *scratch, const char *text, size_t bytes);

#endif
