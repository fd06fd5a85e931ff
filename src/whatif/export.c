#include "config.h"

#include "whatif/export.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/dane.h"
#include "judge/store.h"
#include "whatif/crls.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT_MAX = 4 << 20, ANCHORS_MAX = 32 };

/* --- texts ------------------------------------------------------------------------------------ */

static char *pem_of(struct mxs_arena *arena, const struct mxs_cert *const *certs, size_t n)
{
    struct mxs_buf out;
    mxs_buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < n; i++)
        mxs_buf_puts(&out, mxs_cert_to_pem(arena, certs[i]));
    char *text = n ? mxs_arena_strdup(arena, mxs_buf_str(&out)) : NULL;
    mxs_buf_fini(&out);
    return text;
}

static void add_anchors(struct mxs_store *store, struct mxs_bytes name,
                        const struct mxs_cert **out, size_t *n)
{
    const struct mxs_cert *found[8];
    size_t hits = store ? mxs_store_find(store, name, found, MXS_COUNT(found)) : 0;
    for (size_t i = 0; i < hits && *n < ANCHORS_MAX; i++) {
        bool known = false;
        for (size_t k = 0; k < *n; k++)
            known = known || mxs_bytes_equal(out[k]->der, found[i]->der);
        if (!known)
            out[(*n)++] = found[i];
    }
}

static void add_chain(struct mxs_store *store, const struct mxs_chain *chain,
                      const struct mxs_cert **out, size_t *n)
{
    for (size_t i = 0; i < chain->certs.n; i++) {
        add_anchors(store, chain->certs.v[i]->issuer_raw, out, n);
        add_anchors(store, chain->certs.v[i]->subject_raw, out, n);
    }
}

static char *roots_of(struct mxs_arena *arena, const struct mxs_future *future,
                      const struct mxs_chain *before)
{
    const struct mxs_cert *anchors[ANCHORS_MAX];
    size_t n = 0;
    add_chain(future->store, &future->session->chain, anchors, &n);
    if (before)
        add_chain(future->store, before, anchors, &n);
    for (size_t i = 0; i < n; i++) /* what stands above a trusted intermediate */
        add_anchors(future->store, anchors[i]->issuer_raw, anchors, &n);
    return pem_of(arena, anchors, n);
}

static char *crls_of(struct mxs_arena *arena, const struct mxs_whatif *w,
                     const struct mxs_future *future)
{
    struct mxs_crls crls = { { NULL, 0, 0 } };
    struct mxs_buf out;
    mxs_crls_of_future(arena, w->rebuild, future, &crls);
    mxs_buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < crls.list.n; i++)
        mxs_buf_puts(&out, mxs_crl_to_pem(arena, crls.list.v[i]));
    char *text = crls.list.n ? mxs_arena_strdup(arena, mxs_buf_str(&out)) : NULL;
    mxs_buf_fini(&out);
    return text;
}

/* --- TLSA ------------------------------------------------------------------------------------- */

static struct mxs_bytes data_of(struct mxs_arena *arena, const struct mxs_tlsa *tlsa,
                                const struct mxs_cert *cert)
{
    struct mxs_bytes whole = tlsa->selector ? cert->spki : cert->der;
    uint8_t digest[64];
    if (tlsa->matching_type == 0)
        return whole;
    if (tlsa->matching_type == 1)
        mxs_digest_sha256(whole, digest);
    else
        mxs_digest_sha512(whole, digest);
    return mxs_arena_bytes(arena, mxs_bytes(digest, tlsa->matching_type == 1 ? 32 : 64));
}

/* A record that brings its authority along (2 0 0, 2 1 0) without its being served. */
static struct mxs_bytes brought(struct mxs_arena *arena, const struct mxs_whatif *w,
                                const struct mxs_tlsa *tlsa)
{
    const struct mxs_cert *cert = NULL;
    if (tlsa->matching_type == 0 && tlsa->selector == 1)
        return mxs_rebuild_stand_in(w->rebuild, tlsa->data);
    if (tlsa->matching_type == 0 && mxs_cert_parse(arena, tlsa->data, &cert, NULL) == MXS_OK)
        cert = mxs_rebuild_anchor(w->rebuild, cert, true);
    return cert ? cert->der : tlsa->data;
}

