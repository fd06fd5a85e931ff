#include "config.h"

#include "ui/rows_expect.h"

#include "base/text.h"
#include "ui/rows_overview.h"
#include "ui/table.h"

#include <stdio.h>
#include <string.h>

/* --- what wins --- */

static size_t usable(const struct mxs_host_facts *host)
{
    size_t n = 0;
    for (size_t i = 0; i < host->tlsa.n; i++)
        n += host->tlsa.v[i].usable;
    return n;
}

static const char *dane_words(struct mxs_arena *arena, const struct mxs_host_facts *host)
{
    switch (host->tlsa_security) {
    case MXS_SECURITY_SECURE:
        if (usable(host))
            return mxs_arena_printf(arena, "DANE rules: %zu usable record%s at %s. TLS and a match "
                                    "are required.", usable(host), usable(host) == 1 ? "" : "s",
                                    host->tlsa_base_domain ? host->tlsa_base_domain : host->host);
        return "DANE: records, but none usable. TLS is required, nobody is authenticated "
               "(RFC 7672 2.2).";
    case MXS_SECURITY_BOGUS:
    case MXS_SECURITY_ERROR:
        return mxs_arena_printf(arena, "DANE: the TLSA lookup failed (%s). Senders with DANE must "
                                "skip this host; it is not \"no DANE\" (RFC 7672 2.1.2).",
                                host->tlsa_why ? host->tlsa_why
                                               : mxs_security_name(host->tlsa_security));
    case MXS_SECURITY_ABSENT:
        return "DANE: no TLSA records, and DNS says so.";
    case MXS_SECURITY_INSECURE:
    case MXS_SECURITY_UNSUPPORTED:
        return "DANE: the answer is not signed, so it does not apply.";
    case MXS_SECURITY_NONE:
        break;
    }
    return host->is_address ? "DANE: the target is an address; it does not apply (RFC 7672 2.2)."
           : host->tlsa_why ? mxs_arena_printf(arena, "DANE: not asked: %s.", host->tlsa_why)
                            : "DANE: does not apply to this host.";
}

static const char *sts_words(struct mxs_arena *arena, const struct mxs_evidence *ev)
{
    const struct mxs_sts_facts *sts = &ev->domain.sts;
    if (!ev->has_domain)
        return "MTA-STS: the target is a host, not a domain; it does not apply.";
    if (sts->has_policy && sts->policy.mode == MXS_STS_ENFORCE)
        return "MTA-STS: the policy is enforced; where DANE applies too, DANE is looked at first "
               "(RFC 8461 2).";
    if (sts->has_policy && sts->policy.mode == MXS_STS_TESTING)
        return "MTA-STS: testing. Failures are reported, mail goes on.";
    if (sts->has_policy && sts->policy.mode == MXS_STS_NONE)
        return "MTA-STS: the policy says none.";
    if (sts->error)
        return mxs_arena_printf(arena, "MTA-STS: no policy: %s. A cached one still rules.",
                                sts->error);
    return "MTA-STS: no policy.";
}

static void what_wins(struct ui_lines *lines, int width, const struct mxs_evidence *ev,
                      const struct mxs_host_facts *host)
{
    bool dane = host && host->tlsa_security == MXS_SECURITY_SECURE;
    bool sts = ev->has_domain && ev->domain.sts.has_policy &&
               ev->domain.sts.policy.mode == MXS_STS_ENFORCE;
    ui_lines_heading(lines, "What wins");
    if (host)
        ui_lines_wrap(lines, width, 0, 2, dane ? UI_STYLE_STRONG : UI_STYLE_NORMAL,
                      dane_words(lines->arena, host));
    ui_lines_wrap(lines, width, 0, 2, sts && !dane ? UI_STYLE_STRONG : UI_STYLE_NORMAL,
                  sts_words(lines->arena, ev));
    if (!dane && !sts)
        ui_lines_wrap(lines, width, 0, 2, UI_STYLE_STRONG,
                      "So TLS is opportunistic: used when offered, nobody is authenticated, and "
                      "whoever sits between can take it away.");
}

/* --- TLSA record x certificate --- */

