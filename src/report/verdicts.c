#include "config.h"

#include "report/anon.h"
#include "report/json.h"
#include "report/text_room.h"

#include <string.h>

/* What `verify` prints. */

/* --- mxscope.verdicts/1 --- */

static json_t *verdicts(const struct mxs_session_assessment *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->verdicts.n; i++)
        json_array_append_new(array, mxs_json_verdict(&s->verdicts.v[i]));
    return array;
}

/* Those of the session's host, and those of the domain. */
static json_t *findings(const struct mxs_assessment *a, const struct mxs_session_assessment *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < a->findings.n; i++) {
        const struct mxs_finding *f = &a->findings.v[i];
        if (!s || !f->host || strcmp(f->host, s->host->host) == 0)
            json_array_append_new(array, mxs_json_finding(f));
    }
    return array;
}

static enum mxs_err line(const struct mxs_report *report, const struct mxs_session_assessment *s,
                         struct mxs_buf *out)
{
    const struct mxs_assessment *a = report->assessment;
    json_t *o = json_object();
    json_object_set_new(o, "schema", json_string("mxscope.verdicts/1"));
    json_object_set_new(o, "version", json_string(PACKAGE_VERSION));
    json_object_set_new(o, "at", mxs_json_time(a->at));
    json_object_set_new(o, "role", json_string(report->evidence->client_role ? "client" : "server"));
    json_object_set_new(o, "chain", s ? mxs_json_chain(&s->session->chain, report->catalog)
                                      : json_null());
    json_object_set_new(o, "tlsa", s ? mxs_json_tlsa(s->host) : json_null());
    json_object_set_new(o, "tlsa_matches", s ? mxs_json_tlsa_matches(s) : json_array());
    json_object_set_new(o, "verdicts", s ? verdicts(s) : json_array());
    json_object_set_new(o, "findings", findings(a, s));
    json_object_set_new(o, "status", mxs_json_text(mxs_status_name(a->status)));
    return mxs_json_line(o, out);
}

enum mxs_err mxs_report_verdicts_json(const struct mxs_report *report, struct mxs_buf *out)
{
    const struct mxs_assessment *a = report->assessment;
    enum mxs_err err = MXS_OK;
    size_t from = out->n;
    for (size_t i = 0; i < a->sessions.n && err == MXS_OK; i++)
        err = line(report, &a->sessions.v[i], out);
    err = a->sessions.n ? err : line(report, NULL, out);
    mxs_anon_buf(report->anon, out, from);
    return err;
}

/* --- text --- */

static void record(struct mxs_text_report *t, const struct mxs_session_assessment *s, size_t i)
{
    const struct mxs_tlsa *r = &s->host->tlsa.v[i];
    int depth = i < s->matches.n ? s->matches.v[i].depth : -1;
    bool own = depth == (int)s->session->chain.certs.n;
    const char *text = mxs_tlsa_text(t->arena, r);
    mxs_buf_printf(t->out, "     %.40s%s ", text, strlen(text) > 40 ? ".." : "");
    if (!r->usable)
        mxs_text_para(t, 0, 7, "unusable: %s", r->unusable_reason);
    else if (depth < 0)
        mxs_buf_puts(t->out, "matches nothing it may match\n");
    else if (own)
        mxs_buf_puts(t->out, "brings the authority that is not sent\n");
    else
        mxs_buf_printf(t->out, "matches certificate %d\n", depth);
}

/* --- products that answer alike share a paragraph --- */

static bool is_rfc(const struct mxs_verdict *v)
{
    return strncmp(v->verifier, "rfc/", 4) == 0;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool alike(const struct mxs_verdict *a, const struct mxs_verdict *b)
{
    return a->role == b->role && a->action == b->action && a->channel == b->channel &&
           a->reply == b->reply && a->alert == b->alert && a->stage == b->stage &&
           same_text(a->tls_rpt, b->tls_rpt);
}

static bool first_of_its_kind(const struct mxs_session_assessment *s, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (!is_rfc(&s->verdicts.v[i]) && alike(&s->verdicts.v[i], &s->verdicts.v[at]))
            return false;
    return true;
}

static void group(struct mxs_text_report *t, const struct mxs_session_assessment *s, size_t at)
{
    const struct mxs_verdict *kind = &s->verdicts.v[at];
    const char *names = "", *action = mxs_action_name(kind->action);
    const char *channel = mxs_channel_name(kind->channel);
    for (size_t i = at; i < s->verdicts.n; i++) {
        const struct mxs_verdict *v = &s->verdicts.v[i];
        if (!is_rfc(v) && alike(v, kind))
            names = mxs_arena_printf(t->arena, "%s%s%s%s", names, *names ? ", " : "", v->verifier,
                                     action && v->grade < MXS_GRADE_MEASURED ? " ~" : "");
    }
    mxs_text_para(t, 0, 5, "%s%s%s%s%s%s%s%s: %s", action ? action : "?", channel ? ", " : "",
                  channel ? channel : "",
                  kind->role == MXS_ROLE_RECEIVER && kind->stage != MXS_STAGE_NONE ? " at " : "",
                  kind->role == MXS_ROLE_RECEIVER && kind->stage != MXS_STAGE_NONE
                      ? mxs_stage_name(kind->stage) : "",
                  kind->reply ? mxs_arena_printf(t->arena, ", reply %d", kind->reply) : "",
                  kind->alert >= 0 ? mxs_arena_printf(t->arena, ", alert %d", kind->alert) : "",
                  kind->tls_rpt ? mxs_arena_printf(t->arena, " [%s]", kind->tls_rpt) : "", names);
    mxs_text_then(t, kind, 7);
}

static void verdict_lines(struct mxs_text_report *t, const struct mxs_session_assessment *s)
{
    size_t products = 0;
    for (size_t i = 0; i < s->verdicts.n; i++)
        products += !is_rfc(&s->verdicts.v[i]);
    bool each = t->report->verbose || products <= 8;
    for (size_t i = 0; i < s->verdicts.n; i++)
        if (each || is_rfc(&s->verdicts.v[i]))
            mxs_text_verdict(t, &s->verdicts.v[i]);
    for (size_t i = 0; !each && i < s->verdicts.n; i++)
        if (!is_rfc(&s->verdicts.v[i]) && first_of_its_kind(s, i))
            group(t, s, i);
}

static void session(struct mxs_text_report *t, const struct mxs_session_assessment *s)
{
    const char *address = s->session->address ? s->session->address : "?";
    bool named = strcmp(address, s->host->host) != 0;
    mxs_text_title(t, mxs_arena_printf(t->arena, named ? "%s [%s]:%u" : "%s%s:%u", s->host->host,
                                       named ? address : "", s->session->port));
    for (size_t i = 0; i < s->host->tlsa.n; i++)
        record(t, s, i);
    verdict_lines(t, s);
}

enum mxs_err mxs_report_verdicts_text(const struct mxs_report *report, struct mxs_buf *out)
{
    size_t start = out->n;
    struct mxs_text_report t = { report, mxs_arena_new(), out, report->width ? report->width : 80 };
    mxs_text_headline(&t);
    for (size_t i = 0; !report->quiet && i < report->assessment->sessions.n; i++)
        session(&t, &report->assessment->sessions.v[i]);
    for (size_t i = 0; !report->quiet && report->verbose && i < report->evidence->hosts.n; i++)
        mxs_text_host_detail(&t, report->evidence->hosts.v[i]);
    if (!report->quiet)
        mxs_text_findings(&t);
    mxs_anon_buf(report->anon, out, start);
    if (report->ascii)
        mxs_text_to_ascii(out, start);
    mxs_arena_free(t.arena);
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
