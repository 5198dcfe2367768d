/* Schemas and values: what a value's faults are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "structural.h"
#include "structural_define.h"

static struct sm_region r;

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

static sm_val json(const char *text) {
    return text ? sm_json_literal(&r, text) : NULL;
}

/* `field: message`, a line a fault; reasons are told by the messages. */
static const char *text_of(const struct sm_field_errors *errors) {
    struct sm_str out;
    sm_str_init(&out, &r);
    for (size_t i = 0; i < errors->count; i++)
        sm_str_addf(&out, "%s%s: %s", i ? "\n" : "", errors->causes[i].field, errors->causes[i].message);
    return out.data;
}

static const struct sm_structural *compile(const char *schema) {
    struct sm_field_errors errors = sm_field_errors_init(&r);
    sm_val properties = sm_val_set(&r, SM_EMPTY_MAP, "v", json(schema));
    sm_val root = SM_MAP(&r, "type", sm_val_str(&r, "object"), "properties", properties);
    const struct sm_schema *compiled = sm_structural_compile(&r, &errors, NULL, "Thing", root);
    assert_string_equal(text_of(&errors), "");
    return compiled->structural;
}

/* The faults of {"v": value} where v has [schema]. */
static const char *faults(const char *schema, const char *value, const char *before) {
    struct sm_field_errors errors = sm_field_errors_init(&r);
    const struct sm_structural *root = compile(schema);
    sm_val now = sm_val_set(&r, SM_EMPTY_MAP, "v", json(value)), old = before ? sm_val_set(&r, SM_EMPTY_MAP, "v", json(before)) : NULL;
    sm_structural_check(root, &errors, NULL, now, old);
    sm_structural_check_embedded(root, &errors, now);
    sm_structural_check_lists(root, &errors, now, old);
    sm_structural_check_rules(root, &errors, now, old);
    return text_of(&errors);
}

struct row {
    const char *schema, *value, *expected;
};

static void check_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *said = faults(rows[i].schema, rows[i].value, NULL);
        if (strcmp(said, rows[i].expected) != 0)
            fail_msg("%s of %s\n  is:     %s\n  wanted: %s", rows[i].value, rows[i].schema, said, rows[i].expected);
    }
}
#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void types(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'type':'string'}", "'a'", ""},
        {"{'type':'string'}", "1", "v: Invalid value: \"integer\": v in body must be of type string: \"integer\""},
        {"{'type':'integer'}", "1.5", "v: Invalid value: \"number\": v in body must be of type integer: \"number\""},
        {"{'type':'integer'}", "2.0", ""},
        {"{'type':'number'}", "2", ""},
        {"{'type':'boolean'}", "{}", "v: Invalid value: \"object\": v in body must be of type boolean: \"object\""},
        {"{'type':'object'}", "[]", "v: Invalid value: \"array\": v in body must be of type object: \"array\""},
        {"{'type':'string'}", "null", "v: Invalid value: \"null\": v in body must be of type string: \"null\""},
        {"{'type':'string','nullable':true}", "null", ""},
        {"{'x-kubernetes-int-or-string':true}", "true", "v: Invalid value: \"boolean\": v in body must be of type integer,string: "
         "\"boolean\""},
        {"{'x-kubernetes-int-or-string':true}", "'a'", ""},
        {"{'x-kubernetes-preserve-unknown-fields':true}", "[1,'a',{}]", ""},
        {"{'type':'string','format':'date-time'}", "5", "v: Invalid value: \"int64\": v in body must be of type date-time: \"int64\""},
        {"{'type':'integer','format':'int32'}", "5000000000", ""},
    };
    CHECK(rows);
}

static void texts(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'type':'string','minLength':2}", "'é'", "v: Invalid value: \"é\": v in body should be at least 2 chars long"},
        {"{'type':'string','maxLength':2}", "'éé'", ""},
        {"{'type':'string','maxLength':2}", "'abc'", "v: Too long: may not be more than 2 bytes"},
        {"{'type':'string','pattern':'b+'}", "'abbc'", ""},
        {"{'type':'string','pattern':'^b+$'}", "'abbc'", "v: Invalid value: \"abbc\": v in body should match '^b+$'"},
        {"{'type':'string','pattern':'^b$'}", "'b\\n'", "v: Invalid value: \"b\\n\": v in body should match '^b$'"},
        {"{'type':'string','minLength':3,'pattern':'b'}", "'a'", "v: Invalid value: \"a\": v in body should be at least 3 chars long"},
        {"{'type':'string','enum':['a','b']}", "'c'", "v: Unsupported value: \"c\": supported values: \"a\", \"b\""},
        {"{'type':'integer','enum':[1,2]}", "3", "v: Unsupported value: 3: supported values: \"1\", \"2\""},
        {"{'type':'string','format':'date-time'}", "'2024-13-01T00:00:00Z'",
         "v: Invalid value: \"2024-13-01T00:00:00Z\": v in body must be of type date-time: \"2024-13-01T00:00:00Z\""},
        {"{'type':'string','format':'no-such-format'}", "'x'", ""},
    };
    CHECK(rows);
}

