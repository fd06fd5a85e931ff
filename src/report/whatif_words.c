#include "config.h"

#include "report/whatif.h"

#include "base/clock.h"
#include "report/who.h"

#include <string.h>

/* --- one verdict --- */

const char *mxs_whatif_day(struct mxs_arena *arena, int64_t at)
{
    if (at == MXS_CATALOG_ALWAYS || at == MXS_CATALOG_NEVER)
        return "any time";
    char *text = mxs_time_text(arena, at);
    if (strlen(text) > 10)
        text[10] = 0;
    return text;
}

const char *mxs_whatif_certainty(const char *certainty)
{
    if (!certainty || strcmp(certainty, "exact") == 0)
        return NULL;
    return strcmp(certainty, "conflict") == 0 ? "sources disagree" : certainty;
}

const char *mxs_verdict_words(struct mxs_arena *arena, const struct mxs_verdict *v)
{
    const char *action = mxs_action_name(v->action), *channel = mxs_channel_name(v->channel);
    const char *stage = mxs_stage_name(v->stage);
    bool clear = v->channel == MXS_CHANNEL_CLEARTEXT;
    if (!action)
        return "?";
    const char *out = mxs_arena_printf(arena, "%s%s%s", action, clear ? " in " : channel ? ", " : "",
                                       clear ? "CLEARTEXT" : channel ? channel : "");
    if (v->role == MXS_ROLE_RECEIVER && stage)
        out = mxs_arena_printf(arena, "%s at %s", out, stage);
    if (v->reply)
        out = mxs_arena_printf(arena, "%s, reply %d", out, v->reply);
    if (v->alert >= 0)
        out = mxs_arena_printf(arena, "%s, alert %d", out, v->alert);
    return out;
}

static bool has_reason(const struct mxs_verdict *v, const struct mxs_reason *r)
{
    for (size_t i = 0; i < v->reasons.n; i++)
        if (strcmp(v->reasons.v[i].id, r->id) == 0 && v->reasons.v[i].depth == r->depth)
            return true;
    return false;
}

const struct mxs_reason *mxs_verdict_why(const struct mxs_verdict *before,
                                         const struct mxs_verdict *after)
{
    const struct mxs_reason *first = NULL;
    for (size_t i = 0; i < after->reasons.n; i++) {
        const struct mxs_reason *r = &after->reasons.v[i];
        if (has_reason(before, r))
            continue;
        /* where a list decides, what else is wrong goes into the log only */
        if (strcmp(r->id, "not-listed") == 0)
            return r;
        first = first ? first : r;
    }
    if (first)
        return first;
    return after->reasons.n ? &after->reasons.v[0] : NULL;
}

/* --- the headline --- */

struct count {
    size_t scenarios, applied, critical, warning;
    const struct mxs_matrix_row *first; /* the critical one that is due first */
};

static bool same_scenario(const struct mxs_matrix *m, size_t at)
{
    return at && m->rows.v[at].scenario == m->rows.v[at - 1].scenario;
}

/* The worst of a scenario's branches. */
static enum mxs_status status_of(const struct mxs_matrix *m, size_t at)
{
    enum mxs_status worst = m->rows.v[at].status;
    for (size_t i = at + 1; i < m->rows.n && same_scenario(m, i); i++)
        if (m->rows.v[i].status > worst)
            worst = m->rows.v[i].status;
    return worst;
}

static struct count count(const struct mxs_matrix *m)
{
    struct count c = { 0 };
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        if (same_scenario(m, i))
            continue;
        enum mxs_status status = status_of(m, i);
        c.scenarios++;
        c.applied += row->future != NULL;
        c.critical += status == MXS_STATUS_CRITICAL;
        c.warning += status == MXS_STATUS_WARNING;
        if (status == MXS_STATUS_CRITICAL && row->scenario->at != MXS_CATALOG_ALWAYS &&
            (!c.first || row->scenario->at < c.first->scenario->at))
            c.first = row;
    }
    return c;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

