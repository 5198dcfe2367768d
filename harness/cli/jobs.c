#include "jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bug.h"
#include "message.h"

enum { PART_RUNS = 64, POLL_MILLISECONDS = 200, PLACES_EACH = 70 }; /* sm_finding_is_shrunk says yes that often at most */

/* A run that did not converge, and where it stands on its way to be filed. */
struct failed_run {
    struct sm_failure failure;
    uint64_t run; /* of its part, from 1 */
    bool whole;   /* its schedule came with it */
    bool wanted, given, done;
    struct sm_shrunk shrunk;
    struct failed_run *next; /* in the order of the runs */
};

struct part {
    uint64_t first, end;
    bool done, counted;
    struct sm_campaign came; /* counts only */
    struct failed_run *failures;
    struct part *next;
};

struct worker {
    pid_t process;
    int fd;
    bool busy;
    struct part *part; /* NULL: it shrinks, or waits */
};

struct jobs {
    struct sm_campaign *campaign;
    struct sm_region region; /* of parts and messages */
    struct worker workers[SM_JOBS_MAX];
    uint32_t worker_count;

    struct part *first, *last;      /* of those that are not filed yet */
    struct part *to_count;          /* the first that is not counted */
    uint64_t given, counted, ended; /* runs below: given to workers, counted; the engine has none from there on */
    struct sm_cause_count causes[SM_CAUSES_MAX];
    size_t cause_count;
    struct failed_run *place[SM_CAUSES_MAX * PLACES_EACH]; /* of failures that are shrunk */
    uint64_t place_count;
    bool over; /* no more parts */
};

/* --- In the order of the runs ------------------------------------------------------------------------------------------------- */

/* Decides what sm_finding_count will decide when the failure is filed. */
static bool is_wanted(struct jobs *jobs, const char *cause) {
    for (size_t i = 0; i < jobs->cause_count; i++)
        if (strcmp(jobs->causes[i].cause, cause) == 0)
            return sm_finding_is_shrunk(++jobs->causes[i].times);
    if (jobs->cause_count == SM_CAUSES_MAX)
        return false;
    jobs->causes[jobs->cause_count++] = (struct sm_cause_count){.cause = cause, .times = 1};
    return true;
}

static void count_parts(struct jobs *jobs) {
    for (; jobs->to_count && jobs->to_count->done; jobs->to_count = jobs->to_count->next) {
        struct part *part = jobs->to_count;
        for (struct failed_run *run = part->failures; run; run = run->next) {
            run->wanted = is_wanted(jobs, run->failure.cause);
            SM_ASSERT(!run->wanted || run->whole);
        }
        part->counted = true;
        jobs->counted = part->end;
    }
}

static struct failed_run *next_to_shrink(struct jobs *jobs) {
    for (struct part *part = jobs->first; part && part->counted; part = part->next)
        for (struct failed_run *run = part->failures; run; run = run->next)
            if (run->wanted && !run->given)
                return run;
    return NULL;
}

static bool is_shrunk(const struct part *part) {
    for (const struct failed_run *run = part->failures; run; run = run->next)
        if (run->wanted && !run->done)
            return false;
    return true;
}

static void file_part(struct jobs *jobs, struct part *part) {
    struct sm_campaign *campaign = jobs->campaign;
    const struct sm_campaign *came = &part->came;

    for (const struct failed_run *run = part->failures; run && !campaign->diverged; run = run->next)
        if (sm_finding_count(campaign, run->failure.cause))
            sm_finding_file(campaign, &run->failure, &run->shrunk, campaign->runs + run->run);
    campaign->runs += came->runs;
    campaign->events += came->events;
    campaign->checked += came->checked;
    campaign->states += came->states;
    campaign->states_new += came->states_new;
    campaign->transitions += came->transitions;
    campaign->faults += came->faults;
    campaign->depth = came->depth > campaign->depth ? came->depth : campaign->depth;
    for (size_t i = 0; i < SM_VERDICT_COUNT; i++)
        campaign->verdicts[i] += came->verdicts[i];
    if (came->runs)
        campaign->asked = came->asked;
    if (came->coverage)
        campaign->coverage = sm_region_strdup(campaign->kept, came->coverage);
    if (came->diverged && !campaign->diverged)
        campaign->diverged = sm_region_strdup(campaign->kept, came->diverged);
}

