/* Protobuf as Kubernetes writes it: four bytes of magic, then an envelope that names kind and version of the message in it. What
 * the fields of a message are is in the tables of schemas, as for everything else (schema.h).
 *
 *      "k8s\0" { typeMeta { apiVersion, kind }, raw: message } */
#ifndef SM_PROTOBUF_H
#define SM_PROTOBUF_H

#include "server.h"
#include "str.h"

/* A body as the object it says. NULL and [reterr] if it is none: malformed, or of a kind that has no message here. */
sm_val sm_protobuf_decode(struct sm_region *r, const struct sm_server *server, const char *data, size_t bytes, const char **reterr);

/* Adds an object, list or Status to [out]. False: it has no message here. */
bool sm_protobuf_encode(struct sm_str *out, const struct sm_server *server, sm_val object);

/* Adds an event `{type, object}` of a watch to [out], with its length before it. False: its object has no message here. */
bool sm_protobuf_encode_event(struct sm_str *out, const struct sm_server *server, sm_val event);

/* Has this kind a message? */
bool sm_protobuf_knows(const struct sm_kind_info *kind);

#endif
