/* X.509 certificates in DER: facts, field tree, own signature, and taking apart for re-issuing. */
#include "config.h"

#include "facts/cert.h"
#include "fuzz/fuzz.h"
#include "whatif/tbs.h"

static void clean_all(struct mxs_strs list)
{
    for (size_t i = 0; i < list.n; i++)
        fuzz_clean(list.v[i]);
}

static void facts(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    FUZZ_MUST(cert->subject && cert->issuer && cert->serial);
    fuzz_clean(cert->subject);
    fuzz_clean(cert->issuer);
    fuzz_clean(cert->cn);
    fuzz_clean(cert->key);
    fuzz_clean(cert->signature_algorithm);
    clean_all(cert->san_dns);
    clean_all(cert->san_ip);
    clean_all(cert->eku_oids);
    clean_all(cert->ocsp_urls);
    clean_all(mxs_cert_eku_names(arena, cert));
    clean_all(mxs_cert_key_usage_names(arena, cert));
    mxs_cert_signed_by(cert, cert);
}

/* What is taken apart and put together again unchanged is the same; edits keep it readable. */
static void tbs(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    static const char *names[] = { "clientAuth" };
    struct mxs_strs eku = { names, 1, 1 };
    struct mxs_tbs parts;
    if (!mxs_tbs_of_cert(arena, cert, &parts))
        return;
    FUZZ_MUST(mxs_bytes_equal(mxs_tbs_build(arena, &parts), cert->tbs));
    mxs_tbs_set_validity(arena, &parts, 0, 4102444800);
    FUZZ_MUST(mxs_tbs_set_eku(arena, &parts, &eku, NULL) == MXS_OK);
    mxs_tbs_set_names(arena, &parts, "mx1.example.org", &eku);
    mxs_tbs_set_ski(arena, &parts);
    mxs_tbs_fit_key(arena, &parts, true);
    FUZZ_MUST(mxs_tbs_build(arena, &parts).n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes der = mxs_bytes(data, size);
    const struct mxs_cert *cert = NULL;
    struct mxs_why why = { 0 };
    if (mxs_cert_parse(arena, der, &cert, &why) == MXS_OK) {
        facts(arena, cert);
        tbs(arena, cert);
    } else {
        FUZZ_MUST(why.text[0]);
        fuzz_clean(why.text);
    }
    fuzz_tree(mxs_cert_fields(arena, der, 0), size);
    mxs_arena_free(arena);
    return 0;
}
