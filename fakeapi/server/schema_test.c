/* Decoding and defaulting of built-in kinds, against what a real 1.33 answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"
#include "kind.h"
#include "schema_types.h"

static struct sm_region region;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&region, "test", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&region);
    return 0;
}

static sm_val lit(const char *text) {
    return sm_json_literal(&region, text);
}

static void assert_same(sm_val got, const char *wanted) {
    assert_string_equal(sm_json_text(&region, got, SM_JSON_COMPACT), sm_json_text(&region, lit(wanted), SM_JSON_COMPACT));
}

static sm_val decoded(const struct sm_schema *schema, const char *text) {
    struct sm_decoded d = sm_schema_decode(&region, schema, lit(text));
    assert_null(d.error);
    return d.object;
}

static sm_val defaulted(const struct sm_schema *schema, const char *text) {
    return sm_schema_default(&region, schema, decoded(schema, text));
}

static const char *decode_error(const struct sm_schema *schema, const char *text) {
    struct sm_decoded d = sm_schema_decode(&region, schema, lit(text));
    assert_null(d.object);
    return d.error;
}

#define POD_DEFAULTS \
    "'dnsPolicy':'ClusterFirst','restartPolicy':'Always','schedulerName':'default-scheduler','securityContext':{}," \
    "'terminationGracePeriodSeconds':30"
#define CONTAINER_DEFAULTS "'resources':{},'terminationMessagePath':'/dev/termination-log','terminationMessagePolicy':'File'"

static const char *const minimal_set =
    "{'apiVersion':'apps/"
    "v1','kind':'StatefulSet','metadata':{'name':'web'},'spec':{'serviceName':'s','selector':{'matchLabels':{'app':'a'}},"
    "'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[{'name':'c','image':'example.com/app:1'}]}}}}";

static const char *const minimal_set_defaulted =
    "{'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'creationTimestamp':null,'name':'web'},'spec':{"
    "'persistentVolumeClaimRetentionPolicy':{'whenDeleted':'Retain','whenScaled':'Retain'},'podManagementPolicy':'OrderedReady',"
    "'replicas':1,'revisionHistoryLimit':10,'selector':{'matchLabels':{'app':'a'}},'serviceName':'s','template':{'metadata':{"
    "'creationTimestamp':null,'labels':{'app':'a'}},'spec':{'containers':[{'image':'example.com/app:1','imagePullPolicy':'IfNotPresent',"
    "'name':'c'," CONTAINER_DEFAULTS "}]," POD_DEFAULTS "}},'updateStrategy':{'rollingUpdate':{'partition':0},'type':'RollingUpdate'}},"
    "'status':{'availableReplicas':0,'replicas':0}}";

static void minimal_stateful_set_is_defaulted_as_recorded(void **state) {
    (void)state;
    assert_same(defaulted(&sm_schema_stateful_set, minimal_set), minimal_set_defaulted);
}

static void what_is_complete_comes_out_as_itself(void **state) {
    (void)state;
    sm_val set = defaulted(&sm_schema_stateful_set, minimal_set);

    struct sm_decoded again = sm_schema_decode(&region, &sm_schema_stateful_set, set);

    assert_ptr_equal(again.object, set);
    assert_ptr_equal(sm_schema_default(&region, &sm_schema_stateful_set, set), set);
}

static void what_is_known_is_shared(void **state) {
    (void)state;
    sm_val known = defaulted(&sm_schema_stateful_set, minimal_set);
    sm_val body = sm_val_copy(&region, known, NULL);
    body = sm_val_set_at(&region, body, "spec.replicas", sm_val_int(&region, 3));

    struct sm_decoded d = sm_schema_decode_with(&region, &sm_schema_stateful_set, body, &(struct sm_decode_options){.known = known});
    sm_val object = sm_schema_default_with(&region, &sm_schema_stateful_set, d.object, known);

    assert_ptr_equal(sm_val_at(object, "spec.template"), sm_val_at(known, "spec.template"));
    assert_int_equal(sm_val_int_at(object, "spec.replicas", 0), 3);
}

static void a_known_object_never_changes_what_comes_out(void **state) {
    (void)state;
    static const char *const paths[] = {
        "spec.replicas", "spec.selector", "spec.serviceName", "spec.template.metadata", "spec.template.spec.containers[0].name",
        "spec.template.spec.containers[0].resources", "spec.updateStrategy", "spec.podManagementPolicy", "status", "status.replicas",
        "spec.template.spec.restartPolicy", "spec.updateStrategy.type", "metadata.creationTimestamp", "kind",
    };
    static const char *const values[] = {NULL, "null", "{}", "[]", "'x'", "7", "{'unknown':1}"};
    sm_val known = defaulted(&sm_schema_stateful_set, minimal_set);
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            sm_val body = sm_val_set_at(&region, known, paths[p], values[v] ? lit(values[v]) : NULL);

            struct sm_decoded plain = sm_schema_decode(&region, &sm_schema_stateful_set, body);
            struct sm_decoded quick =
                sm_schema_decode_with(&region, &sm_schema_stateful_set, body, &(struct sm_decode_options){.known = known});

            assert_int_equal(plain.object != NULL, quick.object != NULL);
            assert_int_equal(plain.unknown_count, quick.unknown_count);
            if (!plain.object) {
                assert_string_equal(plain.error, quick.error);
                continue;
            }
            assert_true(sm_val_equal(plain.object, quick.object));
            assert_true(sm_val_equal(sm_schema_default(&region, &sm_schema_stateful_set, plain.object),
                                     sm_schema_default_with(&region, &sm_schema_stateful_set, quick.object, known)));
        }
}

static void update_strategy_gets_its_stanza_only_with_its_type(void **state) {
    (void)state;
    sm_val set = lit(minimal_set);

    sm_val empty = sm_val_set_at(&region, set, "spec.updateStrategy", lit("{}"));
    sm_val named = sm_val_set_at(&region, set, "spec.updateStrategy", lit("{'type':'RollingUpdate'}"));
    sm_val on_delete = sm_val_set_at(&region, set, "spec.updateStrategy", lit("{'type':'OnDelete'}"));
    sm_val stanza = sm_val_set_at(&region, set, "spec.updateStrategy", lit("{'rollingUpdate':{'maxUnavailable':2}}"));

    const struct sm_schema *schema = &sm_schema_stateful_set;
    assert_same(sm_val_at(sm_schema_default(&region, schema, empty), "spec.updateStrategy"),
                "{'rollingUpdate':{'partition':0},'type':'RollingUpdate'}");
    assert_same(sm_val_at(sm_schema_default(&region, schema, named), "spec.updateStrategy"), "{'type':'RollingUpdate'}");
    assert_same(sm_val_at(sm_schema_default(&region, schema, on_delete), "spec.updateStrategy"), "{'type':'OnDelete'}");
    assert_same(sm_val_at(sm_schema_default(&region, schema, stanza), "spec.updateStrategy"),
                "{'rollingUpdate':{'maxUnavailable':2,'partition':0},'type':'RollingUpdate'}");
}

static void claim_templates_are_objects(void **state) {
    (void)state;
    sm_val set = sm_val_set_at(&region, lit(minimal_set), "spec.volumeClaimTemplates",
                               lit("[{'metadata':{'name':'d'},'spec':{'resources':{'requests':{'storage':'1024Mi'}}}}]"));

    set = sm_schema_default(&region, &sm_schema_stateful_set, sm_schema_decode(&region, &sm_schema_stateful_set, set).object);

    assert_same(sm_val_at(set, "spec.volumeClaimTemplates"),
                "[{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'creationTimestamp':null,'name':'d'},'spec':{'resources':{"
                "'requests':{'storage':'1Gi'}},'volumeMode':'Filesystem'},'status':{'phase':'Pending'}}]");
}

static void an_empty_list_that_go_always_prints_is_null(void **state) {
    (void)state;
    sm_val set = sm_val_set_at(&region, lit(minimal_set), "spec.template.spec.containers", SM_EMPTY_LIST);

    set = sm_schema_decode(&region, &sm_schema_stateful_set, set).object;

    assert_true(sm_val_is_null(sm_val_at(set, "spec.template.spec.containers")));
    assert_ptr_equal(sm_schema_decode(&region, &sm_schema_stateful_set, set).object, set);
}

static void pods_have_defaults_that_templates_have_not(void **state) {
    (void)state;
    sm_val pod = defaulted(&sm_schema_pod, "{'spec':{'hostNetwork':true,'containers':[{'name':'c','ports':[{'containerPort':80}],"
                                           "'resources':{'limits':{'cpu':'1000m','memory':'128Mi'},'requests':{'cpu':'0.25'}}}]}}");

    assert_true(sm_val_true_at(pod, "spec.enableServiceLinks"));
    assert_same(sm_val_at(pod, "spec.containers[0].resources"),
                "{'limits':{'cpu':'1','memory':'128Mi'},'requests':{'cpu':'250m','memory':'128Mi'}}");
    assert_same(sm_val_at(pod, "spec.containers[0].ports"), "[{'containerPort':80,'hostPort':80,'protocol':'TCP'}]");
}

static void probes_volumes_and_environment_are_defaulted(void **state) {
    (void)state;
    sm_val pod =
        defaulted(&sm_schema_pod,
                  "{'spec':{'serviceAccountName':'bot','terminationGracePeriodSeconds':-5,'containers':[{'name':'c','image':'x/y:latest',"
                  "'livenessProbe':{'httpGet':{'port':80}},'readinessProbe':{'grpc':{'port':5}},"
                  "'env':[{'name':'A','value':''},{'name':'B','valueFrom':{'fieldRef':{'fieldPath':'p'}}},"
                  "{'name':'D','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu'}}}]}],"
                  "'volumes':[{'name':'e'},{'name':'s','secret':{'secretName':'s'}},{'name':'h','hostPath':{'path':'/x'}},"
                  "{'name':'p','projected':{'sources':[{'serviceAccountToken':{'path':'t'}}]}},"
                  "{'name':'m','emptyDir':{'sizeLimit':'0.5Gi'}},"
                  "{'name':'i','image':{'reference':'x:1'}},{'name':'j','image':{'reference':'x','pullPolicy':'Never'}}]}}");

    sm_val container = sm_val_at(pod, "spec.containers[0]");
    assert_same(sm_val_get(container, "livenessProbe"), "{'failureThreshold':3,'httpGet':{'path':'/','port':80,'scheme':'HTTP'},"
                                                        "'periodSeconds':10,'successThreshold':1,'timeoutSeconds':1}");
    assert_same(sm_val_at(container, "readinessProbe.grpc"), "{'port':5,'service':''}");
    assert_same(sm_val_get(container, "env"), "[{'name':'A'},{'name':'B','valueFrom':{'fieldRef':{'apiVersion':'v1','fieldPath':'p'}}},"
                                              "{'name':'D','valueFrom':{'resourceFieldRef':{'divisor':'0','resource':'limits.cpu'}}}]");
    assert_string_equal(sm_val_str_at(container, "imagePullPolicy"), "Always");
    assert_string_equal(sm_val_str_at(pod, "spec.serviceAccount"), "bot");
    assert_int_equal(sm_val_int_at(pod, "spec.terminationGracePeriodSeconds", 0), 1);
    assert_same(
        sm_val_at(pod, "spec.volumes"),
        "[{'emptyDir':{},'name':'e'},{'name':'s','secret':{'defaultMode':420,'secretName':'s'}},{'hostPath':{'path':'/x','type':''},"
        "'name':'h'},{'name':'p','projected':{'defaultMode':420,'sources':[{'serviceAccountToken':{'expirationSeconds':3600,"
        "'path':'t'}}]}},{'emptyDir':{'sizeLimit':'512Mi'},'name':'m'},{'image':{'pullPolicy':'IfNotPresent','reference':'x:1'},"
        "'name':'i'},{'image':{'pullPolicy':'Never','reference':'x'},'name':'j'}]");
}

static void pull_policy_follows_the_tag(void **state) {
    (void)state;
    static const char *const images[][2] = {
        {"example.com/app",             "Always"},
        {"example.com/app:latest",      "Always"},
        {"example.com/app:1",           "IfNotPresent"},
        {"example.com:5000/app",        "Always"},
        {"example.com:5000/app:v2",     "IfNotPresent"},
        {"example.com/app@sha256:e3b0", "IfNotPresent"},
        {"app:latest@sha256:e3b0",      "Always"},
        {"",                            "IfNotPresent"},
    };
    for (size_t i = 0; i < sizeof images / sizeof *images; i++)
        assert_string_equal(sm_val_text(sm_schema_pull_policy(&region, sm_val_str(&region, images[i][0]))), images[i][1]);
}

static void services_are_defaulted(void **state) {
    (void)state;
    sm_val headless = defaulted(&sm_schema_service, "{'spec':{'clusterIP':'None','ports':[{'port':80},{'port':2,'targetPort':'web'}]}}");
    sm_val external = defaulted(&sm_schema_service, "{'spec':{'type':'ExternalName','externalName':'example.com'}}");
    sm_val balancer = defaulted(&sm_schema_service, "{'spec':{'type':'LoadBalancer','sessionAffinity':'ClientIP'}}");

    assert_same(headless, "{'metadata':{'creationTimestamp':null},'spec':{'clusterIP':'None','internalTrafficPolicy':'Cluster','ports':["
                          "{'port':80,'protocol':'TCP','targetPort':80},{'port':2,'protocol':'TCP','targetPort':'web'}],"
                          "'sessionAffinity':'None','type':'ClusterIP'},'status':{'loadBalancer':{}}}");
    assert_same(sm_val_get(external, "spec"), "{'externalName':'example.com','sessionAffinity':'None','type':'ExternalName'}");
    assert_same(sm_val_get(balancer, "spec"),
                "{'allocateLoadBalancerNodePorts':true,'externalTrafficPolicy':'Cluster','internalTrafficPolicy':'Cluster',"
                "'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':10800}},'type':'LoadBalancer'}");
}

static void jobs_are_defaulted(void **state) {
    (void)state;
    sm_val job = defaulted(&sm_schema_job,
                           "{'metadata':{'name':'j'},'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[]}}}}");
    sm_val parallel = defaulted(&sm_schema_job, "{'spec':{'parallelism':2,'backoffLimitPerIndex':1,'podFailurePolicy':{'rules':[]}}}");

    sm_val spec = sm_val_set(&region, sm_val_get(job, "spec"), "template", NULL);
    assert_same(spec, "{'backoffLimit':6,'completionMode':'NonIndexed','completions':1,'manualSelector':false,'parallelism':1,"
                      "'podReplacementPolicy':'TerminatingOrFailed','suspend':false}");
    assert_same(sm_val_at(job, "metadata.labels"), "{'a':'b'}");
    assert_null(sm_val_at(parallel, "spec.completions"));
    assert_int_equal(sm_val_int_at(parallel, "spec.backoffLimit", 0), INT32_MAX);
    assert_string_equal(sm_val_str_at(parallel, "spec.podReplacementPolicy"), "Failed");
}

static void definitions_get_their_names(void **state) {
    (void)state;
    sm_val crd = defaulted(&sm_schema_crd, "{'spec':{'group':'g','names':{'kind':'Widget','plural':'widgets'},'scope':'Namespaced',"
                                           "'versions':[{'name':'v1','schema':{'openAPIV3Schema':{'type':'object','nope':1,'properties':{"
                                           "'a':{'type':'string','minLength':0}}}}}]}}");

    assert_same(sm_val_get(crd, "spec"),
                "{'conversion':{'strategy':'None'},'group':'g','names':{'kind':'Widget','listKind':'WidgetList','plural':'widgets',"
                "'singular':'widget'},'scope':'Namespaced','versions':[{'name':'v1','schema':{'openAPIV3Schema':{'properties':{'a':{"
                "'minLength':0,'type':'string'}},'type':'object'}},'served':false,'storage':false}]}");
    assert_ptr_equal(sm_schema_default(&region, &sm_schema_crd, crd), crd);
}

static void secrets_take_texts(void **state) {
    (void)state;
    sm_val secret = defaulted(&sm_schema_secret, "{'stringData':{'k':'plain'},'data':{'k':'b2xk','z':'eg=='}}");

    assert_same(secret, "{'data':{'k':'cGxhaW4=','z':'eg=='},'metadata':{'creationTimestamp':null},'type':'Opaque'}");
}

static void status_prints_what_go_always_prints(void **state) {
    (void)state;
    sm_val pod = decoded(&sm_schema_pod, "{'spec':{},'status':{'conditions':[{'type':'Ready','status':'False','reason':''}],"
                                         "'containerStatuses':[{'name':'c','state':{'running':{'startedAt':'2024-01-01T00:00:00Z'}}}]}}");

    assert_same(sm_val_get(pod, "status"),
                "{'conditions':[{'lastProbeTime':null,'lastTransitionTime':null,'status':'False','type':'Ready'}],'containerStatuses':[{"
                "'image':'','imageID':'','lastState':{},'name':'c','ready':false,'restartCount':0,"
                "'state':{'running':{'startedAt':'2024-01-01T00:00:00Z'}}}]}");
    assert_same(sm_schema_zero(&region, sm_schema_field(&sm_schema_stateful_set, "status", 6)->schema),
                "{'availableReplicas':0,'replicas':0}");
}

static void nulls_and_empty_values_are_left_out(void **state) {
    (void)state;
    sm_val map =
        decoded(&sm_schema_config_map, "{'metadata':{'name':'c','labels':{},'finalizers':[],'generation':0,'deletionTimestamp':null},"
                                       "'data':{'a':null,'b':''},'immutable':false}");

    assert_same(map, "{'data':{'a':'','b':''},'immutable':false,'metadata':{'creationTimestamp':null,'name':'c'}}");
}

static void times_are_written_in_one_way(void **state) {
    (void)state;
    sm_val lease = decoded(&sm_schema_lease, "{'metadata':{'creationTimestamp':'2024-01-01T02:00:00.5+02:00'},"
                                             "'spec':{'renewTime':'2024-01-01T00:00:00Z','acquireTime':'2024-01-01T00:00:00.123456Z'}}");

    assert_string_equal(sm_val_str_at(lease, "metadata.creationTimestamp"), "2024-01-01T00:00:00Z");
    assert_string_equal(sm_val_str_at(lease, "spec.renewTime"), "2024-01-01T00:00:00.000000Z");
    assert_string_equal(sm_val_str_at(lease, "spec.acquireTime"), "2024-01-01T00:00:00.123456Z");
}

static const char *const set_with_unknown_fields =
    "{'bogus':1,'metadata':{'name':'a','nope':'x'},'spec':{'replicass':3,'template':{'spec':{'containers':[{'name':'c','imag':'x'}]}}}}";

static void unknown_fields_are_dropped_and_named(void **state) {
    (void)state;
    struct sm_decoded d = sm_schema_decode(&region, &sm_schema_stateful_set, lit(set_with_unknown_fields));

    static const char *const wanted[] = {"metadata.nope", "spec.template.spec.containers[0].imag", "spec.replicass", "bogus"};
    assert_int_equal(d.unknown_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(d.unknown[i], wanted[i]);
    assert_null(sm_val_get(d.object, "bogus"));
    assert_null(sm_val_at(d.object, "spec.replicass"));
    assert_null(sm_val_at(d.object, "spec.template.spec.containers[0].imag"));
}

static void unknown_fields_of_a_patch_are_named_in_order_of_keys(void **state) {
    (void)state;
    struct sm_decoded d =
        sm_schema_decode_with(&region, &sm_schema_stateful_set, lit(set_with_unknown_fields), &(struct sm_decode_options){.patched = true});

    static const char *const wanted[] = {"bogus", "metadata.nope", "spec.replicass", "spec.template.spec.containers[0].imag"};
    assert_int_equal(d.unknown_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(d.unknown[i], wanted[i]);
}

static void wrong_types_are_named_in_the_words_of_go(void **state) {
    (void)state;
    const struct sm_schema *set = &sm_schema_stateful_set;
    assert_string_equal(decode_error(set, "{'spec':{'replicas':'three'}}"),
                        "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32");
    assert_string_equal(decode_error(set, "{'spec':{'replicas':1.5}}"),
                        "json: cannot unmarshal number 1.5 into Go struct field StatefulSetSpec.spec.replicas of type int32");
    assert_string_equal(decode_error(set, "{'spec':{'replicas':5000000000}}"),
                        "json: cannot unmarshal number 5000000000 into Go struct field StatefulSetSpec.spec.replicas of type int32");
    assert_string_equal(decode_error(set, "{'metadata':{'labels':{'a':1}}}"),
                        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string");
    assert_string_equal(decode_error(set, "{'spec':'x'}"),
                        "json: cannot unmarshal string into Go struct field StatefulSet.spec of type v1.StatefulSetSpec");
    assert_string_equal(decode_error(set, "{'spec':{'template':{'spec':{'containers':[{'image':true}]}}}}"),
                        "json: cannot unmarshal bool into Go struct field Container.spec.template.spec.containers.image of type string");
    assert_string_equal(decode_error(set, "{'spec':{'template':{'spec':{'containers':{}}}}}"),
                        "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container");
    assert_string_equal(decode_error(set, "[]"), "json: cannot unmarshal array into Go value of type v1.StatefulSet");
    assert_string_equal(decode_error(&sm_schema_secret, "{'data':{'k':'***'}}"), "illegal base64 data at input byte 0");
    assert_string_equal(decode_error(&sm_schema_pod, "{'metadata':{'creationTimestamp':'yesterday'}}"),
                        "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"");
    assert_string_equal(decode_error(&sm_schema_pod, "{'spec':{'overhead':{'cpu':'lots'}}}"),
                        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

static void custom_resources_keep_what_is_empty_or_of_another_type(void **state) {
    (void)state;
    const struct sm_structural *structural = (const void *)&region;
    const struct sm_schema number = {.type = SM_TYPE_INT64, .structural = structural};
    const struct sm_schema numbers = {.type = SM_TYPE_LIST, .element = &number, .structural = structural};
    const struct sm_field fields[] = {
        {"list",   &numbers, SM_OPTIONAL, NULL, 0},
        {"size",   &number,  SM_OPTIONAL, "5", 0},
        {"weight", &number,  SM_OPTIONAL, NULL, 0},
    };
    const struct sm_schema widget = {.type = SM_TYPE_OBJECT, .fields = fields, .field_count = 3, .structural = structural};

    sm_val object = decoded(&widget, "{'list':[],'weight':'heavy','size':null,'extra':1}");

    assert_same(object, "{'list':[],'weight':'heavy'}");
    assert_same(sm_schema_default(&region, &widget, object), "{'list':[],'size':5,'weight':'heavy'}");
}

/* --- The tables themselves --------------------------------------------------------------------------------------------------- */

