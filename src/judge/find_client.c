#include "config.h"

#include "judge/finding.h"

#include "base/clock.h"
#include "judge/purpose.h"

/* verify --role client: the certificate that a sending mail server presents. */

static void session(struct mxs_find *f, const struct mxs_judge *j)
{
    const struct mxs_paths *paths = mxs_judge_paths(j);
    const struct mxs_cert *leaf = j->session->chain.certs.v[0];
    struct mxs_purposes purposes;
    mxs_purposes(j->arena, paths, &purposes);
    const struct mxs_usability *u = mxs_purposes_find(&purposes, "openssl-3.0", MXS_PURPOSE_CLIENT);
    if (u && !u->usable)
        mxs_find_say(f, CLIENT_EKU, j->host->host, 0, NULL, { u->text });
    if (j->at > leaf->not_after)
        mxs_find_say(f, CERT_EXPIRED, j->host->host, 0, NULL,
                     { leaf->subject, mxs_time_text(j->arena, leaf->not_after) });
    if (j->at < leaf->not_before)
        mxs_find_say(f, CERT_NOT_YET, j->host->host, 0, NULL,
                     { leaf->subject, mxs_time_text(j->arena, leaf->not_before) });
}

void mxs_find_client(struct mxs_find *f)
{
    for (size_t i = 0; i < f->judges.n && f->evidence->client_role; i++)
        if (f->judges.v[i].session->chain.certs.n)
            session(f, &f->judges.v[i]);
}
