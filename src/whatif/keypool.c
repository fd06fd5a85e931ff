#include "config.h"

#include "whatif/keypool.h"

#include "base/text.h"
#include "facts/cert_parse.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

enum {
    RSA_LEAST = 1024,
    RSA_MOST = 4096,
    SPENT_MAX = 600, /* about four seconds in all, see cost() */
    HASH = 32
};

struct mxs_key {
    uint8_t id[HASH]; /* digest of the true key, or of kind and label */
    const char *kind;
    struct mxs_bytes spki;
    bool substituted;
    gnutls_privkey_t key;
};

struct ready { /* a key of the PEM text, not yet read */
    struct mxs_bytes der;
    unsigned bits;
    bool used;
};

struct mxs_keypool {
    struct mxs_arena *arena;
    struct mxs_bytes pem;
    bool opened;   /* ready is filled */
    unsigned spent; /* on making RSA keys: a chain of a thousand of them must not take an hour */
    MXS_LIST(struct mxs_key *) keys;
    MXS_LIST(struct ready) ready;
};

struct maker {
    const char *kind;
    gnutls_pk_algorithm_t algorithm;
    gnutls_ecc_curve_t curve;
    const char *signs; /* with this, when there is a choice */
};

static const struct maker makers[] = { /* the first is the substitute for what is not here */
    { "ECDSA-P256", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP256R1, "ECDSA-SHA256" },
    { "ECDSA-P384", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP384R1, "ECDSA-SHA384" },
    { "ECDSA-P521", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP521R1, "ECDSA-SHA512" },
    { "ECDSA-P224", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP224R1, "ECDSA-SHA256" },
    { "Ed25519", GNUTLS_PK_EDDSA_ED25519, GNUTLS_ECC_CURVE_ED25519, "Ed25519" },
    { "Ed448", GNUTLS_PK_EDDSA_ED448, GNUTLS_ECC_CURVE_ED448, "Ed448" },
};

struct mxs_keypool *mxs_keypool_new(struct mxs_bytes ready)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_keypool *pool = MXS_NEW(arena, struct mxs_keypool);
    pool->arena = arena;
    pool->pem = ready;
    return pool;
}

bool mxs_keypool_public(const struct mxs_keypool *pool)
{
    return pool->pem.n > 0;
}

void mxs_keypool_free(struct mxs_keypool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->keys.n; i++)
        gnutls_privkey_deinit(pool->keys.v[i]->key);
    mxs_arena_free(pool->arena);
}

/* --- ready keys ------------------------------------------------------------------------------- */

/* Text between a BEGIN and an END line, from *at on. */
static bool next_body(struct mxs_bytes pem, size_t *at, struct mxs_bytes *body)
{
    static const char begin[] = "-----BEGIN RSA PRIVATE KEY-----", end[] = "-----END ";
    const char *text = (const char *)pem.p + *at, *stop = (const char *)pem.p + pem.n;
    const char *from = memmem(text, (size_t)(stop - text), begin, sizeof begin - 1);
    if (!from)
        return false;
    from += sizeof begin - 1;
    const char *to = memmem(from, (size_t)(stop - from), end, sizeof end - 1);
    if (!to)
        return false;
    *body = mxs_bytes(from, (size_t)(to - from));
    *at = (size_t)(to - (const char *)pem.p);
    return true;
}

/* RSAPrivateKey ::= SEQUENCE { version, modulus, .. } (RFC 8017 A.1.2) */
static unsigned modulus_bits(struct mxs_bytes der)
{
    struct mxs_cursor c = mxs_cursor(der);
    struct mxs_der seq, version, modulus;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq))
        return 0;
    struct mxs_cursor in = mxs_der_enter(&c, &seq);
    if (!mxs_der_expect(&in, MXS_DER_INTEGER, &version) ||
        !mxs_der_expect(&in, MXS_DER_INTEGER, &modulus) || modulus.body.n < 2)
        return 0;
    return (unsigned)(modulus.body.n - 1) * 8; /* behind the sign octet: the top bit is set */
}

