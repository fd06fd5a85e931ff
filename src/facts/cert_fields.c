/* The field tree of a certificate: TBSCertificate (RFC 5280 4.1.2), signature; extensions are in
 * cert_fields_ext.c. What is broken is marked, and what stands behind it left to the bytes view. */
#include "config.h"

#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/der_tree.h"
#include "facts/dn.h"
#include "facts/oids.h"

#include <string.h>

struct tree {
    struct mxs_der_tree t;
    struct mxs_field *root, *tbs;
};

static const char *or_unknown(const char *s)
{
    return s ? s : "?";
}

/* --- the key ---------------------------------------------------------------------------------- */

static void rsa_fields(const struct mxs_der_tree *t, struct mxs_field *key, struct mxs_cursor c)
{
    struct mxs_der seq, modulus, exponent;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq))
        return;
    struct mxs_cursor in = mxs_der_enter(&c, &seq);
    if (mxs_der_expect(&in, MXS_DER_INTEGER, &modulus))
        mxs_der_add(t, key, "modulus", &modulus, mxs_der_hex(t->arena, modulus.body));
    if (mxs_der_expect(&in, MXS_DER_INTEGER, &exponent))
        mxs_der_add(t, key, "publicExponent", &exponent, mxs_der_number(t->arena, &exponent));
}

static void key_fields(const struct mxs_der_tree *t, struct mxs_field *parent,
                       const struct mxs_der *spki)
{
    struct mxs_cursor c = mxs_cursor(spki->body);
    struct mxs_der algorithm, key;
    struct mxs_bytes bits;
    unsigned unused;
    const char *name = or_unknown(mxs_spki_name(t->arena, spki->whole));
    struct mxs_field *f = mxs_der_add(t, parent, "subjectPublicKeyInfo", spki, name);
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &algorithm) ||
        !mxs_der_expect(&c, MXS_DER_BIT_STRING, &key) ||
        !mxs_der_bits(key.body, &bits, &unused)) {
        mxs_der_malformed(t, f, c.p, "a SubjectPublicKeyInfo (RFC 5280 4.1.2.7)");
        return;
    }
    mxs_der_algorithm(t, f, "algorithm", &algorithm, name);
    struct mxs_field *point =
        mxs_der_add(t, f, "subjectPublicKey", &key, mxs_der_hex(t->arena, bits));
    if (strncmp(name, "RSA", 3) == 0) {
        point->value = NULL;
        rsa_fields(t, point, mxs_cursor(bits));
    }
}

/* --- the TBSCertificate ----------------------------------------------------------------------- */

static bool version_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der tagged, number;
    if (!mxs_der_optional(c, MXS_DER_CONTEXT_CONSTRUCTED | 0, &tagged)) {
        mxs_field_add(x->t.arena, x->tbs, "version", x->tbs->off, 0, "1");
        return !c->bad;
    }
    struct mxs_cursor in = mxs_der_enter(c, &tagged);
    if (!mxs_der_expect(&in, MXS_DER_INTEGER, &number))
        return false;
    mxs_der_add(&x->t, x->tbs, "version", &tagged,
                mxs_arena_printf(x->t.arena, "%ld", mxs_der_small(number.body) + 1));
    return true;
}

static bool serial_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der serial;
    if (!mxs_der_expect(c, MXS_DER_INTEGER, &serial))
        return false;
    mxs_der_add(&x->t, x->tbs, "serialNumber", &serial, mxs_der_hex(x->t.arena, serial.body));
    return true;
}

static bool algorithm_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der value;
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &value))
        return false;
    mxs_der_algorithm(&x->t, x->tbs, "signature", &value,
                      or_unknown(mxs_signature_name(x->t.arena, value.whole)));
    return true;
}

static bool issuer_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der value;
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &value))
        return false;
    mxs_der_name(&x->t, x->tbs, "issuer", &value);
    return true;
}

static bool validity_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der value, from, until;
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &value))
        return false;
    struct mxs_cursor in = mxs_der_enter(c, &value);
    if (!mxs_der_next(&in, &from) || !mxs_der_next(&in, &until))
        return false;
    const char *a = mxs_der_time_text(x->t.arena, &from);
    const char *b = mxs_der_time_text(x->t.arena, &until);
    struct mxs_field *f = mxs_der_add(&x->t, x->tbs, "validity", &value,
                                      mxs_arena_printf(x->t.arena, "%s .. %s", a, b));
    mxs_der_add(&x->t, f, "notBefore", &from, a);
    mxs_der_add(&x->t, f, "notAfter", &until, b);
    return true;
}

static bool subject_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der value;
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &value))
        return false;
    mxs_der_name(&x->t, x->tbs, "subject", &value);
    return true;
}

