/* What the files of the text report share. */
#ifndef MXSCOPE_SRC_REPORT_TEXT_ROOM_H
#define MXSCOPE_SRC_REPORT_TEXT_ROOM_H

#include "report/doc.h"
#include "report/report.h"
#include "report/wrap.h"

struct mxs_text_report {
    const struct mxs_report *report;
    struct mxs_arena *arena;
    struct mxs_buf *out;
    size_t width;
};

/* A word in its colour, padded with spaces to `columns`. Colour adds nothing that the word lacks. */
void mxs_text_word(struct mxs_text_report *t, enum mxs_tone tone, const char *word, size_t columns);
void mxs_text_title(struct mxs_text_report *t, const char *title);
/* One paragraph behind `indent` spaces; a first word in front of it may already stand there. */
void mxs_text_para(struct mxs_text_report *t, size_t now, size_t indent, const char *fmt, ...)
    MXS_PRINTF(4, 5);

/* One line: status, target, the sentence. */
void mxs_text_headline(struct mxs_text_report *t);
void mxs_text_findings(struct mxs_text_report *t);
/* A verdict with its reasons below. */
void mxs_text_verdict(struct mxs_text_report *t, const struct mxs_verdict *verdict);
/* What each kind of sender does about a refusal; nothing where there is none. */
void mxs_text_then(struct mxs_text_report *t, const struct mxs_verdict *verdict, size_t indent);
/* Whatever is not ASCII becomes one question mark a character, from octet `from` on. */
void mxs_text_to_ascii(struct mxs_buf *out, size_t from);

/* text_detail.c: what -v adds for one host. */
void mxs_text_host_detail(struct mxs_text_report *t, const struct mxs_host_facts *host);

#endif
