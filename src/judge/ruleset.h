/* What differs between the libraries that judge chains, as data rows. */
#ifndef MXSCOPE_SRC_JUDGE_RULESET_H
#define MXSCOPE_SRC_JUDGE_RULESET_H

#include "facts/refid.h"

enum mxs_purpose {
    MXS_PURPOSE_ANY, /* EKU and key usage of the leaf are not looked at */
    MXS_PURPOSE_SERVER,
    MXS_PURPOSE_CLIENT
};
const char *mxs_purpose_eku(enum mxs_purpose purpose); /* "serverAuth", "clientAuth"; NULL for ANY */

enum mxs_path_search { /* which of several issuers of one name is followed */
    MXS_SEARCH_ALL,     /* every one: any good path will do */
    MXS_SEARCH_TRUSTED, /* an anchor if there is one, else the first served that is valid now, and no
                           way back (OpenSSL) */
    MXS_SEARCH_SERVED   /* the first served, and anchors from any point on (GnuTLS) */
};

enum mxs_crl_scope { /* whose revocation is looked up in the CRLs at hand */
    MXS_CRL_NONE,
    MXS_CRL_LEAF,
    MXS_CRL_CHAIN
};

struct mxs_ruleset {
    const char *name;       /* "gnutls", "openssl-3.0", "go", "rfc" */
    enum mxs_path_search search;
    bool partial_chain;     /* an anchor that is not self-signed ends a path */
    bool anchor_dates;      /* the anchor's own validity counts (with OpenSSL, that of an authority which
                               a TLSA record names only if it is self-signed) */
    bool anchor_eku;        /* the anchor's own EKU counts */
    /* of several anchors of one name that the key identifiers do not tell apart, only one is tried: the
       first of the store that is valid now (OpenSSL), or the last (GnuTLS) */
    enum { MXS_ANCHOR_EVERY, MXS_ANCHOR_FIRST, MXS_ANCHOR_LAST } anchor_tried;
    bool anchor_limits;     /* the anchor's own basic constraints, key usage and name constraints count */
    bool cn_words;          /* name constraints hold for a CN that can be no host's name too */
    bool directory_free;    /* those on directory names and URIs hold for nobody */
    bool leaf_constraints;  /* and all of them for the leaf alone */
    bool any_eku_leaf;      /* anyExtendedKeyUsage in the leaf satisfies a purpose */
    bool any_eku_ca;        /* and in a CA */
    bool nested_eku;        /* the EKU of CAs limits what is below them */
    bool netscape_types;    /* so must its Netscape certificate type, which the RFC does not know */
    bool leaf_key_usage;    /* the leaf's key usage must suit the purpose (RFC 5280 4.2.1.3) */
    const char *critical;   /* OIDs that it knows as critical extensions, with blanks between; NULL: ours */
    bool key_ids;           /* an issuer whose key identifier is another than the one named is none */
    bool few_keys;          /* no RSASSA-PSS and Ed448 keys, not in the handshake either (Go) */
    bool handshake_usage;   /* a handshake fails on a leaf whose key usage has no digitalSignature (GnuTLS) */
    bool sha1, md5;         /* such signatures still count */
    unsigned min_strength;  /* of keys, in bits as NIST SP 800-57 table 2 counts: 112 is RSA-2048 */
    enum mxs_crl_scope crl; /* NONE in every named set: it is for the program to switch on */
    bool crl_required;      /* an issuer without a CRL fails the path */
    bool crl_lax;           /* a CRL counts as it lies there: its dates, scope and signature are not looked
                               at, and the anchor is not looked up (GnuTLS) */
    bool crl_first;         /* only the first CRL of the file is read (sendmail) */
    struct mxs_name_rules names;
};

const struct mxs_ruleset *mxs_rulesets(size_t *n);
const struct mxs_ruleset *mxs_ruleset(const char *name); /* NULL when unknown */

#endif
