/* The API server, in process: one pure entry, request to reply. Every call is one atomic event; latency, lost replies and
 * the like are made by whoever calls (the harness), before and after.
 *
 *      request ─▶ authorise ─▶ admit ─▶ verb: decode, patch, default, validate ─▶ store ─▶ reply
 *                 rbac.c       admission.c  get.c list.c create.c … apply.c        │
 *                                                                       log.h: one a resource, watched by informers
 *
 * All of its mutable state is one block of sm_env_state: the version counter, the logs' counts and roots, custom kinds.
 */
#ifndef SM_SERVER_H
#define SM_SERVER_H

#include "api.h"
#include "env.h"
#include "kind.h"
#include "log.h"

struct sm_server;

struct sm_server_config {
    uint64_t seed;          /* of uids and generated names: version 5 UUIDs of (seed, counter) */
    const char *kubernetes; /* `1.33` (default for NULL), `1.37` */
    bool rbac;              /* authorise; off: everybody may do everything */
    int64_t first_version;  /* resourceVersion before the first write; 0: 1 */
    /* Called after a change was appended to the log of [resource]. May be NULL. */
    void (*changed)(struct sm_env *env, void *arg, const struct sm_resource *resource);
    void *changed_arg;
};

/* Takes its memory with sm_env_state. Starts with the namespaces default, kube-system, kube-public and kube-node-lease, and
 * the RBAC objects every cluster has (cluster-admin). */
struct sm_server *sm_server_new(struct sm_env *env, const struct sm_server_config *config);

/* The same server in another world, whose memory holds nothing but what is still of use: objects, and the changes that were not
 * forgotten. Versions, uids and rules go on as before. [from] is untouched. */
struct sm_server *sm_server_move(struct sm_env *env, const struct sm_server *from, const struct sm_server_config *config);

/* Answers [request]. The reply and all it points to live in the run's region.
 *
 * SM_WATCH answers an error (400, 403, 422 …), or `{"events": [{"type", "object"} …], "cursor": N}`: what the stream starts with,
 * and the index of the log's entry it goes on with; -1 ends it after these events, as an ERROR event of code 410 does. */
struct sm_reply sm_server_handle(struct sm_env *env, struct sm_server *server, const struct sm_request *request);

/* The event `{"type", "object"}` that an entry of the log is to the stream of a watch request; NULL: none, for its selectors
 * match neither before nor after, or it asked for a later version. */
sm_val sm_server_watch_event(struct sm_region *r, const struct sm_server *server, const struct sm_request *request,
                             const struct sm_log_entry *entry);

/* The log of a resource; made on first use. NULL if the server does not serve it. */
const struct sm_log *sm_server_log(struct sm_env *env, struct sm_server *server, const struct sm_resource *resource);
/* All of them, in an order that does not change: NULL past the last. Of one that nobody has made yet, resource is NULL. */
const struct sm_log *sm_server_log_at(const struct sm_server *server, size_t i);

/* May [client] list and watch all objects of [resource]? Everybody may where nobody is asked for rights. */
bool sm_server_may_watch(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const struct sm_resource *resource);

/* The kind behind a resource, or behind `apps/v1` `StatefulSet`, custom ones included; NULL if unknown. */
const struct sm_kind_info *sm_server_kind(const struct sm_server *server, const struct sm_resource *resource);
const struct sm_kind_info *sm_server_kind_of(const struct sm_server *server, const char *api_version, const char *kind);

/* The kind behind a path; NULL if unknown. */
const struct sm_kind_info *sm_server_kind_named(const struct sm_server *server, const char *group, const char *version, const char *plural);

/* Every kind served, in order of group and plural, for discovery. NULL past the end. */
const struct sm_kind_info *sm_server_kind_at(const struct sm_server *server, size_t i);

/* Resources that are posted and answered but never stored: access reviews, bindings. NULL past the end. */
const struct sm_resource *sm_server_posted_at(size_t i);

/* May this client do [verb] (a method in lower case) to a path that is no resource's, as `/metrics`? If not, [reterr] is the 403. */
bool sm_server_allows_path(struct sm_env *env, struct sm_server *server, const struct sm_client *client, const char *verb, const char *path,
                           struct sm_reply *reterr);

int64_t sm_server_version(const struct sm_server *server); /* the latest resourceVersion */

/* The object now, NULL if there is none; a shortcut for tests, properties and asserts that is no request. */
sm_val sm_server_peek(const struct sm_server *server, const struct sm_resource *resource, const char *name_space, const char *name);

/* Puts an object as it is, below admission and validation: for states no cluster produces. uid, resourceVersion and creation
 * time are filled in where absent. Returns the stored object. */
sm_val sm_server_put(struct sm_env *env, struct sm_server *server, const struct sm_resource *resource, sm_val object);

/* Whose token it is, of those that serviceaccounts/token gave out; false if nobody's (any more). */
bool sm_server_token_account(struct sm_region *r, const struct sm_server *server, const char *token, const char **ret_name_space,
                             const char **ret_name);

/* Forgets how everything was before [version]: older lists, pages and watches are answered 410. */
void sm_server_compact(struct sm_server *server, int64_t version);

#endif
