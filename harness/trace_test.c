/* The recorded runs of the real controller, played as scenarios: our controller must send the same requests, in the same
 * order, with the same bodies and answers (spec/traces). What is left out of the comparison, because the recordings left it out
 * or because it is an id, a version or a time:
 *
 *   - resourceVersions, uids, times, managedFields; whether phaseTransitionTime moved to another second;
 *   - plan ids count by first appearance, task ids by plan, type and place;
 *   - the address behind `dial tcp`, the host of the sidecar's image, the hash in an Event's name;
 *   - calls of a sidecar that nobody heard, and those that hung: the recording sits in the sidecar;
 *   - reads and watches of informers.
 *
 * Events are posted by another thread of the process, so they are a stream of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "meta.h"
#include "plan.h"
#include "user.h"
#include "world.h"

static const char traces[] = "../../shared/spec/traces";
enum { CALLS_MAX = 512, NAMES_MAX = 256 };

struct call {
    const char *what; /* `patch seinodes/status run-c/fn-1 -> 200` */
    sm_val body;
    const char *place; /* `record 17`, `at 1.234s` */
};

struct calls {
    struct call call[CALLS_MAX];
    size_t count;
};

/* Ids on one side, with what they count as. */
struct names {
    const char *id[NAMES_MAX], *name[NAMES_MAX];
    size_t count;
    unsigned plans;
};

/* --- Bodies as both sides have them ---------------------------------------------------------------------------------------- */

static const char *find(const struct names *names, const char *id) {
    for (size_t i = 0; i < names->count; i++)
        if (!strcmp(names->id[i], id))
            return names->name[i];
    return NULL;
}

static const char *learn(struct names *names, const char *id, const char *name) {
    assert_true(names->count < NAMES_MAX);
    names->id[names->count] = id;
    names->name[names->count++] = name;
    return name;
}

static const char *plan_name(struct sm_region *r, struct names *names, const char *id) {
    const char *name = find(names, id);
    return name ? name : learn(names, id, sm_region_printf(r, "plan-%u", ++names->plans));
}

/* Every task of a plan that is seen for the first time. The recordings have the rule of their ids in place of them. */
static void learn_tasks(struct sm_region *r, struct names *names, sm_val plan) {
    const char *id = sm_val_str_at(plan, "id"), *name = plan_name(r, names, id);
    sm_val tasks = sm_val_get(plan, "tasks");
    for (size_t i = 0; i < sm_val_count(tasks); i++) {
        sm_val task = sm_val_item(tasks, i);
        const char *type = sm_val_str_at(task, "type"), *task_id = sm_val_str_at(task, "id");
        char derived[SM_UUID_BYTES];
        sm_plan_task_id(derived, id, type, i);
        bool recorded = !strncmp(task_id, "task(", 5);
        if (!recorded && strcmp(task_id, derived) != 0)
            fail_msg("the id of task %s of plan %s is %s and not %s", type, id, task_id, derived);
        if (!find(names, task_id))
            learn(names, task_id, sm_region_printf(r, "task(%s/%s/%zu)", name, type, i));
    }
}

static const char *same_text(struct sm_region *r, struct names *names, const char *text) {
    const char *known = find(names, text), *dial = strstr(text, "dial tcp");
    char id[64];
    int used = 0;
    if (known)
        return known;
    if (sscanf(text, "plan %63s %n", id, &used) == 1 && used)
        return sm_region_printf(r, "plan %s %s", plan_name(r, names, sm_region_strdup(r, id)), text + used);
    const char *task = strstr(text, "/v0/tasks/");
    if (task && find(names, task + 10))
        return sm_region_printf(r, "/v0/tasks/%s", find(names, task + 10));
    if (!strncmp(text, "ghcr.io/", 8))
        return sm_region_printf(r, "<registry>/%s", text + 8);
    return dial ? sm_region_printf(r, "%.*sdial tcp", (int)(dial - text), text) : text;
}

static bool is_one_of(const char *key, const char *const *list) {
    for (; *list; list++)
        if (!strcmp(key, *list))
            return true;
    return false;
}

static sm_val same(struct sm_region *r, struct names *names, sm_val v);