static int matched_depth(const struct mxs_session_assessment *judged, size_t record)
{
    for (size_t i = 0; judged && i < judged->matches.n; i++)
        if (judged->matches.v[i].record == record)
            return judged->matches.v[i].depth;
    return -1;
}

static void tlsa_row(struct ui_table *table, const struct mxs_session_assessment *judged,
                     const struct mxs_tlsa *tlsa, size_t record, size_t certs, uint64_t seq)
{
    struct mxs_arena *arena = table->arena;
    struct ui_table_row *row = ui_table_row(table, seq);
    int depth = matched_depth(judged, record);
    const char *data = mxs_hex(arena, tlsa->data);
    ui_table_cell(row, UI_STYLE_STRONG,
                  mxs_arena_printf(arena, "%u %u %u", tlsa->usage, tlsa->selector,
                                   tlsa->matching_type));
    ui_table_cell(row, UI_STYLE_DIM, data);
    for (size_t c = 0; c < certs; c++) {
        bool match = depth == (int)c;
        ui_table_cell(row, match ? (tlsa->usable ? UI_STYLE_OK : UI_STYLE_WARN) : UI_STYLE_DIM,
                      match ? "match" : "-");
    }
    const char *why = !tlsa->usable ? mxs_arena_printf(arena, "unusable: %s", tlsa->unusable_reason)
                      : depth < 0 && certs ? "matches nothing served"
                      : depth >= (int)certs ? "matches, the record brings its own authority"
                                            : "";
    ui_table_cell(row, tlsa->usable ? UI_STYLE_WARN : UI_STYLE_BAD, why);
    row->copy = mxs_tlsa_text(arena, tlsa);
}

static void tlsa_grid(struct ui_lines *lines, int width, const struct mxs_host_facts *host,
                      const struct mxs_session_facts *session,
                      const struct mxs_session_assessment *judged)
{
    enum { CERTS = 8 };
    static const char *const depths[CERTS] = { "leaf ", "dep 1", "dep 2", "dep 3",
                                               "dep 4", "dep 5", "dep 6", "dep 7" };
    struct ui_column columns[3 + CERTS] = { { .title = "record" }, { .title = "data", .min = 10 } };
    size_t certs = session ? session->chain.certs.n : 0, n = 2;
    struct ui_table table;
    certs = certs < CERTS ? certs : CERTS;
    for (size_t i = 0; i < certs; i++)
        columns[n++] = (struct ui_column){ .title = depths[i] };
    columns[n++] = (struct ui_column){ .title = "", .min = 8, .grow = true };
    ui_lines_blank(lines);
    ui_lines_heading(lines, mxs_arena_printf(lines->arena, "TLSA records of %s x certificates",
                                             host->tlsa_base_domain ? host->tlsa_base_domain
                                                                    : host->host));
    ui_table_init(&table, lines->arena, columns, n);
    uint64_t seq = host->candidates.n ? host->candidates.v[host->candidates.n - 1].seq : 0;
    for (size_t i = 0; i < host->tlsa.n; i++)
        tlsa_row(&table, judged, &host->tlsa.v[i], i, certs, seq);
    if (table.rows.n)
        ui_table_finish(&table, lines, width);
    for (size_t i = 0; i < host->candidates.n && !table.rows.n; i++)
        ui_lines_wrap(lines, width, 0, 2, ui_security_style(host->candidates.v[i].security),
                      mxs_arena_printf(lines->arena, "%s: %s%s%s", host->candidates.v[i].name,
                                       mxs_security_name(host->candidates.v[i].security),
                                       host->candidates.v[i].why ? ": " : "",
                                       host->candidates.v[i].why ? host->candidates.v[i].why : ""));
}

/* --- MTA-STS policy x MX x certificate --- */

static const char *pattern_for(const struct mxs_sts_policy *policy, const char *host)
{
    for (size_t i = 0; i < policy->mx.n; i++)
        if (mxs_sts_mx_match(policy->mx.v[i], host))
            return policy->mx.v[i];
    return NULL;
}

