/* Protobuf: what Go's encoder writes is read as the object it means; what is written is read back as it was; nonsense is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "protobuf.h"
#include "schema.h"
#include "sim.h"

static struct sm_region r;
static struct sm_server *server;

static int setup(void **state) {
    (void)state;
    sm_region_init(&r, "protobuf", 0);
    struct sm_sim *sim = sm_sim_new(&(struct sm_sim_config){.run = &r});
    server = sm_server_new(&sim->env, &(struct sm_server_config){.seed = 1});
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

#define DECODE(bytes, error) sm_protobuf_decode(&r, server, (bytes), sizeof(bytes) - 1, (error))

static void delete_options_of_a_go_client_are_read(void **state) {
    const char *error = NULL;
    /* DeleteOptions{PropagationPolicy: Background, GracePeriodSeconds: 5, Preconditions{UID: "u"}} */
    sm_val options = DECODE("k8s\0\x0a\x13\x0a\x02v1\x12\x0d"
                            "DeleteOptions\x12\x13\x08\x05\x12\x03\x0a\x01u\x22\x0a"
                            "Background\x1a\x00\x22\x00",
                            &error);
    (void)state;

    assert_null(error);
    assert_string_equal(sm_json_text(&r, options, 0), "{\"apiVersion\":\"v1\",\"gracePeriodSeconds\":5,\"kind\":\"DeleteOptions\","
                                                      "\"preconditions\":{\"uid\":\"u\"},\"propagationPolicy\":\"Background\"}");
}

static void bytes_that_mean_nothing_are_told(void **state) {
    const char *error = NULL;
    (void)state;

    assert_null(DECODE("{}", &error));
    assert_non_null(strstr(error, "expected prefix"));
    assert_null(DECODE("k8s\0\x0a\x7f", &error));
    assert_non_null(strstr(error, "unexpected EOF"));
    assert_null(DECODE("k8s\0\x0a\x0c\x0a\x02v1\x12\x06Teapot", &error));
    assert_non_null(strstr(error, "no kind \"Teapot\""));
    /* A ConfigMap whose metadata is a number. */
    assert_null(DECODE("k8s\0\x0a\x0f\x0a\x02v1\x12\x09"
                       "ConfigMap\x12\x02\x08\x01",
                       &error));
    assert_non_null(strstr(error, "wireType"));
    /* A name that is no UTF-8. */
    assert_null(DECODE("k8s\0\x0a\x0f\x0a\x02v1\x12\x09"
                       "ConfigMap\x12\x05\x0a\x03\x0a\x01\xff",
                       &error));
    assert_non_null(strstr(error, "UTF-8"));
}

