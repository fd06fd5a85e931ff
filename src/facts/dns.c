#include "config.h"

#include "facts/dns_wire.h"

#include "base/text.h"
#include "facts/dns_names.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_TEXT = 253, LABEL_MAX = 63, ALIAS_MAX = 64 };

/* --- names ------------------------------------------------------------------------------------ */

static bool is_ascii(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s >= 0x80)
            return false;
    return true;
}

/* Letters, digits, hyphen, and the underscore of service labels (RFC 952, RFC 1123 2.1, RFC 8552). */
static bool is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static enum mxs_err check_labels(const char *name, const char *shown, struct mxs_why *why)
{
    if (!*name)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a name (empty)", shown);
    for (const char *label = name, *next; label; label = next) {
        size_t n = strcspn(label, ".");
        next = label[n] ? label + n + 1 : NULL;
        if (n == 0)
            return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a name (empty label)", shown);
        if (n > LABEL_MAX)
            return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a name (label over 63 octets)", shown);
        for (size_t i = 0; i < n; i++)
            if (!is_host_char(label[i]))
                return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a host name (character %zu)",
                                   shown, (size_t)(label - name) + i + 1);
    }
    if (strlen(name) > NAME_MAX_TEXT)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a name (over 253 octets)", shown);
    return MXS_OK;
}

/* ASCII names skip libidn2: it refuses names that exist, such as "r3---sn-x.example". */
static enum mxs_err to_ascii(struct mxs_arena *arena, const char *name, const char *shown,
                             const char **out, struct mxs_why *why)
{
    char *ascii = NULL;
    if (is_ascii(name)) {
        *out = mxs_ascii_lower(arena, name);
        return MXS_OK;
    }
    int rc = idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (rc != IDN2_OK)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not a name (%s)", shown, idn2_strerror(rc));
    *out = mxs_ascii_lower(arena, ascii);
    idn2_free(ascii);
    return MXS_OK;
}

enum mxs_err mxs_dns_name(struct mxs_arena *arena, const char *name, const char **out,
                          struct mxs_why *why)
{
    const char *shown = mxs_text_clip(arena, mxs_bytes_str(name), 100);
    const char *ascii = NULL;
    enum mxs_err err = to_ascii(arena, name, shown, &ascii, why);
    if (err)
        return err;
    size_t n = strlen(ascii);
    if (n && ascii[n - 1] == '.')
        ascii = mxs_arena_strndup(arena, ascii, n - 1);
    err = check_labels(ascii, shown, why);
    if (!err)
        *out = ascii;
    return err;
}

/* --- packets ---------------------------------------------------------------------------------- */

static bool same_name(const char *a, const char *b)
{
    return strcmp(a, b) == 0; /* both lower case */
}

struct answer_rrs {
    MXS_LIST(struct mxs_rr) v;
};

/* All RRs of the answer section, of class IN; false when the packet breaks before its end. */
static bool read_answer(struct mxs_arena *arena, struct mxs_bytes packet,
                        struct mxs_dns_answer *out, struct answer_rrs *all)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    if (!mxs_dns_walk_init(&walk, arena, packet))
        return false;
    out->rcode = walk.header.flags & 15;
    while (walk.section <= MXS_DNS_ANSWER && mxs_dns_walk_next(&walk, &span)) {
        if (span.section == MXS_DNS_QUESTION && !out->qname) {
            out->qname = mxs_ascii_lower(arena, span.owner);
            out->qtype = span.type;
        }
        if (span.section != MXS_DNS_ANSWER || span.class != MXS_DNS_CLASS_IN)
            continue;
        if (!mxs_dns_rr_decode(arena, packet, &span, mxs_list_add(arena, &all->v)))
            return false;
    }
    return !walk.bad;
}

static const struct mxs_rr *find_cname(const struct answer_rrs *all, const char *owner)
{
    for (size_t i = 0; i < all->v.n; i++)
        if (all->v.v[i].type == MXS_DNS_CNAME && same_name(all->v.v[i].owner, owner))
            return &all->v.v[i];
    return NULL;
}

/* Follows the aliases from qname; each step adds its CNAME. Returns the last name. A loop ends at
 * the bound: the answer then simply has no RRs of the type asked for. */
