/* One raw query to one server over UDP, then TCP when the answer was truncated: what the operator's
 * own resolver says (AD, rcode, EDE), to stand beside libunbound's verdict, or what an authoritative
 * server says. Nothing here validates: the AD flag is only worth what the path to the server is. */
#ifndef MXSCOPE_SRC_NET_STUB_H
#define MXSCOPE_SRC_NET_STUB_H

#include "facts/dns.h"
#include "net/endpoint.h"

struct mxs_coro;
struct mxs_loop;

struct mxs_stub_question {
    struct mxs_endpoint server;
    const char *name;
    uint16_t type;
    bool recursion;         /* RD */
    bool authentic;         /* AD in the query: asks for the AD flag (RFC 6840 5.7) */
    bool dnssec;            /* DO: RRSIGs in the answer, please */
    bool checking_disabled; /* CD */
    bool tcp;               /* not UDP at all */
};

struct mxs_ede { /* RFC 8914 */
    unsigned code;
    const char *text; /* sanitised; "" when the server sent none */
};

struct mxs_stub_answer {
    bool authoritative, authentic, recursion, tcp; /* AA, AD, RA; how it came */
    MXS_LIST(struct mxs_ede) ede;
    struct mxs_dns_answer dns; /* security NONE: nobody judged it; packet as on the wire */
};

/* From inside a coroutine; out lives in arena. Packets from elsewhere, with another id or another
 * question are ignored; an unanswered UDP query is repeated. Errors with why: TIMEOUT, CANCELLED, IO,
 * CLOSED (TCP), SYNTAX (no packet, or a name that is none). Any rcode is MXS_OK. */
enum mxs_err mxs_stub_ask(struct mxs_loop *loop, struct mxs_coro *self, struct mxs_arena *arena,
                          const struct mxs_stub_question *question, int64_t deadline,
                          struct mxs_stub_answer *out, struct mxs_why *why);

/* The extended errors of a packet (RFC 8914), in their order; used by mxs_stub_ask. */
void mxs_stub_ede(struct mxs_arena *arena, struct mxs_bytes packet, struct mxs_stub_answer *out);

#endif
