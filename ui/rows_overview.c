#include "config.h"

#include "ui/rows_overview.h"

#include "base/text.h"
#include "ui/table.h"

#include <stdio.h>
#include <string.h>

enum { NAME_W = 12 };

const char *ui_day(struct mxs_arena *arena, int64_t wall)
{
    char *text = mxs_time_text(arena, wall), *t = strchr(text, 'T');
    if (t)
        *t = 0;
    return text;
}

enum ui_style ui_security_style(enum mxs_security security)
{
    switch (security) {
    case MXS_SECURITY_SECURE:
        return UI_STYLE_OK;
    case MXS_SECURITY_BOGUS:
    case MXS_SECURITY_ERROR:
        return UI_STYLE_BAD;
    case MXS_SECURITY_UNSUPPORTED:
        return UI_STYLE_WARN;
    default:
        return UI_STYLE_NORMAL;
    }
}

const char *ui_verdict_words(struct mxs_arena *arena, const struct mxs_verdict *verdict)
{
    const char *action = mxs_action_name(verdict->action);
    const char *channel = mxs_channel_name(verdict->channel);
    const char *grade = verdict->grade == MXS_GRADE_MEASURED ? "" : "~";
    if (!action)
        return "?";
    if (strncmp(verdict->verifier, "rfc/", 4) == 0)
        grade = ""; /* the RFCs themselves need no measuring */
    return mxs_arena_printf(arena, "%s%s%s%s", grade, action, channel ? ", " : "",
                            channel ? channel : "");
}

enum ui_style ui_verdict_style(const struct mxs_verdict *verdict)
{
    switch (verdict->action) {
    case MXS_ACTION_DEFER:
    case MXS_ACTION_BOUNCE:
    case MXS_ACTION_REJECT:
    case MXS_ACTION_HANDSHAKE_FAILURE:
        return UI_STYLE_BAD;
    case MXS_ACTION_UNKNOWN:
        return UI_STYLE_DIM;
    case MXS_ACTION_DELIVER:
    case MXS_ACTION_ACCEPT:
        break;
    }
    return verdict->channel == MXS_CHANNEL_CLEARTEXT ? UI_STYLE_WARN : UI_STYLE_OK;
}

bool ui_is_mine(const struct mxs_strs *mine, const char *name)
{
    for (size_t i = 0; mine && i < mine->n; i++)
        if (mxs_glob(mine->v[i], name))
            return true;
    return false;
}

const struct mxs_verdict **ui_verdicts(struct mxs_arena *arena,
                                       const struct mxs_session_assessment *judged,
                                       const struct mxs_strs *mine, size_t *n)
{
    size_t all = judged ? judged->verdicts.n : 0;
    const struct mxs_verdict **out = mxs_arena_alloc(arena, (all + 1) * sizeof *out);
    *n = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < all; i++)
            if (ui_is_mine(mine, judged->verdicts.v[i].verifier) == (turn == 0))
                out[(*n)++] = &judged->verdicts.v[i];
    return out;
}

/* --- headline --- */

void ui_overview_headline(struct ui_lines *lines, int width, const struct ui_model *model)
{
    static const enum ui_style styles[] = { UI_STYLE_OK, UI_STYLE_WARN, UI_STYLE_BAD,
                                            UI_STYLE_DIM };
    const struct mxs_assessment *a = model->assessment;
    size_t first = lines->lines.n;
    if (!a) {
        ui_lines_wrap(lines, width, 1, 0, UI_STYLE_DIM, "Nothing was judged yet.");
        return;
    }
    bool done = ui_model_done(model);
    if (!done && !ui_model_sessions(model)) {
        ui_lines_wrap(lines, width - 1, 1, 0, UI_STYLE_DIM,
                      ui_model_status(model).state == MXS_WALK_PAUSED
                          ? "The walk is paused before its first session. s steps, c goes on, "
                            "? lists the keys."
                          : "The walk has begun; nothing can be said yet.");
        return;
    }
    const char *word = done ? mxs_status_name(a->status) : "so far";
    int indent = 1 + (int)strlen(word) + 2;
    ui_lines_wrap(lines, width - 1, indent, 0, UI_STYLE_STRONG, a->headline);
    if (first < lines->lines.n)
        ui_line_at(&lines->lines.v[first], 1, 0, done ? styles[a->status] : UI_STYLE_DIM, word);
}

/* --- the matrix --- */

