/* Any bytes are a document or an error with a place. A document prints and reads back as what prints the same, in each of the forms
 * (not always equal: a whole number that was written with a point comes back as an integer, and so does -0). */
#include "bug.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { DUPLICATES_MAX = 8 };

static void print_and_read_back(struct sm_region *r, sm_val v, unsigned flags) {
    struct sm_json_error error;
    const char *text = sm_json_text(r, v, flags);
    sm_val back = sm_json_parse(r, text, strlen(text), NULL, &error);

    SM_ASSERT(back);
    text = sm_json_text(r, back, flags);
    back = sm_json_parse(r, text, strlen(text), NULL, &error);
    SM_ASSERT(back && strcmp(text, sm_json_text(r, back, flags)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error = {.message = ""};
    struct sm_json_duplicate duplicates[DUPLICATES_MAX];
    size_t duplicates_count = 0;
    const struct sm_json_options options = {
        .duplicates = duplicates, .duplicates_max = DUPLICATES_MAX, .ret_duplicates_count = &duplicates_count};

    sm_region_init(&r, "fuzz", 0);
    sm_val v = sm_json_parse(&r, (const char *)data, bytes, &options, &error);
    if (v) {
        for (size_t i = 0; i < duplicates_count && i < DUPLICATES_MAX; i++)
            SM_ASSERT(duplicates[i].path && duplicates[i].line && duplicates[i].column);
        print_and_read_back(&r, v, SM_JSON_COMPACT);
        print_and_read_back(&r, v, SM_JSON_PRETTY | SM_JSON_ESCAPE_HTML);
        SM_ASSERT(sm_val_equal(v, sm_val_copy(&r, v, NULL)));
        SM_ASSERT(!sm_val_difference(&r, v, v));
    } else {
        SM_ASSERT(error.message[0] && error.line && error.column && error.offset <= bytes);
    }
    sm_region_release(&r);
    return 0;
}
