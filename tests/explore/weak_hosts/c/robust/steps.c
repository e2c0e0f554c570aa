#include "report.h"

#include <stdio.h>

const char SERVER[] = "http.lab";
const char TEXT[] = "pump 1 OK\r\npump 2 ERROR\r\nmodem NO CARRIER\r\ntank 87 %\r\n";
const double ACTIVATING = 50;

static const double STARTING = 40;    /* seconds until a module that restarts answers */
static const double REGISTERING = 60; /* seconds until the network has taken the module in */
static const double DIALLING = 40;    /* seconds for a TCP connection and a handshake */

enum result (*const steps[STEPS])(struct report *) = {
    wake, enlist, name_operator, activate, enable, dial, deliver, hang_up,
};

static enum result try_to_wake(struct at *at)
{
    if (!line_open(&at->line))
        return at_trouble(at, GONE, "");
    at_hush(at);
    return at_command(at, 2, "AT");
}

/* Waits for the module, and sets how it speaks, which a restart forgets. */
enum result wake(struct report *report)
{
    struct at *at = &report->at;
    double deadline = now() + STARTING;
    enum result result;

    while ((result = try_to_wake(at)) != DONE) {
        if (now() >= deadline)
            return result;
        pause_for(2); /* late answers come, and are dropped before the next try */
    }
    if ((result = at_command(at, QUICK, "ATE0")) != DONE || (result = at_command(at, QUICK, "AT+CMEE=1")) != DONE)
        return result;
    return at_command(at, QUICK, "AT+CREG=1");
}

/* Waits for the network. */
enum result enlist(struct report *report)
{
    struct at *at = &report->at;
    double deadline = now() + REGISTERING;
    enum result result;

    while ((result = at_command(at, QUICK, "AT+CREG?")) == DONE) {
        int status = status_of_registration(at);
        if (status == 1 || status == 5)
            return DONE;
        if (now() >= deadline)
            return at_trouble(at, REFUSED, "not registered");
        pause_for(1);
    }
    return result;
}

/* Enables SSL, and closes what an earlier attempt has left open. */
enum result enable(struct report *report)
{
    struct at *at = &report->at;
    enum result result = at_command(at, QUICK, "AT#SSLS=1");
    const char *found = find(at, "#SSLS: 1,");

    if (result != DONE)
        return result;
    if (found == NULL)
        return at_trouble(at, REFUSED, "tells no status");
    if (*found == '0') /* disabled */
        return at_command(at, QUICK, "AT#SSLEN=1,1");
    return *found == '1' /* closed */ ? DONE : hang_up(report);
}

/* Connects with the server. */
enum result dial(struct report *report)
{
    char command[64];

    snprintf(command, sizeof command, "AT#SSLD=1,443,\"%s\",0,1", SERVER);
    return at_command(&report->at, DIALLING, command);
}

/* Closes the socket; that it is closed already is no trouble. */
enum result hang_up(struct report *report)
{
    enum result result = at_command(&report->at, QUICK, "AT#SSLH=1");

    return result == REFUSED ? DONE : result;
}
