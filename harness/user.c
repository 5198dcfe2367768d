/* One step at a time. A step has its turn when the one before is done; then it may wait for its trigger and its delay; then
 * it is performed, as an event. Steps that wait for the store (wait, assert) are done when it matches.
 *
 *      turn ─▶ trigger? ─▶ later? ─▶ delay ─▶ perform ─▶ (matches?) ─▶ next turn
 *
 * `later` is a choice of every step that does something: SM_CHOICE_USER, so many writes later. Once the user has edited an object's
 * spec, an edit at any write of anybody is one, too: a touch, or back to what was and, soon, forth again.
 */
#include "user.h"

#include <string.h>

#include "bug.h"
#include "match.h"
#include "meta.h"
#include "seinode.h"

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};
const struct sm_client sm_user_client = {.name = "user", .user = "kubernetes-admin", .groups = masters, .agent = "kubectl", .index = 1};

enum stage { STAGE_TRIGGER, STAGE_LATER, STAGE_SCHEDULED, STAGE_MATCHING, STAGE_DONE };

/* A step that could be performed may be chosen to wait for so many writes of others, though not for ever. */
enum { WRITES_MAX = 64 };
#define PATIENCE SM_MINUTE

struct sm_user {
    struct sm_world *world;
    uint32_t step;
    enum stage stage;
    uint32_t seen;    /* calls that the trigger has counted */
    uint64_t timer;   /* of `within`, or of a step that waits for writes; 0: none */
    uint64_t writes;  /* LATER: until the world has seen so many */
    uint64_t watched; /* never steps in force, as bits */

    const struct sm_expected_object *unmet; /* what an assertion waited for when it was last looked at, if it speaks of one object */
    sm_val unmet_by;                        /* which was this: as long as it is, nothing else need be looked at */

    const struct sm_target *edited; /* the object of the last edit of a spec; NULL: none yet */
    sm_val spec_before;             /* before that */
    sm_val forth;                   /* the spec that is put back soon; NULL: the user is not going back and forth */
    uint64_t edits;                 /* chosen so far */
    uint64_t asked;                 /* the world's writes when an edit was last asked about */
};

static void next_turn(struct sm_user *user);

static const struct sm_scenario *scenario_of(const struct sm_user *user) {
    return user->world->config.scenario;
}

static const struct sm_step *current(const struct sm_user *user) {
    return user->step < scenario_of(user)->step_count ? &scenario_of(user)->steps[user->step] : NULL;
}

/* --- What must match --------------------------------------------------------------------------------------------------------- */

struct looking {
    const struct sm_world *world;
    bool around; /* at another object than the expected one */
};

static sm_val find_object(void *arg, const char *kind, const char *name) {
    struct looking *looking = arg;
    const struct sm_world *world = looking->world;
    const struct sm_resource *resource = sm_resource_by_name(kind);

    looking->around = true;
    return resource ? sm_server_peek(world->server, resource, resource->namespaced ? "default" : "", name) : NULL;
}

static bool matches(const struct sm_user *user, const struct sm_expected_object *expected, struct sm_region *r, const char **reterr_why) {
    struct looking looking = {.world = user->world};
    struct sm_match_scope scope = {.find = find_object, .arg = &looking};
    sm_val object = sm_world_object(user->world, &expected->target);
    const char *why = NULL;

    if (sm_match(expected->pattern, object, &scope, r, &why))
        return true;
    if (r && reterr_why)
        *reterr_why = object ? sm_region_printf(r, "%s: %s", expected->target.text, why)
                             : sm_region_printf(r, "there is no %s", expected->target.text);
    return false;
}

static bool all_match(const struct sm_user *user, const struct sm_step *step, struct sm_region *r, const char **reterr_why) {
    for (size_t i = 0; i < step->expected_count; i++)
        if (!matches(user, &step->expected[i], r, reterr_why))
            return false;
    return true;
}

