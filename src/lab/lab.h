/* The lab: a signed DNS hierarchy, SMTP servers with STARTTLS and an HTTPS policy server, on loopback,
 * without privileges, in the caller's poll loop. Everything validates for real: keys and certificates
 * are made in memory at the start. Faults are rows of one table (faults.h). */
#ifndef MXSCOPE_SRC_LAB_LAB_H
#define MXSCOPE_SRC_LAB_LAB_H

#include "base/arena.h"
#include "base/clock.h"

struct mxs_lab;
struct mxs_loop;

struct mxs_lab_connect { /* where a name and port of the lab really listens */
    const char *host;
    unsigned port;
    const char *address;
    unsigned to_port;
};

struct mxs_lab_options {
    struct mxs_strs faults; /* names of mxs_lab_fault rows */
    const char *listen;     /* address; NULL: loopback */
    bool real_ports;        /* 25, 53, 443, 465 */
};

struct mxs_lab_info { /* how to reach it; strings live as long as the lab */
    const char *domain;       /* what to point mxscope at: "lab.test" */
    const char *resolver;     /* "127.0.0.1:5300" */
    const char *trust_anchor; /* path of a file in a private temporary directory */
    const char *ca_file;      /* path, PEM */
    const char *client_cert, *client_key; /* paths: a client certificate to play with */
    MXS_LIST(struct mxs_lab_connect) connect_to;
};

/* MXS_ERR_NOT_FOUND for an unknown fault (why names the nearest), MXS_ERR_IO for sockets. */
enum mxs_err mxs_lab_new(struct mxs_loop *loop, const struct mxs_clock *clock,
                         const struct mxs_lab_options *options, struct mxs_lab **out,
                         struct mxs_why *why);
void mxs_lab_free(struct mxs_lab *lab); /* closes, removes the temporary directory */
const struct mxs_lab_info *mxs_lab_info(const struct mxs_lab *lab);

struct mxs_lab_fault {
    const char *name;    /* "starttls-stripped" */
    const char *title;   /* one line for --list */
    const char *finding; /* the id it must cause */
};
const struct mxs_lab_fault *mxs_lab_faults(size_t *n);

#endif
