/* Random documents, against cJSON as a second opinion. Every case is made from a seed of its own: to see one again, set
 * FIRST_CASE to the number that a failure prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "rng.h"
#include "val.h"

enum { FIRST_CASE = 0, CASES = 4000 };

static struct sm_region r;
static struct sm_rng rng;
static unsigned long long current_case;

static bool begin_case(void) {
    if (current_case == FIRST_CASE + CASES)
        return false;
    sm_region_clear(&r);
    sm_rng_init(&rng, current_case, "values");
    return true;
}

#define FOR_ALL_CASES(state) for ((void)(state), current_case = FIRST_CASE; begin_case(); current_case++)

#define holds(...) \
    do { \
        if (!(__VA_ARGS__)) \
            fail_msg("case %llu: not so: %s", current_case, #__VA_ARGS__); \
    } while (0)

/* --- Random documents ---------------------------------------------------------------------------------------------------- */

static bool one_in(uint32_t n) {
    return sm_rng_below(&rng, n) == 0;
}

/* Characters that are special somewhere, and some that are not. No NUL: cJSON ends strings there. */
static sm_val random_string(void) {
    static const char *const pieces[] = {"a", "b", "name", "sei.io/node", "\"", "\\", "/", "\n", "\t", "\x01", "\x1f", "\x7f",
                                         "<", "&", "[", "]", ".", " ", "\xc3\xa9", "\xe2\x82\xac", "\xe2\x80\xa8",
                                         "\xf0\x9f\x98\x80", "\xef\xbf\xbf", "0123456789abcdefghij"};
    struct sm_str s;
    sm_str_init(&s, &r);
    for (uint32_t left = sm_rng_below(&rng, one_in(20) ? 40 : 5); left > 0; left--)
        sm_str_add(&s, pieces[sm_rng_below(&rng, sizeof pieces / sizeof *pieces)]);
    return sm_val_strn(&r, s.data, s.bytes);
}

static const char *random_key(void) {
    static const char *const keys[] = {"a", "b", "c", "name", "spec", "status", "image", "replicas", "containers", "a.b",
                                       "sei.io/node", "x[0]"};
    if (one_in(10))
        return random_string()->string;
    return keys[sm_rng_below(&rng, sizeof keys / sizeof *keys)];
}

/* Small enough for doubles to carry, often equal to another. */
static int64_t random_integer(void) {
    int64_t value = one_in(3) ? (int64_t)(sm_rng_next(&rng) >> 12) : (int64_t)sm_rng_below(&rng, 4);
    return one_in(4) ? -value : value;
}

/* Never whole, since 1.0 reads back as 1, and far apart, since cJSON compares with a tolerance. */
static double random_fraction(void) {
    double value = (double)sm_rng_below(&rng, 1000) + 0.125 * (1 + sm_rng_below(&rng, 7));
    return one_in(2) ? -value : value;
}

static sm_val random_value(unsigned depth, bool nulls) {
    uint32_t kind = sm_rng_below(&rng, depth ? 10 : 6);
    switch (kind) {
    case 0:
        return nulls ? SM_NULL : SM_EMPTY_MAP;
    case 1:
        return sm_val_bool(one_in(2));
    case 2:
        return sm_val_int(&r, random_integer());
    case 3:
        return sm_val_double(&r, random_fraction());
    case 4:
    case 5:
        return random_string();
    case 6:
    case 7: {
        sm_val items[8];
        uint32_t count = sm_rng_below(&rng, 8);
        for (uint32_t i = 0; i < count; i++)
            items[i] = random_value(depth - 1, nulls);
        return sm_val_from_items(&r, items, count);
    }
    default: {
        struct sm_member members[30];
        uint32_t count = sm_rng_below(&rng, one_in(8) ? 30 : 6);
        for (uint32_t i = 0; i < count; i++) {
            const char *key = random_key();
            members[i] = (struct sm_member){key, (uint32_t)strlen(key), random_value(depth - 1, nulls)};
        }
        return sm_val_from_members(&r, members, count);
    }
    }
}

