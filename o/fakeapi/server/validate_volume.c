/* Validation of a pod's volumes: one source each, and what the common sources need. */
#include <string.h>

#include "validate.h"

static void check_mode(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source, const char *field) {
    sm_val mode = sm_val_get(source, field);
    if (sm_val_is_int(mode) && (mode->integer < 0 || mode->integer > 0777))
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), mode,
                         "must be a number between 0 and 0777 (octal), both inclusive");
}

static bool steps_back(const char *path) {
    for (const char *step = path; step; step = strchr(step, '/')) {
        step += *step == '/';
        if (strncmp(step, "..", 2) == 0 && (step[2] == '/' || step[2] == '\0'))
            return true;
    }
    return false;
}

/* A path below the volume. */
static void check_inner_path(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    sm_val path = sm_val_get(object, field);
    if (!sm_check_present(errors, at, object, field))
        return;
    if (*sm_val_text(path) == '/')
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), path, "must be a relative path");
    if (steps_back(sm_val_text(path)))
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), path, "must not contain '..'");
    else if (strncmp(sm_val_text(path), "..", 2) == 0)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), path, "must not start with '..'");
}

static void check_items(struct sm_field_errors *errors, const struct sm_spot *at, sm_val items) {
    sm_val item;
    SM_EACH_ITEM(item, items) {
        const struct sm_spot *here = SPOT_AT(at, item_i);
        sm_check_present(errors, here, item, "key");
        check_inner_path(errors, here, item, "path");
        check_mode(errors, here, item, "mode");
    }
}

static void check_downward_items(struct sm_field_errors *errors, const struct sm_spot *at, sm_val items) {
    sm_val item;
    SM_EACH_ITEM(item, items) {
        const struct sm_spot *here = SPOT_AT(at, item_i);
        sm_val field = sm_val_get(item, "fieldRef"), resource = sm_val_get(item, "resourceFieldRef");
        check_inner_path(errors, here, item, "path");
        if (field) {
            sm_validate_field_ref(errors, SPOT(here, "fieldRef"), field);
            if (resource)
                sm_field_invalid_text(errors, sm_spot_text(errors, here), "\"resource\"",
                                      "fieldRef and resourceFieldRef can not be specified simultaneously");
        } else if (resource)
            sm_validate_resource_field_ref(errors, SPOT(here, "resourceFieldRef"), resource);
        else
            sm_field_required(errors, sm_spot_text(errors, here), "one of fieldRef and resourceFieldRef is required");
        check_mode(errors, here, item, "mode");
    }
}

/* --- Sources ------------------------------------------------------------------------------------------------------------------ */

typedef void check_source(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source);

static void check_config_map(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    sm_check_present(errors, at, source, "name");
    check_mode(errors, at, source, "defaultMode");
    check_items(errors, SPOT(at, "items"), sm_val_get(source, "items"));
}

static void check_secret(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    sm_check_present(errors, at, source, "secretName");
    check_mode(errors, at, source, "defaultMode");
    check_items(errors, SPOT(at, "items"), sm_val_get(source, "items"));
}

static void check_downward(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    check_mode(errors, at, source, "defaultMode");
    check_downward_items(errors, SPOT(at, "items"), sm_val_get(source, "items"));
}

static void check_claim(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    sm_check_present(errors, at, source, "claimName");
}

static void check_csi(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    sm_check_present(errors, at, source, "driver");
}

static void check_empty_dir(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    if (*sm_val_text(sm_val_get(source, "sizeLimit")) == '-')
        sm_field_forbidden(errors, sm_spot_text(errors, SPOT(at, "sizeLimit")), "SizeLimit field must be a valid resource quantity");
}

static void check_host_path(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    static const char *const types[] = {"",     "BlockDevice",  "CharDevice", "Directory", "DirectoryOrCreate",
                                        "File", "FileOrCreate", "Socket",     NULL};
    sm_val path = sm_val_get(source, "path");
    if (sm_check_present(errors, at, source, "path") && steps_back(sm_val_text(path)))
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "path")), path, "must not contain '..'");
    if (*sm_val_text(sm_val_get(source, "type")))
        sm_check_one_of(errors, at, source, "type", types);
}

