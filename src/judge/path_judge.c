#include "config.h"

#include "judge/path.h"

#include "base/clock.h"
#include "base/text.h"
#include "judge/constraint.h"
#include "judge/crl.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAME_NAME_MAX = 32 };

struct judging {
    struct mxs_arena *arena;
    const struct mxs_path *path;
    const struct mxs_ruleset *rules;
    enum mxs_purpose purpose;
    int64_t at;
    struct mxs_reasons *out;
};

void mxs_reasons_add(struct mxs_arena *arena, struct mxs_reasons *out, const char *id, size_t depth,
                     const char *rfc, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    *mxs_list_add(arena, out) =
        (struct mxs_reason){ id, (int)depth, mxs_arena_strdup(arena, text), rfc, NULL };
}

#define reason(j, ...) mxs_reasons_add((j)->arena, (j)->out, __VA_ARGS__)

static const char *who(const struct mxs_cert *cert)
{
    return cert->cn ? cert->cn : *cert->subject ? cert->subject : "(no subject)";
}

static bool is_anchor(const struct judging *j, size_t i)
{
    return j->path->end == MXS_PATH_ANCHOR && !j->path->bare_key && i + 1 == j->path->certs.n;
}

static bool limits_count(const struct judging *j, size_t i)
{
    return !is_anchor(j, i) || j->rules->anchor_limits || j->path->strict;
}

/* RFC 5280 6.1.3 (a)(2) */
static void check_dates(struct judging *j, const struct mxs_cert *cert, size_t i)
{
    bool named = j->path->named && !j->path->self_signed && j->rules->search == MXS_SEARCH_TRUSTED;
    if (is_anchor(j, i) && i > 0 && (named || !j->rules->anchor_dates))
        return;
    if (j->at < cert->not_before)
        reason(j, "not-yet-valid", i, "RFC 5280 4.1.2.5", "%s is not valid before %s", who(cert),
               mxs_time_text(j->arena, cert->not_before));
    if (j->at > cert->not_after)
        reason(j, "expired", i, "RFC 5280 4.1.2.5", "%s expired %s", who(cert),
               mxs_time_text(j->arena, cert->not_after));
}

/* Self-issued certificates do not count (RFC 5280 4.2.1.9). */
static int intermediates_below(const struct judging *j, size_t i)
{
    int n = 0;
    for (size_t k = 1; k < i; k++)
        n += !j->path->certs.v[k]->self_issued;
    return n;
}

static void check_ca(struct judging *j, const struct mxs_cert *cert, size_t i)
{
    bool exempt = is_anchor(j, i) && (!cert->has_basic_constraints || !limits_count(j, i));
    if (!cert->ca && !exempt)
        reason(j, "not-ca", i, "RFC 5280 4.2.1.9", "%s is not a CA certificate", who(cert));
    if (!cert->ca && !exempt && cert->version < 3)
        j->out->v[j->out->n - 1].finer = "not-ca-v1";
    if (cert->has_key_usage && !(cert->key_usage & MXS_KU_KEY_CERT_SIGN) && limits_count(j, i))
        reason(j, "ca-key-usage", i, "RFC 5280 4.2.1.3", "%s may not sign certificates", who(cert));
    int below = intermediates_below(j, i);
    if (cert->path_length >= 0 && below > cert->path_length && limits_count(j, i))
        reason(j, "path-length", i, "RFC 5280 4.2.1.9",
               "%s allows %d CA below it; there are %d", who(cert), cert->path_length, below);
}

/* The constraints of every CA above a certificate hold for it (RFC 5280 4.2.1.10). */
static void check_constraints(struct judging *j, const struct mxs_cert *cert, size_t i)
{
    if (i > 0 && (cert->self_issued || j->rules->leaf_constraints))
        return;
    for (size_t k = i + 1; k < j->path->certs.n; k++) {
        const struct mxs_cert *ca = j->path->certs.v[k];
        if (limits_count(j, k) && !mxs_constraint_bounded(ca, cert)) {
            reason(j, "name-constraints", i, "RFC 5280 4.2.1.10",
                   "%s has more names than can be compared with the name constraints of %s", who(cert),
                   who(ca));
            continue;
        }
        if (!ca->has_name_constraints || !limits_count(j, k))
            continue;
        struct mxs_breach breach = mxs_constraint_breach(j->arena, j->rules, ca, cert, i == 0);
        if (!breach.name)
            continue;
        reason(j, "name-constraints", i, "RFC 5280 4.2.1.10",
               "%s lies outside the name constraints of %s", breach.name, who(ca));
        j->out->v[j->out->n - 1].finer = breach.excluded ? "name-excluded" : NULL;
    }
}

