#include "config.h"

#include "whatif/plan_room.h"

#include "judge/dane.h"

#include <string.h>

/* The RRsets of the steps, by RFC 7671 8: every combination of usage, selector and matching type in a set
 * matches each chain that may be shown while the set is in a cache. */

enum { EE = 3, TA = 2, CERT = 0, SPKI = 1, FULL = 0, SHA256 = 1, SHA512 = 2 };

bool mxs_plan_combination(const struct mxs_tlsa *a, const struct mxs_tlsa *b)
{
    return a->usage == b->usage && a->selector == b->selector &&
           a->matching_type == b->matching_type;
}

bool mxs_plan_has(const mxs_plan_records *set, const struct mxs_tlsa *tlsa)
{
    for (size_t i = 0; i < set->n; i++)
        if (mxs_plan_combination(&set->v[i], tlsa) && mxs_bytes_equal(set->v[i].data, tlsa->data))
            return true;
    return false;
}

bool mxs_plan_same(const mxs_plan_records *a, const mxs_plan_records *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++)
        same = mxs_plan_has(b, &a->v[i]);
    return same;
}

static void add(struct mxs_plan *plan, mxs_plan_records *set, const struct mxs_tlsa *tlsa,
                uint32_t ttl)
{
    if (mxs_plan_has(set, tlsa))
        return;
    struct mxs_tlsa *mine = mxs_list_add(plan->arena, set);
    *mine = *tlsa;
    mine->ttl = ttl;
}

/* --- one record ------------------------------------------------------------------------------------ */

/* Digests of what is coming: of a renewed certificate only the key's are known. */
static bool digest(struct mxs_plan *plan, const struct mxs_cert *cert, bool foretold, uint8_t selector,
                   uint8_t type, struct mxs_bytes *out)
{
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id = mxs_cert_identity(cert, &own);
    if (type != SHA256 && type != SHA512)
        return false;
    if (selector != SPKI && (selector != CERT || !foretold))
        return false;
    const uint8_t *p = selector == SPKI ? (type == SHA256 ? id->spki_sha256 : id->spki_sha512)
                                        : (type == SHA256 ? id->sha256 : id->sha512);
    *out = mxs_arena_bytes(plan->arena, mxs_bytes(p, type == SHA256 ? 32 : 64));
    return true;
}

bool mxs_plan_record_of(struct mxs_plan *plan, const struct mxs_tlsa *like,
                        const struct mxs_plan_chain *chain, size_t depth, struct mxs_tlsa *out)
{
    const struct mxs_plan_next *next = &plan->input->next;
    if (depth >= chain->chain.certs.n)
        return false;
    /* A stand-in leaf has its key's true digests where that key is known, and no other. */
    bool stand_in = chain->next && !next->chain.certs.n && depth == 0;
    if (stand_in && !next->spki.n && !next->key_kept)
        return false;
    *out = (struct mxs_tlsa){ .usage = like->usage, .selector = like->selector,
                              .matching_type = like->matching_type };
    if (!digest(plan, chain->chain.certs.v[depth], !stand_in, like->selector, like->matching_type,
                &out->data))
        return false;
    mxs_tlsa_judge_usable(out, false);
    return true;
}

/* --- what a scheme wants for a chain --------------------------------------------------------------- */

static const struct mxs_tlsa ee = { .usage = EE, .selector = SPKI, .matching_type = SHA256 };
static const struct mxs_tlsa ta = { .usage = TA, .selector = SPKI, .matching_type = SHA256 };

static void want(struct mxs_plan *plan, const struct mxs_plan_chain *chain, uint32_t ttl,
                 mxs_plan_records *set)
{
    struct mxs_tlsa tlsa;
    if (plan->scheme != MXS_PLAN_TA && mxs_plan_record_of(plan, &ee, chain, 0, &tlsa))
        add(plan, set, &tlsa, ttl);
    if (plan->scheme != MXS_PLAN_EE && mxs_plan_record_of(plan, &ta, chain, 1, &tlsa))
        add(plan, set, &tlsa, ttl);
}

