#include "config.h"

#include "ui/table.h"
#include "ui/veil.h"

#include <string.h>

void ui_table_init(struct ui_table *table, struct mxs_arena *arena, const struct ui_column *columns,
                   size_t n_columns)
{
    *table = (struct ui_table){ .arena = arena, .columns = columns, .n_columns = n_columns,
                                .gap = 2 };
}

struct ui_table_row *ui_table_row(struct ui_table *table, uint64_t tag)
{
    struct ui_table_row *row = mxs_list_add(table->arena, &table->rows);
    *row = (struct ui_table_row){ .tag = tag };
    return row;
}

void ui_table_cell(struct ui_table_row *row, enum ui_style style, const char *text)
{
    if (row->n < UI_TABLE_COLUMNS)
        row->cells[row->n++] = (struct ui_table_cell){ text ? text : "", style };
}

static void natural_widths(const struct ui_table *table, int *widths)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        const char *title = table->columns[c].title;
        widths[c] = title ? ui_text_width(title, false) : 0;
        for (size_t r = 0; r < table->rows.n; r++) {
            const struct ui_table_row *row = &table->rows.v[r];
            int w = c < row->n ? ui_text_width(row->cells[c].text, false) : 0;
            widths[c] = w > widths[c] ? w : widths[c];
        }
    }
}

static int sum(const struct ui_table *table, const int *widths)
{
    int total = 0;
    for (size_t c = 0; c < table->n_columns; c++)
        total += widths[c] + (c ? table->gap : 0);
    return total;
}

/* One column off the widest of those that may shrink; at the end off the widest of all. */
static bool shrink_one(const struct ui_table *table, int *widths, bool all)
{
    int best = -1;
    for (size_t c = 0; c < table->n_columns; c++) {
        int min = table->columns[c].min;
        bool may = all ? widths[c] > 1 : min > 0 && widths[c] > min;
        if (may && (best < 0 || widths[c] > widths[best]))
            best = (int)c;
    }
    if (best >= 0)
        widths[best]--;
    return best >= 0;
}

static void fit(const struct ui_table *table, int *widths, int width)
{
    natural_widths(table, widths);
    while (sum(table, widths) > width)
        if (!shrink_one(table, widths, false) && !shrink_one(table, widths, true))
            break;
    int left = width - sum(table, widths);
    for (size_t c = 0; c < table->n_columns && left > 0; c++)
        if (table->columns[c].grow) {
            widths[c] += left;
            left = 0;
        }
}

static void put(const struct ui_table *table, struct ui_line *line, const int *widths, size_t c,
                int x, enum ui_style style, const char *text)
{
    if (table->columns[c].right)
        ui_line_right(line, x, widths[c], style, text);
    else
        ui_line_at(line, x, widths[c], style, text);
}

void ui_table_finish(struct ui_table *table, struct ui_lines *lines, int width)
{
    int widths[UI_TABLE_COLUMNS] = { 0 };
    bool titled = false;
    for (size_t r = 0; r < table->rows.n; r++)
        for (size_t c = 0; c < table->rows.v[r].n; c++) /* before the widths are taken */
            table->rows.v[r].cells[c].text = ui_veil(table->arena, table->rows.v[r].cells[c].text);
    fit(table, widths, width);
    for (size_t c = 0; c < table->n_columns; c++)
        titled = titled || table->columns[c].title;
    for (size_t r = titled ? 0 : 1; r <= table->rows.n; r++) { /* r 0 = the heading */
        struct ui_line *line = ui_lines_add(lines);
        struct ui_table_row *row = r ? &table->rows.v[r - 1] : NULL;
        line->heading = !row;
        line->tag = row ? row->tag : 0;
        line->copy = row ? row->copy : NULL;
        for (size_t c = 0, x = 0; c < table->n_columns; x += (size_t)(widths[c++] + table->gap))
            if (!row && table->columns[c].title)
                put(table, line, widths, c, (int)x, UI_STYLE_DIM, table->columns[c].title);
            else if (row && c < row->n && widths[c] > 0)
                put(table, line, widths, c, (int)x, row->cells[c].style, row->cells[c].text);
    }
}
