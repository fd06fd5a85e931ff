#include "config.h"

#include "ui/view.h"

#include <stdio.h>
#include <stdlib.h>

struct ui_view *ui_view_new(const struct ui_view_ops *ops, struct ui_model *model, bool ascii,
                            const struct mxs_strs *mine)
{
    struct ui_view *view = mxs_alloc(ops->size);
    view->ops = ops;
    view->model = model;
    view->ascii = ascii;
    view->mine = mine;
    ops->open(view);
    while (view->focus + 1 < view->n_panes && view->panes[view->focus].passive)
        view->focus++;
    return view;
}

void ui_view_free(struct ui_view *view)
{
    if (view->ops->close)
        view->ops->close(view);
    for (size_t i = 0; i < view->n_panes; i++)
        ui_list_fini(&view->panes[i].list);
    free(view);
}

struct ui_pane *ui_view_pane(struct ui_view *view, const char *title,
                             const struct ui_source *source, void *data)
{
    struct ui_pane *pane = &view->panes[view->n_panes++];
    pane->title = title;
    ui_list_init(&pane->list, source, data);
    return pane;
}

void ui_view_place(struct ui_view *view, size_t pane, struct ui_rect rect)
{
    if (view->maximised)
        rect = pane == view->focus ? view->body : (struct ui_rect){ 0, 0, 0, 0 };
    view->panes[pane].rect = rect;
    view->panes[pane].ruled = rect.x > view->body.x && !view->panes[pane].bare;
}

struct ui_rect ui_pane_inside(const struct ui_pane *pane)
{
    struct ui_rect r = pane->rect;
    int fixed = (pane->title != NULL) + (pane->head ? 1 : pane->heads ? pane->n_heads : 0);
    fixed = fixed < r.h ? fixed : r.h;
    r.y += fixed;
    r.h -= fixed;
    r.x += pane->ruled;
    r.w -= pane->ruled && r.w > 0;
    return r;
}

int ui_view_width(const struct ui_view *view, size_t pane)
{
    return ui_pane_inside(&view->panes[pane]).w;
}

struct ui_list *ui_view_list(struct ui_view *view)
{
    return &view->panes[view->focus].list;
}

void ui_view_turn(struct ui_view *view, int by)
{
    size_t n = view->n_panes, p = view->focus;
    for (size_t i = 0; i < n; i++) {
        p = (p + n + (size_t)by) % n;
        bool shown = view->panes[p].rect.h > 1 || view->maximised;
        if (shown && !view->panes[p].passive) {
            view->focus = p;
            return;
        }
    }
}

static const char *place_text(struct ui_pane *pane, char out[64])
{
    size_t n = ui_list_count(&pane->list);
    char place[32] = "";
    if (n > (size_t)pane->list.height && pane->list.height > 0)
        snprintf(place, sizeof place, "%zu/%zu", pane->list.cursor + 1, n);
    if (pane->list.filter[0])
        snprintf(out, 64, "filter \"%.24s\" %zu/%zu", pane->list.filter, pane->list.cursor + (n > 0),
                 n);
    else
        snprintf(out, 64, "%s", place);
    return out;
}

static void paint_title(struct ui_pane *pane, struct ui_surface *surface, bool focused)
{
    struct ui_rect r = pane->rect;
    char place[64];
    int w = ui_text_width(place_text(pane, place), surface->ascii);
    r.h = 1;
    ui_put_run(surface, r.y, r.x, r.w, UI_STYLE_RULE, UI_GLYPH_HLINE);
    ui_put(surface, r, 1, 1, UI_STYLE_NORMAL, " ");
    int x = 2 + ui_put(surface, r, 2, r.w - 3, focused ? UI_STYLE_TITLE_ON : UI_STYLE_TITLE,
                       pane->title);
    ui_put(surface, r, x, 1, UI_STYLE_NORMAL, " ");
    if (w && x + w + 5 < r.w) {
        ui_put(surface, r, r.w - w - 3, 1, UI_STYLE_NORMAL, " ");
        ui_put(surface, r, r.w - w - 2, w, UI_STYLE_DIM, place);
        ui_put(surface, r, r.w - 2, 1, UI_STYLE_NORMAL, " ");
    }
}

static void paint_head(struct ui_pane *pane, struct ui_surface *surface)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct ui_rect inside = ui_pane_inside(pane);
    int n = pane->head ? 1 : pane->n_heads;
    for (int i = 0; i < n && inside.y - n + i >= pane->rect.y + (pane->title != NULL); i++) {
        struct ui_line line;
        ui_line_init(&line, arena);
        if (pane->head)
            pane->head(pane->list.data, inside.w, &line);
        else
            pane->heads(pane->list.data, i, &line);
        ui_line_paint(&line, surface, (struct ui_rect){ inside.y - n + i, inside.x, 1, inside.w });
    }
    mxs_arena_free(arena);
}

static void paint_pane(struct ui_view *view, struct ui_surface *surface, size_t i, bool active)
{
    struct ui_pane *pane = &view->panes[i];
    bool focused = active && i == view->focus;
    if (pane->rect.h < 1 || pane->rect.w < 1)
        return;
    if (pane->ruled)
        ui_put_column(surface, pane->rect.y, pane->rect.x - 1, pane->rect.h, UI_STYLE_RULE,
                      UI_GLYPH_VLINE);
    ui_list_paint(&pane->list, surface, ui_pane_inside(pane), focused && !pane->passive);
    if ((pane->head || pane->heads) && pane->rect.h > 1)
        paint_head(pane, surface);
    if (pane->title)
        paint_title(pane, surface, focused);
}

void ui_view_paint(struct ui_view *view, struct ui_surface *surface, bool active)
{
    for (size_t i = 0; i < view->n_panes; i++)
        paint_pane(view, surface, i, active);
}

static int held(int n, int max)
{
    return n < 0 ? 0 : n > max ? max : n;
}

void ui_split_columns(struct ui_rect r, int first, struct ui_rect *left, struct ui_rect *right)
{
    first = held(first, r.w);
    *left = (struct ui_rect){ r.y, r.x, r.h, first };
    *right = (struct ui_rect){ r.y, r.x + first + 1, r.h, held(r.w - first - 1, r.w) };
}

void ui_split_rows(struct ui_rect r, int first, struct ui_rect *upper, struct ui_rect *lower)
{
    first = held(first, r.h);
    *upper = (struct ui_rect){ r.y, r.x, first, r.w };
    *lower = (struct ui_rect){ r.y + first, r.x, r.h - first, r.w };
}
