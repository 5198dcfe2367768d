#include "timeline.h"

#include <string.h>

#include "json.h"

enum { ACTOR_WIDTH = 24, COLUMN_INDENT = 2, BODY_MAX = 160, LINE_BYTES_USUAL = 1024 };

void sm_timeline_init(struct sm_timeline *timeline, struct sm_region *region) {
    *timeline = (struct sm_timeline){.region = region};
    sm_str_init(&timeline->text, region);
}

/* --- What an event says --------------------------------------------------------------------------------------------------- */

static void add_object(struct sm_str *out, const struct sm_journal_event *event) {
    if (event->resource)
        sm_str_addf(out, " %s", event->resource);
    if (event->name && event->name[0])
        sm_str_addf(out, " %s%s%s", event->name_space ? event->name_space : "", event->name_space && event->name_space[0] ? "/" : "",
                    event->name);
}

static void add_version(struct sm_str *out, const struct sm_journal_event *event) {
    if (event->version)
        sm_str_addf(out, ", v%lld", (long long)event->version);
    if (event->latest && event->version && event->latest > event->version)
        sm_str_addf(out, " while the store is at v%lld", (long long)event->latest);
    if (event->behind)
        sm_str_addf(out, ", %s behind", sm_clock_duration(out->region, event->behind));
}

static void add_body(struct sm_str *out, sm_val body) {
    const char *text = sm_json_text(out->region, body, SM_JSON_COMPACT);

    if (strlen(text) <= BODY_MAX)
        sm_str_addf(out, " %s", text);
    else
        sm_str_addf(out, " %.*s...", BODY_MAX, text);
}

static void say_call(struct sm_str *out, const struct sm_journal_event *event) {
    sm_str_add(out, event->verb ? event->verb : "call");
    add_object(out, event);
    if (event->code)
        sm_str_addf(out, " -> %d", event->code);
    add_version(out, event);
    if (event->request && event->verb && strcmp(event->verb, "get") != 0 && strcmp(event->verb, "list") != 0)
        add_body(out, event->request);
    if (event->text && event->text[0])
        sm_str_addf(out, ": %s", event->text);
}

static void say_read(struct sm_str *out, const struct sm_journal_event *event) {
    sm_str_add(out, "reads its cache of");
    add_object(out, event);
    if (!event->version && event->name && event->name[0])
        sm_str_add(out, ": not there");
    add_version(out, event);
    if (event->text && event->text[0])
        sm_str_addf(out, ": %s", event->text);
}

static void say_lost(struct sm_str *out, const struct sm_journal_event *event) {
    sm_str_add(out, "FAULT ");
    sm_str_add(out, event->text ? event->text : "");
    sm_str_add(out, ":");
    if (event->verb)
        sm_str_addf(out, " %s", event->verb);
    add_object(out, event);
}

static void say_other(struct sm_str *out, const struct sm_journal_event *event) {
    sm_str_add(out, sm_journal_names[event->kind]);
    if (event->verb)
        sm_str_addf(out, " %s", event->verb);
    add_object(out, event);
    add_version(out, event);
    if (event->text && event->text[0])
        sm_str_addf(out, ": %s", event->text);
    if (event->choices)
        sm_str_addf(out, " (%u of %u)", event->choice, event->choices);
}

static void (*const sayers[SM_JOURNAL_COUNT])(struct sm_str *out, const struct sm_journal_event *event) = {
    [SM_JOURNAL_COMMITTED] = say_call, [SM_JOURNAL_SERVICE] = say_call, [SM_JOURNAL_READ] = say_read, [SM_JOURNAL_FAULT] = say_lost,
};

const char *sm_timeline_what(struct sm_region *r, const struct sm_journal_event *event) {
    struct sm_str out;

    sm_str_init(&out, r);
    (sayers[event->kind] ? sayers[event->kind] : say_other)(&out, event);
    return out.data;
}

/* --- Lines ------------------------------------------------------------------------------------------------------------------- */

static uint32_t column_of(struct sm_timeline *timeline, const char *actor) {
    for (uint32_t i = 0; i < timeline->column_count; i++)
        if (strcmp(timeline->columns[i], actor) == 0)
            return i;
    if (timeline->column_count == sizeof timeline->columns / sizeof *timeline->columns)
        return timeline->column_count - 1;
    timeline->columns[timeline->column_count] = sm_region_strdup(timeline->region, actor);
    return timeline->column_count++;
}

static void drop_first_line(struct sm_str *text) {
    const char *end = strchr(text->data, '\n');

    if (!end)
        return;
    size_t bytes = (size_t)(end + 1 - text->data);
    memmove(text->data, text->data + bytes, text->bytes - bytes + 1);
    text->bytes -= bytes;
}

/* False, and says so once, when so much has been told that the region's limit comes near. */
static bool has_room(struct sm_timeline *timeline) {
    if (timeline->region->used_bytes < timeline->region->limit_bytes / 4)
        return true;
    if (!timeline->full)
        sm_str_add(&timeline->text, "(no room for what follows)\n");
    timeline->full = true;
    return false;
}

void sm_timeline_add(struct sm_timeline *timeline, const struct sm_journal_event *event) {
    struct sm_str *out = &timeline->text;

    if ((!timeline->all && !sm_journal_shown[event->kind]) || !has_room(timeline))
        return;
    const char *actor = event->actor ? event->actor : "";
    sm_time since = event->time - SM_TIME_START;
    uint32_t column = column_of(timeline, actor);

    if (timeline->last && timeline->lines++ >= timeline->last)
        drop_first_line(out);
    sm_str_reserve(out, LINE_BYTES_USUAL);
    struct sm_region_mark mark = sm_region_mark(timeline->region);
    const char *data = out->data;
    sm_str_addf(out, "%6lld.%03llds  %*s%-*s  %s\n", (long long)(since / SM_SECOND), (long long)(since / SM_MILLISECOND % 1000),
                (int)(column < 8 ? column * COLUMN_INDENT : 8 * COLUMN_INDENT), "", ACTOR_WIDTH, actor,
                sm_timeline_what(timeline->region, event));
    if (out->data == data) /* it fits, and nothing of the line's making is needed any more */
        sm_region_rewind(timeline->region, mark);
}
