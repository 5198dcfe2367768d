#include "message.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* --- Writing ------------------------------------------------------------------------------------------------------------------ */

void sm_message_begin(struct sm_str *out, char kind) {
    sm_str_clear(out);
    sm_message_number(out, 0); /* room for the length */
    sm_str_addc(out, kind);
}

void sm_message_number(struct sm_str *out, uint64_t number) {
    sm_str_addn(out, (const char *)&number, sizeof number);
}

void sm_message_text(struct sm_str *out, const char *text) {
    sm_message_number(out, text ? strlen(text) + 1 : 0);
    if (text)
        sm_str_addn(out, text, strlen(text) + 1);
}

void sm_message_choices(struct sm_str *out, const struct sm_chosen *chosen, size_t count) {
    sm_message_number(out, count);
    for (size_t i = 0; i < count; i++) {
        sm_message_number(out, chosen[i].kind);
        sm_message_number(out, chosen[i].occurrence);
        sm_message_text(out, chosen[i].label);
        sm_message_text(out, chosen[i].way);
    }
}

bool sm_message_send(int fd, struct sm_str *out) {
    uint64_t length = out->bytes - sizeof length;
    size_t sent = 0;

    memcpy(out->data, &length, sizeof length);
    while (sent < out->bytes) {
        ssize_t bytes = write(fd, out->data + sent, out->bytes - sent);
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes <= 0)
            return false;
        sent += (size_t)bytes;
    }
    return true;
}

/* --- Reading ------------------------------------------------------------------------------------------------------------------ */

static bool read_all(int fd, char *to, size_t bytes) {
    while (bytes) {
        ssize_t got = read(fd, to, bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        bytes -= (size_t)got;
    }
    return true;
}

struct sm_message sm_message_receive(int fd, struct sm_region *region) {
    struct sm_message message = {.region = region};
    uint64_t length = 0;

    if (!read_all(fd, (char *)&length, sizeof length) || length == 0)
        return message;
    char *data = sm_region_alloc(region, length);
    if (!read_all(fd, data, length))
        return message;
    message.kind = data[0];
    message.at = data + 1;
    return message;
}

uint64_t sm_message_read_number(struct sm_message *message) {
    uint64_t number = 0;

    memcpy(&number, message->at, sizeof number);
    message->at += sizeof number;
    return number;
}

const char *sm_message_read_text(struct sm_message *message) {
    uint64_t bytes = sm_message_read_number(message);
    const char *text = bytes ? message->at : NULL;

    message->at += bytes;
    return text;
}

const struct sm_chosen *sm_message_read_choices(struct sm_message *message, size_t *ret_count) {
    size_t count = sm_message_read_number(message);
    struct sm_chosen *chosen = sm_region_zalloc(message->region, (count + 1) * sizeof *chosen);

    for (size_t i = 0; i < count; i++) {
        chosen[i].kind = (enum sm_choice)sm_message_read_number(message);
        chosen[i].occurrence = (uint32_t)sm_message_read_number(message);
        chosen[i].label = sm_message_read_text(message);
        chosen[i].way = sm_message_read_text(message);
    }
    *ret_count = count;
    return chosen;
}
