/* Tokens of CEL (language definition, "Syntax"). */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cel_internal.h"
#include "str.h"
#include "utf8.h"

static const char *const marks[] = {"==", "!=", "<=", ">=", "&&", "||", ".?", "[?", "(", ")", "[", "]", "{", "}", ".",
                                    ",",  ":",  "?",  "+",  "-",  "*",  "/",  "%",  "!", "<", ">"};

void cel_fail(struct cel_source *source, size_t at, const char *format, ...) {
    if (source->error)
        return;
    size_t line = 1, start = 0;
    for (size_t i = 0; i < at && i < source->bytes; i++)
        if (source->text[i] == '\n')
            line++, start = i + 1;
    size_t end = start;
    while (end < source->bytes && source->text[end] != '\n')
        end++;
    size_t column = utf8_count(source->text + start, at - start);

    struct sm_str out;
    sm_str_init(&out, source->region);
    sm_str_addf(&out, "ERROR: <input>:%zu:%zu: ", line, column + 1);
    va_list args;
    va_start(args, format);
    sm_str_vaddf(&out, format, args);
    va_end(args);
    sm_str_add(&out, "\n | ");
    sm_str_addn(&out, source->text + start, end - start);
    sm_str_add(&out, "\n | ");
    for (size_t i = 0; i < column; i++)
        sm_str_addc(&out, '.');
    sm_str_addc(&out, '^');
    source->error = out.data;
}

static struct cel_token failed(struct cel_source *source, size_t at, const char *message) {
    cel_fail(source, at, "Syntax error: %s", message);
    return (struct cel_token){.kind = CEL_END, .at = at};
}

/* --- Numbers -------------------------------------------------------------------------------------------------------------- */

static struct cel_token number(struct cel_source *source, size_t *at) {
    const char *start = source->text + *at, *p = start;
    bool hex = *p == '0' && (p[1] == 'x' || p[1] == 'X'), real = false;
    struct cel_token token = {.kind = CEL_LITERAL, .at = *at};
    if (hex) {
        for (p += 2; isxdigit((unsigned char)*p); p++)
            continue;
    } else {
        while (isdigit((unsigned char)*p))
            p++;
        if (*p == '.' && isdigit((unsigned char)p[1])) {
            real = true;
            for (p++; isdigit((unsigned char)*p); p++)
                continue;
        }
        if (*p == 'e' || *p == 'E') {
            const char *digits = p + 1 + (p[1] == '+' || p[1] == '-');
            real = real || isdigit((unsigned char)*digits);
            if (isdigit((unsigned char)*digits))
                for (p = digits; isdigit((unsigned char)*p); p++)
                    continue;
        }
    }
    if (*p == 'u' || *p == 'U')
        return failed(source, *at, "unsigned integers are not supported");

    *at += (size_t)(p - start);
    if (real) {
        double value = strtod(start, NULL);
        if (!isfinite(value))
            return failed(source, token.at, "invalid double literal");
        token.literal = sm_val_double(source->region, value);
        return token;
    }
    errno = 0;
    unsigned long long n = strtoull(start, NULL, hex ? 16 : 10);
    token.too_big = errno == 0 && n == (unsigned long long)INT64_MAX + 1;
    if (errno || (n > INT64_MAX && !token.too_big))
        return failed(source, token.at, "invalid int literal");
    token.literal = sm_val_int(source->region, token.too_big ? INT64_MIN : (int64_t)n);
    return token;
}

/* --- Texts ---------------------------------------------------------------------------------------------------------------- */