/* all_match, asked again at each change. */
static bool all_match_now(struct sm_user *user, const struct sm_step *step) {
    struct looking looking = {.world = user->world};
    struct sm_match_scope scope = {.find = find_object, .arg = &looking};

    if (user->unmet && sm_world_object(user->world, &user->unmet->target) == user->unmet_by)
        return false;
    user->unmet = NULL;
    for (size_t i = 0; i < step->expected_count; i++) {
        const struct sm_expected_object *expected = &step->expected[i];
        sm_val object = sm_world_object(user->world, &expected->target);
        looking.around = false;
        if (sm_match(expected->pattern, object, &scope, NULL, NULL))
            continue;
        user->unmet = looking.around ? NULL : expected;
        user->unmet_by = object;
        return false;
    }
    return true;
}

/* --- Performing ------------------------------------------------------------------------------------------------------------------ */

static void emit(struct sm_user *user, const struct sm_step *step, const char *text) {
    struct sm_env *env = user->world->env;

    if (!env->journal)
        return;
    sm_env_emit(env,
                &(struct sm_journal_event){
                    .time = env->now,
                    .cause = env->cause,
                    .kind = SM_JOURNAL_STEP,
                    .actor = "user",
                    .name = step->target.name,
                    .name_space = step->target.name_space,
                    .resource = step->target.resource ? step->target.resource->plural : NULL,
                    .text = sm_region_printf(env->run, "%s%s%s (%s)", sm_step_names[step->kind], text[0] ? " " : "", text, step->place),
                });
}

/* A step may come to nothing where things were chosen to go otherwise: a user who deletes a pod that is gone already shrugs. Where
 * nothing was, the scenario is wrong. */
static bool may_come_to_nothing(const struct sm_user *user) {
    return user->world->sim->chosen > 0;
}

static void request(struct sm_user *user, const struct sm_step *step, const struct sm_request *template) {
    struct sm_env *env = user->world->env;
    struct sm_request *copy = sm_region_alloc(env->run, sizeof *copy);

    *copy = *template;
    copy->client = &sm_user_client;
    const struct sm_reply *reply = sm_network_do(env, user->world->network, copy);
    if (!sm_reply_ok(reply) && !(reply->code == 404 && may_come_to_nothing(user)))
        sm_world_violate(user->world, "step",
                         sm_region_printf(env->run, "%s: the server refused it: %s", step->place, sm_reply_error(reply)));
}

static void apply(struct sm_user *user, const struct sm_step *step) {
    for (size_t i = 0; i < step->object_count; i++) {
        sm_val object = step->objects[i];
        const struct sm_kind_info *kind =
            sm_server_kind_of(user->world->server, sm_val_str_at(object, "apiVersion"), sm_val_str_at(object, "kind"));
        if (!kind) {
            sm_world_violate(
                user->world, "step",
                sm_region_printf(user->world->env->run, "%s: no matches for kind \"%s\"", step->place, sm_val_str_at(object, "kind")));
            return;
        }
        const char *name_space = !kind->resource->namespaced ? "" : sm_meta_namespace(object)[0] ? sm_meta_namespace(object) : "default";
        request(user, step,
                &(struct sm_request){.verb = SM_PATCH,
                                     .patch = SM_PATCH_APPLY,
                                     .resource = kind->resource,
                                     .subresource = "",
                                     .name_space = name_space,
                                     .name = sm_meta_name(object),
                                     .body = object,
                                     .field_manager = "kubectl",
                                     .force = true,
                                     .force_given = true});
    }
}

static void patch(struct sm_user *user, const struct sm_step *step) {
    request(user, step,
            &(struct sm_request){.verb = SM_PATCH,
                                 .patch = step->patch,
                                 .resource = step->target.resource,
                                 .subresource = step->subresource,
                                 .name_space = step->target.name_space,
                                 .name = step->target.name,
                                 .body = step->body,
                                 .field_manager = "kubectl-patch"});
}

static void delete (struct sm_user *user, const struct sm_step *step) {
    request(user, step,
            &(struct sm_request){.verb = SM_DELETE,
                                 .resource = step->target.resource,
                                 .subresource = "",
                                 .name_space = step->target.name_space,
                                 .name = step->target.name,
                                 .body = step->body});
}

