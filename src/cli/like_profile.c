/* --like: an operator's settings as a profile of their own, like a measured mode but for what they say. */
#include "config.h"

#include "cli/like_room.h"

#include "base/text.h"

#include <string.h>

static struct cli_own_profile *profile(struct like *l, const char *name, const char *base,
                                       const char *product)
{
    struct mxs_arena *arena = l->cli->arena;
    for (size_t i = 0; i < l->cli->own.n; i++)
        if (strcmp(l->cli->own.v[i].name, name) == 0) /* a second file says more */
            name = mxs_arena_printf(arena, "%s-%zu", name, i + 1);
    struct cli_own_profile *p = mxs_list_add(arena, &l->cli->own);
    *p = (struct cli_own_profile){ .name = name, .base = base };
    const struct mxs_profile_key keys[] = {
        { "product", product, 0 },
        { "title", mxs_arena_printf(arena, "%s with the settings of %s", base, l->path), 0 },
        { "source", mxs_arena_printf(arena, "%s; what it does with them as for %s", l->path, base),
          0 },
    };
    for (size_t i = 0; i < MXS_COUNT(keys); i++)
        *mxs_list_add(arena, &p->keys) = keys[i];
    return p;
}

static void key(struct like *l, struct cli_own_profile *p, const char *name, const char *value)
{
    *mxs_list_add(l->cli->arena, &p->keys) = (struct mxs_profile_key){ name, value, 0 };
}

/* It has a value; one that only Postfix can fill in still counts as ignored. */
static bool is_set(struct like *l, const char *name)
{
    const char *value = cli_like_take(l, name);
    if (value && !cli_like_value(l, name))
        cli_like_leave(l, name);
    return value;
}

/* postconf -n leaves defaults out: no trust anchors unless they are named (postconf(5)). */
static void anchors(struct like *l, struct cli_own_profile *p, const char *file, const char *folder)
{
    bool none = !is_set(l, file) && !is_set(l, folder);
    if (!cli_like_yes(l, "tls_append_default_CA") && none)
        key(l, p, "store", "none");
}

/* --- Postfix as sender --- */

/* "hostname, nexthop, dot-nexthop" as the profile's words. *all: no other names stand beside them, which
 * cannot be known here. */
static const char *match_names(struct like *l, const char *value, bool *all)
{
    static const char *const words[][2] = {
        { "hostname", "host" }, { "nexthop", "nexthop" }, { "dot-nexthop", ".nexthop" } };
    char *copy = mxs_arena_strdup(l->cli->arena, value), *save = NULL;
    const char *out = "";
    *all = true;
    for (char *w = strtok_r(copy, ", \t:", &save); w; w = strtok_r(NULL, ", \t:", &save)) {
        size_t i = 0;
        while (i < MXS_COUNT(words) && strcmp(w, words[i][0]) != 0)
            i++;
        if (i < MXS_COUNT(words))
            out = mxs_arena_printf(l->cli->arena, "%s%s%s", out, *out ? " " : "", words[i][1]);
        *all = *all && i < MXS_COUNT(words);
    }
    return out;
}

static void names(struct like *l, struct cli_own_profile *p, const char *setting)
{
    const char *value = cli_like_value(l, setting);
    bool all = true;
    const char *match = value ? match_names(l, value, &all) : "";
    if (*match)
        key(l, p, "names", match);
    if (!all)
        cli_like_leave(l, setting);
}

/* No DNSSEC unless it is named. */
static void postfix_sender(struct like *l)
{
    struct cli_own_profile *p = profile(l, "mine/postfix", l->base, "your Postfix");
    const char *dns = cli_like_value(l, "smtp_dns_support_level");
    const char *mx = cli_like_value(l, "smtp_tls_dane_insecure_mx_policy");
    anchors(l, p, "smtp_tls_CAfile", "smtp_tls_CApath");
    if (!dns || strcmp(dns, "dnssec") != 0)
        key(l, p, "dnssec", "no");
    if (mx && strcmp(mx, "dane") != 0)
        key(l, p, "mx-insecure", "plain");
    if (strcmp(l->base, "postfix/smtp/verify") == 0)
        names(l, p, "smtp_tls_verify_cert_match");
    if (strcmp(l->base, "postfix/smtp/secure") == 0)
        names(l, p, "smtp_tls_secure_cert_match");
}

/* --- Postfix as receiver --- */

