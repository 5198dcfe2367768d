/* The Common Expression Language, as far as the rules of custom resource definitions use it.
 *
 * An expression is parsed and checked once, when its definition is stored, and evaluated against plain values then. Types
 * come from the schema that the rule stands in, so that `self.nosuch` is an error of the definition and not of an object,
 * and a number reads as a double even if it is whole.
 *
 * What is there: literals, lists, maps, `.f`, `[i]`, has(), ?: && || ! == != < <= > >= in + - * / %, size, startsWith, endsWith,
 * contains, matches, all, exists, exists_one, filter, map; conversions (int, double, string, bool, type, dyn); Kubernetes' and
 * cel-go's functions on strings and lists (isSorted, sum, min, max, indexOf, lastIndexOf, lowerAscii, upperAscii, trim, replace,
 * split, join, substring, charAt); optionals (optionalOldSelf, .?f, [?i], optional.of, or, orValue, hasValue, value). && and ||
 * absorb errors. Not there: bytes, unsigned, timestamps, durations, quantities, URLs and addresses; they are errors of the definition.
 *
 * Property names that CEL could not say are escaped as in Kubernetes: `__import__`, `a__dash__b`, `x__dot__y`.
 */
#ifndef SM_CEL_H
#define SM_CEL_H

#include "val.h"

struct sm_structural;
struct sm_cel;

enum { SM_CEL_STEPS_MAX = 1000000 };

enum sm_cel_want { SM_CEL_BOOL, SM_CEL_STRING };

/* What an expression is checked against. */
struct sm_cel_scope {
    const struct sm_structural *self; /* the schema of self and oldSelf; NULL: anything */
    bool optional_old;                /* oldSelf is an optional */
    enum sm_cel_want want;
};

/* The expression lives in [r]. NULL and a text in [reterr] (which [r] holds, too) for one that does not parse or check:
 * `ERROR: <input>:1:6: undefined field 'x'` and the line with a mark below. */
const struct sm_cel *sm_cel_compile(struct sm_region *r, const char *text, const struct sm_cel_scope *scope, const char **reterr);

bool sm_cel_uses_old_self(const struct sm_cel *cel);

struct sm_cel_result {
    sm_val value;      /* NULL on an error */
    const char *error; /* `no such key: secret`, `division by zero` … */
};

/* [old] NULL: there is none (optional.none()). [steps] goes down by what the evaluation took; it fails when they are used up. */
struct sm_cel_result sm_cel_eval(struct sm_region *r, const struct sm_cel *cel, sm_val self, sm_val old, int64_t *steps);

#endif
