#include "rbac_allow.h"

#include <string.h>

#include "bug.h"
#include "call.h"
#include "meta.h"
#include "selector.h"
#include "status.h"
#include "str.h"

/* Rules that a binding gives to a client. */
struct grant {
    const char *name_space; /* where: "" is everywhere */
    sm_val rules;
    sm_val binding, subject;
};

struct sm_rbac_grants {
    struct grant *grants;
    size_t count;
    const char *errors; /* of roles that bindings name and that do not exist: `RBAC: …`; "" for none */
};

/* --- Subjects -------------------------------------------------------------------------------------------------------------- */

static bool in_group(const struct sm_client *client, const char *group) {
    for (const char *const *each = client->groups; each && *each; each++) {
        if (strcmp(*each, group) == 0)
            return true;
    }
    return false;
}

static bool is_account(struct sm_region *r, const struct sm_client *client, sm_val subject, const char *binding_space) {
    const char *name_space = sm_val_str_at(subject, "namespace");

    if (!*name_space)
        name_space = binding_space;
    return *name_space &&
           strcmp(client->user, sm_region_printf(r, "system:serviceaccount:%s:%s", name_space, sm_val_str_at(subject, "name"))) == 0;
}

static sm_val matching_subject(struct sm_region *r, const struct sm_client *client, sm_val binding) {
    sm_val subject;

    SM_EACH_ITEM(subject, sm_val_get(binding, "subjects")) {
        const char *kind = sm_val_str_at(subject, "kind"), *name = sm_val_str_at(subject, "name");

        if ((strcmp(kind, "User") == 0 && strcmp(name, client->user) == 0) || (strcmp(kind, "Group") == 0 && in_group(client, name)) ||
            (strcmp(kind, "ServiceAccount") == 0 && is_account(r, client, subject, sm_meta_namespace(binding))))
            return subject;
    }
    return NULL;
}

/* --- Grants ---------------------------------------------------------------------------------------------------------------- */

struct compiling {
    struct sm_region *r;
    const struct sm_server *server;
    const struct sm_client *client;
    struct grant *grants;
    size_t count;
    struct sm_str errors;
    size_t error_count;
};

static bool add_grant(void *arg, const char *key, const void *value) {
    struct compiling *c = arg;
    sm_val binding = value, subject = matching_subject(c->r, c->client, binding);
    const char *kind = sm_val_str_at(binding, "roleRef.kind"), *name = sm_val_str_at(binding, "roleRef.name");
    bool cluster = strcmp(kind, "ClusterRole") == 0;

    (void)key;
    if (!subject)
        return true;
    sm_val role = sm_store_get(sm_store_slot(c->server, cluster ? SM_CLUSTERROLES : SM_ROLES),
                               cluster ? name : sm_meta_key(c->r, sm_meta_namespace(binding), name));
    if (!role) {
        sm_str_addf(&c->errors, "%s%s.rbac.authorization.k8s.io \"%s\" not found", c->error_count++ ? ", " : "",
                    cluster ? "clusterrole" : "role", name);
        return true;
    }
    c->grants[c->count++] = (struct grant){
        .name_space = sm_meta_namespace(binding), .rules = sm_val_get(role, "rules"), .binding = binding, .subject = subject};
    return true;
}

static const struct sm_rbac_grants *compile(struct sm_region *r, const struct sm_server *server, const struct sm_client *client) {
    sm_pmap everywhere = sm_store_slot(server, SM_CLUSTERROLEBINDINGS)->log.root, somewhere = sm_store_slot(server, SM_ROLEBINDINGS)->log.root;
    struct sm_rbac_grants *grants = sm_region_alloc(r, sizeof *grants);
    struct compiling c = {.r = r, .server = server, .client = client};

    c.grants = sm_region_alloc(r, (sm_pmap_count(everywhere) + sm_pmap_count(somewhere) + 1) * sizeof c.grants[0]);
    sm_str_init(&c.errors, r);
    sm_pmap_each(everywhere, "", add_grant, &c);
    sm_pmap_each(somewhere, "", add_grant, &c);
    *grants = (struct sm_rbac_grants){.grants = c.grants, .count = c.count, .errors = ""};
    if (c.error_count)
        grants->errors = sm_region_printf(r, c.error_count > 1 ? "RBAC: [%s]" : "RBAC: %s", c.errors.data);
    return grants;
}

