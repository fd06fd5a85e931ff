/* Addresses and TLSA records of one host, in the order of RFC 7672 2.2: addresses first, and judge/
 * says which TLSA names may be asked for. */
#include "config.h"

#include "session/dns_room.h"

#include "facts/dns_names.h"
#include "judge/dane_lookup.h"

enum { DNS_SECONDS = 15, IDLE_US = 2000000, ADDRESSES_MAX = 32 };

/* --- shared with the other stages that ask (dns_room.h) --- */

int64_t mxs_dns_deadline(const struct mxs_walk *walk)
{
    return mxs_walk_deadline(walk, DNS_SECONDS);
}

enum mxs_err mxs_dns_cancelled(struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_CANCELLED, "stopped by the operator");
}

enum mxs_err mxs_dns_wait(struct mxs_walk *walk, struct mxs_lookup *lookup)
{
    mxs_walk_waiting(walk, "DNS answer", 0);
    enum mxs_err err = mxs_lookup_wait(lookup, walk->coro, mxs_dns_deadline(walk));
    mxs_walk_waited(walk);
    return err == MXS_ERR_CANCELLED ? err : MXS_OK; /* a timeout is in the answer */
}

enum mxs_err mxs_dns_ask(struct mxs_walk *walk, const struct mxs_question *questions, size_t n,
                         struct mxs_dns_answer *answers)
{
    struct mxs_lookup *lookup =
        mxs_lookup_start(walk->resolver, walk->arena, questions, n, answers);
    enum mxs_err err = mxs_dns_wait(walk, lookup);
    mxs_lookup_free(lookup);
    return err ? err : mxs_dns_silence(walk, answers, n);
}

static const char *records(const struct mxs_walk *walk, const struct mxs_dns_answer *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->rrs.n; i++)
        n += a->rrs.v[i].type == a->qtype;
    return mxs_arena_printf(walk->arena, ", %zu record%s", n, n == 1 ? "" : "s");
}

/* What follows the security word in the one line of an answer. */
static const char *detail(const struct mxs_walk *walk, const struct mxs_dns_answer *a)
{
    if (a->security == MXS_SECURITY_ABSENT)
        return mxs_arena_printf(walk->arena, "%s, denial %s",
                                a->rcode == 3 ? ", no such name" : ", no such record",
                                a->denial_secure ? "secure" : "not signed");
    if (a->why)
        return mxs_arena_printf(walk->arena, ": %s", a->why);
    const char *alias = a->canonname ? mxs_arena_printf(walk->arena, ", alias of %s", a->canonname)
                                     : "";
    return mxs_arena_printf(walk->arena, "%s%s", records(walk, a), alias);
}

void mxs_dns_event(struct mxs_walk *walk, const struct mxs_probe *probe, const char *purpose,
                   const struct mxs_dns_answer *a, const char *host, const char *base)
{
    const char *type = mxs_dns_type_text(walk->arena, a->qtype);
    const char *denial = a->security != MXS_SECURITY_ABSENT ? NULL
                         : a->denial_secure ? "secure" : "insecure";
    mxs_walk_emit(walk, probe, MXS_EVENT_DNS, MXS_DIR_IN, a->packet,
                  MXS_ATTRS({ "qname", a->qname }, { "qtype", type }, { "purpose", purpose },
                            { "security", mxs_security_name(a->security) }, { "denial", denial },
                            { "rcode", a->rcode < 0 ? NULL
                                                    : mxs_walk_uint(walk, (unsigned)a->rcode) },
                            { "why", a->why }, { "canonname", a->canonname }, { "host", host },
                            { "base", base },
                            { "us", mxs_walk_uint(walk, (unsigned long)a->us) }),
                  "%s %s: %s%s", a->qname, type, mxs_security_name(a->security), detail(walk, a));
}

const char *mxs_dns_trouble(struct mxs_walk *walk, const struct mxs_dns_answer *a)
{
    return mxs_arena_printf(walk->arena, "%s %s: %s%s%s", a->qname,
                            mxs_dns_type_text(walk->arena, a->qtype),
                            a->security == MXS_SECURITY_BOGUS ? "bogus" : "",
                            a->security == MXS_SECURITY_BOGUS && a->why ? ": " : "",
                            a->why ? a->why : "lookup error");
}

/* --- addresses --- */

/* An address that did not validate is none (RFC 4035 5.5): nobody who validates would use it. */
static size_t address_events(struct mxs_walk *walk, const struct mxs_probe *probe,
                             const struct mxs_dns_answer *a, size_t had)
{
    size_t n = had;
    for (size_t i = 0; i < a->rrs.n && a->security != MXS_SECURITY_BOGUS; i++) {
        const char *address;
        if (a->rrs.v[i].type != a->qtype || !mxs_dns_address(walk->arena, &a->rrs.v[i], &address))
            continue;
        if (n == ADDRESSES_MAX) {
            mxs_walk_note(walk, probe, "addresses-too-many", "%s: only the first %d addresses are "
                          "looked at", probe->host, ADDRESSES_MAX);
            break;
        }
        n++;
        mxs_walk_emit(walk, probe, MXS_EVENT_ADDRESS, MXS_DIR_NONE, MXS_NO_DATA,
                      MXS_ATTRS({ "host", probe->host }, { "address", address },
                                { "security", mxs_security_name(a->security) }),
                      "%s has %s (%s)", probe->host, address, mxs_security_name(a->security));
    }
    return n;
}

