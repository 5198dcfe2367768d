#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum { STEPS_MAX = 200000, HEAP_KIB_MAX = 4096 };

struct sm_regex {
    const pcre2_code *code;
    const char *literal; /* the pattern is just this text: no search needed; NULL: it is not */
};

static void *take(PCRE2_SIZE bytes, void *region) {
    return sm_region_alloc(region, bytes);
}

static void drop(void *memory, void *region) {
    (void)memory, (void)region;
}

/* What PCRE2 has and RE2 has not, outside of character classes. NULL if there is none. */
static const char *foreign(const char *pattern) {
    static const char *const groups[] = {"(?=", "(?!", "(?<=", "(?<!", "(?>", "(?#", "(?(", "(?R"};
    bool in_class = false;
    for (const char *p = pattern; *p; p++) {
        if (*p == '\\' && p[1]) {
            p++;
            if (!in_class && ((*p >= '1' && *p <= '9') || *p == 'k' || *p == 'g' || *p == 'Z' || *p == 'G' || *p == 'K'))
                return p - 1;
        } else if (in_class) {
            in_class = *p != ']';
        } else if (*p == '[') {
            in_class = true;
            p += p[1] == '^';
            p += p[1] == ']';
        } else if (*p == '(') {
            for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
                if (strncmp(p, groups[i], strlen(groups[i])) == 0)
                    return p;
        }
    }
    return NULL;
}

const struct sm_regex *sm_regex_compile(struct sm_region *r, const char *pattern, const char **reterr) {
    const char *bad = foreign(pattern);
    if (bad) {
        *reterr = sm_region_printf(r, *bad == '\\' ? "error parsing regexp: invalid escape sequence: `%.2s`"
                                                   : "error parsing regexp: invalid or unsupported Perl syntax: `%.3s`",
                                   bad);
        return NULL;
    }

    pcre2_general_context *memory = pcre2_general_context_create(take, drop, r);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    int error = 0;
    PCRE2_SIZE offset = 0;
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    const pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &error, &offset, context);
    if (!code) {
        char message[128] = "";
        pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
        *reterr = sm_region_printf(r, "error parsing regexp: %s at offset %zu: `%s`", message, (size_t)offset, pattern);
        return NULL;
    }
    struct sm_regex *regex = sm_region_alloc(r, sizeof *regex);
    *regex = (struct sm_regex){.code = code, .literal = strpbrk(pattern, "\\^$.|?*+()[]{}") ? NULL : sm_region_strdup(r, pattern)};
    return regex;
}

bool sm_regex_matches(const struct sm_regex *regex, struct sm_region *scratch, const char *text, size_t bytes) {
    if (regex->literal)
        return memmem(text, bytes, regex->literal, strlen(regex->literal)) != NULL;

    struct sm_region_mark mark = sm_region_mark(scratch);
    pcre2_general_context *memory = pcre2_general_context_create(take, drop, scratch);
    pcre2_match_context *context = pcre2_match_context_create(memory);
    pcre2_set_match_limit(context, STEPS_MAX);
    pcre2_set_heap_limit(context, HEAP_KIB_MAX);
    pcre2_match_data *found = pcre2_match_data_create(1, memory);
    int count = pcre2_match(regex->code, (PCRE2_SPTR)text, bytes, 0, 0, found, context);
    sm_region_rewind(scratch, mark);
    return count >= 0;
}
