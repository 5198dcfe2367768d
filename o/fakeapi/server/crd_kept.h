/* What crd.c keeps for the program's lifetime, and what crd_definition.c may note there: a spec that was found to be sound
 * once need not be looked at again. */
#ifndef SM_CRD_KEPT_H
#define SM_CRD_KEPT_H

#include "val.h"

bool sm_crd_is_sound(sm_val spec);
void sm_crd_note_sound(sm_val spec); /* does nothing for a spec of which nothing is kept */

#endif
