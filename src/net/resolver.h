/* Resolution with a DNSSEC verdict: libunbound in thread mode behind one descriptor (notes: verdicts
 * come from it alone; ldns only decodes). */
#ifndef MXSCOPE_SRC_NET_RESOLVER_H
#define MXSCOPE_SRC_NET_RESOLVER_H

#include "facts/dns.h"
#include "net/coro.h"

struct mxs_resolver;

struct mxs_resolver_options {
    const char *forward;      /* "ADDR" or "ADDR:PORT" or "[V6]:PORT"; NULL: iterate from the roots, or
                                 the system's resolvers where `system` is set */
    bool system;              /* forward to /etc/resolv.conf's servers; should they strip DNSSEC
                                 records, iterate instead */
    const char *trust_anchor; /* file; NULL: the system's root.key */
};

/* Refuses to start without a usable trust anchor (libunbound reports a missing file only at
 * finalisation: that is forced here). */
enum mxs_err mxs_resolver_new(struct mxs_loop *loop, const struct mxs_resolver_options *options,
                              struct mxs_resolver **out, struct mxs_why *why);
void mxs_resolver_free(struct mxs_resolver *resolver);
/* Forgets what is cached, so that a walk that is run again sees what was repaired in the meantime.
 * Nothing while questions are out. */
void mxs_resolver_refresh(struct mxs_resolver *resolver);

struct mxs_question {
    const char *name;
    uint16_t type;
};

/* From inside a coroutine: one lookup with its verdict. The return code says whether an answer could be
 * had at all within the deadline (TIMEOUT, CANCELLED); out is filled in every case (security ERROR and
 * why on a timeout) and lives in arena. */
enum mxs_err mxs_resolver_ask(struct mxs_resolver *resolver, struct mxs_coro *self,
                              struct mxs_arena *arena, const char *name, uint16_t type,
                              int64_t deadline, struct mxs_dns_answer *out);
/* Several at once: answers[i] for questions[i]; waits for all of them or the deadline. */
enum mxs_err mxs_resolver_ask_all(struct mxs_resolver *resolver, struct mxs_coro *self,
                                  struct mxs_arena *arena, const struct mxs_question *questions,
                                  size_t n, int64_t deadline, struct mxs_dns_answer *answers);

/* The same in two halves: questions fly while their asker does something else. */
struct mxs_lookup;
/* questions are copied; answers stay the caller's, live as long as the lookup and are filled as they
 * come; their contents live in arena. */
struct mxs_lookup *mxs_lookup_start(struct mxs_resolver *resolver, struct mxs_arena *arena,
                                    const struct mxs_question *questions, size_t n,
                                    struct mxs_dns_answer *answers);
/* From inside a coroutine: waits for all answers, as mxs_resolver_ask_all. What is still open at the
 * deadline is given up; a second call returns at once. */
enum mxs_err mxs_lookup_wait(struct mxs_lookup *lookup, struct mxs_coro *self, int64_t deadline);
/* Gives up what is open; NULL is fine. Also right after the resolver is gone. */
void mxs_lookup_free(struct mxs_lookup *lookup);

#endif
