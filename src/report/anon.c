/* What stands for what: numbers by kind. */
#include "config.h"

#include "report/anon_room.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers ---------------------------------------------------------------------------------- */

static size_t hash(enum mxs_anon_kind kind, const char *key)
{
    uint64_t h = 1469598103934665603u ^ (uint64_t)kind;
    for (; *key; key++)
        h = (h ^ (uint8_t)*key) * 1099511628211u;
    return (size_t)h;
}

static struct mxs_anon_entry **slot(struct mxs_anon *anon, enum mxs_anon_kind kind, const char *key)
{
    size_t i = hash(kind, key) & (anon->size - 1);
    while (anon->table[i] && (anon->table[i]->kind != kind || strcmp(anon->table[i]->key, key) != 0))
        i = (i + 1) & (anon->size - 1);
    return &anon->table[i];
}

static void grow(struct mxs_anon *anon)
{
    struct mxs_anon_entry **old = anon->table;
    size_t n = anon->size;
    anon->size = n ? n * 2 : 256;
    anon->table = mxs_arena_alloc(anon->arena, anon->size * sizeof(struct mxs_anon_entry *));
    for (size_t i = 0; i < n; i++)
        if (old[i])
            *slot(anon, old[i]->kind, old[i]->key) = old[i];
}

unsigned mxs_anon_number(struct mxs_anon *anon, enum mxs_anon_kind kind, const char *key)
{
    if (anon->used * 2 >= anon->size)
        grow(anon);
    struct mxs_anon_entry **at = slot(anon, kind, key);
    if (!*at) {
        *at = MXS_NEW(anon->arena, struct mxs_anon_entry);
        **at = (struct mxs_anon_entry){ kind, mxs_arena_strdup(anon->arena, key),
                                        ++anon->counts[kind] };
        anon->used++;
    }
    return (*at)->n;
}

bool mxs_anon_knows(struct mxs_anon *anon, enum mxs_anon_kind kind, const char *key)
{
    return *slot(anon, kind, key) != NULL;
}

/* --- hosts ------------------------------------------------------------------------------------ */

static bool under(const char *name, const char *domain)
{
    size_t n = strlen(name), d = strlen(domain);
    return n >= d && strcmp(name + n - d, domain) == 0 && (n == d || name[n - d - 1] == '.');
}

/* The longest learned domain, else the last two labels, or three where the second is as short as in
 * co.uk. */
const char *mxs_anon_domain_of(const struct mxs_anon *anon, const char *name)
{
    const char *best = NULL, *end = name + strlen(name), *dots[3] = { NULL, NULL, NULL };
    for (size_t i = 0; i < anon->domains.n; i++)
        if (under(name, anon->domains.v[i]) && (!best || strlen(anon->domains.v[i]) > strlen(best)))
            best = anon->domains.v[i];
    if (best)
        return name + strlen(name) - strlen(best);
    for (const char *p = end; p > name && !dots[2]; p--)
        if (p[-1] == '.')
            dots[!dots[0] ? 0 : !dots[1] ? 1 : 2] = p;
    bool deep = dots[1] && end - dots[0] == 2 && dots[0] - dots[1] <= 4;
    return deep ? (dots[2] ? dots[2] : name) : dots[1] ? dots[1] : name;
}

/* "domain-1.example", "host-1.domain-1.example", "mta-sts.domain-1.example" */
bool mxs_anon_is_mapped(const char *name)
{
    unsigned n;
    int used = 0;
    name += mxs_ascii_prefix(name, "mta-sts.") ? 8 : 0;
    if (sscanf(name, "host-%u.%n", &n, &used) == 1 && used)
        name += used;
    used = 0;
    return sscanf(name, "domain-%u.example%n", &n, &used) == 1 && used && !name[used];
}

const char *mxs_anon_host(struct mxs_anon *anon, struct mxs_arena *arena, const char *name)
{
    const char *rest = name;
    while (*rest == '_' && strchr(rest, '.')) /* _25._tcp., _mta-sts. */
        rest = strchr(rest, '.') + 1;
    if (mxs_ascii_prefix(rest, "mta-sts.") && strchr(rest + 8, '.'))
        rest += 8;
    if (mxs_anon_is_mapped(rest))
        return name;
    const char *domain = mxs_anon_domain_of(anon, rest);
    unsigned d = mxs_anon_number(anon, MXS_ANON_DOMAIN, domain);
    if (domain == rest)
        return mxs_arena_printf(arena, "%.*sdomain-%u.example", (int)(rest - name), name, d);
    return mxs_arena_printf(arena, "%.*shost-%u.domain-%u.example", (int)(rest - name), name,
                            mxs_anon_number(anon, MXS_ANON_HOST, rest), d);
}

/* --- addresses -------------------------------------------------------------------------------- */