static void scale(struct sm_user *user, const struct sm_step *step) {
    struct sm_region *r = user->world->env->run;

    request(user, step,
            &(struct sm_request){.verb = SM_PATCH,
                                 .patch = SM_PATCH_MERGE,
                                 .resource = step->target.resource,
                                 .subresource = "scale",
                                 .name_space = step->target.name_space,
                                 .name = step->target.name,
                                 .body = SM_MAP(r, "spec", SM_MAP(r, "replicas", sm_val_int(r, step->number))),
                                 .field_manager = "kubectl"});
}

static void nothing_like(struct sm_user *user, const struct sm_step *step, const char *what) {
    if (may_come_to_nothing(user))
        return;
    sm_world_violate(user->world, "step", sm_region_printf(user->world->env->run, "%s: there is no %s", step->place, what));
}

static void age_first_list(struct sm_env *env, struct sm_informer *informer, void *arg) {
    const struct sm_step *step = arg;
    (void)env;
    informer->list_age = step->stale;
    informer->catch_up = step->catch_up;
}

static void restart(struct sm_user *user, const struct sm_step *step) {
    struct sm_world *world = user->world;
    struct sm_world_actor *actor = sm_world_actor(world, step->controller);
    struct sm_step aged = *step;

    if (!actor) {
        nothing_like(user, step, sm_region_printf(world->env->run, "controller %s", step->controller));
        return;
    }
    sm_manager_crash(world->env, actor->manager);
    const struct sm_profile *next = step->profile_of_run ? world->config.profile : step->profile;
    if (next && actor->use && actor->use->options)
        sm_manager_set_options(actor->manager, actor->use->options(world->config.library, next));
    sm_world_informers(world, sm_region_printf(world->env->run, "%s/*", step->controller), age_first_list, &aged);
    sm_manager_restart_after(world->env, actor->manager, step->time);
}

static void hold_informer(struct sm_env *env, struct sm_informer *informer, void *arg) {
    (void)arg;
    sm_informer_hold(env, informer);
}

static void release_informer(struct sm_env *env, struct sm_informer *informer, void *arg) {
    (void)arg;
    sm_informer_release(env, informer);
}

static void hold(struct sm_user *user, const struct sm_step *step) {
    if (step->call)
        sm_network_hold(user->world->env, user->world->network, step->call);
    else if (!sm_world_informers(user->world, step->cache, hold_informer, NULL))
        nothing_like(user, step, sm_region_printf(user->world->env->run, "cache %s", step->cache));
}

static void release(struct sm_user *user, const struct sm_step *step) {
    if (step->call)
        sm_network_release(user->world->env, user->world->network, step->call);
    else if (!sm_world_informers(user->world, step->cache, release_informer, NULL))
        nothing_like(user, step, sm_region_printf(user->world->env->run, "cache %s", step->cache));
}

static void relist_informer(struct sm_env *env, struct sm_informer *informer, void *arg) {
    sm_time age = *(const sm_time *)arg;
    uint32_t at = UINT32_MAX;

    if (!informer->started) /* nothing to lose */
        return;
    if (age) {
        at = informer->log->count;
        while (at > informer->log->first && informer->log->entries[at - 1].time > env->now - age)
            at--;
    }
    sm_informer_relist(env, informer, at);
}

static void relist(struct sm_user *user, const struct sm_step *step) {
    sm_time age = step->stale;

    if (!sm_world_informers(user->world, step->cache, relist_informer, &age))
        nothing_like(user, step, sm_region_printf(user->world->env->run, "cache %s", step->cache));
}

static void exits(struct sm_user *user, const struct sm_step *step) {
    if (!sm_kubelet_container_exits(user->world->env, user->world->kubelet, step->target.name_space, step->target.name, step->container,
                                    (int)step->number))
        nothing_like(user, step, sm_region_printf(user->world->env->run, "running container %s in %s", step->container, step->target.text));
}

static void ready(struct sm_user *user, const struct sm_step *step) {
    if (!sm_kubelet_set_ready(user->world->env, user->world->kubelet, step->target.name_space, step->target.name, step->container,
                              step->on))
        nothing_like(user, step, sm_region_printf(user->world->env->run, "running container %s in %s", step->container, step->target.text));
}

static void sidecar(struct sm_user *user, const struct sm_step *step) {
    sm_sidecars_set_health(user->world->env, user->world->sidecars, step->target.name_space, step->target.name, (int)step->number);
}