/* The same numbers as a record of today, for the next chain: who uses only the strongest digest, or only
 * one kind of record, needs them. */
static void copy_kind(struct mxs_plan *plan, const struct mxs_tlsa *like,
                      const struct mxs_plan_place *place, uint32_t ttl, mxs_plan_records *set)
{
    int depth = mxs_tlsa_depth(like, &place->chains.v[0].chain);
    struct mxs_tlsa tlsa;
    for (size_t i = 1; depth >= 0 && i < place->chains.n; i++)
        if (mxs_plan_record_of(plan, like, &place->chains.v[i], (size_t)depth, &tlsa))
            add(plan, set, &tlsa, ttl);
}

static void both_of_place(struct mxs_plan *plan, const struct mxs_plan_place *place,
                          const mxs_plan_records *now, mxs_plan_records *set)
{
    uint32_t ttl = plan->hosts.v[place->host].ttl;
    for (size_t i = 0; i < place->chains.n; i++)
        want(plan, &place->chains.v[i], ttl, set);
    for (size_t i = 0; i < now->n; i++)
        if (now->v[i].usable)
            copy_kind(plan, &now->v[i], place, ttl, set);
}

static bool combination_matches(const mxs_plan_records *set, const struct mxs_tlsa *like,
                                const struct mxs_chain *chain)
{
    for (size_t i = 0; i < set->n; i++)
        if (mxs_plan_combination(&set->v[i], like) && mxs_tlsa_depth(&set->v[i], chain) >= 0)
            return true;
    return false;
}

/* A combination that some chain to come will not match, and the scheme does not want. */
static bool to_retire(struct mxs_plan *plan, size_t host, const mxs_plan_records *both,
                      const mxs_plan_records *final, const struct mxs_tlsa *tlsa)
{
    for (size_t i = 0; i < final->n; i++)
        if (mxs_plan_combination(&final->v[i], tlsa))
            return false;
    for (size_t p = 0; p < plan->places.n; p++) {
        const struct mxs_plan_place *place = &plan->places.v[p];
        for (size_t c = 1; place->host == host && c < place->chains.n; c++)
            if (!combination_matches(both, tlsa, &place->chains.v[c].chain))
                return true;
    }
    return false;
}

static bool retire(struct mxs_plan *plan, size_t host, const struct mxs_plan_sets *sets)
{
    const mxs_plan_records *both = &sets->both[host];
    for (size_t i = 0; i < both->n; i++)
        if (!to_retire(plan, host, both, &sets->final[host], &both->v[i]))
            *mxs_list_add(plan->arena, &sets->retired[host]) = both->v[i];
    return sets->retired[host].n != both->n;
}

/* --- all hosts ------------------------------------------------------------------------------------- */

static mxs_plan_records *new_sets(struct mxs_plan *plan)
{
    return mxs_arena_alloc(plan->arena, plan->hosts.n * sizeof(mxs_plan_records));
}

static void today(struct mxs_plan *plan, struct mxs_plan_sets *out)
{
    for (size_t h = 0; h < plan->hosts.n; h++) {
        const struct mxs_host_facts *facts = plan->hosts.v[h].facts;
        for (size_t i = 0; i < facts->tlsa.n; i++) {
            add(plan, &out->now[h], &facts->tlsa.v[i], plan->hosts.v[h].ttl);
            add(plan, &out->both[h], &facts->tlsa.v[i], plan->hosts.v[h].ttl);
        }
    }
}

static bool host_moves(const struct mxs_plan *plan, size_t host)
{
    for (size_t i = 0; i < plan->places.n; i++)
        if (plan->places.v[i].host == host && plan->places.v[i].moves)
            return true;
    return false;
}

