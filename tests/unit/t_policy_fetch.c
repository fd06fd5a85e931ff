/* The policy fetch against a real HTTPS server, and against servers that are none. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "net/policy_fetch.h"
#include "tests/unit/coro_test.h"

#define HOST "mta-sts.example.org"
#define CA_FILE "t_policy_fetch.ca.pem"
#define OTHER_CA_FILE "t_policy_fetch.other.pem"

static const char policy[] = "version: STSv1\r\nmode: enforce\r\nmx: mx.example.org\r\nmax_age: 86400\r\n";

/* --- certificates, valid around now: libcurl has no clock but the machine's --- */

struct pair {
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
};

static struct pair make(const char *name, const struct pair *issuer, bool expired)
{
    struct pair p;
    time_t now = time(NULL);
    gnutls_x509_privkey_init(&p.key);
    gnutls_x509_privkey_generate(p.key, GNUTLS_PK_ECDSA,
                                 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    gnutls_x509_crt_init(&p.crt);
    gnutls_x509_crt_set_version(p.crt, 3);
    gnutls_x509_crt_set_serial(p.crt, name, 4);
    gnutls_x509_crt_set_activation_time(p.crt, now - 20 * 86400);
    gnutls_x509_crt_set_expiration_time(p.crt, expired ? now - 86400 : now + 86400);
    gnutls_x509_crt_set_dn_by_oid(p.crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                  (unsigned)strlen(name));
    gnutls_x509_crt_set_key(p.crt, p.key);
    gnutls_x509_crt_set_basic_constraints(p.crt, issuer == NULL, -1);
    if (issuer)
        gnutls_x509_crt_set_subject_alt_name(p.crt, GNUTLS_SAN_DNSNAME, name,
                                             (unsigned)strlen(name), 0);
    gnutls_x509_crt_sign2(p.crt, issuer ? issuer->crt : p.crt, issuer ? issuer->key : p.key,
                          GNUTLS_DIG_SHA256, 0);
    return p;
}

static void drop(struct pair *p)
{
    gnutls_x509_crt_deinit(p->crt);
    gnutls_x509_privkey_deinit(p->key);
}

static char *pem(struct mxs_arena *arena, gnutls_x509_crt_t crt)
{
    gnutls_datum_t d;
    gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &d);
    char *s = mxs_arena_strndup(arena, d.data, d.size);
    gnutls_free(d.data);
    return s;
}

static char *key_pem(struct mxs_arena *arena, gnutls_x509_privkey_t key)
{
    gnutls_datum_t d;
    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &d);
    char *s = mxs_arena_strndup(arena, d.data, d.size);
    gnutls_free(d.data);
    return s;
}

/* --- the HTTPS server, on threads of its own --- */

enum mode { GOOD, NOT_FOUND, REDIRECT, TOO_LARGE, TOO_LARGE_CHUNKED, ODD_TYPE, EMPTY };

struct world {
    struct mxs_arena *arena;
    struct pair ca, other_ca, leaf, wrong_name, expired;
    enum mode mode;
    char host_header[100], path[100];
};

static ssize_t endless(void *data, uint64_t pos, char *buf, size_t max)
{
    (void)data;
    memset(buf, 'x', max);
    return pos > 10u * 1024 * 1024 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)max;
}

static struct MHD_Response *response(struct world *w, unsigned *status)
{
    static char big[70000];
    struct MHD_Response *r;
    *status = w->mode == NOT_FOUND ? 404 : w->mode == REDIRECT ? 301 : 200;
    if (w->mode == TOO_LARGE_CHUNKED)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, endless, NULL, NULL);
    if (w->mode == TOO_LARGE)
        memset(big, 'a', sizeof big);
    r = w->mode == TOO_LARGE
            ? MHD_create_response_from_buffer(sizeof big, big, MHD_RESPMEM_PERSISTENT)
            : MHD_create_response_from_buffer(w->mode == EMPTY ? 0 : strlen(policy),
                                              (void *)(uintptr_t)policy, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type", w->mode == ODD_TYPE ? "text/html" : "text/plain");
    if (w->mode == REDIRECT)
        MHD_add_response_header(r, "Location", "https://elsewhere.example.org/x");
    return r;
}

