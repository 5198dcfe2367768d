/* Plays one recorded conversation. The format is described in ../shared/conformance/README.md. */
#ifndef SM_PLAYER_H
#define SM_PLAYER_H

#include "val.h"

/* NULL if every reply was as recorded, else the first step that was not and how they differ. All memory is [r]'s.
 * [kubernetes]: `1.37`; NULL: 1.33. */
const char *sm_player_play(struct sm_region *r, sm_val recording, bool controllers, const char *kubernetes);

#endif
