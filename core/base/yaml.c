/* From libfyaml's events straight to values: no tree in between, so every limit is checked before anything is built.
 *
 * An alias is the value of its anchor, shared; only its size is counted again, and so is its height. Hence a bomb costs
 * nothing to refuse. Members of one map are gathered with their places, sorted, and then judged: an explicit key beats a
 * merged one, of merged ones the first counts, and two explicit ones are an error.
 */
#include "yaml.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "utf8.h"
#include "val_internal.h"
#include "yaml_message.h"
#include "yaml_scalar.h"

enum { ANCHOR_BUCKETS = 1024 };

struct place {
    unsigned line, column;
};

/* A value read, and what it would weigh if nothing were shared. */
struct node {
    sm_val v;
    size_t nodes;
    unsigned height; /* levels of lists and maps in it */
};

struct anchor {
    struct anchor *next;
    const char *name;
    struct node node; /* .v NULL while its value is still being read */
};

/* A member of a map that is being read. */
struct member {
    struct sm_member m;
    struct place place;
    size_t order;
    bool merged;
};

/* The list or map being read, for messages. */
struct open_container {
    struct open_container *parent;
    struct place place;
    bool flow, map;
};

struct reader {
    struct sm_region *r;
    const char *text, *end;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct sm_yaml_error *error;
    struct fy_event *event; /* the current one */
    struct anchor *anchors[ANCHOR_BUCKETS];
    struct open_container *open;
    unsigned depth;
    size_t nodes;
    struct member *members; /* of all open maps; malloc'd */
    size_t members_count, members_capacity;
    struct sm_yaml_mark *marks; /* malloc'd */
    size_t marks_count, marks_capacity, marks_bytes;
    unsigned unmarked; /* > 0 inside the value of a merge key, whose paths do not exist */
    struct sm_str path;
    struct sm_yaml_duplicate *duplicates; /* NULL: they are errors */
    size_t duplicates_max, duplicates_count;
};

static bool read_node(struct reader *reader, struct node *ret_node);

/* --- Errors ---------------------------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static bool fail(struct reader *reader, struct place place, const char *format, ...) {
    *reader->error = (struct sm_yaml_error){.line = place.line, .column = place.column};
    va_list args;
    va_start(args, format);
    vsnprintf(reader->error->message, sizeof reader->error->message, format, args);
    va_end(args);
    return false;
}

static struct place place_of(const struct fy_mark *mark) {
    return mark ? (struct place){(unsigned)mark->line + 1, (unsigned)mark->column + 1} : (struct place){0, 0};
}

/* The column of a tab in the blanks that start a line; 0 if there is none. */
static unsigned tab_column(const struct reader *reader, unsigned line) {
    const char *p = reader->text;
    while (--line > 0) {
        p = memchr(p, '\n', (size_t)(reader->end - p));
        if (!p)
            return 0;
        p++;
    }
    const char *start = p;
    while (p < reader->end && *p == ' ')
        p++;
    return p < reader->end && *p == '\t' ? (unsigned)(p - start) + 1 : 0;
}

/* libfyaml's own error, or the container that was never closed if that is what it is. */
static bool fail_as_libfyaml(struct reader *reader) {
    void *iterator = NULL;
    struct fy_diag_error *error = fy_diag_errors_iterate(reader->diag, &iterator);
    if (!error)
        return fail(reader, (struct place){1, 1}, "this is neither YAML 1.1 nor 1.2: check what stands here");

    struct open_container *open = reader->open;
    struct place place = {(unsigned)error->line, (unsigned)error->column};
    place.column -= strstr(error->msg, "without closing quote") != NULL; /* it points behind the opening one */
    if (open && open->flow && (strstr(error->msg, "closing") || strstr(error->msg, "missing comma")))
        return fail(reader, place, "the %s opened at line %u, column %u is not closed: write a comma or `%c`", open->map ? "map" : "list",
                    open->place.line, open->place.column, open->map ? '}' : ']');
    /* With a tab in it, the next line looks like more of this one. */
    unsigned tab = tab_column(reader, place.line + 1);
    if (tab && strstr(error->msg, "multiline plain key"))
        return fail(reader, (struct place){place.line + 1, tab}, "%s", sm_yaml_message("tab character may not"));
    return fail(reader, place, "%s", sm_yaml_message(error->msg));
}

