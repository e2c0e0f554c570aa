/* Knows OK and ERROR alone, and waits for one of them: after +CME ERROR, for ever. */

#include "at.h"

#include <stdio.h>
#include <string.h>

static const double LOOKING = 1; /* seconds of one look */

enum result at_answer(struct at *at, double deadline)
{
    char line[256];
    size_t length = 0;
    enum result result;

    (void)deadline;
    at->answer[0] = '\0';
    while ((result = at_line(at, now() + LOOKING, line, sizeof line)) != GONE) {
        if (result == SILENT)
            continue;
        if (strcmp(line, "OK") == 0)
            return DONE;
        if (strcmp(line, "ERROR") == 0)
            return at_trouble(at, REFUSED, line);
        if (length + strlen(line) + 2 <= sizeof at->answer)
            length += (size_t)sprintf(at->answer + length, "%s\n", line);
    }
    return GONE;
}