static void numbers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'type':'integer','minimum':1}", "0", "v: Invalid value: 0: v in body should be greater than or equal to 1"},
        {"{'type':'integer','maximum':5}", "6", "v: Invalid value: 6: v in body should be less than or equal to 5"},
        {"{'type':'number','minimum':0,'exclusiveMinimum':true}", "0", "v: Invalid value: 0: v in body should be greater than 0"},
        {"{'type':'number','maximum':0.5,'exclusiveMaximum':true}", "0.5", "v: Invalid value: 0.5: v in body should be less than 0.5"},
        {"{'type':'integer','multipleOf':3}", "7", "v: Invalid value: 7: v in body should be a multiple of 3"},
        {"{'type':'integer','multipleOf':3,'minimum':8}", "7",
         "v: Invalid value: 7: v in body should be a multiple of 3\nv: Invalid value: 7: v in body should be greater than or equal to 8"},
        {"{'type':'integer','minimum':0,'maximum':10,'multipleOf':5}", "10", ""},
    };
    CHECK(rows);
}

static void lists_and_objects(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'type':'array','items':{'type':'string'},'minItems':1}", "[]", "v: Invalid value: 0: v in body should have at least 1 items"},
        {"{'type':'array','items':{'type':'string'},'maxItems':1}", "['a','b']", "v: Too many: 2: must have at most 1 items"},
        {"{'type':'array','items':{'type':'string'}}", "['a',1]",
         "v[1]: Invalid value: \"integer\": v[1] in body must be of type string: \"integer\""},
        {"{'type':'array','items':{'type':'string'},'uniqueItems':true}", "['a','a']",
         "v: Invalid value: \"\": v in body shouldn't contain duplicates"},
        {"{'type':'object','minProperties':1}", "{}", "v: Invalid value: 0: v in body should have at least 1 properties"},
        {"{'type':'object','maxProperties':1,'additionalProperties':{'type':'string'}}", "{'a':1,'b':2}",
         "v: Too many: 2: must have at most 1 items"},
        {"{'type':'object','additionalProperties':{'type':'integer'}}", "{'a.b':'x'}",
         "v.a.b: Invalid value: \"string\": v.a.b in body must be of type integer: \"string\""},
        {"{'type':'object','required':['b','a'],'properties':{'c':{'type':'string'}}}", "{'c':1}",
         "v.c: Invalid value: \"integer\": v.c in body must be of type string: \"integer\"\nv.b: Required value\nv.a: Required value"},
        {"{'type':'object','additionalProperties':false}", "{'a':1}", "v: Invalid value: \"\": v.a in body is a forbidden property"},
        {"{'type':'object','properties':{'a':{'type':'string'}},'x-kubernetes-preserve-unknown-fields':true}", "{'a':'x','z':1}", ""},
    };
    CHECK(rows);
}

static void compositions(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'x-kubernetes-int-or-string':true,'anyOf':[{'type':'integer'},{'type':'string'}]}", "'a'", ""},
        {"{'x-kubernetes-int-or-string':true,'anyOf':[{'type':'integer'},{'type':'string'}]}", "true",
         "v: Invalid value: \"boolean\": v in body must be of type integer,string: \"boolean\"\n"
         "<nil>: Invalid value: \"\": \"v\" must validate at least one schema (anyOf)\n"
         "v: Invalid value: \"boolean\": v in body must be of type integer: \"boolean\""},
        {"{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]}", "{'a':1,'b':1}",
         "<nil>: Invalid value: \"\": \"v\" must validate one and only one schema (oneOf). Found 2 valid alternatives"},
        {"{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]}", "{}",
         "<nil>: Invalid value: \"\": \"v\" must validate one and only one schema (oneOf). Found none valid\nv.a: Required value"},
        {"{'type':'object','oneOf':[{'required':['a']},{'required':['b']}]}", "{'b':1}", ""},
        {"{'type':'integer','allOf':[{'minimum':1},{'maximum':3}]}", "5",
         "v: Invalid value: 5: v in body should be less than or equal to 3\n<nil>: Invalid value: \"\": \"v\" must validate all "
         "the schemas (allOf)"},
        {"{'type':'integer','allOf':[{'minimum':7}]}", "5",
         "v: Invalid value: 5: v in body should be greater than or equal to 7\n"
         "<nil>: Invalid value: \"\": \"v\" must validate all the schemas (allOf). None validated"},
        {"{'type':'integer','not':{'minimum':7}}", "8", "<nil>: Invalid value: \"\": \"v\" must not validate the schema (not)"},
        {"{'type':'integer','not':{'minimum':7}}", "6", ""},
    };
    CHECK(rows);
}

