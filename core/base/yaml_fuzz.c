/* Any bytes are documents or an error; what the strict reader takes, the lax one reads alike. Marks are sorted and within the
 * text. A document printed as JSON is YAML of the same value. */
#include "bug.h"
#include "json.h"
#include "yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* libfyaml 0.7 loses some bytes over few texts, like a block at the left margin of a document that ends in blank lines. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so";
}

enum { DUPLICATES_MAX = 8, KEY_BYTES_MAX = 1000 };

static void check_marks(const struct sm_yaml_doc *doc, size_t bytes) {
    for (size_t i = 0; i < doc->mark_count; i++) {
        SM_ASSERT(doc->marks[i].line >= 1 && doc->marks[i].line <= bytes + 1 && doc->marks[i].column >= 1);
        SM_ASSERT(i == 0 || strcmp(doc->marks[i - 1].path, doc->marks[i].path) <= 0);
    }
}

/* YAML takes no longer key than this on its line. */
static bool keys_are_short(sm_val v) {
    const struct sm_member *member;
    sm_val item;

    SM_EACH_MEMBER(member, v)
        if (member->key_bytes > KEY_BYTES_MAX || !keys_are_short(member->value))
            return false;
    if (sm_val_is_list(v))
        SM_EACH_ITEM(item, v)
            if (!keys_are_short(item))
                return false;
    return true;
}

/* Characters that JSON takes as they are and YAML only as escapes. */
static bool has_high_control(const char *text) {
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p == 0x7f || (*p == 0xc2 && p[1] < 0xa0))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_yaml_doc *docs = NULL, *again = NULL;
    struct sm_yaml_duplicate duplicates[DUPLICATES_MAX];
    struct sm_yaml_error error = {.message = ""};
    size_t count = 0, again_count = 0, duplicates_count = 0;

    sm_region_init(&r, "fuzz", 0);
    char *text = sm_region_alloc(&r, bytes + 1);
    memcpy(text, data, bytes);
    text[bytes] = '\0';
    bool strict = sm_yaml_parse(&r, text, bytes, &docs, &count, &error);
    SM_ASSERT(strict || error.message[0]);
    bool lax = sm_yaml_parse_lax(&r, text, bytes, &again, &again_count, duplicates, DUPLICATES_MAX, &duplicates_count, &error);
    SM_ASSERT(!strict || (lax && count == again_count && duplicates_count == 0));
    for (size_t i = 0; strict && i < count; i++) {
        check_marks(&docs[i], bytes);
        SM_ASSERT(sm_val_equal(docs[i].value, again[i].value));
        const char *json = sm_json_text(&r, docs[i].value, SM_JSON_ESCAPE_HTML);
        struct sm_yaml_doc *printed = NULL;
        size_t printed_count = 0;
        if (!keys_are_short(docs[i].value) || has_high_control(json) || strlen(json) > SM_YAML_BYTES_MAX)
            continue;
        if (!sm_yaml_parse(&r, json, strlen(json), &printed, &printed_count, &error))
            sm_bug("%s is no YAML: %s", json, error.message);
        SM_ASSERT(printed_count == 1 && sm_val_equal(printed->value, docs[i].value));
    }
    sm_region_release(&r);
    return 0;
}