static uint64_t identity(const struct sm_client *client) {
    uint64_t hash = UINT64_C(14695981039346656037);

    for (const char *c = client->user; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    for (const char *const *group = client->groups; group && *group; group++) {
        hash = (hash ^ 0xff) * UINT64_C(1099511628211);
        for (const char *c = *group; *c; c++)
            hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    }
    return hash;
}

/* Logs only grow, so the sum of their counts tells whether anything changed. */
static const struct sm_rbac_grants *grants_of(struct sm_env *env, struct sm_server *server, const struct sm_client *client) {
    uint64_t who = identity(client);
    uint64_t stamp = (uint64_t)1 + sm_store_slot(server, SM_CLUSTERROLES)->log.count + sm_store_slot(server, SM_ROLES)->log.count +
                     sm_store_slot(server, SM_CLUSTERROLEBINDINGS)->log.count + sm_store_slot(server, SM_ROLEBINDINGS)->log.count;
    struct sm_rbac_cached *cached = &server->rbac.client[who % SM_RBAC_CACHED];

    if (cached->who != who || cached->stamp != stamp)
        *cached = (struct sm_rbac_cached){.who = who, .stamp = stamp, .grants = compile(env->run, server, client)};
    return cached->grants;
}

/* --- Rules ----------------------------------------------------------------------------------------------------------------- */

static bool lists(sm_val list, const char *text) {
    size_t bytes = strlen(text);
    sm_val item;

    SM_EACH_ITEM(item, list) {
        if (!sm_val_is_string(item))
            continue;
        if ((item->count == bytes && memcmp(item->string, text, bytes) == 0) || strcmp(item->string, "*") == 0)
            return true;
    }
    return false;
}

/* `pods` is no `pods/status`; `*` is everything, and `*` before a slash is that subresource of any resource. */
static bool lists_resource(sm_val list, const char *resource, const char *subresource) {
    size_t bytes = strlen(resource);
    sm_val item;

    if (!*subresource)
        return lists(list, resource);
    SM_EACH_ITEM(item, list) {
        const char *each = sm_val_text(item);

        if (strcmp(each, "*") == 0)
            return true;
        if (strncmp(each, "*/", 2) == 0 && strcmp(each + 2, subresource) == 0)
            return true;
        if (strncmp(each, resource, bytes) == 0 && each[bytes] == '/' && strcmp(each + bytes + 1, subresource) == 0)
            return true;
    }
    return false;
}

static bool lists_path(sm_val list, const char *path) {
    sm_val item;

    SM_EACH_ITEM(item, list) {
        const char *each = sm_val_text(item);
        size_t bytes = strlen(each);

        if (strcmp(each, path) == 0 || (bytes && each[bytes - 1] == '*' && strncmp(each, path, bytes - 1) == 0))
            return true;
    }
    return false;
}

static bool rule_allows(sm_val rule, const struct sm_rbac_question *question) {
    sm_val names, name;

    if (question->path)
        return lists(sm_val_get(rule, "verbs"), question->verb) && lists_path(sm_val_get(rule, "nonResourceURLs"), question->path);
    /* Groups first: they are few, and tell most rules apart. */
    if (!lists(sm_val_get(rule, "apiGroups"), question->group) ||
        !lists_resource(sm_val_get(rule, "resources"), question->resource, question->subresource) ||
        !lists(sm_val_get(rule, "verbs"), question->verb))
        return false;
    names = sm_val_get(rule, "resourceNames");
    if (sm_val_count(names) == 0)
        return true;
    SM_EACH_ITEM(name, names) {
        if (*question->name && sm_val_is_text(name, question->name))
            return true;
    }
    return false;
}

/* `RoleBinding "r/ns" of Role "r" to ServiceAccount "bot/ns"` */
static const char *allowed_by(struct sm_region *r, const struct grant *grant) {
    const char *kind = *grant->name_space ? "RoleBinding" : "ClusterRoleBinding";
    const char *subject_space = sm_val_str_at(grant->subject, "namespace");

    return sm_region_printf(r, "RBAC: allowed by %s \"%s%s%s\" of %s \"%s\" to %s \"%s%s%s\"", kind, sm_meta_name(grant->binding),
                            *grant->name_space ? "/" : "", grant->name_space, sm_val_str_at(grant->binding, "roleRef.kind"),
                            sm_val_str_at(grant->binding, "roleRef.name"), sm_val_str_at(grant->subject, "kind"),
                            sm_val_str_at(grant->subject, "name"), *subject_space ? "/" : "", subject_space);
}

bool sm_rbac_allows(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const struct sm_rbac_question *question,
                    const char **ret_reason) {
    if (ret_reason)
        *ret_reason = "";
    if (in_group(client, "system:masters"))
        return true;
    const struct sm_rbac_grants *grants = grants_of(env, server, client);
    for (size_t i = 0; i < grants->count; i++) {
        const struct grant *grant = &grants->grants[i];
        sm_val rule;

        if (*grant->name_space && (question->path || strcmp(grant->name_space, question->name_space) != 0))
            continue;
        SM_EACH_ITEM(rule, grant->rules) {
            if (!rule_allows(rule, question))
                continue;
            if (ret_reason)
                *ret_reason = allowed_by(env->scratch, grant);
            return true;
        }
    }
    if (ret_reason)
        *ret_reason = grants->errors;
    return false;
}

sm_val sm_rbac_rules(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const char *name_space) {
    const struct sm_rbac_grants *grants = grants_of(env, server, client);
    sm_val rules = SM_EMPTY_LIST, rule;

    for (size_t i = 0; i < grants->count; i++) {
        const struct grant *grant = &grants->grants[i];

        if (*grant->name_space && strcmp(grant->name_space, name_space) != 0)
            continue;
        SM_EACH_ITEM(rule, grant->rules)
            rules = sm_val_append(env->scratch, rules, rule);
    }
    return rules;
}

/* --- Requests -------------------------------------------------------------------------------------------------------------- */

/* A list or watch of one name by field selector asks for that name; a create and a deletecollection have none. */
static const char *name_of(struct sm_region *r, const struct sm_request *request) {
    const char *message;

    if (*request->name || (request->verb != SM_LIST && request->verb != SM_WATCH) || !request->field_selector || !*request->field_selector)
        return request->verb == SM_CREATE && !*request->subresource ? "" : request->name;
    const struct sm_selector *fields = sm_selector_parse_fields(r, request->field_selector, &message);
    const char *name = fields ? sm_selector_required(fields, "metadata.name") : NULL;
    return name ? name : "";
}

/* A namespace is asked about as if it lay in itself. */
struct sm_rbac_question sm_rbac_question_of(struct sm_region *r, const struct sm_request *request) {
    const struct sm_resource *resource = request->resource;
    bool name_space = !*resource->group && strcmp(resource->plural, "namespaces") == 0;

    return (struct sm_rbac_question){.verb = sm_verb_names[request->verb],
                                     .group = resource->group,
                                     .resource = resource->plural,
                                     .subresource = request->subresource,
                                     .name_space = name_space ? request->name : request->name_space,
                                     .name = name_of(r, request)};
}

static const char *escaped(struct sm_region *r, const char *text) {
    struct sm_str out;

    if (!strpbrk(text, "&<>"))
        return text;
    sm_str_init(&out, r);
    for (; *text; text++) {
        if (*text == '&')
            sm_str_add(&out, "&amp;");
        else if (*text == '<')
            sm_str_add(&out, "&lt;");
        else if (*text == '>')
            sm_str_add(&out, "&gt;");
        else
            sm_str_addc(&out, *text);
    }
    return out.data;
}

struct sm_reply sm_rbac_denied(struct sm_region *r, const struct sm_client *client, const struct sm_rbac_question *question,
                               const char *reason) {
    struct sm_str message;
    const char *why;

    sm_str_init(&message, r);
    if (question->path) {
        why = sm_region_printf(r, "User \"%s\" cannot %s path \"%s\"", client->user, question->verb, question->path);
        sm_str_addf(&message, "forbidden: %s", escaped(r, why));
    } else {
        const char *slash = *question->subresource ? "/" : "";
        const char *where =
            *question->name_space ? sm_region_printf(r, "in the namespace \"%s\"", question->name_space) : "at the cluster scope";

        sm_str_addf(&message, "%s%s%s", question->resource, *question->group ? "." : "", question->group);
        if (*question->name)
            sm_str_addf(&message, " \"%s\"", question->name);
        why = sm_region_printf(r, "User \"%s\" cannot %s resource \"%s%s%s\" in API group \"%s\" %s", client->user, question->verb,
                               question->resource, slash, question->subresource, question->group, where);
        sm_str_addf(&message, " is forbidden: %s", escaped(r, why));
    }
    if (*reason)
        sm_str_addf(&message, ": %s", escaped(r, reason));
    if (question->path)
        return sm_status(r, 403, "Forbidden", message.data, NULL, NULL, "", NULL, 0);
    return sm_status(r, 403, "Forbidden", message.data, question->name, question->group, question->resource, NULL, 0);
}