/* --- Events ---------------------------------------------------------------------------------------------------------------- */

static bool next_event(struct reader *reader) {
    if (reader->event)
        fy_parser_event_free(reader->parser, reader->event);
    reader->event = fy_parser_parse(reader->parser);
    return reader->event || fail_as_libfyaml(reader);
}

/* Where the current event stands. An empty scalar stands nowhere: then it is [otherwise]. */
static struct place event_place(const struct reader *reader, struct place otherwise) {
    struct fy_event *event = reader->event;
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (!mark)
        return otherwise;
    struct place place = place_of(mark);
    bool quoted = false;
    if (event->type == FYET_SCALAR && event->scalar.value) {
        enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
        quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    }
    /* libfyaml points behind the quote, and behind the star of an alias. */
    place.column -= quoted || event->type == FYET_ALIAS;
    return place;
}

/* --- Limits ---------------------------------------------------------------------------------------------------------------- */

static bool count_nodes(struct reader *reader, size_t nodes, struct place place) {
    reader->nodes += nodes;
    if (reader->nodes > SM_YAML_NODES_MAX)
        return fail(reader, place, "more than %d values once aliases are expanded: write fewer aliases", SM_YAML_NODES_MAX);
    return true;
}

static bool check_depth(struct reader *reader, unsigned height, struct place place) {
    if (reader->depth + height > SM_YAML_DEPTH_MAX)
        return fail(reader, place, "nested deeper than %d levels: write it flatter", SM_YAML_DEPTH_MAX);
    return true;
}

