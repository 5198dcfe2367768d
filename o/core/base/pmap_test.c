/* Random operations, with a sorted array as the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug_expect.h"
#include "pmap.h"
#include "rng.h"

enum { KEYS = 300, STEPS = 6000, ROOTS = 40 };

static struct sm_region r;
static struct sm_rng rng;
static const char values[8]; /* only their addresses count */

static int set_up(void **state) {
    (void)state;
    sm_region_init(&r, "test", 0);
    sm_rng_init(&rng, 1, "pmap");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sm_region_release(&r);
    return 0;
}

/* --- The model ----------------------------------------------------------------------------------------------------- */

struct model {
    size_t count;
    struct entry {
        char key[24];
        const void *value;
    } entries[KEYS];
};

/* Index of the first entry whose key is >= [key]. */
static size_t model_seek(const struct model *m, const char *key) {
    size_t i = 0;
    while (i < m->count && strcmp(m->entries[i].key, key) < 0)
        i++;
    return i;
}

static void model_set(struct model *m, const char *key, const void *value) {
    size_t i = model_seek(m, key);
    if (i == m->count || strcmp(m->entries[i].key, key) != 0) {
        memmove(&m->entries[i + 1], &m->entries[i], (m->count - i) * sizeof *m->entries);
        m->count++;
        snprintf(m->entries[i].key, sizeof m->entries[i].key, "%s", key);
    }
    m->entries[i].value = value;
}

static void model_remove(struct model *m, const char *key) {
    size_t i = model_seek(m, key);
    if (i == m->count || strcmp(m->entries[i].key, key) != 0)
        return;
    m->count--;
    memmove(&m->entries[i], &m->entries[i + 1], (m->count - i) * sizeof *m->entries);
}

/* Namespaces and names; one in 16 is empty or the bare prefix of others. */
static const char *random_key(void) {
    static const char *const namespaces[] = {"default/", "kube-system/", "default2/", ""};
    static char key[24];
    const char *name_space = namespaces[sm_rng_below(&rng, 4)];
    if (sm_rng_below(&rng, 16) == 0)
        snprintf(key, sizeof key, "%s", name_space);
    else
        snprintf(key, sizeof key, "%sn-%u", name_space, sm_rng_below(&rng, (KEYS - 4) / 4));
    return key;
}

static const void *random_value(void) {
    return &values[sm_rng_below(&rng, sizeof values)];
}

static sm_pmap random_edit(struct model *m, sm_pmap map) {
    const char *key = random_key();
    if (sm_rng_below(&rng, 100) < 40) {
        model_remove(m, key);
        return sm_pmap_remove(&r, map, key);
    }
    const void *value = random_value();
    model_set(m, key, value);
    return sm_pmap_set(&r, map, key, value);
}

/* --- Comparing with it --------------------------------------------------------------------------------------------- */

static uint32_t checked_count(sm_pmap map) {
    if (!map)
        return 0;
    if (map->left) {
        assert_true(strcmp(map->left->key, map->key) < 0);
        assert_true(map->left->priority <= map->priority);
    }
    if (map->right) {
        assert_true(strcmp(map->right->key, map->key) > 0);
        assert_true(map->right->priority <= map->priority);
    }
    assert_int_equal(map->count, 1 + checked_count(map->left) + checked_count(map->right));
    return map->count;
}

static void assert_same_shape(sm_pmap a, sm_pmap b) {
    assert_int_equal(a != NULL, b != NULL);
    if (a == b || !a)
        return;
    assert_string_equal(a->key, b->key);
    assert_ptr_equal(a->value, b->value);
    assert_same_shape(a->left, b->left);
    assert_same_shape(a->right, b->right);
}

struct walk {
    const struct entry *entry, *end;
};

static bool match_entry(void *arg, const char *key, const void *value) {
    struct walk *walk = arg;
    assert_true(walk->entry < walk->end);
    assert_string_equal(key, walk->entry->key);
    assert_ptr_equal(value, walk->entry->value);
    walk->entry++;
    return true;
}

static void assert_equal_to(sm_pmap map, const struct model *m) {
    assert_int_equal(sm_pmap_count(map), m->count);
    assert_int_equal(checked_count(map), m->count);
    struct walk walk = {m->entries, m->entries + m->count};
    sm_pmap_each(map, "", match_entry, &walk);
    assert_ptr_equal(walk.entry, walk.end);
}

/* --- Cases --------------------------------------------------------------------------------------------------------- */

