#include "config.h"

#include "whatif/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "judge/profile.h"
#include "whatif/fallback.h"
#include "whatif/seat.h"

/* Verdicts of a state that several rows start from: most scenarios begin with what was seen. */
struct before {
    const struct mxs_future *state;
    struct mxs_judge judge;
    const struct mxs_verdict **verdicts; /* one per seat; NULL until asked for */
};

struct matrix {
    struct mxs_matrix m; /* first: what callers see */
    size_t row, seat;    /* what comes next */
    MXS_LIST(struct before *) befores;
    struct before *before;  /* of the current row */
    struct mxs_judge after; /* of the current row */
};

/* --- a verdict in a future --- */

static enum mxs_receivers receivers_in(const struct mxs_future *future)
{
    return future->receiver_requires ? MXS_RECEIVERS_REQUIRE
           : future->receiver_asks   ? MXS_RECEIVERS_ASK
                                     : MXS_RECEIVERS_AS_THEY_ARE;
}

const struct mxs_verdict *mxs_matrix_judge(const struct mxs_whatif *whatif,
                                           const struct mxs_future *future,
                                           const struct mxs_judge *judge,
                                           const struct mxs_panel_seat *seat)
{
    const struct mxs_profiles *profiles = whatif->options->profiles;
    const struct mxs_profile *mode = NULL;
    struct mxs_verdict *v = MXS_NEW(judge->arena, struct mxs_verdict);
    struct mxs_panel_seat as = *seat;
    if (seat->profile && seat->role == MXS_ROLE_RECEIVER)
        mode = mxs_seat_receiver(profiles, seat->profile, receivers_in(future));
    as.profile = mode ? mode : seat->profile;
    mxs_panel_judge(judge, &as, v);
    mxs_fallback(judge, profiles, v);
    if (as.profile != seat->profile)
        mxs_verdict_reason(judge, v, "receiver-mode", -1, NULL, "it now works as %s",
                           as.profile->name);
    v->verifier = seat->name;
    return v;
}

/* --- comparing --- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool thens_differ(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    if (a->then.n != b->then.n)
        return true;
    for (size_t i = 0; i < a->then.n; i++) {
        const struct mxs_then *x = &a->then.v[i], *y = &b->then.v[i];
        if (!same_text(x->sender, y->sender) || x->first != y->first || x->later != y->later ||
            x->channel != y->channel)
            return true;
    }
    return false;
}

bool mxs_verdict_differs(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    return a->action != b->action || a->channel != b->channel || a->verified != b->verified ||
           a->stage != b->stage || a->reply != b->reply || a->alert != b->alert ||
           !same_text(a->label, b->label) || thens_differ(a, b);
}

static bool bad(enum mxs_action action)
{
    return action == MXS_ACTION_DEFER || action == MXS_ACTION_BOUNCE ||
           action == MXS_ACTION_REJECT || action == MXS_ACTION_HANDSHAKE_FAILURE;
}

static bool newly_bad(enum mxs_action before, enum mxs_action after)
{
    return bad(after) && after != before;
}

static bool newly_clear(enum mxs_channel before, enum mxs_channel after)
{
    return after == MXS_CHANNEL_CLEARTEXT && before != MXS_CHANNEL_CLEARTEXT;
}

static const struct mxs_then *then_of(const struct mxs_verdict *v, const char *sender)
{
    for (size_t i = 0; i < v->then.n; i++)
        if (same_text(v->then.v[i].sender, sender))
            return &v->then.v[i];
    return NULL;
}

static bool then_worsens(const struct mxs_verdict *before, const struct mxs_verdict *after)
{
    for (size_t i = 0; i < after->then.n; i++) {
        static const struct mxs_then nothing = { .first = MXS_ACTION_DELIVER,
                                                 .later = MXS_ACTION_DELIVER,
                                                 .channel = MXS_CHANNEL_ENCRYPTED };
        const struct mxs_then *now = &after->then.v[i], *was = then_of(before, now->sender);
        was = was ? was : &nothing;
        if (newly_bad(was->first, now->first) || newly_bad(was->later, now->later) ||
            newly_clear(was->channel, now->channel))
            return true;
    }
    return false;
}

enum mxs_status mxs_verdict_worsens(const struct mxs_verdict *before,
                                    const struct mxs_verdict *after)
{
    if (newly_bad(before->action, after->action) || newly_clear(before->channel, after->channel) ||
        then_worsens(before, after))
        return MXS_STATUS_CRITICAL;
    bool word = before->verified != after->verified || !same_text(before->label, after->label);
    return word && before->action == after->action ? MXS_STATUS_WARNING : MXS_STATUS_OK;
}

void mxs_matrix_compare(struct mxs_matrix_cell *cell)
{
    cell->judged = true;
    cell->changed = mxs_verdict_differs(cell->before, cell->after);
    cell->status = mxs_verdict_worsens(cell->before, cell->after);
}

/* --- the iterator --- */

static struct mxs_judge judge_of(struct matrix *x, const struct mxs_future *future)
{
    struct mxs_arena *arena = x->m.arena;
    return mxs_future_judge(x->m.whatif, future, arena, MXS_NEW(arena, struct mxs_judge_cache));
}

