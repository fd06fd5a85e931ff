/* The field tree of a DNS packet: header, sections, each RR with its byte range. */
#include "config.h"

#include "base/text.h"
#include "facts/dns_names.h"
#include "facts/dns_rdata.h"

#include <stdio.h>

struct bit {
    unsigned mask;
    const char *name, *meaning;
};

/* RFC 1035 4.1.1, RFC 4035 3.1.6, 3.2 */
static const struct bit bits[] = {
    { 0x8000, "QR", "response" },
    { 0x0400, "AA", "authoritative answer" },
    { 0x0200, "TC", "truncated" },
    { 0x0100, "RD", "recursion desired" },
    { 0x0080, "RA", "recursion available" },
    { 0x0020, "AD", "authentic data" },
    { 0x0010, "CD", "checking disabled" },
};
static const struct mxs_name opcodes[] = { { 0, "QUERY" }, { 1, "IQUERY" }, { 2, "STATUS" },
                                           { 4, "NOTIFY" }, { 5, "UPDATE" }, { 6, "DSO" },
                                           { 0, NULL } };
static const char *const sections[] = { "question", "answer", "authority", "additional" };

static const char *or_number(struct mxs_arena *arena, const char *name, unsigned n)
{
    return name ? name : mxs_arena_printf(arena, "%u", n);
}

static void header_fields(struct mxs_arena *arena, const struct mxs_dns_header *h,
                          struct mxs_field *root)
{
    struct mxs_field *head = mxs_field_add(arena, root, "header", 0, MXS_DNS_HEADER, NULL);
    mxs_field_addf(arena, head, "id", 0, 2, "%u", h->id);
    struct mxs_field *flags = mxs_field_addf(arena, head, "flags", 2, 2, "0x%04x", h->flags);
    for (size_t i = 0; i < MXS_COUNT(bits); i++)
        mxs_field_addf(arena, flags, bits[i].name, bits[i].mask > 0xff ? 2 : 3, 1, "%d (%s%s)",
                       (h->flags & bits[i].mask) != 0, h->flags & bits[i].mask ? "" : "not ",
                       bits[i].meaning);
    unsigned opcode = h->flags >> 11 & 15, rcode = h->flags & 15;
    mxs_field_add(arena, flags, "opcode", 2, 1,
                  or_number(arena, mxs_name_of(opcodes, (int)opcode), opcode));
    mxs_field_add(arena, flags, "rcode", 3, 1,
                  or_number(arena, mxs_dns_rcode_name((int)rcode), rcode));
    for (size_t i = 0; i < MXS_DNS_SECTION_COUNT; i++)
        mxs_field_addf(arena, head, mxs_arena_printf(arena, "%s-count", sections[i]), 4 + 2 * i, 2,
                       "%u", h->count[i]);
}

/* --- EDNS (RFC 6891 6.1) ---------------------------------------------------------------------- */

static void ede_fields(struct mxs_arena *arena, struct mxs_bytes data, size_t off,
                       struct mxs_field *option)
{
    struct mxs_cursor c = mxs_cursor(data);
    unsigned code = mxs_cursor_uint(&c, 2);
    struct mxs_bytes text = mxs_cursor_take(&c, mxs_cursor_left(&c));
    const char *name = mxs_dns_ede_name(code);
    if (c.bad) {
        mxs_field_malformed(arena, option, off, "an info code (RFC 8914 2)");
        return;
    }
    option->value = mxs_arena_printf(arena, "%u (%s)", code, name ? name : "unassigned");
    mxs_field_addf(arena, option, "info-code", off, 2, name ? "%u (%s)" : "%u", code, name);
    if (text.n)
        mxs_field_add(arena, option, "extra-text", off + 2, text.n, mxs_text_clean(arena, text));
}

static void option_fields(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_field *rdata)
{
    size_t off = mxs_cursor_offset(c);
    unsigned code = mxs_cursor_uint(c, 2);
    struct mxs_bytes data = mxs_cursor_take(c, mxs_cursor_uint(c, 2));
    if (c->bad) {
        mxs_field_malformed(arena, rdata, off, "an EDNS option (RFC 6891 6.1.2)");
        return;
    }
    const char *name = mxs_dns_edns_name(code);
    struct mxs_field *f =
        mxs_field_add(arena, rdata, or_number(arena, name, code), off, data.n + 4,
                      code == 3 ? mxs_text_clean(arena, data) : mxs_hex(arena, data));
    f->flags |= name ? 0 : MXS_FIELD_UNKNOWN;
    if (code == MXS_DNS_EDNS_EDE)
        ede_fields(arena, data, off + 4, f);
}

