#include "config.h"

#include "facts/tls_decode.h"

#include "base/clock.h"
#include "facts/tls_names.h"

static const char *sct_version(unsigned version)
{
    return version == 0 ? "v1" : NULL;
}

/* Milliseconds since 1970 (RFC 6962 3.2). */
static void timestamp(struct mxs_wire *w)
{
    struct mxs_bytes b = mxs_wire_hex(w, "timestamp", 8);
    uint64_t ms = 0;
    for (size_t i = 0; i < b.n; i++)
        ms = ms << 8 | b.p[i];
    if (b.n == 0)
        return;
    if (ms > 253402300799999u) /* 9999-12-31 */
        w->at->last->flags |= MXS_FIELD_WARN;
    else
        w->at->last->value = mxs_time_text(w->arena, (int64_t)(ms / 1000));
    w->at->value = w->at->last->value;
}

static void signature(struct mxs_wire *w)
{
    struct mxs_wire s = mxs_wire_begin(w, "signature");
    mxs_wire_named(&s, "hash", 1, mxs_tls_hash_name);
    mxs_wire_named(&s, "algorithm", 1, mxs_tls_signature_name);
    mxs_wire_vector_hex(&s, "value", 2);
    mxs_wire_close(w, &s);
}

void mxs_tls_sct_list_decode(struct mxs_wire *w)
{
    struct mxs_wire list = mxs_wire_vector(w, "timestamps", 2);
    size_t n = 0;
    for (; mxs_wire_more(&list); n++) {
        struct mxs_wire sct = mxs_wire_vector(&list, "timestamp of a log", 2);
        unsigned version = mxs_wire_named(&sct, "version", 1, sct_version);
        if (version != 0) { /* another layout (RFC 9162) */
            mxs_wire_opaque(&sct, "contents", mxs_wire_left(&sct));
            continue;
        }
        mxs_wire_hex(&sct, "log id", 32);
        timestamp(&sct);
        mxs_wire_vector_hex(&sct, "extensions", 2);
        signature(&sct);
        mxs_wire_end(&sct);
    }
    list.at->value = mxs_arena_printf(w->arena, "%zu", n);
    mxs_wire_end(&list);
}
