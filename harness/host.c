#include "host.h"

#include <string.h>

#include "bug.h"
#include "timeline.h"

enum { SPARE_BYTES = 16 << 20, JOURNAL_LINES = 1024, LINE_BYTES = 240, SETTLE_EVENTS_MAX = 1000000 };
#define WORLD_BYTES_MAX ((size_t)16 << 30)
#define SETTLE_MAX (2 * SM_HOUR)
#define CONTROL_PREFIX "/stalemate/"

struct line {
    uint64_t number;
    sm_time time;
    char actor[40], text[LINE_BYTES];
};

struct sm_hosted {
    struct sm_host *host;
    size_t number;
    uint64_t lives;          /* worlds so far; the seed of the next */
    struct sm_region own;    /* the door's */
    struct sm_region run[2]; /* the world's: one in use, one empty */
    struct sm_region scratch, lines_scratch;
    uint32_t at;
    size_t live_bytes; /* of the world when it began or moved */
    struct sm_live *live;
    struct sm_http *http;
    sm_time ahead;      /* of the wall clock */
    sm_time stopped;    /* where the clock stands still; 0: it goes */
    int64_t compact_at; /* version of the next cut of history */
    uint64_t said;      /* lines of the journal */
    struct line lines[JOURNAL_LINES];
};

struct sm_host {
    struct sm_region region;
    struct sm_host_config config;
    struct sm_hosted *clusters[SM_HOST_CLUSTERS_MAX];
    bool stopping;
};

/* --- The journal --------------------------------------------------------------------------------------------------------------- */

static void hear(void *self, const struct sm_journal_event *event) {
    struct sm_hosted *hosted = self;
    struct line *line = &hosted->lines[hosted->said % JOURNAL_LINES];

    if (!sm_journal_shown[event->kind] || event->kind == SM_JOURNAL_READ)
        return;
    line->number = ++hosted->said;
    line->time = event->time;
    strncpy(line->actor, event->actor ? event->actor : "", sizeof line->actor - 1);
    strncpy(line->text, sm_timeline_what(&hosted->lines_scratch, event), sizeof line->text - 1);
    sm_region_clear(&hosted->lines_scratch);
}

sm_val sm_hosted_journal(struct sm_region *r, const struct sm_hosted *hosted, uint64_t from) {
    uint64_t first = hosted->said > JOURNAL_LINES ? hosted->said - JOURNAL_LINES + 1 : 1;
    sm_val list = SM_EMPTY_LIST;

    for (uint64_t n = from > first ? from : first; n <= hosted->said; n++) {
        const struct line *line = &hosted->lines[(n - 1) % JOURNAL_LINES];
        list = sm_val_append(r, list,
                             SM_MAP(r, "number", sm_val_int(r, (int64_t)n), "time", sm_val_str(r, sm_clock_rfc3339_micro(r, line->time)),
                                    "actor", sm_val_str(r, line->actor), "what", sm_val_str(r, line->text)));
    }
    return list;
}

/* --- Worlds -------------------------------------------------------------------------------------------------------------------- */

static sm_time present(const struct sm_hosted *hosted) {
    return hosted->stopped ? hosted->stopped : hosted->host->config.wall() + hosted->ahead;
}

static struct sm_live_config live_config(struct sm_hosted *hosted, struct sm_region *run) {
    return (struct sm_live_config){.run = run,
                                   .scratch = &hosted->scratch,
                                   .seed = hosted->lives,
                                   .start = present(hosted),
                                   .kubernetes = hosted->host->config.kubernetes,
                                   .first_version = hosted->live ? sm_server_version(hosted->live->server) : 0,
                                   .sink = {.self = hosted, .emit = hear},
                                   .controllers = hosted->host->config.controllers};
}

/* A new world in the region that is empty. */
static struct sm_live *new_world(struct sm_hosted *hosted, const char **reterr) {
    const struct sm_host_config *config = &hosted->host->config;

