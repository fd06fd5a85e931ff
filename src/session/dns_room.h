/* What the stages that ask the DNS share (stage_dns.c, stage_mx.c, stage_policy.c, zones.c). */
#ifndef MXSCOPE_SRC_SESSION_DNS_ROOM_H
#define MXSCOPE_SRC_SESSION_DNS_ROOM_H

#include "session/walk.h"

/* When an answer is given up: no RFC says; resolvers themselves take several seconds for hard names. */
int64_t mxs_dns_deadline(const struct mxs_walk *walk);

/* Asks n questions at once; answers are filled in every case. The only error is MXS_ERR_CANCELLED. */
enum mxs_err mxs_dns_ask(struct mxs_walk *walk, const struct mxs_question *questions, size_t n,
                         struct mxs_dns_answer *answers);
/* Waits for a lookup that was started earlier; the same error. */
enum mxs_err mxs_dns_wait(struct mxs_walk *walk, struct mxs_lookup *lookup);
/* Sets why; returns MXS_ERR_CANCELLED. */
enum mxs_err mxs_dns_cancelled(struct mxs_why *why);

/* The `dns` event of an answer; host and base may be NULL (journal.h). */
void mxs_dns_event(struct mxs_walk *walk, const struct mxs_probe *probe, const char *purpose,
                   const struct mxs_dns_answer *answer, const char *host, const char *base);
/* Bogus, or no answer: "mx.example.org A: bogus: signature expired". In the walk's arena. */
const char *mxs_dns_trouble(struct mxs_walk *walk, const struct mxs_dns_answer *answer);

/* An address where a name belongs: a mistake that is met (RFC 7672 2.2: no DANE for it). */
bool mxs_dns_like_address(const char *host);

/* Before the events of answers that failed: is it the name, or does the resolver answer nobody? Asks it
 * once for the root's name servers, unless it has answered this walk before; when it is silent, or has no
 * answer even to that, `why` becomes MXS_DNS_SILENT with its address. Errors are CANCELLED only. */
enum mxs_err mxs_dns_silence(struct mxs_walk *walk, struct mxs_dns_answer *answers, size_t n);

/* Asks the operator's own resolver the same question where that tells something: our verdict is bogus
 * or an error, or it is the first secure TLSA answer (does that resolver validate at all?). One event,
 * purpose=resolver; a few per walk at most. Errors are CANCELLED only. */
enum mxs_err mxs_dns_opinion(struct mxs_walk *walk, const struct mxs_probe *probe,
                             const struct mxs_dns_answer *answer);

/* The domain's records that do not depend on the MX: asked for at once, read later (domain_dns.c). */
void mxs_ahead_start(struct mxs_walk *walk, const char *domain);
/* Waits for the MTA-STS TXT record and appends its event; out is the answer. */
enum mxs_err mxs_ahead_sts(struct mxs_walk *walk, const struct mxs_probe *probe,
                           const struct mxs_dns_answer **out);
/* Waits for TLSRPT and CAA (the parents' where the domain has none, RFC 8659 3): their events. */
enum mxs_err mxs_ahead_rest(struct mxs_walk *walk, const struct mxs_probe *probe);

/* DS and DNSKEY of each zone cut from the root down to name, as events; zones that the evidence has are
 * not asked again. Nothing unless the option `zones` is set. Errors are CANCELLED only. */
enum mxs_err mxs_zones(struct mxs_walk *walk, const struct mxs_probe *probe, const char *name);

#endif
