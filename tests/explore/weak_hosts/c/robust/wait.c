#include "line.h"

#include <poll.h>

bool line_wait(const struct line *line, double deadline)
{
    return line_poll(line, POLLIN, deadline);
}
