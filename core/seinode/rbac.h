/* The ClusterRole of the controller. */
#ifndef SM_SEINODE_RBAC_H
#define SM_SEINODE_RBAC_H

#include "profile.h"

/* JSON text of the rules that [profile] ships. */
const char *sm_seinode_rules(const struct sm_profile *profile);

#endif
