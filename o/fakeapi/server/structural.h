/* Structural schemas: what openAPIV3Schema of a custom resource definition says, compiled for checking values.
 *
 * A node stands beside every sm_schema node of a custom resource (its `structural`), and below allOf, anyOf, oneOf and not,
 * which no sm_schema has. Nodes are immutable and live in the region they were compiled in.
 *
 * Checking has three parts, in the order of kube-apiserver: the schema (structural_check.c), the invariants of lists and
 * embedded objects (structural_lists.c), and, unless the first two say that the object is broken, the rules
 * (structural_rules.c). Each part skips what it has nothing to say about by the flags below_*.
 */
#ifndef SM_STRUCTURAL_H
#define SM_STRUCTURAL_H

#include "cel.h"
#include "field_errors.h"
#include "field_path.h"
#include "regex.h"
#include "schema.h"

/* Bits of sm_structural.types. */
enum sm_json_type {
    SM_JSON_OBJECT = 1,
    SM_JSON_ARRAY = 2,
    SM_JSON_STRING = 4,
    SM_JSON_INTEGER = 8,
    SM_JSON_NUMBER = 16,
    SM_JSON_BOOLEAN = 32,
};

struct sm_format;

/* One x-kubernetes-validations entry. */
struct sm_rule {
    const struct sm_cel *cel, *message_cel; /* message_cel NULL: none */
    const char *message;                    /* trimmed; "" for none */
    const char *rule;                       /* trimmed */
    const char *field;                      /* fieldPath without its leading dot; NULL: none */
    const char *reason;                     /* `FieldValueInvalid` … */
    bool transition, optional_old;
};

struct sm_property {
    const char *name;
    const struct sm_structural *node;
};

struct sm_structural {
    uint8_t types; /* enum sm_json_type; 0: any */
    uint8_t list;  /* enum sm_list */
    bool nullable, int_or_string, preserve_unknown;
    bool embedded, root; /* both have apiVersion, kind and metadata */
    bool exclusive_minimum, exclusive_maximum, has_minimum, has_maximum, unique_items;
    bool below_rules, below_transitions, below_lists, below_embedded; /* here or below: rules, rules with oldSelf … */

    const char *type_text; /* `integer`, `integer,string` */
    const char *rule_type; /* what failed rules print as the value: `object`; "" for int-or-string */
    const struct sm_format *format;
    const struct sm_regex *pattern;
    const char *pattern_text;

    double minimum, maximum, multiple_of; /* multiple_of 0: none */
    int64_t length_min, length_max;       /* of strings, in characters; -1: none; likewise: */
    int64_t items_min, items_max, properties_min, properties_max;

    sm_val enumeration;                   /* NULL: none */
    const char *const *enumeration_texts; /* ended by NULL */

    const struct sm_property *properties; /* sorted by name */
    const char *const *required;
    const char *const *keys; /* of a list of type map; ended by NULL */
    uint32_t property_count, required_count;
    const struct sm_structural *additional, *items;
    bool forbids_additional;

    const struct sm_structural *const *all_of, *const *any_of, *const *one_of; /* ended by NULL; NULL: none */
    const struct sm_structural *none_of;                                       /* `not` */

    const struct sm_rule *rules;
    uint32_t rule_count;
};

/* Compiles [json], an openAPIV3Schema, to the schema of a kind. [path] is where it stands in the definition. Errors are added
 * under it; the result is then not to be used. */
const struct sm_schema *sm_structural_compile(struct sm_region *r, struct sm_field_errors *errors, const struct sm_field_path *path,
                                              const char *kind, sm_val json);

/* NULL: there is none. */
static inline const struct sm_structural *sm_structural_property(const struct sm_structural *node, const char *name) {
    uint32_t low = 0, high = node->property_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(name, node->properties[middle].name);
        if (order == 0)
            return node->properties[middle].node;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The three parts. [before] NULL: nothing to compare with. [top]: the path of [value], NULL for an object; names in messages
 * are relative to it. */
void sm_structural_check(const struct sm_structural *node, struct sm_field_errors *errors, const struct sm_field_path *top, sm_val value,
                         sm_val before);
void sm_structural_check_lists(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value, sm_val before);
void sm_structural_check_embedded(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value);
void sm_structural_check_rules(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value, sm_val before);

/* The element of [list], the old value of a list of type map, with the keys of [item]; NULL if there is none or [node] is
 * another kind of list. */
sm_val sm_structural_same_item(const struct sm_structural *node, sm_val list, sm_val item);

/* Formats that Kubernetes checks; NULL for another. */
const struct sm_format *sm_format_find(const char *name);
const char *sm_format_name(const struct sm_format *format);
bool sm_format_accepts(const struct sm_format *format, const char *text, size_t bytes);

#endif
