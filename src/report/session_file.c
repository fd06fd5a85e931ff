/* A journal as a file, with the X.509 anchors that its verdicts used: replay judges alike wherever it
 * is read, without that machine's trust store. */
#include "config.h"

#include "report/report.h"

#include "journal/record.h"
#include "judge/store.h"

#include <string.h>

static void add(struct mxs_arena *arena, struct mxs_chain *list, const struct mxs_cert *anchor)
{
    for (size_t i = 0; i < list->certs.n; i++)
        if (memcmp(list->certs.v[i]->sha256, anchor->sha256, sizeof anchor->sha256) == 0)
            return;
    *mxs_list_add(arena, &list->certs) = anchor;
}

static void add_issuers(struct mxs_arena *arena, struct mxs_store *store,
                        const struct mxs_chain *chain, struct mxs_chain *out)
{
    const struct mxs_cert *found[16];
    for (size_t i = 0; i < chain->certs.n; i++) {
        size_t n = mxs_store_find(store, chain->certs.v[i]->issuer_raw, found, MXS_COUNT(found));
        for (size_t k = 0; k < n; k++)
            add(arena, out, found[k]);
    }
}

/* A client CA that is an anchor decides a finding; the first one named is enough. */
static void add_client_ca(struct mxs_arena *arena, struct mxs_store *store,
                          const struct mxs_client_auth *auth, struct mxs_chain *out)
{
    const struct mxs_cert *anchor = NULL;
    for (size_t i = 0; i < auth->acceptable_cas.n && !anchor; i++)
        anchor = mxs_store_names(store, auth->acceptable_cas.v[i]);
    if (anchor)
        add(arena, out, anchor);
}

static struct mxs_chain anchors_of(struct mxs_arena *arena, const struct mxs_evidence *ev,
                                   const struct mxs_assess_options *assess)
{
    struct mxs_chain out = { 0 };
    if (!assess->store)
        return out;
    add_issuers(arena, assess->store, &ev->domain.sts.certificate, &out);
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++) {
            const struct mxs_session_facts *s = ev->hosts.v[i]->sessions.v[k];
            add_issuers(arena, assess->store, &s->chain, &out);
            if (assess->public_roots)
                add_client_ca(arena, assess->store, &s->tls.client_auth, &out);
        }
    return out;
}

enum mxs_err mxs_report_session(const char *path, const struct mxs_journal *journal,
                                const struct mxs_evidence *evidence,
                                const struct mxs_assess_options *assess,
                                const struct mxs_strs *words, const char *catalog,
                                struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_record_header header = {
        .version = PACKAGE_VERSION,
        .target = evidence->target,
        .started = mxs_journal_started(journal),
        .at = assess->at,
        .catalog = catalog,
        .options = *words,
        .anchors = anchors_of(arena, evidence, assess),
        .public_roots = assess->public_roots,
    };
    enum mxs_err err = mxs_record_write(path, &header, journal, why);
    mxs_arena_free(arena);
    return err;
}