/* The derived facts so far, as the evidence has them, and what the search for TLSA came to. */
static void host_event(struct mxs_walk *walk, const struct mxs_probe *probe,
                       const struct mxs_dane_plan *plan)
{
    const struct mxs_host_facts *h = mxs_evidence_host(walk->evidence, probe->host);
    mxs_walk_emit(walk, probe, MXS_EVENT_HOST, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "host", probe->host },
                            { "literal", mxs_dns_like_address(probe->host) ? "1" : NULL },
                            { "preference", mxs_walk_uint(walk, probe->preference) },
                            { "address-security", mxs_security_name(h->address_security) },
                            { "address-why", h->address_why }, { "canonname", h->canonname },
                            { "cname-security", mxs_security_name(h->cname_security) },
                            { "tlsa-base", plan->tlsa_base_domain },
                            { "tlsa-security", mxs_security_name(plan->tlsa_security) },
                            { "tlsa-why", plan->why }),
                  "%s: %s", probe->host,
                  plan->tlsa_base_domain ? "DANE applies" : plan->why ? plan->why : "no DANE");
}

/* RFC 7672 2.1.2: bogus or failed in either family, and the host counts as unreachable for those who do
 * DANE. Others may still get through by the other family: with an address the walk goes on. */
static enum mxs_err address_verdict(struct mxs_walk *walk, struct mxs_probe *probe,
                                    const struct mxs_dns_answer *answers, size_t n, size_t found,
                                    struct mxs_why *why)
{
    const struct mxs_dns_answer *bad = NULL;
    for (size_t i = 0; i < n; i++)
        if (mxs_dane_lookup_error(answers[i].security) && (!bad || bad->rcode < 0))
            bad = &answers[i];
    if (bad && !found)
        return mxs_stage_fail(walk, why, MXS_ERR_DNS,
                              bad->security == MXS_SECURITY_BOGUS ? "address-bogus"
                                                                  : "address-error",
                              "%s", mxs_dns_trouble(walk, bad));
    if (bad)
        mxs_stage_say(walk, MXS_STAGE_WARNING,
                      "%s; senders with DANE treat the host as unreachable",
                      mxs_dns_trouble(walk, bad));
    else if (!found)
        return mxs_stage_fail(walk, why, MXS_ERR_NOT_FOUND,
                              answers[0].rcode == 3 ? "host-nxdomain" : "no-address",
                              answers[0].rcode == 3 ? "%s does not exist" : "%s has no address",
                              probe->host);
    else
        mxs_stage_say(walk, MXS_STAGE_OK, "%zu address%s, %s", found, found == 1 ? "" : "es",
                      mxs_security_name(mxs_evidence_host(walk->evidence, probe->host)
                                            ->address_security));
    return MXS_OK;
}

enum mxs_err mxs_stage_address(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    /* Both, whichever family sessions are limited to: they decide about DANE together. */
    const struct mxs_question questions[] = { { probe->host, MXS_DNS_A },
                                              { probe->host, MXS_DNS_AAAA } };
    struct mxs_dns_answer answers[MXS_COUNT(questions)];
    size_t n = MXS_COUNT(questions), found = 0;
    if (mxs_dns_ask(walk, questions, n, answers))
        return mxs_dns_cancelled(why);
    for (size_t i = 0; i < n; i++) {
        mxs_dns_event(walk, probe, "address", &answers[i], probe->host, NULL);
        if (mxs_dns_opinion(walk, probe, &answers[i]))
            return mxs_dns_cancelled(why);
    }
    for (size_t i = 0; i < n; i++)
        found = address_events(walk, probe, &answers[i], found);
    enum mxs_err err = address_verdict(walk, probe, answers, n, found, why);
    if (err) { /* no TLSA stage will say it */
        const struct mxs_host_facts *h = mxs_evidence_host(walk->evidence, probe->host);
        struct mxs_dane_plan plan = mxs_dane_lookup_next(h);
        host_event(walk, probe, &plan);
    }
    return err;
}

/* --- TLSA --- */

