/* A numeric address with a port, as --resolver and /etc/resolv.conf give it. */
#ifndef MXSCOPE_SRC_NET_ENDPOINT_H
#define MXSCOPE_SRC_NET_ENDPOINT_H

#include <sys/socket.h>

#include "base/arena.h"

struct mxs_endpoint {
    char address[64]; /* numeric, without brackets; may carry a %scope */
    unsigned port;
};

/* "ADDR", "ADDR:PORT", "[V6]:PORT" or a bare V6. MXS_ERR_USAGE with why for anything else, host names
 * included. */
enum mxs_err mxs_endpoint_parse(const char *text, unsigned default_port, struct mxs_endpoint *out,
                                struct mxs_why *why);
/* The first `nameserver` of a resolv.conf(5) file (path NULL: the system's), port 53.
 * MXS_ERR_NOT_FOUND when it names none, MXS_ERR_IO when it cannot be read. */
enum mxs_err mxs_endpoint_resolv_conf(const char *path, struct mxs_endpoint *out,
                                      struct mxs_why *why);
/* "192.0.2.1:53", "[2001:db8::1]:53". */
char *mxs_endpoint_text(struct mxs_arena *arena, const struct mxs_endpoint *endpoint);
/* False only for a scope that this machine does not have. */
bool mxs_endpoint_sockaddr(const struct mxs_endpoint *endpoint, struct sockaddr_storage *out,
                           socklen_t *len);

#endif
