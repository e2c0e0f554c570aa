#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EMPTY = 3 }; /* empty answers of #SSLRECV in a row, after which the server is taken to be gone */

/* Finds the body of an answer of HTTP; NULL while it is not complete. */
static const char *body_of(const char *heard, size_t length)
{
    const char *end = strstr(heard, "\r\n\r\n");
    const char *size = strstr(heard, "\r\nContent-Length: ");
    size_t expected;

    if (end == NULL)
        return NULL;
    end += 4;
    expected = size != NULL && size < end ? strtoul(size + 18, NULL, 10) : 0;
    return length - (size_t)(end - heard) >= expected ? end : NULL;
}

/* Sends a request and hears the answer. */
static enum result exchange(struct report *report, const char *request, char *heard, size_t size)
{
    enum result result = at_enter(&report->at, "AT#SSLSEND=1", request);
    size_t length = 0, count;

    heard[0] = '\0';
    for (int empty = 0; result == DONE && body_of(heard, length) == NULL;) {
        if (empty == EMPTY || length + 1 == size)
            return at_trouble(&report->at, REFUSED, "the server does not answer");
        result = at_receive(&report->at, heard + length, size - 1 - length < 1000 ? size - 1 - length : 1000, &count);
        for (size_t place = length; place < length + count; place++)
            if (heard[place] == '\0')
                heard[place] = '?'; /* no text has it */
        length += count;
        heard[length] = '\0';
        empty = count == 0 ? empty + 1 : 0;
    }
    return result;
}

void write_request(char *request, size_t size, const char *field)
{
    snprintf(request, size, "POST /reports HTTP/1.1\r\nHost: %s\r\nContent-Length: %zu\r\n%s\r\n%s", SERVER,
        strlen(TEXT), field, TEXT);
}

enum result post(struct report *report, const char *request)
{
    char heard[1024];
    enum result result = exchange(report, request, heard, sizeof heard);
    int status = 0;

    if (result != DONE)
        return result;
    sscanf(heard, "HTTP/1.%*d %d", &status);
    if (status == 200 && strcmp(body_of(heard, strlen(heard)), TEXT) == 0)
        return DONE;
    return at_trouble(&report->at, REFUSED, "the server does not have the report");
}
