/* --like: what a mail server's own settings say (postconf -n, exim -bP), taken where words say nothing.
 * What concerns TLS and is not taken is named on standard error: a guess would be worse. */
#include "config.h"

#include "cli/like_room.h"

#include "base/lines.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 1 << 20, LINE_LENGTH_MAX = 64 << 10, SETTINGS_MAX = 10000,
       NAMES_MAX = 200,         /* $names in one value */
       JOINED_MAX = 16 << 10 }; /* of a value on several lines; postconf -n needs one */

/* --- reading --- */

static struct setting *setting(struct like *l, const char *name)
{
    for (size_t i = 0; i < l->settings.n; i++)
        if (strcmp(l->settings.v[i].name, name) == 0)
            return &l->settings.v[i];
    return NULL;
}

bool cli_like_has(struct like *l, const char *name)
{
    return setting(l, name) != NULL;
}

const char *cli_like_take(struct like *l, const char *name)
{
    struct setting *s = setting(l, name);
    if (s)
        s->used = true;
    return s && *s->value ? s->value : NULL;
}

static void add(struct like *l, const char *transport, const char *name, const char *value)
{
    for (size_t i = 0; i < l->settings.n; i++)
        if (l->settings.v[i].transport == transport && strcmp(l->settings.v[i].name, name) == 0) {
            l->settings.v[i].value = value;
            return;
        }
    *mxs_list_add(l->cli->arena, &l->settings) =
        (struct setting){ .name = name, .value = value, .transport = transport };
}

static char *trimmed(struct mxs_arena *arena, const char *s, size_t n)
{
    while (n && (*s == ' ' || *s == '\t')) {
        s++;
        n--;
    }
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        n--;
    return mxs_arena_strndup(arena, s, n);
}

/* A line of postconf -n: NAME = VALUE, or a value that goes on behind white space. */
static bool postfix_line(struct like *l, const char *line)
{
    size_t name = strcspn(line, "=");
    if ((*line == ' ' || *line == '\t') && l->settings.n) {
        struct setting *last = &l->settings.v[l->settings.n - 1];
        if (strlen(last->value) > JOINED_MAX)
            return false;
        last->value = mxs_arena_printf(l->cli->arena, "%s %s", last->value,
                                       trimmed(l->cli->arena, line, strlen(line)));
        return true;
    }
    if (line[name] != '=')
        return false;
    add(l, NULL, trimmed(l->cli->arena, line, name),
        trimmed(l->cli->arena, line + name + 1, strlen(line + name + 1)));
    return true;
}

/* Of exim -bV, put into the same file: it says which TLS library is built in ("Support for: .. OpenSSL"). */
static bool exim_version(struct like *l, const char *line)
{
    static const char *const heads[] = {
        "Exim version ", "Copyright ", "(c) ", "Hints DB:", " Berkeley DB:", "Support for:", "Lookups",
        "Authenticators:", "Routers:", "Transports:", "Malware:", "Fixed never_users:", "Configure owner:",
        "Size of off_t:", "Library version:", "Configuration file ",
    };
    bool head = false;
    for (size_t i = 0; i < MXS_COUNT(heads) && !head; i++)
        head = strncmp(line, heads[i], strlen(heads[i])) == 0;
    l->openssl = l->openssl || (head && *line == 'S' && strstr(line, " OpenSSL"));
    return head;
}

/* A line of exim -bP: NAME = VALUE, a flag (NAME or no_NAME), or "NAME transport:" before its own. The
 * main section's TLS settings are those of the receiving side. */
static bool exim_line(struct like *l, const char *line)
{
    size_t n = strlen(line), name = strcspn(line, "=");
    if (exim_version(l, line))
        return true;
    if (n > 1 && line[n - 1] == ':') {
        bool transport = n > 11 && strcmp(line + n - 11, " transport:") == 0;
        l->transport = transport ? mxs_arena_strndup(l->cli->arena, line, n - 11) : NULL;
        if (transport)
            *mxs_list_add(l->cli->arena, &l->transports) = l->transport;
        return true;
    }
    const char *key = trimmed(l->cli->arena, line, name);
    if (line[name] != '=') {
        if (l->transport && strcmp(key, "no_tls_tempfail_tryclear") == 0)
            add(l, l->transport, key, "");
        return strchr(key, ' ') == NULL;
    }
    const char *value = trimmed(l->cli->arena, line + name + 1, strlen(line + name + 1));
    if (l->transport || strcmp(key, "primary_hostname") == 0)
        add(l, l->transport, key, value);
    else if (strncmp(key, "tls_", 4) == 0)
        add(l, NULL, mxs_arena_printf(l->cli->arena, "main:%s", key), value);
    return true;
}

