/* What to do about a scenario. The lines of a remedy are printed once, unless they are others: names and
 * digests are those of the row. */
#include "config.h"

#include "report/text_room.h"
#include "report/whatif_room.h"

#include <string.h>

const struct mxs_offers *mxs_whatif_offers(const struct whatif_text *w, const struct mxs_matrix_row *row)
{
    return w->report->offers ? &w->report->offers[row - w->report->matrix->rows.v] : NULL;
}

bool mxs_whatif_same_lines(const struct mxs_offered *a, const struct mxs_offered *b)
{
    bool same = a->remedy == b->remedy && a->config.n == b->config.n;
    for (size_t i = 0; same && i < a->config.n; i++) {
        const struct mxs_strs *x = &a->config.v[i].lines, *y = &b->config.v[i].lines;
        same = x->n == y->n;
        for (size_t k = 0; same && k < x->n; k++)
            same = strcmp(x->v[k], y->v[k]) == 0;
    }
    return same;
}

enum mxs_whatif_seen mxs_whatif_seen(const struct whatif_text *w, const struct mxs_offered *offered)
{
    enum mxs_whatif_seen seen = MXS_WHATIF_NEW;
    for (size_t i = 0; i < w->remedies.n && seen != MXS_WHATIF_SEEN; i++)
        if (mxs_whatif_same_lines(w->remedies.v[i], offered))
            seen = MXS_WHATIF_SEEN;
        else if (w->remedies.v[i]->remedy == offered->remedy)
            seen = MXS_WHATIF_OTHER_LINES;
    return seen;
}

static void remedy(struct whatif_text *w, const struct mxs_offered *offered, size_t broken,
                   enum mxs_whatif_seen seen)
{
    const struct mxs_remedy *r = offered->remedy;
    bool theirs = r->side && strcmp(r->side, "theirs") == 0;
    mxs_text_para(&w->t, 0, 7, "%s: %s%s (%s %zu of %zu)%s%s", r->id, r->title,
                  theirs ? ", at the partner" : "", r->mends_cleartext ? "no cleartext with" : "mends",
                  offered->helped, broken, seen ? ", as above, with" : r->about ? ": " : "",
                  seen || !r->about ? "" : r->about);
    for (size_t i = 0; i < offered->config.n; i++) {
        const struct mxs_remedy_lines *c = &offered->config.v[i];
        mxs_buf_printf(w->t.out, "         %s%s%s:\n", c->product, c->version ? " " : "",
                       c->version ? c->version : "");
        for (size_t k = 0; k < c->lines.n; k++)
            mxs_buf_printf(w->t.out, "           %s\n", c->lines.v[k]);
    }
}

static size_t broken(const struct whatif_text *w, const struct mxs_matrix_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++)
        n += row->cells[i].status == MXS_STATUS_CRITICAL;
    return n;
}

/* The same remedies help in many scenarios: their lines are printed once. */
void mxs_whatif_remedies(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_offers *offers = mxs_whatif_offers(w, row);
    const char *again = "";
    bool titled = false;
    for (size_t i = 0; offers && i < offers->list.n; i++) {
        const struct mxs_offered *o = &offers->list.v[i];
        enum mxs_whatif_seen seen = mxs_whatif_seen(w, o);
        if (seen == MXS_WHATIF_SEEN) {
            again = mxs_arena_printf(w->t.arena, "%s%s%s", again, *again ? ", " : "", o->remedy->id);
            continue;
        }
        *mxs_list_add(w->t.arena, &w->remedies) = o;
        if (!titled)
            mxs_buf_puts(w->t.out, "     What to do, each judged again:\n");
        titled = true;
        remedy(w, o, broken(w, row), seen);
    }
    if (*again)
        mxs_text_para(&w->t, 0, 5, "%s%s, as above.", titled ? "And: " : "What to do: ", again);
}
