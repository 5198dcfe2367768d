/* From a run to its schedule and back: choosers that write down what another chooser answers, and that answer as a schedule says.
 *
 * Both count how often each label has been asked about. A search runs without them, at full speed; a run that is worth keeping is
 * run again under a transcript.
 */
#ifndef SM_TRANSCRIPT_H
#define SM_TRANSCRIPT_H

#include "schedule.h"
#include "sim.h"

struct sm_label_count {
    uint64_t label; /* hash of kind and label; 0: free */
    uint32_t times;
    uint32_t next; /* of a player: its first choice of that label that is still to come */
};

/* --- Writing down --------------------------------------------------------------------------------------------------------- */

struct sm_transcript {
    struct sm_sim_chooser inner;
    struct sm_region *region; /* of what is written */
    struct sm_label_count *counts;
    uint32_t counts_used, counts_size;
    struct sm_chosen *chosen;
    size_t count, capacity;
    uint64_t asked;
};

/* Lives in [region], which must not be the run's. */
struct sm_transcript *sm_transcript_new(struct sm_region *region, const struct sm_sim_chooser *inner);
struct sm_sim_chooser sm_transcript_chooser(struct sm_transcript *transcript);

/* --- Playing -------------------------------------------------------------------------------------------------------------- */

struct sm_player {
    const struct sm_chosen *chosen;
    size_t count;
    bool *played; /* that choice was met, and went its way */
    bool *met;    /* that choice was met */
    uint32_t *next;
    struct sm_label_count *counts;
    uint32_t counts_size;
};

struct sm_player *sm_player_new(struct sm_region *region, const struct sm_chosen *chosen, size_t count);
struct sm_sim_chooser sm_player_chooser(struct sm_player *player);

#endif
