#include "config.h"

#include "facts/smtp_words.h"

#include <string.h>

static const struct mxs_smtp_word keywords[] = {
    { "8BITMIME", "bodies with octets above 127 may be sent as they are (RFC 6152)" },
    { "ATRN", "a client that authenticated may turn the session round to fetch mail (RFC 2645)" },
    { "AUTH", "the SASL mechanisms a client may log in with (RFC 4954)" },
    { "BINARYMIME", "bodies need no line structure; needs CHUNKING (RFC 3030)" },
    { "BURL", "the body may be fetched from an IMAP server (RFC 4468)" },
    { "CHECKPOINT", "an interrupted transaction may be taken up again (RFC 1845)" },
    { "CHUNKING", "bodies may come in counted pieces with BDAT instead of DATA (RFC 3030)" },
    { "CONNEG", "the recipient's media features can be asked for (RFC 4141)" },
    { "CONPERM", "the sender may allow content conversion (RFC 4141)" },
    { "DELIVERBY", "a time limit for delivery may be asked for (RFC 2852)" },
    { "DSN", "delivery status notifications can be chosen per recipient (RFC 3461)" },
    { "ENHANCEDSTATUSCODES", "replies carry a second, finer code such as 5.7.1 (RFC 2034)" },
    { "ETRN", "a client may ask for its queue to be started (RFC 1985)" },
    { "EXPN", "mailing lists may be expanded (RFC 5321 3.5)" },
    { "FUTURERELEASE", "submission may ask to hold the mail until later (RFC 4865)" },
    { "HELP", "the HELP command is understood (RFC 5321 4.1.1.8)" },
    { "LIMITS", "how many recipients, domains and transactions a session may have (RFC 9422)" },
    { "MT-PRIORITY", "a priority may be asked for (RFC 6710)" },
    { "MTRK", "message tracking can be asked for (RFC 3885)" },
    { "NO-SOLICITING", "classes of solicitations that are not wanted (RFC 3865)" },
    { "PIPECONNECT", "a known client may send its commands before the banner (Exim)" },
    { "PIPELINING", "commands may be sent in groups without waiting for replies (RFC 2920)" },
    { "REQUIRETLS", "a sender may demand TLS with a verified server on every hop (RFC 8689)" },
    { "RRVS", "delivery may depend on since when the recipient owns the mailbox (RFC 7293)" },
    { "SAML", "send to the terminal and mail: obsolete (RFC 821)" },
    { "SEND", "send to the terminal: obsolete (RFC 821)" },
    { "SIZE", "the largest message accepted, in octets; 0 means no fixed limit (RFC 1870)" },
    { "SMTPUTF8", "addresses and headers may be UTF-8 (RFC 6531)" },
    { "SOML", "send to the terminal or mail: obsolete (RFC 821)" },
    { "STARTTLS", "the session can change to TLS; not authenticated, so it can be stripped "
                  "(RFC 3207)" },
    { "SUBMITTER", "the responsible submitter may be named: historic (RFC 4405)" },
    { "TURN", "the roles may be exchanged: obsolete and unsafe (RFC 5321 F.1)" },
    { "UTF8SMTP", "the experimental forerunner of SMTPUTF8 (RFC 5336)" },
    { "VRFY", "addresses can be verified (RFC 5321 3.5)" },
    { "X-ANONYMOUSTLS", "Exchange: TLS without certificates between servers of one site" },
    { "X-EXPS", "Exchange: SASL between servers (GSSAPI, NTLM)" },
    { "X-LINK2STATE", "Exchange: link state routing between servers" },
    { "X_PIPE_CONNECT", "an earlier name of PIPECONNECT (Exim)" },
    { "XCLIENT", "a trusted proxy may give the true client's address (Postfix)" },
    { "XEXCH50", "Exchange: its private properties of a message" },
    { "XFORWARD", "a trusted filter may pass on where a message came from (Postfix)" },
    { "XOORG", "Exchange: the originating organisation of a message" },
    { "XRDST", "Exchange: routing inside an organisation" },
    { "XSHADOW", "Exchange: shadow copies until the next hop has the mail" },
    { "XVERP", "one envelope sender per recipient (Postfix)" },
    { NULL, NULL },
};

