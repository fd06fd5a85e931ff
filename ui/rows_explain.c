#include "config.h"

#include "ui/rows_explain.h"

#include "ui/cards.h"

#include <stdio.h>
#include <string.h>

enum { NAME_W = 12 };

static void pair(struct ui_lines *lines, int width, const char *name, const char *value)
{
    ui_lines_pair(lines, width, NAME_W, name, UI_STYLE_NORMAL, value);
}

/* --- placeholders of the cards --- */

static const char *value_of(struct mxs_arena *arena, const struct ui_model *model,
                            const char *name, size_t n)
{
    const struct mxs_host_facts *host = NULL;
    const struct mxs_session_facts *session = ui_model_session(model, &host);
    const struct mxs_evidence *ev = model->evidence;
    const char *domain = ev->has_domain && ev->domain.name ? ev->domain.name : ev->target;
    const char *base = host && host->tlsa_base_domain ? host->tlsa_base_domain
                       : host                         ? host->host
                                                      : "HOST";
    unsigned port = session ? session->port : 25;
    const struct {
        const char *name, *value;
    } rows[] = {
        { "domain", domain ? domain : "DOMAIN" },
        { "host", host ? host->host : "HOST" },
        { "address", session && session->address ? session->address : "ADDRESS" },
        { "port", mxs_arena_printf(arena, "%u", port) },
        { "tlsa", mxs_arena_printf(arena, "_%u._tcp.%s", port, base) },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
            return rows[i].value;
    return "?";
}

static const char *filled(struct mxs_arena *arena, const struct ui_model *model, const char *text)
{
    char *out = mxs_arena_strdup(arena, "");
    while (text && *text) {
        size_t n = strcspn(text, "{");
        const char *close = text[n] ? strchr(text + n, '}') : NULL;
        if (!close)
            n = strlen(text);
        out = mxs_arena_printf(arena, "%s%.*s%s", out, (int)n, text,
                               close ? value_of(arena, model, text + n + 1,
                                                (size_t)(close - text) - n - 1)
                                     : "");
        text = close ? close + 1 : text + n;
    }
    return *out ? out : NULL;
}

void ui_explain_stage(struct ui_lines *lines, int width, const struct ui_model *model,
                      enum mxs_stage stage)
{
    const struct ui_card *card = ui_card(stage);
    if (!card)
        return;
    ui_lines_heading(lines, mxs_stage_title(stage));
    pair(lines, width, "happens", filled(lines->arena, model, card->what));
    pair(lines, width, "checked", filled(lines->arena, model, card->checks));
    pair(lines, width, "goes wrong", filled(lines->arena, model, card->wrong));
    ui_lines_pair(lines, width, NAME_W, "try", UI_STYLE_OUT,
                  filled(lines->arena, model, card->command));
    pair(lines, width, "read", card->rfc);
}

static void explain_field(struct ui_lines *lines, int width, const struct mxs_field *field)
{
    ui_lines_heading(lines, field->name);
    pair(lines, width, "value", field->value);
    if (field->len)
        pair(lines, width, "bytes",
             mxs_arena_printf(lines->arena, "%zu, from offset %zu", field->len, field->off));
    for (const struct mxs_field *f = field->child; f; f = f->next)
        if (f->flags & MXS_FIELD_NOTE)
            pair(lines, width, "note", f->value);
    if (field->flags & MXS_FIELD_MALFORMED)
        pair(lines, width, "malformed", "the bytes end early or break their grammar");
    if (field->flags & MXS_FIELD_UNKNOWN)
        pair(lines, width, "unknown", "a number that no registry entry known here names");
    ui_lines_blank(lines);
}

void ui_explain_event(struct ui_lines *lines, int width, const struct ui_model *model,
                      const struct mxs_event *event, const struct mxs_field *field)
{
    if (field && event && field->parent)
        explain_field(lines, width, field);
    if (!event)
        return;
    ui_lines_heading(lines, mxs_arena_printf(lines->arena, "Event %llu, %s",
                                             (unsigned long long)event->seq,
                                             mxs_event_kind_name(event->kind)));
    pair(lines, width, "what", event->summary);
    for (size_t i = 0; i < event->n_attrs; i++)
        pair(lines, width, event->attrs[i].name, event->attrs[i].value);
    if (event->stage < MXS_STAGE_NONE)
        ui_lines_blank(lines);
    ui_explain_stage(lines, width, model, event->stage);
}

const char *ui_fault_words(enum mxs_fault fault)
{
    static const char *const words[] = {
        [MXS_FAULT_NOBODY] = "nobody's",  [MXS_FAULT_YOURS] = "yours (the sender's)",
        [MXS_FAULT_THEIRS] = "theirs (the receiver's)", [MXS_FAULT_DNS] = "the DNS's",
        [MXS_FAULT_CA] = "the CA's",      [MXS_FAULT_NETWORK] = "the network's",
    };
    return fault < MXS_COUNT(words) ? words[fault] : NULL;
}

void ui_explain_finding(struct ui_lines *lines, int width, const struct ui_model *model,
                        const struct mxs_finding *finding)
{
    const struct mxs_event *event = mxs_journal_seq(model->journal, finding->seq);
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_STRONG, finding->text);
    ui_lines_blank(lines);
    pair(lines, width, "finding", finding->id);
    pair(lines, width, "severity", mxs_severity_name(finding->severity));
    pair(lines, width, "fault", ui_fault_words(finding->fault));
    pair(lines, width, "host", finding->host);
    pair(lines, width, "evidence", finding->evidence);
    if (event)
        pair(lines, width, "event",
             mxs_arena_printf(lines->arena, "%llu: %s", (unsigned long long)event->seq,
                              event->summary));
    pair(lines, width, "fix", finding->fix);
    pair(lines, width, "read", finding->rfc);
    if (event && event->stage < MXS_STAGE_NONE) {
        ui_lines_blank(lines);
        ui_explain_stage(lines, width, model, event->stage);
    }
}

void ui_explain_verdict(struct ui_lines *lines, int width, const struct mxs_verdict *verdict)
{
    struct mxs_arena *arena = lines->arena;
    ui_lines_heading(lines, verdict->verifier);
    pair(lines, width, "action", mxs_action_name(verdict->action));
    pair(lines, width, "channel", mxs_channel_name(verdict->channel));
    pair(lines, width, "verified",
         verdict->verified < 0 ? "unknown" : verdict->verified ? "yes" : "no");
    pair(lines, width, "label", verdict->label);
    pair(lines, width, "TLSRPT", verdict->tls_rpt);
    pair(lines, width, "grade", mxs_grade_name(verdict->grade));
    for (size_t i = 0; i < verdict->reasons.n; i++) {
        const struct mxs_reason *r = &verdict->reasons.v[i];
        pair(lines, width, i ? "" : "because",
             mxs_arena_printf(arena, "%s%s%s%s", r->text, r->rfc ? " (" : "", r->rfc ? r->rfc : "",
                              r->rfc ? ")" : ""));
    }
    for (size_t i = 0; i < verdict->log.n; i++)
        pair(lines, width, i ? "" : "it logs", verdict->log.v[i]);
}