bool mxs_eku_allows(const struct mxs_ruleset *rules, enum mxs_purpose purpose,
                    const struct mxs_cert *cert, bool leaf, bool anchor)
{
    if (purpose == MXS_PURPOSE_ANY || !cert->has_eku)
        return true;
    if ((anchor && !leaf && !rules->anchor_eku) || (!leaf && !rules->nested_eku))
        return true;
    unsigned need = purpose == MXS_PURPOSE_SERVER ? MXS_EKU_SERVER_AUTH : MXS_EKU_CLIENT_AUTH;
    if (leaf ? rules->any_eku_leaf : rules->any_eku_ca)
        need |= MXS_EKU_ANY;
    return (cert->eku & need) != 0;
}

static void check_eku(struct judging *j, const struct mxs_cert *cert, size_t i)
{
    bool anchor = is_anchor(j, i) && !j->path->strict;
    if (mxs_eku_allows(j->rules, j->purpose, cert, i == 0, anchor))
        return;
    struct mxs_strs names = mxs_cert_eku_names(j->arena, cert);
    const char *list = names.n ? mxs_text_joined(j->arena, &names, ", ") : "nothing";
    const char *need = mxs_purpose_eku(j->purpose);
    reason(j, "eku-missing", i, "RFC 5280 4.2.1.12", "%s %s is for %s; %s is needed",
           i ? "the CA" : "the certificate", who(cert), list, need);
}

/* RFC 5280 4.2.1.12: key usage and EKU must both allow. */
static void check_leaf_key_usage(struct judging *j, const struct mxs_cert *cert)
{
    enum { NETSCAPE_CLIENT = 1, NETSCAPE_SERVER = 2 };
    static const unsigned server = MXS_KU_DIGITAL_SIGNATURE | MXS_KU_KEY_ENCIPHERMENT |
                                   MXS_KU_KEY_AGREEMENT;
    static const unsigned client = MXS_KU_DIGITAL_SIGNATURE | MXS_KU_KEY_AGREEMENT;
    bool as_server = j->purpose == MXS_PURPOSE_SERVER;
    if (!j->rules->leaf_key_usage || j->purpose == MXS_PURPOSE_ANY)
        return;
    if (j->rules->netscape_types && cert->has_netscape_type &&
        !(cert->netscape_type & (as_server ? NETSCAPE_SERVER : NETSCAPE_CLIENT)))
        reason(j, "key-usage", 0, NULL, "the Netscape certificate type of %s does not allow TLS",
               who(cert));
    else if (cert->has_key_usage && !(cert->key_usage & (as_server ? server : client)))
        reason(j, "key-usage", 0, "RFC 5280 4.2.1.3", "the key usage of %s does not allow TLS",
               who(cert));
}

/* NIST SP 800-57 part 1, table 2, by the name of a key ("RSA-2048", "ECDSA-P256", "Ed25519"). */
static unsigned strength(const char *key)
{
    static const struct { unsigned rsa, bits; } steps[] = { { 15360, 256 }, { 7680, 192 }, { 3072, 128 },
                                                            { 2048, 112 },  { 1024, 80 } };
    size_t digits = strcspn(key, "0123456789");
    unsigned size = (unsigned)strtoul(key + digits, NULL, 10);
    if (strncmp(key, "ECDSA-", 6) == 0)
        return size ? size / 2 : UINT_MAX; /* a curve that has no name here */
    for (size_t i = 0; i < MXS_COUNT(steps); i++)
        if (size >= steps[i].rsa)
            return steps[i].bits;
    return 0;
}

