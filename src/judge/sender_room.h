/* What the files of the sender share: one sender that looks at one host (sender.c has the order of the
 * questions). */
#ifndef MXSCOPE_SRC_JUDGE_SENDER_ROOM_H
#define MXSCOPE_SRC_JUDGE_SENDER_ROOM_H

#include "judge/sender.h"

enum mxs_sender_found { /* DANE, as this sender sees it; from EMPTY on there are records */
    MXS_FOUND_NONE,
    MXS_FOUND_LOOKUP,   /* the lookup failed */
    MXS_FOUND_EMPTY,    /* all records are of usages that it drops */
    MXS_FOUND_UNUSABLE,
    MXS_FOUND_USABLE
};

struct mxs_sending {
    const struct mxs_judge *j;
    const struct mxs_profile *p;
    const struct mxs_sender_rules *s;  /* p's */
    struct mxs_verdict *v;             /* the one in the making */
    enum mxs_sender_found dane;
    bool half;                         /* the MX records are insecure, the host's TLSA are used */
    bool required;                     /* cleartext is out of the question */
    const struct mxs_sts_policy *sts;  /* enforced; NULL */
};

/* sender.c. Everything is borrowed; v is emptied. */
struct mxs_sending mxs_sending_start(const struct mxs_judge *judge, const struct mxs_profile *profile,
                                     struct mxs_verdict *v);
/* MTA-STS, for a product that applies it: false, and the verdict is there, when the policy does not list
 * the host (RFC 8461 4.1). */
bool mxs_sending_policy_lists(struct mxs_sending *q);
/* Words into the verdict: the label, where there is one, and the log line; the line alone (NULL: none). */
void mxs_sending_say(struct mxs_sending *q, const struct mxs_sender_words *words);
void mxs_sending_log(struct mxs_sending *q, const char *log);
void mxs_sending_deliver(struct mxs_sending *q, enum mxs_channel channel, bool verified);
/* It does not go out on this session. tls_rpt as RFC 8460 4.3 names it, whatever the product makes of it. */
void mxs_sending_end(struct mxs_sending *q, enum mxs_sender_outcome outcome, enum mxs_stage stage,
                     const char *tls_rpt);

/* sender_cert.c: the handshake holds; what the certificate is worth to this sender. */
void mxs_sending_certificate(struct mxs_sending *q);

/* sender_refused.c: the server ended the session. */
void mxs_sending_refused(struct mxs_sending *q);

#endif
