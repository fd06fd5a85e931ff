/* One scenario: what changes, whom it hits, why, and what to do. What was told already is referred to. */
#include "config.h"

#include "base/text.h"
#include "report/text_room.h"
#include "report/whatif_room.h"
#include "report/who.h"

#include <string.h>

static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_WARN };

/* --- branches and rows that are alike ---------------------------------------------------------- */

/* Cells of two rows, the changed ones in both, seat by seat. */
static bool same_row(struct whatif_text *w, const struct mxs_matrix_row *a,
                     const struct mxs_matrix_row *b,
                     bool (*same)(struct whatif_text *, const struct mxs_matrix_cell *,
                                  const struct mxs_matrix_cell *))
{
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++) {
        const struct mxs_matrix_cell *x = &a->cells[i], *y = &b->cells[i];
        if (x->changed != y->changed || (x->changed && !same(w, x, y)))
            return false;
    }
    return true;
}

static bool same_offers(const struct mxs_offers *a, const struct mxs_offers *b)
{
    bool same = a && b ? a->list.n == b->list.n : a == b;
    for (size_t i = 0; same && a && i < a->list.n; i++)
        same = a->list.v[i].helped == b->list.v[i].helped &&
               mxs_whatif_same_lines(&a->list.v[i], &b->list.v[i]);
    return same;
}

/* Branches of a scenario that come to the same. */
static bool same_branch(struct whatif_text *w, const struct mxs_matrix_row *a,
                        const struct mxs_matrix_row *b)
{
    return a == b || (a->scenario == b->scenario && a->future && b->future && a->status == b->status &&
                      same_row(w, a, b, mxs_whatif_alike) &&
                      same_offers(mxs_whatif_offers(w, a), mxs_whatif_offers(w, b)));
}

const struct mxs_matrix_row *mxs_whatif_first_branch(struct whatif_text *w,
                                                     const struct mxs_matrix_row *row)
{
    const struct mxs_matrix_row *first = w->report->matrix->rows.v;
    while (!same_branch(w, first, row))
        first++;
    return first;
}

static void keep_common(struct mxs_arena *arena, struct mxs_strs *list, const struct mxs_strs *other)
{
    struct mxs_strs common = { NULL, 0, 0 };
    for (size_t i = 0; i < list->n; i++)
        for (size_t k = 0; k < other->n; k++)
            if (strcmp(list->v[i], other->v[k]) == 0) {
                *mxs_list_add(arena, &common) = list->v[i];
                break;
            }
    *list = common;
}

void mxs_whatif_branches(struct whatif_text *w, const struct mxs_matrix_row *row,
                         struct mxs_strs *branches, struct mxs_strs *changes)
{
    const struct mxs_matrix *m = w->report->matrix;
    for (size_t i = 0; i < row->future->changes.n; i++)
        *mxs_list_add(w->t.arena, changes) = row->future->changes.v[i];
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *r = &m->rows.v[i];
        if (!same_branch(w, r, row))
            continue;
        if (r->future->branch)
            *mxs_list_add(w->t.arena, branches) = r->future->branch;
        keep_common(w->t.arena, changes, &r->future->changes);
    }
}

bool mxs_whatif_changes(const struct mxs_matrix *m, const struct mxs_matrix_row *row)
{
    for (size_t i = 0; row->cells && i < m->panel.seats.n; i++)
        if (row->cells[i].changed)
            return true;
    return false;
}

/* --- its head --------------------------------------------------------------------------------- */

static void happened(struct whatif_text *w, const struct mxs_overlay *o)
{
    struct mxs_arena *arena = w->t.arena;
    if (o->direction != MXS_BACKWARD)
        return;
    if (o->happened_until && o->happened_from == o->happened_until)
        mxs_text_para(&w->t, 0, 5, "Already happened to you, by %s: before is rebuilt as it was, after "
                      "is what was seen.", mxs_whatif_day(arena, o->happened_until));
    else if (o->happened_from && o->happened_until)
        mxs_text_para(&w->t, 0, 5, "Already happened to you, between %s and %s: before is rebuilt as it "
                      "was, after is what was seen.", mxs_whatif_day(arena, o->happened_from),
                      mxs_whatif_day(arena, o->happened_until));
    else
        mxs_text_para(&w->t, 0, 5, "Already happened to you: before is rebuilt as it was, after is "
                      "what was seen.");
}

static void head(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_scenario *s = row->scenario;
    const char *status = mxs_status_name(row->status);
    const char *certainty = mxs_whatif_certainty(s->certainty);
    mxs_buf_putc(w->t.out, '\n');
    mxs_text_word(&w->t, tones[row->status], status, 0);
    mxs_text_para(&w->t, strlen(status), 5, " %s, %s%s%s%s: %s", s->id,
                  mxs_whatif_day(w->t.arena, s->at), certainty ? " (" : "", certainty ? certainty : "",
                  certainty ? ")" : "", s->title);
    struct mxs_strs branches = { NULL, 0, 0 }, changes = { NULL, 0, 0 };
    mxs_whatif_branches(w, row, &branches, &changes);
    if (branches.n)
        mxs_text_para(&w->t, 0, 5, "As it may come out%s: %s.", branches.n > 1 ? ", all alike" : "",
                      mxs_text_joined(w->t.arena, &branches, "; "));
    if (changes.n)
        mxs_text_para(&w->t, 0, 5, "What changes: %s.", mxs_text_joined(w->t.arena, &changes, "; "));
    happened(w, row->overlay);
    if (w->report->base.verbose && s->story)
        mxs_text_para(&w->t, 0, 5, "%s", s->story);
    if (w->report->base.verbose && s->source)
        mxs_text_para(&w->t, 0, 5, "Source: %s", s->source);
}

