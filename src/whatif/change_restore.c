#include "config.h"

#include "whatif/change_rows.h"

#include "base/text.h"

#include <string.h>

/* What was in order before the scenario, put back: the other half of many remedies. */

static enum mxs_err as_before(struct mxs_why *why, const char *what)
{
    return mxs_draft_not(why, "%s as before already", what);
}

/* --- the chain --------------------------------------------------------------------------------- */

static bool stood_there(const struct mxs_chain *was, const struct mxs_cert *cert)
{
    struct mxs_cert_identity then, now;
    const uint8_t *digest = mxs_cert_identity(cert, &now)->sha256;
    for (size_t i = 1; i < was->certs.n; i++)
        if (memcmp(mxs_cert_identity(was->certs.v[i], &then)->sha256, digest, sizeof now.sha256) == 0)
            return true;
    return false;
}

/* Nothing but what stood there is served: who sends the rest too has the chain of before. Where the CA
 * issues other certificates now, nobody can. */
static bool part_of(const struct mxs_chain *was, const struct mxs_draft *d)
{
    for (size_t i = 1; i < d->prints.n; i++)
        if (!d->prints.v[i].cert || !stood_there(was, d->prints.v[i].cert))
            return false;
    return true;
}

/* The leaf as it is now, and behind it what stood there; all of it where nothing is shown. */
static void serve_again(struct mxs_draft *d, const struct mxs_chain *was)
{
    size_t from = d->prints.n ? 1 : 0;
    d->prints.n = from;
    for (size_t i = from; i < was->certs.n; i++)
        *mxs_list_add(d->arena, &d->prints) = (struct mxs_blueprint){ .cert = was->certs.v[i] };
    for (size_t i = 0; i < d->prints.n; i++) /* a replica verifies under replicas alone */
        d->remake = d->remake || (d->prints.v[i].cert && d->prints.v[i].cert->identity);
}

static enum mxs_err chain(struct mxs_draft *d, const struct mxs_future *was, struct mxs_why *why)
{
    const struct mxs_chain *served = &was->session->chain;
    if (d->prints.n && d->prints.n == served->certs.n && part_of(served, d))
        return as_before(why, "the chain is");
    if (!part_of(served, d))
        return mxs_draft_not(why, "what is served now is not of the chain that was served before");
    if (d->prints.n && served->certs.n > 1 &&
        !mxs_bytes_equal(mxs_print_issuer(&d->prints.v[0]), served->certs.v[1]->subject_raw))
        return mxs_draft_not(why, "what was served before did not sign this leaf");
    serve_again(d, served);
    mxs_draft_say(d, "served: %zu certificate%s, as before", d->prints.n, d->prints.n == 1 ? "" : "s");
    return MXS_OK;
}

/* --- STARTTLS and DNS -------------------------------------------------------------------------- */

static enum mxs_err starttls(struct mxs_draft *d, const struct mxs_future *was, struct mxs_why *why)
{
    if (d->session->has_tls || !was->session->has_tls)
        return as_before(why, "STARTTLS is");
    *d->session = *was->session;
    serve_again(d, &was->session->chain);
    mxs_draft_say(d, "STARTTLS: offered again");
    return MXS_OK;
}

/* Zones are signed again, with the records that stood in them. */
static enum mxs_err dns(struct mxs_draft *d, const struct mxs_future *was, struct mxs_why *why)
{
    struct mxs_domain_facts *domain = &d->evidence->domain;
    const struct mxs_host_facts *host = was->host;
    if (!mxs_ascii_equal(d->host->host, host->host))
        return mxs_draft_not(why, "nothing was published at the name %s", d->host->host);
    if (d->host->address_security == host->address_security &&
        d->host->tlsa_security == host->tlsa_security &&
        domain->mx_security == was->evidence->domain.mx_security)
        return as_before(why, "DNSSEC is");
    domain->mx_security = was->evidence->domain.mx_security;
    domain->mx_why = was->evidence->domain.mx_why;
    struct mxs_host_facts again = *host;
    memset(&again.sessions, 0, sizeof again.sessions);
    again.sessions = d->host->sessions;
    memset(&again.tlsa, 0, sizeof again.tlsa);
    for (size_t i = 0; i < host->tlsa.n; i++)
        *mxs_list_add(d->arena, &again.tlsa) = host->tlsa.v[i];
    *d->host = again;
    mxs_draft_say(d, "DNSSEC: signed again, with the records of before");
    return MXS_OK;
}

static const struct {
    const char *word;
    bool server; /* of a receiving server only */
    enum mxs_err (*apply)(struct mxs_draft *, const struct mxs_future *, struct mxs_why *);
} parts[] = { { "chain", false, chain }, { "starttls", true, starttls }, { "dns", true, dns } };

MXS_CHANGE_CHECK(restore)
{
    (void)catalog;
    for (size_t i = 0; i < MXS_COUNT(parts); i++)
        if (strcmp(parts[i].word, change->words.v[0]) == 0)
            return MXS_OK;
    return mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(restore)
{
    size_t i = 0;
    while (strcmp(parts[i].word, change->words.v[0]) != 0)
        i++;
    if (parts[i].server && draft->evidence->client_role)
        return mxs_draft_not(why, "it is about what a receiving server offers and publishes");
    return parts[i].apply(draft, mxs_draft_was(draft), why);
}
