/* Validation of metadata, in the order and with the repeats of Kubernetes.
 *
 * An update validates metadata several times over: the generic code does, and so does each kind. The message is rid of
 * repeats, details.causes is not, and clients see them: so what is found once is noted as often as Kubernetes finds it.
 * What did not change is not looked at: it was valid when it was written.
 */
#include <string.h>

#include "field_errors.h"
#include "json.h"
#include "kind.h"
#include "names.h"
#include "validate.h"

enum { ANNOTATIONS_BYTES_MAX = 256 * 1024 };

typedef size_t name_rule(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]);

static name_rule *const name_rules[] = {
    [SM_NAME_SUBDOMAIN] = sm_names_subdomain,
    [SM_NAME_LABEL] = sm_names_label,
    [SM_NAME_LABEL_1035] = sm_names_label_1035,
    [SM_NAME_PATH_SEGMENT] = sm_names_path_segment,
};

const char *sm_validate_name(enum sm_name_rule rule, const char *name) {
    const char *faults[SM_NAMES_ERRORS_MAX];
    return name_rules[rule](name, faults) ? faults[0] : NULL;
}

/* Notes what [rule] says of [text], as faults of [value]; NULL: the text itself. */
static void check_at(struct sm_field_errors *errors, const struct sm_spot *at, name_rule *rule, const char *text, sm_val value) {
    const char *faults[SM_NAMES_ERRORS_MAX];
    size_t count = rule(text, faults);
    for (size_t i = 0; i < count; i++)
        sm_field_invalid(errors, sm_spot_text(errors, at), value ? value : sm_val_str(errors->region, text), faults[i]);
}

static void check(struct sm_field_errors *errors, const char *path, name_rule *rule, sm_val value) {
    check_at(errors, SPOT(NULL, path), rule, sm_val_text(value), value);
}

void sm_validate_is_subdomain(struct sm_field_errors *errors, const char *path, sm_val value) {
    check(errors, path, sm_names_subdomain, value);
}

static void check_labels(struct sm_field_errors *errors, const struct sm_spot *at, sm_val labels) {
    const struct sm_member *label;
    SM_EACH_MEMBER(label, labels) {
        check_at(errors, at, sm_names_qualified, label->key, NULL);
        check_at(errors, at, sm_names_label_value, sm_val_text(label->value), NULL);
    }
}

void sm_validate_labels(struct sm_field_errors *errors, const char *path, sm_val labels) {
    check_labels(errors, SPOT(NULL, path), labels);
}

