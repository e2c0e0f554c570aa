/*
 * A host with lwIP: PPP over a line, and over that one TCP connection, from and to a stream.
 *
 *     lwip_host LINE STREAM HOST PORT [USER PASSWORD]
 *
 * LINE is the descriptor of a line on which the modem has said CONNECT, STREAM that of a socket whose data goes to PORT
 * of HOST and comes from there. What happens is said in lines: "up ADDRESS PEER DNS", "connected", "closed" or
 * "failed ERROR", "down ERROR", with the numbers of lwIP; the program ends when PPP is down.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lwip/dns.h"
#include "lwip/init.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "netif/ppp/pppapi.h"
#include "netif/ppp/pppos.h"

static int line, stream, port, ended;
static const char *host;
static struct netif interface;
static ppp_pcb *ppp;
static struct tcp_pcb *tcp;
static struct pbuf *received; /* what the stream has not taken yet */
static int stream_ended, peer_ended;

u32_t sys_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (u32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

u32_t sys_jiffies(void)
{
    return sys_now();
}

static void say(const char *event, int number)
{
    printf("%s %d\n", event, number);
    fflush(stdout);
}

/* The line. */

static u32_t write_line(ppp_pcb *pcb, u8_t *data, u32_t size, void *context)
{
    u32_t sent = 0;
    ssize_t written;

    (void)pcb;
    (void)context;
    while (sent < size) {
        written = write(line, data + sent, size - sent);
        if (written > 0) {
            sent += (u32_t)written;
        } else if (errno == EAGAIN) {
            struct pollfd room = {line, POLLOUT, 0};
            poll(&room, 1, -1);
        } else {
            break;
        }
    }
    return sent;
}

static void read_line(void)
{
    u8_t data[4096];
    ssize_t size = read(line, data, sizeof data);

    if (size > 0)
        pppos_input(ppp, data, (int)size);
    else if (size == 0 || errno != EAGAIN)
        ppp_close(ppp, 1); /* nobody is at the other end any more */
}

/* The stream. */

static void hand_on(void)
{
    while (received) {
        ssize_t written = write(stream, received->payload, received->len);
        struct pbuf *rest;

        if (written <= 0)
            return;
        tcp_recved(tcp, (u16_t)written);
        if (written < received->len) {
            pbuf_remove_header(received, (size_t)written);
            return;
        }
        rest = received->next;
        if (rest)
            pbuf_ref(rest);
        pbuf_free(received);
        received = rest;
    }
    if (peer_ended == 1) {
        peer_ended = 2;
        shutdown(stream, SHUT_WR);
    }
}

static void read_stream(void)
{
    u8_t data[4 * TCP_MSS];
    u16_t room = tcp_sndbuf(tcp) < sizeof data ? tcp_sndbuf(tcp) : (u16_t)sizeof data;
    ssize_t size = read(stream, data, room);

    if (size > 0) {
        if (tcp_write(tcp, data, (u16_t)size, TCP_WRITE_FLAG_COPY) != ERR_OK) {
            say("failed", ERR_MEM);
            exit(1);
        }
        tcp_output(tcp);
    } else if (size == 0) {
        stream_ended = 1;
        tcp_shutdown(tcp, 0, 1);
    }
}

/* The connection. */

static void leave(void)
{
    tcp = NULL;
    ppp_close(ppp, 0);
}

static err_t take(void *context, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    (void)context;
    (void)pcb;
    (void)error;
    if (!data)
        peer_ended = 1;
    else if (received)
        pbuf_cat(received, data);
    else
        received = data;
    hand_on();
    return ERR_OK;
}

static void fail(void *context, err_t error)
{
    (void)context;
    say("failed", error);
    shutdown(stream, SHUT_RDWR);
    leave();
}

static err_t connected(void *context, struct tcp_pcb *pcb, err_t error)
{
    (void)context;
    (void)pcb;
    say("connected", error);
    return ERR_OK;
}

static void dial(const char *name, const ip_addr_t *address, void *context)
{
    (void)name;
    (void)context;
    if (!address) {
        fail(NULL, ERR_RTE);
        return;
    }
    tcp = tcp_new();
    tcp_recv(tcp, take);
    tcp_err(tcp, fail);
    tcp_connect(tcp, address, (u16_t)port, connected);
}

static void change(ppp_pcb *pcb, int error, void *context)
{
    ip_addr_t address;

    (void)pcb;
    (void)context;
    if (error != PPPERR_NONE) {
        say("down", error);
        ended = 1;
        return;
    }
    printf("up %s", ip4addr_ntoa(netif_ip4_addr(&interface)));
    printf(" %s", ip4addr_ntoa(netif_ip4_gw(&interface)));
    printf(" %s\n", ipaddr_ntoa(dns_getserver(0)));
    fflush(stdout);
    if (dns_gethostbyname(host, &address, dial, NULL) == ERR_OK)
        dial(host, &address, NULL);
}

static void turn(void)
{
    int online = tcp != NULL && tcp->state >= ESTABLISHED;
    struct pollfd ready[2] = {{line, POLLIN, 0}, {-1, 0, 0}};
    u32_t sleep = sys_timeouts_sleeptime();

    if (online) {
        if (!stream_ended && tcp_sndbuf(tcp) > 0)
            ready[1].events |= POLLIN;
        if (received)
            ready[1].events |= POLLOUT;
        if (ready[1].events)
            ready[1].fd = stream;
    }
    poll(ready, 2, sleep == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? -1 : (int)sleep);
    sys_check_timeouts();
    if (ready[0].revents)
        read_line();
    if (tcp && ready[1].revents & POLLOUT)
        hand_on();
    if (tcp && ready[1].revents & (POLLIN | POLLHUP) && !stream_ended)
        read_stream();
    if (tcp && stream_ended && peer_ended == 2) {
        say("closed", 0);
        tcp_err(tcp, NULL); /* PPP aborts what is not quite over yet */
        tcp_close(tcp);
        leave();
    }
}

int main(int count, char **words)
{
    if (count != 5 && count != 7) {
        fprintf(stderr, "usage: lwip_host LINE STREAM HOST PORT [USER PASSWORD]\n");
        return 2;
    }
    line = atoi(words[1]);
    stream = atoi(words[2]);
    host = words[3];
    port = atoi(words[4]);
    fcntl(line, F_SETFL, O_NONBLOCK);
    fcntl(stream, F_SETFL, O_NONBLOCK);
    signal(SIGPIPE, SIG_IGN);
    srandom((unsigned)getpid());
    lwip_init();
    ppp = pppos_create(&interface, write_line, change, NULL);
    ppp_set_default(ppp);
    ppp_set_usepeerdns(ppp, 1);
    if (count == 7)
        ppp_set_auth(ppp, PPPAUTHTYPE_ANY, words[5], words[6]);
    ppp_connect(ppp, 0);
    while (!ended)
        turn();
    return 0;
}
