#include "config.h"

#include "judge/sender.h"

#include <string.h>

/* The keys of a sender's profile. One row per key; a value that is none names the key and what is
 * allowed. */

static const struct mxs_name yes_no[] = { { 0, "no" }, { 1, "yes" }, { 0, NULL } };
static const struct mxs_name tls[] = { { 0, "may" }, { 1, "require" }, { 0, NULL } };
static const struct mxs_name stores[] = { { 0, "none" }, { 1, "yes" }, { 0, NULL } };
static const struct mxs_name purposes[] = {
    { MXS_PURPOSE_ANY, "any" }, { MXS_PURPOSE_SERVER, "server" }, { 0, NULL },
};
static const struct mxs_name danes[] = {
    { MXS_DANE_NEVER, "no" }, { MXS_DANE_TRY, "try" }, { MXS_DANE_REQUIRE, "require" }, { 0, NULL },
};
static const struct mxs_name dnssecs[] = { { 0, "no" }, { 1, "yes" }, { 2, "given" }, { 0, NULL } };
static const struct mxs_name mxs[] = { { 0, "plain" }, { 1, "half" }, { 0, NULL } };
static const struct mxs_name aliases[] = {
    { MXS_ALIAS_BASE, "base" }, { MXS_ALIAS_TARGET, "target" }, { MXS_ALIAS_HOST, "host" }, { 0, NULL },
};
static const struct mxs_name unusables[] = {
    { MXS_UNUSABLE_ENCRYPT, "encrypt" }, { MXS_UNUSABLE_ORDINARY, "ordinary" },
    { MXS_UNUSABLE_FAIL, "fail" }, { 0, NULL },
};
static const struct mxs_name usabilities[] = {
    { MXS_DANE_STRICT, "strict" }, { MXS_DANE_LENGTH, "length" },
    { MXS_DANE_ANYTHING, "anything" }, { 0, NULL },
};
static const struct mxs_name engines[] = { { 0, "openssl" }, { 1, "gnutls" }, { 0, NULL } };
static const struct mxs_name verifies[] = {
    { MXS_VERIFY_NOTHING, "none" }, { MXS_VERIFY_LOOK, "look" }, { MXS_VERIFY_TRY, "try" },
    { MXS_VERIFY_REQUIRE, "require" }, { 0, NULL },
};
static const struct mxs_name outcomes[] = {
    { MXS_OUT_DEFER, "defer" }, { MXS_OUT_BOUNCE, "bounce" }, { MXS_OUT_CLEARTEXT, "cleartext" },
    { 0, NULL },
};

struct reading {
    struct mxs_arena *arena;
    const struct mxs_profile *profile;
    struct mxs_why *why;
    bool bad;
};

static int wrong(struct reading *r, const char *key, const char *value, const struct mxs_name *table)
{
    const char *allowed = table[0].name;
    for (const struct mxs_name *n = table + 1; n->name; n++)
        allowed = mxs_arena_printf(r->arena, "%s, %s", allowed, n->name);
    if (!r->bad)
        mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s: %s: not one of %s", key, value, allowed);
    r->bad = true;
    return 0;
}

static int word(struct reading *r, const char *key, const struct mxs_name *table, int missing)
{
    const char *value = mxs_profile_get(r->profile, key);
    int n = value ? mxs_name_value(table, value) : missing;
    return n < 0 ? wrong(r, key, value, table) : n;
}

/* The words of a list, each a bit of the table. */
static unsigned words(struct reading *r, const char *key, const struct mxs_name *table)
{
    const char *value = mxs_profile_get(r->profile, key);
    char *save = NULL, *copy = mxs_arena_strdup(r->arena, value ? value : "");
    unsigned bits = 0;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        int n = mxs_name_value(table, w);
        bits |= n < 0 ? (unsigned)wrong(r, key, w, table) : (unsigned)n;
    }
    return bits;
}

/* "defer cleartext": the first attempt and the later ones; one word is both. */
static void pair(struct reading *r, const char *key, enum mxs_sender_outcome out[2])
{
    const char *value = mxs_profile_get(r->profile, key);
    char *save = NULL, *copy = mxs_arena_strdup(r->arena, value ? value : "defer");
    int n[2] = { 0, -1 };
    for (int i = 0; i < 2; i++) {
        char *w = strtok_r(i ? NULL : copy, " ", &save);
        n[i] = w ? mxs_name_value(outcomes, w) : i ? n[0] : -1;
        out[i] = (enum mxs_sender_outcome)(n[i] < 0 ? wrong(r, key, w ? w : "", outcomes) : n[i]);
    }
}

static struct mxs_sender_words say(struct reading *r, const char *what)
{
    return (struct mxs_sender_words){
        mxs_profile_get(r->profile, mxs_arena_printf(r->arena, "label-%s", what)),
        mxs_profile_get(r->profile, mxs_arena_printf(r->arena, "log-%s", what)),
    };
}

