/* The report of a session as a document, for HTML and Markdown. */
#include "config.h"

#include "report/anon.h"
#include "report/session_doc.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

static void headline(struct mxs_session_doc *d)
{
    static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD,
                                           MXS_TONE_WARN };
    const struct mxs_assessment *a = d->report->assessment;
    const struct mxs_evidence *ev = d->report->evidence;
    mxs_doc_title(d->doc, 1, tones[a->status], mxs_status_name(a->status), "%s",
                  ev->target ? ev->target : "evidence");
    mxs_doc_para(d->doc, "%s", a->headline);
    mxs_doc_para(d->doc, "Walked %s, judged as of %s, by %s.", mxs_time_text(d->arena, ev->started),
                 mxs_time_text(d->arena, a->at), PACKAGE_STRING);
}

static const char *finding_text(struct mxs_session_doc *d, const struct mxs_finding *f)
{
    const char *text = f->text;
    if (f->fix)
        text = mxs_arena_printf(d->arena, "%s\nFix: %s", text, f->fix);
    if (f->enforced_by.n)
        text = mxs_arena_printf(d->arena, "%s\nEnforced by %s.", text,
                                mxs_text_joined(d->arena, &f->enforced_by, ", "));
    return mxs_arena_printf(d->arena, "%s\n%s%s%s%s%s", text, f->id, f->rfc ? ", " : "",
                            f->rfc ? f->rfc : "", f->evidence ? ", shown by " : "",
                            f->evidence ? f->evidence : "");
}

static void findings(struct mxs_session_doc *d)
{
    static const struct mxs_doc_column columns[] = {
        { "severity", 0 }, { "whose", 0 }, { "host", 0 }, { "finding and fix", 0 },
    };
    static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_PLAIN, MXS_TONE_WARN,
                                           MXS_TONE_BAD };
    const struct mxs_assessment *a = d->report->assessment;
    mxs_doc_heading(d->doc, 2, "Found");
    if (a->findings.n)
        mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
    else
        mxs_doc_para(d->doc, "Nothing that needs anybody's hand.");
    for (size_t i = 0; i < a->findings.n; i++) {
        const struct mxs_finding *f = &a->findings.v[i];
        mxs_doc_cell(d->doc, tones[f->severity], "%s", mxs_severity_name(f->severity));
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", mxs_fault_name(f->fault));
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", f->host ? f->host : "");
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", finding_text(d, f));
    }
}

static void pair(struct mxs_session_doc *d, const char *name, const char *value)
{
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", name);
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", value);
}

static void strings(struct mxs_session_doc *d, const char *name, const struct mxs_strs *list)
{
    for (size_t i = 0; i < list->n; i++)
        pair(d, i ? "" : name, list->v[i]);
}

static void domain(struct mxs_session_doc *d)
{
    static const struct mxs_doc_column columns[] = { { "", MXS_DOC_HEAD }, { "", MXS_DOC_MONO } };
    const struct mxs_domain_facts *facts = &d->report->evidence->domain;
    const char *security = mxs_security_name(facts->mx_security);
    if (!d->report->evidence->has_domain)
        return;
    mxs_doc_heading(d->doc, 2, "Domain");
    mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
    pair(d, "MX", mxs_arena_printf(d->arena, "%s%s%s", security ? security : "not looked up",
                                   facts->null_mx ? ", null MX (RFC 7505)" : "",
                                   facts->implicit_mx ? ", none: its own address (RFC 5321 5.1)" : ""));
    strings(d, "CAA", &facts->caa);
    strings(d, "_mta-sts TXT", &facts->sts.txt);
    if (facts->sts.error)
        pair(d, "MTA-STS policy", facts->sts.error);
    if (facts->sts.has_policy) {
        const char *mode = mxs_sts_mode_name(facts->sts.policy.mode);
        pair(d, "MTA-STS policy",
             mxs_arena_printf(d->arena, "mode %s, max_age %lld", mode ? mode : "broken",
                              (long long)facts->sts.policy.max_age));
        strings(d, "MTA-STS mx", &facts->sts.policy.mx);
    }
    strings(d, "_smtp._tls TXT", &facts->tlsrpt_txt);
}

