/* `labels selector \n field selector \n labels as JSON`: any text is a selector or an error; a selector answers for any labels. */
#include "bug.h"
#include "json.h"
#include "selector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const char *field(void *arg, sm_val object, const char *path) {
    (void)arg;
    return strcmp(path, "metadata.name") == 0 ? sm_val_str_at(object, "name") : NULL;
}

static const char *line(struct sm_region *r, const char **rest) {
    const char *begin = *rest;
    size_t bytes = strcspn(begin, "\n");

    *rest = begin[bytes] ? begin + bytes + 1 : begin + bytes;
    return sm_region_strndup(r, begin, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    struct sm_json_error error;

    sm_region_init(&r, "fuzz", 0);
    const char *rest = sm_region_strndup(&r, (const char *)data, bytes), *why = NULL;
    const char *label_text = line(&r, &rest), *field_text = line(&r, &rest);
    sm_val object = sm_json_parse(&r, rest, strlen(rest), NULL, &error);

    const struct sm_selector *labels = sm_selector_parse_labels(&r, label_text, &why);
    SM_ASSERT(labels || (why && why[0]));
    if (labels) {
        bool matches = sm_selector_matches_labels(labels, object);
        SM_ASSERT(label_text[0] || matches);
    }
    why = NULL;
    const struct sm_selector *fields = sm_selector_parse_fields(&r, field_text, &why);
    SM_ASSERT(fields || (why && why[0]));
    if (fields) {
        const char *name = sm_selector_required(fields, "metadata.name");
        bool known = true;
        for (size_t i = 0; sm_selector_field(fields, i); i++)
            known = known && strcmp(sm_selector_field(fields, i), "metadata.name") == 0;
        bool matches = known && sm_selector_matches_fields(fields, object, field, NULL);
        SM_ASSERT(!matches || !name || strcmp(name, sm_val_str_at(object, "name")) == 0);
    }

    /* The same as an object: its text selects the same. */
    const struct sm_selector *of = sm_selector_of(&r, sm_val_get(object, "selector"));
    SM_ASSERT(!of || sm_selector_text(&r, sm_val_get(object, "selector")));
    if (of)
        sm_selector_matches_labels(of, sm_val_get(object, "labels"));
    sm_region_release(&r);
    return 0;
}