#define PORTS \
    "{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['port'],'items':{'type':'object'," \
    "'properties':{'port':{'type':'integer'},'name':{'type':'string','maxLength':3}}}}"

static void invariants_of_lists(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}}", "['a','b','a']", "v[2]: Duplicate value: \"a\""},
        {PORTS, "[{'port':1},{'port':2},{'port':1}]", "v[2]: Duplicate value: {\"port\":1}"},
        {"{'type':'object','additionalProperties':" PORTS "}", "{'k':[{'port':1},{'port':1}]}", "v[k][1]: Duplicate value: {\"port\":1}"},
        {"{'type':'object','x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true}", "{'kind':'A'}",
         "v.apiVersion: Required value: must not be empty"},
    };
    CHECK(rows);
}

static void an_update_is_not_blamed_for_what_it_leaves(void **state) {
    (void)state;
    const char *object = "{'type':'object','properties':{'a':{'type':'string','maxLength':1},'b':{'type':'string','maxLength':1}}}";
    const char *list = "{'type':'array','items':{'type':'string','maxLength':1}}";

    assert_string_equal(faults(object, "{'a':'long','b':'x'}", "{'a':'long','b':'y'}"), "");
    assert_string_equal(faults(object, "{'a':'long','b':'longer'}", "{'a':'long','b':'y'}"), "v.b: Too long: may not be more than 1 bytes");
    assert_string_equal(faults(object, "{'a':'longer','b':'y'}", "{'a':'long','b':'y'}"), "v.a: Too long: may not be more than 1 bytes");
    assert_string_equal(faults(list, "['long','x']", "['long']"), "v[0]: Too long: may not be more than 1 bytes");
    assert_string_equal(faults(PORTS, "[{'port':1},{'port':1},{'port':2}]", "[{'port':1},{'port':1}]"), "");
    assert_string_equal(faults(PORTS, "[{'port':1},{'port':1}]", "[{'port':1}]"), "v[1]: Duplicate value: {\"port\":1}");
    assert_string_equal(faults(PORTS, "[{'port':2,'name':'n'},{'port':1,'name':'long'}]", "[{'port':1,'name':'long'}]"), "");
}

/* --- Rules --------------------------------------------------------------------------------------------------------------- */

static void rules_report_where_they_stand(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':' self.a > 1 ','message':' a "
         "is small '}]}",
         "{'a':1}", "v: Invalid value: \"object\": a is small"},
        {"{'type':'integer','x-kubernetes-validations':[{'rule':' self > 1 '}]}", "1",
         "v: Invalid value: \"integer\": failed rule: self > 1"},
        {"{'type':'object','properties':{'a':{'type':'integer'}},"
         "'x-kubernetes-validations':[{'rule':'self.a > 1','message':'m','fieldPath':'.a','reason':'FieldValueForbidden'}]}",
         "{'a':1}", "v.a: Forbidden: m"},
        {"{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1','message':'m','reason':'FieldValueRequired'}]}", "1",
         "v: Required value: m"},
        {"{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1','message':'m','reason':'FieldValueDuplicate'}]}", "1",
         "v: Duplicate value: \"integer\""},
        {"{'type':'string','x-kubernetes-validations':[{'rule':'self == \\'\\'','message':'m','messageExpression':'\\'got \\' + "
         "self'}]}", "'x'",
         "v: Invalid value: \"string\": got x"},
        {"{'type':'string','x-kubernetes-validations':[{'rule':'self == \\'\\'','message':'m','messageExpression':'\\' \\''}]}", "'x'",
         "v: Invalid value: \"string\": m"},
        {"{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':'self.a > 1','message':'m'}]}", "{}",
         "v: Invalid value: \"object\": no such key: a evaluating rule: m"},
        {"{'x-kubernetes-int-or-string':true,'x-kubernetes-validations':[{'rule':'self > 1'}]}", "'x'",
         "v: Invalid value: \"\": 'no such overload': call arguments did not match a supported operator, function or macro "
         "signature for rule: "
         "self > 1"},
        {"{'type':'array','items':{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1','message':'m'}]}}", "[2,1]",
         "v[1]: Invalid value: \"integer\": m"},
        {"{'type':'object','additionalProperties':{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1','message':'m'}]}}",
         "{'k':1}", "v[k]: Invalid value: \"integer\": m"},
    };
    CHECK(rows);
}

