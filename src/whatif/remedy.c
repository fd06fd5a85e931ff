#include "config.h"

#include "whatif/remedy_room.h"

#include <stdlib.h>
#include <string.h>

#include "judge/profile.h"
#include "whatif/fallback.h"

struct trial { /* one remedy laid over one row */
    struct mxs_arena *arena;
    const struct mxs_matrix *m;
    const struct mxs_matrix_row *row;
    const struct mxs_remedy *remedy;
    struct mxs_futures ways;    /* how it may come out */
    struct mxs_future future;   /* the one that is judged */
    struct mxs_judge judge;
};

size_t mxs_remedies_count(const struct mxs_remedies *remedies)
{
    return remedies ? remedies->v.n : 0;
}

const struct mxs_remedy *mxs_remedies_at(const struct mxs_remedies *remedies, size_t index)
{
    return remedies && index < remedies->v.n ? &remedies->v.v[index] : NULL;
}

/* --- judging with it --- */

/* Senders in a mode that insists on TLS: what they do about the refusal then. */
static void require_tls(const struct trial *t, struct mxs_verdict *v)
{
    const struct mxs_profiles *profiles = t->m->whatif->options->profiles;
    const struct mxs_chain *shown = &t->judge.session->chain;
    const struct mxs_profile *receiver = mxs_profile_find(profiles, v->verifier);
    struct mxs_refused refused;
    bool refuses = mxs_fallback_refusal(receiver, v, t->judge.session->tls.version, shown->certs.n > 0,
                                        &refused);
    for (size_t i = 0; i < v->then.n && refuses; i++) {
        const struct mxs_profile *p = mxs_profile_find(profiles, v->then.v[i].sender);
        const struct mxs_profile *mode = p ? mxs_seat_requires_tls(profiles, p) : NULL;
        if (mode)
            v->then.v[i] = mxs_sender_refused(&t->judge, mode, &refused);
        if (mode)
            v->then.v[i].sender = p->name;
    }
}

static struct mxs_panel_seat seat_with(const struct trial *t, const struct mxs_panel_seat *seat)
{
    const struct mxs_profiles *profiles = t->m->whatif->options->profiles;
    struct mxs_panel_seat out = *seat;
    const struct mxs_profile *mode = NULL;
    if (seat->profile && seat->role == MXS_ROLE_RECEIVER)
        mode = mxs_seat_receiver(profiles, seat->profile, t->remedy->receivers);
    else if (seat->profile && t->remedy->require_tls && !mxs_profile_is_tool(seat->profile))
        mode = mxs_seat_requires_tls(profiles, seat->profile);
    out.profile = mode ? mode : seat->profile;
    return out;
}

static const struct mxs_verdict *judged(struct trial *t, const struct mxs_panel_seat *seat)
{
    struct mxs_panel_seat as = seat_with(t, seat);
    struct mxs_verdict *v = MXS_NEW(t->arena, struct mxs_verdict);
    *v = *mxs_matrix_judge(t->m->whatif, &t->future, &t->judge, &as);
    if (t->remedy->require_tls)
        require_tls(t, v);
    v->verifier = seat->name;
    return v;
}

/* --- whether it helps --- */

static size_t in_clear(const struct mxs_verdict *v)
{
    size_t n = v->channel == MXS_CHANNEL_CLEARTEXT;
    for (size_t i = 0; i < v->then.n; i++)
        n += v->then.v[i].channel == MXS_CHANNEL_CLEARTEXT;
    return n;
}

/* was: the row's cell. A refusal is mended when nothing is worse than before the scenario; cleartext when
 * less mail goes out so than without the remedy. */
static bool helps(const struct mxs_remedy *remedy, const struct mxs_matrix_cell *was,
                  const struct mxs_verdict *now)
{
    if (remedy->mends_cleartext)
        return in_clear(now) < in_clear(was->after) && in_clear(was->before) < in_clear(was->after);
    return (now->action != MXS_ACTION_UNKNOWN || was->before->action == MXS_ACTION_UNKNOWN) &&
           mxs_verdict_worsens(was->before, now) != MXS_STATUS_CRITICAL;
}

static bool lay(struct trial *t)
{
    struct mxs_why why;
    if (t->remedy->changes.list.n)
        return mxs_overlay_ways(t->arena, t->m->whatif, t->row->future, &t->remedy->changes, &t->ways,
                                &why) == MXS_OK;
    *mxs_list_add(t->arena, &t->ways.list) = *t->row->future;
    return true;
}