/* Reads the escape behind a backslash at [p]; returns what follows it, or NULL. */
static const char *escape(struct sm_str *out, const char *p, const char *end) {
    static const char from[] = "abfnrtv\\'\"`?", to[] = "\a\b\f\n\r\t\v\\'\"`?";
    if (p >= end)
        return NULL;
    const char *simple = strchr(from, *p);
    if (simple) {
        sm_str_addc(out, to[simple - from]);
        return p + 1;
    }
    int digits = *p == 'x' || *p == 'X' ? 2 : *p == 'u' ? 4 : *p == 'U' ? 8 : *p >= '0' && *p <= '3' ? 3 : 0, base = 16;
    if (digits == 3)
        base = 8;
    else
        p++;
    uint32_t code = 0;
    for (int i = 0; i < digits; i++, p++) {
        if (p >= end || (base == 8 ? *p < '0' || *p > '7' : !isxdigit((unsigned char)*p)))
            return NULL;
        code = code * (uint32_t)base + (uint32_t)(isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10);
    }
    if (!digits || code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return NULL;
    char bytes[4];
    sm_str_addn(out, bytes, utf8_encode(code, bytes));
    return p;
}

static struct cel_token text(struct cel_source *source, size_t *at, bool raw) {
    size_t begin = *at;
    const char *p = source->text + *at + raw, *end = source->text + source->bytes;
    char quote[4] = {*p, '\0'};
    if (end - p >= 3 && p[1] == *p && p[2] == *p)
        quote[1] = quote[2] = *p;
    size_t quotes = strlen(quote);
    struct sm_str out;
    sm_str_init(&out, source->region);
    for (p += quotes; p < end && strncmp(p, quote, quotes) != 0;) {
        if (*p == '\n' && quotes == 1)
            break;
        if (*p != '\\' || raw) {
            sm_str_addc(&out, *p++);
            continue;
        }
        const char *next = escape(&out, p + 1, end);
        if (!next)
            return failed(source, (size_t)(p - source->text), "invalid escape sequence");
        p = next;
    }
    if (p >= end || strncmp(p, quote, quotes) != 0)
        return failed(source, begin, "token recognition error: the text does not end");
    *at = (size_t)(p - source->text) + quotes;
    return (struct cel_token){.kind = CEL_LITERAL, .at = begin, .literal = sm_val_strn(source->region, out.data, out.bytes)};
}

/* --- The rest ------------------------------------------------------------------------------------------------------------- */

static void skip(const struct cel_source *source, size_t *at) {
    while (*at < source->bytes) {
        if (strchr(" \t\r\n\f", source->text[*at]))
            ++*at;
        else if (strncmp(source->text + *at, "//", 2) == 0)
            *at += strcspn(source->text + *at, "\n");
        else
            break;
    }
}

static struct cel_token word(struct cel_source *source, size_t *at) {
    const char *start = source->text + *at;
    size_t bytes = 1, begin = *at;
    while (isalnum((unsigned char)start[bytes]) || start[bytes] == '_')
        bytes++;
    *at += bytes;
    struct cel_token token = {.kind = CEL_IDENT, .at = begin, .text = sm_region_strndup(source->region, start, bytes)};
    sm_val constant = strcmp(token.text, "true") == 0    ? SM_TRUE
                      : strcmp(token.text, "false") == 0 ? SM_FALSE
                      : strcmp(token.text, "null") == 0  ? SM_NULL
                                                         : NULL;
    if (constant)
        return (struct cel_token){.kind = CEL_LITERAL, .at = begin, .literal = constant};
    if (strcmp(token.text, "in") == 0)
        return (struct cel_token){.kind = CEL_MARK, .at = begin, .text = "in"};
    return token;
}

struct cel_token cel_lex(struct cel_source *source, size_t *at) {
    skip(source, at);
    if (*at >= source->bytes)
        return (struct cel_token){.kind = CEL_END, .at = source->bytes};
    const char *p = source->text + *at;
    if (isdigit((unsigned char)*p))
        return number(source, at);
    if (*p == '\'' || *p == '"')
        return text(source, at, false);
    if ((*p == 'r' || *p == 'R') && (p[1] == '\'' || p[1] == '"'))
        return text(source, at, true);
    if ((*p == 'b' || *p == 'B') && (p[1] == '\'' || p[1] == '"'))
        return failed(source, *at, "bytes are not supported");
    if (isalpha((unsigned char)*p) || *p == '_')
        return word(source, at);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t bytes = strlen(marks[i]);
        if (strncmp(p, marks[i], bytes) != 0)
            continue;
        *at += bytes;
        return (struct cel_token){.kind = CEL_MARK, .at = *at - bytes, .text = marks[i]};
    }
    return failed(source, *at, sm_region_printf(source->region, "token recognition error at: '%.*s'", 1, p));
}
