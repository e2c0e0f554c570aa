#include "upload.h"

#include <stdio.h>
#include <string.h>

/* Seconds that an answer may take. */
static const double QUICK = 5;        /* what the module answers by itself */
static const double ACTIVATING = 150; /* the network gives an address */
static const double DIALLING = 60;    /* a TCP connection and a handshake, of which no packet may take over 10 */
static const double TRANSFER = 12;    /* the module gives up after 10 itself (<defTo> of #SSLCFG) */

/* #SSLSECCFG2 */
enum { TLS_1_2 = 3 }; /* <version> */
enum { NAMED = 1 };   /* <SNI>: the hello names the server */

enum { CHUNK = 1023 }; /* bytes that one #SSLSEND takes */
enum { PATIENCE = 3 }; /* empty answers of #SSLRECV in a row, 10 seconds each */

/* Whether what a command was to switch on is on: also when it was on before. */
static bool is_on(const struct at *at, enum at_result result)
{
    return result == AT_OK || (result == AT_ERROR && strstr(at->trouble, "already activated") != NULL);
}

/* The first line of an answer, without its end. */
static void copy_line(char *to, size_t size, const char *said)
{
    snprintf(to, size, "%.*s", (int)strcspn(said, "\r\n"), said);
}

/* Takes a step again and again until it succeeds, or for so many seconds. */
static bool wait_for(bool (*step)(struct at *, struct upload *), struct at *at, struct upload *job)
{
    double deadline = now() + job->patience;

    while (!step(at, job)) {
        if (now() >= deadline)
            return false;
        pause_for(1);
        at_recover(at);
    }
    return true;
}

/* Finds the module, and sets how it answers: a module that has restarted has forgotten it. */
static bool greet(struct at *at, struct upload *job)
{
    char model[32];

    if (at_command(at, 1, "AT") != AT_OK || at_command(at, QUICK, "ATE0") != AT_OK
        || at_command(at, QUICK, "AT+CMEE=2") != AT_OK || at_command(at, QUICK, "AT+CGMM") != AT_OK)
        return false;
    copy_line(model, sizeof model, at->said);
    if (at_command(at, QUICK, "AT+CGMR") != AT_OK)
        return false;
    snprintf(job->firmware, sizeof job->firmware, "%s %.*s", model, (int)strcspn(at->said, "\n"), at->said);
    return true;
}

static enum outcome wake(struct at *at, struct upload *job)
{
    return wait_for(greet, at, job) ? UPLOADED : NO_MODULE;
}

/* Home or roaming. A URC has another number of values. */
static bool is_registered(struct at *at, struct upload *job)
{
    const char *report;
    int status = 0;

    (void)job;
    if (at_command(at, QUICK, "AT+CREG?") != AT_OK || (report = at_find(at, "+CREG: ")) == NULL)
        return false;
    if (sscanf(report, "%*d,%d", &status) == 1 && (status == 1 || status == 5))
        return true;
    at_trouble(at, "not registered in time, the last +CREG status is %d", status);
    return false;
}

static enum outcome wait_for_network(struct at *at, struct upload *job)
{
    return wait_for(is_registered, at, job) ? UPLOADED : NOT_REGISTERED;
}

/* Activates context 1, unless it is active: on LTE the network has done it with the attach. */
static enum outcome activate_context(struct at *at, struct upload *job)
{
    if (at_command(at, QUICK, "AT#SGACT?") != AT_OK)
        return NO_CONTEXT;
    if (strstr(at->said, "#SGACT: 1,1") != NULL)
        return UPLOADED;
    if (at_command(at, QUICK, "AT+CGDCONT=1,\"IP\",\"%s\"", job->apn) != AT_OK)
        return NO_CONTEXT;
    return is_on(at, at_command(at, ACTIVATING, "AT#SGACT=1,1")) ? UPLOADED : NO_CONTEXT;
}

/* Chooses all cipher suites and server authentication; certificate format and TLS version where there is a choice. A
 * module that takes DER too may have been left at that, and its test command lists one range more. Older firmware has no
 * #SSLSECCFG2, and one version of TLS. */
static enum at_result configure(struct at *at)
{
    int ranges = 0;
    const char *place;

