#include "config.h"

#include "judge/path.h"

enum { STEPS_MAX = 4000, SAME_NAME_MAX = 32 };

struct builder {
    struct mxs_arena *arena;
    struct mxs_signatures *signatures;
    const struct mxs_path_query *query;
    struct mxs_paths *out;
    const struct mxs_cert *stack[MXS_PATH_DEPTH_MAX];
    size_t depth;
    unsigned steps;
};

static void extend(struct builder *b, const struct mxs_cert *cert);

static bool same_cert(const struct mxs_cert *a, const struct mxs_cert *b)
{
    return a == b || mxs_bytes_equal(a->der, b->der);
}

/* An anchor's own signature proves nothing and is not checked: with the same key identifiers, or without
 * an authority's, which only a self-signed certificate may leave out (RFC 5280 4.2.1.1), it is one. */
static bool signs_itself(struct builder *b, const struct mxs_cert *cert)
{
    if (!cert->self_issued)
        return false;
    bool one_key = !cert->aki.n || mxs_bytes_equal(cert->aki, cert->ski);
    if (one_key && b->query->store && mxs_store_has(b->query->store, cert))
        return true;
    return mxs_signatures_check(b->signatures, cert, cert);
}

/* A cross-sign of a CA that is already in the path leads nowhere new: same name, same key. */
static bool on_stack(const struct builder *b, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < b->depth; i++)
        if (mxs_bytes_equal(b->stack[i]->subject_raw, cert->subject_raw) &&
            mxs_bytes_equal(b->stack[i]->spki, cert->spki))
            return true;
    return false;
}

static const struct mxs_path_anchor *named_anchor(const struct builder *b,
                                                  const struct mxs_cert *cert)
{
    for (size_t i = 0; i < b->query->n_anchors; i++)
        if (b->query->anchors[i].cert && same_cert(b->query->anchors[i].cert, cert))
            return &b->query->anchors[i];
    return NULL;
}

static int served_at(const struct builder *b, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < b->query->served->certs.n; i++)
        if (same_cert(b->query->served->certs.v[i], cert))
            return (int)i;
    return -1;
}

static void note_origins(struct builder *b, struct mxs_path *path)
{
    int *served = mxs_arena_alloc(b->arena, b->depth * sizeof *served);
    bool *trusted = mxs_arena_alloc(b->arena, b->depth * sizeof *trusted);
    for (size_t i = 0; i < b->depth; i++) {
        served[i] = served_at(b, b->stack[i]);
        trusted[i] = b->query->store && mxs_store_has(b->query->store, b->stack[i]);
    }
    path->served = served;
    path->trusted = trusted;
}

static struct mxs_path *emit(struct builder *b, enum mxs_path_end end)
{
    if (b->out->v.n == MXS_PATHS_MAX) {
        b->out->truncated = true;
        return NULL;
    }
    struct mxs_path *path = mxs_list_add(b->arena, &b->out->v);
    for (size_t i = 0; i < b->depth; i++)
        *mxs_list_add(b->arena, &path->certs) = b->stack[i];
    note_origins(b, path);
    path->end = end;
    path->store = b->query->store;
    path->self_signed = signs_itself(b, b->stack[b->depth - 1]);
    return path;
}

/* A TLSA record names an authority, so never the leaf itself (RFC 7671 5.2). */
static const struct mxs_path_anchor *naming(struct builder *b, const struct mxs_cert *top)
{
    const struct mxs_path_anchor *named = b->depth > 1 ? named_anchor(b, top) : NULL;
    for (size_t i = 0; i < b->query->n_anchors && !named; i++) {
        const struct mxs_path_anchor *a = &b->query->anchors[i];
        if (!a->cert && !mxs_bytes_equal(a->spki, top->spki) &&
            mxs_signatures_check_spki(b->signatures, top, a->spki))
            named = a;
    }
    return named;
}