static void open_ready(struct mxs_keypool *pool)
{
    struct mxs_bytes body;
    size_t at = 0;
    pool->opened = true;
    while (pool->pem.n && next_body(pool->pem, &at, &body)) {
        struct ready r = { .used = false };
        if (mxs_base64_parse(pool->arena, (const char *)body.p, body.n, &r.der) != MXS_OK)
            continue;
        r.bits = modulus_bits(r.der);
        *mxs_list_add(pool->arena, &pool->ready) = r;
    }
}

static bool import_ready(struct mxs_keypool *pool, struct mxs_key *key, unsigned bits)
{
    if (!pool->opened)
        open_ready(pool);
    for (size_t i = 0; i < pool->ready.n; i++) {
        struct ready *r = &pool->ready.v[i];
        gnutls_datum_t der = { (unsigned char *)(uintptr_t)r->der.p, (unsigned)r->der.n };
        if (r->used || r->bits != bits)
            continue;
        r->used = true;
        if (gnutls_privkey_import_x509_raw(key->key, &der, GNUTLS_X509_FMT_DER, NULL, 0) == 0)
            return true;
    }
    return false;
}

/* --- making ----------------------------------------------------------------------------------- */

static bool make_curve(struct mxs_key *key, const struct maker *maker)
{
    unsigned bits = (unsigned)GNUTLS_CURVE_TO_BITS(maker->curve);
    return gnutls_privkey_generate(key->key, maker->algorithm, bits, 0) == 0;
}

/* Making an RSA key grows with the cube of its size, or worse; 8 is about 50 ms. */
static unsigned cost(unsigned bits)
{
    unsigned k = (bits + 1023) / 1024;
    return k * k * k;
}

/* "RSA-2048", "RSA-PSS-3072": true when it is one, and of a size that can be made in time. */
static bool make_rsa(struct mxs_keypool *pool, struct mxs_key *key, const char *kind)
{
    unsigned bits;
    int used = 0;
    bool pss = sscanf(kind, "RSA-PSS-%u%n", &bits, &used) == 1;
    if ((!pss && sscanf(kind, "RSA-%u%n", &bits, &used) != 1) || kind[used] || bits < RSA_LEAST ||
        bits > RSA_MOST)
        return false;
    if (!pss && import_ready(pool, key, bits))
        return true;
    if (pool->spent + cost(bits) > SPENT_MAX)
        return false;
    pool->spent += cost(bits);
    return gnutls_privkey_generate(key->key, pss ? GNUTLS_PK_RSA_PSS : GNUTLS_PK_RSA, bits, 0) == 0;
}

static const struct maker *maker_of(const char *kind)
{
    for (size_t i = 0; i < MXS_COUNT(makers); i++)
        if (strcmp(makers[i].kind, kind) == 0)
            return &makers[i];
    return NULL;
}

static struct mxs_bytes spki_of(struct mxs_arena *arena, gnutls_privkey_t key)
{
    gnutls_pubkey_t pub;
    gnutls_datum_t der = { NULL, 0 };
    struct mxs_bytes out = { NULL, 0 };
    gnutls_pubkey_init(&pub);
    if (gnutls_pubkey_import_privkey(pub, key, 0, 0) == 0 &&
        gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der) == 0)
        out = mxs_arena_bytes(arena, mxs_bytes(der.data, der.size));
    gnutls_free(der.data);
    gnutls_pubkey_deinit(pub);
    return out;
}

