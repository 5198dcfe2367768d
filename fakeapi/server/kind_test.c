/* What kinds make of objects, one text file a kind in testdata/kinds. A block is a command, a body as JSON (single quotes
 * allowed), a line of four dashes and the outcome; blank lines part blocks; a line that begins with # says something.
 *
 *      create pods [PATH…]       decoded, defaulted, created, validated; the paths of the object are shown, or all of it
 *      update pods[/status]      the body is a merge patch of the object before; what changed by it is shown as one, too
 *      kubernetes 1.37           the version from here on
 *
 * A refused object is shown as its errors. With SM_REWRITE=1 the files are written anew: read the diff. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field_errors.h"
#include "json.h"
#include "kind.h"
#include "schema.h"

struct play {
    struct sm_region region;
    struct sm_str out;
    const char *kubernetes;
    sm_val object;
    const struct sm_kind_info *kind;
};

static void say(void *arg, const char *text) {
    sm_str_addf(arg, "warning: %s\n", text);
}

static void show(struct play *p, char *paths) {
    char *rest = NULL;
    char *path = paths ? strtok_r(paths, " ", &rest) : NULL;
    if (!path)
        sm_str_addf(&p->out, "%s\n", sm_json_text(&p->region, p->object, SM_JSON_COMPACT));
    for (; path; path = strtok_r(NULL, " ", &rest))
        sm_str_addf(&p->out, "%s: %s\n", path, sm_json_text(&p->region, sm_val_at(p->object, path), SM_JSON_COMPACT));
}

static bool decode(struct play *p, sm_val body, sm_val known, sm_val *ret_object) {
    struct sm_decoded d =
        sm_schema_decode_with(&p->region, p->kind->schema, body, &(struct sm_decode_options){.known = known, .patched = known != NULL});
    for (uint32_t i = 0; i < d.unknown_count; i++)
        sm_str_addf(&p->out, "unknown: %s\n", d.unknown[i]);
    if (!d.object)
        sm_str_addf(&p->out, "error: %s\n", d.error);
    *ret_object = d.object;
    return d.object != NULL;
}

static bool is_valid(struct play *p, const struct sm_write *write, sm_val object, sm_val before) {
    struct sm_field_errors errors = sm_field_errors_init(&p->region);
    sm_validate_meta(&errors, p->kind, object, before);
    if (p->kind->validate)
        p->kind->validate(write, &errors, object, before);
    for (size_t i = 0; i < errors.count; i++) {
        sm_str_addf(&p->out, "%s: ", errors.causes[i].field);
        for (const char *c = errors.causes[i].message; *c != '\0'; c++)
            sm_str_add(&p->out, *c == '\n' ? "\\n" : (char[]){*c, '\0'});
        sm_str_addc(&p->out, '\n');
    }
    if (p->kind->warn)
        p->kind->warn(write, object, before, say, &p->out);
    return errors.count == 0;
}

static void create(struct play *p, sm_val body, char *paths) {
    struct sm_region *r = &p->region;
    struct sm_write write = {.region = r, .kubernetes = p->kubernetes, .subresource = "", .api_version = "v1"};
    sm_val object;
    if (!decode(p, body, NULL, &object))
        return;
    if (p->kind->status)
        object = sm_schema_decode(r, p->kind->schema, sm_val_set(r, object, "status", NULL)).object;
    object = sm_schema_default(r, p->kind->schema, object);
    object = sm_val_set_at(r, object, "metadata.creationTimestamp", NULL);
    object = sm_val_set_at(r, object, "metadata.uid", sm_val_str(r, "u-1"));
    if (p->kind->create)
        object = p->kind->create(&write, object);
    if (!is_valid(p, &write, object, NULL))
        return;
    p->object = object;
    show(p, paths);
}

static void update(struct play *p, sm_val patch, const char *subresource) {
    struct sm_region *r = &p->region;
    struct sm_write write = {.region = r, .kubernetes = p->kubernetes, .subresource = subresource, .api_version = "v1"};
    sm_val before = p->object, object;
    if (!decode(p, sm_val_merge_patch(r, before, patch), before, &object))
        return;
    object = sm_schema_default_with(r, p->kind->schema, object, before);
    object = sm_val_set_at(r, object, "metadata.creationTimestamp", NULL);
    if (p->kind->update)
        object = p->kind->update(&write, object, before);
    if (!is_valid(p, &write, object, before))
        return;
    p->object = object;
    sm_val change = sm_val_make_merge_patch(r, before, object);
    sm_str_addf(&p->out, "%s\n", change ? sm_json_text(r, change, SM_JSON_COMPACT) : "nothing changes");
}

static void play_block(struct play *p, char *command, const char *body) {
    char *rest = NULL;
    const char *verb = strtok_r(command, " ", &rest);
    char *resource = strtok_r(NULL, " ", &rest);
    if (strcmp(verb, "kubernetes") == 0) {
        p->kubernetes = sm_region_strdup(&p->region, resource);
        return;
    }
    char *slash = strchr(resource, '/');
    if (slash)
        *slash = '\0';
    if (!sm_resource_by_name(resource))
        fail_msg("no resource %s", resource);
    p->kind = sm_kind_builtin(sm_resource_by_name(resource));
    sm_val value = sm_json_literal(&p->region, body);
    if (strcmp(verb, "create") == 0)
        create(p, value, rest);
    else
        update(p, value, slash ? slash + 1 : "");
}

/* Copies the input to the output, with outcomes as they are now. */
static void play_text(struct play *p, char *text) {
    for (char *block = text, *next; *block; block = next) {
        next = strstr(block, "\n\n");
        size_t bytes = next ? (size_t)(next - block) + 1 : strlen(block);
        next = next ? next + 2 : block + bytes;
        char *copy = sm_region_strndup(&p->region, block, bytes);
        if (*copy == '#') {
            sm_str_add(&p->out, copy);
        } else {
            char *dashes = strstr(copy, "----\n");
            if (dashes)
                *dashes = '\0';
            sm_str_add(&p->out, copy);
            char *line = strchr(copy, '\n');
            *line = '\0';
            if (line[1])
                sm_str_add(&p->out, "----\n");
            play_block(p, copy, line + 1);
        }
        sm_str_add(&p->out, *next ? "\n" : "");
    }
}

