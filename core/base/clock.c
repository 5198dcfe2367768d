/* Printing has a calendar of its own, since every status write prints times; reading, which is rare, has libc's: timegm knows
 * neither the wall clock nor a time zone. */
#include "clock.h"

#include <string.h>
#include <time.h>

#include "str.h"

enum { FRACTION_DIGITS_MAX = 9 };

/* --- RFC 3339 ------------------------------------------------------------------------------------------------------ */

struct date {
    long year, month, day;
    long second; /* of the day */
    long ns;
};

/* Rounds down. The Gregorian calendar repeats itself after 400 years of 146097 days; its years begin in March here, so that
 * the leap day is the last, and the months' lengths follow (153 m + 2) / 5. */
static struct date split_time(sm_time t) {
    int64_t ns = t % SM_SECOND, seconds = t / SM_SECOND - (ns < 0), days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t since = days + 719468; /* 0000-03-01 */
    int64_t era = since / 146097 - (since % 146097 < 0);
    int64_t day = since - era * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    int64_t month = (5 * day + 2) / 153;

    return (struct date){.year = era * 400 + year + (month >= 10),
                         .month = month < 10 ? month + 3 : month - 9,
                         .day = day - (153 * month + 2) / 5 + 1,
                         .second = seconds - days * 86400,
                         .ns = ns < 0 ? ns + SM_SECOND : ns};
}

/* The digits of [number] and then [after]: printf is most of what a status write would cost. */
static inline char *put(char *at, unsigned number, int digits, char after) {
    for (int i = digits; i-- > 0; number /= 10)
        at[i] = (char)('0' + number % 10);
    at[digits] = after;
    return at + digits + 1;
}

/* The text up to the seconds, [after] behind them, into 36 bytes of [r]. */
static char *put_time(struct sm_region *r, const struct date *date, char after, char **ret_end) {
    char *text = sm_region_alloc(r, 36), *at = text;
    unsigned second = (unsigned)date->second;
    at = put(at, (unsigned)date->year, 4, '-');
    at = put(at, (unsigned)date->month, 2, '-');
    at = put(at, (unsigned)date->day, 2, 'T');
    at = put(at, second / 3600, 2, ':');
    at = put(at, second / 60 % 60, 2, ':');
    *ret_end = put(at, second % 60, 2, after);
    return text;
}

const char *sm_clock_rfc3339(struct sm_region *r, sm_time t) {
    struct date date = split_time(t);
    char *end, *text = put_time(r, &date, 'Z', &end);
    *end = '\0';
    return text;
}

const char *sm_clock_rfc3339_micro(struct sm_region *r, sm_time t) {
    struct date date = split_time(t);
    char *end, *text = put_time(r, &date, '.', &end);
    *put(end, (unsigned)(date.ns / 1000), 6, 'Z') = '\0';
    return text;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Reads exactly [digits] digits of a number up to [max]. */
static bool read_number(const char **at, int digits, int max, int *ret_number) {
    int number = 0;
    for (int i = 0; i < digits; i++) {
        if (!is_digit((*at)[i]))
            return false;
        number = number * 10 + ((*at)[i] - '0');
    }
    *at += digits;
    *ret_number = number;
    return number <= max;
}

static bool read_char(const char **at, char c) {
    if (**at != c)
        return false;
    ++*at;
    return true;
}

/* Reads `.` and digits, of which those behind the ninth do not count. */
static bool read_fraction(const char **at, int64_t *ret_ns) {
    if (!is_digit(*++*at))
        return false;
    int64_t ns = 0, scale = SM_SECOND;
    for (; is_digit(**at); ++*at) {
        scale /= 10;
        ns += (**at - '0') * scale;
    }
    *ret_ns = ns;
    return true;
}

/* Reads `Z`, `+02:00` or `-02:00`. */
static bool read_offset(const char **at, int *ret_seconds) {
    int sign = **at == '-' ? -1 : 1, hours, minutes;
    *ret_seconds = 0;
    if (read_char(at, 'Z'))
        return true;
    if (!read_char(at, '+') && !read_char(at, '-'))
        return false;
    if (!read_number(at, 2, 23, &hours) || !read_char(at, ':') || !read_number(at, 2, 59, &minutes))
        return false;
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool sm_clock_parse_rfc3339(const char *text, sm_time *ret_time) {
    const char *at = text;
    struct tm tm = {0};
    int year, month, offset;
    int64_t ns = 0;
    if (!read_number(&at, 4, 9999, &year) || !read_char(&at, '-') || !read_number(&at, 2, 12, &month) || !read_char(&at, '-') ||
        !read_number(&at, 2, 31, &tm.tm_mday) || !read_char(&at, 'T') || !read_number(&at, 2, 23, &tm.tm_hour) || !read_char(&at, ':') ||
        !read_number(&at, 2, 59, &tm.tm_min) || !read_char(&at, ':') || !read_number(&at, 2, 59, &tm.tm_sec))
        return false;
    if (*at == '.' && !read_fraction(&at, &ns))
        return false;
    if (!read_offset(&at, &offset) || *at)
        return false;

    /* timegm carries over what is too large: the 30th of February comes back as another day. */
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    int day = tm.tm_mday;
    int64_t seconds = timegm(&tm) - offset;
    if (tm.tm_mday != day || tm.tm_mon != month - 1)
        return false;

    sm_time t;
    if (seconds < 0 && ns > 0) { /* so that the earliest instants do not overflow on the way */
        seconds++;
        ns -= SM_SECOND;
    }
    if (__builtin_mul_overflow(seconds, SM_SECOND, &t) || __builtin_add_overflow(t, ns, &t))
        return false;
    *ret_time = t;
    return true;
}

/* --- Durations ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int64_t ns;
} units[] = {
    {"ns", 1},          {"us", SM_MICROSECOND}, {"\xc2\xb5s", SM_MICROSECOND}, {"\xce\xbcs", SM_MICROSECOND}, {"ms", SM_MILLISECOND},
    {"s", SM_SECOND},   {"m", SM_MINUTE},       {"h", SM_HOUR},
};

static int64_t read_unit(const char **at) {
    size_t bytes = strcspn(*at, ".0123456789");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].name) == bytes && memcmp(*at, units[i].name, bytes) == 0) {
            *at += bytes;
            return units[i].ns;
        }
    }
    return 0;
}

/* One `1.5h`. The fraction goes through a double, as in Go. */
static bool read_part(const char **at, uint64_t *ret_ns) {
    bool any = false;
    uint64_t whole = 0;
    for (; is_digit(**at); ++*at) {
        any = true;
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, (uint64_t)(**at - '0'), &whole))
            return false;
    }

    uint64_t fraction = 0;
    double scale = 1;
    if (read_char(at, '.')) {
        bool full = false;
        for (; is_digit(**at); ++*at) {
            any = true;
            full = full || fraction > (uint64_t)(INT64_MAX - 9) / 10;
            if (full)
                continue; /* too small to count */
            fraction = fraction * 10 + (uint64_t)(**at - '0');
            scale *= 10;
        }
    }

    int64_t unit = any ? read_unit(at) : 0;
    if (!unit || __builtin_mul_overflow(whole, (uint64_t)unit, ret_ns))
        return false;
    return !__builtin_add_overflow(*ret_ns, (uint64_t)((double)fraction * ((double)unit / scale)), ret_ns);
}

