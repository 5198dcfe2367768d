/* Paths: reading and setting by `spec.containers[0].image`.
 *
 * A guess (val_internal.h) also saves the search for the end of a step.
 */
#include <stdio.h>

#include "bug.h"
#include "val_internal.h"

/* A path being read. */
struct path {
    const char *text, *at, *end;
};

struct path_step {
    const char *text;
    size_t bytes;
    bool bracket;
};

static _Noreturn void bad_path(const char *text) {
    sm_bug("malformed path `%s`", text);
}

/* --- Steps ---------------------------------------------------------------------------------------------------------------- */

static inline bool is_stop(char c) {
    return c == '.' || c == '[' || c == ']';
}

/* Marks in a word of eight characters: '.', '[', ']', perhaps what follows such a one, and what is not ASCII. */
static inline uint64_t stops(uint64_t word) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return (((word ^ ones * '.') - ones) | ((word ^ ones * '[') - ones) | ((word ^ ones * ']') - ones) | word) & ones * 0x80;
}

/* The first '.', '[' or ']' from [at] on; [end] if there is none. */
static inline const char *find_stop(const char *at, const char *end) {
    while (end - at >= 8 && !stops(load64(at)))
        at += 8;
    while (at < end && !is_stop(*at))
        at++;
    return at;
}

/* Whether a step of these bytes would be read as one step; false also if it merely isn't ASCII. */
static inline bool is_plain(const char *p, size_t bytes) {
    if (bytes > 16)
        return find_stop(p, p + bytes) == p + bytes;
    if (bytes >= 8)
        return !(stops(load64(p)) | stops(load64(p + bytes - 8)));
    if (bytes >= 4)
        return !stops(load32(p) | (uint64_t)load32(p + bytes - 4) << 32);
    return bytes > 0 && !is_stop(p[0]) && !is_stop(p[bytes / 2]) && !is_stop(p[bytes - 1]);
}

/* Goes to the start of the step behind the one that ends at [stop]. */
static inline void step_over(struct path *path, const char *stop) {
    path->at = stop;
    if (*stop == '.') {
        path->at++;
        if (path->at == path->end || *path->at == '[')
            bad_path(path->text);
    } else if (stop != path->end && *stop != '[') {
        bad_path(path->text);
    }
}

/* Takes the next step. Not at the end. */
static struct path_step next_step(struct path *path) {
    struct path_step step = {.text = path->at, .bracket = *path->at == '['};
    const char *stop;
    if (step.bracket) {
        stop = ++step.text;
        while (stop < path->end && *stop != ']')
            stop++;
    } else {
        stop = find_stop(path->at, path->end);
    }
    if (step.bracket ? stop == path->end : stop == path->at)
        bad_path(path->text);
    step.bytes = (size_t)(stop - step.text);
    step_over(path, stop + step.bracket);
    return step;
}

bool sm_val_path_is_well_formed(const char *text) {
    const char *at = text;

    while (*at) {
        bool bracket = *at == '[';
        const char *begin = bracket ? at + 1 : at, *stop = begin + strcspn(begin, bracket ? "]" : ".[]");
        if (bracket ? !*stop : stop == begin)
            return false;
        at = stop + bracket;
        if (*at == '.' && (!at[1] || at[1] == '['))
            return false;
        if (*at && *at != '.' && *at != '[')
            return false;
        at += *at == '.';
    }
    return true;
}

/* --- Steps into maps -------------------------------------------------------------------------------------------------- */

/* Takes the next step by searching. Paths go in and out by value so that along good guesses they stay in registers. */
static struct path search_map(struct path path, sm_val map, const struct sm_member **ret_member) {
    uint8_t *guess = guess_for(path.at, map->count);
    struct path_step step = next_step(&path);
    const struct sm_member *member = find_member(map, step.text, step.bytes);
    if (member && !step.bracket && member - map->map <= UINT8_MAX)
        *guess = (uint8_t)(member - map->map);
    *ret_member = member;
    return path;
}