static void check_strength(struct judging *j, const struct mxs_cert *cert, size_t i)
{
    const char *alg = cert->signature_algorithm ? cert->signature_algorithm : "";
    const char *key = cert->key ? cert->key : "";
    bool broken = (!j->rules->md5 && (strstr(alg, "MD5") || strstr(alg, "MD2"))) ||
                  (!j->rules->sha1 && strstr(alg, "SHA1"));
    if (broken && !is_anchor(j, i))
        reason(j, "weak-signature", i, "RFC 8446 4.4.2.4", "%s is signed with %s", who(cert), alg);
    bool sized = strncmp(key, "RSA-", 4) == 0 || strncmp(key, "ECDSA-", 6) == 0;
    if (sized && strength(key) < j->rules->min_strength)
        reason(j, "weak-key", i, "RFC 9325 4.5", "%s has a key that is too weak, %s", who(cert), key);
}

/* The first critical extension that the library does not know. */
static const char *unknown_critical(const struct judging *j, const struct mxs_cert *cert)
{
    for (size_t i = 0; j->rules->critical && i < cert->critical.n; i++)
        if (!mxs_word_in(j->rules->critical, cert->critical.v[i]))
            return cert->critical.v[i];
    return cert->malformed || !j->rules->critical ? cert->unknown_critical : NULL;
}

static void check_cert(struct judging *j, size_t i)
{
    const struct mxs_cert *cert = j->path->certs.v[i];
    check_dates(j, cert, i);
    if (i > 0)
        check_ca(j, cert, i);
    check_constraints(j, cert, i);
    check_eku(j, cert, i);
    if (i == 0)
        check_leaf_key_usage(j, cert);
    const char *critical = limits_count(j, i) ? unknown_critical(j, cert) : NULL;
    if (critical)
        reason(j, "unknown-critical", i, "RFC 5280 4.2", "%s has the critical extension %s",
               who(cert), critical);
    if (cert->malformed && !is_anchor(j, i))
        reason(j, "malformed-extension", i, "RFC 5280 4.2", "the extension %s of %s is malformed",
               cert->malformed, who(cert));
    check_strength(j, cert, i);
    mxs_crl_judge(j->arena, j->path, j->rules, j->at, i, j->out);
}

bool mxs_path_may_issue(const struct mxs_cert *issuer, const struct mxs_cert *cert)
{
    return !issuer->ski.n || !cert->aki.n || mxs_bytes_equal(issuer->ski, cert->aki);
}

/* The anchor that a library which tries only one takes for cert's issuer; NULL: none. */
static const struct mxs_cert *tried_anchor(const struct judging *j, const struct mxs_cert *cert)
{
    const struct mxs_cert *found[SAME_NAME_MAX], *lapsed = NULL;
    size_t n = mxs_store_find(j->path->store, cert->issuer_raw, found, SAME_NAME_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct mxs_cert *anchor = found[j->rules->anchor_tried == MXS_ANCHOR_LAST ? n - 1 - i : i];
        if (!mxs_path_may_issue(anchor, cert))
            continue;
        if (j->at >= anchor->not_before && j->at <= anchor->not_after)
            return anchor;
        lapsed = lapsed ? lapsed : anchor;
    }
    return lapsed;
}

static void check_anchor(struct judging *j, size_t top)
{
    const struct mxs_path *path = j->path;
    if (j->rules->anchor_tried == MXS_ANCHOR_EVERY || !top || path->named || !path->store)
        return;
    const struct mxs_cert *below = path->certs.v[top - 1], *tried = tried_anchor(j, below);
    if (tried && !mxs_bytes_equal(tried->spki, path->certs.v[top]->spki))
        reason(j, "bad-signature", top - 1, "RFC 5280 6.1.3",
               "%s is tried with another anchor of the name %s alone, the %s of the trust store",
               who(below), who(tried), j->rules->anchor_tried == MXS_ANCHOR_LAST ? "last" : "first");
}

static void no_issuer(struct judging *j, size_t top)
{
    const struct mxs_cert *cert = j->path->certs.v[top];
    reason(j, "issuer-unknown", top, "RFC 5280 6.1", "the issuer of %s, %s, is neither sent nor trusted",
           who(cert), *cert->issuer ? cert->issuer : "(no name)");
}

