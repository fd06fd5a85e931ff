#include "config.h"

#include "report/doc_room.h"
#include "report/wrap.h"

#include <string.h>

enum { GAP = 2, COLUMNS_MAX = 32, NARROWEST = 8 };

struct writer {
    struct mxs_buf *out;
    size_t width;
    bool color;
    struct mxs_arena *arena;
};

static void toned(struct writer *w, enum mxs_tone tone, const char *s, size_t n)
{
    static const char *const sgr[] = { "", "\033[32m", "\033[33m", "\033[1;31m", "\033[1m" };
    bool color = w->color && tone != MXS_TONE_PLAIN && n;
    mxs_buf_puts(w->out, color ? sgr[tone] : "");
    mxs_buf_add(w->out, s, n);
    mxs_buf_puts(w->out, color ? "\033[0m" : "");
}

static void para(struct writer *w, const struct mxs_doc_block *b, const char *bullet, size_t indent)
{
    size_t now = indent;
    mxs_buf_puts(w->out, bullet);
    if (b->word) {
        toned(w, b->tone, b->word, strlen(b->word));
        mxs_buf_putc(w->out, ' ');
        now += mxs_columns(b->word) + 1;
    }
    for (const char *s = b->text; s;) { /* a line feed breaks */
        const char *nl = strchr(s, '\n');
        const char *line = nl ? mxs_arena_strndup(w->arena, s, (size_t)(nl - s)) : s;
        mxs_wrap(w->out, line, now, indent, w->width);
        s = nl ? nl + 1 : NULL;
        if (s)
            mxs_buf_printf(w->out, "%*s", (int)indent, "");
        now = indent;
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

static size_t widest_line(const char *s)
{
    size_t widest = 0;
    while (*s) {
        size_t n = strcspn(s, "\n"), columns = 0;
        for (size_t i = 0; i < n; i++)
            columns += ((uint8_t)s[i] & 0xc0) != 0x80;
        widest = columns > widest ? columns : widest;
        s += n + (s[n] == '\n');
    }
    return widest;
}

static void natural_widths(const struct mxs_doc_block *b, size_t *widths)
{
    for (size_t i = 0; i < b->n; i++) {
        widths[i] = widest_line(b->columns[i].title);
        for (size_t row = 0; row < mxs_doc_rows(b); row++) {
            const struct mxs_doc_cell_text *c = mxs_doc_at(b, row, i);
            size_t need = c ? widest_line(c->text) : 0;
            widths[i] = need > widths[i] ? need : widths[i];
        }
    }
}

/* The widest column gives way until all fit. */
static void fit(size_t *widths, size_t n, size_t width)
{
    for (;;) {
        size_t sum = n ? (n - 1) * GAP : 0, widest = 0;
        for (size_t i = 0; i < n; i++) {
            sum += widths[i];
            widest = widths[i] > widths[widest] ? i : widest;
        }
        if (sum <= width || !n || widths[widest] <= NARROWEST)
            return;
        size_t over = sum - width, spare = widths[widest] - NARROWEST;
        widths[widest] -= over < spare && over < 4 ? over : spare < 4 ? spare : 4;
    }
}

/* The bytes of s that make the next line of at most width columns; *skip is what follows and is not
 * shown (a blank, a line feed). */
static size_t line_of(const char *s, size_t width, size_t *skip)
{
    size_t columns = 0, blank = 0, i = 0;
    *skip = 0;
    for (; s[i] && s[i] != '\n'; i++) {
        if (((uint8_t)s[i] & 0xc0) == 0x80)
            continue;
        if (columns == width)
            break;
        if (s[i] == ' ')
            blank = i;
        columns++;
    }
    if (!s[i] || s[i] == '\n' || s[i] == ' ') {
        *skip = s[i] != 0;
        return i;
    }
    *skip = blank ? 1 : 0;
    return blank ? blank : i;
}

static size_t columns_of(const char *s, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n; i++)
        columns += ((uint8_t)s[i] & 0xc0) != 0x80;
    return columns;
}

/* One row, as many lines as its tallest cell needs. */
static void row(struct writer *w, const struct mxs_doc_block *b, const size_t *widths,
                const char **texts, const enum mxs_tone *row_tones)
{
    for (bool more = true; more;) {
        size_t blanks = 0;
        more = false;
        for (size_t i = 0; i < b->n; i++) {
            size_t skip, n = line_of(texts[i], widths[i], &skip);
            size_t pad = widths[i] - columns_of(texts[i], n);
            size_t before = b->columns[i].style & MXS_DOC_RIGHT ? pad : 0;
            blanks += before;
            if (n) { /* no blanks at the end of a line */
                mxs_buf_printf(w->out, "%*s", (int)blanks, "");
                toned(w, row_tones[i], texts[i], n);
                blanks = 0;
            }
            blanks += pad - before + GAP;
            texts[i] += n + skip;
            more |= *texts[i] != 0;
        }
        mxs_buf_putc(w->out, '\n');
    }
}

static void table(struct writer *w, const struct mxs_doc_block *b)
{
    size_t widths[COLUMNS_MAX];
    const char *texts[COLUMNS_MAX];
    enum mxs_tone row_tones[COLUMNS_MAX];
    if (b->n > COLUMNS_MAX)
        return;
    natural_widths(b, widths);
    fit(widths, b->n, w->width);
    for (size_t i = 0; i < b->n; i++) {
        texts[i] = b->columns[i].title;
        row_tones[i] = MXS_TONE_TITLE;
    }
    if (mxs_doc_has_head(b))
        row(w, b, widths, texts, row_tones);
    for (size_t r = 0; r < mxs_doc_rows(b); r++) {
        for (size_t i = 0; i < b->n; i++) {
            const struct mxs_doc_cell_text *c = mxs_doc_at(b, r, i);
            texts[i] = c ? c->text : "";
            row_tones[i] = c ? c->tone : MXS_TONE_PLAIN;
        }
        row(w, b, widths, texts, row_tones);
    }
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void code(struct writer *w, const char *s)
{
    while (*s) {
        size_t n = strcspn(s, "\n");
        mxs_buf_printf(w->out, "    %.*s\n", (int)n, s);
        s += n + (s[n] == '\n');
    }
}

static void block(struct writer *w, const struct mxs_doc_block *b)
{
    switch (b->kind) {
    case MXS_DOC_TABLE:
        table(w, b);
        break;
    case MXS_DOC_CODE:
        code(w, b->text);
        break;
    case MXS_DOC_ITEM:
        para(w, b, "- ", 2);
        break;
    case MXS_DOC_PARA:
        para(w, b, "", 0);
        break;
    case MXS_DOC_HEADING:
        if (!b->word) {
            toned(w, MXS_TONE_TITLE, b->text, strlen(b->text));
            mxs_buf_putc(w->out, '\n');
        } else {
            para(w, b, "", 0);
        }
        break;
    }
}

enum mxs_err mxs_doc_text(const struct mxs_doc *doc, unsigned width, bool color, struct mxs_buf *out)
{
    struct writer w = { out, width ? width : 80, color, mxs_arena_new() };
    for (size_t i = 0; i < doc->blocks.n; i++) {
        const struct mxs_doc_block *b = &doc->blocks.v[i];
        bool list = i && b->kind == MXS_DOC_ITEM && doc->blocks.v[i - 1].kind == MXS_DOC_ITEM;
        bool under = i && doc->blocks.v[i - 1].kind == MXS_DOC_HEADING;
        if (i && !list && !under)
            mxs_buf_putc(out, '\n');
        block(&w, b);
    }
    mxs_arena_free(w.arena);
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
