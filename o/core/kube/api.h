/* Requests and replies: how everybody talks to an API server, whichever it is.
 *
 * A request is a value, a reply is a value; the in-process server, the HTTP door and the HTTP client speak this.
 * All strings and values of a request that is sent live in the run's region (or are static).
 */
#ifndef SM_API_H
#define SM_API_H

#include <stdbool.h>
#include <stdint.h>

#include "resource.h"
#include "val.h"

enum sm_verb { SM_GET, SM_LIST, SM_WATCH, SM_CREATE, SM_UPDATE, SM_PATCH, SM_DELETE, SM_DELETE_COLLECTION, SM_VERB_COUNT };
extern const char *const sm_verb_names[SM_VERB_COUNT]; /* as in RBAC: `get` … `deletecollection` */

enum sm_patch { SM_PATCH_NONE, SM_PATCH_JSON, SM_PATCH_MERGE, SM_PATCH_STRATEGIC, SM_PATCH_APPLY };

enum sm_field_validation { SM_VALIDATE_WARN, SM_VALIDATE_IGNORE, SM_VALIDATE_STRICT };

/* Who asks. RBAC, lag, latency and faults match on it. */
struct sm_client {
    const char *name;          /* `seinode-controller`, `kubelet`, `user`: what scenarios and timelines call it */
    const char *user;          /* `system:serviceaccount:sei-system:seinode-controller` */
    const char *const *groups; /* ended by NULL */
    const char *agent;         /* user agent up to the first `/`: the default field manager */
    uint32_t index;            /* unique in a world */
};

struct sm_reply;

struct sm_request {
    const struct sm_client *client;
    enum sm_verb verb;
    enum sm_patch patch; /* for SM_PATCH */
    const struct sm_resource *resource;
    const char *subresource; /* "" or `status`, `scale`, `binding`, `finalize` … ; never NULL */
    const char *name_space;  /* "" for cluster scope or all namespaces */
    const char *name;        /* "" for collections */
    sm_val body;             /* object, patch, or DeleteOptions; NULL for none */

    /* Options, zero for not given. Strings may be NULL. */
    const char *field_manager;
    bool force; /* apply */
    bool force_given;
    bool dry_run;
    enum sm_field_validation field_validation;
    const char *resource_version;       /* of get, list and watch; NULL: consistent read */
    const char *resource_version_match; /* `Exact`, `NotOlderThan` */
    const char *label_selector, *field_selector;
    const char *continue_token;
    int64_t limit;
    bool send_initial_events, allow_bookmarks; /* watch */
    sm_val duplicates;                         /* paths of duplicate keys the reader of the body saw: a list of strings, or NULL */
    /* Whatever is wrong with a request before a verb sees it (its path, media types, a body that is no JSON): the answer it gets
     * if the client is authorised to ask at all. NULL: nothing. */
    const struct sm_reply *refused;
};

struct sm_reply {
    int code;                    /* HTTP status: 200, 201, 404 … ; 0: no answer (connection lost) */
    sm_val body;                 /* the object, list or Status; never NULL unless code is 0 */
    const char *const *warnings; /* texts of Warning headers, ended by NULL; NULL: none */
};

static inline bool sm_reply_ok(const struct sm_reply *reply) { return reply->code >= 200 && reply->code < 300; }

/* The error of a failed reply as client-go words it: the Status message; for code 0 a connection error. "" if it succeeded. */
const char *sm_reply_error(const struct sm_reply *reply);
bool sm_reply_is(const struct sm_reply *reply, const char *reason); /* `NotFound`, `Conflict`, `AlreadyExists` … */

/* Copies a request, its strings and its values out of [from] into [r]; what lives outside [from] is shared. */
const struct sm_request *sm_request_copy(struct sm_region *r, const struct sm_request *request, const struct sm_region *from);

/* Content equality, for the check that a re-run asks the same. */
bool sm_request_equal(const struct sm_request *a, const struct sm_request *b);

/* For journals: `apply` for an apply patch, else the RBAC verb; and the query as in a URL ("" for none). */
const char *sm_request_verb(const struct sm_request *request);
const char *sm_request_query(struct sm_region *r, const struct sm_request *request);

#endif
