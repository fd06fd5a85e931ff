/* The lab's policy host: https://mta-sts.DOMAIN/.well-known/mta-sts.txt (RFC 8461 3.3), served by
 * libmicrohttpd without a thread: its epoll descriptor is a watch of the caller's loop. */
#ifndef MXSCOPE_SRC_LAB_LAB_HTTPS_H
#define MXSCOPE_SRC_LAB_LAB_HTTPS_H

#include "lab/lab_pki.h"
#include "net/loop.h"

struct mxs_lab_https;

/* Owns fd, a listening socket. The plan is borrowed. */
enum mxs_err mxs_lab_https_new(struct mxs_loop *loop, int fd, const struct mxs_lab_plan *plan,
                               const struct mxs_lab_host_plan *host, const struct mxs_lab_pki *pki,
                               struct mxs_lab_https **out, struct mxs_why *why);
void mxs_lab_https_free(struct mxs_lab_https *https);

#endif