static const struct mxs_smtp_word mechanisms[] = {
    { "ANONYMOUS", "no identity (RFC 4505)" },
    { "CRAM-MD5", "challenge and response with MD5: outdated (RFC 2195)" },
    { "DIGEST-MD5", "challenge and response with MD5: historic (RFC 6331)" },
    { "EXTERNAL", "identity from the TLS client certificate (RFC 4422 appendix A)" },
    { "GS2-KRB5", "Kerberos by GS2 (RFC 5801)" },
    { "GSSAPI", "Kerberos (RFC 4752)" },
    { "KERBEROS_V4", "Kerberos 4: obsolete (RFC 2222)" },
    { "LOGIN", "user name and password in two answers, never standardised; needs TLS" },
    { "NTLM", "Microsoft's challenge and response; outdated" },
    { "OAUTHBEARER", "an OAuth 2.0 bearer token (RFC 7628)" },
    { "PLAIN", "user name and password as they are; needs TLS (RFC 4616)" },
    { "SCRAM-SHA-1", "salted challenge and response (RFC 5802)" },
    { "SCRAM-SHA-1-PLUS", "the same, bound to the TLS channel (RFC 5802)" },
    { "SCRAM-SHA-256", "salted challenge and response (RFC 7677)" },
    { "SCRAM-SHA-256-PLUS", "the same, bound to the TLS channel (RFC 7677)" },
    { "XOAUTH2", "an OAuth 2.0 token in the form of Google and Microsoft" },
    { NULL, NULL },
};

static const struct mxs_smtp_word verbs[] = {
    { "ATRN", "turn the session round after AUTH (RFC 2645)" },
    { "AUTH", "log in with a SASL mechanism (RFC 4954)" },
    { "BDAT", "a counted piece of the message (RFC 3030)" },
    { "BURL", "the message from an IMAP server (RFC 4468)" },
    { "DATA", "the message follows, up to a line with a single dot (RFC 5321 4.1.1.4)" },
    { "EHLO", "names the client and asks for the extensions (RFC 5321 4.1.1.1)" },
    { "ETRN", "start the queue for a name (RFC 1985)" },
    { "EXPN", "expand a list (RFC 5321 4.1.1.7)" },
    { "HELO", "names the client, without extensions (RFC 5321 4.1.1.1)" },
    { "HELP", "asks for help (RFC 5321 4.1.1.8)" },
    { "LHLO", "EHLO of the local delivery protocol (RFC 2033)" },
    { "MAIL", "starts a transaction and names the sender (RFC 5321 4.1.1.2)" },
    { "NOOP", "does nothing (RFC 5321 4.1.1.9)" },
    { "QUIT", "ends the session in order (RFC 5321 4.1.1.10)" },
    { "RCPT", "names one recipient (RFC 5321 4.1.1.3)" },
    { "RSET", "drops the transaction (RFC 5321 4.1.1.5)" },
    { "STARTTLS", "asks to begin TLS; nothing may follow before the reply (RFC 3207 4)" },
    { "VRFY", "verify an address (RFC 5321 4.1.1.6)" },
    { "XCLIENT", "overrides the client's address, for trusted proxies (Postfix)" },
    { "XFORWARD", "passes on where a message came from (Postfix)" },
    { NULL, NULL },
};

static const struct mxs_smtp_word parameters[] = {
    { "AUTH", "who submitted the message (RFC 4954 5)" },
    { "BODY", "7BIT, 8BITMIME or BINARYMIME (RFC 6152, 3030)" },
    { "BY", "deliver within so many seconds (RFC 2852)" },
    { "ENVID", "envelope identifier for notifications (RFC 3461 4.4)" },
    { "HOLDFOR", "hold so many seconds (RFC 4865)" },
    { "HOLDUNTIL", "hold until this time (RFC 4865)" },
    { "MT-PRIORITY", "priority (RFC 6710)" },
    { "NOTIFY", "when to send a notification: NEVER, SUCCESS, FAILURE, DELAY (RFC 3461 4.1)" },
    { "ORCPT", "the original recipient (RFC 3461 4.2)" },
    { "REQUIRETLS", "verified TLS on every hop, or bounce (RFC 8689)" },
    { "RET", "FULL or HDRS: what of the message a notification returns (RFC 3461 4.3)" },
    { "RRVS", "since when the recipient must own the mailbox (RFC 7293)" },
    { "SIZE", "the message's size in octets, as announced (RFC 1870)" },
    { "SMTPUTF8", "addresses or headers are UTF-8 (RFC 6531)" },
    { NULL, NULL },
};

static const struct mxs_smtp_word limits[] = {
    { "MAILMAX", "transactions in one session" },
    { "RCPTDOMAINMAX", "different recipient domains in one transaction" },
    { "RCPTMAX", "recipients in one transaction" },
    { NULL, NULL },
};

