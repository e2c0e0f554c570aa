#include "report.h"

#include <stdio.h>

static enum result ask_whether_active(struct at *at, bool *is_active)
{
    enum result result = at_command(at, QUICK, "AT#SGACT?");
    const char *found = find(at, "#SGACT: 1,");

    *is_active = found != NULL && *found == '1';
    return result;
}

/* Activates context 1, unless it is active: on LTE it comes with the attachment. */
enum result activate(struct report *report)
{
    struct at *at = &report->at;
    bool is_active;
    enum result result;

    if ((result = ask_whether_active(at, &is_active)) != DONE || is_active)
        return result;
    if ((result = at_command(at, QUICK, "AT+CGDCONT=1,\"IP\",\"internet\"")) != DONE)
        return result;
    if ((result = at_command(at, ACTIVATING, "AT#SGACT=1,1")) != REFUSED)
        return result;
    if (ask_whether_active(at, &is_active) == DONE && is_active)
        return DONE;
    return at_trouble(at, REFUSED, "not activated");
}
