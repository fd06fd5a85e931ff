#include "config.h"

#include "whatif/change_rows.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool first_is(const struct mxs_change *change, const char *word)
{
    return strcmp(change->words.v[0], word) == 0;
}

static enum mxs_err server_only(const struct mxs_draft *d, struct mxs_why *why)
{
    return d->evidence->client_role
               ? mxs_draft_not(why, "it is about what a receiving server publishes")
               : MXS_OK;
}

/* --- tlsa ------------------------------------------------------------------------------------- */

static bool digits(const char *word, unsigned most, unsigned *out)
{
    *out = (unsigned)(*word - '0');
    return *word >= '0' && *word <= '9' && !word[1] && *out <= most;
}

static enum mxs_err check_records(const struct mxs_change *change, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_why inner = { MXS_OK, "" };
    enum mxs_err err = MXS_OK;
    for (size_t i = 1; i < change->words.n && !err; i++) {
        struct mxs_tlsa tlsa;
        err = mxs_tlsa_text_parse(arena, change->words.v[i], &tlsa, &inner);
        if (err)
            err = mxs_why_set(why, MXS_ERR_USAGE, "\"%.40s\" is no record as in \"3 1 1 ab12..\" (in "
                              "quotes): %s", change->words.v[i], inner.text);
    }
    mxs_arena_free(arena);
    return err;
}

MXS_CHANGE_CHECK(tlsa)
{
    size_t n = change->words.n;
    unsigned digit;
    (void)catalog;
    if (first_is(change, "remove") || first_is(change, "stale") || first_is(change, "bogus"))
        return n == 1 ? MXS_OK : mxs_change_usage(change, why);
    if ((first_is(change, "set") || first_is(change, "add")) && n > 1)
        return check_records(change, why);
    if (!first_is(change, "pins") || n < 4 || n % 3 != 1)
        return mxs_change_usage(change, why);
    for (size_t i = 1; i < n; i++)
        if (!digits(change->words.v[i], i % 3 == 1 ? 3 : i % 3 == 2 ? 1 : 2, &digit))
            return mxs_change_usage(change, why);
    return MXS_OK;
}

static enum mxs_err need_records(const struct mxs_draft *d, struct mxs_why *why)
{
    return d->host->tlsa.n ? MXS_OK
                           : mxs_draft_not(why, "%s has no TLSA record", d->host->host);
}

static enum mxs_err need_signed(const struct mxs_draft *d, struct mxs_why *why)
{
    if (d->host->is_address)
        return mxs_draft_not(why, "the target is an address: DANE does not apply");
    if (d->host->tlsa_security == MXS_SECURITY_BOGUS || d->host->tlsa_security == MXS_SECURITY_ERROR)
        return mxs_draft_not(why, "nobody can read what is published at %s", d->host->host);
    return d->host->address_security == MXS_SECURITY_SECURE
               ? MXS_OK
               : mxs_draft_not(why, "the zone of %s is not signed: TLSA records would not count",
                               d->host->host);
}

static void clear_records(struct mxs_draft *d)
{
    memset(&d->host->tlsa, 0, sizeof d->host->tlsa);
}

/* Of some other key: what stands there matches nothing that was ever served. */
static enum mxs_err stale(struct mxs_draft *d, struct mxs_why *why)
{
    enum mxs_err err = need_records(d, why);
    for (size_t i = 0; i < d->host->tlsa.n && !err; i++) {
        struct mxs_tlsa *t = &d->host->tlsa.v[i];
        uint8_t *data = mxs_arena_dup(d->arena, t->data.p, t->data.n);
        for (size_t k = t->matching_type ? 0 : t->data.n - (t->data.n > 0); k < t->data.n; k++)
            data[k] ^= 0xff;
        t->data.p = data;
    }
    if (!err)
        mxs_draft_say(d, "TLSA: records of another key");
    return err;
}

static enum mxs_err bogus(struct mxs_draft *d, struct mxs_why *why)
{
    enum mxs_err err = need_signed(d, why);
    if (err)
        return err;
    d->host->tlsa_security = MXS_SECURITY_BOGUS;
    d->host->tlsa_why = "its signature does not verify";
    if (!d->host->tlsa_base_domain)
        d->host->tlsa_base_domain = d->host->host;
    clear_records(d);
    mxs_draft_say(d, "TLSA: bogus");
    return MXS_OK;
}

