/* What DNS and policy promise against what the server presented. */
#ifndef MXSCOPE_UI_ROWS_EXPECT_H
#define MXSCOPE_UI_ROWS_EXPECT_H

#include "ui/line.h"
#include "ui/model.h"

/* What wins; each TLSA record x each certificate; the MTA-STS policy x MX x certificate; the zones.
 * Headings between them; rows that came from an event are tagged with it. */
void ui_expect_promises(struct ui_lines *lines, int width, const struct ui_model *model);
/* A row a verifier, tagged with its place in verdicts + 1. */
void ui_expect_verdicts(struct ui_lines *lines, int width, const struct mxs_verdict **verdicts,
                        size_t n);

#endif
