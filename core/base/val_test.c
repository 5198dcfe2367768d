#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bug_expect.h"
#include "json.h"
#include "val.h"

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
    return sm_json_literal(&r, text);
}

/* Compares texts, which say more than "not equal". */
static void assert_json(sm_val v, const char *expected) {
    assert_string_equal(sm_json_text(&r, v, 0), sm_json_text(&r, json(expected), 0));
    assert_true(sm_val_equal(v, json(expected)));
    assert_int_equal(sm_val_compare(v, json(expected)), 0);
}

/* --- Building ------------------------------------------------------------------------------------------------------------ */

static void maps_are_sorted_and_the_last_of_a_key_wins(void **state) {
    (void)state;
    assert_json(SM_MAP(&r, "b", sm_val_int(&r, 1), "a", SM_TRUE, "b", sm_val_int(&r, 2)), "{'a':true,'b':2}");
    assert_json(SM_MAP(&r, "a", SM_TRUE, "ab", SM_TRUE, "B", SM_TRUE, "", SM_TRUE), "{'':true,'B':true,'a':true,'ab':true}");

    struct sm_member members[100];
    char keys[100][8];
    for (size_t i = 0; i < 100; i++) {
        snprintf(keys[i], sizeof keys[i], "k%02u", (unsigned)(i * 37 % 50));
        members[i] = (struct sm_member){keys[i], 3, sm_val_int(&r, (int64_t)i)};
    }
    sm_val map = sm_val_from_members(&r, members, 100);
    assert_int_equal(sm_val_count(map), 50);
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(sm_val_int_at(map, keys[i], -1), i + 50);
}

static void absent_values_are_left_out(void **state) {
    (void)state;
    assert_json(SM_MAP(&r, "a", (sm_val)NULL, "b", SM_NULL), "{'b':null}");
    assert_ptr_equal(SM_MAP(&r, "a", (sm_val)NULL), SM_EMPTY_MAP);
    sm_val items[] = {NULL, SM_TRUE, NULL};
    assert_json(sm_val_from_items(&r, items, 3), "[true]");
    assert_ptr_equal(sm_val_from_items(&r, items, 1), SM_EMPTY_LIST);
    struct sm_member member = {"a", 1, NULL};
    assert_ptr_equal(sm_val_from_members(&r, &member, 1), SM_EMPTY_MAP);
}

static void empty_things_exist_once(void **state) {
    (void)state;
    assert_ptr_equal(sm_val_str(&r, ""), SM_EMPTY_STRING);
    assert_ptr_equal(sm_val_strf(&r, "%s", ""), SM_EMPTY_STRING);
    assert_ptr_equal(json("{}"), SM_EMPTY_MAP);
    assert_ptr_equal(json("[]"), SM_EMPTY_LIST);
    assert_ptr_equal(json("''"), SM_EMPTY_STRING);
    assert_ptr_equal(sm_val_set(&r, json("{'a':1}"), "a", NULL), SM_EMPTY_MAP);
    assert_ptr_equal(sm_val_replace_item(&r, json("[1]"), 0, NULL), SM_EMPTY_LIST);
}

static void lists_keep_their_order(void **state) {
    (void)state;
    assert_json(SM_LIST(&r, SM_TRUE, sm_val_int(&r, 2), SM_EMPTY_MAP), "[true,2,{}]");
    assert_ptr_equal(SM_LIST(&r, (sm_val)NULL), SM_EMPTY_LIST);
}

static void strings_may_hold_nul(void **state) {
    (void)state;
    sm_val a = sm_val_strn(&r, "a\0b", 3), b = sm_val_strn(&r, "a\0c", 3);
    assert_int_equal(a->count, 3);
    assert_false(sm_val_equal(a, b));
    assert_true(sm_val_compare(a, b) < 0);
    assert_false(sm_val_equal(a, sm_val_str(&r, "a")));
    assert_false(sm_val_is_text(a, "a"));
    assert_string_equal(sm_json_text(&r, a, 0), "\"a\\u0000b\"");
}

