#include "config.h"

#include "ui/rows_chain.h"

#include "base/text.h"
#include "judge/purpose.h"
#include "judge/store.h"
#include "ui/rows_overview.h"
#include "ui/table.h"

#include <string.h>

enum { NAME_W = 12, DAY = 86400, SOON = 14 * DAY };

static enum ui_style date_style(const struct mxs_cert *cert, int64_t at)
{
    if (at < cert->not_before || at > cert->not_after)
        return UI_STYLE_BAD;
    return cert->not_after - at < SOON ? UI_STYLE_WARN : UI_STYLE_NORMAL;
}

/* "until 2027-01-01, 40 days left" */
static const char *validity(struct mxs_arena *arena, const struct mxs_cert *cert, int64_t at)
{
    const char *from = ui_day(arena, cert->not_before), *to = ui_day(arena, cert->not_after);
    if (at < cert->not_before)
        return mxs_arena_printf(arena, "%s to %s, NOT YET VALID", from, to);
    if (at > cert->not_after)
        return mxs_arena_printf(arena, "%s to %s, EXPIRED", from, to);
    return mxs_arena_printf(arena, "%s to %s, %lld days left", from, to,
                            (long long)((cert->not_after - at) / DAY));
}

const char *ui_cert_name(const struct mxs_cert *cert)
{
    if (cert->cn)
        return cert->cn;
    return cert->san_dns.n ? cert->san_dns.v[0] : *cert->subject ? cert->subject : "(no subject)";
}

/* "CN=R12,O=Let's Encrypt,C=US" as "R12"; the whole text when it has no CN. */
const char *ui_cert_issuer(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    const char *dn = cert->issuer;
    const char *cn = mxs_ascii_prefix(dn, "CN=") ? dn : strstr(dn, ",CN=");
    if (!cn)
        return dn;
    cn += *cn == ',' ? 4 : 3;
    return mxs_arena_strndup(arena, cn, strcspn(cn, ","));
}

void ui_chain_list(struct ui_lines *lines, int width, const struct ui_model *model)
{
    static const struct ui_column columns[] = {
        { .title = "depth" }, { .title = "subject", .min = 14 },
        { .title = "issuer", .min = 8 }, { .title = "key", .min = 6 },
        { .title = "until" }, { .title = "EKU", .min = 6 }, { .title = "signature", .min = 6, .grow = true },
    };
    const struct mxs_session_facts *s = ui_model_session(model, NULL);
    struct mxs_arena *arena = lines->arena;
    struct ui_table table;
    ui_table_init(&table, arena, columns, MXS_COUNT(columns) - (width < 110));
    for (size_t i = 0; s && i < s->chain.certs.n; i++) {
        const struct mxs_cert *c = s->chain.certs.v[i];
        struct mxs_strs eku = mxs_cert_eku_names(arena, c);
        struct ui_table_row *row = ui_table_row(&table, i + 1);
        ui_table_cell(row, UI_STYLE_DIM, mxs_arena_printf(arena, "%zu %s", i, c->ca ? "CA" : ""));
        ui_table_cell(row, i ? UI_STYLE_NORMAL : UI_STYLE_STRONG, ui_cert_name(c));
        ui_table_cell(row, UI_STYLE_NORMAL, ui_cert_issuer(arena, c));
        ui_table_cell(row, c->weak ? UI_STYLE_WARN : UI_STYLE_NORMAL, c->key);
        ui_table_cell(row, date_style(c, model->assess.at), ui_day(arena, c->not_after));
        ui_table_cell(row, UI_STYLE_NORMAL, c->has_eku ? mxs_text_joined(arena, &eku, " ") : "-");
        ui_table_cell(row, UI_STYLE_NORMAL, c->signature_algorithm);
        row->copy = c->subject;
    }
    if (table.rows.n)
        ui_table_finish(&table, lines, width);
    else
        ui_lines_wrap(lines, width, 0, 0, UI_STYLE_DIM,
                      "No certificate was presented in this session (yet).");
}

/* --- one certificate --- */

static void pair(struct ui_lines *lines, int width, const char *name, const char *value)
{
    ui_lines_pair(lines, width, NAME_W, name, UI_STYLE_NORMAL, value);
}

static const char *list_or_null(struct mxs_arena *arena, const struct mxs_strs *list)
{
    return list->n ? mxs_text_joined(arena, list, ", ") : NULL;
}

static void identity(struct ui_lines *lines, int width, const struct mxs_cert *c, int64_t at)
{
    struct mxs_arena *arena = lines->arena;
    pair(lines, width, "subject", *c->subject ? c->subject : "(empty)");
    pair(lines, width, "issuer", c->self_issued ? "itself" : c->issuer);
    pair(lines, width, "names", c->has_san ? list_or_null(arena, &c->san_dns)
                                           : c->ca ? NULL : "no SAN: only the CN names it");
    pair(lines, width, "addresses", list_or_null(arena, &c->san_ip));
    ui_lines_pair(lines, width, NAME_W, "valid", date_style(c, at), validity(arena, c, at));
    pair(lines, width, "key", c->key);
    pair(lines, width, "signature", c->signature_algorithm);
    ui_lines_pair(lines, width, NAME_W, "weak", UI_STYLE_WARN, c->weak);
}

