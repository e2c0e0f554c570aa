/* Activates a context that is active already, and takes the error for a failure. */

#include "report.h"

enum result activate(struct report *report)
{
    enum result result = at_command(&report->at, QUICK, "AT+CGDCONT=1,\"IP\",\"internet\"");

    return result == DONE ? at_command(&report->at, ACTIVATING, "AT#SGACT=1,1") : result;
}
