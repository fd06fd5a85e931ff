#include "config.h"

#include "whatif/plan_room.h"

#include "base/text.h"
#include "judge/dane.h"

#include <string.h>

/* Hosts, the places where a sender meets a certificate, and which of them the rollover is about. */

const char *mxs_plan_family(const char *key)
{
    static const char *const families[] = { "RSA", "ECDSA" };
    for (size_t i = 0; key && i < MXS_COUNT(families); i++)
        if (strncmp(key, families[i], strlen(families[i])) == 0)
            return families[i];
    return key ? key : "?";
}

const struct mxs_cert *mxs_plan_leaf(const struct mxs_plan_place *place)
{
    return place->chains.v[0].chain.certs.v[0];
}

static bool known_place(const struct mxs_plan *plan, size_t host,
                        const struct mxs_session_facts *session)
{
    for (size_t i = 0; i < plan->places.n; i++) {
        const struct mxs_plan_place *p = &plan->places.v[i];
        if (p->host == host && p->session->port == session->port &&
            strcmp(p->session->address, session->address) == 0 &&
            memcmp(mxs_plan_leaf(p)->sha256, session->chain.certs.v[0]->sha256, 32) == 0)
            return true;
    }
    return false;
}

static void add_place(struct mxs_plan *plan, size_t host, const struct mxs_session_facts *session)
{
    if (!session->chain.certs.n || known_place(plan, host, session))
        return;
    const char *key = session->chain.certs.v[0]->key;
    const char *name = plan->hosts.v[host].facts->host;
    struct mxs_plan_place *place = mxs_list_add(plan->arena, &plan->places);
    place->host = host;
    place->session = session;
    place->family = mxs_plan_family(key);
    place->name = session->address && strcmp(session->address, name) != 0
                      ? mxs_arena_printf(plan->arena, "%s %s (%s)", name, session->address, place->family)
                      : mxs_arena_printf(plan->arena, "%s (%s)", name, place->family);
    *mxs_list_add(plan->arena, &place->chains) =
        (struct mxs_plan_chain){ session->chain, "the current chain", false };
}

static enum mxs_err check_dns(const struct mxs_host_facts *h, struct mxs_why *why)
{
    const char *state = mxs_security_name(h->tlsa_security);
    if (h->is_address)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s: an address has no TLSA records (RFC 7672 2.2): name "
                           "the host", h->host);
    if (h->tlsa_security == MXS_SECURITY_SECURE || h->tlsa_security == MXS_SECURITY_ABSENT)
        return h->address_security == MXS_SECURITY_SECURE
                   ? MXS_OK
                   : mxs_why_set(why, MXS_ERR_UNSUPPORTED,
                                 "%s: its addresses are not DNSSEC-secure, so no sender goes by TLSA "
                                 "records (RFC 7672 2.2.2): sign the zone first", h->host);
    return mxs_why_set(why, MXS_ERR_UNSUPPORTED,
                       "%s: the TLSA lookup is %s: mend that before a rollover", h->host,
                       state ? state : "not done (no TLSA record can be used)");
}

static enum mxs_err add_host(struct mxs_plan *plan, const struct mxs_host_facts *facts,
                             struct mxs_why *why)
{
    const struct mxs_plan_input *in = plan->input;
    const char *base = facts->tlsa_base_domain ? facts->tlsa_base_domain : facts->host;
    uint32_t ttl = in->ttl ? in->ttl : facts->tlsa_ttl;
    unsigned port = facts->sessions.n ? facts->sessions.v[0]->port : 25;
    enum mxs_err err = check_dns(facts, why);
    if (err)
        return err;
    if (!ttl)
        return mxs_why_set(why, MXS_ERR_USAGE,
                           "%s: the evidence does not tell the TTL of its TLSA records: give --ttl "
                           "SECONDS", facts->host);
    *mxs_list_add(plan->arena, &plan->hosts) = (struct mxs_plan_host){
        .facts = facts, .ttl = ttl, /* beside an alias no other record can stand (RFC 1034 3.6.2) */
        .owner = facts->tlsa_alias ? facts->tlsa_alias : mxs_tlsa_owner(plan->arena, port, base)
    };
    for (size_t i = 0; i < facts->sessions.n; i++)
        add_place(plan, plan->hosts.n - 1, facts->sessions.v[i]);
    return MXS_OK;
}

/* --- which of them the rollover is about ----------------------------------------------------------- */

static bool names_cover(const struct mxs_strs *names, const char *host)
{
    for (size_t i = 0; i < names->n; i++)
        if (mxs_ascii_equal(names->v[i], host) || mxs_sts_mx_match(names->v[i], host))
            return true;
    return false;
}

static bool family_shown(const struct mxs_plan *plan, const char *family)
{
    for (size_t i = 0; i < plan->places.n; i++)
        if (strcmp(plan->places.v[i].family, family) == 0)
            return true;
    return false;
}

static const struct mxs_plan_place *first_moving(const struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->places.n; i++)
        if (plan->places.v[i].moves)
            return &plan->places.v[i];
    return NULL;
}

