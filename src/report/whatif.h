/* Reports of what-if: the matrix and the timeline of one subject, as text and as JSON. They judge
 * nothing. */
#ifndef MXSCOPE_SRC_REPORT_WHATIF_H
#define MXSCOPE_SRC_REPORT_WHATIF_H

#include "report/report.h"
#include "whatif/remedy.h"
#include "whatif/timeline.h"

struct mxs_whatif_report {
    struct mxs_report base; /* colour, width, verbosity, catalog, profiles; no evidence, no assessment */
    const struct mxs_matrix *matrix;     /* run to its end; NULL: nothing is known of the subject */
    const struct mxs_offers *offers;     /* one per row of the matrix; NULL: none were looked for */
    const struct mxs_timeline *timeline; /* run to its end; NULL: not asked for */
    const struct mxs_subject *subject;
    const struct mxs_matrix *like;       /* of a subject reported before: the text refers to it where the
                                            same is true; NULL */
    int64_t at;
    bool not_applying; /* also those that do not apply, with the reason; the text: each one in full */
};

/* Only what changes, then why, then what to do. MXS_ERR_LIMIT when out is full. */
enum mxs_err mxs_report_whatif_text(const struct mxs_whatif_report *report, struct mxs_buf *out);
/* mxscope.whatif/1, one line. */
enum mxs_err mxs_report_whatif_json(const struct mxs_whatif_report *report, struct mxs_buf *out);

/* Appends the same to a document (report/doc.h), for --html and --markdown. */
struct mxs_doc;
void mxs_report_whatif_doc(const struct mxs_whatif_report *report, struct mxs_doc *doc);

/* --- pieces of it that others show too; in arena --- */

/* What the rows say of the clientAuth removal, in paragraphs that a newcomer understands; none when no
 * scenario is about it. */
void mxs_whatif_answer(struct mxs_arena *arena, const struct mxs_matrix *matrix,
                       struct mxs_strs *out);
/* One sentence: how many scenarios break what, and the first of them. */
const char *mxs_whatif_headline(struct mxs_arena *arena, const struct mxs_matrix *matrix);
/* "handshake-failure at client-verdict, alert 43", "deliver in CLEARTEXT", "?" */
const char *mxs_verdict_words(struct mxs_arena *arena, const struct mxs_verdict *verdict);
/* "2026-07-08"; "any time" for MXS_CATALOG_ALWAYS. */
const char *mxs_whatif_day(struct mxs_arena *arena, int64_t at);
/* How sure a date is, in words; NULL when it is exact, or a fact of the evidence. */
const char *mxs_whatif_certainty(const char *certainty);
/* The reason of after that before lacks: the one that decides, else the first; its first when before has
 * all; NULL when it has none. */
const struct mxs_reason *mxs_verdict_why(const struct mxs_verdict *before,
                                         const struct mxs_verdict *after);

#endif