/* Takes the next step; returns the member it leads to, or NULL. */
static inline const struct sm_member *step_into_map(struct path *path, sm_val map) {
    const char *at = path->at;
    uint8_t guess = *guess_for(at, map->count);
    if (guess < map->count) {
        const struct sm_member *member = &map->map[guess];
        size_t bytes = member->key_bytes;
        if (bytes <= (size_t)(path->end - at) && (at + bytes == path->end || is_stop(at[bytes])) && same_bytes(member->key, at, bytes) &&
            is_plain(at, bytes)) {
            step_over(path, at + bytes);
            return member;
        }
    }
    const struct sm_member *found;
    *path = search_map(*path, map, &found);
    return found;
}

/* --- Steps into lists -------------------------------------------------------------------------------------------------- */

/* The element whose member [name] is the text or the integer behind the `=`. */
static size_t named_item(sm_val list, const struct path_step *step, size_t name_bytes) {
    const char *want = step->text + name_bytes + 1;
    size_t want_bytes = step->bytes - name_bytes - 1;
    for (size_t i = 0; i < list->count; i++) {
        sm_val value = sm_val_getn(list->list[i], step->text, name_bytes);
        if (sm_val_is_string(value) && value->count == want_bytes && same_bytes(value->string, want, want_bytes))
            return i;
        if (sm_val_is_int(value)) {
            char number[24];
            int bytes = snprintf(number, sizeof number, "%lld", (long long)value->integer);
            if ((size_t)bytes == want_bytes && memcmp(number, want, want_bytes) == 0)
                return i;
        }
    }
    return SIZE_MAX;
}

static size_t item_index(sm_val list, const struct path_step *step) {
    const char *digit = step->text, *end = digit + step->bytes;
    bool from_end = digit < end && *digit == '-';
    size_t index = 0;

    digit += from_end;
    if (!step->bracket || digit == end)
        return SIZE_MAX;
    for (; digit < end; digit++) {
        if (*digit < '0' || *digit > '9' || index > UINT32_MAX) {
            const char *equals = memchr(step->text, '=', step->bytes);
            return equals ? named_item(list, step, (size_t)(equals - step->text)) : SIZE_MAX;
        }
        index = index * 10 + (size_t)(*digit - '0');
    }
    if (from_end)
        return index && index <= list->count ? list->count - index : SIZE_MAX;
    return index < list->count ? index : SIZE_MAX;
}

static struct path search_list(struct path path, sm_val list, size_t *ret_index) {
    struct path_step step = next_step(&path);
    *ret_index = item_index(list, &step);
    return path;
}

/* Takes the next step; returns the index it means, SIZE_MAX if there is none. */
static inline size_t step_into_list(struct path *path, sm_val list) {
    const char *at = path->at;
    size_t index;
    if (path->end - at >= 3 && at[0] == '[' && at[1] >= '0' && at[1] <= '9' && at[2] == ']') {
        index = (size_t)(at[1] - '0');
        step_over(path, at + 3);
        return index < list->count ? index : SIZE_MAX;
    }
    *path = search_list(*path, list, &index);
    return index;
}

/* --- Reading ------------------------------------------------------------------------------------------------------------ */

sm_val sm_val_atn(sm_val v, const char *text, size_t bytes) {
    struct path path = {text, text, text + bytes};
    while (v && path.at < path.end) {
        if (v->kind == SM_KIND_MAP) {
            const struct sm_member *member = step_into_map(&path, v);
            v = member ? member->value : NULL;
        } else if (v->kind == SM_KIND_LIST) {
            size_t index = step_into_list(&path, v);
            v = index != SIZE_MAX ? v->list[index] : NULL;
        } else {
            v = NULL;
        }
    }
    return v;
}

/* --- Setting ------------------------------------------------------------------------------------------------------------ */

enum { STEPS_MAX = 64 };

