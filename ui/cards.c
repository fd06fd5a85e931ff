#include "config.h"

#include "ui/cards.h"

static const struct ui_card cards[MXS_STAGE_COUNT] = {
    [MXS_STAGE_MX] = {
        "DNS is asked which hosts take mail for the domain, and whether that answer is signed.",
        "With a secure answer DANE may apply to the hosts. An insecure one leaves DANE to hosts "
        "that are signed themselves.",
        "SERVFAIL or a bogus signature: the sender must defer, it may not pretend that there is no "
        "MX. \"Host or domain name not found\" in its log.",
        "dig +dnssec MX {domain}", "RFC 5321 5.1, RFC 7672 2.2.1" },
    [MXS_STAGE_ADDRESS] = {
        "The MX host's IPv4 and IPv6 addresses are looked up.",
        "Whether the addresses are secure decides if TLSA records are asked at all.",
        "A bogus answer makes the host unusable for senders with DANE; an alias moves the TLSA "
        "base domain.",
        "dig +dnssec A {host}; dig +dnssec AAAA {host}", "RFC 7672 2.2.2" },
    [MXS_STAGE_TLSA] = {
        "The TLSA records of the host's port are looked up: which certificates or keys it promises.",
        "Secure and usable: TLS and a match are required. Secure denial: no DANE. A failed lookup "
        "is neither: the host must be skipped.",
        "A name server that drops TLSA questions defers all mail of DANE senders: \"TLSA lookup "
        "error\".",
        "dig +dnssec TLSA {tlsa}", "RFC 7672 2.2, 3.1" },
    [MXS_STAGE_MTA_STS] = {
        "The TXT record _mta-sts.{domain} is looked up; if it is there, the policy is fetched by "
        "HTTPS from mta-sts.{domain}.",
        "The policy's mode, its MX patterns and the policy host's own certificate.",
        "A redirect, a wrong media type or an expired certificate on the policy host hide the "
        "policy; a cached one goes on ruling until max_age.",
        "dig TXT _mta-sts.{domain}; curl https://mta-sts.{domain}/.well-known/mta-sts.txt",
        "RFC 8461 3" },
    [MXS_STAGE_POLICY] = {
        "From DNS and policy follows what a sender may expect of this host before it connects.",
        "DANE is looked at first; a policy in enforce mode still has to pass where both are there.",
        "Records that are all unusable mean TLS without authentication, not cleartext.",
        NULL, "RFC 7672 2.2, RFC 8461 2" },
    [MXS_STAGE_CONNECT] = {
        "A TCP connection to the address and port of this session.",
        "Nothing yet: a refusal or a timeout moves on to the next address or MX.",
        "\"Connection timed out\": port 25 is often blocked on the sender's own network.",
        "nc -vz {address} {port}", "RFC 5321 5.1" },
    [MXS_STAGE_BANNER] = {
        "The server greets with 220 and its name.",
        "The code only; the name is for people.",
        "554: this server takes no mail from us. 421: later. A pause of many seconds is on purpose "
        "(a spam filter).",
        "nc {address} {port}", "RFC 5321 3.1, 4.5.3.2.1" },
    [MXS_STAGE_EHLO] = {
        "We say EHLO and our name; the server lists what it offers.",
        "Whether STARTTLS is in the list. This answer is not protected: whoever sits between can "
        "take the word out.",
        "\"TLS is required, but was not offered by host\": STARTTLS is off, or somebody removed it.",
        "openssl s_client -starttls smtp -connect {address}:{port}", "RFC 5321 4.1.1.1, RFC 3207" },
    [MXS_STAGE_STARTTLS] = {
        "We send STARTTLS; after the server's 220 both sides speak TLS.",
        "The code. Whatever the server sent behind the 220 must not be used.",
        "\"TLS is required, but host refused to start TLS\": 454, mostly a server without a "
        "readable key.",
        "posttls-finger -c -L verbose,summary [{host}]:{port}", "RFC 3207 4" },
    [MXS_STAGE_CLIENT_HELLO] = {
        "We offer TLS versions, cipher suites and groups, and name the server we want (SNI).",
        "The server picks from this offer; without SNI it may show another certificate.",
        "No common version or cipher ends here: \"no shared cipher\", alert 40 or 70.",
        "openssl s_client -starttls smtp -connect {address}:{port} -servername {host} -msg",
        "RFC 8446 4.1.2, RFC 7672 8.1" },
    [MXS_STAGE_SERVER_HELLO] = {
        "The server answers with the version, cipher suite and key share it chose.",
        "That it chose from our offer.",
        "A HelloRetryRequest costs a round trip, it is no error.", NULL, "RFC 8446 4.1.3" },
    [MXS_STAGE_ENCRYPTED_EXTENSIONS] = {
        "TLS 1.3: the rest of the server's answers, now encrypted.",
        "Nothing that mail needs; ALPN is not used for SMTP.", NULL, NULL, "RFC 8446 4.3.1" },
    [MXS_STAGE_CERTIFICATE_REQUEST] = {
        "The server asks for a certificate of the client. Most mail servers do not.",
        "Asking is not demanding: a client without one may answer with an empty list.",
        "\"No client certificate CA names sent\" is no error. Whether the server insists shows only "
        "after our Finished.",
        "openssl s_client -starttls smtp -connect {address}:{port} -cert C.pem -key K.pem",
        "RFC 8446 4.3.2" },
    [MXS_STAGE_CERTIFICATE] = {
        "The server shows its certificate and the intermediates that lead to a root.",
        "DANE-EE: only the key or certificate. DANE-TA: a chain to the named CA, name and dates. "
        "MTA-STS and WebPKI: a chain to a trusted root, name and dates.",
        "\"unable to verify the first certificate\": an intermediate is missing. \"hostname "
        "mismatch\": the name is not in it.",
        "openssl s_client -starttls smtp -connect {address}:{port} -servername {host} -showcerts",
        "RFC 8446 4.4.2, RFC 7672 3" },
    [MXS_STAGE_CERTIFICATE_VERIFY] = {
        "The server signs the handshake: it has the key of the certificate it showed.",
        "The signature, and that its algorithm was offered.",
        "A signature scheme the client did not offer ends the handshake.", NULL,
        "RFC 8446 4.4.3" },
    [MXS_STAGE_FINISHED] = {
        "Both sides confirm the whole handshake. In TLS 1.3 the server has not yet judged a client "
        "certificate.",
        "That the handshake was not changed on its way.",
        "\"Verify return code: 0 (ok)\" is printed here, before the server may still refuse.", NULL,
        "RFC 8446 4.4.4" },
    [MXS_STAGE_EHLO_TLS] = {
        "EHLO again, now inside TLS: only this list counts.",
        "AUTH and REQUIRETLS are looked for here.",
        "A 421 in place of the list is how some servers refuse a client certificate.",
        NULL, "RFC 3207 4.2" },
    [MXS_STAGE_CLIENT_VERDICT] = {
        "What the server thinks of our certificate shows only now: by an alert, a close, a ticket or "
        "a reply.",
        "An alert after Finished is a refusal, although the handshake looked complete.",
        "Alert 43, 46 or 116, a bare close, or 4xx/5xx at the next command.",
        NULL, "RFC 8446 4.4.2.4, 6.2" },
    [MXS_STAGE_AUTH] = {
        "AUTH EXTERNAL: the certificate is to stand for the user.",
        "That the server offers EXTERNAL, which it may do only after it accepted the certificate.",
        "535: the certificate is fine for TLS, but names no user.", NULL, "RFC 4954, RFC 4422 A" },
    [MXS_STAGE_MAIL] = {
        "MAIL FROM names a sender. No mail will follow.",
        "The reply to our address.", "454 or 550: some servers refuse a client certificate here.",
        NULL, "RFC 5321 4.1.1.2" },
    [MXS_STAGE_RCPT] = {
        "RCPT TO names a recipient. DATA is never sent.",
        "The reply to the address.", "550: an access rule, perhaps on the client certificate.", NULL,
        "RFC 5321 4.1.1.3" },
    [MXS_STAGE_QUIT] = {
        "We say QUIT and close in order.", "Nothing any more.",
        "A close without a reply is impolite, and harmless.", NULL, "RFC 5321 4.1.1.10" },
};

const struct ui_card *ui_card(enum mxs_stage stage)
{
    return stage < MXS_STAGE_COUNT ? &cards[stage] : NULL;
}
