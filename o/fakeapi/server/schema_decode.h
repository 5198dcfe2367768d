/* Inside decoding: where it is, and how it words what is wrong there. Only schema_decode.c and schema_error.c include this. */
#ifndef SM_SCHEMA_DECODE_H
#define SM_SCHEMA_DECODE_H

#include "schema.h"
#include "schema_types.h"

/* One step from the root to a value. The steps are a chain through the stack. */
struct place {
    const struct place *up;
    const struct sm_schema *object; /* whose field [key] is; NULL for the key of a map and for an index */
    const char *key;                /* NULL: an index */
    size_t index;
};

struct decoder {
    struct sm_region *region;
    struct sm_decoded *out;
    bool key_order;
};

/* Names an unknown field, as `spec.template.spec.containers[0].imag`. */
void decoder_unknown(struct decoder *d, const struct place *at);

/* Each notes the error, if it is the first, and returns NULL. */
sm_val decoder_error(struct decoder *d, const char *error);
sm_val decoder_type_error(struct decoder *d, const struct place *at, sm_val v, const struct sm_schema *wanted);
sm_val decoder_time_error(struct decoder *d, const char *text, bool micro);

#endif
