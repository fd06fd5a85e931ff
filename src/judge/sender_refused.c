/* Senders: a server that refuses, in the handshake or behind it (RFC 8446 4.4.2.4, 6.2): what the product
 * does with the message, seen or foretold. */
#include "config.h"

#include "judge/sender_room.h"

static const struct mxs_sender_words *refusal_words(const struct mxs_sending *q,
                                                    enum mxs_sender_outcome outcome, bool late)
{
    bool clear = outcome == MXS_OUT_CLEARTEXT && !q->required;
    const struct mxs_sender_words *words = late ? q->s->late_words : q->s->refused_words;
    if (!late && q->dane == MXS_FOUND_USABLE && q->s->refused_dane_words.log)
        return &q->s->refused_dane_words;
    return &words[clear ? MXS_WORDS_CLEAR : MXS_WORDS_WAIT];
}

/* A reply has its own words at some stages. */
static const char *reply_words(const struct mxs_judge *j, const struct mxs_profile *p, int reply,
                               enum mxs_stage stage)
{
    const char *kind = reply >= 500 ? "permanent" : "temporary", *name = mxs_stage_name(stage);
    const char *own = name ? mxs_profile_get(p, mxs_arena_printf(j->arena, "log-%s-%s", kind, name)) : NULL;
    return own ? own : mxs_profile_get(p, mxs_arena_printf(j->arena, "log-%s", kind));
}

static void cleartext_or_not(struct mxs_sending *q, const enum mxs_sender_outcome outcome[2], bool late)
{
    if (late && q->s->late_label)
        mxs_sending_certificate(q); /* for its label: the log had named the session */
    const char *label = q->v->label;
    *q->v = (struct mxs_verdict){ .verifier = q->v->verifier, .role = q->v->role,
                                  .grade = q->v->grade, .verified = -1, .alert = -1,
                                  .stage = MXS_STAGE_NONE, .label = label };
    mxs_transport(q->j, q->v);
    mxs_sending_say(q, refusal_words(q, outcome[0], late));
    q->v->label = late && q->s->late_label ? label : NULL;
    if (outcome[0] == MXS_OUT_DEFER && outcome[1] == MXS_OUT_CLEARTEXT && !q->required)
        mxs_verdict_reason(q->j, q->v, "later-cleartext", -1, NULL,
                           "a later attempt goes out in cleartext");
    mxs_sending_end(q, outcome[0], q->v->stage, "validation-failure");
}

void mxs_sending_refused(struct mxs_sending *q)
{
    const struct mxs_session_facts *s = q->j->session;
    bool late = s->tls.finished && s->tls.client_auth.verdict == MXS_CLIENT_REFUSED;
    bool shown = s->tls.client_auth.sent == MXS_SENT_CERTIFICATE;
    int reply = late ? s->tls.client_auth.reply : 0;
    if (reply) {
        mxs_transport(q->j, q->v);
        mxs_sending_log(q, reply_words(q->j, q->p, reply, q->v->stage));
        mxs_sending_end(q, reply >= 500 ? MXS_OUT_BOUNCE : MXS_OUT_DEFER, q->v->stage,
                        "validation-failure");
    } else {
        cleartext_or_not(q, !late ? q->s->refused : shown ? q->s->late_certificate : q->s->late, late);
    }
}

static enum mxs_action action_of(const struct mxs_sending *q, enum mxs_sender_outcome outcome)
{
    bool clear = outcome == MXS_OUT_CLEARTEXT && !q->required;
    return clear ? MXS_ACTION_DELIVER : outcome == MXS_OUT_BOUNCE ? MXS_ACTION_BOUNCE
                                                                  : MXS_ACTION_DEFER;
}

static void then_replied(struct mxs_then *then, const struct mxs_sending *q,
                         const struct mxs_refused *refused)
{
    bool permanent = refused->how == MXS_REFUSAL_PERMANENT;
    then->first = then->later = permanent ? MXS_ACTION_BOUNCE : MXS_ACTION_DEFER;
    /* where the mail is kept whatever the code, no template fits */
    if (refused->reply && (refused->reply >= 500) == permanent)
        then->log = reply_words(q->j, q->p, refused->reply, refused->stage);
}

struct mxs_then mxs_sender_refused(const struct mxs_judge *j, const struct mxs_profile *p,
                                   const struct mxs_refused *refused)
{
    struct mxs_verdict scratch;
    struct mxs_sending q = mxs_sending_start(j, p, &scratch);
    bool late = refused->how != MXS_REFUSAL_HANDSHAKE;
    const enum mxs_sender_outcome *o = !late ? q.s->refused
                                     : refused->certificate ? q.s->late_certificate : q.s->late;
    struct mxs_then then = { .sender = p->name, .gnutls = q.s->dane_rules.libdane };
    mxs_sending_policy_lists(&q);
    q.required = q.required || q.s->dane == MXS_DANE_REQUIRE;
    if (refused->how == MXS_REFUSAL_TEMPORARY || refused->how == MXS_REFUSAL_PERMANENT) {
        then_replied(&then, &q, refused);
        return then;
    }
    then.first = action_of(&q, o[0]);
    then.later = action_of(&q, o[1]);
    then.log = refusal_words(&q, o[0], late)->log;
    if (then.first == MXS_ACTION_DELIVER || then.later == MXS_ACTION_DELIVER)
        then.channel = MXS_CHANNEL_CLEARTEXT;
    return then;
}
