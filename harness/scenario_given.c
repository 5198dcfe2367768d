/* Manifests and names of objects: what kubectl would take, inline or from files. */
#include "scenario_read.h"

#include <ctype.h>
#include <string.h>

#include "meta.h"
#include "near.h"

enum { MANIFESTS_MAX = 4096 };

struct manifests {
    struct sm_scenario_reading *reading;
    sm_val *objects;
    struct sm_place *places;
    size_t count, capacity;
};

static void add(struct manifests *m, const struct sm_source *source, const char *path, sm_val object) {
    struct sm_region *r = m->reading->r;
    sm_val item;

    const char *kind = sm_val_str_at(object, "kind"), *items_at = sm_region_printf(r, "%s%sitems", path, path[0] ? "." : "");
    size_t i = 0;
    if (strcmp(kind, "List") == 0) {
        SM_EACH_ITEM(item, sm_val_get(object, "items"))
            add(m, source, sm_region_printf(r, "%s[%zu]", items_at, i++), item);
        return;
    }
    static const char *const wanted[] = {"apiVersion", "kind", "metadata.name"};
    for (i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!sm_val_str_at(object, wanted[i])[0]) {
            sm_source_problem(m->reading->problems, source, path, "a manifest without %s: write %s as for kubectl", wanted[i], wanted[i]);
            return;
        }
    if (m->count == MANIFESTS_MAX) {
        sm_source_problem(m->reading->problems, source, path, "too many manifests: write at most %d", MANIFESTS_MAX);
        return;
    }
    if (m->count == m->capacity) {
        size_t capacity = m->capacity ? 2 * m->capacity : 16;
        sm_val *objects = sm_region_alloc(r, capacity * sizeof(sm_val));
        struct sm_place *places = sm_region_alloc(r, capacity * sizeof *places);
        if (m->count) {
            memcpy(objects, m->objects, m->count * sizeof(sm_val));
            memcpy(places, m->places, m->count * sizeof *places);
        }
        m->objects = objects;
        m->places = places;
        m->capacity = capacity;
    }
    m->objects[m->count] = object;
    m->places[m->count++] = sm_place_at(r, source, path);
}

/* Paths in a file are from that file's folder. */
static const char *beside(struct sm_region *r, const char *file, const char *path) {
    const char *slash = strrchr(file, '/');

    return path[0] == '/' || !slash ? sm_region_strdup(r, path) : sm_region_printf(r, "%.*s%s", (int)(slash - file + 1), file, path);
}

static void add_file(struct manifests *m, const char *path, const char *file) {
    struct sm_scenario_reading *reading = m->reading;
    const char *full = beside(reading->r, reading->source->file, file), *why = NULL;
    struct sm_yaml_doc *docs = NULL;
    struct sm_yaml_error error;
    size_t bytes = 0, count = 0;
    const char *text = reading->reader->read(reading->reader->self, reading->r, full, &bytes, &why);

    if (!text) {
        sm_source_problem(reading->problems, reading->source, path, "%s: %s, from the folder of this one", full, why);
        return;
    }
    if (!sm_yaml_parse(reading->r, text, bytes, &docs, &count, &error)) {
        sm_problem(reading->problems, full, error.line, error.column, "%s", error.message);
        return;
    }
    struct sm_source *sources = sm_region_alloc(reading->r, (count + 1) * sizeof *sources);
    for (size_t i = 0; i < count; i++) {
        sources[i] = (struct sm_source){.file = full, .doc = &docs[i]};
        add(m, &sources[i], "", docs[i].value);
    }
}

static void add_any(struct manifests *m, const char *path, sm_val v) {
    sm_val file = sm_val_get(v, "file");

    if (sm_val_is_string(file) && v->count == 1)
        add_file(m, sm_region_printf(m->reading->r, "%s.file", path), file->string);
    else if (file && !sm_val_get(v, "kind"))
        sm_source_problem(m->reading->problems, m->reading->source, sm_region_printf(m->reading->r, "%s.file", path),
                          "this names no file: write {file: path}, the path in quotes if need be, and nothing beside it");
    else
        add(m, m->reading->source, path, v);
}

