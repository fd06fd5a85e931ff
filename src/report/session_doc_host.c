#include "config.h"

#include "report/session_doc.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

static void tlsa(struct mxs_session_doc *d, const struct mxs_host_facts *host)
{
    static const struct mxs_doc_column columns[] = { { "TLSA", MXS_DOC_MONO }, { "DNSSEC, use", 0 } };
    if (!host->candidates.n && !host->tlsa.n)
        return;
    mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < host->candidates.n; i++) {
        const char *security = mxs_security_name(host->candidates.v[i].security);
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "asked at %s", host->candidates.v[i].name);
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", security ? security : "not looked up");
    }
    for (size_t i = 0; i < host->tlsa.n; i++) {
        const struct mxs_tlsa *r = &host->tlsa.v[i];
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%zu: %s", i + 1, mxs_tlsa_text(d->arena, r));
        mxs_doc_cell(d->doc, r->usable ? MXS_TONE_PLAIN : MXS_TONE_WARN, "%s",
                     r->usable ? "usable" : r->unusable_reason);
    }
}

static const char *matched(struct mxs_session_doc *d, const struct mxs_session_assessment *judged,
                           int depth)
{
    const char *text = "";
    for (size_t i = 0; judged && i < judged->matches.n; i++)
        if (judged->matches.v[i].depth == depth)
            text = mxs_arena_printf(d->arena, "%s%srecord %zu", text, *text ? ", " : "",
                                    judged->matches.v[i].record + 1);
    return text;
}

static void certificate(struct mxs_session_doc *d, const struct mxs_session_assessment *judged,
                        const struct mxs_cert *c, unsigned depth)
{
    struct mxs_strs eku = mxs_cert_eku_names(d->arena, c);
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%u", depth);
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s\nissuer %s\nSHA-256 %s",
                 *c->subject ? c->subject : "(no subject)", c->issuer,
                 mxs_hex(d->arena, mxs_bytes(c->sha256, 32)));
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s\n%s", c->key, c->signature_algorithm);
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s\n%s", mxs_time_text(d->arena, c->not_before),
                 mxs_time_text(d->arena, c->not_after));
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", c->has_eku ? mxs_text_joined(d->arena, &eku, " ") : "any");
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", mxs_text_joined(d->arena, &c->san_dns, " "));
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", matched(d, judged, (int)depth));
}

static void chain(struct mxs_session_doc *d, const struct mxs_session_assessment *judged,
                  const struct mxs_chain *list)
{
    static const struct mxs_doc_column columns[] = {
        { "depth", 0 }, { "certificate", MXS_DOC_MONO }, { "key", 0 }, { "valid", 0 },
        { "EKU", 0 },   { "names", 0 },       { "TLSA", 0 },
    };
    if (!list->certs.n)
        return;
    mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < list->certs.n; i++)
        certificate(d, judged, list->certs.v[i], (unsigned)i);
}

static const char *reasons(struct mxs_session_doc *d, const struct mxs_verdict *v)
{
    const char *text = "";
    for (size_t i = 0; i < v->reasons.n; i++)
        text = mxs_arena_printf(d->arena, "%s%s%s%s%s%s", text, i ? "\n" : "", v->reasons.v[i].text,
                                v->reasons.v[i].rfc ? " (" : "",
                                v->reasons.v[i].rfc ? v->reasons.v[i].rfc : "",
                                v->reasons.v[i].rfc ? ")" : "");
    return text;
}

static void verdicts(struct mxs_session_doc *d, const struct mxs_session_assessment *judged)
{
    static const struct mxs_doc_column columns[] = {
        { "verifier", MXS_DOC_MONO }, { "verdict", 0 }, { "channel", 0 }, { "why", 0 },
    };
    if (!judged || !judged->verdicts.n)
        return;
    mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < judged->verdicts.n; i++) {
        const struct mxs_verdict *v = &judged->verdicts.v[i];
        const char *action = mxs_action_name(v->action), *channel = mxs_channel_name(v->channel);
        bool bad = v->action >= MXS_ACTION_DEFER && v->action != MXS_ACTION_ACCEPT;
        /* below "measured" it carries a ~; an RFC needs no measuring */
        bool less = v->grade < MXS_GRADE_MEASURED && strncmp(v->verifier, "rfc/", 4) != 0;
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", v->verifier);
        mxs_doc_cell(d->doc, bad ? MXS_TONE_BAD : MXS_TONE_PLAIN, "%s%s", less && action ? "~" : "",
                     action ? action : "?");
        mxs_doc_cell(d->doc, v->channel == MXS_CHANNEL_CLEARTEXT ? MXS_TONE_WARN : MXS_TONE_PLAIN,
                     "%s", channel ? channel : "");
        mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", reasons(d, v));
    }
}

