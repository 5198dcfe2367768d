/* Requests of HTTP as texts, `METHOD PATH`, `Content-Type`, `Accept`, body, apart by lines of `---`: whatever they are, each has an
 * answer, and the server goes on. */
#include "bug.h"
#include "json.h"
#include "route.h"
#include "server.h"
#include "sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { REQUESTS_MAX = 6 };

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};
static const struct sm_client client = {.name = "user", .user = "admin", .groups = masters, .agent = "fuzz", .index = 1};

static const char *line(struct sm_region *r, const char **rest) {
    const char *begin = *rest;
    size_t bytes = strcspn(begin, "\n");

    *rest = begin[bytes] ? begin + bytes + 1 : begin + bytes;
    return bytes ? sm_region_strndup(r, begin, bytes) : NULL;
}

static void ask(struct sm_region *r, struct sm_sim *sim, struct sm_server *server, const char *text) {
    const char *first = line(r, &text), *space = first ? strchr(first, ' ') : NULL;

    if (!space)
        return;
    struct sm_http_request http = {.method = sm_region_strndup(r, first, (size_t)(space - first)), .path = space + 1, .client = &client};
    http.content_type = line(r, &text);
    http.accept = line(r, &text);
    http.body = text;
    http.body_bytes = strlen(text);
    struct sm_route route = sm_route(r, server, &http);
    SM_ASSERT(route.path);
    if (!route.resource)
        return;
    struct sm_reply reply = sm_server_handle(&sim->env, server, &route.request);
    SM_ASSERT(reply.code >= 200 && reply.code < 600 && reply.body);
    sm_json_text(r, reply.body, SM_JSON_COMPACT);
}

/* One server for all inputs, put back to its beginning: to make it takes longer than most requests. */
static struct {
    struct sm_region run, keep;
    struct sm_sim *sim;
    struct sm_server *server;
    struct sm_sim_snapshot *beginning;
} world;

static void begin(void) {
    if (world.sim) {
        sm_sim_restore(world.sim, world.beginning);
        return;
    }
    sm_region_init(&world.run, "run", 0);
    sm_region_init(&world.keep, "keep", 0);
    world.sim = sm_sim_new(&(struct sm_sim_config){.run = &world.run, .seed = 1});
    world.server = sm_server_new(&world.sim->env, &(struct sm_server_config){.seed = 1, .rbac = true});
    world.beginning = sm_sim_snapshot(world.sim, &world.keep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    begin();
    char *rest = sm_region_strndup(&world.run, (const char *)data, bytes);
    for (int i = 0; rest && i < REQUESTS_MAX; i++) {
        char *next = strstr(rest, "\n---\n");
        if (next) {
            *next = '\0';
            next += sizeof "\n---\n" - 1;
        }
        ask(&world.run, world.sim, world.server, rest);
        rest = next;
    }
    return 0;
}