/* --- MX x address x offer down, stages across ------------------------------------------------- */

static void matrix_columns(struct mxs_session_doc *d)
{
    struct mxs_doc_column columns[3 + MXS_STAGE_COUNT] = { { "MX", 0 }, { "address", MXS_DOC_MONO },
                                                          { "offer", 0 } };
    for (int i = 0; i < MXS_STAGE_COUNT; i++)
        columns[3 + i] = (struct mxs_doc_column){ mxs_stage_name((enum mxs_stage)i), MXS_DOC_MARK };
    mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
}

static void matrix_row(struct mxs_session_doc *d, const struct mxs_host_facts *host,
                       const struct mxs_session_facts *s)
{
    static const struct {
        const char *word;
        enum mxs_tone tone;
    } marks[] = {
        [MXS_STAGE_NOT_REACHED] = { "", MXS_TONE_PLAIN }, [MXS_STAGE_SKIPPED] = { "-", MXS_TONE_PLAIN },
        [MXS_STAGE_OK] = { "ok", MXS_TONE_GOOD },         [MXS_STAGE_WARNING] = { "warn", MXS_TONE_WARN },
        [MXS_STAGE_FAILED] = { "FAIL", MXS_TONE_BAD },
    };
    const char *address = s->address ? s->address : "?";
    bool v6 = strchr(address, ':') != NULL;
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%u %s", host->preference, host->host);
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, v6 ? "[%s]:%u" : "%s:%u", address, s->port);
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s%s", mxs_offer_name(s->offer),
                 s->client_certificate ? " + certificate" : "");
    for (int n = 0; n < MXS_STAGE_COUNT; n++) {
        const struct mxs_stage_result *r = &s->stages[n];
        mxs_doc_cell(d->doc, marks[r->status].tone, "%s", marks[r->status].word);
        mxs_doc_hint(d->doc, r->summary);
    }
}

static void matrix(struct mxs_session_doc *d)
{
    const struct mxs_evidence *ev = d->report->evidence;
    if (!ev->hosts.n)
        return;
    mxs_doc_heading(d->doc, 2, "Mail servers");
    matrix_columns(d);
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++)
            matrix_row(d, ev->hosts.v[i], ev->hosts.v[i]->sessions.v[k]);
}

struct mxs_doc *mxs_report_doc(const struct mxs_report *report, struct mxs_arena *arena)
{
    const char *target = report->evidence->target ? report->evidence->target : "evidence";
    const char *status = mxs_status_name(report->assessment->status);
    struct mxs_session_doc d = {
        report, arena, mxs_doc_new(arena, mxs_arena_printf(arena, "%s: %s", target, status)) };
    headline(&d);
    findings(&d);
    domain(&d);
    matrix(&d);
    for (size_t i = 0; i < report->evidence->hosts.n; i++)
        mxs_session_doc_host(&d, report->evidence->hosts.v[i]);
    if (report->anon)
        mxs_anon_doc(report->anon, d.doc);
    return d.doc;
}

static enum mxs_err rendered(const struct mxs_report *report, struct mxs_buf *out,
                             enum mxs_err (*render)(const struct mxs_doc *, struct mxs_buf *))
{
    struct mxs_arena *arena = mxs_arena_new();
    enum mxs_err err = render(mxs_report_doc(report, arena), out);
    mxs_arena_free(arena);
    return err;
}

enum mxs_err mxs_report_html(const struct mxs_report *report, struct mxs_buf *out)
{
    return rendered(report, out, mxs_doc_html);
}

enum mxs_err mxs_report_markdown(const struct mxs_report *report, struct mxs_buf *out)
{
    return rendered(report, out, mxs_doc_markdown);
}