/* Stages that share a column, in the order of a walk. */
static const struct {
    enum mxs_stage first, last;
} phases[] = {
    { MXS_STAGE_MX, MXS_STAGE_TLSA },
    { MXS_STAGE_MTA_STS, MXS_STAGE_POLICY },
    { MXS_STAGE_CONNECT, MXS_STAGE_CONNECT },
    { MXS_STAGE_BANNER, MXS_STAGE_STARTTLS },
    { MXS_STAGE_CLIENT_HELLO, MXS_STAGE_ENCRYPTED_EXTENSIONS },
    { MXS_STAGE_CERTIFICATE_REQUEST, MXS_STAGE_CERTIFICATE_VERIFY },
    { MXS_STAGE_FINISHED, MXS_STAGE_FINISHED },
    { MXS_STAGE_EHLO_TLS, MXS_STAGE_QUIT },
};
static const struct ui_column columns[] = {
    { .title = "mail server", .min = 11 }, { .title = "address", .min = 9 }, { .title = "offer" },
    { .title = "dns " }, { .title = "sts " }, { .title = "tcp " }, { .title = "smtp" },
    { .title = "tls " }, { .title = "cert" }, { .title = "fin " }, { .title = "mail" },
    { .title = "reached", .min = 8, .grow = true },
};
static const struct {
    const char *word;
    enum ui_style style;
} marks[] = {
    [MXS_STAGE_NOT_REACHED] = { "", UI_STYLE_DIM },
    [MXS_STAGE_SKIPPED] = { "-", UI_STYLE_DIM },
    [MXS_STAGE_OK] = { "ok", UI_STYLE_OK },
    [MXS_STAGE_WARNING] = { "warn", UI_STYLE_WARN },
    [MXS_STAGE_FAILED] = { "FAIL", UI_STYLE_BAD },
};

static enum mxs_stage_status worst(const struct mxs_session_facts *s, size_t phase)
{
    enum mxs_stage_status status = MXS_STAGE_NOT_REACHED;
    for (int i = (int)phases[phase].first; i <= (int)phases[phase].last; i++)
        if (s->stages[i].status > status)
            status = s->stages[i].status;
    bool ended_here = s->end != MXS_END_OPEN && s->reached >= phases[phase].first &&
                      s->reached <= phases[phase].last;
    if (status == MXS_STAGE_OK && ended_here && s->stages[s->reached].status == MXS_STAGE_SKIPPED)
        return MXS_STAGE_SKIPPED; /* nothing failed, yet it goes no further */
    return status;
}

static const char *reached(struct mxs_arena *arena, const struct mxs_session_facts *s)
{
    const char *stage = mxs_stage_name(s->reached), *end = mxs_end_name(s->end);
    if (s->end == MXS_END_OPEN)
        return stage ? mxs_arena_printf(arena, "%s ...", stage) : "...";
    if (s->end == MXS_END_DONE)
        return s->reached == MXS_STAGE_QUIT || !stage ? "done"
                                                      : mxs_arena_printf(arena, "%s", stage);
    return s->reply ? mxs_arena_printf(arena, "%s: %d", stage ? stage : "?", s->reply)
                    : mxs_arena_printf(arena, "%s: %s", stage ? stage : "?", end);
}

static void matrix_row(struct ui_table *table, const struct mxs_host_facts *host,
                       const struct mxs_session_facts *s, bool first)
{
    struct ui_table_row *row = ui_table_row(table, s->id);
    ui_table_cell(row, first ? UI_STYLE_STRONG : UI_STYLE_DIM, host->host);
    ui_table_cell(row, UI_STYLE_NORMAL, s->address);
    ui_table_cell(row, UI_STYLE_NORMAL, mxs_arena_printf(table->arena, "%s%s", mxs_offer_name(s->offer),
                                                         s->client_certificate ? " +cert" : ""));
    for (size_t p = 0; p < MXS_COUNT(phases); p++)
        ui_table_cell(row, marks[worst(s, p)].style, marks[worst(s, p)].word);
    bool bad = s->end != MXS_END_DONE && s->end != MXS_END_OPEN;
    ui_table_cell(row, bad ? UI_STYLE_BAD : UI_STYLE_DIM, reached(table->arena, s));
}

static void empty_host(struct ui_table *table, const struct mxs_host_facts *host)
{
    struct ui_table_row *row = ui_table_row(table, 0);
    const char *security = mxs_security_name(host->address_security);
    ui_table_cell(row, UI_STYLE_STRONG, host->host);
    ui_table_cell(row, ui_security_style(host->address_security),
                  host->addresses.n ? "" : host->address_why ? host->address_why : security);
}