    hosted->lives++;
    struct sm_live_config live = live_config(hosted, &hosted->run[!hosted->at]);
    struct sm_live *new = sm_live_new(&live, reterr);
    if (!new)
        *reterr = sm_region_printf(&hosted->own, "there is no such controller: %s", *reterr);
    if (new && config->fill && (*reterr = config->fill(config->fill_arg, new)) != NULL)
        return NULL;
    if (new && hosted->live)
        sm_server_compact(new->server, sm_server_version(new->server));
    return new;
}

/* The other region is in use from now on. */
static void change(struct sm_hosted *hosted, struct sm_live *live) {
    struct sm_region *old = &hosted->run[hosted->at];

    hosted->live = live;
    hosted->at = !hosted->at;
    hosted->live_bytes = hosted->run[hosted->at].used_bytes;
    hosted->compact_at = sm_server_version(live->server) + 2 * hosted->host->config.history;
    sm_region_release(old);
    sm_region_init(old, "cluster", WORLD_BYTES_MAX);
}

void sm_hosted_move(struct sm_hosted *hosted) {
    struct sm_live_config config = live_config(hosted, &hosted->run[!hosted->at]);
    struct sm_live *live = sm_live_move(&config, hosted->live);

    sm_http_move(hosted->http, live->env, live->server);
    change(hosted, live);
}

void sm_hosted_reset(struct sm_hosted *hosted) {
    const char *error = NULL;
    struct sm_live *live = new_world(hosted, &error);

    SM_ASSERT(live); /* the same was made before */
    sm_http_replace(hosted->http, live->env, live->server);
    change(hosted, live);
}

/* Memory that is dead exceeds what lives, and nothing is on its way; or there is far too much of it. */
static bool should_move(const struct sm_hosted *hosted) {
    size_t spare = hosted->host->config.spare_bytes ? hosted->host->config.spare_bytes : SPARE_BYTES;
    size_t used = hosted->run[hosted->at].used_bytes, live = hosted->live_bytes > spare ? hosted->live_bytes : spare;
    sm_time due;

    if (used < hosted->live_bytes + live)
        return false;
    bool busy = sm_sim_next_due(hosted->live->sim, &due) && due < hosted->live->env->now + 10 * SM_MILLISECOND;
    return !busy || used > hosted->live_bytes + 4 * live;
}

static void keep_small(struct sm_hosted *hosted) {
    int64_t version = sm_server_version(hosted->live->server), history = hosted->host->config.history;

    if (version >= hosted->compact_at && version > history) {
        sm_server_compact(hosted->live->server, version - history);
        hosted->compact_at = version + history;
    }
    if (should_move(hosted))
        sm_hosted_move(hosted);
}

/* --- Time ---------------------------------------------------------------------------------------------------------------------- */

static void come_to_present(struct sm_hosted *hosted) {
    sm_time now = present(hosted);

    sm_sim_run_until(hosted->live->sim, now > hosted->live->env->now ? now : hosted->live->env->now);
}

/* The clock shows what the world has reached. */
static void set_clock(struct sm_hosted *hosted) {
    sm_time now = hosted->live->env->now;

    if (hosted->stopped)
        hosted->stopped = now;
    else if (now > present(hosted))
        hosted->ahead += now - present(hosted);
}

void sm_hosted_advance(struct sm_hosted *hosted, sm_time by) {
    come_to_present(hosted);
    sm_sim_run_until(hosted->live->sim, hosted->live->env->now + by);
    set_clock(hosted);
}

void sm_hosted_stop_clock(struct sm_hosted *hosted, bool stop) {
    come_to_present(hosted);
    if (!stop && hosted->stopped)
        hosted->ahead = hosted->stopped - hosted->host->config.wall();
    hosted->stopped = stop ? hosted->live->env->now : 0;
}

bool sm_hosted_clock_stopped(const struct sm_hosted *hosted) {
    return hosted->stopped != 0;
}