const char *mxs_whatif_headline(struct mxs_arena *arena, const struct mxs_matrix *m)
{
    struct count c = count(m);
    if (!c.scenarios)
        return "no scenario was asked for";
    if (!c.applied)
        return mxs_arena_printf(arena, "none of %zu scenario%s applies to this chain", c.scenarios,
                                plural(c.scenarios));
    if (!c.critical && !c.warning)
        return mxs_arena_printf(arena, "nothing breaks in %zu scenario%s", c.applied,
                                plural(c.applied));
    if (!c.critical)
        return mxs_arena_printf(arena, "nothing breaks in %zu scenario%s; in %zu some servers would "
                                "write another word into their logs", c.applied, plural(c.applied),
                                c.warning);
    const char *out = mxs_arena_printf(arena, "mail breaks or loses its protection in %zu of %zu "
                                       "scenario%s", c.critical, c.applied, plural(c.applied));
    return c.first ? mxs_arena_printf(arena, "%s, first on %s: %s", out,
                                      mxs_whatif_day(arena, c.first->scenario->at),
                                      c.first->scenario->id)
                   : mxs_arena_printf(arena, "%s, %s", out,
                                      c.critical == 1 ? "which has no date" : "none of which has a date");
}

/* --- the answer to the debate on clientAuth --- */

struct answer {
    struct mxs_arena *arena;
    const struct mxs_matrix *m;
    struct mxs_strs *out;
    bool asked;                         /* scenarios of the EKU removal are among the rows */
    size_t rows;                        /* those of them that apply */
    const struct mxs_matrix_row *worst; /* of those that break something, the one due first */
};

static bool about_eku(const struct mxs_matrix_row *row)
{
    return strncmp(row->scenario->id, "eku/", 4) == 0;
}

/* It got worse for what the certificate may be used for, and not since its fingerprint is another. */
static bool for_its_use(const struct mxs_matrix_cell *cell)
{
    const struct mxs_reason *r = mxs_verdict_why(cell->before, cell->after);
    return cell->status == MXS_STATUS_CRITICAL && r &&
           (strcmp(r->id, "eku-missing") == 0 || strcmp(r->id, "key-usage") == 0);
}

static size_t broken(const struct mxs_matrix *m, const struct mxs_matrix_row *row, struct mxs_who *who)
{
    size_t n = 0;
    for (size_t i = 0; i < m->panel.seats.n; i++)
        if (for_its_use(&row->cells[i])) {
            if (who)
                mxs_who_add(who, m->panel.seats.v[i].name);
            n++;
        }
    return n;
}

/* Those with a date before those without, then the earlier, then those that break more. */
static bool sooner(const struct answer *a, const struct mxs_matrix_row *x,
                   const struct mxs_matrix_row *y)
{
    bool dated = x->scenario->at != MXS_CATALOG_ALWAYS, other = y->scenario->at != MXS_CATALOG_ALWAYS;
    if (dated != other)
        return dated;
    if (x->scenario->at != y->scenario->at)
        return x->scenario->at < y->scenario->at;
    return broken(a->m, x, NULL) > broken(a->m, y, NULL);
}

static void look(struct answer *a)
{
    for (size_t i = 0; i < a->m->rows.n; i++) {
        const struct mxs_matrix_row *row = &a->m->rows.v[i];
        a->asked = a->asked || about_eku(row);
        if (!row->future || !about_eku(row))
            continue;
        a->rows++;
        if (broken(a->m, row, NULL) && (!a->worst || sooner(a, row, a->worst)))
            a->worst = row;
    }
}

static void say(struct answer *a, const char *text)
{
    *mxs_list_add(a->arena, a->out) = text;
}

static bool leaf_may_be_client(const struct mxs_matrix *m)
{
    const struct mxs_chain *chain = &m->subject->session->chain;
    const struct mxs_cert *leaf = chain->certs.n ? chain->certs.v[0] : NULL;
    return !leaf || !leaf->has_eku || leaf->eku & (MXS_EKU_CLIENT_AUTH | MXS_EKU_ANY);
}

/* For who meets the word for the first time. */
static void say_what_it_is(struct answer *a)
{
    say(a, "Every certificate says what it may be used for. clientAuth is the use of a client: to be "
           "shown by whoever opens the connection, in mail the sending server. Public authorities "
           "no longer grant it, or soon will not.");
}

