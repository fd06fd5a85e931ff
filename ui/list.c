#include "config.h"

#include "ui/list.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void ui_list_init(struct ui_list *list, const struct ui_source *source, void *data)
{
    *list = (struct ui_list){ .source = source, .data = data };
}

void ui_list_fini(struct ui_list *list)
{
    free(list->shown);
    list->shown = NULL;
    list->cap_shown = list->n_shown = 0;
}

static size_t total(struct ui_list *list)
{
    return list->source->count(list->data);
}

static size_t row_of(struct ui_list *list, size_t position)
{
    return list->filter[0] ? list->shown[position] : position;
}

static bool is_heading(struct ui_list *list, size_t position)
{
    return list->source->heading && list->source->heading(list->data, row_of(list, position));
}

size_t ui_list_count(struct ui_list *list)
{
    return list->filter[0] ? list->n_shown : total(list);
}

bool ui_list_row(struct ui_list *list, size_t *row)
{
    size_t n = ui_list_count(list);
    if (n == 0 || list->cursor >= n || is_heading(list, list->cursor))
        return false;
    *row = row_of(list, list->cursor);
    return true;
}

/* The nearest selectable position from p in the given direction, else in the other, else p. */
static size_t selectable(struct ui_list *list, size_t p, int by)
{
    size_t n = ui_list_count(list);
    for (int turn = 0; turn < 2; turn++, by = -by)
        for (size_t q = p; q < n; q += (size_t)(long)by) /* below 0 wraps above n */
            if (!is_heading(list, q))
                return q;
    return p;
}

static void go(struct ui_list *list, size_t position, int by)
{
    size_t n = ui_list_count(list);
    list->cursor = n ? selectable(list, position < n ? position : n - 1, by) : 0;
    list->follow = list->follow && list->cursor + 1 == n;
}

void ui_list_select(struct ui_list *list, size_t row)
{
    size_t n = ui_list_count(list), low = 0, high = n;
    if (!list->filter[0])
        low = row;
    else
        while (low < high) { /* shown rows stand in order */
            size_t mid = low + (high - low) / 2;
            if (list->shown[mid] < row)
                low = mid + 1;
            else
                high = mid;
        }
    go(list, low, 1);
}

void ui_list_move(struct ui_list *list, long by)
{
    size_t n = ui_list_count(list);
    long to = (long)list->cursor + by;
    if (n == 0)
        return;
    to = to < 0 ? 0 : to >= (long)n ? (long)n - 1 : to;
    go(list, (size_t)to, by < 0 ? -1 : 1);
    if (by < 0 && selectable(list, 0, 1) == list->cursor)
        list->top = 0; /* headings above the first row come into view */
}

void ui_list_page(struct ui_list *list, int pages)
{
    ui_list_move(list, (long)pages * (list->height > 2 ? list->height - 1 : 1));
}

void ui_list_first(struct ui_list *list)
{
    list->top = 0;
    go(list, 0, 1);
}

void ui_list_last(struct ui_list *list)
{
    size_t n = ui_list_count(list);
    go(list, n ? n - 1 : 0, -1);
}

bool ui_text_has(const char *text, const char *needle)
{
    size_t n = strlen(needle);
    char first[3] = { (char)(needle[0] | 32), (char)(needle[0] & ~32), 0 };
    if (((unsigned char)needle[0] | 32) < 'a' || ((unsigned char)needle[0] | 32) > 'z')
        first[0] = first[1] = needle[0];
    for (; n && (text = strpbrk(text, first)); text++)
        if (mxs_ascii_prefix(text, needle))
            return true;
    return n == 0;
}

static bool matches(struct ui_list *list, size_t row, const char *needle)
{
    if (list->source->match)
        return list->source->match(list->data, row, needle);
    struct mxs_arena *arena = mxs_arena_new();
    struct ui_line line;
    ui_line_init(&line, arena);
    list->source->line(list->data, row, list->width ? list->width : 200, &line);
    bool has = ui_text_has(ui_line_text(&line), needle);
    mxs_arena_free(arena);
    return has;
}

bool ui_list_work(struct ui_list *list)
{
    size_t n = total(list), end = list->scanned + UI_FILTER_SLICE;
    if (!list->filter[0])
        return false;
    for (; list->scanned < n && list->scanned < end; list->scanned++) {
        if (!matches(list, list->scanned, list->filter))
            continue;
        if (list->n_shown == list->cap_shown) {
            list->cap_shown = list->cap_shown ? list->cap_shown * 2 : 256;
            list->shown = mxs_realloc(list->shown, list->cap_shown * sizeof *list->shown);
        }
        list->shown[list->n_shown++] = list->scanned;
    }
    return list->scanned < n;
}

