/* Ages, paths of printer columns and rows of tables: what `kubectl get` shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "age.h"
#include "json.h"
#include "printer.h"

static struct sm_region r;

static sm_val parse(const char *text) {
    struct sm_json_error error;
    sm_val v = sm_json_parse(&r, text, strlen(text), NULL, &error);

    if (!v)
        fail_msg("%s: %s", text, error.message);
    return v;
}

static void an_age_is_told_in_one_or_two_units(void **state) {
    static const struct {
        sm_time seconds;
        const char *text;
    } rows[] = {
        {-3, "<invalid>"}, {-1, "0s"}, {0, "0s"}, {119, "119s"}, {120, "2m"}, {599, "9m59s"}, {600, "10m"}, {10799, "179m"}, {10800, "3h"},
        {10860, "3h1m"}, {28800, "8h"}, {172799, "47h"}, {172800, "2d"}, {176400, "2d1h"}, {691200, "8d"}, {63072000, "2y"},
        {63158400, "2y1d"}, {252288000, "8y"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(sm_age_text(&r, rows[i].seconds * SM_SECOND), rows[i].text);
    assert_string_equal(sm_age_since(&r, SM_TIME_START, ""), "<unknown>");
    assert_string_equal(sm_age_since(&r, SM_TIME_START, "yesterday"), "<invalid>");
}

static void a_column_finds_the_first_value_of_its_path(void **state) {
    sm_val object = parse("{\"a\":{\"b.c\":1,\"list\":[{\"t\":\"x\",\"v\":10},{\"t\":\"y\",\"v\":20,\"on\":true,\"n\":7}]}}");
    static const char *const rows[][2] = {
        {".a['b.c']", "1"},
        {".a.b\\.c", "1"},
        {".a.list[0].v", "10"},
        {".a.list[-1].v", "20"},
        {".a.list[*].v", "10"},
        {".a.list[?(@.t==\"y\")].v", "20"},
        {".a.list[?(@.t != 'x')].v", "20"},
        {".a.list[?(@.n==7)].v", "20"},
        {".a.list[?(@.on==true)].v", "20"},
        {".a.list[?(@.t==\"z\")].v", NULL},
        {".a.list[9].v", NULL},
        {".a.list[0", NULL},
        {".nothing.here", NULL},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sm_val found = sm_printer_find(object, rows[i][0]);
        if (!rows[i][1])
            assert_null(found);
        else
            assert_string_equal(found ? sm_json_text(&r, found, 0) : "nothing", rows[i][1]);
    }
}

static void a_custom_cell_has_the_type_of_its_column(void **state) {
    sm_val version =
        parse("{\"additionalPrinterColumns\":[{\"name\":\"S\",\"type\":\"string\",\"jsonPath\":\".n\"},"
              "{\"name\":\"I\",\"type\":\"integer\",\"jsonPath\":\".n\"},{\"name\":\"B\",\"type\":\"boolean\",\"jsonPath\":\".n\"},"
              "{\"name\":\"D\",\"type\":\"date\",\"jsonPath\":\".t\",\"description\":\"d\",\"priority\":1}]}");
    sm_val object = parse("{\"n\":3,\"t\":\"2026-01-01T00:00:00Z\"}");
    (void)state;

    assert_string_equal(sm_json_text(&r, sm_printer_custom_cells(&r, SM_TIME_START + 5 * SM_SECOND, version, object), 0),
                        "[\"3\",3,null,\"5s\"]");
    assert_string_equal(sm_json_text(&r, sm_printer_custom_cells(&r, SM_TIME_START, SM_EMPTY_MAP, SM_EMPTY_MAP), 0), "[null]");
    sm_val columns = sm_printer_custom_columns(&r, version);
    assert_string_equal(sm_val_str_at(columns, "[0].description"), "Custom resource definition column (in JSONPath format): .n");
    assert_string_equal(sm_val_str_at(columns, "[3].description"), "d");
}

/* One row a kind and object: the cells, joined by `|`. */
static void cells_of_built_in_kinds(void **state) {
    static const struct {
        const char *kind, *object, *cells;
    } rows[] = {
        {"Deployment",
         "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"spec\":{"
         "\"containers\":[{\"name\":\"c\",\"image\":\"i\"},{\"name\":\"e\",\"image\":\"j\"}]}}},\"status\":{\"readyReplicas\":1,"
         "\"updatedReplicas\":2}}",
         "d|1/2|2|0|<unknown>|c,e|i,j|a=b"},
        {"Node",
         "{\"metadata\":{\"name\":\"n\",\"labels\":{\"node-role.kubernetes.io/control-plane\":\"\",\"kubernetes.io/role\":\"x\"}},\"spec\":{"
         "\"unschedulable\":true},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"addresses\":[{\"type\":"
         "\"InternalIP\",\"address\":\"10.0.0.1\"}]}}",
         "n|NotReady,SchedulingDisabled|x,control-plane|<unknown>||10.0.0.1|<none>|<unknown>|<unknown>|<unknown>"},
        {"Node", "{\"metadata\":{\"name\":\"n\"}}", "n|Unknown|<none>|<unknown>||<none>|<none>|<unknown>|<unknown>|<unknown>"},
        {"Service",
         "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"LoadBalancer\",\"clusterIP\":\"10.0.0.1\",\"ports\":[{\"port\":80,"
         "\"nodePort\":30000,\"protocol\":\"TCP\"}]},\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"1.2.3.4\"},{\"hostname\":\"h\"}]}}}",
         "s|LoadBalancer|10.0.0.1|1.2.3.4,h|80:30000/TCP|<unknown>|<none>"},
        {"Service", "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"LoadBalancer\"}}",
         "s|LoadBalancer|<none>|<pending>|<none>|<unknown>|<none>"},
        {"Service", "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"e.org\"}}",
         "s|ExternalName|<none>|e.org|<none>|<unknown>|<none>"},
        {"Job",
         "{\"metadata\":{\"name\":\"j\"},\"spec\":{\"parallelism\":3},\"status\":{\"succeeded\":1,\"startTime\":\"2026-01-01T00:00:00Z\","
         "\"completionTime\":\"2026-01-01T00:00:09Z\",\"conditions\":[{\"type\":\"Complete\",\"status\":\"True\"}]}}",
         "j|Complete|1/1 of 3|9s|<unknown>|||<none>"},
        {"PersistentVolume",
         "{\"metadata\":{\"name\":\"v\"},\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteMany\",\"ReadWriteOnce\"],"
         "\"claimRef\":{\"namespace\":\"n\",\"name\":\"c\"},\"persistentVolumeReclaimPolicy\":\"Retain\"},\"status\":{\"phase\":\"Bound\"}}",
         "v|1Gi|RWO,RWX|Retain|Bound|n/c||<unset>||<unknown>|<unset>"},
        {"PersistentVolumeClaim",
         "{\"metadata\":{\"name\":\"c\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},\"spec\":{\"volumeName\":\"v\"},\"status\":{"
         "\"accessModes\":[\"ReadOnlyMany\"],\"capacity\":{\"storage\":\"2Gi\"}}}",
         "c|Terminating|v|2Gi|ROX||<unset>|<unknown>|<unset>"},
        {"RoleBinding",
         "{\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"kind\":\"Role\",\"name\":\"r\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"u\"},{"
         "\"kind\":\"ServiceAccount\",\"name\":\"a\",\"namespace\":\"n\"},{\"kind\":\"User\",\"name\":\"w\"}]}",
         "b|Role/r|<unknown>|u, w||n/a"},
        {"Endpoints",
         "{\"metadata\":{\"name\":\"e\"},\"subsets\":[{\"addresses\":[{\"ip\":\"1\"},{\"ip\":\"2\"},{\"ip\":\"3\"},{\"ip\":\"4\"}],"
         "\"ports\":[{\"port\":80}]}]}",
         "e|1:80,2:80,3:80 + 1 more...|<unknown>"},
        {"EndpointSlice",
         "{\"metadata\":{\"name\":\"e\"},\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"1\"]}],\"ports\":[{\"port\":80},{}]}",
         "e|IPv4|80,*|1|<unknown>"},
        {"Ingress",
         "{\"metadata\":{\"name\":\"i\"},\"spec\":{\"rules\":[{\"host\":\"a.org\"},{}],\"tls\":[{}]}}", "i|<none>|a.org,*||80, 443|<unknown>"},
        {"HorizontalPodAutoscaler",
         "{\"metadata\":{\"name\":\"h\"},\"spec\":{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"maxReplicas\":9,\"metrics\":[{"
         "\"resource\":{\"name\":\"cpu\",\"target\":{\"averageUtilization\":80}}},{\"resource\":{\"name\":\"memory\",\"target\":{"
         "\"averageValue\":\"1Gi\"}}},{\"pods\":{}}]},\"status\":{\"currentMetrics\":[{\"resource\":{\"current\":{\"averageUtilization\":20}}}]}}",
         "h|Deployment/d|cpu: 20%/80%, memory: <unknown>/1Gi, <unknown>|<unset>|9|0|<unknown>"},
        {"StorageClass",
         "{\"metadata\":{\"name\":\"c\",\"annotations\":{\"storageclass.kubernetes.io/is-default-class\":\"true\"}},\"provisioner\":\"p\"}",
         "c (default)|p|Delete|Immediate|false|<unknown>"},
        {"ResourceQuota",
         "{\"metadata\":{\"name\":\"q\"},\"status\":{\"hard\":{\"limits.cpu\":\"4\",\"pods\":\"10\",\"requests.cpu\":\"2\"},\"used\":{\"pods\":"
         "\"3\"}}}",
         "q|pods: 3/10, requests.cpu: 0/2|limits.cpu: 0/4|<unknown>"},
        {"CronJob",
         "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"schedule\":\"* * * * *\",\"suspend\":false},\"status\":{\"active\":[{}]}}",
         "c|* * * * *|<none>|False|1|<none>|<unknown>|||<none>"},
        {"CertificateSigningRequest",
         "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"signerName\":\"s\",\"username\":\"u\"},\"status\":{\"certificate\":\"x\",\"conditions\":[{"
         "\"type\":\"Approved\"}]}}",
         "c|<unknown>|s|u|<none>|Approved,Issued"},
        {"Pod",
         "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"initContainers\":[{\"name\":\"s\",\"restartPolicy\":\"Always\"}],\"containers\":[{\"name\":"
         "\"c\"}],\"readinessGates\":[{\"conditionType\":\"G\"}]},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"G\",\"status\":"
         "\"True\"},{\"type\":\"Initialized\",\"status\":\"True\"}],\"initContainerStatuses\":[{\"name\":\"s\",\"started\":true,\"ready\":true,"
         "\"restartCount\":2}],\"containerStatuses\":[{\"name\":\"c\",\"state\":{\"terminated\":{\"exitCode\":3}}}]}}",
         "p|1/2|ExitCode:3|2|<unknown>|<none>|<none>|<none>|1/1"},
        {"Pod",
         "{\"metadata\":{\"name\":\"p\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},\"spec\":{\"containers\":[{\"name\":\"c\"}]},\"status\":{"
         "\"phase\":\"Running\",\"reason\":\"NodeLost\"}}",
         "p|0/1|Unknown|0|<unknown>|<none>|<none>|<none>|<none>"},
        {"Role", "{\"metadata\":{\"name\":\"r\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}}", "r|2026-01-01T00:00:00Z"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sm_resource resource = {.kind = rows[i].kind};
        struct sm_kind_info kind = {.resource = &resource};
        sm_val object = parse(rows[i].object);
        struct sm_str text;

        sm_str_init(&text, &r);
        for (const struct sm_column *c = sm_printer_of(&kind); c->name; c++) {
            sm_val cell = c->cell(&(struct sm_printing){&r, SM_TIME_START, c}, object);
            sm_str_addf(&text, "%s%s", c == sm_printer_of(&kind) ? "" : "|",
                        !cell                    ? ""
                        : sm_val_is_string(cell) ? sm_val_text(cell)
                                                 : sm_json_text(&r, cell, 0));
        }
        assert_string_equal(text.data, rows[i].cells);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_age_is_told_in_one_or_two_units),
        cmocka_unit_test(a_column_finds_the_first_value_of_its_path),
        cmocka_unit_test(a_custom_cell_has_the_type_of_its_column),
        cmocka_unit_test(cells_of_built_in_kinds),
    };

    sm_region_init(&r, "table", 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sm_region_release(&r);
    return failed;
}
