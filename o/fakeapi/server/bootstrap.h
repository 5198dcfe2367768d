/* What every cluster has from its start: four namespaces, and the RBAC objects that let anybody in. */
#ifndef SM_BOOTSTRAP_H
#define SM_BOOTSTRAP_H

#include "env.h"

struct sm_server;

void sm_bootstrap(struct sm_env *env, struct sm_server *server);

#endif
