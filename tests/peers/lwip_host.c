/* A host whose TCP/IP is lwIP: `lwip_host DESCRIPTOR ADDRESS PORT`.

   It sends a megabyte to the peer while it reads what comes back, ends its side, and prints how much has come and a
   digest of it (FNV-1a), or the error of the connection. Each datagram of the descriptor is an IP packet. */

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/sockets.h>
#include <lwip/tcpip.h>

enum { SIZE = 1024 * 1024, MTU = 1500 };

static int line;
static struct netif interface;
static uint8_t data[SIZE];

static err_t output(struct netif *netif, struct pbuf *packet, const ip4_addr_t *address)
{
    uint8_t bytes[MTU];
    uint16_t size = pbuf_copy_partial(packet, bytes, sizeof bytes, 0);
    (void)netif;
    (void)address;
    return write(line, bytes, size) == size ? ERR_OK : ERR_IF;
}

static err_t begin(struct netif *netif)
{
    netif->name[0] = 'p';
    netif->name[1] = 'p';
    netif->mtu = MTU;
    netif->output = output;
    return ERR_OK;
}

static void *take_packets(void *unused)
{
    uint8_t bytes[MTU];
    ssize_t size;
    while ((size = read(line, bytes, sizeof bytes)) > 0) {
        struct pbuf *packet = pbuf_alloc(PBUF_RAW, (u16_t)size, PBUF_RAM);
        if (packet == NULL)
            continue;
        pbuf_take(packet, bytes, (u16_t)size);
        if (interface.input(packet, &interface) != ERR_OK)
            pbuf_free(packet);
    }
    return unused;
}

static void *send_all(void *socket)
{
    size_t sent = 0;
    while (sent < SIZE) {
        ssize_t size = lwip_send(*(int *)socket, data + sent, SIZE - sent, 0);
        if (size <= 0)
            return NULL;
        sent += (size_t)size;
    }
    lwip_shutdown(*(int *)socket, SHUT_WR);
    return NULL;
}

static void receive_all(int socket)
{
    uint8_t bytes[4096];
    uint32_t digest = 2166136261u;
    size_t received = 0;
    ssize_t size;
    while ((size = lwip_recv(socket, bytes, sizeof bytes, 0)) > 0) {
        received += (size_t)size;
        for (ssize_t i = 0; i < size; i++)
            digest = (digest ^ bytes[i]) * 16777619u;
    }
    if (size < 0)
        printf("%s\n", strerror(errno));
    else
        printf("%zu %08x\n", received, digest);
}

static void ready(void *started)
{
    pthread_mutex_unlock(started);
}

int main(int count, char **arguments)
{
    static pthread_mutex_t started = PTHREAD_MUTEX_INITIALIZER;
    struct sockaddr_in peer = {.sin_family = AF_INET};
    pthread_t taking, sending;
    ip4_addr_t address, mask, router;
    int connection;
    if (count != 4)
        return 2;
    line = atoi(arguments[1]);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i % 251);
    pthread_mutex_lock(&started);
    tcpip_init(ready, &started);
    pthread_mutex_lock(&started);
    IP4_ADDR(&address, 10, 1, 1, 2);
    IP4_ADDR(&mask, 255, 255, 255, 255);
    IP4_ADDR(&router, 10, 1, 1, 1);
    LOCK_TCPIP_CORE();
    netif_add(&interface, &address, &mask, &router, NULL, begin, tcpip_input);
    netif_set_default(&interface);
    netif_set_link_up(&interface);
    netif_set_up(&interface);
    UNLOCK_TCPIP_CORE();
    pthread_create(&taking, NULL, take_packets, NULL);
    peer.sin_addr.s_addr = ipaddr_addr(arguments[2]);
    peer.sin_port = lwip_htons((uint16_t)atoi(arguments[3]));
    connection = lwip_socket(AF_INET, SOCK_STREAM, 0);
    if (lwip_connect(connection, (struct sockaddr *)&peer, sizeof peer) < 0) {
        printf("%s\n", strerror(errno));
        return 0;
    }
    pthread_create(&sending, NULL, send_all, &connection);
    receive_all(connection);
    lwip_close(connection);
    usleep(200000); /* the last segments */
    return 0;
}
