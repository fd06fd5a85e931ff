#include "config.h"

#include "facts/refid.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equal_n(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

static bool ldh(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = lower(s[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return true;
}

static size_t count(const char *s, size_t n, char c)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += s[i] == c;
    return found;
}

/* The first label of a wildcard name against the part of the reference it stands for. */
static bool label_matches(const struct mxs_name_rules *rules, const char *label, size_t n,
                          const char *ref, size_t ref_n)
{
    const char *star = memchr(label, '*', n);
    size_t before = (size_t)(star - label), after = n - before - 1;
    if (n == 1)
        return ref_n > 0 && (rules->multi_label || ldh(ref, ref_n));
    /* A fragment never stands in for a part of an A-label (RFC 6125 6.4.3). */
    bool alabel = (n >= 4 && equal_n(label, "xn--", 4)) || (ref_n >= 4 && equal_n(ref, "xn--", 4));
    if (!rules->partial || alabel || ref_n < before + after)
        return false;
    return equal_n(label, ref, before) && equal_n(star + 1, ref + ref_n - after, after) &&
           ldh(ref + before, ref_n - before - after);
}

static bool wildcard_matches(const struct mxs_name_rules *rules, const char *presented,
                             const char *reference, size_t ref_n)
{
    const char *rest = strchr(presented, '.');
    size_t n = strlen(presented);
    if (!rest || !rest[1] || count(presented, n, '*') != 1 ||
        !memchr(presented, '*', (size_t)(rest - presented)) ||
        count(presented, n, '.') < rules->min_dots)
        return false;
    size_t rest_n = strlen(rest), label_n = (size_t)(rest - presented);
    if (ref_n <= rest_n || !equal_n(reference + ref_n - rest_n, rest, rest_n))
        return false;
    size_t left_n = ref_n - rest_n;
    if (!rules->multi_label && memchr(reference, '.', left_n))
        return false;
    return label_matches(rules, presented, label_n, reference, left_n);
}

bool mxs_name_matches(const struct mxs_name_rules *rules, const char *presented,
                      const char *reference)
{
    size_t ref_n = strlen(reference);
    if (ref_n && reference[ref_n - 1] == '.')
        ref_n--;
    if (!ref_n)
        return false;
    if (strchr(presented, '*'))
        return wildcard_matches(rules, presented, reference, ref_n);
    return strlen(presented) == ref_n && equal_n(presented, reference, ref_n);
}

/* An address in its one canonical form, so that texts can be compared. */
static bool canonical(const char *s, char out[INET6_ADDRSTRLEN])
{
    unsigned char raw[16];
    int family = strchr(s, ':') ? AF_INET6 : AF_INET;
    return inet_pton(family, s, raw) == 1 && inet_ntop(family, raw, out, INET6_ADDRSTRLEN);
}

bool mxs_name_is_address(const char *reference)
{
    char text[INET6_ADDRSTRLEN];
    return canonical(reference, text);
}

static const char *covers_address(const struct mxs_cert *cert, const char *reference)
{
    char want[INET6_ADDRSTRLEN], have[INET6_ADDRSTRLEN];
    for (size_t i = 0; canonical(reference, want) && i < cert->san_ip.n; i++)
        if (canonical(cert->san_ip.v[i], have) && strcmp(want, have) == 0)
            return cert->san_ip.v[i];
    return NULL;
}

static struct mxs_name_match covers_one(const struct mxs_cert *cert,
                                        const struct mxs_name_rules *rules, const char *reference)
{
    struct mxs_name_match match = { NULL, NULL, false };
    if (mxs_name_is_address(reference)) {
        match.presented = covers_address(cert, reference);
    } else {
        for (size_t i = 0; i < cert->san_dns.n && !match.presented; i++)
            if (mxs_name_matches(rules, cert->san_dns.v[i], reference))
                match.presented = cert->san_dns.v[i];
        match.by_cn = rules->cn && !cert->san_dns.n && cert->cn &&
                      mxs_name_matches(rules, cert->cn, reference);
        if (match.by_cn)
            match.presented = cert->cn;
    }
    match.reference = match.presented ? reference : NULL;
    return match;
}

struct mxs_name_match mxs_cert_covers(const struct mxs_cert *cert,
                                      const struct mxs_name_rules *rules,
                                      const struct mxs_strs *references)
{
    struct mxs_name_match match = { NULL, NULL, false };
    for (size_t i = 0; i < references->n && !match.reference; i++)
        match = covers_one(cert, rules, references->v[i]);
    return match;
}

void mxs_reference_add(struct mxs_arena *arena, struct mxs_strs *references, const char *name)
{
    for (size_t i = 0; name && i < references->n; i++)
        if (mxs_ascii_equal(references->v[i], name))
            return;
    if (name && *name)
        *mxs_list_add(arena, references) = name;
}
