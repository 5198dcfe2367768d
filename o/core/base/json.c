/* The reader: recursive descent over the text, straight into blocks of values.
 *
 * While a container is open its members wait on one stack that all levels share; when it closes they are sorted, and
 * leave as one block that holds the members and, behind them, their keys. Messages are those of Go's encoding/json,
 * because users know them from every Kubernetes server.
 */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bug.h"
#include "utf8.h"
#include "val_internal.h"

enum {
    STACK_START = 128,
    DUPLICATE_PATH_BYTES_MAX = 4096, /* hostile keys could make every path as long as the text */
};
static const uint32_t replacement_character = 0xfffd;

/* Where we are, for the paths of duplicate keys. */
struct frame {
    const struct frame *parent;
    const char *key; /* NULL in a list */
    size_t key_bytes;
    size_t index;
};

/* A key that does not stand in the text as it is, and so cannot tell its place by its address. */
struct decoded_key {
    size_t offset;
    char text[];
};

/* A duplicate found; places follow from offsets at the end. */
struct duplicate {
    const char *path;
    size_t offset;
};

struct reader {
    struct sm_region *r;
    const char *text, *at, *end;
    unsigned depth, depth_max;
    const struct frame *frame;
    struct sm_member *stack; /* malloc'd once it outgrows its start */
    size_t count, capacity;
    struct sm_member *start;
    struct duplicate *duplicates; /* sorted by offset; NULL: not asked for */
    size_t duplicates_count, duplicates_max;
    const char *error_at;
    char error[160];
};

static sm_val read_value(struct reader *reader);

/* --- Errors ------------------------------------------------------------------------------------------------------------ */

static void quote_character(unsigned char c, char out[16]) {
    static const char short_names[] = "abtnvfr"; /* \a is 7 */
    if (c == '\'' || c == '\\')
        snprintf(out, 16, "'\\%c'", c);
    else if (c >= 7 && c <= 13)
        snprintf(out, 16, "'\\%c'", short_names[c - 7]);
    else if (c < 0x20 || c == 0x7f)
        snprintf(out, 16, "'\\x%02x'", c);
    else if (c < 0x7f)
        snprintf(out, 16, "'%c'", c);
    else if (c <= 0xa0 || c == 0xad)
        snprintf(out, 16, "'\\u%04x'", c);
    else
        snprintf(out, 16, "'%c%c'", 0xc0 | c >> 6, 0x80 | (c & 0x3f)); /* the byte as a character, as Go shows it */
}

static sm_val fail(struct reader *reader, const char *at, const char *message) {
    reader->error_at = at;
    snprintf(reader->error, sizeof reader->error, "%s", message);
    return NULL;
}

/* The character at [at] (or the end of the text) is wrong; [where] says for what. */
static sm_val fail_character(struct reader *reader, const char *at, const char *where) {
    if (at == reader->end)
        return fail(reader, at, "unexpected end of JSON input");
    char quoted[16], message[160];
    quote_character((unsigned char)*at, quoted);
    snprintf(message, sizeof message, "invalid character %s %s", quoted, where);
    return fail(reader, at, message);
}

static void place(const char *text, size_t offset, unsigned *ret_line, unsigned *ret_column) {
    unsigned line = 1;
    const char *start = text, *at = text + offset;
    for (const char *newline; (newline = memchr(start, '\n', (size_t)(at - start)));) {
        line++;
        start = newline + 1;
    }
    *ret_line = line;
    *ret_column = (unsigned)(at - start) + 1;
}

/* --- Strings ----------------------------------------------------------------------------------------------------------- */

/* A mark in the high bit of each byte that is a control character, a quote, a backslash or not ASCII; maybe of bytes
 * behind the first such one too. */
static inline uint64_t special_bytes(uint64_t word) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    return ((word - ones * 0x20) | (quote - ones) | (backslash - ones) | word) & highs;
}

