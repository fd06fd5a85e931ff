/* The CA catalog (share/catalog, JSON): who the known CAs are, which certificates they have, who
 * issued when, what was served, and the dated facts of CAs and root programmes, each with its source
 * and how sure it is. Sources disagree; the catalog says so and nobody else decides.
 *
 * Immutable once loaded; every pointer belongs to the catalog. Times that are open are
 * MXS_CATALOG_ALWAYS (no beginning known) and MXS_CATALOG_NEVER (no end known). */
#ifndef MXSCOPE_SRC_FACTS_CATALOG_H
#define MXSCOPE_SRC_FACTS_CATALOG_H

#include "facts/cert.h"

#define MXS_CATALOG_ALWAYS INT64_MIN
#define MXS_CATALOG_NEVER INT64_MAX

struct mxs_catalog_span { /* when, and how sure */
    int64_t from, until;   /* from <= at < until */
    const char *certainty; /* "exact" "about" "announced" "conflict" "unverified" */
    const char *note;      /* or NULL */
    const char *source;
};

struct mxs_catalog_family {
    const char *id, *title;      /* "letsencrypt", "Let's Encrypt (ISRG)" */
    const char *kind;            /* "ca", "programme" */
    const char *as_of;           /* what is known ends here, "2026-08-21"; NULL */
    const char *note;            /* or NULL */
    struct mxs_strs organizations; /* O values of its issuer names */
};

/* One CA: a name with a key. It may have several certificates (cross-signs). */
struct mxs_catalog_ca {
    const struct mxs_catalog_family *family;
    const char *name, *id;       /* "YR1", "letsencrypt/YR1" */
    const char *kind;            /* "root" "intermediate" "ocsp-signer" */
    const char *generation;      /* "X" "Y" or NULL */
    const char *key;             /* as mxs_cert.key */
    const char *subject;         /* RFC 4514 */
    struct mxs_bytes subject_raw, spki, ski; /* ski n 0: none */
    uint8_t spki_sha256[32], spki_sha512[64];
    int64_t trusted_until;       /* by the root programmes; MXS_CATALOG_NEVER when no date is known */
    bool not_in_stores;          /* a root that no store had, as of the family's date */
};

struct mxs_catalog_cert {
    const struct mxs_catalog_ca *ca;
    const struct mxs_catalog_ca *issuer; /* NULL: not in the catalog */
    const char *id;              /* "letsencrypt/Root YR by ISRG Root X1" */
    const char *state;           /* "active" "backup" "retired" "expired" "revoked" */
    const char *note, *source;   /* note may be NULL */
    struct mxs_bytes serial_raw, issuer_raw;
    int64_t not_before, not_after;
    const char *signature_algorithm;
    bool is_ca, has_eku, self_issued;
    int path_length;             /* -1 none */
    unsigned eku, key_usage;     /* enum mxs_eku, enum mxs_ku bits */
    struct mxs_strs eku_others;  /* names of those without a bit */
    struct mxs_bytes ski, aki;   /* n 0: none */
    struct mxs_bytes extensions_raw; /* the SEQUENCE OF Extension, for rebuilding; n 0: none */
    uint8_t sha256[32], sha512[64];
    int64_t revoked;             /* when; MXS_CATALOG_NEVER when it is not */
    const char *revoked_note;    /* NULL */
};

struct mxs_catalog_issuing { /* a CA issued leaves of these profiles and key kinds */
    const struct mxs_catalog_ca *ca;
    struct mxs_strs profiles;  /* empty for backups */
    struct mxs_strs leaf_keys; /* "RSA" "ECDSA" */
    bool backup;               /* it stood by: it may go live, and pins should name it */
    struct mxs_catalog_span when;
};

struct mxs_catalog_position { /* one place of a served chain: any of these */
    MXS_LIST(const struct mxs_catalog_cert *) any;
};
struct mxs_catalog_path {
    MXS_LIST(struct mxs_catalog_position) positions; /* behind the leaf, in served order */
};
struct mxs_catalog_chain {
    const struct mxs_catalog_family *family;
    const char *id;
    struct mxs_strs profiles, leaf_keys;
    struct mxs_catalog_path served;
    MXS_LIST(struct mxs_catalog_path) alternates;
    struct mxs_catalog_span when;
};

struct mxs_catalog_profile { /* what leaves of a profile look like */
    const struct mxs_catalog_family *family;
    const char *name;
    int64_t validity; /* seconds */
    struct mxs_strs eku;
    bool common_name, subject_key_id;
    const char *key_encipherment; /* "RSA": on RSA leaves only; NULL: never */
    struct mxs_catalog_span when;
};

struct mxs_catalog_event { /* a dated fact: for the timeline and the date slider */
    const struct mxs_catalog_family *family;
    const char *id, *full_id; /* "classic-drops-client-auth", "letsencrypt/classic-.." */
    const char *kind;         /* "eku" "rollover" "lifetime" "trust" "revocation" */
    const char *title;
    struct mxs_catalog_span when; /* from only */
};