static void node(struct sm_user *user, const struct sm_step *step) {
    (step->on ? sm_kubelet_node_returns : sm_kubelet_node_dies)(user->world->env, user->world->kubelet, step->target.name);
}

static void never(struct sm_user *user, const struct sm_step *step) {
    user->watched |= UINT64_C(1) << (step - scenario_of(user)->steps);
}

/* NULL: the step itself takes time. */
static void (*const performers[SM_STEP_COUNT])(struct sm_user *user, const struct sm_step *step) = {
    [SM_STEP_APPLY] = apply,
    [SM_STEP_PATCH] = patch,
    [SM_STEP_DELETE] = delete,
    [SM_STEP_SCALE] = scale,
    [SM_STEP_RESTART] = restart,
    [SM_STEP_HOLD] = hold,
    [SM_STEP_RELEASE] = release,
    [SM_STEP_RELIST] = relist,
    [SM_STEP_NEVER] = never,
    [SM_STEP_EXIT] = exits,
    [SM_STEP_READY] = ready,
    [SM_STEP_SIDECAR] = sidecar,
    [SM_STEP_NODE] = node,
};

/* --- Turns --------------------------------------------------------------------------------------------------------------------------- */

static void step_done(struct sm_user *user) {
    if (user->timer)
        sm_env_cancel(user->world->env, user->timer);
    user->timer = 0;
    user->step++;
    next_turn(user);
}

static void too_late(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_user *user = self;
    const struct sm_step *step = data;
    const char *why = "";
    (void)arg;

    user->timer = 0;
    if (user->stage != STAGE_MATCHING || current(user) != step)
        return;
    all_match(user, step, env->run, &why);
    sm_world_violate(user->world, sm_step_names[step->kind],
                     sm_region_printf(env->run, "%s: not within %s: %s", step->place, sm_clock_duration(env->run, step->time), why));
}

static void advance_done(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    (void)env;
    (void)arg;
    (void)data;
    step_done(self);
}

static uint64_t schedule(struct sm_user *user, const struct sm_step *step, sm_time delay, const char *what,
                         void (*fire)(struct sm_env *env, void *self, uint64_t arg, const void *data)) {
    return sm_env_at(user->world->env, &(struct sm_event){.due = user->world->env->now + delay,
                                                          .self = user,
                                                          .fire = fire,
                                                          .data = step,
                                                          .actor = "user",
                                                          .what = what,
                                                          .object = sm_step_names[step->kind],
                                                          .channel = user});
}

/* --- Edits that no step says --------------------------------------------------------------------------------------------------------- */

#define FORTH_AFTER (2 * SM_SECOND)
enum { EDIT_NONE, EDIT_TOUCH, EDIT_BACK_AND_FORTH, EDIT_WAYS };
static const char *const edit_names[EDIT_WAYS] = {"none", "touch", "back-and-forth"};

/* As kubectl does; who is refused lets it be. */
static void edit(struct sm_user *user, enum sm_verb verb, sm_val body) {
    struct sm_env *env = user->world->env;
    struct sm_request *request = sm_region_zalloc(env->run, sizeof *request);

    *request = (struct sm_request){.client = &sm_user_client,
                                   .verb = verb,
                                   .patch = verb == SM_PATCH ? SM_PATCH_MERGE : SM_PATCH_NONE,
                                   .resource = user->edited->resource,
                                   .subresource = "",
                                   .name_space = user->edited->name_space,
                                   .name = user->edited->name,
                                   .body = body,
                                   .field_manager = "kubectl-edit"};
    sm_network_do(env, user->world->network, request);
}

static void forth(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_user *user = self;
    sm_val object = sm_world_object(user->world, user->edited), spec = user->forth;
    (void)arg;
    (void)data;

    user->forth = NULL;
    if (object && spec)
        edit(user, SM_UPDATE, sm_val_set_at(env->run, object, "spec", spec));
}