static sm_val same_map(struct sm_region *r, struct names *names, sm_val v) {
    static const char *const ids[] = {"resourceVersion", "uid", NULL};
    static const char *const times[] = {"lastTransitionTime", "submittedAt", "creationTimestamp", "deletionTimestamp", "firstTimestamp",
                                        "lastTimestamp", NULL};
    static const char *const dropped[] = {"managedFields", "phaseTransitionTime", NULL};
    sm_val out = SM_EMPTY_MAP;
    const struct sm_member *member;
    if (sm_val_get(v, "tasks") && sm_val_get(v, "id"))
        learn_tasks(r, names, v);
    SM_EACH_MEMBER(member, v) {
        sm_val value = member->value;
        if (is_one_of(member->key, dropped))
            continue;
        if (is_one_of(member->key, ids))
            value = sm_val_str(r, "<id>");
        else if (is_one_of(member->key, times))
            value = sm_val_str(r, "<time>");
        else
            value = same(r, names, value);
        out = sm_val_set(r, out, member->key, value);
    }
    if (sm_val_is_text(sm_val_get(v, "kind"), "Event")) {
        const char *name = sm_val_str_at(v, "metadata.name"), *dot = strrchr(name, '.');
        out = sm_val_set_at(r, out, "metadata.name", sm_val_strn(r, name, dot ? (size_t)(dot - name) : strlen(name)));
    }
    return out;
}

static sm_val same(struct sm_region *r, struct names *names, sm_val v) {
    if (sm_val_is_map(v))
        return same_map(r, names, v);
    if (sm_val_is_string(v)) {
        const char *text = same_text(r, names, v->string);
        return text == v->string ? v : sm_val_str(r, text);
    }
    if (!sm_val_is_list(v))
        return v;
    sm_val out = SM_EMPTY_LIST, item;
    SM_EACH_ITEM(item, v)
        out = sm_val_append(r, out, same(r, names, item));
    return out;
}

/* --- Recordings ------------------------------------------------------------------------------------------------------------ */

static char *read_file(struct sm_region *r, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    size_t bytes = (size_t)ftell(file);
    rewind(file);
    char *text = sm_region_alloc(r, bytes + 1);
    text[fread(text, 1, bytes, file)] = '\0';
    fclose(file);
    return text;
}

static void add(struct calls *calls, const char *what, sm_val body, const char *place) {
    assert_true(calls->count < CALLS_MAX);
    calls->call[calls->count++] = (struct call){what, body, place};
}

static const char *verb_of(sm_val record, bool named) {
    const char *method = sm_val_str_at(record, "method"), *type = sm_val_str_at(record, "content_type");
    if (!strcmp(method, "PATCH"))
        return strstr(type, "apply") ? "apply" : "patch";
    if (!strcmp(method, "POST"))
        return "create";
    if (!strcmp(method, "PUT"))
        return "update";
    if (!strcmp(method, "DELETE"))
        return "delete";
    return named ? "get" : "list";
}

/* `verb plural[/sub] namespace/name?query -> code` of a recorded request; NULL for informers' and foreign requests. */
static const char *what_of(struct sm_region *r, sm_val record, sm_val body) {
    char plural[64], name[128] = "", sub[64] = "", name_space[64];
    const char *path = strstr(sm_val_str_at(record, "path"), "/namespaces/"), *query = sm_val_str_at(record, "query");
    if (!path || sscanf(path, "/namespaces/%63[^/]/%63[^/]/%127[^/]/%63[^/]", name_space, plural, name, sub) < 2)
        return NULL;
    const char *verb = verb_of(record, *name);
    if (!strcmp(verb, "list"))
        return NULL;
    if (!strcmp(verb, "create"))
        snprintf(name, sizeof name, "%s", sm_val_str_at(body, "metadata.name"));
    if (!strcmp(plural, "events"))
        name[strcspn(name, ".")] = '\0';
    return sm_region_printf(r, "%s %s%s%s %s/%s%s%s -> %lld", verb, plural, *sub ? "/" : "", sub, name_space, name, *query ? "?" : "",
                            query, (long long)sm_val_int_at(record, "status", 0));
}

static sm_val with_path(struct sm_region *r, const char *path, sm_val body) {
    return SM_MAP(r, "path", sm_val_str(r, path), "body", body && !sm_val_is_null(body) ? body : NULL);
}

static void read_recording(struct sm_region *r, const char *name, struct calls *calls, struct calls *events) {
    char *line = read_file(r, sm_region_printf(r, "%s/%s.jsonl", traces, name)), *end;
    struct names names = {.count = 0};
    assert_non_null(line);
    for (; *line; line = end + 1) {
        end = strchr(line, '\n');
        sm_val record = sm_json_parse(r, line, (size_t)(end - line), NULL, NULL);
        assert_non_null(record);
        sm_val actor = sm_val_get(record, "actor"), body = sm_val_get(record, "body");
        const char *place = sm_region_printf(r, "record %lld", (long long)sm_val_int_at(record, "n", 0));
        int64_t status = sm_val_int_at(record, "status", 0);
        if (sm_val_is_text(actor, "controller")) {
            const char *what = what_of(r, record, body);
            if (what)
                add(strstr(what, " events ") ? events : calls, what, same(r, &names, body), place);
        } else if (sm_val_is_text(actor, "sidecar") && status > 0) {
            const char *what = sm_region_printf(r, "%s to the sidecar of %s/%s -> %lld", sm_val_str_at(record, "method"),
                                                sm_val_str_at(record, "ns"), sm_val_str_at(record, "node"), (long long)status);
            add(calls, what, same(r, &names, with_path(r, sm_val_str_at(record, "path"), body)), place);
        }
    }
}