static void file_parts(struct jobs *jobs) {
    for (; jobs->first && jobs->first->counted && !jobs->campaign->diverged && is_shrunk(jobs->first); jobs->first = jobs->first->next)
        file_part(jobs, jobs->first);
}

/* --- What workers bring ------------------------------------------------------------------------------------------------------- */

static void hear_part(struct jobs *jobs, struct part *part, struct sm_message *message) {
    struct sm_campaign *came = &part->came;
    struct failed_run **to = &part->failures;

    if (sm_message_read_number(message) && part->first < jobs->ended)
        jobs->ended = part->first;
    came->asked = sm_message_read_number(message);
    came->runs = sm_message_read_number(message);
    came->events = sm_message_read_number(message);
    came->checked = sm_message_read_number(message);
    came->states = sm_message_read_number(message);
    came->states_new = sm_message_read_number(message);
    came->transitions = sm_message_read_number(message);
    came->faults = sm_message_read_number(message);
    came->depth = sm_message_read_number(message);
    for (size_t i = 0; i < SM_VERDICT_COUNT; i++)
        came->verdicts[i] = sm_message_read_number(message);
    came->coverage = sm_message_read_text(message);
    came->diverged = sm_message_read_text(message);
    for (uint64_t left = sm_message_read_number(message); left > 0; left--) {
        struct failed_run *run = sm_region_zalloc(&jobs->region, sizeof *run);
        run->failure.number = sm_message_read_number(message);
        run->run = sm_message_read_number(message);
        run->failure.cause = sm_message_read_text(message);
        run->whole = sm_message_read_number(message) != 0;
        run->failure.chosen = sm_message_read_choices(message, &run->failure.count);
        *to = run;
        to = &run->next;
    }
    part->done = true;
    if (came->diverged)
        jobs->over = true;
}

static void hear_shrunk(struct jobs *jobs, struct sm_message *message) {
    struct failed_run *run = jobs->place[sm_message_read_number(message)];
    struct sm_shrunk *shrunk = &run->shrunk;

    shrunk->fails = sm_message_read_number(message) != 0;
    shrunk->runs = sm_message_read_number(message);
    shrunk->verdict.kind = (enum sm_verdict_kind)sm_message_read_number(message);
    shrunk->verdict.events = sm_message_read_number(message);
    shrunk->verdict.property = sm_message_read_text(message);
    shrunk->verdict.reason = sm_message_read_text(message);
    shrunk->chosen = sm_message_read_choices(message, &shrunk->count);
    run->done = true;
}

