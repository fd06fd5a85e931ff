#include "config.h"

#include "lab/lab_future.h"

#include "lab/lab_plan.h"
#include "whatif/export.h"

#include <string.h>

/* --- from a what-if --------------------------------------------------------------------------- */

static enum mxs_err set_names(struct mxs_arena *arena, const struct mxs_future *f,
                              struct mxs_lab_future *out, struct mxs_why *why)
{
    const struct mxs_domain_facts *domain = &f->evidence->domain;
    if (f->evidence->client_role)
        return mxs_why_set(why, MXS_ERR_USAGE, "this is the certificate of a sending server: mxscope "
                           "whatif --export writes it for one");
    if (f->host->is_address)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.100s is an address: the lab serves names",
                           f->host->host);
    enum mxs_err err = mxs_dns_name(arena, f->host->host, &out->host, why);
    if (!err && f->evidence->has_domain && domain->name)
        err = mxs_dns_name(arena, domain->name, &out->domain, why);
    return err;
}

static bool insecure(enum mxs_security security)
{
    return security == MXS_SECURITY_INSECURE || security == MXS_SECURITY_UNSUPPORTED;
}

static void set_dns(const struct mxs_future *f, struct mxs_lab_future *out)
{
    enum mxs_security mx = f->evidence->has_domain ? f->evidence->domain.mx_security
                                                   : MXS_SECURITY_NONE;
    enum mxs_security address = f->host->address_security;
    out->unsigned_host = insecure(address);
    out->unsigned_domain = insecure(mx);
    out->expired = mx == MXS_SECURITY_BOGUS || address == MXS_SECURITY_BOGUS;
    out->tlsa_bogus = !out->expired && f->host->tlsa_security == MXS_SECURITY_BOGUS;
}

enum mxs_err mxs_lab_future_of(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                               const struct mxs_future *f, const struct mxs_chain *before,
                               struct mxs_lab_future *out, struct mxs_why *why)
{
    struct mxs_exported e;
    *out = (struct mxs_lab_future){ .port = f->session->port ? f->session->port : 25,
                                    .starttls = f->session->starttls, .at = f->at };
    enum mxs_err err = set_names(arena, f, out, why);
    err = err ? err : mxs_export_texts(arena, whatif, f, before, &e, why);
    if (err)
        return err;
    out->chain = e.chain;
    out->key = e.key;
    out->roots = e.roots;
    out->policy = out->domain ? e.policy : NULL;
    for (size_t i = 0; i < e.tlsa.n; i++)
        *mxs_list_add(arena, &out->tlsa) = mxs_tlsa_text(arena, &e.tlsa.v[i]);
    set_dns(f, out);
    return MXS_OK;
}

/* --- into a plan ------------------------------------------------------------------------------ */

struct making {
    struct mxs_lab_plan *plan;
    const struct mxs_lab_future *future;
    struct mxs_why *why;
};

static enum mxs_err edit(const struct making *m, const char *line)
{
    return mxs_lab_plan_edit(m->plan, "future", line, m->why);
}

static void add_certificate(const struct making *m)
{
    if (m->future->chain)
        *mxs_list_add(m->plan->arena, &m->plan->certs) =
            (struct mxs_lab_cert_plan){ .name = "future", .cn = m->future->host, .issuer = "self",
                                        .pem = m->future->chain, .key_pem = m->future->key };
}

static void add_host(const struct making *m)
{
    bool implicit = m->future->port == 465;
    for (size_t i = 0; i < m->plan->hosts.n; i++)
        m->plan->hosts.v[i].off = true;
    *mxs_list_add(m->plan->arena, &m->plan->hosts) = (struct mxs_lab_host_plan){
        .name = "future", .host = m->future->host, .port = implicit ? 0 : (int)m->future->port,
        .tls_port = implicit ? 465 : 0, .address = "127.0.0.1", .priority = "NORMAL:%COMPAT",
        .ec = m->future->chain ? "future" : NULL,
    };
}

static enum mxs_err set_starttls(const struct making *m)
{
    if (m->future->starttls == MXS_STARTTLS_REFUSED)
        return edit(m, "host future reply clear:STARTTLS go-on 454 4.7.0 TLS not available due to local "
                       "problem");
    bool none = m->future->starttls == MXS_STARTTLS_ABSENT || !m->future->chain;
    return none ? edit(m, "host future hide STARTTLS") : MXS_OK;
}

static struct mxs_lab_zone_plan *zone_of(const struct making *m, const char *name)
{
    const char *absolute = mxs_arena_printf(m->plan->arena, "%s.", name);
    for (size_t i = 0; i < m->plan->zones.n; i++)
        if (strcmp(m->plan->zones.v[i].name, absolute) == 0)
            return &m->plan->zones.v[i];
    struct mxs_lab_zone_plan *zone = mxs_list_add(m->plan->arena, &m->plan->zones);
    *zone = (struct mxs_lab_zone_plan){ .name = absolute };
    *mxs_list_add(m->plan->arena, &zone->lines) = "@ NS ns.lab.test.";
    return zone;
}

