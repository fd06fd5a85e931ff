#include "config.h"

#include "judge/path.h"

#include <string.h>

/* Open addressing over (SHA-256 of the certificate, SHA-256 of the issuer's key): a matrix of dates
 * and verifiers asks for the same few pairs thousands of times. Of thousands of sessions hardly any asks
 * for those of another again, so a full table starts anew instead of growing with them. */
struct pair {
    uint8_t cert[32], key[32];
    uint8_t state; /* 0 empty, 1 not signed by it, 2 signed */
};

struct mxs_signatures {
    struct pair *pairs;
    size_t n, cap; /* cap is a power of two */
};

enum { FIRST_CAP = 64, PAIRS_MAX = 3072 }; /* 3/4 of 4096 slots: 266 KiB */

struct mxs_signatures *mxs_signatures_new(void)
{
    struct mxs_signatures *s = mxs_alloc(sizeof *s);
    s->cap = FIRST_CAP;
    s->pairs = mxs_alloc(s->cap * sizeof *s->pairs);
    return s;
}

void mxs_signatures_free(struct mxs_signatures *s)
{
    if (s) {
        mxs_realloc(s->pairs, 0);
        mxs_realloc(s, 0);
    }
}

/* The slot of the pair: the one that holds it, or the empty one where it belongs. */
static struct pair *slot(struct pair *pairs, size_t cap, const uint8_t *cert, const uint8_t *key)
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof at; i++)
        at = at << 8 | (uint8_t)(cert[i] ^ key[i]);
    for (at &= cap - 1; pairs[at].state; at = (at + 1) & (cap - 1))
        if (memcmp(pairs[at].cert, cert, 32) == 0 && memcmp(pairs[at].key, key, 32) == 0)
            break;
    return &pairs[at];
}

static void grow(struct mxs_signatures *s)
{
    size_t cap = s->cap * 2;
    struct pair *bigger = mxs_alloc(cap * sizeof *bigger);
    for (size_t i = 0; i < s->cap; i++)
        if (s->pairs[i].state)
            *slot(bigger, cap, s->pairs[i].cert, s->pairs[i].key) = s->pairs[i];
    mxs_realloc(s->pairs, 0);
    s->pairs = bigger;
    s->cap = cap;
}

static void remember(struct mxs_signatures *s, const uint8_t *cert, const uint8_t *key, bool ok)
{
    if (s->n == PAIRS_MAX) {
        memset(s->pairs, 0, s->cap * sizeof *s->pairs);
        s->n = 0;
    }
    if ((s->n + 1) * 4 > s->cap * 3)
        grow(s);
    struct pair *pair = slot(s->pairs, s->cap, cert, key);
    memcpy(pair->cert, cert, 32);
    memcpy(pair->key, key, 32);
    pair->state = ok ? 2 : 1;
    s->n++;
}

bool mxs_signatures_check(struct mxs_signatures *s, const struct mxs_cert *cert,
                          const struct mxs_cert *issuer)
{
    const struct pair *pair = slot(s->pairs, s->cap, cert->sha256, issuer->spki_sha256);
    if (pair->state)
        return pair->state == 2;
    bool ok = mxs_cert_signed_by(cert, issuer);
    remember(s, cert->sha256, issuer->spki_sha256, ok);
    return ok;
}

bool mxs_signatures_check_spki(struct mxs_signatures *s, const struct mxs_cert *cert,
                               struct mxs_bytes spki)
{
    uint8_t key[32];
    mxs_digest_sha256(spki, key);
    const struct pair *pair = slot(s->pairs, s->cap, cert->sha256, key);
    if (pair->state)
        return pair->state == 2;
    bool ok = mxs_cert_signed_by_spki(cert, spki);
    remember(s, cert->sha256, key, ok);
    return ok;
}

bool mxs_signatures_check_crl(struct mxs_signatures *s, const struct mxs_crl *crl,
                              const struct mxs_cert *issuer)
{
    const struct pair *pair = slot(s->pairs, s->cap, crl->sha256, issuer->spki_sha256);
    if (pair->state)
        return pair->state == 2;
    bool ok = mxs_crl_signed_by(crl, issuer);
    remember(s, crl->sha256, issuer->spki_sha256, ok);
    return ok;
}
