/* Chain: what was served, in order; what each certificate may be used for; one of them in full. */
#include "config.h"

#include "ui/rows_chain.h"
#include "ui/rows_explain.h"
#include "ui/tree.h"
#include "ui/view.h"

enum { LIST, USES, WORDS, FIELDS };

struct chain {
    struct ui_view view;
    bool fields; /* where there is no room for both: the field tree in place of the words */
    struct mxs_arena *arena, *tree_arena;
    struct ui_lines list, words, uses;
    struct ui_tree tree;
    const struct mxs_cert *shown;
    unsigned generation; /* of the model, as in ui/detail.h */
};

static void chain_open(struct ui_view *view)
{
    struct chain *c = (struct chain *)view;
    ui_tree_init(&c->tree, view->ascii);
    ui_view_pane(view, "Chain as served", &ui_lines_source, &c->list)->list.rests = true;
    ui_view_pane(view, "Usable as", &ui_lines_source, &c->uses);
    ui_view_pane(view, "This certificate", &ui_lines_source, &c->words);
    ui_view_pane(view, "Fields", &ui_tree_source, &c->tree);
}

static void chain_close(struct ui_view *view)
{
    struct chain *c = (struct chain *)view;
    ui_tree_fini(&c->tree);
    mxs_arena_free(c->arena);
    mxs_arena_free(c->tree_arena);
}

static const struct mxs_cert *selected(struct chain *c)
{
    const struct mxs_session_facts *s = ui_model_session(c->view.model, NULL);
    size_t row = 0;
    if (!s || !ui_list_row(&c->view.panes[LIST].list, &row) || row >= c->list.lines.n)
        return NULL;
    uint64_t tag = c->list.lines.v[row].tag;
    return tag && tag <= s->chain.certs.n ? s->chain.certs.v[tag - 1] : NULL;
}

static void show_fields(struct chain *c, const struct mxs_cert *cert)
{
    struct ui_list *list = &c->view.panes[FIELDS].list;
    if (c->shown == cert && c->generation == c->view.model->generation)
        return;
    c->shown = cert;
    c->generation = c->view.model->generation;
    mxs_arena_free(c->tree_arena);
    c->tree_arena = cert ? mxs_arena_new() : NULL;
    ui_tree_show(&c->tree, cert ? mxs_cert_fields(c->tree_arena, cert->der, 0) : NULL,
                 ui_pane_inside(&c->view.panes[FIELDS]).h);
    list->cursor = list->top = 0;
    ui_list_renew(list);
}

static void place(struct chain *c, struct ui_rect body)
{
    struct ui_view *view = &c->view;
    struct ui_rect upper, lower, words, fields = { 0, 0, 0, 0 }, uses;
    int rows = (int)c->list.lines.n + 1;
    ui_split_rows(body, rows < body.h / 2 ? rows : body.h / 2, &upper, &lower);
    if (body.w >= 120) {
        ui_split_columns(lower, body.w / 2, &words, &fields);
        ui_split_rows(words, words.h / 2, &words, &uses);
    } else {
        ui_split_rows(lower, lower.h - (lower.h > 20 ? 11 : lower.h / 2), &words, &uses);
        if (c->fields) {
            fields = words;
            words = (struct ui_rect){ 0, 0, 0, 0 };
        }
    }
    ui_view_place(view, LIST, upper);
    ui_view_place(view, USES, uses);
    ui_view_place(view, WORDS, words);
    ui_view_place(view, FIELDS, fields);
}

static void chain_update(struct ui_view *view, struct ui_rect body)
{
    struct chain *c = (struct chain *)view;
    size_t row = 0;
    mxs_arena_free(c->arena);
    c->arena = mxs_arena_new();
    ui_lines_init(&c->list, c->arena);
    ui_lines_init(&c->words, c->arena);
    ui_lines_init(&c->uses, c->arena);
    ui_chain_list(&c->list, body.w, view->model);
    place(c, body);
    if (view->panes[view->focus].rect.h == 0)
        view->focus = c->fields ? FIELDS : WORDS;
    if (!ui_list_row(&view->panes[LIST].list, &row))
        ui_list_move(&view->panes[LIST].list, 0);
    const struct mxs_cert *cert = selected(c);
    if (cert)
        ui_chain_certificate(&c->words, ui_view_width(view, WORDS), view->model, cert);
    ui_chain_uses(&c->uses, ui_view_width(view, USES), view->model, view->ascii);
    show_fields(c, cert);
}

static const struct mxs_field *field(struct chain *c)
{
    size_t row = 0;
    return c->view.focus == FIELDS && ui_list_row(&c->view.panes[FIELDS].list, &row)
               ? ui_tree_field(&c->tree, row)
               : NULL;
}

static bool set_open(struct chain *c, bool open)
{
    const struct mxs_field *f = field(c);
    if (!f || !f->child)
        return false;
    ui_tree_set_open(&c->tree, f, open);
    ui_list_renew(&c->view.panes[FIELDS].list);
    return true;
}

static bool chain_fold(struct ui_view *view, bool open)
{
    return set_open((struct chain *)view, open);
}

static enum ui_goes chain_enter(struct ui_view *view)
{
    struct chain *c = (struct chain *)view;
    const struct mxs_field *f = field(c);
    if (f && set_open(c, !ui_tree_is_open(&c->tree, f)))
        return UI_GOES_HANDLED;
    if (view->focus != LIST || !selected(c))
        return UI_GOES_NOWHERE;
    view->focus = view->panes[FIELDS].rect.h ? FIELDS : WORDS;
    return UI_GOES_HANDLED;
}

static void chain_toggle(struct ui_view *view)
{
    ((struct chain *)view)->fields = !((struct chain *)view)->fields;
}

static void chain_explain(struct ui_view *view, struct ui_lines *lines, int width)
{
    ui_explain_stage(lines, width, view->model, MXS_STAGE_CERTIFICATE);
}

const struct ui_view_ops ui_view_chain = {
    .key = '3', .name = "chain", .title = "Chain", .brief = "Chain", .size = sizeof(struct chain),
    .open = chain_open, .close = chain_close, .update = chain_update, .enter = chain_enter,
    .fold = chain_fold, .toggle = chain_toggle, .explain = chain_explain,
};
