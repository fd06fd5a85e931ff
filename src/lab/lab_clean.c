/* The clean lab: a domain with two MX hosts, a submission host and an MTA-STS policy, and a few
 * more names around it for resolvers and lessons. Every verifier is content with it. */
#include "config.h"

#include "lab/lab_plan.h"

#include <stddef.h>

/* root <- cross <- issuer <- leaves: two intermediates, as Let's Encrypt's generation Y is
 * served. An issuer stands before what it issues. AIA tells a public CA's intermediate from a
 * private one's; nothing is served there. */
#define AIA(name) "http://pki.lab.test/" name ".der"
#define LEAF .issuer = "issuer", .aia = AIA("issuer"), .path_length = -1

static const struct mxs_lab_cert_plan certs[] = {
    { .name = "root", .cn = "mxscope Lab Root X", .issuer = "self", .ca = true, .path_length = -1 },
    { .name = "cross", .cn = "mxscope Lab Root Y", .issuer = "root",
      .aia = AIA("root"), .ca = true, .path_length = -1 },
    { .name = "issuer", .cn = "mxscope Lab Issuer Y1", .issuer = "cross",
      .aia = AIA("cross"), .ca = true },
    /* Who may be a client is a matter between two parties: a CA of its own, in nobody's store. */
    { .name = "client-ca", .cn = "mxscope Lab Client CA", .issuer = "self", .ca = true },
    /* Not in the clean lab's chains. */
    { .name = "old-issuer", .cn = "mxscope Lab Issuer X3", .issuer = "root", .ca = true },
    { .name = "stranger-root", .cn = "Somebody Else's Root", .issuer = "self", .ca = true,
      .path_length = -1 },
    { .name = "stranger", .cn = "Somebody Else's Issuer", .issuer = "stranger-root", .ca = true },
    { .name = "mx1-ec", .cn = "mx1.lab.test", .dns = "mx1.lab.test", LEAF,
      .eku = "server", .ocsp = MXS_LAB_OCSP_GOOD },
    { .name = "mx1-rsa", .cn = "mx1.lab.test", .dns = "mx1.lab.test", LEAF,
      .eku = "server", .ocsp = MXS_LAB_OCSP_GOOD, .rsa = true },
    { .name = "mx2-ec", .cn = "mx2.lab.test", .dns = "mx2.lab.test", LEAF, .eku = "server" },
    { .name = "submit-ec", .cn = "submit.lab.test", .dns = "submit.lab.test", LEAF,
      .eku = "server" },
    { .name = "policy-ec", .cn = "mta-sts.lab.test", .dns = "mta-sts.lab.test",
      LEAF, .eku = "server" },
    { .name = "client", .cn = "mx.sender.test", .dns = "mx.sender.test", .issuer = "client-ca",
      .eku = "client", .path_length = -1 },
    /* What a public CA gave a mail host until 2026, and what it gives since. */
    { .name = "client-both", .cn = "mx.sender.test", .dns = "mx.sender.test",
      LEAF, .eku = "server client" },
    { .name = "client-server-only", .cn = "mx.sender.test", .dns = "mx.sender.test",
      LEAF, .eku = "server" },
    { .name = "old-leaf", .cn = "mx1.lab.test", .dns = "mx1.lab.test", LEAF, .eku = "server" },
    { .name = "webhost", .cn = "www.webhost.test", .dns = "www.webhost.test webhost.test",
      LEAF, .eku = "server" },
};

#define MX_HOST .port = 25, .tail = "issuer cross", .priority = "NORMAL:%COMPAT"

static const struct mxs_lab_host_plan hosts[] = {
    { .name = "mx1", .host = "mx1.lab.test", .address = "127.0.0.1", .ec = "mx1-ec",
      .rsa = "mx1-rsa", MX_HOST },
    { .name = "mx2", .host = "mx2.lab.test", .address = "::1", .fallback = "127.0.0.2",
      .ec = "mx2-ec", .client_cert = true, .client_ca = "client-ca", MX_HOST },
    /* A second address of mx1, for the fault in which they differ. */
    { .name = "mx1b", .host = "mx1.lab.test", .address = "127.0.0.5", .fallback = "127.0.0.1",
      .off = true, .ec = "mx1-ec", .rsa = "mx1-rsa", MX_HOST },
    { .name = "submit", .host = "submit.lab.test", .port = 587, .tls_port = 465,
      .address = "127.0.0.3", .fallback = "127.0.0.1", .ec = "submit-ec", .tail = "issuer cross",
      .priority = "NORMAL:%COMPAT", .client_cert = true, .client_ca = "client-ca",
      .auth = true },
    { .name = "policy", .host = "mta-sts.lab.test", .port = 443, .address = "127.0.0.4",
      .fallback = "127.0.0.1", .ec = "policy-ec", .tail = "issuer cross",
      .priority = "NORMAL" },
};