/* A map or list on the way down, and where the way went on in it. */
struct level {
    sm_val v;
    const struct sm_member *member;
    size_t index;
};

/* Returns maps along the rest of the path around [value]. */
static sm_val wrap(struct sm_region *r, struct path path, sm_val value) {
    if (path.at == path.end)
        return value;
    struct path_step step = next_step(&path);
    return sm_val_set_member(r, SM_EMPTY_MAP, NULL, step.text, step.bytes, wrap(r, path, value));
}

/* Returns [v] with the member that the next step names, which is absent so far. [v] NULL or null: a new map. */
static sm_val make_member(struct sm_region *r, sm_val v, struct path path, sm_val value) {
    const char *at = path.at;
    struct path_step step = next_step(&path);
    if (sm_val_is_list(v))
        sm_bug("setting `%s`: the list has no element for `%s`", path.text, at);
    if (v && !sm_val_is_map(v) && !sm_val_is_null(v))
        sm_bug("setting `%s`: what holds `%s` is neither a map nor a list", path.text, at);
    return sm_val_set_member(r, sm_val_is_map(v) ? v : SM_EMPTY_MAP, NULL, step.text, step.bytes, wrap(r, path, value));
}

sm_val sm_val_set_at(struct sm_region *r, sm_val v, const char *text, sm_val value) {
    struct level levels[STEPS_MAX];
    struct path path = {text, text, text + strlen(text)};
    size_t depth = 0;
    sm_val root = v ? v : SM_EMPTY_MAP;

    /* Down, as far as there is something. */
    for (v = root; path.at < path.end; depth++) {
        if (depth == STEPS_MAX)
            sm_bug("setting `%s`: more than %d steps", text, STEPS_MAX);
        struct level level = {.v = v, .index = SIZE_MAX};
        struct path before = path;
        if (v->kind == SM_KIND_MAP)
            level.member = step_into_map(&path, v);
        else if (v->kind == SM_KIND_LIST)
            level.index = step_into_list(&path, v);
        if (!level.member && level.index == SIZE_MAX) {
            if (!value)
                return root;
            value = make_member(r, v, before, value);
            break;
        }
        v = level.member ? level.member->value : v->list[level.index];
        levels[depth] = level;
    }

    /* And up again, with a new map or list at each level. */
    while (depth-- > 0) {
        const struct level *level = &levels[depth];
        value = level->member ? sm_val_set_member(r, level->v, level->member, NULL, 0, value)
                              : sm_val_replace_item(r, level->v, level->index, value);
    }
    return value ? value : SM_EMPTY_MAP;
}

/* --- Writing ------------------------------------------------------------------------------------------------------------ */

void sm_val_path_add_key(struct sm_str *path, const char *key, size_t key_bytes) {
    bool plain = key_bytes > 0 && find_stop(key, key + key_bytes) == key + key_bytes;
    if (!plain)
        sm_str_addc(path, '[');
    else if (path->bytes)
        sm_str_addc(path, '.');
    sm_str_addn(path, key, key_bytes);
    if (!plain)
        sm_str_addc(path, ']');
}

void sm_val_path_add_index(struct sm_str *path, size_t index) {
    sm_str_addf(path, "[%zu]", index);
}

bool sm_val_path_walk(sm_val *v, const char **at, struct sm_str *taken) {
    struct path path = {*at, *at, *at + strlen(*at)};
    if (!*v || path.at == path.end)
        return false;
    if ((*v)->kind == SM_KIND_MAP) {
        const struct sm_member *member = step_into_map(&path, *v);
        if (member)
            sm_val_path_add_key(taken, member->key, member->key_bytes);
        *v = member ? member->value : NULL;
    } else if ((*v)->kind == SM_KIND_LIST) {
        size_t index = step_into_list(&path, *v);
        if (index != SIZE_MAX)
            sm_val_path_add_index(taken, index);
        *v = sm_val_item(*v, index);
    } else {
        *v = NULL;
    }
    *at = path.at;
    return *v != NULL;
}
