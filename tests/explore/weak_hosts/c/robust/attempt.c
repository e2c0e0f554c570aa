#include "report.h"

enum result attempt(struct report *report)
{
    enum result result = DONE;

    for (report->step = 0; report->step < STEPS && result == DONE; report->step++)
        result = steps[report->step](report);
    return result;
}
