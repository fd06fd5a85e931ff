#include "config.h"

#include "ui/rows_handshake.h"

#include "ui/rows_event.h"
#include "ui/rows_overview.h"

#include <string.h>

enum { NAME_W = 13 };

bool ui_handshake_event(const struct mxs_event *event)
{
    switch (event->kind) {
    case MXS_EVENT_HANDSHAKE:
    case MXS_EVENT_CCS:
    case MXS_EVENT_ALERT:
    case MXS_EVENT_CLIENT_CERT:
    case MXS_EVENT_CLIENT_VERDICT:
    case MXS_EVENT_CLOSE:
    case MXS_EVENT_GLUED:
        return true;
    case MXS_EVENT_EDIT:
    case MXS_EVENT_ERROR:
    case MXS_EVENT_NOTE:
        return event->stage >= MXS_STAGE_CLIENT_HELLO && event->stage <= MXS_STAGE_FINISHED;
    default:
        return false;
    }
}

void ui_handshake_heading(int width, struct ui_line *line)
{
    (void)width;
    ui_line_right(line, 0, 3, UI_STYLE_DIM, "n");
    ui_line_at(line, 4, 4, UI_STYLE_DIM, "dir");
    ui_line_at(line, 8, 12, UI_STYLE_DIM, "protected");
    ui_line_at(line, 20, 0, UI_STYLE_DIM, "message");
}

/* The keys a message is protected with, in users' words. */
static const char *protection(const struct mxs_event *event)
{
    const char *epoch = mxs_event_attr(event, "epoch");
    if (event->kind != MXS_EVENT_HANDSHAKE)
        return "";
    return !epoch || strcmp(epoch, "clear") == 0 ? "no" : epoch;
}

void ui_handshake_row(const struct mxs_event *event, unsigned n, int width, bool ascii,
                      struct ui_line *line)
{
    bool late = mxs_event_attr_int(event, "after-finished", 0) == 1;
    bool out = event->dir == MXS_DIR_OUT;
    (void)width;
    (void)ascii;
    if (n)
        ui_line_right(line, 0, 3, UI_STYLE_DIM, mxs_arena_printf(line->arena, "%u", n));
    if (event->dir != MXS_DIR_NONE && event->kind != MXS_EVENT_CLIENT_CERT) /* that is a choice */
        ui_line_at(line, 4, 4, out ? UI_STYLE_OUT : UI_STYLE_IN, out ? "out" : "in");
    ui_line_at(line, 8, 12, UI_STYLE_DIM, protection(event));
    ui_line_at(line, 20, 0, ui_event_style(event), event->summary);
    if (late)
        ui_line_add(line, UI_STYLE_BAD, ", after Finished");
    line->tag = event->seq;
    line->copy = event->summary;
}

/* --- summary --- */

static void pair(struct ui_lines *lines, int width, const char *name, enum ui_style style,
                 const char *value)
{
    ui_lines_pair(lines, width, NAME_W, name, style, value);
}

static void negotiated(struct ui_lines *lines, int width, const struct mxs_tls_facts *tls)
{
    const struct {
        const char *name, *value;
    } rows[] = {
        { "version", tls->version ? mxs_tls_version_name(tls->version) : NULL },
        { "cipher", tls->cipher ? mxs_tls_cipher_name(tls->cipher) : NULL },
        { "group", tls->group ? mxs_tls_group_name(tls->group) : NULL },
        { "signature", tls->signature_scheme ? mxs_tls_scheme_name(tls->signature_scheme) : NULL },
        { "SNI", tls->sni ? tls->sni : "none sent" },
        { "ALPN", tls->alpn },
        { "OCSP staple", tls->ocsp_stapled ? "stapled" : "none" },
        { "Finished", tls->finished ? "both sides" : "not reached" },
    };
    ui_lines_heading(lines, "Negotiated");
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        pair(lines, width, rows[i].name, UI_STYLE_NORMAL, rows[i].value);
}

static const char *schemes(struct mxs_arena *arena, const struct mxs_client_auth *auth)
{
    char *text = mxs_arena_strdup(arena, "");
    for (size_t i = 0; i < auth->signature_schemes.n && i < 64; i++) {
        const char *name = mxs_tls_scheme_name(auth->signature_schemes.v[i]);
        text = name ? mxs_arena_printf(arena, "%s%s%s", text, *text ? ", " : "", name)
                    : mxs_arena_printf(arena, "%s%s0x%04x", text, *text ? ", " : "",
                                       auth->signature_schemes.v[i]);
    }
    return *text ? text : NULL;
}

