/* Names of custom resources: two definitions of a group cannot share one (Kubernetes: condition NamesAccepted). */
#ifndef SM_CUSTOM_NAMES_H
#define SM_CUSTOM_NAMES_H

#include "custom.h"

/* The definition with acceptedNames and the conditions NamesAccepted and Established as its names allow. */
sm_val sm_custom_accept_names(struct sm_env *env, const struct sm_server *server, sm_val definition);

#endif