static enum mxs_err read_lines(struct like *l, bool (*fn)(struct like *, const char *),
                               const char *command, struct mxs_why *why)
{
    struct mxs_lines *lines;
    struct mxs_bytes line;
    enum mxs_err err = mxs_lines_open(l->path, FILE_MAX, LINE_LENGTH_MAX, &lines, why);
    if (err)
        return err;
    while ((err = mxs_lines_next(lines, &line, why)) == MXS_OK) {
        const char *text = mxs_arena_strndup(l->cli->arena, line.p, line.n);
        if (text[strspn(text, " \t")] && *text != '#' && !fn(l, text)) {
            err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%lu: not NAME = VALUE, as %s prints it", l->path,
                              mxs_lines_number(lines), command);
            break;
        }
        if (l->settings.n + l->transports.n > SETTINGS_MAX) {
            err = mxs_why_set(why, MXS_ERR_LIMIT, "%s:%lu: more than %d settings", l->path,
                              mxs_lines_number(lines), SETTINGS_MAX);
            break;
        }
    }
    mxs_lines_close(lines);
    return err == MXS_ERR_NOT_FOUND ? MXS_OK : err;
}

/* --- $name in values --- */

static const char *expanded(struct like *l, const char *value, int depth);

/* What the name at *s stands for; *s ends behind it. NULL: only Postfix knows. */
static const char *named(struct like *l, const char **s, int depth)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *at = *s, *close = *at == '{' ? "}" : *at == '(' ? ")" : "";
    at += *close != '\0';
    size_t n = strspn(at, letters);
    struct setting *other = setting(l, mxs_arena_strndup(l->cli->arena, at, n));
    at += n;
    if (!n || !other || (*close && *at != *close) || ++l->named > NAMES_MAX)
        return NULL;
    *s = at + (*close != '\0');
    return expanded(l, other->value, depth + 1);
}

static const char *expanded(struct like *l, const char *value, int depth)
{
    enum { DEEP = 8 };
    const char *out = "";
    while (*value && depth <= DEEP) {
        size_t n = strcspn(value, "$");
        out = mxs_arena_printf(l->cli->arena, "%s%.*s", out, (int)n, value);
        value += n;
        if (!*value++)
            return out;
        const char *more = *value == '$' ? (value++, "$") : named(l, &value, depth);
        if (!more)
            return NULL;
        out = mxs_arena_printf(l->cli->arena, "%s%s", out, more);
        if (strlen(out) > LINE_LENGTH_MAX)
            return NULL;
    }
    return *value ? NULL : out;
}

const char *cli_like_value(struct like *l, const char *name)
{
    struct setting *s = setting(l, name);
    l->named = 0;
    const char *value = s ? expanded(l, s->value, 0) : NULL;
    if (value)
        s->used = true;
    return value && *value ? value : NULL;
}

void cli_like_leave(struct like *l, const char *name)
{
    struct setting *s = setting(l, name);
    if (s)
        s->used = false;
}

bool cli_like_yes(struct like *l, const char *name)
{
    const char *value = cli_like_value(l, name);
    return value && mxs_ascii_equal(value, "yes");
}

/* --- what is common --- */

static void default_text(const char **member, const char *value)
{
    if (!*member)
        *member = value;
}

static bool is_client_role(const struct cli *cli)
{
    return cli->evidence.role && strcmp(cli->evidence.role, "client") == 0;
}

/* The product's own verifier, or the RFC's where no profile of that name is installed. */
static void verifier(struct like *l, const char *product, const char *rfc)
{
    l->base = product;
    if (l->cli->verifiers.n) /* --verifier was given */
        return;
    l->cli->like_verifier = product;
    l->cli->like_rfc = rfc;
}

/* --- Postfix --- */

/* The level by name, or by the settings of before Postfix 2.3; NULL: without TLS. */
static const char *postfix_level_word(struct like *l)
{
    const char *level = cli_like_value(l, "smtp_tls_security_level");
    bool enforce = cli_like_yes(l, "smtp_enforce_tls"), use = cli_like_yes(l, "smtp_use_tls");
    const char *names = cli_like_value(l, "smtp_tls_enforce_peername");
    if (level)
        return mxs_ascii_equal(level, "none") ? NULL : level;
    if (enforce)
        return names && mxs_ascii_equal(names, "no") ? "encrypt" : "verify";
    return use ? "may" : NULL;
}

