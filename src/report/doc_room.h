/* What the renderers read. */
#ifndef MXSCOPE_SRC_REPORT_DOC_ROOM_H
#define MXSCOPE_SRC_REPORT_DOC_ROOM_H

#include "report/doc.h"

enum mxs_doc_kind { MXS_DOC_HEADING, MXS_DOC_PARA, MXS_DOC_ITEM, MXS_DOC_CODE, MXS_DOC_TABLE };

struct mxs_doc_cell_text {
    enum mxs_tone tone;
    const char *text, *hint; /* hint: NULL none */
    bool shaded;
};

struct mxs_doc_block {
    enum mxs_doc_kind kind;
    unsigned level;
    bool prose;
    enum mxs_tone tone;
    const char *word; /* in its colour before the text; NULL */
    const char *text;
    struct mxs_doc_column *columns;
    size_t n; /* columns */
    MXS_LIST(struct mxs_doc_cell_text) cells; /* row by row; the last row may be short */
};

struct mxs_doc {
    struct mxs_arena *arena;
    const char *title;
    MXS_LIST(struct mxs_doc_block) blocks;
};

/* The next run of prose, code when backticks stood around it; *text moves behind it. False at the end. A
 * backtick without its fellow is one. */
bool mxs_doc_run(const char **text, bool *code, struct mxs_bytes *run);
bool mxs_doc_has_head(const struct mxs_doc_block *table);
/* Rows of a table, the short last one too. */
size_t mxs_doc_rows(const struct mxs_doc_block *table);
/* NULL behind the end of a short row. */
const struct mxs_doc_cell_text *mxs_doc_at(const struct mxs_doc_block *table, size_t row, size_t column);

#endif
