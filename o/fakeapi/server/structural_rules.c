/* x-kubernetes-validations: every rule of every value that has one, from the top down.
 *
 * Rules that see oldSelf run only where an old value stands in the same place: fields and keys by name, elements of lists of
 * type map by their keys. Faults of other rules in what did not change are forgiven: such rules are not even asked.
 */
#include "structural.h"

enum { STEPS_MAX = 10 * SM_CEL_STEPS_MAX, MESSAGE_BYTES_MAX = 5 * 1024 };

struct run {
    struct sm_field_errors *errors;
    int64_t steps; /* left for the whole object */
};

static const char *place(const struct run *run, const struct sm_field_path *path, const struct sm_rule *rule) {
    const char *text = sm_field_path_text(run->errors->region, path, NULL);
    if (rule->field)
        text = *text ? sm_field_text(run->errors, "%s.%s", text, rule->field) : rule->field;
    return *text ? text : "<nil>";
}

static void fault(const struct run *run, const struct sm_structural *node, const struct sm_field_path *path, const struct sm_rule *rule,
                  const char *message) {
    const char *at = place(run, path, rule);
    sm_val value = sm_val_str(run->errors->region, node->rule_type);
    if (strcmp(rule->reason, "FieldValueForbidden") == 0)
        sm_field_forbidden(run->errors, at, message);
    else if (strcmp(rule->reason, "FieldValueRequired") == 0)
        sm_field_required(run->errors, at, message);
    else if (strcmp(rule->reason, "FieldValueDuplicate") == 0)
        sm_field_error(run->errors, rule->reason, at, sm_field_text(run->errors, "Duplicate value: \"%s\"", node->rule_type));
    else
        sm_field_invalid(run->errors, at, value, message);
}

static const char *words(const struct run *run, const struct sm_rule *rule, sm_val self, sm_val old) {
    if (rule->message_cel) {
        int64_t steps = SM_CEL_STEPS_MAX;
        struct sm_cel_result said = sm_cel_eval(run->errors->region, rule->message_cel, self, old, &steps);
        const char *text = sm_val_text(said.value);
        if (said.value && text[strspn(text, " \t\r\n")] && !strchr(text, '\n') && said.value->count <= MESSAGE_BYTES_MAX)
            return text;
    }
    return *rule->message ? rule->message : sm_field_text(run->errors, "failed rule: %s", rule->rule);
}

static void run_rule(struct run *run, const struct sm_structural *node, const struct sm_field_path *path, const struct sm_rule *rule,
                     sm_val self, sm_val old) {
    struct sm_region_mark mark = sm_region_mark(run->errors->region);
    int64_t steps = run->steps < SM_CEL_STEPS_MAX ? run->steps : SM_CEL_STEPS_MAX, before = steps;
    struct sm_cel_result result = sm_cel_eval(run->errors->region, rule->cel, self, old, &steps);
    run->steps -= before - steps;
    if (sm_val_is_true(result.value)) {
        sm_region_rewind(run->errors->region, mark);
        return;
    }

    const char *named = *rule->message ? rule->message : rule->rule;
    if (!result.error)
        fault(run, node, path, rule, words(run, rule, self, old));
    else if (steps <= 0)
        fault(run, node, path, rule,
              sm_field_text(run->errors, "'%s': no further validation rules will be run due to call cost exceeds limit for rule: %s",
                            result.error, named));
    else if (strncmp(result.error, "no such overload", strlen("no such overload")) == 0)
        fault(run, node, path, rule,
              sm_field_text(run->errors,
                            "'%s': call arguments did not match a supported operator, function or macro signature for rule: %s",
                            result.error, named));
    else
        sm_field_invalid(run->errors, place(run, path, &(struct sm_rule){0}), sm_val_str(run->errors->region, node->rule_type),
                         sm_field_text(run->errors, "%s evaluating rule: %s", result.error, named));
    if (steps <= 0)
        run->steps = 0;
}

/* [unchanged]: equal to the old value in its place, or part of something that is. */
static void walk(struct run *run, const struct sm_structural *node, const struct sm_field_path *path, sm_val v, sm_val old,
                 bool unchanged) {
    if (!v || sm_val_is_null(v) || !node->below_rules || run->steps <= 0)
        return;
    unchanged = old ? sm_val_equal(v, old) : unchanged;
    if (unchanged && !node->below_transitions)
        return;

    for (uint32_t i = 0; i < node->rule_count && run->steps > 0; i++) {
        const struct sm_rule *rule = &node->rules[i];
        if (rule->transition ? old || rule->optional_old : !unchanged)
            run_rule(run, node, path, rule, v, old);
    }
    for (size_t i = 0; v->kind == SM_KIND_LIST && node->items && i < v->count; i++) {
        struct sm_field_path at = sm_path_index(path, i);
        walk(run, node->items, &at, v->list[i], sm_structural_same_item(node, old, v->list[i]), unchanged);
    }
    for (size_t i = 0; v->kind == SM_KIND_MAP && node->additional && i < v->count; i++) {
        const struct sm_member *member = &v->map[i];
        struct sm_field_path at = sm_path_key(path, member->key);
        walk(run, node->additional, &at, member->value, sm_val_getn(old, member->key, member->key_bytes), unchanged);
    }
    for (uint32_t i = 0; v->kind == SM_KIND_MAP && i < node->property_count; i++) {
        const struct sm_property *property = &node->properties[i];
        struct sm_field_path at = sm_path_child(path, property->name);
        if (unchanged ? property->node->below_transitions : property->node->below_rules)
            walk(run, property->node, &at, sm_val_get(v, property->name), sm_val_get(old, property->name), unchanged);
    }
}

void sm_structural_check_rules(const struct sm_structural *node, struct sm_field_errors *errors, sm_val value, sm_val before) {
    struct run run = {.errors = errors, .steps = STEPS_MAX};
    walk(&run, node, NULL, value, before, false);
}
