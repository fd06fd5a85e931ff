/* The future in the making: a copy of the evidence that the verbs of a scenario edit, one after the
 * other (whatif/change.h). Inside the scenario room. */
#ifndef MXSCOPE_SRC_WHATIF_DRAFT_H
#define MXSCOPE_SRC_WHATIF_DRAFT_H

#include "whatif/change.h"
#include "whatif/overlay.h"

enum mxs_draft_key { MXS_DRAFT_KEY_UNSAID, MXS_DRAFT_KEY_SAME, MXS_DRAFT_KEY_NEW };

enum { MXS_DRAFT_CHOICES_MAX = 6 };

/* Where it may come out in several ways (the CA picks an issuer at random, nobody knows whether the key
 * is kept), the draft is made again for each: these say which way this time. */
struct mxs_draft_ways {
    size_t pick[MXS_DRAFT_CHOICES_MAX], of[MXS_DRAFT_CHOICES_MAX], n, asked;
};

struct mxs_draft {
    struct mxs_arena *arena;
    const struct mxs_whatif *whatif;
    const struct mxs_future *base;
    const struct mxs_scenario *scenario; /* NULL: changes of the editor */
    bool backward;                       /* it is made as it was, not as it will be */
    struct mxs_draft_ways *ways;

    struct mxs_evidence *evidence; /* copies: evidence with one host and one session */
    struct mxs_host_facts *host;
    struct mxs_session_facts *session;
    MXS_LIST(struct mxs_blueprint) prints; /* what is served, leaf first */

    bool renewed;                  /* the leaf is issued again; unless somebody said */
    enum mxs_draft_key key;        /* with this key */
    const char *key_kind;
    unsigned key_number;

    bool store_empty;              /* no anchors at all */
    bool store_without_own;        /* without those that the chain as served leads to */
    bool store_with_own;           /* with those that it leads to and that were there before */
    bool remake;                   /* every certificate is made again */
    MXS_LIST(const struct mxs_catalog_ca *) store_without;
    MXS_LIST(const struct mxs_catalog_family *) store_without_family;
    MXS_LIST(const struct mxs_catalog_cert *) store_with;
    MXS_LIST(const struct mxs_cert *) store_with_certs; /* made here */

    const struct mxs_cert *private_ca; /* that "sign" made; NULL */

    int64_t at;
    bool pin_new;                  /* the new leaf is what is on file */
    bool receiver_asks, receiver_requires;
    enum { MXS_REVOKED_NOBODY, MXS_REVOKED_LEAF, MXS_REVOKED_ISSUER } revoked;
    /* in the receivers' hands */
    enum { MXS_CRLS_AS_THEY_ARE, MXS_CRLS_ABSENT, MXS_CRLS_LAPSED, MXS_CRLS_CURRENT } crls;
    struct mxs_strs branch, changes;
};

/* What "as before" means: the state that the scenario began with. */
const struct mxs_future *mxs_draft_was(const struct mxs_draft *draft);

/* A fresh one over base. */
void mxs_draft_start(struct mxs_draft *draft, struct mxs_arena *arena,
                     const struct mxs_whatif *whatif, const struct mxs_future *base,
                     struct mxs_draft_ways *ways);
/* Each change in turn, then the chain is built. */
enum mxs_err mxs_draft_run(struct mxs_draft *draft, const struct mxs_changes *changes,
                           struct mxs_future *out, struct mxs_why *why);
/* Builds chain and trust store (draft_build.c). */
enum mxs_err mxs_draft_build(struct mxs_draft *draft, struct mxs_future *out, struct mxs_why *why);

/* Which of n ways it goes this time. label: what this way is called, in the arena; "" for none. */
size_t mxs_draft_choose(struct mxs_draft *draft, size_t n);
void mxs_draft_label(struct mxs_draft *draft, const char *fmt, ...) MXS_PRINTF(2, 3);
/* What was done, in words. */
void mxs_draft_say(struct mxs_draft *draft, const char *fmt, ...) MXS_PRINTF(2, 3);
/* MXS_ERR_NOT_FOUND with why: the change does not apply to this evidence. */
enum mxs_err mxs_draft_not(struct mxs_why *why, const char *fmt, ...) MXS_PRINTF(2, 3);

/* When the last of the certificates that the changes bring from the catalog begins, and its name;
 * MXS_CATALOG_ALWAYS: they bring none. What the changes date themselves is as they say. */
int64_t mxs_draft_earliest(const struct mxs_draft *draft, const char **whose);

/* The leaf's blueprint; NULL when no certificate is served. */
struct mxs_blueprint *mxs_draft_leaf(const struct mxs_draft *draft);
/* NULL with why, for verbs that need one. */
struct mxs_blueprint *mxs_draft_need_leaf(const struct mxs_draft *draft, struct mxs_why *why);
/* Whose chain it is: the scenario's family, or the one of the leaf's issuer; NULL. */
const struct mxs_catalog_family *mxs_draft_family(const struct mxs_draft *draft);
/* "RSA" or "ECDSA": the kind that the leaf will have. */
const char *mxs_draft_key_family(const struct mxs_draft *draft);

/* What a blueprint will be, edits included. */
struct mxs_bytes mxs_print_subject(const struct mxs_blueprint *print);
struct mxs_bytes mxs_print_issuer(const struct mxs_blueprint *print);
int64_t mxs_print_not_before(const struct mxs_blueprint *print);
int64_t mxs_print_not_after(const struct mxs_blueprint *print);
/* False: no EKU extension, everything is allowed. */
bool mxs_print_eku(struct mxs_arena *arena, const struct mxs_blueprint *print,
                   struct mxs_strs *out);
/* "R12", "Root YR", else the subject's common name. */
const char *mxs_print_name(const struct mxs_draft *draft, const struct mxs_blueprint *print);
/* name is a CA of the catalog (any certificate of it), a certificate of the catalog (that one), or a
 * common name. */
bool mxs_print_is(const struct mxs_draft *draft, const struct mxs_blueprint *print,
                  const char *name);
/* The certificate of the catalog that it is; NULL. */
const struct mxs_catalog_cert *mxs_print_catalog(const struct mxs_draft *draft,
                                                 const struct mxs_blueprint *print);

/* What a record of t's selector and matching type says of this certificate, or of the one that it stands
 * for; n 0: a full certificate of which only the digest is known. */
struct mxs_bytes mxs_draft_association(struct mxs_arena *arena, const struct mxs_cert *cert,
                                       const struct mxs_tlsa *t);

/* "2027-02-10", "now", "expired" (a day after the leaf's end), "+60d" or "+160h" after the draft's date;
 * draft NULL: only whether it is one. */
bool mxs_change_date(const struct mxs_draft *draft, const char *word, int64_t *out);
/* "45d", "160h": seconds; false when it is none. */
bool mxs_change_duration(const char *word, int64_t *out);

#endif
