/* Where a reply differs from its recording, in words. */
#ifndef SM_DIFFERENCE_H
#define SM_DIFFERENCE_H

#include "val.h"

enum { SM_DIFFERENCES_SHOWN = 6 };

/* `.spec.replicas: got 2, recorded 3; …`; NULL if they agree. */
const char *sm_difference(struct sm_region *r, sm_val recorded, sm_val got);

#endif