static void publish(struct mxs_draft *d, const struct mxs_tlsa *tlsa)
{
    if (!d->host->tlsa_base_domain)
        d->host->tlsa_base_domain = d->host->host;
    d->host->tlsa_security = MXS_SECURITY_SECURE;
    *mxs_list_add(d->arena, &d->host->tlsa) = *tlsa;
    mxs_draft_say(d, "TLSA: %s", mxs_tlsa_text(d->arena, tlsa));
}

static enum mxs_err put_records(const struct mxs_change *change, struct mxs_draft *d,
                                struct mxs_why *why)
{
    struct mxs_tlsa tlsa;
    enum mxs_err err = need_signed(d, why);
    if (!err && first_is(change, "set"))
        clear_records(d);
    for (size_t i = 1; i < change->words.n && !err; i++) {
        err = mxs_tlsa_text_parse(d->arena, change->words.v[i], &tlsa, why);
        if (!err)
            publish(d, &tlsa);
    }
    return err;
}

/* Of what is served before the changes: usages 1 and 3 pin the leaf, 0 and 2 its issuer. */
static enum mxs_err put_pins(const struct mxs_change *change, struct mxs_draft *d,
                             struct mxs_why *why)
{
    const struct mxs_chain *chain = &d->base->session->chain;
    enum mxs_err err = need_signed(d, why);
    if (err)
        return err;
    clear_records(d);
    for (size_t i = 1; i + 2 < change->words.n; i += 3) {
        unsigned usage, selector, matching;
        digits(change->words.v[i], 3, &usage);
        digits(change->words.v[i + 1], 1, &selector);
        digits(change->words.v[i + 2], 2, &matching);
        size_t depth = usage % 2 ? 0 : 1;
        if (depth >= chain->certs.n)
            return mxs_draft_not(why, "no certificate is served that usage %u could pin", usage);
        struct mxs_tlsa tlsa = { .usage = (uint8_t)usage, .selector = (uint8_t)selector,
                                 .matching_type = (uint8_t)matching, .ttl = 3600 };
        tlsa.data = mxs_draft_association(d->arena, chain->certs.v[depth], &tlsa);
        if (!tlsa.data.n)
            return mxs_draft_not(why, "of the certificate to pin only the digests are known");
        mxs_tlsa_judge_usable(&tlsa, false);
        publish(d, &tlsa);
    }
    return MXS_OK;
}

MXS_CHANGE_APPLY(tlsa)
{
    enum mxs_err err = server_only(draft, why);
    if (err)
        return err;
    if (first_is(change, "stale"))
        return stale(draft, why);
    if (first_is(change, "bogus"))
        return bogus(draft, why);
    if (first_is(change, "pins"))
        return put_pins(change, draft, why);
    if (!first_is(change, "remove"))
        return put_records(change, draft, why);
    err = need_records(draft, why);
    if (!err) {
        clear_records(draft);
        draft->host->tlsa_security = MXS_SECURITY_ABSENT;
        mxs_draft_say(draft, "TLSA: no records");
    }
    return err;
}

/* --- policy ----------------------------------------------------------------------------------- */

static const struct mxs_name modes[] = {
    { MXS_STS_ENFORCE, "enforce" }, { MXS_STS_TESTING, "testing" }, { MXS_STS_NONE, "none" },
    { 0, NULL },
};

MXS_CHANGE_CHECK(policy)
{
    size_t n = change->words.n;
    (void)catalog;
    bool mode = first_is(change, "mode") && n == 2 && mxs_name_value(modes, change->words.v[1]) >= 0;
    bool alone = n == 1 && (first_is(change, "stale") || first_is(change, "none"));
    bool list = n > 1 && (first_is(change, "mx") || first_is(change, "add"));
    enum mxs_err err = mode || alone || list ? MXS_OK : mxs_change_usage(change, why);
    for (size_t i = 1; list && i < n && !err; i++)
        err = mxs_change_host(change->words.v[i], why);
    return err;
}

static void list_mx(struct mxs_draft *d, struct mxs_sts_policy *policy, const char *const *mx,
                    size_t n)
{
    memset(&policy->mx, 0, sizeof policy->mx);
    for (size_t i = 0; i < n; i++)
        *mxs_list_add(d->arena, &policy->mx) = mxs_ascii_lower(d->arena, mx[i]);
}