/* --- Our run --------------------------------------------------------------------------------------------------------------- */

struct listener {
    struct sm_region *kept;
    struct sm_world *world;
    struct calls *calls, *events;
    struct names names;
    bool listening; /* since the recording's first user action */
};

static bool begins(const struct sm_journal_event *event) {
    if (event->kind == SM_JOURNAL_STEP)
        return event->text && strstr(event->text, "exit");
    return event->kind == SM_JOURNAL_COMMITTED && !strcmp(event->actor, "user") && !strcmp(event->resource, "seinodes");
}

static void hear(void *self, const struct sm_journal_event *event) {
    struct listener *l = self;
    struct sm_region *r = l->kept;
    bool request = event->kind == SM_JOURNAL_COMMITTED, service = event->kind == SM_JOURNAL_SERVICE;
    l->listening |= l->world && l->world->memory->phase == SM_WORLD_STEPS && begins(event);
    if (!l->listening || !(request || service) || strcmp(event->actor, "seinode-controller") != 0)
        return;
    const char *place = sm_region_printf(r, "at %.3fs", (double)(event->time - SM_TIME_START) / 1e9);
    sm_val body = event->request ? sm_val_copy(r, event->request, NULL) : NULL;
    if (request) {
        char name[128];
        snprintf(name, sizeof name, "%s", strcmp(event->verb, "create") ? event->name : sm_meta_name(event->request));
        if (!strcmp(event->verb, "list"))
            return;
        if (!strcmp(event->resource, "events"))
            name[strcspn(name, ".")] = '\0';
        const char *options = event->options ? event->options : "";
        const char *what = sm_region_printf(r, "%s %s %s/%s%s%s -> %d", event->verb, event->resource, event->name_space, name,
                                            *options ? "?" : "", options, event->code);
        add(!strcmp(event->resource, "events") ? l->events : l->calls, what, same(r, &l->names, body), place);
    } else if (event->code > 0) {
        char method[16], path[128], pod[64], node[64], name_space[64];
        assert_int_equal(sscanf(event->verb, "%15s %127s", method, path), 2);
        assert_int_equal(sscanf(event->name, "%63[^.].%63[^.].%63[^.]", pod, node, name_space), 3);
        const char *what = sm_region_printf(r, "%s to the sidecar of %s/%s -> %d", method, name_space, node, event->code);
        add(l->calls, what, same(r, &l->names, with_path(r, path, body)), place);
    }
}

static const char *read_for_loader(void *self, struct sm_region *r, const char *path, size_t *ret_bytes, const char **reterr) {
    (void)self;
    const char *text = read_file(r, path);
    *reterr = "cannot be read";
    *ret_bytes = text ? strlen(text) : 0;
    return text;
}

/* Until the scenario has sent as many calls as were recorded, or two minutes have gone by. */
static void play(struct sm_region *kept, const char *scenario_path, const char *profile, size_t calls_wanted, size_t events_wanted,
                 struct listener *listener) {
    struct sm_region run, scratch;
    struct sm_problems problems = sm_problems_init(kept);
    const struct sm_scenario *scenario = sm_scenario_load(kept, &(struct sm_reader){NULL, read_for_loader}, scenario_path, &problems);
    if (!scenario)
        fail_msg("%s", problems.at[0].text);
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    struct sm_world *world = sm_world_new(&(struct sm_world_config){
        .run = &run, .library = sm_library_new(kept), .scenario = scenario, .profile = sm_profile_find(profile), .sink = {listener, hear}});
    if (world->setup_error)
        fail_msg("%s: %s", world->setup_place, world->setup_error);
    listener->world = world;
    if (!sm_world_open(world))
        fail_msg("%s: the cluster does not come to rest", scenario_path);
    sm_time end = world->env->now + 2 * SM_MINUTE;
    while ((listener->calls->count < calls_wanted || listener->events->count < events_wanted) && world->env->now < end)
        if (!sm_world_step(world))
            break;
    sm_region_release(&scratch);
    sm_region_release(&run);
}

/* --- The comparison -------------------------------------------------------------------------------------------------------- */

static void print_around(const char *who, const struct calls *calls, size_t at) {
    for (size_t i = at > 3 ? at - 3 : 0; i < calls->count && i < at + 4; i++)
        print_message("  %s %s %s: %s\n", i == at ? ">" : " ", who, calls->call[i].place, calls->call[i].what);
}

