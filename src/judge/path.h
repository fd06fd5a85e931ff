/* Certification paths: which can be built, and what each rule set says of them. Building
 * needs names and signatures only; judging adds rules, purpose and date. So one build serves all
 * verifiers and all dates. */
#ifndef MXSCOPE_SRC_JUDGE_PATH_H
#define MXSCOPE_SRC_JUDGE_PATH_H

#include "facts/crl.h"
#include "judge/ruleset.h"
#include "judge/store.h"
#include "judge/verdict.h"

/* Which certificate's key signed which certificate, checked once per pair. */
struct mxs_signatures;
struct mxs_signatures *mxs_signatures_new(void);
void mxs_signatures_free(struct mxs_signatures *signatures); /* NULL is fine */
bool mxs_signatures_check(struct mxs_signatures *signatures, const struct mxs_cert *cert,
                          const struct mxs_cert *issuer);
bool mxs_signatures_check_spki(struct mxs_signatures *signatures, const struct mxs_cert *cert,
                               struct mxs_bytes spki);
bool mxs_signatures_check_crl(struct mxs_signatures *signatures, const struct mxs_crl *crl,
                              const struct mxs_cert *issuer);

enum mxs_path_end {
    MXS_PATH_ANCHOR,        /* the last certificate is an anchor, or a bare key signed it */
    MXS_PATH_SELF_SIGNED,   /* the last one is self-signed and no anchor */
    MXS_PATH_NO_ISSUER,     /* the last one's issuer is neither served nor an anchor */
    MXS_PATH_BAD_SIGNATURE, /* a certificate of the issuer's name is there; its key did not sign */
    MXS_PATH_TOO_LONG
};

struct mxs_path {
    MXS_LIST(const struct mxs_cert *) certs; /* leaf first */
    const int *served;   /* where each was served, -1 from the store only; NULL in paths made by hand */
    const bool *trusted; /* which are in the store */
    struct mxs_store *store; /* whose anchors and CRLs count; NULL in paths made by hand */
    enum mxs_path_end end;
    bool bare_key;     /* ANCHOR: a bare key (TLSA 2 1 0) signed the last certificate */
    bool self_signed;  /* the last certificate is self-signed */
    bool other_keys;   /* BAD_SIGNATURE: key identifiers say so already of everyone who bears the name */
    bool named;        /* ANCHOR: a TLSA record named the certificate or key */
    bool strict;       /* ANCHOR: its own limits and EKU count whatever the rules say */
};

/* What may end a path besides the store: certificates and bare keys that TLSA records name. */
struct mxs_path_anchor {
    const struct mxs_cert *cert; /* or NULL */
    struct mxs_bytes spki;       /* when cert is NULL */
    bool strict;                 /* the certificate's own limits count (RFC 7672 3.1.2, selector 0) */
};

struct mxs_path_query {
    const struct mxs_chain *served;
    struct mxs_store *store; /* or NULL */
    const struct mxs_path_anchor *anchors;
    size_t n_anchors;
};

enum { MXS_PATHS_MAX = 64, MXS_PATH_DEPTH_MAX = 100 };

struct mxs_paths {
    MXS_LIST(struct mxs_path) v;
    bool truncated; /* there are more than the bounds let us follow */
};

/* Every candidate path from the first served certificate. Empty when nothing was served. */
void mxs_paths_build(struct mxs_arena *arena, struct mxs_signatures *signatures,
                     const struct mxs_path_query *query, struct mxs_paths *out);

struct mxs_reasons {
    struct mxs_reason *v;
    size_t n, cap;
};

/* Appends one. id and rfc are string constants. */
void mxs_reasons_add(struct mxs_arena *arena, struct mxs_reasons *out, const char *id, size_t depth,
                     const char *rfc, const char *fmt, ...) MXS_PRINTF(6, 7);

/* What the rules hold against one path at one date, nearest the leaf first; none: it is good. */
void mxs_path_judge(struct mxs_arena *arena, const struct mxs_path *path,
                    const struct mxs_ruleset *rules, enum mxs_purpose purpose, int64_t at,
                    struct mxs_reasons *out);

struct mxs_path_choice {
    const struct mxs_path *path; /* NULL: there is none */
    struct mxs_reasons reasons;  /* against it */
};
/* The path that holds best: any without a reason; else one that ends in an anchor, with the fewest. */
struct mxs_path_choice mxs_paths_choose(struct mxs_arena *arena, const struct mxs_paths *paths,
                                        const struct mxs_ruleset *rules, enum mxs_purpose purpose,
                                        int64_t at);

/* Whether key identifiers leave it open that issuer's key signed cert (RFC 5280 4.2.1.1): they tell keys of
 * one name apart, where both certificates have them. */
bool mxs_path_may_issue(const struct mxs_cert *issuer, const struct mxs_cert *cert);

/* True when a library that searches as the rules say comes to this path at all (path_search.c). */
bool mxs_path_found(const struct mxs_paths *paths, const struct mxs_path *path,
                    const struct mxs_ruleset *rules, int64_t at);

/* True when this certificate's own EKU lets it stand at this place for the purpose. */
bool mxs_eku_allows(const struct mxs_ruleset *rules, enum mxs_purpose purpose,
                    const struct mxs_cert *cert, bool leaf, bool anchor);

#endif
