/* The observer maps messages to stages: a message opens its stage (and so ends the one before). Everything
 * that we send after the ClientHello belongs to `finished`. */
#include "config.h"

#include "session/stage_smtp.h"
#include "session/stage_tls.h"

#include "base/text.h"
#include "facts/tls.h"

#include <string.h>

/* What the journal keeps of one session; a hostile server could send for ever, in records of one octet. */
enum { RECORDS_MAX = 2000, RECORD_BYTES_MAX = 1024 * 1024, MESSAGE_BYTES_MAX = 4 * 1024 * 1024 };

/* --- stages --- */

static enum mxs_stage due_after(const struct mxs_tls *t, enum mxs_stage stage)
{
    bool tls13 = t->version >= MXS_TLS_1_3;
    switch (stage) {
    case MXS_STAGE_CLIENT_HELLO: return MXS_STAGE_SERVER_HELLO;
    case MXS_STAGE_SERVER_HELLO:
        return tls13 ? MXS_STAGE_ENCRYPTED_EXTENSIONS : MXS_STAGE_CERTIFICATE;
    case MXS_STAGE_ENCRYPTED_EXTENSIONS: return MXS_STAGE_CERTIFICATE;
    case MXS_STAGE_CERTIFICATE_REQUEST: return tls13 ? MXS_STAGE_CERTIFICATE : MXS_STAGE_FINISHED;
    case MXS_STAGE_CERTIFICATE: return MXS_STAGE_CERTIFICATE_VERIFY;
    default: return MXS_STAGE_FINISHED;
    }
}

static enum mxs_stage stage_of(const struct mxs_tls *t, enum mxs_dir dir, unsigned type)
{
    static const struct {
        unsigned type;
        enum mxs_stage stage;
    } rows[] = {
        { MXS_TLS_SERVER_HELLO, MXS_STAGE_SERVER_HELLO },
        { MXS_TLS_HELLO_RETRY_REQUEST, MXS_STAGE_SERVER_HELLO },
        { MXS_TLS_ENCRYPTED_EXTENSIONS, MXS_STAGE_ENCRYPTED_EXTENSIONS },
        { MXS_TLS_CERTIFICATE_REQUEST, MXS_STAGE_CERTIFICATE_REQUEST },
        { MXS_TLS_CERTIFICATE, MXS_STAGE_CERTIFICATE },
        { MXS_TLS_CERTIFICATE_STATUS, MXS_STAGE_CERTIFICATE },
        { MXS_TLS_SERVER_KEY_EXCHANGE, MXS_STAGE_CERTIFICATE_VERIFY },
        { MXS_TLS_CERTIFICATE_VERIFY, MXS_STAGE_CERTIFICATE_VERIFY },
        { MXS_TLS_NEW_SESSION_TICKET, MXS_STAGE_FINISHED },
        { MXS_TLS_FINISHED, MXS_STAGE_FINISHED },
    };
    if (dir == MXS_DIR_OUT) /* a second ClientHello answers a HelloRetryRequest */
        return type == MXS_TLS_CLIENT_HELLO ? t->walk->stage : MXS_STAGE_FINISHED;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (rows[i].type == type)
            return rows[i].stage;
    return t->walk->stage;
}

const struct mxs_session_facts *mxs_tls_facts(const struct mxs_tls *t)
{
    return mxs_evidence_session(t->walk->evidence, t->probe->session, NULL);
}

static const char *or_unknown(const char *name)
{
    return name ? name : "?";
}

static void say_server_hello(const struct mxs_tls *t, const struct mxs_session_facts *s)
{
    const char *group = s->tls.group ? mxs_tls_group_name(s->tls.group) : NULL;
    mxs_stage_say(t->walk, MXS_STAGE_OK, "%s %s%s%s",
                  or_unknown(mxs_tls_version_name(s->tls.version)),
                  or_unknown(mxs_tls_cipher_name(s->tls.cipher)), group ? " " : "",
                  group ? group : "");
}

static void say_certificate(const struct mxs_tls *t, const struct mxs_session_facts *s)
{
    size_t n = s->chain.certs.n;
    mxs_stage_say(t->walk, n ? MXS_STAGE_OK : MXS_STAGE_WARNING, "%zu certificate%s%s%s%s", n,
                  n == 1 ? "" : "s", n ? ", " : "", n ? s->chain.certs.v[0]->subject : "",
                  s->tls.ocsp_stapled ? ", OCSP staple" : "");
}