static void formatted_strings_may_be_long(void **state) {
    (void)state;
    for (int width = 250; width < 260; width++) {
        sm_val v = sm_val_strf(&r, "%*d", width, 7);
        assert_int_equal(v->count, width);
        assert_int_equal(v->string[width - 1], '7');
    }
}

static void hashes_are_the_same_everywhere(void **state) {
    (void)state;
    /* Schedules and fingerprints outlive builds: these figures may not change with compiler, flags or machine. */
    assert_true(json("null")->hash == UINT64_C(0x243f6a8885a308d3));
    assert_true(json("{'a':[1,2.5,'text',{'long key of a map':'a string of more than sixteen bytes'}],'b':{}}")->hash ==
                UINT64_C(0x04519c2ab4f7cf6c));
}

static void kinds_and_order_count_in_hashes(void **state) {
    (void)state;
    const char *const all[] = {"null", "true", "false", "0", "1", "1.5", "-1", "''", "'0'", "'a'", "'ab'", "'ba'", "[]", "[null]", "[[]]",
                               "[1,2]", "[2,1]", "[[1],2]", "[[1,2]]", "{}", "{'a':1}", "{'a':2}", "{'b':1}", "{'a':'b'}", "{'b':'a'}",
                               "{'a':{'b':1}}", "{'a':1,'b':1}", "{'a':1,'b':2}", "{'a':2,'b':1}", "[{}]", "{'':''}"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t j = 0; j < sizeof all / sizeof *all; j++) {
            assert_int_equal(json(all[i])->hash == json(all[j])->hash, i == j);
            assert_int_equal(sm_val_compare(json(all[i]), json(all[j])) == 0, i == j);
            assert_int_equal(sm_val_equal(json(all[i]), json(all[j])), i == j);
        }
    assert_false(sm_val_equal(sm_val_int(&r, 1), sm_val_double(&r, 1.0)));
    assert_false(sm_val_equal(sm_val_double(&r, 0.0), sm_val_double(&r, -0.0)));
    assert_true(sm_val_compare(sm_val_double(&r, -0.0), sm_val_double(&r, 0.0)) < 0);
    assert_true(sm_val_compare(sm_val_double(&r, -1.5), sm_val_double(&r, 0.5)) < 0);
    expect_bug("", sm_val_double(&r, 1e308 * 10));
}

static void copies_share_what_lives_elsewhere(void **state) {
    (void)state;
    struct sm_region other;
    sm_region_init(&other, "other", 0);
    sm_val old = json("{'spec':{'a':[1,2.5,'x'],'b':''},'key':null}");
    sm_val mixed = sm_val_set(&other, old, "new", sm_val_str(&other, "text"));

    sm_val copy = sm_val_copy(&r, mixed, &other);
    sm_val all = sm_val_copy(&r, old, NULL);

    assert_ptr_equal(sm_val_get(copy, "spec"), sm_val_get(old, "spec"));
    assert_false(sm_region_contains(&other, copy));
    assert_ptr_equal(sm_val_copy(&r, old, &other), old);
    assert_null(sm_val_copy(&r, NULL, NULL));
    assert_ptr_not_equal(sm_val_get(all, "spec"), sm_val_get(old, "spec"));
    sm_region_release(&other);
    assert_json(copy, "{'spec':{'a':[1,2.5,'x'],'b':''},'key':null,'new':'text'}");
    assert_json(all, "{'spec':{'a':[1,2.5,'x'],'b':''},'key':null}");
}

/* --- Reading ------------------------------------------------------------------------------------------------------------- */