static enum mxs_err ask_step(struct mxs_walk *walk, const struct mxs_probe *probe,
                             const struct mxs_dane_plan *plan)
{
    bool tlsa = plan->step == MXS_DANE_ASK_TLSA;
    struct mxs_question question = {
        tlsa ? mxs_tlsa_owner(walk->arena, probe->port, plan->base) : probe->host,
        tlsa ? MXS_DNS_TLSA : MXS_DNS_CNAME,
    };
    struct mxs_dns_answer answer;
    enum mxs_err err = mxs_dns_ask(walk, &question, 1, &answer);
    if (err)
        return err;
    mxs_dns_event(walk, probe, tlsa ? "tlsa" : "cname", &answer, probe->host, plan->base);
    return mxs_dns_opinion(walk, probe, &answer);
}

/* Which name it was that failed, and how. */
static const char *failed_at(struct mxs_walk *walk, const struct mxs_host_facts *host,
                             const struct mxs_dane_plan *plan)
{
    for (size_t i = 0; i < host->candidates.n; i++)
        if (mxs_dane_lookup_error(host->candidates.v[i].security))
            return mxs_arena_printf(walk->arena, "%s TLSA: %s%s", host->candidates.v[i].name,
                                    plan->tlsa_security == MXS_SECURITY_BOGUS ? "bogus: " : "",
                                    plan->why);
    return plan->why;
}

/* RFC 7672 2.2: senders do not even ask in an unsigned zone, where broken servers answer with errors.
 * Here the answer is for the operator who believes that his records count; it changes no plan, and one
 * that does not come soon is not waited for. */
static enum mxs_err look_at_insecure(struct mxs_walk *walk, const struct mxs_probe *probe)
{
    const struct mxs_host_facts *host = mxs_evidence_host(walk->evidence, probe->host);
    bool unsigned_zone = host->address_security == MXS_SECURITY_INSECURE && !host->is_address;
    struct mxs_question question = { mxs_tlsa_owner(walk->arena, probe->port, probe->host),
                                     MXS_DNS_TLSA };
    struct mxs_dns_answer answer;
    if (!walk->options->insecure_tlsa || !unsigned_zone || host->candidates.n)
        return MXS_OK;
    struct mxs_lookup *lookup =
        mxs_lookup_start(walk->resolver, walk->arena, &question, 1, &answer);
    int64_t limit = mxs_dns_deadline(walk), soon = mxs_loop_now(walk->loop) + IDLE_US;
    enum mxs_err err = mxs_lookup_wait(lookup, walk->coro, soon < limit ? soon : limit);
    mxs_lookup_free(lookup);
    if (err != MXS_ERR_CANCELLED && answer.security == MXS_SECURITY_INSECURE)
        mxs_dns_event(walk, probe, "tlsa-idle", &answer, probe->host, probe->host);
    return err == MXS_ERR_CANCELLED ? err : MXS_OK;
}

static enum mxs_err tlsa_verdict(struct mxs_walk *walk, const struct mxs_host_facts *host,
                                 const struct mxs_dane_plan *plan, struct mxs_why *why)
{
    size_t usable = 0;
    if (mxs_dane_lookup_error(plan->tlsa_security))
        return mxs_stage_fail(walk, why, MXS_ERR_DNS,
                              plan->tlsa_security == MXS_SECURITY_BOGUS ? "tlsa-bogus"
                                                                        : "tlsa-error",
                              "%s; senders with DANE treat the host as unreachable",
                              failed_at(walk, host, plan));
    if (plan->tlsa_security == MXS_SECURITY_NONE)
        return mxs_stage_skip(walk, plan->why);
    if (plan->tlsa_security != MXS_SECURITY_SECURE) {
        mxs_stage_say(walk, MXS_STAGE_OK, "%s", plan->why);
        return MXS_OK;
    }
    for (size_t i = 0; i < host->tlsa.n; i++)
        usable += host->tlsa.v[i].usable;
    mxs_stage_say(walk, usable ? MXS_STAGE_OK : MXS_STAGE_WARNING,
                  "%zu record%s, %zu usable, base domain %s", host->tlsa.n,
                  host->tlsa.n == 1 ? "" : "s", usable, plan->tlsa_base_domain);
    return MXS_OK;
}

enum mxs_err mxs_stage_tlsa(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    enum { STEPS_MAX = 4 }; /* a CNAME and two candidates at most; hostile names add none */
    const struct mxs_host_facts *host = mxs_evidence_host(walk->evidence, probe->host);
    struct mxs_dane_plan plan = mxs_dane_lookup_next(host);
    for (int i = 0; plan.step != MXS_DANE_DONE && i < STEPS_MAX; i++) {
        if (ask_step(walk, probe, &plan))
            return mxs_dns_cancelled(why);
        plan = mxs_dane_lookup_next(host);
    }
    host_event(walk, probe, &plan);
    enum mxs_err err = look_at_insecure(walk, probe);
    if (!err)
        err = mxs_zones(walk, probe, probe->host);
    if (!err && host->canonname)
        err = mxs_zones(walk, probe, host->canonname);
    return err ? mxs_dns_cancelled(why) : tlsa_verdict(walk, host, &plan, why);
}
