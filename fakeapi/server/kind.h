/* Kinds: what distinguishes one resource from another in the server. Built-in ones are rows of one table (kinds.c) with
 * their functions in kind_*.c, one file a kind; a custom resource definition makes one more when it is stored (crd.h).
 * Verbs ask the row and never the name of a kind. */
#ifndef SM_KIND_H
#define SM_KIND_H

#include "clock.h"
#include "resource.h"
#include "schema.h"
#include "view.h"

enum sm_generation {
    SM_GENERATION_NONE,         /* no generation; a client's value is kept (ConfigMap) */
    SM_GENERATION_SPEC,         /* counts changes of spec */
    SM_GENERATION_ALL_BUT_STATUS, /* custom resources with the status subresource: anything outside metadata and status */
    SM_GENERATION_ALL,          /* custom resources without: anything outside metadata */
};

enum sm_name_rule { SM_NAME_SUBDOMAIN, SM_NAME_LABEL, SM_NAME_LABEL_1035, SM_NAME_PATH_SEGMENT /* RBAC */ };

enum sm_propagation { SM_BACKGROUND, SM_FOREGROUND, SM_ORPHAN };

/* What functions of a kind may see of a write. */
struct sm_write {
    struct sm_region *region;
    sm_time now;
    const char *kubernetes;  /* `1.33`, `1.37` */
    const char *subresource; /* "" or `status` */
    const char *api_version; /* that the client speaks */
};

struct sm_kind_info {
    const struct sm_resource *resource;
    const struct sm_schema *schema;
    const struct sm_view *view; /* NULL: it is stored as itself */
    const char *list_kind;      /* `PodList` */
    const char *singular;
    const char *const *short_names; /* ended by NULL; NULL: none */
    const char *const *categories;

    enum sm_generation generation;
    enum sm_name_rule name_rule;
    enum sm_propagation propagation;
    bool custom;                /* by a custom resource definition */
    sm_val version;             /* custom: the entry of spec.versions it was made of (printer columns, subresources, warning) */
    bool status;                /* has /status; writes of the main resource leave .status alone and the other way round */
    bool scale;                 /* has /scale at .spec.replicas, .status.replicas, .status.selector */
    bool update_needs_version;  /* PUT without resourceVersion is 422 */
    bool create_on_update;      /* PUT of an absent object creates it */
    bool delete_answers_object; /* DELETE that removes answers with the object, not with a Status */
    bool graceful;              /* deleted with grace (pods) */

    /* Each may be NULL. They return the object to go on with; they see decoded and defaulted objects.
     * create: server-side fields of a new object (status of a pod, labels of a namespace, finalizers by admission …), once
     *   metadata has its name, namespace, uid and times, and status is the zero of its schema.
     * update: [before] is the stored object; what a client may not change silently is put back. */
    sm_val (*create)(const struct sm_write *write, sm_val object);
    sm_val (*update)(const struct sm_write *write, sm_val object, sm_val before);
    /* Validation beyond metadata. [before] is NULL for a create. */
    void (*validate)(const struct sm_write *write, struct sm_field_errors *errors, sm_val object, sm_val before);
    /* Warnings, as texts, for a Warning header each. NULL: none. */
    void (*warn)(const struct sm_write *write, sm_val object, sm_val before, void (*say)(void *arg, const char *text), void *arg);

    /* Fields a field selector may name besides metadata.name and metadata.namespace; ended by NULL. */
    const char *const *selectable;
};

/* The row of a built-in resource, NULL if there is none. */
const struct sm_kind_info *sm_kind_builtin(const struct sm_resource *resource);

/* The text of a selectable field of an object: `status.phase` and so on; "" if absent in the object. */
const char *sm_kind_field_text(struct sm_region *r, sm_val object, const char *path);

/* metadata: names, labels, annotations, ownerReferences, finalizers (validate_meta.c). [before] NULL: create. */
void sm_validate_meta(struct sm_field_errors *errors, const struct sm_kind_info *kind, sm_val object, sm_val before);
void sm_validate_labels(struct sm_field_errors *errors, const char *path, sm_val labels);
void sm_validate_label_selector(struct sm_field_errors *errors, const char *path, sm_val selector);
/* NULL if [name] obeys the rule, else the text of the detail. */
const char *sm_validate_name(enum sm_name_rule rule, const char *name);

#endif
