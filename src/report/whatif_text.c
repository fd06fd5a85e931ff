#include "config.h"

#include "report/text_room.h"
#include "report/whatif_room.h"
#include "report/who.h"

#include <string.h>

/* Only what changes, then why, then what to do. Verifiers whose before, after and reason are the same
 * share a paragraph. */

static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_WARN };

static const char *arrow(const struct whatif_text *w)
{
    return w->report->base.ascii ? "->" : "\u2192";
}

/* --- cells that are alike --- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The words of a cell: the labels too where they are all that changes. */
const char *mxs_whatif_words(struct whatif_text *w, const struct mxs_verdict *v,
                             const struct mxs_verdict *other)
{
    const char *out = mxs_verdict_words(w->t.arena, v);
    bool plain = same_text(out, mxs_verdict_words(w->t.arena, other));
    if (plain && v->label && !same_text(v->label, other->label))
        return mxs_arena_printf(w->t.arena, "%s, \"%s\"", out, v->label);
    if (plain && v->stage != other->stage && mxs_stage_name(v->stage))
        return mxs_arena_printf(w->t.arena, "%s at %s", out, mxs_stage_name(v->stage));
    if (plain && v->verified != other->verified)
        return mxs_arena_printf(w->t.arena, "%s, %s", out, v->verified > 0    ? "verified"
                                                           : v->verified == 0 ? "not verified"
                                                                              : "not looked at");
    return out;
}

bool mxs_whatif_alike(struct whatif_text *w, const struct mxs_matrix_cell *a,
                      const struct mxs_matrix_cell *b)
{
    const struct mxs_reason *x = mxs_verdict_why(a->before, a->after);
    const struct mxs_reason *y = mxs_verdict_why(b->before, b->after);
    return a->status == b->status &&
           same_text(mxs_whatif_words(w, a->before, a->after), mxs_whatif_words(w, b->before, b->after)) &&
           same_text(mxs_whatif_words(w, a->after, a->before), mxs_whatif_words(w, b->after, b->before)) &&
           same_text(x ? x->text : NULL, y ? y->text : NULL) && (!x || x->depth == y->depth) &&
           a->after->then.n == b->after->then.n;
}

bool mxs_whatif_is_first(struct whatif_text *w, const struct mxs_matrix_cell *cells, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (cells[i].changed && mxs_whatif_alike(w, &cells[i], &cells[at]))
            return false;
    return true;
}

/* A reason that the paragraph above gave is not given again. */
static void why(struct whatif_text *w, const struct mxs_matrix_cell *cell)
{
    const struct mxs_reason *r = mxs_verdict_why(cell->before, cell->after);
    bool again = r && w->last_reason && strcmp(r->text, w->last_reason) == 0;
    w->last_reason = r ? r->text : NULL;
    if (r && !again)
        mxs_text_para(&w->t, 0, 7, "why: %s%s%s%s%s", r->text,
                      r->depth >= 0 ? mxs_arena_printf(w->t.arena, ", certificate %d", r->depth) : "",
                      r->rfc ? " (" : "", r->rfc ? r->rfc : "", r->rfc ? ")" : "");
    for (size_t i = 0; w->report->base.verbose && i < cell->after->log.n; i++)
        mxs_text_para(&w->t, 0, 7, "log: %s", cell->after->log.v[i]);
}

static bool same_thens(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    bool same = a->then.n == b->then.n;
    for (size_t i = 0; i < a->then.n && same; i++)
        same = a->then.v[i].first == b->then.v[i].first && a->then.v[i].later == b->then.v[i].later &&
               a->then.v[i].channel == b->then.v[i].channel;
    return same;
}

static bool in_clear(const struct mxs_verdict *v)
{
    for (size_t i = 0; i < v->then.n; i++)
        if (v->then.v[i].channel == MXS_CHANNEL_CLEARTEXT)
            return true;
    return false;
}

/* Who goes on in cleartext is said in full once; that it happens, each time. */
static void then(struct whatif_text *w, const struct mxs_matrix_cell *cell)
{
    if (same_thens(cell->before, cell->after)) {
        return;
    } else if (!in_clear(cell->after) || w->report->base.verbose) {
        mxs_text_then(&w->t, cell->after, 7);
    } else if (w->last_then && same_thens(w->last_then, cell->after)) {
        mxs_buf_puts(w->t.out, "       then ");
        mxs_text_word(&w->t, MXS_TONE_BAD, "CLEARTEXT", 0);
        mxs_buf_puts(w->t.out, " from the senders named above\n");
    } else {
        mxs_text_then(&w->t, cell->after, 7);
        w->last_then = cell->after;
    }
}