static void paths_lead_into_maps_and_lists(void **state) {
    (void)state;
    sm_val v = json("{'metadata':{'labels':{'sei.io/node':'n','plain':'p'}},"
                    "'spec':{'containers':[{'name':'seid','image':'a'},{'name':'sidecar','image':'b','port':80}],"
                    "'on':true,'count':3,'nothing':null}}");
    assert_ptr_equal(sm_val_at(v, ""), v);
    assert_string_equal(sm_val_str_at(v, "spec.containers[0].image"), "a");
    assert_string_equal(sm_val_str_at(v, "spec.containers[1].image"), "b");
    assert_string_equal(sm_val_str_at(v, "spec.containers[-1].image"), "b");
    assert_string_equal(sm_val_str_at(v, "spec.containers[-2].image"), "a");
    assert_string_equal(sm_val_str_at(v, "spec.containers[01].image"), "b");
    assert_string_equal(sm_val_str_at(v, "spec.containers[name=sidecar].image"), "b");
    assert_string_equal(sm_val_str_at(v, "spec.containers[port=80].image"), "b");
    assert_string_equal(sm_val_str_at(v, "metadata.labels[sei.io/node]"), "n");
    assert_string_equal(sm_val_str_at(v, "metadata.labels[plain]"), "p");
    assert_string_equal(sm_val_str_at(v, "[metadata][labels].plain"), "p");
    assert_string_equal(sm_val_str_at(sm_val_at(v, "spec.containers"), "[0].name"), "seid");
    assert_int_equal(sm_val_int_at(v, "spec.count", -1), 3);
    assert_true(sm_val_true_at(v, "spec.on"));
    assert_ptr_equal(sm_val_at(v, "spec.nothing"), SM_NULL);
}

static void absence_is_no_error(void **state) {
    (void)state;
    sm_val v = json("{'a':[{'name':'x'},1],'s':'text','n':null,'m':{'2':1}}");
    const char *const absent[] = {"b", "b.c", "a.b", "a[2]", "a[-3]", "a[-0]", "a[name=y]", "a[x]", "a[]", "a[-]",
                                  "a[99999999999999999999]", "a[1].b", "s.text", "s[0]", "n.a.b", "a[name=]", "m[0]",
                                  "a[other=x].y", "a.0", "[a.b]"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (sm_val_at(v, absent[i]))
            fail_msg("%s is there", absent[i]);
    assert_null(sm_val_at(NULL, "a.b"));
    assert_string_equal(sm_val_str_at(v, "m.2"), "");
    assert_int_equal(sm_val_int_at(v, "s", 7), 7);
    assert_false(sm_val_true_at(v, "s"));
    assert_null(sm_val_get(NULL, "a"));
    assert_null(sm_val_get(SM_TRUE, "a"));
    assert_null(sm_val_item(v, 0));
    assert_null(sm_val_item(sm_val_get(v, "a"), 2));
    assert_int_equal(sm_val_count(SM_TRUE), 0);
    assert_int_equal(sm_val_count(sm_val_get(v, "s")), 0);
    assert_string_equal(sm_val_text(NULL), "");
    assert_false(sm_val_is_text(NULL, ""));
}

static void malformed_paths_are_bugs(void **state) {
    (void)state;
    sm_val v = json("{'a':[{'b':1}],'b':{'a':1}}");
    const char *const malformed[] = {".", ".a", "a.", "b..a", "a[", "a[0", "a]", "a[0]b", "b.[a]", "[", "a[0].", "b.a]"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_false(sm_val_path_is_well_formed(malformed[i]));
    /* Twice: the second time, guesses are there. */
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
            expect_bug("malformed path", sm_val_at(v, malformed[i]));
            expect_bug("malformed path", sm_val_set_at(&r, v, malformed[i], SM_TRUE));
        }
}

static void guesses_cannot_mislead(void **state) {
    (void)state;
    /* The same address asked about other texts and other maps of the same size. */
    char path[16];
    sm_val maps[] = {json("{'a':{'b':1},'a.b':2}"), json("{'a':{'b':3},'ab':4}"), json("{'a.b':5,'a':6}"), json("{'ab':7,'abc':8}")};
    const struct {
        const char *path;
        int64_t expected[4];
    } rows[] = {
        {"a.b", {1, 3, -1, -1}}, {"[a.b]", {2, -1, 5, -1}}, {"ab", {-1, 4, -1, 7}}, {"abc", {-1, -1, -1, 8}}, {"a", {-1, -1, 6, -1}},
    };
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < 5; i++)
            for (size_t m = 0; m < 4; m++) {
                snprintf(path, sizeof path, "%s", rows[i].path);
                assert_int_equal(sm_val_int_at(maps[m], path, -1), rows[i].expected[m]);
            }

    /* Here the guess, second of two, leads to a key that the text does spell, but as two steps. */
    strcpy(path, "ab");
    assert_int_equal(sm_val_int_at(maps[1], path, -1), 4);
    strcpy(path, "a.b");
    assert_int_equal(sm_val_int_at(maps[0], path, -1), 1);
}

