/* Validation of what tells the scheduler where a pod may run: affinity, spreading, tolerations. */
#include <string.h>

#include "names.h"
#include "validate.h"

static void check_key(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    sm_val key = sm_val_get(object, field);
    const char *faults[SM_NAMES_ERRORS_MAX];
    size_t count = sm_names_qualified(sm_val_text(key), faults);
    for (size_t i = 0; i < count; i++)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, field)), key ? key : SM_EMPTY_STRING, faults[i]);
}

static void check_topology_key(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object) {
    if (!*sm_val_text(sm_val_get(object, "topologyKey")))
        sm_field_required(errors, sm_spot_text(errors, SPOT(at, "topologyKey")), "can not be empty");
    check_key(errors, at, object, "topologyKey");
}

static void check_selector(struct sm_field_errors *errors, const struct sm_spot *at, sm_val object, const char *field) {
    if (sm_val_get(object, field))
        sm_validate_label_selector(errors, sm_spot_text(errors, SPOT(at, field)), sm_val_get(object, field));
}

static void check_weight(struct sm_field_errors *errors, const struct sm_spot *at, sm_val term) {
    sm_val weight = sm_val_get(term, "weight");
    if (!sm_val_is_int(weight) || weight->integer < 1 || weight->integer > 100)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "weight")), weight, "must be in the range 1-100");
}

/* --- Affinity to nodes --------------------------------------------------------------------------------------------------------- */

static void check_requirement(struct sm_field_errors *errors, const struct sm_spot *at, sm_val requirement) {
    static const struct {
        const char *operator;
        size_t least, most;
        const char *text;
    } rules[] = {
        {"In",           1, SIZE_MAX, "must be specified when `operator` is 'In' or 'NotIn'"},
        {"NotIn",        1, SIZE_MAX, "must be specified when `operator` is 'In' or 'NotIn'"},
        {"Exists",       0, 0,        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"},
        {"DoesNotExist", 0, 0,        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"},
        {"Gt",           1, 1,        "must be specified single value when `operator` is 'Lt' or 'Gt'"},
        {"Lt",           1, 1,        "must be specified single value when `operator` is 'Lt' or 'Gt'"},
    };
    sm_val operation = sm_val_get(requirement, "operator");
    size_t count = sm_val_count(sm_val_get(requirement, "values"));
    bool known = false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!sm_val_is_text(operation, rules[i].operator))
            continue;
        known = true;
        if (count < rules[i].least || (count > rules[i].most && rules[i].most > 0))
            sm_field_required(errors, sm_spot_text(errors, SPOT(at, "values")), rules[i].text);
        else if (count > rules[i].most)
            sm_field_forbidden(errors, sm_spot_text(errors, SPOT(at, "values")), rules[i].text);
    }
    if (!known)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "operator")), operation ? operation : SM_EMPTY_STRING,
                         "not a valid selector operator");
    check_key(errors, at, requirement, "key");
}

static void check_node_term(struct sm_field_errors *errors, const struct sm_spot *at, sm_val term) {
    sm_val requirement;
    SM_EACH_ITEM(requirement, sm_val_get(term, "matchExpressions"))
        check_requirement(errors, SPOT_AT(SPOT(at, "matchExpressions"), requirement_i), requirement);
}

#define REQUIRED "requiredDuringSchedulingIgnoredDuringExecution"
#define PREFERRED "preferredDuringSchedulingIgnoredDuringExecution"

static void check_node_affinity(struct sm_field_errors *errors, const struct sm_spot *at, sm_val affinity) {
    sm_val term, required = sm_val_get(affinity, REQUIRED), terms = sm_val_get(required, "nodeSelectorTerms");
    const struct sm_spot *terms_at = SPOT(SPOT(at, REQUIRED), "nodeSelectorTerms");
    if (required && sm_val_count(terms) == 0)
        sm_field_required(errors, sm_spot_text(errors, terms_at), "must have at least one node selector term");
    SM_EACH_ITEM(term, terms)
        check_node_term(errors, SPOT_AT(terms_at, term_i), term);
    SM_EACH_ITEM(term, sm_val_get(affinity, PREFERRED)) {
        const struct sm_spot *here = SPOT_AT(SPOT(at, PREFERRED), term_i);
        check_weight(errors, here, term);
        check_node_term(errors, SPOT(here, "preference"), sm_val_get(term, "preference"));
    }
}

/* --- Affinity to pods ------------------------------------------------------------------------------------------------------------ */

static void check_pod_term(struct sm_field_errors *errors, const struct sm_spot *at, sm_val term) {
    sm_val name;
    check_selector(errors, at, term, "labelSelector");
    check_selector(errors, at, term, "namespaceSelector");
    SM_EACH_ITEM(name, sm_val_get(term, "namespaces")) {
        const char *fault = sm_validate_name(SM_NAME_LABEL, sm_val_text(name));
        if (fault)
            sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "namespace")), name, fault);
    }
    check_topology_key(errors, at, term);
}

