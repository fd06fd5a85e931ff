#include "config.h"

#include "net/policy_fetch.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "net/curl_api.h"

/* RFC 8461 3.3 suggests 64 KB; what is longer is no policy. */
enum { BODY_MAX = 64 * 1024, CERTIFICATES_MAX = 20 };

struct fetch {
    struct mxs_curl_api curl;
    struct mxs_loop *loop;
    struct mxs_coro *coro;
    struct mxs_arena *arena;
    const struct mxs_policy_fetch_options *options;
    struct mxs_policy_answer *out;
    int64_t deadline;
    CURLM *multi;
    CURL *easy;
    struct mxs_timer *timer;
    struct mxs_buf body;
    bool over_limit, done;
    CURLcode result;
    char error[CURL_ERROR_SIZE];
};

/* --- libcurl's sockets and its timer in our loop --- */

static void check_done(struct fetch *f)
{
    int left;
    for (CURLMsg *msg; (msg = f->curl.multi_info_read(f->multi, &left));)
        if (msg->msg == CURLMSG_DONE) {
            f->result = msg->data.result;
            f->done = true;
            mxs_coro_wake(f->coro);
        }
}

struct socket_watch {
    struct fetch *fetch;
    curl_socket_t fd;
    struct mxs_watch *watch;
};

static void on_socket(void *data, short revents)
{
    struct socket_watch *sw = data;
    struct fetch *f = sw->fetch;
    int mask = (revents & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) |
               (revents & POLLOUT ? CURL_CSELECT_OUT : 0) |
               (revents & (POLLERR | POLLNVAL) ? CURL_CSELECT_ERR : 0), running;
    f->curl.multi_socket_action(f->multi, sw->fd, mask, &running); /* may free sw */
    check_done(f);
}

static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
    static const short events[] = { [CURL_POLL_IN] = POLLIN, [CURL_POLL_OUT] = POLLOUT,
                                    [CURL_POLL_INOUT] = POLLIN | POLLOUT };
    struct fetch *f = user;
    struct socket_watch *sw = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (sw)
            mxs_watch_free(sw->watch);
        free(sw);
        f->curl.multi_assign(f->multi, fd, NULL);
        return 0;
    }
    if (!sw) {
        sw = mxs_alloc(sizeof *sw);
        *sw = (struct socket_watch){ f, fd, mxs_loop_watch(f->loop, fd, 0, on_socket, sw) };
        f->curl.multi_assign(f->multi, fd, sw);
    }
    mxs_watch_events(sw->watch, what < (int)MXS_COUNT(events) ? events[what] : 0);
    return 0;
}

static void on_timer(void *data)
{
    struct fetch *f = data;
    int running;
    mxs_timer_free(f->timer);
    f->timer = NULL;
    f->curl.multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    check_done(f);
}

static int timer_changed(CURLM *multi, long ms, void *user)
{
    struct fetch *f = user;
    (void)multi;
    mxs_timer_free(f->timer);
    f->timer = ms < 0 ? NULL : mxs_loop_timer(f->loop, (int64_t)ms * 1000, on_timer, f);
    return 0;
}

/* --- what comes in --- */

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
    struct fetch *f = user;
    n *= size;
    if (mxs_buf_add(&f->body, p, n) == MXS_OK)
        return n;
    f->over_limit = true;
    return 0;
}

/* CERTINFO gives "Cert:" followed by PEM, one list per certificate, leaf first. libcurl with GnuTLS
 * fills it before it verifies, so that a certificate it refuses can be shown too. */
static bool pem_body(const char *line, const char **p, size_t *n)
{
    static const char label[] = "Cert:", begin[] = "-----BEGIN CERTIFICATE-----";
    if (strncmp(line, label, sizeof label - 1) != 0)
        return false;
    const char *from = strstr(line, begin);
    const char *to = from ? strstr(from + sizeof begin - 1, "-----END") : NULL;
    if (!to)
        return false;
    *p = from + sizeof begin - 1;
    *n = (size_t)(to - *p);
    return true;
}

