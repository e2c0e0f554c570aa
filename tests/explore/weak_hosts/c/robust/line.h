/* The serial line of a host: bytes out, bytes in, and no wait without an end. */

#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>

struct line {
    const char *path;
    int descriptor; /* negative while it is closed */
};

enum { LINE_SILENT = -1, LINE_GONE = -2 };

/* Seconds of the module; deadlines are moments of it. TELIT_TIME_SCALE of them pass in one. */
double now(void);

void pause_for(double seconds);

/* Opens the line, unless it is open; false when there is none. */
bool line_open(struct line *line);

void line_close(struct line *line);

/* Waits for an event of poll(2) until the deadline; false when there is none. */
bool line_poll(const struct line *line, short event, double deadline);

/* Waits for data until the deadline; false when there is none. */
bool line_wait(const struct line *line, double deadline);

/* Reads what comes next: how many bytes, or one of the two words above. */
int line_read(struct line *line, void *data, size_t size, double deadline);

/* Writes all of it; 0, or one of the two words above. */
int line_write(struct line *line, const void *data, size_t size, double deadline);

/* Drops what comes until silence. */
void line_drain(struct line *line);

#endif