enum { SCHEMAS_MAX = 1000 };

static const struct sm_schema *seen[SCHEMAS_MAX];
static size_t seen_count;

static void check_keys(const struct sm_schema *list) {
    for (size_t i = 0; list->keys[i]; i++)
        if (!sm_schema_field(list->element, list->keys[i], strlen(list->keys[i])))
            fail_msg("%s has no key %s", list->element->name, list->keys[i]);
    assert_true((list->list == SM_LIST_MAP) == (list->keys[0] != NULL));
    if (list->merge_key && *list->merge_key)
        assert_non_null(sm_schema_field(list->element, list->merge_key, strlen(list->merge_key)));
}

/* Does anything in it have a default? [depth] ends recursive schemas, which have none. */
static bool has_defaults(const struct sm_schema *schema, int depth) {
    if (schema->fill)
        return true;
    if (schema->element)
        return has_defaults(schema->element, depth);
    for (uint32_t i = 0; i < schema->field_count && depth > 0; i++)
        if (schema->fields[i].absent || has_defaults(schema->fields[i].schema, depth - 1))
            return true;
    return false;
}

static void check_schema(const struct sm_schema *schema) {
    for (size_t i = 0; i < seen_count; i++)
        if (seen[i] == schema)
            return;
    assert_true(seen_count < SCHEMAS_MAX);
    seen[seen_count++] = schema;

    if (schema->type == SM_TYPE_LIST)
        check_keys(schema);
    if (schema->type == SM_TYPE_OBJECT && schema->plain == has_defaults(schema, 8))
        fail_msg("%s is %splain", schema->name, schema->plain ? "not " : "");
    if (schema->element)
        check_schema(schema->element);
    assert_true((schema->type == SM_TYPE_LIST || schema->type == SM_TYPE_MAP) == (schema->element != NULL));
    for (uint32_t i = 0; i < schema->field_count; i++) {
        const struct sm_field *field = &schema->fields[i];
        if (i && strcmp(schema->fields[i - 1].name, field->name) >= 0)
            fail_msg("%s: %s is not in order", schema->name, field->name);
        assert_ptr_equal(sm_schema_field(schema, field->name, strlen(field->name)), field);
        bool omits = field->presence == SM_OMIT_EMPTY;
        if (omits && field->schema->type == SM_TYPE_OBJECT)
            fail_msg("%s.%s: Go never omits an empty struct", schema->name, field->name);
        check_schema(field->schema);
        if (field->absent) {
            sm_val absent = lit(field->absent);
            struct sm_decoded d = sm_schema_decode(&region, field->schema, absent);
            if (d.object != absent)
                fail_msg("%s.%s: the default does not fit its type", schema->name, field->name);
        }
    }
}

