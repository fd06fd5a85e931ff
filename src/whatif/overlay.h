/* Evidence as it would be: a scenario laid over a subject. The subject is never touched; the
 * future has evidence, trust store and date of its own and meets the same judges. */
#ifndef MXSCOPE_SRC_WHATIF_OVERLAY_H
#define MXSCOPE_SRC_WHATIF_OVERLAY_H

#include "judge/verifier.h"
#include "whatif/scenario.h"
#include "whatif/subject.h"

/* One way it may come out. */
struct mxs_future {
    const char *branch;             /* "signed by R13, key kept"; NULL when there is only one */
    struct mxs_evidence *evidence;  /* one host, one session */
    const struct mxs_host_facts *host;
    const struct mxs_session_facts *session;
    struct mxs_store *store;        /* derived from the options' where anchors change; else the same */
    int64_t at;                     /* judge it at this date */
    const struct mxs_chain *pins;   /* what is on file: the old leaf unless a change says otherwise */
    bool receiver_asks, receiver_requires; /* receivers that do not ask by themselves start to */
    struct mxs_strs changes;        /* what was done, in words */
    const struct mxs_future *was;   /* the state that the scenario began with; NULL: this is one */
};

struct mxs_futures {
    MXS_LIST(struct mxs_future) list;
};

enum mxs_direction { MXS_FORWARD, MXS_BACKWARD };

struct mxs_overlay {
    const struct mxs_scenario *scenario;
    const char *why_not;            /* it does not apply: the reason in one sentence; futures is empty */
    enum mxs_direction direction;
    /* forward: before is the subject as seen. backward: it is rebuilt as it was, and the one future is
     * what was seen. */
    struct mxs_future before;
    MXS_LIST(struct mxs_future) futures;
    /* backward: what happened lies between these dates, as far as certificates and catalog tell; 0 */
    int64_t happened_from, happened_until;
};

/* Never fails: what cannot be done is why_not. Everything is in arena; certificates live as long as
 * whatif->rebuild, derived stores as long as arena. */
void mxs_overlay(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                 const struct mxs_subject *subject, const struct mxs_scenario *scenario,
                 struct mxs_overlay *out);
/* The same for changes without a scenario file: the editor's, and those of remedies, over a future. */
enum mxs_err mxs_overlay_changes(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                                 const struct mxs_future *base, const struct mxs_changes *changes,
                                 struct mxs_future *out, struct mxs_why *why);

/* Each way that they may come out: the CA picks one of its issuers, not the operator. */
enum mxs_err mxs_overlay_ways(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                              const struct mxs_future *base, const struct mxs_changes *changes,
                              struct mxs_futures *out, struct mxs_why *why);

/* The host that the certificate is for: the MX host, or the sending server itself. */
const char *mxs_future_host(const struct mxs_future *future);

/* What a judge may look at in this future. arena: where verdicts are made. */
struct mxs_judge mxs_future_judge(const struct mxs_whatif *whatif, const struct mxs_future *future,
                                  struct mxs_arena *arena, struct mxs_judge_cache *cache);

#endif
