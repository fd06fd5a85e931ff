/* The what-if as a document: headline, the answer, then each scenario that changes something with a table
 * of who is hit, and what to do. */
#include "config.h"

#include "report/doc.h"
#include "report/whatif_room.h"
#include "report/who.h"

#include <string.h>

struct paper {
    struct whatif_text w;
    struct mxs_doc *doc;
};

static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_WARN };

/* --- who is hit ------------------------------------------------------------------------------- */

static const char *who(struct paper *p, const struct mxs_panel *panel,
                       const struct mxs_matrix_cell *cells, size_t at)
{
    struct mxs_who all = { .arena = p->w.t.arena, .profiles = p->w.report->base.profiles };
    for (size_t i = at; i < panel->seats.n; i++)
        if (cells[i].changed && mxs_whatif_alike(&p->w, &cells[i], &cells[at]))
            mxs_who_add(&all, panel->seats.v[i].name);
    return mxs_who_text(&all);
}

static const char *with_logs(struct paper *p, const struct mxs_verdict *v, const char *text)
{
    struct mxs_arena *arena = p->w.t.arena;
    struct mxs_who_logs peers;
    mxs_who_logs(arena, p->w.report->base.profiles, v, &peers);
    for (size_t i = 0; i < v->log.n; i++)
        text = mxs_arena_printf(arena, "%s%sits log: %s", text, *text ? "\n" : "", v->log.v[i]);
    for (size_t i = 0; i < peers.v.n; i++)
        for (size_t k = 0; k < peers.v.v[i].lines.n; k++)
            text = mxs_arena_printf(arena, "%s\nyour log (%s): %s", text,
                                    mxs_who_text(&peers.v.v[i].who), peers.v.v[i].lines.v[k]);
    return text;
}

static const char *why(struct paper *p, const struct mxs_matrix_cell *cell)
{
    const struct mxs_reason *r = mxs_verdict_why(cell->before, cell->after);
    struct mxs_arena *arena = p->w.t.arena;
    const char *text = !r ? "" : mxs_arena_printf(
        arena, "%s%s%s%s%s", r->text, r->depth >= 0 ? mxs_arena_printf(arena, ", certificate %d", r->depth)
                                                    : "",
        r->rfc ? " (" : "", r->rfc ? r->rfc : "", r->rfc ? ")" : "");
    return p->w.report->base.verbose ? with_logs(p, cell->after, text) : text;
}

/* What senders do about the refusal, one line a kind; the cell is bad when one goes on in cleartext. */
static void then(struct paper *p, const struct mxs_matrix_cell *cell)
{
    struct mxs_who_then thens[MXS_WHO_THENS];
    const char *text = "";
    bool clear = false;
    mxs_who_thens(p->w.t.arena, p->w.report->base.profiles, cell->after, thens);
    for (size_t i = 0; i < MXS_COUNT(thens); i++) {
        if (!thens[i].who.n)
            continue;
        clear |= thens[i].cleartext;
        text = mxs_arena_printf(p->w.t.arena, "%s%s%s %s", text, *text ? "\n" : "", thens[i].title,
                                thens[i].who.n == cell->after->then.n ? "every sender"
                                                                      : mxs_who_text(&thens[i].who));
    }
    mxs_doc_cell(p->doc, clear ? MXS_TONE_BAD : MXS_TONE_PLAIN, "%s", text);
}

static bool any_then(const struct mxs_panel *panel, const struct mxs_matrix_cell *cells)
{
    for (size_t i = 0; i < panel->seats.n; i++)
        if (cells[i].changed && cells[i].after->then.n)
            return true;
    return false;
}