static void group(struct whatif_text *w, const struct mxs_panel *panel,
                  const struct mxs_matrix_cell *cells, size_t at)
{
    const struct mxs_matrix_cell *cell = &cells[at];
    struct mxs_who who = { .arena = w->t.arena, .profiles = w->report->base.profiles };
    for (size_t i = at; i < panel->seats.n; i++)
        if (cells[i].changed && mxs_whatif_alike(w, &cells[i], cell))
            mxs_who_add(&who, panel->seats.v[i].name);
    const char *before = mxs_whatif_words(w, cell->before, cell->after);
    const char *after = mxs_whatif_words(w, cell->after, cell->before);
    mxs_buf_printf(w->t.out, "     %s %s ", before, arrow(w));
    mxs_text_word(&w->t, tones[cell->status], after, 0);
    mxs_buf_putc(w->t.out, '\n');
    mxs_text_para(&w->t, 0, 7, "%s", mxs_who_text(&who));
    why(w, cell);
    then(w, cell);
}

void mxs_whatif_cells(struct whatif_text *w, const struct mxs_panel *panel,
                      const struct mxs_matrix_cell *cells)
{
    static const enum mxs_status order[] = { MXS_STATUS_CRITICAL, MXS_STATUS_WARNING, MXS_STATUS_OK };
    w->last_reason = NULL;
    for (size_t k = 0; k < MXS_COUNT(order); k++)
        for (size_t i = 0; i < panel->seats.n; i++)
            if (cells[i].changed && cells[i].status == order[k] && mxs_whatif_is_first(w, cells, i))
                group(w, panel, cells, i);
}

/* --- one scenario --- */

bool mxs_whatif_changes(const struct mxs_matrix *m, const struct mxs_matrix_row *row)
{
    for (size_t i = 0; row->cells && i < m->panel.seats.n; i++)
        if (row->cells[i].changed)
            return true;
    return false;
}

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

static const char *joined(struct mxs_arena *arena, const struct mxs_strs *list)
{
    const char *out = "";
    for (size_t i = 0; i < list->n; i++)
        out = mxs_arena_printf(arena, "%s%s%s", out, i ? "; " : "", list->v[i]);
    return out;
}

static void head(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_scenario *s = row->scenario;
    const char *status = mxs_status_name(row->status), *branch = row->future->branch;
    const char *certainty = mxs_whatif_certainty(s->certainty);
    mxs_buf_putc(w->t.out, '\n');
    mxs_text_word(&w->t, tones[row->status], status, 0);
    mxs_text_para(&w->t, strlen(status), 5, " %s, %s%s%s%s: %s", s->id,
                  mxs_whatif_day(w->t.arena, s->at), certainty ? " (" : "", certainty ? certainty : "",
                  certainty ? ")" : "", s->title);
    if (branch)
        mxs_text_para(&w->t, 0, 5, "As it may come out: %s.", branch);
    if (row->future->changes.n)
        mxs_text_para(&w->t, 0, 5, "What changes: %s.", joined(w->t.arena, &row->future->changes));
    happened(w, row->overlay);
    if (w->report->base.verbose && s->story)
        mxs_text_para(&w->t, 0, 5, "%s", s->story);
    if (w->report->base.verbose && s->source)
        mxs_text_para(&w->t, 0, 5, "Source: %s", s->source);
}

static void remedy(struct whatif_text *w, const struct mxs_offered *offered, size_t broken)
{
    const struct mxs_remedy *r = offered->remedy;
    bool theirs = r->side && strcmp(r->side, "theirs") == 0;
    mxs_text_para(&w->t, 0, 7, "%s%s (%s %zu of %zu): %s", r->title, theirs ? ", at the partner" : "",
                  r->mends_cleartext ? "no cleartext with" : "mends", offered->helped, broken,
                  r->about ? r->about : "");
    for (size_t i = 0; i < offered->config.n; i++) {
        const struct mxs_remedy_lines *c = &offered->config.v[i];
        mxs_buf_printf(w->t.out, "         %s%s%s:\n", c->product, c->version ? " " : "",
                       c->version ? c->version : "");
        for (size_t k = 0; k < c->lines.n; k++)
            mxs_buf_printf(w->t.out, "           %s\n", c->lines.v[k]);
    }
}

static const struct mxs_offers *offers_of(const struct whatif_text *w,
                                          const struct mxs_matrix_row *row)
{
    return w->report->offers ? &w->report->offers[row - w->report->matrix->rows.v] : NULL;
}

static size_t broken(const struct whatif_text *w, const struct mxs_matrix_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++)
        n += row->cells[i].status == MXS_STATUS_CRITICAL;
    return n;
}

/* The same remedies help in many scenarios: their lines are printed once. */
static void remedies(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_offers *offers = offers_of(w, row);
    const char *again = "";
    bool titled = false;
    for (size_t i = 0; offers && i < offers->list.n; i++) {
        const struct mxs_offered *o = &offers->list.v[i];
        bool seen = false;
        for (size_t k = 0; k < w->remedies.n; k++)
            seen |= w->remedies.v[k] == o->remedy;
        if (seen) {
            again = mxs_arena_printf(w->t.arena, "%s%s%s", again, *again ? ", " : "", o->remedy->id);
            continue;
        }
        *mxs_list_add(w->t.arena, &w->remedies) = o->remedy;
        if (!titled)
            mxs_buf_puts(w->t.out, "     What to do, each judged again:\n");
        titled = true;
        remedy(w, o, broken(w, row));
    }
    if (*again)
        mxs_text_para(&w->t, 0, 5, "%s%s, as above.", titled ? "And: " : "What to do: ", again);
}

