#include "config.h"

#include "lab/lab_zones_priv.h"

#include "base/text.h"

#include <gnutls/crypto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)
#define TTL 300
#define SOA "SOA ns.lab.test. hostmaster.lab.test. 2026112101 3600 900 604800 300"

struct maker {
    struct mxs_lab_zones *zones;
    const struct mxs_lab_pki *pki;
    mxs_lab_address_fn address;
    const void *data;
    struct mxs_arena *arena; /* of the making only */
    struct mxs_why *why;
};

/* N bytes as TXT strings of at most 250. */
static char *filler(struct mxs_arena *arena, size_t n)
{
    char *text = mxs_arena_alloc(arena, n + n / 250 * 3 + 8), *to = text;
    while (n > 0) {
        size_t part = n < 250 ? n : 250;
        *to++ = '"';
        for (size_t i = 0; i < part; i++)
            *to++ = (char)('a' + i % 26);
        *to++ = '"';
        *to++ = ' ';
        n -= part;
    }
    return text;
}

static char *random_hex(struct mxs_arena *arena, size_t n)
{
    uint8_t *p = mxs_arena_alloc(arena, n);
    gnutls_rnd(GNUTLS_RND_NONCE, p, n);
    return mxs_hex(arena, mxs_bytes(p, n));
}

/* What stands for the word between braces; NULL: nobody knows it, or it is not served. */
static const char *expand(const struct maker *m, const char *word)
{
    char name[64];
    unsigned selector, matching;
    int used = 0;
    if (sscanf(word, "filler/%u%n", &selector, &used) == 1 && !word[used])
        return filler(m->arena, selector);
    if (sscanf(word, "random/%u%n", &selector, &used) == 1 && !word[used])
        return random_hex(m->arena, selector);
    if (sscanf(word, "%63[^/]/%u/%u%n", name, &selector, &matching, &used) == 3 && !word[used])
        return mxs_lab_pki_tlsa(m->pki, m->arena, name, selector, matching);
    const char *address = m->address(m->data, word + (*word == '?'));
    if (!address || *word == '?')
        return address ? "" : NULL;
    return mxs_arena_printf(m->arena, "%s %s", strchr(address, ':') ? "AAAA" : "A", address);
}

/* The line with its brace filled in (a line has one at most); NULL as above. */
static const char *fill(const struct maker *m, const char *line)
{
    const char *open = strchr(line, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close)
        return line;
    const char *value =
        expand(m, mxs_arena_strndup(m->arena, open + 1, (size_t)(close - open) - 1));
    if (!value)
        return NULL;
    return mxs_arena_printf(m->arena, "%.*s%s%s", (int)(open - line), line, value, close + 1);
}

static enum mxs_err failed(const struct maker *m, const char *what, ldns_status status)
{
    return mxs_why_set(m->why, MXS_ERR_DNS, "lab zone: %s: %s", what,
                       ldns_get_errorstr_by_id(status));
}

static enum mxs_err add_rr(const struct maker *m, struct mxs_lab_zone *zone, ldns_rr *rr,
                           const char *what)
{
    ldns_rr_set_question(rr, false);
    ldns_status status = ldns_dnssec_zone_add_rr(zone->zone, rr);
    if (status == LDNS_STATUS_OK)
        return MXS_OK;
    ldns_rr_free(rr);
    return failed(m, what, status);
}

/* "owner type rdata", the owner relative to the apex. */
static enum mxs_err add_line(const struct maker *m, struct mxs_lab_zone *zone, const char *line)
{
    size_t n = strcspn(line, " ");
    const char *text = mxs_arena_printf(m->arena, "%.*s %d IN%s", (int)n, line, TTL, line + n);
    ldns_rr *rr = NULL;
    ldns_status status = ldns_rr_new_frm_str(&rr, text, TTL, zone->apex, NULL);
    return status == LDNS_STATUS_OK ? add_rr(m, zone, rr, line) : failed(m, line, status);
}

static ldns_key *make_key(struct mxs_lab_zone *zone, const struct mxs_lab_span *span,
                          uint16_t flags)
{
    ldns_key *key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
    if (!key)
        return NULL;
    ldns_key_set_pubkey_owner(key, ldns_rdf_clone(zone->apex));
    ldns_key_set_flags(key, flags);
    ldns_key_set_origttl(key, TTL);
    ldns_key_set_inception(key, (uint32_t)span->from);
    ldns_key_set_expiration(key, (uint32_t)span->to);
    ldns_rr *rr = ldns_key2rr(key);
    ldns_key_set_keytag(key, ldns_calc_keytag(rr));
    ldns_rr_free(rr);
    ldns_key_list_push_key(zone->keys, key);
    return key;
}

