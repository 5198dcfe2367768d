/* Instants and durations, in nanoseconds. An instant counts from the Unix epoch, in virtual time unless said otherwise. */
#ifndef SM_CLOCK_H
#define SM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "region.h"

typedef int64_t sm_time;

#define SM_MICROSECOND INT64_C(1000)
#define SM_MILLISECOND INT64_C(1000000)
#define SM_SECOND INT64_C(1000000000)
#define SM_MINUTE (60 * SM_SECOND)
#define SM_HOUR (60 * SM_MINUTE)

/* Where virtual time starts: 2026-01-01T00:00:00Z. */
#define SM_TIME_START (INT64_C(1767225600) * SM_SECOND)

/* RFC 3339 in UTC. metav1.Time has whole seconds, metav1.MicroTime six digits. */
const char *sm_clock_rfc3339(struct sm_region *r, sm_time t);
const char *sm_clock_rfc3339_micro(struct sm_region *r, sm_time t);
bool sm_clock_parse_rfc3339(const char *text, sm_time *ret_time);

/* Go's time.Duration notation: `1m30s`, `1.5s`, `250ms`. */
bool sm_clock_parse_duration(const char *text, sm_time *ret_duration);

/* A short text for people: `0s`, `1ms`, `5s`, `1m30s`. */
const char *sm_clock_duration(struct sm_region *r, sm_time duration);

#endif
