#include "config.h"

#include "report/anon.h"
#include "report/text_room.h"

#include "base/text.h"
#include "judge/trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void mxs_text_word(struct mxs_text_report *t, enum mxs_tone tone, const char *word, size_t columns)
{
    static const char *const sgr[] = { "", "\033[32m", "\033[33m", "\033[1;31m", "\033[1m" };
    bool color = t->report->color && tone != MXS_TONE_PLAIN;
    size_t n = mxs_columns(word);
    mxs_buf_printf(t->out, "%s%s%s%*s", color ? sgr[tone] : "", word, color ? "\033[0m" : "",
                   (int)(n < columns ? columns - n : 0), "");
}

void mxs_text_title(struct mxs_text_report *t, const char *title)
{
    mxs_buf_putc(t->out, '\n');
    mxs_text_word(t, MXS_TONE_TITLE, title, 0);
    mxs_buf_putc(t->out, '\n');
}

void mxs_text_para(struct mxs_text_report *t, size_t now, size_t indent, const char *fmt, ...)
{
    char text[8192];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (now < indent)
        mxs_buf_printf(t->out, "%*s", (int)(indent - now), "");
    const char *shown = mxs_anon_text(t->report->anon, t->arena, text);
    mxs_wrap(t->out, shown, now < indent ? indent : now, indent, t->width);
}

/* --- the headline --- */

void mxs_text_headline(struct mxs_text_report *t)
{
    static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD,
                                           MXS_TONE_WARN };
    const struct mxs_assessment *a = t->report->assessment;
    const char *target = t->report->evidence->target ? t->report->evidence->target : "evidence";
    const char *word = mxs_status_name(a->status);
    mxs_text_word(t, tones[a->status], word, 0);
    if (t->report->quiet) /* a monitoring system reads one line */
        t->width = SIZE_MAX;
    mxs_text_para(t, strlen(word), 0, " %s: %s", target, a->headline);
}

/* --- MX x address x offer x stage --- */

/* The stages in the columns they share, in the order of a walk. */
static const struct {
    const char *title;
    enum mxs_stage first, last;
} phases[] = {
    { "dns", MXS_STAGE_MX, MXS_STAGE_TLSA },
    { "sts", MXS_STAGE_MTA_STS, MXS_STAGE_POLICY },
    { "tcp", MXS_STAGE_CONNECT, MXS_STAGE_CONNECT },
    { "smtp", MXS_STAGE_BANNER, MXS_STAGE_STARTTLS },
    { "tls", MXS_STAGE_CLIENT_HELLO, MXS_STAGE_ENCRYPTED_EXTENSIONS },
    { "cert", MXS_STAGE_CERTIFICATE_REQUEST, MXS_STAGE_CERTIFICATE_VERIFY },
    { "fin", MXS_STAGE_FINISHED, MXS_STAGE_FINISHED },
    { "mail", MXS_STAGE_EHLO_TLS, MXS_STAGE_QUIT },
};
enum { PHASE_WIDTH = 5, ADDRESS_WIDTH = 24, MATRIX_INDENT = 5 };

/* The session left in order at a stage that could not be gone into: no RSA certificate, say. */
static bool left_early(const struct mxs_session_facts *s)
{
    return s->reached < MXS_STAGE_COUNT && s->stages[s->reached].status == MXS_STAGE_SKIPPED &&
           s->stages[MXS_STAGE_QUIT].status == MXS_STAGE_NOT_REACHED;
}

static enum mxs_stage_status phase_status(const struct mxs_session_facts *s, size_t phase)
{
    enum mxs_stage_status worst = MXS_STAGE_NOT_REACHED;
    if (left_early(s) && s->reached >= phases[phase].first && s->reached <= phases[phase].last)
        return MXS_STAGE_SKIPPED;
    for (enum mxs_stage i = phases[phase].first; i <= phases[phase].last; i++)
        if (s->stages[i].status > worst)
            worst = s->stages[i].status;
    return worst;
}

static void matrix_head(struct mxs_text_report *t)
{
    mxs_buf_printf(t->out, "%*s%-*s%5s %-6s", MATRIX_INDENT, "", ADDRESS_WIDTH, "address", "port",
                   "offer");
    for (size_t i = 0; i < MXS_COUNT(phases); i++)
        mxs_buf_printf(t->out, i + 1 < MXS_COUNT(phases) ? "%-*s" : "%.*s", PHASE_WIDTH,
                       phases[i].title);
    mxs_buf_putc(t->out, '\n');
}

