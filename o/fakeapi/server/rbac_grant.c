/* Privilege escalation: a role may be written only by who holds all of its rules already, or may `escalate` it; a binding only
 * by who holds the rules of its role, or may `bind` it (Kubernetes: "Privilege escalation prevention"). */
#include "call.h"
#include "meta.h"
#include "status.h"
#include "str.h"

#include <string.h>

/* --- Rules taken apart: one verb, one group, one resource, one name ----------------------------------------------------------- */

struct atom {
    const char *verb, *group, *resource, *name, *path;
};

/* Calls [visit] for every combination; a list that is empty counts once, as NULL. */
static bool each_atom(sm_val rule, bool (*visit)(void *arg, const struct atom *atom), void *arg) {
    static const char *const lists[] = {"verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs"};
    enum { LISTS = sizeof lists / sizeof lists[0] };
    bool paths = sm_val_count(sm_val_get(rule, "nonResourceURLs")) > 0;
    size_t count[LISTS], i[LISTS] = {0};
    const char *text[LISTS];

    for (size_t l = 0; l < LISTS; l++)
        count[l] = sm_val_count(sm_val_get(rule, lists[l]));
    if (count[0] == 0 || (!paths && (count[1] == 0 || count[2] == 0)))
        return true;
    for (size_t l = 0; l < LISTS;) {
        for (size_t k = 0; k < LISTS; k++)
            text[k] = count[k] ? sm_val_text(sm_val_item(sm_val_get(rule, lists[k]), i[k])) : NULL;
        if (!visit(arg, &(struct atom){.verb = text[0], .group = text[1], .resource = text[2], .name = text[3], .path = text[4]}))
            return false;
        for (l = 0; l < LISTS && ++i[l] >= count[l]; l++)
            i[l] = 0;
    }
    return true;
}

static bool holds(sm_val list, const char *text) {
    sm_val item;

    SM_EACH_ITEM(item, list) {
        if (sm_val_is_text(item, text) || sm_val_is_text(item, "*"))
            return true;
    }
    return false;
}

static bool holds_resource(sm_val list, const char *resource) {
    const char *slash = strchr(resource, '/');
    sm_val item;

    if (holds(list, resource))
        return true;
    SM_EACH_ITEM(item, list) {
        if (slash && strncmp(sm_val_text(item), "*/", 2) == 0 && strcmp(sm_val_text(item) + 1, slash) == 0)
            return true;
    }
    return false;
}

static bool holds_path(sm_val list, const char *path) {
    sm_val item;

    SM_EACH_ITEM(item, list) {
        const char *each = sm_val_text(item);
        size_t bytes = strlen(each);

        if (strcmp(each, path) == 0 || (bytes && each[bytes - 1] == '*' && strncmp(each, path, bytes - 1) == 0))
            return true;
    }
    return false;
}

static bool covers(sm_val rule, const struct atom *atom) {
    sm_val names = sm_val_get(rule, "resourceNames"), name;

    if (!holds(sm_val_get(rule, "verbs"), atom->verb))
        return false;
    if (atom->path)
        return holds_path(sm_val_get(rule, "nonResourceURLs"), atom->path);
    if (!holds(sm_val_get(rule, "apiGroups"), atom->group) || !holds_resource(sm_val_get(rule, "resources"), atom->resource))
        return false;
    if (sm_val_count(names) == 0)
        return true;
    SM_EACH_ITEM(name, names) {
        if (atom->name && sm_val_is_text(name, atom->name))
            return true;
    }
    return false;
}

/* --- What is missing ---------------------------------------------------------------------------------------------------------- */

struct missing {
    struct sm_region *r;
    sm_val held;
    struct sm_str text;
    size_t count;
};

