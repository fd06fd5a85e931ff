/* Who answers otherwise: verifiers whose before, after and reason are the same share a paragraph. */
#include "config.h"

#include "report/text_room.h"
#include "report/whatif_room.h"
#include "report/who.h"

#include <string.h>

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

/* What mxs_verdict_words says of both is the same. */
static bool same_plain(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    bool known = mxs_action_name(a->action) != NULL;
    if (!known || !mxs_action_name(b->action))
        return known == (mxs_action_name(b->action) != NULL);
    return a->action == b->action && a->channel == b->channel && a->role == b->role &&
           (a->role != MXS_ROLE_RECEIVER || a->stage == b->stage) && a->reply == b->reply &&
           (a->alert == b->alert || (a->alert < 0 && b->alert < 0));
}

/* Where the words are the same, what else changes is said. */
enum extra { EXTRA_NONE, EXTRA_LABEL, EXTRA_STAGE, EXTRA_VERIFIED };

static enum extra extra_of(const struct mxs_verdict *v, const struct mxs_verdict *other)
{
    if (!same_plain(v, other))
        return EXTRA_NONE;
    if (v->label && !same_text(v->label, other->label))
        return EXTRA_LABEL;
    if (v->stage != other->stage && mxs_stage_name(v->stage))
        return EXTRA_STAGE;
    return v->verified != other->verified ? EXTRA_VERIFIED : EXTRA_NONE;
}

const char *mxs_whatif_words(struct whatif_text *w, const struct mxs_verdict *v,
                             const struct mxs_verdict *other)
{
    const char *out = mxs_verdict_words(w->t.arena, v);
    switch (extra_of(v, other)) {
    case EXTRA_LABEL:
        return mxs_arena_printf(w->t.arena, "%s, \"%s\"", out, v->label);
    case EXTRA_STAGE:
        return mxs_arena_printf(w->t.arena, "%s at %s", out, mxs_stage_name(v->stage));
    case EXTRA_VERIFIED:
        return mxs_arena_printf(w->t.arena, "%s, %s", out, v->verified > 0    ? "verified"
                                                           : v->verified == 0 ? "not verified"
                                                                              : "not looked at");
    case EXTRA_NONE:
        break;
    }
    return out;
}

/* mxs_whatif_words(v, v_other) and of (u, u_other) are the same; many rows are compared. */
static bool same_words(const struct mxs_verdict *v, const struct mxs_verdict *v_other,
                       const struct mxs_verdict *u, const struct mxs_verdict *u_other)
{
    enum extra extra = extra_of(v, v_other);
    if (!same_plain(v, u) || extra != extra_of(u, u_other))
        return false;
    return extra == EXTRA_LABEL      ? same_text(v->label, u->label)
           : extra == EXTRA_STAGE    ? v->stage == u->stage
           : extra == EXTRA_VERIFIED ? v->verified == u->verified
                                     : true;
}

bool mxs_whatif_same_words(struct whatif_text *w, const struct mxs_matrix_cell *a,
                           const struct mxs_matrix_cell *b)
{
    (void)w;
    return a->status == b->status && same_words(a->before, a->after, b->before, b->after) &&
           same_words(a->after, a->before, b->after, b->before) &&
           a->after->then.n == b->after->then.n;
}

bool mxs_whatif_alike(struct whatif_text *w, const struct mxs_matrix_cell *a,
                      const struct mxs_matrix_cell *b)
{
    const struct mxs_reason *x = mxs_verdict_why(a->before, a->after);
    const struct mxs_reason *y = mxs_verdict_why(b->before, b->after);
    return mxs_whatif_same_words(w, a, b) && same_text(x ? x->text : NULL, y ? y->text : NULL) &&
           (!x || x->depth == y->depth);
}

bool mxs_whatif_is_first(struct whatif_text *w, const struct mxs_matrix_cell *cells, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (cells[i].changed && mxs_whatif_alike(w, &cells[i], &cells[at]))
            return false;
    return true;
}

void mxs_whatif_reason(struct whatif_text *w, const struct mxs_reason *r, size_t indent)
{
    mxs_text_para(&w->t, 0, indent, "why: %s%s%s%s%s", r->text,
                  r->depth >= 0 ? mxs_arena_printf(w->t.arena, ", certificate %d", r->depth) : "",
                  r->rfc ? " (" : "", r->rfc ? r->rfc : "", r->rfc ? ")" : "");
}

static void log_of(struct whatif_text *w, const char *whose, const struct mxs_who *who,
                   const struct mxs_strs *lines)
{
    if (lines->n)
        mxs_text_para(&w->t, 0, 7, "%s, %s:", whose, mxs_who_text(who));
    for (size_t i = 0; i < lines->n; i++)
        mxs_text_para(&w->t, 0, 9, "%s", lines->v[i]);
}

/* What both sides write: the first of those that answer alike, and each kind of sender. */
static void logs(struct whatif_text *w, const struct mxs_verdict *v)
{
    const struct mxs_profiles *profiles = w->report->base.profiles;
    struct mxs_who it = { .arena = w->t.arena, .profiles = profiles };
    struct mxs_who_logs peers;
    mxs_who_add(&it, v->verifier);
    log_of(w, "its log", &it, &v->log);
    mxs_who_logs(w->t.arena, profiles, v, &peers);
    for (size_t i = 0; i < peers.v.n; i++)
        log_of(w, "your log", &peers.v.v[i].who, &peers.v.v[i].lines);
}

/* A reason that the paragraph above gave is not given again. */
static void why(struct whatif_text *w, const struct mxs_matrix_cell *cell)
{
    const struct mxs_reason *r = mxs_verdict_why(cell->before, cell->after);
    bool again = r && w->last_reason && strcmp(r->text, w->last_reason) == 0;
    w->last_reason = r ? r->text : NULL;
    if (r && !again)
        mxs_whatif_reason(w, r, 7);
    if (w->report->base.verbose)
        logs(w, cell->after);
}

static bool same_thens(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    bool same = a->then.n == b->then.n;
    for (size_t i = 0; i < a->then.n && same; i++)
        same = a->then.v[i].first == b->then.v[i].first && a->then.v[i].later == b->then.v[i].later &&
               a->then.v[i].channel == b->then.v[i].channel;
    return same;
}

bool mxs_whatif_in_clear(const struct mxs_verdict *v)
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
    } else if (!mxs_whatif_in_clear(cell->after) || w->report->base.verbose) {
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