void ui_list_renew(struct ui_list *list)
{
    list->n_shown = list->scanned = 0;
    ui_list_work(list);
    go(list, list->cursor, 1);
}

void ui_list_set_filter(struct ui_list *list, const char *words)
{
    size_t row = 0, n = strlen(words) < UI_WORDS_MAX - 1 ? strlen(words) : UI_WORDS_MAX - 1;
    bool had = ui_list_row(list, &row);
    memcpy(list->filter, words, n);
    list->filter[n] = 0;
    list->top = 0;
    ui_list_renew(list);
    if (had)
        ui_list_select(list, row);
}

bool ui_list_search(struct ui_list *list, const char *words, int by, bool here)
{
    size_t n = ui_list_count(list);
    size_t p = n ? (list->cursor < n ? list->cursor : n - 1) : 0;
    for (size_t i = 0; i < n && *words; i++) {
        if (i > 0 || !here)
            p = by > 0 ? (p + 1 < n ? p + 1 : 0) : (p > 0 ? p - 1 : n - 1);
        if (!is_heading(list, p) && matches(list, row_of(list, p), words)) {
            go(list, p, by);
            return true;
        }
    }
    return false;
}

static void scroll_to_cursor(struct ui_list *list, int height)
{
    size_t n = ui_list_count(list), h = height > 0 ? (size_t)height : 1;
    if (list->follow && n)
        list->cursor = selectable(list, n - 1, -1);
    if (n && list->cursor >= n)
        list->cursor = selectable(list, n - 1, -1);
    if (n && is_heading(list, list->cursor))
        list->cursor = selectable(list, list->cursor, 1);
    if (list->cursor < list->top)
        list->top = list->cursor;
    if (list->cursor >= list->top + h)
        list->top = list->cursor - h + 1;
    if (list->top + h > n)
        list->top = n > h ? n - h : 0;
}

static void paint_row(struct ui_list *list, struct ui_surface *surface, struct ui_rect r,
                      size_t position, bool focused, struct mxs_arena *arena)
{
    struct ui_line line;
    ui_line_init(&line, arena);
    list->source->line(list->data, row_of(list, position), r.w, &line);
    if (position == list->cursor && !is_heading(list, position)) {
        if (focused || list->rests)
            ui_back(surface, r, focused ? UI_BACKING_SELECTED : UI_BACKING_RESTING);
        if (focused) {
            surface->cursor_y = r.y;
            surface->cursor_x = r.x + list->column;
        }
    }
    ui_line_paint(&line, surface, r);
    ui_mark_matches(surface, r, list->search);
}

void ui_list_paint(struct ui_list *list, struct ui_surface *surface, struct ui_rect r, bool focused)
{
    struct mxs_arena *arena = mxs_arena_new();
    list->height = r.h;
    list->width = r.w;
    if (list->filter[0] && list->source == &ui_lines_source)
        ui_list_renew(list); /* such lines are made anew each time */
    ui_list_work(list);
    scroll_to_cursor(list, r.h);
    size_t n = ui_list_count(list);
    for (int i = 0; i < r.h && list->top + (size_t)i < n; i++)
        paint_row(list, surface, (struct ui_rect){ r.y + i, r.x, 1, r.w }, list->top + (size_t)i,
                  focused, arena);
    mxs_arena_free(arena);
}

long ui_list_at(struct ui_list *list, struct ui_rect r, int y)
{
    long p = (long)list->top + y - r.y;
    return y < r.y || y >= r.y + r.h || p >= (long)ui_list_count(list) ? -1 : p;
}

static size_t lines_count(void *data)
{
    return ((struct ui_lines *)data)->lines.n;
}

static void lines_line(void *data, size_t row, int width, struct ui_line *line)
{
    const struct ui_lines *lines = data;
    struct mxs_arena *arena = line->arena;
    (void)width;
    if (row < lines->lines.n)
        *line = lines->lines.v[row];
    line->arena = arena;
}

static bool lines_heading(void *data, size_t row)
{
    const struct ui_lines *lines = data; /* made anew since the filter looked: rows may be gone */
    return row >= lines->lines.n || lines->lines.v[row].heading;
}

const struct ui_source ui_lines_source = { lines_count, lines_line, NULL, lines_heading };
