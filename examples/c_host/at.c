#include "at.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CTRL_Z "\x1a"
#define ESC "\x1b"

static const double WRITING = 10;   /* seconds that a module may hold CTS */
static const double PROMPT = 10;    /* seconds until "> " */
static const double QUIET = 0.2;    /* seconds of silence after which nothing more comes */
static const double CHATTERING = 5; /* seconds after which silence is not waited for any longer */

void at_trouble(struct at *at, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(at->trouble, sizeof at->trouble, format, arguments);
    va_end(arguments);
}

bool at_open(struct at *at, const char *port)
{
    at->port = port;
    at->command[0] = at->said[0] = '\0';
    return serial_open(&at->line, port);
}

void at_close(struct at *at)
{
    serial_close(&at->line);
}

/* Hears one line without its end, or "> ", which has none. */
static enum at_result hear(struct at *at, char *line, size_t size, double deadline)
{
    size_t length = 0;

    line[0] = '\0';
    for (;;) {
        int byte = serial_read(&at->line, deadline);
        if (byte < 0)
            return AT_SILENT;
        if (byte == '\n')
            return AT_OK;
        if (byte == '\r' || length + 1 == size)
            continue;
        line[length++] = (char)byte;
        line[length] = '\0';
        if (strcmp(line, "> ") == 0)
            return AT_PROMPT;
    }
}

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* Whether the line ends an answer, and how. */
static bool is_result(const char *line, enum at_result *result)
{
    if (strcmp(line, "OK") == 0)
        *result = AT_OK;
    else if (strcmp(line, "ERROR") == 0 || begins(line, "+CME ERROR:"))
        *result = AT_ERROR;
    else
        return false;
    return true;
}

/* Whether no command has asked for the line. A connection that has ended is an error of the next command that uses
 * it. */
static bool is_unsolicited(const char *line)
{
    return strcmp(line, "RING") == 0 || begins(line, "NO CARRIER") || begins(line, "SSLSRING: ");
}

static enum at_result in_trouble(struct at *at, enum at_result result, const char *words)
{
    if (result == AT_SILENT)
        words = serial_is_open(&at->line) ? "no answer" : "the port is gone";
    at_trouble(at, "%s: %s", at->command, words);
    return result;
}

/* Adds a line of an answer; the command itself is its echo. */
static void keep(struct at *at, const char *line)
{
    size_t length = strlen(at->said);

    if (line[0] != '\0' && strcmp(line, at->command) != 0 && !is_unsolicited(line))
        snprintf(at->said + length, sizeof at->said - length, "%s\n", line);
}

/* Hears the answer up to its result, keeping the lines before it. */
static enum at_result answer(struct at *at, double deadline)
{
    char line[256];

    at->said[0] = '\0';
    for (;;) {
        enum at_result result = hear(at, line, sizeof line, deadline);
        if (result == AT_PROMPT)
            return result;
        if (result != AT_OK || is_result(line, &result))
            return result == AT_OK ? result : in_trouble(at, result, line);
        keep(at, line);
    }
}

static enum at_result say(struct at *at, const void *data, size_t size)
{
    if (serial_write(&at->line, data, size, now() + WRITING))
        return AT_OK;
    return in_trouble(at, AT_SILENT, "");
}

/* Sends at->command. */
static enum at_result give(struct at *at)
{
    char line[sizeof at->command + 1];

    snprintf(line, sizeof line, "%s\r", at->command);
    return say(at, line, strlen(line));
}

enum at_result at_command(struct at *at, double seconds, const char *format, ...)
{
    enum at_result result;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(at->command, sizeof at->command, format, arguments);
    va_end(arguments);
    if ((result = give(at)) != AT_OK)
        return result;
    result = answer(at, now() + seconds);
    return result == AT_PROMPT ? in_trouble(at, AT_ERROR, "asks for data") : result;
}

const char *at_find(struct at *at, const char *beginning)
{
    const char *line = at->said;

    while (line != NULL && !begins(line, beginning))
        line = (line = strchr(line, '\n')) == NULL ? NULL : line + 1;
    if (line != NULL)
        return line + strlen(beginning);
    at_trouble(at, "%s: does not say what was asked for", at->command);
    return NULL;
}

enum at_result at_enter(struct at *at, double seconds, const void *data, size_t size, const char *format, ...)
{
    enum at_result result;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(at->command, sizeof at->command, format, arguments);
    va_end(arguments);
    if ((result = give(at)) != AT_OK)
        return result;
    if ((result = answer(at, now() + PROMPT)) != AT_PROMPT)
        return result == AT_OK ? in_trouble(at, AT_ERROR, "asks for no data") : result;
    if ((result = say(at, data, size)) != AT_OK || (result = say(at, CTRL_Z, 1)) != AT_OK)
        return result;
    return answer(at, now() + seconds);
}

/* Hears the head of received data, `#SSLRECV: <size>`. */
static enum at_result hear_head(struct at *at, double deadline, size_t *size)
{
    char line[256];
    enum at_result result;

    while ((result = hear(at, line, sizeof line, deadline)) == AT_OK) {
        if (sscanf(line, "#SSLRECV: %zu", size) == 1)
            return AT_OK;
        if (is_result(line, &result))
            return in_trouble(at, result == AT_OK ? AT_ERROR : result, line);
    }
    return in_trouble(at, result, "asks for data");
}

enum at_result at_receive(struct at *at, double seconds, char *data, size_t limit, size_t *size)
{
    double deadline = now() + seconds;
    enum at_result result;
    size_t taken;

    snprintf(at->command, sizeof at->command, "AT#SSLRECV=1,%zu", limit);
    *size = 0;
    if ((result = give(at)) != AT_OK || (result = hear_head(at, deadline, size)) != AT_OK)
        return result;
    if (*size > limit)
        return in_trouble(at, AT_ERROR, "more than was asked for");
    for (taken = 0; taken < *size; taken++) {
        int byte = serial_read(&at->line, deadline);
        if (byte < 0)
            return in_trouble(at, AT_SILENT, "");
        data[taken] = (char)byte;
    }
    return answer(at, deadline);
}

void at_recover(struct at *at)
{
    double limit = now() + CHATTERING;

    if (!serial_is_open(&at->line) && !serial_open(&at->line, at->port))
        return;
    serial_write(&at->line, ESC "\r", 2, now() + WRITING);
    while (now() < limit && serial_read(&at->line, now() + QUIET) >= 0)
        ;
}