/* A policy as it would be published for this host, where there is none. */
static void have_policy(struct mxs_draft *d)
{
    struct mxs_sts_facts *sts = &d->evidence->domain.sts;
    if (sts->has_policy && sts->policy.valid && sts->parsed.valid)
        return;
    sts->parsed = (struct mxs_sts_txt){ .valid = true, .id = "1" };
    sts->fetched = sts->has_policy = true;
    sts->http_status = 200;
    sts->error = sts->error_id = NULL;
    sts->policy = (struct mxs_sts_policy){ .valid = true, .mode = MXS_STS_ENFORCE,
                                           .max_age = 604800 };
    list_mx(d, &sts->policy, &d->host->host, 1);
}

static enum mxs_err stale_policy(struct mxs_draft *d, struct mxs_why *why)
{
    struct mxs_sts_facts *sts = &d->evidence->domain.sts;
    const char *other = mxs_arena_printf(d->arena, "old-%.200s", d->host->host);
    if (!sts->has_policy && !sts->has_cached)
        return mxs_draft_not(why, "the domain has no MTA-STS policy");
    list_mx(d, &sts->policy, &other, 1);
    list_mx(d, &sts->cached, &other, 1);
    mxs_draft_say(d, "MTA-STS: the policy names %s only", other);
    return MXS_OK;
}

/* Beside the patterns that are there; "host" is the host itself. */
static enum mxs_err add_mx(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    struct mxs_sts_facts *sts = &d->evidence->domain.sts;
    struct mxs_strs mx = { NULL, 0, 0 };
    if (!sts->has_policy && !sts->has_cached)
        return mxs_draft_not(why, "the domain has no MTA-STS policy");
    const struct mxs_sts_policy *now = sts->has_policy ? &sts->policy : &sts->cached;
    bool host = c->words.n == 2 && strcmp(c->words.v[1], "host") == 0;
    for (size_t i = 0; i < now->mx.n; i++) {
        if (host && mxs_sts_mx_match(now->mx.v[i], d->host->host))
            return mxs_draft_not(why, "the policy names %s already", d->host->host);
        *mxs_list_add(d->arena, &mx) = now->mx.v[i];
    }
    for (size_t i = 1; i < c->words.n; i++)
        *mxs_list_add(d->arena, &mx) = strcmp(c->words.v[i], "host") ? c->words.v[i] : d->host->host;
    list_mx(d, &sts->policy, mx.v, mx.n);
    list_mx(d, &sts->cached, mx.v, mx.n); /* a new id makes them fetch it again (RFC 8461 3.1) */
    mxs_draft_say(d, "MTA-STS: the policy names %s too", mx.v[mx.n - 1]);
    return MXS_OK;
}

static enum mxs_err no_policy(struct mxs_draft *d, struct mxs_why *why)
{
    struct mxs_sts_facts *sts = &d->evidence->domain.sts;
    if (!sts->has_policy && !sts->has_cached)
        return mxs_draft_not(why, "the domain has no MTA-STS policy");
    sts->has_policy = sts->has_cached = sts->fetched = false;
    sts->parsed = (struct mxs_sts_txt){ .reason = "none" };
    sts->txt_security = MXS_SECURITY_ABSENT;
    mxs_draft_say(d, "MTA-STS: no policy");
    return MXS_OK;
}

MXS_CHANGE_APPLY(policy)
{
    struct mxs_sts_facts *sts = &draft->evidence->domain.sts;
    enum mxs_err err = server_only(draft, why);
    if (!err && !draft->evidence->has_domain)
        err = mxs_draft_not(why, "no domain is known whose policy it could be (--domain)");
    if (err)
        return err;
    if (first_is(change, "stale"))
        return stale_policy(draft, why);
    if (first_is(change, "none"))
        return no_policy(draft, why);
    if (first_is(change, "add"))
        return add_mx(change, draft, why);
    have_policy(draft);
    if (first_is(change, "mode"))
        sts->policy.mode = (enum mxs_sts_mode)mxs_name_value(modes, change->words.v[1]);
    else
        list_mx(draft, &sts->policy, change->words.v + 1, change->words.n - 1);
    mxs_draft_say(draft, "MTA-STS: %s", change->text);
    return MXS_OK;
}

/* --- starttls, mx, dnssec --------------------------------------------------------------------- */

