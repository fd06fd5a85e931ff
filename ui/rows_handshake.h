/* The handshake in words: what was asked and sent, tickets, alerts, the verdict on our certificate. */
#ifndef MXSCOPE_UI_ROWS_HANDSHAKE_H
#define MXSCOPE_UI_ROWS_HANDSHAKE_H

#include "ui/line.h"
#include "ui/model.h"

/* True for events that belong to the list of messages. */
bool ui_handshake_event(const struct mxs_event *event);
/* A row of it: number, direction, protection, what. n counts TLS messages, 0 for other events. */
void ui_handshake_row(const struct mxs_event *event, unsigned n, int width, bool ascii,
                      struct ui_line *line);
void ui_handshake_heading(int width, struct ui_line *line);
/* Negotiated values, then the client-certificate story, then tickets and alerts. */
void ui_handshake_summary(struct ui_lines *lines, int width, const struct ui_model *model);

#endif
