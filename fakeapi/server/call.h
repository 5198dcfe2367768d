/* One request on its way through the server, and the verbs that answer it. Private to this folder.
 *
 * Files: options.c, admission.c, then one a verb or subresource. Writes of all kinds end in write.c:
 *
 *      create.c ─┐                ┌▶ sm_write_create ─┐  server-side fields, defaults, managedFields, kind's own rules,
 *      update.c ─┼▶ decoded body ─┤                   ├▶ validation, generation, nothing changed?
 *      patch.c  ─┘                └▶ sm_write_update ─┘  store.c
 */
#ifndef SM_CALL_H
#define SM_CALL_H

#include "apply.h"
#include "store.h"

struct sm_call {
    struct sm_env *env;
    struct sm_server *server;
    struct sm_region *r; /* scratch: the store and the entry keep what outlives the call */
    const struct sm_request *request;
    struct sm_store_slot *slot;
    const struct sm_kind_info *kind; /* in the request's version; of a view, what it stores once the object is converted */
    const struct sm_view *view;      /* that the client looks through; NULL: none */
    const char *key;                 /* of the object; "" for a collection */
    bool dry_run;                    /* the request says so, or its DeleteOptions */
    const char **warnings;           /* ended by NULL once answered */
    uint32_t warning_count, warning_capacity;
    uint64_t memo_key; /* of what the write comes to; 0: it is not to be remembered */
};

/* The verbs: server.c has the table. */
struct sm_reply sm_verb_get(struct sm_call *call);
struct sm_reply sm_verb_list(struct sm_call *call);
struct sm_reply sm_verb_watch(struct sm_call *call);
struct sm_reply sm_verb_create(struct sm_call *call);
struct sm_reply sm_verb_update(struct sm_call *call);
struct sm_reply sm_verb_patch(struct sm_call *call);
struct sm_reply sm_verb_delete(struct sm_call *call);
struct sm_reply sm_verb_delete_collection(struct sm_call *call);
struct sm_reply sm_verb_get_scale(struct sm_call *call);
struct sm_reply sm_verb_update_scale(struct sm_call *call);
struct sm_reply sm_verb_patch_scale(struct sm_call *call);
struct sm_reply sm_verb_bind(struct sm_call *call);
struct sm_reply sm_verb_evict(struct sm_call *call);
struct sm_reply sm_verb_finalize(struct sm_call *call);
struct sm_reply sm_verb_token(struct sm_call *call);

/* call.c */
/* The stored object as this request's version shows it; NULL if there is none. */
sm_val sm_call_stored(const struct sm_call *call);
void sm_call_warn(struct sm_call *call, const char *text);
/* A reply of the object as this request's version shows it. */
struct sm_reply sm_call_answer(const struct sm_call *call, int code, sm_val object);
struct sm_manager_name sm_call_manager(const struct sm_call *call);
struct sm_reply sm_call_not_found(const struct sm_call *call);
struct sm_reply sm_call_modified(const struct sm_call *call);            /* the 409 of an old resourceVersion */
struct sm_reply sm_call_unknown(struct sm_region *r);                    /* 404 of a path that leads nowhere */
struct sm_reply sm_call_not_allowed(struct sm_region *r);                /* 405 */
struct sm_reply sm_call_error(struct sm_region *r, const char *message); /* 500 of a plain Go error */
/* `strconv.ParseUint: parsing "abc": invalid syntax`, or NULL and the number; "" is 0. */
const char *sm_call_parse_version(struct sm_region *r, const char *text, uint64_t *ret_version);

struct sm_reply sm_call_too_large(const struct sm_call *call, uint64_t version);                      /* 504: get.c */
struct sm_reply sm_call_other_uid(const struct sm_call *call, const char *wanted, const char *found); /* 409: update.c */
bool sm_call_may_create(struct sm_call *call, struct sm_reply *reterr); /* by a PUT or apply of what is absent: update.c */

