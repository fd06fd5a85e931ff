#include "config.h"

#include "session/client_verdict.h"

#include "facts/tls.h"

#include <string.h>

/* What the events of a session said so far. */
struct seen {
    bool requested, sent, ours, theirs; /* CertificateRequest; our Certificate; both Finished */
    unsigned version;
    struct mxs_client_judgement judgement;
};

static void decide(struct seen *seen, enum mxs_client_verdict verdict, const char *why, int alert,
                   int reply)
{
    seen->judgement = (struct mxs_client_judgement){ verdict, why, alert, reply };
}

static bool open(const struct seen *seen)
{
    return seen->judgement.verdict == MXS_CLIENT_OPEN;
}

/* In TLS 1.2 the server's Finished follows its look at our certificate (RFC 5246 7.4.8); in 1.3 its
 * first sign of life after our Finished does: a ticket it makes only then (RFC 8446 4.6.1). */
static void handshake(struct seen *seen, const struct mxs_event *event)
{
    long type = mxs_event_attr_int(event, "type", -1);
    bool in = event->dir == MXS_DIR_IN;
    seen->version = (unsigned)mxs_event_attr_int(event, "version", seen->version);
    if (in && type == MXS_TLS_CERTIFICATE_REQUEST)
        seen->requested = true;
    if (!in && type == MXS_TLS_CERTIFICATE)
        seen->sent = true;
    if (!in && type == MXS_TLS_FINISHED)
        seen->ours = true;
    if (in && type == MXS_TLS_FINISHED)
        seen->theirs = true;
    if (!in || !seen->ours || !open(seen))
        return;
    if (type == MXS_TLS_FINISHED && seen->version < MXS_TLS_1_3)
        decide(seen, MXS_CLIENT_ACCEPTED, "the server's Finished, after our certificate", -1, 0);
    if (type == MXS_TLS_NEW_SESSION_TICKET && seen->version >= MXS_TLS_1_3)
        decide(seen, MXS_CLIENT_ACCEPTED, "a session ticket after our Finished", -1, 0);
}

/* An alert before our Certificate is about something else. */
static void alert(struct seen *seen, struct mxs_arena *arena, const struct mxs_event *event)
{
    int code = (int)mxs_event_attr_int(event, "code", -1);
    bool fatal = mxs_event_attr_int(event, "level", 2) == 2;
    const char *name = code >= 0 ? mxs_tls_alert_name((unsigned)code) : NULL;
    if (event->dir != MXS_DIR_IN || !fatal || !seen->sent ||
        seen->judgement.verdict == MXS_CLIENT_REFUSED)
        return;
    decide(seen, MXS_CLIENT_REFUSED,
           mxs_arena_printf(arena, "alert %s (%d)", name ? name : "?", code), code, 0);
}

/* Inside TLS the first reply tells: 4xx and 5xx are the application's refusal (Postfix's 421), which
 * weighs more than a ticket. The banner and EHLO alone speak of us; later ones of the command. */
static void reply(struct seen *seen, struct mxs_arena *arena, const struct mxs_event *event)
{
    int code = (int)mxs_event_attr_int(event, "code", 0);
    bool first = event->stage == MXS_STAGE_BANNER || event->stage == MXS_STAGE_EHLO_TLS;
    const char *what = event->stage == MXS_STAGE_BANNER ? "banner" : "EHLO reply";
    if (event->dir != MXS_DIR_IN || !mxs_event_attr(event, "tls") || !first ||
        seen->judgement.verdict == MXS_CLIENT_REFUSED)
        return;
    if (code / 100 == 2 && open(seen))
        decide(seen, MXS_CLIENT_ACCEPTED, mxs_arena_printf(arena, "%s %d inside TLS", what, code),
               -1, 0);
    if (code >= 400 && code <= 599)
        decide(seen, MXS_CLIENT_REFUSED, mxs_arena_printf(arena, "%s %d inside TLS", what, code),
               -1, code);
}

static void closed(struct seen *seen, const struct mxs_event *event)
{
    const char *by = mxs_event_attr(event, "by");
    if (by && strcmp(by, "peer") == 0 && seen->sent && open(seen))
        decide(seen, MXS_CLIENT_REFUSED, "closed without a word", -1, 0);
}

struct mxs_client_judgement mxs_client_verdict(struct mxs_arena *arena,
                                               const struct mxs_journal *journal,
                                               uint32_t session)
{
    struct seen seen = { .judgement = { MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 } };
    for (size_t i = 0; i < mxs_journal_count(journal); i++) {
        const struct mxs_event *event = mxs_journal_at(journal, i);
        if (event->session != session)
            continue;
        if (event->kind == MXS_EVENT_HANDSHAKE)
            handshake(&seen, event);
        else if (event->kind == MXS_EVENT_ALERT)
            alert(&seen, arena, event);
        else if (event->kind == MXS_EVENT_SMTP)
            reply(&seen, arena, event);
        else if (event->kind == MXS_EVENT_CLOSE)
            closed(&seen, event);
    }
    if (!seen.requested)
        decide(&seen, MXS_CLIENT_OPEN, "the server asked for no certificate", -1, 0);
    return seen.judgement;
}