/* `{APIGroups:["apps"], Resources:["pods"], Verbs:["get"]}`, as Kubernetes' compact strings. */
static void add_missing(struct missing *m, const struct atom *atom) {
    if (m->count++)
        sm_str_addc(&m->text, '\n');
    if (atom->path)
        sm_str_addf(&m->text, "{NonResourceURLs:[\"%s\"], Verbs:[\"%s\"]}", atom->path, atom->verb);
    else if (atom->name)
        sm_str_addf(&m->text, "{APIGroups:[\"%s\"], Resources:[\"%s\"], ResourceNames:[\"%s\"], Verbs:[\"%s\"]}", atom->group,
                    atom->resource, atom->name, atom->verb);
    else
        sm_str_addf(&m->text, "{APIGroups:[\"%s\"], Resources:[\"%s\"], Verbs:[\"%s\"]}", atom->group, atom->resource, atom->verb);
}

static bool check_atom(void *arg, const struct atom *atom) {
    struct missing *m = arg;
    sm_val rule;

    SM_EACH_ITEM(rule, m->held) {
        if (covers(rule, atom))
            return true;
    }
    add_missing(m, atom);
    return true;
}

static const char *groups_text(struct sm_region *r, const struct sm_client *client) {
    struct sm_str out;

    sm_str_init(&out, r);
    for (const char *const *group = client->groups; group && *group; group++)
        sm_str_addf(&out, "%s\"%s\"", out.bytes ? " " : "", *group);
    return out.data;
}

static bool is_binding(const struct sm_resource *resource) {
    return strcmp(resource->plural, "rolebindings") == 0 || strcmp(resource->plural, "clusterrolebindings") == 0;
}

/* The rules that writing [object] would give away, and the role they stand in; NULL if there is no such role. */
static sm_val granted(const struct sm_call *call, sm_val object, const struct sm_resource **ret_role, const char **ret_name) {
    if (!is_binding(call->kind->resource)) {
        *ret_role = call->kind->resource;
        *ret_name = sm_meta_name(object);
        return sm_val_get(object, "rules");
    }
    *ret_name = sm_val_str_at(object, "roleRef.name");
    *ret_role = strcmp(sm_val_str_at(object, "roleRef.kind"), "ClusterRole") == 0 ? SM_CLUSTERROLES : SM_ROLES;
    const char *key = *ret_role == SM_ROLES ? sm_meta_key(call->r, sm_meta_namespace(object), *ret_name) : *ret_name;
    sm_val found = sm_store_get(sm_store_slot(call->server, *ret_role), key), rules = sm_val_get(found, "rules");
    return found && !rules ? SM_EMPTY_LIST : rules;
}

bool sm_rbac_may_grant(struct sm_call *call, sm_val object, sm_val before, struct sm_reply *reterr) {
    struct sm_region *r = call->r;
    const struct sm_client *client = call->request->client;
    const struct sm_resource *role;
    const char *name;
    sm_val rules = granted(call, object, &role, &name), rule;
    struct sm_rbac_question question = {.verb = is_binding(call->kind->resource) ? "bind" : "escalate",
                                        .group = role->group,
                                        .resource = role->plural,
                                        .subresource = "",
                                        .name_space = call->request->name_space,
                                        .name = name};
    struct missing m = {.r = r};

    if (!call->server->config.rbac || sm_rbac_allows(call->env, call->server, client, &question, NULL))
        return true;
    if (before && sm_val_equal(sm_val_get(before, "rules"), sm_val_get(object, "rules")) && !is_binding(call->kind->resource))
        return true;
    if (!rules && is_binding(call->kind->resource)) {
        *reterr = sm_status_not_found(r, role, name);
        return false;
    }
    m.held = sm_rbac_rules(call->env, call->server, client, call->request->name_space);
    sm_str_init(&m.text, r);
    SM_EACH_ITEM(rule, rules)
        each_atom(rule, check_atom, &m);
    if (m.count == 0)
        return true;
    *reterr = sm_status_forbidden(r, call->kind->resource, sm_meta_name(object),
                                  sm_region_printf(r,
                                                   "user \"%s\" (groups=[%s]) is attempting to grant RBAC permissions not currently "
                                                   "held:\n%s",
                                                   client->user, groups_text(r, client), m.text.data));
    return false;
}
