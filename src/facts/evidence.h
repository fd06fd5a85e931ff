/* The evidence: everything a walk learned, in the shape of mxscope.report/1 (report/json.h). Built only
 * by journal/fold from events (live and replayed alike) or by `verify` from files; judged by judge/;
 * overlaid by whatif/. Immutable for everybody else; pointers belong to the evidence's arena.
 *
 * NULL pointers, MXS_SECURITY_NONE and n == 0 mean "not known"; JSON prints null for them. */
#ifndef MXSCOPE_SRC_FACTS_EVIDENCE_H
#define MXSCOPE_SRC_FACTS_EVIDENCE_H

#include "facts/cert.h"
#include "facts/dns.h"
#include "facts/smtp.h"
#include "facts/stage.h"
#include "facts/sts.h"
#include "facts/target.h"
#include "facts/tls.h"
#include "facts/tlsa.h"

enum mxs_offer { MXS_OFFER_ANY, MXS_OFFER_RSA, MXS_OFFER_ECDSA };
const char *mxs_offer_name(enum mxs_offer offer); /* "any" "rsa" "ecdsa" */
int mxs_offer_parse(const char *name);            /* -1 when unknown */

enum mxs_dir { MXS_DIR_NONE, MXS_DIR_OUT, MXS_DIR_IN }; /* out = from us */
const char *mxs_dir_name(enum mxs_dir dir); /* "out" "in"; NULL */

enum mxs_starttls { MXS_STARTTLS_UNKNOWN, MXS_STARTTLS_OFFERED, MXS_STARTTLS_ABSENT,
                    MXS_STARTTLS_REFUSED };
const char *mxs_starttls_name(enum mxs_starttls starttls); /* NULL for UNKNOWN */

enum mxs_epoch { MXS_EPOCH_CLEAR, MXS_EPOCH_HANDSHAKE, MXS_EPOCH_APPLICATION };
const char *mxs_epoch_name(enum mxs_epoch epoch);

struct mxs_tls_message {
    unsigned n; /* 1-based within the session */
    enum mxs_dir dir;
    uint8_t type;
    size_t length; /* of the body */
    enum mxs_epoch epoch;
    uint64_t seq; /* the journal event */
};

struct mxs_tls_alert {
    enum mxs_dir dir;
    uint8_t level, code;
    bool after_finished; /* it came after our Finished had left */
    uint64_t seq;
};

enum mxs_client_sent { MXS_SENT_NOTHING, MXS_SENT_EMPTY, MXS_SENT_CERTIFICATE };
enum mxs_client_verdict { MXS_CLIENT_OPEN, MXS_CLIENT_ACCEPTED, MXS_CLIENT_REFUSED };

struct mxs_client_auth {
    bool requested;
    int required; /* -1 unknown, 0, 1: known only from what happened without a certificate */
    struct mxs_strs acceptable_cas;
    struct mxs_chain chain; /* what we sent, leaf first */
    MXS_LIST(uint16_t) signature_schemes;
    enum mxs_client_sent sent;
    const char *sent_why;    /* why not, or that others would not have; NULL */
    enum mxs_client_verdict verdict;
    const char *verdict_why; /* "EHLO reply 250 inside TLS", "alert 43", "closed without a word" */
    int alert;               /* code, or -1 */
    int reply;               /* SMTP code of an application refusal, or 0 */
    bool external_offered;
};

struct mxs_tls_facts {
    unsigned version, cipher, group, signature_scheme; /* 0 = unknown */
    const char *alpn, *sni;
    bool ocsp_stapled, finished; /* finished: both Finished seen */
    struct mxs_bytes ocsp;       /* the leaf's staple, DER */
    struct mxs_client_auth client_auth;
    MXS_LIST(struct mxs_tls_message) messages;
    MXS_LIST(struct mxs_tls_alert) alerts;
};

struct mxs_stage_result {
    enum mxs_stage_status status;
    int64_t us; /* duration */
    const char *summary;
    uint64_t seq; /* the event that opened the stage */
};

