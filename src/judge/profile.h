/* Product profiles: how a mail server or tool judges, as data (share/verifiers, mxscope-verifier(5)).
 * One INI file per product and program; section [PRODUCT/PROGRAM] holds what its modes share, each
 * [PRODUCT/PROGRAM/MODE] is one verifier and inherits from it. Which keys exist, and what their
 * values may be, is one table per role: receiver_rules.c, sender_rules.c. */
#ifndef MXSCOPE_SRC_JUDGE_PROFILE_H
#define MXSCOPE_SRC_JUDGE_PROFILE_H

#include "judge/ruleset.h"
#include "judge/verifier.h"

struct mxs_profile_key {
    const char *name, *value;
    unsigned line; /* of its file; 0: of none */
};

struct mxs_profile {
    const char *name; /* "postfix/smtpd/ask" */
    const char *title, *product, *version, *source;
    enum mxs_role role;
    enum mxs_grade grade;
    MXS_LIST(struct mxs_profile_key) keys; /* inherited ones included, the mode's own first */
    const struct mxs_receiver_rules *receiver; /* role receiver: the keys, understood */
    const struct mxs_sender_rules *sender;     /* role sender */
};

struct mxs_profiles; /* all of them, immutable after loading */

/* Reads every *.ini of a directory, in name order. Errors: "FILE:LINE: reason". */
enum mxs_err mxs_profiles_load(const char *directory, struct mxs_profiles **out,
                               struct mxs_why *why);
void mxs_profiles_free(struct mxs_profiles *profiles); /* NULL is fine */
size_t mxs_profiles_count(const struct mxs_profiles *profiles);
const struct mxs_profile *mxs_profiles_at(const struct mxs_profiles *profiles, size_t index);
const struct mxs_profile *mxs_profile_find(const struct mxs_profiles *profiles, const char *name);

/* One more, shown before all others: like `base`, but for keys; "like" among its keys names base. For
 * settings of an operator's own. Pointers to profiles from before are void. MXS_ERR_NOT_FOUND when there
 * is no base. */
enum mxs_err mxs_profiles_add(struct mxs_profiles *profiles, const char *name, const char *base,
                              const struct mxs_profile_key *keys, size_t n, struct mxs_why *why);

/* The mode's own value or the inherited one; NULL when neither says anything. */
const char *mxs_profile_get(const struct mxs_profile *profile, const char *key);

/* Its rule set, a copy in the arena with its words on CRLs; NULL with why for words that are none. */
struct mxs_ruleset *mxs_profile_rules(struct mxs_arena *arena, const struct mxs_profile *profile,
                                      struct mxs_why *why);

/* --- receivers: what becomes of a client certificate (receiver_rules.c, receiver.c) --- */

enum mxs_receiver_check {
    MXS_CHECK_NOTHING,  /* any certificate will do */
    MXS_CHECK_CHAIN,    /* a path to a trusted root under the rule set */
    MXS_CHECK_PEER,     /* the leaf must be on file; its EKU and dates count, its path does not */
    MXS_CHECK_KEY       /* the key must be on file; nothing else counts */
};

enum mxs_receiver_list { /* what has to be on file besides */
    MXS_LISTED_NOTHING,
    MXS_LISTED_CERT, /* its fingerprint */
    MXS_LISTED_NAME, /* one of its names */
    MXS_LISTED_EITHER, /* its fingerprint, or the check above: one of them is enough */
    MXS_LISTED_ISSUER  /* its issuer's name */
};

/* Events a receiver tells apart. */
enum mxs_receiver_case {
    MXS_CASE_UNASKED,  /* it does not ask for a certificate */
    MXS_CASE_ABSENT,   /* asked, none came */
    MXS_CASE_PASSED,
    MXS_CASE_FAILED,   /* the check above failed */
    MXS_CASE_UNLISTED, /* it passes, yet what is on file is another certificate or name */
    MXS_CASE_UNUSABLE, /* the handshake fails on its key */
    MXS_CASE_COUNT
};