static void choose_edit(struct sm_user *user) {
    struct sm_env *env = user->world->env;
    sm_val object = sm_world_object(user->world, user->edited);
    struct sm_choice_point point = {
        .kind = SM_CHOICE_USER, .n = EDIT_WAYS, .actor = "user", .what = "edit", .object = user->edited->text, .ways = edit_names};
    uint32_t way = object ? sm_env_choose(env, &point) : EDIT_NONE;

    if (way == EDIT_TOUCH) {
        sm_val touched = sm_val_str(env->run, sm_region_printf(env->run, "%llu", (unsigned long long)++user->edits));
        edit(user, SM_PATCH, SM_MAP(env->run, "metadata", SM_MAP(env->run, "annotations", SM_MAP(env->run, "touched", touched))));
    } else if (way == EDIT_BACK_AND_FORTH) {
        user->edits++;
        user->forth = sm_val_get(object, "spec");
        edit(user, SM_UPDATE, sm_val_set_at(env->run, object, "spec", user->spec_before));
        sm_env_at(env, &(struct sm_event){.due = env->now + FORTH_AFTER,
                                          .self = user,
                                          .fire = forth,
                                          .actor = "user",
                                          .what = "forth",
                                          .object = user->edited->text});
    }
}

static void remember_edit(struct sm_user *user, const struct sm_step *step, sm_val before) {
    sm_val after = sm_val_get(sm_world_object(user->world, &step->target), "spec");

    if (before && user->edited && strcmp(user->edited->text, step->target.text) == 0)
        user->forth = NULL; /* the step has the last word */
    if (before && after && !sm_val_equal(before, after)) {
        user->edited = &step->target;
        user->spec_before = before;
    }
}

/* --- A step ------------------------------------------------------------------------------------------------------------------------------ */

static void perform(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_user *user = self;
    const struct sm_step *step = data;
    (void)env;
    (void)arg;

    if (performers[step->kind]) {
        emit(user, step, step->target.text ? step->target.text : step->cache ? step->cache : step->controller ? step->controller : "");
        sm_val before = step->kind == SM_STEP_PATCH ? sm_val_get(sm_world_object(user->world, &step->target), "spec") : NULL;
        performers[step->kind](user, step);
        remember_edit(user, step, before);
        step_done(user);
    } else if (step->kind == SM_STEP_ADVANCE) {
        schedule(user, step, step->time, "advanced", advance_done);
    } else if (all_match(user, step, NULL, NULL)) {
        step_done(user);
    } else {
        user->stage = STAGE_MATCHING;
        user->unmet = NULL;
        if (step->time)
            user->timer = schedule(user, step, step->time, "late", too_late);
    }
}

static uint32_t choose_later(struct sm_user *user, const struct sm_step *step) {
    const char *on = step->target.text ? step->target.text : step->cache ? step->cache : step->controller ? step->controller : NULL;
    struct sm_choice_point point = {
        .kind = SM_CHOICE_USER, .n = WRITES_MAX, .actor = "user", .what = sm_step_names[step->kind], .object = on};

    return performers[step->kind] && step->kind != SM_STEP_NEVER ? sm_env_choose(user->world->env, &point) : 0;
}

static void perform_at_last(struct sm_env *env, void *self, uint64_t arg, const void *data) {
    struct sm_user *user = self;

    user->timer = 0;
    user->stage = STAGE_SCHEDULED;
    perform(env, self, arg, data);
}

static void go(struct sm_user *user, const struct sm_step *step) {
    uint32_t later = choose_later(user, step);

    user->stage = later ? STAGE_LATER : STAGE_SCHEDULED;
    user->writes = user->world->memory->writes + later;
    if (later)
        user->timer = schedule(user, step, step->after + PATIENCE, "step", perform_at_last);
    else
        schedule(user, step, step->after, "step", perform);
}

static void go_now(struct sm_user *user, const struct sm_step *step) {
    sm_env_cancel(user->world->env, user->timer);
    user->timer = 0;
    user->stage = STAGE_SCHEDULED;
    schedule(user, step, step->after, "step", perform);
}

static void next_turn(struct sm_user *user) {
    const struct sm_step *step = current(user);

    while (step && user->world->config.control && step->disturbs) {
        user->step++;
        step = current(user);
    }
    user->seen = 0;
    if (!step)
        user->stage = STAGE_DONE;
    else if (!step->when.given || (step->when.object && matches(user, step->when.object, NULL, NULL)))
        go(user, step);
    else
        user->stage = STAGE_TRIGGER;
}

