#include "config.h"

#include "cli/setters.h"

#include <stdlib.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <stddef.h>

const struct cli_group cli_groups[] = {
    { 'o', "Output" },
    { 'e', "Evidence from files and words" },
    { 'r', "Rollover" },
    { 'j', "Judging" },
    { 'k', "Catalog" },
    { 'n', "DNS and addresses" },
    { 's', "SMTP and TLS" },
    { 'c', "Client certificate" },
    { 'b', "Many targets" },
    { 'w', "Workbench" },
    { 'l', "Lab" },
    { 'g', "General" },
    { 0, NULL },
};

#define AT(member) offsetof(struct cli, member)
#define LIVE (CLI_WORKBENCH | CLI_CHECK | CLI_VERIFY | CLI_WHATIF | CLI_PLAN)
#define EVIDENCE (CLI_VERIFY | CLI_WHATIF | CLI_PLAN)
#define SCREEN (CLI_WORKBENCH | CLI_REPLAY | CLI_LEARN)
#define REPORT (CLI_WORKBENCH | CLI_CHECK | CLI_REPLAY)
#define JUDGE (LIVE | CLI_REPLAY)
#define PLANS (CLI_PLAN | CLI_WORKBENCH | CLI_REPLAY)
#define ALL (~0u)

const struct cli_option cli_options[] = {
    /* name, letter, argument, listed by, group, anywhere, setter, member, help */
    { "json", 0, NULL, JUDGE | CLI_LAB | CLI_EXPLAIN | CLI_CATALOG, 'o', true, set_flag, AT(json),
      "print JSON, one object a line" },
    { "record", 0, "FILE", LIVE, 'o', true, set_text, AT(record),
      "write the session, to be replayed (mxscope-session(5))" },
    { "html", 0, "FILE", REPORT | EVIDENCE | CLI_LEARN, 'o', true, set_text, AT(html),
      "write the report as one HTML file without scripts" },
    { "markdown", 0, "FILE", REPORT | EVIDENCE | CLI_LEARN, 'o', true, set_text, AT(markdown),
      "write the report as Markdown" },
    { "pcap", 0, "FILE", REPORT, 'o', true, set_text, AT(pcap),
      "write a pcapng with the TLS secrets inside" },
    { "keylog", 0, "FILE", LIVE, 'o', true, set_text, AT(keylog),
      "append the TLS secrets, as $SSLKEYLOGFILE does" },
    { "anonymise", 0, NULL, REPORT | EVIDENCE | CLI_LEARN, 'o', true, set_flag, AT(anonymise),
      "replace names, addresses, mailboxes and digests in everything written or shown" },
    { NULL, 'q', NULL, JUDGE, 'o', true, set_flag, AT(quiet), "only the headline" },
    { NULL, 'v', NULL, JUDGE, 'o', true, set_flag, AT(verbose),
      "add chain, TLSA matches and verdicts" },
    { "no-color", 0, NULL, ALL, 'o', true, set_flag, AT(no_color), "no colour (also $NO_COLOR)" },
    { "ascii", 0, NULL, ALL, 'o', true, set_flag, AT(ascii), "draw with ASCII only" },

    { "session", 0, "FILE", EVIDENCE | CLI_LAB, 'e', false, set_text, AT(evidence.session),
      "a recorded session" },
    { "chain", 0, "FILE|none", EVIDENCE, 'e', false, set_text, AT(evidence.chain),
      "PEM, leaf first, as served; none: no certificate is sent" },
    { "role", 0, "server|client", EVIDENCE, 'e', false, set_role, AT(evidence.role),
      "whose certificate it is: a receiving MTA's (default), or that of a sending one" },
    { "host", 0, "NAME", EVIDENCE, 'e', false, set_text, AT(evidence.host), "the MX host" },
    { "domain", 0, "NAME", EVIDENCE, 'e', false, set_text, AT(evidence.domain),
      "the next-hop domain" },
    { "tlsa", 0, "\"U S M HEX\"", EVIDENCE, 'e', false, set_list, AT(evidence.tlsa),
      "a TLSA record; repeatable" },
    { "tlsa-security", 0, "STATE", EVIDENCE, 'e', false, set_security, AT(evidence.tlsa_security),
      "secure, insecure, bogus, error, absent or unsupported; default secure with --tlsa, "
      "else absent" },
    { "mx-security", 0, "STATE", EVIDENCE, 'e', false, set_security, AT(evidence.mx_security),
      "of the MX lookup; default secure" },
    { "address-security", 0, "STATE", EVIDENCE, 'e', false, set_security,
      AT(evidence.address_security), "of the address lookup; default secure" },
    { "sts", 0, "FILE", EVIDENCE, 'e', false, set_text, AT(evidence.sts),
      "the live MTA-STS policy" },
    { "sts-cached", 0, "FILE", EVIDENCE, 'e', false, set_text, AT(evidence.sts_cached),
      "the policy that a sender still holds" },
    { "sts-fetched", 0, "DATE", EVIDENCE, 'e', false, set_date_text, AT(evidence.sts_fetched),
      "when it fetched that policy" },
    { "starttls", 0, "offered|absent|refused", EVIDENCE, 'e', false, set_starttls,
      AT(evidence.starttls), "default offered" },
    { "tls-version", 0, "1.2|1.3", EVIDENCE, 'e', false, set_tls_version,
      AT(evidence.tls_version), "default 1.3" },
    { "pin", 0, "FILE", EVIDENCE, 'e', false, set_list, AT(evidence.pins),
      "what fingerprint and public-key verifiers hold on file; repeatable; default: the leaf" },

    { "next-key", 0, "FILE", PLANS, 'r', false, set_text, AT(plan.next_key),
      "the next key, PEM (only its public half is used)" },
    { "next-cert", 0, "FILE", PLANS, 'r', false, set_text, AT(plan.next_cert),
      "the next certificate, PEM, with what will be served behind it" },
    { "next-csr", 0, "FILE", PLANS, 'r', false, set_text, AT(plan.next_csr),
      "the request for the next certificate, PEM" },
    { "next-issuer", 0, "NAME|any", PLANS, 'r', false, set_text, AT(plan.next_issuer),
      "who will issue, by the catalog; any: every active and backup issuer of the authority" },
    { "acme", 0, "certbot:FILE|acme.sh:FILE|dehydrated:FILE", PLANS, 'r', false, set_text,
      AT(plan.acme), "take key reuse, key type, profile and renewal margin from the client's own "
      "configuration" },
    { "scheme", 0, "auto|3-1-1|3-1-1+2-1-1|2-1-1-issuers", PLANS, 'r', false, set_scheme,
      AT(plan.scheme), "which records; auto takes the first that passes" },
    { "window", 0, "DATE[/DATE]", PLANS, 'r', false, set_window, AT(plan.window),
      "when the next certificate is to be deployed" },
    { "ttl", 0, "SECONDS", PLANS, 'r', false, set_seconds, AT(plan.ttl),
      "of the TLSA records; default as observed" },
    { "nsupdate", 0, NULL, CLI_PLAN, 'r', false, set_flag, AT(plan.nsupdate),
      "print the steps as lines for nsupdate(1)" },
    { "watch", 0, NULL, CLI_PLAN, 'r', false, set_flag, AT(plan.watch),
      "ask every authoritative server whether the next records are out, and since when" },
    { "may-deploy", 0, NULL, CLI_PLAN, 'r', false, set_flag, AT(plan.may_deploy),
      "with --watch: whether the next certificate may be deployed now, for hooks of ACME clients" },
    { "server", 0, "ADDR[:PORT]", CLI_PLAN, 'r', false, set_list, AT(plan.servers),
      "with --watch: ask this name server instead of those of the zone; repeatable" },

    { "at", 0, "DATE", JUDGE | CLI_CATALOG, 'j', true, set_at, AT(at),
      "judge as of this instant (ISO 8601); DNSSEC verdicts stay as observed" },
    { "trust-store", 0, "FILE|DIR|none", JUDGE, 'j', true, set_text, AT(trust_store),
      "X.509 roots; default the system's" },
    { "crl", 0, "FILE", JUDGE, 'j', true, set_list, AT(crl_files),
      "CRLs that verifiers hold, PEM or DER; repeatable; default: a current one of each CA" },
    { "verifier", 0, "NAME|GLOB", JUDGE, 'j', true, set_list, AT(verifiers),
      "ask only these; they also decide the exit status; repeatable" },
    { "scenario", 0, "NAME|GLOB|FILE", CLI_WHATIF | CLI_PLAN | CLI_LAB | SCREEN, 'j', true,
      set_list, AT(scenarios), "a scenario to simulate; repeatable" },
    { "like", 0, "postfix:FILE|exim:FILE", LIVE, 'j', true, set_list, AT(like),
      "take level, trust store, client certificate, names and address from the output of "
      "postconf -n or exim -bP" },
    { "all", 0, NULL, CLI_WHATIF, 'j', false, set_flag, AT(all),
      "every scenario in full, also those that do not apply, with the reason" },
    { "timeline", 0, NULL, CLI_WHATIF, 'j', false, set_flag, AT(timeline),
      "judge at every date that matters" },
    { "history", 0, NULL, CLI_WHATIF | SCREEN, 'j', false, set_flag, AT(history),
      "also the rollovers of the past" },
    { "export", 0, "DIR", CLI_WHATIF, 'j', false, set_text, AT(export_dir),
      "write the simulated chain and keys" },
    { "list", 0, NULL, CLI_VERIFY | CLI_WHATIF | CLI_LAB | CLI_EXPLAIN, 'j', false,
      set_flag, AT(list), "list verifiers, scenarios, faults or entries" },

    { "name", 0, "FAMILY", CLI_CATALOG, 'k', false, set_text, AT(name),
      "import: the family to file the CA under; default: the file's name" },
    { "output", 'o', "FILE", CLI_CATALOG, 'k', false, set_text, AT(output),
      "import: write there; default: the user's own catalog folder" },

    { "resolver", 0, "ADDR[:PORT]", LIVE, 'n', true, set_text, AT(session.resolver),
      "ask this resolver; its answers are validated here" },
    { "trust-anchor", 0, "FILE", LIVE, 'n', true, set_text, AT(session.trust_anchor),
      "DNSSEC trust anchor; default the system's root.key" },
    { "connect-to", 0, "HOST:PORT:ADDR:PORT", LIVE, 'n', true, set_connect_to,
      AT(session.connect_to), "reach HOST:PORT at ADDR:PORT; names and SNI stay; repeatable" },
    { "source", 0, "ADDR", LIVE, 'n', true, set_address, AT(session.source),
      "connect from this address" },
    { NULL, '4', NULL, LIVE, 'n', true, set_family4, 0, "IPv4 only" },
    { NULL, '6', NULL, LIVE, 'n', true, set_family6, 0, "IPv6 only" },

    { "tls", 0, "starttls|implicit|none", LIVE, 's', true, set_tls_mode, AT(session.tls),
      "default STARTTLS; TLS from the first byte on port 465" },
    { "offer", 0, "any|rsa|ecdsa", LIVE, 's', true, set_offer, AT(session.offer),
      "which server certificate to ask for; default of a domain: any, RSA and ECDSA in turn" },
    { "sni", 0, "NAME|none", LIVE, 's', true, set_text, AT(session.sni),
      "server name to send; default by RFC 7672 8.1 and RFC 8461 7.1" },
    { "sni-trial", 0, NULL, LIVE, 's', true, set_flag, AT(session.sni_trial),
      "one more session per mail server without SNI: is its default certificate another?" },
    { "priority", 0, "STRING", LIVE, 's', true, set_text, AT(session.priority),
      "GnuTLS priority string" },
    { "ehlo", 0, "NAME", LIVE, 's', true, set_text, AT(session.ehlo), "name to say in EHLO" },
    { "auth", 0, "external[:AUTHZID]", LIVE, 's', true, set_auth, AT(session.auth_external),
      "try AUTH EXTERNAL" },
    { "mail-from", 0, "ADDR", LIVE, 's', true, set_text, AT(session.mail_from),
      "go on to MAIL FROM; no mail is ever sent" },
    { "rcpt-to", 0, "ADDR", LIVE, 's', true, set_text, AT(session.rcpt_to),
      "go on to RCPT TO, and stop before DATA" },
    { "timeout", 0, "SECONDS", LIVE, 's', true, set_timeout, AT(session.timeout),
      "for each wait; default RFC 5321 4.5.3.2, at most 60" },

    { "client-cert", 0, "FILE", LIVE, 'c', true, set_text, AT(client_cert),
      "PEM certificate to show when asked" },
    { "client-key", 0, "FILE", LIVE, 'c', true, set_text, AT(client_key),
      "its key; default: in the same file" },
    { "client-cert-trial", 0, NULL, LIVE, 'c', true, set_flag, AT(session.client_cert_trial),
      "two sessions, with and without the certificate" },

    { "from", 0, "FILE|-", CLI_CHECK | CLI_WHATIF | CLI_PLAN, 'b', false, set_text, AT(from),
      "read one TARGET a line" },
    { "jobs", 0, "N", CLI_CHECK | CLI_WHATIF, 'b', false, set_count, AT(jobs),
      "walk N targets at a time" },
    { "per-host", 0, "N", CLI_CHECK | CLI_WHATIF, 'b', false, set_count,
      AT(session.per_host), "sessions at a time to one address; default 1" },

    { "step", 0, NULL, CLI_WORKBENCH, 'w', true, set_flag, AT(step),
      "stop before the first stage" },
    { "break", 0, "STAGE", CLI_WORKBENCH, 'w', true, set_break, AT(breaks),
      "stop before a stage; repeatable" },
    { "script", 0, "FILE", SCREEN, 'w', true, set_text, AT(script),
      "feed keys and : commands from a file" },
    { "restart", 0, NULL, CLI_LEARN, 'w', false, set_flag, AT(restart),
      "begin the lesson anew, not where it was left" },
    { "no-mouse", 0, NULL, SCREEN, 'w', true, set_flag, AT(no_mouse), "leave the mouse alone" },

    { "lab", 0, "[FAULT,...]", CLI_WORKBENCH | CLI_CHECK | CLI_WHATIF | CLI_PLAN, 'l', false,
      set_lab, AT(lab_faults),
      "walk the built-in offline lab" },
    { "subject", 0, "NAME|N", CLI_LAB, 'l', false, set_text, AT(subject),
      "serve only this host or kind of key of --session" },
    { "listen", 0, "ADDR", CLI_LAB, 'l', false, set_address, AT(listen),
      "serve there instead of loopback" },
    { "real-ports", 0, NULL, CLI_LAB, 'l', false, set_flag, AT(real_ports),
      "take ports 25, 53, 443, 465 and 587" },

    { "config", 0, "FILE", ALL, 'g', true, set_text, AT(config),
      "read this after the user's config file (mxscope.conf(5))" },
    { "help", 'h', NULL, ALL, 'g', true, set_flag, AT(help), "this help" },
    { "version", 0, NULL, ALL, 'g', true, set_flag, AT(version), "the version" },
    { NULL, 0, NULL, 0, 0, false, NULL, 0, NULL },
};