struct mxs_catalog {
    struct mxs_arena *arena;
    const char *version; /* the newest as_of, for the header of recorded sessions */
    MXS_LIST(struct mxs_catalog_family *) families;
    MXS_LIST(struct mxs_catalog_ca *) cas;
    MXS_LIST(struct mxs_catalog_cert *) certs;
    MXS_LIST(struct mxs_catalog_issuing) issuing;
    MXS_LIST(struct mxs_catalog_chain) chains;
    MXS_LIST(struct mxs_catalog_profile) profiles;
    MXS_LIST(struct mxs_catalog_event) events; /* in order of date */
};

/* Loads every *.json of a folder, in order of name. On an error *out is NULL and why says
 * "FILE:LINE: reason". Free with mxs_catalog_free (NULL is fine). */
enum mxs_err mxs_catalog_load(const char *folder, struct mxs_catalog **out, struct mxs_why *why);
/* The same with the files of a second folder, the operator's own, behind them; own may be NULL, or no
 * folder yet. */
enum mxs_err mxs_catalog_load_own(const char *folder, const char *own, struct mxs_catalog **out,
                                  struct mxs_why *why);
/* The same from texts that are at hand: names[i] is for messages. */
enum mxs_err mxs_catalog_read(const char *const *names, const struct mxs_bytes *texts, size_t n,
                              struct mxs_catalog **out, struct mxs_why *why);
void mxs_catalog_free(struct mxs_catalog *catalog);

/* A catalog that is read when somebody first asks for it. */
struct mxs_catalog_loader {
    const char *folder; /* NULL: there is none */
    const char *own;    /* the operator's folder; NULL. When it cannot be read, folder alone is */
    bool tried;
    unsigned looked; /* questions that were answered without reading it */
    struct mxs_catalog *catalog;
    struct mxs_why why; /* of a failed reading */
};
/* NULL when there is none or it cannot be read. loader may be NULL. */
const struct mxs_catalog *mxs_catalog_get(struct mxs_catalog_loader *loader);

/* "YR1" or "letsencrypt/YR1", case ignored; a bare name must be unique. NULL. */
const struct mxs_catalog_ca *mxs_catalog_ca(const struct mxs_catalog *c, const char *name);
/* "letsencrypt/Root YR by ISRG Root X1", the family may be left out; a CA's name gives its
 * certificate when it has only one, or its self-signed one. NULL. */
const struct mxs_catalog_cert *mxs_catalog_cert(const struct mxs_catalog *c, const char *name);
const struct mxs_catalog_family *mxs_catalog_family(const struct mxs_catalog *c, const char *id);

/* The CA whose name and key this certificate has: the "catalog" of a chain in the JSON. NULL. */
const struct mxs_catalog_ca *mxs_catalog_match(const struct mxs_catalog *c,
                                               const struct mxs_cert *cert);
/* The very certificate. NULL. */
const struct mxs_catalog_cert *mxs_catalog_by_sha256(const struct mxs_catalog *c,
                                                     const uint8_t sha256[32]);
/* For mxs_assess_options.revoked, data is a loader: the id of this certificate when its CA has revoked
 * it; NULL. */
const char *mxs_catalog_revoked(void *loader, const struct mxs_cert *cert);
/* The first CA with this key (X1 and X3 share one). NULL. */
const struct mxs_catalog_ca *mxs_catalog_by_spki(const struct mxs_catalog *c,
                                                 const uint8_t spki_sha256[32]);
/* Certificates with this raw subject, at most max. */
size_t mxs_catalog_by_subject(const struct mxs_catalog *c, struct mxs_bytes subject_raw,
                              const struct mxs_catalog_cert **out, size_t max);
/* All certificates of a CA, at most max. */
size_t mxs_catalog_certs_of(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca,
                            const struct mxs_catalog_cert **out, size_t max);
/* Whose certificate this is, by its issuer: a CA of the catalog, or an organization. NULL. */
const struct mxs_catalog_family *mxs_catalog_family_of(const struct mxs_catalog *c,
                                                       const struct mxs_cert *cert);

/* Where a CA stands at that instant: "issuing", "backup", "not yet issuing", "retired"; for one without
 * known periods what its certificate says ("active" ..); "not yet valid", "expired", "revoked" or
 * "distrusted" before these. */
const char *mxs_catalog_state(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca, int64_t at);

/* The CAs of a family that issued at that instant; profile and leaf_key ("RSA", "ECDSA") may be NULL
 * for any. backups: those that stood by instead. */
size_t mxs_catalog_issuers_at(const struct mxs_catalog *c, const char *family, const char *profile,
                              const char *leaf_key, int64_t at, bool backups,
                              const struct mxs_catalog_ca **out, size_t max);
/* What was served by default; NULL. */
const struct mxs_catalog_chain *mxs_catalog_chain_at(const struct mxs_catalog *c,
                                                     const char *family, const char *profile,
                                                     const char *leaf_key, int64_t at);
const struct mxs_catalog_profile *mxs_catalog_profile_at(const struct mxs_catalog *c,
                                                         const char *family, const char *profile,
                                                         int64_t at);

/* A catalog file that adds the CA certificates of a chain as a family (catalog import). What is in the
 * catalog `known` (which may be NULL) is left out, and named as CA or issuer. The text, in arena; NULL
 * and why when the chain has no CA certificate, or none that is new. */
char *mxs_catalog_import(struct mxs_arena *arena, const char *family, const struct mxs_chain *chain,
                         const struct mxs_catalog *known, struct mxs_why *why);

#endif