static void cells_table(struct paper *p, const struct mxs_panel *panel,
                        const struct mxs_matrix_cell *cells)
{
    static const struct mxs_doc_column columns[] = {
        { "before", 0 }, { "after", 0 }, { "for whom", 0 }, { "why", 0 }, { "and then", 0 },
    };
    static const enum mxs_status order[] = { MXS_STATUS_CRITICAL, MXS_STATUS_WARNING, MXS_STATUS_OK };
    bool thens = any_then(panel, cells);
    mxs_doc_table(p->doc, columns, thens ? 5 : 4);
    for (size_t k = 0; k < MXS_COUNT(order); k++)
        for (size_t i = 0; i < panel->seats.n; i++) {
            const struct mxs_matrix_cell *c = &cells[i];
            if (!c->changed || c->status != order[k] || !mxs_whatif_is_first(&p->w, cells, i))
                continue;
            mxs_doc_cell(p->doc, MXS_TONE_PLAIN, "%s", mxs_whatif_words(&p->w, c->before, c->after));
            mxs_doc_cell(p->doc, tones[c->status], "%s", mxs_whatif_words(&p->w, c->after, c->before));
            mxs_doc_cell(p->doc, MXS_TONE_PLAIN, "%s", who(p, panel, cells, i));
            mxs_doc_cell(p->doc, MXS_TONE_PLAIN, "%s", why(p, c));
            if (thens)
                then(p, c);
        }
}

/* --- one scenario ----------------------------------------------------------------------------- */

static void remedies(struct paper *p, const struct mxs_matrix_row *row)
{
    const struct mxs_offers *offers = mxs_whatif_offers(&p->w, row);
    if (offers && offers->list.n)
        mxs_doc_para(p->doc, "What to do, each judged again:");
    for (size_t i = 0; offers && i < offers->list.n; i++) {
        const struct mxs_offered *o = &offers->list.v[i];
        bool theirs = o->remedy->side && strcmp(o->remedy->side, "theirs") == 0;
        enum mxs_whatif_seen seen = mxs_whatif_seen(&p->w, o);
        mxs_doc_item(p->doc, "%s%s (%s %zu)%s%s", o->remedy->title, theirs ? ", at the partner" : "",
                     o->remedy->mends_cleartext ? "no cleartext with" : "mends", o->helped,
                     seen == MXS_WHATIF_SEEN   ? ", as above"
                     : seen                    ? ", as above, with:"
                     : o->remedy->about        ? ": "
                                               : "",
                     seen || !o->remedy->about ? "" : o->remedy->about);
        if (seen != MXS_WHATIF_SEEN)
            *mxs_list_add(p->w.t.arena, &p->w.remedies) = o;
        for (size_t k = 0; seen != MXS_WHATIF_SEEN && k < o->config.n; k++) {
            const struct mxs_remedy_lines *c = &o->config.v[k];
            const char *lines = mxs_arena_printf(p->w.t.arena, "# %s %s\n", c->product,
                                                 c->version ? c->version : "");
            for (size_t n = 0; n < c->lines.n; n++)
                lines = mxs_arena_printf(p->w.t.arena, "%s%s\n", lines, c->lines.v[n]);
            mxs_doc_code(p->doc, lines);
        }
    }
}

static void scenario(struct paper *p, const struct mxs_matrix_row *row)
{
    const struct mxs_scenario *s = row->scenario;
    struct mxs_arena *arena = p->w.t.arena;
    const char *changes = "", *ways = "", *sure = mxs_whatif_certainty(s->certainty);
    mxs_doc_title(p->doc, 2, tones[row->status], mxs_status_name(row->status), "%s (%s, %s%s%s)",
                  s->title, s->id, mxs_whatif_day(arena, s->at), sure ? ", " : "", sure ? sure : "");
    struct mxs_strs branches = { NULL, 0, 0 }, common = { NULL, 0, 0 };
    mxs_whatif_branches(&p->w, row, &branches, &common);
    for (size_t i = 0; i < branches.n; i++)
        ways = mxs_arena_printf(arena, "%s%s%s", ways, i ? "; or " : "", branches.v[i]);
    if (*ways)
        mxs_doc_para(p->doc, "If %s:", ways);
    for (size_t i = 0; i < common.n; i++)
        changes = mxs_arena_printf(arena, "%s%s%s", changes, i ? "; " : "", common.v[i]);
    if (*changes)
        mxs_doc_para(p->doc, "What changes: %s.", changes);
    if (row->overlay->direction == MXS_BACKWARD)
        mxs_doc_para(p->doc, "Already happened to you: before is rebuilt as it was, after is what was "
                             "seen.");
    if (s->story)
        mxs_doc_para(p->doc, "%s", s->story);
    if (s->source)
        mxs_doc_para(p->doc, "Source: %s", s->source);
    cells_table(p, &p->w.report->matrix->panel, row->cells);
    remedies(p, row);
}