static const char *follow(struct mxs_arena *arena, const struct answer_rrs *all,
                          struct mxs_dns_answer *out)
{
    const char *name = out->qname;
    for (int i = 0; i < ALIAS_MAX && out->qtype != MXS_DNS_CNAME; i++) {
        const struct mxs_rr *cname = find_cname(all, name);
        size_t at = 0;
        const char *next = cname ? mxs_dns_wire_name(arena, cname->rdata, &at) : NULL;
        if (!next)
            break;
        *mxs_list_add(arena, &out->rrs) = *cname;
        name = out->canonname = mxs_ascii_lower(arena, next);
    }
    return name;
}

enum mxs_err mxs_dns_parse(struct mxs_arena *arena, struct mxs_bytes packet,
                           struct mxs_dns_answer *out)
{
    struct answer_rrs all = { 0 };
    out->packet = mxs_arena_bytes(arena, packet);
    out->canonname = NULL;
    out->ttl = 0;
    memset(&out->rrs, 0, sizeof out->rrs);
    if (!read_answer(arena, out->packet, out, &all))
        return MXS_ERR_SYNTAX;
    const char *last = out->qname ? follow(arena, &all, out) : NULL;
    for (size_t i = 0; last && i < all.v.n; i++)
        if ((all.v.v[i].type == out->qtype || out->qtype == MXS_DNS_ANY) &&
            same_name(all.v.v[i].owner, last))
            *mxs_list_add(arena, &out->rrs) = all.v.v[i];
    for (size_t i = 0; i < out->rrs.n; i++)
        if (i == 0 || out->rrs.v[i].ttl < out->ttl)
            out->ttl = out->rrs.v[i].ttl;
    return MXS_OK;
}

/* --- RDATA ------------------------------------------------------------------------------------ */

bool mxs_dns_mx(struct mxs_arena *arena, const struct mxs_rr *rr, unsigned *preference,
                const char **host)
{
    struct mxs_cursor c = mxs_cursor(rr->rdata);
    size_t at = 2;
    *preference = mxs_cursor_uint(&c, 2);
    const char *name = mxs_dns_wire_name(arena, rr->rdata, &at);
    if (rr->type != MXS_DNS_MX || !name || at != rr->rdata.n)
        return false;
    *host = mxs_ascii_lower(arena, name);
    return true;
}

bool mxs_dns_address(struct mxs_arena *arena, const struct mxs_rr *rr, const char **address)
{
    char text[INET6_ADDRSTRLEN];
    bool v4 = rr->type == MXS_DNS_A && rr->rdata.n == 4;
    bool v6 = rr->type == MXS_DNS_AAAA && rr->rdata.n == 16;
    if ((!v4 && !v6) || !inet_ntop(v4 ? AF_INET : AF_INET6, rr->rdata.p, text, sizeof text))
        return false;
    *address = mxs_arena_strdup(arena, text);
    return true;
}

bool mxs_dns_txt(struct mxs_arena *arena, const struct mxs_rr *rr, struct mxs_bytes *joined)
{
    struct mxs_cursor c = mxs_cursor(rr->rdata);
    uint8_t *p = mxs_arena_alloc(arena, rr->rdata.n);
    size_t n = 0;
    while (mxs_cursor_left(&c)) {
        struct mxs_bytes s = mxs_cursor_take(&c, mxs_cursor_uint(&c, 1));
        if (s.n)
            memcpy(p + n, s.p, s.n);
        n += s.n;
    }
    *joined = mxs_bytes(p, n);
    return rr->type == MXS_DNS_TXT && rr->rdata.n && !c.bad;
}

/* RFC 8659 4.1, printed as in a zone file: 0 issue "letsencrypt.org". */
bool mxs_dns_caa(struct mxs_arena *arena, const struct mxs_rr *rr, const char **text)
{
    struct mxs_cursor c = mxs_cursor(rr->rdata);
    unsigned flags = mxs_cursor_uint(&c, 1);
    struct mxs_bytes tag = mxs_cursor_take(&c, mxs_cursor_uint(&c, 1));
    struct mxs_bytes value = mxs_cursor_take(&c, mxs_cursor_left(&c));
    if (rr->type != MXS_DNS_CAA || c.bad || tag.n == 0)
        return false;
    *text = mxs_arena_printf(arena, "%u %s \"%s\"", flags, mxs_text_clean(arena, tag),
                             mxs_text_clean(arena, value));
    return true;
}