static void tables_are_sorted_and_fit_together(void **state) {
    (void)state;
    for (int id = 0; id < SM_RESOURCE_COUNT; id++) {
        const struct sm_kind_info *kind = sm_kind_builtin(&sm_resources[id]);
        if (!kind)
            continue;
        check_schema(kind->schema);
        assert_ptr_equal(kind->resource, &sm_resources[id]);
        assert_string_equal(kind->schema->name, kind->resource->kind);
        assert_non_null(sm_schema_field(kind->schema, "metadata", 8));
        assert_true(!kind->status || sm_schema_field(kind->schema, "status", 6));
    }
    assert_true(seen_count > 250);
}

static void fields_are_found_by_name(void **state) {
    (void)state;
    assert_string_equal(sm_schema_field(&sm_schema_pod_spec, "hostname", 8)->name, "hostname");
    assert_null(sm_schema_field(&sm_schema_pod_spec, "hostnam", 7));
    assert_string_equal(sm_schema_field(&sm_schema_pod_spec, "hostPIDandmore", 7)->name, "hostPID");
    assert_null(sm_schema_child(&sm_schema_string, "x", 1));
    assert_ptr_equal(sm_schema_child(&sm_schema_string_map, "anything", 8), &sm_schema_string);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minimal_stateful_set_is_defaulted_as_recorded),
        cmocka_unit_test(what_is_complete_comes_out_as_itself),
        cmocka_unit_test(what_is_known_is_shared),
        cmocka_unit_test(a_known_object_never_changes_what_comes_out),
        cmocka_unit_test(update_strategy_gets_its_stanza_only_with_its_type),
        cmocka_unit_test(claim_templates_are_objects),
        cmocka_unit_test(an_empty_list_that_go_always_prints_is_null),
        cmocka_unit_test(pods_have_defaults_that_templates_have_not),
        cmocka_unit_test(probes_volumes_and_environment_are_defaulted),
        cmocka_unit_test(pull_policy_follows_the_tag),
        cmocka_unit_test(services_are_defaulted),
        cmocka_unit_test(jobs_are_defaulted),
        cmocka_unit_test(definitions_get_their_names),
        cmocka_unit_test(secrets_take_texts),
        cmocka_unit_test(status_prints_what_go_always_prints),
        cmocka_unit_test(nulls_and_empty_values_are_left_out),
        cmocka_unit_test(times_are_written_in_one_way),
        cmocka_unit_test(unknown_fields_are_dropped_and_named),
        cmocka_unit_test(unknown_fields_of_a_patch_are_named_in_order_of_keys),
        cmocka_unit_test(wrong_types_are_named_in_the_words_of_go),
        cmocka_unit_test(custom_resources_keep_what_is_empty_or_of_another_type),
        cmocka_unit_test(tables_are_sorted_and_fit_together),
        cmocka_unit_test(fields_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