static void turn_to(struct trial *t, size_t way)
{
    t->future = t->ways.list.v[way];
    t->judge = mxs_future_judge(t->m->whatif, &t->future, t->arena,
                                MXS_NEW(t->arena, struct mxs_judge_cache));
}

/* What helps in one way of several is luck: the cell shows the way in which it does not. */
static void judge_cells(struct trial *t, size_t way, struct mxs_offered *out)
{
    const struct mxs_panel *panel = &t->m->panel;
    turn_to(t, way);
    for (size_t i = 0; i < panel->seats.n; i++) {
        const struct mxs_matrix_cell *was = &t->row->cells[i];
        bool broken = was->status == MXS_STATUS_CRITICAL;
        if (way && (!broken || !helps(t->remedy, was, out->cells[i].after)))
            continue;
        out->cells[i].before = was->after;
        out->cells[i].after = broken ? judged(t, &panel->seats.v[i]) : was->after;
        mxs_matrix_compare(&out->cells[i]);
    }
}

/* A remedy is for those with whom mail breaks (a transport of their own); for the others nothing
 * changes. False: it does not apply, or mends nothing. */
static bool try(struct trial *t, struct mxs_offered *out)
{
    const struct mxs_panel *panel = &t->m->panel;
    if (!lay(t))
        return false;
    *out = (struct mxs_offered){ .remedy = t->remedy };
    out->cells = mxs_arena_alloc(t->arena, (panel->seats.n + 1) * sizeof *out->cells);
    for (size_t way = 0; way < t->ways.list.n; way++)
        judge_cells(t, way, out);
    for (size_t i = 0; i < panel->seats.n; i++)
        out->helped += t->row->cells[i].status == MXS_STATUS_CRITICAL &&
                       helps(t->remedy, &t->row->cells[i], out->cells[i].after);
    if (!out->helped)
        return false;
    turn_to(t, 0);
    mxs_remedy_fill(t->arena, t->m->whatif, t->remedy, t->row->future, &t->future, out);
    return true;
}

/* Somebody else has the key: who turns away does what he should. */
static bool is_attack(const struct mxs_scenario *scenario)
{
    for (size_t i = 0; i < scenario->changes.list.n; i++) {
        const struct mxs_strs *words = &scenario->changes.list.v[i].words;
        for (size_t k = 0; k < words->n; k++)
            if (strcmp(words->v[k], "stranger") == 0)
                return true;
    }
    return false;
}

static bool for_this(const struct mxs_remedy *remedy, const struct mxs_matrix *m)
{
    bool client = m->subject->evidence->client_role;
    return remedy->role == MXS_SCENARIO_ANY || client == (remedy->role == MXS_SCENARIO_CLIENT);
}

/* It mends something that none of those before it does. */
static bool adds(const struct mxs_offers *offers, const struct trial *t, const struct mxs_offered *o)
{
    for (size_t i = 0; i < t->m->panel.seats.n; i++) {
        const struct mxs_matrix_cell *was = &t->row->cells[i];
        bool open = was->status == MXS_STATUS_CRITICAL && helps(t->remedy, was, o->cells[i].after);
        for (size_t k = 0; k < offers->list.n && open; k++)
            open = !helps(offers->list.v[k].remedy, was, offers->list.v[k].cells[i].after);
        if (open)
            return true;
    }
    return false;
}

/* Those that help most first; else in the order of the file. */
static void insert(struct mxs_arena *arena, struct mxs_offers *offers, const struct mxs_offered *o)
{
    size_t at = offers->list.n;
    *mxs_list_add(arena, &offers->list) = *o;
    for (; at && offers->list.v[at - 1].helped < o->helped; at--)
        offers->list.v[at] = offers->list.v[at - 1];
    offers->list.v[at] = *o;
}

void mxs_remedies_offer(struct mxs_arena *arena, const struct mxs_remedies *remedies,
                        const struct mxs_matrix *matrix, const struct mxs_matrix_row *row,
                        struct mxs_offers *out)
{
    *out = (struct mxs_offers){ { NULL, 0, 0 } };
    if (is_attack(row->scenario))
        return;
    for (size_t i = 0; row->future && row->status == MXS_STATUS_CRITICAL &&
                       i < mxs_remedies_count(remedies); i++) {
        struct mxs_offered offered;
        struct trial t = { .arena = arena, .m = matrix, .row = row, .remedy = &remedies->v.v[i] };
        if (for_this(t.remedy, matrix) && try(&t, &offered) &&
            (!t.remedy->spare || adds(out, &t, &offered)))
            insert(arena, out, &offered);
    }
}