/* The line of a stage that went well, from the evidence. */
static void say(const struct mxs_tls *t)
{
    const struct mxs_session_facts *s = mxs_tls_facts(t);
    struct mxs_walk *walk = t->walk;
    if (!s || walk->status)
        return;
    switch (walk->stage) {
    case MXS_STAGE_CLIENT_HELLO:
        mxs_stage_say(walk, MXS_STAGE_OK, "SNI %s", s->tls.sni ? s->tls.sni : "none");
        break;
    case MXS_STAGE_SERVER_HELLO: say_server_hello(t, s); break;
    case MXS_STAGE_ENCRYPTED_EXTENSIONS:
        mxs_stage_say(walk, MXS_STAGE_OK, "ALPN %s", s->tls.alpn ? s->tls.alpn : "none");
        break;
    case MXS_STAGE_CERTIFICATE_REQUEST:
        mxs_stage_say(walk, MXS_STAGE_OK, "%zu acceptable CAs, %zu signature algorithms",
                      s->tls.client_auth.acceptable_cas.n,
                      s->tls.client_auth.signature_schemes.n);
        break;
    case MXS_STAGE_CERTIFICATE: say_certificate(t, s); break;
    case MXS_STAGE_CERTIFICATE_VERIFY:
        mxs_stage_say(walk, MXS_STAGE_OK, "%s",
                      or_unknown(mxs_tls_scheme_name(s->tls.signature_scheme)));
        break;
    default: break;
    }
}

static void leave(struct mxs_tls *t)
{
    say(t);
    mxs_stage_end(t->walk, t->probe, MXS_OK, NULL);
    t->left = mxs_loop_now(t->walk->loop);
}

/* Into a stage: the time since the one before was spent waiting for it. */
static void enter(struct mxs_tls *t, enum mxs_stage stage)
{
    if (t->walk->stage == stage)
        return;
    leave(t);
    t->visited[stage] = true;
    t->got = false;
    mxs_stage_begin(t->walk, t->probe, stage);
    t->walk->stage_began = t->left;
}

/* Where the handshake ends when it ends now. */
void mxs_tls_enter_due(struct mxs_tls *t)
{
    if (t->done || !t->got)
        return;
    enter(t, due_after(t, t->walk->stage));
    t->got = false;
}