static bool spki_fields(struct tree *x, struct mxs_cursor *c)
{
    struct mxs_der value;
    if (!mxs_der_expect(c, MXS_DER_SEQUENCE, &value))
        return false;
    key_fields(&x->t, x->tbs, &value);
    return true;
}

static bool tail_fields(struct tree *x, struct mxs_cursor *c)
{
    static const char *const ids[] = { NULL, "issuerUniqueID", "subjectUniqueID" };
    struct mxs_der value, list;
    for (unsigned i = 1; i <= 2; i++)
        if (mxs_der_optional(c, MXS_DER_CONTEXT | i, &value))
            mxs_der_add(&x->t, x->tbs, ids[i], &value, mxs_der_hex(x->t.arena, value.body));
    if (mxs_der_optional(c, MXS_DER_CONTEXT_CONSTRUCTED | 3, &value)) {
        struct mxs_cursor in = mxs_der_enter(c, &value);
        if (!mxs_der_expect(&in, MXS_DER_SEQUENCE, &list))
            return false;
        mxs_der_extensions(&x->t, x->tbs, &list);
    }
    return !c->bad && !mxs_cursor_left(c);
}

static const struct {
    bool (*fn)(struct tree *x, struct mxs_cursor *c);
    const char *expected;
} members[] = {
    { version_fields, "a version (RFC 5280 4.1.2.1)" },
    { serial_fields, "a serial number (RFC 5280 4.1.2.2)" },
    { algorithm_fields, "a signature algorithm (RFC 5280 4.1.2.3)" },
    { issuer_fields, "an issuer (RFC 5280 4.1.2.4)" },
    { validity_fields, "a validity (RFC 5280 4.1.2.5)" },
    { subject_fields, "a subject (RFC 5280 4.1.2.6)" },
    { spki_fields, "a public key (RFC 5280 4.1.2.7)" },
    { tail_fields, "extensions (RFC 5280 4.1.2.9)" },
};

static void tbs_fields(struct tree *x, const struct mxs_der *tbs)
{
    struct mxs_cursor c = mxs_cursor(tbs->body);
    x->tbs = mxs_der_add(&x->t, x->root, "tbsCertificate", tbs, NULL);
    for (size_t i = 0; i < MXS_COUNT(members); i++) {
        const uint8_t *at = c.p;
        if (members[i].fn(x, &c))
            continue;
        mxs_der_malformed(&x->t, x->tbs, at, members[i].expected);
        return;
    }
}

static void signature_fields(struct tree *x, const struct mxs_der *algorithm,
                             const struct mxs_der *signature)
{
    struct mxs_bytes bits;
    unsigned unused;
    mxs_der_algorithm(&x->t, x->root, "signatureAlgorithm", algorithm,
                      or_unknown(mxs_signature_name(x->t.arena, algorithm->whole)));
    mxs_der_bits(signature->body, &bits, &unused);
    mxs_der_add(&x->t, x->root, "signatureValue", signature, mxs_der_hex(x->t.arena, bits));
}

/* The title of the root: the subject, or the first DNS name when there is none. */
static const char *title(const struct mxs_field *root)
{
    const struct mxs_field *subject = mxs_field_find(root, "subject");
    const struct mxs_field *dns = mxs_field_find(root, "subjectAltName/dNSName");
    if (subject && subject->child)
        return subject->value;
    return dns ? dns->value : NULL;
}

struct mxs_field *mxs_cert_fields(struct mxs_arena *arena, struct mxs_bytes der, size_t base_off)
{
    struct tree x = { .t = { arena, der.p, base_off } };
    struct mxs_cursor c = mxs_cursor(der);
    struct mxs_der whole, tbs, algorithm, signature;
    x.root = mxs_field_new(arena, "Certificate");
    x.root->off = base_off;
    x.root->len = der.n;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole)) {
        mxs_field_malformed(arena, x.root, base_off, "a DER SEQUENCE");
        return x.root;
    }
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (mxs_der_expect(&in, MXS_DER_SEQUENCE, &tbs))
        tbs_fields(&x, &tbs);
    if (mxs_der_expect(&in, MXS_DER_SEQUENCE, &algorithm) &&
        mxs_der_expect(&in, MXS_DER_BIT_STRING, &signature))
        signature_fields(&x, &algorithm, &signature);
    if (in.bad || mxs_cursor_left(&in))
        mxs_der_malformed(&x.t, x.root, in.p, "tbsCertificate, signatureAlgorithm, signatureValue");
    if (mxs_cursor_left(&c))
        mxs_der_malformed(&x.t, x.root, c.p, "the end of the certificate");
    x.root->value = title(x.root);
    return x.root;
}
