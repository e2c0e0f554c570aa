/* Waits in many ways. Usage: waiting_host PORT FILE; the file has the way, and perhaps a TCP port. Exits with 0 when
   what it waits for has come; some ways wait for what never comes. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int port;
static const struct timespec a_while = {1, 500000000};

static void read_port(void)
{
    char byte;
    if (read(port, &byte, 1) != 1)
        exit(3);
}

static void *read_in_thread(void *unused)
{
    read_port();
    return unused;
}

static void on_alarm(int number)
{
    (void)number;
    _exit(0);
}

static void set_timed(int least, int tenths)
{
    struct termios settings;
    tcgetattr(port, &settings);
    settings.c_cc[VMIN] = least;
    settings.c_cc[VTIME] = tenths;
    tcsetattr(port, TCSANOW, &settings);
}

static void ask(const char *command)
{
    char text[256];
    size_t size = 0;
    write(port, command, strlen(command));
    do
        size += read(port, text + size, sizeof text - 1 - size);
    while (text[size] = 0, !strstr(text, "OK\r\n") && !strstr(text, "CONNECT\r\n"));
}

int main(int count, char **arguments)
{
    char way[32] = "";
    int number = 0, ends[2], status;
    FILE *file = fopen(arguments[count - 1], "r");
    port = open(arguments[1], O_RDWR | O_NOCTTY);
    if (!file || port < 0 || fscanf(file, "%31s %d", way, &number) < 1)
        return 2;
    if (!strcmp(way, "read"))
        read_port();
    if (!strcmp(way, "poll")) {
        struct pollfd wanted = {port, POLLIN, 0};
        poll(&wanted, 1, -1);
    }
    if (!strcmp(way, "select")) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(port, &set);
        select(port + 1, &set, NULL, NULL, NULL);
    }
    if (!strcmp(way, "epoll")) {
        struct epoll_event event = {.events = EPOLLIN};
        int epoll = epoll_create1(0);
        epoll_ctl(epoll, EPOLL_CTL_ADD, port, &event);
        epoll_wait(epoll, &event, 1, -1);
    }
    if (!strcmp(way, "thread")) {
        pthread_t thread;
        pthread_create(&thread, NULL, read_in_thread, NULL);
        pthread_join(thread, NULL);
    }
    if (!strcmp(way, "child")) {
        if (!fork())
            read_port();
        wait(&status);
    }
    /* From here on something comes. */
    if (!strcmp(way, "timed-read")) {
        set_timed(0, 15);
        char byte;
        read(port, &byte, 1);
    }
    if (!strcmp(way, "timed-poll")) {
        struct pollfd wanted = {port, POLLIN, 0};
        poll(&wanted, 1, 1500);
    }
    if (!strcmp(way, "sleep"))
        nanosleep(&a_while, NULL);
    if (!strcmp(way, "woken")) {
        signal(SIGALRM, on_alarm);
        alarm(2);
        read_port();
    }
    if (!strcmp(way, "timer")) {
        timer_t timer;
        struct itimerspec once = {{0, 0}, a_while};
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
        signal(SIGUSR1, on_alarm);
        timer_create(CLOCK_MONOTONIC, &event, &timer);
        timer_settime(timer, 0, &once, NULL);
        read_port();
    }
    if (!strcmp(way, "working-child") && pipe(ends) == 0) {
        char byte;
        if (!fork()) {
            nanosleep(&a_while, NULL);
            write(ends[1], "x", 1);
            _exit(0);
        }
        read(ends[0], &byte, 1);
    }
    if (!strcmp(way, "daemon") && pipe(ends) == 0) {
        char byte;
        if (!fork()) {
            setsid();
            if (fork())
                _exit(0);
            nanosleep(&a_while, NULL);
            write(ends[1], "x", 1);
            _exit(0);
        }
        wait(&status);
        read(ends[0], &byte, 1);
    }
    if (!strcmp(way, "network")) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)number)};
        char byte;
        int peer = socket(AF_INET, SOCK_STREAM, 0);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(peer, (struct sockaddr *)&address, sizeof address) || read(peer, &byte, 1) != 1)
            return 4;
    }
    if (!strcmp(way, "server") || !strcmp(way, "ring")) {
        const char *form = strcmp(way, "ring") ? "AT#SD=1,0,%d,\"127.0.0.1\"\r" : "AT#SD=1,0,%d,\"127.0.0.1\",0,0,1\r";
        char command[64];
        ask("ATE0\r");
        ask("AT+CGDCONT=1,\"IP\",\"internet\"\r");
        ask("AT#SGACT=1,1\r");
        snprintf(command, sizeof command, form, number);
        ask(command);
        read_port();
    }
    if (!strcmp(way, "listen")) {
        char command[64];
        ask("ATE0\r");
        ask("AT+CGDCONT=1,\"IP\",\"internet\"\r");
        ask("AT#SGACT=1,1\r");
        ask("AT#FRWL=1,\"127.0.0.1\",\"255.255.255.255\"\r");
        snprintf(command, sizeof command, "AT#SL=1,1,%d\r", number);
        ask(command);
        read_port();
    }
    return 0;
}
