#include "config.h"

#include "whatif/change_rows.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "facts/dns.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 4000, WORDS_MAX = 64 };

static const struct mxs_change_kind kinds[] = {
    { "eku", "leaf|intermediates|all +EKU|-EKU|=EKU[,EKU..]|=none ..",
      "extended key usages of the certificates that are served", 2, 8, mxs_check_eku, mxs_apply_eku,
      mxs_holds_eku },
    { "key", "leaf same | leaf new [KIND]",
      "the leaf is issued again for the same key, or for a new one (RSA-2048, ECDSA-P256, ..)", 2, 3,
      mxs_check_key, mxs_apply_key, mxs_holds_anyway },
    { "renew", "leaf",
      "the leaf is issued again for as long as before; unless a change says so, nobody knows with "
      "which key", 1, 1, mxs_check_leaf, mxs_apply_renew, mxs_holds_anyway },
    { "dates", "leaf FROM TO", "the leaf's validity", 3, 3, mxs_check_dates, mxs_apply_dates, NULL },
    { "lifetime", "leaf 45d|160h", "the leaf ends so long after it begins", 2, 2, mxs_check_lifetime,
      mxs_apply_lifetime, mxs_holds_anyway },
    { "names", "leaf NAME.. | leaf host | leaf wrong | leaf none",
      "the DNS names in the leaf; host: that of the host beside them", 2, 32, mxs_check_names,
      mxs_apply_names, NULL },
    { "class", "leaf DV|OV|EV", "how the holder was validated, by its certificate policy", 2, 2,
      mxs_check_class, mxs_apply_class, NULL },
    { "revoke", "leaf | issuer",
      "the leaf, or the CA that issued it, is on the CRL of the CA above: few verifiers look", 1, 1,
      mxs_check_revoke, mxs_apply_revoke, NULL },
    { "crl", "absent|expired|current",
      "the CRLs that verifiers have; unless said, current ones of all CAs", 1, 1, mxs_check_crl,
      mxs_apply_crl, NULL },
    { "issuer", "leaf CA..",
      "this CA of the catalog signs the leaf and its chain is served; of several those that fit the "
      "leaf's key", 2, 16, mxs_check_issuer, mxs_apply_issuer, mxs_holds_issuer },
    { "catalog", "DATE|now [profile NAME]",
      "the leaf is issued as its CA did at that date, one branch for each issuer it picks from", 1, 3,
      mxs_check_catalog, mxs_apply_catalog, mxs_holds_catalog },
    { "sign", "leaf self | leaf stranger | leaf private-ca [NAME]",
      "the leaf signs itself, is issued to a stranger's key, or is signed by a private CA", 2, 8,
      mxs_check_sign, mxs_apply_sign, NULL },
    { "serve", "omit NAME|root|first|last .. | swap FROM TO .. | cut NAME.. | append NAME | alternate | "
      "leaf-only",
      "which certificates of the chain are sent", 1, 16, mxs_check_serve, mxs_apply_serve,
      mxs_holds_serve },
    { "need", "served NAME.. | key RSA|ECDSA | other FAMILY | tlsa | policy | revoked | unrevoked",
      "the scenario is about evidence that has this; others it does not concern", 1, 16,
      mxs_check_need, mxs_apply_need, mxs_holds_anyway },
    { "date", "DATE|now|expired|+60d", "judge at this date; expired: a day after the leaf's end", 1, 1,
      mxs_check_date, mxs_apply_date, mxs_holds_anyway },
    { "store", "remove NAME.. | remove own | remove family [NAME] | add NAME.. | add own | "
      "add private-ca | empty",
      "trust anchors of those who verify; own: those that the chain leads to", 1, 16, mxs_check_store,
      mxs_apply_store, NULL },
    { "tlsa", "remove | stale | bogus | set \"3 1 1 HEX\" | add \"3 1 1 HEX\" | pins U S M ..",
      "the TLSA records; pins: made of what was served before the changes", 1, 24, mxs_check_tlsa,
      mxs_apply_tlsa, NULL },
    { "policy", "mode enforce|testing|none | mx PATTERN.. | add PATTERN..|host | stale | none",
      "the MTA-STS policy; stale: it names another host; add: beside what it names", 1, 16,
      mxs_check_policy, mxs_apply_policy, NULL },
    { "starttls", "absent|refused", "the server's offer of TLS", 1, 1, mxs_check_starttls,
      mxs_apply_starttls, NULL },
    { "mx", "rename NAME", "the host is reached by another name; without a dot it takes the place of "
      "its first label", 2, 2, mxs_check_mx, mxs_apply_mx,
      NULL },
    { "dnssec", "expire|unsigned", "the signatures of the zone expire, or the zone is not signed", 1, 1,
      mxs_check_dnssec, mxs_apply_dnssec, NULL },
    { "restore", "chain|starttls|dns", "as it was before the scenario: what is served, the offer, the "
      "signatures and records of the zone", 1, 1, mxs_check_restore, mxs_apply_restore, NULL },
    { "receiver", "asks|requires",
      "receivers that do not ask for a client certificate start to ask for one, or to require it", 1, 1,
      mxs_check_receiver, mxs_apply_receiver, NULL },
    { "client-cert", "none", "no client certificate is sent", 1, 1, mxs_check_client_cert,
      mxs_apply_client_cert, NULL },
    { "pin", "leaf|key",
      "what partners have on file: the new leaf, or its key alone; unless said, the leaf of before", 1,
      1, mxs_check_pin, mxs_apply_pin, NULL },
};

