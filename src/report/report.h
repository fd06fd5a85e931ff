/* Reports: text, JSON, HTML, Markdown, pcapng from (journal, evidence, assessment). They judge nothing. */
#ifndef MXSCOPE_SRC_REPORT_REPORT_H
#define MXSCOPE_SRC_REPORT_REPORT_H

#include "base/buf.h"
#include "facts/catalog.h"
#include "journal/journal.h"
#include "judge/assess.h"

struct mxs_report {
    const struct mxs_journal *journal; /* may be NULL (verify) */
    const struct mxs_evidence *evidence;
    const struct mxs_assessment *assessment;
    struct mxs_catalog_loader *catalog; /* names the CAs of JSON's chains; NULL: none is named */
    const struct mxs_profiles *profiles; /* what products are called; NULL: by the verifiers' names */
    struct mxs_anon *anon; /* what is written passes it (report/anon.h); NULL: all as it is */
    unsigned width; /* columns of the text form; 0 = 80 */
    bool color, ascii, verbose, quiet;
};

/* Each appends to out; MXS_ERR_LIMIT when out is full. */
enum mxs_err mxs_report_text(const struct mxs_report *report, struct mxs_buf *out);
enum mxs_err mxs_report_json(const struct mxs_report *report, struct mxs_buf *out); /* report/1, one line */
/* What verify prints: the verdicts of each session, as text or as mxscope.verdicts/1, one line each. */
enum mxs_err mxs_report_verdicts_text(const struct mxs_report *report, struct mxs_buf *out);
enum mxs_err mxs_report_verdicts_json(const struct mxs_report *report, struct mxs_buf *out);
/* The session as a document (report/doc.h), and that rendered. */
struct mxs_doc;
struct mxs_doc *mxs_report_doc(const struct mxs_report *report, struct mxs_arena *arena);
enum mxs_err mxs_report_html(const struct mxs_report *report, struct mxs_buf *out);
enum mxs_err mxs_report_markdown(const struct mxs_report *report, struct mxs_buf *out);
enum mxs_err mxs_report_pcapng(const struct mxs_report *report, struct mxs_buf *out);

/* Writes a recorded session (mxscope.session/1) with the anchors that its verdicts used; words are those
 * of the command line, catalog the version of the CA catalog or NULL. */
enum mxs_err mxs_report_session(const char *path, const struct mxs_journal *journal,
                                const struct mxs_evidence *evidence,
                                const struct mxs_assess_options *assess,
                                const struct mxs_strs *words, const char *catalog,
                                struct mxs_why *why);

#endif
