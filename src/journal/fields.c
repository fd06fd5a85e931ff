#include "config.h"

#include "journal/journal.h"

#include <string.h>

#include "base/text.h"
#include "facts/wire.h"

/* Kind of event → decoder of its bytes. What has no row, or no bytes, shows its attributes only. */
typedef struct mxs_field *(*fields_fn)(struct mxs_arena *arena, const struct mxs_event *event);

static struct mxs_field *dns(struct mxs_arena *arena, const struct mxs_event *event)
{
    return mxs_dns_fields(arena, event->data);
}

static struct mxs_field *policy(struct mxs_arena *arena, const struct mxs_event *event)
{
    return mxs_sts_policy_fields(arena, event->data);
}

static struct mxs_field *certificate(struct mxs_arena *arena, const struct mxs_event *event)
{
    return mxs_cert_fields(arena, event->data, 0);
}

static struct mxs_field *smtp(struct mxs_arena *arena, const struct mxs_event *event)
{
    if (event->dir == MXS_DIR_OUT)
        return mxs_smtp_command_fields(arena, event->data);
    return mxs_smtp_reply_fields(arena, event->data, mxs_event_attr_int(event, "ehlo", 0) == 1);
}

static struct mxs_field *glued(struct mxs_arena *arena, const struct mxs_event *event)
{
    struct mxs_wire w = mxs_wire_root(arena, "behind the 220 of STARTTLS", event->data);
    mxs_wire_text(&w, "octets", mxs_wire_left(&w));
    w.at->value = w.at->last->value;
    w.at->flags |= MXS_FIELD_WARN;
    mxs_field_note(arena, w.at, "sent in the clear, before TLS: never read as TLS or as replies "
                                "(RFC 3207 4.2)");
    return w.at;
}

static struct mxs_field *record(struct mxs_arena *arena, const struct mxs_event *event)
{
    return mxs_tls_record_fields(arena, event->data);
}

static struct mxs_field *handshake(struct mxs_arena *arena, const struct mxs_event *event)
{
    return mxs_tls_message_fields(arena, (unsigned)mxs_event_attr_int(event, "type", 255),
                                  (unsigned)mxs_event_attr_int(event, "version", 0), event->data);
}

static struct mxs_field *alert(struct mxs_arena *arena, const struct mxs_event *event)
{
    return mxs_tls_alert_fields(arena, event->data);
}

static struct mxs_field *ccs(struct mxs_arena *arena, const struct mxs_event *event)
{
    struct mxs_wire w = mxs_wire_root(arena, "ChangeCipherSpec", event->data);
    if (mxs_wire_uint(&w, "type", 1) != 1 && !w.c.bad)
        mxs_wire_malformed(&w, "1 (RFC 5246 7.1)");
    mxs_wire_end(&w);
    return w.at;
}

/* "LABEL <client random> <secret>", the NSS key log format. */
static struct mxs_field *keylog(struct mxs_arena *arena, const struct mxs_event *event)
{
    static const char *const names[] = { "label", "client random", "secret" };
    struct mxs_wire w = mxs_wire_root(arena, "key log", event->data);
    for (size_t i = 0; i < MXS_COUNT(names) && mxs_wire_more(&w); i++) {
        const uint8_t *space = memchr(w.c.p, ' ', mxs_wire_left(&w));
        bool last = i + 1 == MXS_COUNT(names) || !space;
        mxs_wire_text(&w, names[i], last ? mxs_wire_left(&w) : (size_t)(space - w.c.p));
        w.c.p += last ? 0 : 1;
    }
    w.at->value = w.at->child ? w.at->child->value : NULL;
    return w.at;
}

static const fields_fn decoders[MXS_EVENT_KIND_COUNT] = {
    [MXS_EVENT_DNS] = dns,
    [MXS_EVENT_POLICY] = policy,
    [MXS_EVENT_POLICY_CERTIFICATE] = certificate,
    [MXS_EVENT_SMTP] = smtp,
    [MXS_EVENT_GLUED] = glued,
    [MXS_EVENT_RECORD] = record,
    [MXS_EVENT_HANDSHAKE] = handshake,
    [MXS_EVENT_CCS] = ccs,
    [MXS_EVENT_ALERT] = alert,
    [MXS_EVENT_KEYLOG] = keylog,
};

static void attributes(struct mxs_arena *arena, struct mxs_field *parent,
                       const struct mxs_event *event)
{
    for (size_t i = 0; i < event->n_attrs; i++) {
        struct mxs_bytes value = mxs_bytes_str(event->attrs[i].value);
        mxs_field_add(arena, parent, mxs_arena_strdup(arena, event->attrs[i].name), 0, 0,
                      mxs_text_clean(arena, value));
    }
}

struct mxs_field *mxs_event_fields(struct mxs_arena *arena, const struct mxs_event *event)
{
    const char *kind = mxs_event_kind_name(event->kind);
    fields_fn fn = kind ? decoders[event->kind] : NULL;
    if (event->data.n == 0 || !fn) {
        struct mxs_field *root = mxs_field_new(arena, kind ? kind : "event");
        root->value = mxs_text_clean(arena, mxs_bytes_str(event->summary));
        attributes(arena, root, event);
        return root;
    }
    struct mxs_field *root = fn(arena, event);
    if (event->n_attrs) /* what no decoder can get from the bytes: a verdict, a reason */
        attributes(arena, mxs_field_add(arena, root, "event", 0, 0, kind), event);
    return root;
}