static void uses(struct ui_lines *lines, int width, const struct mxs_cert *c)
{
    struct mxs_arena *arena = lines->arena;
    struct mxs_strs eku = mxs_cert_eku_names(arena, c), ku = mxs_cert_key_usage_names(arena, c);
    const char *length =
        c->path_length < 0 ? "CA, any path length"
                           : mxs_arena_printf(arena, "CA, path length %d", c->path_length);
    pair(lines, width, "CA", c->ca ? length : c->has_basic_constraints ? "no" : "no (not said)");
    pair(lines, width, "EKU", c->has_eku ? mxs_text_joined(arena, &eku, ", ") : "none: every use");
    pair(lines, width, "key usage", c->has_key_usage ? mxs_text_joined(arena, &ku, ", ") : NULL);
    if (c->policy_class || c->policy_oids.n)
        pair(lines, width, "policy",
             c->policy_class ? mxs_arena_printf(arena, "%s (%s)", c->policy_class, c->policy_oid)
                             : mxs_text_joined(arena, &c->policy_oids, ", "));
    pair(lines, width, "constraints", c->has_name_constraints ? "name constraints" : NULL);
    pair(lines, width, "must staple", c->must_staple ? "yes" : NULL);
    ui_lines_pair(lines, width, NAME_W, "unknown", UI_STYLE_WARN,
                  c->unknown_critical
                      ? mxs_arena_printf(arena, "critical extension %s", c->unknown_critical)
                      : NULL);
}

static void digests(struct ui_lines *lines, int width, const struct mxs_cert *c)
{
    struct mxs_arena *arena = lines->arena;
    pair(lines, width, "serial", c->serial);
    pair(lines, width, "SKI", c->ski.n ? mxs_hex(arena, c->ski) : NULL);
    pair(lines, width, "AKI", c->aki.n ? mxs_hex(arena, c->aki) : NULL);
    pair(lines, width, "SHA-256", mxs_hex(arena, mxs_bytes(c->sha256, 32)));
    pair(lines, width, "key SHA-256", mxs_hex(arena, mxs_bytes(c->spki_sha256, 32)));
    pair(lines, width, "CRL", list_or_null(arena, &c->crl_urls));
    pair(lines, width, "OCSP", list_or_null(arena, &c->ocsp_urls));
    pair(lines, width, "issuer at", list_or_null(arena, &c->issuer_urls));
}

/* Which CA of the catalog it is. Leaves are in none, so for them none is read. */
static void catalog(struct ui_lines *lines, int width, const struct ui_model *model,
                    const struct mxs_cert *c)
{
    const struct mxs_catalog *catalog = c->ca ? mxs_catalog_get(model->options->catalog) : NULL;
    const struct mxs_catalog_ca *ca = catalog ? mxs_catalog_match(catalog, c) : NULL;
    const struct mxs_catalog_cert *cert = catalog ? mxs_catalog_by_sha256(catalog, c->sha256) : NULL;
    if (ca)
        pair(lines, width, "catalog",
             mxs_arena_printf(lines->arena, "%s, %s%s%s", ca->id, ca->family->title,
                              cert ? ", " : "", cert ? cert->state : ""));
}

void ui_chain_certificate(struct ui_lines *lines, int width, const struct ui_model *model,
                          const struct mxs_cert *cert)
{
    identity(lines, width, cert, model->assess.at);
    uses(lines, width, cert);
    catalog(lines, width, model, cert);
    digests(lines, width, cert);
}

/* --- what it may be used for --- */

static const struct {
    const char *word;
    enum ui_style style;
} grants[] = {
    [MXS_EKU_UNRESTRICTED] = { "yes, no EKU", UI_STYLE_OK },
    [MXS_EKU_LISTED] = { "yes", UI_STYLE_OK },
    [MXS_EKU_BY_ANY] = { "any EKU only", UI_STYLE_WARN },
    [MXS_EKU_NOT_LISTED] = { "no", UI_STYLE_BAD },
};

/* A server's certificate that is no client's is healthy: the client column never looks like a task. */
static enum ui_style grant_style(enum mxs_eku_grant grant, enum mxs_purpose purpose)
{
    bool calm = purpose == MXS_PURPOSE_CLIENT && grant == MXS_EKU_NOT_LISTED;
    return calm ? UI_STYLE_NORMAL : grants[grant].style;
}

