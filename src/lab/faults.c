/* The one table of faults: what each changes in the plan of the lab, and the finding it must cause.
 * A new fault is a row; if it needs more, a field of lab_plan.h. A test walks every row. */
#include "config.h"

#include "lab/lab.h"

#include "base/text.h"
#include "lab/lab_plan.h"

#include <string.h>

/* How and where a handshake ends: one row per message, for an alert, a close and a reset each. The
 * message named is the last that was exchanged whole. */
#define STOP(how, did, finding, message, extra)                                   \
    { "tls", how "-after-" message, "the server " did " after " message, finding, \
      "host mx* stop-at " message "\nhost mx* stop-how " how extra }
#define STOPS(how, did, finding, later)                                                 \
    STOP(how, did, finding, "client-hello", ""),                                        \
    STOP(how, did, finding, "server-hello", ""),                                        \
    STOP(how, did, finding, "encrypted-extensions", ""),                                \
    STOP(how, did, finding, "certificate-request", "\nhost mx* client-cert yes"),   \
    STOP(how, did, finding, "certificate", ""),                                         \
    STOP(how, did, finding, "certificate-verify", ""),                                  \
    STOP(how, did, later, "finished", "")

/* Replaces the TLSA records of both MX hosts. */
#define TLSA(records_1, records_2)                                             \
    "zone lab.test. - _25._tcp.mx1 TLSA\nzone lab.test. - _25._tcp.mx2 TLSA\n" \
    records_1 records_2
#define TLSA_ALL(rdata) \
    TLSA("zone lab.test. + _25._tcp.mx1 TLSA " rdata "\n", \
         "zone lab.test. + _25._tcp.mx2 TLSA " rdata "\n")
#define TLSA_DNS(how) "dns _25._tcp.mx*.lab.test. TLSA " how
#define RANDOM_TLSA "zone lab.test. + _25._tcp.mx1 TLSA 3 1 1 {random/32}\n"
#define FIVE(x) x x x x x

/* The client's certificate is asked for at both MX hosts, and judged as OpenSSL would: those of the
 * public CA too, since that is what mail hosts have. */
#define ASKS "host mx* client-cert yes\nhost mx* client-ca client-ca root\n"