/* Ends a path here where the top is an anchor, or was signed by one; true when it is. */
static bool emit_anchor(struct builder *b, const struct mxs_cert *top)
{
    const struct mxs_path_anchor *named = naming(b, top);
    if (!named && !(b->query->store && mxs_store_has(b->query->store, top)))
        return false;
    struct mxs_path *path = emit(b, MXS_PATH_ANCHOR);
    if (path && named) {
        path->named = true;
        path->bare_key = !named->cert;
        path->strict = named->strict;
    }
    return true;
}

/* Candidates that carry the issuer's name, those that the key identifiers name first (RFC 5280 4.2.1.1:
 * hints, no conditions). */
struct candidates {
    const struct mxs_cert *v[SAME_NAME_MAX];
    size_t n;
    bool bad_signature;
    bool likely; /* of whom the key identifiers would have let one think otherwise */
};

static bool hinted(const struct mxs_cert *cert, const struct mxs_cert *issuer)
{
    return cert->aki.n && mxs_bytes_equal(cert->aki, issuer->ski);
}

static void consider(struct builder *b, const struct mxs_cert *cert, const struct mxs_cert *issuer,
                     struct candidates *out)
{
    if (!mxs_bytes_equal(cert->issuer_raw, issuer->subject_raw) || on_stack(b, issuer))
        return;
    for (size_t i = 0; i < out->n; i++)
        if (same_cert(out->v[i], issuer))
            return;
    if (!mxs_signatures_check(b->signatures, cert, issuer)) {
        out->bad_signature = true;
        out->likely = out->likely || mxs_path_may_issue(issuer, cert);
    } else if (out->n < SAME_NAME_MAX) {
        size_t at = out->n++;
        for (; at > 0 && hinted(cert, issuer) && !hinted(cert, out->v[at - 1]); at--)
            out->v[at] = out->v[at - 1];
        out->v[at] = issuer;
    }
}

static void find_issuers(struct builder *b, const struct mxs_cert *cert, struct candidates *out)
{
    const struct mxs_cert *trusted[SAME_NAME_MAX];
    size_t n = b->query->store ? mxs_store_find(b->query->store, cert->issuer_raw, trusted,
                                                SAME_NAME_MAX) : 0;
    for (size_t i = 0; i < n; i++)
        consider(b, cert, trusted[i], out);
    for (size_t i = 0; i < b->query->n_anchors; i++)
        if (b->query->anchors[i].cert)
            consider(b, cert, b->query->anchors[i].cert, out);
    for (size_t i = 0; i < b->query->served->certs.n; i++)
        consider(b, cert, b->query->served->certs.v[i], out);
}

static void extend_further(struct builder *b, const struct mxs_cert *cert)
{
    bool ended = emit_anchor(b, cert);
    if (signs_itself(b, cert)) {
        if (!ended)
            emit(b, MXS_PATH_SELF_SIGNED);
        return;
    }
    struct candidates issuers = { .n = 0 };
    find_issuers(b, cert, &issuers);
    for (size_t i = 0; i < issuers.n; i++)
        extend(b, issuers.v[i]);
    enum mxs_path_end end = issuers.bad_signature ? MXS_PATH_BAD_SIGNATURE : MXS_PATH_NO_ISSUER;
    struct mxs_path *path = issuers.n || ended ? NULL : emit(b, end);
    if (path)
        path->other_keys = issuers.bad_signature && !issuers.likely;
}

static void extend(struct builder *b, const struct mxs_cert *cert)
{
    if (++b->steps > STEPS_MAX || b->out->truncated) {
        b->out->truncated = true;
        return;
    }
    if (b->depth == MXS_PATH_DEPTH_MAX) {
        emit(b, MXS_PATH_TOO_LONG);
        return;
    }
    b->stack[b->depth++] = cert;
    extend_further(b, cert);
    b->depth--;
}

void mxs_paths_build(struct mxs_arena *arena, struct mxs_signatures *signatures,
                     const struct mxs_path_query *query, struct mxs_paths *out)
{
    struct builder *b = MXS_NEW(arena, struct builder);
    *b = (struct builder){ .arena = arena, .signatures = signatures, .query = query, .out = out };
    if (query->served->certs.n)
        extend(b, query->served->certs.v[0]);
}
