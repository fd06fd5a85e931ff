#include "config.h"

#include "facts/tlsa.h"

#include "base/buf.h"
#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/dns_names.h"

#include <string.h>

enum { USAGE_PKIX_TA, USAGE_PKIX_EE, USAGE_DANE_TA, USAGE_DANE_EE, USAGES };
enum { SELECTOR_CERT, SELECTOR_SPKI, SELECTORS };
enum { MATCH_FULL, MATCH_SHA256, MATCH_SHA512, MATCHES };
enum { TEXT_MAX = 200000 }; /* a record of 64 KiB in hex, with room for white space */

/* --- usability (RFC 7672 3.1, RFC 6698 2.1, 4.1) ---------------------------------------------- */

static bool is_certificate(struct mxs_bytes data)
{
    struct mxs_arena *arena = mxs_arena_new();
    const struct mxs_cert *cert;
    bool good = mxs_cert_parse(arena, data, &cert, NULL) == MXS_OK;
    mxs_arena_free(arena);
    return good;
}

static bool is_public_key(struct mxs_bytes data)
{
    struct mxs_arena *arena = mxs_arena_new();
    bool good = mxs_spki_name(arena, data) != NULL;
    mxs_arena_free(arena);
    return good;
}

static const char *data_fault(const struct mxs_tlsa *tlsa)
{
    if (tlsa->data.n == 0)
        return "no certificate association data";
    if (tlsa->matching_type == MATCH_SHA256 && tlsa->data.n != 32)
        return "a SHA2-256 digest has 32 octets";
    if (tlsa->matching_type == MATCH_SHA512 && tlsa->data.n != 64)
        return "a SHA2-512 digest has 64 octets";
    if (tlsa->matching_type != MATCH_FULL)
        return NULL;
    if (tlsa->selector == SELECTOR_CERT && !is_certificate(tlsa->data))
        return "the data are no certificate";
    if (tlsa->selector == SELECTOR_SPKI && !is_public_key(tlsa->data))
        return "the data are no public key";
    return NULL;
}

void mxs_tlsa_judge_usable(struct mxs_tlsa *tlsa, bool pkix_usages_allowed)
{
    const char *why = NULL;
    if (tlsa->usage >= USAGES)
        why = "unassigned certificate usage";
    else if (tlsa->usage < USAGE_DANE_TA && !pkix_usages_allowed)
        why = "usages 0 and 1 are not for SMTP on port 25 (RFC 7672 3.1.3)";
    else if (tlsa->selector >= SELECTORS)
        why = "unassigned selector";
    else if (tlsa->matching_type >= MATCHES)
        why = "unassigned matching type";
    else
        why = data_fault(tlsa);
    tlsa->usable = !why;
    tlsa->unusable_reason = why;
}

/* --- forms ------------------------------------------------------------------------------------ */

bool mxs_tlsa_parse(struct mxs_arena *arena, const struct mxs_rr *rr, struct mxs_tlsa *out)
{
    struct mxs_cursor c = mxs_cursor(rr->rdata);
    *out = (struct mxs_tlsa){ .ttl = rr->ttl };
    out->usage = (uint8_t)mxs_cursor_uint(&c, 1);
    out->selector = (uint8_t)mxs_cursor_uint(&c, 1);
    out->matching_type = (uint8_t)mxs_cursor_uint(&c, 1);
    if (c.bad || rr->type != MXS_DNS_TLSA)
        return false;
    out->data = mxs_arena_bytes(arena, mxs_cursor_take(&c, mxs_cursor_left(&c)));
    mxs_tlsa_judge_usable(out, false);
    return true;
}

/* A decimal number of 0..255 and the white space behind it. */
static bool octet(const char **s, uint8_t *out)
{
    unsigned v = 0, n = 0;
    for (; **s >= '0' && **s <= '9' && n < 4; (*s)++, n++)
        v = v * 10 + (unsigned)(**s - '0');
    size_t space = strspn(*s, " \t");
    *s += space;
    *out = (uint8_t)v;
    return n && v <= 255 && space;
}

enum mxs_err mxs_tlsa_text_parse(struct mxs_arena *arena, const char *text, struct mxs_tlsa *out,
                                 struct mxs_why *why)
{
    static const char *const names[] = { "usage", "selector", "matching type" };
    const char *s = text + strspn(text, " \t");
    const char *shown = mxs_text_clip(arena, mxs_bytes_str(text), 40);
    uint8_t *fields[] = { &out->usage, &out->selector, &out->matching_type };
    *out = (struct mxs_tlsa){ 0 };
    if (strlen(text) > TEXT_MAX)
        return mxs_why_set(why, MXS_ERR_LIMIT, "TLSA \"%s\": too long", shown);
    for (size_t i = 0; i < MXS_COUNT(fields); i++)
        if (!octet(&s, fields[i]))
            return mxs_why_set(why, MXS_ERR_SYNTAX, "TLSA \"%s\": the %s is no number of 0..255",
                               shown, names[i]);
    if (mxs_hex_parse(arena, s, &out->data) != MXS_OK || out->data.n == 0)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "TLSA \"%s\": the data are not hex digits in pairs",
                           shown);
    mxs_tlsa_judge_usable(out, false);
    return MXS_OK;
}

char *mxs_tlsa_text(struct mxs_arena *arena, const struct mxs_tlsa *tlsa)
{
    return mxs_arena_printf(arena, "%u %u %u %s", (unsigned)tlsa->usage, (unsigned)tlsa->selector,
                            (unsigned)tlsa->matching_type, mxs_hex(arena, tlsa->data));
}

char *mxs_tlsa_owner(struct mxs_arena *arena, unsigned port, const char *base_domain)
{
    return mxs_arena_printf(arena, "_%u._tcp.%s", port, base_domain);
}
