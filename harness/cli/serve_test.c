/* `stalemate serve` as scripts see it: what it prints, what it leaves behind, and how it ends. Needs curl for the requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "command.h"

static char program[2048]; /* build/<preset>/stalemate, three folders above the test */
static char folder[] = "/tmp/stalemate-serve-test-"
                       "XX"
                       "XX"
                       "XX";
static char output[1 << 16];

/* Runs a shell line in [folder], with $S for the program; returns its exit code. */
static int run(const char *line) {
    char command[16384];

    snprintf(command, sizeof command, "cd %s && S=%s; exec 2>&1; %s", folder, program, line);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t bytes = fread(output, 1, sizeof output - 1, pipe);
    output[bytes] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Serves with [options], runs [line] with $U for the URL, stops the server, and ends with the server's exit code. */
static int with_server(const char *options, const char *line) {
    char all[8192];

    snprintf(all, sizeof all,
             "rm -f url; $S serve %s > url 2> said & P=$!; for i in $(seq 500); do [ -s url ] && break; sleep 0.02; done; "
             "U=$(cat url); %s; kill -TERM $P; wait $P",
             options, line);
    return run(all);
}

static int setup(void **state) {
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 16);
    (void)state;

    assert_true(bytes > 0);
    program[bytes] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(program, '/') = '\0';
    memcpy(program + strlen(program), "/stalemate", sizeof "/stalemate");
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return run("rm -r \"$PWD\"");
}

static bool has_curl(void) {
    if (run("command -v curl") == 0)
        return true;
    fprintf(stderr, "SKIPPED: there is no curl here\n");
    return false;
}

static void serves_until_told_to_stop(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    int code = with_server("--controllers none --token T --kubeconfig kc",
                           "curl -sk $U/readyz; curl -sk -H 'Authorization: Bearer T' $U/api/v1/namespaces/default; "
                           "curl -sk -o /dev/null -w ' %{http_code}' -H 'Authorization: Bearer U' $U/api");

    assert_int_equal(code, 0);
    assert_ptr_equal(strstr(output, "ok{"), output);
    assert_non_null(strstr(output, "\"phase\":\"Active\""));
    assert_non_null(strstr(output, " 401"));
    assert_int_equal(run("grep -c '^https://127.0.0.1:[0-9]*$' url; grep -F \"server: $(cat url)\" kc; grep -F 'token: \"T\"' kc; "
                         "grep -c certificate-authority-data kc; stat -c %a kc; cat said"),
                     0);
    assert_non_null(strstr(output, "1\n    server: https://127.0.0.1:"));
    assert_non_null(strstr(output, "1\n600\nexport KUBECONFIG=kc\n"));
}

/* The organization is a group. A certificate of another authority is nobody's. */
static void client_certificates_say_who_one_is(void **state) {
    (void)state;
    if (!has_curl() || run("command -v openssl") != 0)
        skip();
    assert_int_equal(
        run("for ca in ours other; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=$ca "
            "-keyout $ca.key -out $ca.pem; openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
            "-subj /O=system:masters/CN=alice -keyout $ca-alice.key -out $ca-alice.csr; "
            "openssl x509 -req -in $ca-alice.csr -CA $ca.pem -CAkey $ca.key -CAcreateserial -days 2 -out $ca-alice.pem; done"),
        0);

    int code = with_server("--controllers none --client-ca-file ours.pem",
                           "for ca in ours other; do curl -sk --cert $ca-alice.pem --key $ca-alice.key -H 'Content-Type: application/json' "
                           "$U/apis/authentication.k8s.io/v1/selfsubjectreviews -d '{}'; done");

    assert_int_equal(code, 0);
    assert_non_null(strstr(output, "\"groups\":[\"system:masters\",\"system:authenticated\"],\"username\":\"alice\""));
    assert_non_null(strstr(output, "\"code\":401"));
}

/* Whoever trusts what the kubeconfig says needs no -k. */
static void kubeconfig_names_the_authority(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    assert_int_equal(with_server("--controllers none --kubeconfig kc2", "sed -n 's/.*authority-data: //p' kc2 | base64 -d > ca.pem; "
                                                                        "curl -s --cacert ca.pem $U/readyz"),
                     0);

    assert_string_equal(output, "ok");
}