    if (at_command(at, QUICK, "AT#SSLSECCFG=?") != AT_OK || (place = at_find(at, "#SSLSECCFG: ")) == NULL)
        return AT_ERROR;
    for (; *place != '\n'; place++)
        ranges += *place == '(';
    if (at_command(at, QUICK, "AT#SSLSECCFG=1,0,1%s", ranges > 3 ? ",1" : "") != AT_OK)
        return AT_ERROR;
    return at_command(at, QUICK, "AT#SSLSECCFG2=1,%d,%d", TLS_1_2, NAMED) == AT_SILENT ? AT_SILENT : AT_OK;
}

/* The certificate stays in the module's flash memory, which wears: it is written only when it is another one. */
static enum at_result store_certificate(struct at *at, const char *certificate)
{
    size_t size = strlen(certificate);

    if (at_command(at, QUICK, "AT#SSLSECDATA=1,2,1") == AT_OK && strstr(at->said, certificate) != NULL)
        return AT_OK;
    return at_enter(at, QUICK, certificate, size, "AT#SSLSECDATA=1,1,1,%zu", size);
}

static enum outcome secure(struct at *at, struct upload *job)
{
    if (!is_on(at, at_command(at, QUICK, "AT#SSLEN=1,1")))
        return NOT_SECURED;
    at_command(at, QUICK, "AT#SSLH=1"); /* what an earlier attempt has left open; mostly there is nothing */
    return configure(at) == AT_OK && store_certificate(at, job->certificate) == AT_OK ? UPLOADED : NOT_SECURED;
}

static enum outcome dial(struct at *at, struct upload *job)
{
    enum at_result result = at_command(at, DIALLING, "AT#SSLD=1,%d,\"%s\",0,1", job->port, job->server);

    return result == AT_OK ? UPLOADED : NO_CONNECTION;
}

static enum outcome send_request(struct at *at, struct upload *job)
{
    const char *rest = job->request;
    const char *end = job->request + job->size;

    while (rest < end) {
        size_t size = end - rest < CHUNK ? (size_t)(end - rest) : CHUNK;
        if (at_enter(at, TRANSFER, rest, size, "AT#SSLSEND=1") != AT_OK)
            return CONNECTION_LOST;
        rest += size;
    }
    return UPLOADED;
}

/* The number in the server's answer; 0 when it is none of a web server. */
static int status_code(const struct upload *job)
{
    int code = 0;

    return sscanf(job->status, "HTTP/%*1d.%*1d %3d", &code) == 1 && code >= 100 ? code : 0;
}

static enum outcome read_status(struct at *at, struct upload *job)
{
    char said[512] = "";
    size_t length = 0;
    int empty = 0;

    while (strchr(said, '\n') == NULL && length + 1 < sizeof said) {
        size_t size;
        if (at_receive(at, TRANSFER, said + length, sizeof said - 1 - length, &size) != AT_OK)
            return CONNECTION_LOST;
        if (size == 0 && (++empty == PATIENCE || strstr(at->said, "DISCONNECTED") != NULL)) {
            at_trouble(at, "the server gives no answer");
            return CONNECTION_LOST;
        }
        length += size;
        said[length] = '\0';
    }
    copy_line(job->status, sizeof job->status, said);
    if (status_code(job) > 0)
        return UPLOADED;
    at_trouble(at, "no status of a web server: %s", job->status);
    return CONNECTION_LOST;
}

static enum outcome hang_up(struct at *at, struct upload *job)
{
    at_command(at, QUICK, "AT#SSLH=1"); /* an error when the server was faster, and closed it is all the same */
    if (status_code(job) / 100 == 2)
        return UPLOADED;
    at_trouble(at, "the server says: %s", job->status);
    return REFUSED;
}

enum outcome upload(struct at *at, struct upload *job)
{
    static enum outcome (*const steps[])(struct at *, struct upload *) = {
        wake, wait_for_network, activate_context, secure, dial, send_request, read_status, hang_up,
    };
    enum outcome outcome = UPLOADED;

    for (size_t step = 0; step < sizeof steps / sizeof *steps && outcome == UPLOADED; step++)
        outcome = steps[step](at, job);
    return outcome;
}