/* The same record for the certificates that are exported: what matched a true one matches its
 * replica, what did not, still does not. */
static void add_record(struct mxs_arena *arena, const struct mxs_whatif *w,
                       const struct mxs_future *future, const struct mxs_tlsa *tlsa,
                       struct mxs_exported *out)
{
    const struct mxs_chain *chain = &future->session->chain;
    struct mxs_tlsa *record = mxs_list_add(arena, &out->tlsa);
    *record = *tlsa;
    for (size_t i = 0; i < chain->certs.n; i++)
        if (mxs_tlsa_matches(tlsa, chain->certs.v[i])) {
            record->data = data_of(arena, tlsa, chain->certs.v[i]);
            return;
        }
    if (tlsa->usage % 2 == 0 && tlsa->data.n)
        record->data = brought(arena, w, tlsa);
}

/* --- policy ----------------------------------------------------------------------------------- */

static char *policy_of(struct mxs_arena *arena, const struct mxs_future *future)
{
    const struct mxs_sts_facts *sts = &future->evidence->domain.sts;
    const char *mode = sts->has_policy ? mxs_sts_mode_name(sts->policy.mode) : NULL;
    struct mxs_buf out;
    if (!mode || !sts->policy.valid)
        return NULL;
    mxs_buf_init(&out, TEXT_MAX);
    mxs_buf_printf(&out, "version: STSv1\nmode: %s\n", mode);
    for (size_t i = 0; i < sts->policy.mx.n; i++)
        mxs_buf_printf(&out, "mx: %s\n", sts->policy.mx.v[i]);
    mxs_buf_printf(&out, "max_age: %lld\n", (long long)sts->policy.max_age);
    char *text = mxs_arena_strdup(arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}

enum mxs_err mxs_export_texts(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                              const struct mxs_future *future, const struct mxs_chain *before,
                              struct mxs_exported *out, struct mxs_why *why)
{
    const struct mxs_chain *chain = &future->session->chain;
    memset(out, 0, sizeof *out);
    if (!whatif->own_keys || mxs_rebuild_public(whatif->rebuild))
        return mxs_why_set(why, MXS_ERR_USAGE, "the keys are those that everybody has");
    if (chain->certs.n) {
        out->chain = pem_of(arena, chain->certs.v, chain->certs.n);
        out->key = mxs_rebuild_key_pem(whatif->rebuild, arena, chain->certs.v[0]);
        if (!out->key)
            return mxs_why_set(why, MXS_ERR_USAGE, "the leaf was not made here: its key is not known");
    }
    out->roots = roots_of(arena, future, before);
    out->crls = crls_of(arena, whatif, future);
    out->policy = policy_of(arena, future);
    for (size_t i = 0; i < future->host->tlsa.n; i++)
        add_record(arena, whatif, future, &future->host->tlsa.v[i], out);
    return MXS_OK;
}

/* --- files ------------------------------------------------------------------------------------ */

struct writing {
    struct mxs_arena *arena;
    const struct mxs_whatif *whatif;
    const struct mxs_overlay *overlay;
    struct mxs_strs *written;
    struct mxs_why *why;
};

static enum mxs_err make_folder(const char *path, struct mxs_why *why)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_IO, "%.200s: %s", path, strerror(errno));
}