static void open_watch_ends_with_the_server(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    assert_int_equal(with_server("--plain --controllers none", "curl -sNk $U/api/v1/pods?watch=1 & C=$!; sleep 0.3; kill -INT $P; "
                                                               "wait $C; echo curl $?"),
                     0);
    assert_non_null(strstr(output, "curl 0\n"));
}

static void controllers_and_kubelet_make_pods_run(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    int code = with_server(
        "--plain",
        "curl -sk -o /dev/null -H 'Content-Type: application/json' $U/apis/apps/v1/namespaces/default/statefulsets -d '"
        "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"serviceName\":\"web\",\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":"
        "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}}}'; "
        "for i in $(seq 200); do curl -sk $U/apis/apps/v1/namespaces/default/statefulsets/web | grep -q '\"readyReplicas\":1' && "
        "echo ready && break; sleep 0.05; done");

    assert_int_equal(code, 0);
    assert_string_equal(output, "ready\n");
}

static void token_file_names_more_people(void **state) {
    (void)state;
    if (!has_curl())
        skip();
    assert_int_equal(run("printf '%s\\n' 'abc,eve,1' 'def,root,2,\"dev,system:masters\"' > tokens; echo 'x' > broken"), 0);

    assert_int_equal(with_server("--controllers none --token-file tokens",
                                 "for t in abc def; do curl -sk -o /dev/null -w '%{http_code} ' -H \"Authorization: Bearer $t\" "
                                 "$U/api/v1/nodes; done"),
                     0);

    assert_string_equal(output, "403 200 ");
    assert_int_equal(run("$S serve --token-file broken"), SM_EXIT_USAGE);
    assert_non_null(strstr(output, "broken: line 1: write token,user,uid"));
}

/* Time and state under the user's hand. */
static void control_endpoints_move_the_cluster(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    int code = with_server(
        "--plain --controllers statefulset,kubelet,scheduler",
        "C=$U/stalemate/v1; curl -s -XPOST $C/clock/stop | grep -o '\"running\":false'; "
        "curl -s -o /dev/null -H 'Content-Type: application/json' $U/apis/apps/v1/namespaces/default/statefulsets -d '"
        "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":3,\"serviceName\":\"web\",\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
        "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}}}'; "
        "curl -s $U/apis/apps/v1/namespaces/default/statefulsets/web | grep -c readyReplicas; "
        "curl -s -XPOST $C/settle | grep -o '\"settled\":true'; "
        "curl -s $U/apis/apps/v1/namespaces/default/statefulsets/web | grep -o '\"readyReplicas\":3'; "
        "curl -s $C/history/api/v1/namespaces/default/pods/web-0 | grep -o '\"type\":\"[A-Z]*\"' | sort | uniq | head -1; "
        "curl -s $C/journal | grep -c kubelet; "
        "curl -s -XPOST $C/compact | cut -c1-11; curl -s \"$U/api/v1/pods?watch=1&resourceVersion=2\" | grep -o '\"reason\":\"Expired\"'; "
        "V=$(curl -s -XPOST $C/clusters | grep -o 'http://127[0-9.:]*' | head -1); curl -s $V/api/v1/pods | grep -o '\"items\":\\[\\]'; "
        "curl -s -o /dev/null -w '%{http_code}\n' -XDELETE \"$C/clusters?number=0\"; "
        "curl -s -XDELETE \"$C/clusters?number=1\" | grep -o '\"number\":[0-9]*'; curl -s $V/readyz || echo gone; "
        "(curl -sN $U/api/v1/pods?watch=1 > /dev/null; echo ended) & sleep 0.3; curl -s -o /dev/null -XPOST $C/reset; wait $!; "
        "curl -s $U/api/v1/pods | grep -o '\"items\":\\[\\]'; "
        "curl -s -o /dev/null -w '%{http_code} ' -XPOST $C/clock/advance; curl -s -o /dev/null -w '%{http_code} ' $C/reset; "
        "curl -s -o /dev/null -w '%{http_code}\n' $C/nothing");

    assert_int_equal(code, 0);
    assert_string_equal(output, "\"running\":false\n0\n\"settled\":true\n\"readyReplicas\":3\n\"type\":\"ADDED\"\n1\n{\"revision\"\n"
                                "\"reason\":\"Expired\"\n\"items\":[]\n400\n\"number\":0\ngone\nended\n\"items\":[]\n400 405 404\n");
}