static const struct cli_option *by_name(const char *name)
{
    for (const struct cli_option *o = cli_options; o->set; o++)
        if (o->name && strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

enum mxs_err cli_set(struct cli *cli, const char *name, const char *value, struct mxs_why *why)
{
    const struct cli_option *o = by_name(name);
    if (!o || o->group == 'g')
        return mxs_why_set(why, MXS_ERR_USAGE, "unknown name '%s'", name);
    if (o->arg || mxs_ascii_equal(value, "yes") || mxs_ascii_equal(value, "true"))
        return o->set(cli, o, value, why);
    if (mxs_ascii_equal(value, "no") || mxs_ascii_equal(value, "false"))
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_USAGE, "%s: yes or no, not '%s'", name, value);
}

/* --- words --- */

struct given { /* an option as it stood on the line, to be set after the config files */
    const struct cli_option *option;
    const char *value;
};
typedef MXS_LIST(struct given) given_list;

enum { OPTIONS_MAX = 128, LONG_BASE = 256 };

static bool optional(const struct cli_option *o)
{
    return o->arg && o->arg[0] == '[';
}

/* The table in the form that getopt_long reads. */
static void getopt_tables(struct option *longs, char *letters, size_t max)
{
    size_t n = 0, at = 0;
    letters[at++] = ':';
    for (int i = 0; cli_options[i].set && n + 1 < max; i++) {
        const struct cli_option *o = &cli_options[i];
        int arg = optional(o) ? optional_argument : o->arg ? required_argument : no_argument;
        if (o->name)
            longs[n++] = (struct option){ o->name, arg, NULL, LONG_BASE + i };
        if (o->letter)
            letters[at++] = o->letter;
        if (o->letter && o->arg)
            letters[at++] = ':';
    }
    longs[n] = (struct option){ 0 };
    letters[at] = 0;
}

static const struct cli_option *by_value(int value)
{
    if (value >= LONG_BASE)
        return &cli_options[value - LONG_BASE];
    for (const struct cli_option *o = cli_options; o->set; o++)
        if (o->letter == value)
            return o;
    return NULL;
}

static const char *command_words(const struct cli *cli, char *buf, size_t n)
{
    snprintf(buf, n, "mxscope%s%s", cli->command->name ? " " : "",
             cli->command->name ? cli->command->name : "");
    return buf;
}

static enum mxs_err bad_option(const struct cli *cli, int got, char **argv, struct mxs_why *why)
{
    char words[64];
    const char *word = argv[optind > 1 ? optind - 1 : 1];
    if (got == ':')
        return mxs_why_set(why, MXS_ERR_USAGE, "%s needs an argument", word);
    const struct cli_option *o = by_value(optopt);
    if (optopt >= LONG_BASE && o) /* getopt gives the row of an option that takes no argument */
        return mxs_why_set(why, MXS_ERR_USAGE, "--%s takes no argument", o->name);
    if (optopt)
        return mxs_why_set(why, MXS_ERR_USAGE, "unknown option '-%c' (see %s --help)", optopt,
                           command_words(cli, words, sizeof words));
    return mxs_why_set(why, MXS_ERR_USAGE, "unknown or ambiguous option '%s' (see %s --help)", word,
                       command_words(cli, words, sizeof words));
}

static enum mxs_err not_here(const struct cli *cli, const struct cli_option *o, struct mxs_why *why)
{
    const struct cli_command *c = cli_commands;
    while (c->run && !(c->bit & o->commands))
        c++;
    return mxs_why_set(why, MXS_ERR_USAGE, "--%s is no option of mxscope %s%s%s", o->name,
                       cli->command->name ? cli->command->name : "TARGET",
                       c->name ? ", but of mxscope " : "", c->name ? c->name : "");
}

static enum mxs_err collect(struct cli *cli, int argc, char **argv, given_list *given,
                            struct mxs_why *why)
{
    struct option longs[OPTIONS_MAX];
    char letters[OPTIONS_MAX];
    int got;
    getopt_tables(longs, letters, OPTIONS_MAX);
    opterr = 0;
    optind = 1;
    while ((got = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct cli_option *o = by_value(got);
        if (got == '?' || got == ':' || !o)
            return bad_option(cli, got, argv, why);
        if (!o->anywhere && !(o->commands & cli->command->bit))
            return not_here(cli, o, why);
        *mxs_list_add(cli->arena, given) = (struct given){ o, optarg };
    }
    for (int i = optind; i < argc; i++)
        *mxs_list_add(cli->arena, &cli->words) = argv[i];
    return MXS_OK;
}

static const char *given_value(const given_list *given, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < given->n; i++)
        if (given->v[i].option->name && strcmp(given->v[i].option->name, name) == 0)
            value = given->v[i].value ? given->v[i].value : "";
    return value;
}

static enum mxs_err config_files(struct cli *cli, const char *named, struct mxs_why *why)
{
    const char *path = cli_config_default(cli);
    enum mxs_err err = path ? cli_config_read(cli, path, why) : MXS_OK;
    return err || !named ? err : cli_config_read(cli, named, why);
}

/* A list on the line takes the place of the config's. */
static void forget_lists(struct cli *cli, const given_list *given)
{
    for (size_t i = 0; i < given->n; i++)
        if (given->v[i].option->set == set_list || given->v[i].option->set == set_break)
            ((struct mxs_strs *)(void *)((char *)cli + given->v[i].option->offset))->n = 0;
}

static const struct cli_command *command_of(const char *word)
{
    for (const struct cli_command *c = cli_commands + 1; word && c->run; c++)
        if (strcmp(c->name, word) == 0)
            return c;
    return &cli_commands[0];
}

enum mxs_err cli_parse(struct cli *cli, int argc, char **argv, struct mxs_why *why)
{
    given_list given = { 0 };
    for (int i = 0; i < argc; i++)
        *mxs_list_add(cli->arena, &cli->argv) = argv[i];
    cli->command = command_of(argc > 1 ? argv[1] : NULL);
    int skip = cli->command->name ? 1 : 0;
    enum mxs_err err = collect(cli, argc - skip, argv + skip, &given, why);
    if (err)
        return err;
    cli->help = given_value(&given, "help") != NULL;
    cli->version = given_value(&given, "version") != NULL;
    if (cli->help || cli->version) /* even with a broken config file */
        return MXS_OK;
    err = config_files(cli, given_value(&given, "config"), why);
    forget_lists(cli, &given);
    for (size_t i = 0; i < given.n && err == MXS_OK; i++)
        err = given.v[i].option->set(cli, given.v[i].option, given.v[i].value, why);
    return err;
}
