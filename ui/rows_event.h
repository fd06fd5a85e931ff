/* Events as rows: of the ladder and of the log. */
#ifndef MXSCOPE_UI_ROWS_EVENT_H
#define MXSCOPE_UI_ROWS_EVENT_H

#include "journal/journal.h"
#include "ui/list.h"

/* True for what happens between two parties or decides something; the rest is in the log only. */
bool ui_event_on_ladder(const struct mxs_event *event);
/* A row of the ladder: time since the row before, client lane, arrow and text, server lane. */
void ui_event_ladder(const struct mxs_event *event, const struct mxs_event *before, int width,
                     bool ascii, struct ui_line *line);
void ui_event_log(const struct mxs_event *event, int width, struct ui_line *line);
void ui_event_log_heading(int width, struct ui_line *line);
bool ui_event_match(const struct mxs_event *event, const char *needle);
enum ui_style ui_event_style(const struct mxs_event *event);
/* What was on the wire was encrypted. */
bool ui_event_secure(const struct mxs_event *event);

/* "40 us", "1.4 ms", "12 ms", "3.45 s", "2 min 5 s". */
char *ui_duration(struct mxs_arena *arena, int64_t us);

#endif