static void large_maps_are_searched(void **state) {
    (void)state;
    sm_val map = NULL;
    char key[32];
    for (int i = 0; i < 600; i++) {
        snprintf(key, sizeof key, "%.*s%d", i % 20, "a very long key here", i * 7 % 600);
        map = sm_val_set(&r, map, key, sm_val_int(&r, i));
    }
    assert_int_equal(sm_val_count(map), 600);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 600; i++) {
            snprintf(key, sizeof key, "%.*s%d", i % 20, "a very long key here", i * 7 % 600);
            assert_int_equal(sm_val_get(map, key)->integer, i);
            assert_int_equal(sm_val_int_at(map, key, -1), i);
        }
    assert_null(sm_val_get(map, "absent"));
    assert_null(sm_val_get(map, ""));
    assert_null(sm_val_get(map, "zzz"));
}

/* For each length of key there are two that differ in one byte only, wherever it is. */
static void keys_differ_in_every_byte(void **state) {
    (void)state;
    for (size_t bytes = 1; bytes < 40; bytes++)
        for (size_t at = 0; at < bytes; at++) {
            char a[40] = "", b[40] = "";
            memset(a, 'k', bytes);
            memset(b, 'k', bytes);
            b[at] = 'l';
            sm_val map = sm_val_set(&r, sm_val_set(&r, NULL, a, SM_TRUE), b, SM_FALSE);
            assert_ptr_equal(sm_val_get(map, a), SM_TRUE);
            assert_ptr_equal(sm_val_get(map, b), SM_FALSE);
            assert_ptr_equal(sm_val_at(map, a), SM_TRUE);
            assert_ptr_equal(sm_val_at(map, b), SM_FALSE);
            assert_string_equal(map->map[0].key, a);
            a[at] = 'm';
            assert_null(sm_val_get(map, a));
            assert_null(sm_val_at(map, a));
            assert_false(sm_val_is_text(sm_val_str(&r, a), b));
            assert_false(sm_val_equal(sm_val_str(&r, a), sm_val_str(&r, b)));
        }
}

static void loops_skip_other_kinds(void **state) {
    (void)state;
    sm_val item;
    const struct sm_member *member;
    int64_t sum = 0;
    SM_EACH_ITEM(item, json("[1,2,3]"))
        sum += item->integer;
    SM_EACH_MEMBER(member, json("{'a':10,'b':20}"))
        sum += member->value->integer;
    SM_EACH_ITEM(item, NULL)
        sum += 100;
    SM_EACH_MEMBER(member, json("[1]"))
        sum += 100;
    assert_int_equal(sum, 36);
}

/* --- Editing ------------------------------------------------------------------------------------------------------------- */

static void setting_leaves_the_old_value_alone(void **state) {
    (void)state;
    sm_val old = json("{'a':1,'c':{'d':[1,2]}}");
    char key[] = "b";
    sm_val new = sm_val_set(&r, old, key, SM_TRUE);
    key[0] = 'x';

    assert_json(old, "{'a':1,'c':{'d':[1,2]}}");
    assert_json(new, "{'a':1,'b':true,'c':{'d':[1,2]}}");
    assert_ptr_equal(sm_val_get(new, "c"), sm_val_get(old, "c"));
    assert_json(sm_val_set(&r, new, "b", NULL), "{'a':1,'c':{'d':[1,2]}}");
    assert_json(sm_val_set(&r, NULL, "a", SM_NULL), "{'a':null}");
    assert_ptr_equal(sm_val_set(&r, NULL, "a", NULL), SM_EMPTY_MAP);
}