static struct mxs_cursor rdata_cursor(struct mxs_bytes packet, const struct mxs_dns_span *span)
{
    struct mxs_cursor c = mxs_cursor(mxs_bytes(packet.p + span->rdata_off, span->rdata_len));
    c.base = packet.p;
    return c;
}

static void opt_fields(struct mxs_arena *arena, struct mxs_bytes packet,
                       const struct mxs_dns_span *span, struct mxs_field *rr)
{
    struct mxs_cursor c = rdata_cursor(packet, span);
    bool want_dnssec = span->ttl & 0x8000;
    rr->value = mxs_arena_printf(arena, "EDNS %u, UDP size %u%s", (span->ttl >> 16) & 0xff,
                                 span->class, want_dnssec ? ", DO" : "");
    mxs_field_addf(arena, rr, "udp-size", span->fixed + 2, 2, "%u", span->class);
    mxs_field_addf(arena, rr, "extended-rcode", span->fixed + 4, 1, "%u", span->ttl >> 24);
    mxs_field_addf(arena, rr, "version", span->fixed + 5, 1, "%u", (span->ttl >> 16) & 0xff);
    mxs_field_addf(arena, rr, "DO", span->fixed + 6, 1, "%d (DNSSEC answers %swanted)",
                   want_dnssec, want_dnssec ? "" : "not ");
    mxs_field_addf(arena, rr, "length", span->fixed + 8, 2, "%zu", span->rdata_len);
    struct mxs_field *rdata =
        mxs_field_add(arena, rr, "options", span->rdata_off, span->rdata_len, NULL);
    while (mxs_cursor_left(&c) && !c.bad)
        option_fields(arena, &c, rdata);
}

/* --- RRs -------------------------------------------------------------------------------------- */

static void fixed_fields(struct mxs_arena *arena, const struct mxs_dns_span *span,
                         struct mxs_field *rr)
{
    size_t off = span->fixed;
    const char *dns_class = or_number(arena, mxs_dns_class_name(span->class), span->class);
    mxs_field_add(arena, rr, "owner", span->off, off - span->off, span->owner);
    mxs_field_addf(arena, rr, "type", off, 2, "%u (%s)", span->type,
                   mxs_dns_type_text(arena, span->type))
        ->flags |= mxs_dns_type_name(span->type) ? 0 : MXS_FIELD_UNKNOWN;
    mxs_field_add(arena, rr, "class", off + 2, 2, dns_class);
    if (span->section == MXS_DNS_QUESTION)
        return;
    mxs_field_addf(arena, rr, "ttl", off + 4, 4, "%u", (unsigned)span->ttl);
    mxs_field_addf(arena, rr, "length", off + 8, 2, "%zu", span->rdata_len);
}

static void rr_fields(struct mxs_arena *arena, struct mxs_bytes packet,
                      const struct mxs_dns_span *span, struct mxs_field *section)
{
    struct mxs_rr decoded;
    struct mxs_field *rr = mxs_field_add(arena, section, mxs_dns_type_text(arena, span->type),
                                         span->off, span->len, span->owner);
    if (span->type == MXS_DNS_OPT && span->section == MXS_DNS_ADDITIONAL) {
        opt_fields(arena, packet, span, rr);
        return;
    }
    fixed_fields(arena, span, rr);
    if (span->section == MXS_DNS_QUESTION)
        return;
    if (mxs_dns_rr_decode(arena, packet, span, &decoded))
        rr->value = mxs_arena_printf(arena, "%s %s", span->owner, decoded.text);
    else
        rr->flags |= MXS_FIELD_MALFORMED;
    mxs_dns_rdata_fields(arena, packet, span, rr);
}

static const char *summary(struct mxs_arena *arena, const struct mxs_dns_header *h)
{
    const char *rcode = or_number(arena, mxs_dns_rcode_name(h->flags & 15), h->flags & 15);
    unsigned n = h->count[MXS_DNS_ANSWER];
    if (!(h->flags & 0x8000))
        return "query";
    return mxs_arena_printf(arena, "%s, %u answer%s", rcode, n, n == 1 ? "" : "s");
}

