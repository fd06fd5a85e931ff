/* What `E` shows: the card of a stage, a field's note, a finding's fix, a verdict's reasons. */
#ifndef MXSCOPE_UI_ROWS_EXPLAIN_H
#define MXSCOPE_UI_ROWS_EXPLAIN_H

#include "facts/field.h"
#include "ui/line.h"
#include "ui/model.h"

/* event or field may be NULL; nothing is added when both are. */
void ui_explain_event(struct ui_lines *lines, int width, struct ui_model *model,
                      const struct mxs_event *event, const struct mxs_field *field);
void ui_explain_stage(struct ui_lines *lines, int width, struct ui_model *model,
                      enum mxs_stage stage);
/* The card of any entry, "stage/ehlo", in rows whose names are name_width columns wide. */
void ui_explain_id(struct ui_lines *lines, int width, int name_width, struct ui_model *model,
                   const char *id);
void ui_explain_finding(struct ui_lines *lines, int width, struct ui_model *model,
                        const struct mxs_finding *finding);
void ui_explain_verdict(struct ui_lines *lines, int width, struct ui_model *model,
                        const struct mxs_verdict *verdict);

/* "whose fault" in words: "yours", "the other side's", "the DNS's", .. */
const char *ui_fault_words(enum mxs_fault fault);

#endif
