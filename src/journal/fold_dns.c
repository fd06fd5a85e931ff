#include "config.h"

#include "journal/fold_room.h"

#include "base/text.h"

#include <string.h>

/* What DNS_TYPE numbers the evidence reads (IANA). */
enum { TYPE_TXT = 16, TYPE_TLSA = 52, TYPE_CAA = 257 };

/* Records that one RRset may add; RFC 7672 10.1.3 speaks of dozens at most. */
enum { RECORDS_MAX = 2000 };

static const char *attr_dup(struct mxs_evidence *ev, const struct mxs_event *event, const char *name)
{
    return mxs_arena_strdup(ev->arena, mxs_event_attr(event, name));
}

static enum mxs_security attr_security(const struct mxs_event *event, const char *name)
{
    const char *value = mxs_event_attr(event, name);
    return value ? mxs_security_parse(value) : MXS_SECURITY_NONE;
}

/* What an answer brings beside its packet. */
struct answer {
    const struct mxs_event *event;
    struct mxs_host_facts *host;
    enum mxs_security security;
    struct mxs_dns_answer dns; /* rrs and canonname; empty when there is no packet */
};

static void answer_mx(struct mxs_evidence *ev, const struct answer *a)
{
    ev->domain.mx_security = a->security;
    ev->domain.mx_why = attr_dup(ev, a->event, "why");
    ev->domain.canonname = a->dns.canonname;
    ev->domain.mx_ttl = a->dns.ttl;
}

static void answer_address(struct mxs_evidence *ev, const struct answer *a)
{
    if (!a->host)
        return;
    a->host->address_security = mxs_security_both(a->host->address_security, a->security);
    if (a->host->address_security == a->security && mxs_event_attr(a->event, "why"))
        a->host->address_why = attr_dup(ev, a->event, "why");
    if (a->dns.canonname)
        a->host->canonname = a->dns.canonname;
}

static void answer_cname(struct mxs_evidence *ev, const struct answer *a)
{
    (void)ev;
    if (a->host)
        a->host->cname_security = a->security;
}

static void tlsa_records(struct mxs_evidence *ev, struct mxs_host_facts *host,
                         const struct mxs_dns_answer *dns)
{
    host->tlsa.n = 0;
    for (size_t i = 0; i < dns->rrs.n && host->tlsa.n < RECORDS_MAX; i++) {
        struct mxs_tlsa tlsa = { 0 };
        if (dns->rrs.v[i].type == TYPE_TLSA && mxs_tlsa_parse(ev->arena, &dns->rrs.v[i], &tlsa))
            *mxs_list_add(ev->arena, &host->tlsa) = tlsa;
    }
}

/* The records kept are those of the first secure RRset (RFC 7672 2.2.2), before that the last seen:
 * a report shows insecure ones too. */
static void answer_tlsa(struct mxs_evidence *ev, const struct answer *a)
{
    bool had_secure = false;
    if (!a->host || a->host->candidates.n >= RECORDS_MAX)
        return;
    for (size_t i = 0; i < a->host->candidates.n; i++)
        had_secure |= a->host->candidates.v[i].security == MXS_SECURITY_SECURE;
    *mxs_list_add(ev->arena, &a->host->candidates) = (struct mxs_tlsa_candidate){
        .name = attr_dup(ev, a->event, "qname"),
        .base_domain = attr_dup(ev, a->event, "base"),
        .security = a->security,
        .why = attr_dup(ev, a->event, "why"),
        .seq = a->event->seq,
    };
    if (!had_secure && a->dns.rrs.n)
        tlsa_records(ev, a->host, &a->dns);
    if (!had_secure)
        a->host->tlsa_alias = a->dns.canonname;
    if (!had_secure && a->event->data.n)
        a->host->tlsa_ttl = mxs_dns_kept(ev->arena, a->event->data);
}

