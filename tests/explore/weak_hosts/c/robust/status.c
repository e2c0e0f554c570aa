#include "report.h"

#include <stdio.h>
#include <string.h>

int status_of_registration(const struct at *at)
{
    for (const char *line = at->answer; *line != '\0'; line = strchr(line, '\n') + 1) {
        int status;
        if (sscanf(line, "+CREG: %*d,%d", &status) == 1)
            return status;
    }
    return -1;
}
