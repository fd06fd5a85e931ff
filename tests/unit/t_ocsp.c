#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <gnutls/ocsp.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "facts/ocsp.h"

static int setup(void **state)
{
    *state = mxs_arena_new();
    return 0;
}

static int teardown(void **state)
{
    mxs_arena_free(*state);
    return 0;
}

static struct mxs_bytes slurp(void *arena, const char *name)
{
    struct mxs_bytes b;
    struct mxs_why why;
    if (mxs_file_read(arena, mxs_arena_printf(arena, MXS_TEST_CERTS "/facts/%s", name), 1 << 20, &b,
                      &why) != MXS_OK)
        fail_msg("%s", why.text);
    return b;
}

static const struct mxs_cert *cert(void *arena, const char *name)
{
    struct mxs_chain chain;
    assert_int_equal(mxs_cert_pem(arena, name, slurp(arena, name), &chain, NULL), MXS_OK);
    return chain.certs.v[0];
}

static const struct {
    const char *response, *cert, *responder;
    enum mxs_ocsp_cert_status status;
    bool has_next;
} rows[] = {
    { "ocsp-leaf.der", "leaf.pem", "CN=Example OCSP", MXS_OCSP_CERT_GOOD, true },
    { "ocsp-p384.der", "p384.pem", "CN=Example OCSP", MXS_OCSP_CERT_REVOKED, true },
    { "ocsp-ev.der", "ev.pem", "CN=Example OCSP", MXS_OCSP_CERT_UNKNOWN, true },
    { "ocsp-direct.der", "leaf.pem", "d9e3", MXS_OCSP_CERT_GOOD, false },
};

static void responses(void **state)
{
    const struct mxs_cert *issuer = cert(*state, "int.pem"), *other = cert(*state, "root.pem");
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_ocsp_response o;
        assert_int_equal(mxs_ocsp_parse(*state, slurp(*state, rows[i].response), &o, NULL), MXS_OK);
        assert_string_equal(o.response_name, "successful");
        if (rows[i].has_next)
            assert_string_equal(o.responder, rows[i].responder);
        else /* by key: the SHA-1 of the key, as in the SKI of int.pem */
            assert_true(mxs_bytes_equal(o.responder_key, issuer->ski));
        assert_int_equal(o.singles.n, 1);
        const struct mxs_ocsp_single *s = mxs_ocsp_find(&o, cert(*state, rows[i].cert), issuer);
        assert_ptr_equal(s, &o.singles.v[0]);
        assert_int_equal(s->status, rows[i].status);
        assert_int_equal(s->next_update >= 0, rows[i].has_next);
        assert_null(mxs_ocsp_find(&o, cert(*state, "nameless.pem"), issuer));
        assert_null(mxs_ocsp_find(&o, cert(*state, rows[i].cert), other));
        assert_true(mxs_ocsp_signed_by(&o, issuer));
        assert_false(mxs_ocsp_signed_by(&o, other));
    }
}

static void revocation(void **state)
{
    struct mxs_ocsp_response o;
    struct mxs_bytes der = slurp(*state, "ocsp-p384.der");
    assert_int_equal(mxs_ocsp_parse(*state, der, &o, NULL), MXS_OK);
    assert_string_equal(mxs_time_text(*state, o.singles.v[0].revoked), "2026-02-01T00:00:00Z");
    assert_string_equal(o.singles.v[0].reason, "keyCompromise");
    struct mxs_field *root = mxs_ocsp_fields(*state, der, 50);
    assert_string_equal(root->value, "revoked");
    assert_string_equal(mxs_field_find(root, "SingleResponse/certStatus")->value, "revoked");
    assert_string_equal(mxs_field_find(root, "revocationReason")->value, "keyCompromise");
    assert_string_equal(mxs_field_find(root, "certs/Certificate")->value, "CN=Example OCSP");
    const struct mxs_field *serial = mxs_field_find(root, "certID/serialNumber");
    assert_memory_equal(der.p + serial->off - 50 + 2, o.singles.v[0].serial_raw.p, serial->len - 2);
}

static void against_gnutls(void **state)
{
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_bytes der = slurp(*state, rows[i].response);
        gnutls_datum_t d = { (unsigned char *)mxs_arena_dup(*state, der.p, der.n), (unsigned)der.n };
        gnutls_ocsp_resp_t resp;
        struct mxs_ocsp_response o;
        unsigned status;
        time_t from, until, when;
        assert_int_equal(mxs_ocsp_parse(*state, der, &o, NULL), MXS_OK);
        gnutls_ocsp_resp_init(&resp);
        assert_int_equal(gnutls_ocsp_resp_import(resp, &d), 0);
        assert_int_equal(gnutls_ocsp_resp_get_produced(resp), o.produced_at);
        assert_int_equal(gnutls_ocsp_resp_get_single(resp, 0, NULL, NULL, NULL, NULL, &status, &from,
                                                     &until, &when, NULL), 0);
        assert_int_equal(status, o.singles.v[0].status);
        assert_int_equal(from, o.singles.v[0].this_update);
        assert_int_equal(until, o.singles.v[0].next_update);
        gnutls_ocsp_resp_deinit(resp);
    }
}

static void other_answers(void **state)
{
    static const uint8_t later[] = { 0x30, 3, 0x0a, 1, 3 };
    struct mxs_ocsp_response o;
    assert_int_equal(mxs_ocsp_parse(*state, mxs_bytes(later, sizeof later), &o, NULL), MXS_OK);
    assert_string_equal(o.response_name, "tryLater");
    assert_int_equal(o.singles.n, 0);
    assert_false(mxs_ocsp_signed_by(&o, cert(*state, "int.pem")));
}

static void hostile(void **state)
{
    struct mxs_bytes whole = slurp(*state, "ocsp-p384.der");
    uint32_t seed = 3;
    for (size_t i = 0; i < whole.n + 2000; i++) {
        struct mxs_arena *arena = mxs_arena_new();
        size_t n = i < whole.n ? i : whole.n;
        uint8_t *bytes = malloc(n ? n : 1);
        struct mxs_ocsp_response o;
        memcpy(bytes, whole.p, n);
        for (int k = 0; i >= whole.n && k < 3; k++) {
            seed = seed * 1103515245 + 12345;
            bytes[(seed >> 8) % n] = (uint8_t)(seed >> 24);
        }
        enum mxs_err err = mxs_ocsp_parse(arena, mxs_bytes(bytes, n), &o, NULL);
        assert_true(err == MXS_ERR_SYNTAX || i >= whole.n);
        struct mxs_field *root = mxs_ocsp_fields(arena, mxs_bytes(bytes, n), 9);
        for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
            assert_true(f->off >= 9 && f->off + f->len <= n + 9);
        free(bytes);
        mxs_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responses),     cmocka_unit_test(revocation),
        cmocka_unit_test(against_gnutls), cmocka_unit_test(other_answers),
        cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