static void transition_rules_need_an_old_value_in_the_same_place(void **state) {
    (void)state;
    const char *fixed = "{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':["
                        "{'rule':'self == oldSelf','message':'fixed'}]}}}";
    const char *list = "{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],'items':{'type':'object',"
                       "'properties':{'k':{'type':'string'},'n':{'type':'integer'}},'x-kubernetes-validations':["
                       "{'rule':'self.n >= oldSelf.n','message':'shrinks'}]}}";
    const char *once = "{'type':'integer','x-kubernetes-validations':[{'optionalOldSelf':true,"
                       "'rule':'oldSelf.hasValue() || self == 0','message':'starts at 0'}]}";

    assert_string_equal(faults(fixed, "{'a':1}", NULL), "");
    assert_string_equal(faults(fixed, "{'a':2}", "{'a':1}"), "v.a: Invalid value: \"integer\": fixed");
    assert_string_equal(faults(fixed, "{'a':2}", "{}"), "");
    assert_string_equal(faults(fixed, "{}", "{'a':1}"), "");
    assert_string_equal(faults(list, "[{'k':'b','n':1},{'k':'a','n':1}]", "[{'k':'a','n':2}]"), "v[1]: Invalid value: \"object\": shrinks");
    assert_string_equal(faults(once, "5", NULL), "v: Invalid value: \"integer\": starts at 0");
    assert_string_equal(faults(once, "5", "4"), "");
}

static void other_rules_forgive_what_did_not_change(void **state) {
    (void)state;
    const char *schema =
        "{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1','message':'m'}]},"
        "'b':{'type':'integer'}},'x-kubernetes-validations':[{'rule':'self.a > self.b','message':'order'}]}";

    assert_string_equal(faults(schema, "{'a':1,'b':1}", "{'a':1,'b':1}"), "");
    assert_string_equal(faults(schema, "{'a':1,'b':2}", "{'a':1,'b':1}"), "v: Invalid value: \"object\": order");
    assert_string_equal(faults(schema, "{'a':0,'b':-1}", "{'a':1,'b':-1}"), "v.a: Invalid value: \"integer\": m");
}

static void a_rule_that_runs_away_ends(void **state) {
    (void)state;
    const char *schema = "{'type':'array','items':{'type':'integer'},'x-kubernetes-validations':[{'message':'m','rule':'"
                         "self.all(a, self.all(b, self.all(c, self.all(d, self.all(e, self.all(f, self.all(g, a == a)))))))'}]}";

    assert_string_equal(
        faults(schema, "[1,2,3,4,5,6,7,8,9,10]", NULL),
        "v: Invalid value: \"array\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run "
        "due to call cost exceeds limit for rule: m");
}

/* --- Definitions ----------------------------------------------------------------------------------------------------------- */

static const char *definition_faults(const char *schema) {
    struct sm_field_errors errors = sm_field_errors_init(&r);
    struct sm_field_path path = sm_path_child(NULL, "s");
    sm_structural_define(&errors, &path, json(schema));
    if (errors.count == 0) {
        const struct sm_schema *compiled = sm_structural_compile(&r, &errors, &path, "Thing", json(schema));
        if (errors.count == 0)
            sm_structural_check_defaults(compiled->structural, &errors, &path, json(schema));
    }
    return text_of(&errors);
}