static void an_empty_map_is_null(void **state) {
    (void)state;

    sm_pmap map = sm_pmap_remove(&r, sm_pmap_set(&r, NULL, "a", values), "a");

    assert_null(map);
    assert_int_equal(sm_pmap_count(NULL), 0);
    assert_null(sm_pmap_get(NULL, "a"));
    assert_null(sm_pmap_seek(NULL, "", false));
    assert_null(sm_pmap_at(NULL, 0));
    assert_null(sm_pmap_remove(&r, NULL, "a"));
}

static void a_key_is_copied_when_it_is_new(void **state) {
    (void)state;
    char key[] = "a";

    sm_pmap map = sm_pmap_set(&r, NULL, key, &values[0]);
    const char *copied = map->key;
    key[0] = 'b';
    assert_ptr_equal(sm_pmap_get(map, "a"), &values[0]);

    map = sm_pmap_set(&r, map, "a", &values[1]);
    assert_ptr_equal(map->key, copied);
    assert_ptr_equal(sm_pmap_get(map, "a"), &values[1]);
}

static void edits_that_change_nothing_return_the_same_map(void **state) {
    (void)state;
    struct model m = {0};
    sm_pmap map = NULL;
    for (int i = 0; i < 100; i++)
        map = random_edit(&m, map);

    for (size_t i = 0; i < m.count; i++)
        assert_ptr_equal(sm_pmap_set(&r, map, m.entries[i].key, m.entries[i].value), map);
    assert_ptr_equal(sm_pmap_remove(&r, map, "absent"), map);
}

static void a_value_of_null_is_a_bug(void **state) {
    (void)state;

    expect_bug("value", sm_pmap_set(&r, NULL, "a", NULL));
}

static void a_map_follows_its_model_and_old_roots_stay(void **state) {
    (void)state;
    static struct model m, old_models[ROOTS];
    sm_pmap map = NULL, old_roots[ROOTS] = {0};
    memset(&m, 0, sizeof m);

    for (int step = 0; step < STEPS; step++) {
        map = random_edit(&m, map);
        if (step % 10 == 0)
            assert_equal_to(map, &m);

        const char *key = random_key();
        size_t i = model_seek(&m, key);
        bool there = i < m.count && strcmp(m.entries[i].key, key) == 0;
        assert_ptr_equal(sm_pmap_get(map, key), there ? m.entries[i].value : NULL);

        if (step % (STEPS / ROOTS) == 0) {
            old_roots[step / (STEPS / ROOTS)] = map;
            old_models[step / (STEPS / ROOTS)] = m;
        }
    }

    for (int i = 0; i < ROOTS; i++)
        assert_equal_to(old_roots[i], &old_models[i]);
}

static void entries_are_found_by_place_and_by_key(void **state) {
    (void)state;
    static struct model m;
    sm_pmap map = NULL;
    for (int i = 0; i < 500; i++)
        map = random_edit(&m, map);

    for (size_t i = 0; i < m.count; i++)
        assert_string_equal(sm_pmap_at(map, i)->key, m.entries[i].key);
    assert_null(sm_pmap_at(map, m.count));
    assert_null(sm_pmap_at(map, m.count + 1));

    for (int n = 0; n < 1000; n++) {
        const char *key = random_key();
        size_t at = model_seek(&m, key);
        size_t after = at + (at < m.count && strcmp(m.entries[at].key, key) == 0);

        sm_pmap found = sm_pmap_seek(map, key, false), next = sm_pmap_seek(map, key, true);

        assert_int_equal(found != NULL, at < m.count);
        assert_int_equal(next != NULL, after < m.count);
        if (found)
            assert_string_equal(found->key, m.entries[at].key);
        if (next)
            assert_string_equal(next->key, m.entries[after].key);
    }
}

static void a_cursor_visits_every_entry_once(void **state) {
    (void)state;
    static struct model m;
    sm_pmap map = NULL;
    for (int i = 0; i < 300; i++)
        map = random_edit(&m, map);

    size_t i = 0;
    for (sm_pmap at = sm_pmap_seek(map, "", false); at; at = sm_pmap_seek(map, at->key, true), i++)
        assert_string_equal(at->key, m.entries[i].key);

    assert_int_equal(i, m.count);
}

