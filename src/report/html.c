/* The report as one HTML file: no scripts, nothing loaded from anywhere, black on white when printed. */
#include "config.h"

#include "report/html_room.h"

#include "base/clock.h"

#include <stdarg.h>
#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.45 system-ui,sans-serif;max-width:72em;margin:2em auto;padding:0 1em}\n"
    "h1{font-size:1.4em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #8888}\n"
    "h3{font-size:1em;margin-top:1.5em}\n"
    "table{border-collapse:collapse;margin:.6em 0;width:100%}\n"
    "th,td{border:1px solid #8886;padding:.25em .5em;text-align:left;vertical-align:top}\n"
    "td.n,.mono{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}\n"
    ".ok{color:#176b2c}.warning{color:#8a5a00}.critical,.failed{color:#a8071a;font-weight:bold}\n"
    ".skipped{color:#777}.stage td{background:#8881}.ladder{width:auto}\n"
    "td.mark{text-align:center;padding:.25em .1em}"
    "th.stage{writing-mode:vertical-rl;font-weight:normal;padding:.5em .1em;white-space:nowrap}\n"
    "@media (prefers-color-scheme:dark){.ok{color:#6fce85}.warning{color:#e5b34a}"
    ".critical,.failed{color:#ff7b7b}}\n"
    "@media print{body{margin:0;max-width:none;font-size:11px;color:#000}"
    "tr,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}}\n"
    "</style>\n";

