/* Brings a report to a web server, once and no more: report PORT [SECONDS]
 *
 * For so many seconds it begins again from the top when there was trouble; with 0 it fails at the first trouble. */

#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words)
{
    struct report report = {.at.line = {.path = count > 1 ? words[1] : "", .descriptor = -1}};
    double deadline = now() + (count > 2 ? atof(words[2]) : 60);
    unsigned char name[4] = {0};
    enum result result;

    if (getentropy(name, sizeof name) != 0)
        return 2;
    snprintf(report.key, sizeof report.key, "%02x%02x%02x%02x", name[0], name[1], name[2], name[3]);
    while ((result = attempt(&report)) != DONE && now() < deadline)
        pause_for(1);
    line_close(&report.at.line);
    if (result != DONE)
        fprintf(stderr, "report: %s\n", report.at.trouble);
    return result;
}
