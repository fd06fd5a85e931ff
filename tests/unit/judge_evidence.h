/* Evidence made by hand for the tests of judge/: one domain, one host, one session, healthy unless a
 * test changes it. */
#ifndef MXSCOPE_TESTS_UNIT_JUDGE_EVIDENCE_H
#define MXSCOPE_TESTS_UNIT_JUDGE_EVIDENCE_H

#include "judge/assess.h"

#include <string.h>

struct judge_evidence {
    struct mxs_evidence ev;
    struct mxs_host_facts *host;
    struct mxs_session_facts *session;
};

/* What a finished walk of one healthy host without DNSSEC looks like. */
static inline struct judge_evidence judge_evidence_new(void)
{
    struct judge_evidence e;
    memset(&e, 0, sizeof e);
    struct mxs_arena *arena = mxs_arena_new();
    e.ev.arena = arena;
    e.ev.target = "example.org";
    e.ev.has_domain = e.ev.finished = true;
    e.ev.domain.name = "example.org";
    e.ev.domain.mx_security = MXS_SECURITY_INSECURE;
    e.ev.domain.sts.txt_security = MXS_SECURITY_ABSENT;
    e.ev.domain.tlsrpt.reason = "none";
    e.host = MXS_NEW(arena, struct mxs_host_facts);
    e.host->host = "mx.example.org";
    e.host->preference = 10;
    e.host->address_security = MXS_SECURITY_INSECURE;
    *mxs_list_add(arena, &e.ev.domain.mx) = (struct mxs_mx){ "mx.example.org", 10 };
    *mxs_list_add(arena, &e.host->addresses) =
        (struct mxs_address){ "192.0.2.25", MXS_SECURITY_INSECURE };
    e.session = MXS_NEW(arena, struct mxs_session_facts);
    e.session->id = 1;
    e.session->address = "192.0.2.25";
    e.session->port = 25;
    e.session->reached = MXS_STAGE_QUIT;
    e.session->end = MXS_END_DONE;
    e.session->starttls = MXS_STARTTLS_OFFERED;
    e.session->starttls_reply = 220;
    e.session->has_ehlo = e.session->has_ehlo_tls = e.session->has_tls = true;
    e.session->ehlo.code = e.session->ehlo_tls.code = 250;
    e.session->tls.finished = true;
    e.session->tls.version = MXS_TLS_1_3;
    e.session->tls.client_auth.alert = -1;
    e.session->tls.client_auth.required = -1;
    *mxs_list_add(arena, &e.host->sessions) = e.session;
    *mxs_list_add(arena, &e.ev.hosts) = e.host;
    return e;
}

static inline void judge_evidence_free(struct judge_evidence *e)
{
    mxs_arena_free(e->ev.arena);
}

static inline const struct mxs_finding *judge_finding(const struct mxs_assessment *a,
                                                      const char *id)
{
    for (size_t i = 0; i < a->findings.n; i++)
        if (strcmp(a->findings.v[i].id, id) == 0)
            return &a->findings.v[i];
    return NULL;
}

#endif
