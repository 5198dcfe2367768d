/* Formats of strings that kube-apiserver checks (go-openapi's strfmt). Others are kept in the schema and mean nothing. */
#include <arpa/inet.h>
#include <ctype.h>

#include "structural.h"

struct sm_format {
    const char *name;
    bool (*accepts)(const char *text, size_t bytes);
};

/* Reads [digits] digits at [*at]; -1 if they are not there. */
static int number(const char **at, const char *end, int digits) {
    int n = 0;
    for (; digits > 0; digits--, (*at)++) {
        if (*at >= end || !isdigit((unsigned char)**at))
            return -1;
        n = n * 10 + (**at - '0');
    }
    return n;
}

static bool take(const char **at, const char *end, const char *one_of) {
    if (*at >= end || !**at || !strchr(one_of, **at))
        return false;
    ++*at;
    return true;
}

static bool take_date(const char **at, const char *end) {
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = number(at, end, 4);
    if (year < 0 || !take(at, end, "-"))
        return false;
    int month = number(at, end, 2);
    if (month < 1 || month > 12 || !take(at, end, "-"))
        return false;
    int day = number(at, end, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day >= 1 && day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

static bool is_date(const char *text, size_t bytes) {
    const char *at = text, *end = text + bytes;
    return take_date(&at, end) && at == end;
}

static bool take_clock(const char **at, const char *end, bool with_seconds) {
    int hour = number(at, end, 2);
    if (hour < 0 || hour > 23 || !take(at, end, ":"))
        return false;
    int minute = number(at, end, 2);
    if (minute < 0 || minute > 59)
        return false;
    if (!with_seconds)
        return true;
    int second = take(at, end, ":") ? number(at, end, 2) : -1;
    return second >= 0 && second <= 59;
}

static bool is_date_time(const char *text, size_t bytes) {
    const char *at = text, *end = text + bytes;
    if (!take_date(&at, end) || !take(&at, end, "tT") || !take_clock(&at, end, true))
        return false;
    if (take(&at, end, ".,")) {
        const char *first = at;
        while (at < end && isdigit((unsigned char)*at))
            at++;
        if (at == first)
            return false;
    }
    if (take(&at, end, "zZ"))
        return at == end;
    return take(&at, end, "+-") && take_clock(&at, end, false) && at == end;
}

static bool is_uuid_of(const char *text, size_t bytes, char version) {
    size_t digits = 0;
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '-' && (digits == 8 || digits == 12 || digits == 16 || digits == 20))
            continue;
        if (!isxdigit((unsigned char)text[i]))
            return false;
        if (digits == 12 && version && text[i] != version)
            return false;
        if (digits == 16 && version >= '4' && !strchr("89abAB", text[i]))
            return false;
        digits++;
    }
    return digits == 32;
}

static bool is_uuid(const char *text, size_t bytes) {
    return is_uuid_of(text, bytes, '\0');
}
static bool is_uuid3(const char *text, size_t bytes) {
    return is_uuid_of(text, bytes, '3');
}
static bool is_uuid4(const char *text, size_t bytes) {
    return is_uuid_of(text, bytes, '4');
}
static bool is_uuid5(const char *text, size_t bytes) {
    return is_uuid_of(text, bytes, '5');
}

static bool is_address(int family, const char *text) {
    unsigned char address[16];
    return inet_pton(family, text, address) == 1;
}

static bool is_ipv4(const char *text, size_t bytes) {
    return strlen(text) == bytes && is_address(AF_INET, text);
}
static bool is_ipv6(const char *text, size_t bytes) {
    return strlen(text) == bytes && is_address(AF_INET6, text);
}

static bool is_cidr(const char *text, size_t bytes) {
    char address[64];
    const char *slash = memchr(text, '/', bytes);
    if (!slash || slash == text || (size_t)(slash - text) >= sizeof address)
        return false;
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = '\0';

    const char *at = slash + 1, *end = text + bytes;
    int length = number(&at, end, (int)(end - at));
    bool v4 = is_address(AF_INET, address);
    return end - slash > 1 && end - slash < 5 && length >= 0 && length <= (v4 ? 32 : 128) && (v4 || is_address(AF_INET6, address));
}