/* --- what was told already --------------------------------------------------------------------- */

/* The one reason of all that changes; NULL where there are several, or none. */
static const struct mxs_reason *sole_reason(const struct whatif_text *w,
                                            const struct mxs_matrix_row *row)
{
    const struct mxs_reason *sole = NULL;
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++) {
        const struct mxs_matrix_cell *c = &row->cells[i];
        const struct mxs_reason *r = c->changed ? mxs_verdict_why(c->before, c->after) : sole;
        if (r && sole && (strcmp(r->text, sole->text) != 0 || r->depth != sole->depth))
            return NULL;
        sole = r ? r : sole;
    }
    return sole;
}

/* With its branch where others of the scenario come to something else. */
static const char *name_of(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_matrix *m = w->report->matrix;
    const char *branch = row->future->branch, *id = row->scenario->id;
    for (size_t i = 0; branch && i < m->rows.n; i++)
        if (m->rows.v[i].scenario == row->scenario && !same_branch(w, &m->rows.v[i], row))
            return mxs_arena_printf(w->t.arena, "%s (%s)", id, branch);
    return id;
}

static const struct mxs_matrix_row *told(struct whatif_text *w, const struct mxs_matrix_row *row,
                                         bool (*same)(struct whatif_text *,
                                                      const struct mxs_matrix_cell *,
                                                      const struct mxs_matrix_cell *))
{
    for (size_t i = 0; i < w->rows.n; i++)
        if (same_row(w, w->rows.v[i], row, same))
            return w->rows.v[i];
    return NULL;
}

/* --- almost as told --- */

/* Seats whose cells are not alike. */
static size_t differences(struct whatif_text *w, const struct mxs_matrix_row *a,
                          const struct mxs_matrix_row *b)
{
    size_t n = 0;
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++) {
        const struct mxs_matrix_cell *x = &a->cells[i], *y = &b->cells[i];
        n += x->changed != y->changed || (x->changed && !mxs_whatif_alike(w, x, y));
    }
    return n;
}

/* The row told already that it is most like; NULL where more than a third is otherwise. */
static const struct mxs_matrix_row *nearest(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_matrix_row *best = NULL;
    size_t changed = 0, fewest = SIZE_MAX;
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++)
        changed += row->cells[i].changed;
    for (size_t i = 0; i < w->rows.n; i++) {
        size_t n = differences(w, w->rows.v[i], row);
        best = n < fewest ? w->rows.v[i] : best;
        fewest = n < fewest ? n : fewest;
    }
    return fewest * 3 <= changed ? best : NULL;
}

static void but(struct whatif_text *w, const struct mxs_matrix_row *near, const struct mxs_matrix_row *row)
{
    const struct mxs_panel *panel = &w->report->matrix->panel;
    struct mxs_matrix_cell *cells = mxs_arena_dup(w->t.arena, row->cells,
                                                  panel->seats.n * sizeof *cells);
    struct mxs_who spared = { .arena = w->t.arena, .profiles = w->report->base.profiles };
    for (size_t i = 0; i < panel->seats.n; i++) {
        if (cells[i].changed && near->cells[i].changed)
            cells[i].changed = !mxs_whatif_alike(w, &cells[i], &near->cells[i]);
        else if (near->cells[i].changed)
            mxs_who_add(&spared, panel->seats.v[i].name);
    }
    mxs_text_para(&w->t, 0, 5, "Whom it hits, and why: as in %s, but:", name_of(w, near));
    if (spared.n)
        mxs_text_para(&w->t, 0, 7, "as before: %s", mxs_who_text(&spared));
    mxs_whatif_cells(w, panel, cells);
}

/* Many roads lead to the same end: it is told once. */
static void cells_and_remedies(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_matrix_row *same = told(w, row, mxs_whatif_alike);
    const struct mxs_reason *sole = sole_reason(w, row);
    const struct mxs_matrix_row *same_who = sole ? told(w, row, mxs_whatif_same_words) : NULL;
    const struct mxs_matrix_row *near = w->report->base.verbose ? NULL : nearest(w, row);
    if (same && same_offers(mxs_whatif_offers(w, same), mxs_whatif_offers(w, row))) {
        mxs_text_para(&w->t, 0, 5, "Whom it hits, why, and what to do: all as in %s.", name_of(w, same));
        return;
    }
    if (same) {
        mxs_text_para(&w->t, 0, 5, "Whom it hits, and why: as in %s.", name_of(w, same));
    } else if (same_who && !w->report->base.verbose) {
        mxs_text_para(&w->t, 0, 5, "Whom it hits: as in %s.", name_of(w, same_who));
        mxs_whatif_reason(w, sole, 5);
    } else if (near) {
        but(w, near, row);
    } else {
        *mxs_list_add(w->t.arena, &w->rows) = row;
        mxs_whatif_cells(w, &w->report->matrix->panel, row->cells);
    }
    mxs_whatif_remedies(w, row);
}

void mxs_whatif_scenario(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    head(w, row);
    cells_and_remedies(w, row);
}