static void edits_that_change_nothing_return_the_old_value(void **state) {
    (void)state;
    sm_val v = json("{'a':{'b':[1,{'c':2}]}}");
    assert_ptr_equal(sm_val_set(&r, v, "a", json("{'b':[1,{'c':2}]}")), v);
    assert_ptr_equal(sm_val_set(&r, v, "x", NULL), v);
    assert_ptr_equal(sm_val_set_at(&r, v, "a.b[1].c", sm_val_int(&r, 2)), v);
    assert_ptr_equal(sm_val_set_at(&r, v, "a.b[1].d", NULL), v);
    assert_ptr_equal(sm_val_set_at(&r, v, "a.b[2].d", NULL), v);
    assert_ptr_equal(sm_val_set_at(&r, v, "a.b.d.e", NULL), v);
    assert_ptr_equal(sm_val_set_at(&r, v, "x.y.z", NULL), v);
    assert_ptr_equal(sm_val_merge_patch(&r, v, json("{'a':{'b':[1,{'c':2}]},'x':null}")), v);
    assert_ptr_equal(sm_val_merge_patch(&r, v, json("{}")), v);
    assert_ptr_equal(sm_val_merge_patch(&r, v, NULL), v);
}

static void setting_at_a_path_makes_maps_on_the_way(void **state) {
    (void)state;
    sm_val v = sm_val_set_at(&r, NULL, "metadata.labels[sei.io/node]", sm_val_str(&r, "n"));
    assert_json(v, "{'metadata':{'labels':{'sei.io/node':'n'}}}");
    v = sm_val_set_at(&r, v, "list", json("[{'name':'x'},{'name':'y'}]"));
    v = sm_val_set_at(&r, v, "list[name=y].on", SM_TRUE);
    v = sm_val_set_at(&r, v, "list[0].deep.er", SM_NULL);
    assert_json(sm_val_get(v, "list"), "[{'name':'x','deep':{'er':null}},{'name':'y','on':true}]");
    v = sm_val_set_at(&r, v, "list[0].deep.er.est", SM_TRUE);
    assert_json(sm_val_get(v, "list"), "[{'name':'x','deep':{'er':{'est':true}}},{'name':'y','on':true}]");
    v = sm_val_set_at(&r, v, "list[-1]", NULL);
    v = sm_val_set_at(&r, v, "list[0].deep", NULL);
    v = sm_val_set_at(&r, v, "metadata.labels[sei.io/node]", NULL);
    assert_json(v, "{'list':[{'name':'x'}],'metadata':{'labels':{}}}");
    assert_json(sm_val_set_at(&r, v, "list[0]", SM_FALSE), "{'list':[false],'metadata':{'labels':{}}}");
    assert_ptr_equal(sm_val_set_at(&r, v, "", SM_TRUE), SM_TRUE);
    assert_ptr_equal(sm_val_set_at(&r, v, "", NULL), SM_EMPTY_MAP);
    assert_ptr_equal(sm_val_set_at(&r, SM_NULL, "a", NULL), SM_NULL);
}

static void setting_what_cannot_be_is_a_bug(void **state) {
    (void)state;
    sm_val v = json("{'list':[1],'text':'t'}");
    expect_bug("no element", sm_val_set_at(&r, v, "list[1]", SM_TRUE));
    expect_bug("no element", sm_val_set_at(&r, v, "list[name=x].a", SM_TRUE));
    expect_bug("no element", sm_val_set_at(&r, v, "list.a", SM_TRUE));
    expect_bug("neither", sm_val_set_at(&r, v, "text.a", SM_TRUE));
    expect_bug("neither", sm_val_set_at(&r, v, "list[0].a", SM_TRUE));
    struct sm_str path;
    sm_str_init(&path, &r);
    sm_str_add(&path, "a");
    sm_val deep = SM_TRUE;
    for (int i = 1; i < 65; i++) {
        sm_str_add(&path, ".a");
        deep = SM_MAP(&r, "a", deep);
    }
    deep = SM_MAP(&r, "a", deep);
    expect_bug("more than 64 steps", sm_val_set_at(&r, deep, path.data, SM_FALSE));
    assert_ptr_equal(sm_val_at(deep, path.data), SM_TRUE);
    assert_ptr_equal(sm_val_at(sm_val_set_at(&r, deep, path.data + 2, SM_FALSE), path.data + 2), SM_FALSE);
    expect_bug("not a map", sm_val_set(&r, SM_TRUE, "a", SM_TRUE));
    expect_bug("", sm_val_append(&r, v, SM_TRUE));
    expect_bug("", sm_val_replace_item(&r, sm_val_get(v, "list"), 1, SM_TRUE));
}