static const struct mxs_lab_fault faults[] = {
    { "starttls", "starttls-stripped", "EHLO does not offer STARTTLS", "starttls-absent",
      "host mx* hide STARTTLS" },
    { "starttls", "starttls-refused", "STARTTLS is offered and answered with 554",
      "starttls-refused",
      "host mx* reply clear:STARTTLS go-on 554 5.7.3 Unable to initialize security subsystem" },
    { "starttls", "starttls-454", "STARTTLS is offered and answered with 454", "starttls-refused",
      "host mx* reply clear:STARTTLS go-on 454 4.7.0 TLS not available due to local problem" },
    { "starttls", "starttls-glued", "bytes follow the 220 of STARTTLS in clear", "glued-bytes",
      "host mx* reply clear:STARTTLS go-on,raw "
      "220 2.0.0 Ready to start TLS\\r\\n250 2.1.0 injected by the way\\r\\n" },
    { "starttls", "starttls-plaintext", "220 to STARTTLS, then SMTP goes on in clear",
      "tls-plaintext", "host mx* reply clear:STARTTLS plain 220 2.0.0 Ready to start TLS" },
    { "starttls", "starttls-garbage", "220 to STARTTLS, then random bytes", "tls-plaintext",
      "host mx* reply clear:STARTTLS garbage 220 2.0.0 Ready to start TLS" },

    { "smtp", "connect-timeout", "connections to the MX hosts are not answered at all",
      "port-blocked", "host mx* deaf yes" },
    { "smtp", "connect-refused", "nobody listens on the MX hosts", "connect-refused",
      "host mx* closed yes" },
    { "smtp", "connect-reset", "connections are reset before the banner", "closed-early",
      "host mx* banner-delay 200\nhost mx* reply any:CONNECT reset -" },
    { "smtp", "banner-silent", "no banner comes", "banner-timeout",
      "host mx* reply any:CONNECT silent -" },
    { "smtp", "banner-delay", "the banner comes after two seconds", NULL,
      "host mx* banner-delay 2000" },
    { "smtp", "banner-554", "the banner refuses service", "banner-refused",
      "host mx* reply any:CONNECT go-on 554 5.7.1 No SMTP service here" },
    { "smtp", "banner-421", "the banner is a 421", "service-closing",
      "host mx* reply any:CONNECT close 421 4.3.2 Too many connections, come back later" },
    { "smtp", "banner-http", "a web server answers on port 25", "not-smtp",
      "host mx* reply any:CONNECT close,raw HTTP/1.1 400 Bad Request\\r\\n\\r\\n" },
    { "smtp", "ehlo-421", "421 to EHLO", "service-closing",
      "host mx* reply clear:EHLO close 421 4.3.2 Shutting down" },
    { "smtp", "ehlo-silent", "no answer to EHLO", "peer-silent",
      "host mx* reply clear:EHLO silent -" },
    { "smtp", "ehlo-closed", "EHLO is answered by a close", "closed-early",
      "host mx* reply clear:EHLO close,raw -" },
    { "smtp", "ehlo-endless", "a reply to EHLO that never ends", "not-smtp",
      "host mx* reply clear:EHLO flood 250-X-MORE" },
    { "smtp", "ehlo-long-line", "a line that never ends", "not-smtp",
      "host mx* reply clear:EHLO flood,raw "
      "250-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    { "smtp", "ehlo-broken", "NULs, a bare LF and a wrong code in the reply to EHLO",
      "smtp-quirks",
      "host mx* reply clear:EHLO go-on,raw "
      "250-mx.lab.test\\0\\n250-SIZE 1000\\r\\n251 STARTTLS\\r\\n" },
    { "smtp", "starttls-421", "421 to STARTTLS", "service-closing",
      "host mx* reply clear:STARTTLS close 421 4.7.0 Too busy for TLS" },
    { "smtp", "mail-421", "421 to MAIL (--mail-from)", "service-closing",
      "host mx* reply tls:MAIL close 421 4.3.2 Shutting down" },
    { "smtp", "rcpt-421", "421 to RCPT (--rcpt-to)", "service-closing",
      "host mx* reply tls:RCPT close 421 4.3.2 Shutting down" },

    { "tls", "tls10-only", "the server knows TLS 1.0 alone", "tls-too-old",
      "host mx* priority NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT" },
    { "tls", "tls12-only", "the server knows TLS 1.2 alone", NULL,
      "host mx* priority NORMAL:-VERS-ALL:+VERS-TLS1.2:%COMPAT" },
    STOPS("alert", "sends a fatal alert", "tls-alert", "tls-alert"),
    STOPS("close", "closes", "tls-closed", "closed-early"),
    STOPS("reset", "resets the connection", "tls-closed", "closed-early"),

    { "certificate", "wrong-without-sni", "another customer's certificate for clients without SNI",
      NULL, "host mx* without-sni webhost" },
    { "certificate", "expired", "the MX certificates have expired", "certificate-expired",
      "cert mx* validity expired" },
    { "certificate", "not-yet-valid", "the MX certificates are not valid yet",
      "certificate-not-yet-valid", "cert mx* validity future" },
    { "certificate", "revoked", "the stapled OCSP response says: revoked", "ocsp-revoked",
      "cert mx* ocsp revoked" },
    { "certificate", "self-signed", "self-signed MX certificates", "self-signed",
      "cert mx* issuer self\nhost mx* tail -" },
    { "certificate", "untrusted", "the MX certificates come from a root nobody knows",
      "untrusted-root",
      "cert mx* issuer stranger\nhost mx* tail stranger stranger-root" },
    { "certificate", "wrong-name", "the MX certificates name another host", "name-mismatch",
      "cert mx* dns www.webhost.test webhost.test\ncert mx* cn www.webhost.test" },
    { "certificate", "name-only-in-cn", "the host name is in the CN only", "name-only-in-cn",
      "cert mx* dns -" },
    { "certificate", "missing-first", "the issuing intermediate is not sent", "chain-incomplete",
      "host mx* tail cross" },
    { "certificate", "missing-second", "the cross-signed root is not sent", "chain-incomplete",
      "host mx* tail issuer" },
    { "certificate", "wrong-order", "the intermediates are sent in the wrong order",
      "chain-order", "host mx* tail cross issuer" },
    { "certificate", "extra", "certificates that do not belong to the chain", "chain-extra",
      "host mx* tail issuer cross root stranger stranger-root" },
    { "certificate", "revoked-cross-sign", "the cross-signed root was revoked by its issuer",
      "chain-revoked-cross-sign", "cert cross ocsp revoked" },
    { "certificate", "chain-of-40", "forty certificates", "chain-extra",
      "host mx* tail issuer cross stranger*37" },
    { "certificate", "too-large", "a certificate message beyond what clients take",
      "local-refusal", "cert mx* padding 400000" },
    { "certificate", "ecdsa-bad", "the RSA certificate is good, the ECDSA one has expired",
      "certificate-expired", "cert mx1-ec validity expired" },
    { "certificate", "ecdsa-only", "ECDSA alone; clients that ask for RSA are left without an alert",
      NULL, "host mx* rsa -\nhost mx* mute yes" },
    { "certificate", "rsa-only", "RSA alone; clients that ask for ECDSA are left without an alert",
      NULL, "host mx1 ec -\nhost mx1 mute yes" },

    { "client-cert", "client-cert-requested",
      "both MX hosts ask for a client certificate, of a public CA too",
      "client-certificate-requested", ASKS },
    { "client-cert", "client-cert-required",
      "TLS 1.2, the handshake fails without a client certificate", "client-certificate-required",
      ASKS "host mx* refuse alert\nhost mx* priority NORMAL:-VERS-ALL:+VERS-TLS1.2:%COMPAT" },
    { "client-cert", "client-cert-late-alert",
      "TLS 1.3, refused by an alert behind our Finished, which always arrives",
      "client-certificate-required",
      ASKS "host mx* refuse alert\nhost mx* refuse-delay 100\n"
      "host mx* priority NORMAL:-VERS-ALL:+VERS-TLS1.3:%COMPAT" },
    { "client-cert", "client-cert-late-close",
      "TLS 1.3, refused by a reset behind our Finished, which always loses the alert",
      "client-certificate-required",
      ASKS "host mx* refuse reset\nhost mx* priority NORMAL:-VERS-ALL:+VERS-TLS1.3:%COMPAT" },
    { "client-cert", "client-cert-421", "421 at the first command, as Postfix",
      "client-certificate-required",
      ASKS "host mx* reply refused:* close 421 4.7.1 {host} Error: no client certificate" },
    { "client-cert", "client-cert-454", "454 at MAIL, as sendmail", "client-certificate-required",
      ASKS "host mx* reply refused:MAIL go-on 454 4.3.3 TLS not available: verification failed" },
    { "client-cert", "client-cert-550", "550 at RCPT, as an ACL of Exim",
      "client-certificate-required",
      ASKS "host mx* reply refused:RCPT go-on 550 certificate not verified" },
    { "client-cert", "client-cert-535", "535 at AUTH, as Dovecot", "session-refused",
      "host submit reply any:AUTH go-on 535 5.7.8 Authentication failed" },

    { "dane", "tlsa-stale-key", "3 1 1 of the key before the renewal", "tlsa-stale",
      TLSA_ALL("3 1 1 {old-leaf/1/1}") },
    { "dane", "tlsa-two-keys", "3 1 1 of the keys in use, and of the next one", NULL,
      TLSA("zone lab.test. + _25._tcp.mx1 TLSA 3 1 1 {mx1-ec/1/1}\n"
           "zone lab.test. + _25._tcp.mx1 TLSA 3 1 1 {mx1-rsa/1/1}\n"
           "zone lab.test. + _25._tcp.mx1 TLSA 3 1 1 {old-leaf/1/1}\n",
           "zone lab.test. + _25._tcp.mx2 TLSA 3 1 1 {mx2-ec/1/1}\n"
           "zone lab.test. + _25._tcp.mx2 TLSA 3 1 1 {old-leaf/1/1}\n") },
    { "dane", "tlsa-issuer-only", "2 1 1 of the intermediate that issues, and nothing else", NULL,
      TLSA_ALL("2 1 1 {issuer/1/1}") },
    { "dane", "tlsa-stale-issuer", "2 1 1 of an intermediate that no longer issues",
      "tlsa-ca-not-in-chain", TLSA_ALL("2 1 1 {old-issuer/1/1}") },
    { "dane", "tlsa-root-not-sent", "2 1 1 of a root that is not in the served chain",
      "tlsa-root-not-sent", TLSA_ALL("2 1 1 {root/1/1}") },
    { "dane", "tlsa-unusable", "usages 0 and 1 only", "tlsa-all-unusable",
      TLSA("zone lab.test. + _25._tcp.mx1 TLSA 1 1 1 {mx1-ec/1/1}\n"
           "zone lab.test. + _25._tcp.mx1 TLSA 0 1 1 {root/1/1}\n",
           "zone lab.test. + _25._tcp.mx2 TLSA 1 1 1 {mx2-ec/1/1}\n") },
    { "dane", "tlsa-malformed", "a digest cut short, fields beyond their values",
      "tlsa-all-unusable",
      TLSA_ALL("3 1 1 0123456789abcdef")
      "zone lab.test. + _25._tcp.mx1 TLSA 9 7 9 00\n" },
    { "dane", "tlsa-40", "forty records, the right ones among them", "tlsa-many",
      FIVE(FIVE(RANDOM_TLSA)) FIVE(RANDOM_TLSA RANDOM_TLSA) RANDOM_TLSA RANDOM_TLSA },
    { "dane", "tlsa-servfail", "the TLSA lookup fails", "tlsa-error",
      TLSA_DNS("servfail") },
    { "dane", "tlsa-bogus", "a signature over the TLSA records is broken", "tlsa-bogus",
      TLSA_DNS("badsig") },
    { "dane", "tlsa-signature-expired", "the signature over the TLSA records is out of date",
      "tlsa-bogus", TLSA_DNS("expired") },
    { "dane", "tlsa-unsigned", "the TLSA records come without signatures", "tlsa-bogus",
      TLSA_DNS("nosig") },
    { "dane", "tlsa-wildcard-replay", "a wildcard's TLSA records are replayed over the real ones",
      "tlsa-bogus",
      "zone lab.test. + *._tcp.mx1 TLSA 3 1 1 {random/32}\n"
      "zone lab.test. + *._tcp.mx2 TLSA 3 1 1 {random/32}\n" TLSA_DNS("wildreplay") },
    { "dane", "tlsa-signature-expiring", "the signature over the TLSA records ends within a day",
      "rrsig-expiring", TLSA_DNS("expiring") },
    { "dane", "tlsa-foreign-signer", "the TLSA records are signed by another zone's valid key",
      "tlsa-bogus", TLSA_DNS("foreign") },
    { "dane", "tlsa-dropped", "TLSA queries get no answer", "tlsa-error",
      TLSA_DNS("drop") },
    { "dane", "tlsa-truncated", "TLSA answers are truncated over UDP", NULL,
      TLSA_DNS("truncate") },
    { "dane", "tlsa-alias", "the TLSA records stand in another zone, behind an alias (RFC 7671 7)", NULL,
      "zone lab.test. - _25._tcp.mx1 TLSA\nzone lab.test. + _25._tcp.mx1 CNAME dane.mx1.zoo.test.\n"
      "zone zoo.test. + dane.mx1 TLSA 3 1 1 {mx1-ec/1/1}\n"
      "zone zoo.test. + dane.mx1 TLSA 3 1 1 {mx1-rsa/1/1}" },
    { "dane", "zone-insecure", "the zone is not signed", "tlsa-insecure-zone",
      "zone lab.test. unsigned yes" },

    { "dns", "mx-servfail", "the MX lookup fails", "mx-error",
      "dns lab.test. MX servfail" },
    { "dns", "mx-bogus", "the signature over the MX records is broken", "mx-bogus",
      "dns lab.test. MX badsig" },
    { "dns", "mx-dropped", "MX queries get no answer", "mx-error",
      "dns lab.test. MX drop" },
    { "dns", "resolver-cut-off", "the resolver has lost its network: SERVFAIL to everything",
      "resolver-silent", "dns * * servfail" },
    { "dns", "mx-null", "the domain says it takes no mail", "null-mx",
      "zone lab.test. - @ MX\nzone lab.test. + @ MX 0 ." },
    { "dns", "mx-alias-loop", "the MX hosts are aliases of each other", "address-error",
      "zone lab.test. - mx1 {mx1}\nzone lab.test. - mx2 {mx2}\n"
      "zone lab.test. - _25._tcp.mx1 TLSA\nzone lab.test. - _25._tcp.mx2 TLSA\n"
      "zone lab.test. + mx1 CNAME mx2\nzone lab.test. + mx2 CNAME mx1" },
    { "dns", "mx-dname-loop", "the MX host is below a DNAME that leads back to itself",
      "address-error",
      "zone lab.test. - @ MX\nzone lab.test. + @ MX 10 mx.loop\n"
      "zone lab.test. + loop DNAME pool\nzone lab.test. + pool DNAME loop" },
    { "dns", "address-missing", "the MX hosts do not exist", "no-address",
      "zone lab.test. - mx1 {mx1}\nzone lab.test. - mx2 {mx2}\n"
      "zone lab.test. - _25._tcp.mx1 TLSA\nzone lab.test. - _25._tcp.mx2 TLSA" },
    { "dns", "address-servfail", "the address lookups fail", "address-error",
      "dns mx*.lab.test. A servfail\ndns mx*.lab.test. AAAA servfail" },
    { "dns", "address-bogus", "the signatures over the addresses are broken", "address-bogus",
      "dns mx*.lab.test. A badsig\ndns mx*.lab.test. AAAA badsig" },
    { "dns", "addresses-differ", "the second address of mx1 shows another certificate",
      "certificates-differ",
      "host mx1b off no\nhost mx1b ec webhost\nhost mx1b rsa -\n"
      "zone lab.test. + mx1 {mx1b}" },

    { "mta-sts", "sts-typo", "nmx: instead of mx: in the policy", "sts-policy-fault",
      "policy body version: STSv1\\nmode: enforce\\nnmx: mx1.lab.test\\nmax_age: 604800\\n" },
    { "mta-sts", "sts-redirect", "the policy host answers with a redirect",
      "sts-redirect",
      "policy status 301\npolicy location https://www.lab.test/.well-known/mta-sts.txt" },
    { "mta-sts", "sts-not-found", "the policy host answers 404", "sts-fetch",
      "policy status 404\npolicy body not found\\n" },
    { "mta-sts", "sts-wrong-type", "the policy comes as text/html", "sts-media-type",
      "policy type text/html" },
    { "mta-sts", "sts-oversize", "a policy of 200 kB", "sts-fetch",
      "policy size 200000" },
    { "mta-sts", "sts-stale", "the policy still names the MX host before the last move",
      "sts-mx-not-listed",
      "policy body version: STSv1\\nmode: enforce\\nmx: mx1.lab.test\\nmx: mx-old.lab.test\\n"
      "max_age: 604800\\n" },
    { "mta-sts", "sts-wrong-mx", "the policy names none of the MX hosts", "sts-mx-not-listed",
      "policy body version: STSv1\\nmode: enforce\\nmx: *.webhost.test\\nmax_age: 604800\\n" },
    { "mta-sts", "sts-cert-expired", "the certificate of the policy host has expired",
      "sts-host-certificate", "cert policy-ec validity expired" },
    { "mta-sts", "sts-cert-wrong-name", "the policy host shows another name",
      "sts-host-certificate", "cert policy-ec dns www.webhost.test" },
    { "mta-sts", "sts-host-down", "nobody listens on the policy host", "sts-fetch",
      "host policy closed yes" },
    { "mta-sts", "sts-host-missing", "the policy host is not in DNS", "sts-fetch",
      "zone lab.test. - mta-sts {policy}" },
    { "mta-sts", "sts-silent", "the policy host accepts and never answers", "sts-fetch",
      "policy silent yes" },
    { "mta-sts", "sts-two-txt", "two _mta-sts TXT records", "sts-txt",
      "zone lab.test. + _mta-sts TXT \"v=STSv1; id=20250101T000000;\"" },
    { "mta-sts", "sts-txt-typo", "the TXT record has no id", "sts-txt",
      "zone lab.test. - _mta-sts TXT\nzone lab.test. + _mta-sts TXT \"v=STSv1;\"" },
};

const struct mxs_lab_fault *mxs_lab_faults(size_t *n)
{
    *n = MXS_COUNT(faults);
    return faults;
}

static enum mxs_err unknown(const char *name, struct mxs_why *why)
{
    const struct mxs_lab_fault *best = faults;
    for (size_t i = 1; i < MXS_COUNT(faults); i++)
        if (mxs_text_distance(name, faults[i].name) < mxs_text_distance(name, best->name))
            best = &faults[i];
    return mxs_why_set(why, MXS_ERR_NOT_FOUND, "no fault \"%s\"; the nearest is \"%s\"", name,
                       best->name);
}

enum mxs_err mxs_lab_plan_faults(struct mxs_lab_plan *plan, const struct mxs_strs *names,
                                 struct mxs_why *why)
{
    for (size_t n = 0; n < names->n; n++) {
        size_t i = 0;
        while (i < MXS_COUNT(faults) && strcmp(faults[i].name, names->v[n]) != 0)
            i++;
        enum mxs_err err = i == MXS_COUNT(faults)
                               ? unknown(names->v[n], why)
                               : mxs_lab_plan_edit(plan, faults[i].name, faults[i].edits, why);
        if (err)
            return err;
    }
    return MXS_OK;
}
