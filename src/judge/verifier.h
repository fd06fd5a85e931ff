/* A verifier: a pure function from evidence and date to one verdict. One row in verifiers.c each; the
 * product profiles (judge/profile.h) are rows made of data. */
#ifndef MXSCOPE_SRC_JUDGE_VERIFIER_H
#define MXSCOPE_SRC_JUDGE_VERIFIER_H

#include "judge/path.h"

/* What a check may look at. Everything is borrowed; results are made in arena. */
struct mxs_judge {
    struct mxs_arena *arena;
    const struct mxs_evidence *evidence;
    const struct mxs_host_facts *host;
    const struct mxs_session_facts *session;
    int64_t at;
    struct mxs_store *store;           /* NULL: no anchors */
    struct mxs_signatures *signatures; /* shared by all checks of one assessment */
    struct mxs_judge_cache *cache;     /* shared by all checks of one session */
    const struct mxs_chain *pins;      /* what fingerprint and key verifiers hold on file; NULL or empty:
                                          the leaf that is shown */
};

/* What several checks of one session need, made when first asked for. */
struct mxs_judge_cache {
    bool has_paths;
    struct mxs_paths paths; /* to the anchors of the store */
};
/* The candidate paths of the session's chain. */
const struct mxs_paths *mxs_judge_paths(const struct mxs_judge *judge);

struct mxs_verifier {
    const char *name;
    enum mxs_role role;
    bool (*applies)(const struct mxs_judge *judge);
    /* verdict comes with verifier, role, grade set, everything else "unknown" */
    void (*check)(const struct mxs_judge *judge, struct mxs_verdict *verdict);
    const char *title; /* one line for --list */
};

/* The verifiers that follow the RFCs, in the order users meet them. */
const struct mxs_verifier *mxs_verifiers(size_t *n);

void mxs_check_opportunistic(const struct mxs_judge *judge, struct mxs_verdict *verdict);
void mxs_check_dane(const struct mxs_judge *judge, struct mxs_verdict *verdict);
void mxs_check_dane_mandatory(const struct mxs_judge *judge, struct mxs_verdict *verdict);
void mxs_check_mta_sts(const struct mxs_judge *judge, struct mxs_verdict *verdict);
void mxs_check_webpki(const struct mxs_judge *judge, struct mxs_verdict *verdict);
void mxs_check_requiretls(const struct mxs_judge *judge, struct mxs_verdict *verdict);
void mxs_check_submission(const struct mxs_judge *judge, struct mxs_verdict *verdict);

/* Appends a reason. id and rfc are string constants; depth as in struct mxs_reason. */
void mxs_verdict_reason(const struct mxs_judge *judge, struct mxs_verdict *verdict, const char *id,
                        int depth, const char *rfc, const char *fmt, ...) MXS_PRINTF(6, 7);
void mxs_verdict_reasons(const struct mxs_judge *judge, struct mxs_verdict *verdict,
                         const struct mxs_reasons *reasons);
/* The RFC 8460 4.3 result type of the first reason; NULL when there is none. */
const char *mxs_tls_rpt_of(const struct mxs_reasons *reasons);
/* deliver: the channel says what became of the mail on the wire. */
void mxs_verdict_deliver(struct mxs_verdict *verdict, enum mxs_channel channel);
/* defer or bounce at a stage; tls_rpt may be NULL. */
void mxs_verdict_refuse(struct mxs_verdict *verdict, enum mxs_action action, enum mxs_stage stage,
                        const char *tls_rpt);

/* How far the session carried a sender, before any certificate is judged. */
enum mxs_transport {
    MXS_TRANSPORT_OPEN,      /* not known (yet): running, cancelled, or a limit of our own library */
    MXS_TRANSPORT_DNS,       /* MX or address lookup failed (RFC 7672 2.1.2) */
    MXS_TRANSPORT_UNREACHED, /* no SMTP service to talk to */
    MXS_TRANSPORT_CLEAR,     /* STARTTLS absent or refused */
    MXS_TRANSPORT_BROKEN,    /* the TLS handshake failed, or the server refused us after it */
    MXS_TRANSPORT_TLS        /* encrypted; the chain may be judged */
};
/* Classifies, and for all but OPEN and TLS adds the reason to the verdict and sets its stage, reply and
 * alert. OPEN adds its reason too: the action stays unknown. */
enum mxs_transport mxs_transport(const struct mxs_judge *judge, struct mxs_verdict *verdict);
/* The same question without a verdict. */
enum mxs_transport mxs_transport_of(const struct mxs_evidence *evidence,
                                    const struct mxs_host_facts *host,
                                    const struct mxs_session_facts *session);
/* Deals with everything but TLS for a sender: true when the verdict is final, false when the chain has
 * to be judged. required: cleartext is not allowed, by the rule named in rfc. */
bool mxs_transport_settles(const struct mxs_judge *judge, struct mxs_verdict *verdict,
                           bool required, const char *rfc);

#endif