void ui_overview_matrix(struct ui_lines *lines, int width, const struct ui_model *model)
{
    const struct mxs_evidence *ev = model->evidence;
    struct ui_table table;
    ui_table_init(&table, lines->arena, columns, MXS_COUNT(columns) - (width < 96));
    table.gap = width < 96 ? 1 : 2;
    for (size_t h = 0; h < ev->hosts.n; h++) {
        for (size_t s = 0; s < ev->hosts.v[h]->sessions.n; s++)
            matrix_row(&table, ev->hosts.v[h], ev->hosts.v[h]->sessions.v[s], s == 0);
        if (!ev->hosts.v[h]->sessions.n)
            empty_host(&table, ev->hosts.v[h]);
    }
    ui_table_finish(&table, lines, width);
}

/* --- the domain --- */

static void styled_pair(struct ui_lines *lines, int width, const char *name, enum ui_style style,
                        const char *text)
{
    ui_lines_pair(lines, width, NAME_W, name, style, text);
}

static void mx_lines(struct ui_lines *lines, int width, const struct mxs_evidence *ev)
{
    const struct mxs_domain_facts *d = &ev->domain;
    struct mxs_arena *arena = lines->arena;
    const char *security = mxs_security_name(d->mx_security);
    if (!ev->has_domain)
        return;
    const char *text = security ? security : "not looked up yet";
    if (d->null_mx)
        text = mxs_arena_printf(arena, "%s, null MX: this domain takes no mail", text);
    else if (d->implicit_mx)
        text = mxs_arena_printf(arena, "%s, no MX: its own address is used", text);
    else if (d->mx.n)
        text = mxs_arena_printf(arena, "%s, %zu host%s, TTL %u s", text, d->mx.n,
                                d->mx.n == 1 ? "" : "s", (unsigned)d->mx_ttl);
    if (d->mx_why)
        text = mxs_arena_printf(arena, "%s (%s)", text, d->mx_why);
    styled_pair(lines, width, "MX", ui_security_style(d->mx_security), text);
}

static void tlsa_lines(struct ui_lines *lines, int width, const struct mxs_evidence *ev)
{
    struct mxs_arena *arena = lines->arena;
    for (size_t i = 0; i < ev->hosts.n; i++) {
        const struct mxs_host_facts *h = ev->hosts.v[i];
        size_t usable = 0;
        for (size_t k = 0; k < h->tlsa.n; k++)
            usable += h->tlsa.v[k].usable;
        const char *security = mxs_security_name(h->tlsa_security);
        const char *text = security ? security : h->is_address ? "a literal has none" : "not asked";
        if (h->tlsa.n)
            text = mxs_arena_printf(arena, "%s, %zu record%s, %zu usable", text, h->tlsa.n,
                                    h->tlsa.n == 1 ? "" : "s", usable);
        if (ev->hosts.n > 1)
            text = mxs_arena_printf(arena, "%s: %s", h->host, text);
        styled_pair(lines, width, i ? "" : "TLSA", ui_security_style(h->tlsa_security), text);
    }
}

static void sts_lines(struct ui_lines *lines, int width, const struct mxs_evidence *ev)
{
    const struct mxs_sts_facts *sts = &ev->domain.sts;
    struct mxs_arena *arena = lines->arena;
    const char *mode = sts->has_policy ? mxs_sts_mode_name(sts->policy.mode) : NULL;
    if (!ev->has_domain)
        return;
    if (sts->has_policy)
        styled_pair(lines, width, "MTA-STS", sts->policy.valid ? UI_STYLE_NORMAL : UI_STYLE_WARN,
                    mxs_arena_printf(arena, "%s, id %s, max_age %lld s%s", mode ? mode : "no mode",
                                     sts->parsed.id ? sts->parsed.id : "none",
                                     (long long)sts->policy.max_age,
                                     sts->policy.valid ? "" : ", the policy has faults"));
    else if (sts->error)
        styled_pair(lines, width, "MTA-STS", UI_STYLE_BAD, sts->error);
    else
        styled_pair(lines, width, "MTA-STS", UI_STYLE_NORMAL,
                    sts->txt_security == MXS_SECURITY_NONE ? "not looked up"
                    : sts->parsed.valid                    ? "not fetched"
                                                           : "none");
}

