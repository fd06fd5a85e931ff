/* The operator's own resolver, beside our verdict. Its AD flag is what Postfix and Exim go by, its
 * extended errors are often the better explanation; it may lack validation, or be wrong. */
#include "config.h"

#include "session/dns_room.h"

#include "base/text.h"
#include "facts/dns_names.h"
#include "judge/dane_lookup.h"
#include "net/stub.h"

enum { OPINIONS_MAX = 6, OPINION_US = 3000000 };

static bool wanted(const struct mxs_walk *walk, const struct mxs_dns_answer *answer)
{
    size_t n = walk->evidence->resolver_views.n;
    if (n >= OPINIONS_MAX)
        return false;
    if (answer->why && (mxs_ascii_prefix(answer->why, MXS_DNS_UNAVAILABLE) ||
                        mxs_ascii_prefix(answer->why, MXS_DNS_SILENT)))
        return false; /* it says enough */
    if (mxs_dane_lookup_error(answer->security))
        return answer->rcode >= 0; /* else nobody answered us, and nobody will */
    return n == 0 && answer->qtype == MXS_DNS_TLSA && answer->security == MXS_SECURITY_SECURE;
}

static bool find_server(const struct mxs_walk *walk, struct mxs_endpoint *server)
{
    if (walk->options->resolver)
        return mxs_endpoint_parse(walk->options->resolver, 53, server, NULL) == MXS_OK;
    return mxs_endpoint_resolv_conf(NULL, server, NULL) == MXS_OK;
}

/* "6 DNSSEC Bogus: text; 9 DNSKEY Missing"; NULL when there is none. */
static const char *ede_text(struct mxs_arena *arena, const struct mxs_stub_answer *a)
{
    const char *text = NULL;
    for (size_t i = 0; i < a->ede.n && i < 4; i++) {
        const struct mxs_ede *e = &a->ede.v[i];
        const char *name = mxs_dns_ede_name(e->code);
        text = mxs_arena_printf(arena, "%s%s%u %s%s%s", text ? text : "", text ? "; " : "", e->code,
                                name ? name : "unknown", *e->text ? ": " : "", e->text);
    }
    return text;
}

static void opinion_event(struct mxs_walk *walk, const struct mxs_probe *probe,
                          const struct mxs_dns_answer *ours, const struct mxs_stub_question *q,
                          const struct mxs_stub_answer *a, const char *why)
{
    const char *resolver = mxs_endpoint_text(walk->arena, &q->server);
    const char *type = mxs_dns_type_text(walk->arena, ours->qtype);
    const char *ede = ede_text(walk->arena, a), *rcode = mxs_dns_rcode_name(a->dns.rcode);
    const char *says = why /* it begins with the address */
                           ? why
                           : mxs_arena_printf(walk->arena, "%s: %s%s%s%s", resolver,
                                              rcode ? rcode : "unknown rcode",
                                              a->authentic ? ", AD" : ", no AD",
                                              ede ? ", EDE " : "", ede ? ede : "");
    mxs_walk_emit(walk, probe, MXS_EVENT_DNS, MXS_DIR_IN, a->dns.packet,
                  MXS_ATTRS({ "qname", ours->qname }, { "qtype", type }, { "purpose", "resolver" },
                            { "resolver", resolver }, { "ours", mxs_security_name(ours->security) },
                            { "rcode", why ? NULL
                                           : mxs_walk_uint(walk, (unsigned)a->dns.rcode) },
                            { "ad", why ? NULL : a->authentic ? "1" : "0" }, { "ede", ede },
                            { "why", why },
                            { "us", mxs_walk_uint(walk, (unsigned long)a->dns.us) }),
                  "%s %s by %s", ours->qname, type, says);
}

/* Bogus is an answer; so is SERVFAIL, where it came from the resolver and not from libunbound's own
 * despair, and that looks the same. */
static bool heard(const struct mxs_dns_answer *a)
{
    return a->security != MXS_SECURITY_ERROR || (a->rcode > 0 && a->rcode != 2) ||
           (a->why && mxs_ascii_prefix(a->why, MXS_DNS_UNAVAILABLE));
}

static enum mxs_err ask(struct mxs_walk *walk, const struct mxs_stub_question *q,
                        struct mxs_stub_answer *a, struct mxs_why *why)
{
    int64_t deadline = mxs_loop_now(walk->loop) + OPINION_US, limit = mxs_dns_deadline(walk);
    mxs_walk_waiting(walk, "the resolver's own answer", 0);
    enum mxs_err err = mxs_stub_ask(walk->loop, walk->coro, walk->arena, q,
                                    deadline < limit ? deadline : limit, a, why);
    mxs_walk_waited(walk);
    return err;
}

/* There is always a root zone: a resolver that cannot answer for it has lost its network, or does not
 * serve us. Why; NULL: it answers. */
static const char *cut_off(struct mxs_arena *arena, const struct mxs_endpoint *server,
                           const struct mxs_stub_answer *a)
{
    const char *rcode = mxs_dns_rcode_name(a->dns.rcode);
    if (a->dns.rcode == 0)
        return NULL;
    return mxs_arena_printf(arena, "%s: %s", mxs_endpoint_text(arena, server),
                            rcode ? rcode : "unknown rcode");
}

enum mxs_err mxs_dns_silence(struct mxs_walk *walk, struct mxs_dns_answer *answers, size_t n)
{
    struct mxs_stub_question q = { .name = ".", .type = MXS_DNS_NS, .recursion = true };
    struct mxs_stub_answer a;
    struct mxs_why why = { MXS_OK, "" };
    for (size_t i = 0; i < n; i++)
        walk->dns_heard = walk->dns_heard || heard(&answers[i]);
    if (!walk->dns_heard && !walk->dns_silent && find_server(walk, &q.server)) {
        enum mxs_err err = ask(walk, &q, &a, &why);
        if (err == MXS_ERR_CANCELLED)
            return err;
        const char *trouble = err ? why.text : cut_off(walk->arena, &q.server, &a);
        if (trouble)
            walk->dns_silent = mxs_arena_printf(walk->arena, MXS_DNS_SILENT "%s", trouble);
        walk->dns_heard = !trouble;
    }
    for (size_t i = 0; i < n && !walk->dns_heard && walk->dns_silent; i++)
        answers[i].why = walk->dns_silent;
    return MXS_OK;
}

enum mxs_err mxs_dns_opinion(struct mxs_walk *walk, const struct mxs_probe *probe,
                             const struct mxs_dns_answer *answer)
{
    struct mxs_stub_question q = { .name = answer->qname, .type = answer->qtype,
                                   .recursion = true, .authentic = true, .dnssec = true };
    struct mxs_stub_answer a;
    struct mxs_why why = { MXS_OK, "" };
    if (!wanted(walk, answer) || !find_server(walk, &q.server))
        return MXS_OK;
    enum mxs_err err = ask(walk, &q, &a, &why);
    if (err == MXS_ERR_CANCELLED)
        return err;
    opinion_event(walk, probe, answer, &q, &a, err ? why.text : NULL);
    return MXS_OK;
}
