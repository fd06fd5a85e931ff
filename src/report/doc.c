#include "config.h"

#include "report/doc_room.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct mxs_doc *mxs_doc_new(struct mxs_arena *arena, const char *title)
{
    struct mxs_doc *doc = MXS_NEW(arena, struct mxs_doc);
    doc->arena = arena;
    doc->title = mxs_arena_strdup(arena, title ? title : "mxscope");
    return doc;
}

MXS_PRINTF(2, 0)
static const char *formatted(struct mxs_doc *doc, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *text = mxs_arena_alloc(doc->arena, (size_t)(n > 0 ? n : 0) + 1);
    vsnprintf(text, (size_t)(n > 0 ? n : 0) + 1, fmt, args);
    return text;
}

static struct mxs_doc_block *block(struct mxs_doc *doc, enum mxs_doc_kind kind, const char *text)
{
    struct mxs_doc_block *b = mxs_list_add(doc->arena, &doc->blocks);
    b->kind = kind;
    b->text = text;
    return b;
}

#define FORMATTED(doc, fmt, text) \
    do {                          \
        va_list args_;            \
        va_start(args_, fmt);     \
        (text) = formatted((doc), (fmt), args_); \
        va_end(args_);            \
    } while (0)

void mxs_doc_heading(struct mxs_doc *doc, unsigned level, const char *fmt, ...)
{
    const char *text;
    FORMATTED(doc, fmt, text);
    block(doc, MXS_DOC_HEADING, text)->level = level;
}

void mxs_doc_title(struct mxs_doc *doc, unsigned level, enum mxs_tone tone, const char *word,
                   const char *fmt, ...)
{
    const char *text;
    FORMATTED(doc, fmt, text);
    struct mxs_doc_block *b = block(doc, MXS_DOC_HEADING, text);
    b->level = level;
    b->tone = tone;
    b->word = mxs_arena_strdup(doc->arena, word);
}

void mxs_doc_para(struct mxs_doc *doc, const char *fmt, ...)
{
    const char *text;
    FORMATTED(doc, fmt, text);
    if (*text)
        block(doc, MXS_DOC_PARA, text);
}

void mxs_doc_mark(struct mxs_doc *doc, enum mxs_tone tone, const char *word, const char *fmt, ...)
{
    const char *text;
    FORMATTED(doc, fmt, text);
    if (!*text)
        return;
    struct mxs_doc_block *b = block(doc, MXS_DOC_PARA, text);
    b->tone = tone;
    b->word = mxs_arena_strdup(doc->arena, word);
}

void mxs_doc_item(struct mxs_doc *doc, const char *fmt, ...)
{
    const char *text;
    FORMATTED(doc, fmt, text);
    if (*text)
        block(doc, MXS_DOC_ITEM, text);
}

void mxs_doc_prose(struct mxs_doc *doc, const char *text)
{
    if (text && *text)
        block(doc, MXS_DOC_PARA, mxs_arena_strdup(doc->arena, text))->prose = true;
}

void mxs_doc_code(struct mxs_doc *doc, const char *text)
{
    if (text && *text)
        block(doc, MXS_DOC_CODE, mxs_arena_strdup(doc->arena, text));
}

/* --- tables ----------------------------------------------------------------------------------- */

void mxs_doc_table(struct mxs_doc *doc, const struct mxs_doc_column *columns, size_t n)
{
    struct mxs_doc_block *b = block(doc, MXS_DOC_TABLE, "");
    b->columns = mxs_arena_dup(doc->arena, columns, n * sizeof *columns);
    b->n = n;
    for (size_t i = 0; i < n; i++)
        b->columns[i].title = mxs_arena_strdup(doc->arena, columns[i].title ? columns[i].title : "");
}

/* NULL outside of a table. */
static struct mxs_doc_block *open_table(struct mxs_doc *doc)
{
    struct mxs_doc_block *last = doc->blocks.n ? &doc->blocks.v[doc->blocks.n - 1] : NULL;
    return last && last->kind == MXS_DOC_TABLE && last->n ? last : NULL;
}

static struct mxs_doc_cell_text *last_cell(struct mxs_doc *doc)
{
    struct mxs_doc_block *table = open_table(doc);
    return table && table->cells.n ? &table->cells.v[table->cells.n - 1] : NULL;
}

void mxs_doc_cell(struct mxs_doc *doc, enum mxs_tone tone, const char *fmt, ...)
{
    struct mxs_doc_block *table = open_table(doc);
    const char *text;
    FORMATTED(doc, fmt, text);
    if (!table)
        return;
    struct mxs_doc_cell_text *cell = mxs_list_add(doc->arena, &table->cells);
    cell->tone = tone;
    cell->text = text;
}

void mxs_doc_hint(struct mxs_doc *doc, const char *text)
{
    struct mxs_doc_cell_text *cell = last_cell(doc);
    if (cell && text && *text)
        cell->hint = mxs_arena_strdup(doc->arena, text);
}

void mxs_doc_shade(struct mxs_doc *doc)
{
    struct mxs_doc_cell_text *cell = last_cell(doc);
    if (cell)
        cell->shaded = true;
}

bool mxs_doc_has_head(const struct mxs_doc_block *table)
{
    for (size_t i = 0; i < table->n; i++)
        if (*table->columns[i].title)
            return true;
    return false;
}

size_t mxs_doc_rows(const struct mxs_doc_block *table)
{
    return table->n ? (table->cells.n + table->n - 1) / table->n : 0;
}

const struct mxs_doc_cell_text *mxs_doc_at(const struct mxs_doc_block *table, size_t row, size_t column)
{
    size_t i = row * table->n + column;
    return i < table->cells.n ? &table->cells.v[i] : NULL;
}

/* --- all texts -------------------------------------------------------------------------------- */

void mxs_doc_map(struct mxs_doc *doc, const char *(*fn)(void *data, const char *text), void *data)
{
    doc->title = fn(data, doc->title);
    for (size_t i = 0; i < doc->blocks.n; i++) {
        struct mxs_doc_block *b = &doc->blocks.v[i];
        b->text = fn(data, b->text);
        b->word = b->word ? fn(data, b->word) : NULL;
        for (size_t k = 0; k < b->n; k++)
            b->columns[k].title = fn(data, b->columns[k].title);
        for (size_t k = 0; k < b->cells.n; k++) {
            struct mxs_doc_cell_text *cell = &b->cells.v[k];
            cell->text = fn(data, cell->text);
            cell->hint = cell->hint ? fn(data, cell->hint) : NULL;
        }
    }
}

bool mxs_doc_run(const char **text, bool *code, struct mxs_bytes *run)
{
    const char *s = *text, *end = *s == '`' ? strchr(s + 1, '`') : NULL;
    *code = end != NULL;
    if (!*s)
        return false;
    size_t n = end ? (size_t)(end - s - 1) : *s == '`' ? strlen(s) : strcspn(s, "`");
    *run = mxs_bytes(end ? s + 1 : s, n);
    *text = end ? end + 1 : s + n;
    return true;
}
