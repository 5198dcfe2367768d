/* What the controller writes in our own scenarios, in order (seinode-controller.md 8.4): verb, object, answer, and of a status what
 * moves in it. testdata/writes.txt holds it, so the order stands without any recording. The user's writes stand between,
 * and the tasks that a sidecar is given; reads, probes and Events do not. A run is written from its first step to its verdict.
 *
 * SM_REWRITE=1 in the environment writes the file anew: review the difference against the text and the recordings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "json.h"
#include "meta.h"
#include "scenario.h"
#include "str.h"
#include "verdict.h"
#include "world.h"

static const char golden[] = "testdata/writes.txt";

/*   scenario          profiles */
static const struct {
    const char *scenario;
    const char *profiles[4];
} runs[] = {
    {"nominal-update", {"before", "merged", "hardened"}},
    {"not-ready-pod", {"before", "merged"}},
    {"birth", {"before", "merged"}},
    {"deletion", {"before", "merged"}},
};

struct listener {
    struct sm_str *out;
    bool listening; /* since the first step */
};

static void describe_status(struct sm_str *out, sm_val status) {
    sm_val plan = sm_val_get(status, "plan"), task, condition;
    if (sm_val_get(status, "phase"))
        sm_str_addf(out, " phase=%s", sm_val_str_at(status, "phase"));
    if (sm_val_get(status, "currentImage"))
        sm_str_addf(out, " currentImage=%s", sm_val_str_at(status, "currentImage"));
    if (sm_val_is_map(plan)) {
        const char *phase = sm_val_str_at(plan, "phase");
        sm_str_addf(out, " plan%s%s[", *phase ? " " : "", phase);
        SM_EACH_ITEM(task, sm_val_get(plan, "tasks"))
            sm_str_addf(out, "%s%s=%c", out->data[out->bytes - 1] == '[' ? "" : " ", sm_val_str_at(task, "type"),
                        *sm_val_str_at(task, "status"));
        sm_str_addc(out, ']');
    } else if (plan) {
        sm_str_add(out, " plan=null");
    }
    SM_EACH_ITEM(condition, sm_val_get(status, "conditions"))
        sm_str_addf(out, " %s=%s/%s", sm_val_str_at(condition, "type"), sm_val_str_at(condition, "status"),
                    sm_val_str_at(condition, "reason"));
}

static void describe(struct sm_str *out, const struct sm_journal_event *event) {
    sm_val body = event->request, container;
    if (!strcmp(event->verb, "apply")) {
        const char *strategy = sm_val_str_at(body, "spec.updateStrategy.type");
        SM_EACH_ITEM(container, sm_val_at(body, "spec.template.spec.containers"))
            if (sm_val_is_text(sm_val_get(container, "name"), "seid"))
                sm_str_addf(out, " image=%s", sm_val_str_at(container, "image"));
        if (*strategy)
            sm_str_addf(out, " strategy=%s", strategy);
    } else if (!strcmp(event->verb, "delete")) {
        const char *uid = sm_val_str_at(body, "preconditions.uid"), *how = sm_val_str_at(body, "propagationPolicy");
        sm_str_addf(out, "%s%s%s", *uid ? " if it is still that one" : "", *how ? " " : "", how);
    } else if (!strcmp(event->verb, "patch") && !strcmp(event->actor, "user")) {
        sm_str_addf(out, " %.*s", 80, sm_json_text(out->region, body, SM_JSON_COMPACT));
    } else if (!strcmp(event->verb, "patch")) {
        describe_status(out, sm_val_get(body, "status"));
    }
}

static void hear(void *self, const struct sm_journal_event *event) {
    struct listener *l = self;
    bool user = event->actor && !strcmp(event->actor, "user"), controller = event->actor && !strcmp(event->actor, "seinode-controller");
    if (!l->listening || !(user || controller))
        return;
    if (event->kind == SM_JOURNAL_SERVICE && !strncmp(event->verb, "POST ", 5) && event->code > 0) {
        sm_str_addf(l->out, "%s {type: %s} -> %d\n", event->verb, sm_val_str_at(event->request, "type"), event->code);
    } else if (event->kind == SM_JOURNAL_COMMITTED) {
        bool read = !strcmp(event->verb, "get") || !strcmp(event->verb, "list");
        if (read || !strcmp(event->resource, "events"))
            return;
        const char *name = *event->name ? event->name : sm_meta_name(event->request);
        sm_str_addf(l->out, "%s%s %s/%s -> %d", user ? "user: " : "", event->verb, event->resource, name, event->code);
        describe(l->out, event);
        sm_str_addc(l->out, '\n');
    }
}

static void play(struct sm_str *out, struct sm_library *library, const struct sm_scenario *scenario, const char *profile) {
    struct sm_region run, scratch;
    struct listener listener = {.out = out};
    sm_region_init(&run, "run", 0);
    sm_region_init(&scratch, "scratch", 0);
    struct sm_world *world = sm_world_new(&(struct sm_world_config){.run = &run,
                                                                    .scratch = &scratch,
                                                                    .library = library,
                                                                    .scenario = scenario,
                                                                    .profile = sm_profile_find(profile),
                                                                    .sink = {&listener, hear}});
    if (world->setup_error || !sm_world_open(world))
        fail_msg("%s does not open", scenario->name);
    listener.listening = true;
    sm_str_addf(out, "--- %s\n", profile);
    struct sm_verdict verdict = sm_verdict_judge(world);
    sm_str_addf(out, "%s\n", sm_verdict_names[verdict.kind]);
    sm_region_release(&scratch);
    sm_region_release(&run);
}

static const char *played(struct sm_region *r) {
    struct sm_str out;
    struct sm_problems problems = sm_problems_init(r);
    struct sm_library *library = sm_library_new(r);
    sm_str_init(&out, r);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const char *path = sm_region_printf(r, "../scenarios/%s.yaml", runs[i].scenario);
        const struct sm_scenario *scenario = sm_scenario_load(r, &sm_files_reader, path, &problems);
        if (!scenario)
            fail_msg("%s", problems.at[0].text);
        sm_str_addf(&out, "%s=== %s\n", i ? "\n" : "", runs[i].scenario);
        for (const char *const *profile = runs[i].profiles; *profile; profile++)
            play(&out, library, scenario, *profile);
    }
    return out.data;
}

static void the_controller_writes_in_the_order_of_the_text(void **state) {
    struct sm_region r;
    size_t bytes = 0, at = 0, line = 1;
    const char *error, *rewrite = getenv("SM_REWRITE");
    (void)state;

    sm_region_init(&r, "writes", 0);
    const char *is = played(&r);
    if (rewrite && *rewrite == '1') {
        FILE *file = fopen(golden, "wb");
        assert_non_null(file);
        fputs(is, file);
        fclose(file);
    }
    const char *was = sm_files_reader.read(sm_files_reader.self, &r, golden, &bytes, &error);
    assert_non_null(was);

    for (; at < bytes && was[at] == is[at]; at++)
        line += was[at] == '\n';
    if (at < bytes || is[at]) {
        while (at && was[at - 1] != '\n')
            at--;
        fail_msg("%s:%zu: was\n%.*s\nis\n%.*s", golden, line, (int)strcspn(was + at, "\n"), was + at, (int)strcspn(is + at, "\n"), is + at);
    }
    sm_region_release(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_controller_writes_in_the_order_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
