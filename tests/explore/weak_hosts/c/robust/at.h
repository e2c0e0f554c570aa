/* The dialogue with the module: a command, the lines of its answer, and the result that ends it.
 *
 * A line that the command has not asked for is passed over, wherever it comes. It is for ATV1. */

#ifndef AT_H
#define AT_H

#include "line.h"

enum result {
    DONE,
    REFUSED, /* ERROR, +CME ERROR and its number, NO CARRIER to a dial; or the answer makes no sense */
    SILENT,  /* no result in time */
    GONE,    /* there is no line */
};

enum ending { GOES_ON, ENDS_WELL, ENDS_BADLY };

struct at {
    struct line line;
    char given[128]; /* the latest command */
    char heard[4096]; /* what has come and was not yet taken */
    size_t length;
    char answer[1024]; /* the lines of the latest answer before its result; each ends with LF */
    char trouble[256]; /* in one line, what went wrong last */
};

/* Seconds for an answer that the module gives by itself. */
extern const double QUICK;

/* Gives a command and waits for its OK. */
enum result at_command(struct at *at, double seconds, const char *command);

/* Gives a command, and at its prompt the data and Ctrl-Z; waits for OK. */
enum result at_enter(struct at *at, const char *command, const char *data);

/* Reads what the server has sent by #SSLRECV, up to `size` bytes; none when nothing has come in time. Its bytes are
 * counted, so that none of them is taken for a result. */
enum result at_receive(struct at *at, char *data, size_t size, size_t *count);

/* Ends a prompt that was left open, and drops whatever still comes: late answers to what was given up. */
void at_hush(struct at *at);

/* Words the trouble. */
enum result at_trouble(struct at *at, enum result result, const char *words);

/* Tells whether a line ends an answer, and how. */
enum ending ending_of(const char *line);

/* Finds the line of the answer that begins so; returns what follows there, or NULL. */
const char *find(const struct at *at, const char *beginning);

/* The parts of at.c that at_receive is made of, too. */
enum result at_give(struct at *at, const char *command);
enum result at_hear(struct at *at, double deadline);
enum result at_line(struct at *at, double deadline, char *line, size_t size);
enum result at_answer(struct at *at, double deadline);

#endif
