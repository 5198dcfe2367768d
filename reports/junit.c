#include "junit.h"

#include <string.h>

#include "utf8.h"

/* --- XML ---------------------------------------------------------------------------------------------------------------------- */

/* What XML 1.0 cannot say even as an escape becomes U+FFFD. */
static bool is_character(const char *p, size_t bytes) {
    unsigned char c = (unsigned char)*p;

    if (bytes == 1)
        return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    return bytes != 3 || (memcmp(p, "\xef\xbf\xbe", 3) != 0 && memcmp(p, "\xef\xbf\xbf", 3) != 0);
}

static void add_text(struct sm_str *out, const char *text, bool attribute) {
    for (const char *p = text, *end = text + strlen(text); p < end;) {
        size_t bytes = utf8_bytes(p, end);
        if (!bytes || !is_character(p, bytes))
            sm_str_add(out, "\xef\xbf\xbd");
        else if (*p == '&')
            sm_str_add(out, "&amp;");
        else if (*p == '<')
            sm_str_add(out, "&lt;");
        else if (*p == '>')
            sm_str_add(out, "&gt;");
        else if (attribute && *p == '"')
            sm_str_add(out, "&quot;");
        else if ((attribute && (*p == '\n' || *p == '\t')) || *p == '\r')
            sm_str_addf(out, "&#%d;", *p);
        else
            sm_str_addn(out, p, bytes);
        p += bytes ? bytes : 1;
    }
}

static void attribute(struct sm_str *out, const char *name, const char *text) {
    sm_str_addf(out, " %s=\"", name);
    add_text(out, text, true);
    sm_str_addc(out, '"');
}

static void property(struct sm_str *out, const char *name, const char *text) {
    if (!text || !text[0])
        return;
    sm_str_add(out, "        <property");
    attribute(out, "name", name);
    attribute(out, "value", text);
    sm_str_add(out, "/>\n");
}

/* --- Counts ------------------------------------------------------------------------------------------------------------------- */

struct totals {
    unsigned tests, failures, errors;
    sm_time time;
};

static bool is_error(const struct sm_cell *cell) {
    return cell->undecided || cell->unstable;
}

static struct totals totals_of(const struct sm_cell *cells, size_t count) {
    struct totals totals = {.tests = (unsigned)count};

    for (size_t i = 0; i < count; i++) {
        totals.errors += is_error(&cells[i]);
        totals.failures += !is_error(&cells[i]) && !cells[i].as_expected;
        totals.time += cells[i].time;
    }
    return totals;
}

static void add_time(struct sm_str *out, sm_time time) {
    long long milliseconds = (long long)(time / SM_MILLISECOND);

    sm_str_addf(out, " time=\"%lld.%03lld\"", milliseconds / 1000, milliseconds % 1000);
}

static void add_totals(struct sm_str *out, const struct totals *totals) {
    sm_str_addf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\"", totals->tests, totals->failures, totals->errors);
    add_time(out, totals->time);
}

/* --- Cells -------------------------------------------------------------------------------------------------------------------- */

/* `scenarios/cache-race.yaml` is the class `cache-race` of the package `scenarios`, to Jenkins. */
static void add_class(struct sm_str *out, const char *file) {
    char *name = sm_region_strdup(out->region, file), *dot = strrchr(name, '.');

    if (dot && dot != name && !strchr(dot, '/'))
        *dot = '\0';
    while (*name == '/' || *name == '.')
        name++;
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '.';
    attribute(out, "classname", name);
}

static void add_failure(struct sm_str *out, const struct sm_cell *cell) {
    const char *element = is_error(cell) ? "error" : "failure", *reason = cell->reason[0] ? cell->reason : "";
    const char *what = cell->unstable ? "it did not repeat itself: this is a bug of stalemate"
                                      : sm_region_printf(out->region, "%s, not %s as expected", cell->verdict, cell->expected);

    if (cell->undecided && !cell->unstable)
        what = "a budget ran out";
    sm_str_addf(out, "      <%s", element);
    attribute(out, "message", sm_region_printf(out->region, "%s%s%s", what, reason[0] ? ": " : "", reason));
    attribute(out, "type", cell->verdict);
    sm_str_addc(out, '>');
    add_text(out, sm_region_printf(out->region, "%s\n", what), false);
    if (reason[0])
        add_text(out, sm_region_printf(out->region, "reason:   %s\n", reason), false);
    if (cell->why && cell->why[0])
        add_text(out, sm_region_printf(out->region, "expected: %s\n", cell->why), false);
    if (cell->complaint)
        add_text(out, sm_region_printf(out->region, "%s\n", cell->complaint), false);
    if (cell->log && cell->log[0] && !cell->log_is_whole)
        add_text(out, sm_region_printf(out->region, "the last events:\n%s", cell->log), false);
    add_text(out, sm_region_printf(out->region, "replay:   %s\n", cell->replay ? cell->replay : ""), false);
    sm_str_addf(out, "</%s>\n", element);
}

static void add_cell(struct sm_str *out, const struct sm_cell *cell) {
    sm_str_add(out, "    <testcase");
    attribute(out, "name", cell->control ? sm_region_printf(out->region, "%s, control", cell->profile) : cell->profile);
    add_class(out, cell->file);
    attribute(out, "file", cell->file);
    add_time(out, cell->time);
    sm_str_add(out, ">\n      <properties>\n");
    property(out, "verdict", cell->verdict);
    property(out, "reason", cell->reason);
    property(out, "why", cell->why);
    property(out, "events", sm_region_printf(out->region, "%llu", (unsigned long long)cell->events));
    sm_str_add(out, "      </properties>\n");
    if (!cell->as_expected || is_error(cell))
        add_failure(out, cell);
    if (cell->log_is_whole && cell->log && cell->log[0]) {
        sm_str_add(out, "      <system-out>");
        add_text(out, cell->log, false);
        sm_str_add(out, "</system-out>\n");
    }
    sm_str_add(out, "    </testcase>\n");
}

void sm_junit(struct sm_str *out, const struct sm_cell *cells, size_t count) {
    struct totals all = totals_of(cells, count);

    sm_str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"stalemate\"");
    add_totals(out, &all);
    sm_str_add(out, ">\n");
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin; end < count && strcmp(cells[end].file, cells[begin].file) == 0;)
            end++;
        struct totals totals = totals_of(cells + begin, end - begin);
        sm_str_add(out, "  <testsuite");
        attribute(out, "name", cells[begin].scenario);
        attribute(out, "file", cells[begin].file);
        add_totals(out, &totals);
        sm_str_add(out, ">\n    <properties>\n      <property name=\"time\" value=\"virtual seconds\"/>\n    </properties>\n");
        for (size_t i = begin; i < end; i++)
            add_cell(out, &cells[i]);
        sm_str_add(out, "  </testsuite>\n");
    }
    sm_str_add(out, "</testsuites>\n");
}
