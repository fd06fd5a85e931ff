/* The lab's name server: the zones over UDP and TCP on one address and port, in the caller's
 * loop. */
#ifndef MXSCOPE_SRC_LAB_LAB_DNS_H
#define MXSCOPE_SRC_LAB_LAB_DNS_H

#include "lab/lab_zones.h"
#include "net/loop.h"

struct mxs_lab_dns;

/* *port 0 takes one that is free for both and says which. The zones are borrowed: set them with
 * mxs_lab_dns_serve once they are made (they need the address first). */
enum mxs_err mxs_lab_dns_new(struct mxs_loop *loop, const char *address, unsigned *port,
                             struct mxs_lab_dns **out, struct mxs_why *why);
void mxs_lab_dns_serve(struct mxs_lab_dns *dns, const struct mxs_lab_zones *zones);
void mxs_lab_dns_free(struct mxs_lab_dns *dns);

#endif
