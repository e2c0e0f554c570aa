/* The serial line: bytes out, bytes in, and no wait without an end. */

#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stddef.h>

struct serial {
    int descriptor;
    unsigned char buffer[256]; /* what was read and not yet asked for: from `next` up to `end` */
    size_t next, end;
};

/* What serial_read says instead of a byte: nothing came in time, or there is no line any more. */
enum { SERIAL_SILENT = -1, SERIAL_GONE = -2 };

/* Seconds that pass evenly, whatever happens to the date; deadlines are moments of it. */
double now(void);

void pause_for(double seconds);

/* Opens the line raw, with 115200 baud, 8N1 and RTS/CTS. When it cannot, it says false and errno says why. */
bool serial_open(struct serial *line, const char *path);

void serial_close(struct serial *line);

/* Writes all of it; false when the line is gone, or the module takes no more before the deadline. */
bool serial_write(struct serial *line, const void *data, size_t size, double deadline);

/* The next byte, or one of the two words above. */
int serial_read(struct serial *line, double deadline);

#endif