/* No candidate, no security state: nothing that a judge looks at. */
static void answer_idle(struct mxs_evidence *ev, const struct answer *a)
{
    for (size_t i = 0; a->host && i < a->dns.rrs.n && a->host->idle_tlsa.n < RECORDS_MAX; i++) {
        struct mxs_tlsa tlsa = { 0 };
        if (a->dns.rrs.v[i].type != TYPE_TLSA || !mxs_tlsa_parse(ev->arena, &a->dns.rrs.v[i], &tlsa))
            continue;
        tlsa.usable = false;
        tlsa.unusable_reason = "its zone is not signed (RFC 7672 2.2)";
        a->host->idle_seq = a->event->seq;
        *mxs_list_add(ev->arena, &a->host->idle_tlsa) = tlsa;
    }
}

typedef MXS_LIST(struct mxs_bytes) bytes_list;

/* The TXT records of an answer as bytes, and sanitised into texts. */
static void txt_records(struct mxs_evidence *ev, const struct mxs_dns_answer *dns, bytes_list *raw,
                        struct mxs_strs *texts)
{
    texts->n = 0;
    for (size_t i = 0; i < dns->rrs.n && raw->n < RECORDS_MAX; i++) {
        struct mxs_bytes joined;
        if (dns->rrs.v[i].type != TYPE_TXT || !mxs_dns_txt(ev->arena, &dns->rrs.v[i], &joined))
            continue;
        *mxs_list_add(ev->arena, raw) = joined;
        *mxs_list_add(ev->arena, texts) = mxs_text_clip(ev->arena, joined, 4096);
    }
}

static void answer_sts(struct mxs_evidence *ev, const struct answer *a)
{
    bytes_list raw = { 0 };
    txt_records(ev, &a->dns, &raw, &ev->domain.sts.txt);
    ev->domain.sts.txt_security = a->security;
    mxs_sts_txt_parse(ev->arena, raw.v, raw.n, &ev->domain.sts.parsed);
}

static void answer_tlsrpt(struct mxs_evidence *ev, const struct answer *a)
{
    bytes_list raw = { 0 };
    txt_records(ev, &a->dns, &raw, &ev->domain.tlsrpt_txt);
    mxs_tlsrpt_parse(ev->arena, raw.v, raw.n, &ev->domain.tlsrpt);
}

static void answer_caa(struct mxs_evidence *ev, const struct answer *a)
{
    ev->domain.caa.n = 0;
    for (size_t i = 0; i < a->dns.rrs.n && i < RECORDS_MAX; i++) {
        const char *text;
        if (a->dns.rrs.v[i].type == TYPE_CAA && mxs_dns_caa(ev->arena, &a->dns.rrs.v[i], &text))
            *mxs_list_add(ev->arena, &ev->domain.caa) = text;
    }
}

static struct mxs_zone_cut *zone(struct mxs_evidence *ev, const struct mxs_event *event)
{
    const char *name = mxs_event_attr(event, "qname");
    for (size_t i = 0; name && i < ev->zones.n; i++)
        if (strcmp(ev->zones.v[i].zone, name) == 0)
            return &ev->zones.v[i];
    if (!name || ev->zones.n >= MXS_FOLD_HOSTS_MAX)
        return NULL;
    struct mxs_zone_cut *cut = mxs_list_add(ev->arena, &ev->zones);
    *cut = (struct mxs_zone_cut){ .zone = mxs_arena_strdup(ev->arena, name) };
    return cut;
}

static void answer_ds(struct mxs_evidence *ev, const struct answer *a)
{
    struct mxs_zone_cut *cut = zone(ev, a->event);
    if (cut) {
        cut->ds_security = a->security;
        cut->ds_seq = a->event->seq;
    }
}

static void answer_dnskey(struct mxs_evidence *ev, const struct answer *a)
{
    struct mxs_zone_cut *cut = zone(ev, a->event);
    if (cut) {
        cut->dnskey_security = a->security;
        cut->dnskey_seq = a->event->seq;
    }
}