/* Encoded and decoded, and brought into the form in which they are stored, objects are what they were. */
static void objects_come_back_as_they_went(void **state) {
    static const char *const objects[] = {
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','labels':{'x':'y','e':''},'creationTimestamp':'2026-01-01T00:00:00Z',"
        "'generation':77,'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'p','uid':'u','controller':true}],'managedFields':["
        "{'manager':'m','operation':'Update','apiVersion':'v1','time':'2026-01-01T00:00:00Z','fieldsType':'FieldsV1','fieldsV1':{'f:data':{}}"
        "}]},'data':{'k':'v'},'binaryData':{'b':'AAEC'}}",
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'n'},'spec':{'containers':[{'name':'c','image':'i','env':[{"
        "'name':'E','valueFrom':{'secretKeyRef':{'name':'s','key':'k','optional':false}}}],'envFrom':[{'configMapRef':{'name':'m'}}],"
        "'livenessProbe':{'httpGet':{'path':'/','port':'http','scheme':'HTTP'},'periodSeconds':3},'resources':{'limits':{'cpu':'500m'}},"
        "'volumeMounts':[{'name':'v','mountPath':'/v'}]}],'volumes':[{'name':'v','emptyDir':{}},{'name':'w','projected':{'sources':[{"
        "'configMap':{'name':'m','items':[{'key':'k','path':'p'}]}}]}}],'ephemeralContainers':[{'name':'e','image':'j',"
        "'targetContainerName':'c'}],'tolerations':[{'key':'t','tolerationSeconds':5}],'securityContext':{'runAsUser':0}},'status':{"
        "'podIPs':[{'ip':'10.0.0.1'}],'containerStatuses':[{'name':'c','ready':true,'restartCount':2,'image':'i','imageID':'','state':{"
        "'running':{'startedAt':'2026-01-01T00:00:01Z'}}}]}}",
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},'spec':{'ports':[{'port':80,'targetPort':8080,'protocol':'TCP'},{"
        "'name':'b','port':81,'targetPort':'web','protocol':'TCP'}],'selector':{'a':'b'},'clusterIP':'None','type':'ClusterIP',"
        "'sessionAffinity':'None'},'status':{'loadBalancer':{}}}",
        "{'apiVersion':'coordination.k8s.io/v1','kind':'Lease','metadata':{'name':'l'},'spec':{'renewTime':'2026-01-01T00:00:00.123456Z',"
        "'leaseDurationSeconds':15}}",
        "{'apiVersion':'v1','kind':'PersistentVolume','metadata':{'name':'v'},'spec':{'capacity':{'storage':'1Gi'},'csi':{'driver':'d',"
        "'volumeHandle':'h'},'accessModes':['ReadWriteOnce']},'status':{'phase':'Bound'}}",
        "{'apiVersion':'apps/v1','kind':'ControllerRevision','metadata':{'name':'c'},'data':{'spec':{'x':[1,'y',null]}},'revision':3}",
        "{'apiVersion':'policy/v1','kind':'PodDisruptionBudget','metadata':{'name':'b'},'spec':{'minAvailable':'50%'},'status':{"
        "'disruptedPods':{'p':'2026-01-01T00:00:00Z'},'currentHealthy':1,'desiredHealthy':0,'disruptionsAllowed':0,'expectedPods':0}}",
    };
    (void)state;

    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        sm_val object = sm_json_literal(&r, objects[i]);
        const char *error = NULL;
        const struct sm_schema *schema =
            sm_server_kind_of(server, sm_val_str_at(object, "apiVersion"), sm_val_str_at(object, "kind"))->schema;
        struct sm_str out;

        sm_str_init(&out, &r);
        assert_true(sm_protobuf_encode(&out, server, object));
        sm_val back = sm_protobuf_decode(&r, server, out.data, out.bytes, &error);
        assert_string_equal(error ? error : "", "");
        assert_string_equal(sm_json_text(&r, sm_schema_decode(&r, schema, back).object, 0),
                            sm_json_text(&r, sm_schema_decode(&r, schema, object).object, 0));
    }
}

static void lists_events_and_reviews_are_written(void **state) {
    sm_val list = sm_json_literal(&r, "{'apiVersion':'v1','kind':'ConfigMapList','metadata':{'resourceVersion':'5'},'items':[{'metadata':{"
                                      "'name':'a'}}]}");
    sm_val review =
        sm_json_literal(&r, "{'apiVersion':'authorization.k8s.io/v1','kind':'SubjectAccessReview','metadata':{},'spec':{'user':'u',"
                            "'extra':{'k':['a','b']}},'status':{'allowed':true}}");
    const char *error = NULL;
    struct sm_str out;
    (void)state;

    sm_str_init(&out, &r);
    assert_true(sm_protobuf_encode(&out, server, list));
    assert_memory_equal(out.data,
                        "k8s\0\x0a\x13\x0a\x02v1\x12\x0d"
                        "ConfigMapList\x12",
                        26);

    sm_str_init(&out, &r);
    assert_true(sm_protobuf_encode(&out, server, review));
    sm_val back = sm_protobuf_decode(&r, server, out.data, out.bytes, &error);
    assert_string_equal(sm_val_str_at(back, "spec.extra.k[1]"), "b");

    sm_str_init(&out, &r);
    sm_val event = sm_json_literal(&r, "{'type':'ADDED','object':{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'}}}");
    assert_true(sm_protobuf_encode_event(&out, server, event));
    assert_int_equal((unsigned char)out.data[3], out.bytes - 4);
    assert_memory_equal(out.data + 4,
                        "\x0a\x05"
                        "ADDED",
                        7);

    sm_str_init(&out, &r);
    assert_false(sm_protobuf_encode(&out, server, sm_json_literal(&r, "{'apiVersion':'v1','kind':'Teapot'}")));
    assert_false(sm_protobuf_encode(&out, server, sm_json_literal(&r, "{'apiVersion':'v1','kind':'TeapotList'}")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delete_options_of_a_go_client_are_read),
        cmocka_unit_test(bytes_that_mean_nothing_are_told),
        cmocka_unit_test(objects_come_back_as_they_went),
        cmocka_unit_test(lists_events_and_reviews_are_written),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
