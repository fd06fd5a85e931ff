/* A sender's profile, understood: what sender.c and sender_rules.c share. Every member is a key of the
 * profile file (mxscope-verifier(5)). */
#ifndef MXSCOPE_SRC_JUDGE_SENDER_H
#define MXSCOPE_SRC_JUDGE_SENDER_H

#include "judge/dane.h"
#include "judge/profile.h"

enum mxs_sender_dane { MXS_DANE_NEVER, MXS_DANE_TRY, MXS_DANE_REQUIRE };
enum mxs_sender_verify {
    MXS_VERIFY_NOTHING, /* no verification, no word about it */
    MXS_VERIFY_LOOK,    /* the path is judged for the log only, without names */
    MXS_VERIFY_TRY,     /* path and name are judged; failure costs nothing */
    MXS_VERIFY_REQUIRE
};
enum mxs_sender_unusable { /* secure TLSA records, not one usable */
    MXS_UNUSABLE_ENCRYPT,  /* TLS without authentication (RFC 7672 2.2) */
    MXS_UNUSABLE_ORDINARY, /* as if there were none, but for TLS being required */
    MXS_UNUSABLE_FAIL
};
enum mxs_sender_alias { /* where it looks for the TLSA records of a host that is an alias */
    MXS_ALIAS_BASE,       /* at both names (RFC 7672 2.2.2) */
    MXS_ALIAS_TARGET,     /* it knows the host by the target's name alone */
    MXS_ALIAS_HOST        /* it does not look at where the alias leads */
};
enum mxs_sender_outcome { MXS_OUT_DEFER, MXS_OUT_BOUNCE, MXS_OUT_CLEARTEXT };

struct mxs_sender_words { /* what it writes: label and log line; NULL none */
    const char *label, *log;
};

struct mxs_sender_rules {
    const struct mxs_ruleset *rules; /* the named one, with the product's own words on names */
    enum mxs_purpose purpose;
    bool store;            /* it has trust anchors */
    bool tls_required;     /* tls = require */
    bool tool;             /* tool = yes: one host, no mail routing; deliver means success */
    enum mxs_sender_dane dane;
    bool dnssec;           /* dnssec = no: its resolver never tells it that an answer is secure */
    bool records_given;    /* dnssec = given: records come from the caller, not from DNS */
    bool mx_half;          /* insecure MX records: the host's TLSA are used, nothing counts as verified */
    enum mxs_sender_alias alias;
    bool drops_foreign;    /* usages 0 and 1 are dropped at the lookup */
    enum mxs_sender_unusable unusable;
    bool unusable_names;   /* then the names count for the label all the same (Postfix) */
    bool ta_name_falls_back; /* usage 2 with a wrong name: the store decides, names aside (Exim) */
    bool with_pkix;        /* DANE and the public PKI must both hold */
    struct mxs_dane_rules dane_rules;
    enum mxs_sender_verify verify;
    bool name_host, name_nexthop, name_below_nexthop;
    bool pinned;           /* the certificate or key on file decides, nothing else */
    bool sts;              /* applies MTA-STS policies */
    const char *policy;    /* "OV EV": certificate policies it insists on; NULL any */
    enum mxs_sender_outcome failed, no_dane; /* verification fails; required DANE is not there */
    /* first attempt and later: a refusal in the handshake, behind it, behind it with a certificate */
    enum mxs_sender_outcome refused[2], late[2], late_certificate[2];
    bool late_label;       /* the log names the session at once, not with the delivery */
    /* misnamed: failed, where the path holds and only the name does not; without a label as failed.
     * missing, insecure_*, unusable: required DANE is not there; rejected: the certificate fails, and so
     * the mail does not go out on this session */
    struct mxs_sender_words dane_words, half_words, verified_words, trusted_words, failed_words,
        misnamed_words, lookup_words, missing_words, insecure_mx_words, insecure_host_words,
        unusable_words, no_starttls_words, rejected_words;
    /* the server refuses: in the handshake, behind it; by how the attempt ends */
    struct mxs_sender_words refused_words[2], late_words[2];
    struct mxs_sender_words refused_dane_words; /* in the handshake, where DANE is in use */
};
enum { MXS_WORDS_WAIT, MXS_WORDS_CLEAR }; /* the mail waits, or goes out in cleartext */


#endif
