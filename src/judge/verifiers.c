#include "config.h"

#include "judge/verifier.h"

#include <stdarg.h>
#include <stdio.h>

static bool is_submission(const struct mxs_judge *j)
{
    return j->session->port == 465 || j->session->port == 587;
}

static bool is_relay(const struct mxs_judge *j)
{
    return !is_submission(j);
}

static const struct mxs_verifier rows[] = {
    { "rfc/opportunistic", MXS_ROLE_SENDER, is_relay, mxs_check_opportunistic,
      "any TLS, else cleartext (RFC 3207)" },
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
    *reason = (struct mxs_reason){ id, depth, mxs_arena_strdup(j->arena, text), rfc };
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
