/* The assessment: evidence + date -> usable records, matches, verdicts, findings, headline. The one
 * door through which report/ and ui/ read judgements. Pure: no network, no clock of its own; the only
 * file it may cause to be read is the trust store, through the loader it is given. */
#ifndef MXSCOPE_SRC_JUDGE_ASSESS_H
#define MXSCOPE_SRC_JUDGE_ASSESS_H

#include "judge/verdict.h"

struct mxs_store;    /* X.509 trust anchors, judge/store.h */
struct mxs_senders;  /* large ones, judge/senders.h */
struct mxs_profiles; /* of products, judge/profile.h */
struct mxs_paths;
struct mxs_purposes;

struct mxs_assess_options {
    int64_t at;                  /* judge as of this instant */
    struct mxs_store *store;     /* shared; loaded when a verdict first needs it. NULL: no anchors */
    bool public_roots;           /* store holds the public authorities, not somebody's own */
    const struct mxs_profiles *profiles; /* of products; NULL: only the RFCs judge */
    const struct mxs_senders *senders; /* named beside findings; NULL: none is */
    const struct mxs_chain *pins; /* what receivers have on file; NULL: the leaf that is shown */
    struct mxs_strs verifiers;   /* names or globs; empty: all that apply */
    struct mxs_strs first;       /* names or globs of those that are shown first */
    const struct mxs_evidence *previous; /* a recorded session of the same target, or NULL */
    /* Whether a CA has revoked this certificate, by the catalog: its name there, else NULL. */
    const char *(*revoked)(void *data, const struct mxs_cert *cert);
    void *revoked_data;
};

struct mxs_tlsa_match {
    size_t record; /* index into host->tlsa */
    int depth;     /* of the served certificate that matches; the number of served ones when the record
                      brings its own authority (2 0 0, 2 1 0 not sent); -1 none */
};

struct mxs_session_assessment {
    const struct mxs_host_facts *host;
    const struct mxs_session_facts *session;
    bool trial; /* without SNI beside one with it (--sni-trial): compared, not judged */
    MXS_LIST(struct mxs_tlsa_match) matches; /* one per usable or unusable record, in order */
    MXS_LIST(struct mxs_verdict) verdicts;
    const struct mxs_paths *paths;       /* candidate paths, judge/path.h; NULL: no verdict asked */
    const struct mxs_purposes *purposes; /* judge/purpose.h; NULL with paths */
};

struct mxs_trial; /* judge/trial.h */

struct mxs_assessment {
    struct mxs_arena *arena;
    const struct mxs_evidence *evidence;
    int64_t at;
    MXS_LIST(struct mxs_session_assessment) sessions;
    MXS_LIST(struct mxs_finding) findings; /* worst first */
    MXS_LIST(struct mxs_trial *) trials; /* --client-cert-trial: one per pair of sessions */
    enum mxs_status status;
    const char *headline; /* one sentence: the answer, and whose fault it is */
};

/* Never fails: what cannot be judged says so. Free with mxs_assessment_free. */
struct mxs_assessment *mxs_assess(const struct mxs_evidence *evidence,
                                  const struct mxs_assess_options *options);
void mxs_assessment_free(struct mxs_assessment *assessment);

/* NULL when there is no such session. */
const struct mxs_session_assessment *mxs_assessment_session(const struct mxs_assessment *assessment,
                                                            uint32_t id);
const struct mxs_verdict *mxs_assessment_verdict(const struct mxs_session_assessment *session,
                                                 const char *verifier);

#endif