static const char *lower(struct sm_region *r, const char *text) {
    char *copy = sm_region_strdup(r, text);
    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

void sm_validate_annotations(struct sm_field_errors *errors, const char *path, sm_val annotations) {
    const struct sm_member *annotation;
    size_t bytes = 0;
    SM_EACH_MEMBER(annotation, annotations) {
        const char *key = lower(errors->region, annotation->key);
        bool same = strcmp(key, annotation->key) == 0;
        check_at(errors, SPOT(NULL, path), sm_names_qualified, key, same ? NULL : sm_val_str(errors->region, annotation->key));
        bytes += annotation->key_bytes + annotation->value->count;
    }
    if (bytes > ANNOTATIONS_BYTES_MAX)
        sm_field_too_long(errors, path, ANNOTATIONS_BYTES_MAX);
}

static void check_requirement(struct sm_field_errors *errors, const struct sm_spot *at, sm_val requirement) {
    sm_val values = sm_val_get(requirement, "values"), operation = sm_val_get(requirement, "operator");
    if (sm_val_is_text(operation, "In") || sm_val_is_text(operation, "NotIn")) {
        if (sm_val_count(values) == 0)
            sm_field_required(errors, sm_spot_text(errors, SPOT(at, "values")), "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (sm_val_is_text(operation, "Exists") || sm_val_is_text(operation, "DoesNotExist")) {
        if (sm_val_count(values) > 0)
            sm_field_forbidden(errors, sm_spot_text(errors, SPOT(at, "values")),
                               "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "operator")), operation ? operation : SM_EMPTY_STRING,
                         "not a valid selector operator");
    check_at(errors, SPOT(at, "key"), sm_names_qualified, sm_val_text(sm_val_get(requirement, "key")), NULL);
    sm_val value;
    SM_EACH_ITEM(value, values)
        check_at(errors, SPOT_AT(SPOT(at, "values"), value_i), sm_names_label_value, sm_val_text(value), NULL);
}

void sm_validate_label_selector(struct sm_field_errors *errors, const char *path, sm_val selector) {
    const struct sm_spot *at = SPOT(NULL, path);
    check_labels(errors, SPOT(at, "matchLabels"), sm_val_get(selector, "matchLabels"));
    sm_val requirement;
    SM_EACH_ITEM(requirement, sm_val_get(selector, "matchExpressions"))
        check_requirement(errors, SPOT_AT(SPOT(at, "matchExpressions"), requirement_i), requirement);
}

const char *sm_validate_go_value(struct sm_field_errors *errors, const char *type, sm_val value) {
    if (!value || sm_val_is_null(value))
        return sm_field_text(errors, "%s(nil)", type);
    const char *text = sm_json_text(errors->region, value, SM_JSON_COMPACT);
    size_t bytes = strlen(text);
    bool enclosed = bytes >= 2 && (*text == '[' || *text == '{');
    return enclosed ? sm_field_text(errors, "%s{%.*s}", type, (int)(bytes - 2), text + 1) : sm_field_text(errors, "%s{%s}", type, text);
}

/* --- metadata -------------------------------------------------------------------------------------------------------------- */

static void validate_owner(struct sm_field_errors *errors, sm_val owner) {
    static const char *const required[][2] = {
        {"apiVersion", "version must not be empty"},
        {"kind",       "kind must not be empty"},
        {"name",       "name must not be empty"},
        {"uid",        "uid must not be empty"},
    };
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!*sm_val_text(sm_val_get(owner, required[i][0])))
            sm_field_invalid(errors, sm_field_text(errors, "metadata.ownerReferences.%s", required[i][0]), SM_EMPTY_STRING, required[i][1]);
    if (sm_val_is_text(sm_val_get(owner, "apiVersion"), "v1") && sm_val_is_text(sm_val_get(owner, "kind"), "Event"))
        sm_field_invalid_text(errors, "metadata.ownerReferences", sm_validate_go_value(errors, "v1.OwnerReference", owner),
                              "/v1, Kind=Event is disallowed from being an owner");
}

static void validate_owners(struct sm_field_errors *errors, sm_val owners) {
    sm_val owner, first = NULL;
    SM_EACH_ITEM(owner, owners) {
        validate_owner(errors, owner);
        if (!sm_val_is_true(sm_val_get(owner, "controller")))
            continue;
        if (first)
            sm_field_invalid_text(errors, "metadata.ownerReferences", sm_validate_go_value(errors, "[]v1.OwnerReference", owners),
                                  sm_field_text(errors,
                                                "Only one reference can have Controller set to true. Found \"true\" in references "
                                                "for %s/%s and %s/%s",
                                                sm_val_str_at(first, "kind"), sm_val_str_at(first, "name"), sm_val_str_at(owner, "kind"),
                                                sm_val_str_at(owner, "name")));
        else
            first = owner;
    }
}

static bool has_text(sm_val list, const char *text) {
    sm_val item;
    SM_EACH_ITEM(item, list)
        if (sm_val_is_text(item, text))
            return true;
    return false;
}

static void validate_finalizers(struct sm_field_errors *errors, sm_val finalizers) {
    sm_val finalizer;
    SM_EACH_ITEM(finalizer, finalizers)
        check(errors, "metadata.finalizers", sm_names_qualified, finalizer);
    if (has_text(finalizers, "orphan") && has_text(finalizers, "foregroundDeletion"))
        sm_field_invalid_text(errors, "metadata.finalizers", sm_validate_go_value(errors, "[]string", finalizers),
                              "finalizer orphan and foregroundDeletion cannot be both set");
}

/* Built-in kinds know three finalizers without a domain. */
static void validate_finalizer_domains(struct sm_field_errors *errors, sm_val finalizers) {
    static const char *const standard[] = {"kubernetes", "orphan", "foregroundDeletion"};
    sm_val finalizer;
    SM_EACH_ITEM(finalizer, finalizers) {
        bool known = strchr(sm_val_text(finalizer), '/') != NULL;
        for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
            known |= sm_val_is_text(finalizer, standard[i]);
        if (!known)
            sm_field_invalid(errors, sm_field_text(errors, "metadata.finalizers[%zu]", finalizer_i), finalizer,
                             "name is neither a standard finalizer name nor is it fully qualified");
    }
}

/* A base for generated names may end in `-`. */
static const char *without_dash(struct sm_region *r, const char *base) {
    size_t bytes = strlen(base);
    char *copy = sm_region_strdup(r, base);
    if (bytes > 1 && copy[bytes - 1] == '-')
        copy[bytes - 1] = 'a';
    return copy;
}

static void validate_names(struct sm_field_errors *errors, const struct sm_kind_info *kind, sm_val meta) {
    sm_val base = sm_val_get(meta, "generateName"), name = sm_val_get(meta, "name");
    if (*sm_val_text(base))
        check_at(errors, SPOT(NULL, "metadata.generateName"), name_rules[kind->name_rule], without_dash(errors->region, sm_val_text(base)),
                 base);
    if (!*sm_val_text(name))
        sm_field_required(errors, "metadata.name", "name or generateName is required");
    else
        check(errors, "metadata.name", name_rules[kind->name_rule], name);
    if (!kind->resource->namespaced && *sm_val_str_at(meta, "namespace"))
        sm_field_forbidden(errors, "metadata.namespace", "not allowed on this type");
}

static void validate_generation(struct sm_field_errors *errors, sm_val meta) {
    sm_val generation = sm_val_get(meta, "generation");
    if (sm_val_is_int(generation) && generation->integer < 0)
        sm_field_invalid(errors, "metadata.generation", generation, "must be greater than or equal to 0");
}

static void validate_create(struct sm_field_errors *errors, const struct sm_kind_info *kind, sm_val meta) {
    validate_names(errors, kind, meta);
    validate_generation(errors, meta);
    sm_validate_labels(errors, "metadata.labels", sm_val_get(meta, "labels"));
    sm_validate_annotations(errors, "metadata.annotations", sm_val_get(meta, "annotations"));
    validate_owners(errors, sm_val_get(meta, "ownerReferences"));
    validate_finalizers(errors, sm_val_get(meta, "finalizers"));
    if (!kind->custom)
        validate_finalizer_domains(errors, sm_val_get(meta, "finalizers"));
}

/* `2001-01-01 00:00:00 +0000 UTC`, as Go prints a time in a message; other values as in JSON. */
static const char *immutable_text(struct sm_field_errors *errors, sm_val value) {
    if (!value || sm_val_is_null(value))
        return "null";
    const char *text = sm_json_text(errors->region, value, SM_JSON_COMPACT);
    bool is_time = sm_val_is_string(value) && value->count == strlen("2001-01-01T00:00:00Z") && value->string[10] == 'T';
    return is_time ? sm_field_text(errors, "%.10s %.8s +0000 UTC", value->string, value->string + 11) : text;
}

static void validate_immutable(struct sm_field_errors *errors, sm_val meta, sm_val before) {
    static const char *const fields[] = {"name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
                                         "deletionGracePeriodSeconds"};
    if (sm_val_get(before, "deletionTimestamp")) {
        sm_val finalizer, added = NULL, old = sm_val_get(before, "finalizers");
        SM_EACH_ITEM(finalizer, sm_val_get(meta, "finalizers"))
            if (!has_text(old, sm_val_text(finalizer)))
                added = sm_val_append(errors->region, added, finalizer);
        if (added)
            sm_field_forbidden(errors, "metadata.finalizers",
                               sm_field_text(errors,
                                             "no new finalizers can be added if the object is being deleted, found new finalizers %s",
                                             sm_validate_go_value(errors, "[]string", added)));
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        sm_val value = sm_val_get(meta, fields[i]);
        if (!sm_val_equal(value, sm_val_get(before, fields[i])))
            sm_field_invalid_text(errors, sm_field_text(errors, "metadata.%s", fields[i]), immutable_text(errors, value),
                                  "field is immutable");
    }
}

/* Notes the causes from [first] on once more, [times] times. */
static void repeat(struct sm_field_errors *errors, size_t first, int times) {
    size_t end = errors->count;
    for (int i = 0; i < times; i++)
        for (size_t at = first; at < end; at++)
            sm_field_error(errors, errors->causes[at].reason, errors->causes[at].field, errors->causes[at].message);
}

static bool same(sm_val a, sm_val b, const char *field) {
    return sm_val_equal(sm_val_get(a, field), sm_val_get(b, field));
}

/* True if nothing differs but what the server itself writes at every change: what nearly every update comes with. */
static bool only_books_differ(sm_val meta, sm_val before) {
    if (sm_val_count(meta) != sm_val_count(before))
        return false;
    for (size_t i = 0; i < sm_val_count(meta); i++) {
        const struct sm_member *new = &meta->map[i], *old = &before->map[i];
        if (new->key != old->key && strcmp(new->key, old->key) != 0)
            return false;
        if (!sm_val_equal(new->value, old->value) && strcmp(new->key, "managedFields") != 0 && strcmp(new->key, "generation") != 0)
            return false;
    }
    return true;
}

static void validate_update(struct sm_field_errors *errors, const struct sm_kind_info *kind, sm_val meta, sm_val before) {
    size_t first = errors->count;
    if (only_books_differ(meta, before))
        return;
    validate_immutable(errors, meta, before);
    repeat(errors, first, 1);

    first = errors->count;
    if (!same(meta, before, "labels"))
        sm_validate_labels(errors, "metadata.labels", sm_val_get(meta, "labels"));
    if (!same(meta, before, "annotations"))
        sm_validate_annotations(errors, "metadata.annotations", sm_val_get(meta, "annotations"));
    if (!same(meta, before, "ownerReferences"))
        validate_owners(errors, sm_val_get(meta, "ownerReferences"));
    repeat(errors, first, kind->custom ? 2 : 3);

    if (same(meta, before, "finalizers"))
        return;
    first = errors->count;
    validate_finalizers(errors, sm_val_get(meta, "finalizers"));
    repeat(errors, first, kind->custom ? 0 : 1);
    if (!kind->custom)
        validate_finalizer_domains(errors, sm_val_get(meta, "finalizers"));
}

void sm_validate_meta(struct sm_field_errors *errors, const struct sm_kind_info *kind, sm_val object, sm_val before) {
    sm_val meta = sm_val_get(object, "metadata"), meta_before = sm_val_get(before, "metadata");
    if (before)
        validate_update(errors, kind, meta, meta_before);
    else
        validate_create(errors, kind, meta);
}