static void read_dane(struct reading *r, struct mxs_sender_rules *s)
{
    static const struct mxs_name names[] = {
        { MXS_DANE_BASE, "base" }, { MXS_DANE_HOST, "host" }, { MXS_DANE_NEXTHOP, "nexthop" },
        { MXS_DANE_NEXTHOP_SECURE, "nexthop-if-secure" }, { 0, NULL },
    };
    struct mxs_dane_rules *d = &s->dane_rules;
    int dnssec = word(r, "dnssec", dnssecs, 1);
    s->dane = (enum mxs_sender_dane)word(r, "dane", danes, MXS_DANE_NEVER);
    s->dnssec = dnssec != 0;
    s->records_given = dnssec == 2;
    s->mx_half = word(r, "mx-insecure", mxs, 0);
    s->alias = (enum mxs_sender_alias)word(r, "alias", aliases, MXS_ALIAS_BASE);
    s->drops_foreign = word(r, "drop-pkix-usages", yes_no, 0);
    s->unusable = (enum mxs_sender_unusable)word(r, "unusable", unusables, MXS_UNUSABLE_ENCRYPT);
    s->unusable_names = word(r, "unusable-names", yes_no, 0);
    s->ta_name_falls_back = word(r, "ta-name-falls-back", yes_no, 0);
    s->with_pkix = word(r, "with-pkix", yes_no, 0);
    d->path = s->rules;
    d->usability = (enum mxs_dane_usability)word(r, "usable", usabilities, MXS_DANE_STRICT);
    d->libdane = word(r, "engine", engines, 0);
    d->extend = word(r, "extend-chain", yes_no, 0);
    d->pkix_usages = word(r, "pkix-usages", yes_no, 0);
    d->only_ee = word(r, "only-ee", yes_no, 0);
    d->agility = d->absent_full = d->absent_key = !d->libdane;
    d->ee_names = word(r, "ee-names", yes_no, 0);
    d->names = words(r, "dane-names", names);
    d->ta_names = d->names != 0;
}

static void read_words(struct reading *r, struct mxs_sender_rules *s)
{
    s->dane_words = say(r, "dane");
    s->half_words = say(r, "half");
    s->verified_words = say(r, "verified");
    s->trusted_words = say(r, "trusted");
    s->failed_words = say(r, "failed");
    s->misnamed_words = say(r, "misnamed");
    s->lookup_words = say(r, "lookup");
    s->missing_words = say(r, "missing");
    s->insecure_mx_words = say(r, "insecure-mx");
    s->insecure_host_words = say(r, "insecure-host");
    s->unusable_words = say(r, "unusable");
    s->no_starttls_words = say(r, "no-starttls");
    s->rejected_words = say(r, "rejected");
    s->refused_words[MXS_WORDS_WAIT] = say(r, "refused");
    s->refused_words[MXS_WORDS_CLEAR] = say(r, "refused-cleartext");
    s->refused_dane_words = say(r, "refused-dane");
    s->late_words[MXS_WORDS_WAIT] = say(r, "late");
    s->late_words[MXS_WORDS_CLEAR] = say(r, "late-cleartext");
}

const struct mxs_sender_rules *mxs_sender_rules(struct mxs_arena *arena,
                                                const struct mxs_profile *p, struct mxs_why *why)
{
    static const struct mxs_name names[] = {
        { 1, "host" }, { 2, "nexthop" }, { 4, ".nexthop" }, { 0, NULL },
    };
    struct reading r = { arena, p, why, false };
    struct mxs_sender_rules *s = MXS_NEW(arena, struct mxs_sender_rules);
    struct mxs_ruleset *own = mxs_profile_rules(arena, p, why);
    if (!own)
        return NULL;
    own->names.partial = word(&r, "partial-wildcards", yes_no, own->names.partial);
    own->names.multi_label = word(&r, "multi-label-wildcards", yes_no, own->names.multi_label);
    own->names.cn = word(&r, "common-name", yes_no, own->names.cn);
    s->rules = own;
    s->purpose = (enum mxs_purpose)word(&r, "purpose", purposes, MXS_PURPOSE_SERVER);
    s->store = word(&r, "store", stores, 1);
    s->tls_required = word(&r, "tls", tls, 0);
    s->tool = word(&r, "tool", yes_no, 0);
    s->pinned = word(&r, "pinned", yes_no, 0);
    s->sts = word(&r, "mta-sts", yes_no, 0);
    s->policy = mxs_profile_get(p, "policy");
    s->verify = (enum mxs_sender_verify)word(&r, "verify", verifies, MXS_VERIFY_NOTHING);
    unsigned bits = words(&r, "names", names);
    s->name_host = bits & 1;
    s->name_nexthop = bits & 2;
    s->name_below_nexthop = bits & 4;
    s->failed = (enum mxs_sender_outcome)word(&r, "failed", outcomes, MXS_OUT_DEFER);
    s->no_dane = (enum mxs_sender_outcome)word(&r, "no-dane", outcomes, MXS_OUT_DEFER);
    pair(&r, "refused", s->refused);
    pair(&r, "late", s->late);
    pair(&r, mxs_profile_get(p, "late-certificate") ? "late-certificate" : "late", s->late_certificate);
    s->late_label = word(&r, "late-label", yes_no, 0);
    read_dane(&r, s);
    read_words(&r, s);
    return r.bad ? NULL : s;
}