static const char *const root_lines[] = { "@ NS ns.lab.test.", NULL };
static const char *const test_lines[] = { "@ NS ns.lab.test.", NULL };
static const char *const lab_lines[] = {
    "@ NS ns",
    "ns {dns}",
    "@ MX 10 mx1",
    "@ MX 20 mx2{?mx2}",
    "@ TXT \"v=spf1 mx -all\"",
    "@ CAA 0 issue \"ca.lab.test\"",
    "mx1 {mx1}",
    "mx2 {mx2}",
    "submit {submit}",
    "mta-sts {policy}",
    "_mta-sts TXT \"v=STSv1; id=20261101T000000;\"",
    "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls-reports@lab.test\"",
    /* RFC 7672 3.1.1 and 3.1.2: both keys of mx1, and the issuer for the day a key changes. */
    "_25._tcp.mx1 TLSA 3 1 1 {mx1-ec/1/1}",
    "_25._tcp.mx1 TLSA 3 1 1 {mx1-rsa/1/1}",
    "_25._tcp.mx1 TLSA 2 1 1 {issuer/1/1}",
    "_25._tcp.mx2 TLSA 3 1 1 {mx2-ec/1/1}",
    "_25._tcp.mx2 TLSA 2 1 1 {issuer/1/1}",
    "_587._tcp.submit TLSA 3 1 1 {submit-ec/1/1}",
    "_465._tcp.submit TLSA 3 1 1 {submit-ec/1/1}",
    NULL
};
/* Shapes that a resolver must get right: alias, DNAME, wildcard, empty non-terminal, large
 * answer. */
static const char *const zoo_lines[] = {
    "@ NS ns.lab.test.",
    "@ MX 10 alias",
    "alias CNAME mx1.lab.test.",
    "to-insecure CNAME host.insecure.test.",
    "dname DNAME lab.test.",
    "*.wild TXT \"from the wildcard\"",
    "exact.wild TXT \"an existing name\"",
    "a.b.ent TXT \"below two empty names\"",
    "loop1 CNAME loop2",
    "loop2 CNAME loop1",
    "big TXT {filler/3000}",
    NULL
};
static const char *const insecure_lines[] = {
    "@ NS ns.lab.test.", "@ MX 10 mx1.lab.test.", "host {mx1}", "www CNAME host", NULL
};
static const char *const null_lines[] = { "@ NS ns.lab.test.", "@ MX 0 .", NULL };

static const struct {
    const char *name;
    bool unsigned_;
    const char *const *lines;
} zones[] = {
    { ".", false, root_lines },
    { "test.", false, test_lines },
    { "lab.test.", false, lab_lines },
    { "zoo.test.", false, zoo_lines },
    { "insecure.test.", true, insecure_lines },
    { "nullmx.test.", false, null_lines },
};

static const struct mxs_lab_policy_plan policy = {
    .status = 200,
    .type = "text/plain",
    .body = "version: STSv1\nmode: enforce\nmx: mx1.lab.test\nmx: mx2.lab.test\nmax_age: 604800\n"
};

void mxs_lab_plan_clean(struct mxs_arena *arena, struct mxs_lab_plan *out)
{
    *out = (struct mxs_lab_plan){ .arena = arena, .policy = policy };
    for (size_t i = 0; i < MXS_COUNT(certs); i++)
        *mxs_list_add(arena, &out->certs) = certs[i];
    for (size_t i = 0; i < MXS_COUNT(hosts); i++)
        *mxs_list_add(arena, &out->hosts) = hosts[i];
    for (size_t i = 0; i < MXS_COUNT(zones); i++) {
        struct mxs_lab_zone_plan *zone = mxs_list_add(arena, &out->zones);
        zone->name = zones[i].name;
        zone->unsigned_ = zones[i].unsigned_;
        for (const char *const *line = zones[i].lines; *line; line++)
            *mxs_list_add(arena, &zone->lines) = *line;
    }
}
