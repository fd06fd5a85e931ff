/* The stage client-verdict: what mxs_client_verdict makes of the events so far. It never waits. */
#include "config.h"

#include "session/client_verdict.h"
#include "session/walk.h"

static bool requested(const struct mxs_walk *walk, const struct mxs_probe *probe)
{
    const struct mxs_session_facts *s =
        mxs_evidence_session(walk->evidence, probe->session, NULL);
    return s && s->tls.client_auth.requested;
}

static void verdict_event(struct mxs_walk *walk, struct mxs_probe *probe,
                          const struct mxs_client_judgement *j)
{
    static const char *const words[] = { "open", "accepted", "refused" };
    mxs_walk_emit(walk, probe, MXS_EVENT_CLIENT_VERDICT, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "verdict", words[j->verdict] }, { "why", j->why },
                            { "alert", j->alert < 0 ? NULL
                                                    : mxs_walk_uint(walk, (unsigned)j->alert) },
                            { "reply", j->reply ? mxs_walk_uint(walk, (unsigned)j->reply) : NULL }),
                  "the server's verdict on our certificate: %s, %s", words[j->verdict], j->why);
}

enum mxs_err mxs_stage_client_verdict(struct mxs_walk *walk, struct mxs_probe *probe,
                                      struct mxs_why *why)
{
    if (!requested(walk, probe))
        return mxs_stage_skip(walk, "the server asked for no certificate");
    struct mxs_client_judgement j = mxs_client_verdict(walk->arena, walk->journal, probe->session);
    verdict_event(walk, probe, &j);
    if (j.verdict == MXS_CLIENT_REFUSED)
        return mxs_stage_fail(walk, why, MXS_ERR_CLOSED, "client-refused", "refused: %s", j.why);
    mxs_stage_say(walk, j.verdict == MXS_CLIENT_OPEN ? MXS_STAGE_WARNING : MXS_STAGE_OK, "%s: %s",
                  j.verdict == MXS_CLIENT_OPEN ? "open" : "accepted", j.why);
    return MXS_OK;
}

bool mxs_walk_client_refused(const struct mxs_walk *walk, const struct mxs_probe *probe)
{
    return requested(walk, probe) &&
           mxs_client_verdict(walk->arena, walk->journal, probe->session).verdict ==
               MXS_CLIENT_REFUSED;
}