static void client_certificate(struct ui_lines *lines, int width, const struct mxs_session_facts *s)
{
    static const char *const sent[] = { "nothing", "an empty list", "our certificate" };
    static const struct {
        const char *word;
        enum ui_style style;
    } verdicts[] = { { "open: the server has not said yet", UI_STYLE_DIM },
                     { "accepted", UI_STYLE_OK },
                     { "refused", UI_STYLE_BAD } };
    const struct mxs_client_auth *auth = &s->tls.client_auth;
    struct mxs_arena *arena = lines->arena;
    ui_lines_blank(lines);
    ui_lines_heading(lines, "Client certificate");
    pair(lines, width, "asked for", UI_STYLE_NORMAL, auth->requested ? "yes" : "no");
    if (!auth->requested)
        return;
    pair(lines, width, "demanded", UI_STYLE_NORMAL,
         auth->required < 0 ? "unknown: seen only without a certificate"
         : auth->required   ? "yes"
                            : "no");
    pair(lines, width, "we had one", UI_STYLE_NORMAL, s->client_certificate ? "yes" : "no");
    pair(lines, width, "we sent", UI_STYLE_NORMAL,
         auth->sent_why ? mxs_arena_printf(arena, "%s: %s", sent[auth->sent], auth->sent_why)
                        : sent[auth->sent]);
    pair(lines, width, "verdict", verdicts[auth->verdict].style,
         auth->verdict_why ? mxs_arena_printf(arena, "%s: %s", verdicts[auth->verdict].word,
                                              auth->verdict_why)
                           : verdicts[auth->verdict].word);
    if (auth->acceptable_cas.n == 0)
        pair(lines, width, "CAs named", UI_STYLE_NORMAL, "none: any may be tried");
    for (size_t i = 0; i < auth->acceptable_cas.n; i++)
        pair(lines, width, i ? "" : "CAs named", UI_STYLE_NORMAL, auth->acceptable_cas.v[i]);
    pair(lines, width, "algorithms", UI_STYLE_NORMAL, schemes(arena, auth));
    pair(lines, width, "EXTERNAL", UI_STYLE_NORMAL, auth->external_offered ? "offered" : "not offered");
}

static void late(struct ui_lines *lines, int width, const struct mxs_tls_facts *tls)
{
    struct mxs_arena *arena = lines->arena;
    unsigned tickets = 0;
    for (size_t i = 0; i < tls->messages.n; i++)
        tickets += tls->messages.v[i].type == MXS_TLS_NEW_SESSION_TICKET;
    ui_lines_blank(lines);
    ui_lines_heading(lines, "Afterwards");
    pair(lines, width, "tickets", UI_STYLE_NORMAL,
         tickets ? mxs_arena_printf(arena, "%u", tickets) : "none");
    if (!tls->alerts.n)
        pair(lines, width, "alerts", UI_STYLE_NORMAL, "none");
    for (size_t i = 0; i < tls->alerts.n; i++) {
        const struct mxs_tls_alert *a = &tls->alerts.v[i];
        const char *name = mxs_tls_alert_name(a->code);
        pair(lines, width, i ? "" : "alerts", a->code ? UI_STYLE_BAD : UI_STYLE_NORMAL,
             mxs_arena_printf(arena, "%s %s %u%s", a->dir == MXS_DIR_OUT ? "we sent" : "received",
                              name ? name : "unknown", a->code,
                              a->after_finished ? ", after Finished" : ""));
    }
}

void ui_handshake_summary(struct ui_lines *lines, int width, const struct ui_model *model)
{
    const struct mxs_session_facts *s = ui_model_session(model, NULL);
    if (!s || !s->has_tls) {
        ui_lines_wrap(lines, width, 0, 0, UI_STYLE_DIM,
                      s ? "No TLS in this session (yet)." : "No session yet.");
        return;
    }
    negotiated(lines, width, &s->tls);
    client_certificate(lines, width, s);
    late(lines, width, &s->tls);
}
