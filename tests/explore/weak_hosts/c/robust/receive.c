#include "at.h"

#include <stdio.h>
#include <string.h>

static const double RECEIVING = 15; /* seconds; the module waits for 10 itself */

/* Takes so many bytes of what comes, whatever they are. */
static enum result take(struct at *at, char *data, size_t size, double deadline)
{
    enum result result;

    while (at->length < size)
        if ((result = at_hear(at, deadline)) != DONE)
            return result;
    memcpy(data, at->heard, size);
    at->length -= size;
    memmove(at->heard, at->heard + size, at->length);
    return DONE;
}

enum result at_receive(struct at *at, char *data, size_t size, size_t *count)
{
    double deadline = now() + RECEIVING;
    char line[256];
    enum result result;

    *count = 0;
    snprintf(line, sizeof line, "AT#SSLRECV=1,%zu", size);
    if ((result = at_give(at, line)) != DONE)
        return result;
    do {
        if ((result = at_line(at, deadline, line, sizeof line)) != DONE)
            return result;
        if (ending_of(line) != GOES_ON)
            return ending_of(line) == ENDS_WELL ? DONE : at_trouble(at, REFUSED, line);
    } while (sscanf(line, "#SSLRECV: %zu", count) != 1);
    if (*count > size)
        return at_trouble(at, REFUSED, "more than was asked for");
    if ((result = take(at, data, *count, deadline)) != DONE)
        return result;
    return at_answer(at, deadline);
}
