#include "config.h"

#include "judge/ruleset.h"

#include <string.h>

static const struct mxs_ruleset rows[] = {
    /* RFC 5280 6.1.1 (an anchor is a name and a key), 4.2.1.12; RFC 9525 6.3. CA-level EKU is a
     * convention that every library keeps. */
    { .name = "rfc", .partial_chain = true, .any_eku_leaf = true, .any_eku_ca = true,
      .nested_eku = true, .leaf_key_usage = true, .min_rsa = 2048, .crl_required = true },
    /* 3.7: key usage is left to the handshake; the purpose of an anchor is not looked at. */
    { .name = "gnutls", .search = MXS_SEARCH_SERVED, .partial_chain = true, .anchor_dates = true,
      .anchor_tried = MXS_ANCHOR_LAST,
      .anchor_ca = true, .anchor_limits = true, .any_eku_leaf = true, .nested_eku = true,
      .min_rsa = 1024, .crl_lax = true,
      .names = { .cn = true, .min_dots = 2 } },
    /* Without X509_V_FLAG_PARTIAL_CHAIN; at security level 1, Debian's 2 for TLS is the caller's. */
    { .name = "openssl-3.0", .search = MXS_SEARCH_TRUSTED, .anchor_tried = MXS_ANCHOR_FIRST,
      .anchor_dates = true, .anchor_eku = true,
      .anchor_limits = true, .nested_eku = true, .leaf_key_usage = true, .sha1 = true,
      .min_rsa = 1024, .crl_required = true,
      .names = { .cn = true, .partial = true, .min_dots = 2 } },
    { .name = "go", .partial_chain = true, .anchor_dates = true, .anchor_eku = true,
      .anchor_limits = true, .any_eku_leaf = true, .any_eku_ca = true, .nested_eku = true,
      .min_rsa = 1 },
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
