/* What a what-if is about: one chain somewhere. A walk of a domain sees many sessions; those that show
 * the same chain at the same host under the same expectations are one subject. */
#ifndef MXSCOPE_SRC_WHATIF_SUBJECT_H
#define MXSCOPE_SRC_WHATIF_SUBJECT_H

#include "facts/catalog.h"
#include "judge/assess.h"
#include "whatif/rebuild.h"

struct mxs_subject {
    const char *name;               /* "mx1.example.org:25 (RSA)", "client certificate of .." */
    struct mxs_evidence *evidence;  /* one host with one session; client_role set where the chain is what a
                                       sending server shows */
    const struct mxs_host_facts *host;
    const struct mxs_session_facts *session;
    const char *const *sessions;    /* addresses and offers that showed the same, for the name; */
    size_t n_sessions;
};
struct mxs_subjects {
    MXS_LIST(struct mxs_subject) list;
};

/* All subjects of the evidence, in order of host; those without a chain count when nothing else shows
 * what the host does (STARTTLS stripped). client: the chains are judged as client certificates instead. A
 * client certificate that the walk showed is a subject of its own, in client role: the last ones, and
 * with client the first. In arena; evidence is borrowed. */
void mxs_subjects_of(struct mxs_arena *arena, const struct mxs_evidence *evidence, bool client,
                     struct mxs_subjects *out);

/* Files of the operator's own set-up, for lines of configuration; NULL: not known. */
struct mxs_own_files {
    const char *cert, *key;               /* what it shows as a client */
    const char *server_cert, *server_key; /* and as a server */
    const char *roots;                    /* what it trusts as a sender */
};

/* What all futures of a run share. */
struct mxs_whatif {
    const struct mxs_catalog *catalog;        /* NULL: no names of CAs are known */
    const struct mxs_assess_options *options; /* date, store, profiles, pins, verifiers */
    struct mxs_rebuild *rebuild;              /* replicas and keys are kept here */
    bool own_keys;                            /* every chain is made again, even one that no change
                                                 touches, so that all keys are at hand (export, lab) */
    struct mxs_own_files files;
};

#endif
