/* Custom resources: our SeiNode definition against recordings of the real one, and definitions themselves. */
#include "crd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "seinode.h"
#include "structural.h"
#include "yaml.h"

static struct sm_region r;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static sm_val json(const char *text) {
    return sm_json_literal(&r, text);
}

static sm_val seinode_definition(void) {
    struct sm_yaml_doc *docs = NULL;
    struct sm_yaml_error error = {0};
    size_t count = 0;
    if (!sm_yaml_parse(&r, sm_seinode_crd_yaml, strlen(sm_seinode_crd_yaml), &docs, &count, &error))
        fail_msg("crd.yaml:%u:%u: %s", error.line, error.column, error.message);
    assert_int_equal(count, 1);
    return docs[0].value;
}

static const struct sm_kind_info *compile(sm_val definition) {
    struct sm_field_errors errors = sm_field_errors_init(&r);
    const struct sm_kind_info *kind = sm_crd_compile(&r, definition, NULL, &errors);
    for (size_t i = 0; i < errors.count; i++)
        print_error("%s: %s\n", errors.causes[i].field, errors.causes[i].message);
    assert_non_null(kind);
    return kind;
}

static sm_val decoded(const struct sm_kind_info *kind, sm_val body) {
    struct sm_decoded result = sm_schema_decode(&r, kind->schema, body);
    assert_null(result.error);
    return sm_schema_default(&r, kind->schema, result.object);
}

static struct sm_field_errors validate(const struct sm_kind_info *kind, const char *subresource, sm_val object, sm_val before) {
    struct sm_field_errors errors = sm_field_errors_init(&r);
    struct sm_write write = {.region = &r, .kubernetes = "1.33", .subresource = subresource};
    sm_crd_validate(&write, kind, &errors, object, before);
    return errors;
}

/* --- The recording ------------------------------------------------------------------------------------------------------- */

#define TRACES "../../../shared/spec/traces/"

/* The lines of a file as values; false where the recordings are not at hand. */
static bool read_lines(const char *path, sm_val **ret_lines, size_t *ret_count) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0, count = 0;
    ssize_t bytes;
    if (!file) {
        print_message("SKIPPED: there is no %s\n", path);
        return false;
    }
    sm_val *lines = sm_region_alloc(&r, 10000 * sizeof *lines);
    while ((bytes = getline(&line, &capacity, file)) > 0 && count < 10000) {
        struct sm_json_error error;
        lines[count] = sm_json_parse(&r, line, (size_t)bytes, NULL, &error);
        assert_non_null(lines[count++]);
    }
    free(line);
    (void)fclose(file);
    *ret_lines = lines;
    *ret_count = count;
    return true;
}

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lines in order of bytes: the real server looks at fields in no order. */
static const char *sorted(const char **lines, size_t count) {
    struct sm_str out;
    sm_str_init(&out, &r);
    qsort(lines, count, sizeof *lines, compare_text);
    for (size_t i = 0; i < count; i++)
        sm_str_addf(&out, "%s\n", lines[i]);
    return out.data;
}

static const char *text_of_errors(const struct sm_field_errors *errors) {
    const char *lines[64];
    for (size_t i = 0; i < errors->count; i++)
        lines[i] = sm_region_printf(&r, "%s | %s | %s", errors->causes[i].reason, errors->causes[i].field, errors->causes[i].message);
    return sorted(lines, errors->count);
}

static const char *text_of_reply(sm_val reply) {
    const char *lines[64];
    sm_val cause;
    SM_EACH_ITEM(cause, sm_val_at(reply, "details.causes"))
        lines[cause_i] = sm_region_printf(&r, "%s | %s | %s", sm_val_str_at(cause, "reason"), sm_val_str_at(cause, "field"),
                                          sm_val_str_at(cause, "message"));
    return sorted(lines, sm_val_count(sm_val_at(reply, "details.causes")));
}

