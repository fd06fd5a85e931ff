#include "config.h"

#include "whatif/plan_room.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ACME clients keep what the next renewal does in lines of NAME = VALUE: certbot in renewal/NAME.conf
 * (ConfigObj), acme.sh in DOMAIN.conf and dehydrated in config (shell assignments). */

struct client { /* what was read so far */
    struct mxs_arena *arena;
    const char *type;     /* RSA, ECDSA */
    const char *bits, *curve;
    bool reuse;
    const char *profile;
    int64_t margin;
    unsigned known;       /* lines that say something to us */
};

struct row {
    const char *name;
    void (*set)(struct client *c, const char *value);
};

static bool yes(const char *v)
{
    return mxs_ascii_equal(v, "true") || mxs_ascii_equal(v, "yes") || strcmp(v, "1") == 0;
}

/* --- values ---------------------------------------------------------------------------------------- */

static void set_reuse(struct client *c, const char *v)
{
    c->reuse = yes(v);
}

static void set_new_key(struct client *c, const char *v)
{
    c->reuse = !yes(v);
}

static void set_type(struct client *c, const char *v)
{
    static const struct { const char *word, *type, *curve; } words[] = {
        { "rsa", "RSA", NULL },           { "ecdsa", "ECDSA", NULL },
        { "prime256v1", "ECDSA", "P256" }, { "secp384r1", "ECDSA", "P384" },
        { "secp521r1", "ECDSA", "P521" },
    };
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (mxs_ascii_equal(v, words[i].word)) {
            c->type = words[i].type;
            c->curve = words[i].curve ? words[i].curve : c->curve;
        }
}

static void set_bits(struct client *c, const char *v)
{
    c->bits = v;
}

static void set_curve(struct client *c, const char *v)
{
    static const struct { const char *word, *curve; } words[] = {
        { "secp256r1", "P256" }, { "prime256v1", "P256" }, { "secp384r1", "P384" },
        { "secp521r1", "P521" },
    };
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (mxs_ascii_equal(v, words[i].word))
            c->curve = words[i].curve;
}

/* "2048", "ec-256" */
static void set_length(struct client *c, const char *v)
{
    if (strncmp(v, "ec-", 3) == 0) {
        c->type = "ECDSA";
        c->curve = mxs_arena_printf(c->arena, "P%s", v + 3);
    } else if (*v) {
        c->type = "RSA";
        c->bits = v;
    }
}

static void set_profile(struct client *c, const char *v)
{
    c->profile = *v ? v : c->profile;
}

/* "30 days", "32" */
static void set_margin(struct client *c, const char *v)
{
    char *end;
    long n = strtol(v, &end, 10);
    int64_t unit = strstr(end, "hour") ? 3600 : strstr(end, "week") ? 7 * 86400 : 86400;
    c->margin = n > 0 && n < 1000 ? n * unit : c->margin;
}

static void ignore(struct client *c, const char *v)
{
    (void)c;
    (void)v;
}

/* --- the clients ----------------------------------------------------------------------------------- */

static const struct row certbot[] = {
    { "reuse_key", set_reuse },
    { "key_type", set_type },
    { "rsa_key_size", set_bits },
    { "elliptic_curve", set_curve },
    { "renew_before_expiry", set_margin },
    { "preferred_profile", set_profile },
    { "required_profile", set_profile },
    { "privkey", ignore },
    { "fullchain", ignore },
    { NULL, NULL },
};

static const struct row acme_sh[] = {
    { "Le_Keylength", set_length },
    { "Le_ForceNewDomainKey", set_new_key },
    { "Le_Profile", set_profile },
    { "Le_Certificate_Profile", set_profile },
    { "Le_Domain", ignore },
    { NULL, NULL },
};

static const struct row dehydrated[] = {
    { "PRIVATE_KEY_RENEW", set_new_key },
    { "KEY_ALGO", set_type },
    { "KEYSIZE", set_bits },
    { "RENEW_DAYS", set_margin },
    { "ACME_PROFILE", set_profile },
    { "CA", ignore },
    { "BASEDIR", ignore },
    { "HOOK", ignore },
    { "PRIVATE_KEY_ROLLOVER", ignore },
    { NULL, NULL },
};

static const struct {
    const char *kind;
    const struct row *rows;
    struct client defaults; /* where its configuration is silent */
} clients[] = {
    { "certbot", certbot, { .type = "ECDSA", .bits = "2048", .curve = "P256", .margin = 30 * 86400 } },
    { "acme.sh", acme_sh, { .type = "ECDSA", .bits = "2048", .curve = "P256", .reuse = true } },
    { "dehydrated", dehydrated, { .type = "ECDSA", .bits = "4096", .curve = "P384",
                                  .margin = 32 * 86400 } },
};

/* --- lines ----------------------------------------------------------------------------------------- */

static const char *trimmed(struct mxs_arena *arena, const char *from, const char *to)
{
    while (from < to && strchr(" \t\r", *from))
        from++;
    while (to > from && strchr(" \t\r", to[-1]))
        to--;
    if (to - from >= 2 && strchr("'\"", *from) && to[-1] == *from) {
        from++;
        to--;
    }
    return mxs_arena_strndup(arena, from, (size_t)(to - from));
}

static void read_line(struct client *c, const struct row *rows, const char *line, const char *end)
{
    const char *equal = memchr(line, '=', (size_t)(end - line));
    if (!equal || *line == '#')
        return;
    const char *name = trimmed(c->arena, line, equal), *value = trimmed(c->arena, equal + 1, end);
    for (const struct row *row = rows; row->name; row++)
        if (strcmp(row->name, name) == 0) {
            row->set(c, value);
            c->known++;
        }
}

static void give(const struct client *c, const char *kind, struct mxs_plan_next *out)
{
    bool rsa = strcmp(c->type, "RSA") == 0;
    out->client = kind;
    out->profile = c->profile;
    out->renew_margin = c->margin;
    if (out->spki.n) /* a key that was named goes before what the client would do */
        return;
    out->key = mxs_arena_printf(c->arena, "%s-%s", c->type, rsa ? c->bits : c->curve);
    out->key_kept = c->reuse;
}

enum mxs_err mxs_plan_acme(struct mxs_arena *arena, const char *kind, const char *name,
                           struct mxs_bytes text, struct mxs_plan_next *out, struct mxs_why *why)
{
    for (size_t i = 0; i < MXS_COUNT(clients); i++) {
        struct client c = clients[i].defaults;
        if (strcmp(clients[i].kind, kind) != 0)
            continue;
        c.arena = arena;
        const char *p = (const char *)text.p, *end = p + text.n;
        while (p < end) {
            const char *lf = memchr(p, '\n', (size_t)(end - p));
            read_line(&c, clients[i].rows, p, lf ? lf : end);
            p = lf ? lf + 1 : end;
        }
        if (!c.known)
            return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a configuration of %s (no line that it "
                               "would have)", name, kind);
        give(&c, clients[i].kind, out);
        return MXS_OK;
    }
    return mxs_why_set(why, MXS_ERR_USAGE, "--acme: certbot:FILE, acme.sh:FILE or dehydrated:FILE, not "
                       "'%s'", kind);
}
