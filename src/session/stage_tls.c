/* The TLS stages: one run of GnuTLS goes through client-hello to finished. What ends the handshake is told
 * in the stage whose message was due (tls_watch.c). */
#include "config.h"

#include "session/edit.h"
#include "session/stage_smtp.h"
#include "session/stage_tls.h"

#include "facts/tls.h"

static enum mxs_err check_hello(struct mxs_walk *walk, const char *text, struct mxs_why *why)
{
    struct mxs_tls_options options = walk->probe->tls->options;
    return mxs_hello_parse(walk->arena, text, &options, why);
}

static void set_options(struct mxs_tls *t)
{
    const struct mxs_session_options *o = t->walk->options;
    t->options = (struct mxs_tls_options){ .context = t->walk->tls,
                                           .without_cert = !t->probe->client_cert,
                                           .sni = t->probe->sni,
                                           .priority = o->priority,
                                           .offer = t->probe->offer };
}

static bool offer_hello(struct mxs_tls *t, struct mxs_why *why)
{
    const char *text = mxs_hello_text(t->walk->arena, &t->options);
    const char *edited = mxs_walk_offer(t->walk, t->probe, "ClientHello", text, false,
                                        check_hello);
    return edited == text || mxs_hello_parse(t->walk->arena, edited, &t->options, why) == MXS_OK;
}

/* A server that has no certificate of the kind asked for says handshake_failure, or just goes: no fault
 * where the other kind is asked for as well. When both fail so, the second is the fault. */
static bool only_lacks_kind(const struct mxs_tls *t, enum mxs_err err)
{
    const struct mxs_probe *p = t->probe;
    bool says_so = p->alert == 40 || p->alert == 71; /* handshake_failure, insufficient_security */
    bool other_refused = p->refused != MXS_OFFER_ANY && p->refused != p->offer;
    if (p->offer == MXS_OFFER_ANY || !p->kinds || other_refused || t->version)
        return false;
    return says_so || (p->kind_served && (p->alert >= 0 || err == MXS_ERR_CLOSED));
}

static enum mxs_err fail(struct mxs_tls *t, enum mxs_err err, bool local, struct mxs_why *reason,
                         struct mxs_why *why)
{
    struct mxs_probe *p = t->probe;
    bool io = err == MXS_ERR_TIMEOUT || err == MXS_ERR_CLOSED || err == MXS_ERR_CANCELLED;
    if (io || t->record_since)
        mxs_tls_enter_due(t);
    if (t->rubbish && !local && err == MXS_ERR_TLS)
        mxs_why_set(reason, err, "not TLS but \"%s\"", t->rubbish);
    if (only_lacks_kind(t, err)) {
        p->lacks_kind = p->over = true;
        mxs_stage_say(t->walk, MXS_STAGE_SKIPPED, "no %s certificate here (%s)",
                      p->offer == MXS_OFFER_RSA ? "RSA" : "ECDSA", reason->text);
        return MXS_OK;
    }
    p->lacks_kind = p->alert == 40 || p->alert == 71;
    if (local && err != MXS_ERR_CANCELLED)
        p->end = MXS_END_LOCAL_REFUSAL;
    else if (p->alert >= 0)
        p->end = MXS_END_ALERT;
    return mxs_stage_fail(t->walk, why, err, local ? "local-refusal" : NULL, "%s%s",
                          local ? "our own limit: " : "", reason->text);
}

static enum mxs_err run(struct mxs_tls *t, struct mxs_why *why)
{
    struct mxs_tls_observer observer = mxs_tls_watch(t);
    struct mxs_why reason = { MXS_OK, "" };
    struct mxs_stream *stream = NULL;
    bool local = false;
    if (!offer_hello(t, why))
        return why->err;
    enum mxs_err err = mxs_tls_client(t->probe->stream, &t->options, &observer,
                                      mxs_walk_deadline(t->walk, 0), &stream, &local, &reason);
    mxs_walk_waited(t->walk);
    t->probe->stream = stream;
    return err ? fail(t, err, local, &reason, why) : MXS_OK;
}

enum mxs_err mxs_stage_handshake(struct mxs_walk *walk, struct mxs_probe *probe,
                                 struct mxs_why *why)
{
    struct mxs_tls *t = probe->tls = MXS_NEW(walk->arena, struct mxs_tls);
    t->walk = walk;
    t->probe = probe;
    set_options(t);
    t->visited[MXS_STAGE_CLIENT_HELLO] = true;
    mxs_stage_begin(walk, probe, MXS_STAGE_CLIENT_HELLO);
    enum mxs_err err = run(t, why);
    t->done = true;
    if (!err && !probe->over) {
        const struct mxs_session_facts *s = mxs_tls_facts(t);
        const char *version = s ? mxs_tls_version_name(s->tls.version) : NULL;
        mxs_stage_say(walk, MXS_STAGE_OK, "%s established", version ? version : "TLS");
        probe->smtp->tls = probe->served = true;
        mxs_buf_clear(&probe->smtp->in);
    }
    mxs_stage_end(walk, probe, err, why);
    if (!err && !probe->over)
        mxs_tls_skip_unvisited(t);
    return err;
}
