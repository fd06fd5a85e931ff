#include "config.h"

#include "report/doc_room.h"

#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.45 system-ui,sans-serif;max-width:72em;margin:2em auto;padding:0 1em}\n"
    "h1{font-size:1.4em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #8888}\n"
    "h3{font-size:1em;margin-top:1.5em}\n"
    "table{border-collapse:collapse;margin:.6em 0}\n"
    "th,td{border:1px solid #8886;padding:.25em .5em;text-align:left;vertical-align:top}\n"
    "td.m,code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}\n"
    "pre{border-left:3px solid #8886;padding:.3em .8em;white-space:pre-wrap}\n"
    "td.r{text-align:right}tr.s td{background:#8881}\n"
    "td.k{text-align:center;padding:.25em .1em}"
    "th.k{writing-mode:vertical-rl;font-weight:normal;padding:.5em .1em;white-space:nowrap}\n"
    ".good{color:#176b2c}.warn{color:#8a5a00}.bad{color:#a8071a;font-weight:bold}"
    ".strong{font-weight:bold}\n"
    "@media (prefers-color-scheme:dark){.good{color:#6fce85}.warn{color:#e5b34a}"
    ".bad{color:#ff7b7b}}\n"
    "@media print{:root{color-scheme:light}body{margin:0;max-width:none;font-size:11px;color:#000}"
    "tr,h2,h3{break-inside:avoid}h1,h2,h3{break-after:avoid}thead{display:table-header-group}"
    ".good,.warn,.bad{color:#000}}\n"
    "</style>\n";

static const char *const tones[] = { "", "good", "warn", "bad", "strong" };

/* Text content and attribute values alike; a line feed becomes a break where breaks is set. */
static void escaped(struct mxs_buf *out, const char *s, size_t n, bool breaks)
{
    static const struct mxs_name entities[] = {
        { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { '\'', "&#39;" },
        { 0, NULL },
    };
    for (const char *end = s + n; s < end; s++) {
        const char *entity = mxs_name_of(entities, *s);
        if (entity)
            mxs_buf_puts(out, entity);
        else if (*s == '\n' && breaks)
            mxs_buf_puts(out, "<br>");
        else
            mxs_buf_putc(out, *s);
    }
}

static void text(struct mxs_buf *out, const char *s)
{
    escaped(out, s, strlen(s), true);
}

static void toned(struct mxs_buf *out, enum mxs_tone tone, const char *s)
{
    if (tone != MXS_TONE_PLAIN)
        mxs_buf_printf(out, "<span class=\"%s\">", tones[tone]);
    text(out, s);
    if (tone != MXS_TONE_PLAIN)
        mxs_buf_puts(out, "</span>");
}

static void words(struct mxs_buf *out, const struct mxs_doc_block *b)
{
    struct mxs_bytes run;
    bool code;
    if (b->word) {
        toned(out, b->tone == MXS_TONE_PLAIN ? MXS_TONE_TITLE : b->tone, b->word);
        mxs_buf_putc(out, ' ');
    }
    if (!b->prose) {
        text(out, b->text);
        return;
    }
    for (const char *s = b->text; mxs_doc_run(&s, &code, &run);) {
        mxs_buf_puts(out, code ? "<code>" : "");
        escaped(out, (const char *)run.p, run.n, true);
        mxs_buf_puts(out, code ? "</code>" : "");
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

static const char *cell_class(unsigned style)
{
    return style & MXS_DOC_MARK ? " class=\"k\"" : style & MXS_DOC_RIGHT ? " class=\"m r\""
           : style & MXS_DOC_MONO ? " class=\"m\"" : "";
}

static void cell(struct mxs_buf *out, const struct mxs_doc_column *column,
                 const struct mxs_doc_cell_text *c)
{
    const char *tag = column->style & MXS_DOC_HEAD ? "th" : "td";
    mxs_buf_printf(out, "<%s%s", tag, cell_class(column->style));
    if (c->hint) {
        mxs_buf_puts(out, " title=\"");
        escaped(out, c->hint, strlen(c->hint), false);
        mxs_buf_putc(out, '"');
    }
    mxs_buf_putc(out, '>');
    toned(out, c->tone, c->text);
    mxs_buf_printf(out, "</%s>", tag);
}

static bool shaded(const struct mxs_doc_block *b, size_t row)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct mxs_doc_cell_text *c = mxs_doc_at(b, row, i);
        if (c && c->shaded)
            return true;
    }
    return false;
}

static void table(struct mxs_buf *out, const struct mxs_doc_block *b)
{
    mxs_buf_puts(out, "<table>\n");
    if (mxs_doc_has_head(b)) {
        mxs_buf_puts(out, "<thead><tr>");
        for (size_t i = 0; i < b->n; i++) {
            mxs_buf_puts(out, b->columns[i].style & MXS_DOC_MARK ? "<th class=\"k\">" : "<th>");
            text(out, b->columns[i].title);
            mxs_buf_puts(out, "</th>");
        }
        mxs_buf_puts(out, "</tr></thead>\n");
    }
    for (size_t row = 0; row < mxs_doc_rows(b); row++) {
        mxs_buf_puts(out, shaded(b, row) ? "<tr class=\"s\">" : "<tr>");
        for (size_t i = 0; i < b->n && mxs_doc_at(b, row, i); i++)
            cell(out, &b->columns[i], mxs_doc_at(b, row, i));
        mxs_buf_puts(out, "</tr>\n");
    }
    mxs_buf_puts(out, "</table>\n");
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void block(struct mxs_buf *out, const struct mxs_doc *doc, size_t i)
{
    const struct mxs_doc_block *b = &doc->blocks.v[i];
    bool first = i == 0 || doc->blocks.v[i - 1].kind != MXS_DOC_ITEM;
    bool last = i + 1 == doc->blocks.n || doc->blocks.v[i + 1].kind != MXS_DOC_ITEM;
    if (b->kind == MXS_DOC_TABLE) {
        table(out, b);
    } else if (b->kind == MXS_DOC_CODE) {
        mxs_buf_puts(out, "<pre>");
        escaped(out, b->text, strlen(b->text), false);
        mxs_buf_puts(out, "</pre>\n");
    } else if (b->kind == MXS_DOC_ITEM) {
        mxs_buf_puts(out, first ? "<ul>\n<li>" : "<li>");
        words(out, b);
        mxs_buf_puts(out, last ? "</li>\n</ul>\n" : "</li>\n");
    } else {
        char tag[4] = { b->kind == MXS_DOC_PARA ? 'p' : 'h',
                        b->kind == MXS_DOC_PARA ? 0 : (char)('0' + (b->level % 7)), 0 };
        mxs_buf_printf(out, "<%s>", tag);
        words(out, b);
        mxs_buf_printf(out, "</%s>\n", tag);
    }
}

enum mxs_err mxs_doc_html(const struct mxs_doc *doc, struct mxs_buf *out)
{
    mxs_buf_puts(out, head);
    mxs_buf_puts(out, "<title>");
    escaped(out, doc->title, strlen(doc->title), false);
    mxs_buf_puts(out, "</title>\n</head>\n<body>\n");
    for (size_t i = 0; i < doc->blocks.n; i++)
        block(out, doc, i);
    return mxs_buf_puts(out, "</body>\n</html>\n");
}