static void scenarios(struct paper *p)
{
    static const enum mxs_status order[] = { MXS_STATUS_CRITICAL, MXS_STATUS_WARNING, MXS_STATUS_OK };
    const struct mxs_matrix *m = p->w.report->matrix;
    const char *same = "";
    for (size_t k = 0; k < MXS_COUNT(order); k++)
        for (size_t i = 0; i < m->rows.n; i++)
            if (m->rows.v[i].future && m->rows.v[i].status == order[k] &&
                mxs_whatif_changes(m, &m->rows.v[i]) &&
                mxs_whatif_first_branch(&p->w, &m->rows.v[i]) == &m->rows.v[i])
                scenario(p, &m->rows.v[i]);
    for (size_t i = 0; i < m->rows.n; i++)
        if (m->rows.v[i].future && !mxs_whatif_changes(m, &m->rows.v[i]))
            same = mxs_arena_printf(p->w.t.arena, "%s%s%s", same, *same ? ", " : "",
                                    m->rows.v[i].scenario->id);
    if (*same) {
        mxs_doc_heading(p->doc, 2, "Nothing changes for anybody");
        mxs_doc_para(p->doc, "%s", same);
    }
}

static void not_applying(struct paper *p)
{
    const struct mxs_matrix *m = p->w.report->matrix;
    bool titled = false;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        if (row->future || !row->overlay)
            continue;
        if (!titled)
            mxs_doc_heading(p->doc, 2, "Does not apply");
        titled = true;
        mxs_doc_item(p->doc, "%s: %s", row->scenario->id,
                     row->overlay->why_not ? row->overlay->why_not : "it has no future");
    }
}

/* --- over time -------------------------------------------------------------------------------- */

static void timeline(struct paper *p)
{
    static const struct mxs_doc_column columns[] = { { "date", 0 }, { "what happens", 0 },
                                                    { "who answers otherwise", 0 } };
    const struct mxs_timeline *t = p->w.report->timeline;
    mxs_doc_heading(p->doc, 2, "Over time");
    mxs_doc_table(p->doc, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < t->points.n; i++) {
        const struct mxs_timeline_point *point = &t->points.v[i];
        const struct mxs_timeline_date *d = point->date;
        const char *sure = mxs_whatif_certainty(d->certainty);
        mxs_doc_cell(p->doc, MXS_TONE_PLAIN, "%s", mxs_whatif_day(p->w.t.arena, d->at));
        mxs_doc_cell(p->doc, MXS_TONE_PLAIN, "%s%s%s%s", d->title, sure ? " (" : "",
                     sure ? sure : "", sure ? ")" : "");
        if (point->n_changed)
            mxs_doc_cell(p->doc, MXS_TONE_WARN, "%zu of %zu", point->n_changed, t->panel.seats.n);
        else
            mxs_doc_cell(p->doc, MXS_TONE_PLAIN, "%s", "");
    }
    for (size_t i = 0; i < t->points.n; i++)
        if (t->points.v[i].n_changed) {
            mxs_doc_heading(p->doc, 3, "%s: %s", mxs_whatif_day(p->w.t.arena, t->points.v[i].date->at),
                            t->points.v[i].date->title);
            cells_table(p, &t->panel, mxs_whatif_point_cells(p->w.t.arena, t, i));
        }
}

void mxs_report_whatif_doc(const struct mxs_whatif_report *report, struct mxs_doc *doc)
{
    struct paper p = { { .report = report, .t = { &report->base, mxs_arena_new(), NULL, 80 } }, doc };
    struct mxs_strs answer = { NULL, 0, 0 };
    const struct mxs_matrix *m = report->matrix;
    if (m) {
        mxs_doc_title(doc, 1, tones[m->status], mxs_status_name(m->status), "%s", report->subject->name);
        mxs_doc_para(doc, "%s", mxs_whatif_headline(p.w.t.arena, m));
        mxs_whatif_answer(p.w.t.arena, m, &answer);
        for (size_t i = 0; i < answer.n; i++)
            mxs_doc_para(doc, "%s", answer.v[i]);
        scenarios(&p);
        not_applying(&p);
    }
    if (report->timeline && report->timeline->points.n)
        timeline(&p);
    mxs_arena_free(p.w.t.arena);
}