static void seinodes_are_refused_as_the_real_server_refuses_them(void **state) {
    (void)state;
    sm_val *lines = NULL, stored = NULL;
    size_t count = 0, refused = 0, accepted = 0;
    const struct sm_kind_info *kind = compile(seinode_definition());
    if (!read_lines(TRACES "h-validation.jsonl", &lines, &count))
        skip();

    for (size_t i = 0; i < count; i++) {
        sm_val request = lines[i], answer = NULL;
        const char *what = sm_val_str_at(request, "what"), *path = sm_val_str_at(request, "path");
        bool patch = sm_val_is_text(sm_val_get(request, "method"), "PATCH");
        if (!sm_val_is_text(sm_val_get(request, "actor"), "harness") || !strstr(path, "/seinodes") || !sm_val_get(request, "body"))
            continue;
        for (size_t j = i + 1; j < count && !answer; j++)
            if (sm_val_is_text(sm_val_get(lines[j], "what"), sm_region_printf(&r, "%s -> reply", what)))
                answer = lines[j];
        if (!answer || !sm_val_get(answer, "status"))
            continue;

        sm_val body = sm_val_get(request, "body");
        const char *subresource = strstr(path, "/status") ? "status" : "";
        sm_val object = decoded(kind, patch ? sm_val_merge_patch(&r, stored, body) : body);
        struct sm_field_errors errors = validate(kind, subresource, object, patch ? stored : NULL);

        bool good = sm_val_int_at(answer, "status", 0) < 300;
        refused += !good;
        accepted += good;
        if (good && errors.count)
            fail_msg("%s: refused:\n%s", what, text_of_errors(&errors));
        if (!good && strcmp(text_of_errors(&errors), text_of_reply(sm_val_get(answer, "reply"))) != 0)
            fail_msg("%s:\n%s  wanted:\n%s", what, text_of_errors(&errors), text_of_reply(sm_val_get(answer, "reply")));
        if (good && !patch && !strstr(path, "dryRun") && !stored)
            stored = object;
    }
    assert_true(refused >= 27 && accepted >= 12);
}

static void check_seinodes_in(const struct sm_kind_info *kind, sm_val v, size_t *seen) {
    if (sm_val_is_text(sm_val_get(v, "kind"), "SeiNode") && sm_val_get(v, "spec") &&
        sm_val_is_text(sm_val_get(v, "apiVersion"), "sei.io/v1alpha1")) {
        v = sm_val_set(&r, v, "metadata", NULL); /* its times are not in the recording */
        struct sm_decoded result = sm_schema_decode(&r, kind->schema, v);
        assert_null(result.error);
        if (result.unknown_count)
            fail_msg("unknown: %s", result.unknown[0]);
        assert_true(sm_val_equal(sm_schema_default(&r, kind->schema, result.object), v));
        ++*seen;
        return;
    }
    const struct sm_member *member;
    sm_val item;
    SM_EACH_MEMBER(member, v)
        check_seinodes_in(kind, member->value, seen);
    SM_EACH_ITEM(item, v)
        check_seinodes_in(kind, item, seen);
}

/* What the real server stored has been pruned and defaulted by the real definition, and comes out of ours as it is. */
static void stored_seinodes_lack_nothing_and_lose_nothing(void **state) {
    (void)state;
    static const char *const runs[] = {"b-fullnode-init", "c-nodeupdate-healthy", "d-nodeupdate-notready-pod", "e-options",
                                       "e-genesis-ceremony", "e-replayer",         "e-validator-keys"};
    const struct sm_kind_info *kind = compile(seinode_definition());
    size_t seen = 0;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        sm_val *lines = NULL;
        size_t count = 0;
        if (!read_lines(sm_region_printf(&r, TRACES "%s.jsonl", runs[i]), &lines, &count))
            skip();
        for (size_t j = 0; j < count; j++)
            if (sm_val_is_text(sm_val_get(lines[j], "actor"), "state"))
                check_seinodes_in(kind, lines[j], &seen);
    }
    assert_true(seen > 20);
}

/* --- SeiNode ------------------------------------------------------------------------------------------------------------------ */

static void the_sidecar_has_a_port_when_it_is_there(void **state) {
    (void)state;
    const struct sm_kind_info *kind = compile(seinode_definition());

    sm_val with = decoded(kind, json("{'kind':'SeiNode','spec':{'chainId':'c','image':'i','sidecar':{}}}"));
    sm_val without = decoded(kind, json("{'kind':'SeiNode','spec':{'chainId':'c','image':'i'}}"));

    assert_int_equal(sm_val_int_at(with, "spec.sidecar.port", 0), 7777);
    assert_null(sm_val_at(without, "spec.sidecar"));
}

static void the_kind_is_described(void **state) {
    (void)state;
    const struct sm_kind_info *kind = compile(seinode_definition());

    assert_ptr_equal(kind->resource, SM_SEINODES);
    assert_string_equal(kind->list_kind, "SeiNodeList");
    assert_string_equal(kind->singular, "seinode");
    assert_string_equal(kind->short_names[0], "snode");
    assert_null(kind->short_names[1]);
    assert_true(kind->custom && kind->status && !kind->scale && kind->update_needs_version);
    assert_int_equal(kind->generation, SM_GENERATION_ALL_BUT_STATUS);
    assert_string_equal(sm_val_str_at(kind->version, "additionalPrinterColumns[0].jsonPath"), ".status.phase");
    const struct sm_schema *conditions = sm_schema_child(sm_schema_child(kind->schema, "status", 6), "conditions", 10);
    assert_int_equal(conditions->list, SM_LIST_MAP);
    assert_string_equal(conditions->keys[0], "type");
}