/* Returns [array] with room for one more item than [count]. */
static void *make_room(void *array, size_t item_bytes, size_t count, size_t *capacity) {
    if (count < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : 64;
    array = realloc(array, *capacity * item_bytes);
    SM_ASSERT(array);
    return array;
}

/* Marks the current path. */
static bool mark(struct reader *reader, struct place place) {
    if (reader->unmarked)
        return true;
    reader->marks_bytes += reader->path.bytes + 1;
    if (reader->marks_bytes > SM_YAML_MARKS_BYTES_MAX)
        return fail(reader, place, "the paths of all keys together exceed %d MiB: write shorter keys, or fewer levels",
                    SM_YAML_MARKS_BYTES_MAX >> 20);
    reader->marks = make_room(reader->marks, sizeof *reader->marks, reader->marks_count, &reader->marks_capacity);
    const char *path = sm_region_strndup(reader->r, reader->path.data, reader->path.bytes);
    reader->marks[reader->marks_count++] = (struct sm_yaml_mark){path, place.line, place.column};
    return true;
}

static void cut_path(struct reader *reader, size_t bytes) {
    if (reader->path.bytes == bytes)
        return;
    reader->path.bytes = bytes;
    reader->path.data[bytes] = '\0';
}

/* --- Anchors --------------------------------------------------------------------------------------------------------------- */

static struct anchor **bucket(struct reader *reader, const char *name, size_t bytes) {
    return &reader->anchors[hash_bytes(name, bytes) % ANCHOR_BUCKETS];
}

/* Makes the anchor of the current event, if it has one. The last of one name counts. */
static struct anchor *make_anchor(struct reader *reader) {
    struct fy_token *token = fy_event_get_anchor_token(reader->event);
    if (!token || reader->event->type == FYET_ALIAS)
        return NULL;
    size_t bytes;
    const char *name = fy_token_get_text(token, &bytes);
    struct anchor **first = bucket(reader, name, bytes);
    struct anchor *anchor = sm_region_zalloc(reader->r, sizeof *anchor);
    anchor->name = sm_region_strndup(reader->r, name, bytes);
    anchor->next = *first;
    *first = anchor;
    return anchor;
}

static bool read_alias(struct reader *reader, struct place place, struct node *ret_node) {
    size_t bytes;
    const char *name = fy_token_get_text(reader->event->alias.anchor, &bytes);
    const struct anchor *anchor = *bucket(reader, name, bytes);
    while (anchor && (strlen(anchor->name) != bytes || memcmp(anchor->name, name, bytes) != 0))
        anchor = anchor->next;
    if (!anchor)
        return fail(reader, place, "no anchor `&%.*s` stands before this alias: write the anchor first, or put the text in quotes",
                    (int)(bytes < 100 ? bytes : 100), name);
    if (!anchor->node.v)
        return fail(reader, place, "`*%.100s` stands inside the value of `&%.100s` itself: write the value out", anchor->name,
                    anchor->name);
    *ret_node = anchor->node;
    return check_depth(reader, anchor->node.height, place) && count_nodes(reader, anchor->node.nodes, place);
}

/* --- Scalars --------------------------------------------------------------------------------------------------------------- */

static bool is_tag(const char *tag, const char *name) {
    static const char prefix[] = "tag:yaml.org,2002:";
    return strncmp(tag, prefix, sizeof prefix - 1) == 0 && strcmp(tag + sizeof prefix - 1, name) == 0;
}

/* A scalar with a tag must be what the tag says. */
static bool read_tagged(struct reader *reader, const char *tag, const char *text, size_t bytes, struct place place, sm_val *ret_v) {
    sm_val v = sm_yaml_plain(reader->r, text, bytes);
    bool right;
    if (strcmp(tag, "!") == 0 || is_tag(tag, "str") || is_tag(tag, "timestamp")) {
        v = sm_val_strn(reader->r, text, bytes);
        right = true;
    } else if (is_tag(tag, "int")) {
        right = sm_val_is_int(v);
    } else if (is_tag(tag, "float")) {
        right = sm_val_is_int(v) || (v && v->kind == SM_KIND_DOUBLE);
    } else if (is_tag(tag, "bool")) {
        right = v && v->kind == SM_KIND_BOOL;
    } else if (is_tag(tag, "null")) {
        right = sm_val_is_null(v);
    } else {
        return fail(reader, place, "the tag `%.100s` is not known: leave it out", tag);
    }
    if (!right)
        return fail(reader, place, "`%.*s` is not what its tag `%.100s` says: leave the tag out", (int)(bytes < 100 ? bytes : 100), text,
                    tag);
    *ret_v = v;
    return true;
}

/* What stands between the quotes of [token]; NULL if that is not known. */
static const char *raw_text(const struct reader *reader, struct fy_token *token, char quote, size_t *ret_bytes) {
    const struct fy_mark *start = fy_token_start_mark(token), *end = fy_token_end_mark(token);
    size_t all = (size_t)(reader->end - reader->text);

    if (!start || !end || start->input_pos == 0 || start->input_pos > end->input_pos || end->input_pos >= all ||
        reader->text[start->input_pos - 1] != quote || reader->text[end->input_pos] != quote)
        return NULL;
    *ret_bytes = end->input_pos - start->input_pos;
    return reader->text + start->input_pos;
}

/* Where libfyaml 0.7 makes a text of single quotes that holds a few `''`, it loses memory; so we read what is between them. */
static const char *scalar_text(struct reader *reader, struct fy_token *token, size_t *ret_bytes) {
    size_t bytes;
    const char *raw = fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED ? raw_text(reader, token, '\'', &bytes) : NULL;

    return raw ? sm_yaml_single_quoted(reader->r, raw, bytes, ret_bytes) : fy_token_get_text(token, ret_bytes);
}

/* A line that ends in an escaped blank, or in an escape before empty lines: libfyaml 0.7 counts the bytes of such a text wrongly. */
static bool is_miscounted(const struct reader *reader, struct fy_token *token) {
    size_t bytes;
    const char *p = fy_token_scalar_style(token) == FYSS_DOUBLE_QUOTED ? raw_text(reader, token, '"', &bytes) : NULL;

    for (const char *end = p ? p + bytes : NULL; p && p + 1 < end; p += *p == '\\' ? 2 : 1) {
        if (p[0] != '\\' || !strchr("\n \t", p[1]))
            continue;
        const char *next = p + 2;
        while (next < end && (*next == ' ' || *next == '\t'))
            next++;
        if (next < end && *next == '\n')
            return true;
    }
    return false;
}

static bool read_scalar(struct reader *reader, struct place place, sm_val *ret_v) {
    struct fy_token *token = reader->event->scalar.value, *tag = reader->event->scalar.tag;
    size_t bytes = 0;
    if (token && is_miscounted(reader, token))
        return fail(reader, place, "a line ends in an escaped blank, or in `\\` before an empty line: write the text in one line");
    const char *text = token ? scalar_text(reader, token, &bytes) : "";
    bool plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    if (!text)
        text = "";
    if (tag) {
        size_t tag_bytes;
        const char *tag_text = fy_token_get_text(tag, &tag_bytes); /* as all texts of tokens without a NUL at its end */
        return read_tagged(reader, sm_region_strndup(reader->r, tag_text, tag_bytes), text, bytes, place, ret_v);
    }
    if (!plain) {
        *ret_v = sm_val_strn(reader->r, text, bytes);
        return true;
    }
    *ret_v = sm_yaml_plain(reader->r, text, bytes);
    return *ret_v || fail(reader, place, "`%.*s` is no number that JSON can carry: put it in quotes if a text is meant", (int)bytes, text);
}

/* --- Lists ----------------------------------------------------------------------------------------------------------------- */

/* Checks the tag of the list or map that starts here, and opens it. */
static bool open_container(struct reader *reader, struct open_container *open, struct place place) {
    struct fy_token *tag = fy_event_get_tag_token(reader->event);
    *open = (struct open_container){reader->open, place, fy_event_get_node_style(reader->event) == FYNS_FLOW,
                                    reader->event->type == FYET_MAPPING_START};
    if (tag) {
        size_t bytes;
        const char *text = fy_token_get_text(tag, &bytes);
        const char *name = sm_region_strndup(reader->r, text, bytes);
        if (strcmp(name, "!") != 0 && !is_tag(name, open->map ? "map" : "seq"))
            return fail(reader, place, "the tag `%.100s` is not known here: leave it out", name);
    }
    reader->open = open;
    reader->depth++;
    return check_depth(reader, 0, place);
}

static void close_container(struct reader *reader) {
    reader->open = reader->open->parent;
    reader->depth--;
}

/* Adds [child] to the size of its container. */
static void weigh(struct node *node, const struct node *child) {
    node->nodes += child->nodes;
    if (node->height < child->height + 1)
        node->height = child->height + 1;
}

static bool read_list(struct reader *reader, struct place place, struct node *node) {
    size_t base = reader->members_count, path_bytes = reader->path.bytes;
    node->height = 1;
    for (size_t i = 0;; i++) {
        struct node item;
        if (!next_event(reader))
            return false;
        if (reader->event->type == FYET_SEQUENCE_END)
            break;
        struct place item_place = event_place(reader, place);
        sm_val_path_add_index(&reader->path, i);
        if (!mark(reader, item_place) || !read_node(reader, &item))
            return false;
        cut_path(reader, path_bytes);
        weigh(node, &item);
        reader->members = make_room(reader->members, sizeof *reader->members, reader->members_count, &reader->members_capacity);
        reader->members[reader->members_count++] = (struct member){.m.value = item.v};
    }
    size_t count = reader->members_count - base;
    sm_val *items = sm_region_alloc(reader->r, count * sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = reader->members[base + i].m.value;
    node->v = sm_val_from_items(reader->r, items, count);
    reader->members_count = base;
    return true;
}

/* --- Maps ------------------------------------------------------------------------------------------------------------------ */

static void add_member(struct reader *reader, size_t base, struct sm_member m, struct place place, bool merged) {
    reader->members = make_room(reader->members, sizeof *reader->members, reader->members_count, &reader->members_capacity);
    reader->members[reader->members_count] = (struct member){m, place, reader->members_count - base, merged};
    reader->members_count++;
}

static bool merge(struct reader *reader, size_t base, sm_val v, struct place place) {
    const struct sm_member *member;
    sm_val item;
    if (sm_val_is_list(v)) {
        SM_EACH_ITEM(item, v) {
            if (!sm_val_is_map(item))
                return fail(reader, place, "`<<` takes a map or a list of maps: write an alias of a map");
            merge(reader, base, item, place);
        }
        return true;
    }
    if (!sm_val_is_map(v))
        return fail(reader, place, "`<<` takes a map or a list of maps: write an alias of a map");
    SM_EACH_MEMBER(member, v)
        add_member(reader, base, *member, place, true);
    return true;
}

static bool is_merge_key(const struct reader *reader) {
    size_t bytes;
    struct fy_token *token = reader->event->type == FYET_SCALAR ? reader->event->scalar.value : NULL;
    if (!token || reader->event->scalar.tag || fy_token_scalar_style(token) != FYSS_PLAIN)
        return false;
    const char *text = fy_token_get_text(token, &bytes);
    return bytes == 2 && memcmp(text, "<<", 2) == 0;
}

/* Reads the key that stands here and makes it a text. */
static bool read_key(struct reader *reader, struct place place, struct sm_member *ret_member) {
    struct node key;
    if (reader->event->type != FYET_SCALAR && reader->event->type != FYET_ALIAS)
        return fail(reader, place, "a %s cannot be a key: put it in quotes if a text is meant",
                    reader->event->type == FYET_SEQUENCE_START ? "list" : "map");
    if (!read_node(reader, &key))
        return false;
    const char *text = sm_yaml_key(reader->r, key.v);
    if (!text)
        return fail(reader, place,
                    sm_val_is_null(key.v) ? "a key is missing here: write \"null\" in quotes if that text is meant"
                                          : "a list or a map cannot be a key: write a text");
    size_t bytes = sm_val_is_string(key.v) ? key.v->count : strlen(text);
    if (memchr(text, '\0', bytes))
        return fail(reader, place, "a key cannot hold the character \\0: leave it out");
    *ret_member = (struct sm_member){.key = text, .key_bytes = (uint32_t)bytes};
    return true;
}

static int by_key_and_order(const void *left, const void *right) {
    const struct member *a = left, *b = right;
    int order = key_order(&a->m, &b->m);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void note_duplicate(struct reader *reader, const struct member *member) {
    if (reader->duplicates_count < reader->duplicates_max)
        reader->duplicates[reader->duplicates_count++] = (struct sm_yaml_duplicate){member->m.key, member->place.line};
}

/* Of the members from [base] on, keeps one of each key and builds their map. */
static bool close_map(struct reader *reader, size_t base, struct node *node) {
    struct member *members = reader->members + base;
    size_t count = reader->members_count - base, left = 0;
    struct sm_member *out = sm_region_alloc(reader->r, count * sizeof *out);
    const struct member *second = NULL, *first = NULL;
    size_t path_bytes = reader->path.bytes;

    if (count)
        qsort(members, count, sizeof *members, by_key_and_order);
    for (size_t from = 0, to; from < count; from = to) {
        const struct member *kept = &members[from];
        for (to = from + 1; to < count && key_order(&members[from].m, &members[to].m) == 0; to++) {
            if (members[to].merged)
                continue;
            if (!kept->merged && reader->duplicates) {
                note_duplicate(reader, &members[to]);
                kept = &members[to];
            } else if (!kept->merged && (!second || members[to].order < second->order)) {
                first = kept;
                second = &members[to];
            }
            if (kept->merged)
                kept = &members[to];
        }
        out[left++] = kept->m;
        if (kept->merged) {
            sm_val_path_add_key(&reader->path, kept->m.key, kept->m.key_bytes);
            if (!mark(reader, kept->place))
                return false;
            cut_path(reader, path_bytes);
        }
    }
    if (second)
        return fail(reader, second->place, "the key `%.100s` stands here a second time, first in line %u: keep one", second->m.key,
                    first->place.line);
    node->v = sm_val_from_members(reader->r, out, left);
    reader->members_count = base;
    return true;
}

static bool read_map(struct reader *reader, struct place place, struct node *node) {
    size_t base = reader->members_count, path_bytes = reader->path.bytes;
    bool merged = false;
    node->height = 1;
    for (;;) {
        if (!next_event(reader))
            return false;
        if (reader->event->type == FYET_MAPPING_END)
            return close_map(reader, base, node);
        struct place key_place = event_place(reader, place);
        struct sm_member member;
        struct node value;
        if (is_merge_key(reader)) {
            if (merged)
                return fail(reader, key_place, "a second `<<` in this map: give the first one a list: `<<: [*a, *b]`");
            merged = true;
            reader->unmarked++;
            bool read = next_event(reader) && read_node(reader, &value) && merge(reader, base, value.v, key_place);
            reader->unmarked--;
            if (!read)
                return false;
        } else {
            if (!read_key(reader, key_place, &member))
                return false;
            sm_val_path_add_key(&reader->path, member.key, member.key_bytes);
            if (!mark(reader, key_place) || !next_event(reader) || !read_node(reader, &value))
                return false;
            cut_path(reader, path_bytes);
            member.value = value.v;
            add_member(reader, base, member, key_place, false);
        }
        weigh(node, &value);
    }
}

/* --- Nodes and documents ----------------------------------------------------------------------------------------------------- */

/* Reads the node that starts with the current event, up to and with its last event. */
static bool read_node(struct reader *reader, struct node *ret_node) {
    struct place place = event_place(reader, reader->open ? reader->open->place : (struct place){1, 1});
    enum fy_event_type type = reader->event->type;
    if (type == FYET_ALIAS)
        return read_alias(reader, place, ret_node);

    struct anchor *anchor = make_anchor(reader);
    struct node node = {.nodes = 1};
    if (!count_nodes(reader, 1, place))
        return false;
    if (type == FYET_SCALAR) {
        if (!read_scalar(reader, place, &node.v))
            return false;
    } else {
        struct open_container open;
        if (!open_container(reader, &open, place))
            return false;
        if (!(open.map ? read_map(reader, place, &node) : read_list(reader, place, &node)))
            return false;
        close_container(reader);
    }
    if (anchor)
        anchor->node = node;
    *ret_node = node;
    return true;
}

static int by_path(const void *left, const void *right) {
    const struct sm_yaml_mark *a = left, *b = right;
    return strcmp(a->path, b->path);
}

/* Reads the document whose start is the current event. An empty one has no value. */
static bool read_document(struct reader *reader, struct sm_yaml_doc *ret_doc) {
    struct node node;
    memset(reader->anchors, 0, sizeof reader->anchors);
    reader->marks_count = 0;
    sm_str_clear(&reader->path);
    if (!next_event(reader))
        return false;
    *ret_doc = (struct sm_yaml_doc){0};
    bool empty = reader->event->type == FYET_SCALAR && !fy_event_start_mark(reader->event) && !reader->event->scalar.tag;
    if (!mark(reader, event_place(reader, (struct place){1, 1})) || !read_node(reader, &node))
        return false;
    if (empty)
        return true;

    struct sm_yaml_mark *marks = sm_region_alloc(reader->r, reader->marks_count * sizeof *marks);
    memcpy(marks, reader->marks, reader->marks_count * sizeof *marks);
    qsort(marks, reader->marks_count, sizeof *marks, by_path);
    *ret_doc = (struct sm_yaml_doc){node.v, marks, reader->marks_count};
    return true;
}

static bool read_stream(struct reader *reader, struct sm_yaml_doc **ret_docs, size_t *ret_count) {
    struct sm_yaml_doc *docs = NULL;
    size_t count = 0, capacity = 0;
    bool read;
    while ((read = next_event(reader)) && reader->event->type != FYET_STREAM_END) {
        struct sm_yaml_doc doc;
        if (reader->event->type != FYET_DOCUMENT_START)
            continue;
        read = read_document(reader, &doc);
        if (!read)
            break;
        if (!doc.value)
            continue;
        docs = make_room(docs, sizeof *docs, count, &capacity);
        docs[count++] = doc;
    }
    if (read) {
        *ret_docs = sm_region_alloc(reader->r, count * sizeof *docs);
        if (count)
            memcpy(*ret_docs, docs, count * sizeof *docs);
        *ret_count = count;
    }
    free(docs);
    return read;
}

/* libfyaml reads over what is not text, so it is found before. */
static bool check_text(struct reader *reader) {
    struct place place = {1, 1};
    for (const char *p = reader->text, *end = reader->end; p < end;) {
        size_t length = utf8_bytes(p, end);
        unsigned char c = (unsigned char)*p;
        if (!length)
            return fail(reader, place, "the byte 0x%02x is not UTF-8: save the file as UTF-8", c);
        bool high_control = c == 0xc2 && (unsigned char)p[1] < 0xa0; /* U+0080 to U+009F */
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f || high_control)
            return fail(reader, place, "a control character stands here: leave it out, or write it as an escape in double quotes");
        /* YAML 1.1 breaks lines there, too, and libfyaml 0.7 then counts more bytes of a folded text than it writes. */
        if (length == 3 && (memcmp(p, "\xe2\x80\xa8", 3) == 0 || memcmp(p, "\xe2\x80\xa9", 3) == 0))
            return fail(reader, place, "a separator of lines (U+202%c) stands here: write it as \\u202%c in double quotes",
                        p[2] == '\xa8' ? '8' : '9', p[2] == '\xa8' ? '8' : '9');
        place.column++;
        if (c == '\n')
            place = (struct place){place.line + 1, 1};
        p += length;
    }
    return true;
}

/* All breaks of lines are \n from here on. */
static void normalise_breaks(struct reader *reader) {
    size_t bytes = (size_t)(reader->end - reader->text), length = 0;
    if (!memchr(reader->text, '\r', bytes))
        return;
    char *text = sm_region_alloc(reader->r, bytes + 1);
    for (size_t i = 0; i < bytes; i++)
        if (reader->text[i] != '\r')
            text[length++] = reader->text[i];
        else if (i + 1 == bytes || reader->text[i + 1] != '\n')
            text[length++] = '\n';
    text[length] = '\0';
    reader->text = text;
    reader->end = text + length;
}

static bool parse(struct reader *reader, struct sm_yaml_doc **ret_docs, size_t *ret_count) {
    struct sm_region *r = reader->r;
    size_t bytes = (size_t)(reader->end - reader->text);
    if (bytes > SM_YAML_BYTES_MAX)
        return fail(reader, (struct place){0, 0}, "larger than %d MiB: write less, or several files", SM_YAML_BYTES_MAX >> 20);
    struct sm_region_mark start = sm_region_mark(r);
    normalise_breaks(reader);
    bytes = (size_t)(reader->end - reader->text);
    if (!check_text(reader)) {
        sm_region_rewind(r, start);
        return false;
    }
    if (!bytes) {
        *ret_docs = sm_region_alloc(r, 0);
        *ret_count = 0;
        return true;
    }

    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    reader->diag = fy_diag_create(&diag_cfg);
    SM_ASSERT(reader->diag);
    fy_diag_set_collect_errors(reader->diag, true);
    struct fy_parse_cfg cfg = {
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_1 | FYPCF_JSON_NONE | FYPCF_SLOPPY_FLOW_INDENTATION,
        .diag = reader->diag,
    };
    reader->parser = fy_parser_create(&cfg);
    SM_ASSERT(reader->parser && fy_parser_set_string(reader->parser, reader->text, bytes) == 0);
    sm_str_init(&reader->path, r);
    reader->members = make_room(NULL, sizeof *reader->members, 0, &reader->members_capacity); /* there is always an array to point into */

    bool read = read_stream(reader, ret_docs, ret_count);

    if (reader->event)
        fy_parser_event_free(reader->parser, reader->event);
    fy_parser_destroy(reader->parser);
    fy_diag_destroy(reader->diag);
    free(reader->members);
    free(reader->marks);
    if (!read)
        sm_region_rewind(r, start);
    return read;
}

bool sm_yaml_parse(struct sm_region *r, const char *text, size_t bytes, struct sm_yaml_doc **ret_docs, size_t *ret_count,
                   struct sm_yaml_error *reterr_error) {
    struct reader reader = {.r = r, .text = text, .end = text + bytes, .error = reterr_error};
    return parse(&reader, ret_docs, ret_count);
}

bool sm_yaml_parse_lax(struct sm_region *r, const char *text, size_t bytes, struct sm_yaml_doc **ret_docs, size_t *ret_count,
                       struct sm_yaml_duplicate *duplicates, size_t duplicates_max, size_t *ret_duplicates_count,
                       struct sm_yaml_error *reterr_error) {
    struct reader reader = {.r = r,
                            .text = text,
                            .end = text + bytes,
                            .error = reterr_error,
                            .duplicates = duplicates,
                            .duplicates_max = duplicates_max};
    bool read = parse(&reader, ret_docs, ret_count);
    *ret_duplicates_count = reader.duplicates_count;
    return read;
}

/* --- Places ---------------------------------------------------------------------------------------------------------------- */

static const struct sm_yaml_mark *find_mark(const struct sm_yaml_doc *doc, const char *path) {
    struct sm_yaml_mark key = {.path = path};
    return bsearch(&key, doc->marks, doc->mark_count, sizeof key, by_path);
}

/* The longest part of [path] that has a mark, by its text alone. */
static const struct sm_yaml_mark *nearest_mark(struct sm_region *r, const struct sm_yaml_doc *doc, const char *path) {
    char *part = sm_region_strdup(r, path);
    const struct sm_yaml_mark *found = find_mark(doc, part);

    for (size_t bytes = strlen(part); !found && bytes; bytes--)
        if (part[bytes - 1] == '.' || part[bytes - 1] == '[') {
            part[bytes - 1] = '\0';
            found = find_mark(doc, part);
        }
    return found;
}

struct sm_yaml_mark sm_yaml_where(const struct sm_yaml_doc *doc, const char *path) {
    struct sm_region scratch;
    struct sm_str taken;
    sm_region_init(&scratch, "sm_yaml_where", 0);
    sm_str_init(&taken, &scratch);

    const struct sm_yaml_mark *nearest = find_mark(doc, "");
    sm_val v = doc->value;
    if (!sm_val_path_is_well_formed(path)) {
        nearest = nearest_mark(&scratch, doc, path);
        path = "";
    }
    while (sm_val_path_walk(&v, &path, &taken)) {
        const struct sm_yaml_mark *found = find_mark(doc, taken.data);
        if (found)
            nearest = found;
    }
    sm_region_release(&scratch);
    SM_ASSERT(nearest);
    return *nearest;
}
