/* What the files of the fold share; nobody else includes it. */
#ifndef MXSCOPE_SRC_JOURNAL_FOLD_ROOM_H
#define MXSCOPE_SRC_JOURNAL_FOLD_ROOM_H

#include "journal/fold.h"

/* A recorded file can name any number of hosts and sessions; a walk cannot. */
enum { MXS_FOLD_HOSTS_MAX = 512, MXS_FOLD_SESSIONS_MAX = 2048 };

/* Finds or adds the host; NULL when name is NULL or the bound is reached. */
struct mxs_host_facts *mxs_fold_host(struct mxs_evidence *ev, const char *name);

/* One function a kind: the names are those of the events (journal.h). */
typedef void mxs_fold_fn(struct mxs_evidence *ev, const struct mxs_event *event);

/* fold_dns.c */
mxs_fold_fn mxs_fold_dns, mxs_fold_mx, mxs_fold_null_mx, mxs_fold_host_facts, mxs_fold_address,
    mxs_fold_policy, mxs_fold_policy_certificate;

/* fold_session.c */
mxs_fold_fn mxs_fold_probe;

/* fold_session.c and fold_tls.c; ev is for its arena, the session is the event's */
typedef void mxs_fold_session_fn(struct mxs_evidence *ev, struct mxs_session_facts *session,
                                 const struct mxs_event *event);
mxs_fold_session_fn mxs_fold_probe_end, mxs_fold_smtp, mxs_fold_glued, mxs_fold_error;
mxs_fold_session_fn mxs_fold_handshake, mxs_fold_alert, mxs_fold_client_cert,
    mxs_fold_client_verdict;

#endif
