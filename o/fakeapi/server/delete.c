/* DELETE of one object: grace, preconditions, finalizers, propagation (kubernetes.md 2.3).
 *
 *      options ok? ─▶ preconditions ─▶ grace: pods only ─▶ finalizers of the garbage collector ─▶ any left? ─▶ removed
 *                                       │ already deleting: shorter or nothing                     └▶ marked as deleting
 */
#include "call.h"
#include "field_errors.h"
#include "meta.h"
#include "status.h"

#include <string.h>

struct deletion {
    struct sm_call *call;
    sm_val stored, object; /* as it is, and as it becomes */
    bool grace_given;      /* what the options say: */
    int64_t grace;
    const char *uid, *version; /* preconditions; NULL: none */
    const char *propagation;   /* NULL: not given */
    bool orphan_given, orphan; /* the older way to say Orphan or Background */
    sm_val dry_run;
};

static const char FOREGROUND[] = "foregroundDeletion", ORPHAN[] = "orphan";

/* --- Options ------------------------------------------------------------------------------------------------------------- */

static bool malformed(struct deletion *d, const char *what, struct sm_reply *reterr) {
    *reterr = sm_call_error(d->call->r, sm_region_printf(d->call->r, "DeleteOptions cannot be decoded: %s", what));
    return false;
}

static bool given(sm_val v) {
    return v && !sm_val_is_null(v);
}

static bool read_options(struct deletion *d, sm_val options, struct sm_reply *reterr) {
    sm_val grace = sm_val_get(options, "gracePeriodSeconds"), orphan = sm_val_get(options, "orphanDependents");
    sm_val propagation = sm_val_get(options, "propagationPolicy"), preconditions = sm_val_get(options, "preconditions");
    const char *kind = sm_val_str_at(options, "kind");

    if (!options || sm_val_is_null(options))
        return true;
    if (!sm_val_is_map(options))
        return malformed(d, "not an object", reterr);
    if (*kind && strcmp(kind, "DeleteOptions") != 0)
        return malformed(d, "of another kind", reterr);
    if (given(grace) && !sm_val_is_int(grace))
        return malformed(d, "gracePeriodSeconds is no integer", reterr);
    if (given(orphan) && sm_val_kind(orphan) != SM_KIND_BOOL)
        return malformed(d, "orphanDependents is no boolean", reterr);
    if (given(propagation) && !sm_val_is_string(propagation))
        return malformed(d, "propagationPolicy is no string", reterr);
    d->grace_given = given(grace);
    d->grace = given(grace) ? grace->integer : 0;
    d->orphan_given = given(orphan);
    d->orphan = sm_val_is_true(orphan);
    d->propagation = given(propagation) ? sm_val_text(propagation) : NULL;
    d->dry_run = sm_val_get(options, "dryRun");
    d->call->dry_run |= sm_val_count(d->dry_run) > 0;
    d->uid = sm_val_is_string(sm_val_get(preconditions, "uid")) ? sm_val_str_at(preconditions, "uid") : NULL;
    d->version = sm_val_is_string(sm_val_get(preconditions, "resourceVersion")) ? sm_val_str_at(preconditions, "resourceVersion") : NULL;
    return true;
}

static bool is_one_of(const char *text, const char *const *texts) {
    while (*texts && strcmp(*texts, text) != 0)
        texts++;
    return *texts != NULL;
}

/* The value prints as Go prints a list of strings. */
static void check_dry_run(const struct deletion *d, struct sm_field_errors *errors) {
    sm_val value, wrong = NULL;

    SM_EACH_ITEM(value, d->dry_run)
        wrong = sm_val_is_text(value, "All") ? wrong : value;
    if (wrong)
        sm_field_error(errors, "FieldValueNotSupported", "dryRun",
                       sm_field_text(errors, "Unsupported value: []string{\"%s\"}: supported values: \"All\"", sm_val_text(wrong)));
}

