/* The dialogue with the module: a command, what the module says to it, and the result that ends its answer.
 *
 * It is for ATE0, ATV1 and AT+CMEE=2. */

#ifndef AT_H
#define AT_H

#include "serial.h"

enum at_result {
    AT_OK,
    AT_ERROR,      /* ERROR, or +CME ERROR and its reason */
    AT_NO_CARRIER, /* the connection has ended; it may come instead of an answer, or before it */
    AT_PROMPT,     /* the module waits for data */
    AT_SILENT,     /* no result in time */
    AT_GONE,       /* there is no line any more */
};

struct at {
    struct serial line;
    char command[256]; /* the last one */
    char said[4096];   /* the information of its answer, without empty lines; each line ends with LF */
    char trouble[512]; /* in one line, what went wrong last */
};

/* Gives a command and waits for its result, for so many seconds at most. */
enum at_result at_command(struct at *at, double seconds, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Gives a command that asks for data, enters the data and Ctrl-Z at the prompt, and waits for the result. */
enum at_result at_enter(struct at *at, double seconds, const void *data, size_t size, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Reads what the peer of the secure socket has sent, up to `limit` bytes; none when the module has waited in vain.
 * They are counted, so that no byte of them is ever taken for a result. */
enum at_result at_receive(struct at *at, double seconds, char *data, size_t limit, size_t *size);

/* Ends a prompt that was left open, and drops whatever still comes: late answers to what was given up. */
void at_hush(struct at *at);

/* Words the trouble of what no result tells. */
void at_trouble(struct at *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
