/* upload: sends a text file to an HTTPS server by a Telit module. README.md beside it says the rest. */

#include "upload.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RETRIES = 3 };                /* attempts beside the first one; each begins from the top */
enum { LARGEST_CERTIFICATE = 2047 }; /* bytes that the module stores */

struct options {
    const char *port, *certificate, *file, *apn, *server, *path;
    double patience, pause;
};

static const char USAGE[] =
    "usage: upload --port TTY --ca PEM --file FILE [--server HOST] [--path PATH] [--apn APN] [--patience S] [--pause S]";

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "upload: %s: %s\n", what, why);
    exit(BAD_USAGE);
}

static double seconds(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= 0 && value < 1e6))
        die(text, "no number of seconds");
    return value;
}

static struct options parse(int count, char **words)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 't'},     {"ca", required_argument, NULL, 'c'},
        {"file", required_argument, NULL, 'f'},     {"server", required_argument, NULL, 's'},
        {"path", required_argument, NULL, 'u'},     {"apn", required_argument, NULL, 'a'},
        {"patience", required_argument, NULL, 'w'}, {"pause", required_argument, NULL, 'p'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {
        .apn = "internet", .server = "api.example.com", .path = "/upload", .patience = 120, .pause = 5};
    int letter;

    while ((letter = getopt_long(count, words, "", known, NULL)) != -1) {
        switch (letter) {
        case 't': options.port = optarg; break;
        case 'c': options.certificate = optarg; break;
        case 'f': options.file = optarg; break;
        case 's': options.server = optarg; break;
        case 'u': options.path = optarg; break;
        case 'a': options.apn = optarg; break;
        case 'w': options.patience = seconds(optarg); break;
        case 'p': options.pause = seconds(optarg); break;
        default: exit(BAD_USAGE); /* getopt_long has said why */
        }
    }
    if (options.port == NULL || options.certificate == NULL || options.file == NULL || optind < count) {
        fprintf(stderr, "%s\n", USAGE);
        exit(BAD_USAGE);
    }
    return options;
}

/* The whole file with a NUL behind it. */
static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *content = NULL;
    size_t room = 0, count;

    if (file == NULL)
        die(path, strerror(errno));
    *size = 0;
    do {
        room += 65536;
        if ((content = realloc(content, room)) == NULL)
            die(path, "too large");
        count = fread(content + *size, 1, room - 1 - *size, file);
        *size += count;
    } while (*size == room - 1);
    if (ferror(file))
        die(path, strerror(errno));
    fclose(file);
    content[*size] = '\0';
    return content;
}

/* The certificate as the module wants it: its lines end with LF alone (guide 3.3, warning). */
static char *read_certificate(const char *path)
{
    size_t size;
    char *text = read_file(path, &size);
    char *to = text;

    for (const char *from = text; *from != '\0'; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
    if (strstr(text, "-----BEGIN CERTIFICATE-----") == NULL)
        die(path, "no certificate in PEM");
    if (strlen(text) > LARGEST_CERTIFICATE)
        die(path, "the module stores 2047 bytes at most");
    return text;
}

/* Names the upload, by chance; each attempt has the same name. A UUID of version 4 (RFC 9562 5.4). */
static void make_key(char key[37])
{
    unsigned char bytes[16];

    if (getentropy(bytes, sizeof bytes) != 0)
        die("no random numbers", strerror(errno));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    for (size_t place = 0; place < sizeof bytes; place++) {
        key += sprintf(key, "%02x", bytes[place]);
        if (place == 3 || place == 5 || place == 7 || place == 9)
            *key++ = '-';
    }
    *key = '\0';
}

/* The HTTP request. Ctrl-Z, ESC and backspace act at the prompt of #SSLSEND instead of being sent (guide 3.3). */
static char *make_request(const struct options *options, size_t *size)
{
    char *body = read_file(options->file, size);
    char key[37];
    int head;
    char *request;

    for (size_t place = 0; place < *size; place++)
        if (body[place] == 0x1a || body[place] == 0x1b || body[place] == 0x08)
            die(options->file, "has control characters that #SSLSEND cannot carry; encode it, as base64 does");
    if ((request = malloc(*size + strlen(options->path) + strlen(options->server) + 250)) == NULL)
        die(options->file, "too large");
    make_key(key);
    head = sprintf(request,
        "POST %s HTTP/1.0\r\nHost: %s\r\nIdempotency-Key: \"%s\"\r\nContent-Type: text/plain\r\n"
        "Content-Length: %zu\r\n\r\n",
        options->path, options->server, key, *size);
    memcpy(request + head, body, *size);
    *size += (size_t)head;
    free(body);
    return request;
}

/* Whether another attempt may do better: the module and the network were waited for, the server has not judged. */
static bool is_worth_repeating(enum outcome outcome)
{
    return outcome >= NO_CONTEXT && outcome < REFUSED;
}

static enum outcome upload_at_last(struct at *at, struct upload *job, double pause)
{
    enum outcome outcome = upload(at, job);

    for (int retry = 0; retry < RETRIES && is_worth_repeating(outcome); retry++) {
        pause_for(pause * (1 << retry));
        at_recover(at);
        outcome = upload(at, job);
    }
    return outcome;
}

int main(int count, char **words)
{
    struct options options = parse(count, words);
    struct upload job = {.apn = options.apn, .server = options.server, .port = 443, .patience = options.patience};
    char *certificate = read_certificate(options.certificate);
    char *request = make_request(&options, &job.size);
    enum outcome outcome = NO_MODULE;
    struct at at;

    job.certificate = certificate;
    job.request = request;
    if (at_open(&at, options.port)) {
        outcome = upload_at_last(&at, &job, options.pause);
        at_close(&at);
    } else {
        at_trouble(&at, "%s: %s", options.port, strerror(errno));
    }
    if (outcome == UPLOADED)
        printf("uploaded: %s\n", job.status);
    else
        fprintf(stderr, "upload: %s%s%s\n", job.firmware, job.firmware[0] == '\0' ? "" : ": ", at.trouble);
    free(certificate);
    free(request);
    return (int)outcome;
}
