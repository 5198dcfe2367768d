#include "load.h"

#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "meta.h"
#include "yaml.h"

struct reading {
    struct sm_region *region;
    sm_val *objects;
    size_t count;
    const char *error;
};

static void add(struct reading *reading, const char *path, sm_val object) {
    sm_val items = sm_val_get(object, "items"), item;

    if (!sm_val_is_map(object))
        return; /* an empty document */
    if (sm_val_is_list(items) && sm_val_is_text(sm_val_get(object, "kind"), "List")) {
        SM_EACH_ITEM(item, items) {
            add(reading, path, item);
        }
    } else if (reading->count == SM_LOAD_MAX) {
        reading->error = sm_region_printf(reading->region, "%s: more than %d objects", path, SM_LOAD_MAX);
    } else {
        reading->objects[reading->count++] = object;
    }
}

static void read_file(struct reading *reading, const char *path) {
    struct sm_region *r = reading->region;
    struct sm_yaml_error error;
    struct sm_yaml_doc *docs;
    size_t bytes, count;
    const char *why = NULL, *text = sm_files_reader.read(NULL, r, path, &bytes, &why);

    if (!text)
        reading->error = sm_region_printf(r, "%s: %s", path, why);
    else if (!sm_yaml_parse(r, text, bytes, &docs, &count, &error))
        reading->error = sm_region_printf(r, "%s:%u:%u: %s", path, error.line, error.column, error.message);
    for (size_t i = 0; !reading->error && i < count; i++)
        add(reading, path, docs[i].value);
}

static void read_folder(struct reading *reading, const char *path) {
    static const char *const endings[] = {"yaml", "yml", "json"};
    glob_t found = {0};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        glob(sm_region_printf(reading->region, "%s/*.%s", path, endings[i]), i ? GLOB_APPEND : 0, NULL, &found);
    for (size_t i = 0; !reading->error && i < found.gl_pathc; i++)
        read_file(reading, found.gl_pathv[i]);
    globfree(&found);
    if (!reading->count && !reading->error)
        reading->error = sm_region_printf(reading->region, "%s: no manifest in this folder", path);
}

static int rank(sm_val object) {
    const char *kind = sm_val_str_at(object, "kind");

    return strcmp(kind, "CustomResourceDefinition") == 0 ? 0 : strcmp(kind, "Namespace") == 0 ? 1 : 2;
}

bool sm_load_read(struct sm_region *r, const char *path, struct sm_load *ret, const char **reterr) {
    struct reading reading = {.region = r, .objects = sm_region_alloc(r, SM_LOAD_MAX * sizeof(sm_val))};
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        read_folder(&reading, path);
    else
        read_file(&reading, path);
    sm_val *objects = sm_region_alloc(r, (reading.count + 1) * sizeof *objects);
    size_t count = 0;
    for (int wanted = 0; wanted <= 2; wanted++)
        for (size_t i = 0; i < reading.count; i++)
            if (rank(reading.objects[i]) == wanted)
                objects[count++] = reading.objects[i];
    *ret = (struct sm_load){.path = path, .objects = objects, .count = count};
    *reterr = reading.error;
    return !reading.error;
}

const char *sm_load_fill(void *arg, struct sm_live *live) {
    static const char *const masters[] = {"system:masters", "system:authenticated", NULL};
    static const struct sm_client client = {.name = "admin", .user = "admin", .groups = masters, .agent = "stalemate"};
    const struct sm_load *load = arg;

    for (size_t i = 0; i < load->count; i++) {
        struct sm_region *r = live->env->run;
        sm_val object = load->objects[i];
        const char *api_version = sm_val_str_at(object, "apiVersion"), *kind = sm_val_str_at(object, "kind");
        const struct sm_kind_info *info = sm_server_kind_of(live->server, api_version, kind);
        if (!info)
            return sm_region_printf(r, "%s: there is no kind %s %s", load->path, api_version, kind);
        const char *name_space = sm_meta_namespace(object);
        if (info->resource->namespaced && !*name_space)
            name_space = "default";
        struct sm_reply reply = sm_server_handle(live->env, live->server,
                                                 &(struct sm_request){.client = &client,
                                                                      .verb = SM_CREATE,
                                                                      .resource = info->resource,
                                                                      .subresource = "",
                                                                      .name_space = info->resource->namespaced ? name_space : "",
                                                                      .name = "",
                                                                      .body = object});
        if (!sm_reply_ok(&reply) && reply.code != 409)
            return sm_region_printf(r, "%s: %s %s: %s", load->path, kind, sm_meta_name(object), sm_val_str_at(reply.body, "message"));
    }
    return NULL;
}
