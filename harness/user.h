/* The user of a scenario: does its steps one after the other, each at its turn, trigger or time. */
#ifndef SM_USER_H
#define SM_USER_H

#include "world.h"

extern const struct sm_client sm_user_client; /* cluster-admin, `kubectl` */

struct sm_user *sm_user_new(struct sm_world *world);
void sm_user_start(struct sm_user *user);

/* After every event in which something was written; and at every step of a call. */
void sm_user_changed(struct sm_user *user);
void sm_user_call(struct sm_user *user, const struct sm_call_event *event);

/* All steps are done. */
bool sm_user_done(const struct sm_user *user);
/* Waits for the others: a trigger, or something to match; [ret_assert]: it is an assert. */
bool sm_user_waits(const struct sm_user *user, bool *ret_assert);
const char *sm_user_waits_for(const struct sm_user *user, struct sm_region *r); /* in words; NULL if it does not wait */

/* The asserts that no other step follows hold now. Else [reterr_why] says what does not. */
bool sm_user_asserts_hold(const struct sm_user *user, struct sm_region *r, const char **reterr_why);

void sm_user_hash(const struct sm_user *user, struct sm_hash *hash);

#endif