static bool restriction(struct like *l, const char *word)
{
    static const char *const lists[] = { "smtpd_relay_restrictions", "smtpd_recipient_restrictions",
                                         "smtpd_client_restrictions", "smtpd_sender_restrictions" };
    for (size_t i = 0; i < MXS_COUNT(lists); i++) {
        const char *value = cli_like_value(l, lists[i]);
        if (value && strstr(value, word))
            return true;
    }
    return false;
}

/* Without a level there is no STARTTLS, and a certificate is required only where TLS is (postconf(5),
 * smtpd_tls_req_ccert). */
static void postfix_receiver(struct like *l)
{
    const char *level = cli_like_value(l, "smtpd_tls_security_level");
    bool must = level ? mxs_ascii_equal(level, "encrypt") : cli_like_yes(l, "smtpd_enforce_tls");
    bool tls = level ? !mxs_ascii_equal(level, "none") : must || cli_like_yes(l, "smtpd_use_tls");
    bool req = must && cli_like_yes(l, "smtpd_tls_req_ccert");
    bool ask = tls && (cli_like_yes(l, "smtpd_tls_ask_ccert") || req);
    bool all = restriction(l, "permit_tls_all_clientcerts");
    bool listed = restriction(l, "permit_tls_clientcerts");
    bool access = restriction(l, "check_ccert_access");
    const char *mode = !ask          ? "none"
                       : req && all  ? "req+permit-all-clientcerts"
                       : req         ? "req"
                       : all         ? "permit-all-clientcerts"
                       : listed      ? "permit-clientcerts"
                       : access      ? "ccert-access"
                                     : "ask";
    const char *base = mxs_arena_printf(l->cli->arena, "postfix/smtpd/%s", mode);
    anchors(l, profile(l, "mine/postfix-smtpd", base, "your Postfix"), "smtpd_tls_CAfile",
            "smtpd_tls_CApath");
}

void cli_like_postfix(struct like *l)
{
    if (l->base)
        postfix_sender(l);
    postfix_receiver(l);
}

/* --- Exim as sender --- */

/* The mode of the OpenSSL build that does so; it knows fewer. */
static const char *built_with(const struct like *l, const char *mode)
{
    static const char *const modes[][2] = {
        { "exim/smtp/require-dane", "exim-openssl/smtp/require-dane" },
        { "exim/smtp/verify-hosts", "exim-openssl/smtp/verify-hosts" },
        { "exim/smtp/try-dane+verify-hosts", "exim-openssl/smtp/verify-hosts" },
        { "exim/smtpd/none", "exim-openssl/smtpd/none" },
        { "exim/smtpd/verify", "exim-openssl/smtpd/verify" },
        { "exim/smtpd/try-verify", "exim-openssl/smtpd/try-verify" },
    };
    for (size_t i = 0; l->openssl && i < MXS_COUNT(modes); i++)
        if (strcmp(modes[i][0], mode) == 0)
            return modes[i][1];
    return l->openssl ? "exim-openssl/smtp/default" : mode;
}

/* --- Exim as receiver --- */

/* A list of hosts that is not empty counts as one for all: which of them asks nobody knows here. Access
 * lists are not among what exim -bP prints. */
static void exim_receiver(struct like *l)
{
    bool must = cli_like_take(l, "main:tls_verify_hosts");
    bool may = cli_like_take(l, "main:tls_try_verify_hosts");
    const char *mode = must ? "exim/smtpd/verify" : may ? "exim/smtpd/try-verify" : "exim/smtpd/none";
    profile(l, "mine/exim-smtpd", built_with(l, mode), "your Exim");
}

/* As Debian builds it, with GnuTLS, unless the file has what exim -bV prints. */
static void exim_sender(struct like *l)
{
    struct cli_own_profile *p;
    l->base = built_with(l, l->base);
    if (l->openssl && l->cli->like_verifier)
        l->cli->like_verifier = l->base;
    p = profile(l, "mine/exim", l->base, "your Exim");
    if (cli_like_has(l, "no_tls_tempfail_tryclear")) { /* spec.txt 43.10 */
        key(l, p, "refused", "defer");
        key(l, p, "failed", "defer");
    }
    cli_like_take(l, "no_tls_tempfail_tryclear");
    if (cli_like_has(l, "tls_try_verify_hosts") && !cli_like_take(l, "tls_try_verify_hosts") &&
        !cli_like_take(l, "tls_verify_hosts"))
        key(l, p, "verify", "none");
}

void cli_like_exim(struct like *l)
{
    if (l->base)
        exim_sender(l);
    exim_receiver(l);
}
