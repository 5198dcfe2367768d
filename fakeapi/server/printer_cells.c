/* Cells that many kinds have. */
#include <string.h>

#include "age.h"
#include "json.h"
#include "meta.h"
#include "printer.h"
#include "selector.h"

static sm_val absent(const struct sm_printing *p) {
    return sm_val_str(p->r, p->column->absent ? p->column->absent : "");
}

void sm_cell_join(struct sm_str *text, const char *between, const char *item) {
    sm_str_addf(text, "%s%s", text->bytes ? between : "", item);
}

sm_val sm_cell_text(const struct sm_printing *p, sm_val object) {
    sm_val value = sm_val_at(object, p->column->path);

    if (!value || sm_val_is_null(value) || sm_val_is_text(value, ""))
        return absent(p);
    return sm_val_is_string(value) ? value : sm_val_str(p->r, sm_json_text(p->r, value, SM_JSON_COMPACT));
}

sm_val sm_cell_int(const struct sm_printing *p, sm_val object) {
    return sm_val_int(p->r, sm_val_int_at(object, p->column->path, 0));
}

sm_val sm_cell_bool(const struct sm_printing *p, sm_val object) {
    return sm_val_bool(sm_val_true_at(object, p->column->path));
}

/* A bool as a word. */
sm_val sm_cell_flag(const struct sm_printing *p, sm_val object) {
    sm_val value = sm_val_at(object, p->column->path);

    return !value ? absent(p) : sm_val_str(p->r, sm_val_is_true(value) ? "True" : "False");
}

sm_val sm_cell_count(const struct sm_printing *p, sm_val object) {
    return sm_val_int(p->r, (int64_t)sm_val_count(sm_val_at(object, p->column->path)));
}

sm_val sm_cell_age(const struct sm_printing *p, sm_val object) {
    return sm_val_str(p->r, sm_age_since(p->r, p->now, sm_val_str_at(object, "metadata.creationTimestamp")));
}

sm_val sm_cell_since(const struct sm_printing *p, sm_val object) {
    const char *time = sm_val_str_at(object, p->column->path);

    return *time ? sm_val_str(p->r, sm_age_since(p->r, p->now, time)) : absent(p);
}

/* `a=b,c=d`. */
sm_val sm_cell_labels(const struct sm_printing *p, sm_val object) {
    const struct sm_member *label;
    struct sm_str text;

    sm_str_init(&text, p->r);
    SM_EACH_MEMBER(label, sm_val_at(object, p->column->path))
        sm_str_addf(&text, "%s%s=%s", text.bytes ? "," : "", label->key, sm_val_text(label->value));
    return sm_val_str(p->r, text.bytes ? text.data : "<none>");
}

sm_val sm_cell_selector(const struct sm_printing *p, sm_val object) {
    sm_val selector = sm_val_at(object, p->column->path);
    const char *text = sm_val_count(selector) ? sm_selector_text(p->r, selector) : "";

    return sm_val_str(p->r, *text ? text : "<none>");
}

/* A list of texts. */
sm_val sm_cell_strings(const struct sm_printing *p, sm_val object) {
    struct sm_str text;
    sm_val item;

    sm_str_init(&text, p->r);
    SM_EACH_ITEM(item, sm_val_at(object, p->column->path))
        sm_cell_join(&text, ",", sm_val_text(item));
    return text.bytes ? sm_val_str(p->r, text.data) : absent(p);
}

static sm_val members(const struct sm_printing *p, sm_val list, const char *name) {
    struct sm_str text;
    sm_val item;

    sm_str_init(&text, p->r);
    SM_EACH_ITEM(item, list)
        sm_cell_join(&text, ",", sm_val_str_at(item, name));
    return text.bytes ? sm_val_str(p->r, text.data) : absent(p);
}

sm_val sm_cell_names(const struct sm_printing *p, sm_val object) {
    return members(p, sm_val_at(object, p->column->path), "name");
}

sm_val sm_cell_containers(const struct sm_printing *p, sm_val object) {
    return members(p, sm_val_at(object, p->column->path), "name");
}

sm_val sm_cell_images(const struct sm_printing *p, sm_val object) {
    return members(p, sm_val_at(object, p->column->path), "image");
}

/* status.[path] of spec.replicas. */
sm_val sm_cell_ratio(const struct sm_printing *p, sm_val object) {
    return sm_val_strf(p->r, "%lld/%lld", (long long)sm_val_int_at(object, p->column->path, 0),
                       (long long)sm_val_int_at(object, "spec.replicas", 0));
}

sm_val sm_cell_phase(const struct sm_printing *p, sm_val object) {
    return sm_meta_deleting(object) ? sm_val_str(p->r, "Terminating") : sm_cell_text(p, object);
}

/* `Kind/name`. */
sm_val sm_cell_reference(const struct sm_printing *p, sm_val object) {
    sm_val reference = sm_val_at(object, p->column->path);
    const char *group = sm_val_str_at(reference, "apiGroup");
    bool grouped = *group && p->column->absent; /* with the group where nothing may be there */

    if (!reference)
        return absent(p);
    return sm_val_strf(p->r, "%s%s%s/%s", sm_val_str_at(reference, "kind"), grouped ? "." : "", grouped ? group : "",
                       sm_val_str_at(reference, "name"));
}