static void schemas_must_be_structural(void **state) {
    (void)state;
    static const struct {
        const char *schema, *expected;
    } rows[] = {
        {"{'type':'object'}", ""},
        {"{}", "s.type: Required value: must not be empty at the root"},
        {"{'type':'string'}", "s.type: Invalid value: \"string\": must be object at the root"},
        {"{'type':'object','properties':{'a':{}}}", "s.properties[a].type: Required value: must not be empty for specified object fields"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{}}}}",
         "s.properties[a].items.type: Required value: must not be empty for specified array items"},
        {"{'type':'object','properties':{'a':{'type':'array'}}}", "s.properties[a].items: Required value: must be specified"},
        {"{'type':'object','properties':{'a':{'type':'text'}}}",
         "s.properties[a].type: Unsupported value: \"text\": supported values: \"array\", \"boolean\", \"integer\", \"number\", "
         "\"object\", "
         "\"string\""},
        {"{'type':'object','additionalProperties':{'type':'string'}}", "s.additionalProperties: Forbidden: must not be used at the root"},
        {"{'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},"
         "'additionalProperties':{'type':'string'}}}}",
         "s.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'string'},'uniqueItems':true}}}",
         "s.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'map'}}}",
         "s.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'}}},"
         "'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k']}}}",
         "s.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a "
         "default or be a required property"},
        {"{'type':'object','properties':{'a':{'type':'string','pattern':'('}}}",
         "s.properties[a].pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: "
         "missing closing "
         "parenthesis at offset 1: `(`"},
        {"{'type':'object','properties':{'a':{'type':'integer','default':'x'}}}",
         "s.properties[a].default: Invalid value: \"string\":  in body must be of type integer: \"string\""},
        {"{'type':'object','properties':{'a':{'type':'object','default':{'b':1},'properties':{'b':{'type':'string'}}}}}",
         "s.properties[a].default.b: Invalid value: \"integer\": b in body must be of type string: \"integer\""},
        {"{'type':'object','properties':{'a':{'x-kubernetes-int-or-string':true,'anyOf':[{'type':'integer'},{'type':'string'}]}}}", ""},
        {"{'type':'object','properties':{'a':{'type':'string','x-kubernetes-int-or-string':true}}}",
         "s.properties[a].type: Forbidden: must be empty if x-kubernetes-int-or-string is true"},
        {"{'type':'object','oneOf':[{'type':'object','required':['a']}],"
         "'not':{'properties':{'b':{'nullable':true,'items':{'title':'t'}}}}}",
         "s.oneOf[0].type: Forbidden: must be empty to be structural\n"
         "s.not.properties[b].nullable: Forbidden: must be false to be structural\n"
         "s.not.properties[b].items.title: Forbidden: must be empty to be structural"},
        {"{'type':'object','$ref':'#/x','additionalProperties':true}",
         "s.$ref: Forbidden: $ref is not supported\ns.additionalProperties: Forbidden: must not be used at the root"},
        {"{'type':'object','properties':{'a':{'type':'object','additionalProperties':false}}}",
         "s.properties[a].additionalProperties: Forbidden: additionalProperties cannot be set to false"},
        {"{'type':'object','properties':{'a':{'type':'object','x-kubernetes-embedded-resource':true}}}",
         "s.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without "
         "x-kubernetes-preserve-unknown-fields"},
        {"{'type':'object','properties':{'a':{'type':'object','x-kubernetes-list-type':'sorted','x-kubernetes-map-type':'deep'}}}",
         "s.properties[a].x-kubernetes-list-type: Unsupported value: \"sorted\": supported values: \"atomic\", \"set\", \"map\"\n"
         "s.properties[a].x-kubernetes-map-type: Unsupported value: \"deep\": supported values: \"atomic\", \"granular\"\n"
         "s.properties[a].type: Invalid value: \"object\": must be array if x-kubernetes-list-type is specified"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'object'},'x-kubernetes-list-map-keys':['k']}}}",
         "s.properties[a].x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'object'},'x-kubernetes-list-type':'map',"
         "'x-kubernetes-list-map-keys':['k']}}}",
         "s.properties[a].x-kubernetes-list-map-keys: Invalid value: \"k\": entries must all be names of item properties"},
        {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'integer','default':'x'}},"
         "'m':{'type':'object','additionalProperties':{'type':'string','default':1}}}}",
         "s.properties[a].items.default: Invalid value: \"string\":  in body must be of type integer: \"string\"\n"
         "s.properties[m].additionalProperties.default: Invalid value: \"integer\":  in body must be of type string: \"integer\""},
        {"{'type':'object','x-kubernetes-validations':[{'rule':''}]}",
         "s.x-kubernetes-validations[0].rule: Required value: rule is not specified"},
        {"{'type':'object','x-kubernetes-validations':[{'rule':'self.a'}]}",
         "s.x-kubernetes-validations[0].rule: Invalid value: {\"rule\":\"self.a\"}: compilation failed: ERROR: <input>:1:5: "
         "undefined field "
         "'a'\n | self.a\n | ....^"},
        {"{'type':'object','x-kubernetes-validations':[{'rule':'true','messageExpression':'1'}]}",
         "s.x-kubernetes-validations[0].messageExpression: Invalid value: {\"messageExpression\":\"1\",\"rule\":\"true\"}: "
         "messageExpression "
         "compilation failed: messageExpression must evaluate to a string"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *said = definition_faults(rows[i].schema);
        if (strcmp(said, rows[i].expected) != 0)
            fail_msg("%s\n  is:     %s\n  wanted: %s", rows[i].schema, said, rows[i].expected);
    }
}

