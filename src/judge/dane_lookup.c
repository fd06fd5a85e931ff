#include "config.h"

#include "judge/dane_lookup.h"

#include "base/text.h"

static bool counts(enum mxs_security security)
{
    return security == MXS_SECURITY_SECURE || security == MXS_SECURITY_INSECURE ||
           security == MXS_SECURITY_UNSUPPORTED;
}

bool mxs_dane_lookup_error(enum mxs_security security)
{
    return security == MXS_SECURITY_BOGUS || security == MXS_SECURITY_ERROR;
}

static bool is_alias(const struct mxs_host_facts *host)
{
    return host->canonname && !mxs_ascii_equal(host->canonname, host->host);
}

static struct mxs_dane_plan done(const char *base, enum mxs_security security, const char *why)
{
    return (struct mxs_dane_plan){ .step = MXS_DANE_DONE, .tlsa_base_domain = base,
                                   .tlsa_security = security, .why = why };
}

static const struct mxs_tlsa_candidate *asked(const struct mxs_host_facts *host, const char *base)
{
    for (size_t i = 0; i < host->candidates.n; i++)
        if (mxs_ascii_equal(host->candidates.v[i].base_domain, base))
            return &host->candidates.v[i];
    return NULL;
}

/* RFC 7672 2.2.2: the first candidate with a secure RRset wins; an error at one ends the search; what
 * is absent or insecure there leads to the next. */
static struct mxs_dane_plan search(const struct mxs_host_facts *host, const char *const *bases,
                                   size_t n)
{
    enum mxs_security seen = MXS_SECURITY_ABSENT;
    for (size_t i = 0; i < n; i++) {
        const struct mxs_tlsa_candidate *c = asked(host, bases[i]);
        if (!c || c->security == MXS_SECURITY_NONE)
            return (struct mxs_dane_plan){ .step = MXS_DANE_ASK_TLSA, .base = bases[i] };
        if (mxs_dane_lookup_error(c->security))
            return done(NULL, c->security, c->why ? c->why : "the TLSA lookup failed");
        if (c->security == MXS_SECURITY_SECURE)
            return done(bases[i], MXS_SECURITY_SECURE, NULL);
        if (c->security != MXS_SECURITY_ABSENT && seen == MXS_SECURITY_ABSENT)
            seen = c->security;
    }
    return done(NULL, seen, seen == MXS_SECURITY_ABSENT
                                ? "no TLSA records"
                                : "the TLSA records are not protected by DNSSEC");
}

/* RFC 7672 2.1.3: `secure` is one bit for the whole expansion, so when the address is insecure the
 * first CNAME has to be asked for by itself. */
static struct mxs_dane_plan insecure_alias(const struct mxs_host_facts *host)
{
    const char *const original[] = { host->host };
    if (host->cname_security == MXS_SECURITY_NONE)
        return (struct mxs_dane_plan){ .step = MXS_DANE_ASK_CNAME };
    if (mxs_dane_lookup_error(host->cname_security))
        return done(NULL, host->cname_security, "the CNAME lookup of the alias failed");
    if (host->cname_security == MXS_SECURITY_SECURE)
        return search(host, original, 1);
    return done(NULL, MXS_SECURITY_NONE, "the alias is not protected by DNSSEC");
}

static struct mxs_dane_plan secure_address(const struct mxs_host_facts *host)
{
    const char *const bases[] = { host->canonname, host->host };
    return is_alias(host) ? search(host, bases, 2) : search(host, bases + 1, 1);
}

struct mxs_dane_plan mxs_dane_lookup_next(const struct mxs_host_facts *host)
{
    enum mxs_security address = host->address_security;
    if (host->is_address) /* RFC 7672 2.2: no name, no DANE */
        return done(NULL, MXS_SECURITY_NONE, "an address literal has no TLSA records");
    if (address == MXS_SECURITY_NONE)
        return done(NULL, MXS_SECURITY_NONE, "the address was not looked up");
    if (!counts(address)) /* 2.1.2, 2.2.2 step 1: unreachable, whatever TLSA would say */
        return done(NULL, MXS_SECURITY_NONE,
                    address == MXS_SECURITY_ABSENT ? "the host has no address"
                                                   : "the address lookup failed");
    if (address == MXS_SECURITY_SECURE)
        return secure_address(host);
    if (is_alias(host))
        return insecure_alias(host);
    /* 2.2.2: broken servers answer TLSA with errors, so it is not even asked. */
    return done(NULL, MXS_SECURITY_NONE, "the address is not protected by DNSSEC");
}