/* Why a session ended early, as data; the findings are made from it. */
enum mxs_end {
    MXS_END_OPEN,          /* still running, or never started */
    MXS_END_DONE,          /* QUIT answered, or we left in order */
    MXS_END_CONNECT,       /* refused, unreachable, reset: see error */
    MXS_END_TIMEOUT,       /* our deadline, in `reached` */
    MXS_END_CLOSED,        /* the peer closed or reset in `reached` */
    MXS_END_REPLY,         /* a 4xx/5xx that ends the session; see reply */
    MXS_END_PROTOCOL,      /* bytes that are not SMTP or not TLS */
    MXS_END_ALERT,         /* a fatal alert of the peer */
    MXS_END_LOCAL_REFUSAL, /* our own library or a limit of ours ended it */
    MXS_END_CANCELLED
};
const char *mxs_end_name(enum mxs_end end);
int mxs_end_parse(const char *name);

struct mxs_session_facts {
    uint32_t id; /* journal session number, 1.. */
    const char *address;
    unsigned port;
    enum mxs_offer offer;
    bool client_certificate; /* we had one to show */
    bool implicit_tls;
    enum mxs_stage reached;
    enum mxs_end end;
    int reply;         /* the code that ended it, 0 */
    const char *error; /* one line; NULL */
    struct mxs_stage_result stages[MXS_STAGE_COUNT]; /* those of its host and domain too */
    const char *banner;            /* first line with its code, sanitised */
    struct mxs_smtp_reply ehlo, ehlo_tls;
    bool has_ehlo, has_ehlo_tls;
    enum mxs_starttls starttls;
    int starttls_reply;
    size_t glued_bytes;            /* behind the 220 of STARTTLS (RFC 3207 4.2) */
    struct mxs_tls_facts tls;
    bool has_tls;                  /* a ClientHello was sent */
    struct mxs_chain chain;        /* what the server presented */
    unsigned smtp_quirks;
    uint64_t first_seq, last_seq;
};

struct mxs_address {
    const char *address;
    enum mxs_security security;
};

struct mxs_tlsa_candidate { /* a name at which TLSA was asked (RFC 7672 2.2.2) */
    const char *name; /* owner, _25._tcp... */
    const char *base_domain;
    enum mxs_security security;
    const char *why;
    uint64_t seq;
};

struct mxs_host_facts {
    const char *host; /* MX name, A-labels; for an address target the address */
    unsigned preference;
    bool is_address; /* target was a literal: DANE does not apply (RFC 7672 2.2) */
    enum mxs_security address_security; /* of the A/AAAA lookups together; ERROR/BOGUS of either wins */
    const char *address_why;
    const char *canonname; /* expanded alias; NULL */
    enum mxs_security cname_security; /* of the first CNAME, asked when the address is insecure */
    MXS_LIST(struct mxs_address) addresses;
    MXS_LIST(struct mxs_tlsa_candidate) candidates;
    const char *tlsa_base_domain; /* NULL: DANE does not apply */
    enum mxs_security tlsa_security; /* NONE = not asked */
    const char *tlsa_why;
    const char *tlsa_alias; /* the TLSA records stand at this name, behind an alias (RFC 7671 7); NULL */
    MXS_LIST(struct mxs_tlsa) tlsa;
    MXS_LIST(struct mxs_tlsa) idle_tlsa; /* in an unsigned zone, asked for to be shown: for no judge */
    uint64_t idle_seq;
    uint32_t tlsa_ttl; /* how long a cache may keep them, or their absence; 0 not known */
    struct mxs_stage_result stages[MXS_STAGE_COUNT]; /* scope H */
    MXS_LIST(struct mxs_session_facts *) sessions;
};

struct mxs_mx {
    const char *host;
    unsigned preference;
};

