/* GnuTLS priority strings: those of our offers, checking and reading the operator's. */
#include "config.h"

#include "net/tls_room.h"

#include "base/text.h"

/* %COMPAT: without it GnuTLS ends handshakes that others finish, over a key usage. An offer of one
 * kind of certificate takes both the suites (1.2) and the signature algorithms (1.3). */
static const char *const priorities[] = {
    [MXS_OFFER_ANY] = "NORMAL:%COMPAT",
    [MXS_OFFER_RSA] = "NORMAL:%COMPAT:-ECDHE-ECDSA:-SIGN-ALL:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:"
                      "+SIGN-RSA-SHA512:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:"
                      "+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-RSA-PSS-SHA256:+SIGN-RSA-PSS-SHA384:"
                      "+SIGN-RSA-PSS-SHA512:+SIGN-RSA-SHA1",
    [MXS_OFFER_ECDSA] = "NORMAL:%COMPAT:-RSA:-ECDHE-RSA:-DHE-RSA:-SIGN-ALL:"
                        "+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:"
                        "+SIGN-ECDSA-SECP521R1-SHA512:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:"
                        "+SIGN-ECDSA-SHA512:+SIGN-ECDSA-SHA1",
};

const char *mxs_tls_priority_of(enum mxs_offer offer)
{
    return priorities[offer];
}

enum mxs_err mxs_tls_priority_check(const char *priority, struct mxs_why *why)
{
    gnutls_priority_t parsed;
    const char *at = priority;
    if (gnutls_priority_init2(&parsed, priority, &at, 0) < 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "priority string: not understood at \"%.60s\"", at);
    gnutls_priority_deinit(parsed);
    return MXS_OK;
}

static const struct mxs_name versions[] = {
    { GNUTLS_TLS1_3, "1.3" }, { GNUTLS_TLS1_2, "1.2" }, { GNUTLS_TLS1_1, "1.1" },
    { GNUTLS_TLS1_0, "1.0" }, { 0, NULL },
};

static const char *join(struct mxs_arena *arena, const char *list, const char *name)
{
    return name ? mxs_arena_printf(arena, "%s%s%s", list, *list ? "," : "", name) : list;
}

bool mxs_tls_priority_lists(struct mxs_arena *arena, const char *priority,
                            const char **out_versions, const char **out_groups)
{
    gnutls_priority_t parsed;
    const unsigned *v;
    *out_versions = *out_groups = "";
    if (gnutls_priority_init2(&parsed, priority, NULL, 0) < 0)
        return false;
    int n = gnutls_priority_protocol_list(parsed, &v);
    for (int i = 0; i < n; i++)
        *out_versions = join(arena, *out_versions, mxs_name_of(versions, (int)v[i]));
    n = gnutls_priority_group_list(parsed, &v);
    for (int i = 0; i < n; i++) {
        const char *name = gnutls_group_get_name((gnutls_group_t)v[i]);
        *out_groups = join(arena, *out_groups, name ? mxs_ascii_lower(arena, name) : NULL);
    }
    gnutls_priority_deinit(parsed);
    return true;
}
