#include "config.h"

#include "ui/rows_diff.h"

#include "base/text.h"
#include "ui/rows_chain.h"
#include "ui/rows_overview.h"

#include <string.h>

enum { SIGN_W = 2, DEPTH_W = 2, FIELD_W = 8 };

static void sign(struct ui_lines *lines, int width, int indent, char which, const char *text)
{
    const char s[2] = { which, 0 };
    enum ui_style style = which == '-' ? UI_STYLE_IN : which == '+' ? UI_STYLE_OUT : UI_STYLE_DIM;
    size_t first = lines->lines.n;
    ui_lines_wrap(lines, width, indent + SIGN_W, 0, style, text);
    if (first < lines->lines.n)
        ui_line_at(&lines->lines.v[first], indent, 1, style, mxs_arena_strdup(lines->arena, s));
}

/* --- certificates --- */

static bool same_cert(const struct mxs_cert *a, const struct mxs_cert *b)
{
    struct mxs_cert_identity x, y;
    return a == b ||
           memcmp(mxs_cert_identity(a, &x)->sha256, mxs_cert_identity(b, &y)->sha256, 32) == 0;
}

static bool same_key(const struct mxs_cert *a, const struct mxs_cert *b)
{
    struct mxs_cert_identity x, y;
    return memcmp(mxs_cert_identity(a, &x)->spki_sha256, mxs_cert_identity(b, &y)->spki_sha256,
                  32) == 0;
}

static const char *eku_words(struct mxs_arena *arena, const struct mxs_cert *c)
{
    struct mxs_strs eku = mxs_cert_eku_names(arena, c);
    return c->has_eku ? mxs_text_joined(arena, &eku, " ") : "any";
}

static const char *summary(struct mxs_arena *arena, const struct mxs_cert *c, size_t depth)
{
    return mxs_arena_printf(arena, "%zu %s, by %s, %s, until %s, EKU %s", depth, ui_cert_name(c),
                            c->self_issued ? "itself" : ui_cert_issuer(arena, c), c->key,
                            ui_day(arena, c->not_after), eku_words(arena, c));
}

static void field(struct ui_lines *lines, int width, const char *name, const char *before,
                  const char *after)
{
    struct mxs_arena *arena = lines->arena;
    if (strcmp(before, after) == 0)
        return;
    sign(lines, width, DEPTH_W, '-', mxs_arena_printf(arena, "%-*s %s", FIELD_W, name, before));
    sign(lines, width, DEPTH_W, '+', mxs_arena_printf(arena, "%-*s %s", FIELD_W, name, after));
}

/* The same place with another certificate: only what differs is told. Not its digest: nobody knows what
 * that of the true one will be. */
static void changed(struct ui_lines *lines, int width, const struct mxs_cert *a,
                    const struct mxs_cert *b, size_t depth)
{
    struct mxs_arena *arena = lines->arena;
    size_t first = lines->lines.n;
    sign(lines, width, 0, '=', mxs_arena_printf(arena, "%zu %s", depth, ui_cert_name(b)));
    field(lines, width, "subject", ui_cert_name(a), ui_cert_name(b));
    field(lines, width, "issuer", ui_cert_issuer(arena, a), ui_cert_issuer(arena, b));
    field(lines, width, "names", mxs_text_joined(arena, &a->san_dns, " "),
          mxs_text_joined(arena, &b->san_dns, " "));
    field(lines, width, "EKU", eku_words(arena, a), eku_words(arena, b));
    field(lines, width, "valid",
          mxs_arena_printf(arena, "%s to %s", ui_day(arena, a->not_before),
                           ui_day(arena, a->not_after)),
          mxs_arena_printf(arena, "%s to %s", ui_day(arena, b->not_before),
                           ui_day(arena, b->not_after)));
    field(lines, width, "key", a->key, b->key);
    if (!same_key(a, b))
        sign(lines, width, DEPTH_W, '+', "another key");
    else if (lines->lines.n == first + 1)
        sign(lines, width, DEPTH_W, '+', "issued again: another serial number and digest");
}

/* Where cert stands in chain from `from` on; SIZE_MAX when nowhere. */
static size_t found(const struct mxs_chain *chain, size_t from, const struct mxs_cert *cert)
{
    for (size_t i = from; i < chain->certs.n; i++)
        if (same_cert(chain->certs.v[i], cert))
            return i;
    return SIZE_MAX;
}

