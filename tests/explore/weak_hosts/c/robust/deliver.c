#include "report.h"

#include <stdio.h>

/* Sends the report with its key, so that the server takes it once. */
enum result deliver(struct report *report)
{
    char request[512], field[64];

    snprintf(field, sizeof field, "Idempotency-Key: %s\r\n", report->key);
    write_request(request, sizeof request, field);
    return post(report, request);
}
