#include "config.h"

#include "lab/lab_future.h"

#include "whatif/export.h"

#include <string.h>

/* From a what-if: what its futures are served as. lab_future_plan.c makes a plan of it. */

static bool insecure(enum mxs_security security)
{
    return security == MXS_SECURITY_INSECURE || security == MXS_SECURITY_UNSUPPORTED;
}

static enum mxs_err set_domain(struct mxs_arena *arena, const struct mxs_future *f,
                               struct mxs_lab_future *out, struct mxs_why *why)
{
    const struct mxs_evidence *ev = f->evidence;
    enum mxs_security mx = ev->has_domain ? ev->domain.mx_security : MXS_SECURITY_NONE;
    out->unsigned_domain = out->unsigned_domain || insecure(mx);
    out->expired = out->expired || mx == MXS_SECURITY_BOGUS ||
                   f->host->address_security == MXS_SECURITY_BOGUS;
    return !out->domain && ev->has_domain && ev->domain.name
               ? mxs_dns_name(arena, ev->domain.name, &out->domain, why) : MXS_OK;
}

static unsigned preference_of(const struct mxs_future *f)
{
    const struct mxs_domain_facts *d = &f->evidence->domain;
    for (size_t i = 0; f->evidence->has_domain && i < d->mx.n; i++)
        if (strcmp(d->mx.v[i].host, f->host->host) == 0)
            return d->mx.v[i].preference;
    return 10;
}

static enum mxs_err find_host(struct mxs_arena *arena, const struct mxs_future *f,
                              struct mxs_lab_future *out, struct mxs_lab_future_host **found,
                              struct mxs_why *why)
{
    const char *name;
    unsigned port = f->session->port ? f->session->port : 25;
    if (f->host->is_address)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.100s is an address: the lab serves names",
                           f->host->host);
    enum mxs_err err = mxs_dns_name(arena, f->host->host, &name, why);
    for (size_t i = 0; i < out->hosts.n && !err; i++)
        if (out->hosts.v[i].port == port && strcmp(out->hosts.v[i].host, name) == 0) {
            *found = &out->hosts.v[i];
            return MXS_OK;
        }
    if (err)
        return err;
    *found = mxs_list_add(arena, &out->hosts);
    **found = (struct mxs_lab_future_host){
        .host = name, .port = port, .preference = preference_of(f), .starttls = f->session->starttls,
        .is_unsigned = insecure(f->host->address_security),
        .tlsa_bogus = f->host->tlsa_security == MXS_SECURITY_BOGUS &&
                      f->host->address_security != MXS_SECURITY_BOGUS,
    };
    return MXS_OK;
}

/* Records are made for the chain that they match: each kind of key has its own. */
static void set_tlsa(struct mxs_arena *arena, const struct mxs_future *f, const struct mxs_exported *e,
                     struct mxs_lab_future_host *host)
{
    bool first = !host->tlsa.n;
    for (size_t i = 0; i < e->tlsa.n; i++) {
        const char *text = mxs_tlsa_text(arena, &e->tlsa.v[i]);
        bool made = strcmp(text, mxs_tlsa_text(arena, &f->host->tlsa.v[i])) != 0;
        if (first)
            *mxs_list_add(arena, &host->tlsa) = text;
        else if (made && e->tlsa.n == host->tlsa.n)
            host->tlsa.v[i] = text;
    }
}

static struct mxs_lab_chain *kind_of(const struct mxs_future *f, struct mxs_lab_future_host *host)
{
    const struct mxs_chain *chain = &f->session->chain;
    return chain->certs.n && strncmp(chain->certs.v[0]->key, "RSA", 3) == 0 ? &host->rsa : &host->ec;
}

enum mxs_err mxs_lab_future_add(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                                const struct mxs_future *f, const struct mxs_chain *before,
                                struct mxs_lab_future *out, struct mxs_why *why)
{
    struct mxs_exported e;
    struct mxs_lab_future_host *host = NULL;
    enum mxs_err err = mxs_export_texts(arena, whatif, f, before, &e, why);
    bool client = f->evidence->client_role;
    err = err || client ? err : find_host(arena, f, out, &host, why);
    err = err || client ? err : set_domain(arena, f, out, why);
    if (err)
        return err;
    *(client ? &out->client : kind_of(f, host)) = (struct mxs_lab_chain){ e.chain, e.key };
    if (e.roots) /* those of several may be the same: readers take them so */
        out->roots = out->roots ? mxs_arena_printf(arena, "%s%s", out->roots, e.roots) : e.roots;
    if (!out->at || !client)
        out->at = f->at > out->at ? f->at : out->at;
    if (client)
        return MXS_OK;
    if (!out->policy && out->domain)
        out->policy = e.policy;
    set_tlsa(arena, f, &e, host);
    return MXS_OK;
}
