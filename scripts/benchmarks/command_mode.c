/* The guide's example 4.5.2 over the port that is named, with the dialogue of examples/c_host. It exits with 0 when all
 * was answered as the guide prints it. */

#include "at.h"

#include <string.h>

static const double SECONDS = 20;
static const char QUESTION[] = "Send this string to the SSL server!";
static const char ANSWER[] = "Response of the server!";

enum { PIECE = 15 };

static bool prepare(struct at *at)
{
    return at_command(at, SECONDS, "ATE0") == AT_OK
        && at_command(at, SECONDS, "AT+CGDCONT=1,\"IP\",\"benchmark\"") == AT_OK
        && at_command(at, SECONDS, "AT#SGACT=1,1") == AT_OK
        && at_command(at, SECONDS, "AT#SSLEN=1,1") == AT_OK;
}

static bool exchange(struct at *at)
{
    char said[2 * PIECE + 1] = "";
    size_t first, second;

    return at_command(at, SECONDS, "AT#SSLD=1,443,\"123.124.125.126\",0,1") == AT_OK
        && at_enter(at, SECONDS, QUESTION, strlen(QUESTION), "AT#SSLSEND=1") == AT_OK
        && at_receive(at, SECONDS, said, PIECE, &first) == AT_OK
        && at_receive(at, SECONDS, said + first, PIECE, &second) == AT_OK
        && at_command(at, SECONDS, "AT#SSLH=1") == AT_OK
        && strcmp(said, ANSWER) == 0;
}

int main(int count, char **words)
{
    struct at at;

    return count == 2 && at_open(&at, words[1]) && prepare(&at) && exchange(&at) ? 0 : 1;
}