static inline int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Checks the escape at [at], which is a backslash; returns what follows it, or NULL. */
static const char *scan_escape(struct reader *reader, const char *at) {
    at++;
    if (at == reader->end || !strchr("\"\\/bfnrtu", *at) || !*at) {
        fail_character(reader, at, "in string escape code");
        return NULL;
    }
    if (*at++ != 'u')
        return at;
    for (int i = 0; i < 4; i++, at++) {
        if (at == reader->end || hex_digit(*at) < 0) {
            fail_character(reader, at, "in \\u hexadecimal character escape");
            return NULL;
        }
    }
    return at;
}

/* Steps over the string that starts at reader->at, behind its quote. Returns its end, or NULL. [ret_plain]: the bytes
 * mean themselves. */
static inline const char *scan_string(struct reader *reader, bool *ret_plain) {
    const char *at = reader->at, *end = reader->end;
    *ret_plain = true;
    for (;;) {
        while (end - at >= 8) {
            uint64_t special = special_bytes(load64(at));
            if (special) {
                at += __builtin_ctzll(special) / 8;
                break;
            }
            at += 8;
        }
        if (at == end) {
            fail_character(reader, at, "");
            return NULL;
        }
        unsigned char c = (unsigned char)*at;
        if (c == '"') {
            reader->at = at + 1;
            return at;
        }
        if (c < 0x20) {
            fail_character(reader, at, "in string literal");
            return NULL;
        }
        if (c == '\\') {
            *ret_plain = false;
            at = scan_escape(reader, at);
            if (!at)
                return NULL;
            continue;
        }
        if (c >= 0x80)
            *ret_plain = false;
        at++;
    }
}

static uint32_t hex4(const char *p) {
    return (uint32_t)(hex_digit(p[0]) << 12 | hex_digit(p[1]) << 8 | hex_digit(p[2]) << 4 | hex_digit(p[3]));
}

