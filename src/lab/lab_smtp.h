/* The lab's SMTP servers: a real dialogue (RFC 5321, STARTTLS RFC 3207, AUTH EXTERNAL RFC 4954)
 * that takes no mail, with the replies that the plan puts in its way. */
#ifndef MXSCOPE_SRC_LAB_LAB_SMTP_H
#define MXSCOPE_SRC_LAB_LAB_SMTP_H

#include "lab/lab_tls.h"
#include "net/loop.h"

struct mxs_lab_smtp;

/* Owns fd, a listening socket. host and identity are borrowed and outlive it. */
struct mxs_lab_smtp *mxs_lab_smtp_new(struct mxs_loop *loop, int fd,
                                      const struct mxs_lab_host_plan *host,
                                      const struct mxs_lab_identity *identity, bool implicit_tls);
void mxs_lab_smtp_free(struct mxs_lab_smtp *smtp);

#endif