struct mxs_field *mxs_dns_fields(struct mxs_arena *arena, struct mxs_bytes packet)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    struct mxs_field *root = mxs_field_new(arena, "DNS message"), *section[4] = { NULL };
    root->len = packet.n;
    if (!mxs_dns_walk_init(&walk, arena, packet)) {
        mxs_field_malformed(arena, root, 0, "a DNS header of 12 octets");
        return root;
    }
    root->value = summary(arena, &walk.header);
    header_fields(arena, &walk.header, root);
    while (mxs_dns_walk_next(&walk, &span)) {
        struct mxs_field **in = &section[span.section];
        if (!*in)
            *in = mxs_field_add(arena, root, sections[span.section], span.off, 0, NULL);
        rr_fields(arena, packet, &span, *in);
        (*in)->len = span.off + span.len - (*in)->off;
    }
    if (walk.bad)
        mxs_field_malformed(arena, root, span.off, "a resource record (RFC 1035 4.1.3)");
    else if (walk.off < packet.n)
        mxs_field_malformed(arena, root, walk.off, "the end of the message");
    return root;
}

/* --- facts beside the answer ------------------------------------------------------------------ */

bool mxs_dns_ede(struct mxs_arena *arena, struct mxs_bytes packet, struct mxs_dns_ede *out)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    bool more = mxs_dns_walk_init(&walk, arena, packet);
    while (more && mxs_dns_walk_next(&walk, &span)) {
        struct mxs_cursor c = rdata_cursor(packet, &span);
        while (span.section == MXS_DNS_ADDITIONAL && span.type == MXS_DNS_OPT &&
               mxs_cursor_left(&c)) {
            unsigned code = mxs_cursor_uint(&c, 2);
            struct mxs_bytes data = mxs_cursor_take(&c, mxs_cursor_uint(&c, 2));
            if (c.bad || code != MXS_DNS_EDNS_EDE || data.n < 2)
                continue;
            out->code = (unsigned)data.p[0] << 8 | data.p[1];
            out->name = mxs_dns_ede_name(out->code);
            out->text = data.n > 2 ? mxs_text_clean(arena, mxs_bytes(data.p + 2, data.n - 2)) : NULL;
            return true;
        }
    }
    return false;
}

static bool rrsig_parse(struct mxs_arena *arena, struct mxs_bytes packet,
                        const struct mxs_dns_span *span, struct mxs_dns_rrsig *out)
{
    struct mxs_cursor c = rdata_cursor(packet, span);
    out->owner = mxs_ascii_lower(arena, span->owner);
    out->type_covered = (uint16_t)mxs_cursor_uint(&c, 2);
    out->algorithm = mxs_cursor_uint(&c, 1);
    mxs_cursor_take(&c, 1);
    out->original_ttl = mxs_cursor_uint(&c, 4);
    out->expiration = mxs_cursor_uint(&c, 4);
    out->inception = mxs_cursor_uint(&c, 4);
    out->key_tag = mxs_cursor_uint(&c, 2);
    size_t off = mxs_cursor_offset(&c);
    const char *signer = c.bad ? NULL : mxs_dns_wire_name(arena, packet, &off);
    out->signer = signer ? mxs_ascii_lower(arena, signer) : NULL;
    return signer != NULL;
}

struct mxs_dns_rrsigs mxs_dns_signatures(struct mxs_arena *arena, struct mxs_bytes packet)
{
    struct mxs_dns_rrsigs all = { 0 };
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    bool more = mxs_dns_walk_init(&walk, arena, packet);
    while (more && mxs_dns_walk_next(&walk, &span)) {
        struct mxs_dns_rrsig sig = { 0 };
        if (span.section != MXS_DNS_QUESTION && span.type == MXS_DNS_RRSIG &&
            rrsig_parse(arena, packet, &span, &sig))
            *mxs_list_add(arena, &all) = sig;
    }
    return all;
}

/* An answer as long as its signed TTL, since what a resolver's cache hands out counts down (RFC 4034
 * 3.1.4); an absence as long as the SOA's MINIMUM (RFC 2308 5). */
uint32_t mxs_dns_kept(struct mxs_arena *arena, struct mxs_bytes packet)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    uint32_t answer = 0, absence = 0;
    bool more = mxs_dns_walk_init(&walk, arena, packet);
    while (more && mxs_dns_walk_next(&walk, &span)) {
        struct mxs_dns_rrsig sig = { .original_ttl = span.ttl };
        if (span.section == MXS_DNS_ANSWER) {
            if (span.type == MXS_DNS_RRSIG)
                rrsig_parse(arena, packet, &span, &sig);
            answer = sig.original_ttl > answer ? sig.original_ttl : answer;
        } else if (span.section == MXS_DNS_AUTHORITY && span.type == MXS_DNS_SOA &&
                   span.rdata_len >= 4) {
            struct mxs_bytes last = mxs_bytes(packet.p + span.rdata_off + span.rdata_len - 4, 4);
            struct mxs_cursor c = mxs_cursor(last);
            absence = mxs_cursor_uint(&c, 4);
        }
    }
    return answer > absence ? answer : absence;
}
