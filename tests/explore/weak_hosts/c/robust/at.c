#include "at.h"

#include <stdio.h>
#include <string.h>

const double QUICK = 10;

static const double SENDING = 15; /* seconds until the module has taken data; documents allow 10 */

enum result at_trouble(struct at *at, enum result result, const char *words)
{
    if (result == SILENT)
        words = "no answer";
    else if (result == GONE)
        words = "the port is gone";
    snprintf(at->trouble, sizeof at->trouble, "%s: %s", at->given, words);
    return result;
}

static enum result say(struct at *at, const char *data, size_t size)
{
    int result = line_write(&at->line, data, size, now() + QUICK);

    return result == 0 ? DONE : at_trouble(at, result == LINE_GONE ? GONE : SILENT, "");
}

enum result at_give(struct at *at, const char *command)
{
    char line[sizeof at->given + 1];

    snprintf(at->given, sizeof at->given, "%s", command);
    snprintf(line, sizeof line, "%s\r", at->given);
    return say(at, line, strlen(line));
}

/* Forgets the first bytes that were heard. */
static void forget(struct at *at, size_t size)
{
    at->length -= size;
    memmove(at->heard, at->heard + size, at->length);
}

enum result at_hear(struct at *at, double deadline)
{
    int count;

    if (at->length == sizeof at->heard)
        at->length = 0; /* no module says so much in one line */
    count = line_read(&at->line, at->heard + at->length, sizeof at->heard - at->length, deadline);
    if (count < 0) {
        if (count == LINE_GONE)
            at->length = 0;
        return at_trouble(at, count == LINE_GONE ? GONE : SILENT, "");
    }
    at->length += (size_t)count;
    return DONE;
}

/* Takes a whole line from what was heard, without its end; false when there is none. */
static bool split(struct at *at, char *line, size_t size)
{
    const char *end = memchr(at->heard, '\n', at->length);
    size_t length = 0;

    if (end == NULL)
        return false;
    for (const char *from = at->heard; from < end; from++)
        if (*from != '\r' && *from != '\0' && length + 1 < size)
            line[length++] = *from;
    line[length] = '\0';
    forget(at, (size_t)(end - at->heard) + 1);
    return true;
}

enum result at_line(struct at *at, double deadline, char *line, size_t size)
{
    enum result result;

    for (;;) {
        while (!split(at, line, size))
            if ((result = at_hear(at, deadline)) != DONE)
                return result;
        if (line[0] != '\0')
            return DONE;
    }
}

enum result at_command(struct at *at, double seconds, const char *command)
{
    enum result result = at_give(at, command);

    return result == DONE ? at_answer(at, now() + seconds) : result;
}

/* Waits for "> ", which no line end follows. */
static enum result wait_for_prompt(struct at *at, double deadline)
{
    char line[256];
    enum result result;

    for (;;) {
        while (split(at, line, sizeof line))
            if (ending_of(line) != GOES_ON)
                return at_trouble(at, REFUSED, line);
        if (at->length >= 2 && memcmp(at->heard + at->length - 2, "> ", 2) == 0)
            break;
        if ((result = at_hear(at, deadline)) != DONE)
            return result;
    }
    at->length = 0;
    return DONE;
}

enum result at_enter(struct at *at, const char *command, const char *data)
{
    enum result result;

    if ((result = at_give(at, command)) != DONE || (result = wait_for_prompt(at, now() + QUICK)) != DONE
        || (result = say(at, data, strlen(data))) != DONE || (result = say(at, "\x1a", 1)) != DONE)
        return result;
    return at_answer(at, now() + SENDING);
}

void at_hush(struct at *at)
{
    say(at, "\x1b\r", 2);
    line_drain(&at->line);
    at->length = 0;
}

const char *find(const struct at *at, const char *beginning)
{
    const char *line = at->answer;

    while (line[0] != '\0') {
        if (strncmp(line, beginning, strlen(beginning)) == 0)
            return line + strlen(beginning);
        line = strchr(line, '\n') + 1; /* each line has one */
    }
    return NULL;
}
