#include "config.h"

#include "ui/rows_explain.h"

#include <stdio.h>
#include <string.h>

enum { NAME_W = 12 };

static void pair(struct ui_lines *lines, int width, const char *name, const char *value)
{
    ui_lines_pair(lines, width, NAME_W, name, UI_STYLE_NORMAL, value);
}

/* --- the glossary --- */

/* Where a command of another terminal finds the server: that of the lab has a port of its own. */
static const char *server_at(struct mxs_arena *arena, const struct ui_model *model)
{
    const struct mxs_host_facts *host = NULL;
    const struct mxs_session_facts *session = ui_model_session(model, &host);
    const struct mxs_claim_facts facts = { .journal = model->journal };
    const struct mxs_lesson_values none = { NULL, NULL };
    if (model->options->lab_dns)
        return mxs_lesson_fill(arena, "{remote}", &facts, &none);
    return host ? mxs_arena_printf(arena, "%s:%u", host->host, session->port) : NULL;
}

/* Its examples speak of example.org; here they name what is looked at. */
static const char *with_names(struct mxs_arena *arena, const struct ui_model *model,
                              const char *text)
{
    const struct mxs_host_facts *host = NULL;
    const struct mxs_evidence *ev = model->evidence;
    const char *domain = ev->has_domain && ev->domain.name ? ev->domain.name : NULL;
    const char *dns = model->options->lab_dns;
    ui_model_session(model, &host);
    const struct {
        const char *from, *to;
    } rows[] = {
        { "dig +", dns ? mxs_arena_printf(arena, "dig %s +", dns) : NULL },
        { "mx.example.org:25", server_at(arena, model) },
        { "mx.example.org", host ? host->host : NULL },
        { "example.org", domain },
    };
    char *out = mxs_arena_strdup(arena, "");
    while (text && *text) {
        size_t used = 0;
        for (size_t i = 0; i < MXS_COUNT(rows) && !used; i++)
            if (rows[i].to && strncmp(text, rows[i].from, strlen(rows[i].from)) == 0) {
                out = mxs_arena_printf(arena, "%s%s", out, rows[i].to);
                used = strlen(rows[i].from);
            }
        if (!used)
            out = mxs_arena_printf(arena, "%s%c", out, *text);
        text += used ? used : 1;
    }
    return *out ? out : NULL;
}

static void explain_entry(struct ui_lines *lines, int width, struct ui_model *model,
                          const char *kind, const char *name)
{
    const struct mxs_entry *e = name ? ui_model_entry(model, kind, name) : NULL;
    struct mxs_arena *arena = lines->arena;
    if (!e)
        return;
    if (lines->lines.n)
        ui_lines_blank(lines);
    ui_lines_heading(lines, mxs_arena_strdup(arena, e->title));
    pair(lines, width, "means", mxs_arena_strdup(arena, e->means));
    pair(lines, width, "mind", mxs_arena_strdup(arena, e->side));
    ui_lines_pair(lines, width, NAME_W, "look", UI_STYLE_OUT, with_names(arena, model, e->look));
    pair(lines, width, "read", mxs_arena_strdup(arena, e->rfc));
}

void ui_explain_id(struct ui_lines *lines, int width, int name_width, struct ui_model *model,
                   const char *id)
{
    size_t n = strcspn(id, "/");
    const char *kind = mxs_arena_strndup(lines->arena, id, n);
    const struct mxs_entry *e = id[n] ? ui_model_entry(model, kind, id + n + 1) : NULL;
    struct mxs_arena *arena = lines->arena;
    if (!e)
        return;
    ui_lines_pair(lines, width, name_width, "means", UI_STYLE_NORMAL,
                  mxs_arena_strdup(arena, e->means));
    ui_lines_pair(lines, width, name_width, "mind", UI_STYLE_NORMAL,
                  mxs_arena_strdup(arena, e->side));
    ui_lines_pair(lines, width, name_width, "look", UI_STYLE_OUT, with_names(arena, model, e->look));
    ui_lines_pair(lines, width, name_width, "read", UI_STYLE_DIM, mxs_arena_strdup(arena, e->rfc));
}

void ui_explain_stage(struct ui_lines *lines, int width, struct ui_model *model,
                      enum mxs_stage stage)
{
    if (stage < MXS_STAGE_NONE)
        explain_entry(lines, width, model, "stage", mxs_stage_name(stage));
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

void ui_explain_event(struct ui_lines *lines, int width, struct ui_model *model,
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
    if (event->kind == MXS_EVENT_ALERT)
        explain_entry(lines, width, model, "alert",
                      mxs_tls_alert_name((unsigned)mxs_event_attr_int(event, "code", 256)));
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

void ui_explain_finding(struct ui_lines *lines, int width, struct ui_model *model,
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
    if (event)
        ui_explain_stage(lines, width, model, event->stage);
}

void ui_explain_verdict(struct ui_lines *lines, int width, struct ui_model *model,
                        const struct mxs_verdict *verdict)
{
    struct mxs_arena *arena = lines->arena;
    ui_lines_heading(lines, verdict->verifier);
    pair(lines, width, "action", mxs_action_name(verdict->action));
    pair(lines, width, "channel", mxs_channel_name(verdict->channel));
    pair(lines, width, "verified",
         verdict->verified < 0 ? "unknown" : verdict->verified ? "yes" : "no");
    pair(lines, width, "label", verdict->label);
    pair(lines, width, "TLSRPT", verdict->tls_rpt);
    if (strncmp(verdict->verifier, "rfc/", 4) != 0) /* an RFC is not measured */
        pair(lines, width, "grade", mxs_grade_name(verdict->grade));
    for (size_t i = 0; i < verdict->reasons.n; i++) {
        const struct mxs_reason *r = &verdict->reasons.v[i];
        pair(lines, width, i ? "" : "because",
             mxs_arena_printf(arena, "%s%s%s%s", r->text, r->rfc ? " (" : "", r->rfc ? r->rfc : "",
                              r->rfc ? ")" : ""));
    }
    for (size_t i = 0; i < verdict->log.n; i++)
        pair(lines, width, i ? "" : "its log", verdict->log.v[i]);
    explain_entry(lines, width, model, "tlsrpt", verdict->tls_rpt);
}
