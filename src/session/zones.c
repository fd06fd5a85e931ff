/* The DNSSEC chain of trust, per zone cut: DS at the parent, DNSKEY at the zone (RFC 4035 5). */
#include "config.h"

#include "session/dns_room.h"

#include <string.h>

#include "facts/dns_names.h"
#include "facts/dns_wire.h"
#include "base/text.h"
#include "judge/dane_lookup.h"

enum { LEVELS_MAX = 10 };

/* From the root downwards: ".", "org", "example.org". More labels than the bound: the upper ones. */
static size_t levels(const struct mxs_walk *walk, const char *name, const char **out)
{
    const char *all[130];
    size_t n = 0, used = 0;
    for (const char *p = name; p && n < MXS_COUNT(all); p = strchr(p, '.')) {
        p += *p == '.';
        all[n++] = p;
    }
    out[used++] = ".";
    while (n > 0 && used < LEVELS_MAX)
        out[used++] = mxs_arena_strdup(walk->arena, all[--n]);
    return used;
}

static bool known(const struct mxs_walk *walk, const char *zone)
{
    for (size_t i = 0; i < walk->evidence->zones.n; i++)
        if (strcmp(walk->evidence->zones.v[i].zone, zone) == 0)
            return true;
    return false;
}

static bool has_data(const struct mxs_dns_answer *a)
{
    for (size_t i = 0; i < a->rrs.n; i++)
        if (a->rrs.v[i].type == a->qtype)
            return true;
    return false;
}

/* An unsigned zone has neither DS nor DNSKEY, but its SOA stands in the denial (RFC 2308 3). */
static bool soa_is(struct mxs_arena *arena, struct mxs_bytes packet, const char *zone)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    if (!mxs_dns_walk_init(&walk, arena, packet))
        return false;
    while (mxs_dns_walk_next(&walk, &span))
        if (span.section == MXS_DNS_AUTHORITY && span.type == MXS_DNS_SOA)
            return mxs_ascii_equal(span.owner, zone);
    return false;
}

static bool is_cut(const struct mxs_walk *walk, const char *zone, const struct mxs_dns_answer *ds,
                   const struct mxs_dns_answer *dnskey)
{
    return mxs_dane_lookup_error(ds->security) || mxs_dane_lookup_error(dnskey->security) ||
           has_data(ds) || has_data(dnskey) || soa_is(walk->arena, dnskey->packet, zone);
}

enum mxs_err mxs_zones(struct mxs_walk *walk, const struct mxs_probe *probe, const char *name)
{
    const char *zones[LEVELS_MAX];
    struct mxs_question questions[2 * LEVELS_MAX];
    struct mxs_dns_answer answers[2 * LEVELS_MAX];
    size_t n = walk->options->zones ? levels(walk, name, zones) : 0, asked = 0;
    for (size_t i = 0; i < n; i++) {
        if (known(walk, zones[i]))
            continue;
        zones[asked] = zones[i];
        bool root = strcmp(zones[i], ".") == 0; /* nobody is above it: no DS to ask for */
        questions[2 * asked] =
            (struct mxs_question){ zones[i], root ? MXS_DNS_DNSKEY : MXS_DNS_DS };
        questions[2 * asked + 1] = (struct mxs_question){ zones[i], MXS_DNS_DNSKEY };
        asked++;
    }
    if (asked == 0)
        return MXS_OK;
    enum mxs_err err = mxs_dns_ask(walk, questions, 2 * asked, answers);
    for (size_t i = 0; i < asked && !err; i++) {
        const struct mxs_dns_answer *ds = &answers[2 * i], *dnskey = &answers[2 * i + 1];
        if (!is_cut(walk, zones[i], ds, dnskey))
            continue;
        if (ds->qtype == MXS_DNS_DS)
            mxs_dns_event(walk, probe, "ds", ds, NULL, NULL);
        mxs_dns_event(walk, probe, "dnskey", dnskey, NULL, NULL);
    }
    return err;
}
