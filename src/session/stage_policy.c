/* The MTA-STS policy of the domain (RFC 8461 3), and per session: which expectation decides. */
#include "config.h"

#include "session/dns_room.h"

#include <string.h>

#include "facts/dns_names.h"
#include "judge/dane_lookup.h"
#include "net/policy_fetch.h"

enum { FETCH_SECONDS = 60 }; /* RFC 8461 3.3 */

/* --- the policy --- */

static enum mxs_err policy_addresses(struct mxs_walk *walk, const struct mxs_probe *probe,
                                     const char *host, struct mxs_strs *out, const char **trouble)
{
    struct mxs_question questions[] = { { host, MXS_DNS_A }, { host, MXS_DNS_AAAA } };
    struct mxs_dns_answer answers[2];
    size_t first = walk->options->family == 6, last = walk->options->family == 4 ? 1 : 2;
    if (mxs_dns_ask(walk, questions + first, last - first, answers + first))
        return MXS_ERR_CANCELLED;
    for (size_t i = first; i < last; i++) {
        const struct mxs_dns_answer *a = &answers[i];
        mxs_dns_event(walk, probe, "policy-address", a, NULL, NULL);
        if (mxs_dane_lookup_error(a->security))
            *trouble = mxs_dns_trouble(walk, a);
        for (size_t k = 0; k < a->rrs.n && a->security != MXS_SECURITY_BOGUS; k++) {
            const char *address;
            if (a->rrs.v[k].type == a->qtype &&
                mxs_dns_address(walk->arena, &a->rrs.v[k], &address))
                *mxs_list_add(walk->arena, out) = address;
        }
    }
    return MXS_OK;
}

static void policy_events(struct mxs_walk *walk, const struct mxs_probe *probe, const char *host,
                          const struct mxs_policy_answer *a)
{
    const char *status = a->status ? mxs_walk_uint(walk, (unsigned)a->status) : NULL;
    mxs_walk_emit(walk, probe, MXS_EVENT_POLICY, MXS_DIR_IN, a->body,
                  MXS_ATTRS({ "url", mxs_arena_printf(walk->arena,
                                                      "https://%s/.well-known/mta-sts.txt", host) },
                            { "status", status }, { "media-type", a->media_type },
                            { "location", a->location }, { "error", a->error },
                            { "error-id", a->error_id }, { "address", a->address }),
                  "policy of %s: %s", host, a->error ? a->error : "fetched");
    for (size_t i = 0; i < a->certificates.n; i++)
        mxs_walk_emit(walk, probe, MXS_EVENT_POLICY_CERTIFICATE, MXS_DIR_IN, a->certificates.v[i],
                      MXS_ATTRS({ "depth", mxs_walk_uint(walk, i) }),
                      "policy host's certificate %zu", i);
}

/* --connect-to moves where the policy is fetched from, not whether its host is in the DNS. */
static enum mxs_err fetch(struct mxs_walk *walk, const struct mxs_probe *probe, const char *host)
{
    struct mxs_policy_fetch_options options = { .host = host, .port = 443,
                                                .ca_file = walk->options->ca_file,
                                                .source = walk->options->source };
    struct mxs_policy_answer answer = { .status = 0 };
    const char *trouble = NULL, *address;
    enum mxs_err err = policy_addresses(walk, probe, host, &options.addresses, &trouble);
    if (err)
        return err;
    address = options.addresses.n ? options.addresses.v[0] : NULL;
    if (options.addresses.n &&
        mxs_walk_connect_to(walk, host, 443, &address, &options.port)) {
        options.addresses = (struct mxs_strs){ 0 };
        *mxs_list_add(walk->arena, &options.addresses) = address;
    }
    mxs_walk_waiting(walk, "policy", FETCH_SECONDS);
    err = mxs_policy_fetch(walk->loop, walk->coro, walk->arena, &options,
                           mxs_walk_deadline(walk, FETCH_SECONDS), &answer);
    mxs_walk_waited(walk);
    if (err)
        return err;
    if (trouble && !options.addresses.n)
        answer.error = trouble;
    policy_events(walk, probe, host, &answer);
    return MXS_OK;
}

static void say_policy(struct mxs_walk *walk)
{
    const struct mxs_sts_facts *sts = &walk->evidence->domain.sts;
    const struct mxs_sts_policy *p = &sts->policy;
    if (!sts->has_policy)
        mxs_stage_say(walk, MXS_STAGE_WARNING, "policy not fetched: %s",
                      sts->error ? sts->error : "no answer");
    else if (!p->valid)
        mxs_stage_say(walk, MXS_STAGE_WARNING, "policy not valid: %s",
                      p->faults.n ? p->faults.v[0].text : "unknown reason");
    else
        mxs_stage_say(walk, MXS_STAGE_OK, "mode %s, %zu mx pattern%s, max_age %lld s",
                      mxs_sts_mode_name(p->mode), p->mx.n, p->mx.n == 1 ? "" : "s",
                      (long long)p->max_age);
}

static const char *txt_reason(const struct mxs_sts_txt *txt)
{
    static const struct {
        const char *reason, *text;
    } rows[] = {
        { "several", "several v=STSv1 records: no policy is discovered (RFC 8461 3.1)" },
        { "no-id", "the record has no id" },
        { "bad-id", "the record's id is not 1 to 32 letters and digits" },
    };
    for (size_t i = 0; txt->reason && i < MXS_COUNT(rows); i++)
        if (strcmp(txt->reason, rows[i].reason) == 0)
            return rows[i].text;
    return "the record is not valid";
}