void mxs_tls_skip_unvisited(struct mxs_tls *t)
{
    static const struct {
        enum mxs_stage stage;
        const char *reason;
    } rows[] = {
        { MXS_STAGE_ENCRYPTED_EXTENSIONS, "TLS 1.2 and before have no EncryptedExtensions" },
        { MXS_STAGE_CERTIFICATE_REQUEST, "the server does not ask for a certificate" },
        { MXS_STAGE_CERTIFICATE, "an anonymous suite: no certificate" },
        { MXS_STAGE_CERTIFICATE_VERIFY, "RSA key exchange: the server signs nothing" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (!t->visited[rows[i].stage])
            mxs_stage_skipped(t->walk, t->probe, rows[i].stage, rows[i].reason);
}

/* --- the observer --- */

static const char *who(enum mxs_dir dir)
{
    return dir == MXS_DIR_OUT ? "we" : "the server";
}

static void on_record(void *data, enum mxs_dir dir, struct mxs_bytes record)
{
    struct mxs_tls *t = data;
    const char *name = record.n ? mxs_tls_record_name(record.p[0]) : NULL;
    if (dir == MXS_DIR_IN) {
        t->record_since = true;
        if (!name && !t->version && !t->rubbish)
            t->rubbish = mxs_text_clip(t->walk->arena, record, 100);
    }
    bool noted = t->records > RECORDS_MAX || t->record_bytes > RECORD_BYTES_MAX;
    t->records++;
    t->record_bytes += record.n;
    if (t->records <= RECORDS_MAX && t->record_bytes <= RECORD_BYTES_MAX)
        mxs_walk_emit(t->walk, t->probe, MXS_EVENT_RECORD, dir, record, NULL, 0,
                      "record %s, %zu octets", or_unknown(name), record.n);
    else if (!noted)
        mxs_walk_note(t->walk, t->probe, "records-cut",
                      "further records are not kept: over %d records or %d octets", RECORDS_MAX,
                      RECORD_BYTES_MAX);
    if (noted)
        return;
    if (name && record.p[0] == 20)
        mxs_walk_emit(t->walk, t->probe, MXS_EVENT_CCS, dir, MXS_NO_DATA, NULL, 0,
                      "ChangeCipherSpec");
}

static const char *hello_gist(struct mxs_walk *walk, unsigned type, struct mxs_bytes body)
{
    struct mxs_tls_hello hello;
    if (!mxs_tls_hello_parse(walk->arena, type, body, &hello))
        return NULL;
    const char *version = or_unknown(mxs_tls_version_name(hello.version));
    const char *group = mxs_tls_group_name(hello.group);
    if (type == MXS_TLS_CLIENT_HELLO)
        return mxs_arena_printf(walk->arena, "up to %s, %s%s", version, hello.sni ? "SNI " : "no SNI",
                                hello.sni ? hello.sni : "");
    return mxs_arena_printf(walk->arena, "%s%s, %s%s%s", hello.retry ? "retry, " : "", version,
                            or_unknown(mxs_tls_cipher_name(hello.cipher)), group ? ", " : "",
                            group ? group : "");
}

/* What a message says, for the summary; NULL: nothing shorter than its fields. */
static const char *gist(struct mxs_walk *walk, unsigned type, unsigned version,
                        struct mxs_bytes body)
{
    struct mxs_tls_certificates certs;
    switch (type) {
    case MXS_TLS_CLIENT_HELLO:
    case MXS_TLS_SERVER_HELLO:
    case MXS_TLS_HELLO_RETRY_REQUEST:
        return hello_gist(walk, type, body);
    case MXS_TLS_CERTIFICATE:
        if (!mxs_tls_certificates_parse(walk->arena, version, body, &certs))
            return NULL;
        if (certs.der.n == 0)
            return "none";
        return mxs_arena_printf(walk->arena, "%zu certificate%s", certs.der.n,
                                certs.der.n == 1 ? "" : "s");
    case MXS_TLS_CERTIFICATE_VERIFY:
        return mxs_tls_scheme_name(mxs_tls_signature_scheme(type, version, body));
    default:
        return NULL;
    }
}

static void on_message(void *data, enum mxs_dir dir, unsigned type, unsigned version,
                       enum mxs_epoch epoch, struct mxs_bytes body)
{
    struct mxs_tls *t = data;
    struct mxs_walk *walk = t->walk;
    const char *name = or_unknown(mxs_tls_message_name(type));
    const char *says = gist(walk, type, version ? version : t->version, body);
    t->version = version ? version : t->version;
    t->record_since = false;
    if (!t->done)
        enter(t, stage_of(t, dir, type));
    t->got = true;
    if ((t->message_bytes += body.n) > MESSAGE_BYTES_MAX) {
        mxs_walk_note(walk, t->probe, "messages-cut", "%s is not kept: over %d octets of messages",
                      name, MESSAGE_BYTES_MAX);
        return;
    }
    mxs_walk_emit(walk, t->probe, MXS_EVENT_HANDSHAKE, dir, body,
                  MXS_ATTRS({ "type", mxs_walk_uint(walk, type) },
                            { "version", version ? mxs_walk_uint(walk, version) : NULL },
                            { "epoch", mxs_epoch_name(epoch) }),
                  "%s%s%s", name, says ? ", " : "", says ? says : "");
    if (!t->done)
        mxs_walk_waiting(walk, mxs_stage_title(due_after(t, walk->stage)), 0);
}

static void on_alert(void *data, enum mxs_dir dir, unsigned level, unsigned code, bool after)
{
    struct mxs_tls *t = data;
    uint8_t wire[] = { (uint8_t)level, (uint8_t)code };
    bool fatal = level == 2;
    if (dir == MXS_DIR_IN && fatal) {
        t->probe->alert = (int)code;
        mxs_tls_enter_due(t);
    }
    mxs_walk_emit(t->walk, t->probe, MXS_EVENT_ALERT, dir, mxs_bytes(wire, sizeof wire),
                  MXS_ATTRS({ "level", mxs_walk_uint(t->walk, level) },
                            { "code", mxs_walk_uint(t->walk, code) },
                            { "after-finished", after ? "1" : "0" }),
                  "%s sent %salert %s (%u)", who(dir), fatal ? "fatal " : "",
                  or_unknown(mxs_tls_alert_name(code)), code);
}

static void on_client_cert(void *data, enum mxs_client_sent sent, const char *why)
{
    static const char *const words[] = { "nothing", "empty", "certificate" };
    static const char *const texts[] = { "no certificate asked for",
                                         "an empty certificate message goes out",
                                         "our certificate goes out" };
    struct mxs_tls *t = data;
    mxs_walk_emit(t->walk, t->probe, MXS_EVENT_CLIENT_CERT, MXS_DIR_OUT, MXS_NO_DATA,
                  MXS_ATTRS({ "sent", words[sent] }, { "why", why }), "%s%s%s", texts[sent],
                  why && sent ? ": " : "", why && sent ? why : "");
}

static void on_flight(void *data, size_t bytes)
{
    struct mxs_tls *t = data;
    (void)bytes;
    if (!t->done)
        mxs_walk_gate(t->walk);
}

static void on_keylog(void *data, const char *line)
{
    struct mxs_tls *t = data;
    if (t->walk->options->keylog)
        mxs_walk_emit(t->walk, t->probe, MXS_EVENT_KEYLOG, MXS_DIR_NONE, mxs_bytes_str(line), NULL,
                      0, "%.*s", (int)strcspn(line, " "), line);
}

static void on_closed(void *data, enum mxs_close_how how)
{
    struct mxs_tls *t = data;
    mxs_tls_enter_due(t);
    mxs_smtp_close_event(t->walk, t->probe, "peer", how);
}

struct mxs_tls_observer mxs_tls_watch(struct mxs_tls *t)
{
    return (struct mxs_tls_observer){ .data = t,
                                      .record = on_record,
                                      .message = on_message,
                                      .alert = on_alert,
                                      .client_cert = on_client_cert,
                                      .flight = on_flight,
                                      .keylog = on_keylog,
                                      .closed = on_closed };
}