#define MXS_ALERT_BY_REASON (-2)

struct mxs_receiver_outcome {
    enum mxs_action action; /* ACCEPT, REJECT, HANDSHAKE_FAILURE */
    enum mxs_stage stage;   /* REJECT: at which stage */
    int reply;              /* REJECT */
    const char *text;       /* REJECT: of the reply, a template; NULL: not known */
    int alert12, alert13;   /* HANDSHAKE_FAILURE; -1: none, or a race between alert and close */
    const char *library;    /* its alert, where alert12 or alert13 is MXS_ALERT_BY_REASON */
};

struct mxs_receiver_rules {
    bool asks;
    enum mxs_receiver_list listed;
    enum mxs_receiver_check check;
    const struct mxs_ruleset *rules;
    enum mxs_purpose purpose;
    bool no_store;          /* no trust anchors */
    bool late;              /* in TLS 1.2 too it looks at what was shown only behind the handshake */
    bool purpose_unknown; /* nobody knows whether it counts: a verdict that hangs on it is unknown */
    struct mxs_receiver_outcome outcome[MXS_CASE_COUNT];
    const char *label[MXS_CASE_COUNT];
    const char *log[MXS_CASE_COUNT]; /* templates (judge/phrase.h), or NULL */
    const char *curves12;   /* those that it knows in TLS 1.2 ("P256 P384"); NULL: all */
    bool nearest_error;     /* of several errors it names the first of those nearest to the leaf */
};

/* What a receiver is shown. */
struct mxs_receiver_input {
    const struct mxs_chain *chain; /* as the client sends it; n 0: none is sent */
    unsigned tls_version;          /* MXS_TLS_1_2 or MXS_TLS_1_3 */
    const struct mxs_chain *pins;  /* what is on file; NULL: the leaf of chain */
};

/* Parses the receiver keys of a profile; NULL with why for a value that is none. */
const struct mxs_receiver_rules *mxs_receiver_rules(struct mxs_arena *arena,
                                                    const struct mxs_profile *profile,
                                                    struct mxs_why *why);
/* judge: arena, at, store and signatures are used; evidence, host and session may be NULL. */
void mxs_receiver_judge(const struct mxs_judge *judge, const struct mxs_profile *profile,
                        const struct mxs_receiver_input *input, struct mxs_verdict *out);

/* --- senders: what becomes of a message, given a server's session (sender.c) --- */

/* How a receiver turned a sender away (whatif/fallback). */
enum mxs_refusal {
    MXS_REFUSAL_HANDSHAKE, /* inside the TLS handshake */
    MXS_REFUSAL_LATE,      /* by an alert or a close after it (TLS 1.3) */
    MXS_REFUSAL_TEMPORARY, /* by a 4xx reply inside TLS */
    MXS_REFUSAL_PERMANENT  /* by a 5xx reply */
};

const struct mxs_sender_rules *mxs_sender_rules(struct mxs_arena *arena,
                                                const struct mxs_profile *profile,
                                                struct mxs_why *why);
/* A tool for one host (tool = yes), which delivers no mail. */
bool mxs_profile_is_tool(const struct mxs_profile *profile);
/* out is set whole. The session is judged as it stands in judge. */
void mxs_sender_judge(const struct mxs_judge *judge, const struct mxs_profile *profile,
                      struct mxs_verdict *out);
struct mxs_refused {
    enum mxs_refusal how;
    bool certificate;     /* it had shown one */
    int reply;            /* of the verdict that refuses, or 0 */
    enum mxs_stage stage; /* which command that answers */
};
/* What this sender does when the server refuses it so: at the first attempt, and later. The evidence
 * decides whether TLS is required (DANE, MTA-STS); a sender that insists on DANE got as far as a
 * handshake only where there is DANE. */
struct mxs_then mxs_sender_refused(const struct mxs_judge *judge, const struct mxs_profile *profile,
                                   const struct mxs_refused *refused);

#endif