static void lists_are_edited_by_element(void **state) {
    (void)state;
    sm_val list = sm_val_append(&r, NULL, sm_val_int(&r, 1));
    list = sm_val_append(&r, list, sm_val_int(&r, 2));
    list = sm_val_append(&r, list, sm_val_int(&r, 3));
    assert_json(list, "[1,2,3]");
    assert_json(sm_val_replace_item(&r, list, 1, SM_NULL), "[1,null,3]");
    assert_json(sm_val_replace_item(&r, list, 0, NULL), "[2,3]");
    assert_json(sm_val_replace_item(&r, list, 2, NULL), "[1,2]");
    assert_ptr_equal(sm_val_append(&r, list, NULL), list);
    assert_json(list, "[1,2,3]");
}

/* --- Comparing and patching ------------------------------------------------------------------------------------------------ */

static void the_first_difference_is_named(void **state) {
    (void)state;
    const struct {
        const char *a, *b, *path;
    } rows[] = {
        {"{'a':1}", "{'a':1}", NULL},
        {"1", "2", ""},
        {"{}", "[]", ""},
        {"{'a':1,'b':1}", "{'a':2,'b':2}", "a"},
        {"{'a':1}", "{'b':1}", "a"},
        {"{'b':1}", "{'a':1}", "a"},
        {"{'a':{}}", "{'a':{'b':{'c':1}}}", "a.b"},
        {"{'a':[1,2,3]}", "{'a':[1,2,4]}", "a[2]"},
        {"{'a':[1,2]}", "{'a':[1,2,{'x':1}]}", "a[2]"},
        {"[[1],[{'x':1}]]", "[[1],[{'x':2}]]", "[1][0].x"},
        {"{'sei.io/n':{'x':1}}", "{'sei.io/n':{'x':2}}", "[sei.io/n].x"},
        {"{'':1}", "{}", "[]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = sm_val_difference(&r, json(rows[i].a), json(rows[i].b));
        if (rows[i].path)
            assert_string_equal(path, rows[i].path);
        else
            assert_null(path);
    }
    assert_string_equal(sm_val_difference(&r, NULL, SM_NULL), "");
    assert_null(sm_val_difference(&r, NULL, NULL));
    assert_true(sm_val_equal(NULL, NULL));
    assert_true(sm_val_compare(NULL, SM_NULL) < 0 && sm_val_compare(SM_NULL, NULL) > 0 && sm_val_compare(NULL, NULL) == 0);
    assert_false(sm_val_equal(NULL, SM_NULL));
}

/* The table of RFC 7386, appendix A, and what it leaves open. */
static void merge_patches_follow_the_rfc(void **state) {
    (void)state;
    const struct {
        const char *target, *patch, *result;
    } rows[] = {
        {"{'a':'b'}", "{'a':'c'}", "{'a':'c'}"},
        {"{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}"},
        {"{'a':'b'}", "{'a':null}", "{}"},
        {"{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}"},
        {"{'a':['b']}", "{'a':'c'}", "{'a':'c'}"},
        {"{'a':'c'}", "{'a':['b']}", "{'a':['b']}"},
        {"{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}"},
        {"{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}"},
        {"['a','b']", "['c','d']", "['c','d']"},
        {"{'a':'b'}", "['c']", "['c']"},
        {"{'a':'foo'}", "null", "null"},
        {"{'a':'foo'}", "'bar'", "'bar'"},
        {"{'e':null}", "{'a':1}", "{'e':null,'a':1}"},
        {"[1,2]", "{'a':'b','c':null}", "{'a':'b'}"},
        {"{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}"},
        {"{'a':'text'}", "{'a':{'b':null}}", "{'a':{}}"},
        {"{}", "{'a':[{'b':null},null]}", "{'a':[{'b':null},null]}"},
        {"{'a':1,'m':2,'z':3}", "{'0':0,'b':1,'m':null,'zz':4}", "{'0':0,'a':1,'b':1,'z':3,'zz':4}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_json(sm_val_merge_patch(&r, json(rows[i].target), json(rows[i].patch)), rows[i].result);
    assert_json(sm_val_merge_patch(&r, NULL, json("{'a':{'b':null,'c':1}}")), "{'a':{'c':1}}");
}

static void made_patches_are_small(void **state) {
    (void)state;
    const struct {
        const char *from, *to, *patch;
    } rows[] = {
        {"{'a':1,'b':{'c':[1],'d':2}}", "{'a':1,'b':{'c':[1,2],'d':2}}", "{'b':{'c':[1,2]}}"},
        {"{'a':1,'b':2}", "{'b':2,'c':{'d':{}}}", "{'a':null,'c':{'d':{}}}"},
        {"{'a':{'b':1}}", "{'a':{}}", "{'a':{'b':null}}"},
        {"{'a':{'b':1}}", "{'a':[]}", "{'a':[]}"},
        {"{'a':'x'}", "{'a':{'b':1}}", "{'a':{'b':1}}"},
        {"[1]", "[2]", "[2]"},
        {"{'a':null}", "{}", "{'a':null}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sm_val patch = sm_val_make_merge_patch(&r, json(rows[i].from), json(rows[i].to));
        assert_json(patch, rows[i].patch);
        assert_json(sm_val_merge_patch(&r, json(rows[i].from), patch), rows[i].to);
    }
    assert_null(sm_val_make_merge_patch(&r, json("{'a':1}"), json("{'a':1}")));
    assert_ptr_equal(sm_val_make_merge_patch(&r, json("{'a':1}"), NULL), SM_NULL);
}

/* A patch of many nulls must not cost a copy for each. */
static void large_patches_cost_what_they_weigh(void **state) {
    (void)state;
    enum { COUNT = 50000 };
    struct sm_member *members = sm_region_alloc(&r, COUNT * sizeof *members);
    for (size_t i = 0; i < COUNT; i++)
        members[i] = (struct sm_member){sm_region_printf(&r, "%05zu", i), 5, i == 7 ? SM_TRUE : SM_NULL};
    sm_val patch = sm_val_from_members(&r, members, COUNT);
    size_t before = r.used_bytes;

    assert_json(sm_val_merge_patch(&r, NULL, patch), "{'00007':true}");

    assert_true(r.used_bytes - before < 2 * COUNT * sizeof *members);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(maps_are_sorted_and_the_last_of_a_key_wins),
        TEST(absent_values_are_left_out),
        TEST(empty_things_exist_once),
        TEST(lists_keep_their_order),
        TEST(strings_may_hold_nul),
        TEST(formatted_strings_may_be_long),
        TEST(hashes_are_the_same_everywhere),
        TEST(kinds_and_order_count_in_hashes),
        TEST(copies_share_what_lives_elsewhere),
        TEST(paths_lead_into_maps_and_lists),
        TEST(absence_is_no_error),
        TEST(malformed_paths_are_bugs),
        TEST(guesses_cannot_mislead),
        TEST(large_maps_are_searched),
        TEST(keys_differ_in_every_byte),
        TEST(loops_skip_other_kinds),
        TEST(setting_leaves_the_old_value_alone),
        TEST(edits_that_change_nothing_return_the_old_value),
        TEST(setting_at_a_path_makes_maps_on_the_way),
        TEST(setting_what_cannot_be_is_a_bug),
        TEST(lists_are_edited_by_element),
        TEST(the_first_difference_is_named),
        TEST(merge_patches_follow_the_rfc),
        TEST(made_patches_are_small),
        TEST(large_patches_cost_what_they_weigh),
    };
    return cmocka_run_group_tests_name("val", tests, NULL, NULL);
}