static enum mxs_err postfix_level(struct like *l, struct mxs_why *why)
{
    static const struct {
        const char *level, *verifier, *rfc;
    } levels[] = {
        { "may", "postfix/smtp/may", "rfc/opportunistic" },
        { "encrypt", "postfix/smtp/encrypt", NULL },
        { "dane", "postfix/smtp/dane", "rfc/dane" },
        { "dane-only", "postfix/smtp/dane-only", "rfc/dane-mandatory" },
        { "verify", "postfix/smtp/verify", "rfc/webpki" },
        { "secure", "postfix/smtp/secure", "rfc/webpki" },
        { "fingerprint", "postfix/smtp/fingerprint", NULL },
    };
    const char *word = postfix_level_word(l);
    struct setting *s = setting(l, "smtp_tls_security_level");
    if (s && *s->value && !s->used) /* nobody but Postfix knows */
        return MXS_OK;
    for (size_t i = 0; word && i < MXS_COUNT(levels); i++)
        if (mxs_ascii_equal(word, levels[i].level)) {
            verifier(l, levels[i].verifier, levels[i].rfc);
            return MXS_OK;
        }
    if (word)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s: smtp_tls_security_level: '%.40s' is none of none, may, "
                           "encrypt, dane, dane-only, verify, secure, fingerprint", l->path,
                           mxs_text_clip(l->cli->arena, mxs_bytes_str(word), 40));
    fprintf(stderr, "mxscope: %s: smtp_tls_security_level is %s: this Postfix sends without TLS\n", l->path,
            s && *s->value ? "none" : "not set");
    return MXS_OK;
}

static const char *either(struct like *l, const char *name, const char *other)
{
    const char *value = cli_like_value(l, name), *second = cli_like_value(l, other);
    return value ? value : second;
}

/* Of the side whose judgement is asked for: what it trusts. */
static const char *postfix_anchors(struct like *l)
{
    const char *sends = either(l, "smtp_tls_CAfile", "smtp_tls_CApath");
    const char *receives = either(l, "smtpd_tls_CAfile", "smtpd_tls_CApath");
    return is_client_role(l->cli) ? receives : sends;
}

static enum mxs_err postfix(struct like *l, struct mxs_why *why)
{
    struct cli *cli = l->cli;
    const char *key = cli_like_value(l, "smtp_tls_key_file");
    const char *cert = cli_like_value(l, "smtp_tls_cert_file");
    const char *bind = cli_like_value(l, "smtp_bind_address");
    const char *bind6 = cli_like_value(l, "smtp_bind_address6");
    const char *protocols = cli_like_value(l, "inet_protocols");
    cli->like_server_cert = cli_like_value(l, "smtpd_tls_cert_file");
    cli->like_server_key = cli_like_value(l, "smtpd_tls_key_file");
    enum mxs_err err = postfix_level(l, why);
    if (err)
        return err;
    default_text(&cli->trust_store, postfix_anchors(l));
    if (!cli->client_cert && cert) {
        cli->client_cert = cert;
        default_text(&cli->client_key, key);
    }
    default_text(&cli->session.ehlo, either(l, "smtp_helo_name", "myhostname"));
    default_text(&cli->session.source, cli->session.family == 6 || !bind ? bind6 : bind);
    if (protocols && !cli->session.family)
        cli->session.family = strcmp(protocols, "ipv4") == 0   ? 4
                              : strcmp(protocols, "ipv6") == 0 ? 6
                                                               : 0;
    cli_like_postfix(l);
    return MXS_OK;
}

/* --- Exim --- */

static void exim_level(struct like *l)
{
    bool require_dane = cli_like_take(l, "hosts_require_dane"), verify = cli_like_take(l, "tls_verify_hosts");
    bool require_tls = cli_like_take(l, "hosts_require_tls");
    struct setting *try_dane = setting(l, "hosts_try_dane");
    bool dane = try_dane && *try_dane->value;
    if (try_dane)
        try_dane->used = true;
    if (require_dane)
        verifier(l, "exim/smtp/require-dane", "rfc/dane-mandatory");
    else if (dane)
        verifier(l, verify ? "exim/smtp/try-dane+verify-hosts" : "exim/smtp/try-dane", "rfc/dane");
    else if (verify)
        verifier(l, "exim/smtp/verify-hosts", "rfc/webpki");
    else if (require_tls)
        verifier(l, "exim/smtp/require-tls", NULL);
    else
        verifier(l, "exim/smtp/default", "rfc/opportunistic");
}

static const char *value_of(const struct like *l, const char *transport, const char *name)
{
    for (size_t i = 0; i < l->settings.n; i++)
        if (l->settings.v[i].transport == transport && strcmp(l->settings.v[i].name, name) == 0)
            return l->settings.v[i].value;
    return NULL;
}

/* The first transport that speaks SMTP: its settings alone count. NULL: the file has none. */
static const char *smtp_transport(struct like *l)
{
    const char *chosen = NULL, *others = "";
    for (size_t i = 0; i < l->transports.n; i++) {
        const char *name = l->transports.v[i], *driver = value_of(l, name, "driver");
        if (driver && strcmp(driver, "smtp") != 0)
            continue;
        if (chosen)
            others = mxs_arena_printf(l->cli->arena, "%s%s%s", others, *others ? ", " : "",
                                      mxs_text_clip(l->cli->arena, mxs_bytes_str(name), 60));
        chosen = chosen ? chosen : name;
    }
    if (*others)
        fprintf(stderr, "mxscope: %s: the transport %s is taken; left out: %s\n", l->path,
                mxs_text_clip(l->cli->arena, mxs_bytes_str(chosen), 60), others);
    return chosen;
}