/* RFC 8461 3.1: what the TXT record says. Sets *go when the policy is to be fetched. */
static enum mxs_err take_txt(struct mxs_walk *walk, const struct mxs_dns_answer *answer, bool *go,
                             struct mxs_why *why)
{
    const struct mxs_sts_txt *txt = &walk->evidence->domain.sts.parsed;
    *go = false;
    if (mxs_dane_lookup_error(answer->security))
        return mxs_stage_fail(walk, why, MXS_ERR_DNS,
                              answer->security == MXS_SECURITY_BOGUS ? "sts-bogus" : "sts-error",
                              "%s", mxs_dns_trouble(walk, answer));
    if (txt->reason && strcmp(txt->reason, "none") == 0)
        return mxs_stage_skip(walk, "no MTA-STS record");
    if (!txt->valid)
        mxs_stage_say(walk, MXS_STAGE_WARNING, "%s", txt_reason(txt));
    else if (walk->options->no_policy)
        mxs_stage_say(walk, MXS_STAGE_OK, "record id %s; the policy is not fetched", txt->id);
    else
        *go = true;
    return MXS_OK;
}

/* RFC 8461 3.4: for a single host (a smart host) the host is the policy domain; an address has none. */
enum mxs_err mxs_stage_mta_sts(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    const struct mxs_dns_answer *answer;
    const char *domain = walk->target.name;
    bool go;
    if (walk->target.kind == MXS_TARGET_ADDRESS)
        return mxs_stage_skip(walk, "an address has no policy domain");
    if (!walk->ahead)
        mxs_ahead_start(walk, domain);
    if (mxs_ahead_sts(walk, probe, &answer))
        return mxs_dns_cancelled(why);
    enum mxs_err err = take_txt(walk, answer, &go, why);
    if (err == MXS_OK && go) {
        if (fetch(walk, probe, mxs_arena_printf(walk->arena, "mta-sts.%s", domain)))
            return mxs_dns_cancelled(why);
        say_policy(walk);
    }
    return mxs_ahead_rest(walk, probe) ? mxs_dns_cancelled(why) : err;
}

/* --- which expectation decides (RFC 7672 2.2, RFC 8461 2 and 5) --- */

struct expectation {
    const char *wins; /* "dane" "mta-sts" "none" "unreachable" */
    const char *text;
};

static bool any_usable(const struct mxs_host_facts *host)
{
    for (size_t i = 0; i < host->tlsa.n; i++)
        if (host->tlsa.v[i].usable)
            return true;
    return false;
}

static bool policy_names(const struct mxs_sts_policy *policy, const char *host)
{
    for (size_t i = 0; i < policy->mx.n; i++)
        if (mxs_sts_mx_match(policy->mx.v[i], host))
            return true;
    return false;
}

static struct expectation by_sts(const struct mxs_evidence *ev, const char *host)
{
    const struct mxs_sts_facts *sts = &ev->domain.sts;
    const struct mxs_sts_policy *p = &sts->policy;
    bool policy = sts->parsed.valid && sts->has_policy && p->valid;
    if (!policy || p->mode == MXS_STS_NONE || p->mode == MXS_STS_MODE_UNKNOWN)
        return (struct expectation){ "none", "no DANE, no MTA-STS: any certificate, or none" };
    if (!policy_names(p, host))
        return (struct expectation){ "mta-sts", p->mode == MXS_STS_ENFORCE
                                                    ? "MTA-STS: the policy does not name this host"
                                                    : "MTA-STS in testing: the host is not named" };
    return (struct expectation){ "mta-sts",
                                 p->mode == MXS_STS_ENFORCE
                                     ? "MTA-STS: a certificate of a public CA for this host"
                                     : "MTA-STS in testing: failures are only reported" };
}

static struct expectation expect(const struct mxs_evidence *ev, const struct mxs_probe *probe)
{
    const struct mxs_host_facts *host = mxs_evidence_host(ev, probe->host);
    if (!host || probe->literal)
        return (struct expectation){ "none", "an address: neither DANE nor MTA-STS" };
    if (mxs_dane_lookup_error(host->address_security) || mxs_dane_lookup_error(host->tlsa_security))
        return (struct expectation){ "unreachable",
                                     "the DNS failed: senders with DANE do not connect" };
    if (host->tlsa_security != MXS_SECURITY_SECURE)
        return by_sts(ev, probe->host);
    if (!any_usable(host))
        return (struct expectation){ "dane", "DANE, no usable record: TLS without authentication" };
    return (struct expectation){ "dane", "DANE: a certificate that a TLSA record names" };
}

enum mxs_err mxs_stage_policy(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    struct expectation e = expect(walk->evidence, probe);
    (void)why;
    mxs_walk_emit(walk, probe, MXS_EVENT_NOTE, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "id", "expectation" }, { "host", probe->host }, { "wins", e.wins },
                            { "sni", probe->sni }),
                  "%s; SNI %s", e.text, probe->sni ? probe->sni : "none");
    mxs_stage_say(walk, MXS_STAGE_OK, "%s", e.text);
    return MXS_OK;
}
