/* What a recorded session comes to, a fact a line: journal -> evidence -> judges, without cli/ and net/.
 * Usage: replay_facts FILE. Every line is compared with FILE's .expect; see replay.sh. */
#include "config.h"

#include "journal/fold.h"
#include "journal/record.h"
#include "judge/assess.h"
#include "judge/store.h"

#include <stdio.h>
#include <string.h>

static const char *word(const char *s)
{
    return s ? s : "-";
}

static void domain(const struct mxs_evidence *ev)
{
    const struct mxs_domain_facts *d = &ev->domain;
    if (!ev->has_domain)
        return;
    printf("domain mx=%s hosts=%zu%s%s sts=%s/%s rua=%zu caa=%zu\n",
           word(mxs_security_name(d->mx_security)), d->mx.n, d->null_mx ? " null" : "",
           d->implicit_mx ? " implicit" : "", word(d->sts.parsed.id),
           d->sts.has_policy ? word(mxs_sts_mode_name(d->sts.policy.mode)) : word(d->sts.error_id),
           d->tlsrpt.rua.n, d->caa.n);
}

static void stages(const struct mxs_session_facts *s)
{
    printf("  stages");
    for (int i = 0; i < MXS_STAGE_COUNT; i++)
        if (s->stages[i].status > MXS_STAGE_SKIPPED)
            printf(" %s%s", mxs_stage_name((enum mxs_stage)i),
                   s->stages[i].status == MXS_STAGE_OK        ? ""
                   : s->stages[i].status == MXS_STAGE_WARNING ? "?"
                                                              : "!");
    printf("\n");
}

static void tls(const struct mxs_tls_facts *t)
{
    printf("  tls %s %s %s %s sni=%s alpn=%s%s%s\n  messages",
           word(mxs_tls_version_name(t->version)), word(mxs_tls_cipher_name(t->cipher)),
           word(mxs_tls_group_name(t->group)), word(mxs_tls_scheme_name(t->signature_scheme)),
           word(t->sni), word(t->alpn), t->ocsp_stapled ? " stapled" : "",
           t->finished ? " finished" : "");
    for (size_t i = 0; i < t->messages.n; i++)
        printf(" %s%s", t->messages.v[i].dir == MXS_DIR_OUT ? ">" : "<",
               word(mxs_tls_message_name(t->messages.v[i].type)));
    printf("\n");
    for (size_t i = 0; i < t->alerts.n; i++)
        printf("  alert %s %s%s\n", word(mxs_dir_name(t->alerts.v[i].dir)),
               word(mxs_tls_alert_name(t->alerts.v[i].code)),
               t->alerts.v[i].after_finished ? " after-finished" : "");
    if (t->client_auth.requested)
        printf("  client-auth required=%d cas=%zu sent=%d verdict=%d alert=%d reply=%d\n",
               t->client_auth.required, t->client_auth.acceptable_cas.n, t->client_auth.sent,
               t->client_auth.verdict, t->client_auth.alert, t->client_auth.reply);
}

static void judged(const struct mxs_session_assessment *a)
{
    for (size_t i = 0; a && i < a->matches.n; i++)
        printf("  match %zu at %d\n", a->matches.v[i].record + 1, a->matches.v[i].depth);
    for (size_t i = 0; a && i < a->verdicts.n; i++) {
        const struct mxs_verdict *v = &a->verdicts.v[i];
        if (strncmp(v->verifier, "rfc/", 4) == 0)
            printf("  %s %s %s %s\n", v->verifier, word(mxs_action_name(v->action)),
                   word(mxs_channel_name(v->channel)), word(v->tls_rpt));
    }
}

static void host(const struct mxs_assessment *a, const struct mxs_host_facts *h)
{
    printf("host %s address=%s/%zu tlsa=%s/%zu base=%s\n", h->host,
           word(mxs_security_name(h->address_security)), h->addresses.n,
           word(mxs_security_name(h->tlsa_security)), h->tlsa.n, word(h->tlsa_base_domain));
    for (size_t i = 0; i < h->sessions.n; i++) {
        const struct mxs_session_facts *s = h->sessions.v[i];
        printf(" session [%s]:%u %s reached=%s end=%s reply=%d starttls=%s glued=%zu\n", s->address,
               s->port, mxs_offer_name(s->offer), word(mxs_stage_name(s->reached)),
               mxs_end_name(s->end), s->reply, word(mxs_starttls_name(s->starttls)),
               s->glued_bytes);
        stages(s);
        if (s->has_tls)
            tls(&s->tls);
        for (size_t k = 0; k < s->chain.certs.n; k++)
            printf("  certificate %zu %s %s\n", k, s->chain.certs.v[k]->subject,
                   s->chain.certs.v[k]->key);
        judged(mxs_assessment_session(a, s->id));
    }
}

static int facts(const char *path, struct mxs_arena *arena, struct mxs_journal *journal)
{
    struct mxs_record_header header;
    struct mxs_why why;
    struct mxs_evidence *ev = mxs_fold_new(journal); /* follows, as in a live walk */
    if (mxs_record_read(path, arena, &header, journal, &why)) {
        printf("%s\n", why.text);
        mxs_fold_free(ev);
        return 1;
    }
    struct mxs_store *store = mxs_store_new("none");
    for (size_t i = 0; i < header.anchors.certs.n; i++)
        mxs_store_add(store, header.anchors.certs.v[i]);
    struct mxs_assess_options options = { .at = header.at, .store = store,
                                           .public_roots = header.public_roots };
    struct mxs_assessment *a = mxs_assess(ev, &options);
    printf("target %s %s\n", ev->target, mxs_status_name(a->status));
    domain(ev);
    for (size_t i = 0; i < ev->hosts.n; i++)
        host(a, ev->hosts.v[i]);
    for (size_t i = 0; i < a->findings.n; i++)
        if (a->findings.v[i].severity >= MXS_SEVERITY_WARNING)
            printf("finding %s %s %s\n", a->findings.v[i].id,
                   mxs_severity_name(a->findings.v[i].severity), word(a->findings.v[i].host));
    mxs_assessment_free(a);
    mxs_store_free(store);
    mxs_fold_free(ev);
    return 0;
}

int main(int argc, char **argv)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    int status = argc == 2 ? facts(argv[1], arena, journal) : 99;
    mxs_journal_free(journal);
    mxs_arena_free(arena);
    return status;
}