static bool same(const char *upper, struct mxs_bytes word)
{
    for (size_t i = 0; i < word.n; i++) {
        uint8_t c = word.p[i];
        if (upper[i] != (c >= 'a' && c <= 'z' ? c - 32 : c) || !upper[i])
            return false;
    }
    return upper[word.n] == 0;
}

static const struct mxs_smtp_word *find(const struct mxs_smtp_word *table, struct mxs_bytes word)
{
    for (; table->word; table++)
        if (same(table->word, word))
            return table;
    return NULL;
}

const struct mxs_smtp_word *mxs_smtp_keyword_word(struct mxs_bytes keyword)
{
    return find(keywords, keyword);
}

const struct mxs_smtp_word *mxs_smtp_auth_word(struct mxs_bytes mechanism)
{
    return find(mechanisms, mechanism);
}

const struct mxs_smtp_word *mxs_smtp_verb_word(struct mxs_bytes verb)
{
    return find(verbs, verb);
}

const struct mxs_smtp_word *mxs_smtp_parameter_word(struct mxs_bytes name)
{
    return find(parameters, name);
}

const struct mxs_smtp_word *mxs_smtp_limit_word(struct mxs_bytes name)
{
    return find(limits, name);
}

static const struct mxs_name codes[] = {
    { 211, "system status" },
    { 214, "help" },
    { 220, "service ready" },
    { 221, "closing the channel" },
    { 235, "authentication succeeded (RFC 4954)" },
    { 250, "completed" },
    { 251, "user not local, will forward" },
    { 252, "cannot verify the user, will try" },
    { 334, "the server's part of the authentication follows (RFC 4954)" },
    { 354, "start the message, end with a dot" },
    { 421, "service not available, closing the channel" },
    { 432, "a password transition is needed (RFC 4954)" },
    { 450, "mailbox unavailable for now" },
    { 451, "aborted: local error" },
    { 452, "not enough storage for now" },
    { 454, "TLS or authentication not available for now (RFC 3207, 4954)" },
    { 455, "parameters cannot be accommodated for now" },
    { 500, "syntax error, command unrecognised" },
    { 501, "syntax error in the arguments" },
    { 502, "command not implemented" },
    { 503, "bad sequence of commands" },
    { 504, "argument not implemented" },
    { 521, "the host accepts no mail (RFC 7504)" },
    { 523, "encryption needed (RFC 5248)" },
    { 530, "authentication or STARTTLS required first (RFC 3207, 4954)" },
    { 534, "the mechanism is too weak (RFC 4954)" },
    { 535, "authentication failed (RFC 4954)" },
    { 538, "the mechanism needs encryption (RFC 4954)" },
    { 541, "rejected by policy" },
    { 550, "mailbox unavailable or refused by policy" },
    { 551, "user not local" },
    { 552, "storage exceeded" },
    { 553, "mailbox name not allowed" },
    { 554, "transaction failed, or no SMTP service here" },
    { 555, "parameters not recognised" },
    { 556, "the domain accepts no mail (RFC 7504)" },
    { 0, NULL },
};

const char *mxs_smtp_code_text(int code)
{
    return mxs_name_of(codes, code);
}

/* RFC 3463 3: the full codes that explain TLS and policy refusals, then the subjects alone. */
static const struct mxs_smtp_word statuses[] = {
    { ".7.0", "other security or policy status" },
    { ".7.1", "delivery not authorised, message refused" },
    { ".7.4", "security features not supported" },
    { ".7.5", "cryptographic failure" },
    { ".7.8", "authentication credentials invalid (RFC 4954)" },
    { ".7.10", "encryption needed (RFC 5248)" },
    { ".7.11", "encryption required for the mechanism (RFC 4954)" },
    { ".7.30", "REQUIRETLS support required (RFC 8689)" },
    { ".0", "other or undefined" },
    { ".1", "addressing status" },
    { ".2", "mailbox status" },
    { ".3", "mail system status" },
    { ".4", "network and routing status" },
    { ".5", "protocol status" },
    { ".6", "content or media status" },
    { ".7", "security or policy status" },
    { NULL, NULL },
};

const char *mxs_smtp_enhanced_text(struct mxs_bytes enhanced)
{
    if (enhanced.n < 4)
        return NULL;
    const struct mxs_smtp_word *row = find(statuses, mxs_bytes(enhanced.p + 1, enhanced.n - 1));
    if (!row && enhanced.p[3] == '.')
        row = find(statuses, mxs_bytes(enhanced.p + 1, 2));
    return row ? row->text : NULL;
}
