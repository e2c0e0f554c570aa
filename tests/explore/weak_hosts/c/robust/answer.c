#include "at.h"

#include <stdio.h>
#include <string.h>

enum result at_answer(struct at *at, double deadline)
{
    char line[256];
    size_t length = 0;
    enum result result;

    at->answer[0] = '\0';
    for (;;) {
        if ((result = at_line(at, deadline, line, sizeof line)) != DONE)
            return result;
        switch (ending_of(line)) {
        case ENDS_WELL: return DONE;
        case ENDS_BADLY: return at_trouble(at, REFUSED, line);
        case GOES_ON:
            if (length + strlen(line) + 2 <= sizeof at->answer)
                length += (size_t)sprintf(at->answer + length, "%s\n", line);
        }
    }
}