/* Of the first session of the host that saw a certificate, else of its first. */
static const struct mxs_verdict *sts_verdict(const struct ui_model *model,
                                             const struct mxs_host_facts *host)
{
    const struct mxs_session_facts *session = host->sessions.n ? host->sessions.v[0] : NULL;
    for (size_t i = host->sessions.n; i-- > 0;)
        if (host->sessions.v[i]->chain.certs.n)
            session = host->sessions.v[i];
    const struct mxs_session_assessment *judged =
        model->assessment && session ? mxs_assessment_session(model->assessment, session->id)
                                     : NULL;
    return judged ? mxs_assessment_verdict(judged, "rfc/mta-sts") : NULL;
}

static void sts_grid(struct ui_lines *lines, int width, const struct ui_model *model)
{
    static const struct ui_column columns[] = {
        { .title = "MX host", .min = 12 }, { .title = "policy pattern", .min = 8 },
        { .title = "certificate" }, { .title = "", .min = 8, .grow = true },
    };
    const struct mxs_evidence *ev = model->evidence;
    const struct mxs_sts_facts *sts = &ev->domain.sts;
    struct ui_table table;
    if (!ev->has_domain || !sts->has_policy)
        return;
    ui_lines_blank(lines);
    ui_lines_heading(lines, "MTA-STS policy x MX x certificate");
    ui_table_init(&table, lines->arena, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < ev->hosts.n; i++) {
        const struct mxs_host_facts *host = ev->hosts.v[i];
        const char *pattern = pattern_for(&sts->policy, host->host);
        const struct mxs_verdict *verdict = sts_verdict(model, host);
        struct ui_table_row *row = ui_table_row(&table, sts->seq);
        ui_table_cell(row, UI_STYLE_STRONG, host->host);
        ui_table_cell(row, pattern ? UI_STYLE_OK : UI_STYLE_BAD, pattern ? pattern : "NOT LISTED");
        bool good = verdict && verdict->verified == 1;
        ui_table_cell(row, good ? UI_STYLE_OK : verdict ? UI_STYLE_BAD : UI_STYLE_DIM,
                      !verdict ? "not judged" : good ? "verified" : "NOT VERIFIED");
        ui_table_cell(row, UI_STYLE_NORMAL,
                      verdict && verdict->reasons.n ? verdict->reasons.v[0].text : "");
    }
    ui_table_finish(&table, lines, width);
    for (size_t i = 0; i < sts->policy.faults.n; i++)
        ui_lines_wrap(lines, width, 0, 2, UI_STYLE_WARN,
                      mxs_arena_printf(lines->arena, "line %u: %s", sts->policy.faults.v[i].line,
                                       sts->policy.faults.v[i].text));
}

/* --- zones --- */

enum { DAY = 86400, SOON = 3 * DAY };

/* The zone's own signature over its keys: whose, and the first end of one. */
static void zone_keys(struct ui_table_row *row, struct mxs_arena *arena, struct mxs_bytes packet,
                      int64_t at)
{
    struct mxs_dns_rrsigs sigs = mxs_dns_signatures(arena, packet);
    int64_t until = 0;
    const char *tags = "", *algorithm = "";
    for (size_t i = 0; i < sigs.n; i++) {
        const struct mxs_dns_rrsig *s = &sigs.v[i];
        if (s->type_covered != mxs_dns_type_parse("DNSKEY"))
            continue;
        const char *name = mxs_dns_algorithm_name(s->algorithm);
        algorithm = name ? name : mxs_arena_printf(arena, "algorithm %u", s->algorithm);
        tags = mxs_arena_printf(arena, "%s%s%u", tags, *tags ? " " : "", s->key_tag);
        until = !until || s->expiration < until ? s->expiration : until;
    }
    ui_table_cell(row, UI_STYLE_NORMAL, tags);
    ui_table_cell(row, UI_STYLE_NORMAL, algorithm);
    if (until)
        ui_table_cell(row,
                      until < at          ? UI_STYLE_BAD
                      : until - at < SOON ? UI_STYLE_WARN
                                          : UI_STYLE_NORMAL,
                      until < at ? mxs_arena_printf(arena, "%s, EXPIRED", ui_day(arena, until))
                                 : mxs_arena_printf(arena, "%s, %lld days", ui_day(arena, until),
                                                    (long long)((until - at) / DAY)));
}

