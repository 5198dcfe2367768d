/* ConfigMap, Secret, ServiceAccount, Event and Lease. */
#include <string.h>

#include "base64.h"
#include "kind_functions.h"
#include "meta.h"
#include "validate.h"

enum { DATA_BYTES_MAX = 1024 * 1024 };

/* --- ConfigMap and Secret ------------------------------------------------------------------------------------------------------ */

static void validate_key(struct sm_field_errors *errors, const char *list, const char *key) {
    static const char *const text =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
        "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    static const char *const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    const char *path = sm_field_text(errors, "%s[%s]", list, key);
    sm_val value = sm_val_str(errors->region, key);
    if (strlen(key) > 253)
        sm_field_invalid(errors, path, value, "must be no more than 253 characters");
    if (!*key || key[strspn(key, characters)] != '\0')
        sm_field_invalid(errors, path, value, text);
    else if (strcmp(key, ".") == 0)
        sm_field_invalid(errors, path, value, "must not be '.'");
    else if (strcmp(key, "..") == 0)
        sm_field_invalid(errors, path, value, "must not be '..'");
    else if (strncmp(key, "..", 2) == 0)
        sm_field_invalid(errors, path, value, "must not start with '..'");
}

/* Bytes behind base64 text. */
static size_t raw_bytes(sm_val text) {
    size_t bytes = text->count / 4 * 3;
    for (size_t i = text->count; i > 0 && text->string[i - 1] == '='; i--)
        bytes--;
    return bytes;
}

/* What `immutable: true` protects, itself included. */
static void validate_frozen(struct sm_field_errors *errors, sm_val object, sm_val before, const char *const *fields) {
    if (!sm_val_is_true(sm_val_get(before, "immutable")))
        return;
    if (!sm_val_is_true(sm_val_get(object, "immutable")))
        sm_field_forbidden(errors, "immutable", "field is immutable when `immutable` is set");
    for (size_t i = 0; fields[i]; i++)
        if (!sm_val_equal(sm_val_get(object, fields[i]), sm_val_get(before, fields[i])))
            sm_field_forbidden(errors, fields[i], "field is immutable when `immutable` is set");
}

VALIDATE(sm_config_map_validate) {
    (void)write;
    validate_frozen(errors, object, before, (const char *const[]){"data", "binaryData", NULL});
    sm_val data = sm_val_get(object, "data"), binary = sm_val_get(object, "binaryData");
    if (before && sm_val_equal(data, sm_val_get(before, "data")) && sm_val_equal(binary, sm_val_get(before, "binaryData")))
        return;

    size_t bytes = 0;
    const struct sm_member *member;
    SM_EACH_MEMBER(member, data) {
        validate_key(errors, "data", member->key);
        if (sm_val_get(binary, member->key))
            sm_field_invalid(errors, sm_field_text(errors, "data[%s]", member->key), sm_val_str(errors->region, member->key),
                             "duplicate of key present in binaryData");
        bytes += member->value->count;
    }
    SM_EACH_MEMBER(member, binary) {
        validate_key(errors, "binaryData", member->key);
        bytes += raw_bytes(member->value);
    }
    if (bytes > DATA_BYTES_MAX)
        sm_field_too_long(errors, "", DATA_BYTES_MAX);
}

/* A type that is not said stays what it was. */
UPDATE(sm_secret_update) {
    sm_val type = sm_val_get(before, "type");
    return sm_val_get(object, "type") || !type ? object : sm_val_set(write->region, object, "type", type);
}

static void validate_secret_type(struct sm_field_errors *errors, sm_val secret) {
    static const struct {
        const char *type;
        const char *keys[2];
    } required[] = {
        {"kubernetes.io/dockercfg",        {".dockercfg", NULL}},
        {"kubernetes.io/dockerconfigjson", {".dockerconfigjson", NULL}},
        {"kubernetes.io/ssh-auth",         {"ssh-privatekey", NULL}},
        {"kubernetes.io/tls",              {"tls.crt", "tls.key"}},
    };
    sm_val type = sm_val_get(secret, "type"), data = sm_val_get(secret, "data");
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        for (size_t k = 0; k < 2 && required[i].keys[k] && sm_val_is_text(type, required[i].type); k++)
            if (!sm_val_get(data, required[i].keys[k]))
                sm_field_required(errors, sm_field_text(errors, "data[%s]", required[i].keys[k]), "");
    if (sm_val_is_text(type, "kubernetes.io/service-account-token") && !*sm_meta_annotation(secret, "kubernetes.io/service-account.name"))
        sm_field_required(errors, "metadata.annotations[kubernetes.io/service-account.name]", "");
    if (sm_val_is_text(type, "kubernetes.io/basic-auth") && !sm_val_get(data, "username") && !sm_val_get(data, "password")) {
        sm_field_required(errors, "data[username]", "");
        sm_field_required(errors, "data[password]", "");
    }
}

