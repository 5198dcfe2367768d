#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "json.h"
#include "rbac.h"
#include "seinode.h"
#include "yaml.h"

static int set_up(void **state) {
    static struct sm_region r;
    sm_region_init(&r, "profile", 0);
    *state = &r;
    return 0;
}

static int tear_down(void **state) {
    sm_region_release(*state);
    return 0;
}

static void profiles_stand_in_order_of_history_and_each_adds(void **state) {
    (void)state;
    static const char *const names[] = {"before", "first-cut", "reviewed", "on-delete", "merged", "hardened"};
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++) {
        assert_string_equal(sm_profiles[i].name, names[i]);
        assert_ptr_equal(sm_profile_find(names[i]), &sm_profiles[i]);
        assert_true(*sm_profiles[i].about);
        if (i) {
            assert_int_equal(sm_profiles[i].safeguards & sm_profiles[i - 1].safeguards, sm_profiles[i - 1].safeguards);
            assert_int_not_equal(sm_profiles[i].safeguards, sm_profiles[i - 1].safeguards);
        }
    }
    assert_null(sm_profile_find("after"));
}

static void hardened_has_every_safeguard(void **state) {
    (void)state;
    const struct sm_profile *hardened = sm_profile_find("hardened");
    for (int i = 0; i < SM_SAFEGUARD_COUNT; i++)
        assert_true(sm_profile_has(hardened, (enum sm_safeguard)i));
}

static void every_safeguard_has_a_name_of_its_own_and_a_reason(void **state) {
    (void)state;
    for (int i = 0; i < SM_SAFEGUARD_COUNT; i++) {
        assert_true(*sm_safeguard_why[i]);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(sm_safeguard_names[i], sm_safeguard_names[k]);
    }
}

static void flipping_a_safeguard_names_the_mutant(void **state) {
    const struct sm_profile *merged = sm_profile_find("merged");
    const struct sm_profile *without = sm_profile_flip(*state, merged, SM_SAFEGUARD_OWNER_CHECK);
    const struct sm_profile *with = sm_profile_flip(*state, merged, SM_SAFEGUARD_UID_PRECONDITION);

    assert_string_equal(without->name, "merged-owner-check");
    assert_string_equal(with->name, "merged+uid-precondition");
    assert_false(sm_profile_has(without, SM_SAFEGUARD_OWNER_CHECK));
    assert_true(sm_profile_has(with, SM_SAFEGUARD_UID_PRECONDITION));
    assert_true(sm_profile_has(with, SM_SAFEGUARD_OWNER_CHECK));
    assert_int_equal(without->replace_pod_retries, 3);
}

/* --- RBAC ---------------------------------------------------------------------------------------------------------------- */

static sm_val rule_of(sm_val rules, const char *resource) {
    sm_val rule, name;
    SM_EACH_ITEM(rule, rules)
        SM_EACH_ITEM(name, sm_val_get(rule, "resources"))
            if (sm_val_is_text(name, resource))
                return rule;
    return NULL;
}

static bool allows(sm_val rule, const char *verb) {
    sm_val allowed;
    SM_EACH_ITEM(allowed, sm_val_get(rule, "verbs"))
        if (sm_val_is_text(allowed, verb))
            return true;
    return false;
}

static void pods_may_be_deleted_from_reviewed_on(void **state) {
    for (size_t i = 0; i < SM_PROFILE_COUNT; i++) {
        const char *text = sm_seinode_rules(&sm_profiles[i]);
        sm_val rules = sm_json_parse(*state, text, strlen(text), NULL, NULL);

        assert_non_null(rules);
        assert_int_equal(allows(rule_of(rules, "pods"), "delete"), i >= 2);
        assert_true(allows(rule_of(rules, "pods"), "list"));
        assert_false(allows(rule_of(rules, "secrets"), "create"));
        assert_true(allows(rule_of(rules, "seinodes/status"), "patch"));
    }
}

static void manifests_are_those_of_the_rules(void **state) {
    static const char *const kinds[] = {"ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"};
    const char *yaml = sm_seinode_rbac_yaml(sm_profile_find("merged")), *json = sm_seinode_rules(sm_profile_find("merged"));
    struct sm_yaml_doc *docs;
    struct sm_yaml_error error;
    size_t count;

    assert_true(sm_yaml_parse(*state, yaml, strlen(yaml), &docs, &count, &error));

    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(sm_val_str_at(docs[i].value, "kind"), kinds[i]);
    assert_true(sm_val_equal(sm_val_get(docs[1].value, "rules"), sm_json_parse(*state, json, strlen(json), NULL, NULL)));
    assert_string_equal(sm_val_str_at(docs[2].value, "subjects[0].name"), "seinode-controller");
    assert_string_equal(sm_val_str_at(docs[2].value, "roleRef.name"), sm_val_str_at(docs[1].value, "metadata.name"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_stand_in_order_of_history_and_each_adds),
        cmocka_unit_test(hardened_has_every_safeguard),
        cmocka_unit_test(every_safeguard_has_a_name_of_its_own_and_a_reason),
        cmocka_unit_test(flipping_a_safeguard_names_the_mutant),
        cmocka_unit_test(pods_may_be_deleted_from_reviewed_on),
        cmocka_unit_test(manifests_are_those_of_the_rules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