static bool vouches_now(const struct mxs_plan *plan, size_t host, const struct mxs_tlsa *tlsa,
                        size_t first)
{
    for (size_t i = 0; i < plan->places.n; i++) {
        const struct mxs_plan_place *place = &plan->places.v[i];
        size_t until = first ? place->chains.n : 1;
        for (size_t c = first; place->host == host && c < until; c++)
            if (mxs_tlsa_depth(tlsa, &place->chains.v[c].chain) >= 0)
                return true;
    }
    return false;
}

/* Both kinds of certificate were asked for: what matches neither is stale. */
static bool asked_for_all(const struct mxs_host_facts *host)
{
    bool rsa = false, ecdsa = false;
    for (size_t i = 0; i < host->sessions.n; i++) {
        rsa |= host->sessions.v[i]->offer == MXS_OFFER_RSA;
        ecdsa |= host->sessions.v[i]->offer == MXS_OFFER_ECDSA;
    }
    return rsa && ecdsa;
}

/* A record that stands for nothing that was seen may stand for a certificate nobody asked for. */
static void keep_unexplained(struct mxs_plan *plan, size_t h, struct mxs_plan_sets *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->now[h].n && !asked_for_all(plan->hosts.v[h].facts); i++) {
        const struct mxs_tlsa *t = &out->now[h].v[i];
        if (vouches_now(plan, h, t, 0) || vouches_now(plan, h, t, 1))
            continue;
        add(plan, &out->final[h], t, plan->hosts.v[h].ttl);
        kept++;
    }
    if (kept)
        *mxs_list_add(plan->arena, &plan->notes) = mxs_arena_printf(
            plan->arena, "%zu TLSA record%s of %s match%s no certificate that was seen, and not every key "
            "type was asked for: %s stay%s; delete by hand what is stale", kept, kept == 1 ? "" : "s",
            plan->hosts.v[h].facts->host, kept == 1 ? "es" : "", kept == 1 ? "it" : "they",
            kept == 1 ? "s" : "");
}

static void coming(struct mxs_plan *plan, struct mxs_plan_sets *out)
{
    for (size_t i = 0; i < plan->places.n; i++) {
        const struct mxs_plan_place *place = &plan->places.v[i];
        size_t h = place->host;
        if (!host_moves(plan, h))
            continue;
        both_of_place(plan, place, &out->now[h], &out->both[h]);
        for (size_t c = place->moves ? 1 : 0; c < place->chains.n; c++)
            want(plan, &place->chains.v[c], plan->hosts.v[h].ttl, &out->final[h]);
    }
}

/* What is out may be so since a second ago: caches may lack what vouches for the next chain alone. */
static void forget_coming(struct mxs_plan *plan, size_t host, mxs_plan_records *now)
{
    mxs_plan_records before = { 0 };
    for (size_t i = 0; i < now->n; i++)
        if (vouches_now(plan, host, &now->v[i], 0) || !vouches_now(plan, host, &now->v[i], 1))
            *mxs_list_add(plan->arena, &before) = now->v[i];
    *now = before;
}

void mxs_plan_sets(struct mxs_plan *plan, struct mxs_plan_sets *out)
{
    bool any = false, out_already = true;
    *out = (struct mxs_plan_sets){ .now = new_sets(plan), .both = new_sets(plan),
                                   .retired = new_sets(plan), .final = new_sets(plan) };
    today(plan, out);
    coming(plan, out);
    for (size_t h = 0; h < plan->hosts.n; h++) {
        if (!host_moves(plan, h) || !out->final[h].n)
            out->final[h] = out->both[h] = out->now[h];
        else
            keep_unexplained(plan, h, out);
        any |= retire(plan, h, out);
        out_already &= mxs_plan_same(&out->now[h], &out->both[h]);
        forget_coming(plan, h, &out->now[h]);
        plan->hosts.v[h].today = out->now[h];
        plan->hosts.v[h].touched = !mxs_plan_same(&out->now[h], &out->both[h]) ||
                                   !mxs_plan_same(&out->now[h], &out->final[h]);
    }
    out->published = out_already;
    if (!any)
        out->retired = NULL;
}
