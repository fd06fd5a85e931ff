#include "config.h"

#include "lab/lab_future.h"

#include "lab/lab_plan.h"

#include <string.h>

struct making {
    struct mxs_lab_plan *plan;
    const struct mxs_lab_future *future;
    struct mxs_why *why;
};

static enum mxs_err edit(const struct making *m, const char *line)
{
    return mxs_lab_plan_edit(m->plan, "future", line, m->why);
}

/* --- hosts --- */

static const char *add_certificate(const struct making *m, const char *host,
                                   const struct mxs_lab_chain *chain, const char *name)
{
    if (!chain->pem)
        return NULL;
    *mxs_list_add(m->plan->arena, &m->plan->certs) =
        (struct mxs_lab_cert_plan){ .name = name, .cn = host, .issuer = "self", .pem = chain->pem,
                                    .key_pem = chain->key };
    return name;
}

static enum mxs_err set_starttls(const struct making *m, const struct mxs_lab_future_host *h,
                                 const char *name)
{
    struct mxs_arena *arena = m->plan->arena;
    if (h->starttls == MXS_STARTTLS_REFUSED)
        return edit(m, mxs_arena_printf(arena, "host %s reply clear:STARTTLS go-on 454 4.7.0 TLS not "
                                        "available due to local problem", name));
    bool none = h->starttls == MXS_STARTTLS_ABSENT || (!h->ec.pem && !h->rsa.pem);
    return none ? edit(m, mxs_arena_printf(arena, "host %s hide STARTTLS", name)) : MXS_OK;
}

/* On loopback each has a port of its own; with the real ports each an address. */
static enum mxs_err add_host(const struct making *m, size_t i)
{
    struct mxs_arena *arena = m->plan->arena;
    const struct mxs_lab_future_host *h = &m->future->hosts.v[i];
    bool implicit = h->port == 465;
    const char *name = mxs_arena_printf(arena, "future%zu", i + 1);
    *mxs_list_add(arena, &m->plan->hosts) = (struct mxs_lab_host_plan){
        .name = name, .host = h->host, .port = implicit ? 0 : (int)h->port,
        .tls_port = implicit ? 465 : 0, .priority = "NORMAL:%COMPAT",
        .address = i ? mxs_arena_printf(arena, "127.0.0.%zu", 10 + i) : "127.0.0.1",
        .fallback = "127.0.0.1",
        .ec = add_certificate(m, h->host, &h->ec, mxs_arena_printf(arena, "%s-ec", name)),
        .rsa = add_certificate(m, h->host, &h->rsa, mxs_arena_printf(arena, "%s-rsa", name)),
    };
    return set_starttls(m, h, name);
}

static enum mxs_err add_hosts(const struct making *m)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < m->plan->hosts.n; i++)
        m->plan->hosts.v[i].off = true;
    for (size_t i = 0; i < m->future->hosts.n && !err; i++)
        err = add_host(m, i);
    return err;
}

/* --- zones --- */

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
static const char *zone_of_host(const struct making *m, const struct mxs_lab_future_host *h)
{
    const char *domain = m->future->domain;
    size_t n = strlen(h->host), k = domain ? strlen(domain) : 0;
    bool inside = k && n >= k && strcmp(h->host + n - k, domain) == 0 &&
                  (n == k || h->host[n - k - 1] == '.');
    const char *dot = strchr(h->host, '.');
    return inside ? domain : dot && strchr(dot + 1, '.') ? dot + 1 : h->host;
}

static void begin_zones(const struct making *m)
{
    const struct mxs_lab_future *f = m->future;
    if (f->domain)
        begin_zone(m, f->domain, f->unsigned_domain);
    for (size_t i = 0; i < f->hosts.n; i++) {
        const char *zone = zone_of_host(m, &f->hosts.v[i]);
        bool begun = f->domain && strcmp(zone, f->domain) == 0;
        for (size_t k = 0; k < i && !begun; k++)
            begun = strcmp(zone_of_host(m, &f->hosts.v[k]), zone) == 0;
        if (!begun)
            begin_zone(m, zone, f->hosts.v[i].is_unsigned);
        else if (f->hosts.v[i].is_unsigned)
            zone_of(m, zone)->unsigned_ = true;
    }
}

static void add_records(const struct making *m, size_t i)
{
    struct mxs_arena *arena = m->plan->arena;
    const struct mxs_lab_future *f = m->future;
    const struct mxs_lab_future_host *h = &f->hosts.v[i];
    struct mxs_lab_zone_plan *zone = zone_of(m, zone_of_host(m, h));
    bool again = false; /* another port of the same host */
    for (size_t k = 0; k < i; k++)
        again = again || strcmp(f->hosts.v[k].host, h->host) == 0;
    if (!again)
        add_line(m, zone, mxs_arena_printf(arena, "%s. {future%zu}", h->host, i + 1));
    for (size_t k = 0; k < h->tlsa.n; k++)
        add_line(m, zone, mxs_arena_printf(arena, "_%u._tcp.%s. TLSA %s", h->port, h->host,
                                           h->tlsa.v[k]));
    if (h->tlsa_bogus && !h->tlsa.n) /* what nobody could read: something whose signature is wrong */
        add_line(m, zone, mxs_arena_printf(arena, "_%u._tcp.%s. TLSA 3 1 1 {random/32}", h->port,
                                           h->host));
    if (f->domain && !again)
        add_line(m, zone_of(m, f->domain), mxs_arena_printf(arena, "%s. MX %u %s.", f->domain,
                                                            h->preference, h->host));
}

static void add_zones(const struct making *m)
{
    const struct mxs_lab_future *f = m->future;
    begin_zones(m);
    for (size_t i = 0; i < f->hosts.n; i++)
        add_records(m, i);
    if (f->domain && f->policy) {
        add_line(m, zone_of(m, f->domain), "mta-sts {policy}");
        add_line(m, zone_of(m, f->domain), "_mta-sts TXT \"v=STSv1; id=20261101T000000;\"");
    }
}

static enum mxs_err break_dns(const struct making *m)
{
    const struct mxs_lab_future *f = m->future;
    struct mxs_arena *arena = m->plan->arena;
    enum mxs_err err = MXS_OK;
    if (f->expired && f->domain)
        err = edit(m, mxs_arena_printf(arena, "dns *%s. * expired", f->domain));
    for (size_t i = 0; i < f->hosts.n && !err; i++) {
        const struct mxs_lab_future_host *h = &f->hosts.v[i];
        if (f->expired)
            err = edit(m, mxs_arena_printf(arena, "dns *%s. * expired", zone_of_host(m, h)));
        if (!err && h->tlsa_bogus)
            err = edit(m, mxs_arena_printf(arena, "dns _%u._tcp.%s. TLSA badsig", h->port, h->host));
    }
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
    enum mxs_err err = add_hosts(&m);
    add_zones(&m);
    err = err ? err : break_dns(&m);
    return err ? err : set_policy(&m);
}
