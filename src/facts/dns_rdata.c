#include "config.h"

#include "facts/dns_rdata.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "facts/dns_names.h"

#include <arpa/inet.h>
#include <string.h>

enum { SHOWN_BYTES = 1024 }; /* of opaque data; the bytes view has the rest */

struct decode {
    struct mxs_arena *arena;
    struct mxs_bytes packet;
    struct mxs_cursor c; /* over the RDATA; offsets are those of the packet */
    struct mxs_field *parent;
};

struct part;
typedef void (*part_fn)(struct decode *d, const struct part *part);

struct part {
    const char *name;
    part_fn fn;
    const struct mxs_name *names; /* of number(): what values mean; NULL */
    size_t size;                  /* of number() */
};

struct layout {
    uint16_t type;
    const struct part *parts; /* ends with name NULL */
};

/* --- the kinds of parts ----------------------------------------------------------------------- */

static size_t at(const struct decode *d)
{
    return mxs_cursor_offset(&d->c);
}

static void number(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    uint32_t v = mxs_cursor_uint(&d->c, part->size);
    const char *name = part->names ? mxs_name_of(part->names, (int)v) : NULL;
    struct mxs_field *f =
        mxs_field_addf(d->arena, d->parent, part->name, off, at(d) - off, name ? "%u (%s)" : "%u",
                       (unsigned)v, name);
    if (part->names && !name)
        f->flags |= MXS_FIELD_UNKNOWN;
}

static void name(struct decode *d, const struct part *part)
{
    size_t off = at(d), next = off;
    const char *text = mxs_dns_wire_name(d->arena, d->packet, &next);
    struct mxs_bytes taken = mxs_cursor_take(&d->c, next - off);
    if (!text || d->c.bad) {
        d->c.bad = true;
        return;
    }
    mxs_field_add(d->arena, d->parent, part->name, off, taken.n, text);
}

static void add_hex(struct decode *d, const char *field, size_t off, struct mxs_bytes b)
{
    struct mxs_bytes shown = mxs_bytes(b.p, b.n > SHOWN_BYTES ? SHOWN_BYTES : b.n);
    const char *text = b.n ? mxs_hex(d->arena, shown) : "-";
    if (b.n > SHOWN_BYTES)
        text = mxs_arena_printf(d->arena, "%s...", text);
    mxs_field_add(d->arena, d->parent, field, off, b.n, text);
}

static void hex_rest(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    add_hex(d, part->name, off, mxs_cursor_take(&d->c, mxs_cursor_left(&d->c)));
}

static void hex_counted(struct decode *d, const struct part *part) /* one octet of length first */
{
    size_t off = at(d);
    struct mxs_bytes b = mxs_cursor_take(&d->c, mxs_cursor_uint(&d->c, 1));
    add_hex(d, part->name, off, b);
    d->parent->last->len = at(d) - off;
}

static void base64_rest(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    struct mxs_bytes b = mxs_cursor_take(&d->c, mxs_cursor_left(&d->c));
    mxs_field_add(d->arena, d->parent, part->name, off, b.n, mxs_base64(d->arena, b));
}

static void text_counted(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    struct mxs_bytes b = mxs_cursor_take(&d->c, mxs_cursor_uint(&d->c, 1));
    mxs_field_add(d->arena, d->parent, part->name, off, at(d) - off, mxs_text_clean(d->arena, b));
}

static void text_strings(struct decode *d, const struct part *part)
{
    while (mxs_cursor_left(&d->c))
        text_counted(d, part);
}

static void text_rest(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    struct mxs_bytes b = mxs_cursor_take(&d->c, mxs_cursor_left(&d->c));
    mxs_field_add(d->arena, d->parent, part->name, off, b.n, mxs_text_clean(d->arena, b));
}

static void address(struct decode *d, const struct part *part)
{
    char text[INET6_ADDRSTRLEN] = "";
    size_t off = at(d);
    struct mxs_bytes b = mxs_cursor_take(&d->c, part->size);
    if (b.n == part->size)
        inet_ntop(b.n == 4 ? AF_INET : AF_INET6, b.p, text, sizeof text);
    mxs_field_addf(d->arena, d->parent, part->name, off, b.n, "%s", text);
}

static void rr_type(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    uint16_t type = (uint16_t)mxs_cursor_uint(&d->c, 2);
    mxs_field_add(d->arena, d->parent, part->name, off, 2, mxs_dns_type_text(d->arena, type));
}

static void algorithm(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    unsigned v = mxs_cursor_uint(&d->c, 1);
    const char *text = mxs_dns_algorithm_name(v);
    struct mxs_field *f = mxs_field_addf(d->arena, d->parent, part->name, off, 1,
                                         text ? "%u (%s)" : "%u", v, text);
    f->flags |= text ? 0 : MXS_FIELD_UNKNOWN;
}

static void date(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    int64_t t = mxs_cursor_uint(&d->c, 4);
    mxs_field_add(d->arena, d->parent, part->name, off, 4, mxs_time_text(d->arena, t));
}