/* Decodes the escape behind the backslash at [*at] and steps over it. A surrogate without its other half is replaced. */
static uint32_t decode_escape(const char **at, const char *end) {
    const char *p = *at + 1;
    *at = p + 1;
    switch (*p) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        break;
    default:
        return (unsigned char)*p;
    }
    uint32_t code = hex4(p + 1);
    *at = p + 5;
    if (code < 0xd800 || code > 0xdfff)
        return code;
    if (code < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        uint32_t low = hex4(*at + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *at += 6;
            return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return replacement_character;
}

/* Writes what a scanned string means to [out], or only counts if that is NULL; returns the bytes. */
static size_t decode_string(const char *at, const char *end, char *out) {
    size_t bytes = 0;
    char encoded[4];
    while (at < end) {
        const char *from = at;
        size_t length = utf8_bytes(at, end);
        if (*at == '\\') {
            length = utf8_encode(decode_escape(&at, end), encoded);
            from = encoded;
        } else if (length) {
            at += length;
        } else {
            length = utf8_encode(replacement_character, encoded);
            from = encoded;
            at++;
        }
        if (out)
            memcpy(out + bytes, from, length);
        bytes += length;
    }
    return bytes;
}

static sm_val read_string(struct reader *reader) {
    const char *start = ++reader->at;
    bool plain;
    const char *end = scan_string(reader, &plain);
    if (!end)
        return NULL;
    size_t bytes = plain ? (size_t)(end - start) : decode_string(start, end, NULL);
    if (!bytes)
        return SM_EMPTY_STRING;
    struct string_block *block = string_block(reader->r, bytes);
    if (plain)
        copy_bytes(block->text, start, bytes);
    else
        decode_string(start, end, block->text);
    block->head.hash = hash_bytes(block->text, bytes);
    return &block->head;
}

/* Reads a key into [member]; a plain one points into the text until its map is built. */
static bool read_key(struct reader *reader, struct sm_member *member) {
    const char *start = ++reader->at;
    bool plain;
    const char *end = scan_string(reader, &plain);
    if (!end)
        return false;
    *member = (struct sm_member){.key = start, .key_bytes = (uint32_t)(end - start)};
    if (plain)
        return true;

    size_t bytes = decode_string(start, end, NULL);
    struct decoded_key *key = sm_region_alloc(reader->r, sizeof *key + bytes + 1);
    key->offset = (size_t)(start - 1 - reader->text);
    decode_string(start, end, key->text);
    key->text[bytes] = '\0';
    member->key = key->text;
    member->key_bytes = (uint32_t)bytes;
    if (memchr(key->text, '\0', bytes)) {
        fail(reader, start, "object keys must not contain \\u0000");
        return false;
    }
    return true;
}

/* --- Numbers and literals ---------------------------------------------------------------------------------------------- */

static sm_val read_double(struct reader *reader, const char *start) {
    char small[64], message[160];
    size_t bytes = (size_t)(reader->at - start);
    char *copy = bytes < sizeof small ? small : sm_region_alloc(reader->r, bytes + 1);
    memcpy(copy, start, bytes);
    copy[bytes] = '\0';
    double value = strtod(copy, NULL);
    if (isfinite(value))
        return sm_val_double(reader->r, value);
    snprintf(message, sizeof message, "cannot unmarshal number %.60s%s into Go value of type float64", copy, bytes > 60 ? "..." : "");
    return fail(reader, start, message);
}

static inline bool is_digit(const char *at, const char *end) {
    return at < end && *at >= '0' && *at <= '9';
}

static sm_val read_number(struct reader *reader) {
    const char *start = reader->at, *at = start, *end = reader->end;
    bool negative = *at == '-', exact = true;
    uint64_t magnitude = 0;

    at += negative;
    if (!is_digit(at, end))
        return fail_character(reader, at, "in numeric literal");
    const char *digits = at;
    if (*at == '0')
        at++;
    else
        for (; is_digit(at, end); at++)
            magnitude = magnitude * 10 + (uint64_t)(*at - '0');
    /* 19 digits cannot overflow 64 bits. */
    if (at - digits > 19 || magnitude > (uint64_t)INT64_MAX + negative)
        exact = false;

    if (at < end && *at == '.') {
        exact = false;
        if (!is_digit(++at, end))
            return fail_character(reader, at, "after decimal point in numeric literal");
        while (is_digit(at, end))
            at++;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        exact = false;
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        if (!is_digit(at, end))
            return fail_character(reader, at, "in exponent of numeric literal");
        while (is_digit(at, end))
            at++;
    }
    reader->at = at;
    if (!exact)
        return read_double(reader, start);
    return sm_val_int(reader->r, negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude);
}

static sm_val read_literal(struct reader *reader, const char *literal, sm_val value) {
    for (size_t i = 0; literal[i]; i++) {
        if (reader->at == reader->end || *reader->at != literal[i]) {
            char where[64];
            snprintf(where, sizeof where, "in literal %s (expecting '%c')", literal, literal[i]);
            return fail_character(reader, reader->at, where);
        }
        reader->at++;
    }
    return value;
}

/* --- Duplicates -------------------------------------------------------------------------------------------------------- */

static void path_of(struct sm_str *path, const struct frame *frame) {
    if (frame->parent)
        path_of(path, frame->parent);
    if (path->bytes > DUPLICATE_PATH_BYTES_MAX)
        return;
    if (!frame->key) {
        sm_str_addf(path, "[%zu]", frame->index);
        return;
    }
    if (path->bytes)
        sm_str_addc(path, '.');
    sm_str_addn(path, frame->key, frame->key_bytes < DUPLICATE_PATH_BYTES_MAX ? frame->key_bytes : DUPLICATE_PATH_BYTES_MAX);
}

static size_t key_offset(const struct reader *reader, const char *key) {
    if ((uintptr_t)key - (uintptr_t)reader->text < (uintptr_t)(reader->end - reader->text))
        return (size_t)(key - 1 - reader->text);
    return ((const struct decoded_key *)(key - offsetof(struct decoded_key, text)))->offset;
}

/* Inner maps close before outer ones, so the order of appearance is made here. Beyond the limit the last ones fall out. */
static void add_duplicate(struct reader *reader, const struct sm_member *member) {
    size_t offset = key_offset(reader, member->key), count = reader->duplicates_count;
    bool full = count == reader->duplicates_max;
    if (full && (!count || reader->duplicates[count - 1].offset < offset))
        return;

    struct frame frame = {.parent = reader->frame->parent, .key = member->key, .key_bytes = member->key_bytes};
    struct sm_str path;
    sm_str_init(&path, reader->r);
    path_of(&path, &frame);
    for (size_t i = 0; i < count; i++)
        if (strcmp(reader->duplicates[i].path, path.data) == 0)
            return;

    size_t at = full ? count - 1 : count;
    reader->duplicates_count = at + 1;
    for (; at > 0 && reader->duplicates[at - 1].offset > offset; at--)
        reader->duplicates[at] = reader->duplicates[at - 1];
    reader->duplicates[at] = (struct duplicate){path.data, offset};
}

/* Equal keys stand together in order of appearance: the second one is where it went wrong. */
static void find_duplicates(struct reader *reader, const struct sm_member *sorted, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (key_order(&sorted[i - 1], &sorted[i]) == 0 && (i == 1 || key_order(&sorted[i - 2], &sorted[i]) != 0))
            add_duplicate(reader, &sorted[i]);
}

/* --- Containers -------------------------------------------------------------------------------------------------------- */

static void push(struct reader *reader, struct sm_member member) {
    if (reader->count == reader->capacity) {
        bool first = reader->stack == reader->start;
        reader->capacity *= 2;
        struct sm_member *stack = realloc(first ? NULL : reader->stack, reader->capacity * sizeof *stack);
        SM_ASSERT(stack);
        if (first)
            memcpy(stack, reader->start, reader->count * sizeof *stack);
        reader->stack = stack;
    }
    reader->stack[reader->count++] = member;
}

/* Takes the members from [base] up off the stack and builds their map. */
static sm_val close_map(struct reader *reader, size_t base) {
    struct sm_member *members = reader->stack + base;
    size_t count = reader->count - base;
    reader->count = base;
    if (sm_val_sort_members(members, count)) {
        if (reader->duplicates)
            find_duplicates(reader, members, count);
        count = sm_val_squeeze_members(members, count);
    }

    size_t keys_bytes = 0;
    for (size_t i = 0; i < count; i++)
        keys_bytes += members[i].key_bytes + (size_t)1;
    struct map_block *block = map_block(reader->r, count, keys_bytes);
    char *key = (char *)(block->members + count);
    uint64_t hash = HASH_MAP;
    for (size_t i = 0; i < count; i++) {
        size_t bytes = members[i].key_bytes;
        copy_bytes(key, members[i].key, bytes);
        key[bytes] = '\0';
        block->members[i] = (struct sm_member){key, (uint32_t)bytes, members[i].value};
        hash += hash_member(hash_bytes(key, bytes), members[i].value);
        key += bytes + 1;
    }
    block->head.hash = hash;
    return &block->head;
}

static sm_val close_list(struct reader *reader, size_t base) {
    size_t count = reader->count - base;
    reader->count = base;
    struct list_block *block = list_block(reader->r, count);
    uint64_t hash = HASH_LIST;
    for (size_t i = 0; i < count; i++) {
        block->items[i] = reader->stack[base + i].value;
        hash = hash_item(hash, block->items[i]);
    }
    block->head.hash = hash;
    return &block->head;
}

static inline void skip_space(struct reader *reader) {
    const char *at = reader->at;
    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    reader->at = at;
}

/* Steps over [c] if it stands here. */
static inline bool accept(struct reader *reader, char c) {
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static sm_val read_members(struct reader *reader, struct frame *frame) {
    size_t base = reader->count;
    if (accept(reader, '}'))
        return SM_EMPTY_MAP;
    do {
        struct sm_member member;
        skip_space(reader);
        if (reader->at == reader->end || *reader->at != '"')
            return fail_character(reader, reader->at, "looking for beginning of object key string");
        if (!read_key(reader, &member))
            return NULL;
        if (!accept(reader, ':'))
            return fail_character(reader, reader->at, "after object key");
        frame->key = member.key;
        frame->key_bytes = member.key_bytes;
        member.value = read_value(reader);
        if (!member.value)
            return NULL;
        push(reader, member);
    } while (accept(reader, ','));
    if (!accept(reader, '}'))
        return fail_character(reader, reader->at, "after object key:value pair");
    return close_map(reader, base);
}

static sm_val read_items(struct reader *reader, struct frame *frame) {
    size_t base = reader->count;
    if (accept(reader, ']'))
        return SM_EMPTY_LIST;
    do {
        struct sm_member item = {.value = read_value(reader)};
        if (!item.value)
            return NULL;
        push(reader, item);
        frame->index++;
    } while (accept(reader, ','));
    if (!accept(reader, ']'))
        return fail_character(reader, reader->at, "after array element");
    return close_list(reader, base);
}

static sm_val read_container(struct reader *reader, bool map) {
    if (reader->depth == reader->depth_max)
        return fail(reader, reader->at, "exceeded max depth");
    struct frame frame = {.parent = reader->frame};
    reader->at++;
    reader->depth++;
    reader->frame = &frame;
    sm_val v = map ? read_members(reader, &frame) : read_items(reader, &frame);
    reader->frame = frame.parent;
    reader->depth--;
    return v;
}

static sm_val read_value(struct reader *reader) {
    skip_space(reader);
    if (reader->at == reader->end)
        return fail_character(reader, reader->at, "");
    switch (*reader->at) {
    case '{':
        return read_container(reader, true);
    case '[':
        return read_container(reader, false);
    case '"':
        return read_string(reader);
    case 't':
        return read_literal(reader, "true", SM_TRUE);
    case 'f':
        return read_literal(reader, "false", SM_FALSE);
    case 'n':
        return read_literal(reader, "null", SM_NULL);
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return read_number(reader);
    default:
        return fail_character(reader, reader->at, "looking for beginning of value");
    }
}

/* --- Entry ------------------------------------------------------------------------------------------------------------- */

static void report_duplicates(const struct reader *reader, const struct sm_json_options *options) {
    for (size_t i = 0; i < reader->duplicates_count; i++) {
        struct sm_json_duplicate *out = &options->duplicates[i];
        out->path = reader->duplicates[i].path;
        place(reader->text, reader->duplicates[i].offset, &out->line, &out->column);
    }
}

static void report_error(const struct reader *reader, struct sm_json_error *error) {
    *error = (struct sm_json_error){.offset = (size_t)(reader->error_at - reader->text)};
    place(reader->text, error->offset, &error->line, &error->column);
    memcpy(error->message, reader->error, sizeof error->message);
}

sm_val sm_json_parse(struct sm_region *r, const char *text, size_t bytes, const struct sm_json_options *options,
                     struct sm_json_error *reterr_error) {
    static const struct sm_json_options none;
    struct sm_member start[STACK_START];
    struct sm_region_mark mark = sm_region_mark(r);
    SM_ASSERT(bytes < UINT32_MAX); /* strings and keys have 32-bit lengths */
    if (!options)
        options = &none;

    struct reader reader = {
        .r = r, .text = text, .at = text, .end = text + bytes,
        .depth_max = options->depth_max ? options->depth_max : SM_JSON_DEPTH_MAX,
        .stack = start, .start = start, .capacity = STACK_START,
        .duplicates_max = options->duplicates ? options->duplicates_max : 0,
    };
    if (reader.duplicates_max) {
        reader.duplicates = malloc(reader.duplicates_max * sizeof *reader.duplicates);
        SM_ASSERT(reader.duplicates);
    }

    sm_val v = read_value(&reader);
    skip_space(&reader);
    if (v && reader.at != reader.end)
        v = fail_character(&reader, reader.at, "after top-level value");
    if (v) {
        report_duplicates(&reader, options);
    } else {
        report_error(&reader, reterr_error);
        reader.duplicates_count = 0;
        sm_region_rewind(r, mark);
    }
    if (options->ret_duplicates_count)
        *options->ret_duplicates_count = reader.duplicates_count;
    if (reader.stack != start)
        free(reader.stack);
    free(reader.duplicates);
    return v;
}

sm_val sm_json_literal(struct sm_region *r, const char *text) {
    struct sm_json_error error;
    size_t bytes = strlen(text);
    char *json = malloc(bytes + 1);
    SM_ASSERT(json);
    for (size_t i = 0; i <= bytes; i++)
        json[i] = text[i] == '\'' ? '"' : text[i];
    sm_val v = sm_json_parse(r, json, bytes, NULL, &error);
    free(json);
    if (!v)
        sm_bug("literal `%.200s`: %s at byte %zu", text, error.message, error.offset);
    return v;
}
