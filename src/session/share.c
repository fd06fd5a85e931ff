/* Sessions that walks share (options.share): where many domains have one mail server, each address, port,
 * SNI and offer is probed once, and its events go into the journals of the others as they were. What is
 * expected of the server differs by domain, so that stage is each walk's own. */
#include "config.h"

#include "session/walk.h"

#include <stdlib.h>
#include <string.h>

enum {
    BYTES_MAX = 4 * 1024 * 1024, /* kept, several hundred sessions; what was not used for longest goes */
    SESSION_MAX = 1024 * 1024,   /* a session with more is had again */
    ATTRS_MAX = 64,
    BUSY_S = 30                  /* a 421 is news for so long */
};

struct kept {
    struct kept *next;   /* used more recently first */
    char *key, *target;
    uint8_t *events;     /* one behind the other, see pack() */
    size_t n;
    struct mxs_probe outcome; /* end, reply, alert and flags; its pointers mean nothing */
    int64_t until;            /* loop time, 0 = for good */
};

/* An event in little room, for there are hundreds of sessions: this, then its text and the names and
 * values of its attributes, each ended by NUL, then its data. */
struct packed {
    enum mxs_stage stage;
    enum mxs_event_kind kind;
    enum mxs_dir dir;
    unsigned n_attrs;
    size_t n_data;
};

struct mxs_share {
    struct kept *first;
};

struct mxs_share *mxs_share_new(void)
{
    return mxs_alloc(sizeof(struct mxs_share));
}

static void free_kept(struct kept *kept)
{
    free(kept->events);
    free(kept->key);
    free(kept->target);
    free(kept);
}

void mxs_share_free(struct mxs_share *share)
{
    for (struct kept *k = share ? share->first : NULL, *next; k; k = next) {
        next = k->next;
        free_kept(k);
    }
    free(share);
}

/* All that decides how a session goes; the rest is the same for a whole engine. */
static const char *key_of(struct mxs_walk *walk, const struct mxs_probe *p)
{
    const char *address = p->address;
    unsigned port = p->port;
    mxs_walk_connect_to(walk, p->host, p->port, &address, &port);
    return mxs_arena_printf(walk->arena, "%s %u %s %s %d %d", address, port, p->sni ? p->sni : "",
                            mxs_offer_name(p->offer), p->client_cert, p->mode);
}

/* Moved to the front: in use. */
static struct kept *find(struct mxs_walk *walk, const char *key)
{
    for (struct kept **at = &walk->share->first; *at; at = &(*at)->next) {
        struct kept *k = *at;
        if (strcmp(k->key, key) != 0)
            continue;
        *at = k->next;
        if (k->until && k->until <= mxs_loop_now(walk->loop)) {
            free_kept(k);
            break;
        }
        k->next = walk->share->first;
        walk->share->first = k;
        return k;
    }
    return NULL;
}

/* --- packing --- */

/* What does not fit shows in pack(). */
static void put_text(struct mxs_buf *out, const char *text)
{
    mxs_buf_add(out, text, strlen(text) + 1);
}

static bool pack(struct mxs_buf *out, const struct mxs_event *event)
{
    struct packed head = { .stage = event->stage, .kind = event->kind, .dir = event->dir,
                           .n_attrs = event->n_attrs < ATTRS_MAX ? (unsigned)event->n_attrs
                                                                 : ATTRS_MAX,
                           .n_data = event->data.n };
    mxs_buf_add(out, &head, sizeof head);
    put_text(out, event->summary);
    for (unsigned i = 0; i < head.n_attrs; i++) {
        put_text(out, event->attrs[i].name);
        put_text(out, event->attrs[i].value);
    }
    return mxs_buf_add(out, event->data.p, event->data.n) == MXS_OK && mxs_buf_room(out) > 0;
}

static const char *take_text(const uint8_t **p)
{
    const char *text = (const char *)*p;
    *p += strlen(text) + 1;
    return text;
}

/* Appends the event at p to the journal; returns what is behind it. */
static const uint8_t *unpack(const uint8_t *p, struct mxs_journal *journal, uint32_t session)
{
    struct packed head;
    struct mxs_attr attrs[ATTRS_MAX];
    memcpy(&head, p, sizeof head);
    p += sizeof head;
    struct mxs_event event = { .session = session, .stage = head.stage, .kind = head.kind,
                               .dir = head.dir, .summary = take_text(&p), .attrs = attrs,
                               .n_attrs = head.n_attrs };
    for (unsigned i = 0; i < head.n_attrs; i++) {
        attrs[i].name = take_text(&p);
        attrs[i].value = take_text(&p);
    }
    event.data = mxs_bytes(p, head.n_data);
    mxs_journal_append(journal, &event);
    return p + head.n_data;
}

bool mxs_share_replay(struct mxs_walk *walk, struct mxs_probe *probe)
{
    const struct kept *k = walk->share ? find(walk, key_of(walk, probe)) : NULL;
    const uint8_t *p = k ? k->events : NULL;
    if (!k)
        return false;
    mxs_walk_note(walk, probe, "shared", "as it was for %s", k->target);
    while (p < k->events + k->n)
        p = unpack(p, walk->journal, probe->session);
    probe->end = k->outcome.end;
    probe->reply = k->outcome.reply;
    probe->alert = k->outcome.alert;
    probe->connected = k->outcome.connected;
    probe->served = k->outcome.served;
    probe->lacks_kind = k->outcome.lacks_kind;
    return true;
}

static void cut(struct mxs_share *share)
{
    size_t bytes = 0;
    for (struct kept **at = &share->first; *at;) {
        struct kept *k = *at;
        bytes += sizeof *k + k->n;
        if (bytes <= BYTES_MAX) {
            at = &k->next;
            continue;
        }
        *at = k->next;
        free_kept(k);
    }
}

static void keep(struct mxs_walk *walk, const struct mxs_probe *probe, const struct mxs_buf *packed)
{
    struct kept *k = mxs_alloc(sizeof *k);
    k->key = mxs_strdup(key_of(walk, probe));
    k->target = mxs_strdup(walk->target.text);
    k->outcome = *probe;
    k->until = probe->reply == 421 ? mxs_loop_now(walk->loop) + BUSY_S * INT64_C(1000000) : 0;
    k->events = mxs_alloc(packed->n); /* no more than it needs */
    k->n = packed->n;
    memcpy(k->events, packed->p, packed->n);
    k->next = walk->share->first;
    walk->share->first = k;
    cut(walk->share);
}

void mxs_share_keep(struct mxs_walk *walk, const struct mxs_probe *probe, size_t first)
{
    if (!walk->share || mxs_coro_cancelled(walk->coro))
        return;
    struct mxs_buf packed;
    bool whole = true;
    mxs_buf_init(&packed, SESSION_MAX);
    for (size_t i = first; i < mxs_journal_count(walk->journal) && whole; i++) {
        const struct mxs_event *event = mxs_journal_at(walk->journal, i);
        if (event->session == probe->session)
            whole = pack(&packed, event);
    }
    if (whole)
        keep(walk, probe, &packed);
    mxs_buf_fini(&packed);
}