/* RFC 4034 2.1.1, RFC 5011 7: what the DNSKEY flags make of a key. */
static void key_flags(struct decode *d, const struct part *part)
{
    size_t off = at(d);
    unsigned flags = mxs_cursor_uint(&d->c, 2);
    mxs_field_addf(d->arena, d->parent, part->name, off, 2, "%u (%s%s)", flags,
                   !(flags & 0x100) ? "no zone key" : flags & 1 ? "KSK" : "ZSK",
                   flags & 0x80 ? ", revoked" : "");
}

static void key_tag(struct decode *d, const struct part *part)
{
    struct mxs_bytes rdata = mxs_bytes(d->parent->off + d->packet.p, d->parent->len);
    mxs_field_addf(d->arena, d->parent, part->name, d->parent->off, 0, "%u",
                   mxs_dns_key_tag(rdata));
}

/* RFC 4648 7, as NSEC3 owner names are written (RFC 5155 3.3). */
static void base32_counted(struct decode *d, const struct part *part)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    size_t off = at(d), n = 0;
    struct mxs_bytes b = mxs_cursor_take(&d->c, mxs_cursor_uint(&d->c, 1));
    char *text = mxs_arena_alloc(d->arena, (b.n * 8 + 4) / 5 + 1);
    for (size_t bit = 0; bit < b.n * 8; bit += 5) {
        unsigned two = (unsigned)b.p[bit / 8] << 8 | (bit / 8 + 1 < b.n ? b.p[bit / 8 + 1] : 0);
        text[n++] = digits[two >> (11 - bit % 8) & 31];
    }
    mxs_field_add(d->arena, d->parent, part->name, off, at(d) - off, text);
}

/* RFC 4034 4.1.2: windows of 256 types. */
static void type_bitmap(struct decode *d, const struct part *part)
{
    struct mxs_buf text;
    size_t off = at(d);
    mxs_buf_init(&text, 8192);
    while (mxs_cursor_left(&d->c)) {
        unsigned window = mxs_cursor_uint(&d->c, 1);
        struct mxs_bytes bits = mxs_cursor_take(&d->c, mxs_cursor_uint(&d->c, 1));
        d->c.bad |= bits.n == 0 || bits.n > 32;
        for (size_t i = 0; i < bits.n * 8 && !d->c.bad; i++)
            if (bits.p[i / 8] >> (7 - i % 8) & 1)
                mxs_buf_printf(&text, text.n ? " %s" : "%s",
                               mxs_dns_type_text(d->arena, (uint16_t)(window << 8 | i)));
    }
    mxs_field_add(d->arena, d->parent, part->name, off, at(d) - off,
                  mxs_arena_strdup(d->arena, mxs_buf_str(&text)));
    mxs_buf_fini(&text);
}

/* RFC 9460 2.2: SvcParams. */
static void service_params(struct decode *d, const struct part *part)
{
    static const struct mxs_name keys[] = {
        { 0, "mandatory" }, { 1, "alpn" }, { 2, "no-default-alpn" }, { 3, "port" },
        { 4, "ipv4hint" }, { 5, "ech" }, { 6, "ipv6hint" }, { 7, "dohpath" }, { 0, NULL },
    };
    (void)part;
    while (mxs_cursor_left(&d->c)) {
        size_t off = at(d);
        unsigned key = mxs_cursor_uint(&d->c, 2);
        struct mxs_bytes b = mxs_cursor_take(&d->c, mxs_cursor_uint(&d->c, 2));
        const char *known = mxs_name_of(keys, (int)key);
        bool text = key == 1 || key == 7;
        add_hex(d, known ? known : mxs_arena_printf(d->arena, "key%u", key), off, b);
        d->parent->last->len = at(d) - off;
        if (text)
            d->parent->last->value = mxs_text_clean(d->arena, b);
    }
}

/* --- the types -------------------------------------------------------------------------------- */

static const struct mxs_name usages[] = {
    { 0, "PKIX-TA" }, { 1, "PKIX-EE" }, { 2, "DANE-TA" }, { 3, "DANE-EE" }, { 255, "PrivCert" },
    { 0, NULL },
};
static const struct mxs_name selectors[] = { { 0, "Cert" }, { 1, "SPKI" }, { 255, "PrivSel" },
                                             { 0, NULL } };
static const struct mxs_name matchings[] = { { 0, "Full" }, { 1, "SHA2-256" }, { 2, "SHA2-512" },
                                             { 255, "PrivMatch" }, { 0, NULL } };
static const struct mxs_name digests[] = { { 1, "SHA-1" }, { 2, "SHA-256" },
                                           { 3, "GOST R 34.11-94" }, { 4, "SHA-384" }, { 0, NULL } };
static const struct mxs_name hashes[] = { { 1, "SHA-1" }, { 0, NULL } };
static const struct mxs_name opt_out[] = { { 0, "no opt-out" }, { 1, "opt-out" }, { 0, NULL } };

#define U8(n) { n, number, NULL, 1 }
#define U16(n) { n, number, NULL, 2 }
#define U32(n) { n, number, NULL, 4 }
#define NAMED(n, table) { n, number, table, 1 }
#define PART(n, fn) { n, fn, NULL, 0 }
#define END { NULL, NULL, NULL, 0 }

