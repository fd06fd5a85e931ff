#include "config.h"

#include "facts/dn.h"

#include "base/buf.h"
#include "base/text.h"
#include "facts/oids.h"

#include <string.h>

enum { TEXT_MAX = 64 * 1024, VALUE_MAX = 4096 };

struct attribute {
    const char *oid;
    struct mxs_der whole, value;
    bool first; /* of its RDN */
};

struct walk {
    struct mxs_arena *arena;
    struct mxs_cursor rdns, rdn;
    bool first;
};

static bool walk_init(struct walk *w, struct mxs_arena *arena, struct mxs_bytes name)
{
    struct mxs_cursor c = mxs_cursor(name);
    struct mxs_der whole;
    *w = (struct walk){ .arena = arena };
    bool good = mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole) && !mxs_cursor_left(&c);
    w->rdns = good ? mxs_der_enter(&c, &whole) : mxs_cursor(mxs_bytes(NULL, 0));
    w->rdns.bad = !good;
    w->rdn = mxs_cursor(mxs_bytes(NULL, 0));
    return good;
}

/* RDNSequence: SEQUENCE OF SET OF SEQUENCE { OID, value }. False at the end or, with rdns.bad, where
 * it breaks. */
static bool walk_next(struct walk *w, struct attribute *out)
{
    struct mxs_der set, oid;
    while (!mxs_cursor_left(&w->rdn) && !w->rdns.bad && mxs_cursor_left(&w->rdns)) {
        if (!mxs_der_expect(&w->rdns, MXS_DER_SET, &set))
            return false;
        w->rdn = mxs_der_enter(&w->rdns, &set);
        w->first = true;
    }
    if (w->rdns.bad || !mxs_cursor_left(&w->rdn))
        return false;
    bool good = mxs_der_expect(&w->rdn, MXS_DER_SEQUENCE, &out->whole);
    struct mxs_cursor in = mxs_der_enter(&w->rdn, &out->whole);
    good = good && mxs_der_expect(&in, MXS_DER_OID, &oid) && mxs_der_next(&in, &out->value) &&
           !mxs_cursor_left(&in);
    out->oid = good ? mxs_der_oid(w->arena, oid.body) : NULL;
    out->first = w->first;
    w->first = false;
    w->rdns.bad = !out->oid;
    return out->oid != NULL;
}

/* --- strings ---------------------------------------------------------------------------------- */

static void put_utf8(struct mxs_buf *out, uint32_t cp)
{
    uint8_t b[4];
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = n; i-- > 1; cp >>= 6)
        b[i] = (uint8_t)(0x80 | (cp & 0x3f));
    b[0] = (uint8_t)(n == 1 ? cp : lead[n] | cp);
    mxs_buf_add(out, b, n);
}

/* Fixed-width characters of size octets: T61String (read as Latin-1, as everybody does), BMPString,
 * UniversalString. */
static void put_wide(struct mxs_buf *out, struct mxs_bytes b, size_t size)
{
    struct mxs_cursor c = mxs_cursor(b);
    while (mxs_cursor_left(&c) >= size) {
        uint32_t cp = mxs_cursor_uint(&c, size);
        put_utf8(out, cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) ? 0xfffd : cp);
    }
}

/* UTF-8 into out; false when the tag is no string type. */
static bool string_utf8(const struct mxs_der *value, struct mxs_buf *out)
{
    struct mxs_bytes b = value->body;
    b.n = b.n > VALUE_MAX ? VALUE_MAX : b.n;
    switch (value->tag) {
    case MXS_DER_UTF8_STRING:
    case MXS_DER_PRINTABLE_STRING:
    case MXS_DER_IA5_STRING:
    case 0x12: /* NumericString */
    case 0x1a: /* VisibleString */
        mxs_buf_add(out, b.p, b.n);
        return true;
    case MXS_DER_T61_STRING:
        put_wide(out, b, 1);
        return true;
    case MXS_DER_BMP_STRING:
        put_wide(out, b, 2);
        return true;
    case MXS_DER_UNIVERSAL_STRING:
        put_wide(out, b, 4);
        return true;
    default:
        return false;
    }
}

const char *mxs_dn_string(struct mxs_arena *arena, const struct mxs_der *value)
{
    struct mxs_buf out;
    const char *text;
    mxs_buf_init(&out, VALUE_MAX * 2);
    if (string_utf8(value, &out))
        text = mxs_text_clean(arena, mxs_buf_bytes(&out));
    else
        text = mxs_arena_printf(arena, "#%s", mxs_hex(arena, value->whole));
    mxs_buf_fini(&out);
    return text;
}

/* --- RFC 4514 --------------------------------------------------------------------------------- */