static bool nobodys(const uint8_t *a, bool v6)
{
    static const uint8_t doc6[] = { 0x20, 0x01, 0x0d, 0xb8 }, none[15] = { 0 };
    if (v6)
        return memcmp(a, doc6, 4) == 0 || (memcmp(a, none, 15) == 0 && a[15] <= 1);
    return a[0] == 127 || a[0] == 0 || a[0] == 255 || (a[0] == 192 && a[1] == 0 && a[2] == 2) ||
           (a[0] == 198 && a[1] == 51 && a[2] == 100) || (a[0] == 203 && a[1] == 0 && a[2] == 113);
}

bool mxs_anon_is_taken(const struct mxs_anon *anon, const char *address)
{
    for (size_t i = 0; i < anon->taken.n; i++)
        if (mxs_ascii_equal(anon->taken.v[i], address))
            return true;
    return false;
}

const char *mxs_anon_address(struct mxs_anon *anon, struct mxs_arena *arena, const char *address)
{
    static const char *const nets[] = { "192.0.2", "198.51.100", "203.0.113" };
    uint8_t bin[16];
    bool v6 = inet_pton(AF_INET6, address, bin) == 1;
    if ((!v6 && inet_pton(AF_INET, address, bin) != 1) || nobodys(bin, v6))
        return NULL;
    char key[INET6_ADDRSTRLEN];
    inet_ntop(v6 ? AF_INET6 : AF_INET, bin, key, sizeof key);
    enum mxs_anon_kind kind = v6 ? MXS_ANON_IPV6 : MXS_ANON_IPV4;
    for (;;) { /* a number that is somebody's own here is passed over */
        unsigned n = mxs_anon_number(anon, kind, key);
        const char *as = v6 ? mxs_arena_printf(arena, "2001:db8::%x", n)
                            : mxs_arena_printf(arena, "%s.%u", nets[(n - 1) / 254 % 3],
                                               (n - 1) % 254 + 1);
        if (!mxs_anon_is_taken(anon, as))
            return as;
        (*slot(anon, kind, key))->n = ++anon->counts[kind];
    }
}

/* --- digests ---------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void open_hex(struct mxs_anon *anon, struct mxs_bytes b)
{
    if (b.n >= 4)
        anon->open[anon->n_open++] = mxs_hex(anon->arena, b);
}

/* What the catalog holds is public. */
static void open_catalog(struct mxs_anon *anon)
{
    const struct mxs_catalog *c = anon->catalog;
    anon->open = mxs_arena_alloc(anon->arena, (c->cas.n * 4 + c->certs.n * 5 + 1) * sizeof *anon->open);
    for (size_t i = 0; i < c->cas.n; i++) {
        open_hex(anon, mxs_bytes(c->cas.v[i]->spki_sha256, 32));
        open_hex(anon, mxs_bytes(c->cas.v[i]->spki_sha512, 64));
        open_hex(anon, c->cas.v[i]->spki);
        open_hex(anon, c->cas.v[i]->ski);
    }
    for (size_t i = 0; i < c->certs.n; i++) {
        open_hex(anon, mxs_bytes(c->certs.v[i]->sha256, 32));
        open_hex(anon, mxs_bytes(c->certs.v[i]->sha512, 64));
        open_hex(anon, c->certs.v[i]->serial_raw);
        open_hex(anon, c->certs.v[i]->ski);
        open_hex(anon, c->certs.v[i]->aki);
    }
    qsort(anon->open, anon->n_open, sizeof *anon->open, by_text);
}

bool mxs_anon_is_open(const struct mxs_anon *anon, const char *digits)
{
    size_t low = 0, high = anon->n_open, n = strlen(digits);
    while (low < high) { /* the first that is not before digits */
        size_t middle = (low + high) / 2;
        if (strcmp(anon->open[middle], digits) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < anon->n_open && strncmp(anon->open[low], digits, n) == 0;
}

const char *mxs_anon_digest(struct mxs_anon *anon, struct mxs_arena *arena, const char *digits)
{
    enum { SURE = 16, NUMBER = 4 };
    const char *key = NULL;
    size_t n = strlen(digits);
    for (size_t i = 0; i < anon->digests.n && !key; i++) /* they are often shown cut */
        if (strncmp(anon->digests.v[i], digits, n) == 0)
            key = anon->digests.v[i];
    bool decimal = strspn(digits, "0123456789") == n;
    bool done = n > 2 * NUMBER && strspn(digits + NUMBER, "0") == n - NUMBER;
    if (!key && (n < SURE || decimal || done))
        return NULL;
    if (mxs_anon_is_open(anon, digits))
        return NULL;
    char *as = mxs_arena_printf(arena, "%04x", mxs_anon_number(anon, MXS_ANON_DIGEST, key ? key : digits) &
                                                   0xffff);
    char *out = mxs_arena_alloc(arena, n + 1);
    memset(out, '0', n);
    memcpy(out, as, NUMBER);
    return out;
}

struct mxs_anon *mxs_anon_new(const struct mxs_catalog *catalog)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_anon *anon = MXS_NEW(arena, struct mxs_anon);
    anon->arena = arena;
    anon->catalog = catalog;
    grow(anon);
    if (catalog)
        open_catalog(anon);
    return anon;
}

void mxs_anon_free(struct mxs_anon *anon)
{
    if (anon)
        mxs_arena_free(anon->arena);
}
