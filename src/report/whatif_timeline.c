#include "config.h"

#include "report/whatif_room.h"

#include <string.h>

/* The timeline: a ruler with a mark at each date, then each date with what changes on it. */

enum { RULER = 54 };

/* What changed at a point, as cells of before and after. */
struct mxs_matrix_cell *mxs_whatif_point_cells(struct mxs_arena *arena, const struct mxs_timeline *t,
                                               size_t at)
{
    size_t n = t->panel.seats.n;
    struct mxs_matrix_cell *cells = mxs_arena_alloc(arena, (n + 1) * sizeof *cells);
    for (size_t i = 0; t->points.v[at].before && i < n; i++) {
        cells[i].before = t->points.v[at].before[i];
        cells[i].after = t->points.v[at].verdicts[i];
        mxs_matrix_compare(&cells[i]);
    }
    return cells;
}

static enum mxs_status worst(const struct mxs_matrix_cell *cells, size_t n)
{
    enum mxs_status status = MXS_STATUS_OK;
    for (size_t i = 0; i < n; i++)
        if (cells[i].changed && cells[i].status > status)
            status = cells[i].status;
    return status;
}

static const char *mark(const struct whatif_text *w, bool changed)
{
    bool ascii = w->report->base.ascii;
    return changed ? ascii ? "*" : "\u25cf" : ascii ? "o" : "\u25cb";
}

static void ruler(struct whatif_text *w)
{
    const struct mxs_timeline *t = w->report->timeline;
    bool ascii = w->report->base.ascii, changed[RULER] = { false }, there[RULER] = { false };
    int64_t from = t->points.v[0].date->at, until = t->points.v[t->points.n - 1].date->at;
    for (size_t i = 0; i < t->points.n; i++) {
        double part = until > from ? (double)(t->points.v[i].date->at - from) / (double)(until - from)
                                   : 0;
        size_t at = (size_t)(part * (RULER - 1));
        there[at] = true;
        changed[at] = changed[at] || t->points.v[i].n_changed;
    }
    mxs_buf_printf(w->t.out, "  %s ", mxs_whatif_day(w->t.arena, from));
    for (size_t i = 0; i < RULER; i++)
        mxs_buf_puts(w->t.out, there[i] ? mark(w, changed[i]) : ascii ? "-" : "\u2500");
    mxs_buf_printf(w->t.out, " %s\n", mxs_whatif_day(w->t.arena, until));
}

static void point(struct whatif_text *w, size_t at)
{
    static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_WARN };
    const struct mxs_timeline *t = w->report->timeline;
    const struct mxs_timeline_point *p = &t->points.v[at];
    const struct mxs_timeline_date *d = p->date;
    struct mxs_matrix_cell *cells = mxs_whatif_point_cells(w->t.arena, t, at);
    enum mxs_status status = worst(cells, t->panel.seats.n);
    const char *certainty = mxs_whatif_certainty(d->certainty);
    mxs_buf_printf(w->t.out, "  %s ", mxs_whatif_day(w->t.arena, d->at));
    mxs_text_word(&w->t, p->n_changed ? tones[status] : MXS_TONE_PLAIN, mark(w, p->n_changed), 2);
    mxs_text_para(&w->t, 15, 15, "%s%s%s%s%s", d->title, certainty ? " (" : "",
                  certainty ? certainty : "", certainty ? ")" : "",
                  !p->n_changed ? "" : mxs_arena_printf(w->t.arena, ": %s, %zu of %zu answer otherwise",
                                                        mxs_status_name(status), p->n_changed,
                                                        t->panel.seats.n));
    if (p->n_changed)
        mxs_whatif_cells(w, &t->panel, cells);
}

void mxs_whatif_timeline_text(struct whatif_text *w)
{
    const struct mxs_timeline *t = w->report->timeline;
    mxs_text_title(&w->t, mxs_arena_printf(w->t.arena, "%s over time", w->report->subject->name));
    if (!t->points.n)
        return;
    ruler(w);
    for (size_t i = 0; i < t->points.n; i++)
        if (w->report->base.verbose || t->points.v[i].n_changed || t->points.v[i].date->at >= w->report->at)
            point(w, i);
}

json_t *mxs_whatif_timeline_json(const struct mxs_timeline *t)
{
    json_t *array = json_array();
    for (size_t i = 0; i < t->points.n; i++) {
        const struct mxs_timeline_point *p = &t->points.v[i];
        json_t *o = json_object(), *cells = json_array();
        json_object_set_new(o, "at", mxs_json_time(p->date->at));
        json_object_set_new(o, "title", mxs_json_text(p->date->title));
        json_object_set_new(o, "kind", mxs_json_text(p->date->kind));
        json_object_set_new(o, "certainty", mxs_json_text(p->date->certainty));
        json_object_set_new(o, "source", mxs_json_text(p->date->source));
        json_object_set_new(o, "scenario", mxs_json_text(p->date->scenario ? p->date->scenario->id
                                                                           : NULL));
        for (size_t k = 0; k < t->panel.seats.n; k++) {
            if (!p->changed[k])
                continue;
            json_t *cell = json_object();
            json_object_set_new(cell, "verifier", mxs_json_text(t->panel.seats.v[k].name));
            json_object_set_new(cell, "before", mxs_json_verdict(p->before[k]));
            json_object_set_new(cell, "after", mxs_json_verdict(p->verdicts[k]));
            json_array_append_new(cells, cell);
        }
        json_object_set_new(o, "changed", cells);
        json_array_append_new(array, o);
    }
    return array;
}