static void eku_table(struct ui_lines *lines, int width, const struct mxs_chain *chain)
{
    static const struct ui_column columns[] = {
        { .title = "depth" }, { .title = "certificate", .min = 12 },
        { .title = "as TLS server", .min = 11 },
        { .title = "as TLS client", .min = 11 }, { .title = "", .grow = true },
    };
    struct mxs_arena *arena = lines->arena;
    struct ui_table table;
    ui_table_init(&table, arena, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < chain->certs.n; i++) {
        const struct mxs_cert *c = chain->certs.v[i];
        enum mxs_eku_grant server = mxs_eku_grant(c, MXS_PURPOSE_SERVER);
        enum mxs_eku_grant client = mxs_eku_grant(c, MXS_PURPOSE_CLIENT);
        struct ui_table_row *row = ui_table_row(&table, i + 1);
        ui_table_cell(row, UI_STYLE_DIM, mxs_arena_printf(arena, "%zu %s", i, c->ca ? "CA" : ""));
        ui_table_cell(row, UI_STYLE_NORMAL, ui_cert_name(c));
        ui_table_cell(row, grant_style(server, MXS_PURPOSE_SERVER), grants[server].word);
        ui_table_cell(row, grant_style(client, MXS_PURPOSE_CLIENT), grants[client].word);
    }
    ui_table_finish(&table, lines, width);
}

/* One sentence when the rule sets agree, one each when they do not. */
static void chain_use(struct ui_lines *lines, int width, const struct mxs_purposes *purposes,
                      enum mxs_purpose purpose, bool differs)
{
    bool first = true;
    for (size_t i = 0; i < purposes->chain.n && (differs || first); i++) {
        const struct mxs_usability *u = &purposes->chain.v[i];
        if (u->purpose != purpose)
            continue;
        const char *text = differs ? mxs_arena_printf(lines->arena, "%s: %s", u->rules->name, u->text)
                                   : u->text;
        ui_lines_pair(lines, width, NAME_W,
                      !first ? "" : purpose == MXS_PURPOSE_SERVER ? "as server" : "as client",
                      u->usable                         ? UI_STYLE_OK
                      : purpose == MXS_PURPOSE_SERVER ? UI_STYLE_BAD
                                                      : UI_STYLE_NORMAL,
                      text);
        first = false;
    }
}

static const char *path_end(const struct mxs_path *path)
{
    switch (path->end) {
    case MXS_PATH_ANCHOR:
        return path->named      ? "named by a TLSA record"
               : path->bare_key ? "signed by a key that a TLSA record names"
                                : "in the trust store";
    case MXS_PATH_SELF_SIGNED:
        return "self-signed, not in the trust store";
    case MXS_PATH_NO_ISSUER:
        return "its issuer was not served and is not in the trust store";
    case MXS_PATH_BAD_SIGNATURE:
        return "its issuer's key did not sign it";
    case MXS_PATH_TOO_LONG:
        break;
    }
    return "longer than is followed";
}

static void paths(struct ui_lines *lines, int width, const struct mxs_paths *paths, bool ascii)
{
    struct mxs_arena *arena = lines->arena;
    for (size_t i = 0; i < paths->v.n; i++) {
        const struct mxs_path *path = &paths->v.v[i];
        char *text = mxs_arena_strdup(arena, "");
        for (size_t k = 0; k < path->certs.n; k++)
            text = mxs_arena_printf(arena, "%s%s%s%s", text, k ? " " : "",
                                    k ? ascii ? "> " : "→ " : "",
                                    ui_cert_name(path->certs.v[k]));
        ui_lines_pair(lines, width, NAME_W, mxs_arena_printf(arena, "path %zu", i + 1),
                      path->end == MXS_PATH_ANCHOR ? UI_STYLE_NORMAL : UI_STYLE_WARN,
                      mxs_arena_printf(arena, "%s: %s", text, path_end(path)));
    }
    if (paths->truncated)
        ui_lines_pair(lines, width, NAME_W, "", UI_STYLE_DIM, "and more than are followed");
}

void ui_chain_uses(struct ui_lines *lines, int width, const struct ui_model *model, bool ascii)
{
    const struct mxs_session_facts *s = ui_model_session(model, NULL);
    const struct mxs_session_assessment *judged = ui_model_verdicts(model);
    if (!s || !s->chain.certs.n)
        return;
    eku_table(lines, width, &s->chain);
    if (judged && judged->purposes) {
        chain_use(lines, width, judged->purposes, MXS_PURPOSE_SERVER,
                  judged->purposes->server_differs);
        chain_use(lines, width, judged->purposes, MXS_PURPOSE_CLIENT,
                  judged->purposes->client_differs);
    }
    if (judged && judged->paths)
        paths(lines, width, judged->paths, ascii);
    const char *error = model->assess.store ? mxs_store_error(model->assess.store) : NULL;
    if (error)
        ui_lines_pair(lines, width, NAME_W, "trust store", UI_STYLE_BAD, error);
}
