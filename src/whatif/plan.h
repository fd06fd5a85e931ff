/* Rollovers in which no state fails: from evidence, from what is coming and from the TTLs to
 * dated steps, and the proof that every state a sender can be in meanwhile delivers.
 *
 * RFC 7671 8 gives the rules: publish what is coming beside what is there, wait until stale RRsets have
 * left the caches, change the chain, then remove; and each combination of usage, selector and matching
 * type in the RRset matches the chain that is shown, at any time. */
#ifndef MXSCOPE_SRC_WHATIF_PLAN_H
#define MXSCOPE_SRC_WHATIF_PLAN_H

#include "judge/panel.h"
#include "whatif/subject.h"

enum mxs_plan_scheme {
    MXS_PLAN_AUTO,
    MXS_PLAN_EE,    /* 3-1-1: the current key and the next one */
    MXS_PLAN_EE_TA, /* 3-1-1+2-1-1: and the issuers of both */
    MXS_PLAN_TA     /* 2-1-1-issuers: whoever may issue */
};
const char *mxs_plan_scheme_name(enum mxs_plan_scheme scheme);
int mxs_plan_scheme_parse(const char *name); /* -1 when unknown */

/* What is coming. All of it may be empty: then the certificate is renewed with a key nobody knows yet. */
struct mxs_plan_next {
    const char *file;       /* it was read from there, for messages; NULL */
    struct mxs_bytes spki;  /* of the next key; n 0: not known */
    const char *key;        /* its kind "ECDSA-P256"; NULL: as now */
    struct mxs_chain chain; /* the next certificate, with what is served behind it; empty: not known */
    struct mxs_strs names;  /* dNSNames of the certificate or CSR; empty: as now */
    bool key_kept;          /* the renewal keeps the key */
    const char *issuer;     /* a CA of the catalog, "any" of the family; NULL: as now */
    const char *profile;    /* of the ACME client; NULL */
    const char *client;     /* "certbot"; NULL */
    int64_t renew_margin;   /* the client renews so many seconds before the end; 0: not known */
};

struct mxs_plan_input {
    const struct mxs_evidence *evidence;
    const struct mxs_whatif *whatif; /* catalog, options (store, profiles, verifiers), replicas */
    struct mxs_plan_next next;
    enum mxs_plan_scheme scheme;
    int64_t now;
    int64_t window_from, window_until; /* when the operator wants to deploy; 0 */
    int64_t seen_since;                /* the records of what is coming are out everywhere since then; 0:
                                          not known */
    uint32_t ttl;                      /* of the TLSA records, where the evidence does not tell or is
                                          overruled; 0 */
};

typedef MXS_LIST(struct mxs_tlsa) mxs_plan_records;

struct mxs_plan_host {
    const struct mxs_host_facts *facts;
    const char *owner; /* "_25._tcp.mx.example.org", or where its alias leads */
    uint32_t ttl;
    mxs_plan_records today; /* without what is out of the next ones already: a cache may not have those */
    bool touched;      /* the plan changes its records */
};

/* One certificate at one server: what a sender may meet. */
struct mxs_plan_chain {
    struct mxs_chain chain;
    const char *words; /* "the current chain", "a chain by YR2 with the next key" */
    bool next;
};
struct mxs_plan_place {
    size_t host;
    const struct mxs_session_facts *session;
    const char *name, *family; /* "192.0.2.25 (ECDSA)"; "RSA" "ECDSA" .. */
    bool moves;                /* the rollover is about this certificate */
    MXS_LIST(struct mxs_plan_chain) chains; /* [0] is what it shows now */
};

enum mxs_plan_step_kind { MXS_STEP_PUBLISH, MXS_STEP_WAIT, MXS_STEP_RETIRE, MXS_STEP_DEPLOY,
                          MXS_STEP_REMOVE, MXS_STEP_DONE };
const char *mxs_plan_step_name(enum mxs_plan_step_kind kind); /* "publish" .. */

struct mxs_plan_step {
    enum mxs_plan_step_kind kind;
    int64_t at, until;   /* not before; until: a deployment is over then, else at */
    const char *title;
    struct mxs_strs todo;
    const char *check;   /* a command; NULL */
    mxs_plan_records *sets; /* one per host: its RRset from now on; NULL: records stay */
    bool done;           /* it has happened: the records are out already */
};

struct mxs_plan_failing {
    const char *cause;   /* "deploy-before-publish" "removed-too-early" "issuer-changed" .. */
    size_t host, place;
    size_t step;         /* whose records the sender holds: index into steps; SIZE_MAX: today's */
    bool next;           /* it meets the next chain */
    bool now;            /* it fails already, whatever is done */
    int64_t from, until; /* first and last instant */
    const char *alone;   /* "3 1 1": for senders that go by these records alone; NULL: by all */
    const char *verifier, *reason, *rfc; /* who refuses first, and why */
    const char *text;    /* one or two sentences with all of it */
    unsigned servers;    /* places alike */
    size_t last_place;   /* of those counted */
};