static void keep_certificates(struct fetch *f)
{
    struct curl_certinfo *info = NULL;
    if (f->curl.easy_getinfo(f->easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info)
        return;
    for (int i = 0; i < info->num_of_certs && i < CERTIFICATES_MAX; i++)
        for (const struct curl_slist *s = info->certinfo[i]; s; s = s->next) {
            const char *p;
            size_t n;
            struct mxs_bytes der;
            if (pem_body(s->data, &p, &n) &&
                mxs_base64_parse(f->arena, p, n, &der) == MXS_OK)
                *mxs_list_add(f->arena, &f->out->certificates) = der;
        }
}

/* --- setting it up --- */

static struct curl_slist *resolve_list(const struct fetch *f)
{
    struct mxs_buf line;
    mxs_buf_init(&line, 8192);
    mxs_buf_printf(&line, "%s:%u:", f->options->host, f->options->port);
    for (size_t i = 0; i < f->options->addresses.n; i++) {
        const char *a = f->options->addresses.v[i];
        mxs_buf_printf(&line, strchr(a, ':') ? "%s[%s]" : "%s%s", i ? "," : "", a);
    }
    struct curl_slist *list = f->curl.slist_append(NULL, mxs_buf_str(&line));
    mxs_buf_fini(&line);
    return list;
}

/* Another port by --connect-to: URL and Host header stay as they are in the wild. */
static struct curl_slist *connect_list(const struct fetch *f)
{
    char *line = mxs_arena_printf(f->arena, "%s:443:%s:%u", f->options->host, f->options->host,
                                  f->options->port);
    return f->curl.slist_append(NULL, line);
}

static void set_security(const struct fetch *f)
{
    CURL *easy = f->easy;
    f->curl.easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    f->curl.easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    f->curl.easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    f->curl.easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    if (f->options->ca_file) {
        f->curl.easy_setopt(easy, CURLOPT_CAINFO, f->options->ca_file);
        f->curl.easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

static void set_options(struct fetch *f, struct curl_slist *resolve, struct curl_slist *to)
{
    CURL *easy = f->easy;
    const char *url = mxs_arena_printf(f->arena, "https://%s/.well-known/mta-sts.txt",
                                       f->options->host);
    int64_t ms = (f->deadline - mxs_loop_now(f->loop)) / 1000;
    f->curl.easy_setopt(easy, CURLOPT_URL, url);
    f->curl.easy_setopt(easy, CURLOPT_RESOLVE, resolve);
    f->curl.easy_setopt(easy, CURLOPT_CONNECT_TO, to);
    f->curl.easy_setopt(easy, CURLOPT_PROXY, "");
    f->curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    f->curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    f->curl.easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    f->curl.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* RFC 8461 3.3: MUST NOT */
    f->curl.easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    f->curl.easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    f->curl.easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    f->curl.easy_setopt(easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
    f->curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(ms > 0 ? ms : 1));
    f->curl.easy_setopt(easy, CURLOPT_MAXFILESIZE, (long)BODY_MAX);
    f->curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    f->curl.easy_setopt(easy, CURLOPT_WRITEDATA, f);
    f->curl.easy_setopt(easy, CURLOPT_ERRORBUFFER, f->error);
    if (f->options->source)
        f->curl.easy_setopt(easy, CURLOPT_INTERFACE,
                         mxs_arena_printf(f->arena, "host!%s", f->options->source));
    set_security(f);
}

/* --- one transfer --- */

static enum mxs_err run(struct fetch *f)
{
    enum mxs_err err = MXS_OK;
    f->curl.multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    f->curl.multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
    f->curl.multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    f->curl.multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
    f->curl.multi_add_handle(f->multi, f->easy);
    while (!f->done && err == MXS_OK)
        err = mxs_coro_wait(f->coro, f->deadline);
    if (!f->done)
        f->result = CURLE_OPERATION_TIMEDOUT;
    return f->done || err == MXS_ERR_TIMEOUT ? MXS_OK : err;
}

static void keep_answer(struct fetch *f)
{
    struct mxs_policy_answer *out = f->out;
    long status = 0;
    const char *text = NULL;
    keep_certificates(f);
    if (f->curl.easy_getinfo(f->easy, CURLINFO_PRIMARY_IP, &text) == CURLE_OK && text && *text)
        out->address = mxs_arena_strdup(f->arena, text);
    f->curl.easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    out->status = (int)status;
    if (f->curl.easy_getinfo(f->easy, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK && text)
        out->media_type = mxs_text_clip(f->arena, mxs_bytes_str(text), 200);
    if (f->curl.easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &text) == CURLE_OK && text)
        out->location = mxs_text_clip(f->arena, mxs_bytes_str(text), 500);
    out->body = mxs_arena_bytes(f->arena, mxs_buf_bytes(&f->body));
}

static enum mxs_err transfer(struct fetch *f)
{
    enum mxs_err err = MXS_OK;
    f->multi = f->curl.multi_init();
    f->easy = f->curl.easy_init();
    f->done = false;
    f->error[0] = 0;
    struct curl_slist *resolve = resolve_list(f);
    struct curl_slist *to = f->options->port == 443 ? NULL : connect_list(f);
    if (f->multi && f->easy) {
        mxs_buf_init(&f->body, BODY_MAX);
        set_options(f, resolve, to);
        err = run(f);
        keep_answer(f);
        f->curl.multi_remove_handle(f->multi, f->easy);
        mxs_buf_fini(&f->body);
    } else {
        f->result = CURLE_OUT_OF_MEMORY;
    }
    f->curl.easy_cleanup(f->easy);
    f->curl.multi_cleanup(f->multi);
    mxs_timer_free(f->timer);
    f->timer = NULL;
    f->curl.slist_free_all(resolve);
    f->curl.slist_free_all(to);
    return err;
}

/* --- what went wrong --- */

static const struct {
    CURLcode code;
    const char *id;
} error_ids[] = {
    { CURLE_COULDNT_CONNECT, "connect" },
    { CURLE_INTERFACE_FAILED, "connect" },
    { CURLE_OPERATION_TIMEDOUT, "timeout" },
    { CURLE_PEER_FAILED_VERIFICATION, "certificate" },
    { CURLE_SSL_CACERT_BADFILE, "ca-file" },
    { CURLE_SSL_CONNECT_ERROR, "tls" },
    { CURLE_SSL_CIPHER, "tls" },
    { CURLE_FILESIZE_EXCEEDED, "too-large" },
    { CURLE_COULDNT_RESOLVE_HOST, "dns" },
};

static const char *error_id(CURLcode code)
{
    for (size_t i = 0; i < MXS_COUNT(error_ids); i++)
        if (error_ids[i].code == code)
            return error_ids[i].id;
    return "protocol"; /* an answer that is no HTTP, an early close, .. */
}

static const char *error_text(const struct fetch *f)
{
    const char *text = f->error[0] ? f->error : f->curl.easy_strerror(f->result);
    return mxs_text_clip(f->arena, mxs_bytes_str(text), 300);
}

static void explain(struct fetch *f)
{
    struct mxs_policy_answer *out = f->out;
    if (f->over_limit || f->result == CURLE_FILESIZE_EXCEEDED) {
        out->error_id = "too-large";
        out->error = "the policy is longer than 64 KiB (RFC 8461 3.3)";
    } else if (f->result != CURLE_OK) {
        out->error_id = error_id(f->result);
        out->error = error_text(f);
    } else if (out->status >= 300 && out->status < 400) {
        out->error_id = "redirect";
        out->error = mxs_arena_printf(f->arena, "HTTP status %d: a redirect, which must not be "
                                      "followed (RFC 8461 3.3)", out->status);
    } else if (out->status != 200) {
        out->error_id = "status";
        out->error = mxs_arena_printf(f->arena, "HTTP status %d instead of 200", out->status);
    }
}

enum mxs_err mxs_policy_fetch(struct mxs_loop *loop, struct mxs_coro *self,
                              struct mxs_arena *arena,
                              const struct mxs_policy_fetch_options *options, int64_t deadline,
                              struct mxs_policy_answer *out)
{
    struct fetch f = { .loop = loop, .coro = self, .arena = arena, .options = options, .out = out,
                       .deadline = deadline };
    *out = (struct mxs_policy_answer){ .status = 0 };
    if (options->addresses.n == 0) {
        out->error_id = "dns";
        out->error = "the policy host has no address";
        return MXS_OK;
    }
    struct mxs_why why;
    if (mxs_curl_load(&f.curl, &why) != MXS_OK) {
        out->error_id = "local";
        out->error = mxs_text_clip(arena, mxs_bytes_str(why.text), 300);
        return MXS_OK;
    }
    f.curl.global_init(CURL_GLOBAL_DEFAULT);
    enum mxs_err err = transfer(&f);
    explain(&f);
    f.curl.global_cleanup();
    return err;
}