/* recall.c: [write], or what it came to when the same was asked before. [before] NULL: there is none, or it does not matter. */
struct sm_reply sm_call_recalled(struct sm_call *call, sm_val before, struct sm_reply (*write)(struct sm_call *call, sm_val before));
/* Said by write.c: [object] has passed all checks, but those of its name in the store. */
void sm_call_remember(const struct sm_call *call, sm_val object);

/* options.c: what is wrong with the options of the request; false: [reterr] is the 422. */
bool sm_options_check(struct sm_call *call, struct sm_reply *reterr);

/* admission.c */
bool sm_admit_create(struct sm_call *call, sm_val object, struct sm_reply *reterr);
bool sm_admit_delete(struct sm_call *call, struct sm_reply *reterr);

/* decode.c: what a body must be. */
struct sm_expected {
    const struct sm_resource *as;
    const struct sm_schema *schema;
    sm_val known;      /* an object decoded before, for speed: what the body shares with it is not looked at again; NULL: none */
    const char *patch; /* the body is the outcome of a patch, and this the text that errors quote; NULL: it is that of POST or PUT */
};

/* A body as an object. Unknown fields become warnings or errors as the request says. */
bool sm_decode_body(struct sm_call *call, const struct sm_expected *expected, sm_val body, sm_val *ret_object, struct sm_reply *reterr);
/* The object's name and namespace against those of the URL; fills in the namespace. */
bool sm_decode_names(const struct sm_call *call, sm_val *object, struct sm_reply *reterr);

/* write.c. [managed]: managedFields were made by apply. The objects are decoded. */
struct sm_reply sm_write_create(struct sm_call *call, sm_val object, bool managed);
/* [object] may carry a resourceVersion, which must be that of [before]. */
struct sm_reply sm_write_update(struct sm_call *call, sm_val object, sm_val before, bool managed);
/* The same without an answer, for subresources that are views: false: [reterr]. */
bool sm_write_replace(struct sm_call *call, sm_val object, sm_val before, bool managed, sm_val *ret_object, struct sm_reply *reterr);
/* The ends of both, for an object that passed all checks when the same was last asked. */
struct sm_reply sm_write_created(struct sm_call *call, sm_val object);
struct sm_reply sm_write_updated(struct sm_call *call, sm_val object, sm_val before);
/* Below all checks: stores if anything differs, or not at all in a dry run. */
sm_val sm_write_commit(struct sm_call *call, sm_val object, sm_val before);
/* Removes the object; [last] is its last state. */
sm_val sm_write_remove(struct sm_call *call, sm_val last);

/* patch.c: applies the request's patch (not an apply) to a document. */
bool sm_patch_document(struct sm_call *call, const struct sm_resource *as, const struct sm_schema *schema, sm_val document,
                       sm_val *ret_object, struct sm_reply *reterr);
/* Applied objects: kind, name and managedFields must be right. */
bool sm_patch_check_applied(const struct sm_call *call, const struct sm_resource *as, sm_val config, struct sm_reply *reterr);

/* delete.c: deletes the object of call->key by [options], a DeleteOptions object or NULL. */
struct sm_reply sm_delete_object(struct sm_call *call, sm_val options);

/* query.c: what a list, a watch or a deletecollection selects. */
struct sm_query {
    struct sm_region *r;
    const struct sm_view *view;                /* NULL: objects are as they are stored */
    const struct sm_selector *labels, *fields; /* NULL: everything */
    const char *prefix;                        /* of keys: `ns/` */
};
bool sm_query_parse(struct sm_region *r, const struct sm_kind_info *kind, const struct sm_request *request, struct sm_query *ret_query,
                    struct sm_reply *reterr);
bool sm_query_matches(const struct sm_query *query, const char *key, sm_val object);
/* ListOptions that contradict each other: 422. */
bool sm_query_check(const struct sm_call *call, struct sm_reply *reterr);

#endif
