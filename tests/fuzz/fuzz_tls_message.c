/* Handshake messages, alerts and records. Input: type, negotiated version (two octets), body. */
#include "config.h"

#include "facts/tls.h"
#include "fuzz/fuzz.h"

static void values(struct mxs_arena *arena, unsigned type, unsigned version, struct mxs_bytes body)
{
    struct mxs_tls_hello hello;
    struct mxs_tls_certificates certificates;
    struct mxs_tls_certificate_request request;
    mxs_tls_hello_parse(arena, type, body, &hello);
    fuzz_clean(hello.sni);
    fuzz_clean(hello.alpn);
    fuzz_clean(mxs_tls_alpn(arena, body));
    mxs_tls_certificates_parse(arena, version, body, &certificates);
    for (size_t i = 0; i < certificates.der.n; i++) {
        struct mxs_bytes der = certificates.der.v[i];
        FUZZ_MUST(der.p >= body.p && der.n <= body.n &&
                  (size_t)(der.p - body.p) <= body.n - der.n);
    }
    mxs_tls_certificate_request_parse(arena, version, body, &request);
    for (size_t i = 0; i < request.authorities.n; i++)
        fuzz_clean(request.authorities.v[i]);
    mxs_tls_signature_scheme(type, version, body);
    mxs_tls_key_exchange_group(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct mxs_arena *arena = mxs_arena_new();
    unsigned type = data[0], version = (unsigned)data[1] << 8 | data[2];
    struct mxs_bytes body = mxs_bytes(data + 3, size - 3);
    fuzz_tree(mxs_tls_message_fields(arena, type, version, body), body.n);
    fuzz_tree(mxs_tls_alert_fields(arena, body), body.n);
    fuzz_tree(mxs_tls_record_fields(arena, body), body.n);
    values(arena, type, version, body);
    mxs_arena_free(arena);
    return 0;
}