static void a_prefix_selects_one_namespace(void **state) {
    (void)state;
    static struct model m;
    static const char *const prefixes[] = {"default/", "default", "kube-system/n-1", "n", "z", "default/n-7"};
    sm_pmap map = NULL;
    for (int i = 0; i < 500; i++)
        map = random_edit(&m, map);

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t bytes = strlen(prefixes[i]), from = model_seek(&m, prefixes[i]), to = from;
        while (to < m.count && strncmp(m.entries[to].key, prefixes[i], bytes) == 0)
            to++;

        struct walk walk = {m.entries + from, m.entries + to};
        sm_pmap_each(map, prefixes[i], match_entry, &walk);

        assert_ptr_equal(walk.entry, walk.end);
    }
}

static bool stop_at_third(void *arg, const char *key, const void *value) {
    (void)key;
    (void)value;
    return ++*(int *)arg < 3;
}

static bool stop_at_third_difference(void *arg, const char *key, const void *before, const void *after) {
    (void)before;
    (void)after;
    return stop_at_third(arg, key, NULL);
}

static void a_visitor_may_stop(void **state) {
    (void)state;
    static struct model m;
    sm_pmap map = NULL;
    for (int i = 0; i < 100; i++)
        map = random_edit(&m, map);

    int visited = 0;
    sm_pmap_each(map, "", stop_at_third, &visited);
    assert_int_equal(visited, 3);

    visited = 0;
    sm_pmap_diff(NULL, map, stop_at_third_difference, &visited);
    assert_int_equal(visited, 3);
}

static void equal_maps_have_equal_shapes_whatever_the_order(void **state) {
    (void)state;

    for (int round = 0; round < 20; round++) {
        static struct model m;
        memset(&m, 0, sizeof m);
        sm_pmap map = NULL;
        for (int i = 0; i < 300; i++)
            map = random_edit(&m, map);

        sm_pmap ascending = NULL, descending = NULL;
        for (size_t i = 0; i < m.count; i++) {
            ascending = sm_pmap_set(&r, ascending, m.entries[i].key, m.entries[i].value);
            const struct entry *last = &m.entries[m.count - 1 - i];
            descending = sm_pmap_set(&r, descending, last->key, last->value);
        }

        assert_same_shape(map, ascending);
        assert_same_shape(map, descending);
    }
}

static size_t depth(sm_pmap map) {
    if (!map)
        return 0;
    size_t left = depth(map->left), right = depth(map->right);
    return 1 + (left > right ? left : right);
}

static void ascending_names_make_no_list(void **state) {
    (void)state;
    sm_pmap map = NULL;

    for (int i = 0; i < 10000; i++)
        map = sm_pmap_set(&r, map, sm_region_printf(&r, "default/node-%d", i), values);

    assert_int_equal(sm_pmap_count(map), 10000);
    assert_true(depth(map) < 45);
}

static void an_edit_copies_the_way_only(void **state) {
    (void)state;
    sm_pmap map = NULL;
    for (int i = 0; i < 10000; i++)
        map = sm_pmap_set(&r, map, sm_region_printf(&r, "default/node-%d", i), &values[0]);

    size_t before = r.used_bytes;
    for (int i = 0; i < 1000; i++)
        sm_pmap_set(&r, map, sm_region_printf(&r, "default/node-%d", i), &values[1]);

    assert_true((r.used_bytes - before) / 1000 < 25 * sizeof(struct sm_pmap));
}

/* --- Differences --------------------------------------------------------------------------------------------------- */

struct changes {
    size_t count;
    struct change {
        const char *key;
        const void *before, *after;
    } changes[2 * KEYS];
};

static bool add_change(void *arg, const char *key, const void *before, const void *after) {
    struct changes *c = arg;
    assert_true(c->count < 2 * KEYS);
    c->changes[c->count++] = (struct change){key, before, after};
    return true;
}

/* Merges two sorted arrays. */
static void model_diff(const struct model *before, const struct model *after, struct changes *c) {
    c->count = 0;
    for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
        const struct entry *b = i < before->count ? &before->entries[i] : NULL, *a = j < after->count ? &after->entries[j] : NULL;
        int order = !b ? 1 : !a ? -1 : strcmp(b->key, a->key);
        i += order <= 0;
        j += order >= 0;
        if (order < 0)
            add_change(c, b->key, b->value, NULL);
        else if (order > 0)
            add_change(c, a->key, NULL, a->value);
        else if (b->value != a->value)
            add_change(c, a->key, b->value, a->value);
    }
}

