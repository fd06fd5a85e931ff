/* The verbs' functions, file by file; change.c has the table. Inside the scenario room. */
#ifndef MXSCOPE_SRC_WHATIF_CHANGE_ROWS_H
#define MXSCOPE_SRC_WHATIF_CHANGE_ROWS_H

#include "whatif/draft.h"

#define MXS_CHANGE_CHECK(name)                                                                  \
    enum mxs_err mxs_check_##name(const struct mxs_change *change,                              \
                                  const struct mxs_catalog *catalog, struct mxs_why *why)
#define MXS_CHANGE_APPLY(name)                                                                  \
    enum mxs_err mxs_apply_##name(const struct mxs_change *change, struct mxs_draft *draft,     \
                                  struct mxs_why *why)
#define MXS_CHANGE_HOLDS(name)                                                                  \
    bool mxs_holds_##name(const struct mxs_change *change, const struct mxs_draft *draft)

/* Neither before nor after: it says nothing of whether a change has happened. */
MXS_CHANGE_HOLDS(anyway);

/* change_leaf.c: the leaf itself */
MXS_CHANGE_CHECK(eku);
MXS_CHANGE_APPLY(eku);
MXS_CHANGE_HOLDS(eku);
MXS_CHANGE_CHECK(key);
MXS_CHANGE_APPLY(key);
MXS_CHANGE_CHECK(leaf);
MXS_CHANGE_APPLY(renew);
MXS_CHANGE_CHECK(dates);
MXS_CHANGE_APPLY(dates);
MXS_CHANGE_CHECK(lifetime);
MXS_CHANGE_APPLY(lifetime);
MXS_CHANGE_CHECK(names);
MXS_CHANGE_APPLY(names);
MXS_CHANGE_CHECK(class);
MXS_CHANGE_APPLY(class);
MXS_CHANGE_CHECK(revoke);
MXS_CHANGE_APPLY(revoke);

/* change_ca.c: who signs, and what the CA serves */
MXS_CHANGE_CHECK(issuer);
MXS_CHANGE_APPLY(issuer);
MXS_CHANGE_HOLDS(issuer);
MXS_CHANGE_CHECK(catalog);
MXS_CHANGE_APPLY(catalog);
MXS_CHANGE_HOLDS(catalog);
MXS_CHANGE_CHECK(sign);
MXS_CHANGE_APPLY(sign);

/* change_served.c: which certificates are sent */
MXS_CHANGE_CHECK(serve);
MXS_CHANGE_APPLY(serve);
MXS_CHANGE_HOLDS(serve);
MXS_CHANGE_CHECK(need);
MXS_CHANGE_APPLY(need);
MXS_CHANGE_APPLY(client_cert);
MXS_CHANGE_CHECK(client_cert);

/* change_world.c: everything around the chain */
MXS_CHANGE_CHECK(date);
MXS_CHANGE_APPLY(date);
MXS_CHANGE_CHECK(store);
MXS_CHANGE_APPLY(store);
MXS_CHANGE_CHECK(receiver);
MXS_CHANGE_APPLY(receiver);
MXS_CHANGE_CHECK(pin);
MXS_CHANGE_APPLY(pin);
MXS_CHANGE_CHECK(crl);
MXS_CHANGE_APPLY(crl);

/* change_published.c: DNS, policy and the server's offer */
MXS_CHANGE_CHECK(tlsa);
MXS_CHANGE_APPLY(tlsa);
MXS_CHANGE_CHECK(policy);
MXS_CHANGE_APPLY(policy);
MXS_CHANGE_CHECK(starttls);
MXS_CHANGE_APPLY(starttls);
MXS_CHANGE_CHECK(mx);
MXS_CHANGE_APPLY(mx);
MXS_CHANGE_CHECK(dnssec);
MXS_CHANGE_APPLY(dnssec);

/* change_restore.c: as it was before the scenario */
MXS_CHANGE_CHECK(restore);
MXS_CHANGE_APPLY(restore);

/* The name behind words[from ..], joined by single spaces: names of CAs need no quotes at the end. */
const char *mxs_change_tail(struct mxs_arena *arena, const struct mxs_change *change, size_t from);
/* MXS_ERR_USAGE with the verb's usage. */
enum mxs_err mxs_change_usage(const struct mxs_change *change, struct mxs_why *why);
/* A host name as certificates and policies have it: A-labels, stars in the first one. */
enum mxs_err mxs_change_host(const char *word, struct mxs_why *why);
/* The catalog has a CA (or certificate) of this name; why names some that it has. */
enum mxs_err mxs_change_ca_known(const struct mxs_catalog *catalog, const char *name,
                                 struct mxs_why *why);

#endif