struct mxs_plan_proof {
    uint64_t states;
    size_t judged;       /* distinct (records, chain, policy, date) that verifiers were asked about */
    struct mxs_strs kinds, uncovered;
    MXS_LIST(struct mxs_plan_failing) failing; /* in order of date */
};

struct mxs_plan {
    struct mxs_arena *arena;
    const struct mxs_plan_input *input;
    enum mxs_plan_scheme scheme;
    MXS_LIST(struct mxs_plan_host) hosts;
    MXS_LIST(struct mxs_plan_place) places;
    MXS_LIST(struct mxs_plan_step) steps;
    struct mxs_strs notes;
    int64_t reach;   /* how old records may be that a sender goes by: cached one TTL, from a name server
                        that lags one TTL (RFC 7671 8.1: two TTLs) */
    int64_t linger;  /* how long a server that left DNS is still found: MX and address records */
    int64_t max_age; /* of the MTA-STS policy; 0: none */
    struct mxs_plan_proof proof;
};

/* A plan by one scheme (not AUTO), not proved yet. Everything is in arena; input is borrowed.
 * MXS_ERR_USAGE, MXS_ERR_NOT_FOUND with why, one line: no TTL, an issuer that the catalog does not know,
 * a next key that is the current one, names that do not fit, DNS that is not signed. */
enum mxs_err mxs_plan_make(struct mxs_arena *arena, const struct mxs_plan_input *input,
                           enum mxs_plan_scheme scheme, struct mxs_plan **out, struct mxs_why *why);
/* Judges every state; fills plan->proof anew. The dates of steps may have been moved since. */
void mxs_plan_prove(struct mxs_plan *plan);
/* Moves a step by so many seconds, those behind it stay. Prove again. */
void mxs_plan_move(struct mxs_plan *plan, size_t step, int64_t by);

/* The instants between which a step may be moved, as the others stand, without a state that fails for
 * its date; INT64_MIN and INT64_MAX: as early, as late as you like. False when there is none. */
bool mxs_plan_safe(const struct mxs_plan *plan, size_t step, int64_t *from, int64_t *until);

struct mxs_plan_result {
    struct mxs_plan *plan;    /* by the scheme that was asked for, or the first that passes */
    struct mxs_plan *nearest; /* one that passes when plan does not, or fails only where it does so today;
                                 NULL: none does */
    bool proved;              /* of plan */
};
/* Makes and proves: the input's scheme, with AUTO the first that passes. */
enum mxs_err mxs_plan_search(struct mxs_arena *arena, const struct mxs_plan_input *input,
                             struct mxs_plan_result *out, struct mxs_why *why);

/* Nobody said what comes: a renewal with a key nobody knows, by whoever of the session's authority. */
struct mxs_plan_next mxs_plan_next_unknown(const struct mxs_catalog *catalog,
                                           const struct mxs_session_facts *session);
/* The next key, certificate or CSR from PEM text (a private key's public half is all that is kept). name
 * is for messages: "next.csr:1: ..". In arena. */
enum mxs_err mxs_plan_next_key(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                               struct mxs_plan_next *out, struct mxs_why *why);
enum mxs_err mxs_plan_next_cert(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                                struct mxs_plan_next *out, struct mxs_why *why);
enum mxs_err mxs_plan_next_csr(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                               struct mxs_plan_next *out, struct mxs_why *why);
/* What an ACME client's own configuration says of the next renewal: kind "certbot" (renewal/NAME.conf),
 * "acme.sh" (DOMAIN.conf), "dehydrated" (config). Sets what the text says, leaves the rest. */
enum mxs_err mxs_plan_acme(struct mxs_arena *arena, const char *kind, const char *name,
                           struct mxs_bytes text, struct mxs_plan_next *out, struct mxs_why *why);

/* "_25._tcp.mx.example.org. 3600 IN TLSA 3 1 1 .." */
char *mxs_plan_line(struct mxs_arena *arena, const struct mxs_plan_host *host,
                    const struct mxs_tlsa *tlsa);
/* The RRset of a host before step i; i == steps.n: after the last. */
const mxs_plan_records *mxs_plan_before(const struct mxs_plan *plan, size_t i, size_t host);
bool mxs_plan_has(const mxs_plan_records *set, const struct mxs_tlsa *tlsa); /* the same three numbers
                                                                               and data */

#endif