static void why_bogus(struct ui_lines *lines, int width, const struct mxs_event *event)
{
    const char *why = event ? mxs_event_attr(event, "why") : NULL;
    if (why)
        ui_lines_wrap(lines, width, 2, 0, UI_STYLE_BAD, why);
}

static void zones(struct ui_lines *lines, int width, const struct ui_model *model)
{
    static const struct ui_column columns[] = {
        { .title = "zone", .min = 8 }, { .title = "DS" }, { .title = "DNSKEY" },
        { .title = "key tag", .min = 5 }, { .title = "algorithm", .min = 6 },
        { .title = "signed until", .grow = true },
    };
    const struct mxs_evidence *ev = model->evidence;
    struct ui_table table;
    if (!ev->zones.n)
        return;
    ui_lines_blank(lines);
    ui_lines_heading(lines, "DNSSEC chain of trust");
    ui_table_init(&table, lines->arena, columns, MXS_COUNT(columns));
    for (size_t i = 0; i < ev->zones.n; i++) {
        const struct mxs_zone_cut *z = &ev->zones.v[i];
        const char *ds = mxs_security_name(z->ds_security);
        const char *key = mxs_security_name(z->dnskey_security);
        const struct mxs_event *event = mxs_journal_seq(model->journal, z->dnskey_seq);
        struct ui_table_row *row = ui_table_row(&table, z->dnskey_seq ? z->dnskey_seq : z->ds_seq);
        ui_table_cell(row, UI_STYLE_STRONG, z->zone && *z->zone ? z->zone : ".");
        ui_table_cell(row, ui_security_style(z->ds_security), ds ? ds : "-");
        ui_table_cell(row, ui_security_style(z->dnskey_security), key ? key : "-");
        if (event)
            zone_keys(row, lines->arena, event->data, ev->started);
    }
    ui_table_finish(&table, lines, width);
    for (size_t i = 0; i < ev->zones.n; i++) {
        why_bogus(lines, width, mxs_journal_seq(model->journal, ev->zones.v[i].ds_seq));
        why_bogus(lines, width, mxs_journal_seq(model->journal, ev->zones.v[i].dnskey_seq));
    }
}

void ui_expect_promises(struct ui_lines *lines, int width, const struct ui_model *model)
{
    const struct mxs_host_facts *host = NULL;
    const struct mxs_session_facts *session = ui_model_session(model, &host);
    if (!host && model->evidence->hosts.n)
        host = model->evidence->hosts.v[0];
    what_wins(lines, width, model->evidence, host);
    if (host && (host->tlsa.n || host->candidates.n))
        tlsa_grid(lines, width, host, session, ui_model_verdicts(model));
    sts_grid(lines, width, model);
    zones(lines, width, model);
}

/* --- verdicts --- */

void ui_expect_verdicts(struct ui_lines *lines, int width, const struct mxs_verdict **verdicts,
                        size_t n)
{
    static const struct ui_column columns[] = {
        { .title = "verifier", .min = 29 }, { .title = "verdict", .min = 19 }, /* what tells rows apart */
        { .title = "first reason", .min = 9, .grow = true }, { .title = "TLSRPT", .min = 8 },
    };
    struct mxs_arena *arena = lines->arena;
    struct ui_table table;
    ui_table_init(&table, arena, columns, MXS_COUNT(columns) - (width < 90));
    for (size_t i = 0; i < n; i++) {
        const struct mxs_verdict *v = verdicts[i];
        struct ui_table_row *row = ui_table_row(&table, i + 1);
        ui_table_cell(row, UI_STYLE_STRONG, v->verifier);
        ui_table_cell(row, ui_verdict_style(v), ui_verdict_words(arena, v));
        ui_table_cell(row, UI_STYLE_NORMAL, v->reasons.n ? v->reasons.v[0].text : "");
        ui_table_cell(row, UI_STYLE_DIM, v->tls_rpt ? v->tls_rpt : "");
    }
    if (table.rows.n)
        ui_table_finish(&table, lines, width);
    else
        ui_lines_wrap(lines, width, 0, 0, UI_STYLE_DIM, "Nothing was judged yet.");
}
