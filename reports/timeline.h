/* The timeline: the journal of a run as text for people. A line an event:
 *
 *      +32.004s  seinode-controller        get statefulsets default/n-1 -> 200, v41 (1 behind, for 3ms)
 *      when      who, in its column        what it did, what it saw and how far behind, what it wrote
 */
#ifndef SM_TIMELINE_H
#define SM_TIMELINE_H

#include "journal.h"
#include "str.h"

struct sm_timeline {
    struct sm_region *region; /* of all texts */
    struct sm_str text;
    bool all;      /* events that people do not want to see, too */
    uint32_t last; /* keep this many lines only; 0: all */
    uint32_t lines;
    bool full; /* a quarter of its region's limit is used up: nothing is added any more */
    uint32_t column_count;
    const char *columns[32]; /* actors in order of appearance */
};

void sm_timeline_init(struct sm_timeline *timeline, struct sm_region *region);
void sm_timeline_add(struct sm_timeline *timeline, const struct sm_journal_event *event);

/* One event as a line without its time and actor. */
const char *sm_timeline_what(struct sm_region *r, const struct sm_journal_event *event);

#endif