static void escaped(struct mxs_buf *out, const char *s)
{
    static const struct mxs_name entities[] = {
        { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { '\'', "&#39;" },
        { 0, NULL },
    };
    while (*s) {
        size_t n = strcspn(s, "<>&\"'");
        mxs_buf_add(out, s, n);
        s += n;
        if (*s)
            mxs_buf_puts(out, mxs_name_of(entities, *s++));
    }
}

void mxs_html_put(struct mxs_html *h, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    while (*fmt) {
        size_t n = strcspn(fmt, "%");
        mxs_buf_add(h->out, fmt, n);
        fmt += n;
        if (!*fmt)
            break;
        if (fmt[1] == 's') {
            const char *s = va_arg(args, const char *);
            escaped(h->out, s ? s : "");
            fmt += 2;
        } else if (fmt[1] == 'u') {
            mxs_buf_printf(h->out, "%u", va_arg(args, unsigned));
            fmt += 2;
        } else if (strncmp(fmt, "%lld", 4) == 0) {
            mxs_buf_printf(h->out, "%lld", va_arg(args, long long));
            fmt += 4;
        } else {
            mxs_buf_putc(h->out, '%');
            fmt += 2;
        }
    }
    va_end(args);
}

static const char *const severity_class[] = { "ok", "info", "warning", "critical" };

static void headline(struct mxs_html *h)
{
    static const char *const classes[] = { "ok", "warning", "critical", "warning" };
    const struct mxs_assessment *a = h->report->assessment;
    const struct mxs_evidence *ev = h->report->evidence;
    mxs_html_put(h, "<title>%s: %s</title>\n</head>\n<body>\n", ev->target ? ev->target : "evidence",
                 mxs_status_name(a->status));
    mxs_html_put(h, "<h1><span class=\"%s\">%s</span> %s</h1>\n<p>%s</p>\n", classes[a->status],
                 mxs_status_name(a->status), ev->target ? ev->target : "evidence", a->headline);
    mxs_html_put(h, "<p>Walked %s, judged as of %s, by %s.</p>\n",
                 mxs_time_text(h->arena, ev->started), mxs_time_text(h->arena, a->at),
                 PACKAGE_STRING);
}

static void findings(struct mxs_html *h)
{
    const struct mxs_assessment *a = h->report->assessment;
    mxs_html_put(h, "<h2>Found</h2>\n");
    if (!a->findings.n)
        mxs_html_put(h, "<p>Nothing that needs anybody's hand.</p>\n");
    else
        mxs_html_put(h, "<table>\n<tr><th>severity<th>whose<th>host<th>finding and fix</tr>\n");
    for (size_t i = 0; i < a->findings.n; i++) {
        const struct mxs_finding *f = &a->findings.v[i];
        mxs_html_put(h, "<tr><td class=\"%s\">%s<td>%s<td>%s<td>%s", severity_class[f->severity],
                     mxs_severity_name(f->severity), mxs_fault_name(f->fault), f->host, f->text);
        if (f->fix)
            mxs_html_put(h, "<br><b>Fix:</b> %s", f->fix);
        mxs_html_put(h, "<br><small class=\"mono\">%s %s %s</small></tr>\n", f->id, f->rfc,
                     f->evidence);
    }
    if (a->findings.n)
        mxs_html_put(h, "</table>\n");
}

static void strings(struct mxs_html *h, const char *name, const struct mxs_strs *list)
{
    for (size_t i = 0; i < list->n; i++)
        mxs_html_put(h, "<tr><th>%s<td class=\"mono\">%s</tr>\n", i ? "" : name, list->v[i]);
}

static void domain(struct mxs_html *h)
{
    const struct mxs_domain_facts *d = &h->report->evidence->domain;
    if (!h->report->evidence->has_domain)
        return;
    mxs_html_put(h, "<h2>Domain</h2>\n<table>\n<tr><th>MX<td>%s%s%s</tr>\n",
                 mxs_security_name(d->mx_security), d->null_mx ? ", null MX (RFC 7505)" : "",
                 d->implicit_mx ? ", none: its own address (RFC 5321 5.1)" : "");
    strings(h, "CAA", &d->caa);
    strings(h, "_mta-sts TXT", &d->sts.txt);
    if (d->sts.error)
        mxs_html_put(h, "<tr><th>MTA-STS policy<td>%s</tr>\n", d->sts.error);
    if (d->sts.has_policy) {
        mxs_html_put(h, "<tr><th>MTA-STS policy<td>mode %s, max_age %lld</tr>\n",
                     mxs_sts_mode_name(d->sts.policy.mode), (long long)d->sts.policy.max_age);
        strings(h, "MTA-STS mx", &d->sts.policy.mx);
    }
    strings(h, "_smtp._tls TXT", &d->tlsrpt_txt);
    mxs_html_put(h, "</table>\n");
}

/* MX x address x offer down, stages across. */
static void matrix(struct mxs_html *h)
{
    static const char *const marks[] = { "", "-", "ok", "warn", "FAIL" };
    const struct mxs_evidence *ev = h->report->evidence;
    mxs_html_put(h, "<h2>Mail servers</h2>\n<table>\n<tr><th>MX<th>address<th>offer");
    for (int i = 0; i < MXS_STAGE_COUNT; i++)
        mxs_html_put(h, "<th class=\"stage\" title=\"%s\">%s", mxs_stage_title((enum mxs_stage)i),
                     mxs_stage_name((enum mxs_stage)i));
    mxs_html_put(h, "</tr>\n");
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++) {
            const struct mxs_session_facts *s = ev->hosts.v[i]->sessions.v[k];
            mxs_html_put(h, strchr(s->address, ':')
                                ? "<tr><td>%u %s<td class=\"mono\">[%s]:%u<td>%s"
                                : "<tr><td>%u %s<td class=\"mono\">%s:%u<td>%s",
                         ev->hosts.v[i]->preference, ev->hosts.v[i]->host, s->address, s->port,
                         mxs_offer_name(s->offer));
            for (int n = 0; n < MXS_STAGE_COUNT; n++) {
                const char *status = mxs_stage_status_name(s->stages[n].status);
                mxs_html_put(h, "<td class=\"mark %s\" title=\"%s\">%s", status,
                             s->stages[n].summary, marks[s->stages[n].status]);
            }
            mxs_html_put(h, "</tr>\n");
        }
    mxs_html_put(h, "</table>\n");
}

enum mxs_err mxs_report_html(const struct mxs_report *report, struct mxs_buf *out)
{
    struct mxs_html h = { report, mxs_arena_new(), out };
    mxs_buf_puts(out, head);
    headline(&h);
    findings(&h);
    domain(&h);
    matrix(&h);
    for (size_t i = 0; i < report->evidence->hosts.n; i++)
        mxs_html_host(&h, report->evidence->hosts.v[i]);
    mxs_arena_free(h.arena);
    return mxs_buf_puts(out, "</body>\n</html>\n");
}
