#include "view.h"

#include <string.h>

/* --- Events: the same fields by other names ------------------------------------------------------------------------------------- */

static const char *const event_names[][2] = {
    {"count",              "deprecatedCount"         },
    {"firstTimestamp",     "deprecatedFirstTimestamp"},
    {"involvedObject",     "regarding"               },
    {"lastTimestamp",      "deprecatedLastTimestamp" },
    {"message",            "note"                    },
    {"reportingComponent", "reportingController"     },
    {"source",             "deprecatedSource"        },
};

static sm_val rename(struct sm_region *r, sm_val object, bool show, const char *api_version) {
    sm_val result = SM_EMPTY_MAP;
    const struct sm_member *member;

    SM_EACH_MEMBER(member, object) {
        const char *name = member->key;
        for (size_t i = 0; i < sizeof event_names / sizeof event_names[0]; i++)
            if (strcmp(event_names[i][!show], name) == 0)
                name = event_names[i][show];
        result = sm_val_set(r, result, name, member->value);
    }
    return sm_val_set(r, result, "apiVersion", sm_val_str(r, api_version));
}

/* What the older form always prints, the newer one leaves out where it is empty, and the other way round. */
static sm_val show_event(struct sm_region *r, sm_val stored) {
    static const char *const omitted[] = {"reportingController", "reportingInstance"};
    sm_val shown = rename(r, stored, true, "events.k8s.io/v1");

    for (size_t i = 0; i < sizeof omitted / sizeof omitted[0]; i++)
        if (sm_val_is_text(sm_val_get(shown, omitted[i]), ""))
            shown = sm_val_set(r, shown, omitted[i], NULL);
    return shown;
}

static sm_val store_event(struct sm_region *r, sm_val shown, sm_val before) {
    static const char *const printed[] = {"reportingComponent", "reportingInstance"};
    sm_val stored = rename(r, shown, false, "v1");
    (void)before;

    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++)
        if (!sm_val_get(stored, printed[i]))
            stored = sm_val_set(r, stored, printed[i], SM_EMPTY_STRING);
    return stored;
}

const struct sm_view sm_view_event = {.of = SM_EVENTS, .show = show_event, .store = store_event};

/* --- Autoscalers: v1 knows one metric, the use of the processor ------------------------------------------------------------------ */

static size_t cpu_of(sm_val metrics) {
    for (size_t i = 0; i < sm_val_count(metrics); i++)
        if (strcmp(sm_val_str_at(sm_val_item(metrics, i), "resource.name"), "cpu") == 0)
            return i;
    return SIZE_MAX;
}

static sm_val show_autoscaler(struct sm_region *r, sm_val stored) {
    sm_val spec = sm_val_get(stored, "spec"), status = sm_val_get(stored, "status"), metrics = sm_val_get(spec, "metrics");
    sm_val now = sm_val_get(status, "currentMetrics");
    sm_val target = sm_val_at(sm_val_item(metrics, cpu_of(metrics)), "resource.target.averageUtilization");
    sm_val current = sm_val_at(sm_val_item(now, cpu_of(now)), "resource.current.averageUtilization");

    spec = sm_val_set(r, sm_val_set(r, sm_val_set(r, spec, "metrics", NULL), "behavior", NULL), "targetCPUUtilizationPercentage", target);
    status = sm_val_set(r, sm_val_set(r, sm_val_set(r, status, "currentMetrics", NULL), "conditions", NULL),
                        "currentCPUUtilizationPercentage", current);
    if (!sm_val_get(status, "currentReplicas"))
        status = sm_val_set(r, status, "currentReplicas", sm_val_int(r, 0));
    stored = sm_val_set(r, sm_val_set(r, stored, "spec", spec), "status", status);
    return sm_val_set(r, stored, "apiVersion", sm_val_str(r, "autoscaling/v1"));
}

static sm_val store_autoscaler(struct sm_region *r, sm_val shown, sm_val before) {
    sm_val spec = sm_val_get(shown, "spec"), target = sm_val_get(spec, "targetCPUUtilizationPercentage");
    sm_val metrics = sm_val_at(before, "spec.metrics"), status = sm_val_get(shown, "status");

    if (target) {
        size_t at = cpu_of(metrics);
        sm_val resource = SM_MAP(r, "name", sm_val_str(r, "cpu"), "target",
                                 SM_MAP(r, "type", sm_val_str(r, "Utilization"), "averageUtilization", target));
        sm_val metric = SM_MAP(r, "type", sm_val_str(r, "Resource"), "resource", resource);
        metrics = at == SIZE_MAX ? sm_val_append(r, metrics, metric) : sm_val_replace_item(r, metrics, at, metric);
    }
    spec = sm_val_set(r, sm_val_set(r, spec, "targetCPUUtilizationPercentage", NULL), "metrics", metrics);
    spec = sm_val_set(r, spec, "behavior", sm_val_at(before, "spec.behavior"));
    sm_val current = sm_val_at(before, "status.currentMetrics");
    status = sm_val_set(r, sm_val_set(r, status, "currentCPUUtilizationPercentage", NULL), "currentMetrics", current ? current : SM_NULL);
    status = sm_val_set(r, status, "conditions", sm_val_at(before, "status.conditions"));
    if (sm_val_int_at(status, "currentReplicas", 0) == 0)
        status = sm_val_set(r, status, "currentReplicas", NULL);
    shown = sm_val_set(r, sm_val_set(r, shown, "spec", spec), "status", status);
    return sm_val_set(r, shown, "apiVersion", sm_val_str(r, "autoscaling/v2"));
}

const struct sm_view sm_view_autoscaler = {.of = SM_AUTOSCALERS, .show = show_autoscaler, .store = store_autoscaler};