struct mxs_sts_facts {
    struct mxs_strs txt; /* raw records, sanitised */
    enum mxs_security txt_security;
    struct mxs_sts_txt parsed;
    bool fetched;           /* a fetch was tried */
    int http_status;        /* 0 = no answer */
    const char *media_type; /* NULL */
    const char *location;   /* of a 3xx, never followed; NULL */
    const char *error;      /* one line; NULL */
    const char *error_id;   /* "dns" "connect" "timeout" "tls" "certificate" (refused: names, dates, CA)
                               "status" "redirect" "too-large" "protocol" "ca-file" "local" */
    struct mxs_bytes body;
    bool has_policy;
    struct mxs_sts_policy policy;
    struct mxs_chain certificate; /* of the policy host */
    bool has_cached;              /* verify --sts-cached: what a sender holds from before */
    struct mxs_sts_policy cached;
    int64_t cached_fetched;       /* when it got that */
    uint64_t seq;
};

struct mxs_domain_facts {
    const char *name; /* NULL when the target was a host */
    enum mxs_security mx_security;
    const char *mx_why, *canonname; /* canonname: the next-hop domain was an alias */
    bool null_mx;     /* RFC 7505 */
    bool implicit_mx; /* no MX, the domain's own address (RFC 5321 5.1) */
    MXS_LIST(struct mxs_mx) mx;
    uint32_t mx_ttl;
    struct mxs_strs caa;
    struct mxs_sts_facts sts;
    struct mxs_strs tlsrpt_txt;
    struct mxs_tlsrpt tlsrpt;
};

/* One step of the DNSSEC chain of trust, per zone cut. */
struct mxs_zone_cut {
    const char *zone;
    enum mxs_security ds_security, dnskey_security;
    uint64_t ds_seq, dnskey_seq; /* events whose packets have DS, DNSKEY and RRSIG */
};

/* Of what a zone signed, the signature that ends first. */
struct mxs_signature_end {
    const char *signer, *owner; /* zone; the name that is signed */
    uint16_t type;
    enum mxs_security security; /* of its answer: secure or bogus, one entry each */
    int64_t inception, expiration;
    uint64_t seq;
};

/* What the operator's own resolver says where our verdict is known: a difference is worth a finding. */
struct mxs_resolver_view {
    const char *resolver; /* "192.0.2.53:53" */
    const char *qname, *qtype;
    enum mxs_security ours;
    int rcode;       /* -1: it did not answer, see why */
    bool ad;         /* it validated, or says so (RFC 6840 5.8) */
    const char *ede; /* extended errors (RFC 8914), "6 DNSSEC Bogus: ..", joined by "; "; NULL */
    const char *why; /* NULL */
    uint64_t seq;
};

struct mxs_evidence {
    struct mxs_arena *arena;
    const char *target;
    struct mxs_target parsed_target;
    int64_t started; /* wall clock */
    struct mxs_domain_facts domain;
    bool has_domain;
    MXS_LIST(struct mxs_host_facts *) hosts;
    MXS_LIST(struct mxs_zone_cut) zones;
    MXS_LIST(struct mxs_signature_end) signature_ends;
    MXS_LIST(struct mxs_resolver_view) resolver_views;
    struct mxs_stage_result stages[MXS_STAGE_COUNT]; /* scope D */
    const char *error; /* what kept the walk from starting; NULL */
    bool finished, cancelled;
    bool client_role;       /* verify --role client: the chains are what a sending server presents */
    const char *partner;    /* client_role: the next hop that it is shown to; NULL: not known */
    bool unnamed;           /* nothing says what the host is called: its name is a stand-in */
    bool shown;             /* client_role: a walk showed it to this host, which is not its own */
    struct mxs_chain pins;  /* verify --pin: what fingerprint and key verifiers hold on file; empty:
                               the leaf that is presented */
};

/* The server has no certificate of the kind this session asked for (offer rsa or ecdsa), as it said, or as
 * it shows where the other kind is served: an answer, not a fault, and nothing to judge. */
bool mxs_session_lacks_kind(const struct mxs_session_facts *session);

/* NULL when there is none. */
struct mxs_host_facts *mxs_evidence_host(const struct mxs_evidence *ev, const char *host);
struct mxs_session_facts *mxs_evidence_session(const struct mxs_evidence *ev, uint32_t id,
                                               struct mxs_host_facts **host);

#endif