static void answer_resolver(struct mxs_evidence *ev, const struct answer *a)
{
    if (ev->resolver_views.n >= MXS_FOLD_HOSTS_MAX)
        return;
    *mxs_list_add(ev->arena, &ev->resolver_views) = (struct mxs_resolver_view){
        .resolver = attr_dup(ev, a->event, "resolver"),
        .qname = attr_dup(ev, a->event, "qname"),
        .qtype = attr_dup(ev, a->event, "qtype"),
        .ours = attr_security(a->event, "ours"),
        .rcode = (int)mxs_event_attr_int(a->event, "rcode", -1),
        .ad = mxs_event_attr_int(a->event, "ad", 0) == 1,
        .ede = attr_dup(ev, a->event, "ede"),
        .why = attr_dup(ev, a->event, "why"),
        .seq = a->event->seq,
    };
}

static struct mxs_signature_end *end_of(struct mxs_evidence *ev, const char *signer,
                                        enum mxs_security security)
{
    for (size_t i = 0; i < ev->signature_ends.n; i++)
        if (ev->signature_ends.v[i].security == security &&
            strcmp(ev->signature_ends.v[i].signer, signer) == 0)
            return &ev->signature_ends.v[i];
    if (ev->signature_ends.n >= MXS_FOLD_HOSTS_MAX)
        return NULL;
    struct mxs_signature_end *end = mxs_list_add(ev->arena, &ev->signature_ends);
    *end = (struct mxs_signature_end){ .signer = mxs_arena_strdup(ev->arena, signer),
                                       .security = security, .expiration = INT64_MAX };
    return end;
}

/* RFC 4034 3.1.5: what ends first is what a zone's signer has to renew next. */
static void note_signatures(struct mxs_evidence *ev, const struct answer *a)
{
    bool judged = a->security == MXS_SECURITY_SECURE || a->security == MXS_SECURITY_BOGUS;
    if (!judged || !a->event->data.n)
        return;
    struct mxs_arena *scratch = mxs_arena_new();
    struct mxs_dns_rrsigs sigs = mxs_dns_signatures(scratch, a->event->data);
    for (size_t i = 0; i < sigs.n && i < RECORDS_MAX; i++) {
        const struct mxs_dns_rrsig *s = &sigs.v[i];
        struct mxs_signature_end *end = end_of(ev, s->signer, a->security);
        if (!end || s->expiration >= end->expiration)
            continue;
        end->owner = mxs_arena_strdup(ev->arena, s->owner);
        end->type = s->type_covered;
        end->inception = s->inception;
        end->expiration = s->expiration;
        end->seq = a->event->seq;
    }
    mxs_arena_free(scratch);
}

static const struct {
    const char *purpose;
    void (*fn)(struct mxs_evidence *ev, const struct answer *a);
} purposes[] = {
    { "mx", answer_mx },         { "address", answer_address }, { "cname", answer_cname },
    { "tlsa", answer_tlsa },     { "sts", answer_sts },         { "tlsrpt", answer_tlsrpt },
    { "caa", answer_caa },       { "ds", answer_ds },           { "dnskey", answer_dnskey },
    { "resolver", answer_resolver }, { "tlsa-idle", answer_idle },
};

void mxs_fold_dns(struct mxs_evidence *ev, const struct mxs_event *event)
{
    const char *purpose = mxs_event_attr(event, "purpose");
    struct answer a = { .event = event, .security = attr_security(event, "security") };
    for (size_t i = 0; purpose && i < MXS_COUNT(purposes); i++) {
        if (strcmp(purposes[i].purpose, purpose) != 0)
            continue;
        if (event->data.n && mxs_dns_parse(ev->arena, event->data, &a.dns) != MXS_OK)
            a.dns = (struct mxs_dns_answer){ 0 };
        if (mxs_event_attr(event, "canonname"))
            a.dns.canonname = attr_dup(ev, event, "canonname");
        a.host = mxs_fold_host(ev, mxs_event_attr(event, "host"));
        purposes[i].fn(ev, &a);
        note_signatures(ev, &a);
        return;
    }
}