static void play_file(const char *name) {
    struct play p = {.kubernetes = "1.33"};
    sm_region_init(&p.region, name, 0);
    sm_str_init(&p.out, &p.region);
    const char *path = sm_region_printf(&p.region, "testdata/kinds/%s.txt", name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s is missing", path);
    static char text[1 << 18];
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);

    char *copy = sm_region_strdup(&p.region, text);
    play_text(&p, copy);

    if (getenv("SM_REWRITE")) {
        file = fopen(path, "w");
        fputs(p.out.data, file);
        fclose(file);
    } else
        assert_string_equal(p.out.data, text);
    sm_region_release(&p.region);
}

#define KINDS(X) \
    X(config) \
    X(job) \
    X(metadata) \
    X(namespace) \
    X(pod) \
    X(pod_spec) \
    X(rbac) \
    X(service) \
    X(statefulset) \
    X(storage) \
    X(workload)

#define X(name) \
    static void name##_goes_as_written(void **state) { \
        (void)state; \
        play_file(#name); \
    }
KINDS(X)
#undef X

static void fields_are_selected_by_their_text(void **state) {
    (void)state;
    struct sm_region r;
    sm_region_init(&r, "fields", 0);
    sm_val pod = sm_json_literal(&r, "{'spec':{'nodeName':'n','hostNetwork':true},'status':{'podIPs':[{'ip':'10.0.0.1'},{'ip':'::1'}]}}");
    sm_val event = sm_json_literal(&r, "{'source':{},'reportingComponent':'kubelet','involvedObject':{'name':'a'}}");
    sm_val job = sm_json_literal(&r, "{'status':{'succeeded':3}}");

    assert_string_equal(sm_kind_field_text(&r, pod, "spec.nodeName"), "n");
    assert_string_equal(sm_kind_field_text(&r, pod, "spec.hostNetwork"), "true");
    assert_string_equal(sm_kind_field_text(&r, pod, "status.podIPs"), "10.0.0.1,::1");
    assert_string_equal(sm_kind_field_text(&r, pod, "status.phase"), "");
    assert_string_equal(sm_kind_field_text(&r, event, "spec.hostNetwork"), "false");
    assert_string_equal(sm_kind_field_text(&r, event, "source"), "kubelet");
    assert_string_equal(sm_kind_field_text(&r, event, "involvedObject.name"), "a");
    assert_string_equal(sm_kind_field_text(&r, job, "status.successful"), "3");
    assert_string_equal(sm_kind_field_text(&r, event, "status.successful"), "0");
    sm_region_release(&r);
}

static void rows_are_found_by_resource(void **state) {
    (void)state;
    const struct sm_resource like = {.group = "apps", .version = "v1", .kind = "StatefulSet", .plural = "statefulsets"};
    const struct sm_resource other = {.group = "example.com", .version = "v1", .kind = "StatefulSet", .plural = "statefulsets"};

    assert_ptr_equal(sm_kind_builtin(&like), sm_kind_builtin(SM_STATEFULSETS));
    assert_null(sm_kind_builtin(&other));
    assert_null(sm_kind_builtin(SM_SEINODES));
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define X(name) cmocka_unit_test(name##_goes_as_written),
        KINDS(X)
#undef X
        cmocka_unit_test(fields_are_selected_by_their_text),
        cmocka_unit_test(rows_are_found_by_resource),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