VALIDATE(sm_secret_validate) {
    (void)write;
    if (before) {
        sm_validate_same(errors, "type", sm_val_get(object, "type"), sm_val_get(before, "type"));
        validate_frozen(errors, object, before, (const char *const[]){"data", NULL});
    }
    sm_val data = sm_val_get(object, "data");
    if (before && (errors->count > 0 || sm_val_equal(data, sm_val_get(before, "data"))))
        return;
    size_t bytes = 0;
    const struct sm_member *member;
    SM_EACH_MEMBER(member, data) {
        validate_key(errors, "data", member->key);
        bytes += raw_bytes(member->value);
    }
    if (bytes > DATA_BYTES_MAX)
        sm_field_too_long(errors, "data", DATA_BYTES_MAX);
    validate_secret_type(errors, object);
}

/* --- ServiceAccount ------------------------------------------------------------------------------------------------------------- */

/* Its secrets are names and nothing else. */
CREATE(sm_service_account_create) {
    struct sm_region *r = write->region;
    sm_val secret, before = sm_val_get(object, "secrets"), secrets = before;
    SM_EACH_ITEM(secret, before) {
        sm_val name = SM_MAP(r, "name", sm_val_get(secret, "name"));
        if (!sm_val_equal(name, secret))
            secrets = sm_val_replace_item(r, secrets, secret_i, name);
    }
    return secrets == before ? object : sm_val_set(r, object, "secrets", secrets);
}

UPDATE(sm_service_account_update) {
    (void)before;
    return sm_service_account_create(write, object);
}

/* --- Event and Lease ------------------------------------------------------------------------------------------------------------ */

/* Events about cluster-scoped objects live in `default`. */
/* What every event must be, in the names of the form that the client speaks. */
static void check_event(struct sm_field_errors *errors, sm_val event, bool old_form) {
    static const struct {
        const char *field, *old_name;
        size_t bytes_max;
    } needed[] = {
        {"reportingComponent", "reportingComponent", 0},
        {"reportingInstance", "reportingInstance", 128},
        {"action", "action", 128},
        {"reason", "reason", 128},
    };
    sm_val subject = sm_val_at(event, "involvedObject.namespace");
    const char *name_space = sm_meta_namespace(event);
    bool fits = *sm_val_text(subject) ? strcmp(sm_val_text(subject), name_space) == 0 : strcmp(name_space, "default") == 0 || !*name_space;

    if (!fits)
        sm_field_invalid(errors, "involvedObject.namespace", subject ? subject : SM_EMPTY_STRING, "does not match event.namespace");
    if (!*sm_val_str_at(event, "eventTime"))
        return;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const char *text = sm_val_str_at(event, needed[i].field);
        const char *name = i == 0 && !old_form ? "reportingController" : needed[i].old_name;
        if (!*text)
            sm_field_required(errors, name, "");
        else if (needed[i].bytes_max && strlen(text) > needed[i].bytes_max)
            sm_field_invalid(errors, name, SM_EMPTY_STRING, sm_field_text(errors, "can have at most %zu characters", needed[i].bytes_max));
    }
    if (strlen(sm_val_str_at(event, "message")) > 1024)
        sm_field_invalid(errors, "message", SM_EMPTY_STRING, "can have at most 1024 characters");
}

static void check_new_event(struct sm_field_errors *errors, sm_val event) {
    static const char *const unset[] = {"firstTimestamp", "lastTimestamp", "count"};
    const char *type = sm_val_str_at(event, "type");

    if (!*sm_val_str_at(event, "eventTime"))
        sm_field_required(errors, "eventTime", "");
    if (strcmp(type, "Normal") != 0 && strcmp(type, "Warning") != 0)
        sm_field_invalid(errors, "type", SM_EMPTY_STRING, sm_field_text(errors, "has invalid value: %s", type));
    for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
        if (sm_val_get(event, unset[i]) && !sm_val_is_null(sm_val_get(event, unset[i])))
            sm_field_invalid(errors, unset[i], SM_EMPTY_STRING, "needs to be unset");
    if (sm_val_count(sm_val_get(event, "source")))
        sm_field_invalid(errors, "source", SM_EMPTY_STRING, "needs to be unset");
}

/* An event of the newer form changes in its series alone. */
static void check_changed_event(struct sm_field_errors *errors, sm_val event, sm_val before) {
    static const char *const fixed[] = {"involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "type",
                                        "eventTime", "action", "related", "reportingComponent", "reportingInstance"};

    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        sm_val now = sm_val_get(event, fixed[i]);
        const char *name = strcmp(fixed[i], "reportingComponent") == 0 ? "reportingController" : fixed[i];
        if (!sm_val_equal(now, sm_val_get(before, fixed[i])))
            sm_field_invalid(errors, name, now ? now : SM_NULL, "field is immutable");
    }
}

VALIDATE(sm_event_validate) {
    bool old_form = strcmp(write->api_version, "v1") == 0;

    check_event(errors, object, old_form);
    if (!old_form && before)
        check_changed_event(errors, object, before);
    else if (!old_form)
        check_new_event(errors, object);
}

VALIDATE(sm_lease_validate) {
    (void)write;
    (void)before;
    sm_val seconds = sm_val_at(object, "spec.leaseDurationSeconds"), transitions = sm_val_at(object, "spec.leaseTransitions");
    if (seconds && seconds->integer <= 0)
        sm_field_invalid(errors, "spec.leaseDurationSeconds", seconds, "must be greater than 0");
    if (transitions && transitions->integer < 0)
        sm_field_invalid(errors, "spec.leaseTransitions", transitions, "must be greater than or equal to 0");
}
