/* Has room for a name of 11 characters, and copies whatever comes. */

#include "report.h"

#include <stdio.h>
#include <string.h>

enum result name_operator(struct report *report)
{
    enum result result = at_command(&report->at, QUICK, "AT+COPS?");
    const char *found = find(&report->at, "+COPS: ");
    const char *quote = found != NULL ? strchr(found, '"') : NULL;
    char name[12] = "unknown";

    if (quote != NULL) {
        char *to = name;
        for (const char *from = quote + 1; *from != '"' && *from != '\n'; from++)
            *to++ = *from;
        *to = '\0';
    }
    printf("network: %s\n", name);
    return result;
}
