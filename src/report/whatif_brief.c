/* What has no date, in a few lines each: nobody waits for it, so its details are for who asks. And a
 * subject of which the same is true as of one before. */
#include "config.h"

#include "report/text_room.h"
#include "report/whatif_room.h"

#include <string.h>

static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_WARN };

bool mxs_whatif_in_brief(const struct whatif_text *w, const struct mxs_matrix_row *row)
{
    return row->scenario->at == MXS_CATALOG_ALWAYS && !w->report->not_applying && !w->report->base.verbose;
}

/* --- how many, and what becomes of them --------------------------------------------------------- */

struct tally {
    const char *words; /* "defer", "deliver in CLEARTEXT" */
    size_t n;
};

struct tallies {
    MXS_LIST(struct tally) list;
    size_t warned, better, clear; /* clear: refused, and then some sender goes on in cleartext */
    const struct mxs_reason *why; /* of the first that got worse */
};

static const char *in_short(struct whatif_text *w, const struct mxs_verdict *v)
{
    const char *action = mxs_action_name(v->action);
    bool clear = v->channel == MXS_CHANNEL_CLEARTEXT;
    return !action ? "?" : clear ? mxs_arena_printf(w->t.arena, "%s in CLEARTEXT", action) : action;
}

static void tally(struct whatif_text *w, struct tallies *t, const struct mxs_verdict *v)
{
    const char *words = in_short(w, v);
    for (size_t i = 0; i < t->list.n; i++)
        if (strcmp(t->list.v[i].words, words) == 0) {
            t->list.v[i].n++;
            return;
        }
    *mxs_list_add(w->t.arena, &t->list) = (struct tally){ words, 1 };
}

static struct tallies tallies(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    struct tallies t = { .list = { NULL, 0, 0 } };
    for (size_t i = 0; i < w->report->matrix->panel.seats.n; i++) {
        const struct mxs_matrix_cell *c = &row->cells[i];
        if (!c->changed)
            continue;
        t.why = t.why || (c->status != row->status) ? t.why : mxs_verdict_why(c->before, c->after);
        t.warned += c->status == MXS_STATUS_WARNING;
        t.better += c->status == MXS_STATUS_OK;
        t.clear += mxs_whatif_in_clear(c->after) && !mxs_whatif_in_clear(c->before);
        if (c->status == MXS_STATUS_CRITICAL)
            tally(w, &t, c->after);
    }
    return t;
}

static const char *with(struct whatif_text *w, const char *text, size_t n, const char *words)
{
    return n ? mxs_arena_printf(w->t.arena, "%s%s%zu %s", text, *text ? ", " : "", n, words) : text;
}

static void numbers(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    struct tallies t = tallies(w, row);
    const char *text = "";
    for (size_t i = 0; i < t.list.n; i++)
        text = with(w, text, t.list.v[i].n, t.list.v[i].words);
    text = with(w, text, t.warned, "verify less or log another word");
    if (!*text)
        text = with(w, text, t.better, "answer otherwise, none worse");
    mxs_text_para(&w->t, 0, 5, "Of %zu %s: %s.%s", w->report->matrix->panel.seats.n,
                  w->report->matrix->subject->evidence->client_role ? "receivers" : "verifiers", text,
                  !t.clear ? "" : mxs_arena_printf(w->t.arena, " After %zu of these, some senders go on "
                                                   "in CLEARTEXT.", t.clear));
    if (t.why)
        mxs_whatif_reason(w, t.why, 5);
}

static void what_to_do(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_offers *offers = mxs_whatif_offers(w, row);
    const char *text = "";
    for (size_t i = 0; offers && i < offers->list.n; i++)
        text = mxs_arena_printf(w->t.arena, "%s%s%s", text, i ? ", " : "", offers->list.v[i].remedy->id);
    if (*text)
        mxs_text_para(&w->t, 0, 5, "What to do: %s.", text);
}

void mxs_whatif_brief(struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const char *status = mxs_status_name(row->status), *ways = "";
    struct mxs_strs branches = { NULL, 0, 0 }, changes = { NULL, 0, 0 };
    if (!w->briefs++) {
        mxs_text_title(&w->t, "Without a date: what may happen, and changes of your own");
        mxs_text_para(&w->t, 0, 5, "For whom, and what to do line by line: --scenario NAME, or --all.");
    }
    mxs_whatif_branches(w, row, &branches, &changes);
    for (size_t i = 0; i < branches.n; i++)
        ways = mxs_arena_printf(w->t.arena, "%s%s%s", ways, i ? "; " : " (", branches.v[i]);
    mxs_text_word(&w->t, tones[row->status], status, 0);
    mxs_text_para(&w->t, strlen(status), 5, " %s: %s%s%s", row->scenario->id, row->scenario->title, ways,
                  *ways ? ")" : "");
    numbers(w, row);
    what_to_do(w, row);
}

/* --- as for the subject before -------------------------------------------------------------------- */

static bool same_reasons(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    bool same = a->reasons.n == b->reasons.n;
    for (size_t i = 0; same && i < a->reasons.n; i++)
        same = strcmp(a->reasons.v[i].id, b->reasons.v[i].id) == 0 &&
               a->reasons.v[i].depth == b->reasons.v[i].depth;
    return same;
}

static bool same_cell(const struct mxs_matrix_cell *a, const struct mxs_matrix_cell *b)
{
    return a->changed == b->changed &&
           (!a->changed || (!mxs_verdict_differs(a->before, b->before) &&
                            !mxs_verdict_differs(a->after, b->after) && same_reasons(a->after, b->after)));
}

static bool same_branch(const struct mxs_matrix_row *a, const struct mxs_matrix_row *b)
{
    const char *x = a->future->branch, *y = b->future->branch;
    return a->scenario == b->scenario && (x == y || (x && y && strcmp(x, y) == 0));
}

bool mxs_whatif_as_before(const struct whatif_text *w, const struct mxs_matrix_row *row)
{
    const struct mxs_matrix *m = w->report->matrix, *like = w->report->like;
    if (!like || w->report->base.verbose || like->panel.seats.n != m->panel.seats.n ||
        like->subject->evidence->client_role != m->subject->evidence->client_role)
        return false;
    for (size_t i = 0; i < like->rows.n; i++) {
        const struct mxs_matrix_row *other = &like->rows.v[i];
        if (!other->future || !same_branch(row, other))
            continue;
        for (size_t k = 0; k < m->panel.seats.n; k++)
            if (!same_cell(&row->cells[k], &other->cells[k]))
                return false;
        return true;
    }
    return false;
}

void mxs_whatif_say_as_before(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    const char *text = "";
    size_t n = 0, applying = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        applying += row->future != NULL;
        if (!row->future || !mxs_whatif_as_before(w, row))
            continue;
        if (!n++ || row->scenario != row[-1].scenario)
            text = mxs_arena_printf(w->t.arena, "%s%s%s", text, *text ? ", " : "", row->scenario->id);
    }
    if (!n)
        return;
    mxs_buf_putc(w->t.out, '\n');
    mxs_text_para(&w->t, 0, 5, "As for %s, what to do too, with the names and records of this one (-v): "
                  "%s.", w->report->like->subject->name, n == applying ? "every scenario" : text);
}
