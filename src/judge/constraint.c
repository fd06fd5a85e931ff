#include "config.h"

#include "judge/constraint.h"

#include "base/der.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

enum { /* GeneralName choices (RFC 5280 4.2.1.6) */
    TAG_DNS = MXS_DER_CONTEXT | 2,
    TAG_DIRECTORY = MXS_DER_CONTEXT_CONSTRUCTED | 4,
    TAG_URI = MXS_DER_CONTEXT | 6,
    TAG_IP = MXS_DER_CONTEXT | 7
};

bool mxs_constraint_bounded(const struct mxs_cert *ca, const struct mxs_cert *cert)
{
    enum { COMPARED_MAX = 1 << 20 };
    struct mxs_cursor c = mxs_cursor(ca->name_constraints), parts, list;
    struct mxs_der seq, part, subtree;
    size_t n = 0;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq))
        return true;
    for (parts = mxs_der_enter(&c, &seq); mxs_der_next(&parts, &part);)
        for (list = mxs_der_enter(&parts, &part); mxs_der_next(&list, &subtree);)
            n++;
    return n == 0 || cert->san_dns.n + cert->san_ip.n + cert->san_uri.n <= COMPARED_MAX / n;
}

/* Whether the first n octets of name end in base, whatever the case. */
static bool ends_in(const char *name, size_t n, struct mxs_bytes base)
{
    if (base.n > n)
        return false;
    for (size_t i = 0; i < base.n; i++) {
        char x = name[n - base.n + i], y = (char)base.p[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x + 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y + 32) : y;
        if (x != y)
            return false;
    }
    return true;
}

/* Zero or more labels added on the left (RFC 5280 4.2.1.10). A leading dot is not the RFC's form, but
 * is in use: at least one label more. */
static bool dns_within(const char *name, struct mxs_bytes base)
{
    const char *b = (const char *)base.p;
    size_t n = strlen(name);
    if (n >= 2 && name[0] == '*' && name[1] == '.') {
        name += 2; /* every name that the wildcard stands for ends so */
        n -= 2;
    }
    if (!ends_in(name, n, base))
        return false;
    return base.n == 0 || base.n == n || b[0] == '.' || name[n - base.n - 1] == '.';
}

/* The subtree is a DN whose RDNs begin the subject. Compared byte for byte: what normalising would
 * add, CAs do not rely on. */
static bool directory_within(const struct mxs_cert *cert, struct mxs_bytes base)
{
    struct mxs_cursor a = mxs_cursor(base), b = mxs_cursor(cert->subject_raw);
    struct mxs_der name, subject;
    if (!mxs_der_expect(&a, MXS_DER_SEQUENCE, &name) ||
        !mxs_der_expect(&b, MXS_DER_SEQUENCE, &subject))
        return false;
    return name.body.n <= subject.body.n &&
           (!name.body.n || memcmp(name.body.p, subject.body.p, name.body.n) == 0);
}

