#include "serial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void pause_for(double seconds)
{
    time_t whole = (time_t)seconds;
    struct timespec time = {.tv_sec = whole, .tv_nsec = (long)((seconds - (double)whole) * 1e9)};

    nanosleep(&time, NULL);
}

static bool configure(int descriptor)
{
    struct termios settings;

    if (tcgetattr(descriptor, &settings) != 0)
        return false;
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD | CRTSCTS;
    return cfsetispeed(&settings, B115200) == 0 && cfsetospeed(&settings, B115200) == 0
        && tcsetattr(descriptor, TCSAFLUSH, &settings) == 0;
}

bool serial_open(struct serial *line, const char *path)
{
    line->next = line->end = 0;
    line->descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (line->descriptor < 0)
        return false;
    if (!configure(line->descriptor)) {
        int reason = errno;
        serial_close(line);
        errno = reason;
        return false;
    }
    return true;
}

void serial_close(struct serial *line)
{
    if (line->descriptor >= 0)
        close(line->descriptor);
    line->descriptor = -1;
}

bool serial_is_open(const struct serial *line)
{
    return line->descriptor >= 0;
}

/* Whether the line can be read or written, as `event` says, before the deadline; also true when it is gone. */
static bool is_ready(const struct serial *line, short event, double deadline)
{
    struct pollfd waiting = {.fd = line->descriptor, .events = event};
    int count;

    do {
        double left = deadline - now();
        count = poll(&waiting, 1, left > 0 ? (int)(left * 1000) + 1 : 0);
    } while (count < 0 && errno == EINTR);
    return count > 0;
}

bool serial_write(struct serial *line, const void *data, size_t size, double deadline)
{
    const unsigned char *rest = data;

    while (size > 0) {
        ssize_t count;
        if (!serial_is_open(line) || !is_ready(line, POLLOUT, deadline))
            return false;
        count = write(line->descriptor, rest, size);
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            serial_close(line);
        if (count > 0) {
            rest += count;
            size -= (size_t)count;
        }
    }
    return true;
}

int serial_read(struct serial *line, double deadline)
{
    if (line->next == line->end) {
        ssize_t count;
        if (!serial_is_open(line) || !is_ready(line, POLLIN, deadline))
            return -1;
        count = read(line->descriptor, line->buffer, sizeof line->buffer);
        if (count <= 0) {
            serial_close(line);
            return -1;
        }
        line->next = 0;
        line->end = (size_t)count;
    }
    return line->buffer[line->next++];
}
