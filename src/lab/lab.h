/* The lab: a signed DNS hierarchy, SMTP servers with STARTTLS and an HTTPS policy server, on
 * loopback, without privileges, in the caller's poll loop. Everything validates for real: keys
 * and certificates are made in memory at the start. Faults are rows of one table (faults.c). */
#ifndef MXSCOPE_SRC_LAB_LAB_H
#define MXSCOPE_SRC_LAB_LAB_H

#include "base/arena.h"
#include "base/clock.h"

struct mxs_lab;
struct mxs_loop;
struct mxs_lab_future;

struct mxs_lab_connect { /* where a name and port of the lab really listens */
    const char *host;
    unsigned port;
    const char *address; /* "": as DNS says, only the port differs (curl's empty HOST2) */
    unsigned to_port;
};

struct mxs_lab_options {
    struct mxs_strs faults; /* names of mxs_lab_fault rows */
    const char *listen;     /* address; NULL: loopback */
    const struct mxs_lab_future *future; /* serve this instead of lab.test (lab_future.h); NULL */
    bool real_ports;        /* 25, 53, 443, 465, 587; with `listen` there is one MX host only */
};

struct mxs_lab_info { /* how to reach it; strings live as long as the lab */
    const char *domain;       /* what to point mxscope at: "lab.test" */
    const char *mx, *policy;  /* hosts to try: "mx1.lab.test", "mta-sts.lab.test" */
    const char *resolver;     /* "127.0.0.1:5300" */
    const char *directory;    /* private and temporary; the files below are in it */
    const char *trust_anchor; /* path: the root's DNSKEY, as libunbound and dig read it */
    const char *delv_anchor;  /* path: the same as delv -a reads it */
    const char *ca_file;      /* path, PEM */
    const char *client_cert, *client_key; /* paths: of the CA that the lab trusts for clients */
    const char *both_cert, *both_key; /* of the public CA, serverAuth and clientAuth */
    const char *server_only_cert, *server_only_key; /* the same without clientAuth */
    const char *future_cert, *future_key; /* paths: what the session's own client shows then; NULL */
    MXS_LIST(struct mxs_lab_connect) connect_to;
};

/* MXS_ERR_NOT_FOUND for an unknown fault (why names the nearest), MXS_ERR_IO for sockets. */
enum mxs_err mxs_lab_new(struct mxs_loop *loop, const struct mxs_clock *clock,
                         const struct mxs_lab_options *options, struct mxs_lab **out,
                         struct mxs_why *why);
void mxs_lab_free(struct mxs_lab *lab); /* closes, removes the temporary directory */
const struct mxs_lab_info *mxs_lab_info(const struct mxs_lab *lab);
/* What the lab's CAs say of their own certificates, in the shape that mxs_assess_options.revoked
 * wants (data is the lab): the name of a CA certificate that is revoked, else NULL. */
struct mxs_cert;
const char *mxs_lab_revoked(void *lab, const struct mxs_cert *cert);

struct mxs_lab_fault {
    const char *group;   /* heading of --list: "starttls", "dane", .. */
    const char *name;    /* "starttls-stripped" */
    const char *title;   /* one line for --list */
    const char *finding; /* the id it must cause; NULL: a variant that every verifier accepts */
    const char *edits;   /* what it changes, as lab_plan.h reads it */
};
const struct mxs_lab_fault *mxs_lab_faults(size_t *n);

#endif
