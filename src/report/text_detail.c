#include "config.h"

#include "report/text_room.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/who.h"

#include <stdio.h>
#include <string.h>

/* DNS as zone-file lines, as danecheck prints them: a comment tells what DNSSEC says. */
static void dns_lines(struct mxs_text_report *t, const struct mxs_host_facts *h)
{
    for (size_t i = 0; i < h->addresses.n; i++) {
        const char *address = h->addresses.v[i].address;
        const char *security = mxs_security_name(h->addresses.v[i].security);
        if (!h->is_address)
            mxs_buf_printf(t->out, "  %s. IN %s %s ; %s\n", h->host,
                           strchr(address, ':') ? "AAAA" : "A", address,
                           security ? security : "not looked up");
    }
    for (size_t i = 0; i < h->candidates.n; i++) {
        const struct mxs_tlsa_candidate *c = &h->candidates.v[i];
        const char *security = mxs_security_name(c->security);
        mxs_text_para(t, 0, 2, "%s. IN TLSA ; %s%s%s", c->name, security ? security : "?",
                      c->why ? ": " : "", c->why ? c->why : "");
    }
    for (size_t i = 0; i < h->tlsa.n; i++)
        mxs_text_para(t, 0, 2, "%zu: %s%s%s", i + 1, mxs_tlsa_text(t->arena, &h->tlsa.v[i]),
                      h->tlsa.v[i].usable ? "" : " ; unusable: ",
                      h->tlsa.v[i].usable ? "" : h->tlsa.v[i].unusable_reason);
    for (size_t i = 0; i < h->idle_tlsa.n; i++)
        mxs_text_para(t, 0, 2, "-: %s ; unusable: %s",
                      mxs_tlsa_text(t->arena, &h->idle_tlsa.v[i]),
                      h->idle_tlsa.v[i].unusable_reason);
}

static const char *joined(struct mxs_text_report *t, const struct mxs_strs *list)
{
    struct mxs_buf buf;
    mxs_buf_init(&buf, 1024);
    for (size_t i = 0; i < list->n; i++)
        mxs_buf_printf(&buf, "%s%s", i ? " " : "", list->v[i]);
    const char *copy = mxs_arena_strdup(t->arena, mxs_buf_str(&buf));
    mxs_buf_fini(&buf);
    return copy;
}

static const char *day(struct mxs_text_report *t, int64_t wall)
{
    char *text = mxs_time_text(t->arena, wall);
    text[10 < strlen(text) ? 10 : strlen(text)] = 0;
    return text;
}

static void tlsa_match(struct mxs_text_report *t, const struct mxs_session_assessment *judged,
                       const struct mxs_tlsa_match *m)
{
    const struct mxs_tlsa *r =
        m->record < judged->host->tlsa.n ? &judged->host->tlsa.v[m->record] : NULL;
    if (!r)
        return;
    const char *word = m->depth >= 0 ? "[matched]" : r->usable ? "[nomatch]" : "[unusable]";
    mxs_buf_puts(t->out, "       ");
    mxs_text_word(t, m->depth >= 0 && r->usable ? MXS_TONE_GOOD : MXS_TONE_WARN, word, 10);
    mxs_text_para(t, 17, 17, " <- %zu: %u %u %u%s%s", m->record + 1, r->usage, r->selector,
                  r->matching_type, m->depth >= 0 && !r->usable ? ", but unusable: " : "",
                  m->depth >= 0 && !r->usable ? r->unusable_reason : "");
}

static void certificate(struct mxs_text_report *t, const struct mxs_session_assessment *judged,
                        const struct mxs_cert *c, size_t depth)
{
    struct mxs_strs eku = mxs_cert_eku_names(t->arena, c);
    char number[32];
    snprintf(number, sizeof number, "     %zu ", depth);
    mxs_buf_puts(t->out, number);
    mxs_text_para(t, strlen(number), 7, "%s", *c->subject ? c->subject : "(no subject)");
    mxs_text_para(t, 0, 7, "issuer %s", c->issuer);
    mxs_text_para(t, 0, 7, "%s, %s, %s to %s%s%s%s%s%s", c->key, c->signature_algorithm,
                  day(t, c->not_before), day(t, c->not_after), c->ca ? ", CA" : "",
                  c->has_eku ? ", EKU " : "", c->has_eku ? joined(t, &eku) : "",
                  c->weak ? ", weak: " : "", c->weak ? c->weak : "");
    if (c->san_dns.n)
        mxs_text_para(t, 0, 7, "names %s", joined(t, &c->san_dns));
    mxs_buf_printf(t->out, "       spki %s\n",
                   mxs_hex(t->arena, mxs_bytes(c->spki_sha256, 32)));
    for (size_t i = 0; judged && i < judged->matches.n; i++)
        if (judged->matches.v[i].depth == (int)depth)
            tlsa_match(t, judged, &judged->matches.v[i]);
}

/* Where a receiver turns the client away. */
static void refusal(struct mxs_text_report *t, const struct mxs_verdict *v)
{
    if (v->role == MXS_ROLE_RECEIVER && v->stage != MXS_STAGE_NONE)
        mxs_buf_printf(t->out, " at %s", mxs_stage_name(v->stage));
    if (v->reply)
        mxs_buf_printf(t->out, ", reply %d", v->reply);
    if (v->alert >= 0)
        mxs_buf_printf(t->out, ", alert %d", v->alert);
    mxs_buf_putc(t->out, '\n');
}