static void check_pod_affinity(struct sm_field_errors *errors, const struct sm_spot *at, sm_val affinity) {
    sm_val term;
    SM_EACH_ITEM(term, sm_val_get(affinity, REQUIRED))
        check_pod_term(errors, SPOT_AT(SPOT(at, REQUIRED), term_i), term);
    SM_EACH_ITEM(term, sm_val_get(affinity, PREFERRED)) {
        const struct sm_spot *here = SPOT_AT(SPOT(at, PREFERRED), term_i);
        check_weight(errors, here, term);
        check_pod_term(errors, SPOT(here, "podAffinityTerm"), sm_val_get(term, "podAffinityTerm"));
    }
}

/* --- Spreading and tolerations --------------------------------------------------------------------------------------------------- */

static void check_constraint(struct sm_field_errors *errors, const struct sm_spot *at, sm_val constraints, size_t i) {
    static const char *const otherwise[] = {"DoNotSchedule", "ScheduleAnyway", NULL};
    sm_val constraint = sm_val_item(constraints, i), skew = sm_val_get(constraint, "maxSkew");
    sm_val key = sm_val_get(constraint, "topologyKey"), action = sm_val_get(constraint, "whenUnsatisfiable");
    if (!sm_val_is_int(skew) || skew->integer <= 0)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "maxSkew")), skew, "must be greater than zero");
    if (!*sm_val_text(key))
        sm_field_required(errors, sm_spot_text(errors, SPOT(at, "topologyKey")), "can not be empty");
    else
        check_key(errors, at, constraint, "topologyKey");
    sm_validate_one_of(errors, sm_spot_text(errors, SPOT(at, "whenUnsatisfiable")), action, otherwise);
    for (size_t other = 0; other < i; other++)
        if (sm_val_equal(sm_val_get(sm_val_item(constraints, other), "topologyKey"), key) &&
            sm_val_equal(sm_val_get(sm_val_item(constraints, other), "whenUnsatisfiable"), action)) {
            sm_val pair = sm_val_strf(errors->region, "{%s, %s}", sm_val_text(key), sm_val_text(action));
            sm_field_duplicate(errors, sm_spot_text(errors, SPOT(at, "{topologyKey, whenUnsatisfiable}")), pair);
            break;
        }
    check_selector(errors, at, constraint, "labelSelector");
}

static void check_toleration(struct sm_field_errors *errors, const struct sm_spot *at, sm_val toleration) {
    static const char *const operators[] = {"Equal", "Exists", NULL};
    static const char *const effects[] = {"NoSchedule", "PreferNoSchedule", "NoExecute", NULL};
    sm_val key = sm_val_get(toleration, "key"), operation = sm_val_get(toleration, "operator"), value = sm_val_get(toleration, "value");
    sm_val effect = sm_val_get(toleration, "effect");
    bool exists = sm_val_is_text(operation, "Exists");
    if (key)
        check_key(errors, at, toleration, "key");
    else if (!exists)
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "operator")), operation ? operation : SM_EMPTY_STRING,
                         "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
    if (sm_val_get(toleration, "tolerationSeconds") && !sm_val_is_text(effect, "NoExecute"))
        sm_field_invalid(errors, sm_spot_text(errors, SPOT(at, "effect")), effect ? effect : SM_EMPTY_STRING,
                         "effect must be 'NoExecute' when `tolerationSeconds` is set");
    if (exists && value)
        sm_field_invalid_text(errors, sm_spot_text(errors, SPOT(at, "operator")),
                              sm_validate_go_value(errors, "core.Toleration", toleration),
                              "value must be empty when `operator` is 'Exists'");
    else if (operation)
        sm_check_one_of(errors, at, toleration, "operator", operators);
    if (effect)
        sm_check_one_of(errors, at, toleration, "effect", effects);
}

void sm_validate_scheduling(struct sm_field_errors *errors, const struct sm_spot *at, sm_val spec) {
    sm_val affinity = sm_val_get(spec, "affinity"), constraints = sm_val_get(spec, "topologySpreadConstraints"), toleration;
    const struct sm_spot *affinity_at = SPOT(at, "affinity");
    check_node_affinity(errors, SPOT(affinity_at, "nodeAffinity"), sm_val_get(affinity, "nodeAffinity"));
    check_pod_affinity(errors, SPOT(affinity_at, "podAffinity"), sm_val_get(affinity, "podAffinity"));
    check_pod_affinity(errors, SPOT(affinity_at, "podAntiAffinity"), sm_val_get(affinity, "podAntiAffinity"));
    for (size_t i = 0; i < sm_val_count(constraints); i++)
        check_constraint(errors, SPOT_AT(SPOT(at, "topologySpreadConstraints"), i), constraints, i);
    SM_EACH_ITEM(toleration, sm_val_get(spec, "tolerations"))
        check_toleration(errors, SPOT_AT(SPOT(at, "tolerations"), toleration_i), toleration);
}
