/* What the files of the session's document share. */
#ifndef MXSCOPE_SRC_REPORT_SESSION_DOC_H
#define MXSCOPE_SRC_REPORT_SESSION_DOC_H

#include "report/doc.h"
#include "report/report.h"

struct mxs_session_doc {
    const struct mxs_report *report;
    struct mxs_arena *arena;
    struct mxs_doc *doc;
};

/* session_doc_host.c: DNS, chain, verdicts and the ladder of one host. */
void mxs_session_doc_host(struct mxs_session_doc *d, const struct mxs_host_facts *host);

#endif