static void check_end(struct judging *j)
{
    size_t top = j->path->certs.n - 1;
    const struct mxs_cert *cert = j->path->certs.v[top];
    const char *issuer = *cert->issuer ? cert->issuer : "(no name)";
    switch (j->path->end) {
    case MXS_PATH_ANCHOR:
        check_anchor(j, top);
        if (!j->rules->partial_chain && !j->path->self_signed && !j->path->named)
            reason(j, "issuer-unknown", top, "RFC 5280 6.1",
                   "%s is trusted, but is no self-signed root; its issuer %s is unknown", who(cert),
                   issuer);
        if (j->out->n && !j->rules->partial_chain && !j->path->self_signed && !j->path->named)
            j->out->v[j->out->n - 1].finer = "issuer-of-trusted";
        break;
    case MXS_PATH_SELF_SIGNED:
        reason(j, top ? "untrusted-root" : "self-signed", top, "RFC 5280 6.1",
               top ? "the root %s is not trusted" : "%s is self-signed", who(cert));
        break;
    case MXS_PATH_NO_ISSUER:
        no_issuer(j, top);
        break;
    case MXS_PATH_BAD_SIGNATURE:
        if (j->rules->key_ids && j->path->other_keys) {
            no_issuer(j, top);
            break;
        }
        reason(j, "bad-signature", top, "RFC 5280 6.1.3", "%s is not signed by the key of %s",
               who(cert), issuer);
        break;
    case MXS_PATH_TOO_LONG:
        reason(j, "path-too-long", top, NULL, "the path has more than %d certificates",
               MXS_PATH_DEPTH_MAX);
        break;
    }
}

void mxs_path_judge(struct mxs_arena *arena, const struct mxs_path *path,
                    const struct mxs_ruleset *rules, enum mxs_purpose purpose, int64_t at,
                    struct mxs_reasons *out)
{
    struct judging j = { arena, path, rules, purpose, at, out };
    size_t n = 1; /* how far the library follows the path */
    const struct mxs_cert *const *certs = path->certs.v;
    while (n < path->certs.n && (!rules->key_ids || mxs_path_may_issue(certs[n], certs[n - 1])))
        n++;
    for (size_t i = 0; i < n; i++)
        check_cert(&j, i);
    if (n < path->certs.n)
        no_issuer(&j, n - 1);
    else
        check_end(&j);
}

static bool better(const struct mxs_path *a, const struct mxs_reasons *ar, const struct mxs_path *b,
                   const struct mxs_reasons *br)
{
    bool a_whole = a->end == MXS_PATH_ANCHOR, b_whole = b->end == MXS_PATH_ANCHOR;
    if (!ar->n != !br->n)
        return !ar->n;
    if (a_whole != b_whole)
        return a_whole;
    return ar->n != br->n ? ar->n < br->n : a->certs.n < b->certs.n;
}

/* searched: only paths that the library comes to; else all. */
static struct mxs_path_choice choose(struct mxs_arena *arena, const struct mxs_paths *paths,
                                     const struct mxs_ruleset *rules, enum mxs_purpose purpose,
                                     int64_t at, bool searched)
{
    struct mxs_path_choice best = { NULL, { NULL, 0, 0 } };
    for (size_t i = 0; i < paths->v.n; i++) {
        struct mxs_reasons reasons = { NULL, 0, 0 };
        if (searched && !mxs_path_found(paths, &paths->v.v[i], rules, at))
            continue;
        mxs_path_judge(arena, &paths->v.v[i], rules, purpose, at, &reasons);
        if (!best.path || better(&paths->v.v[i], &reasons, best.path, &best.reasons)) {
            best.path = &paths->v.v[i];
            best.reasons = reasons;
        }
    }
    return best;
}

struct mxs_path_choice mxs_paths_choose(struct mxs_arena *arena, const struct mxs_paths *paths,
                                        const struct mxs_ruleset *rules, enum mxs_purpose purpose,
                                        int64_t at)
{
    struct mxs_path_choice best = choose(arena, paths, rules, purpose, at, true);
    /* the bounds on building may have cut off what the library takes */
    return best.path ? best : choose(arena, paths, rules, purpose, at, false);
}
