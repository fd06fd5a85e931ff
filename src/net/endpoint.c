#include "config.h"

#include "net/endpoint.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

static int family_of(const char *address)
{
    uint8_t raw[16];
    char bare[64];
    size_t n = strcspn(address, "%");
    if (n >= sizeof bare)
        return AF_UNSPEC;
    memcpy(bare, address, n);
    bare[n] = 0;
    if (inet_pton(AF_INET6, bare, raw) == 1)
        return AF_INET6;
    return !address[n] && inet_pton(AF_INET, bare, raw) == 1 ? AF_INET : AF_UNSPEC;
}

static bool port_parse(const char *s, unsigned *port)
{
    size_t n = strspn(s, "0123456789");
    unsigned long value = n && n < 6 && !s[n] ? strtoul(s, NULL, 10) : 0;
    *port = (unsigned)value;
    return value > 0 && value < 65536;
}

/* Where the address ends and what follows it; a bare IPv6 address has colons, but no port. */
static bool split(const char *text, size_t *off, size_t *n, const char **port)
{
    const char *close = *text == '[' ? strchr(text, ']') : NULL;
    const char *colon = strchr(text, ':');
    *off = close ? 1 : 0;
    *n = strlen(text);
    *port = NULL;
    if (close) {
        *n = (size_t)(close - text) - 1;
        *port = close[1] == ':' ? close + 2 : NULL;
        return close[1] == 0 || close[1] == ':';
    }
    if (colon && !strchr(colon + 1, ':')) {
        *n = (size_t)(colon - text);
        *port = colon + 1;
    }
    return true;
}

enum mxs_err mxs_endpoint_parse(const char *text, unsigned default_port, struct mxs_endpoint *out,
                                struct mxs_why *why)
{
    size_t off, n;
    const char *port;
    *out = (struct mxs_endpoint){ .port = default_port };
    if (!split(text, &off, &n, &port) || n >= sizeof out->address)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.80s: not an ADDRESS[:PORT]", text);
    memcpy(out->address, text + off, n);
    if (family_of(out->address) == AF_UNSPEC)
        return mxs_why_set(why, MXS_ERR_USAGE, "%.80s: not a numeric address", text);
    if (port && !port_parse(port, &out->port))
        return mxs_why_set(why, MXS_ERR_USAGE, "%.80s: not a port: \"%.20s\"", text, port);
    return MXS_OK;
}

static bool line_nameserver(const char *line, size_t n, struct mxs_endpoint *out)
{
    static const char word[] = "nameserver";
    char address[64];
    size_t i = sizeof word - 1, k = 0;
    if (n <= i || memcmp(line, word, i) != 0 || (line[i] != ' ' && line[i] != '\t'))
        return false;
    while (i < n && (line[i] == ' ' || line[i] == '\t'))
        i++;
    while (i < n && line[i] != ' ' && line[i] != '\t' && line[i] != '\r' && k < sizeof address - 1)
        address[k++] = line[i++];
    address[k] = 0;
    return mxs_endpoint_parse(address, 53, out, NULL) == MXS_OK;
}

enum mxs_err mxs_endpoint_resolv_conf(const char *path, struct mxs_endpoint *out,
                                      struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes text;
    path = path ? path : "/etc/resolv.conf";
    enum mxs_err err = mxs_file_read(arena, path, 65536, &text, why);
    if (err == MXS_OK) {
        err = MXS_ERR_NOT_FOUND;
        const char *p = (const char *)text.p;
        for (size_t n; *p && err != MXS_OK; p += n + (p[n] == '\n')) {
            n = strcspn(p, "\n");
            if (line_nameserver(p, n, out))
                err = MXS_OK;
        }
        if (err != MXS_OK)
            mxs_why_set(why, err, "%s: no nameserver line", path);
    }
    mxs_arena_free(arena);
    return err;
}

char *mxs_endpoint_text(struct mxs_arena *arena, const struct mxs_endpoint *endpoint)
{
    bool v6 = family_of(endpoint->address) == AF_INET6;
    return mxs_arena_printf(arena, v6 ? "[%s]:%u" : "%s:%u", endpoint->address, endpoint->port);
}

bool mxs_endpoint_sockaddr(const struct mxs_endpoint *endpoint, struct sockaddr_storage *out,
                           socklen_t *len)
{
    const char *scope = strchr(endpoint->address, '%');
    char bare[64];
    *out = (struct sockaddr_storage){ .ss_family = 0 };
    if (family_of(endpoint->address) == AF_INET) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)endpoint->port);
        *len = sizeof *in;
        return inet_pton(AF_INET, endpoint->address, &in->sin_addr) == 1;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(endpoint->address, "%"), endpoint->address);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons((uint16_t)endpoint->port);
    in6->sin6_scope_id = scope ? if_nametoindex(scope + 1) : 0;
    *len = sizeof *in6;
    return inet_pton(AF_INET6, bare, &in6->sin6_addr) == 1 && (!scope || in6->sin6_scope_id);
}
