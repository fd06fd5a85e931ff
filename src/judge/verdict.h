/* Verdicts and findings: what judges say, as data with reasons. */
#ifndef MXSCOPE_SRC_JUDGE_VERDICT_H
#define MXSCOPE_SRC_JUDGE_VERDICT_H

#include "facts/evidence.h"

enum mxs_role { MXS_ROLE_SENDER, MXS_ROLE_RECEIVER };
enum mxs_grade { MXS_GRADE_UNKNOWN, MXS_GRADE_DOCUMENTED, MXS_GRADE_SOURCE, MXS_GRADE_MEASURED };
enum mxs_action { /* order of a sender's is order of harm */
    MXS_ACTION_UNKNOWN,
    MXS_ACTION_DELIVER,
    MXS_ACTION_DEFER,
    MXS_ACTION_BOUNCE,
    MXS_ACTION_ACCEPT,
    MXS_ACTION_REJECT,
    MXS_ACTION_HANDSHAKE_FAILURE
};
enum mxs_channel { MXS_CHANNEL_NONE, MXS_CHANNEL_VERIFIED, MXS_CHANNEL_ENCRYPTED,
                   MXS_CHANNEL_CLEARTEXT };

/* JSON words; NULL where JSON prints null. */
const char *mxs_role_name(enum mxs_role role);
const char *mxs_grade_name(enum mxs_grade grade);
const char *mxs_action_name(enum mxs_action action);
const char *mxs_channel_name(enum mxs_channel channel);

struct mxs_reason {
    const char *id;  /* stable: "expired", "eku-missing", "name-mismatch", "tlsa-no-match", .. */
    int depth;       /* 0 = leaf; -1 = no certificate */
    const char *text;
    const char *rfc; /* "RFC 7672 3.2.2", or NULL */
    const char *finer; /* what libraries tell apart within an id: "name-excluded"; NULL */
};

struct mxs_then { /* what a kind of sender does about a receiver's refusal */
    const char *sender;
    enum mxs_action first, later;
    enum mxs_channel channel;
    const char *log; /* what it writes about the refusal: a template for mxs_then_log, or NULL */
    bool gnutls;     /* whose names for alerts that has */
};

struct mxs_phrase;
struct mxs_verdict {
    const char *verifier; /* "rfc/dane", "postfix/smtp/dane", .. */
    enum mxs_role role;
    enum mxs_grade grade;
    enum mxs_action action;
    enum mxs_channel channel;
    int verified;         /* -1 unknown, 0, 1 */
    enum mxs_stage stage; /* where it is refused; MXS_STAGE_NONE */
    int reply;            /* SMTP code, or 0 */
    int alert;            /* code, or -1 */
    const char *label;    /* the product's own word, or NULL */
    struct mxs_strs log;  /* the lines it writes; "..." stands for what is not known beforehand */
    const struct mxs_phrase *phrase; /* a receiver's: what they are about (judge/phrase.h), or NULL */
    const char *tls_rpt;  /* RFC 8460 4.3 result type, or NULL */
    MXS_LIST(struct mxs_reason) reasons; /* nearest the leaf first, name mismatch last */
    MXS_LIST(struct mxs_then) then;
};

enum mxs_severity { MXS_SEVERITY_OK, MXS_SEVERITY_INFO, MXS_SEVERITY_WARNING,
                    MXS_SEVERITY_CRITICAL };
enum mxs_fault { MXS_FAULT_NOBODY, MXS_FAULT_YOURS, MXS_FAULT_THEIRS, MXS_FAULT_DNS, MXS_FAULT_CA,
                 MXS_FAULT_NETWORK };
const char *mxs_severity_name(enum mxs_severity severity);
const char *mxs_fault_name(enum mxs_fault fault);

struct mxs_finding {
    const char *id; /* row of judge/findings.def */
    enum mxs_severity severity;
    enum mxs_fault fault;
    const char *host;     /* NULL: of the domain */
    const char *text;     /* one sentence with the values filled in */
    const char *evidence; /* what shows it: "event 12", a record, a name; or NULL */
    uint64_t seq;         /* the event that shows it, or 0 */
    const char *rfc, *fix; /* or NULL */
    struct mxs_strs enforced_by; /* large senders that act on it (judge/senders.h) */
};

enum mxs_status { MXS_STATUS_OK, MXS_STATUS_WARNING, MXS_STATUS_CRITICAL, MXS_STATUS_UNKNOWN };
const char *mxs_status_name(enum mxs_status status); /* "OK" .. */

#endif