/* A recorded session may be one of the lab itself: then only the name server stays in its zone. */
static void begin_zone(const struct making *m, const char *name, bool unsigned_)
{
    struct mxs_lab_zone_plan *zone = zone_of(m, name);
    size_t kept = 0;
    for (size_t i = 0; i < zone->lines.n; i++)
        if (strncmp(zone->lines.v[i], "@ NS ", 5) == 0 || strncmp(zone->lines.v[i], "ns ", 3) == 0)
            zone->lines.v[kept++] = zone->lines.v[i];
    zone->lines.n = kept;
    zone->unsigned_ = unsigned_;
}

static void add_line(const struct making *m, struct mxs_lab_zone_plan *zone, const char *line)
{
    *mxs_list_add(m->plan->arena, &zone->lines) = line;
}

/* The domain's own zone where the host is in it; else what stands behind the host's first label. */
static const char *zone_of_host(const struct mxs_lab_future *f)
{
    size_t n = strlen(f->host), k = f->domain ? strlen(f->domain) : 0;
    bool inside = k && n >= k && strcmp(f->host + n - k, f->domain) == 0 &&
                  (n == k || f->host[n - k - 1] == '.');
    const char *dot = strchr(f->host, '.');
    return inside ? f->domain : dot && strchr(dot + 1, '.') ? dot + 1 : f->host;
}

static void add_zones(const struct making *m)
{
    struct mxs_arena *arena = m->plan->arena;
    const struct mxs_lab_future *f = m->future;
    if (f->domain)
        begin_zone(m, f->domain, f->unsigned_domain);
    begin_zone(m, zone_of_host(f), f->unsigned_host);
    if (f->domain) {
        struct mxs_lab_zone_plan *zone = zone_of(m, f->domain);
        add_line(m, zone, mxs_arena_printf(arena, "%s. MX 10 %s.", f->domain, f->host));
        if (f->policy) {
            add_line(m, zone, "mta-sts {policy}");
            add_line(m, zone, "_mta-sts TXT \"v=STSv1; id=20261101T000000;\"");
        }
    }
    struct mxs_lab_zone_plan *zone = zone_of(m, zone_of_host(f));
    add_line(m, zone, mxs_arena_printf(arena, "%s. {future}", f->host));
    for (size_t i = 0; i < f->tlsa.n; i++)
        add_line(m, zone, mxs_arena_printf(arena, "_%u._tcp.%s. TLSA %s", f->port, f->host,
                                           f->tlsa.v[i]));
    if (f->tlsa_bogus && !f->tlsa.n) /* what nobody could read: something whose signature is wrong */
        add_line(m, zone, mxs_arena_printf(arena, "_%u._tcp.%s. TLSA 3 1 1 {random/32}", f->port,
                                           f->host));
}

static enum mxs_err break_dns(const struct making *m)
{
    const struct mxs_lab_future *f = m->future;
    struct mxs_arena *arena = m->plan->arena;
    enum mxs_err err = MXS_OK;
    if (f->expired && f->domain)
        err = edit(m, mxs_arena_printf(arena, "dns *%s. * expired", f->domain));
    if (f->expired && !err)
        err = edit(m, mxs_arena_printf(arena, "dns *%s. * expired", zone_of_host(f)));
    if (f->tlsa_bogus)
        err = edit(m, mxs_arena_printf(arena, "dns _%u._tcp.%s. TLSA badsig", f->port, f->host));
    return err;
}

static enum mxs_err set_policy(const struct making *m)
{
    struct mxs_arena *arena = m->plan->arena;
    struct mxs_lab_host_plan *host = mxs_lab_plan_host(m->plan, "policy");
    if (!m->future->policy)
        return MXS_OK;
    host->off = false;
    host->host = mxs_arena_printf(arena, "mta-sts.%s", m->future->domain);
    m->plan->policy.body = m->future->policy;
    enum mxs_err err = edit(m, mxs_arena_printf(arena, "cert policy-ec cn %s", host->host));
    return err ? err : edit(m, mxs_arena_printf(arena, "cert policy-ec dns %s", host->host));
}

enum mxs_err mxs_lab_plan_future(struct mxs_lab_plan *plan, const struct mxs_lab_future *future,
                                 struct mxs_why *why)
{
    struct making m = { plan, future, why };
    add_certificate(&m);
    add_host(&m);
    add_zones(&m);
    enum mxs_err err = set_starttls(&m);
    err = err ? err : break_dns(&m);
    return err ? err : set_policy(&m);
}