static void matrix_row(struct mxs_text_report *t, const struct mxs_session_facts *s)
{
    static const struct {
        enum mxs_tone tone;
        const char *word;
    } marks[] = {
        [MXS_STAGE_NOT_REACHED] = { MXS_TONE_PLAIN, "" },
        [MXS_STAGE_SKIPPED] = { MXS_TONE_PLAIN, "-" },
        [MXS_STAGE_OK] = { MXS_TONE_GOOD, "ok" },
        [MXS_STAGE_WARNING] = { MXS_TONE_WARN, "warn" },
        [MXS_STAGE_FAILED] = { MXS_TONE_BAD, "FAIL" },
    };
    const char *address = s->address ? s->address : "?";
    mxs_buf_printf(t->out, "%*s%-*s", MATRIX_INDENT, "", ADDRESS_WIDTH, address);
    if (strlen(address) >= ADDRESS_WIDTH)
        mxs_buf_printf(t->out, "\n%*s", MATRIX_INDENT + ADDRESS_WIDTH, "");
    mxs_buf_printf(t->out, "%5u %-6s", s->port, mxs_offer_name(s->offer));
    size_t last = MXS_COUNT(phases); /* no blanks at the end of a line */
    while (last && phase_status(s, last - 1) == MXS_STAGE_NOT_REACHED)
        last--;
    for (size_t i = 0; i < last; i++) {
        enum mxs_stage_status status = phase_status(s, i);
        mxs_text_word(t, marks[status].tone, marks[status].word, i + 1 < last ? PHASE_WIDTH : 0);
    }
    mxs_buf_putc(t->out, '\n');
    const char *why = s->error ? s->error : left_early(s) ? s->stages[s->reached].summary : NULL;
    const char *stage = mxs_stage_name(s->reached);
    if (s->client_certificate)
        mxs_text_para(t, 0, MATRIX_INDENT + 2, "with our client certificate");
    const struct mxs_session_assessment *judged =
        mxs_assessment_session(t->report->assessment, s->id);
    if (judged && judged->trial)
        mxs_text_para(t, 0, MATRIX_INDENT + 2, "without SNI, for comparison");
    if (why)
        mxs_text_para(t, 0, MATRIX_INDENT + 2, "%s: %s", stage ? stage : "stopped", why);
}

static void host_line(struct mxs_text_report *t, const struct mxs_host_facts *h)
{
    const char *security = mxs_security_name(h->address_security);
    const char *tlsa = mxs_security_name(h->tlsa_security);
    char number[16] = "";
    if (t->report->evidence->has_domain)
        snprintf(number, sizeof number, "%4u ", h->preference);
    mxs_text_para(t, 0, 0, "%s%s%s%s%s%s%s", *number ? number : "     ", h->host,
                  security ? ", address " : "", security ? security : "",
                  tlsa ? ", TLSA " : "", tlsa ? tlsa : "",
                  h->is_address ? ", a literal: DANE does not apply" : "");
}

static void matrix(struct mxs_text_report *t)
{
    const struct mxs_evidence *ev = t->report->evidence;
    bool any = false;
    for (size_t i = 0; i < ev->hosts.n; i++)
        any |= ev->hosts.v[i]->sessions.n > 0;
    if (!ev->hosts.n)
        return;
    mxs_text_title(t, ev->has_domain ? "Mail servers" : "Mail server");
    if (any)
        matrix_head(t);
    for (size_t i = 0; i < ev->hosts.n; i++) {
        host_line(t, ev->hosts.v[i]);
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++)
            matrix_row(t, ev->hosts.v[i]->sessions.v[k]);
    }
}

/* --- the domain --- */

static void domain(struct mxs_text_report *t)
{
    const struct mxs_domain_facts *d = &t->report->evidence->domain;
    const char *security = mxs_security_name(d->mx_security);
    if (!t->report->evidence->has_domain)
        return;
    mxs_text_title(t, "Domain");
    mxs_text_para(t, 0, 5, "MX %s%s%s", security ? security : "not looked up",
                  d->null_mx ? ", null MX: accepts no mail (RFC 7505)" : "",
                  d->implicit_mx ? ", none: its own address is used (RFC 5321 5.1)" : "");
    if (d->sts.has_policy)
        mxs_text_para(t, 0, 5, "MTA-STS %s, max_age %lld",
                      mxs_sts_mode_name(d->sts.policy.mode) ? mxs_sts_mode_name(d->sts.policy.mode)
                                                            : "with a broken mode",
                      (long long)d->sts.policy.max_age);
    else if (d->sts.error)
        mxs_text_para(t, 0, 5, "MTA-STS %s", d->sts.error);
    else if (d->sts.txt_security != MXS_SECURITY_NONE)
        mxs_text_para(t, 0, 5, "MTA-STS none");
    if (d->tlsrpt.valid && d->tlsrpt.rua.n)
        mxs_text_para(t, 0, 5, "TLS reports to %s", d->tlsrpt.rua.v[0]);
}

