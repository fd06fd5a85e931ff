#include "config.h"

#include "judge/verifier.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_submission(const struct mxs_judge *j)
{
    return j->session->port == 465 || j->session->port == 587;
}

static bool is_relay(const struct mxs_judge *j)
{
    return !is_submission(j);
}

static bool is_any(const struct mxs_judge *j)
{
    (void)j;
    return true;
}

/* A policy belongs to a mail domain (RFC 8461 3.4), and to relaying. */
static bool is_mail_domain(const struct mxs_judge *j)
{
    return is_relay(j) && j->evidence->has_domain;
}

static const struct mxs_verifier rows[] = {
    { "rfc/opportunistic", MXS_ROLE_SENDER, is_relay, mxs_check_opportunistic,
      "any TLS, else cleartext (RFC 3207)" },
    { "rfc/dane", MXS_ROLE_SENDER, is_relay, mxs_check_dane,
      "DANE where it is published, else any TLS (RFC 7672)" },
    { "rfc/dane-mandatory", MXS_ROLE_SENDER, is_relay, mxs_check_dane_mandatory,
      "DANE, or the mail waits (RFC 7672 6)" },
    { "rfc/mta-sts", MXS_ROLE_SENDER, is_mail_domain, mxs_check_mta_sts,
      "the domain's policy, DANE before it (RFC 8461)" },
    { "rfc/webpki", MXS_ROLE_SENDER, is_any, mxs_check_webpki,
      "a public chain and the host's name, required (RFC 5280, 9525)" },
    { "rfc/requiretls", MXS_ROLE_SENDER, is_relay, mxs_check_requiretls,
      "a message sent with REQUIRETLS (RFC 8689)" },
    { "rfc/submission", MXS_ROLE_SENDER, is_submission, mxs_check_submission,
      "a mail client on 465 or 587 (RFC 8314, 7817)" },
};

const struct mxs_verifier *mxs_verifiers(size_t *n)
{
    *n = MXS_COUNT(rows);
    return rows;
}

void mxs_verdict_reason(const struct mxs_judge *j, struct mxs_verdict *v, const char *id, int depth,
                        const char *rfc, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct mxs_reason *reason = mxs_list_add(j->arena, &v->reasons);
    *reason = (struct mxs_reason){ id, depth, mxs_arena_strdup(j->arena, text), rfc, NULL };
}

void mxs_verdict_reasons(const struct mxs_judge *j, struct mxs_verdict *v,
                         const struct mxs_reasons *reasons)
{
    for (size_t i = 0; i < reasons->n; i++)
        *mxs_list_add(j->arena, &v->reasons) = reasons->v[i];
}

/* RFC 8460 4.3.1: only these two have a type of their own. */
const char *mxs_tls_rpt_of(const struct mxs_reasons *reasons)
{
    const char *id = reasons->n ? reasons->v[0].id : NULL;
    if (!id)
        return NULL;
    return strcmp(id, "expired") == 0         ? "certificate-expired"
         : strcmp(id, "name-mismatch") == 0   ? "certificate-host-mismatch"
                                              : "certificate-not-trusted";
}

void mxs_verdict_deliver(struct mxs_verdict *v, enum mxs_channel channel)
{
    v->action = MXS_ACTION_DELIVER;
    v->channel = channel;
    v->stage = MXS_STAGE_NONE;
}

void mxs_verdict_refuse(struct mxs_verdict *v, enum mxs_action action, enum mxs_stage stage,
                        const char *tls_rpt)
{
    v->action = action;
    v->stage = stage;
    v->tls_rpt = tls_rpt;
}
