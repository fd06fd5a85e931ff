/* A rollover plan (whatif/plan.h) as a runbook to read, as JSON, as a document for a ticket, and as lines
 * for nsupdate(1). */
#ifndef MXSCOPE_SRC_REPORT_PLAN_H
#define MXSCOPE_SRC_REPORT_PLAN_H

#include "base/buf.h"
#include "whatif/plan.h"

struct mxs_plan_report {
    const struct mxs_plan_result *result;
    const char *subject; /* the target, or the host */
    const char *watch;   /* the command that makes this plan, without --scheme; NULL */
    const char *verify;  /* the command that checks the result; NULL */
    bool color, ascii, verbose, quiet;
    unsigned width; /* 0 = 80 */
};

/* Each appends to out; MXS_ERR_LIMIT when out is full. */
enum mxs_err mxs_report_plan_text(const struct mxs_plan_report *report, struct mxs_buf *out);
enum mxs_err mxs_report_plan_json(const struct mxs_plan_report *report, struct mxs_buf *out);
/* For --html and --markdown, in the arena of the plan. */
struct mxs_doc;
struct mxs_doc *mxs_report_plan_doc(const struct mxs_plan_report *report);
enum mxs_err mxs_report_plan_nsupdate(const struct mxs_plan_report *report, struct mxs_buf *out);

/* The records of all hosts after step i, as zone-file lines. In arena. */
void mxs_report_plan_records(struct mxs_arena *arena, const struct mxs_plan *plan, size_t i,
                             struct mxs_strs *out);
/* The command that checks step i; NULL. */
const char *mxs_report_plan_check(const struct mxs_plan_report *report, const struct mxs_plan *plan,
                                  size_t i);
/* "3-1-1 for mx.example.org: proved, 1234 states": one sentence. In arena. */
const char *mxs_report_plan_headline(struct mxs_arena *arena, const struct mxs_plan_report *report);

#endif
