#include "config.h"

#include "whatif/fallback.h"

/* In TLS 1.3 a client has finished before the server judges its certificate (RFC 8446 4.4.3), so every
 * refusal comes behind the handshake; in TLS 1.2 only from servers that look afterwards. */
static bool behind_handshake(const struct mxs_profile *receiver, unsigned tls_version, bool shown)
{
    return tls_version != MXS_TLS_1_2 || (shown && receiver && receiver->receiver->late);
}

static int how_of(const struct mxs_profile *receiver, const struct mxs_verdict *verdict,
                  unsigned tls_version, bool shown)
{
    /* Senders that must authenticate keep mail whose AUTH is refused, whatever the code: Postfix by
     * smtp_sasl_auth_soft_bounce, Exim by hosts_require_auth (spec.txt 33). */
    if (verdict->action == MXS_ACTION_REJECT && verdict->stage == MXS_STAGE_AUTH)
        return MXS_REFUSAL_TEMPORARY;
    if (verdict->action == MXS_ACTION_REJECT)
        return verdict->reply >= 500 ? MXS_REFUSAL_PERMANENT : MXS_REFUSAL_TEMPORARY;
    if (verdict->action == MXS_ACTION_HANDSHAKE_FAILURE)
        return behind_handshake(receiver, tls_version, shown) ? MXS_REFUSAL_LATE
                                                              : MXS_REFUSAL_HANDSHAKE;
    return -1;
}

bool mxs_fallback_refusal(const struct mxs_profile *receiver, const struct mxs_verdict *verdict,
                          unsigned tls_version, bool shown, struct mxs_refused *out)
{
    int how = how_of(receiver, verdict, tls_version, shown);
    *out = (struct mxs_refused){ .how = how < 0 ? MXS_REFUSAL_HANDSHAKE : (enum mxs_refusal)how,
                                 .certificate = shown, .reply = verdict->reply,
                                 .stage = verdict->stage };
    return how >= 0;
}

/* Tools deliver no mail: what they do next is up to whoever runs them. */
static bool falls_back(const struct mxs_profile *profile)
{
    return profile->role == MXS_ROLE_SENDER && !mxs_profile_is_tool(profile);
}

void mxs_fallback(const struct mxs_judge *judge, const struct mxs_profiles *profiles,
                  struct mxs_verdict *verdict)
{
    const struct mxs_session_facts *session = judge->session;
    bool client = judge->evidence->client_role;
    bool shown = client ? session->chain.certs.n > 0
                        : session->tls.client_auth.sent == MXS_SENT_CERTIFICATE;
    const struct mxs_profile *receiver =
        profiles && verdict->verifier ? mxs_profile_find(profiles, verdict->verifier) : NULL;
    struct mxs_refused refused;
    bool refuses = verdict->role == MXS_ROLE_RECEIVER &&
                   mxs_fallback_refusal(receiver, verdict, session->tls.version, shown, &refused);
    verdict->then.n = 0;
    for (size_t i = 0; refuses && profiles && i < mxs_profiles_count(profiles); i++) {
        const struct mxs_profile *p = mxs_profiles_at(profiles, i);
        if (falls_back(p))
            *mxs_list_add(judge->arena, &verdict->then) =
                mxs_sender_refused(judge, p, &refused);
    }
}

void mxs_fallback_all(struct mxs_assessment *a, const struct mxs_profiles *profiles)
{
    for (size_t i = 0; i < a->sessions.n; i++) {
        struct mxs_session_assessment *s = &a->sessions.v[i];
        struct mxs_judge judge = { .arena = a->arena, .evidence = a->evidence, .host = s->host,
                                   .session = s->session, .at = a->at };
        for (size_t k = 0; k < s->verdicts.n; k++)
            mxs_fallback(&judge, profiles, &s->verdicts.v[k]);
    }
}