static void check_nfs(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    sm_val path = sm_val_get(source, "path");
    sm_check_present(errors, at, source, "server");
    if (sm_check_present(errors, at, source, "path") && *sm_val_text(path) != '/')
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "path")), path, "must be an absolute path");
}

static void check_projection(struct sm_field_errors *errors, const struct sm_spot *at, sm_val projection) {
    sm_val secret = sm_val_get(projection, "secret"), map = sm_val_get(projection, "configMap");
    sm_val downward = sm_val_get(projection, "downwardAPI"), token = sm_val_get(projection, "serviceAccountToken");
    const struct sm_member *member;
    SM_EACH_MEMBER(member, projection)
        if (member_i > 0)
            sm_field_forbidden(errors, sm_spot_text(errors, SPOT(at, member->key)), "may not specify more than 1 volume type per source");
    if (sm_val_count(projection) == 0)
        sm_field_required(errors, sm_spot_text(errors, at), "must specify a volume type");
    if (secret)
        sm_check_present(errors, SPOT(at, "secret"), secret, "name");
    if (map)
        sm_check_present(errors, SPOT(at, "configMap"), map, "name");
    check_items(errors, SPOT(SPOT(at, "secret"), "items"), sm_val_get(secret, "items"));
    check_items(errors, SPOT(SPOT(at, "configMap"), "items"), sm_val_get(map, "items"));
    check_downward_items(errors, SPOT(SPOT(at, "downwardAPI"), "items"), sm_val_get(downward, "items"));
    if (token) {
        const struct sm_spot *here = SPOT(at, "serviceAccountToken");
        sm_val seconds = sm_val_get(token, "expirationSeconds");
        if (sm_val_is_int(seconds) && seconds->integer < 600)
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(here, "expirationSeconds")), seconds,
                             "may not specify a duration less than 10 minutes");
        check_inner_path(errors, here, token, "path");
    }
}

static void check_projected(struct sm_field_errors *errors, const struct sm_spot *at, sm_val source) {
    check_mode(errors, at, source, "defaultMode");
    sm_val projection;
    SM_EACH_ITEM(projection, sm_val_get(source, "sources"))
        check_projection(errors, SPOT_AT(SPOT(at, "sources"), projection_i), projection);
}

static const struct {
    const char *field;
    check_source *check;
} sources[] = {
    {"configMap",             check_config_map},
    {"csi",                   check_csi},
    {"downwardAPI",           check_downward},
    {"emptyDir",              check_empty_dir},
    {"hostPath",              check_host_path},
    {"nfs",                   check_nfs},
    {"persistentVolumeClaim", check_claim},
    {"projected",             check_projected},
    {"secret",                check_secret},
};

static void check_volume(struct sm_field_errors *errors, const struct sm_spot *at, sm_val volume) {
    size_t count = 0;
    const struct sm_member *member;
    SM_EACH_MEMBER(member, volume) {
        if (strcmp(member->key, "name") == 0)
            continue;
        if (count++ > 0) {
            sm_field_forbidden(errors, sm_spot_text(errors, SPOT(at, member->key)), "may not specify more than 1 volume type");
            continue;
        }
        for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
            if (strcmp(sources[i].field, member->key) == 0)
                sources[i].check(errors, SPOT(at, member->key), member->value);
    }
    if (count == 0)
        sm_field_required(errors, sm_spot_text(errors, at), "must specify a volume type");
}

void sm_validate_volumes(struct sm_field_errors *errors, const struct sm_spot *at, sm_val volumes) {
    sm_val volume;
    SM_EACH_ITEM(volume, volumes) {
        const struct sm_spot *here = SPOT_AT(at, volume_i);
        check_volume(errors, here, volume);
        sm_check_label(errors, here, volume, "name");
        sm_check_unique(errors, here, volumes, volume_i, "name");
    }
}