const struct mxs_change_kind *mxs_change_kinds(size_t *n)
{
    *n = MXS_COUNT(kinds);
    return kinds;
}

bool mxs_holds_anyway(const struct mxs_change *change, const struct mxs_draft *draft)
{
    (void)change;
    (void)draft;
    return true;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Words at white space; "double quotes" keep it. False for a quote that does not end. */
static bool split(struct mxs_arena *arena, const char *text, struct mxs_strs *out)
{
    for (const char *p = text + strspn(text, " \t"); *p; p += strspn(p, " \t")) {
        bool quoted = *p == '"';
        p += quoted;
        size_t n = strcspn(p, quoted ? "\"" : " \t");
        if (quoted && p[n] != '"')
            return false;
        *mxs_list_add(arena, out) = mxs_arena_strndup(arena, p, n);
        p += n + quoted;
    }
    return true;
}

const char *mxs_change_tail(struct mxs_arena *arena, const struct mxs_change *change, size_t from)
{
    const char *text = from < change->words.n ? change->words.v[from] : "";
    for (size_t i = from + 1; i < change->words.n; i++)
        text = mxs_arena_printf(arena, "%s %s", text, change->words.v[i]);
    return text;
}

enum mxs_err mxs_change_usage(const struct mxs_change *change, struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_USAGE, "%.80s: not as in \"%s %s\"", change->text,
                       change->kind->verb, change->kind->usage);
}

static enum mxs_err unknown(const char *verb, struct mxs_why *why)
{
    struct mxs_buf verbs;
    mxs_buf_init(&verbs, TEXT_MAX);
    for (size_t i = 0; i < MXS_COUNT(kinds); i++)
        mxs_buf_printf(&verbs, "%s%s", i ? ", " : "", kinds[i].verb);
    enum mxs_err err = mxs_why_set(why, MXS_ERR_USAGE, "unknown change \"%.40s\": one of %s", verb,
                                   mxs_buf_str(&verbs));
    mxs_buf_fini(&verbs);
    return err;
}

static const struct mxs_change_kind *kind_of(const char *verb)
{
    for (size_t i = 0; i < MXS_COUNT(kinds); i++)
        if (strcmp(kinds[i].verb, verb) == 0)
            return &kinds[i];
    return NULL;
}