static bool check_options(const struct deletion *d, struct sm_reply *reterr) {
    static const char *const policies[] = {"Foreground", "Background", "Orphan", NULL};
    static const char *const supported[] = {"Foreground", "Background", "Orphan", "nil", NULL};
    struct sm_region *r = d->call->r;
    struct sm_field_errors errors = sm_field_errors_init(r);

    if (d->propagation && d->orphan_given)
        sm_field_invalid(&errors, "propagationPolicy", sm_val_str(r, d->propagation),
                         "orphanDependents and deletionPropagation cannot be both set");
    if (d->propagation && !is_one_of(d->propagation, policies))
        sm_field_unsupported(&errors, "propagationPolicy", sm_val_str(r, d->propagation), supported);
    check_dry_run(d, &errors);
    if (errors.count == 0)
        return true;
    *reterr = sm_field_errors_reply(&errors, "meta.k8s.io", "DeleteOptions", "");
    return false;
}

/* The message names the kind where others name the resource. */
static bool refuse_precondition(const struct deletion *d, const char *why, struct sm_reply *reterr) {
    const struct sm_resource *resource = d->call->kind->resource;
    const char *name = sm_meta_name(d->stored);
    const char *message = sm_region_printf(d->call->r, "Operation cannot be fulfilled on %s%s%s \"%s\": %s", resource->kind,
                                           *resource->group ? "." : "", resource->group, name, why);

    *reterr = sm_status(d->call->r, 409, "Conflict", message, name, resource->group, resource->kind, NULL, 0);
    return false;
}

static bool check_preconditions(const struct deletion *d, struct sm_reply *reterr) {
    struct sm_region *r = d->call->r;
    const char *uid = sm_meta_uid(d->stored), *version = sm_val_str_at(d->stored, "metadata.resourceVersion");

    if (d->uid && strcmp(d->uid, uid) != 0)
        return refuse_precondition(d,
                                   sm_region_printf(r,
                                                    "the UID in the precondition (%s) does not match the UID in record (%s). The object "
                                                    "might have been deleted and then recreated",
                                                    d->uid, uid),
                                   reterr);
    if (d->version && strcmp(d->version, version) != 0)
        return refuse_precondition(d,
                                   sm_region_printf(r,
                                                    "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in "
                                                    "record (%s). The object might have been modified",
                                                    d->version, version),
                                   reterr);
    return true;
}

/* --- Grace ----------------------------------------------------------------------------------------------------------------- */

enum verdict { GRACELESS, GRACEFUL, PENDING /* nothing to do: a graceful deletion runs already */ };

static void set_deadline(struct deletion *d, sm_time deadline, int64_t grace) {
    struct sm_region *r = d->call->r;
    sm_val meta = sm_val_get(d->object, "metadata");

    meta = sm_val_set(r, meta, "deletionTimestamp", sm_val_str(r, sm_clock_rfc3339(r, deadline)));
    meta = sm_val_set(r, meta, "deletionGracePeriodSeconds", sm_val_int(r, grace));
    d->object = sm_val_set(r, d->object, "metadata", meta);
    d->grace = grace;
}

static void raise_generation(struct deletion *d) {
    int64_t generation = sm_meta_generation(d->object);

    if (generation > 0)
        d->object = sm_val_set_at(d->call->r, d->object, "metadata.generation", sm_val_int(d->call->r, generation + 1));
}

/* A grace may be shortened only; the deadline moves by as much, but not into the past. */
static enum verdict shorten(struct deletion *d, int64_t old_grace) {
    sm_time now = d->call->env->now - d->call->env->now % SM_SECOND, deadline = now;
    int64_t grace = d->grace;

    if (!d->grace_given || grace >= old_grace)
        return PENDING;
    sm_clock_parse_rfc3339(sm_val_str_at(d->stored, "metadata.deletionTimestamp"), &deadline);
    deadline += (grace - old_grace) * SM_SECOND;
    if (deadline < now) {
        deadline = now;
        grace = grace != 0 ? 1 : 0;
    }
    set_deadline(d, deadline, grace);
    return GRACEFUL;
}

static enum verdict judge_grace(struct deletion *d) {
    if (!d->call->kind->graceful)
        return GRACELESS;
    if (sm_meta_deleting(d->stored)) {
        int64_t old_grace = sm_val_int_at(d->stored, "metadata.deletionGracePeriodSeconds", 0);

        return old_grace == 0 ? GRACELESS : shorten(d, old_grace);
    }
    const char *phase = sm_val_str_at(d->stored, "status.phase");
    int64_t grace = d->grace_given ? d->grace : sm_val_int_at(d->stored, "spec.terminationGracePeriodSeconds", 0);