static void only_the_administrator_controls(void **state) {
    (void)state;
    if (!has_curl())
        skip();
    assert_int_equal(run("echo abc,eve,1 > weak"), 0);

    assert_int_equal(
        with_server("--controllers none --token-file weak", "curl -sk -XPOST -H 'Authorization: Bearer abc' $U/stalemate/v1/reset"), 0);

    assert_non_null(strstr(output, "User \\\"eve\\\" cannot post path \\\"/stalemate/v1/reset\\\""));
}

/* A user's kubeconfig holds a certificate of ours. */
static void users_get_certificates(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    int code = with_server("--controllers none --token T",
                           "curl -sk -XPOST -H 'Authorization: Bearer T' \"$U/stalemate/v1/users?name=bob&group=system%3Amasters\" > bob; "
                           "for k in certificate key; do sed -n \"s/.*client-$k-data: //p\" bob | base64 -d > bob.$k; done; "
                           "curl -sk --cert bob.certificate --key bob.key -o /dev/null -w '%{http_code}' $U/api/v1/nodes");

    assert_int_equal(code, 0);
    assert_string_equal(output, "200");
}

static void command_runs_inside_and_its_code_is_ours(void **state) {
    (void)state;
    if (!has_curl())
        skip();

    assert_int_equal(run("$S serve --controllers none -- sh -c 'grep -c server: $KUBECONFIG; exit 7'"), 7);
    assert_string_equal(output, "1\n");
    assert_int_equal(run("$S serve --controllers none -- ./no-such-program"), 127);
    assert_int_equal(run("$S serve --controllers none -- sh -c 'kill -9 $$'"), 128 + 9);
}

static void manifests_are_loaded_definitions_first(void **state) {
    (void)state;
    if (!has_curl())
        skip();
    assert_int_equal(run("mkdir -p m; printf '%s\n' 'apiVersion: example.io/v1' 'kind: Toy' 'metadata: {name: a, namespace: toys}' '---' "
                         "'apiVersion: v1' 'kind: Namespace' 'metadata: {name: toys}' > m/a.yaml; printf '%s' '{\"apiVersion\":"
                         "\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"toys.example.io\"},"
                         "\"spec\":{\"group\":\"example.io\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"toys\",\"kind\":\"Toy\"},"
                         "\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":"
                         "{\"type\":\"object\"}}}]}}' > m/z.json"),
                     0);

    int code = with_server("--plain --controllers none --load m",
                           "for i in 1 2; do curl -s $U/apis/example.io/v1/toys | grep -o '\"name\":\"a\"'; "
                           "curl -s -o /dev/null -XPOST $U/stalemate/v1/reset; done");

    assert_int_equal(code, 0);
    assert_string_equal(output, "\"name\":\"a\"\n\"name\":\"a\"\n");
    assert_int_equal(run("echo '{apiVersion: v1, kind: Nothing}' > bad.yaml; $S serve --load bad.yaml"), SM_EXIT_USAGE);
    assert_non_null(strstr(output, "bad.yaml: there is no kind v1 Nothing"));
}

static void bad_options_are_explained(void **state) {
    (void)state;
    static const struct {
        const char *options, *says;
    } rows[] = {
        {"--port 70000", "write a number from 0 to 65535"},
        {"--bind there", "that is no IPv4 address"},
        {"--controllers statefulset,cloud", "there is no such controller: cloud"},
        {"--kubernetes 1.2", "write --kubernetes 1.33 or 1.37"},
        {"now", "serve takes options alone, and a command behind --"},
        {"--history 0", "write how many changes are remembered"},
        {"--load nowhere", "nowhere: "},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[256];
        snprintf(line, sizeof line, "$S serve %s", rows[i].options);
        assert_int_equal(run(line), SM_EXIT_USAGE);
        assert_non_null(strstr(output, rows[i].says));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_certificates_say_who_one_is), cmocka_unit_test(kubeconfig_names_the_authority),
        cmocka_unit_test(serves_until_told_to_stop),         cmocka_unit_test(open_watch_ends_with_the_server),
        cmocka_unit_test(controllers_and_kubelet_make_pods_run), cmocka_unit_test(token_file_names_more_people),
        cmocka_unit_test(control_endpoints_move_the_cluster), cmocka_unit_test(only_the_administrator_controls),
        cmocka_unit_test(users_get_certificates), cmocka_unit_test(command_runs_inside_and_its_code_is_ours),
        cmocka_unit_test(manifests_are_loaded_definitions_first),
        cmocka_unit_test(bad_options_are_explained),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