enum mxs_err mxs_change_parse(struct mxs_arena *arena, const char *text,
                              const struct mxs_catalog *catalog, struct mxs_change *out,
                              struct mxs_why *why)
{
    struct mxs_strs words = { 0 };
    *out = (struct mxs_change){ .text = mxs_text_clip(arena, mxs_bytes_str(text), TEXT_MAX) };
    if (strlen(text) > TEXT_MAX || !split(arena, out->text, &words) || words.n > WORDS_MAX)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.80s: a quote that does not end, or too long a change",
                           out->text);
    if (!words.n)
        return mxs_why_set(why, MXS_ERR_USAGE, "an empty change: it begins with a verb");
    out->optional = words.n > 1 && strcmp(words.v[0], "try") == 0;
    size_t verb = out->optional;
    out->kind = kind_of(words.v[verb]);
    if (!out->kind)
        return unknown(words.v[verb], why);
    for (size_t i = verb + 1; i < words.n; i++)
        *mxs_list_add(arena, &out->words) = words.v[i];
    if (out->words.n < out->kind->min_words || out->words.n > out->kind->max_words)
        return mxs_change_usage(out, why);
    return out->kind->check ? out->kind->check(out, catalog, why) : MXS_OK;
}

/* --- what words have in common ------------------------------------------------------------------ */

bool mxs_change_duration(const char *word, int64_t *out)
{
    char *end;
    long n = strtol(word, &end, 10);
    bool days = strcmp(end, "d") == 0, hours = strcmp(end, "h") == 0;
    if (end == word || n <= 0 || n > 100000 || (!days && !hours))
        return false;
    *out = (int64_t)n * (days ? 86400 : 3600);
    return true;
}

bool mxs_change_date(const struct mxs_draft *draft, const char *word, int64_t *out)
{
    const struct mxs_blueprint *leaf = draft ? mxs_draft_leaf(draft) : NULL;
    int64_t duration;
    *out = draft ? draft->at : 0;
    if (strcmp(word, "now") == 0)
        return true;
    if (strcmp(word, "expired") == 0) {
        *out = leaf ? mxs_print_not_after(leaf) + 86400 : *out;
        return true;
    }
    if (*word == '+' && mxs_change_duration(word + 1, &duration)) {
        *out += duration;
        return true;
    }
    return mxs_time_parse(word, out) == MXS_OK;
}

enum mxs_err mxs_change_host(const char *word, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_why inner = { MXS_OK, "" };
    char *name = mxs_arena_strdup(arena, word);
    const char *wire;
    for (char *star; (star = memchr(name, '*', strcspn(name, ".")));)
        *star = 'x';
    bool good = mxs_dns_name(arena, name, &wire, &inner) == MXS_OK && mxs_ascii_equal(wire, name);
    mxs_arena_free(arena);
    return good ? MXS_OK
                : mxs_why_set(why, MXS_ERR_USAGE, "\"%.80s\" is no host name (mx.example.org, "
                              "*.example.org, xn--..)", word);
}

struct near {
    const char *name;
    size_t distance, i;
};

static int by_distance(const void *x, const void *y)
{
    const struct near *a = x, *b = y;
    return a->distance != b->distance ? (a->distance > b->distance) - (a->distance < b->distance)
                                      : (a->i > b->i) - (a->i < b->i);
}

enum mxs_err mxs_change_ca_known(const struct mxs_catalog *catalog, const char *name,
                                 struct mxs_why *why)
{
    enum { NAMED = 5 };
    if (!catalog || mxs_catalog_ca(catalog, name) || mxs_catalog_cert(catalog, name))
        return MXS_OK;
    struct mxs_arena *arena = mxs_arena_new();
    size_t n = catalog->cas.n;
    struct near *all = mxs_arena_alloc(arena, (n + 1) * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct near){ catalog->cas.v[i]->name,
                                mxs_text_distance(name, catalog->cas.v[i]->name), i };
    qsort(all, n, sizeof *all, by_distance);
    struct mxs_strs near = { 0 };
    for (size_t i = 0; i < NAMED && i < n; i++)
        *mxs_list_add(arena, &near) = all[i].name;
    enum mxs_err err = mxs_why_set(why, MXS_ERR_USAGE,
                                   "\"%.60s\" is not in the catalog (it has %s, ..)", name,
                                   mxs_text_joined(arena, &near, ", "));
    mxs_arena_free(arena);
    return err;
}