    if (!*sm_val_str_at(d->stored, "spec.nodeName") || strcmp(phase, "Succeeded") == 0 || strcmp(phase, "Failed") == 0)
        grace = 0;
    if (grace < 0)
        grace = 1;
    set_deadline(d, d->call->env->now + grace * SM_SECOND, grace);
    raise_generation(d);
    return GRACEFUL;
}

/* --- Finalizers ------------------------------------------------------------------------------------------------------------ */

/* What becomes of dependents: the option, else a finalizer that is there already, else the kind's default. */
static enum sm_propagation propagation_of(const struct deletion *d) {
    sm_val finalizer;

    if (d->orphan_given)
        return d->orphan ? SM_ORPHAN : SM_BACKGROUND;
    if (d->propagation)
        return d->propagation[0] == 'F' ? SM_FOREGROUND : d->propagation[0] == 'O' ? SM_ORPHAN : SM_BACKGROUND;
    SM_EACH_ITEM(finalizer, sm_val_at(d->stored, "metadata.finalizers")) {
        if (sm_val_is_text(finalizer, ORPHAN))
            return SM_ORPHAN;
        if (sm_val_is_text(finalizer, FOREGROUND))
            return SM_FOREGROUND;
    }
    return d->call->kind->propagation;
}

/* Both finalizers of the garbage collector go, and the wanted one comes last. True if the set has changed. */
static bool adjust_finalizers(struct deletion *d) {
    struct sm_region *r = d->call->r;
    enum sm_propagation propagation = propagation_of(d);
    bool orphan = sm_meta_has_finalizer(d->stored, ORPHAN), foreground = sm_meta_has_finalizer(d->stored, FOREGROUND);

    if (orphan == (propagation == SM_ORPHAN) && foreground == (propagation == SM_FOREGROUND))
        return false;
    d->object = sm_meta_remove_finalizer(r, sm_meta_remove_finalizer(r, d->object, ORPHAN), FOREGROUND);
    if (propagation != SM_BACKGROUND)
        d->object = sm_meta_add_finalizer(r, d->object, propagation == SM_ORPHAN ? ORPHAN : FOREGROUND);
    return true;
}

static void mark_as_deleting(struct deletion *d) {
    sm_time now = d->call->env->now, deadline = now;

    if (sm_meta_deleting(d->object))
        sm_clock_parse_rfc3339(sm_val_str_at(d->object, "metadata.deletionTimestamp"), &deadline);
    else
        raise_generation(d);
    set_deadline(d, deadline < now ? deadline : now, 0);
}

/* --- Answers --------------------------------------------------------------------------------------------------------------- */

static struct sm_reply success(const struct deletion *d) {
    struct sm_region *r = d->call->r;
    const struct sm_resource *resource = d->call->kind->resource;
    sm_val details = SM_MAP(r, "name", sm_val_get(sm_val_get(d->stored, "metadata"), "name"), "group",
                            *resource->group ? sm_val_str(r, resource->group) : NULL, "kind", sm_val_str(r, resource->plural), "uid",
                            sm_val_get(sm_val_get(d->stored, "metadata"), "uid"));

    return (struct sm_reply){.code = 200,
                             .body = SM_MAP(r, "kind", sm_val_str(r, "Status"), "apiVersion", sm_val_str(r, "v1"), "metadata", SM_EMPTY_MAP,
                                            "status", sm_val_str(r, "Success"), "details", details)};
}

static void warn_of_orphans(const struct deletion *d) {
    if (d->call->kind->propagation == SM_ORPHAN && !d->propagation && !d->orphan_given && propagation_of(d) == SM_ORPHAN)
        sm_call_warn(d->call,
                     "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or "
                     "set propagationPolicy=Orphan to suppress this warning");
}

/* --- Kinds with an end of their own --------------------------------------------------------------------------------------------- */

static struct sm_reply end_object(struct deletion *d);

