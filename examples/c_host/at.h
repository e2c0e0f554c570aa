/* The dialogue with the module: a command, what the module says to it, and the result that ends its answer.
 *
 * It is for ATE0, ATV1 and AT+CMEE=2. The module also says lines that no command has asked for: they may stand before,
 * within and after any answer. */

#ifndef AT_H
#define AT_H

#include "serial.h"

enum at_result {
    AT_OK,
    AT_ERROR,  /* ERROR, or +CME ERROR and its reason */
    AT_PROMPT, /* the module waits for data */
    AT_SILENT, /* no result in time, or no line any more */
};

struct at {
    const char *port;
    struct serial line;
    char command[256]; /* the last one */
    char said[4096];   /* the lines of its answer before the result, without empty ones; each ends with LF */
    char trouble[512]; /* in one line, what went wrong last */
};

/* Opens the line. When it cannot, it says false and errno says why. */
bool at_open(struct at *at, const char *port);

void at_close(struct at *at);

/* Gives a command and waits for its result, for so many seconds at most. */
enum at_result at_command(struct at *at, double seconds, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The rest of the line of the answer that begins so; NULL when there is none, which is a trouble, too. */
const char *at_find(struct at *at, const char *beginning);

/* Gives a command that asks for data, enters the data and Ctrl-Z at the prompt, and waits for the result. */
enum at_result at_enter(struct at *at, double seconds, const void *data, size_t size, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Reads what the peer of the secure socket has sent, up to `limit` bytes; none when the module has waited in vain.
 * They are counted, so that no byte of them is ever taken for a result. */
enum at_result at_receive(struct at *at, double seconds, char *data, size_t limit, size_t *size);

/* Opens the line again if it is gone. Ends a prompt that was left open, and drops late answers. */
void at_recover(struct at *at);

/* Words the trouble of what no result tells. */
void at_trouble(struct at *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