static void compare(struct sm_region *r, const char *name, const struct calls *ours, const struct calls *recorded) {
    for (size_t i = 0; i < recorded->count; i++) {
        const struct call *a = i < ours->count ? &ours->call[i] : NULL, *b = &recorded->call[i];
        bool same_what = a && !strcmp(a->what, b->what);
        const char *difference = same_what ? sm_val_difference(r, a->body, b->body) : "";
        if (same_what && !difference)
            continue;
        print_around("ours    ", ours, i);
        print_around("recorded", recorded, i);
        if (same_what)
            print_message("  the bodies differ at %s:\n  ours     %s\n  recorded %s\n", difference,
                          sm_json_text(r, *difference ? sm_val_at(a->body, difference) : a->body, SM_JSON_COMPACT),
                          sm_json_text(r, *difference ? sm_val_at(b->body, difference) : b->body, SM_JSON_COMPACT));
        fail_msg("%s: call %zu of %zu is not the recorded one", name, i + 1, recorded->count);
    }
}

struct recording {
    const char *trace, *scenario, *profile;
};

static void check(void **state) {
    static struct calls ours, our_events, recorded, recorded_events;
    const struct recording *recording = *state;
    struct sm_region r;
    FILE *file = fopen("../../shared/spec/traces/README.md", "r");
    if (!file) {
        print_message("[  SKIP  ] THERE ARE NO RECORDINGS HERE: %s\n", traces);
        skip();
    }
    fclose(file);
    sm_region_init(&r, "trace", 0);
    ours.count = our_events.count = recorded.count = recorded_events.count = 0;
    read_recording(&r, recording->trace, &recorded, &recorded_events);
    struct listener listener = {.kept = &r, .calls = &ours, .events = &our_events};
    play(&r, recording->scenario, recording->profile, recorded.count, recorded_events.count, &listener);
    compare(&r, recording->trace, &ours, &recorded);
    compare(&r, recording->trace, &our_events, &recorded_events);
    assert_true(recorded.count > 4);
    sm_region_release(&r);
}

/*   name of the test                             recording                          scenario                       profile */
#define RECORDINGS(X) \
    X(a_node_is_born, "b-fullnode-init", "testdata/trace_b.yaml", "merged") \
    X(a_node_is_born_with_slow_tasks, "b2-fullnode-init-slow-tasks", "testdata/trace_b2.yaml", "merged") \
    X(update_of_a_healthy_node, "c-nodeupdate-healthy", "testdata/trace_c.yaml", "merged") \
    X(update_of_a_node_that_is_not_ready, "d-nodeupdate-notready-pod", "testdata/trace_d.yaml", "merged") \
    X(an_image_that_is_never_ready_and_the_next, "d2-nodeupdate-from-never-ready", "testdata/trace_d2.yaml", "merged") \
    X(an_archive, "e-archive", "testdata/trace_archive.yaml", "merged") \
    X(a_bootstrap_with_a_job, "e-bootstrap", "testdata/trace_bootstrap.yaml", "merged") \
    X(an_address_from_outside, "e-external-address", "testdata/trace_external_address.yaml", "merged") \
    X(a_genesis_ceremony, "e-genesis-ceremony", "testdata/trace_genesis.yaml", "merged") \
    X(an_imported_claim, "e-import-pvc", "testdata/trace_import.yaml", "merged") \
    X(a_claim_and_a_key_that_are_late, "e-import-and-key-waits", "testdata/trace_waits.yaml", "merged") \
    X(every_option, "e-options", "testdata/trace_options.yaml", "merged") \
    X(a_node_that_publishes_snapshots, "e-publish", "testdata/trace_publish.yaml", "merged") \
    X(a_replayer, "e-replayer", "testdata/trace_replayer.yaml", "merged") \
    X(state_sync, "e-statesync", "testdata/trace_statesync.yaml", "merged") \
    X(a_validator_with_keys, "e-validator-keys", "testdata/trace_validator.yaml", "merged") \
    X(deletion, "f-deletion", "testdata/trace_deletion.yaml", "merged") \
    X(the_sidecar_loses_its_gate, "g-sidecar-readiness", "testdata/trace_g.yaml", "merged") \
    X(the_original_bug, "orig-parent-notready-pod", "testdata/trace_orig.yaml", "before")

int main(void) {
#define X(name, trace, scenario, profile) static struct recording name = {trace, scenario, profile};
    RECORDINGS(X)
#undef X
    const struct CMUnitTest tests[] = {
#define X(name, trace, scenario, profile) {#name, check, NULL, NULL, &name},
        RECORDINGS(X)
#undef X
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
