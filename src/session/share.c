/* Sessions that walks share (options.share): where many domains have one mail server, each address, port,
 * SNI and offer is probed once, and its events go into the journals of the others as they were. What is
 * expected of the server differs by domain, so that stage is each walk's own. */
#include "config.h"

#include "session/walk.h"

#include <stdlib.h>
#include <string.h>

enum {
    BYTES_MAX = 8 * 1024 * 1024, /* of events kept; the oldest go first */
    BUSY_S = 30                  /* a 421 is news for so long */
};

struct kept {
    struct kept *next; /* newer first */
    struct mxs_arena *arena;
    const char *key, *target;
    MXS_LIST(struct mxs_event) events;
    struct mxs_probe outcome; /* end, reply, alert and flags; its pointers mean nothing */
    int64_t until;            /* loop time, 0 = for good */
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
    mxs_arena_free(kept->arena);
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

static struct kept *find(struct mxs_walk *walk, const char *key)
{
    for (struct kept **at = &walk->share->first; *at; at = &(*at)->next) {
        struct kept *k = *at;
        if (strcmp(k->key, key) != 0)
            continue;
        if (!k->until || k->until > mxs_loop_now(walk->loop))
            return k;
        *at = k->next;
        free_kept(k);
        break;
    }
    return NULL;
}

bool mxs_share_replay(struct mxs_walk *walk, struct mxs_probe *probe)
{
    const struct kept *k = walk->share ? find(walk, key_of(walk, probe)) : NULL;
    if (!k)
        return false;
    mxs_walk_note(walk, probe, "shared", "as it was for %s", k->target);
    for (size_t i = 0; i < k->events.n; i++) {
        struct mxs_event event = k->events.v[i];
        event.session = probe->session;
        event.t = 0;
        mxs_journal_append(walk->journal, &event);
    }
    probe->end = k->outcome.end;
    probe->reply = k->outcome.reply;
    probe->alert = k->outcome.alert;
    probe->connected = k->outcome.connected;
    probe->served = k->outcome.served;
    probe->lacks_kind = k->outcome.lacks_kind;
    return true;
}

static void copy_event(struct kept *kept, const struct mxs_event *event)
{
    struct mxs_attr *attrs = mxs_arena_alloc(kept->arena, event->n_attrs * sizeof *attrs);
    struct mxs_event *copy = mxs_list_add(kept->arena, &kept->events);
    *copy = *event;
    copy->summary = mxs_arena_strdup(kept->arena, event->summary);
    copy->data = mxs_arena_bytes(kept->arena, event->data);
    for (size_t i = 0; i < event->n_attrs; i++)
        attrs[i] = (struct mxs_attr){ mxs_arena_strdup(kept->arena, event->attrs[i].name),
                                      mxs_arena_strdup(kept->arena, event->attrs[i].value) };
    copy->attrs = attrs;
}

static void cut(struct mxs_share *share)
{
    size_t bytes = 0;
    for (struct kept **at = &share->first; *at;) {
        struct kept *k = *at;
        bytes += mxs_arena_size(k->arena);
        if (bytes <= BYTES_MAX) {
            at = &k->next;
            continue;
        }
        *at = k->next;
        free_kept(k);
    }
}

void mxs_share_keep(struct mxs_walk *walk, const struct mxs_probe *probe, size_t first)
{
    if (!walk->share || mxs_coro_cancelled(walk->coro))
        return;
    struct kept *k = mxs_alloc(sizeof *k);
    k->arena = mxs_arena_new();
    k->key = mxs_arena_strdup(k->arena, key_of(walk, probe));
    k->target = mxs_arena_strdup(k->arena, walk->target.text);
    k->outcome = *probe;
    k->until = probe->reply == 421 ? mxs_loop_now(walk->loop) + BUSY_S * INT64_C(1000000) : 0;
    for (size_t i = first; i < mxs_journal_count(walk->journal); i++) {
        const struct mxs_event *event = mxs_journal_at(walk->journal, i);
        if (event->session == probe->session)
            copy_event(k, event);
    }
    k->next = walk->share->first;
    walk->share->first = k;
    cut(walk->share);
}