static enum mxs_err make_keys(const struct maker *m, struct mxs_lab_zone *zone)
{
    const struct mxs_lab_span *span = &m->zones->span;
    zone->keys = ldns_key_list_new();
    zone->ksk = make_key(zone, span, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
    zone->zsk = make_key(zone, span, LDNS_KEY_ZONE_KEY);
    if (!zone->ksk || !zone->zsk)
        return failed(m, zone->plan->name, LDNS_STATUS_CRYPTO_ALGO_NOT_IMPL);
    zone->ksk_rr = ldns_key2rr(zone->ksk);
    enum mxs_err err = add_rr(m, zone, ldns_rr_clone(zone->ksk_rr), "KSK");
    return err ? err : add_rr(m, zone, ldns_key2rr(zone->zsk), "ZSK");
}

/* NS, and DS for a signed child: children are made before their parents. */
static enum mxs_err delegate(const struct maker *m, struct mxs_lab_zone *parent,
                             const struct mxs_lab_zone *child)
{
    const char *ns = mxs_arena_printf(m->arena, "%s NS ns.lab.test.", child->plan->name);
    enum mxs_err err = add_line(m, parent, ns);
    if (err || !child->ksk_rr)
        return err;
    ldns_rr *ds = ldns_key_rr2ds(child->ksk_rr, LDNS_SHA256);
    ldns_rr_set_ttl(ds, TTL);
    return add_rr(m, parent, ds, "DS");
}

/* The parent of zone i: the deepest earlier zone above it. */
static bool is_parent(const struct mxs_lab_zones *zones, size_t parent, size_t child)
{
    size_t best = child;
    for (size_t i = 0; i < child; i++)
        if (ldns_dname_is_subdomain(zones->v[child].apex, zones->v[i].apex))
            best = i;
    return best == parent;
}

static enum mxs_err sign(const struct maker *m, struct mxs_lab_zone *zone)
{
    if (!zone->keys)
        return MXS_OK;
    ldns_rr_list *made = ldns_rr_list_new();
    ldns_dnssec_zone_mark_glue(zone->zone);
    ldns_status status = ldns_dnssec_zone_sign(zone->zone, made, zone->keys,
                                               ldns_dnssec_default_add_to_signatures, NULL);
    ldns_rr_list_free(made); /* the zone owns what is in it */
    return status == LDNS_STATUS_OK ? MXS_OK : failed(m, zone->plan->name, status);
}

static enum mxs_err make_zone(const struct maker *m, size_t n)
{
    struct mxs_lab_zone *zone = &m->zones->v[n];
    zone->zone = ldns_dnssec_zone_new();
    enum mxs_err err = add_line(m, zone, "@ " SOA);
    if (!err && !zone->plan->unsigned_)
        err = make_keys(m, zone);
    for (size_t i = 0; !err && i < zone->plan->lines.n; i++) {
        const char *line = fill(m, zone->plan->lines.v[i]);
        if (line)
            err = add_line(m, zone, line);
    }
    for (size_t i = n + 1; !err && i < m->zones->n; i++)
        if (is_parent(m->zones, n, i))
            err = delegate(m, zone, &m->zones->v[i]);
    return err ? err : sign(m, zone);
}

static enum mxs_err make_all(struct maker *m)
{
    struct mxs_lab_zones *zones = m->zones;
    for (size_t i = 0; i < zones->n; i++)
        zones->v[i].apex = ldns_dname_new_frm_str(zones->v[i].plan->name);
    for (size_t i = zones->n; i-- > 0;) {
        enum mxs_err err = make_zone(m, i);
        if (err)
            return err;
    }
    return MXS_OK;
}

enum mxs_err mxs_lab_zones_new(const struct mxs_lab_plan *plan, const struct mxs_lab_pki *pki,
                               const struct mxs_clock *clock, mxs_lab_address_fn address,
                               const void *data, struct mxs_lab_zones **out, struct mxs_why *why)
{
    struct mxs_lab_zones *zones = mxs_alloc(sizeof *zones);
    struct mxs_lab_span now = mxs_lab_span(clock, 0, 0);
    zones->plan = plan;
    zones->span = mxs_lab_span(clock, DAY, 30 * DAY);
    zones->expired = (struct mxs_lab_span){ now.from - 60 * DAY, now.from - 2 * DAY };
    zones->expiring = mxs_lab_span(clock, 30 * DAY, DAY / 2);
    zones->n = plan->zones.n;
    zones->v = mxs_alloc(zones->n * sizeof *zones->v);
    for (size_t i = 0; i < zones->n; i++)
        zones->v[i].plan = &plan->zones.v[i];
    struct maker m = { zones, pki, address, data, mxs_arena_new(), why };
    enum mxs_err err = make_all(&m);
    mxs_arena_free(m.arena);
    if (err) {
        mxs_lab_zones_free(zones);
        zones = NULL;
    }
    *out = zones;
    return err;
}

void mxs_lab_zones_free(struct mxs_lab_zones *zones)
{
    if (!zones)
        return;
    for (size_t i = 0; i < zones->n; i++) {
        struct mxs_lab_zone *zone = &zones->v[i];
        ldns_dnssec_zone_deep_free(zone->zone);
        if (zone->keys)
            ldns_key_list_free(zone->keys);
        ldns_rr_free(zone->ksk_rr);
        ldns_rdf_deep_free(zone->apex);
    }
    mxs_realloc(zones->v, 0);
    mxs_realloc(zones, 0);
}

const char *mxs_lab_zones_anchor(const struct mxs_lab_zones *zones, struct mxs_arena *arena,
                                 bool bind_form)
{
    const ldns_rr *rr = zones->v[0].ksk_rr;
    char *key = ldns_rdf2str(ldns_rr_rdf(rr, 3));
    const char *text = bind_form
        ? mxs_arena_printf(arena, "trust-anchors { . static-key 257 3 13 \"%s\"; };\n", key)
        : mxs_arena_printf(arena, ". %d IN DNSKEY 257 3 13 %s\n", TTL, key);
    free(key);
    return text;
}
