/* A scripted server on loopback, in the loop of the test: one coroutine a connection runs a list of
 * steps, with real TLS by GnuTLS.
 *
 *   "> TEXT"      sends TEXT as it stands (line ends included)
 *   "hex 00ff"    sends octets
 *   "< WORD"      reads a line that begins with WORD; anything else is trouble, and the end
 *   "read"        reads whatever comes first
 *   "drain"       reads lines until the client closes
 *   "tls"         handshake, as peer_tls says; on failure an alert, then the end
 *   "starttls"    "< STARTTLS", "> 220 go", "tls"
 *   "smtp"        answers EHLO, MAIL, RCPT, AUTH, QUIT like a friendly server until QUIT
 *   "alert N"     a fatal TLS alert
 *   "notify"      close_notify, then the end
 *   "close"       FIN, nothing before it
 *   "rst"         a reset
 *   "wait"        silence until the client goes
 *   "flood TEXT"  sends TEXT for ever
 *   "trickle"     from here on each octet is sent by itself
 *   "keyupdate"   TLS 1.3; "hellorequest" TLS 1.2
 * After the last step: FIN. */
#ifndef MXSCOPE_TESTS_LIB_PEER_H
#define MXSCOPE_TESTS_LIB_PEER_H

#include "lib/pki.h"
#include "net/stream.h"

enum peer_ask { PEER_ASK_NOT, PEER_ASK, PEER_DEMAND };
enum peer_stop { PEER_STOP_NOT, PEER_STOP_CLOSE, PEER_STOP_RST };

struct peer_tls {
    const char *priority;   /* NULL: NORMAL */
    const struct pki_cert *chains[2]; /* each leaf first, ended by crt NULL; NULL: none */
    enum peer_ask ask;
    int refuse;             /* alert for whatever client certificate comes, 0: accept */
    bool refuse_silently;   /* close instead of the alert */
    const struct pki_cert *ca; /* its name goes into CertificateRequest; NULL: none */
    const char *alpn;
    bool no_tickets;
    /* The connection ends at this message: */
    enum peer_stop stop;
    unsigned stop_type;     /* handshake type */
    bool stop_incoming;
};

struct peer;
/* All is borrowed. script ends with NULL. */
struct peer *peer_new(struct mxs_loop *loop, const char *const *script, const struct peer_tls *tls);
void peer_free(struct peer *peer);
unsigned peer_port(const struct peer *peer);       /* on 127.0.0.1 */
unsigned peer_connections(const struct peer *peer);
unsigned peer_most(const struct peer *peer);       /* connections at one time */
/* What did not go by the script, or NULL. */
const char *peer_trouble(const struct peer *peer);
/* The lines read so far, one per line. */
const char *peer_heard(struct peer *peer);

#endif
