/* A worker of a campaign: does the parts it is given, and shrinks. */
#include <string.h>

#include "jobs.h"
#include "message.h"

struct worker {
    struct sm_campaign *campaign;
    int fd;
    struct sm_region region; /* of messages */
    struct sm_region shrinking;
    bool quit, in_part;

    /* Of the part. */
    uint64_t first, end, counted; /* counted: failures of the runs before that are in [known] */
    struct sm_cause_count known[SM_CAUSES_MAX];
    size_t known_count;
    struct sm_campaign before; /* as it was when the part began */
    struct sm_str failures;
    uint64_t failure_count;
};

/* --- What came of a part ------------------------------------------------------------------------------------------------------ */

/* Which failure of its cause it is is not known here, but between which two it is. */
static bool may_be_shrunk(struct worker *worker, const char *cause) {
    struct sm_cause_count *count = NULL;

    for (size_t i = 0; i < worker->known_count; i++)
        if (strcmp(worker->known[i].cause, cause) == 0)
            count = &worker->known[i];
    if (!count) {
        if (worker->known_count == SM_CAUSES_MAX)
            return true;
        count = &worker->known[worker->known_count++];
        *count = (struct sm_cause_count){.cause = sm_region_strdup(&worker->region, cause)};
    }
    uint32_t shards = worker->campaign->shards ? worker->campaign->shards : 1;
    uint64_t least = ++count->times, most = least + (worker->first - worker->counted) / shards + 1;
    for (uint64_t time = least; time <= most; time++)
        if (sm_finding_is_shrunk(time))
            return true;
    return false;
}

static void failed(void *self, struct sm_campaign *campaign, const struct sm_attempt *attempt, const char *cause) {
    struct worker *worker = self;
    struct sm_failure failure = {.number = attempt->number, .cause = cause};
    bool whole = may_be_shrunk(worker, cause);

    if (whole)
        sm_campaign_transcribe(campaign, attempt, cause, campaign->work, &failure);
    sm_message_number(&worker->failures, failure.number);
    sm_message_number(&worker->failures, campaign->runs - worker->before.runs);
    sm_message_text(&worker->failures, cause);
    sm_message_number(&worker->failures, whole);
    sm_message_choices(&worker->failures, failure.chosen, failure.count);
    worker->failure_count++;
}

static void send_part(struct worker *worker, bool ended) {
    const struct sm_campaign *now = worker->campaign, *before = &worker->before;
    struct sm_str out;

    sm_str_init(&out, &worker->region);
    sm_message_begin(&out, SM_JOBS_DONE);
    sm_message_number(&out, ended);
    sm_message_number(&out, now->asked);
    sm_message_number(&out, now->runs - before->runs);
    sm_message_number(&out, now->events - before->events);
    sm_message_number(&out, now->checked - before->checked);
    sm_message_number(&out, now->states - before->states);
    sm_message_number(&out, now->states_new - before->states_new);
    sm_message_number(&out, now->transitions - before->transitions);
    sm_message_number(&out, now->faults - before->faults);
    sm_message_number(&out, now->depth);
    for (size_t i = 0; i < SM_VERDICT_COUNT; i++)
        sm_message_number(&out, now->verdicts[i] - before->verdicts[i]);
    sm_message_text(&out, now->coverage);
    sm_message_text(&out, now->diverged);
    sm_message_number(&out, worker->failure_count);
    sm_str_addn(&out, worker->failures.data, worker->failures.bytes);
    worker->quit |= !sm_message_send(worker->fd, &out);
    worker->in_part = false;
}

/* --- What the parent wants ---------------------------------------------------------------------------------------------------- */

static void shrink(struct worker *worker, struct sm_message *message) {
    struct sm_region *r = &worker->shrinking;
    struct sm_str out;
    size_t count = 0;

    sm_region_clear(r);
    uint64_t place = sm_message_read_number(message);
    const char *cause = sm_message_read_text(message);
    const struct sm_chosen *chosen = sm_message_read_choices(message, &count);
    struct sm_shrunk shrunk = sm_shrink(worker->campaign->trial, r, chosen, count, cause, SM_FINDING_SHRINK_RUNS_MAX);
    sm_str_init(&out, r);
    sm_message_begin(&out, SM_JOBS_SHRUNK);
    sm_message_number(&out, place);
    sm_message_number(&out, shrunk.fails);
    sm_message_number(&out, shrunk.runs);
    sm_message_number(&out, shrunk.verdict.kind);
    sm_message_number(&out, shrunk.verdict.events);
    sm_message_text(&out, shrunk.verdict.property);
    sm_message_text(&out, shrunk.verdict.reason);
    sm_message_choices(&out, shrunk.chosen, shrunk.count);
    worker->quit |= !sm_message_send(worker->fd, &out);
}

static void begin_part(struct worker *worker, struct sm_message *message) {
    worker->first = sm_message_read_number(message);
    worker->end = sm_message_read_number(message);
    worker->counted = sm_message_read_number(message);
    worker->known_count = sm_message_read_number(message);
    for (size_t i = 0; i < worker->known_count; i++) {
        worker->known[i].cause = sm_message_read_text(message);
        worker->known[i].times = sm_message_read_number(message);
    }
    worker->before = *worker->campaign;
    worker->failure_count = 0;
    sm_str_init(&worker->failures, &worker->region);
    worker->in_part = true;
}

/* Until there is a part to do. */
static bool next(void *self, struct sm_campaign *campaign, uint64_t *ret_first, uint64_t *ret_end) {
    struct worker *worker = self;
    (void)campaign;

    if (worker->in_part)
        send_part(worker, false);
    while (!worker->quit) {
        sm_region_clear(&worker->region);
        struct sm_message message = sm_message_receive(worker->fd, &worker->region);
        if (message.kind == SM_JOBS_PART) {
            begin_part(worker, &message);
            *ret_first = worker->first;
            *ret_end = worker->end;
            return true;
        }
        if (message.kind == SM_JOBS_SHRINK)
            shrink(worker, &message);
        else
            worker->quit = true;
    }
    return false;
}

void sm_jobs_work(const struct sm_engine *engine, struct sm_campaign *campaign, int fd) {
    struct worker worker = {.campaign = campaign, .fd = fd};
    const struct sm_campaign_parts parts = {&worker, next, failed};
    uint64_t first = 0, end = 0;

    sm_region_init(&worker.region, "messages", 0);
    sm_region_init(&worker.shrinking, "shrinking", 0);
    campaign->parts = &parts;
    campaign->more = NULL;
    engine->run(campaign);
    /* An engine that has no more runs leaves its part unfinished, and shrinks from then on. */
    if (worker.in_part)
        send_part(&worker, true);
    while (!worker.quit && next(&worker, campaign, &first, &end))
        send_part(&worker, true);
    sm_region_release(&worker.shrinking);
    sm_region_release(&worker.region);
}
