/* Finds OK in data: the server's bytes are searched for the end of the answer. */

#include "at.h"

#include <stdio.h>
#include <string.h>

static const double RECEIVING = 15;

enum result at_receive(struct at *at, char *data, size_t size, size_t *count)
{
    double deadline = now() + RECEIVING;
    char command[64];
    const char *head, *from, *end;
    enum result result;

    *count = 0;
    snprintf(command, sizeof command, "AT#SSLRECV=1,%zu", size);
    if ((result = at_give(at, command)) != DONE)
        return result;
    do {
        if ((result = at_hear(at, deadline)) != DONE)
            return result;
        at->heard[at->length < sizeof at->heard ? at->length : at->length - 1] = '\0';
    } while (strstr(at->heard, "OK\r\n") == NULL);
    head = strstr(at->heard, "#SSLRECV: ");
    from = head != NULL ? strstr(head, "\r\n") : NULL;
    end = from != NULL ? strstr(from, "\r\n\r\nOK\r\n") : NULL;
    at->length = 0;
    if (end == NULL)
        return at_trouble(at, REFUSED, "no data");
    *count = (size_t)(end - from) - 2;
    if (*count > size)
        *count = size;
    memcpy(data, from + 2, *count);
    return DONE;
}
