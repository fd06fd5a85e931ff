#include "config.h"

#include "whatif/crls.h"

enum { CAS_MAX = 32, SAME_NAME_MAX = 32, WEEK = 7 * 86400 };

struct cas {
    const struct mxs_cert *v[CAS_MAX];
    size_t n;
};

/* One of each name and key: cross-signs of a CA share its list. */
static void add_ca(struct cas *cas, const struct mxs_cert *cert)
{
    bool known = !cert->ca || cas->n == CAS_MAX;
    for (size_t i = 0; i < cas->n && !known; i++)
        known = mxs_bytes_equal(cas->v[i]->subject_raw, cert->subject_raw) &&
                mxs_bytes_equal(cas->v[i]->spki, cert->spki);
    if (!known)
        cas->v[cas->n++] = cert;
}

static void add_anchors(struct cas *cas, struct mxs_store *store, const struct mxs_cert *below)
{
    const struct mxs_cert *found[SAME_NAME_MAX];
    size_t n = store ? mxs_store_find(store, below->issuer_raw, found, SAME_NAME_MAX) : 0;
    for (size_t i = 0; i < n; i++)
        add_ca(cas, found[i]);
}

static void list_cas(const struct mxs_chain *chain, struct mxs_store *store, struct cas *cas)
{
    for (size_t i = 0; i < chain->certs.n; i++)
        add_ca(cas, chain->certs.v[i]);
    for (size_t i = 0; i < chain->certs.n; i++)
        add_anchors(cas, store, chain->certs.v[i]);
    for (size_t i = 0; i < cas->n; i++)
        add_anchors(cas, store, cas->v[i]);
}

/* Of a chain this CA has signed one; NULL. */
static const struct mxs_cert *revoked_by(const struct mxs_crls_plan *p, const struct mxs_cert *ca)
{
    for (size_t i = 0; i < p->revoked.certs.n; i++)
        if (mxs_bytes_equal(p->revoked.certs.v[i]->issuer_raw, ca->subject_raw) &&
            mxs_cert_signed_by(p->revoked.certs.v[i], ca))
            return p->revoked.certs.v[i];
    return NULL;
}

static void make(struct mxs_arena *arena, const struct mxs_crls_plan *p, const struct mxs_cert *ca,
                 struct mxs_crls *out)
{
    const struct mxs_cert *revoked = revoked_by(p, ca);
    struct mxs_crl_words words = { .issuer_raw = ca->subject_raw, .aki = ca->ski,
                                   .this_update = p->this_update, .next_update = p->next_update };
    if (revoked)
        words.serial = revoked->serial_raw;
    const struct mxs_crl *crl =
        revoked || !p->only_its_issuer ? mxs_rebuild_crl(p->rebuild, arena, ca, &words) : NULL;
    if (crl)
        *mxs_list_add(arena, &out->list) = crl;
}

void mxs_crls_make(struct mxs_arena *arena, const struct mxs_crls_plan *plan, struct mxs_crls *out)
{
    struct cas cas = { .n = 0 };
    list_cas(plan->chain, plan->store, &cas);
    for (size_t i = 0; i < cas.n; i++)
        make(arena, plan, cas.v[i], out);
}

bool mxs_crls_name(struct mxs_store *store, const struct mxs_cert *cert)
{
    const struct mxs_crl *held[SAME_NAME_MAX];
    size_t n = store ? mxs_store_find_crls(store, cert->issuer_raw, false, held, SAME_NAME_MAX) : 0;
    for (size_t i = 0; i < n; i++)
        if (mxs_crl_revoked(held[i], cert) >= 0)
            return true;
    return false;
}

void mxs_crls_of_future(struct mxs_arena *arena, struct mxs_rebuild *rebuild,
                        const struct mxs_future *future, struct mxs_crls *out)
{
    struct cas cas = { .n = 0 };
    struct mxs_crls_plan plan = { .rebuild = rebuild, .chain = &future->session->chain,
                                  .store = future->store, .this_update = future->at,
                                  .next_update = future->at + WEEK };
    if (!future->store || !mxs_store_knows_crls(future->store)) {
        mxs_crls_make(arena, &plan, out);
        return;
    }
    list_cas(plan.chain, plan.store, &cas);
    for (size_t i = 0; i < cas.n; i++) {
        const struct mxs_crl *held[SAME_NAME_MAX];
        size_t n = mxs_store_find_crls(future->store, cas.v[i]->subject_raw, false, held, SAME_NAME_MAX);
        for (size_t k = 0; k < n; k++) {
            const struct mxs_crl *ours = mxs_rebuild_crl_again(rebuild, arena, cas.v[i], held[k]);
            if (ours)
                *mxs_list_add(arena, &out->list) = ours;
        }
        if (!n && mxs_store_crls_of_all(future->store))
            make(arena, &plan, cas.v[i], out);
    }
}
