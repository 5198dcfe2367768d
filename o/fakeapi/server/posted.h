/* Resources that are posted and answered, but never stored: access reviews, and bindings of pods by their collection. */
#ifndef SM_POSTED_H
#define SM_POSTED_H

#include "call.h"

/* Answers a request whose resource is one of them; false if it is not. Who may ask has been checked. */
bool sm_posted_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request, struct sm_reply *ret_reply);

#endif
