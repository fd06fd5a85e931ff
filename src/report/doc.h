/* A document: headings, paragraphs, items, code and tables, from which HTML and Markdown are
 * rendered. Reports, what-ifs and lessons build one and know nothing of the two forms:
 *
 *     struct mxs_doc *doc = mxs_doc_new(arena, "What breaks");
 *     mxs_doc_heading(doc, 1, "What breaks for %s", target);
 *     mxs_doc_mark(doc, MXS_TONE_BAD, "CRITICAL", "two senders defer");
 *     mxs_doc_prose(doc, "Run `postfix reload` afterwards.");
 *     static const struct mxs_doc_column columns[] = { { "verifier", MXS_DOC_MONO }, { "after", 0 } };
 *     mxs_doc_table(doc, columns, 2);
 *     mxs_doc_cell(doc, MXS_TONE_PLAIN, "%s", v->verifier);
 *     mxs_doc_cell(doc, MXS_TONE_BAD, "defer");
 *     mxs_doc_html(doc, out);
 *
 * Everything lives in the arena. Texts are UTF-8 that passed mxs_text_clean where a peer wrote them;
 * they are escaped for each form here and nowhere else, so nothing in them is ever markup. An empty or
 * NULL text of a paragraph, item or mark leaves the block out. */
#ifndef MXSCOPE_SRC_REPORT_DOC_H
#define MXSCOPE_SRC_REPORT_DOC_H

#include "base/arena.h"
#include "base/buf.h"

/* Colour, never without a word that says the same. */
enum mxs_tone { MXS_TONE_PLAIN, MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_TITLE };

enum mxs_doc_style { /* of a column, bits */
    MXS_DOC_MONO = 1,  /* digests, addresses, log lines: a fixed pitch, broken anywhere */
    MXS_DOC_MARK = 2,  /* one short word a cell; HTML lets the title stand on end */
    MXS_DOC_HEAD = 4,  /* the row's name */
    MXS_DOC_RIGHT = 8  /* numbers */
};

struct mxs_doc_column {
    const char *title; /* all of a table "" or NULL: it has no head */
    unsigned style;
};

struct mxs_doc;

struct mxs_doc *mxs_doc_new(struct mxs_arena *arena, const char *title);
/* level 1 (one a document) to 3 */
void mxs_doc_heading(struct mxs_doc *doc, unsigned level, const char *fmt, ...) MXS_PRINTF(3, 4);
/* A heading that begins with a word in its colour: "CRITICAL example.org". */
void mxs_doc_title(struct mxs_doc *doc, unsigned level, enum mxs_tone tone, const char *word,
                   const char *fmt, ...) MXS_PRINTF(5, 6);
void mxs_doc_para(struct mxs_doc *doc, const char *fmt, ...) MXS_PRINTF(2, 3);
/* A paragraph that begins with a word in its colour. */
void mxs_doc_mark(struct mxs_doc *doc, enum mxs_tone tone, const char *word, const char *fmt, ...)
    MXS_PRINTF(4, 5);
/* An item of a list; items in a row are one list. */
void mxs_doc_item(struct mxs_doc *doc, const char *fmt, ...) MXS_PRINTF(2, 3);
/* Text of an author of ours (share/, lessons), never a peer's: what stands between backticks is code. */
void mxs_doc_prose(struct mxs_doc *doc, const char *text);
/* Lines as they are: commands, configuration, log lines. */
void mxs_doc_code(struct mxs_doc *doc, const char *text);

/* A table; cells then come row by row, a row is full when it has n. The columns are copied. A line feed
 * in a cell breaks its line. */
void mxs_doc_table(struct mxs_doc *doc, const struct mxs_doc_column *columns, size_t n);
void mxs_doc_cell(struct mxs_doc *doc, enum mxs_tone tone, const char *fmt, ...) MXS_PRINTF(3, 4);
/* Says more about the last cell where a form can (HTML's title); NULL is fine. */
void mxs_doc_hint(struct mxs_doc *doc, const char *text);
/* The row of the last cell is a divider: shaded in HTML. */
void mxs_doc_shade(struct mxs_doc *doc);

/* Replaces every text by what fn gives (in the document's arena, or the text itself). */
void mxs_doc_map(struct mxs_doc *doc, const char *(*fn)(void *data, const char *text), void *data);

/* --- rendering: each appends to out; MXS_ERR_LIMIT when it is full ----------------------------- */

/* One file: no script, nothing loaded from anywhere, black on white on paper. */
enum mxs_err mxs_doc_html(const struct mxs_doc *doc, struct mxs_buf *out);
/* CommonMark with the tables of GitHub. */
enum mxs_err mxs_doc_markdown(const struct mxs_doc *doc, struct mxs_buf *out);

#endif