static struct sm_field_errors with_cpu(const struct sm_kind_info *kind, const char *cpu) {
    sm_val node = json("{'kind':'SeiNode','spec':{'chainId':'c','image':'i','fullNode':{}}}");
    return validate(kind, "", decoded(kind, sm_val_set_at(&r, node, "spec.sidecar.resources.limits.cpu", json(cpu))), NULL);
}

static void quantities_of_the_sidecar_are_checked(void **state) {
    (void)state;
    const struct sm_kind_info *kind = compile(seinode_definition());

    struct sm_field_errors good = with_cpu(kind, "'1.5Gi'"), whole = with_cpu(kind, "2"), bad = with_cpu(kind, "'x'");

    assert_int_equal(good.count, 0);
    assert_int_equal(whole.count, 0);
    assert_int_equal(bad.count, 1);
    assert_string_equal(bad.causes[0].field, "spec.sidecar.resources.limits.cpu");
}

/* --- Compiling ------------------------------------------------------------------------------------------------------------------ */

static sm_val widgets(const char *schema) {
    sm_val definition = json("{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',"
                             "'metadata':{'name':'widgets.example.com'},'spec':{'group':'example.com','scope':'Cluster',"
                             "'names':{'plural':'widgets','singular':'widget','kind':'Widget','listKind':'WidgetList'},"
                             "'versions':[{'name':'v1','served':true,'storage':true,'schema':{}}]}}");
    return sm_val_set_at(&r, definition, "spec.versions[0].schema.openAPIV3Schema", json(schema));
}

static void what_was_compiled_is_kept(void **state) {
    (void)state;
    const struct sm_kind_info *first = compile(widgets("{'type':'object','properties':{'spec':{'type':'object'}}}"));
    const struct sm_kind_info *again = compile(widgets("{'type':'object','properties':{'spec':{'type':'object'}}}"));
    const struct sm_kind_info *other = compile(widgets("{'type':'object','properties':{'data':{'type':'string'}}}"));

    assert_ptr_equal(first, again);
    assert_ptr_not_equal(first, other);
    assert_false(sm_region_contains(&r, first));
    assert_false(first->resource->namespaced);
    assert_int_equal(first->generation, SM_GENERATION_ALL);
    for (int i = 0; i < 40; i++) /* more than is kept */
        assert_non_null(compile(widgets(sm_region_printf(&r, "{'type':'object','properties':{'f%d':{'type':'string'}}}", i))));
    assert_ptr_equal(compile(widgets("{'type':'object','properties':{'spec':{'type':'object'}}}")), first);
}

static void a_rule_that_does_not_compile_is_an_error_of_the_definition(void **state) {
    (void)state;
    struct sm_field_errors errors = sm_field_errors_init(&r);
    sm_val definition = widgets("{'type':'object','x-kubernetes-validations':[{'rule':'quantity(self.kind) == 1'}]}");

    assert_null(sm_crd_compile(&r, definition, NULL, &errors));

    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.causes[0].field, "spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0].rule");
    assert_non_null(strstr(errors.causes[0].message, "undeclared reference to 'quantity' (in container '')"));
}

/* --- Definitions ------------------------------------------------------------------------------------------------------------------ */

static const char *definition_faults(sm_val definition, sm_val before) {
    struct sm_field_errors errors = sm_field_errors_init(&r);
    struct sm_str out;
    sm_str_init(&out, &r);
    sm_crd_validate_definition(&errors, definition, before);
    for (size_t i = 0; i < errors.count; i++)
        sm_str_addf(&out, "%s%s: %s", i ? "\n" : "", errors.causes[i].field, errors.causes[i].message);
    return out.data;
}