MXS_CHANGE_CHECK(starttls)
{
    (void)catalog;
    return first_is(change, "absent") || first_is(change, "refused") ? MXS_OK
                                                                     : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(starttls)
{
    struct mxs_session_facts *s = draft->session;
    bool refused = first_is(change, "refused");
    enum mxs_err err = server_only(draft, why);
    if (err)
        return err;
    if (s->implicit_tls)
        return mxs_draft_not(why, "TLS begins with the first octet here, without STARTTLS");
    if (!s->has_tls)
        return mxs_draft_not(why, "there is no TLS as it is");
    s->starttls = refused ? MXS_STARTTLS_REFUSED : MXS_STARTTLS_ABSENT;
    s->starttls_reply = refused ? 454 : 0;
    s->has_tls = s->has_ehlo_tls = false;
    s->reached = refused ? MXS_STAGE_STARTTLS : MXS_STAGE_EHLO;
    s->end = MXS_END_DONE;
    memset(&s->tls, 0, sizeof s->tls);
    s->tls.client_auth.required = s->tls.client_auth.alert = -1;
    draft->prints.n = 0;
    mxs_draft_say(draft, "STARTTLS: %s", refused ? "refused with 454" : "not offered");
    return MXS_OK;
}

MXS_CHANGE_CHECK(mx)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_why inner = { MXS_OK, "" };
    const char *name;
    enum mxs_err err = MXS_OK;
    (void)catalog;
    if (!first_is(change, "rename"))
        err = mxs_change_usage(change, why);
    else if (mxs_dns_name(arena, change->words.v[1], &name, &inner) != MXS_OK)
        err = mxs_why_set(why, MXS_ERR_USAGE, "%s", inner.text);
    mxs_arena_free(arena);
    return err;
}

/* Nothing is published yet at the new name; the certificate and the policy still have the old one. */
MXS_CHANGE_APPLY(mx)
{
    struct mxs_host_facts *h = draft->host;
    struct mxs_domain_facts *domain = &draft->evidence->domain;
    enum mxs_err err = server_only(draft, why);
    const char *name = NULL, *was = h->host;
    const char *dot = strchr(was, '.'), *word = change->words.v[1];
    if (!strchr(word, '.') && dot && !h->is_address)
        word = mxs_arena_printf(draft->arena, "%s%s", word, dot);
    err = err ? err : mxs_dns_name(draft->arena, word, &name, why);
    if (err)
        return err;
    struct mxs_domain_facts fresh = *domain;
    memset(&fresh.mx, 0, sizeof fresh.mx);
    for (size_t i = 0; i < domain->mx.n; i++) {
        struct mxs_mx *mx = mxs_list_add(draft->arena, &fresh.mx);
        *mx = domain->mx.v[i];
        if (mxs_ascii_equal(mx->host, was))
            mx->host = name;
    }
    *domain = fresh;
    h->host = name;
    h->canonname = h->tlsa_alias = NULL;
    h->tlsa_base_domain = h->tlsa_base_domain ? name : NULL;
    if (h->tlsa_security != MXS_SECURITY_NONE && h->address_security == MXS_SECURITY_SECURE)
        h->tlsa_security = MXS_SECURITY_ABSENT;
    memset(&h->candidates, 0, sizeof h->candidates);
    clear_records(draft);
    draft->session->tls.sni = name;
    mxs_draft_say(draft, "the host is reached as %s", name);
    return MXS_OK;
}

MXS_CHANGE_CHECK(dnssec)
{
    (void)catalog;
    return first_is(change, "expire") || first_is(change, "unsigned") ? MXS_OK
                                                                      : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(dnssec)
{
    struct mxs_host_facts *h = draft->host;
    struct mxs_domain_facts *domain = &draft->evidence->domain;
    bool expire = first_is(change, "expire");
    enum mxs_security then = expire ? MXS_SECURITY_BOGUS : MXS_SECURITY_INSECURE;
    const char *words = expire ? "the signatures have expired" : NULL;
    enum mxs_err err = server_only(draft, why);
    bool mx = draft->evidence->has_domain && domain->mx_security == MXS_SECURITY_SECURE;
    bool address = h->address_security == MXS_SECURITY_SECURE;
    if (!err && !mx && !address)
        err = mxs_draft_not(why, "nothing here is signed with DNSSEC");
    if (err)
        return err;
    if (mx) {
        domain->mx_security = then;
        domain->mx_why = words;
    }
    if (address) {
        h->address_security = then;
        h->address_why = words;
        h->tlsa_security = h->tlsa_security == MXS_SECURITY_NONE ? MXS_SECURITY_NONE : then;
        h->tlsa_why = words;
        clear_records(draft);
    }
    mxs_draft_say(draft, expire ? "DNSSEC: the signatures have expired" : "DNSSEC: unsigned");
    return MXS_OK;
}
