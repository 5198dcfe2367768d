#include "custom_names.h"

#include <string.h>

#include "meta.h"
#include "store.h"

struct naming {
    struct sm_region *r;
    const struct sm_server *server;
    const char *group, *self;
    const char *wanted; /* the name in question */
    bool of_kind;       /* a kind or a list kind; else plural, singular or short */
    bool used;
    const char *reason, *message; /* the last conflict; NULL: none */
};

static bool is_in(sm_val list, const char *text) {
    sm_val item;

    SM_EACH_ITEM(item, list) {
        if (sm_val_is_text(item, text))
            return true;
    }
    return false;
}

static bool uses_name(void *arg, const char *key, const void *value) {
    struct naming *n = arg;
    sm_val definition = value, names = sm_val_at(definition, "status.acceptedNames");

    if (strcmp(key, n->self) == 0 || strcmp(sm_val_str_at(definition, "spec.group"), n->group) != 0)
        return true;
    if (n->of_kind)
        n->used = sm_val_is_text(sm_val_get(names, "kind"), n->wanted) || sm_val_is_text(sm_val_get(names, "listKind"), n->wanted);
    else
        n->used = sm_val_is_text(sm_val_get(names, "plural"), n->wanted) || sm_val_is_text(sm_val_get(names, "singular"), n->wanted) ||
                  is_in(sm_val_get(names, "shortNames"), n->wanted);
    return !n->used;
}

static bool is_used(struct naming *n, const char *wanted) {
    n->wanted = wanted;
    n->used = false;
    if (*wanted)
        sm_pmap_each(sm_store_slot(n->server, SM_CRDS)->log.root, "", uses_name, n);
    return n->used;
}

static void conflict(struct naming *n, const char *reason, const char *name) {
    n->reason = reason;
    n->message = sm_region_printf(n->r, "\"%s\" is already in use", name);
}

/* A name is taken over if it was accepted before or nobody else uses it. */
static sm_val take_name(struct naming *n, sm_val accepted, sm_val spec, const char *field, const char *reason) {
    sm_val name = sm_val_get(spec, field);

    n->of_kind = strcmp(field, "kind") == 0 || strcmp(field, "listKind") == 0;
    if (!sm_val_equal(name, sm_val_get(accepted, field)) && is_used(n, sm_val_text(name))) {
        conflict(n, reason, sm_val_text(name));
        return accepted;
    }
    return sm_val_set(n->r, accepted, field, name);
}

static sm_val take_short_names(struct naming *n, sm_val accepted, sm_val spec) {
    sm_val names = sm_val_get(spec, "shortNames"), name, old = sm_val_get(accepted, "shortNames");
    bool free = true;

    n->of_kind = false;
    SM_EACH_ITEM(name, names) {
        if (is_in(old, sm_val_text(name)) || !is_used(n, sm_val_text(name)))
            continue;
        conflict(n, "ShortNamesConflict", sm_val_text(name));
        free = false;
    }
    return free ? sm_val_set(n->r, accepted, "shortNames", names) : accepted;
}

sm_val sm_custom_accept_names(struct sm_env *env, const struct sm_server *server, sm_val definition) {
    struct sm_region *r = env->scratch;
    struct naming n = {.r = r, .server = server, .group = sm_val_str_at(definition, "spec.group"), .self = sm_meta_name(definition)};
    sm_val spec = sm_val_at(definition, "spec.names"), names = sm_val_at(definition, "status.acceptedNames");
    sm_val conditions = sm_val_at(definition, "status.conditions");

    names = take_name(&n, names, spec, "plural", "PluralConflict");
    names = take_name(&n, names, spec, "singular", "SingularConflict");
    names = take_short_names(&n, names, spec);
    names = take_name(&n, names, spec, "kind", "KindConflict");
    names = take_name(&n, names, spec, "listKind", "ListKindConflict");
    names = sm_val_set(r, names, "categories", sm_val_get(spec, "categories"));

    conditions = sm_condition_set(r, conditions, "NamesAccepted", n.reason ? "False" : "True", n.reason ? n.reason : "NoConflicts",
                                  n.reason ? n.message : "no conflicts found", 0, env->now);
    if (!n.reason && !sm_condition_is(conditions, "Established", "True"))
        conditions =
            sm_condition_set(r, conditions, "Established", "False", "Installing", "the initial names have been accepted", 0, env->now);
    else if (!sm_condition_find(conditions, "Established"))
        conditions = sm_condition_set(r, conditions, "Established", "False", "NotAccepted", "not all names are accepted", 0, env->now);
    definition = sm_val_set_at(r, definition, "status.acceptedNames", names);
    return sm_val_set_at(r, definition, "status.conditions", conditions);
}
