#include "at.h"

#include "board.h"
#include "text.h"

#include <stdbool.h>

#define CTRL_Z '\x1a'

char at_said[512];

static char line[128]; /* the last one that was heard, without its end */

static void say(const char *data, size_t size)
{
    for (size_t place = 0; place < size; place++)
        board_say(data[place]);
}

static void give(const char *command)
{
    board_print(command);
    board_print("\n");
    say(command, text_length(command));
    board_say('\r');
}

/* Hears one line without its end, or "> ", which has none. */
static enum at_result hear(uint32_t deadline)
{
    size_t length = 0;

    line[0] = '\0';
    for (;;) {
        int byte = board_hear(deadline);
        if (byte == BOARD_SILENT)
            return AT_SILENT;
        if (byte == '\n')
            return AT_OK;
        if (byte == '\r' || length + 1 == sizeof line)
            continue;
        line[length++] = (char)byte;
        line[length] = '\0';
        if (length == 2 && text_begins(line, "> "))
            return AT_PROMPT;
    }
}

/* Whether the line ends an answer, and how. NO CARRIER does not: it comes by itself, and the next command that uses the
 * connection fails. */
static bool is_result(enum at_result *result)
{
    if (text_begins(line, "OK"))
        *result = AT_OK;
    else if (text_begins(line, "ERROR") || text_begins(line, "+CME ERROR:"))
        *result = AT_ERROR;
    else
        return false;
    return true;
}

static void keep_line(void)
{
    size_t length = text_length(at_said);

    for (size_t place = 0; line[place] != '\0' && length + 2 < sizeof at_said; place++)
        at_said[length++] = line[place];
    at_said[length++] = '\n';
    at_said[length] = '\0';
}

/* Hears the answer up to its result, keeping the lines before it. */
static enum at_result answer(uint32_t deadline)
{
    at_said[0] = '\0';
    for (;;) {
        enum at_result result = hear(deadline);
        if (result != AT_OK)
            return result;
        if (line[0] == '\0')
            continue;
        board_print(line);
        board_print("\n");
        if (is_result(&result))
            return result;
        keep_line();
    }
}

enum at_result at_command(uint32_t milliseconds, const char *command)
{
    give(command);
    return answer(board_now() + milliseconds);
}

void at_recover(uint32_t milliseconds)
{
    while (hear(board_now() + milliseconds) != AT_SILENT)
        ;
}

enum at_result at_enter(uint32_t milliseconds, const char *command, const char *data, size_t size)
{
    enum at_result result = at_command(milliseconds, command);

    if (result != AT_PROMPT)
        return result == AT_OK ? AT_ERROR : result;
    say(data, size);
    board_say(CTRL_Z);
    return answer(board_now() + milliseconds);
}

/* Hears the head of received data, `#SSLRECV: <size>`. */
static enum at_result hear_head(uint32_t deadline, size_t *size)
{
    static const char head[] = "#SSLRECV: ";
    enum at_result result;

    while ((result = hear(deadline)) == AT_OK) {
        if (text_begins(line, head)) {
            *size = text_number(line + sizeof head - 1);
            return AT_OK;
        }
        if (is_result(&result))
            return AT_ERROR;
    }
    return result;
}

enum at_result at_receive(uint32_t milliseconds, const char *command, char *data, size_t limit, size_t *size)
{
    uint32_t deadline = board_now() + milliseconds;
    enum at_result result;

    give(command);
    if ((result = hear_head(deadline, size)) != AT_OK)
        return result;
    if (*size > limit)
        return AT_ERROR;
    for (size_t taken = 0; taken < *size; taken++) {
        int byte = board_hear(deadline);
        if (byte == BOARD_SILENT)
            return AT_SILENT;
        data[taken] = (char)byte;
    }
    return answer(deadline);
}
