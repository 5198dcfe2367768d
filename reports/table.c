#include "table.h"

#include <string.h>

#define GREEN "\033[32m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

static size_t longest(size_t least, const char *text) {
    return strlen(text) > least ? strlen(text) : least;
}

static void pad(struct sm_str *out, const char *text, size_t width, const char *colour) {
    if (colour)
        sm_str_add(out, colour);
    sm_str_add(out, text);
    if (colour)
        sm_str_add(out, PLAIN);
    for (size_t i = strlen(text); i < width; i++)
        sm_str_addc(out, ' ');
}

/* Without colour an unexpected cell is marked by what was expected. */
static const char *cell_text(struct sm_str *out, const struct sm_cell *cell) {
    return cell->as_expected ? cell->verdict : sm_region_printf(out->region, "%s (not %s)", cell->verdict, cell->expected);
}

/* Within one row. */
static const struct sm_cell *find(const struct sm_cell *row, size_t count, const char *profile) {
    for (size_t i = 0; i < count && strcmp(row[i].file, row->file) == 0; i++)
        if (strcmp(row[i].profile, profile) == 0)
            return &row[i];
    return NULL;
}

/* The name of the scenario; its file where another one has that name. */
static const char *row_name(const struct sm_cell *cells, size_t count, const struct sm_cell *row) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(cells[i].scenario, row->scenario) == 0 && strcmp(cells[i].file, row->file) != 0)
            return row->file;
    return row->scenario;
}

static void end_line(struct sm_str *out) {
    while (out->bytes && out->data[out->bytes - 1] == ' ')
        out->data[--out->bytes] = '\0';
    sm_str_addc(out, '\n');
}

void sm_table(struct sm_str *out, const struct sm_cell *cells, size_t count, const char *const *profiles, size_t profile_count,
              bool colour) {
    size_t names = strlen("scenario"), widths[64] = {0};

    if (profile_count > sizeof widths / sizeof *widths)
        profile_count = sizeof widths / sizeof *widths;
    for (size_t i = 0; i < count; i++)
        names = longest(names, row_name(cells, count, &cells[i]));
    for (size_t p = 0; p < profile_count; p++) {
        widths[p] = strlen(profiles[p]);
        for (size_t i = 0; i < count; i++)
            if (strcmp(cells[i].profile, profiles[p]) == 0)
                widths[p] = longest(widths[p], cell_text(out, &cells[i]));
    }
    pad(out, "scenario", names + 2, NULL);
    for (size_t p = 0; p < profile_count; p++)
        pad(out, profiles[p], widths[p] + 2, NULL);
    end_line(out);
    for (size_t i = 0; i < count; i++) {
        if (i && strcmp(cells[i - 1].file, cells[i].file) == 0)
            continue;
        pad(out, row_name(cells, count, &cells[i]), names + 2, NULL);
        for (size_t p = 0; p < profile_count; p++) {
            const struct sm_cell *cell = find(&cells[i], count - i, profiles[p]);
            pad(out, cell ? cell_text(out, cell) : "-", widths[p] + 2, cell && colour ? cell->as_expected ? GREEN : RED : NULL);
        }
        end_line(out);
    }
}
