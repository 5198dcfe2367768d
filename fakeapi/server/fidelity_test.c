/* docs/fidelity.md is what the tables say: every kind that is served, and how far it is like the real one. SM_REWRITE=1 writes it.
 *
 * Levels: exact (recordings of a real server are played against it), modelled (its fields, defaults and rules are known here), stored
 * with its fields (decoded, defaulted and pruned, no rules), stored only (kept as it comes, JSON alone). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protobuf.h"
#include "sim.h"
#include "str.h"

#define PAGE "../../docs/fidelity.md"

/* Recordings of which kinds are played (harness/conformance). */
static const struct {
    const char *kind, *recordings;
} recorded[] = {
    {"Pod", "objects, status, binding, eviction, delete"},
    {"Service", "objects/service-defaults, service-invalid"},
    {"ConfigMap", "objects/configmap, watch, list, delete"},
    {"Secret", "objects/secret"},
    {"ServiceAccount", "objects/serviceaccount, rbac/token-request"},
    {"Namespace", "namespaces, controllers/namespace"},
    {"Event", "objects/event-v1"},
    {"StatefulSet", "objects, status, scale, ssa, controllers/statefulset"},
    {"ControllerRevision", "objects/controllerrevision"},
    {"Job", "objects/job"},
    {"CustomResourceDefinition", "crd"},
    {"Role", "rbac/role-grants"},
    {"RoleBinding", "rbac/role-grants"},
    {"PersistentVolumeClaim", "controllers/statefulset, list/table-kinds"},
};

static const struct {
    const char *feature, *level, *where;
} features[] = {
    {"get, list, watch, create, update, patch, delete, deletecollection", "exact", "objects, list, watch, delete"},
    {"JSON, merge, strategic merge patches; server-side apply, managedFields", "exact", "json-patch, merge-patch, strategic-merge, ssa"},
    {"selectors of labels and fields, pagination, resourceVersion rules, 410 in both forms", "exact", "list, watch"},
    {"bookmarks; sendInitialEvents refused as 1.33 does, answered from 1.34 on", "exact", "watch/bookmarks"},
    {"dry run, fieldValidation, Warning headers", "exact", "dryrun, fieldvalidation"},
    {"/status, /scale, /binding, /eviction with budgets, /finalize, /token", "exact", "status, scale, binding, eviction, rbac"},
    {"/approval, /ephemeralcontainers, /resize, /log, /exec, /attach, /portforward, /proxy", "absent", "404, though discovery names them"},
    {"RBAC, its escalation checks, access reviews, impersonation", "exact", "rbac"},
    {"aggregated roles", "absent", "rules of aggregationRule are not gathered"},
    {"discovery, old and aggregated v2, storageVersionHash; /version; /healthz, /livez, /readyz", "exact", "discovery"},
    {"Table, PartialObjectMetadata and its list, also in watches", "exact", "list/table-*, watch/table, crd/table"},
    {"protobuf bodies, answers and watches of built-in kinds", "modelled", "JSON wherever a client reads that, too"},
    {"OpenAPI v2 (JSON) and v3", "modelled", "types and lists' keys, no descriptions"},
    {"custom resources: structural schemas, defaults, pruning, CEL, columns, selectable fields, several versions, None conversion", "exact",
     "crd"},
    {"conversion webhooks, admission webhooks and policies", "absent", "stored, never called"},
    {"resource quotas, limit ranges, priority admission", "absent", "stored, never enforced"},
    {"one version of most kinds", "modelled", "apps/v1beta1 and the like are not served, as in 1.33"},
};

static const char *recordings_of(const char *kind) {
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        if (strcmp(recorded[i].kind, kind) == 0)
            return recorded[i].recordings;
    return NULL;
}

static const char *level_of(const struct sm_kind_info *kind) {
    if (recordings_of(kind->resource->kind))
        return "exact";
    if (kind->schema->preserve_unknown)
        return "stored only";
    return kind->validate || kind->create || kind->view ? "modelled" : "stored with its fields";
}

static void page(struct sm_str *out, const struct sm_server *server) {
    const struct sm_kind_info *kind;

    sm_str_add(out,
               "# How far this is Kubernetes\n\n"
               "Generated from the tables of kinds and features by `fakeapi/server/fidelity_test.c`, which fails when this page is not\n"
               "what they say; `SM_REWRITE=1` writes it anew.\n\n"
               "- **exact**: recordings of a real server 1.33 are played against it, and agree.\n"
               "- **modelled**: its fields, defaults and rules are known; no recording of it alone.\n"
               "- **stored with its fields**: decoded, defaulted and pruned as its type says; nothing validates or runs it.\n"
               "- **stored only**: kept as it comes, in JSON alone. Nothing looks at it.\n"
               "- **absent**: not there.\n\n## Kinds\n\n| API | kind | level | subresources | recordings |\n|---|---|---|---|---|\n");
    for (size_t i = 0; (kind = sm_server_kind_at(server, i)) != NULL; i++) {
        const char *cases = recordings_of(kind->resource->kind);
        sm_str_addf(out, "| %s | %s | %s | %s%s%s | %s |\n", kind->resource->api_version, kind->resource->kind, level_of(kind),
                    kind->status ? "status" : "", kind->status && kind->scale ? ", " : "", kind->scale ? "scale" : "", cases ? cases : "");
    }
    sm_str_add(out, "\n## Features\n\n| feature | level | where |\n|---|---|---|\n");
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        sm_str_addf(out, "| %s | %s | %s |\n", features[i].feature, features[i].level, features[i].where);
}

static void the_page_is_what_the_tables_say(void **state) {
    struct sm_region r;
    struct sm_str out;
    (void)state;

    sm_region_init(&r, "fidelity", 0);
    struct sm_sim *sim = sm_sim_new(&(struct sm_sim_config){.run = &r});
    const struct sm_server *server = sm_server_new(&sim->env, &(struct sm_server_config){.seed = 1});
    sm_str_init(&out, &r);
    page(&out, server);
    FILE *file = fopen(PAGE, getenv("SM_REWRITE") ? "w+" : "r");
    assert_non_null(file);
    if (getenv("SM_REWRITE")) {
        fputs(out.data, file);
        rewind(file);
    }
    char *text = sm_region_zalloc(&r, out.bytes + 2);
    size_t bytes = fread(text, 1, out.bytes + 1, file);
    fclose(file);
    assert_int_equal(bytes, out.bytes);
    assert_string_equal(text, out.data);
    sm_region_release(&r);
}

/* What has a table of fields can be read and written as protobuf. */
static void every_kind_with_fields_has_a_message(void **state) {
    struct sm_region r;
    const struct sm_kind_info *kind;
    (void)state;

    sm_region_init(&r, "fidelity", 0);
    struct sm_sim *sim = sm_sim_new(&(struct sm_sim_config){.run = &r});
    const struct sm_server *server = sm_server_new(&sim->env, &(struct sm_server_config){.seed = 1});
    for (size_t i = 0; (kind = sm_server_kind_at(server, i)) != NULL; i++) {
        for (uint32_t f = 0; sm_protobuf_knows(kind) && f < kind->schema->field_count; f++) {
            const struct sm_field *field = &kind->schema->fields[f];
            bool type_meta = strcmp(field->name, "apiVersion") == 0 || strcmp(field->name, "kind") == 0;
            if ((field->number == 0) != type_meta)
                fail_msg("%s.%s: number %u", kind->resource->kind, field->name, field->number);
        }
    }
    sm_region_release(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_what_the_tables_say),
        cmocka_unit_test(every_kind_with_fields_has_a_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