bool sm_hosted_settle(struct sm_hosted *hosted, sm_time quiet) {
    struct sm_sim *sim = hosted->live->sim;
    bool settled = true;
    sm_time due;

    come_to_present(hosted);
    sm_time changed = sim->env.now, end = sim->env.now + SETTLE_MAX;
    for (uint64_t events = 0; sm_sim_next_due(sim, &due) && due <= changed + quiet; events++) {
        int64_t version = sm_server_version(hosted->live->server);
        if (events == SETTLE_EVENTS_MAX || due > end) {
            settled = false;
            break;
        }
        sm_sim_step(sim);
        if (sm_server_version(hosted->live->server) != version)
            changed = sim->env.now;
    }
    set_clock(hosted);
    return settled;
}

void sm_hosted_compact(struct sm_hosted *hosted, int64_t version) {
    come_to_present(hosted); /* controllers read what is about to be forgotten */
    sm_server_compact(hosted->live->server, version);
}

/* --- Clusters ------------------------------------------------------------------------------------------------------------------ */

static void release(struct sm_hosted *hosted) {
    sm_region_release(&hosted->run[0]);
    sm_region_release(&hosted->run[1]);
    sm_region_release(&hosted->scratch);
    sm_region_release(&hosted->lines_scratch);
    hosted->host->clusters[hosted->number] = NULL;
    struct sm_region own = hosted->own;
    sm_region_release(&own);
}

static bool open_door(struct sm_hosted *hosted, const char **reterr) {
    const struct sm_host_config *config = &hosted->host->config;
    const struct sm_http_config http = {.region = &hosted->own,
                                        .env = hosted->live->env,
                                        .server = hosted->live->server,
                                        .bind = config->bind,
                                        .port = hosted->number ? 0 : config->port,
                                        .accounts = config->accounts,
                                        .account_count = config->account_count,
                                        .nobody = config->open ? config->accounts : NULL,
                                        .kubernetes = config->kubernetes,
                                        .own = {.self = hosted, .prefix = CONTROL_PREFIX, .answer = sm_host_control},
                                        .tls = config->tls};

    hosted->http = sm_http_open(&http, reterr);
    return hosted->http != NULL;
}

struct sm_hosted *sm_hosted_new(struct sm_host *host, struct sm_region *r, const char **reterr) {
    size_t number = 0;
    struct sm_region own;

    while (number < SM_HOST_CLUSTERS_MAX && host->clusters[number])
        number++;
    if (number == SM_HOST_CLUSTERS_MAX) {
        *reterr = "there are as many clusters as can be";
        return NULL;
    }
    sm_region_init(&own, "served cluster", 0);
    struct sm_hosted *hosted = sm_region_zalloc(&own, sizeof *hosted);
    hosted->own = own;
    hosted->host = host;
    hosted->number = number;
    host->clusters[number] = hosted;
    sm_region_init(&hosted->run[0], "cluster", WORLD_BYTES_MAX);
    sm_region_init(&hosted->run[1], "cluster", WORLD_BYTES_MAX);
    sm_region_init(&hosted->scratch, "event", 0);
    sm_region_init(&hosted->lines_scratch, "journal", 0);
    struct sm_live *live = new_world(hosted, reterr);
    if (live)
        change(hosted, live);
    if (live && open_door(hosted, reterr))
        return hosted;
    *reterr = sm_region_strdup(r, *reterr);
    release(hosted);
    return NULL;
}

void sm_hosted_close(struct sm_hosted *hosted) {
    sm_http_close(hosted->http);
    release(hosted);
}

struct sm_hosted *sm_hosted_at(const struct sm_host *host, size_t i) {
    return i < SM_HOST_CLUSTERS_MAX ? host->clusters[i] : NULL;
}

size_t sm_hosted_number(const struct sm_hosted *hosted) {
    return hosted->number;
}

