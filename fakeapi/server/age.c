#include "age.h"

#define DAY (24 * SM_HOUR)
#define YEAR (365 * DAY)

/* Below [until], the text has [big] units and, unless it is zero, a rest in [small] ones; [wrap] small ones make a big one. */
static const struct {
    sm_time until, big, small;
    long long wrap;
    const char *big_name, *small_name; /* small_name NULL: no rest */
} steps[] = {
    {2 * SM_MINUTE,  SM_SECOND, 0,         1,   "s", NULL},
    {10 * SM_MINUTE, SM_MINUTE, SM_SECOND, 60,  "m", "s" },
    {3 * SM_HOUR,    SM_MINUTE, 0,         1,   "m", NULL},
    {8 * SM_HOUR,    SM_HOUR,   SM_MINUTE, 60,  "h", "m" },
    {2 * DAY,        SM_HOUR,   0,         1,   "h", NULL},
    {8 * DAY,        DAY,       SM_HOUR,   24,  "d", "h" },
    {2 * YEAR,       DAY,       0,         1,   "d", NULL},
    {8 * YEAR,       YEAR,      DAY,       365, "y", "d" },
    {INT64_MAX,      YEAR,      0,         1,   "y", NULL},
};

const char *sm_age_text(struct sm_region *r, sm_time duration) {
    size_t i = 0;

    if (duration <= -2 * SM_SECOND)
        return "<invalid>";
    if (duration < 0)
        return "0s";
    while (i + 1 < sizeof steps / sizeof steps[0] && duration >= steps[i].until)
        i++;
    long long big = duration / steps[i].big, rest = steps[i].small ? duration / steps[i].small % steps[i].wrap : 0;
    return rest ? sm_region_printf(r, "%lld%s%lld%s", big, steps[i].big_name, rest, steps[i].small_name)
                : sm_region_printf(r, "%lld%s", big, steps[i].big_name);
}

const char *sm_age_since(struct sm_region *r, sm_time now, const char *time) {
    sm_time then;

    if (!*time)
        return "<unknown>";
    return sm_clock_parse_rfc3339(time, &then) ? sm_age_text(r, now - then) : "<invalid>";
}
