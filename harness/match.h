/* Partial objects with matchers: what asserts, triggers and rules compare things with.
 *
 *      status:
 *        phase: Running                                  equals
 *        plan: {$absent: true}                           is not there
 *        currentImage: {$not: ""}                        there, and does not match that
 *        conditions: {$count: 2}                         so many elements (a number or a range: `1..`, `..3`)
 *        updateRevision: "${statefulset/n-1:status.currentRevision}"    equals that field of that object
 *
 * A map matches if each of its members matches; a list matches if each of its elements matches some element (so a list
 * that must be exact says {$exactly: […]}). An operator stands alone in its map.
 */
#ifndef SM_MATCH_H
#define SM_MATCH_H

#include "val.h"

/* Finds the object of a reference, for `${kind/name:path}`; NULL if there is none. */
struct sm_match_scope {
    sm_val (*find)(void *arg, const char *kind, const char *name);
    void *arg;
};

/* True if [value] (NULL: absent) matches [pattern]. Otherwise false, and if [r] is not NULL, [reterr_why] says in one line what
 * differs first: `status.phase is "Pending", not "Running"`. [scope] may be NULL where references have no place. */
bool sm_match(sm_val pattern, sm_val value, const struct sm_match_scope *scope, struct sm_region *r, const char **reterr_why);

/* Checks that a pattern is well-formed. Returns NULL, or what is wrong, and the path in [ret_path] (both in [r]). */
const char *sm_match_check(struct sm_region *r, sm_val pattern, const char **ret_path);

/* `*` matches any part of a text. */
bool sm_match_glob(const char *pattern, const char *text);

#endif