const sm_val *sm_scenario_manifests(struct sm_scenario_reading *reading, const char *path, sm_val v, const struct sm_place **ret_places,
                                    size_t *ret_count) {
    struct manifests m = {.reading = reading};

    if (sm_val_is_list(v))
        for (size_t i = 0; i < v->count; i++)
            add_any(&m, sm_region_printf(reading->r, "%s[%zu]", path, i), v->list[i]);
    else
        add_any(&m, path, v);
    if (ret_places)
        *ret_places = m.places;
    *ret_count = m.count;
    return m.objects;
}

/* --- Resources ------------------------------------------------------------------------------------------------------------------ */

const struct sm_resource *const *sm_scenario_custom(struct sm_region *r, const sm_val *objects, size_t count) {
    const struct sm_resource **custom = sm_region_zalloc(r, (count + 1) * sizeof(struct sm_resource *));
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        sm_val spec = sm_val_get(objects[i], "spec"), version = NULL;
        if (strcmp(sm_val_str_at(objects[i], "kind"), "CustomResourceDefinition") != 0)
            continue;
        struct sm_resource *resource = sm_region_zalloc(r, sizeof *resource);
        SM_EACH_ITEM(version, sm_val_get(spec, "versions"))
            if (sm_val_true_at(version, "storage"))
                break;
        *resource = (struct sm_resource){.group = sm_val_str_at(spec, "group"),
                                         .version = sm_val_str_at(version, "name"),
                                         .kind = sm_val_str_at(spec, "names.kind"),
                                         .plural = sm_val_str_at(spec, "names.plural"),
                                         .namespaced = strcmp(sm_val_str_at(spec, "scope"), "Namespaced") == 0};
        custom[n++] = resource;
    }
    return custom;
}

static const struct sm_resource *resource_named(const struct sm_scenario_reading *reading, const char *name) {
    const struct sm_resource *builtin = sm_resource_by_name(name);

    for (size_t i = 0; !builtin && reading->custom && reading->custom[i]; i++)
        if (strcasecmp(reading->custom[i]->kind, name) == 0 || strcmp(reading->custom[i]->plural, name) == 0)
            return reading->custom[i];
    return builtin;
}

static const char *lower(struct sm_region *r, const char *text) {
    char *copy = sm_region_strdup(r, text);

    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

/* Kinds are written in small letters. */
static const char *kind_near(const struct sm_scenario_reading *reading, const char *name) {
    struct sm_near near = sm_near_init(lower(reading->r, name));

    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++)
        sm_near_try(&near, lower(reading->r, sm_resources[i].kind));
    for (size_t i = 0; reading->custom && reading->custom[i]; i++)
        sm_near_try(&near, lower(reading->r, reading->custom[i]->kind));
    return near.best;
}

struct sm_target sm_scenario_target(struct sm_scenario_reading *reading, const char *path, const char *text) {
    struct sm_target target = {.text = text, .name_space = "", .name = ""};
    const char *slash = strchr(text, '/'), *second = slash ? strchr(slash + 1, '/') : NULL;

    if (!slash || slash == text || !slash[1] || (second && (second == slash + 1 || !second[1] || strchr(second + 1, '/')))) {
        sm_source_problem(reading->problems, reading->source, path, "\"%s\" names no object: write kind/name or kind/namespace/name", text);
        return target;
    }
    const char *kind = sm_region_strndup(reading->r, text, (size_t)(slash - text));
    const struct sm_resource *resource = resource_named(reading, kind);

    if (!resource) {
        const char *near = kind_near(reading, kind);
        sm_source_problem(reading->problems, reading->source, path, "unknown kind %s: %s", kind,
                          near ? sm_region_printf(reading->r, "did you mean %s?", near)
                               : "write a kind like seinode, statefulset, pod, or give its CustomResourceDefinition");
        return target;
    }
    if (second && !resource->namespaced)
        sm_source_problem(reading->problems, reading->source, path, "%s has no namespaces: write %s/%s", resource->plural, kind,
                          second + 1);
    target.resource = resource;
    target.name = second ? second + 1 : slash + 1;
    target.name_space = !resource->namespaced ? ""
                        : second              ? sm_region_strndup(reading->r, slash + 1, (size_t)(second - slash - 1))
                                              : "default";
    return target;
}
