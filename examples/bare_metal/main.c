/* Uploads a report to an HTTPS server through a module on the serial line, and looks whether it has arrived. */

#include "at.h"
#include "board.h"
#include "text.h"

#include <stdbool.h>

#define SERVER "http.lab"
#define REPORT "temperature=21.5\r\nhumidity=48\r\n"

static const char request[] = "POST /report HTTP/1.1\r\n"
                              "Host: " SERVER "\r\n"
                              "Content-Type: text/plain\r\n"
                              "Content-Length: 31\r\n"
                              "\r\n" REPORT;
_Static_assert(sizeof REPORT - 1 == 31, "Content-Length says how long the report is");

extern const char ca_certificate[], ca_certificate_end[]; /* in ca.S */

/* Milliseconds that an answer may take. */
enum {
    QUICK = 5000,       /* what the module answers by itself */
    ACTIVATING = 150000, /* the network gives an address */
    DIALLING = 60000,   /* a TCP connection and a handshake */
    TRANSFER = 15000,
    NETWORK = 120000, /* the module starts and finds the network */
};

enum outcome {
    UPLOADED = 0,
    NO_MODULE = 3,
    NOT_REGISTERED = 4,
    NO_CONTEXT = 5,
    NOT_SECURED = 6,
    NO_CONNECTION = 7,
    CONNECTION_LOST = 8,
    REFUSED = 9,
};

static bool does(const char *command)
{
    return at_command(QUICK, command) == AT_OK;
}

static enum outcome wake(void)
{
    uint32_t start = board_now();
    bool silent = false;

    while (at_command(1000, "AT") != AT_OK) {
        silent = true;
        if (board_now() - start > NETWORK)
            return NO_MODULE;
    }
    if (silent)
        at_recover(1000); /* an OK for each AT before may still come, and would be taken for the next answer */
    return does("ATE0") && does("AT+CMEE=2") ? UPLOADED : NO_MODULE;
}

static enum outcome wait_for_network(void)
{
    uint32_t start = board_now();

    do {
        if (!does("AT+CREG?"))
            return NOT_REGISTERED;
        if (text_find(at_said, ",1\n") != NULL || text_find(at_said, ",5\n") != NULL)
            return UPLOADED;
        for (uint32_t asked = board_now(); board_now() - asked < 1000;)
            ;
    } while (board_now() - start < NETWORK);
    return NOT_REGISTERED;
}

/* On LTE the network has activated context 1 with the attach. */
static enum outcome activate_context(void)
{
    if (!does("AT#SGACT?"))
        return NO_CONTEXT;
    if (text_find(at_said, "#SGACT: 1,1") != NULL)
        return UPLOADED;
    if (!does("AT+CGDCONT=1,\"IP\",\"internet\""))
        return NO_CONTEXT;
    return at_command(ACTIVATING, "AT#SGACT=1,1") == AT_OK ? UPLOADED : NO_CONTEXT;
}

/* All cipher suites, and the server proves who it is. A module that takes DER, too, has a fourth range, <cert_format>:
 * PEM is 1. */
static bool configure(void)
{
    size_t ranges = 0;

    if (!does("AT#SSLSECCFG=?"))
        return false;
    for (const char *place = at_said; *place != '\0'; place++)
        ranges += *place == '(';
    return does(ranges > 3 ? "AT#SSLSECCFG=1,0,1,1" : "AT#SSLSECCFG=1,0,1");
}

static enum outcome secure(void)
{
    char command[40] = "AT#SSLSECDATA=1,1,1,";
    size_t size = (size_t)(ca_certificate_end - ca_certificate);

    text_append_number(command, size);
    if (!does("AT#SSLEN=1,1") || !configure())
        return NOT_SECURED;
    return at_enter(QUICK, command, ca_certificate, size) == AT_OK ? UPLOADED : NOT_SECURED;
}

static enum outcome dial(void)
{
    return at_command(DIALLING, "AT#SSLD=1,443,\"" SERVER "\",0,1") == AT_OK ? UPLOADED : NO_CONNECTION;
}

static enum outcome send_request(void)
{
    return at_enter(TRANSFER, "AT#SSLSEND=1", request, sizeof request - 1) == AT_OK ? UPLOADED : CONNECTION_LOST;
}

/* The server answers with what it has got. */
static enum outcome read_answer(void)
{
    static char heard[1024];
    size_t length = 0, size = 0;

    while (text_find(heard, "\r\n\r\n" REPORT) == NULL) {
        if (at_receive(TRANSFER, "AT#SSLRECV=1,256", heard + length, 256, &size) != AT_OK || size == 0)
            return CONNECTION_LOST;
        length += size;
        heard[length] = '\0';
        if (length + 256 >= sizeof heard)
            return REFUSED;
    }
    at_command(QUICK, "AT#SSLH=1");
    return text_begins(heard, "HTTP/1.1 200 ") ? UPLOADED : REFUSED;
}

int main(void)
{
    static enum outcome (*const steps[])(void) = {
        wake, wait_for_network, activate_context, secure, dial, send_request, read_answer,
    };
    enum outcome outcome = UPLOADED;

    for (size_t step = 0; step < sizeof steps / sizeof *steps && outcome == UPLOADED; step++)
        outcome = steps[step]();
    board_print(outcome == UPLOADED ? "uploaded\n" : "not uploaded\n");
    return (int)outcome;
}