/* --- what was found --- */

static void finding(struct mxs_text_report *t, const struct mxs_finding *f)
{
    static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_PLAIN, MXS_TONE_WARN,
                                           MXS_TONE_BAD };
    static const char *const words[] = { "ok", "info", "warning", "CRITICAL" };
    mxs_text_word(t, tones[f->severity], words[f->severity], 10);
    mxs_text_para(t, 10, 10, "%s%s%s%s", f->text, f->fault == MXS_FAULT_NOBODY ? "" : " (",
                  f->fault == MXS_FAULT_NOBODY ? "" : mxs_fault_name(f->fault),
                  f->fault == MXS_FAULT_NOBODY ? "" : ")");
    if (f->fix)
        mxs_text_para(t, 0, 10, "Fix: %s", f->fix);
    if (f->enforced_by.n)
        mxs_text_para(t, 0, 10, "Enforced by %s.", mxs_text_joined(t->arena, &f->enforced_by, ", "));
    if (t->report->verbose)
        mxs_text_para(t, 0, 10, "[%s%s%s%s%s]", f->id, f->rfc ? ", " : "", f->rfc ? f->rfc : "",
                      f->evidence ? ", shown by " : "", f->evidence ? f->evidence : "");
}

/* --- with and without our certificate --- */

static const char *fits_of(struct mxs_text_report *t, const struct mxs_trial *trial, bool exact)
{
    const char *text = "";
    for (size_t i = 0; i < trial->fits.n; i++)
        if (trial->fits.v[i].exact == exact)
            text = mxs_arena_printf(t->arena, "%s%s%s (%s)", text, *text ? ", " : "",
                                    trial->fits.v[i].profile,
                                    mxs_grade_name(trial->fits.v[i].grade));
    return *text ? text : NULL;
}

static void trials(struct mxs_text_report *t)
{
    const struct mxs_assessment *a = t->report->assessment;
    if (a->trials.n)
        mxs_text_title(t, "Client certificate trial");
    for (size_t i = 0; i < a->trials.n; i++) {
        const struct mxs_trial *trial = a->trials.v[i];
        const char *exact = fits_of(t, trial, true), *other = fits_of(t, trial, false);
        mxs_text_para(t, 0, 5, "%s %s, offer %s: %s", trial->host->host, trial->with->address,
                      mxs_offer_name(trial->with->offer), mxs_trial_state_name(trial->state));
        mxs_text_para(t, 0, 7, "without a certificate: %s; with ours: %s", trial->without_end,
                      trial->with_end);
        mxs_text_para(t, 0, 7, "Receivers that do so: %s", exact ? exact : "none that is known here");
        if (other && (t->report->verbose || trial->state == MXS_TRIAL_NEEDED))
            mxs_text_para(t, 0, 7, "With another trust store or list: %s", other);
    }
}

void mxs_text_findings(struct mxs_text_report *t)
{
    const struct mxs_assessment *a = t->report->assessment;
    size_t shown = 0;
    mxs_text_title(t, "Found");
    for (size_t i = 0; i < a->findings.n; i++) {
        if (a->findings.v[i].severity == MXS_SEVERITY_OK && !t->report->verbose)
            continue;
        finding(t, &a->findings.v[i]);
        shown++;
    }
    if (!shown)
        mxs_buf_puts(t->out, "          Nothing that needs anybody's hand.\n");
}

void mxs_text_to_ascii(struct mxs_buf *out, size_t from)
{
    size_t n = from;
    for (size_t i = from; i < out->n; i++)
        if (out->p[i] < 0x80)
            out->p[n++] = out->p[i];
        else if ((out->p[i] & 0xc0) != 0x80)
            out->p[n++] = '?';
    out->n = n;
}

enum mxs_err mxs_report_text(const struct mxs_report *report, struct mxs_buf *out)
{
    size_t start = out->n;
    struct mxs_text_report t = { report, mxs_arena_new(), out,
                                 report->width ? report->width : 80 };
    mxs_text_headline(&t);
    if (!report->quiet) {
        domain(&t);
        matrix(&t);
        for (size_t i = 0; report->verbose && i < report->evidence->hosts.n; i++)
            mxs_text_host_detail(&t, report->evidence->hosts.v[i]);
        trials(&t);
        mxs_text_findings(&t);
    }
    mxs_anon_buf(report->anon, out, start);
    if (report->ascii)
        mxs_text_to_ascii(out, start);
    mxs_arena_free(t.arena);
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
