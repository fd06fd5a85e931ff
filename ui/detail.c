#include "config.h"

#include "ui/detail.h"

#include "base/text.h"

void ui_detail_open(struct ui_detail *detail, struct ui_view *view)
{
    *detail = (struct ui_detail){ .tree_pane = view->n_panes, .dump_pane = view->n_panes + 1 };
    ui_tree_init(&detail->tree, view->ascii);
    detail->dump.ascii = view->ascii;
    ui_view_pane(view, "Fields", &ui_tree_source, &detail->tree)->list.rests = true;
    ui_view_pane(view, "Bytes", &ui_hexdump_source, &detail->dump);
}

void ui_detail_close(struct ui_detail *detail)
{
    ui_tree_fini(&detail->tree);
    mxs_arena_free(detail->arena);
}

static struct ui_list *tree_list(const struct ui_detail *detail, struct ui_view *view)
{
    return &view->panes[detail->tree_pane].list;
}

static struct ui_list *dump_list(const struct ui_detail *detail, struct ui_view *view)
{
    return &view->panes[detail->dump_pane].list;
}

const struct mxs_field *ui_detail_field(struct ui_detail *detail, struct ui_view *view)
{
    size_t row = 0;
    return ui_list_row(tree_list(detail, view), &row) ? ui_tree_field(&detail->tree, row) : NULL;
}

static void show(struct ui_detail *detail, struct ui_view *view, const struct mxs_event *event)
{
    mxs_arena_free(detail->arena);
    detail->arena = event ? mxs_arena_new() : NULL;
    detail->event = event;
    detail->generation = view->model->generation;
    detail->byte = detail->line_off = detail->line_len = 0;
    ui_tree_show(&detail->tree, event ? mxs_event_fields(detail->arena, event) : NULL,
                 ui_pane_inside(&view->panes[detail->tree_pane]).h);
    detail->dump.bytes = event ? event->data : mxs_bytes(NULL, 0);
    tree_list(detail, view)->top = tree_list(detail, view)->cursor = 0;
    dump_list(detail, view)->top = dump_list(detail, view)->cursor = 0;
    ui_list_renew(tree_list(detail, view));
}

static void mark(struct ui_detail *detail, const struct mxs_field *field)
{
    bool whole = !field || field == detail->tree.root; /* the whole message needs no mark */
    detail->dump.mark_off = field ? field->off : 0;
    detail->dump.mark_len = whole ? 0 : field->len;
}

/* The bytes lead: the tree opens where the byte belongs. */
static void follow_bytes(struct ui_detail *detail, struct ui_view *view)
{
    struct ui_list *list = dump_list(detail, view);
    size_t per = ui_hexdump_per_row(&detail->dump), row = 0, n = detail->dump.bytes.n;
    if (!ui_list_row(list, &row) || !n)
        return;
    detail->byte = row * per + detail->byte % per;
    detail->byte = detail->byte < n ? detail->byte : n - 1;
    size_t at = detail->byte % per;
    list->column = 5 + (int)at * 3 + (per > 4 && at >= per / 2);
    const struct mxs_field *field = mxs_field_at(detail->tree.root, detail->byte);
    if (field)
        ui_list_select(tree_list(detail, view), ui_tree_reveal(&detail->tree, field));
    mark(detail, field);
    if (!detail->dump.mark_len || detail->byte < detail->dump.mark_off ||
        detail->byte >= detail->dump.mark_off + detail->dump.mark_len) {
        detail->dump.mark_off = detail->byte;
        detail->dump.mark_len = 1;
    }
}

/* The whole range comes into sight, where it fits. */
static void show_range(struct ui_list *list, size_t first, size_t last)
{
    size_t h = list->height > 0 ? (size_t)list->height : 1;
    ui_list_select(list, first);
    if (last >= list->top + h)
        list->top = last - first < h ? last - h + 1 : first;
}

static void follow_tree(struct ui_detail *detail, struct ui_view *view)
{
    const struct mxs_field *field = ui_detail_field(detail, view);
    mark(detail, field);
    if (field && field->len) {
        detail->byte = field->off;
        show_range(dump_list(detail, view), ui_hexdump_row(&detail->dump, field->off),
                   ui_hexdump_row(&detail->dump, field->off + field->len - 1));
    }
}

void ui_detail_update(struct ui_detail *detail, struct ui_view *view, const struct mxs_event *event)
{
    detail->dump.width = ui_view_width(view, detail->dump_pane);
    if (detail->event != event || detail->generation != view->model->generation)
        show(detail, view, event);
    if (view->focus == detail->dump_pane)
        follow_bytes(detail, view);
    else
        follow_tree(detail, view);
}

void ui_detail_line(struct ui_detail *detail, struct ui_view *view, size_t off, size_t len)
{
    const struct mxs_field *root = detail->tree.root;
    if (off == detail->line_off && len == detail->line_len)
        return;
    detail->line_off = off;
    detail->line_len = len;
    for (const struct mxs_field *f = root; f && len; f = mxs_field_walk(root, f, NULL))
        if (f != root && f->off == off && f->len && f->len <= len + 2) { /* with its CRLF */
            ui_list_select(tree_list(detail, view), ui_tree_reveal(&detail->tree, f));
            break;
        }
    if (!len)
        ui_list_select(tree_list(detail, view), 0);
    if (view->focus != detail->dump_pane)
        follow_tree(detail, view);
}

bool ui_detail_fold(struct ui_detail *detail, struct ui_view *view, bool open)
{
    const struct mxs_field *field = ui_detail_field(detail, view);
    if (view->focus != detail->tree_pane || !field)
        return false;
    if (!open && (!field->child || !ui_tree_is_open(&detail->tree, field)) && field->parent)
        ui_list_select(tree_list(detail, view), ui_tree_reveal(&detail->tree, field->parent));
    else if (!field->child)
        return false;
    ui_tree_set_open(&detail->tree, field, open);
    ui_list_renew(tree_list(detail, view));
    return true;
}

bool ui_detail_jump(struct ui_detail *detail, struct ui_view *view, int by)
{
    size_t to = detail->byte + (size_t)(long)by;
    if (view->focus != detail->dump_pane)
        return false;
    if (to < detail->dump.bytes.n) {
        detail->byte = to;
        ui_list_select(dump_list(detail, view), ui_hexdump_row(&detail->dump, to));
    }
    return true;
}

bool ui_detail_enter(struct ui_detail *detail, struct ui_view *view)
{
    const struct mxs_field *field = ui_detail_field(detail, view);
    if (view->focus != detail->tree_pane || !field || !field->child)
        return false;
    ui_tree_set_open(&detail->tree, field, !ui_tree_is_open(&detail->tree, field));
    ui_list_renew(tree_list(detail, view));
    return true;
}

const char *ui_detail_copy(struct ui_detail *detail, struct ui_view *view, struct mxs_arena *arena)
{
    const struct mxs_field *field = ui_detail_field(detail, view);
    struct mxs_bytes b = detail->dump.bytes;
    if (view->focus == detail->tree_pane && field)
        return field->value ? field->value : field->name;
    if (view->focus != detail->dump_pane || !b.n)
        return NULL;
    if (detail->dump.mark_len && detail->dump.mark_off + detail->dump.mark_len <= b.n)
        b = mxs_bytes(b.p + detail->dump.mark_off, detail->dump.mark_len);
    return mxs_hex(arena, b);
}