/* Another value made of [v] by a few edits, as objects are in life. */
static sm_val random_edit(sm_val v, unsigned depth, bool nulls) {
    if (!depth || one_in(6))
        return random_value(depth, nulls);
    if (sm_val_is_map(v)) {
        for (uint32_t edits = 1 + sm_rng_below(&rng, 3); edits > 0; edits--) {
            const char *key = sm_val_count(v) && one_in(2) ? v->map[sm_rng_below(&rng, v->count)].key : random_key();
            sm_val old = sm_val_get(v, key);
            v = sm_val_set(&r, v, key, one_in(3) ? NULL : old ? random_edit(old, depth - 1, nulls) : random_value(depth - 1, nulls));
        }
        return v;
    }
    if (sm_val_count(v)) {
        uint32_t at = sm_rng_below(&rng, v->count);
        return sm_val_replace_item(&r, v, at, one_in(3) ? NULL : random_edit(v->list[at], depth - 1, nulls));
    }
    return sm_val_is_list(v) ? sm_val_append(&r, v, random_value(depth - 1, nulls)) : random_value(depth, nulls);
}

/* --- The two worlds ------------------------------------------------------------------------------------------------------ */

/* Members are added in random order, so that nothing depends on ours. */
static cJSON *to_cjson(sm_val v) {
    switch (sm_val_kind(v)) {
    case SM_KIND_NULL:
        return cJSON_CreateNull();
    case SM_KIND_BOOL:
        return cJSON_CreateBool(v->boolean);
    case SM_KIND_INT:
        return cJSON_CreateNumber((double)v->integer);
    case SM_KIND_DOUBLE:
        return cJSON_CreateNumber(v->real);
    case SM_KIND_STRING:
        return cJSON_CreateString(v->string);
    case SM_KIND_LIST: {
        cJSON *list = cJSON_CreateArray();
        for (size_t i = 0; i < v->count; i++)
            cJSON_AddItemToArray(list, to_cjson(v->list[i]));
        return list;
    }
    case SM_KIND_MAP: {
        cJSON *map = cJSON_CreateObject();
        size_t *order = malloc((v->count + 1) * sizeof *order);
        for (size_t i = 0; i < v->count; i++) {
            size_t at = sm_rng_below(&rng, (uint32_t)i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        for (size_t i = 0; i < v->count; i++)
            cJSON_AddItemToObject(map, v->map[order[i]].key, to_cjson(v->map[order[i]].value));
        free(order);
        return map;
    }
    }
    return NULL;
}

static bool same(sm_val v, const cJSON *c) {
    if (!v || !c)
        return !v && !c;
    switch (sm_val_kind(v)) {
    case SM_KIND_NULL:
        return cJSON_IsNull(c);
    case SM_KIND_BOOL:
        return v->boolean ? cJSON_IsTrue(c) : cJSON_IsFalse(c);
    case SM_KIND_INT:
        return cJSON_IsNumber(c) && (double)v->integer == c->valuedouble;
    case SM_KIND_DOUBLE:
        return cJSON_IsNumber(c) && v->real == c->valuedouble;
    case SM_KIND_STRING:
        return cJSON_IsString(c) && strcmp(v->string, c->valuestring) == 0;
    case SM_KIND_LIST:
        if (!cJSON_IsArray(c) || (int)v->count != cJSON_GetArraySize(c))
            return false;
        for (size_t i = 0; i < v->count; i++)
            if (!same(v->list[i], cJSON_GetArrayItem(c, (int)i)))
                return false;
        return true;
    case SM_KIND_MAP:
        if (!cJSON_IsObject(c) || (int)v->count != cJSON_GetArraySize(c))
            return false;
        for (size_t i = 0; i < v->count; i++)
            if (!same(v->map[i].value, cJSON_GetObjectItemCaseSensitive(c, v->map[i].key)))
                return false;
        return true;
    }
    return false;
}

/* RFC 7386, section 2, word for word. Consumes [target]. */
static cJSON *reference_merge(cJSON *target, const cJSON *patch) {
    if (!cJSON_IsObject(patch)) {
        cJSON_Delete(target);
        return cJSON_Duplicate(patch, true);
    }
    if (!cJSON_IsObject(target)) {
        cJSON_Delete(target);
        target = cJSON_CreateObject();
    }
    for (const cJSON *change = patch->child; change; change = change->next) {
        cJSON *old = cJSON_DetachItemFromObjectCaseSensitive(target, change->string);
        if (cJSON_IsNull(change))
            cJSON_Delete(old);
        else
            cJSON_AddItemToObject(target, change->string, reference_merge(old, change));
    }
    return target;
}

/* --- What must hold of every value ----------------------------------------------------------------------------------------- */

/* Builds [v] again from its leaves, so that its hash owes nothing to how it came about. */
static sm_val rebuild(sm_val v) {
    if (sm_val_is_list(v)) {
        sm_val *items = sm_region_alloc(&r, v->count * sizeof *items);
        for (size_t i = 0; i < v->count; i++)
            items[i] = rebuild(v->list[i]);
        return sm_val_from_items(&r, items, v->count);
    }
    if (sm_val_is_map(v)) {
        struct sm_member *members = sm_region_alloc(&r, v->count * sizeof *members);
        for (size_t i = 0; i < v->count; i++)
            members[v->count - 1 - i] = (struct sm_member){v->map[i].key, v->map[i].key_bytes, rebuild(v->map[i].value)};
        return sm_val_from_members(&r, members, v->count);
    }
    return sm_val_copy(&r, v, NULL);
}

static bool is_sorted(sm_val v) {
    for (size_t i = 0; i < sm_val_count(v); i++) {
        if (!is_sorted(sm_val_is_map(v) ? v->map[i].value : v->list[i]))
            return false;
        if (!sm_val_is_map(v))
            continue;
        if (strlen(v->map[i].key) != v->map[i].key_bytes || (i && strcmp(v->map[i - 1].key, v->map[i].key) >= 0))
            return false;
    }
    return true;
}

static void check_sound(sm_val v) {
    sm_val again = rebuild(v);
    holds(is_sorted(v));
    holds(again->hash == v->hash);
    holds(sm_val_compare(again, v) == 0);
    holds(sm_val_equal(again, v));
}

static sm_val parse(const char *text) {
    struct sm_json_error error;
    sm_val v = sm_json_parse(&r, text, strlen(text), NULL, &error);
    if (!v)
        fail_msg("case %llu: %s: %s at %zu", current_case, text, error.message, error.offset);
    return v;
}

/* --- Reading and printing ---------------------------------------------------------------------------------------------------- */

static void cjson_reads_what_we_print(void **state) {
    FOR_ALL_CASES(state) {
        sm_val v = random_value(5, true);
        static const unsigned flags[] = {SM_JSON_COMPACT, SM_JSON_PRETTY, SM_JSON_ESCAPE_HTML, SM_JSON_PRETTY | SM_JSON_ESCAPE_HTML};
        for (size_t i = 0; i < 4; i++) {
            cJSON *c = cJSON_Parse(sm_json_text(&r, v, flags[i]));
            holds(same(v, c));
            cJSON_Delete(c);
        }
    }
}

static void we_read_what_cjson_prints(void **state) {
    FOR_ALL_CASES(state) {
        sm_val v = random_value(5, true);
        cJSON *c = to_cjson(v);
        char *compact = cJSON_PrintUnformatted(c), *pretty = cJSON_Print(c);
        sm_val a = parse(compact), b = parse(pretty);
        free(compact);
        free(pretty);
        holds(same(a, c));
        holds(same(b, c));
        holds(sm_val_equal(a, b));
        check_sound(a);
        cJSON_Delete(c);
    }
}

static void what_we_print_reads_back_equal(void **state) {
    FOR_ALL_CASES(state) {
        sm_val v = random_value(5, true);
        const char *text = sm_json_text(&r, v, one_in(2) ? SM_JSON_PRETTY : SM_JSON_ESCAPE_HTML);
        sm_val again = parse(text);
        holds(sm_val_equal(v, again));
        holds(sm_val_compare(v, again) == 0);
        holds(strcmp(sm_json_text(&r, again, 0), sm_json_text(&r, v, 0)) == 0);
        check_sound(again);
    }
}

static void doubles_have_the_fewest_digits(void **state) {
    FOR_ALL_CASES(state) {
        for (int i = 0; i < 20; i++) {
            uint64_t bits = sm_rng_next(&rng);
            double value;
            if (one_in(4))
                bits &= UINT64_C(0xfff0000000000000); /* powers of two: their neighbours lie unevenly */
            memcpy(&value, &bits, sizeof value);
            if (!isfinite(value))
                continue;
            const char *text = sm_json_text(&r, sm_val_double(&r, value), 0);
            holds(strtod(text, NULL) == value);

            int digits = 0, zeros = 0;
            for (const char *p = text; *p && *p != 'e'; p++)
                if (*p >= '0' && *p <= '9' && (digits || *p != '0')) {
                    digits++;
                    zeros = *p == '0' ? zeros + 1 : 0;
                }
            char shorter[40];
            snprintf(shorter, sizeof shorter, "%.*e", digits - zeros > 1 ? digits - zeros - 2 : 0, value);
            holds(digits - zeros <= 17);
            holds(digits - zeros <= 1 || strtod(shorter, NULL) != value);
        }
    }
}

/* Texts with a few bytes changed: never a crash, and what is taken is sound. */
static void broken_texts_are_survived(void **state) {
    FOR_ALL_CASES(state) {
        char *text = sm_region_strdup(&r, sm_json_text(&r, random_value(4, true), one_in(2) ? SM_JSON_PRETTY : 0));
        size_t bytes = strlen(text);
        static const char marks[] = "{}[]\",:\\0-.eE+tfn u";
        for (uint32_t edits = 1 + sm_rng_below(&rng, 3); edits > 0; edits--)
            text[sm_rng_below(&rng, (uint32_t)bytes)] = one_in(2) ? (char)sm_rng_next(&rng) : marks[sm_rng_below(&rng, sizeof marks)];
        if (one_in(3))
            bytes = sm_rng_below(&rng, (uint32_t)bytes + 1);
        char *exact = malloc(bytes ? bytes : 1);
        memcpy(exact, text, bytes);

        struct sm_json_duplicate duplicates[4];
        size_t count;
        struct sm_json_options options = {.duplicates = duplicates, .duplicates_max = 4, .ret_duplicates_count = &count};
        struct sm_json_error error;
        sm_val v = sm_json_parse(&r, exact, bytes, &options, &error);
        free(exact);
        if (!v) {
            holds(error.offset <= bytes && error.line >= 1 && error.column >= 1 && error.message[0]);
            continue;
        }
        check_sound(v);
        const char *printed = sm_json_text(&r, v, 0);
        holds(strcmp(printed, sm_json_text(&r, parse(printed), 0)) == 0);
    }
}

/* --- Comparing ----------------------------------------------------------------------------------------------------------------- */

static void equality_is_that_of_cjson(void **state) {
    FOR_ALL_CASES(state) {
        sm_val a = random_value(4, true), b = random_edit(a, 4, true), c = rebuild(a);
        cJSON *ca = to_cjson(a), *cb = to_cjson(b), *cc = to_cjson(c);
        holds(sm_val_equal(a, b) == (bool)cJSON_Compare(ca, cb, true));
        holds(sm_val_equal(a, b) == (sm_val_compare(a, b) == 0));
        holds(sm_val_equal(a, b) == (a->hash == b->hash));
        holds(sm_val_equal(a, c) && cJSON_Compare(ca, cc, true));
        cJSON_Delete(ca);
        cJSON_Delete(cb);
        cJSON_Delete(cc);
    }
}

static void comparing_is_an_order(void **state) {
    FOR_ALL_CASES(state) {
        sm_val a = random_value(3, true), b = random_edit(a, 3, true), c = random_edit(b, 3, true);
        int ab = sm_val_compare(a, b), bc = sm_val_compare(b, c), ac = sm_val_compare(a, c);
        holds((ab < 0) == (sm_val_compare(b, a) > 0));
        holds(!(ab <= 0 && bc <= 0) || ac <= 0);
        holds(!(ab >= 0 && bc >= 0) || ac >= 0);
    }
}

static void a_difference_is_where_values_differ(void **state) {
    FOR_ALL_CASES(state) {
        sm_val a = random_value(4, true), b = random_edit(a, 4, true);
        const char *path = sm_val_difference(&r, a, b);
        holds((path == NULL) == sm_val_equal(a, b));
        if (path && !strstr(path, "[]") && !strstr(path, "x[0]") && !strpbrk(path, "]"))
            holds(!sm_val_equal(sm_val_at(a, path), sm_val_at(b, path)));
    }
}

/* --- Editing ------------------------------------------------------------------------------------------------------------------- */

static void edits_are_sound_and_leave_the_old_value_alone(void **state) {
    FOR_ALL_CASES(state) {
        sm_val v = random_value(4, true);
        for (int i = 0; i < 5; i++) {
            const char *before = sm_json_text(&r, v, 0);
            uint64_t hash = v->hash;
            sm_val next = random_edit(v, 4, true);
            check_sound(next);
            holds(v->hash == hash && strcmp(sm_json_text(&r, v, 0), before) == 0);
            v = next;
        }
    }
}

static void copies_stand_alone(void **state) {
    FOR_ALL_CASES(state) {
        struct sm_region scratch;
        sm_region_init(&scratch, "scratch", 0);
        sm_val base = random_value(4, true);
        sm_val v = sm_val_set(&scratch, SM_MAP(&scratch, "base", base), random_key(), sm_val_copy(&scratch, random_value(4, true), NULL));
        const char *before = sm_json_text(&r, v, 0);

        sm_val copy = sm_val_copy(&r, v, &scratch);
        sm_region_release(&scratch);

        holds(strcmp(sm_json_text(&r, copy, 0), before) == 0);
        check_sound(copy);
    }
}

/* Appends a random way from [v] on; it may leave what exists, but asks no list for an element it has not. */
static void random_path(struct sm_str *path, sm_val v, unsigned steps) {
    for (; steps > 0; steps--) {
        if (sm_val_is_list(v)) {
            if (!v->count)
                return;
            uint32_t at = sm_rng_below(&rng, v->count);
            sm_str_addf(path, "[%d]", one_in(3) ? (int)at - (int)v->count : (int)at);
            v = v->list[at];
            continue;
        }
        if (v && !sm_val_is_map(v) && !sm_val_is_null(v))
            return;
        const char *key = sm_val_count(v) && !one_in(4) ? v->map[sm_rng_below(&rng, v->count)].key : random_key();
        if (strpbrk(key, "[]"))
            return;
        sm_str_addf(path, !*key || strchr(key, '.') || one_in(5) ? "[%s]" : path->bytes ? ".%s" : "%s", key);
        v = sm_val_get(v, key);
    }
}

static void what_is_set_is_there_and_nothing_else_moved(void **state) {
    FOR_ALL_CASES(state) {
        sm_val v = random_value(5, true);
        struct sm_str path;
        sm_str_init(&path, &r);
        random_path(&path, v, 1 + sm_rng_below(&rng, 6));
        if (!path.bytes)
            continue;
        const char *before = sm_json_text(&r, v, 0);
        sm_val old = sm_val_at(v, path.data), value = one_in(5) ? NULL : random_value(2, true);

        sm_val new = sm_val_set_at(&r, v, path.data, value);

        holds(strcmp(sm_json_text(&r, v, 0), before) == 0);
        check_sound(new);
        size_t length = strlen(path.data);
        bool in_list = path.data[length - 1] == ']' && sm_val_at(v, path.data) && !value;
        if (!in_list)
            holds(sm_val_equal(sm_val_at(new, path.data), value));
        if (old && value)
            holds(sm_val_equal(sm_val_set_at(&r, new, path.data, old), v));
    }
}

/* --- Merge patch ----------------------------------------------------------------------------------------------------------------- */

static void merging_is_that_of_the_rfc(void **state) {
    FOR_ALL_CASES(state) {
        sm_val target = random_value(4, true);
        sm_val patch = one_in(2) ? random_edit(target, 4, true) : random_value(4, true);
        const char *before = sm_json_text(&r, target, 0);

        sm_val merged = sm_val_merge_patch(&r, target, patch);

        cJSON *c = to_cjson(patch), *expected = reference_merge(to_cjson(target), c);
        holds(same(merged, expected));
        check_sound(merged);
        holds(strcmp(sm_json_text(&r, target, 0), before) == 0);
        holds(sm_val_equal(sm_val_merge_patch(&r, merged, patch), merged));
        cJSON_Delete(c);
        cJSON_Delete(expected);
    }
}

/* A patch can't set null, so neither value holds any. */
static void a_made_patch_leads_to_its_target(void **state) {
    FOR_ALL_CASES(state) {
        sm_val from = random_value(4, false), to = random_edit(from, 4, false);

        sm_val patch = sm_val_make_merge_patch(&r, from, to);

        holds((patch == NULL) == sm_val_equal(from, to));
        if (!patch)
            continue;
        check_sound(patch);
        holds(sm_val_equal(sm_val_merge_patch(&r, from, patch), to));
        cJSON *c = to_cjson(patch), *expected = reference_merge(to_cjson(from), c);
        holds(same(to, expected));
        cJSON_Delete(c);
        cJSON_Delete(expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cjson_reads_what_we_print),
        cmocka_unit_test(we_read_what_cjson_prints),
        cmocka_unit_test(what_we_print_reads_back_equal),
        cmocka_unit_test(doubles_have_the_fewest_digits),
        cmocka_unit_test(broken_texts_are_survived),
        cmocka_unit_test(equality_is_that_of_cjson),
        cmocka_unit_test(comparing_is_an_order),
        cmocka_unit_test(a_difference_is_where_values_differ),
        cmocka_unit_test(edits_are_sound_and_leave_the_old_value_alone),
        cmocka_unit_test(copies_stand_alone),
        cmocka_unit_test(what_is_set_is_there_and_nothing_else_moved),
        cmocka_unit_test(merging_is_that_of_the_rfc),
        cmocka_unit_test(a_made_patch_leads_to_its_target),
    };
    sm_region_init(&r, "property", 0);
    int failed = cmocka_run_group_tests_name("val, properties", tests, NULL, NULL);
    sm_region_release(&r);
    return failed;
}
