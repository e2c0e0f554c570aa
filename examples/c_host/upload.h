/* One attempt to bring a request to a server over the module's TLS socket. */

#ifndef UPLOAD_H
#define UPLOAD_H

#include "at.h"

/* How an attempt ends, and the program with it: its exit code. */
enum outcome {
    UPLOADED = 0,
    BAD_USAGE = 2,
    NO_MODULE,       /* the port cannot be opened, or nobody answers */
    NOT_REGISTERED,  /* the network does not take the module in */
    NO_CONTEXT,      /* no PDP context, so no IP */
    NOT_SECURED,     /* the module refuses the SSL configuration or the certificate */
    NO_CONNECTION,   /* the server is not reached, or the handshake fails */
    CONNECTION_LOST, /* in the middle of it */
    REFUSED,         /* the server has the request and does not want it */
};

struct upload {
    const char *apn;
    const char *server;
    int port;
    const char *certificate; /* of the server's CA: PEM, its lines ended by LF alone */
    const char *request;     /* HTTP, head and body */
    size_t size;             /* of the request */
    double patience;         /* seconds to wait for a module that starts, and for the network */
    char firmware[64];       /* "HE910 12.00.004", once the module has told it */
    char status[128];        /* the first line of the server's answer, once it is there */
};

/* Begins from the top, whatever an earlier attempt has left; of a failure at->trouble tells why. */
enum outcome upload(struct at *at, struct upload *job);

#endif
