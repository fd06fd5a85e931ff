/* What the lab serves, as data: certificates, hosts, zone lines, the policy. A plan starts as
 * the clean lab; every chosen fault edits it (faults.c), and only then are keys, zones and
 * sockets made. So a fault is a row of text, and the rooms that serve know no fault by name. */
#ifndef MXSCOPE_SRC_LAB_LAB_PLAN_H
#define MXSCOPE_SRC_LAB_LAB_PLAN_H

#include "base/arena.h"

enum mxs_lab_validity { MXS_LAB_CURRENT, MXS_LAB_EXPIRED, MXS_LAB_FUTURE };
enum mxs_lab_ocsp { MXS_LAB_OCSP_NONE, MXS_LAB_OCSP_GOOD, MXS_LAB_OCSP_REVOKED };

struct mxs_lab_cert_plan {
    const char *name;   /* "mx1-ec": how chains and TLSA lines call it */
    const char *cn;
    const char *dns;    /* SAN dNSNames, space separated; NULL: no SAN */
    const char *issuer; /* name of another row, or "self" */
    const char *aia;    /* where the issuer's certificate is said to be; NULL: not said */
    const char *eku;    /* "server client", any subset; NULL: no extension */
    int path_length;    /* of a CA; -1 none */
    bool ca, rsa;
    int validity, ocsp; /* enum mxs_lab_validity, enum mxs_lab_ocsp */
    int padding;        /* bytes of a private extension that make it large */
    const char *pem, *key_pem; /* not made here: the whole chain, leaf first, and the leaf's key */
};

/* When a rule of a host applies: before TLS, inside, or inside after the client's certificate was
 * missing or did not verify. */
enum mxs_lab_phase { MXS_LAB_ANY, MXS_LAB_CLEAR, MXS_LAB_TLS, MXS_LAB_REFUSED };
enum mxs_lab_after {
    MXS_LAB_GO_ON,
    MXS_LAB_CLOSE,  /* FIN behind the reply */
    MXS_LAB_RESET,  /* RST instead of a reply */
    MXS_LAB_SILENT, /* no reply, the connection stays open */
    MXS_LAB_FLOOD,  /* the reply again and again */
    MXS_LAB_PLAIN,  /* a 220 to STARTTLS that no TLS follows */
    MXS_LAB_GARBAGE /* random bytes to whatever comes next, then a close */
};

struct mxs_lab_reply_rule {
    int phase;         /* enum mxs_lab_phase */
    const char *verb;  /* "EHLO", ..; "CONNECT" is the banner; "*" all but CONNECT */
    int after;         /* enum mxs_lab_after */
    const char *text;  /* with \r \n \0 escapes; a CRLF follows unless `raw`; NULL: nothing */
    bool raw;
};

/* How a server ends a handshake, or the session behind it, when it means to. */
enum mxs_lab_end { MXS_LAB_END_NONE, MXS_LAB_END_ALERT, MXS_LAB_END_CLOSE, MXS_LAB_END_RESET };

struct mxs_lab_host_plan {
    const char *name;      /* "mx1" */
    const char *host;      /* "mx1.lab.test" */
    int port, tls_port;    /* 25 or 587; 465 besides for submission; 443 for the policy host */
    const char *address;   /* preferred loopback address, taken if the machine has it */
    const char *fallback;
    bool off;              /* not served at all */
    bool closed;           /* in DNS, but nobody listens */
    bool deaf;             /* not even a SYN is answered */
    const char *ec, *rsa;  /* leaf certificates; NULL: none of that kind */
    const char *tail;      /* what follows the leaf: "issuer cross", "filler*37" */
    const char *without_sni; /* leaf for a client without SNI; NULL: the same */
    const char *priority;  /* GnuTLS priority string */
    bool mute;             /* a handshake that it cannot do ends without an alert */
    bool client_cert;      /* asks for one; whether it must have one: `refuse` and the rules */
    const char *client_ca; /* certificates that it trusts for clients, space separated */
    int refuse;            /* enum mxs_lab_end: to a client whose certificate did not verify */
    int refuse_delay;      /* milliseconds before that: the way back of a real network */
    const char *stop_at;   /* handshake message after which it ends: "server-hello", ..; NULL */
    int stop_how;          /* enum mxs_lab_end */
    bool auth;             /* AUTH EXTERNAL to a verified client */
    const char *hide;      /* EHLO keywords that are left out, space separated */
    int banner_delay;      /* milliseconds */
    MXS_LIST(struct mxs_lab_reply_rule) rules; /* the first that fits */
};