static bool is_mac(const char *text, size_t bytes) {
    if (bytes != 17)
        return false;
    for (size_t i = 0; i < bytes; i++)
        if (i % 3 == 2 ? text[i] != ':' && text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    return true;
}

static bool is_hostname(const char *text, size_t bytes) {
    size_t label = 0;
    for (size_t i = 0; i < bytes; i++) {
        bool dot = text[i] == '.';
        if (dot ? label == 0 || text[i - 1] == '-' : !(isalnum((unsigned char)text[i]) || (text[i] == '-' && label > 0)) || label == 63)
            return false;
        label = dot ? 0 : label + 1;
    }
    return bytes > 0 && bytes <= 255 && text[bytes - 1] != '-';
}

static bool is_uri(const char *text, size_t bytes) {
    if (!bytes)
        return false;
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
            return false;
    if (*text == '/')
        return true;
    size_t scheme = 0;
    while (scheme < bytes && (isalnum((unsigned char)text[scheme]) || strchr("+-.", text[scheme])))
        scheme++;
    return isalpha((unsigned char)*text) && scheme + 1 < bytes && text[scheme] == ':';
}

static bool is_email(const char *text, size_t bytes) {
    const char *at = memchr(text, '@', bytes);
    return at && at > text && (size_t)(at - text) + 1 < bytes && !memchr(at + 1, '@', bytes - (size_t)(at + 1 - text)) &&
           !memchr(text, ' ', bytes);
}

static bool is_base64(const char *text, size_t bytes) {
    size_t padding = 0;
    for (size_t i = 0; i < bytes; i++) {
        padding += text[i] == '=';
        if (text[i] != '=' && (padding || !(isalnum((unsigned char)text[i]) || text[i] == '+' || text[i] == '/')))
            return false;
    }
    return bytes % 4 == 0 && padding <= 2;
}

/* A duration as Go writes it, or `3 days` and the like. */
static bool is_duration(const char *text, size_t bytes) {
    const char *at = text, *end = text + bytes;
    take(&at, end, "+-");
    if (at == end)
        return false;
    if (end - at == 1 && *at == '0')
        return true;
    while (at < end) {
        size_t digits = 0, points = 0, letters = 0;
        for (; at < end && (isdigit((unsigned char)*at) || *at == '.'); at++)
            digits += *at != '.', points += *at == '.';
        while (at < end && *at == ' ')
            at++;
        for (; at < end && (isalpha((unsigned char)*at) || (unsigned char)*at >= 0x80); at++)
            letters++;
        if (!digits || points > 1 || !letters)
            return false;
    }
    return true;
}

static bool is_color(const char *text, size_t bytes) {
    size_t start = bytes && *text == '#';
    for (size_t i = start; i < bytes; i++)
        if (!isxdigit((unsigned char)text[i]))
            return false;
    return bytes - start == 3 || bytes - start == 6;
}

static bool is_anything(const char *text, size_t bytes) {
    (void)text, (void)bytes;
    return true;
}

static const struct sm_format formats[] = {
    {"date-time", is_date_time}, {"date", is_date},         {"duration", is_duration}, {"uuid", is_uuid},
    {"uuid3", is_uuid3},         {"uuid4", is_uuid4},       {"uuid5", is_uuid5},       {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},           {"cidr", is_cidr},         {"mac", is_mac},           {"hostname", is_hostname},
    {"uri", is_uri},             {"email", is_email},       {"byte", is_base64},       {"hexcolor", is_color},
    {"datetime", is_date_time},  {"password", is_anything},
};

const struct sm_format *sm_format_find(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

const char *sm_format_name(const struct sm_format *format) {
    return format->name;
}

bool sm_format_accepts(const struct sm_format *format, const char *text, size_t bytes) {
    return format->accepts(text, bytes);
}