static void definitions_say_what_is_wrong_with_them(void **state) {
    (void)state;
    static const struct {
        const char *path, *value, *expected;
    } rows[] = {
        {"metadata.name", "'x.example.com'", "metadata.name: Invalid value: \"x.example.com\": must be spec.names.plural+\".\"+spec.group"},
        {"spec.scope", "'Everywhere'", "spec.scope: Unsupported value: \"Everywhere\": supported values: \"Cluster\", \"Namespaced\""},
        {"spec.scope", "null", "spec.scope: Required value"},
        {"spec.names.kind", "'WidgetList'", "spec.names.listKind: Invalid value: \"WidgetList\": kind and listKind may not be the same"},
        {"spec.group", "null",
         "metadata.name: Invalid value: \"widgets.example.com\": must be spec.names.plural+\".\"+spec.group\n"
         "spec.group: Required value"},
        {"spec.group", "'Example'",
         "metadata.name: Invalid value: \"widgets.example.com\": must be spec.names.plural+\".\"+spec.group\n"
                                    "spec.group: Invalid value: \"Example\": a lowercase RFC 1123 subdomain must consist of lower case "
                                    "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
                                    "'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*"
                                    "[a-z0-9])?)*')"},
        {"spec.group", "'example'",
         "metadata.name: Invalid value: \"widgets.example.com\": must be spec.names.plural+\".\"+spec.group\n"
                                    "spec.group: Invalid value: \"example\": should be a domain with at least one dot"},
        {"spec.names.shortNames", "['A']", "spec.names.shortNames[0]: Invalid value: \"A\": a DNS-1035 label must consist of lower case "
                                           "alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric "
                                           "character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?"
                                           "')"},
        {"spec.versions[0].additionalPrinterColumns", "[{}]",
         "spec.versions[0].additionalPrinterColumns[0].name: Required value\n"
         "spec.versions[0].additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string\n"
         "spec.versions[0].additionalPrinterColumns[0].jsonPath: Required value"},
        {"spec.names.singular", "null", "spec.names.singular: Required value"},
        {"spec.preserveUnknownFields", "true",
         "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true instead"},
        {"spec.versions[0].storage", "false",
         "spec.versions: Invalid value: [{\"name\":\"v1\",\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}},\"served\":true,"
         "\"storage\":"
         "false}]: must have exactly one version marked as storage version"},
        {"spec.versions[0].schema", "null", "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"},
        {"spec.versions[0].schema.openAPIV3Schema.type", "null",
         "spec.versions[0].schema.openAPIV3Schema.type: Required value: must not be empty at the root"},
        {"spec.versions[0].additionalPrinterColumns", "[{'name':'a','type':'text','jsonPath':'x'}]",
         "spec.versions[0].additionalPrinterColumns[0].type: Invalid value: \"text\": must be one of boolean,date,integer,number,string\n"
         "spec.versions[0].additionalPrinterColumns[0].jsonPath: Invalid value: \"x\": must be a simple json path starting with ."},
        {"spec.versions[0].deprecationWarning", "'old'",
         "spec.versions[0].deprecationWarning: Invalid value: \"old\": can only be set for deprecated versions"},
        {"status.storedVersions", "['v0']",
         "status.storedVersions[0]: Invalid value: \"v0\": must appear in spec.versions\n"
         "status.storedVersions: Invalid value: [\"v0\"]: must have the storage version v1"},
        {"status.storedVersions", "['v1']", ""},
    };
    sm_val good = widgets("{'type':'object'}");
    assert_string_equal(definition_faults(good, NULL), "");
    struct sm_field_errors errors = sm_field_errors_init(&r);
    struct sm_write write = {.region = &r, .kubernetes = "1.33", .subresource = ""};
    sm_kind_builtin(SM_CRDS)->validate(&write, &errors, sm_val_set_at(&r, good, "spec.scope", NULL), NULL);
    assert_int_equal(errors.count, 1); /* the server asks */
    assert_string_equal(definition_faults(seinode_definition(), NULL), "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sm_val value = json(rows[i].value);
        const char *said = definition_faults(sm_val_set_at(&r, good, rows[i].path, sm_val_is_null(value) ? NULL : value), NULL);
        if (strcmp(said, rows[i].expected) != 0)
            fail_msg("%s = %s\n  is:     %s\n  wanted: %s", rows[i].path, rows[i].value, said, rows[i].expected);
    }
}

static void an_established_definition_keeps_its_names(void **state) {
    (void)state;
    sm_val before = widgets("{'type':'object'}");
    sm_val established = sm_val_set_at(&r, before, "status.conditions", json("[{'type':'Established','status':'True'}]"));
    sm_val kind = sm_val_set_at(&r, before, "spec.names.kind", json("'Gadget'"));
    sm_val scope = sm_val_set_at(&r, before, "spec.scope", json("'Namespaced'"));

    assert_string_equal(definition_faults(kind, before), "");
    assert_string_equal(definition_faults(kind, established), "spec.names.kind: Invalid value: \"Gadget\": field is immutable");
    assert_string_equal(definition_faults(scope, established), "spec.scope: Invalid value: \"Namespaced\": field is immutable");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seinodes_are_refused_as_the_real_server_refuses_them),
        cmocka_unit_test(stored_seinodes_lack_nothing_and_lose_nothing),
        cmocka_unit_test(the_sidecar_has_a_port_when_it_is_there),
        cmocka_unit_test(the_kind_is_described),
        cmocka_unit_test(quantities_of_the_sidecar_are_checked),
        cmocka_unit_test(what_was_compiled_is_kept),
        cmocka_unit_test(a_rule_that_does_not_compile_is_an_error_of_the_definition),
        cmocka_unit_test(definitions_say_what_is_wrong_with_them),
        cmocka_unit_test(an_established_definition_keeps_its_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
