/* How long ago something was, in the words of `kubectl get`. */
#ifndef SM_AGE_H
#define SM_AGE_H

#include "clock.h"

/* `45s`, `5m3s`, `3h20m`, `8d`, `2y13d`. */
const char *sm_age_text(struct sm_region *r, sm_time duration);

/* The age at [now] of a time as RFC 3339 text; `<unknown>` if there is none, `<invalid>` if it is no time. */
const char *sm_age_since(struct sm_region *r, sm_time now, const char *time);

#endif
