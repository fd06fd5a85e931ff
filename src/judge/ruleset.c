#include "config.h"

#include "judge/ruleset.h"

#include <string.h>

/* What each library lets be critical: supported_nids of OpenSSL's v3_purp.c (3.0), supported_exts.gperf of
 * GnuTLS (3.7), parseCertificate of Go's crypto/x509 (1.19). */
#define COMMON "2.5.29.15 2.5.29.17 2.5.29.19 2.5.29.30 2.5.29.31 2.5.29.32 2.5.29.37 "
static const char openssl_critical[] =
    COMMON "2.5.29.33 2.5.29.36 2.5.29.54 2.16.840.1.113730.1.1 1.3.6.1.5.5.7.1.7 1.3.6.1.5.5.7.1.8 "
    "1.3.6.1.5.5.7.1.14 1.3.6.1.5.5.7.48.1.5";
static const char gnutls_critical[] =
    COMMON "2.5.29.14 2.5.29.18 2.5.29.35 2.5.29.54 1.3.6.1.5.5.7.1.1 1.3.6.1.5.5.7.1.14 1.3.6.1.5.5.7.1.24";
static const char go_critical[] = COMMON "2.5.29.14 2.5.29.35 1.3.6.1.5.5.7.1.1";

static const struct mxs_ruleset rows[] = {
    /* RFC 5280 6.1.1 (an anchor is a name and a key), 4.2.1.12; RFC 9525 6.3. CA-level EKU is a
     * convention that every library keeps. */
    { .name = "rfc", .partial_chain = true, .any_eku_leaf = true, .any_eku_ca = true,
      .nested_eku = true, .leaf_key_usage = true, .min_strength = 112, .crl_required = true },
    /* 3.7: key usage is left to the handshake; the purpose of an anchor is not looked at. */
    { .name = "gnutls", .search = MXS_SEARCH_SERVED, .partial_chain = true, .anchor_dates = true,
      .anchor_tried = MXS_ANCHOR_LAST, .anchor_limits = true, .any_eku_leaf = true, .nested_eku = true,
      .cn_words = true, .directory_free = true, .leaf_constraints = true,
      .handshake_usage = true, .critical = gnutls_critical, .key_ids = true,
      .min_strength = 80, .crl_lax = true,
      .names = { .cn = true, .min_dots = 2 } },
    /* Without X509_V_FLAG_PARTIAL_CHAIN; at security level 0, that of a program is its profile's. */
    { .name = "openssl-3.0", .search = MXS_SEARCH_TRUSTED, .anchor_tried = MXS_ANCHOR_FIRST,
      .anchor_dates = true, .anchor_eku = true,
      .anchor_limits = true, .nested_eku = true, .leaf_key_usage = true, .sha1 = true,
      .md5 = true, .netscape_types = true, .critical = openssl_critical, .key_ids = true,
      .crl_required = true,
      .names = { .cn = true, .partial = true, .min_dots = 2 } },
    { .name = "go", .partial_chain = true, .anchor_dates = true, .anchor_eku = true,
      .anchor_limits = true, .any_eku_leaf = true, .any_eku_ca = true, .nested_eku = true,
      .few_keys = true, .critical = go_critical },
};

const char *mxs_purpose_eku(enum mxs_purpose purpose)
{
    return purpose == MXS_PURPOSE_SERVER ? "serverAuth"
         : purpose == MXS_PURPOSE_CLIENT ? "clientAuth" : NULL;
}

const struct mxs_ruleset *mxs_rulesets(size_t *n)
{
    *n = MXS_COUNT(rows);
    return rows;
}

const struct mxs_ruleset *mxs_ruleset(const char *name)
{
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}