/* --- the ladder ------------------------------------------------------------------------------- */

/* What was said and what came of it; TLS records and waits say nothing beside that. */
static bool in_ladder(const struct mxs_event *e)
{
    static const bool left_out[MXS_EVENT_KIND_COUNT] = {
        [MXS_EVENT_RECORD] = true, [MXS_EVENT_KEYLOG] = true, [MXS_EVENT_WAIT] = true,
        [MXS_EVENT_PROBE] = true,
    };
    const char *status = mxs_event_attr(e, "status");
    return !left_out[e->kind] && !(e->kind == MXS_EVENT_STAGE && status &&
                                   strcmp(status, "start") == 0);
}

static enum mxs_tone status_tone(const char *status)
{
    static const struct mxs_name tones[] = {
        { MXS_TONE_GOOD, "ok" }, { MXS_TONE_WARN, "warning" }, { MXS_TONE_BAD, "failed" }, { 0, NULL },
    };
    int tone = status ? mxs_name_value(tones, status) : -1;
    return tone < 0 ? MXS_TONE_PLAIN : (enum mxs_tone)tone;
}

static void ladder_row(struct mxs_session_doc *d, const struct mxs_event *e, int64_t since)
{
    const char *status = mxs_event_attr(e, "status");
    bool stage = e->kind == MXS_EVENT_STAGE;
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%.1f", (double)(e->t - since) / 1000);
    if (stage)
        mxs_doc_shade(d->doc);
    mxs_doc_cell(d->doc, stage ? status_tone(status) : MXS_TONE_PLAIN, "%s%s%s",
                 stage ? mxs_stage_name(e->stage) : mxs_event_kind_name(e->kind),
                 stage && status ? " " : "", stage && status ? status : "");
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s",
                 e->dir == MXS_DIR_OUT ? "→" : e->dir == MXS_DIR_IN ? "←" : "");
    mxs_doc_cell(d->doc, MXS_TONE_PLAIN, "%s", e->summary ? e->summary : "");
}

static void ladder(struct mxs_session_doc *d, const struct mxs_session_facts *s)
{
    static const struct mxs_doc_column columns[] = {
        { "ms", MXS_DOC_RIGHT }, { "what", 0 }, { "", 0 }, { "said", MXS_DOC_MONO },
    };
    const struct mxs_journal *journal = d->report->journal;
    const struct mxs_event *first = journal ? mxs_journal_seq(journal, s->first_seq) : NULL;
    if (!first)
        return;
    mxs_doc_table(d->doc, columns, MXS_COUNT(columns));
    for (uint64_t seq = s->first_seq; seq <= s->last_seq; seq++) {
        const struct mxs_event *e = mxs_journal_seq(journal, seq);
        if (e && e->session == s->id && in_ladder(e))
            ladder_row(d, e, first->t);
    }
}

static const char *or_unknown(const char *name)
{
    return name ? name : "?";
}

static void session(struct mxs_session_doc *d, const struct mxs_session_facts *s)
{
    const struct mxs_session_assessment *judged =
        mxs_assessment_session(d->report->assessment, s->id);
    const char *address = s->address ? s->address : "?";
    const char *offer = mxs_arena_printf(d->arena, "offer %s%s", mxs_offer_name(s->offer),
                                         s->client_certificate ? ", with a client certificate" : "");
    mxs_doc_heading(d->doc, 3, strchr(address, ':') ? "[%s]:%u, %s" : "%s:%u, %s", address, s->port,
                    offer);
    if (s->error)
        mxs_doc_mark(d->doc, MXS_TONE_BAD, or_unknown(mxs_stage_name(s->reached)), "%s", s->error);
    if (s->tls.version)
        mxs_doc_para(d->doc, "%s %s %s %s, SNI %s", or_unknown(mxs_tls_version_name(s->tls.version)),
                     or_unknown(mxs_tls_cipher_name(s->tls.cipher)),
                     or_unknown(mxs_tls_group_name(s->tls.group)),
                     or_unknown(mxs_tls_scheme_name(s->tls.signature_scheme)),
                     s->tls.sni ? s->tls.sni : "none");
    chain(d, judged, &s->chain);
    verdicts(d, judged);
    ladder(d, s);
}

void mxs_session_doc_host(struct mxs_session_doc *d, const struct mxs_host_facts *host)
{
    mxs_doc_heading(d->doc, 2, "%s", host->host);
    tlsa(d, host);
    for (size_t i = 0; i < host->sessions.n; i++)
        session(d, host->sessions.v[i]);
}
