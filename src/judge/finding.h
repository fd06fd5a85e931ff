/* The catalog of findings (findings.def) and how detectors report one. */
#ifndef MXSCOPE_SRC_JUDGE_FINDING_H
#define MXSCOPE_SRC_JUDGE_FINDING_H

#include "judge/assess.h"
#include "judge/dane.h"

enum mxs_finding_id {
#define X(id, name, severity, fault, rfc, lesson, text, fix) MXS_F_##id,
#include "judge/findings.def"
#undef X
    MXS_F_COUNT
};

struct mxs_finding_row {
    const char *id;
    enum mxs_severity severity;
    enum mxs_fault fault;
    const char *rfc, *lesson; /* or NULL */
    const char *text, *fix;   /* with {host}, {domain}, {0} .. {3} */
};

/* All rows, MXS_F_COUNT of them, by enum. */
const struct mxs_finding_row *mxs_finding_rows(void);
const struct mxs_finding_row *mxs_finding_row(const char *id); /* NULL when unknown */

/* What a detector works on. */
struct mxs_find {
    struct mxs_assessment *assessment;
    const struct mxs_evidence *evidence;
    const struct mxs_assess_options *options;
    MXS_LIST(struct mxs_judge) judges; /* one per session but trials */
    MXS_LIST(struct mxs_judge) trials; /* without SNI, beside a session with it: nobody's mail goes so */
};

struct mxs_find_args {
    const char *host;     /* NULL: of the domain */
    uint64_t seq;         /* the event that shows it, or 0 */
    const char *evidence; /* NULL: "event SEQ" */
    const char *v[4];     /* {0} .. {3} */
    bool calm;            /* true in itself, yet nothing to act on here: INFO at most */
};

/* Adds the finding, filled in, unless the very same stands there already (a host with four addresses
 * has one fault, not four). */
void mxs_find_add(struct mxs_find *find, enum mxs_finding_id id, const struct mxs_find_args *args);
#define mxs_find_say(find, id, host_, seq_, evidence_, ...)                                    \
    mxs_find_add((find), MXS_F_##id,                                                           \
                 &(struct mxs_find_args){ .host = (host_), .seq = (seq_),                      \
                                          .evidence = (evidence_), .v = __VA_ARGS__ })

/* Runs every detector, then sorts: worst first. */
void mxs_find_all(struct mxs_find *find);

/* The detectors, one group each. */
void mxs_find_sessions(struct mxs_find *find);
void mxs_find_tls(struct mxs_find *find);
void mxs_find_dns(struct mxs_find *find);
void mxs_find_dane(struct mxs_find *find);
void mxs_find_sts(struct mxs_find *find);
void mxs_find_chain(struct mxs_find *find);
void mxs_find_served(struct mxs_find *find);
void mxs_find_client(struct mxs_find *find);

/* --- what several detectors need --- */

/* The event of the stage where the session stands or ended. */
uint64_t mxs_find_event(const struct mxs_session_facts *session);
/* The event that opened a stage; the session's last one when it has none. */
uint64_t mxs_find_stage_event(const struct mxs_session_facts *session, enum mxs_stage stage);
/* "192.0.2.25, rsa" when several key types were asked for, else the address. */
const char *mxs_find_where(struct mxs_find *find, const struct mxs_session_facts *session);
/* The server turned us away over a client certificate, at the handshake's end or by a later reply. */
bool mxs_find_refuses_client(const struct mxs_session_facts *session);
/* True when DANE authenticates this session. */
bool mxs_find_dane_verified(struct mxs_find *find, const struct mxs_judge *judge);

/* One sentence: the answer, and whose fault it is. Reads the findings. */
const char *mxs_headline(struct mxs_find *find);

#endif