static const struct part a[] = { { "address", address, NULL, 4 }, END };
static const struct part aaaa[] = { { "address", address, NULL, 16 }, END };
static const struct part ns[] = { PART("nameserver", name), END };
static const struct part cname[] = { PART("target", name), END };
static const struct part soa[] = { PART("primary", name), PART("mailbox", name), U32("serial"),
                                   U32("refresh"), U32("retry"), U32("expire"), U32("minimum"),
                                   END };
static const struct part mx[] = { U16("preference"), PART("exchange", name), END };
static const struct part txt[] = { PART("string", text_strings), END };
static const struct part srv[] = { U16("priority"), U16("weight"), U16("port"),
                                   PART("target", name), END };
static const struct part ds[] = { U16("key-tag"), PART("algorithm", algorithm),
                                  NAMED("digest-type", digests), PART("digest", hex_rest), END };
static const struct part rrsig[] = { PART("type-covered", rr_type), PART("algorithm", algorithm),
                                     U8("labels"), U32("original-ttl"), PART("expiration", date),
                                     PART("inception", date), U16("key-tag"),
                                     PART("signer", name), PART("signature", base64_rest), END };
static const struct part nsec[] = { PART("next-name", name), PART("types", type_bitmap), END };
static const struct part dnskey[] = { PART("flags", key_flags), U8("protocol"),
                                      PART("algorithm", algorithm),
                                      PART("public-key", base64_rest), PART("key-tag", key_tag),
                                      END };
static const struct part nsec3[] = { NAMED("hash-algorithm", hashes), NAMED("flags", opt_out),
                                     U16("iterations"), PART("salt", hex_counted),
                                     PART("next-hash", base32_counted),
                                     PART("types", type_bitmap), END };
static const struct part nsec3param[] = { NAMED("hash-algorithm", hashes), U8("flags"),
                                          U16("iterations"), PART("salt", hex_counted), END };
static const struct part tlsa[] = { NAMED("usage", usages), NAMED("selector", selectors),
                                    NAMED("matching-type", matchings), PART("data", hex_rest),
                                    END };
static const struct part svcb[] = { U16("priority"), PART("target", name),
                                    PART("params", service_params), END };
static const struct part caa[] = { U8("flags"), PART("tag", text_counted), PART("value", text_rest),
                                   END };
static const struct part unknown[] = { PART("data", hex_rest), END };

static const struct layout layouts[] = {
    { 1, a },      { 2, ns },       { 5, cname },  { 6, soa },     { 12, cname }, { 15, mx },
    { 16, txt },   { 28, aaaa },    { 33, srv },   { 39, cname },  { 43, ds },    { 46, rrsig },
    { 47, nsec },  { 48, dnskey },  { 50, nsec3 }, { 51, nsec3param }, { 52, tlsa }, { 53, tlsa },
    { 59, ds },    { 60, dnskey },  { 64, svcb },  { 65, svcb },   { 257, caa },
};

static const struct part *layout_of(uint16_t type)
{
    for (size_t i = 0; i < MXS_COUNT(layouts); i++)
        if (layouts[i].type == type)
            return layouts[i].parts;
    return unknown;
}

/* A part that the RDATA is too short for was given its full size: only what is there is its range. */
static void clamp(struct mxs_field *f, size_t end)
{
    if (f && f->len > end - f->off)
        f->len = end - f->off;
}

void mxs_dns_rdata_fields(struct mxs_arena *arena, struct mxs_bytes packet,
                          const struct mxs_dns_span *span, struct mxs_field *parent)
{
    struct mxs_bytes rdata = mxs_bytes(packet.p + span->rdata_off, span->rdata_len);
    struct decode d = { .arena = arena, .packet = packet, .c = mxs_cursor(rdata) };
    d.packet.n = span->rdata_off + span->rdata_len; /* names may point back, never ahead */
    d.c.base = packet.p;
    d.parent = mxs_field_add(arena, parent, "rdata", span->rdata_off, span->rdata_len, NULL);
    for (const struct part *p = layout_of(span->type); p->name && !d.c.bad; p++) {
        p->fn(&d, p);
        clamp(d.parent->last, d.packet.n);
    }
    if (d.c.bad)
        mxs_field_malformed(arena, d.parent, span->rdata_off, "RDATA of this type");
    else if (mxs_cursor_left(&d.c))
        mxs_field_malformed(arena, d.parent, mxs_cursor_offset(&d.c), "the end of the RDATA");
}

unsigned mxs_dns_key_tag(struct mxs_bytes rdata)
{
    uint32_t sum = 0;
    if (rdata.n > 6 && rdata.p[3] == 1) /* RSAMD5: appendix B.1 */
        return (unsigned)rdata.p[rdata.n - 3] << 8 | rdata.p[rdata.n - 2];
    for (size_t i = 0; i < rdata.n; i++)
        sum += i & 1 ? rdata.p[i] : (uint32_t)rdata.p[i] << 8;
    return (sum + (sum >> 16)) & 0xffff;
}