static void formats(void **state) {
    (void)state;
    static const struct {
        const char *format, *good[6], *bad[10];
    } rows[] = {
        {"date-time",
         {"2024-02-29T23:59:59Z", "2024-01-01t00:00:00.123+02:00", NULL},
         {"2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
          "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z", "x", NULL}},
        {"date", {"2024-02-29", NULL}, {"2024-2-29", "2024-04-31", "2024-00-01", "2024-02-29x", NULL}},
        {"duration", {"1h30m", "5 days", "0", "1.5s", "-3ms", NULL}, {"", "5", "h", "1..5s", "+", NULL}},
        {"uuid",
         {"b7e89c3a-4f12-4d8b-9a6e-1c2d3e4f5a6b", NULL},
         {"b7e89c3a-4f12-4d8b-9a6e-1c2d3e4f5a6", "x", "b7e89c3a4-f12-4d8b-9a6e-1c2d3e4f5a6b", NULL}},
        {"uuid4",
         {"b7e89c3a-4f12-4d8b-9a6e-1c2d3e4f5a6b", NULL},
         {"b7e89c3a-4f12-5d8b-9a6e-1c2d3e4f5a6b", "b7e89c3a-4f12-4d8b-1a6e-1c2d3e4f5a6b", NULL}},
        {"ipv4", {"10.0.0.1", NULL}, {"10.0.0", "256.0.0.1", "::1", NULL}},
        {"ipv6", {"::1", "fe80::1", NULL}, {"10.0.0.1", ":::", NULL}},
        {"cidr", {"10.0.0.0/8", "::/0", NULL}, {"10.0.0.0", "10.0.0.0/33", "x/8", "10.0.0.0/", NULL}},
        {"mac", {"00:1a:2B:3c:4d:5e", NULL}, {"00:1a:2b", "00:1a:2b:3c:4d:5g", NULL}},
        {"hostname", {"a.b-c", "localhost", NULL}, {"", "-a", "a..b", "a-", "a-.b", NULL}},
        {"uri", {"http://a/b", "/x", "urn:x", NULL}, {"", "a b", "x", "1:a", NULL}},
        {"email", {"a@b", NULL}, {"a", "@b", "a@", "a@b@c", NULL}},
        {"byte", {"", "YWI=", "YQ==", NULL}, {"YWI", "Y=WI", "====", NULL}},
        {"hexcolor", {"#fff", "aabbcc", NULL}, {"#ff", "ggg", NULL}},
        {"password", {"anything", NULL}, {NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct sm_format *format = sm_format_find(rows[i].format);
        assert_non_null(format);
        for (size_t j = 0; rows[i].good[j]; j++)
            if (!sm_format_accepts(format, rows[i].good[j], strlen(rows[i].good[j])))
                fail_msg("%s does not accept %s", rows[i].format, rows[i].good[j]);
        for (size_t j = 0; rows[i].bad[j]; j++)
            if (sm_format_accepts(format, rows[i].bad[j], strlen(rows[i].bad[j])))
                fail_msg("%s accepts %s", rows[i].format, rows[i].bad[j]);
    }
    assert_null(sm_format_find("int32"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(texts),
        cmocka_unit_test(numbers),
        cmocka_unit_test(lists_and_objects),
        cmocka_unit_test(compositions),
        cmocka_unit_test(invariants_of_lists),
        cmocka_unit_test(an_update_is_not_blamed_for_what_it_leaves),
        cmocka_unit_test(rules_report_where_they_stand),
        cmocka_unit_test(transition_rules_need_an_old_value_in_the_same_place),
        cmocka_unit_test(other_rules_forgive_what_did_not_change),
        cmocka_unit_test(a_rule_that_runs_away_ends),
        cmocka_unit_test(schemas_must_be_structural),
        cmocka_unit_test(formats),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