bool sm_clock_parse_duration(const char *text, sm_time *ret_duration) {
    const char *at = text;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (strcmp(at, "0") == 0) {
        *ret_duration = 0;
        return true;
    }

    uint64_t sum = 0;
    do {
        uint64_t part;
        if (!read_part(&at, &part) || __builtin_add_overflow(sum, part, &sum))
            return false;
    } while (*at);

    if (sum > (uint64_t)INT64_MAX + negative)
        return false;
    *ret_duration = (sm_time)(negative ? -sum : sum);
    return true;
}

/* `1.5s` for 1500000000 and SM_SECOND: all digits that are not trailing zeros. */
static void add_with_fraction(struct sm_str *s, uint64_t ns, int64_t unit, const char *name) {
    sm_str_addf(s, "%llu", (unsigned long long)(ns / (uint64_t)unit));
    uint64_t rest = ns % (uint64_t)unit;
    if (rest)
        sm_str_addc(s, '.');
    for (uint64_t scale = (uint64_t)unit / 10; rest; rest %= scale, scale /= 10)
        sm_str_addc(s, (char)('0' + rest / scale));
    sm_str_add(s, name);
}

const char *sm_clock_duration(struct sm_region *r, sm_time duration) {
    struct sm_str s;
    sm_str_init(&s, r);
    if (duration < 0)
        sm_str_addc(&s, '-');
    uint64_t ns = duration < 0 ? -(uint64_t)duration : (uint64_t)duration;

    if (ns >= (uint64_t)SM_HOUR)
        sm_str_addf(&s, "%lluh", (unsigned long long)(ns / (uint64_t)SM_HOUR));
    if (ns % (uint64_t)SM_HOUR >= (uint64_t)SM_MINUTE)
        sm_str_addf(&s, "%llum", (unsigned long long)(ns % (uint64_t)SM_HOUR / (uint64_t)SM_MINUTE));
    uint64_t rest = ns % (uint64_t)SM_MINUTE;
    if (ns >= (uint64_t)SM_SECOND) {
        if (rest)
            add_with_fraction(&s, rest, SM_SECOND, "s");
    } else if (ns >= (uint64_t)SM_MILLISECOND) {
        add_with_fraction(&s, ns, SM_MILLISECOND, "ms");
    } else if (ns >= (uint64_t)SM_MICROSECOND) {
        add_with_fraction(&s, ns, SM_MICROSECOND, "\xc2\xb5s");
    } else {
        sm_str_addf(&s, "%llu%s", (unsigned long long)ns, ns ? "ns" : "s");
    }
    return s.data;
}