static void chains(struct ui_lines *lines, int width, const struct mxs_chain *before,
                   const struct mxs_chain *after)
{
    struct mxs_arena *arena = lines->arena;
    size_t a = 0, b = 0;
    while (a < before->certs.n || b < after->certs.n) {
        const struct mxs_cert *x = a < before->certs.n ? before->certs.v[a] : NULL;
        const struct mxs_cert *y = b < after->certs.n ? after->certs.v[b] : NULL;
        if (x && y && same_cert(x, y)) {
            sign(lines, width, 0, '=', summary(arena, y, b));
            a++, b++;
        } else if (!x || (y && a && found(before, a, y) == SIZE_MAX &&
                          found(after, b, x) != SIZE_MAX)) {
            sign(lines, width, 0, '+', summary(arena, y, b++));
        } else if (!y || (a && found(before, a, y) != SIZE_MAX)) {
            sign(lines, width, 0, '-', summary(arena, x, a++));
        } else if (a == 0 || strcmp(ui_cert_name(x), ui_cert_name(y)) == 0) {
            changed(lines, width, x, y, b);
            a++, b++;
        } else {
            sign(lines, width, 0, '-', summary(arena, x, a++));
            sign(lines, width, 0, '+', summary(arena, y, b++));
        }
    }
    if (!before->certs.n && !after->certs.n)
        sign(lines, width, 0, '=', "no certificate");
}

static bool chains_differ(const struct mxs_chain *a, const struct mxs_chain *b)
{
    bool differ = a->certs.n != b->certs.n;
    for (size_t i = 0; !differ && i < a->certs.n; i++)
        differ = !same_cert(a->certs.v[i], b->certs.v[i]);
    return differ;
}

/* --- what is published --- */

static bool has_record(struct mxs_arena *arena, const struct mxs_host_facts *host, const char *text)
{
    for (size_t i = 0; i < host->tlsa.n; i++)
        if (strcmp(mxs_tlsa_text(arena, &host->tlsa.v[i]), text) == 0)
            return true;
    return false;
}

/* Records of `of` that `other` has not. */
static void records(struct ui_lines *lines, int width, char which, const struct mxs_host_facts *of,
                    const struct mxs_host_facts *other)
{
    for (size_t i = 0; i < of->tlsa.n; i++) {
        const char *text = mxs_tlsa_text(lines->arena, &of->tlsa.v[i]);
        if (!has_record(lines->arena, other, text))
            sign(lines, width, 0, which, mxs_arena_printf(lines->arena, "TLSA %s", text));
    }
}

static void word(struct ui_lines *lines, int width, const char *name, const char *before,
                 const char *after)
{
    struct mxs_arena *arena = lines->arena;
    before = before ? before : "not known";
    after = after ? after : "not known";
    if (strcmp(before, after) == 0)
        return;
    sign(lines, width, 0, '-', mxs_arena_printf(arena, "%s: %s", name, before));
    sign(lines, width, 0, '+', mxs_arena_printf(arena, "%s: %s", name, after));
}

static const char *policy_words(struct mxs_arena *arena, const struct mxs_future *f)
{
    const struct mxs_sts_facts *sts = &f->evidence->domain.sts;
    const struct mxs_sts_policy *policy = sts->has_policy ? &sts->policy
                                          : sts->has_cached ? &sts->cached : NULL;
    const char *mode = policy ? mxs_sts_mode_name(policy->mode) : NULL;
    return policy ? mxs_arena_printf(arena, "%s for %s", mode ? mode : "no mode",
                                     mxs_text_joined(arena, &policy->mx, " "))
                  : "none";
}

static void published(struct ui_lines *lines, int width, const struct mxs_future *a,
                      const struct mxs_future *b)
{
    struct mxs_arena *arena = lines->arena;
    word(lines, width, "MX host", a->host->host, b->host->host);
    records(lines, width, '-', a->host, b->host);
    records(lines, width, '+', b->host, a->host);
    word(lines, width, "TLSA answer", mxs_security_name(a->host->tlsa_security),
         mxs_security_name(b->host->tlsa_security));
    word(lines, width, "STARTTLS", mxs_starttls_name(a->session->starttls),
         mxs_starttls_name(b->session->starttls));
    word(lines, width, "MTA-STS policy", policy_words(arena, a), policy_words(arena, b));
    word(lines, width, "judged as of", ui_day(arena, a->at), ui_day(arena, b->at));
    if (!a->receiver_asks && b->receiver_asks)
        sign(lines, width, 0, '+', b->receiver_requires
                                       ? "receivers ask for a client certificate and insist on it"
                                       : "receivers ask for a client certificate");
}

void ui_diff_futures(struct ui_lines *lines, int width, const struct mxs_future *before,
                     const struct mxs_future *after)
{
    const struct mxs_chain *a = &before->session->tls.client_auth.chain;
    const struct mxs_chain *b = &after->session->tls.client_auth.chain;
    published(lines, width, before, after);
    chains(lines, width, &before->session->chain, &after->session->chain);
    if (chains_differ(a, b)) {
        ui_lines_heading(lines, "The client certificate");
        chains(lines, width, a, b);
    }
}
