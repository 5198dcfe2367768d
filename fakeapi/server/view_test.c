/* Views: one object, two forms. What is written through one is read through the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "view.h"

static struct sm_region r;

static sm_val parse(const char *text) {
    struct sm_json_error error;
    sm_val v = sm_json_parse(&r, text, strlen(text), NULL, &error);

    if (!v)
        fail_msg("%s: %s", text, error.message);
    return v;
}

static void assert_is(sm_val v, const char *text) {
    assert_string_equal(sm_json_text(&r, v, 0), sm_json_text(&r, parse(text), 0));
}

static void an_event_has_other_names_in_its_newer_form(void **state) {
    sm_val old = parse("{\"apiVersion\":\"v1\",\"message\":\"m\",\"involvedObject\":{\"name\":\"a\"},\"reportingComponent\":\"\","
                       "\"reportingInstance\":\"i\",\"source\":{},\"reason\":\"R\"}");
    (void)state;

    sm_val shown = sm_view_event.show(&r, old);
    assert_is(shown, "{\"apiVersion\":\"events.k8s.io/v1\",\"note\":\"m\",\"regarding\":{\"name\":\"a\"},\"reportingInstance\":\"i\","
                     "\"deprecatedSource\":{},\"reason\":\"R\"}");
    assert_true(sm_val_equal(sm_view_event.store(&r, shown, old), old));
}

static void an_autoscaler_of_v1_knows_the_processor_alone(void **state) {
    sm_val stored = parse(
        "{\"apiVersion\":\"autoscaling/v2\",\"spec\":{\"maxReplicas\":5,\"behavior\":{\"scaleUp\":{}},\"metrics\":[{\"type\":\"Resource\","
        "\"resource\":{\"name\":\"memory\"}},{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":\"Utilization\","
        "\"averageUtilization\":70}}}]},\"status\":{\"currentMetrics\":null,\"desiredReplicas\":0}}");
    (void)state;

    sm_val shown = sm_view_autoscaler.show(&r, stored);
    assert_is(shown, "{\"apiVersion\":\"autoscaling/v1\",\"spec\":{\"maxReplicas\":5,\"targetCPUUtilizationPercentage\":70},"
                     "\"status\":{\"currentReplicas\":0,\"desiredReplicas\":0}}");
    assert_is(sm_view_autoscaler.store(&r, shown, stored), sm_json_text(&r, stored, 0));
    sm_val made = sm_view_autoscaler.store(&r, shown, NULL);
    assert_int_equal(sm_val_int_at(made, "spec.metrics[0].resource.target.averageUtilization", 0), 70);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_other_names_in_its_newer_form),
        cmocka_unit_test(an_autoscaler_of_v1_knows_the_processor_alone),
    };

    sm_region_init(&r, "view", 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sm_region_release(&r);
    return failed;
}
