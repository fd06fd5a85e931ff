/* Prints "NAME FINDING" for each fault of the lab, "-" where none must come of it. */
#include "config.h"

#include "judge/finding.h"
#include "lab/lab.h"

#include <stdio.h>

int main(void)
{
    size_t n;
    int bad = 0;
    const struct mxs_lab_fault *faults = mxs_lab_faults(&n);
    for (size_t i = 0; i < n; i++) {
        if (faults[i].finding && !mxs_finding_row(faults[i].finding)) {
            fprintf(stderr, "%s: no finding is named %s\n", faults[i].name, faults[i].finding);
            bad = 1;
        }
        printf("%s %s\n", faults[i].name, faults[i].finding ? faults[i].finding : "-");
    }
    return bad;
}
