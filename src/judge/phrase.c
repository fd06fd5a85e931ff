#include "config.h"

#include "judge/phrase.h"

#include <string.h>

#include "base/text.h"
#include "facts/dn.h"
#include "facts/refid.h"
#include "facts/tls.h"
#include "judge/library.h"

static const char open_end[] = "...";

struct filling {
    struct mxs_arena *arena;
    const struct mxs_phrase *p;
};

static const char *number(const struct filling *f, int n)
{
    return n < 0 ? NULL : mxs_arena_printf(f->arena, "%d", n);
}

/* --- the blanks --- */

static const char *host(const struct filling *f) { return f->p->host; }
static const char *client(const struct filling *f) { return f->p->client; }
static const char *client_address(const struct filling *f) { return f->p->client_address; }
static const char *label(const struct filling *f) { return f->p->label; }
static const char *depth(const struct filling *f) { return number(f, f->p->depth); }
static const char *code(const struct filling *f) { return number(f, f->p->code); }
static const char *alert_number(const struct filling *f) { return number(f, f->p->alert); }
static const char *reason(const struct filling *f) { return f->p->reason; }
static const char *reply(const struct filling *f) { return f->p->reply; }

/* Evidence from words has the host's name in its place. */
static const char *address(const struct filling *f)
{
    return f->p->address && mxs_name_is_address(f->p->address) ? f->p->address : NULL;
}

static const char *version(const struct filling *f)
{
    return f->p->tls_version == MXS_TLS_1_2 ? "TLSv1.2"
         : f->p->tls_version == MXS_TLS_1_3 ? "TLSv1.3" : NULL;
}

static const char *alert(const struct filling *f)
{
    return f->p->alert < 0 ? NULL : mxs_library_alert(f->p->gnutls, f->p->alert);
}

static const char *command(const struct filling *f)
{
    switch (f->p->stage) {
    case MXS_STAGE_EHLO_TLS: return "EHLO";
    case MXS_STAGE_AUTH: return "AUTH EXTERNAL";
    case MXS_STAGE_MAIL: return "MAIL FROM";
    case MXS_STAGE_RCPT: return "RCPT TO";
    default: return NULL;
    }
}

static const char *name(const struct filling *f, bool issuer, enum mxs_dn_style style)
{
    const struct mxs_cert *c = f->p->cert;
    return c ? mxs_dn_styled(f->arena, issuer ? c->issuer_raw : c->subject_raw, style) : NULL;
}

static const char *subject(const struct filling *f)
{
    const char *text = name(f, false, MXS_DN_COMMAS);
    return text && !*text && f->p->nameless ? f->p->nameless : text;
}

static const char *subject_slashes(const struct filling *f) { return name(f, false, MXS_DN_SLASHES); }
static const char *subject_spaced(const struct filling *f) { return name(f, false, MXS_DN_SPACED); }
static const char *issuer(const struct filling *f) { return name(f, true, MXS_DN_COMMAS); }
static const char *issuer_slashes(const struct filling *f) { return name(f, true, MXS_DN_SLASHES); }
static const char *issuer_spaced(const struct filling *f) { return name(f, true, MXS_DN_SPACED); }

static const char *fingerprint(const struct filling *f)
{
    struct mxs_cert_identity own;
    if (!f->p->cert)
        return NULL;
    return mxs_hex(f->arena, mxs_bytes(mxs_cert_identity(f->p->cert, &own)->sha256, 32));
}

/* What OpenSSL's users call the place of a certificate: CA, or the role of the leaf. */
static const char *purpose(const struct filling *f)
{
    return f->p->depth > 0 ? "CA" : "client";
}

static const struct blank {
    const char *name;
    const char *(*value)(const struct filling *f);
} blanks[] = {
    { "host", host }, { "address", address }, { "client", client },
    { "client-address", client_address }, { "version", version }, { "label", label },
    { "subject", subject }, { "subject-slashes", subject_slashes },
    { "subject-spaced", subject_spaced }, { "issuer", issuer },
    { "issuer-slashes", issuer_slashes }, { "issuer-spaced", issuer_spaced },
    { "fingerprint", fingerprint }, { "depth", depth }, { "purpose", purpose }, { "code", code },
    { "reason", reason },
    { "alert", alert }, { "alert-number", alert_number }, { "reply", reply }, { "command", command },
};

static const struct blank *blank_of(const char *piece)
{
    size_t n = strlen(piece);
    for (size_t i = 0; i < MXS_COUNT(blanks); i++)
        if (n > 2 && strlen(blanks[i].name) == n - 2 && strncmp(blanks[i].name, piece + 1, n - 2) == 0)
            return &blanks[i];
    return NULL;
}

/* --- templates --- */

/* The next piece: a {blank}, or text up to the next one. NULL at the end. */
static const char *next_piece(struct mxs_arena *arena, const char **at)
{
    const char *p = *at, *end = *p == '{' ? strchr(p, '}') : NULL;
    if (!*p)
        return NULL;
    size_t n = end ? (size_t)(end - p) + 1 : strcspn(p + 1, "{") + 1;
    *at = p + n;
    return mxs_arena_strndup(arena, p, n);
}

static bool is_blank(const char *piece)
{
    return piece[0] == '{' && piece[strlen(piece) - 1] == '}';
}

const char *mxs_phrase_unknown(struct mxs_arena *arena, const char *template)
{
    const char *piece;
    while ((piece = next_piece(arena, &template)))
        if (is_blank(piece) && strcmp(piece, "{error}") != 0 && !blank_of(piece))
            return piece;
    return NULL;
}

const char *mxs_phrase_fill(struct mxs_arena *arena, const char *template, const struct mxs_phrase *p)
{
    struct filling f = { arena, p };
    const char *out = "", *piece;
    while ((piece = next_piece(arena, &template))) {
        const struct blank *b = is_blank(piece) ? blank_of(piece) : NULL;
        const char *value = b ? b->value(&f) : piece;
        out = mxs_arena_printf(arena, "%s%s", out, value ? value : open_end);
    }
    return mxs_text_clean(arena, mxs_bytes_str(out));
}

/* {error} is a template, and may be of several lines: it goes in before the lines are told apart, so that
 * no value can make one. */
static const char *with_error(struct mxs_arena *arena, const char *template, const char *error)
{
    const char *out = "", *piece;
    while ((piece = next_piece(arena, &template)))
        out = mxs_arena_printf(arena, "%s%s", out,
                               strcmp(piece, "{error}") ? piece : error ? error : open_end);
    return out;
}

void mxs_phrase_say(struct mxs_arena *arena, const char *template, const struct mxs_phrase *p,
                    struct mxs_strs *out)
{
    const char *rest = template ? with_error(arena, template, p->error) : "";
    while (*rest) {
        const char *bar = strstr(rest, " | ");
        size_t n = bar ? (size_t)(bar - rest) : strlen(rest);
        *mxs_list_add(arena, out) = mxs_phrase_fill(arena, mxs_arena_strndup(arena, rest, n), p);
        rest += n + (bar ? 3 : 0);
    }
}

void mxs_then_log(struct mxs_arena *arena, const struct mxs_verdict *verdict,
                  const struct mxs_then *then, struct mxs_strs *out)
{
    if (!verdict->phrase)
        return;
    struct mxs_phrase p = *verdict->phrase;
    p.gnutls = then->gnutls;
    mxs_phrase_say(arena, then->log, &p, out);
}