static enum MHD_Result handle(void *data, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    struct world *w = data;
    unsigned status;
    (void)method, (void)version, (void)upload, (void)upload_size, (void)state;
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
    strncat(w->host_header, host ? host : "-", sizeof w->host_header - strlen(w->host_header) - 1);
    strncat(w->path, url, sizeof w->path - strlen(w->path) - 1);
    struct MHD_Response *r = response(w, &status);
    enum MHD_Result ok = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return ok;
}

static void quiet(void *data, const char *fmt, va_list args)
{
    (void)data, (void)fmt, (void)args;
}

static struct MHD_Daemon *serve(struct world *w, const struct pair *leaf, unsigned *port)
{
    const char *chain = mxs_arena_printf(w->arena, "%s%s", pem(w->arena, leaf->crt),
                                         pem(w->arena, w->ca.crt));
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    w->host_header[0] = w->path[0] = 0;
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_TLS | MHD_USE_ERROR_LOG, 0, NULL,
        NULL, handle, w, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&a, MHD_OPTION_HTTPS_MEM_CERT, chain, MHD_OPTION_HTTPS_MEM_KEY,
        key_pem(w->arena, leaf->key), MHD_OPTION_END);
    if (d)
        *port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
    return d;
}

static int setup(void **state)
{
    struct world *w = mxs_alloc(sizeof *w);
    struct mxs_why why;
    w->arena = mxs_arena_new();
    w->ca = make("policy test CA", NULL, false);
    w->other_ca = make("another CA", NULL, false);
    w->leaf = make(HOST, &w->ca, false);
    w->wrong_name = make("www.example.org", &w->ca, false);
    w->expired = make(HOST, &w->ca, true);
    mxs_file_write(CA_FILE, mxs_bytes_str(pem(w->arena, w->ca.crt)), 0600, &why);
    mxs_file_write(OTHER_CA_FILE, mxs_bytes_str(pem(w->arena, w->other_ca.crt)), 0600, &why);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    struct pair *pairs[] = { &w->ca, &w->other_ca, &w->leaf, &w->wrong_name, &w->expired };
    for (size_t i = 0; i < MXS_COUNT(pairs); i++)
        drop(pairs[i]);
    unlink(CA_FILE);
    unlink(OTHER_CA_FILE);
    mxs_arena_free(w->arena);
    free(w);
    return 0;
}

/* --- the client --- */

struct run {
    struct mxs_loop *loop;
    struct mxs_arena *arena;
    struct mxs_policy_fetch_options options;
    int64_t timeout;
    enum mxs_err err;
    struct mxs_policy_answer answer;
};

static void run_fetch(struct mxs_coro *self, void *data)
{
    struct run *r = data;
    r->err = mxs_policy_fetch(r->loop, self, r->arena, &r->options,
                              mxs_loop_now(r->loop) + r->timeout, &r->answer);
}

static struct run fetched(struct world *w, unsigned port, const char *ca_file, int64_t timeout)
{
    struct run r = { .loop = mxs_loop_new(mxs_clock_real()), .arena = w->arena,
                     .timeout = timeout,
                     .options = { .host = HOST, .port = port, .ca_file = ca_file } };
    *mxs_list_add(w->arena, &r.options.addresses) = "127.0.0.1";
    coro_test(r.loop, run_fetch, &r);
    mxs_loop_free(r.loop);
    r.loop = NULL;
    return r;
}

static void expect_error(const char *title, const struct run *r, const char *id)
{
    const char *got = r->answer.error_id ? r->answer.error_id : "none";
    if (r->err != MXS_OK || strcmp(got, id ? id : "none") != 0 || (id && !r->answer.error))
        fail_msg("%s: err %d, %s (%s), want %s", title, (int)r->err, got,
                 r->answer.error ? r->answer.error : "-", id ? id : "none");
}