/* A worker that dies, dies of a bug: so does the program. */
static void died(const struct worker *worker) {
    int status = 0;

    waitpid(worker->process, &status, 0);
    fprintf(stderr, "stalemate: a worker ended before its time: %s\n", WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it exited");
    abort();
}

static void hear(struct jobs *jobs, struct worker *worker) {
    struct sm_message message = sm_message_receive(worker->fd, &jobs->region);

    if (message.kind == SM_JOBS_DONE)
        hear_part(jobs, worker->part, &message);
    else if (message.kind == SM_JOBS_SHRUNK)
        hear_shrunk(jobs, &message);
    else
        died(worker);
    worker->busy = false;
    worker->part = NULL;
    count_parts(jobs);
    file_parts(jobs);
}

/* --- What workers get --------------------------------------------------------------------------------------------------------- */

static void give_message(struct worker *worker, struct sm_str *out) {
    worker->busy = true;
    if (!sm_message_send(worker->fd, out))
        died(worker);
}

static bool give_shrinking(struct jobs *jobs, struct worker *worker) {
    struct failed_run *run = next_to_shrink(jobs);
    struct sm_str out;

    if (!run)
        return false;
    SM_ASSERT(jobs->place_count < sizeof jobs->place / sizeof jobs->place[0]);
    run->given = true;
    jobs->place[jobs->place_count] = run;
    sm_str_init(&out, &jobs->region);
    sm_message_begin(&out, SM_JOBS_SHRINK);
    sm_message_number(&out, jobs->place_count++);
    sm_message_text(&out, run->failure.cause);
    sm_message_choices(&out, run->failure.chosen, run->failure.count);
    give_message(worker, &out);
    return true;
}

static bool give_part(struct jobs *jobs, struct worker *worker) {
    const struct sm_campaign *campaign = jobs->campaign;
    uint32_t shards = campaign->shards ? campaign->shards : 1;
    struct part *part;
    struct sm_str out;

    if (jobs->over || jobs->given >= jobs->ended || (campaign->runs_max && jobs->given >= campaign->runs_max))
        return false;
    part = sm_region_zalloc(&jobs->region, sizeof *part);
    part->first = jobs->given;
    part->end = jobs->given = part->first + (uint64_t)PART_RUNS * shards;
    worker->part = part;
    if (!jobs->first)
        jobs->first = part;
    if (!jobs->to_count)
        jobs->to_count = part;
    if (jobs->last)
        jobs->last->next = part;
    jobs->last = part;
    sm_str_init(&out, &jobs->region);
    sm_message_begin(&out, SM_JOBS_PART);
    sm_message_number(&out, part->first);
    sm_message_number(&out, part->end);
    sm_message_number(&out, jobs->counted);
    sm_message_number(&out, jobs->cause_count);
    for (size_t i = 0; i < jobs->cause_count; i++) {
        sm_message_text(&out, jobs->causes[i].cause);
        sm_message_number(&out, jobs->causes[i].times);
    }
    give_message(worker, &out);
    return true;
}

/* --- Processes ---------------------------------------------------------------------------------------------------------------- */

static void start(struct jobs *jobs, const struct sm_engine *engine, struct worker *worker) {
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        perror("stalemate: socketpair");
        abort();
    }
    worker->process = fork();
    if (worker->process < 0) {
        perror("stalemate: fork");
        abort();
    }
    if (worker->process == 0) {
        signal(SIGINT, SIG_IGN); /* the parent ends us */
        close(ends[0]);
        for (struct worker *other = jobs->workers; other < worker; other++)
            close(other->fd);
        sm_jobs_work(engine, jobs->campaign, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    worker->fd = ends[0];
}

static bool give(struct jobs *jobs) {
    bool busy = false;

    for (uint32_t i = 0; i < jobs->worker_count; i++) {
        struct worker *worker = &jobs->workers[i];
        if (!worker->busy && !jobs->campaign->diverged && !give_shrinking(jobs, worker))
            give_part(jobs, worker);
        busy |= worker->busy;
    }
    return busy;
}

static void wait_for_workers(struct jobs *jobs) {
    struct pollfd fds[SM_JOBS_MAX];

    for (uint32_t i = 0; i < jobs->worker_count; i++)
        fds[i] = (struct pollfd){.fd = jobs->workers[i].busy ? jobs->workers[i].fd : -1, .events = POLLIN};
    if (poll(fds, jobs->worker_count, POLL_MILLISECONDS) <= 0)
        return;
    for (uint32_t i = 0; i < jobs->worker_count; i++)
        if (fds[i].revents)
            hear(jobs, &jobs->workers[i]);
}

void sm_jobs_run(const struct sm_engine *engine, struct sm_campaign *campaign, uint32_t count) {
    struct jobs *jobs = sm_region_zalloc(campaign->work, sizeof *jobs);

    jobs->campaign = campaign;
    jobs->ended = UINT64_MAX;
    sm_region_init(&jobs->region, "jobs", 0);
    fflush(NULL);
    for (; jobs->worker_count < count && jobs->worker_count < SM_JOBS_MAX; jobs->worker_count++)
        start(jobs, engine, &jobs->workers[jobs->worker_count]);
    while (give(jobs)) {
        wait_for_workers(jobs);
        if (!jobs->over && campaign->more && !campaign->more(campaign->arg, campaign))
            jobs->over = campaign->stopped = true;
    }
    for (uint32_t i = 0; i < jobs->worker_count; i++) {
        close(jobs->workers[i].fd);
        waitpid(jobs->workers[i].process, NULL, 0);
    }
    sm_region_release(&jobs->region);
}
