/* Names in certificates against the names a client means (RFC 9525, RFC 6125 6.4, RFC 7672 3.2.3). What
 * differs between clients is data: struct mxs_name_rules. */
#ifndef MXSCOPE_SRC_FACTS_REFID_H
#define MXSCOPE_SRC_FACTS_REFID_H

#include "facts/cert.h"

struct mxs_name_rules {
    bool cn;              /* a CN counts where there is no DNS-ID (RFC 7672 3.2.3; not RFC 9525) */
    bool partial;         /* "m*.example.org" too, not only a whole "*" label (RFC 9525 6.3) */
    bool multi_label;     /* "*.d" matches a.b.d as well (RFC 7672 3.2.3: MAY) */
    unsigned min_dots;    /* how many dots a wildcard name must have at least: 2 refuses "*.org" */
};

/* One presented name (a dNSName or a CN) against one reference name. ASCII case is ignored; a trailing
 * dot of the reference too. */
bool mxs_name_matches(const struct mxs_name_rules *rules, const char *presented,
                      const char *reference);

/* True for "192.0.2.25" and "2001:db8::25": compared with iPAddress only (RFC 9525 6.2). */
bool mxs_name_is_address(const char *reference);

struct mxs_name_match {
    const char *reference; /* the one that matched; NULL: none */
    const char *presented;
    bool by_cn;
};
/* The first reference name that the certificate covers. */
struct mxs_name_match mxs_cert_covers(const struct mxs_cert *cert,
                                      const struct mxs_name_rules *rules,
                                      const struct mxs_strs *references);
/* Adds a name unless an equal one is there (ASCII case aside); NULL and "" add nothing. */
void mxs_reference_add(struct mxs_arena *arena, struct mxs_strs *references, const char *name);

#endif