static void bodies(void **state)
{
    static const struct {
        const char *title;
        enum mode mode;
        int status;
        const char *error_id, *media_type;
        bool body;
    } rows[] = {
        { "good", GOOD, 200, NULL, "text/plain", true },
        { "404", NOT_FOUND, 404, "status", "text/plain", true },
        { "301", REDIRECT, 301, "redirect", "text/plain", true },
        { "content-length over 64 KiB", TOO_LARGE, 200, "too-large", "text/plain", false },
        { "chunks without end", TOO_LARGE_CHUNKED, 200, "too-large", NULL, false },
        { "text/html", ODD_TYPE, 200, NULL, "text/html", true },
        { "empty", EMPTY, 200, NULL, "text/plain", false },
    };
    struct world *w = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        unsigned port;
        w->mode = rows[i].mode;
        struct MHD_Daemon *d = serve(w, &w->leaf, &port);
        assert_non_null(d);
        struct run r = fetched(w, port, CA_FILE, 5000000);
        MHD_stop_daemon(d);
        expect_error(rows[i].title, &r, rows[i].error_id);
        assert_int_equal(r.answer.status, rows[i].status);
        assert_string_equal(w->host_header, HOST); /* as if it were on 443 */
        assert_string_equal(w->path, "/.well-known/mta-sts.txt");
        assert_string_equal(r.answer.address, "127.0.0.1");
        assert_int_equal(r.answer.certificates.n, 2);
        assert_true(r.answer.body.n <= 64 * 1024);
        if (rows[i].media_type)
            assert_string_equal(r.answer.media_type, rows[i].media_type);
        if (rows[i].body)
            assert_true(mxs_bytes_equal(r.answer.body, mxs_bytes_str(policy)));
        if (rows[i].mode == REDIRECT)
            assert_string_equal(r.answer.location, "https://elsewhere.example.org/x");
        else
            assert_null(r.answer.location);
    }
}

/* The leaf comes back as it is, also when it was refused; and then nothing was asked. */
static void certificates(void **state)
{
    struct world *w = *state;
    const struct {
        const char *title;
        const struct pair *leaf;
        const char *ca_file, *error_id;
    } rows[] = {
        { "good", &w->leaf, CA_FILE, NULL },
        { "unknown CA", &w->leaf, OTHER_CA_FILE, "certificate" },
        { "wrong name", &w->wrong_name, CA_FILE, "certificate" },
        { "expired", &w->expired, CA_FILE, "certificate" },
        { "no such CA file", &w->leaf, "t_policy_fetch.nowhere.pem", "ca-file" },
    };
    w->mode = GOOD;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        unsigned port;
        struct MHD_Daemon *d = serve(w, rows[i].leaf, &port);
        struct run r = fetched(w, port, rows[i].ca_file, 5000000);
        MHD_stop_daemon(d);
        expect_error(rows[i].title, &r, rows[i].error_id);
        if (!rows[i].error_id || strcmp(rows[i].error_id, "certificate") == 0) {
            gnutls_datum_t der;
            gnutls_x509_crt_export2(rows[i].leaf->crt, GNUTLS_X509_FMT_DER, &der);
            if (r.answer.certificates.n != 2)
                fail_msg("%s: %zu certificates", rows[i].title, r.answer.certificates.n);
            assert_true(mxs_bytes_equal(r.answer.certificates.v[0],
                                        mxs_bytes(der.data, der.size)));
            gnutls_free(der.data);
        }
        if (rows[i].error_id) {
            assert_int_equal(r.answer.body.n, 0);
            assert_int_equal(r.answer.status, 0);
            assert_string_equal(w->path, "");
        }
    }
}

/* --- servers that are no HTTPS server: a socket that answers with fixed bytes, or never --- */

static int listener(unsigned *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 5) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &len) != 0)
        return -1;
    *port = ntohs(a.sin_port);
    return fd;
}

struct talker {
    int fd, conn;
    const char *say; /* NULL: close without a word; "": stay silent */
    struct mxs_watch *watch;
};

static void on_accept(void *data, short revents)
{
    struct talker *t = data;
    (void)revents;
    if (t->conn >= 0)
        close(t->conn);
    t->conn = accept(t->fd, NULL, NULL);
    if (t->say && *t->say)
        send(t->conn, t->say, strlen(t->say), MSG_NOSIGNAL);
    if (!t->say) {
        close(t->conn);
        t->conn = -1;
    }
}

