#include "go_text.h"

#include "json.h"

/* --- %v ------------------------------------------------------------------------------------------------------------------ */

static void print_plain(struct sm_str *out, sm_val v) {
    const struct sm_member *member;
    sm_val item;

    if (sm_val_is_map(v)) {
        sm_str_add(out, "map[");
        SM_EACH_MEMBER(member, v) {
            sm_str_addf(out, "%s%s:", member_i ? " " : "", member->key);
            print_plain(out, member->value);
        }
        sm_str_add(out, "]");
    } else if (sm_val_is_list(v)) {
        sm_str_add(out, "[");
        SM_EACH_ITEM(item, v) {
            sm_str_add(out, item_i ? " " : "");
            print_plain(out, item);
        }
        sm_str_add(out, "]");
    } else if (sm_val_is_string(v)) {
        sm_str_addn(out, v->string, v->count);
    } else if (!v || sm_val_is_null(v)) {
        sm_str_add(out, "<nil>");
    } else {
        sm_json_print(out, v, 0);
    }
}

const char *sm_go_text(struct sm_region *r, sm_val v) {
    struct sm_str out;

    sm_str_init(&out, r);
    print_plain(&out, v);
    return out.data;
}

/* --- %#v ----------------------------------------------------------------------------------------------------------------- */

static void print_syntax(struct sm_str *out, sm_val v) {
    const struct sm_member *member;
    sm_val item;

    if (sm_val_is_map(v)) {
        sm_str_add(out, "map[string]interface {}{");
        SM_EACH_MEMBER(member, v) {
            sm_str_add(out, member_i ? ", " : "");
            sm_json_quote(out, member->key, member->key_bytes, 0);
            sm_str_add(out, ":");
            print_syntax(out, member->value);
        }
        sm_str_add(out, "}");
    } else if (sm_val_is_list(v)) {
        sm_str_add(out, "[]interface {}{");
        SM_EACH_ITEM(item, v) {
            sm_str_add(out, item_i ? ", " : "");
            print_syntax(out, item);
        }
        sm_str_add(out, "}");
    } else if (!v || sm_val_is_null(v)) {
        sm_str_add(out, "interface {}(nil)");
    } else {
        sm_json_print(out, v, 0);
    }
}

const char *sm_go_syntax(struct sm_region *r, sm_val v) {
    struct sm_str out;

    sm_str_init(&out, r);
    print_syntax(&out, v);
    return out.data;
}

const char *sm_go_type(sm_val v) {
    static const char *const names[] = {
        [SM_KIND_NULL] = "<nil>",
        [SM_KIND_BOOL] = "bool",
        [SM_KIND_INT] = "int64",
        [SM_KIND_DOUBLE] = "float64",
        [SM_KIND_STRING] = "string",
        [SM_KIND_LIST] = "[]interface {}",
        [SM_KIND_MAP] = "map[string]interface {}",
    };

    return names[v ? sm_val_kind(v) : SM_KIND_NULL];
}
