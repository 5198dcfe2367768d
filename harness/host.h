/* Clusters that are served: each has its world, its door and its clock. One thread, which waits at the doors' descriptors.
 *
 *      wall clock + ahead ──▶ world runs until then ──▶ door answers, feeds its watches ──▶ memory moves, if most of it is dead
 *
 * A cluster's time is the wall's, and ahead of it by what was advanced; or it stands still until it is advanced. Nothing else moves a
 * world. Its memory is one region: when what is dead in it exceeds what lives, the cluster moves to a fresh one, between requests.
 */
#ifndef SM_HOST_H
#define SM_HOST_H

#include <poll.h>

#include "http.h"
#include "live.h"

enum { SM_HOST_CLUSTERS_MAX = 64 };

struct sm_host_config {
    const char *bind;
    uint16_t port; /* of the first cluster; the others get free ones */
    const char *controllers, *kubernetes;
    const struct sm_http_account *accounts; /* the first is the administrator */
    size_t account_count;
    bool open;                            /* who brings nothing is the administrator */
    const struct sm_authority *authority; /* with [tls]; NULL: plain HTTP */
    const struct sm_http_tls *tls;
    int64_t history;    /* so many changes of a cluster are remembered */
    size_t spare_bytes; /* memory that may be dead in any case; 0: 16 MiB */
    /* Puts into a new cluster what every one starts with. Returns what is wrong, or NULL. May be NULL. */
    const char *(*fill)(void *arg, struct sm_live *live);
    void *fill_arg;
    sm_time (*wall)(void);
};

struct sm_host;
struct sm_hosted; /* one cluster */

/* Opens the first cluster. NULL: [reterr], in [r], says why not. */
struct sm_host *sm_host_new(const struct sm_host_config *config, struct sm_region *r, const char **reterr);
void sm_host_release(struct sm_host *host);

/* What to wait at, at most SM_HOST_CLUSTERS_MAX; until when nothing happens by itself, in milliseconds (-1: never). */
size_t sm_host_poll(const struct sm_host *host, struct pollfd *polled);
int sm_host_wait_ms(const struct sm_host *host);

/* Every cluster comes to the present and answers what has come. */
void sm_host_run(struct sm_host *host);

/* No more clients; watches are ended. True once they are. */
bool sm_host_stopped(struct sm_host *host);

/* One more cluster. NULL: [reterr], in [r], says why not. */
struct sm_hosted *sm_hosted_new(struct sm_host *host, struct sm_region *r, const char **reterr);
struct sm_hosted *sm_hosted_at(const struct sm_host *host, size_t i); /* NULL: none with that number */
void sm_hosted_close(struct sm_hosted *hosted);                       /* with its door */
size_t sm_hosted_number(const struct sm_hosted *hosted);
const char *sm_hosted_url(struct sm_region *r, const struct sm_hosted *hosted);
const struct sm_live *sm_hosted_live(const struct sm_hosted *hosted);

/* Empty again, as at first. Watches end, versions go on: who knows an older one is told that it is gone. */
void sm_hosted_reset(struct sm_hosted *hosted);

/* Time. */
void sm_hosted_advance(struct sm_hosted *hosted, sm_time by);
void sm_hosted_stop_clock(struct sm_hosted *hosted, bool stop);
bool sm_hosted_clock_stopped(const struct sm_hosted *hosted);
/* Time goes from event to event until nothing is due within [quiet] of the last change of any object. False: that never came. */
bool sm_hosted_settle(struct sm_hosted *hosted, sm_time quiet);

void sm_hosted_compact(struct sm_hosted *hosted, int64_t version);
void sm_hosted_move(struct sm_hosted *hosted);          /* at once, whatever is dead */
size_t sm_hosted_bytes(const struct sm_hosted *hosted); /* of its world's memory */

/* The latest lines of the journal, from number [from] on. */
sm_val sm_hosted_journal(struct sm_region *r, const struct sm_hosted *hosted, uint64_t from);

/* host_control.c: `/stalemate/v1/…` of a cluster. */
bool sm_host_control(void *hosted, struct sm_region *r, const struct sm_http_request *http, struct sm_reply *ret, const char **ret_type);
const struct sm_host_config *sm_hosted_config(const struct sm_hosted *hosted);
struct sm_host *sm_hosted_host(const struct sm_hosted *hosted);

#endif
