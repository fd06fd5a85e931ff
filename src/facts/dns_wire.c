#include "config.h"

#include "facts/dns_wire.h"

#include "base/text.h"

#include <ldns/ldns.h>
#undef dprintf /* ldns/util.h hides the POSIX function with a macro */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIRE_NAME_MAX = 255, LABEL_MAX = 63, TEXT_NAME_MAX = WIRE_NAME_MAX * 4 + 1 };

static void put_label(char *text, size_t *n, struct mxs_bytes label)
{
    for (size_t i = 0; i < label.n; i++) {
        uint8_t c = label.p[i];
        if (c <= 0x20 || c >= 0x7f)
            *n += (size_t)snprintf(text + *n, 5, "\\%03u", (unsigned)c);
        else if (c == '.' || c == '\\')
            *n += (size_t)snprintf(text + *n, 3, "\\%c", c);
        else
            text[(*n)++] = (char)c;
    }
    text[(*n)++] = '.';
}

/* RFC 1035 4.1.4. A pointer must point before the name's own labels read so far: strictly backwards,
 * hence finite. */
const char *mxs_dns_wire_name(struct mxs_arena *arena, struct mxs_bytes packet, size_t *off)
{
    char text[TEXT_NAME_MAX + 1];
    size_t n = 0, wire = 1, at = *off, lowest = *off, end = 0;
    while (at < packet.n && packet.p[at]) {
        size_t len = packet.p[at];
        if ((len & 0xc0) == 0xc0) {
            size_t to = at + 1 < packet.n ? (len & 0x3f) << 8 | packet.p[at + 1] : packet.n;
            if (to >= lowest)
                return NULL;
            end = end ? end : at + 2;
            at = lowest = to;
            continue;
        }
        wire += len + 1;
        if (len > LABEL_MAX || wire > WIRE_NAME_MAX || packet.n - at <= len)
            return NULL;
        put_label(text, &n, mxs_bytes(packet.p + at + 1, len));
        at += len + 1;
    }
    if (at >= packet.n)
        return NULL;
    *off = end ? end : at + 1;
    return n ? mxs_arena_strndup(arena, text, n - 1) : ".";
}

bool mxs_dns_walk_init(struct mxs_dns_walk *walk, struct mxs_arena *arena, struct mxs_bytes packet)
{
    struct mxs_cursor c = mxs_cursor(packet);
    *walk = (struct mxs_dns_walk){ .arena = arena, .packet = packet, .off = MXS_DNS_HEADER };
    walk->header.id = (uint16_t)mxs_cursor_uint(&c, 2);
    walk->header.flags = (uint16_t)mxs_cursor_uint(&c, 2);
    for (int i = 0; i < MXS_DNS_SECTION_COUNT; i++)
        walk->header.count[i] = (uint16_t)mxs_cursor_uint(&c, 2);
    walk->bad = c.bad || packet.n > MXS_DNS_PACKET_MAX;
    return !walk->bad;
}

bool mxs_dns_walk_next(struct mxs_dns_walk *walk, struct mxs_dns_span *out)
{
    while (walk->section < MXS_DNS_SECTION_COUNT &&
           walk->index >= walk->header.count[walk->section]) {
        walk->section++;
        walk->index = 0;
    }
    if (walk->bad || walk->section == MXS_DNS_SECTION_COUNT)
        return false;
    *out = (struct mxs_dns_span){ .section = walk->section, .off = walk->off, .fixed = walk->off };
    out->owner = mxs_dns_wire_name(walk->arena, walk->packet, &out->fixed);
    struct mxs_cursor c = mxs_cursor(walk->packet);
    mxs_cursor_take(&c, out->fixed);
    out->type = (uint16_t)mxs_cursor_uint(&c, 2);
    out->class = (uint16_t)mxs_cursor_uint(&c, 2);
    if (walk->section != MXS_DNS_QUESTION) {
        out->ttl = mxs_cursor_uint(&c, 4);
        out->rdata_len = mxs_cursor_uint(&c, 2);
        out->rdata_off = mxs_cursor_offset(&c);
        mxs_cursor_take(&c, out->rdata_len);
    }
    out->len = mxs_cursor_offset(&c) - out->off;
    walk->bad = !out->owner || c.bad;
    walk->off = mxs_cursor_offset(&c);
    walk->index++;
    return !walk->bad;
}

/* What ldns prints is "owner TAB ttl TAB class TAB type TAB rdata NL". */
static const char *rdata_of_line(struct mxs_arena *arena, const char *line)
{
    for (int tabs = 0; tabs < 4 && line; tabs++) {
        line = strchr(line, '\t');
        line = line ? line + 1 : NULL;
    }
    size_t n = line ? strlen(line) : 0;
    while (n && (line[n - 1] == '\n' || line[n - 1] == ' '))
        n--;
    return mxs_text_clean(arena, mxs_bytes(line, n));
}

static struct mxs_bytes rdata_wire(struct mxs_arena *arena, const ldns_rr *rr)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++)
        n += ldns_rdf_size(ldns_rr_rdf(rr, i));
    uint8_t *p = mxs_arena_alloc(arena, n);
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
        if (ldns_rdf_size(rdf))
            memcpy(p + at, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
        at += ldns_rdf_size(rdf);
    }
    return mxs_bytes(p, n);
}

/* RR by RR: ldns 1.8.3 crashes when it prints a whole packet with EDNS option 13, and ldns_wire2pkt
 * gives no offsets. */
bool mxs_dns_rr_decode(struct mxs_arena *arena, struct mxs_bytes packet,
                       const struct mxs_dns_span *span, struct mxs_rr *out)
{
    ldns_rr *rr = NULL;
    size_t at = span->off;
    *out = (struct mxs_rr){ .owner = mxs_ascii_lower(arena, span->owner),
                            .type = span->type,
                            .ttl = span->ttl };
    if (ldns_wire2rr(&rr, packet.p, packet.n, &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
        return false;
    char *line = ldns_rr2str_fmt(ldns_output_format_nocomments, rr);
    out->rdata = rdata_wire(arena, rr);
    out->text = rdata_of_line(arena, line);
    free(line);
    ldns_rr_free(rr);
    return true;
}
