/* What reading and writing of protobuf share. */
#ifndef SM_PROTOBUF_INTERNAL_H
#define SM_PROTOBUF_INTERNAL_H

#include "protobuf.h"

enum sm_wire { SM_WIRE_VARINT = 0, SM_WIRE_64 = 1, SM_WIRE_BYTES = 2, SM_WIRE_32 = 5 };

#define SM_PROTOBUF_MAGIC "k8s\0"
enum { SM_PROTOBUF_MAGIC_BYTES = 4, SM_PROTOBUF_DEPTH_MAX = 64 };

/* The schema of a kind's message; NULL: none. */
const struct sm_schema *sm_protobuf_schema(const struct sm_server *server, const char *api_version, const char *kind);

#endif
