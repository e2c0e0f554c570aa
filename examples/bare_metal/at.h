/* The dialogue with the module: a command, what the module says to it, and the result that ends its answer.
 *
 * It is for ATE0 and ATV1. */

#ifndef AT_H
#define AT_H

#include <stddef.h>
#include <stdint.h>

enum at_result {
    AT_OK,
    AT_ERROR,  /* ERROR, +CME ERROR and its reason, or NO CARRIER */
    AT_PROMPT, /* the module waits for data */
    AT_SILENT, /* no result in time */
};

/* The information of the last answer: its lines, each with LF at its end. */
extern char at_said[512];

/* Gives a command and waits for its result, for so many milliseconds at most. */
enum at_result at_command(uint32_t milliseconds, const char *command);

/* Hears what is late, until the module has been silent for so many milliseconds. */
void at_recover(uint32_t milliseconds);

/* Gives a command that asks for data, enters the data and Ctrl-Z at the prompt, and waits for the result. */
enum at_result at_enter(uint32_t milliseconds, const char *command, const char *data, size_t size);

/* Reads what the peer of the secure socket has sent, up to `limit` bytes, by `command`, which asks for as many. They
 * are counted, so that no byte of them is ever taken for a result. */
enum at_result at_receive(uint32_t milliseconds, const char *command, char *data, size_t limit, size_t *size);

#endif