struct mxs_lab_zone_plan {
    const char *name; /* "lab.test." */
    bool unsigned_;   /* no keys, no DS in the parent */
    struct mxs_strs lines; /* "owner type rdata", owners relative; {..} as in lab_zones.h */
};

enum mxs_lab_dns_how {
    MXS_LAB_DNS_BADSIG,     /* one signature byte flipped */
    MXS_LAB_DNS_EXPIRED,    /* signed again with old times */
    MXS_LAB_DNS_EXPIRING,   /* signed again, soon out of date */
    MXS_LAB_DNS_NOSIG,      /* RRSIGs left out */
    MXS_LAB_DNS_NODENIAL,   /* NSEC left out */
    MXS_LAB_DNS_WILDREPLAY, /* an existing name answered with the wildcard's RRset */
    MXS_LAB_DNS_FOREIGN,    /* signed with another zone's valid key */
    MXS_LAB_DNS_SERVFAIL,
    MXS_LAB_DNS_REFUSED,
    MXS_LAB_DNS_DROP,
    MXS_LAB_DNS_TRUNCATE    /* TC over UDP whatever the size */
};

struct mxs_lab_dns_rule {
    const char *owner; /* absolute, lower case; a glob */
    int type;          /* 0: every type */
    int how;           /* enum mxs_lab_dns_how */
};

struct mxs_lab_policy_plan {
    int status;
    const char *type;     /* media type */
    const char *location; /* NULL: no header */
    const char *body;     /* \n is sent as CRLF */
    int size;             /* padded with comment-like fields up to so many bytes */
    bool silent;          /* accepts and never answers */
};

struct mxs_lab_touch { /* which fault set which field: two that disagree are refused */
    const void *field;
    const char *fault;
};

struct mxs_lab_plan {
    struct mxs_arena *arena; /* everything below lives in it */
    MXS_LIST(struct mxs_lab_cert_plan) certs;
    MXS_LIST(struct mxs_lab_host_plan) hosts;
    MXS_LIST(struct mxs_lab_zone_plan) zones; /* parents before children */
    MXS_LIST(struct mxs_lab_dns_rule) dns;
    struct mxs_lab_policy_plan policy;
    MXS_LIST(struct mxs_lab_touch) touched;
};

void mxs_lab_plan_clean(struct mxs_arena *arena, struct mxs_lab_plan *out);
/* Edit lines, "\n" between them, as faults.c has them:
 *   cert GLOB FIELD VALUE      host GLOB FIELD VALUE      policy FIELD VALUE
 *   host GLOB reply PHASE:VERB AFTER[,raw] TEXT
 *   zone NAME - OWNER TYPE     zone NAME + OWNER TYPE RDATA     zone NAME FIELD VALUE
 *   dns OWNER TYPE HOW
 * "-" as a value is NULL. MXS_ERR_SYNTAX names the line, MXS_ERR_USAGE two faults that
 * disagree. */
enum mxs_err mxs_lab_plan_edit(struct mxs_lab_plan *plan, const char *fault, const char *edits,
                               struct mxs_why *why);
/* Applies the named faults in order; MXS_ERR_NOT_FOUND names the nearest for an unknown one. */
enum mxs_err mxs_lab_plan_faults(struct mxs_lab_plan *plan, const struct mxs_strs *faults,
                                 struct mxs_why *why);
struct mxs_lab_host_plan *mxs_lab_plan_host(const struct mxs_lab_plan *plan, const char *name);

#endif