static bool same_state(const struct mxs_future *a, const struct mxs_future *b)
{
    return a->evidence == b->evidence && a->host == b->host && a->session == b->session &&
           a->store == b->store && a->at == b->at && a->pins == b->pins &&
           a->receiver_asks == b->receiver_asks && a->receiver_requires == b->receiver_requires;
}

static struct before *before_of(struct matrix *x, const struct mxs_future *state)
{
    for (size_t i = 0; i < x->befores.n; i++)
        if (same_state(x->befores.v[i]->state, state))
            return x->befores.v[i];
    struct before *b = MXS_NEW(x->m.arena, struct before);
    b->state = state;
    b->judge = judge_of(x, state);
    b->verdicts = mxs_arena_alloc(x->m.arena, (x->m.panel.seats.n + 1) * sizeof *b->verdicts);
    return *mxs_list_add(x->m.arena, &x->befores) = b;
}

static struct mxs_judge subject_judge(const struct mxs_whatif *whatif,
                                      const struct mxs_subject *subject, struct mxs_arena *arena)
{
    struct mxs_future seen = { .evidence = subject->evidence, .host = subject->host,
                               .session = subject->session, .store = whatif->options->store,
                               .at = whatif->options->at, .pins = whatif->options->pins };
    return mxs_future_judge(whatif, &seen, arena, MXS_NEW(arena, struct mxs_judge_cache));
}

struct mxs_matrix *mxs_matrix_new(const struct mxs_whatif *whatif, const struct mxs_subject *subject,
                                  const struct mxs_scenario *const *scenarios, size_t n)
{
    struct matrix *x = mxs_alloc(sizeof *x);
    struct mxs_matrix *m = &x->m;
    m->arena = mxs_arena_new();
    m->whatif = whatif;
    m->subject = subject;
    struct mxs_judge judge = subject_judge(whatif, subject, m->arena);
    mxs_panel_of(&judge, whatif->options, &m->panel);
    for (size_t i = 0; i < n; i++)
        mxs_list_add(m->arena, &m->rows)->scenario = scenarios[i];
    m->steps_total = n * (1 + m->panel.seats.n);
    return m;
}

void mxs_matrix_free(struct mxs_matrix *matrix)
{
    if (!matrix)
        return;
    mxs_arena_free(matrix->arena);
    free(matrix);
}

/* Rows for the other branches of a scenario, right behind its first. */
static void add_branches(struct mxs_matrix *m, size_t at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *mxs_list_add(m->arena, &m->rows) = (struct mxs_matrix_row){ .future = NULL };
    struct mxs_matrix_row *first = &m->rows.v[at];
    memmove(first + 1 + n, first + 1, (m->rows.n - n - at - 1) * sizeof *first);
    for (size_t i = 1; i <= n; i++)
        first[i] = *first;
    m->steps_total += n * m->panel.seats.n;
}

static void lay(struct matrix *x)
{
    struct mxs_matrix *m = &x->m;
    struct mxs_overlay *overlay = MXS_NEW(m->arena, struct mxs_overlay);
    size_t seats = m->panel.seats.n;
    mxs_overlay(m->arena, m->whatif, m->subject, m->rows.v[x->row].scenario, overlay);
    m->rows.v[x->row].overlay = overlay;
    size_t n = overlay->futures.n;
    if (n > 1)
        add_branches(m, x->row, n - 1);
    for (size_t i = 0; i < n; i++) {
        m->rows.v[x->row + i].future = &overlay->futures.v[i];
        m->rows.v[x->row + i].cells =
            mxs_arena_alloc(m->arena, (seats + 1) * sizeof(struct mxs_matrix_cell));
    }
    if (!n)
        m->steps_total -= seats;
}

static void judge_cell(struct matrix *x)
{
    struct mxs_matrix *m = &x->m;
    struct mxs_matrix_row *row = &m->rows.v[x->row];
    const struct mxs_panel_seat *seat = &m->panel.seats.v[x->seat];
    struct mxs_matrix_cell *cell = &row->cells[x->seat];
    if (!x->seat) {
        x->before = before_of(x, &row->overlay->before);
        x->after = judge_of(x, row->future);
    }
    const struct mxs_verdict **before = &x->before->verdicts[x->seat];
    if (!*before)
        *before = mxs_matrix_judge(m->whatif, x->before->state, &x->before->judge, seat);
    cell->before = *before;
    cell->after = mxs_matrix_judge(m->whatif, row->future, &x->after, seat);
    mxs_matrix_compare(cell);
    row->judged++;
    if (cell->status > row->status)
        row->status = cell->status;
    if (row->status > m->status)
        m->status = row->status;
}

bool mxs_matrix_step(struct mxs_matrix *m)
{
    struct matrix *x = (struct matrix *)m;
    if (x->row >= m->rows.n)
        return false;
    if (!m->rows.v[x->row].overlay) {
        lay(x);
        x->seat = 0;
    } else if (m->panel.seats.n) {
        judge_cell(x);
        x->seat++;
    }
    m->steps_done++;
    if (!m->rows.v[x->row].future || x->seat == m->panel.seats.n) {
        x->row++;
        x->seat = 0;
    }
    return x->row < m->rows.n;
}

void mxs_matrix_run(struct mxs_matrix *matrix)
{
    while (mxs_matrix_step(matrix)) {
    }
}
