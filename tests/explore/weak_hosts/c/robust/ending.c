#include "at.h"

#include <string.h>

enum ending ending_of(const char *line)
{
    if (strcmp(line, "OK") == 0)
        return ENDS_WELL;
    if (strcmp(line, "ERROR") == 0 || strncmp(line, "+CME ERROR:", 11) == 0)
        return ENDS_BADLY;
    return GOES_ON;
}
