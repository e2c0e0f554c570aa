/* A report that is on its way to a web server, by the module's TLS socket. */

#ifndef REPORT_H
#define REPORT_H

#include "at.h"

struct report {
    struct at at;
    char key[16]; /* by which the server knows it again: it takes it once, however often it comes */
    int step;     /* of the attempt that is under way */
};

extern const char SERVER[], TEXT[];

/* Seconds until the network has given an address. */
extern const double ACTIVATING;

/* The steps of an attempt, in their order. */
enum result wake(struct report *report);
enum result enlist(struct report *report);
enum result name_operator(struct report *report);
enum result activate(struct report *report);
enum result enable(struct report *report);
enum result dial(struct report *report);
enum result deliver(struct report *report);
enum result hang_up(struct report *report);

enum { STEPS = 8 };
extern enum result (*const steps[STEPS])(struct report *);

/* The status in the answer to AT+CREG?, or -1; what +CREG: says by itself has one number only. */
int status_of_registration(const struct at *at);

/* Begins from the top, whatever an earlier attempt has left. */
enum result attempt(struct report *report);

/* Writes the request with a further field of its head, or with "". */
void write_request(char *request, size_t size, const char *field);

/* Sends a request and hears the server's word that it has the whole report. */
enum result post(struct report *report, const char *request);

#endif