static void assert_difference(sm_pmap before, const struct model *before_model, sm_pmap after, const struct model *after_model) {
    static struct changes expected, found;
    model_diff(before_model, after_model, &expected);

    found.count = 0;
    sm_pmap_diff(before, after, add_change, &found);

    assert_int_equal(found.count, expected.count);
    for (size_t i = 0; i < found.count; i++) {
        assert_string_equal(found.changes[i].key, expected.changes[i].key);
        assert_ptr_equal(found.changes[i].before, expected.changes[i].before);
        assert_ptr_equal(found.changes[i].after, expected.changes[i].after);
    }
}

static void a_difference_is_that_of_the_models(void **state) {
    (void)state;
    static struct model models[ROOTS];
    sm_pmap roots[ROOTS];
    for (int i = 0; i < ROOTS; i++) {
        /* Every fifth starts anew, so that maps which share nothing are compared, too. */
        bool anew = i % 5 == 0;
        roots[i] = anew ? NULL : roots[i - 1];
        if (!anew)
            models[i] = models[i - 1];
        for (uint32_t edits = sm_rng_below(&rng, anew ? 400 : 30); edits > 0; edits--)
            roots[i] = random_edit(&models[i], roots[i]);
    }

    for (int i = 0; i < ROOTS; i++)
        for (int j = 0; j < ROOTS; j++)
            assert_difference(roots[i], &models[i], roots[j], &models[j]);
}

static void a_difference_to_nothing_is_everything(void **state) {
    (void)state;
    static struct model m, nothing;
    sm_pmap map = NULL;
    for (int i = 0; i < 200; i++)
        map = random_edit(&m, map);

    assert_difference(NULL, &nothing, map, &m);
    assert_difference(map, &m, NULL, &nothing);
    assert_difference(map, &m, map, &m);
    assert_difference(NULL, &nothing, NULL, &nothing);
}

/* Two of 2^32 priorities are soon equal: the lesser key is then above, whichever came first. */
static void keys_of_one_priority_are_ordered(void **state) {
    (void)state;
    enum { TRIES = 300000 };
    struct keyed {
        uint32_t priority, number;
    } *all = malloc(TRIES * sizeof *all);
    uint32_t *table = calloc(1 << 20, sizeof *table);
    assert_non_null(all);
    assert_non_null(table);
    char a[24] = "", b[24] = "";

    for (uint32_t i = 1; i < TRIES && !*a; i++) {
        struct sm_region_mark mark = sm_region_mark(&r);
        snprintf(b, sizeof b, "k-%u", i);
        all[i] = (struct keyed){sm_pmap_set(&r, NULL, b, values)->priority, i};
        sm_region_rewind(&r, mark);
        uint32_t slot = all[i].priority >> 12;
        while (table[slot] && all[table[slot]].priority != all[i].priority)
            slot = (slot + 1) & ((1 << 20) - 1);
        if (table[slot])
            snprintf(a, sizeof a, "k-%u", table[slot]);
        else
            table[slot] = i;
    }
    free(all);
    free(table);
    assert_true(*a);

    sm_pmap only_a = sm_pmap_set(&r, NULL, a, &values[0]), only_b = sm_pmap_set(&r, NULL, b, &values[1]);
    assert_int_equal(only_a->priority, only_b->priority);
    sm_pmap ab = sm_pmap_set(&r, only_a, b, &values[1]), ba = sm_pmap_set(&r, only_b, a, &values[0]);

    assert_same_shape(ab, ba);
    assert_string_equal(ab->key, strcmp(a, b) < 0 ? a : b);
    assert_same_shape(sm_pmap_remove(&r, ab, a), only_b);
    static struct changes found;
    sm_pmap_diff(only_a, only_b, add_change, &found);
    assert_int_equal(found.count, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_is_null),
        cmocka_unit_test(a_key_is_copied_when_it_is_new),
        cmocka_unit_test(edits_that_change_nothing_return_the_same_map),
        cmocka_unit_test(a_value_of_null_is_a_bug),
        cmocka_unit_test(a_map_follows_its_model_and_old_roots_stay),
        cmocka_unit_test(entries_are_found_by_place_and_by_key),
        cmocka_unit_test(a_cursor_visits_every_entry_once),
        cmocka_unit_test(a_prefix_selects_one_namespace),
        cmocka_unit_test(a_visitor_may_stop),
        cmocka_unit_test(equal_maps_have_equal_shapes_whatever_the_order),
        cmocka_unit_test(ascending_names_make_no_list),
        cmocka_unit_test(an_edit_copies_the_way_only),
        cmocka_unit_test(a_difference_is_that_of_the_models),
        cmocka_unit_test(a_difference_to_nothing_is_everything),
        cmocka_unit_test(keys_of_one_priority_are_ordered),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