void mxs_text_then(struct mxs_text_report *t, const struct mxs_verdict *v, size_t indent)
{
    struct mxs_who_then thens[MXS_WHO_THENS];
    size_t left = v->then.n;
    mxs_who_thens(t->arena, t->report->profiles, v, thens);
    for (size_t i = 0; i < MXS_COUNT(thens); i++) {
        const char *title = thens[i].title;
        if (!thens[i].who.n)
            continue;
        /* the last of several kinds is everybody who was not named */
        left -= thens[i].who.n;
        bool rest = !left && !thens[i].cleartext && !t->report->verbose;
        const char *all = thens[i].who.n == v->then.n ? "every sender" : "every other sender";
        mxs_buf_printf(t->out, "%*sthen ", (int)indent, "");
        mxs_text_word(t, thens[i].cleartext ? MXS_TONE_BAD : MXS_TONE_PLAIN, title, 0);
        mxs_text_para(t, indent + 5 + strlen(title), indent + 5, " %s",
                      rest ? all : mxs_who_text(&thens[i].who));
    }
}

void mxs_text_verdict(struct mxs_text_report *t, const struct mxs_verdict *v)
{
    const char *action = mxs_action_name(v->action), *channel = mxs_channel_name(v->channel);
    bool bad = v->action >= MXS_ACTION_DEFER && v->action != MXS_ACTION_ACCEPT;
    enum mxs_tone tone = bad                                   ? MXS_TONE_BAD
                         : v->channel == MXS_CHANNEL_CLEARTEXT ? MXS_TONE_WARN
                         : v->action == MXS_ACTION_UNKNOWN     ? MXS_TONE_PLAIN
                                                               : MXS_TONE_GOOD;
    /* below "measured" it carries a ~; an RFC needs no measuring */
    bool less = v->grade < MXS_GRADE_MEASURED && strncmp(v->verifier, "rfc/", 4) != 0;
    mxs_buf_printf(t->out, "     %-35s ", v->verifier);
    if (less && action)
        mxs_buf_putc(t->out, '~');
    mxs_text_word(t, tone, action ? action : "?", 0);
    mxs_buf_printf(t->out, "%s%s%s%s%s%s%s", channel ? ", " : "", channel ? channel : "",
                   v->label ? ", " : "", v->label ? v->label : "", v->tls_rpt ? " [" : "",
                   v->tls_rpt ? v->tls_rpt : "", v->tls_rpt ? "]" : "");
    refusal(t, v);
    for (size_t i = 0; i < v->reasons.n; i++)
        mxs_text_para(t, 0, 7, "%s%s%s%s", v->reasons.v[i].text, v->reasons.v[i].rfc ? " (" : "",
                      v->reasons.v[i].rfc ? v->reasons.v[i].rfc : "",
                      v->reasons.v[i].rfc ? ")" : "");
    mxs_text_then(t, v, 7);
}

static void stage_lines(struct mxs_text_report *t, const struct mxs_session_facts *s)
{
    static const enum mxs_tone tones[] = { MXS_TONE_PLAIN, MXS_TONE_PLAIN, MXS_TONE_GOOD,
                                           MXS_TONE_WARN, MXS_TONE_BAD };
    for (int i = 0; i < MXS_STAGE_COUNT; i++) {
        const struct mxs_stage_result *r = &s->stages[i];
        if (r->status == MXS_STAGE_NOT_REACHED || mxs_stage_scope((enum mxs_stage)i) != 'S')
            continue;
        mxs_buf_printf(t->out, "     %-21s", mxs_stage_name((enum mxs_stage)i));
        mxs_text_word(t, tones[r->status], mxs_stage_status_name(r->status), 8);
        mxs_buf_printf(t->out, "%7.1f ms  ", (double)r->us / 1000);
        mxs_text_para(t, 46, 46, "%s", r->summary ? r->summary : "");
    }
}

static const char *or_unknown(const char *name)
{
    return name ? name : "?";
}

static void session(struct mxs_text_report *t, const struct mxs_session_facts *s)
{
    const struct mxs_session_assessment *judged =
        mxs_assessment_session(t->report->assessment, s->id);
    bool v6 = s->address && strchr(s->address, ':');
    mxs_buf_printf(t->out, "\n  %s%s%s:%u, offer %s%s\n", v6 ? "[" : "", s->address,
                   v6 ? "]" : "", s->port, mxs_offer_name(s->offer),
                   s->client_certificate ? ", with a client certificate" : "");
    stage_lines(t, s);
    if (s->tls.version)
        mxs_text_para(t, 0, 5, "%s %s %s %s, SNI %s%s",
                      or_unknown(mxs_tls_version_name(s->tls.version)),
                      or_unknown(mxs_tls_cipher_name(s->tls.cipher)),
                      or_unknown(mxs_tls_group_name(s->tls.group)),
                      or_unknown(mxs_tls_scheme_name(s->tls.signature_scheme)),
                      s->tls.sni ? s->tls.sni : "none",
                      s->tls.client_auth.requested ? ", client certificate requested" : "");
    for (size_t i = 0; i < s->chain.certs.n; i++)
        certificate(t, judged, s->chain.certs.v[i], i);
    for (size_t i = 0; judged && i < judged->matches.n; i++)
        if (judged->matches.v[i].depth < 0)
            tlsa_match(t, judged, &judged->matches.v[i]);
    for (size_t i = 0; judged && i < judged->verdicts.n; i++)
        mxs_text_verdict(t, &judged->verdicts.v[i]);
}

void mxs_text_host_detail(struct mxs_text_report *t, const struct mxs_host_facts *host)
{
    mxs_text_title(t, host->host);
    dns_lines(t, host);
    for (size_t i = 0; i < host->sessions.n; i++)
        session(t, host->sessions.v[i]);
}