const char *sm_hosted_url(struct sm_region *r, const struct sm_hosted *hosted) {
    const struct sm_host_config *config = &hosted->host->config;

    return sm_region_printf(r, "%s://%s:%u", config->tls ? "https" : "http", config->bind, sm_http_port(hosted->http));
}

const struct sm_live *sm_hosted_live(const struct sm_hosted *hosted) {
    return hosted->live;
}
const struct sm_host_config *sm_hosted_config(const struct sm_hosted *hosted) {
    return &hosted->host->config;
}
struct sm_host *sm_hosted_host(const struct sm_hosted *hosted) {
    return hosted->host;
}
size_t sm_hosted_bytes(const struct sm_hosted *hosted) {
    return hosted->run[hosted->at].used_bytes;
}

/* --- All of them ---------------------------------------------------------------------------------------------------------------- */

struct sm_host *sm_host_new(const struct sm_host_config *config, struct sm_region *r, const char **reterr) {
    struct sm_region region;

    sm_region_init(&region, "host", 0);
    struct sm_host *host = sm_region_zalloc(&region, sizeof *host);
    host->region = region;
    host->config = *config;
    if (sm_hosted_new(host, r, reterr))
        return host;
    sm_host_release(host);
    return NULL;
}

void sm_host_release(struct sm_host *host) {
    for (size_t i = 0; i < SM_HOST_CLUSTERS_MAX; i++)
        if (host->clusters[i])
            sm_hosted_close(host->clusters[i]);
    struct sm_region region = host->region;
    sm_region_release(&region);
}

size_t sm_host_poll(const struct sm_host *host, struct pollfd *polled) {
    size_t count = 0;

    for (size_t i = 0; i < SM_HOST_CLUSTERS_MAX; i++)
        if (host->clusters[i])
            polled[count++] = (struct pollfd){.fd = sm_http_descriptor(host->clusters[i]->http), .events = POLLIN};
    return count;
}

/* In the cluster's time, when next something is due by itself; 0: never. Where the clock stands, only the door's own. */
static sm_time due_of(const struct sm_hosted *hosted) {
    sm_time due = sm_http_due(hosted->http), next;

    if (hosted->stopped)
        return due && due <= hosted->live->env->now ? due : 0;
    if (sm_sim_next_due(hosted->live->sim, &next) && (!due || next < due))
        due = next;
    return due;
}

int sm_host_wait_ms(const struct sm_host *host) {
    int least = -1;

    for (size_t i = 0; i < SM_HOST_CLUSTERS_MAX; i++) {
        const struct sm_hosted *hosted = host->clusters[i];
        sm_time due = hosted ? due_of(hosted) : 0;
        if (!due)
            continue;
        sm_time left = due - present(hosted);
        int ms = left <= 0 ? 0 : left > SM_HOUR ? (int)(SM_HOUR / SM_MILLISECOND) : (int)(left / SM_MILLISECOND) + 1;
        if (least < 0 || ms < least)
            least = ms;
    }
    return least;
}

/* A request may make a cluster or end it, which is not this one: its own end it cannot ask for. */
void sm_host_run(struct sm_host *host) {
    for (size_t i = 0; i < SM_HOST_CLUSTERS_MAX; i++) {
        struct sm_hosted *hosted = host->clusters[i];
        if (!hosted)
            continue;
        come_to_present(hosted);
        sm_http_run(hosted->http);
        keep_small(hosted);
    }
}

bool sm_host_stopped(struct sm_host *host) {
    size_t streams = 0;

    for (size_t i = 0; i < SM_HOST_CLUSTERS_MAX; i++) {
        if (!host->clusters[i])
            continue;
        if (!host->stopping)
            sm_http_stop(host->clusters[i]->http);
        sm_http_run(host->clusters[i]->http);
        streams += sm_http_streams(host->clusters[i]->http);
    }
    host->stopping = true;
    return streams == 0;
}
