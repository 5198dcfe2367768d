#include "difference.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "str.h"
#include "symbols.h"

struct differences {
    struct sm_region *r;
    struct sm_str text;
    size_t count;
};

static const char *shortened(struct sm_region *r, sm_val v) {
    const char *text = sm_json_text(r, v, 0);

    return strlen(text) < 240 ? text : sm_region_printf(r, "%.237s...", text);
}

static void add(struct differences *d, const char *path, const char *text) {
    if (d->count++ < SM_DIFFERENCES_SHOWN)
        sm_str_addf(&d->text, "%s%s: %s", d->text.bytes ? "; " : "", path, text);
}

static bool ends_with(const char *text, const char *end) {
    size_t bytes = strlen(text), end_bytes = strlen(end);

    return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

/* --- Lists whose order says nothing ---------------------------------------------------------------------------------------- */

/* By who and how, not by time: that depends on how fast a conversation ran. */
static sm_val manager_of(struct sm_region *r, sm_val entry) {
    return SM_LIST(r, sm_val_strf(r, "%s|%s|%s|%s", sm_val_str_at(entry, "operation"), sm_val_str_at(entry, "manager"),
                                  sm_val_str_at(entry, "apiVersion"), sm_val_str_at(entry, "subresource")));
}

static sm_val cause_text(struct sm_region *r, sm_val cause) {
    return sm_val_str(r, sm_json_text(r, cause, 0));
}

static sm_val sorted_by(struct sm_region *r, sm_val list, sm_val (*key)(struct sm_region *r, sm_val item)) {
    sm_val *items = sm_region_alloc(r, list->count * sizeof items[0] + 1);

    for (size_t i = 0; i < list->count; i++) {
        size_t at = i;
        for (; at > 0 && sm_val_compare(key(r, items[at - 1]), key(r, list->list[i])) > 0; at--)
            items[at] = items[at - 1];
        items[at] = list->list[i];
    }
    return sm_val_from_items(r, items, list->count);
}

static bool all_conflicts(sm_val causes) {
    sm_val cause;

    SM_EACH_ITEM(cause, causes) {
        if (strcmp(sm_val_str_at(cause, "reason"), "FieldManagerConflict") != 0)
            return false;
    }
    return true;
}

/* --- Comparing ----------------------------------------------------------------------------------------------------------- */

static void compare(struct differences *d, sm_val recorded, sm_val got, const char *path);

static void compare_maps(struct differences *d, sm_val recorded, sm_val got, const char *path) {
    const struct sm_member *member;

    SM_EACH_MEMBER(member, recorded) {
        const char *below = sm_region_printf(d->r, "%s.%s", path, member->key);
        sm_val other = sm_val_get(got, member->key);
        if (other)
            compare(d, member->value, other, below);
        else
            add(d, below, sm_region_printf(d->r, "missing, recorded %s", shortened(d->r, member->value)));
    }
    SM_EACH_MEMBER(member, got) {
        if (!sm_val_get(recorded, member->key))
            add(d, sm_region_printf(d->r, "%s.%s", path, member->key),
                sm_region_printf(d->r, "not in the recording, got %s", shortened(d->r, member->value)));
    }
}

static void compare_lists(struct differences *d, sm_val recorded, sm_val got, const char *path) {
    if (ends_with(path, ".managedFields")) {
        recorded = sorted_by(d->r, recorded, manager_of);
        got = sorted_by(d->r, got, manager_of);
    }
    if (ends_with(path, ".details.causes") && all_conflicts(recorded) && all_conflicts(got)) {
        recorded = sorted_by(d->r, recorded, cause_text);
        got = sorted_by(d->r, got, cause_text);
    }
    if (recorded->count != got->count)
        add(d, path, sm_region_printf(d->r, "%u items, recorded %u", got->count, recorded->count));
    for (size_t i = 0; i < recorded->count && i < got->count; i++)
        compare(d, recorded->list[i], got->list[i], sm_region_printf(d->r, "%s[%zu]", path, i));
}

static void compare(struct differences *d, sm_val recorded, sm_val got, const char *path) {
    if (sm_val_is_map(recorded) && sm_val_is_map(got)) {
        compare_maps(d, recorded, got, path);
        return;
    }
    if (sm_val_is_list(recorded) && sm_val_is_list(got)) {
        compare_lists(d, recorded, got, path);
        return;
    }
    if (sm_val_is_string(recorded) && sm_val_is_string(got) && ends_with(path, "message"))
        recorded = sm_val_str(d->r, sm_symbols_without_go(d->r, recorded->string));
    if (!sm_val_equal(recorded, got))
        add(d, path, sm_region_printf(d->r, "got %s, recorded %s", shortened(d->r, got), shortened(d->r, recorded)));
}

const char *sm_difference(struct sm_region *r, sm_val recorded, sm_val got) {
    struct differences d = {.r = r};

    sm_str_init(&d.text, r);
    compare(&d, recorded, got, "");
    if (!d.count)
        return NULL;
    if (d.count > SM_DIFFERENCES_SHOWN)
        sm_str_addf(&d.text, " … and %zu more", d.count - SM_DIFFERENCES_SHOWN);
    return d.text.data;
}