void mxs_fold_mx(struct mxs_evidence *ev, const struct mxs_event *event)
{
    struct mxs_host_facts *host = mxs_fold_host(ev, mxs_event_attr(event, "host"));
    if (!host)
        return;
    for (size_t i = 0; i < ev->domain.mx.n; i++)
        if (strcmp(ev->domain.mx.v[i].host, host->host) == 0)
            return;
    host->preference = (unsigned)mxs_event_attr_int(event, "preference", 0);
    ev->domain.implicit_mx |= mxs_event_attr_int(event, "implicit", 0) == 1;
    *mxs_list_add(ev->arena, &ev->domain.mx) = (struct mxs_mx){ host->host, host->preference };
}

void mxs_fold_null_mx(struct mxs_evidence *ev, const struct mxs_event *event)
{
    (void)event;
    ev->domain.null_mx = true;
}

/* The walk's own conclusion; it wins over what the answers said one by one. */
void mxs_fold_host_facts(struct mxs_evidence *ev, const struct mxs_event *event)
{
    struct mxs_host_facts *host = mxs_fold_host(ev, mxs_event_attr(event, "host"));
    if (!host)
        return;
    host->preference = (unsigned)mxs_event_attr_int(event, "preference", host->preference);
    host->is_address = mxs_event_attr_int(event, "literal", 0) == 1;
    host->address_security = attr_security(event, "address-security");
    host->address_why = attr_dup(ev, event, "address-why");
    host->canonname = attr_dup(ev, event, "canonname");
    host->cname_security = attr_security(event, "cname-security");
    host->tlsa_base_domain = attr_dup(ev, event, "tlsa-base");
    host->tlsa_security = attr_security(event, "tlsa-security");
    host->tlsa_why = attr_dup(ev, event, "tlsa-why");
}

void mxs_fold_address(struct mxs_evidence *ev, const struct mxs_event *event)
{
    struct mxs_host_facts *host = mxs_fold_host(ev, mxs_event_attr(event, "host"));
    const char *address = mxs_event_attr(event, "address");
    if (!host || !address || host->addresses.n >= MXS_FOLD_HOSTS_MAX)
        return;
    for (size_t i = 0; i < host->addresses.n; i++)
        if (strcmp(host->addresses.v[i].address, address) == 0)
            return;
    *mxs_list_add(ev->arena, &host->addresses) = (struct mxs_address){
        mxs_arena_strdup(ev->arena, address), attr_security(event, "security")
    };
}

void mxs_fold_policy(struct mxs_evidence *ev, const struct mxs_event *event)
{
    struct mxs_sts_facts *sts = &ev->domain.sts;
    sts->fetched = true;
    sts->seq = event->seq;
    sts->http_status = (int)mxs_event_attr_int(event, "status", 0);
    sts->media_type = attr_dup(ev, event, "media-type");
    sts->location = attr_dup(ev, event, "location");
    sts->error = attr_dup(ev, event, "error");
    sts->error_id = attr_dup(ev, event, "error-id");
    sts->body = mxs_arena_bytes(ev->arena, event->data);
    sts->has_policy = sts->http_status == 200 && !sts->error;
    if (sts->has_policy)
        mxs_sts_policy_parse(ev->arena, sts->body, &sts->policy);
}

void mxs_fold_policy_certificate(struct mxs_evidence *ev, const struct mxs_event *event)
{
    struct mxs_chain *chain = &ev->domain.sts.certificate;
    const struct mxs_cert *cert;
    if (chain->certs.n < 100 && mxs_cert_parse(ev->arena, event->data, &cert, NULL) == MXS_OK)
        *mxs_list_add(ev->arena, &chain->certs) = cert;
}