static void keep_transport(struct like *l, const char *chosen)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->settings.n; i++)
        if (!l->settings.v[i].transport || l->settings.v[i].transport == chosen)
            l->settings.v[kept++] = l->settings.v[i];
    l->settings.n = kept;
}

/* A file or folder; not "system", and no string that Exim expands. */
static void exim_anchors(struct like *l)
{
    const char *sends = cli_like_take(l, "tls_verify_certificates");
    const char *receives = cli_like_take(l, "main:tls_verify_certificates");
    const char *trust = is_client_role(l->cli) ? receives : sends;
    if (trust && strcmp(trust, "system") != 0 && !strchr(trust, '$'))
        default_text(&l->cli->trust_store, trust);
}

static enum mxs_err exim(struct like *l, struct mxs_why *why)
{
    struct cli *cli = l->cli;
    const char *transport = smtp_transport(l);
    (void)why;
    keep_transport(l, transport);
    const char *cert = cli_like_take(l, "tls_certificate"), *key = cli_like_take(l, "tls_privatekey");
    const char *helo = cli_like_take(l, "helo_data");
    const char *interface = cli_like_take(l, "interface");
    cli->like_server_cert = cli_like_take(l, "main:tls_certificate");
    cli->like_server_key = cli_like_take(l, "main:tls_privatekey");
    if (transport)
        exim_level(l);
    exim_anchors(l);
    if (!cli->client_cert && cert) {
        cli->client_cert = cert;
        default_text(&cli->client_key, key);
    }
    default_text(&cli->session.ehlo, helo && !strchr(helo, '$') ? helo
                                                                : cli_like_take(l, "primary_hostname"));
    if (interface && !strpbrk(interface, "$<; ")) /* one address, not a list */
        default_text(&cli->session.source, interface);
    cli_like_exim(l);
    return MXS_OK;
}

/* --- what is left --- */

static void say_ignored(const struct like *l, const char *const *prefixes)
{
    struct mxs_buf names;
    mxs_buf_init(&names, 4096);
    for (size_t i = 0; i < l->settings.n; i++) {
        const struct setting *s = &l->settings.v[i];
        bool matters = false;
        for (size_t k = 0; prefixes[k]; k++)
            matters = matters || strncmp(s->name, prefixes[k], strlen(prefixes[k])) == 0;
        if (matters && !s->used && *s->value)
            mxs_buf_printf(&names, "%s%s", names.n ? ", " : "",
                           mxs_text_clip(l->cli->arena, mxs_bytes_str(s->name), 60));
    }
    if (names.n)
        fprintf(stderr, "mxscope: %s: ignored: %s\n", l->path, mxs_buf_str(&names));
    mxs_buf_fini(&names);
}

static const char *const postfix_prefixes[] = { "smtp_tls_", "smtp_use_tls", "smtp_enforce_tls",
                                                "smtpd_tls_CA", "tls_", NULL };
static const char *const exim_prefixes[] = { "tls_", "hosts_require_", "hosts_try_", "hosts_avoid_",
                                             "hosts_noproxy_tls", "dane_", "main:tls_crl", NULL };

static const struct {
    const char *product, *command; /* what prints such a file */
    bool (*line)(struct like *, const char *);
    enum mxs_err (*use)(struct like *, struct mxs_why *why);
    const char *const *prefixes;
} products[] = {
    { "postfix:", "postconf -n", postfix_line, postfix, postfix_prefixes },
    { "exim:", "exim -bP", exim_line, exim, exim_prefixes },
};

static enum mxs_err one(struct cli *cli, const char *word, struct mxs_why *why)
{
    for (size_t i = 0; i < MXS_COUNT(products); i++) {
        size_t n = strlen(products[i].product);
        if (strncmp(word, products[i].product, n) != 0 || !word[n])
            continue;
        struct like l = { .cli = cli, .path = word + n };
        enum mxs_err err = read_lines(&l, products[i].line, products[i].command, why);
        err = err ? err : products[i].use(&l, why);
        if (err)
            return err;
        say_ignored(&l, products[i].prefixes);
        return MXS_OK;
    }
    return mxs_why_set(why, MXS_ERR_USAGE, "--like: '%s' is not postfix:FILE or exim:FILE", word);
}

enum mxs_err cli_like(struct cli *cli, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < cli->like.n && err == MXS_OK; i++)
        err = one(cli, cli->like.v[i], why);
    return err;
}
