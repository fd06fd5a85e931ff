#include "config.h"

#include "judge/path.h"

/* Libraries do not look at every path. Where several certificates carry the issuer's name (a CA that was
 * cross-signed, or re-issued), OpenSSL and GnuTLS follow one, each by its own rule, and do not come
 * back: that is how an expired cross-sign breaks what has a good path. */

/* All candidates for the certificate behind the first n: what paths with the same beginning have. */
struct fork {
    const struct mxs_paths *paths;
    const struct mxs_path *path;
    size_t n;
};

static bool branches(const struct fork *f, const struct mxs_path *other)
{
    if (other->certs.n <= f->n || !other->served)
        return false;
    for (size_t i = 0; i < f->n; i++)
        if (other->certs.v[i] != f->path->certs.v[i])
            return false;
    return true;
}

static bool valid_at(const struct mxs_cert *cert, int64_t at)
{
    return at >= cert->not_before && at <= cert->not_after;
}

/* OpenSSL's order: trusted, then valid now, then as served; of several that have lapsed the one that did
 * so last. */
static bool openssl_prefers(const struct mxs_path *a, const struct mxs_path *b, size_t n, int64_t at)
{
    const struct mxs_cert *x = a->certs.v[n], *y = b->certs.v[n];
    bool valid = valid_at(x, at);
    if (a->trusted[n] != b->trusted[n])
        return a->trusted[n];
    if (valid != valid_at(y, at))
        return valid;
    if (!valid && x->not_after != y->not_after)
        return x->not_after > y->not_after;
    return a->served[n] >= 0 && b->served[n] >= 0 && a->served[n] < b->served[n];
}

static bool gnutls_prefers(const struct mxs_path *a, const struct mxs_path *b, size_t n)
{
    return a->served[n] >= 0 && b->served[n] >= 0 && a->served[n] < b->served[n];
}

static bool taken(const struct fork *f, const struct mxs_ruleset *rules, int64_t at)
{
    if (rules->search == MXS_SEARCH_SERVED && f->path->trusted[f->n])
        return true;
    for (size_t i = 0; i < f->paths->v.n; i++) {
        const struct mxs_path *other = &f->paths->v.v[i];
        if (!branches(f, other) || other->certs.v[f->n] == f->path->certs.v[f->n])
            continue;
        bool loses = rules->search == MXS_SEARCH_TRUSTED ? openssl_prefers(other, f->path, f->n, at)
                                                         : gnutls_prefers(other, f->path, f->n);
        if (loses)
            return false;
    }
    return true;
}

bool mxs_path_found(const struct mxs_paths *paths, const struct mxs_path *path,
                    const struct mxs_ruleset *rules, int64_t at)
{
    struct fork f = { paths, path, 1 };
    if (rules->search == MXS_SEARCH_ALL || !path->served)
        return true;
    for (; f.n < path->certs.n; f.n++)
        if (!taken(&f, rules, at))
            return false;
    return true;
}
