#include "config.h"

#include "journal/fold_room.h"

#include <string.h>

/* Far above any chain that a library accepts; the walk names what it cut. */
enum { CHAIN_MAX = 200, MESSAGES_MAX = 10000 };

static const struct mxs_name epochs[] = {
    { MXS_EPOCH_CLEAR, "clear" }, { MXS_EPOCH_HANDSHAKE, "handshake" },
    { MXS_EPOCH_APPLICATION, "application" }, { 0, NULL },
};

/* What a message adds to the facts: one row per type that does (RFC 8446 4, RFC 5246 7.4). */
struct message {
    struct mxs_arena *arena;
    struct mxs_session_facts *s;
    struct mxs_tls_facts *tls;
    unsigned type, version;
    struct mxs_bytes body;
};

static void client_hello(const struct message *m)
{
    struct mxs_tls_hello hello = { 0 };
    m->s->has_tls = true;
    if (mxs_tls_hello_parse(m->arena, m->type, m->body, &hello))
        m->tls->sni = hello.sni;
}

static void server_hello(const struct message *m)
{
    struct mxs_tls_hello hello = { 0 };
    if (!mxs_tls_hello_parse(m->arena, m->type, m->body, &hello) || hello.retry)
        return;
    m->tls->version = hello.version;
    m->tls->cipher = hello.cipher;
    m->tls->group = hello.group ? hello.group : m->tls->group;
    m->tls->alpn = hello.alpn ? hello.alpn : m->tls->alpn;
}

static void encrypted_extensions(const struct message *m)
{
    m->tls->alpn = mxs_tls_alpn(m->arena, m->body);
}

static void keep_chain(const struct message *m, const struct mxs_tls_certificates *list,
                       struct mxs_chain *out)
{
    const struct mxs_cert *cert;
    for (size_t i = 0; i < list->der.n && i < CHAIN_MAX; i++)
        if (mxs_cert_parse(m->arena, list->der.v[i], &cert, NULL) == MXS_OK)
            *mxs_list_add(m->arena, &out->certs) = cert;
}

static void own_certificate(const struct message *m)
{
    struct mxs_tls_certificates list = { 0 };
    if (!mxs_tls_certificates_parse(m->arena, m->version, m->body, &list))
        return;
    keep_chain(m, &list, &m->tls->client_auth.chain);
    /* What left counts, not what was chosen: GnuTLS withholds what the offer cannot sign with. */
    m->tls->client_auth.sent = list.der.n ? MXS_SENT_CERTIFICATE : MXS_SENT_EMPTY;
}

static void certificate(const struct message *m)
{
    struct mxs_tls_certificates list = { 0 };
    if (m->s->chain.certs.n || !mxs_tls_certificates_parse(m->arena, m->version, m->body, &list))
        return;
    keep_chain(m, &list, &m->s->chain);
    if (list.ocsp.n) {
        m->tls->ocsp_stapled = true;
        m->tls->ocsp = mxs_arena_bytes(m->arena, list.ocsp);
    }
}

/* RFC 6066 8: status type 1 (ocsp), then the response with a length of three octets. */
static void certificate_status(const struct message *m)
{
    struct mxs_cursor c = mxs_cursor(m->body);
    unsigned type = mxs_cursor_uint(&c, 1);
    struct mxs_cursor response = mxs_cursor_vector(&c, 3);
    size_t n = mxs_cursor_left(&response);
    if (type != 1 || c.bad || n == 0)
        return;
    m->tls->ocsp_stapled = true;
    m->tls->ocsp = mxs_arena_bytes(m->arena, mxs_cursor_take(&response, n));
}

static void certificate_request(const struct message *m)
{
    struct mxs_tls_certificate_request request = { 0 };
    struct mxs_client_auth *auth = &m->tls->client_auth;
    auth->requested = true;
    if (!mxs_tls_certificate_request_parse(m->arena, m->version, m->body, &request))
        return;
    auth->acceptable_cas = request.authorities;
    auth->signature_schemes.n = 0;
    for (size_t i = 0; i < request.signature_schemes.n; i++)
        *mxs_list_add(m->arena, &auth->signature_schemes) = request.signature_schemes.v[i];
}

static void server_key_exchange(const struct message *m)
{
    unsigned group = mxs_tls_key_exchange_group(m->body);
    m->tls->group = group ? group : m->tls->group;
    m->tls->signature_scheme = mxs_tls_signature_scheme(m->type, m->version, m->body);
}

static void certificate_verify(const struct message *m)
{
    m->tls->signature_scheme = mxs_tls_signature_scheme(m->type, m->version, m->body);
}

static const struct {
    unsigned type;
    enum mxs_dir dir;
    void (*fn)(const struct message *m);
} messages[] = {
    { MXS_TLS_CLIENT_HELLO, MXS_DIR_OUT, client_hello },
    { MXS_TLS_SERVER_HELLO, MXS_DIR_IN, server_hello },
    { MXS_TLS_ENCRYPTED_EXTENSIONS, MXS_DIR_IN, encrypted_extensions },
    { MXS_TLS_CERTIFICATE, MXS_DIR_IN, certificate },
    { MXS_TLS_CERTIFICATE, MXS_DIR_OUT, own_certificate },
    { MXS_TLS_CERTIFICATE_STATUS, MXS_DIR_IN, certificate_status },
    { MXS_TLS_CERTIFICATE_REQUEST, MXS_DIR_IN, certificate_request },
    { MXS_TLS_SERVER_KEY_EXCHANGE, MXS_DIR_IN, server_key_exchange },
    { MXS_TLS_CERTIFICATE_VERIFY, MXS_DIR_IN, certificate_verify },
};

