/* Pod: what admission and the strategy add, quality of service, and what an update may change. */
#include <string.h>

#include "kind_functions.h"
#include "names.h"
#include "quantity.h"
#include "str.h"
#include "validate.h"

/* --- Quality of service ------------------------------------------------------------------------------------------------------ */

static bool is_positive(sm_val quantity) {
    struct sm_quantity parsed;
    return quantity && !sm_quantity_parse(sm_val_text(quantity), &parsed) && parsed.nano > 0;
}

/* Notes whether a container asks for anything, and whether its limits are all it asks for. */
static void weigh(sm_val containers, bool *any, bool *guaranteed) {
    static const char *const resources[] = {"cpu", "memory"};
    sm_val container;
    SM_EACH_ITEM(container, containers)
        for (size_t i = 0; i < 2; i++) {
            sm_val limit = sm_val_get(sm_val_at(container, "resources.limits"), resources[i]);
            sm_val request = sm_val_get(sm_val_at(container, "resources.requests"), resources[i]);
            *any |= is_positive(limit) || is_positive(request);
            *guaranteed &= is_positive(limit) && sm_val_equal(limit, request);
        }
}

static sm_val qos_class(struct sm_region *r, sm_val spec) {
    bool any = false, guaranteed = true;
    weigh(sm_val_get(spec, "initContainers"), &any, &guaranteed);
    weigh(sm_val_get(spec, "containers"), &any, &guaranteed);
    return sm_val_str(r, !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable");
}

/* --- Create ------------------------------------------------------------------------------------------------------------------ */

static bool tolerates(sm_val tolerations, const char *key) {
    sm_val toleration;
    SM_EACH_ITEM(toleration, tolerations) {
        sm_val its = sm_val_get(toleration, "key"), effect = sm_val_get(toleration, "effect");
        if ((!its || sm_val_is_text(its, key)) && (!effect || sm_val_is_text(effect, "NoExecute")))
            return true;
    }
    return false;
}

/* Admission plugin DefaultTolerationSeconds: five minutes on a node that went away. */
static sm_val with_tolerations(struct sm_region *r, sm_val spec) {
    static const char *const keys[] = {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"};
    sm_val before = sm_val_get(spec, "tolerations"), tolerations = before;
    for (size_t i = 0; i < 2; i++)
        if (!tolerates(before, keys[i]))
            tolerations = sm_val_append(r, tolerations,
                                        SM_MAP(r, "effect", sm_val_str(r, "NoExecute"), "key", sm_val_str(r, keys[i]), "operator",
                                               sm_val_str(r, "Exists"), "tolerationSeconds", sm_val_int(r, 300)));
    return tolerations == before ? spec : sm_val_set(r, spec, "tolerations", tolerations);
}

/* Admission plugin Priority. */
static sm_val with_priority(struct sm_region *r, sm_val spec) {
    static const struct {
        const char *class;
        int64_t priority;
    } system[] = {{"system-cluster-critical", 2000000000}, {"system-node-critical", 2000001000}};
    int64_t priority = 0;
    for (size_t i = 0; i < 2; i++)
        if (sm_val_is_text(sm_val_get(spec, "priorityClassName"), system[i].class))
            priority = system[i].priority;
    spec = sm_val_set(r, spec, "priority", sm_val_int(r, priority));
    if (!sm_val_get(spec, "preemptionPolicy"))
        spec = sm_val_set(r, spec, "preemptionPolicy", sm_val_str(r, "PreemptLowerPriority"));
    return spec;
}

CREATE(sm_pod_create) {
    struct sm_region *r = write->region;
    sm_val spec = with_priority(r, with_tolerations(r, sm_val_get(object, "spec")));
    object = sm_val_set(r, object, "spec", spec);
    sm_val status = SM_MAP(r, "phase", sm_val_str(r, "Pending"), "qosClass", qos_class(r, spec));
    if (sm_val_count(sm_val_get(spec, "schedulingGates")) > 0)
        status = sm_val_set(
            r, status, "conditions",
            SM_LIST(r, SM_MAP(r, "lastProbeTime", SM_NULL, "lastTransitionTime", sm_val_str(r, sm_clock_rfc3339(r, write->now)), "message",
                              sm_val_str(r, "Scheduling is blocked due to non-empty scheduling gates"), "reason",
                              sm_val_str(r, "SchedulingGated"), "status", sm_val_str(r, "False"), "type", sm_val_str(r, "PodScheduled"))));
    return sm_val_set(r, object, "status", status);
}

UPDATE(sm_pod_update) {
    struct sm_region *r = write->region;
    if (strcmp(write->subresource, "status") != 0) {
        sm_val spec = sm_val_get(object, "spec");
        if (sm_val_equal(spec, sm_val_get(before, "spec")))
            return object;
        return sm_val_set(r, object, "spec", with_tolerations(r, spec));
    }
    if (!sm_val_at(object, "status.qosClass"))
        object = sm_val_set_at(r, object, "status.qosClass", qos_class(r, sm_val_get(object, "spec")));
    return object;
}

/* --- Update ------------------------------------------------------------------------------------------------------------------- */

static sm_val with_images_of(struct sm_region *r, sm_val spec, const char *list, sm_val other) {
    sm_val containers = sm_val_get(spec, list), others = sm_val_get(other, list), container;
    if (sm_val_count(containers) != sm_val_count(others))
        return spec;
    sm_val out = containers;
    SM_EACH_ITEM(container, containers)
        out = sm_val_replace_item(r, out, container_i,
                                  sm_val_set(r, container, "image", sm_val_get(sm_val_item(others, container_i), "image")));
    return out == containers ? spec : sm_val_set(r, spec, list, out);
}

static bool adds_tolerations(sm_val now, sm_val before) {
    sm_val old, toleration;
    SM_EACH_ITEM(old, before) {
        bool kept = false;
        SM_EACH_ITEM(toleration, now)
            kept |= sm_val_equal(toleration, old);
        if (!kept)
            return false;
    }
    return true;
}

/* Gates are only ever taken away. */
static bool drops_gates(struct sm_field_errors *errors, sm_val now, sm_val before) {
    sm_val gate, old, added = NULL;
    SM_EACH_ITEM(gate, now) {
        bool known = false;
        SM_EACH_ITEM(old, before)
            known |= sm_val_equal(gate, old);
        if (!known)
            added = gate;
    }
    if (added)
        sm_field_forbidden(
            errors, "spec.schedulingGates",
            sm_field_text(errors, "only deletion is allowed, but found new scheduling gate '%s'", sm_val_str_at(added, "name")));
    return !added;
}

static void validate_deadline(struct sm_field_errors *errors, sm_val now, sm_val before) {
    if (!before || sm_val_equal(now, before))
        return;
    if (!now)
        sm_field_invalid(errors, "spec.activeDeadlineSeconds", now, "must not update from a positive integer to nil value");
    else if (now->integer > before->integer)
        sm_field_invalid(errors, "spec.activeDeadlineSeconds", now, "must be less than or equal to previous value");
}

/* The number of containers is the first thing that may not change, and then nothing else is said. */
static bool adds_or_removes(struct sm_field_errors *errors, sm_val spec, sm_val before, const char *list) {
    if (sm_val_count(sm_val_get(spec, list)) == sm_val_count(sm_val_get(before, list)))
        return false;
    sm_field_forbidden(errors, sm_field_text(errors, "spec.%s", list), "pod updates may not add or remove containers");
    return true;
}

static void validate_update(struct sm_field_errors *errors, sm_val spec, sm_val before) {
    struct sm_region *r = errors->region;
    if (adds_or_removes(errors, spec, before, "containers") || adds_or_removes(errors, spec, before, "initContainers"))
        return;
    validate_deadline(errors, sm_val_get(spec, "activeDeadlineSeconds"), sm_val_get(before, "activeDeadlineSeconds"));
    bool gates_fit = drops_gates(errors, sm_val_get(spec, "schedulingGates"), sm_val_get(before, "schedulingGates"));

    sm_val munged = with_images_of(r, spec, "containers", before);
    munged = with_images_of(r, munged, "initContainers", before);
    munged = sm_val_set(r, munged, "activeDeadlineSeconds", sm_val_get(before, "activeDeadlineSeconds"));
    if (adds_tolerations(sm_val_get(spec, "tolerations"), sm_val_get(before, "tolerations")))
        munged = sm_val_set(r, munged, "tolerations", sm_val_get(before, "tolerations"));
    if (gates_fit)
        munged = sm_val_set(r, munged, "schedulingGates", sm_val_get(before, "schedulingGates"));
    if (sm_val_int_at(before, "terminationGracePeriodSeconds", 0) < 0 && sm_val_int_at(spec, "terminationGracePeriodSeconds", 0) == 1)
        munged = sm_val_set(r, munged, "terminationGracePeriodSeconds", sm_val_get(before, "terminationGracePeriodSeconds"));
    if (sm_val_equal(munged, before))
        return;

    sm_field_forbidden(errors, "spec",
                       sm_field_text(errors,
                                     "pod updates may not change fields other than `spec.containers[*].image`,"
                                     "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
                                     "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                                     "previously negative)\n  core.PodSpec{\n  \t... // differs at %s\n  }\n",
                                     sm_val_difference(r, before, munged)));
}

/* --- Validation ---------------------------------------------------------------------------------------------------------------- */

/* A container that ended for good does not run again. */
static void validate_restarts(struct sm_field_errors *errors, sm_val status, sm_val before, sm_val restart) {
    sm_val now, then;
    if (sm_val_is_text(restart, "Always"))
        return;
    SM_EACH_ITEM(then, sm_val_get(before, "containerStatuses")) {
        sm_val terminated = sm_val_at(then, "state.terminated");
        if (!terminated || (sm_val_is_text(restart, "OnFailure") && sm_val_int_at(terminated, "exitCode", 0) != 0))
            continue;
        SM_EACH_ITEM(now, sm_val_get(status, "containerStatuses"))
            if (sm_val_equal(sm_val_get(now, "name"), sm_val_get(then, "name")) && !sm_val_at(now, "state.terminated"))
                sm_field_forbidden(errors, sm_field_text(errors, "status.containerStatuses[%zu].state", now_i),
                                   "may not be transitioned to non-terminated state");
    }
}

VALIDATE(sm_pod_validate) {
    sm_val spec = sm_val_get(object, "spec"), spec_before = sm_val_get(before, "spec");
    if (strcmp(write->subresource, "status") == 0) {
        sm_val status = sm_val_get(object, "status"), status_before = sm_val_get(before, "status");
        sm_validate_same(errors, "status.qosClass", sm_val_get(status, "qosClass"), sm_val_get(status_before, "qosClass"));
        validate_restarts(errors, status, status_before, sm_val_get(spec, "restartPolicy"));
        return;
    }
    if (before && sm_val_equal(spec, spec_before))
        return;
    sm_validate_pod_spec(errors, "spec", spec);
    if (before)
        validate_update(errors, spec, spec_before);
}

/* A pod's name is its host's name, too. */
void sm_pod_warn(const struct sm_write *write, sm_val object, sm_val before, void (*say)(void *arg, const char *text), void *arg) {
    if (before)
        return;
    const char *faults[SM_NAMES_ERRORS_MAX];
    size_t count = sm_names_label(sm_val_str_at(object, "metadata.name"), faults);
    if (count == 0)
        return;
    struct sm_str text;
    sm_str_init(&text, write->region);
    sm_str_add(&text, "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is "
                      "recommended: [");
    for (size_t i = 0; i < count; i++)
        sm_str_addf(&text, "%s%s", i ? " " : "", faults[i]);
    sm_str_addc(&text, ']');
    say(arg, text.data);
}