/* RFC 4514 2.4. NUL is \00 there; the sanitiser would show \x00, which no parser reads. */
static void put_escaped(struct mxs_buf *out, struct mxs_bytes s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t ch = s.p[i];
        bool edge = (i == 0 && (ch == ' ' || ch == '#')) || (i + 1 == s.n && ch == ' ');
        if (ch == 0)
            mxs_buf_puts(out, "\\00");
        else if (edge || strchr("\"+,;<>\\", ch))
            mxs_buf_printf(out, "\\%c", ch);
        else
            mxs_buf_putc(out, (char)ch);
    }
}

static void put_attribute(struct mxs_buf *out, struct mxs_arena *arena, const struct attribute *a)
{
    const char *name = mxs_oid_attribute(a->oid);
    struct mxs_buf value;
    mxs_buf_init(&value, VALUE_MAX * 2);
    mxs_buf_printf(out, "%s=", name ? name : a->oid);
    if (string_utf8(&a->value, &value))
        put_escaped(out, mxs_buf_bytes(&value));
    else
        mxs_buf_printf(out, "#%s", mxs_hex(arena, a->value.whole));
    mxs_buf_fini(&value);
}

struct part {
    const char *text;
    bool first; /* of its RDN */
};

struct parts {
    MXS_LIST(struct part) v;
};

/* The last RDN comes first; inside an RDN the order stays. */
static void put_reversed(struct mxs_buf *out, const struct parts *parts)
{
    for (size_t end = parts->v.n, start; end > 0; end = start) {
        start = end - 1;
        while (start > 0 && !parts->v.v[start].first)
            start--;
        for (size_t i = start; i < end; i++)
            mxs_buf_printf(out, i + 1 < end ? "%s+" : "%s", parts->v.v[i].text);
        if (start)
            mxs_buf_putc(out, ',');
    }
}

const char *mxs_dn_text(struct mxs_arena *arena, struct mxs_bytes name)
{
    struct parts parts = { 0 };
    struct walk w;
    struct attribute a;
    struct mxs_buf out;
    walk_init(&w, arena, name);
    mxs_buf_init(&out, TEXT_MAX);
    while (walk_next(&w, &a)) {
        mxs_buf_clear(&out);
        put_attribute(&out, arena, &a);
        *mxs_list_add(arena, &parts.v) = (struct part){ mxs_arena_strndup(arena, out.p, out.n),
                                                        a.first };
    }
    mxs_buf_clear(&out);
    put_reversed(&out, &parts);
    const char *text = w.rdns.bad ? NULL : mxs_text_clean(arena, mxs_buf_bytes(&out));
    mxs_buf_fini(&out);
    return text;
}

const char *mxs_dn_styled(struct mxs_arena *arena, struct mxs_bytes name, enum mxs_dn_style style)
{
    static const struct {
        const char *between, *within, *equals;
    } styles[] = { { ", ", " + ", "=" }, { ", ", " + ", " = " }, { "/", "/", "=" } };
    struct mxs_buf out;
    struct walk w;
    struct attribute a;
    mxs_buf_init(&out, TEXT_MAX);
    walk_init(&w, arena, name);
    for (bool first = true; walk_next(&w, &a); first = false) {
        const char *type = mxs_oid_attribute(a.oid);
        const char *before = !first ? a.first ? styles[style].between : styles[style].within
                             : style == MXS_DN_SLASHES ? "/" : "";
        mxs_buf_printf(&out, "%s%s%s%s", before, type ? type : a.oid, styles[style].equals,
                       mxs_dn_string(arena, &a.value));
    }
    const char *text = mxs_arena_strndup(arena, out.p, out.n);
    mxs_buf_fini(&out);
    return text;
}

const char *mxs_dn_attribute(struct mxs_arena *arena, struct mxs_bytes name, const char *oid)
{
    const char *found = NULL;
    struct walk w;
    struct attribute a;
    walk_init(&w, arena, name);
    while (walk_next(&w, &a))
        if (strcmp(a.oid, oid) == 0)
            found = mxs_dn_string(arena, &a.value);
    return found;
}

void mxs_dn_fields(const struct mxs_der_tree *t, struct mxs_bytes name, struct mxs_field *parent)
{
    struct walk w;
    struct attribute a;
    walk_init(&w, t->arena, name);
    while (walk_next(&w, &a)) {
        const char *type = mxs_oid_attribute(a.oid);
        struct mxs_field *f = mxs_der_add(t, parent, type ? type : a.oid, &a.whole,
                                          mxs_dn_string(t->arena, &a.value));
        f->flags |= type ? 0 : MXS_FIELD_UNKNOWN;
    }
    if (w.rdns.bad)
        mxs_der_malformed(t, parent, name.p, "a Name (RFC 5280 4.1.2.4)");
}