static bool seen(const struct mxs_tls_facts *tls, unsigned type, enum mxs_dir dir)
{
    for (size_t i = 0; i < tls->messages.n; i++)
        if (tls->messages.v[i].type == type && tls->messages.v[i].dir == dir)
            return true;
    return false;
}

static void add_message(struct mxs_evidence *ev, struct mxs_tls_facts *tls,
                        const struct mxs_event *event, unsigned type)
{
    const char *epoch = mxs_event_attr(event, "epoch");
    int value = epoch ? mxs_name_value(epochs, epoch) : -1;
    struct mxs_tls_message *message = mxs_list_add(ev->arena, &tls->messages);
    *message = (struct mxs_tls_message){
        .n = (unsigned)tls->messages.n,
        .dir = event->dir,
        .type = (uint8_t)type,
        .length = event->data.n,
        .epoch = value < 0 ? MXS_EPOCH_CLEAR : (enum mxs_epoch)value,
        .seq = event->seq,
    };
    if (type == MXS_TLS_FINISHED)
        tls->finished = seen(tls, type, MXS_DIR_OUT) && seen(tls, type, MXS_DIR_IN);
}

void mxs_fold_handshake(struct mxs_evidence *ev, struct mxs_session_facts *s,
                        const struct mxs_event *event)
{
    long type = mxs_event_attr_int(event, "type", -1);
    if (type < 0 || type > 255 || s->tls.messages.n >= MESSAGES_MAX)
        return;
    add_message(ev, &s->tls, event, (unsigned)type);
    struct message m = { ev->arena, s, &s->tls, (unsigned)type, s->tls.version, event->data };
    if (!m.version)
        m.version = (unsigned)mxs_event_attr_int(event, "version", 0);
    for (size_t i = 0; i < MXS_COUNT(messages); i++)
        if (messages[i].type == m.type && messages[i].dir == event->dir)
            messages[i].fn(&m);
}

void mxs_fold_alert(struct mxs_evidence *ev, struct mxs_session_facts *s,
                    const struct mxs_event *event)
{
    if (s->tls.alerts.n >= MESSAGES_MAX)
        return;
    *mxs_list_add(ev->arena, &s->tls.alerts) = (struct mxs_tls_alert){
        .dir = event->dir,
        .level = (uint8_t)mxs_event_attr_int(event, "level", event->data.n ? event->data.p[0] : 0),
        .code = (uint8_t)mxs_event_attr_int(event, "code",
                                            event->data.n > 1 ? event->data.p[1] : 0),
        .after_finished = mxs_event_attr_int(event, "after-finished", 0) == 1,
        .seq = event->seq,
    };
}

void mxs_fold_client_cert(struct mxs_evidence *ev, struct mxs_session_facts *s,
                          const struct mxs_event *event)
{
    static const struct mxs_name words[] = {
        { MXS_SENT_NOTHING, "nothing" }, { MXS_SENT_EMPTY, "empty" },
        { MXS_SENT_CERTIFICATE, "certificate" }, { 0, NULL },
    };
    const char *sent = mxs_event_attr(event, "sent");
    int value = sent ? mxs_name_value(words, sent) : -1;
    if (value < 0)
        return;
    s->tls.client_auth.sent = (enum mxs_client_sent)value;
    s->tls.client_auth.sent_why = mxs_arena_strdup(ev->arena, mxs_event_attr(event, "why"));
}

void mxs_fold_client_verdict(struct mxs_evidence *ev, struct mxs_session_facts *s,
                             const struct mxs_event *event)
{
    static const struct mxs_name words[] = {
        { MXS_CLIENT_OPEN, "open" }, { MXS_CLIENT_ACCEPTED, "accepted" },
        { MXS_CLIENT_REFUSED, "refused" }, { 0, NULL },
    };
    struct mxs_client_auth *auth = &s->tls.client_auth;
    const char *verdict = mxs_event_attr(event, "verdict");
    int value = verdict ? mxs_name_value(words, verdict) : -1;
    if (value < 0)
        return;
    auth->verdict = (enum mxs_client_verdict)value;
    auth->verdict_why = mxs_arena_strdup(ev->arena, mxs_event_attr(event, "why"));
    auth->alert = (int)mxs_event_attr_int(event, "alert", -1);
    auth->reply = (int)mxs_event_attr_int(event, "reply", 0);
    /* Whether a certificate is needed shows only where none was given. */
    if (auth->requested && auth->sent != MXS_SENT_CERTIFICATE && auth->verdict != MXS_CLIENT_OPEN)
        auth->required = auth->verdict == MXS_CLIENT_REFUSED;
}
