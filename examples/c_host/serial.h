/* The serial line: bytes out, bytes in, and no wait without an end. */

#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stddef.h>

struct serial {
    int descriptor; /* negative when there is no line any more, as when a USB port has vanished */
    unsigned char buffer[256]; /* what was read and not yet asked for: from `next` up to `end` */
    size_t next, end;
};

/* Seconds that pass evenly, whatever happens to the date; deadlines are moments of it. */
double now(void);

void pause_for(double seconds);

/* Opens the line raw, with 115200 baud, 8N1 and RTS/CTS. When it cannot, it says false and errno says why. */
bool serial_open(struct serial *line, const char *path);

void serial_close(struct serial *line);

/* Whether the line was still there when it was last used. */
bool serial_is_open(const struct serial *line);

/* Writes all of it; false when the line is gone, or the module takes no more before the deadline. */
bool serial_write(struct serial *line, const void *data, size_t size, double deadline);

/* The next byte; negative when nothing came in time, or there is no line any more. */
int serial_read(struct serial *line, double deadline);

#endif