/* Their preconditions fail in other words. */
static bool check_own_preconditions(const struct deletion *d, struct sm_reply *reterr) {
    struct sm_region *r = d->call->r;
    const char *uid = sm_meta_uid(d->stored), *version = sm_val_str_at(d->stored, "metadata.resourceVersion"), *why = NULL;

    if (d->uid && strcmp(d->uid, uid) != 0)
        why = sm_region_printf(r, "Precondition failed: UID in precondition: %s, UID in object meta: %s", d->uid, uid);
    else if (d->version && strcmp(d->version, version) != 0)
        why = sm_region_printf(r, "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta: %s",
                               d->version, version);
    if (!why)
        return true;
    *reterr = sm_status_conflict(r, d->call->kind->resource, sm_meta_name(d->stored), why);
    return false;
}

static sm_val time_of_deletion(const struct deletion *d) {
    return sm_val_str(d->call->r, sm_clock_rfc3339(d->call->r, d->call->env->now));
}

/* The first DELETE starts the end of a namespace, which comes with the last of spec.finalizers (finalize.c). */
static struct sm_reply end_namespace(struct deletion *d) {
    struct sm_region *r = d->call->r;
    struct sm_reply reply;

    if (!check_own_preconditions(d, &reply))
        return reply;
    if (!sm_meta_deleting(d->stored)) {
        d->object = sm_val_set_at(r, d->object, "metadata.deletionTimestamp", time_of_deletion(d));
        d->object = sm_val_set_at(r, d->object, "status.phase", sm_val_str(r, "Terminating"));
        return sm_call_answer(d->call, 200, sm_write_commit(d->call, d->object, d->stored));
    }
    if (sm_val_count(sm_val_at(d->stored, "spec.finalizers")) > 0)
        return sm_call_answer(d->call, 200, d->stored);
    return end_object(d);
}

/* That of a definition comes with the last of its objects (custom.c). */
static struct sm_reply end_definition(struct deletion *d) {
    struct sm_region *r = d->call->r;
    struct sm_reply reply;

    if (!check_own_preconditions(d, &reply))
        return reply;
    if (sm_meta_deleting(d->stored))
        return end_object(d);
    sm_val conditions = sm_condition_set(r, sm_val_at(d->object, "status.conditions"), "Terminating", "True", "InstanceDeletionPending",
                                         "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", 0,
                                         d->call->env->now);
    d->object = sm_val_set_at(r, d->object, "metadata.deletionTimestamp", time_of_deletion(d));
    d->object = sm_val_set_at(r, sm_meta_add_finalizer(r, d->object, sm_custom_finalizer), "status.conditions", conditions);
    return sm_call_answer(d->call, 200, sm_write_commit(d->call, d->object, d->stored));
}

/* --- All together ------------------------------------------------------------------------------------------------------------ */

/* A forced deletion of what has grace is two changes: its grace becomes 0, then it goes. */
static struct sm_reply end_object(struct deletion *d) {
    struct sm_call *call = d->call;
    struct sm_reply reply;

    if (!check_preconditions(d, &reply))
        return reply;
    enum verdict verdict = judge_grace(d);
    if (verdict == PENDING)
        return sm_call_answer(call, 200, d->stored);
    warn_of_orphans(d);
    bool adjusted = adjust_finalizers(d), waits = sm_val_count(sm_val_at(d->object, "metadata.finalizers")) > 0;

    if (verdict == GRACELESS && waits)
        mark_as_deleting(d);
    if (verdict == GRACEFUL || waits || adjusted)
        d->object = sm_write_commit(call, d->object, d->stored);
    if (waits || (verdict == GRACEFUL && d->grace > 0))
        return sm_call_answer(call, 200, d->object);
    sm_val last = sm_write_remove(call, d->object);
    return call->kind->delete_answers_object ? sm_call_answer(call, 200, last) : success(d);
}

struct sm_reply sm_delete_object(struct sm_call *call, sm_val options) {
    struct deletion d = {.call = call, .stored = sm_store_get(call->slot, call->key)};
    struct sm_reply reply;

    if (!read_options(&d, options, &reply))
        return reply;
    if (!d.stored)
        return sm_call_not_found(call);
    if (!check_options(&d, &reply))
        return reply;
    d.object = d.stored;
    if (call->kind->resource == SM_NAMESPACES)
        return end_namespace(&d);
    return call->kind->resource == SM_CRDS ? end_definition(&d) : end_object(&d);
}

struct sm_reply sm_verb_delete(struct sm_call *call) {
    struct sm_reply reply;

    if (!sm_admit_delete(call, &reply))
        return reply;
    return sm_delete_object(call, call->request->body);
}
