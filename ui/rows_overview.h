/* The overview's rows: the headline, MX x address x offer x stage, the domain, one session in short. */
#ifndef MXSCOPE_UI_ROWS_OVERVIEW_H
#define MXSCOPE_UI_ROWS_OVERVIEW_H

#include "ui/line.h"
#include "ui/model.h"

void ui_overview_headline(struct ui_lines *lines, int width, const struct ui_model *model);
/* One row a session, tagged with its id; a host without one says why. */
void ui_overview_matrix(struct ui_lines *lines, int width, const struct ui_model *model);
void ui_overview_domain(struct ui_lines *lines, int width, const struct ui_model *model);
void ui_overview_session(struct ui_lines *lines, int width, const struct ui_model *model);

const char *ui_day(struct mxs_arena *arena, int64_t wall); /* "2026-11-21" */
enum ui_style ui_security_style(enum mxs_security security);
/* "deliver, verified" and its style. */
const char *ui_verdict_words(struct mxs_arena *arena, const struct mxs_verdict *verdict);
enum ui_style ui_verdict_style(const struct mxs_verdict *verdict);
bool ui_is_mine(const struct mxs_strs *mine, const char *verifier);
/* The session's verdicts, those of --mine first: pointers into it. */
const struct mxs_verdict **ui_verdicts(struct mxs_arena *arena,
                                       const struct mxs_session_assessment *judged,
                                       const struct mxs_strs *mine, size_t *n);

#endif