static bool ip_within(const char *text, struct mxs_bytes base)
{
    uint8_t raw[16];
    size_t n = strchr(text, ':') ? 16 : 4;
    if (inet_pton(n == 16 ? AF_INET6 : AF_INET, text, raw) != 1 || base.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((raw[i] ^ base.p[i]) & base.p[n + i])
            return false;
    return true;
}

/* A URI goes by its host: the very one, or with a leading dot whatever lies below (RFC 5280 4.2.1.10). */
static bool uri_within(const char *uri, struct mxs_bytes base)
{
    const char *host = strstr(uri, "://");
    host = host ? host + 3 : "";
    const char *at = strchr(host, '@');
    size_t n = strcspn(host, "/?#");
    if (at && at < host + n) {
        n -= (size_t)(at + 1 - host);
        host = at + 1;
    }
    n = strcspn(host, ":") < n ? strcspn(host, ":") : n;
    bool below = base.n && base.p[0] == '.';
    return (below || n == base.n) && ends_in(host, n, base);
}

/* One name of the certificate: tag says its form, text its value (unused for directoryName). */
struct name {
    unsigned tag;
    const char *text;
};

static bool within(const struct mxs_cert *cert, const struct name *name, const struct mxs_der *base)
{
    if (name->tag == TAG_DNS)
        return dns_within(name->text, base->body);
    if (name->tag == TAG_URI)
        return uri_within(name->text, base->body);
    return name->tag == TAG_IP ? ip_within(name->text, base->body)
                               : directory_within(cert, base->body);
}

/* Whether one list of subtrees has a row of the name's form, and whether one of those holds it. */
static bool listed(struct mxs_cursor list, const struct mxs_cert *cert, const struct name *name,
                   bool *has_form, bool *bad)
{
    struct mxs_der subtree, base;
    bool inside = false;
    while (mxs_der_next(&list, &subtree)) {
        struct mxs_cursor one = mxs_der_enter(&list, &subtree);
        if (!mxs_der_next(&one, &base)) {
            *bad = true;
        } else if (base.tag == name->tag) {
            *has_form = true;
            inside = inside || within(cert, name, &base);
        }
    }
    *bad = *bad || list.bad;
    return inside;
}

enum verdict { WITHIN, OUTSIDE, EXCLUDED };

static enum verdict allowed(struct mxs_bytes value, const struct mxs_cert *cert, const struct name *name)
{
    struct mxs_cursor c = mxs_cursor(value);
    struct mxs_der seq, part;
    bool bad = !mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq);
    enum verdict found = WITHIN;
    struct mxs_cursor parts = bad ? c : mxs_der_enter(&c, &seq);
    while (!bad && mxs_der_next(&parts, &part)) {
        bool has_form = false;
        bool inside = listed(mxs_der_enter(&parts, &part), cert, name, &has_form, &bad);
        bool permitted = part.tag == MXS_DER_CONTEXT_CONSTRUCTED;
        if (has_form && permitted != inside && found == WITHIN)
            found = permitted ? OUTSIDE : EXCLUDED;
    }
    return bad || parts.bad ? OUTSIDE : found;
}

/* A CN that can be a host's name: labels of letters, digits, hyphens, and a dot between two of them. */
static bool host_like(const char *cn)
{
    const char *dot = strchr(cn, '.');
    size_t n = strlen(cn);
    return dot && dot != cn && cn[n - 1] != '.' && !strstr(cn, "..") &&
           strspn(cn, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == n;
}

static bool breaks(struct mxs_bytes value, const struct mxs_cert *cert, unsigned tag, const char *text,
                   struct mxs_breach *out)
{
    enum verdict found = allowed(value, cert, &(struct name){ tag, text });
    if (found != WITHIN)
        *out = (struct mxs_breach){ text, found == EXCLUDED };
    return found != WITHIN;
}

struct mxs_breach mxs_constraint_breach(struct mxs_arena *arena, const struct mxs_ruleset *rules,
                                        const struct mxs_cert *ca, const struct mxs_cert *cert, bool leaf)
{
    struct mxs_bytes value = ca->name_constraints;
    struct mxs_breach out = { NULL, false };
    bool cn = leaf && rules->names.cn && !cert->san_dns.n && cert->cn;
    for (size_t i = 0; i < cert->san_dns.n; i++)
        if (breaks(value, cert, TAG_DNS, cert->san_dns.v[i], &out))
            return out;
    for (size_t i = 0; i < cert->san_ip.n; i++)
        if (breaks(value, cert, TAG_IP, cert->san_ip.v[i], &out))
            return out;
    for (size_t i = 0; !rules->directory_free && i < cert->san_uri.n; i++)
        if (breaks(value, cert, TAG_URI, cert->san_uri.v[i], &out))
            return out;
    if (cn && (rules->cn_words || host_like(cert->cn)) && breaks(value, cert, TAG_DNS, cert->cn, &out))
        return out;
    if (cert->subject && *cert->subject && !rules->directory_free &&
        breaks(value, cert, TAG_DIRECTORY, cert->subject, &out))
        out.name = mxs_arena_strdup(arena, cert->subject);
    return out;
}