/* The next key is in use here already: this server has been through the rollover. */
static bool serves_next(const struct mxs_plan *plan, const struct mxs_plan_place *place)
{
    const struct mxs_plan_next *next = &plan->input->next;
    return next->spki.n && !next->key_kept && !next->chain.certs.n &&
           mxs_bytes_equal(mxs_plan_leaf(place)->spki, next->spki);
}

/* One key is coming: it takes the place of one key, unless certificate or CSR say which hosts it is for. */
static bool moves(const struct mxs_plan *plan, const struct mxs_plan_place *place)
{
    const struct mxs_plan_next *next = &plan->input->next;
    const char *host = plan->hosts.v[place->host].facts->host;
    const struct mxs_plan_place *first = first_moving(plan);
    if (serves_next(plan, place))
        return false;
    if (next->key && family_shown(plan, mxs_plan_family(next->key)) &&
        strcmp(place->family, mxs_plan_family(next->key)) != 0)
        return false;
    if (next->names.n && names_cover(&mxs_plan_leaf(place)->san_dns, host))
        return names_cover(&next->names, host);
    return !first || !next->spki.n || next->names.n ||
           mxs_bytes_equal(mxs_plan_leaf(first)->spki, mxs_plan_leaf(place)->spki);
}

/* Records that vouch for nothing that the host shows: of the key before, mostly. */
static size_t left_over(const struct mxs_plan *plan, const struct mxs_host_facts *host)
{
    size_t n = 0;
    for (size_t i = 0; i < host->tlsa.n; i++) {
        bool vouches = false;
        for (size_t k = 0; k < plan->places.n; k++) {
            const struct mxs_plan_place *p = &plan->places.v[k];
            vouches |= plan->hosts.v[p->host].facts == host &&
                       mxs_tlsa_depth(&host->tlsa.v[i], &p->chains.v[0].chain) >= 0;
        }
        n += !vouches;
    }
    return n;
}

/* Nothing is left to deploy: either no rollover has begun, or one is behind us. */
static enum mxs_err served_already(const struct mxs_plan *plan, const char *file, struct mxs_why *why)
{
    const struct mxs_plan_place *place = NULL;
    size_t n = 0;
    for (size_t i = 0; !n && i < plan->places.n; i++)
        if (serves_next(plan, &plan->places.v[i])) {
            place = &plan->places.v[i];
            n = left_over(plan, plan->hosts.v[place->host].facts);
        }
    if (!place)
        return MXS_OK;
    if (!n)
        return mxs_why_set(why, MXS_ERR_USAGE,
                           "%s: that is the current key of %s: make the next key first", file,
                           place->name);
    return mxs_why_set(why, MXS_ERR_USAGE,
                       "%s: %s serves that key already, and %zu TLSA record%s of it match%s nothing that it "
                       "serves: remove %s when every server has had the key for two TTLs (RFC 7671 8.1)",
                       file, place->name, n, n == 1 ? "" : "s", n == 1 ? "es" : "",
                       n == 1 ? "it" : "them");
}

static enum mxs_err check_next(const struct mxs_plan *plan, struct mxs_why *why)
{
    const struct mxs_plan_next *next = &plan->input->next;
    const struct mxs_plan_place *first = first_moving(plan);
    const char *file = next->file ? next->file : "the next certificate";
    enum mxs_err err = first ? MXS_OK : served_already(plan, file, why);
    if (err)
        return err;
    if (!first && next->names.n)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s: it is for %s, not for %s", file, next->names.v[0],
                           plan->hosts.v[plan->places.v[0].host].facts->host);
    return MXS_OK;
}

static void note_still(struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->places.n; i++) {
        const struct mxs_plan_place *p = &plan->places.v[i];
        if (!p->moves)
            *mxs_list_add(plan->arena, &plan->notes) =
                serves_next(plan, p)
                    ? mxs_arena_printf(plan->arena, "%s serves the next key already", p->name)
                    : mxs_arena_printf(plan->arena, "%s keeps its %s certificate: its records stay in "
                                       "every step", p->name, p->family);
    }
}

enum mxs_err mxs_plan_places(struct mxs_plan *plan, struct mxs_why *why)
{
    const struct mxs_evidence *ev = plan->input->evidence;
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < ev->hosts.n && err == MXS_OK; i++)
        err = add_host(plan, ev->hosts.v[i], why);
    if (err)
        return err;
    if (!plan->places.n)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "%s: no server showed a certificate: nothing to roll",
                           ev->target ? ev->target : "the evidence");
    for (size_t i = 0; i < plan->places.n; i++)
        plan->places.v[i].moves = moves(plan, &plan->places.v[i]);
    err = check_next(plan, why);
    note_still(plan);
    for (size_t i = 0; i < plan->places.n && err == MXS_OK; i++)
        if (plan->places.v[i].moves)
            err = mxs_plan_next_chains(plan, &plan->places.v[i], why);
    return err;
}
