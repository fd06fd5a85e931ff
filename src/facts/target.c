#include "config.h"

#include "facts/target.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/dns.h"

enum { TARGET_MAX = 1024 }; /* far above the 253 octets of a name, for long U-labels */

static const struct mxs_name services[] = {
    { 25, "smtp" }, { 465, "submissions" }, { 465, "smtps" }, { 587, "submission" }, { 0, NULL },
};

/* Every complaint names the word it is about. */
static enum mxs_err off(struct mxs_arena *arena, const struct mxs_target *target,
                        struct mxs_why *why, const char *reason)
{
    const char *text = mxs_text_clip(arena, mxs_bytes_str(target->text), 100);
    return mxs_why_set(why, MXS_ERR_USAGE, "target \"%s\": %s", text, reason);
}

static enum mxs_err port_parse(struct mxs_arena *arena, struct mxs_target *target, const char *s,
                               struct mxs_why *why)
{
    char *end;
    int service = mxs_name_value(services, mxs_ascii_lower(arena, s));
    if (*s == 0)
        return off(arena, target, why, "a port is missing behind \":\"");
    long port = service > 0 ? service : strtol(s, &end, 10);
    if (service < 0 && (*s < '0' || *s > '9' || *end))
        return off(arena, target, why,
                   "the port is no number, nor smtp, submission or submissions");
    if (port < 1 || port > 65535)
        return off(arena, target, why, "the port is not between 1 and 65535");
    target->port = (unsigned)port;
    target->port_given = true;
    return MXS_OK;
}

/* The canonical text of an address, NULL when the word is none. Postfix also takes "ipv6:". */
static const char *address(struct mxs_arena *arena, const char *word)
{
    uint8_t binary[16];
    char text[INET6_ADDRSTRLEN];
    int family = strchr(word, ':') ? AF_INET6 : AF_INET;
    if (mxs_ascii_prefix(word, "ipv6:"))
        word += 5;
    if (inet_pton(family, word, binary) != 1 || !inet_ntop(family, binary, text, sizeof text))
        return NULL;
    return mxs_arena_strdup(arena, text);
}

static enum mxs_err name_parse(struct mxs_arena *arena, struct mxs_target *target,
                               const char *word, struct mxs_why *why)
{
    struct mxs_why inner = { 0 };
    if (*word == 0)
        return off(arena, target, why, "a name is missing");
    if (strchr(word, '@'))
        return off(arena, target, why, "this is a mail address; name the domain behind the \"@\"");
    if (mxs_dns_name(arena, word, &target->name, &inner) == MXS_OK) {
        /* "192.0.2.25.", or digits that IDNA maps to ASCII */
        bool is_address = address(arena, target->name) != NULL;
        return is_address ? off(arena, target, why, "an address, not a name") : MXS_OK;
    }
    const char *reason = strstr(inner.text, ": "); /* it names the word, and so do we */
    return off(arena, target, why, reason ? reason + 2 : inner.text);
}

/* [host], [address], each with an optional port behind. */
static enum mxs_err bracketed(struct mxs_arena *arena, struct mxs_target *target,
                              struct mxs_why *why)
{
    const char *close = strchr(target->text, ']');
    if (!close)
        return off(arena, target, why, "\"]\" is missing");
    const char *word =
        mxs_arena_strndup(arena, target->text + 1, (size_t)(close - target->text) - 1);
    if (close[1] && close[1] != ':')
        return off(arena, target, why, "only \":PORT\" may stand behind \"]\"");
    if (close[1] && port_parse(arena, target, close + 2, why) != MXS_OK)
        return MXS_ERR_USAGE;
    target->name = address(arena, word);
    target->kind = target->name ? MXS_TARGET_ADDRESS : MXS_TARGET_HOST;
    if (!target->name && strchr(word, ':'))
        return off(arena, target, why, "not an IPv6 address between the brackets");
    return target->name ? MXS_OK : name_parse(arena, target, word, why);
}

enum mxs_err mxs_target_parse(struct mxs_arena *arena, const char *text, struct mxs_target *out,
                              struct mxs_why *why)
{
    *out = (struct mxs_target){ .text = mxs_arena_strdup(arena, text), .port = 25 };
    if (strlen(text) > TARGET_MAX)
        return off(arena, out, why, "too long for a name");
    if (*text == '[')
        return bracketed(arena, out, why);
    out->kind = MXS_TARGET_DOMAIN;
    if (address(arena, text)) /* Postfix would look up its MX: nobody means that */
        return off(arena, out, why, "an address stands in brackets, as in [192.0.2.25]:25");
    const char *colon = strchr(text, ':');
    if (colon && port_parse(arena, out, colon + 1, why) != MXS_OK)
        return MXS_ERR_USAGE;
    size_t n = colon ? (size_t)(colon - text) : strlen(text);
    return name_parse(arena, out, mxs_arena_strndup(arena, text, n), why);
}
