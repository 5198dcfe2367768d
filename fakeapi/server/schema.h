/* Schemas: what fields an object has and how they behave. One table a kind (schema_*.c), or compiled from a custom resource
 * definition (crd.h); it serves decoding, defaulting, validation, strategic merge, apply, and later OpenAPI and protobuf.
 *
 *      StatefulSet ── spec ──▶ StatefulSetSpec ── template ──▶ PodTemplateSpec ── … ── containers ──▶ list of Container, keys name
 *
 * Built-in schemas are static tables; those of custom resources live in the region their definition was compiled in.
 */
#ifndef SM_SCHEMA_H
#define SM_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field_errors.h"
#include "val.h"

enum sm_type {
    SM_TYPE_ANY,           /* anything: a raw extension, x-kubernetes-preserve-unknown-fields without a type */
    SM_TYPE_OBJECT,        /* fields by name */
    SM_TYPE_MAP,           /* any key, one schema of values */
    SM_TYPE_LIST,
    SM_TYPE_STRING,
    SM_TYPE_BOOL,
    SM_TYPE_INT32,
    SM_TYPE_INT64,
    SM_TYPE_NUMBER,        /* custom resources only */
    SM_TYPE_INT_OR_STRING, /* IntOrString */
    SM_TYPE_QUANTITY,      /* resource.Quantity: canonicalised when decoded */
    SM_TYPE_TIME,          /* metav1.Time, whole seconds */
    SM_TYPE_MICROTIME,     /* metav1.MicroTime */
    SM_TYPE_BYTES,         /* base64 */
};

enum sm_list { SM_LIST_ATOMIC, SM_LIST_SET, SM_LIST_MAP };

enum { SM_SCHEMA_KEYS_MAX = 4 };

struct sm_field;

struct sm_schema {
    const char *name; /* the Go type (`StatefulSetSpec`, `RestartPolicy`); for messages; may be NULL */
    enum sm_type type;
    bool nullable;         /* custom resources: an explicit null is kept */
    bool preserve_unknown; /* OBJECT: fields it does not know are kept */
    bool atomic;           /* OBJECT, MAP: apply owns it as a whole */

    /* LIST and MAP. */
    const struct sm_schema *element;

    /* LIST: how apply sees it, and how strategic merge does (the two differ, see kubernetes.md 4.2 and 4.3). */
    enum sm_list list;
    const char *keys[SM_SCHEMA_KEYS_MAX + 1]; /* LIST_MAP: apply's keys, ended by NULL */
    const char *merge_key;                    /* strategic merge's key; "" merges a list of scalars as a set; NULL replaces it whole */
    bool wrapped;                             /* LIST: protobuf has a message with the list as its field 1 */
    bool retain_keys;                         /* patchStrategy retainKeys: of the elements of a list, or of an object */

    /* OBJECT. */
    bool plain;                    /* nothing in it has a default: defaulting need not look. A test keeps this honest */
    const struct sm_field *fields; /* sorted by name */
    uint32_t field_count;
    /* Defaults that no constant can say (imagePullPolicy, targetPort = port); called after the constants and after the
     * fields' own defaults; what it adds is complete. Depends on [object] alone, and changes nothing the second time. */
    sm_val (*fill)(struct sm_region *r, sm_val object);

    /* What OpenAPI says of a custom resource beyond types: enum, pattern, bounds, rules. NULL for built-ins. Where it is set,
     * decoding prunes, but checks no type and leaves out nothing that is empty: validation speaks of types (crd.h). */
    const struct sm_structural *structural;
};

/* How a field whose value is empty comes out of the server: what its Go type and its `omitempty` make of it. */
enum sm_presence {
    SM_OPTIONAL,   /* a pointer: null means absent, everything else is kept, `0` and `{}` too. Fields of custom resources */
    SM_OMIT_EMPTY, /* `""`, `0`, `false`, `[]` and `{}` mean absent */
    SM_ALWAYS,     /* absent comes out as the zero value: `""`, `0`, a struct's own zero, null for times, lists and maps */
    SM_OR_NULL,    /* a pointer that is always printed: absent comes out as null */
};

#define SM_FIELD_IN(outer, inner) ((outer) << 8 | (inner))

struct sm_field {
    const char *name;
    const struct sm_schema *schema;
    enum sm_presence presence;
    const char *absent; /* default as JSON text (`"TCP"` in quotes, `30`, `{}`); NULL: none */
    /* In the kind's protobuf message; 0: it has none there (apiVersion and kind, custom resources). What JSON shows flat and
     * protobuf holds in a message of its own has that message's number times 256 on top: SM_FIELD_IN. */
    uint16_t number;
};

/* The field of that name, NULL if there is none. O(log fields). */
const struct sm_field *sm_schema_field(const struct sm_schema *schema, const char *name, size_t name_bytes);

/* The schema of a field, for MAP that of its values, whatever the name. NULL if the schema does not know. */
const struct sm_schema *sm_schema_child(const struct sm_schema *schema, const char *name, size_t name_bytes);

/* metadata's own schema, for custom resources too. */
extern const struct sm_schema sm_schema_object_meta;

/* What comes out for a value that nobody set: the zero of SM_ALWAYS. A StatefulSet's status: `{replicas: 0, availableReplicas: 0}`. */
sm_val sm_schema_zero(struct sm_region *r, const struct sm_schema *schema);

/* --- Decoding: what Kubernetes' typed decoder does to a body ---------------------------------------------------------- */

enum { SM_UNKNOWN_MAX = 64 };

struct sm_decoded {
    sm_val object;                       /* NULL if the body cannot be decoded */
    const char *error;                   /* then: Go's words for it (`json: cannot unmarshal string into Go struct field …`) */
    const char *unknown[SM_UNKNOWN_MAX]; /* paths of fields dropped (`spec.foo`), in the server's order of warning */
    uint32_t unknown_count;
};

/* Both may be absent. */
struct sm_decode_options {
    sm_val known; /* an object of this schema, decoded before: what the body shares with it is not looked at again */
    bool patched; /* the body is the result of a patch: its unknown fields are named in the order of keys. Otherwise as in a
                   * document: inner ones first, then those of the object itself (the writer's own order is not known) */
};

/* Drops unknown fields and nulls that mean absent, checks types, canonicalises quantities and times, drops empty values that
 * the Go type omits (omitempty) and adds those it always prints (as `status.replicas: 0`). Returns [body] itself if that
 * changes nothing. [options] may be NULL. */
struct sm_decoded sm_schema_decode_with(struct sm_region *r, const struct sm_schema *schema, sm_val body,
                                        const struct sm_decode_options *options);
struct sm_decoded sm_schema_decode(struct sm_region *r, const struct sm_schema *schema, sm_val body);

/* Fills in defaults everywhere. Returns [object] itself if nothing was missing. Parts that [known], an object defaulted
 * before, has too are not looked at again; it may be NULL. */
sm_val sm_schema_default_with(struct sm_region *r, const struct sm_schema *schema, sm_val object, sm_val known);
sm_val sm_schema_default(struct sm_region *r, const struct sm_schema *schema, sm_val object);

#endif
