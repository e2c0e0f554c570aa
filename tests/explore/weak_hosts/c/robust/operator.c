#include "report.h"

#include <stdio.h>
#include <string.h>

/* Says which network it is; there may be none just now. */
enum result name_operator(struct report *report)
{
    enum result result = at_command(&report->at, QUICK, "AT+COPS?");
    const char *found = find(&report->at, "+COPS: ");
    char name[64] = "unknown";

    if (found != NULL)
        sscanf(found, "%*d,%*d,\"%63[^\"\n]", name);
    printf("network: %s\n", name);
    return result;
}