void ui_overview_domain(struct ui_lines *lines, int width, const struct ui_model *model)
{
    const struct mxs_evidence *ev = model->evidence;
    const struct mxs_domain_facts *d = &ev->domain;
    if (ev->error)
        styled_pair(lines, width, "error", UI_STYLE_BAD, ev->error);
    mx_lines(lines, width, ev);
    tlsa_lines(lines, width, ev);
    sts_lines(lines, width, ev);
    if (d->tlsrpt.rua.n)
        styled_pair(lines, width, "TLSRPT", UI_STYLE_NORMAL,
                    mxs_text_joined(lines->arena, &d->tlsrpt.rua, ", "));
    if (d->caa.n)
        styled_pair(lines, width, "CAA", UI_STYLE_NORMAL, mxs_text_joined(lines->arena, &d->caa, ", "));
}

/* --- one session --- */

static const char *known(const char *name)
{
    return name ? name : "?";
}

static void tls_lines(struct ui_lines *lines, int width, const struct mxs_session_facts *s)
{
    const struct mxs_tls_facts *tls = &s->tls;
    struct mxs_arena *arena = lines->arena;
    if (tls->version)
        styled_pair(lines, width, "TLS", UI_STYLE_NORMAL,
                    mxs_arena_printf(arena, "%s  %s  %s  %s", known(mxs_tls_version_name(tls->version)),
                                     known(mxs_tls_cipher_name(tls->cipher)),
                                     known(mxs_tls_group_name(tls->group)),
                                     known(mxs_tls_scheme_name(tls->signature_scheme))));
    if (s->has_tls)
        styled_pair(lines, width, "SNI", UI_STYLE_NORMAL, tls->sni ? tls->sni : "none sent");
    if (s->chain.certs.n) {
        const struct mxs_cert *leaf = s->chain.certs.v[0];
        styled_pair(lines, width, "certificate", UI_STYLE_NORMAL,
                    mxs_arena_printf(arena, "%s, %s, until %s, issued by %s",
                                     leaf->san_dns.n ? mxs_text_joined(arena, &leaf->san_dns, " ")
                                     : leaf->cn      ? leaf->cn
                                                     : "no name",
                                     leaf->key, ui_day(arena, leaf->not_after), leaf->issuer));
    }
}

static void client_lines(struct ui_lines *lines, int width, const struct mxs_session_facts *s)
{
    static const char *const sent[] = { "nothing sent", "an empty list sent", "ours sent" };
    static const char *const verdicts[] = { "open", "accepted", "refused" };
    const struct mxs_client_auth *auth = &s->tls.client_auth;
    if (!auth->requested)
        return;
    styled_pair(lines, width, "client cert", auth->verdict == MXS_CLIENT_REFUSED ? UI_STYLE_BAD
                                                                                 : UI_STYLE_NORMAL,
                mxs_arena_printf(lines->arena, "%s, %s, verdict %s%s%s%s",
                                 auth->required == 1 ? "required" : "requested", sent[auth->sent],
                                 verdicts[auth->verdict], auth->verdict_why ? " (" : "",
                                 auth->verdict_why ? auth->verdict_why : "",
                                 auth->verdict_why ? ")" : ""));
}

void ui_overview_session(struct ui_lines *lines, int width, const struct ui_model *model)
{
    const struct mxs_session_facts *s = ui_model_session(model, NULL);
    const struct mxs_session_assessment *judged = ui_model_verdicts(model);
    if (!s)
        return;
    bool bad = s->end != MXS_END_DONE && s->end != MXS_END_OPEN;
    styled_pair(lines, width, "reached", bad ? UI_STYLE_BAD : UI_STYLE_NORMAL,
                s->error ? mxs_arena_printf(lines->arena, "%s: %s", reached(lines->arena, s),
                                            s->error)
                         : reached(lines->arena, s));
    tls_lines(lines, width, s);
    client_lines(lines, width, s);
    for (size_t i = 0; judged && i < judged->verdicts.n; i++) {
        const struct mxs_verdict *v = &judged->verdicts.v[i];
        size_t at = lines->lines.n;
        styled_pair(lines, width, i ? "" : "verdicts", ui_verdict_style(v),
                    ui_verdict_words(lines->arena, v));
        ui_line_at(&lines->lines.v[at], NAME_W + 24, 0, UI_STYLE_NORMAL, v->verifier);
    }
}