struct sm_user *sm_user_new(struct sm_world *world) {
    struct sm_user *user = sm_env_state(world->env, sizeof *user, "user");

    user->world = world;
    user->stage = STAGE_DONE;
    return user;
}

void sm_user_start(struct sm_user *user) {
    next_turn(user);
}

void sm_user_changed(struct sm_user *user) {
    const struct sm_step *step = current(user);

    for (size_t i = 0; user->watched >> i && i < scenario_of(user)->step_count; i++) {
        const struct sm_step *watched = &scenario_of(user)->steps[i];
        for (size_t e = 0; (user->watched >> i & 1) && e < watched->expected_count; e++)
            if (matches(user, &watched->expected[e], NULL, NULL))
                sm_world_violate(
                    user->world, "never",
                    sm_region_printf(user->world->env->run, "%s: %s matches", watched->place, watched->expected[e].target.text));
    }
    if (user->edited && !user->forth && user->asked != user->world->memory->writes) {
        user->asked = user->world->memory->writes;
        choose_edit(user);
    }
    if (!step)
        return;
    if (user->stage == STAGE_LATER && user->world->memory->writes >= user->writes)
        go_now(user, step);
    else if (user->stage == STAGE_TRIGGER && step->when.object && matches(user, step->when.object, NULL, NULL))
        go(user, step);
    else if (user->stage == STAGE_MATCHING && all_match_now(user, step))
        step_done(user);
}

void sm_user_call(struct sm_user *user, const struct sm_call_event *event) {
    const struct sm_step *step = current(user);

    if (user->stage != STAGE_TRIGGER || step->when.object || step->when.phase != event->phase ||
        !sm_call_matches(&step->when.call, event->request, event->service))
        return;
    if (++user->seen == step->when.nth)
        go(user, step);
}

/* --- How it stands ----------------------------------------------------------------------------------------------------------------------- */

bool sm_user_done(const struct sm_user *user) {
    return user->stage == STAGE_DONE && !user->forth;
}

bool sm_user_waits(const struct sm_user *user, bool *ret_assert) {
    *ret_assert = user->stage == STAGE_MATCHING && current(user)->kind == SM_STEP_ASSERT;
    return (user->stage == STAGE_MATCHING || user->stage == STAGE_TRIGGER) && !user->forth;
}

const char *sm_user_waits_for(const struct sm_user *user, struct sm_region *r) {
    const struct sm_step *step = current(user);
    const char *why = "";

    if (user->stage == STAGE_MATCHING) {
        all_match(user, step, r, &why);
        return sm_region_printf(r, "%s: %s", step->place, why);
    }
    if (user->stage == STAGE_TRIGGER)
        return sm_region_printf(r, "%s: what it waits for has not happened (%u of %u)", step->place, user->seen,
                                step->when.object ? 1 : step->when.nth);
    return NULL;
}

bool sm_user_asserts_hold(const struct sm_user *user, struct sm_region *r, const char **reterr_why) {
    const struct sm_scenario *scenario = scenario_of(user);

    for (size_t i = scenario->step_count; i-- > 0;) {
        const struct sm_step *step = &scenario->steps[i];
        const char *why = "";
        if (step->kind != SM_STEP_ASSERT && step->kind != SM_STEP_NEVER && step->kind != SM_STEP_WAIT)
            break;
        if (step->kind == SM_STEP_ASSERT && !all_match(user, step, r, &why)) {
            if (reterr_why)
                *reterr_why = r ? sm_region_printf(r, "%s: %s", step->place, why) : "";
            return false;
        }
    }
    return true;
}

void sm_user_hash(const struct sm_user *user, struct sm_hash *hash) {
    sm_hash_u64(hash, user->step);
    sm_hash_u64(hash, user->stage);
    sm_hash_u64(hash, user->seen);
    sm_hash_u64(hash, user->forth != NULL);
    sm_hash_u64(hash, user->stage == STAGE_LATER ? user->writes - user->world->memory->writes : 0);
}