static const struct mxs_key *make(struct mxs_keypool *pool, const uint8_t *id, const char *kind)
{
    struct mxs_key *key = MXS_NEW(pool->arena, struct mxs_key);
    const struct maker *maker = maker_of(kind);
    memcpy(key->id, id, HASH);
    gnutls_privkey_init(&key->key);
    if (!(maker ? make_curve(key, maker) : make_rsa(pool, key, kind))) {
        gnutls_privkey_deinit(key->key);
        gnutls_privkey_init(&key->key);
        key->substituted = make_curve(key, &makers[0]);
    }
    key->spki = spki_of(pool->arena, key->key);
    key->kind = mxs_spki_name(pool->arena, key->spki);
    *mxs_list_add(pool->arena, &pool->keys) = key;
    return key;
}

static const struct mxs_key *find(const struct mxs_keypool *pool, const uint8_t *id)
{
    for (size_t i = 0; i < pool->keys.n; i++)
        if (memcmp(pool->keys.v[i]->id, id, HASH) == 0)
            return pool->keys.v[i];
    return NULL;
}

const struct mxs_key *mxs_keypool_for(struct mxs_keypool *pool, struct mxs_bytes spki)
{
    uint8_t id[HASH];
    mxs_digest_sha256(spki, id);
    for (size_t i = 0; i < pool->keys.n; i++)
        if (mxs_bytes_equal(pool->keys.v[i]->spki, spki))
            return pool->keys.v[i];
    const struct mxs_key *key = find(pool, id);
    const char *kind = key ? NULL : mxs_spki_name(pool->arena, spki);
    return key ? key : make(pool, id, kind ? kind : "?");
}

const struct mxs_key *mxs_keypool_labelled(struct mxs_keypool *pool, const char *kind,
                                           struct mxs_bytes label)
{
    uint8_t id[HASH];
    mxs_digest_sha256(label, id);
    const char *both = mxs_arena_printf(pool->arena, "%s %s", kind,
                                        mxs_hex(pool->arena, mxs_bytes(id, HASH)));
    mxs_digest_sha256(mxs_bytes_str(both), id);
    const struct mxs_key *key = find(pool, id);
    return key ? key : make(pool, id, kind);
}

/* --- using ------------------------------------------------------------------------------------ */

const char *mxs_key_kind(const struct mxs_key *key)
{
    return key->kind;
}

struct mxs_bytes mxs_key_spki(const struct mxs_key *key)
{
    return key->spki;
}

bool mxs_key_substituted(const struct mxs_key *key)
{
    return key->substituted;
}

const char *mxs_key_algorithm(const struct mxs_key *key)
{
    const struct maker *maker = maker_of(key->kind);
    return maker ? maker->signs : strncmp(key->kind, "RSA-PSS", 7) == 0 ? "RSA-PSS-SHA256"
                                                                        : "RSA-SHA256";
}

struct mxs_bytes mxs_key_sign(struct mxs_arena *arena, const struct mxs_key *key,
                              const char *algorithm, struct mxs_bytes data)
{
    gnutls_datum_t in = { (unsigned char *)(uintptr_t)data.p, (unsigned)data.n }, out = { NULL, 0 };
    int number = mxs_signature_number(algorithm, key->kind);
    if (number < 0 ||
        gnutls_privkey_sign_data2(key->key, (gnutls_sign_algorithm_t)number, 0, &in, &out) != 0)
        return mxs_bytes(NULL, 0);
    struct mxs_bytes signature = mxs_arena_bytes(arena, mxs_bytes(out.data, out.size));
    gnutls_free(out.data);
    return signature;
}

char *mxs_key_pem(struct mxs_arena *arena, const struct mxs_key *key)
{
    gnutls_x509_privkey_t x509 = NULL;
    gnutls_datum_t pem = { NULL, 0 };
    char *text = NULL;
    if (gnutls_privkey_export_x509(key->key, &x509) == 0 &&
        gnutls_x509_privkey_export2_pkcs8(x509, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                          &pem) == 0)
        text = mxs_arena_strndup(arena, pem.data, pem.size);
    gnutls_free(pem.data);
    if (x509)
        gnutls_x509_privkey_deinit(x509);
    return text;
}