static void not_https(void **state)
{
    static const struct {
        const char *title, *say, *error_id;
        int64_t timeout;
    } rows[] = {
        { "plain text", "HTTP/1.1 200 OK\r\n\r\nhello", "tls", 3000000 },
        { "closes at once", NULL, "tls", 3000000 },
        { "silence", "", "timeout", 100000 },
    };
    struct world *w = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct talker t = { .conn = -1, .say = rows[i].say };
        unsigned port;
        t.fd = listener(&port);
        struct run r = { .loop = mxs_loop_new(mxs_clock_real()), .arena = w->arena,
                         .timeout = rows[i].timeout,
                         .options = { .host = HOST, .port = port, .ca_file = CA_FILE } };
        *mxs_list_add(w->arena, &r.options.addresses) = "127.0.0.1";
        t.watch = mxs_loop_watch(r.loop, t.fd, POLLIN, on_accept, &t);
        coro_test(r.loop, run_fetch, &r);
        mxs_watch_free(t.watch);
        mxs_loop_free(r.loop);
        close(t.fd);
        if (t.conn >= 0)
            close(t.conn);
        expect_error(rows[i].title, &r, rows[i].error_id);
        assert_int_equal(r.answer.status, 0);
    }
}

static void nobody(void **state)
{
    unsigned port;
    close(listener(&port));
    struct run r = fetched(*state, port, CA_FILE, 3000000);
    expect_error("closed port", &r, "connect");
    r.options.addresses.n = 0;
    r.loop = mxs_loop_new(mxs_clock_real());
    coro_test(r.loop, run_fetch, &r);
    mxs_loop_free(r.loop);
    expect_error("no address", &r, "dns");
}

/* The second address is tried when the first does not answer. */
static void second_address(void **state)
{
    struct world *w = *state;
    unsigned port;
    w->mode = GOOD;
    struct MHD_Daemon *d = serve(w, &w->leaf, &port);
    struct run r = { .loop = mxs_loop_new(mxs_clock_real()), .arena = w->arena,
                     .timeout = 5000000,
                     .options = { .host = HOST, .port = port, .ca_file = CA_FILE } };
    *mxs_list_add(w->arena, &r.options.addresses) = "::1";
    *mxs_list_add(w->arena, &r.options.addresses) = "127.0.0.9";
    *mxs_list_add(w->arena, &r.options.addresses) = "127.0.0.1";
    coro_test(r.loop, run_fetch, &r);
    mxs_loop_free(r.loop);
    MHD_stop_daemon(d);
    expect_error("second address", &r, NULL);
    assert_string_equal(r.answer.address, "127.0.0.1");
}

static void cancel(void **state)
{
    struct world *w = *state;
    struct talker t = { .conn = -1, .say = "" };
    unsigned port;
    t.fd = listener(&port);
    struct run r = { .loop = mxs_loop_new(mxs_clock_real()), .arena = w->arena,
                     .timeout = 5000000,
                     .options = { .host = HOST, .port = port, .ca_file = CA_FILE } };
    *mxs_list_add(w->arena, &r.options.addresses) = "127.0.0.1";
    struct mxs_coro *coro = mxs_coro_new(r.loop, run_fetch, &r);
    t.watch = mxs_loop_watch(r.loop, t.fd, POLLIN, on_accept, &t);
    mxs_coro_resume(coro);
    while (t.conn < 0)
        mxs_loop_run_once(r.loop, -1);
    mxs_coro_cancel(coro);
    assert_true(mxs_coro_done(coro));
    assert_int_equal(r.err, MXS_ERR_CANCELLED);
    mxs_coro_free(coro);
    mxs_watch_free(t.watch);
    mxs_loop_free(r.loop);
    close(t.fd);
    close(t.conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies),  cmocka_unit_test(certificates),
        cmocka_unit_test(not_https), cmocka_unit_test(nobody),
        cmocka_unit_test(second_address), cmocka_unit_test(cancel),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