static bool same_cells(struct whatif_text *w, const struct mxs_matrix_row *a,
                       const struct mxs_matrix_row *b)
{
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++) {
        const struct mxs_matrix_cell *x = &a->cells[i], *y = &b->cells[i];
        if (x->changed != y->changed || (x->changed && !mxs_whatif_alike(w, x, y)))
            return false;
    }
    return true;
}

/* Many roads lead to the same end: it is told once. */
static bool as_before(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    for (size_t i = 0; i < w->rows.n; i++)
        if (same_cells(w, w->rows.v[i], row)) {
            mxs_text_para(&w->t, 0, 5, "Whom it hits, why, and what to do: all as in %s.",
                          w->rows.v[i]->scenario->id);
            return true;
        }
    *mxs_list_add(w->t.arena, &w->rows) = row;
    return false;
}

static void scenario(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    head(w, row);
    if (as_before(w, row))
        return;
    mxs_whatif_cells(w, &w->report->matrix->panel, row->cells);
    remedies(w, row);
}

/* --- the rest, in few words --- */

static void unchanged(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    const char *out = "";
    for (size_t i = 0; i < m->rows.n; i++)
        if (m->rows.v[i].future && !mxs_whatif_changes(m, &m->rows.v[i]))
            out = mxs_arena_printf(w->t.arena, "%s%s%s%s%s%s", out, *out ? ", " : "",
                                   m->rows.v[i].scenario->id, m->rows.v[i].future->branch ? " (" : "",
                                   m->rows.v[i].future->branch ? m->rows.v[i].future->branch : "",
                                   m->rows.v[i].future->branch ? ")" : "");
    if (!*out)
        return;
    mxs_text_title(&w->t, "Nothing changes for anybody");
    mxs_text_para(&w->t, 0, 5, "%s", out);
}

static void not_applying(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    size_t n = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        if (row->future || !row->overlay)
            continue;
        if (!n++)
            mxs_text_title(&w->t, "Does not apply");
        mxs_text_para(&w->t, 0, 5, "%s: %s", row->scenario->id,
                      row->overlay->why_not ? row->overlay->why_not : "it has no future");
    }
}

static size_t applying(const struct mxs_matrix *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->rows.n; i++)
        n += m->rows.v[i].future != NULL;
    return n;
}

static void headline(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    const char *word = mxs_status_name(m->status);
    mxs_text_word(&w->t, tones[m->status], word, 0);
    if (w->report->base.quiet)
        w->t.width = SIZE_MAX;
    mxs_text_para(&w->t, strlen(word), 0, " %s: %s", w->report->subject->name,
                  mxs_whatif_headline(w->t.arena, m));
}

static void answer(struct whatif_text *w)
{
    struct mxs_strs out = { NULL, 0, 0 };
    mxs_whatif_answer(w->t.arena, w->report->matrix, &out);
    for (size_t i = 0; i < out.n; i++) {
        mxs_buf_puts(w->t.out, i ? "" : "\n");
        mxs_text_para(&w->t, 0, 2, "%s", out.v[i]);
    }
}

static bool earlier(const struct mxs_scenario *a, const struct mxs_scenario *b)
{
    bool dated = a->at != MXS_CATALOG_ALWAYS, other = b->at != MXS_CATALOG_ALWAYS;
    return dated != other ? dated : a->at < b->at;
}

/* Rows of a status in the order of their dates, those of any time behind. */
static void scenarios(struct whatif_text *w, enum mxs_status status)
{
    const struct mxs_matrix *m = w->report->matrix;
    const struct mxs_matrix_row **rows = mxs_arena_alloc(w->t.arena, (m->rows.n + 1) * sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        if (!row->future || row->status != status || !mxs_whatif_changes(m, row))
            continue;
        size_t at = n++;
        for (; at && earlier(row->scenario, rows[at - 1]->scenario); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
    for (size_t i = 0; i < n; i++)
        scenario(w, rows[i]);
}

static void matrix(struct whatif_text *w)
{
    static const enum mxs_status order[] = { MXS_STATUS_CRITICAL, MXS_STATUS_WARNING, MXS_STATUS_OK };
    headline(w);
    if (w->report->base.quiet)
        return;
    answer(w);
    for (size_t k = 0; k < MXS_COUNT(order); k++)
        scenarios(w, order[k]);
    unchanged(w);
    if (w->report->not_applying || !applying(w->report->matrix))
        not_applying(w);
}

enum mxs_err mxs_report_whatif_text(const struct mxs_whatif_report *report, struct mxs_buf *out)
{
    size_t start = out->n;
    struct whatif_text w = { .report = report,
                             .t = { &report->base, mxs_arena_new(), out,
                                    report->base.width ? report->base.width : 80 } };
    if (report->matrix)
        matrix(&w);
    if (report->timeline && !report->base.quiet)
        mxs_whatif_timeline_text(&w);
    if (report->base.ascii)
        mxs_text_to_ascii(out, start);
    mxs_arena_free(w.t.arena);
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
