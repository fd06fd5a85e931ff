#include "config.h"

#include "report/html_room.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void tlsa(struct mxs_html *h, const struct mxs_host_facts *host)
{
    if (!host->candidates.n && !host->tlsa.n)
        return;
    mxs_html_put(h, "<table>\n<tr><th>TLSA asked at<th>DNSSEC</tr>\n");
    for (size_t i = 0; i < host->candidates.n; i++)
        mxs_html_put(h, "<tr><td class=\"mono\">%s<td>%s</tr>\n", host->candidates.v[i].name,
                     mxs_security_name(host->candidates.v[i].security));
    for (size_t i = 0; i < host->tlsa.n; i++)
        mxs_html_put(h, "<tr><td class=\"mono\">%u: %s<td>%s</tr>\n", (unsigned)i + 1,
                     mxs_tlsa_text(h->arena, &host->tlsa.v[i]),
                     host->tlsa.v[i].usable ? "usable" : host->tlsa.v[i].unusable_reason);
    mxs_html_put(h, "</table>\n");
}

static void words(struct mxs_html *h, const struct mxs_strs *list)
{
    for (size_t i = 0; i < list->n; i++)
        mxs_html_put(h, i ? " %s" : "%s", list->v[i]);
}

static void certificate(struct mxs_html *h, const struct mxs_session_assessment *judged,
                        const struct mxs_cert *c, unsigned depth)
{
    struct mxs_strs eku = mxs_cert_eku_names(h->arena, c);
    mxs_html_put(h, "<tr><td>%u<td>%s<br>issuer %s<br><small class=\"mono\">%s</small>", depth,
                 *c->subject ? c->subject : "(no subject)", c->issuer,
                 mxs_hex(h->arena, mxs_bytes(c->sha256, 32)));
    mxs_html_put(h, "<td>%s<br>%s<td>%s<br>%s<td>", c->key, c->signature_algorithm,
                 mxs_time_text(h->arena, c->not_before), mxs_time_text(h->arena, c->not_after));
    words(h, &eku);
    mxs_html_put(h, "<td>");
    words(h, &c->san_dns);
    mxs_html_put(h, "<td>");
    for (size_t i = 0; judged && i < judged->matches.n; i++)
        if (judged->matches.v[i].depth == (int)depth)
            mxs_html_put(h, "record %u ", (unsigned)judged->matches.v[i].record + 1);
    mxs_html_put(h, "</tr>\n");
}

static void chain(struct mxs_html *h, const struct mxs_session_assessment *judged,
                  const struct mxs_chain *list)
{
    if (!list->certs.n)
        return;
    mxs_html_put(h, "<table>\n<tr><th>depth<th>certificate<th>key<th>valid<th>EKU<th>names"
                    "<th>TLSA</tr>\n");
    for (size_t i = 0; i < list->certs.n; i++)
        certificate(h, judged, list->certs.v[i], (unsigned)i);
    mxs_html_put(h, "</table>\n");
}

static void verdicts(struct mxs_html *h, const struct mxs_session_assessment *judged)
{
    if (!judged || !judged->verdicts.n)
        return;
    mxs_html_put(h, "<table>\n<tr><th>verifier<th>verdict<th>channel<th>why</tr>\n");
    for (size_t i = 0; i < judged->verdicts.n; i++) {
        const struct mxs_verdict *v = &judged->verdicts.v[i];
        const char *action = mxs_action_name(v->action);
        mxs_html_put(h, "<tr><td class=\"mono\">%s<td>%s<td>%s<td>", v->verifier,
                     action ? action : "?", mxs_channel_name(v->channel));
        for (size_t k = 0; k < v->reasons.n; k++)
            mxs_html_put(h, k ? "<br>%s %s" : "%s %s", v->reasons.v[k].text, v->reasons.v[k].rfc);
        mxs_html_put(h, "</tr>\n");
    }
    mxs_html_put(h, "</table>\n");
}

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

static void ladder_row(struct mxs_html *h, const struct mxs_event *e, int64_t since)
{
    const char *status = mxs_event_attr(e, "status");
    bool stage = e->kind == MXS_EVENT_STAGE;
    char ms[32];
    snprintf(ms, sizeof ms, "%.1f", (double)(e->t - since) / 1000);
    mxs_html_put(h, stage ? "<tr class=\"stage\"><td class=\"n\">%s<td>%s" :
                            "<tr><td class=\"n\">%s<td>%s",
                 ms, stage ? mxs_stage_name(e->stage) : mxs_event_kind_name(e->kind));
    mxs_html_put(h, e->dir == MXS_DIR_OUT  ? "<td>&rarr;"
                    : e->dir == MXS_DIR_IN ? "<td>&larr;"
                                           : "<td>");
    if (stage && status)
        mxs_html_put(h, "<td><span class=\"%s\">%s</span> %s</tr>\n", status, status, e->summary);
    else
        mxs_html_put(h, "<td class=\"mono\">%s</tr>\n", e->summary);
}

static void ladder(struct mxs_html *h, const struct mxs_session_facts *s)
{
    const struct mxs_journal *journal = h->report->journal;
    const struct mxs_event *first = journal ? mxs_journal_seq(journal, s->first_seq) : NULL;
    if (!first)
        return;
    mxs_html_put(h, "<table class=\"ladder\">\n<tr><th>ms<th>what<th title=\"&rarr; from us\">"
                    "<th>said</tr>\n");
    for (uint64_t seq = s->first_seq; seq <= s->last_seq; seq++) {
        const struct mxs_event *e = mxs_journal_seq(journal, seq);
        if (e && e->session == s->id && in_ladder(e))
            ladder_row(h, e, first->t);
    }
    mxs_html_put(h, "</table>\n");
}

static void session(struct mxs_html *h, const struct mxs_session_facts *s)
{
    const struct mxs_session_assessment *judged =
        mxs_assessment_session(h->report->assessment, s->id);
    mxs_html_put(h, strchr(s->address, ':') ? "<h3>[%s]:%u, offer %s%s</h3>\n"
                                            : "<h3>%s:%u, offer %s%s</h3>\n",
                 s->address, s->port, mxs_offer_name(s->offer),
                 s->client_certificate ? ", with a client certificate" : "");
    if (s->error)
        mxs_html_put(h, "<p class=\"failed\">%s: %s</p>\n", mxs_stage_name(s->reached), s->error);
    if (s->tls.version)
        mxs_html_put(h, "<p class=\"mono\">%s %s %s %s, SNI %s</p>\n",
                     mxs_tls_version_name(s->tls.version), mxs_tls_cipher_name(s->tls.cipher),
                     mxs_tls_group_name(s->tls.group),
                     mxs_tls_scheme_name(s->tls.signature_scheme),
                     s->tls.sni ? s->tls.sni : "none");
    chain(h, judged, &s->chain);
    verdicts(h, judged);
    ladder(h, s);
}

void mxs_html_host(struct mxs_html *h, const struct mxs_host_facts *host)
{
    mxs_html_put(h, "<h2>%s</h2>\n", host->host);
    tlsa(h, host);
    for (size_t i = 0; i < host->sessions.n; i++)
        session(h, host->sessions.v[i]);
}
