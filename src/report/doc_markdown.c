/* CommonMark, tables as GitHub has them. Whatever could be markup is escaped. */
#include "config.h"

#include "report/doc_room.h"

#include <string.h>

static bool is_word(char c)
{
    return (uint8_t)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

/* An underscore between letters is one; any other may begin or end emphasis. */
static bool is_markup(const char *start, const char *s, const char *end)
{
    bool inside = s > start && s + 1 < end && is_word(s[-1]) && is_word(s[1]);
    return *s == '_' ? !inside : strchr("\\`*[]<>|~&", *s) != NULL;
}

/* cell: a table's, an item's or a heading's text, which stays on its line. */
static void escaped(struct mxs_buf *out, const char *s, size_t n, bool cell)
{
    bool fresh = !cell, number = false; /* at the beginning of a line more signs mean something */
    const char *start = s;
    for (const char *end = s + n; s < end; s++) {
        if (*s == '\n') {
            mxs_buf_puts(out, cell ? "<br>" : "  \n");
            fresh = !cell;
            continue;
        }
        if (is_markup(start, s, end) || (fresh && strchr("#+-=", *s)))
            mxs_buf_putc(out, '\\');
        else if (number && strchr(".)", *s) && (s + 1 == end || s[1] == ' ')) /* begins a list */
            mxs_buf_putc(out, '\\');
        number = (fresh || number) && *s >= '0' && *s <= '9';
        fresh = fresh && *s == ' ';
        mxs_buf_putc(out, *s);
    }
}

/* One line of code: the fence is longer than any run of backticks in it. */
static void code_span(struct mxs_buf *out, const char *s, size_t n, bool cell)
{
    size_t longest = 0;
    for (size_t i = 0, run = 0; i < n; i++) {
        run = s[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    bool pad = n && (s[0] == '`' || s[n - 1] == '`' || (s[0] == ' ' && s[n - 1] == ' '));
    for (size_t i = 0; i <= longest; i++)
        mxs_buf_putc(out, '`');
    mxs_buf_puts(out, pad ? " " : "");
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '|' && cell) /* a table is cut into cells before code is seen */
            mxs_buf_putc(out, '\\');
        mxs_buf_putc(out, s[i]);
    }
    mxs_buf_puts(out, pad ? " " : "");
    for (size_t i = 0; i <= longest; i++)
        mxs_buf_putc(out, '`');
}

static void words(struct mxs_buf *out, const struct mxs_doc_block *b)
{
    struct mxs_bytes run;
    bool code;
    if (b->word) {
        mxs_buf_puts(out, "**");
        escaped(out, b->word, strlen(b->word), false);
        mxs_buf_puts(out, "** ");
    }
    if (!b->prose) {
        escaped(out, b->text, strlen(b->text), b->kind != MXS_DOC_PARA);
        return;
    }
    for (const char *s = b->text; mxs_doc_run(&s, &code, &run);) {
        if (code)
            code_span(out, (const char *)run.p, run.n, false);
        else
            escaped(out, (const char *)run.p, run.n, b->kind != MXS_DOC_PARA);
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

static void cell(struct mxs_buf *out, unsigned style, const struct mxs_doc_cell_text *c)
{
    bool bad = c->tone == MXS_TONE_BAD && *c->text;
    if (!(style & MXS_DOC_MONO)) {
        mxs_buf_puts(out, bad ? "**" : "");
        escaped(out, c->text, strlen(c->text), true);
        mxs_buf_puts(out, bad ? "**" : "");
        return;
    }
    for (const char *s = c->text; *s;) { /* code has no line breaks */
        size_t n = strcspn(s, "\n");
        if (n)
            code_span(out, s, n, true);
        s += n;
        if (*s) {
            mxs_buf_puts(out, "<br>");
            s++;
        }
    }
}

static void table(struct mxs_buf *out, const struct mxs_doc_block *b)
{
    for (size_t i = 0; i < b->n; i++) {
        mxs_buf_puts(out, i ? " | " : "| ");
        escaped(out, b->columns[i].title, strlen(b->columns[i].title), true);
    }
    mxs_buf_puts(out, " |\n");
    for (size_t i = 0; i < b->n; i++)
        mxs_buf_puts(out, b->columns[i].style & MXS_DOC_RIGHT ? "|---:" : "|---");
    mxs_buf_puts(out, "|\n");
    for (size_t row = 0; row < mxs_doc_rows(b); row++) {
        for (size_t i = 0; i < b->n; i++) {
            const struct mxs_doc_cell_text *c = mxs_doc_at(b, row, i);
            mxs_buf_puts(out, i ? " | " : "| ");
            if (c)
                cell(out, b->columns[i].style, c);
        }
        mxs_buf_puts(out, " |\n");
    }
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void code_block(struct mxs_buf *out, const char *s)
{
    char fence[16] = "```";
    while (strstr(s, fence) && strlen(fence) + 1 < sizeof fence)
        fence[strlen(fence)] = '`';
    mxs_buf_printf(out, "%s\n%s%s%s\n", fence, s, s[strlen(s) - 1] == '\n' ? "" : "\n", fence);
}

static void block(struct mxs_buf *out, const struct mxs_doc_block *b)
{
    switch (b->kind) {
    case MXS_DOC_HEADING:
        mxs_buf_printf(out, "%.*s ", (int)(b->level % 7), "######");
        words(out, b);
        mxs_buf_putc(out, '\n');
        break;
    case MXS_DOC_TABLE:
        table(out, b);
        break;
    case MXS_DOC_CODE:
        code_block(out, b->text);
        break;
    case MXS_DOC_ITEM:
        mxs_buf_puts(out, "- ");
        words(out, b);
        mxs_buf_putc(out, '\n');
        break;
    case MXS_DOC_PARA:
        words(out, b);
        mxs_buf_putc(out, '\n');
        break;
    }
}

enum mxs_err mxs_doc_markdown(const struct mxs_doc *doc, struct mxs_buf *out)
{
    for (size_t i = 0; i < doc->blocks.n; i++) {
        const struct mxs_doc_block *b = &doc->blocks.v[i];
        bool list = i && b->kind == MXS_DOC_ITEM && doc->blocks.v[i - 1].kind == MXS_DOC_ITEM;
        if (i && !list)
            mxs_buf_putc(out, '\n');
        block(out, b);
    }
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
