/* What the files of the HTML report share. */
#ifndef MXSCOPE_SRC_REPORT_HTML_ROOM_H
#define MXSCOPE_SRC_REPORT_HTML_ROOM_H

#include "report/report.h"

struct mxs_html {
    const struct mxs_report *report;
    struct mxs_arena *arena;
    struct mxs_buf *out;
};

/* Printf whose %s arguments are escaped for HTML text and attributes; markup stands in fmt only.
 * Understands %s, %u, %lld and %%. */
void mxs_html_put(struct mxs_html *h, const char *fmt, ...) MXS_PRINTF(2, 3);

/* html_detail.c: DNS, chain, verdicts and the ladder of one host. */
void mxs_html_host(struct mxs_html *h, const struct mxs_host_facts *host);

#endif