static void as_server(struct answer *a)
{
    const char *done = leaf_may_be_client(a->m) ? "" : " This certificate is without it already.";
    say_what_it_is(a);
    if (a->worst)
        say(a, "Receiving mail: scenarios of the clientAuth removal change how senders judge this "
               "server, see below.");
    else
        say(a, mxs_arena_printf(a->arena, "Receiving mail is not affected by the removal of "
                                "clientAuth: no sender asks whether a mail server's certificate may "
                                "also be a client's.%s (%zu verifiers, %zu scenario%s)", done,
                                a->m->panel.seats.n, a->rows, plural(a->rows)));
    say(a, "If the same certificate is shown when this machine sends mail, ask again with "
           "--role client.");
}

/* "on 2026-07-08 or later", "since 2026-07-08" */
static const char *when(const struct answer *a)
{
    int64_t at = a->worst->scenario->at;
    const char *day = mxs_whatif_day(a->arena, at);
    if (at == MXS_CATALOG_ALWAYS)
        return "once the certificate is renewed without clientAuth";
    return mxs_arena_printf(a->arena, at <= a->m->whatif->options->at ? "for certificates issued since %s"
                                                                      : "for certificates issued from "
                                                                        "%s on", day);
}

static void cleartext(struct answer *a)
{
    const struct mxs_matrix *m = a->m;
    const struct mxs_profiles *profiles = m->whatif->options->profiles;
    for (size_t i = 0; i < m->panel.seats.n; i++) {
        const struct mxs_verdict *v = a->worst->cells[i].after;
        struct mxs_who_then thens[MXS_WHO_THENS];
        if (!for_its_use(&a->worst->cells[i]))
            continue;
        mxs_who_thens(a->arena, profiles, v, thens);
        size_t clear = thens[0].who.n + thens[1].who.n;
        if (!clear)
            continue;
        say(a, mxs_arena_printf(a->arena, "CLEARTEXT: where the receiver ends the TLS session, %zu of "
                                "%zu kinds of sender deliver the same mail without TLS. At once: %s. "
                                "At a later attempt: %s.", clear, v->then.n,
                                thens[0].who.n ? mxs_who_text(&thens[0].who) : "nobody",
                                thens[1].who.n ? mxs_who_text(&thens[1].who) : "nobody"));
        return;
    }
}

static void as_client(struct answer *a)
{
    const struct mxs_matrix *m = a->m;
    struct mxs_who who = { .arena = a->arena, .profiles = m->whatif->options->profiles };
    say_what_it_is(a);
    if (!leaf_may_be_client(m) && !a->worst) {
        say(a, "This certificate is without clientAuth already. Receivers that look at that turn it away "
               "today: mxscope verify --role client names them.");
        return;
    }
    if (!a->worst) {
        say(a, mxs_arena_printf(a->arena, "Sending mail with this certificate as client certificate: "
                                "none of %zu receivers turns it away for the removal of clientAuth.",
                                m->panel.seats.n));
        return;
    }
    size_t n = broken(m, a->worst, &who);
    say(a, "An ordinary receiving mail server is not affected: it asks no sender for a certificate, "
           "or accepts any.");
    say(a, mxs_arena_printf(a->arena, "A sender that shows this public certificate as its client "
                            "certificate is affected, %s: %zu of %zu receivers then turn it away: "
                            "%s.",
                            when(a), n, m->panel.seats.n, mxs_who_text(&who)));
    cleartext(a);
    say(a, "Who trusts every public authority for client certificates never knew who it was: anybody "
           "can have such a certificate for a domain of their own, and the check compares no name "
           "with the sender. A fingerprint, a private authority or SASL says who it is.");
}

void mxs_whatif_answer(struct mxs_arena *arena, const struct mxs_matrix *m, struct mxs_strs *out)
{
    struct answer a = { .arena = arena, .m = m, .out = out };
    look(&a);
    if (!a.asked || !m->panel.seats.n || (!a.rows && leaf_may_be_client(m)))
        return;
    if (m->subject->evidence->client_role)
        as_client(&a);
    else
        as_server(&a);
}
