#include "line.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const double QUIET = 0.4;    /* seconds of silence after which nothing more comes */
static const double CHATTERING = 5; /* seconds after which silence is not waited for any longer */

static double scale(void)
{
    const char *text = getenv("TELIT_TIME_SCALE");

    return text != NULL && atof(text) > 0 ? atof(text) : 1;
}

double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return ((double)time.tv_sec + (double)time.tv_nsec / 1e9) * scale();
}

void pause_for(double seconds)
{
    double real = seconds / scale();
    struct timespec time = {.tv_sec = (time_t)real, .tv_nsec = (long)((real - (double)(time_t)real) * 1e9)};

    nanosleep(&time, NULL);
}

bool line_open(struct line *line)
{
    struct termios settings;

    if (line->descriptor >= 0)
        return true;
    line->descriptor = open(line->path, O_RDWR | O_NOCTTY);
    if (line->descriptor < 0)
        return false;
    if (tcgetattr(line->descriptor, &settings) != 0) {
        line_close(line);
        return false;
    }
    cfmakeraw(&settings);
    if (tcsetattr(line->descriptor, TCSANOW, &settings) != 0) {
        line_close(line);
        return false;
    }
    return true;
}

void line_close(struct line *line)
{
    if (line->descriptor >= 0)
        close(line->descriptor);
    line->descriptor = -1;
}

bool line_poll(const struct line *line, short event, double deadline)
{
    struct pollfd waiting = {.fd = line->descriptor, .events = event};
    double left = (deadline - now()) / scale();

    return poll(&waiting, 1, left > 0 ? (int)(left * 1000) + 1 : 0) > 0;
}

int line_read(struct line *line, void *data, size_t size, double deadline)
{
    ssize_t count;

    if (!line_wait(line, deadline))
        return LINE_SILENT;
    count = read(line->descriptor, data, size);
    if (count > 0)
        return (int)count;
    line_close(line);
    return LINE_GONE;
}

int line_write(struct line *line, const void *data, size_t size, double deadline)
{
    const char *rest = data;

    while (size > 0) {
        ssize_t count;
        if (!line_poll(line, POLLOUT, deadline))
            return LINE_SILENT;
        count = write(line->descriptor, rest, size);
        if (count <= 0) {
            line_close(line);
            return LINE_GONE;
        }
        rest += count;
        size -= (size_t)count;
    }
    return 0;
}

void line_drain(struct line *line)
{
    double limit = now() + CHATTERING;
    char dropped[256];

    while (now() < limit && line_poll(line, POLLIN, now() + QUIET))
        if (read(line->descriptor, dropped, sizeof dropped) <= 0) {
            line_close(line);
            return;
        }
}