static enum mxs_err empty_folder(const char *path, struct mxs_why *why)
{
    enum mxs_err err = make_folder(path, why);
    DIR *dir = err ? NULL : opendir(path);
    const struct dirent *entry;
    if (err)
        return err;
    if (!dir)
        return mxs_why_set(why, MXS_ERR_IO, "%.200s: %s", path, strerror(errno));
    while (!err && (entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            err = mxs_why_set(why, MXS_ERR_IO, "%.200s: not empty (%.60s is in it)", path, entry->d_name);
    closedir(dir);
    return err;
}

static enum mxs_err put(struct writing *w, const char *folder, const char *name, const char *text,
                        unsigned mode)
{
    if (!text)
        return MXS_OK;
    return mxs_file_write(mxs_arena_printf(w->arena, "%s/%s", folder, name), mxs_bytes_str(text), mode,
                          w->why);
}

static const char *tlsa_text(struct writing *w, const struct mxs_future *f,
                             const struct mxs_exported *e)
{
    const char *base = f->host->tlsa_base_domain ? f->host->tlsa_base_domain : f->host->host;
    const char *text = NULL;
    for (size_t i = 0; i < e->tlsa.n; i++)
        text = mxs_arena_printf(w->arena, "%s%s. IN TLSA %s\n", text ? text : "",
                                mxs_tlsa_owner(w->arena, f->session->port ? f->session->port : 25, base),
                                mxs_tlsa_text(w->arena, &e->tlsa.v[i]));
    return text;
}

static const char *readme(struct writing *w, const struct mxs_future *f, const char *what)
{
    const struct mxs_scenario *s = w->overlay->scenario;
    struct mxs_buf out;
    mxs_buf_init(&out, TEXT_MAX);
    mxs_buf_printf(&out, "%s: %s, %s%s%s\n", s->id, s->title, what, f->branch ? ", " : "",
                   f->branch ? f->branch : "");
    for (size_t i = 0; i < f->changes.n; i++)
        mxs_buf_printf(&out, "  %s\n", f->changes.v[i]);
    mxs_buf_printf(&out, "To be tested at %s. Simulated by mxscope with throw-away keys: for tests "
                   "only.\n", mxs_time_text(w->arena, f->at));
    const char *text = mxs_arena_strdup(w->arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}

static enum mxs_err write_future(struct writing *w, const struct mxs_future *f, const char *folder,
                                 const char *what)
{
    struct mxs_exported e;
    const char *path = mxs_arena_printf(w->arena, "%s/%s", folder, what);
    enum mxs_err err = make_folder(path, w->why);
    err = err ? err : mxs_export_texts(w->arena, w->whatif, f, &w->overlay->before.session->chain, &e,
                                       w->why);
    err = err ? err : put(w, path, "chain.pem", e.chain, 0644);
    err = err ? err : put(w, path, "key.pem", e.key, 0600);
    err = err ? err : put(w, path, "roots.pem", e.roots, 0644);
    err = err ? err : put(w, path, "crls.pem", e.crls, 0644);
    err = err ? err : put(w, path, "tlsa.txt", tlsa_text(w, f, &e), 0644);
    err = err ? err : put(w, path, "mta-sts.txt", e.policy, 0644);
    err = err ? err : put(w, path, "README", readme(w, f, what), 0644);
    if (!err && e.chain && w->written)
        *mxs_list_add(w->arena, w->written) = path;
    return err;
}

/* What was seen has no private key: the same chain under keys of ours. */
static enum mxs_err write_seen(struct writing *w, const struct mxs_future *seen, const char *folder,
                               const char *what)
{
    struct mxs_changes none = { 0 };
    struct mxs_future again;
    enum mxs_err err = mxs_overlay_changes(w->arena, w->whatif, seen, &none, &again, w->why);
    again.branch = seen->branch;
    return err ? err : write_future(w, &again, folder, what);
}

static enum mxs_err write_overlay(struct writing *w, const char *folder)
{
    const struct mxs_overlay *o = w->overlay;
    char *id = mxs_arena_strdup(w->arena, o->scenario->id);
    for (char *p = id; (p = strpbrk(p, "/.")) != NULL;)
        *p = '-';
    const char *path = mxs_arena_printf(w->arena, "%s/%s", folder, id);
    enum mxs_err err = make_folder(path, w->why);
    err = err ? err : write_seen(w, &o->before, path, "before");
    for (size_t i = 0; i < o->futures.n && !err; i++)
        err = write_seen(w, &o->futures.v[i], path,
                         o->futures.n == 1 ? "after" : mxs_arena_printf(w->arena, "after-%zu", i + 1));
    return err;
}

enum mxs_err mxs_export(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                        const struct mxs_overlay *overlays, size_t n, const char *folder,
                        struct mxs_strs *written, struct mxs_why *why)
{
    struct writing w = { .arena = arena, .whatif = whatif, .written = written, .why = why };
    enum mxs_err err = empty_folder(folder, why);
    for (size_t i = 0; i < n && !err; i++) {
        w.overlay = &overlays[i];
        if (!overlays[i].why_not)
            err = write_overlay(&w, folder);
    }
    return err;
}
