/* The journal: everything that happens is one event, appended once, never changed. Live and replayed
 * sessions fill it alike; the workbench, JSON, HTML, pcap and replay only read it.
 *
 * An event has bytes (data) and attributes. Bytes are what was on the wire; attributes are what no
 * decoder can get from the bytes (a DNSSEC verdict, an address, a reason). Field trees are not
 * stored: mxs_event_fields derives them from kind, attributes and bytes when a view asks.
 *
 * KINDS and their attributes (all values are strings; numbers in decimal; * = may be missing).
 * Events with session 0 belong to the domain or to the host named by `host`.
 *
 *  walk       start of a walk: target; name, port, kind=domain|host|address
 *  walk-end   end of it: *error, *cancelled=1
 *  probe      start of session N: host, address, port, offer, implicit=0|1, client-cert=0|1, *sni,
 *             *preference
 *  probe-end  end of session N: end=<mxs_end_name>, *error, *reply
 *  stage      a stage starts (status=start) or ends (status=ok|warning|failed|skipped): stage is in
 *             the event, *us, *host (scope H); the summary is the stage's
 *  dns        one answer; data = packet (may be empty): qname, qtype, purpose=mx|address|cname|tlsa|
 *             sts|tlsrpt|caa|ds|dnskey|policy-address|tlsa-idle (asked for in an unsigned zone),
 *             security, *denial=secure|insecure, rcode, *why,
 *             *canonname, *host (purposes address, cname, tlsa), *base (tlsa: the base domain asked
 *             for), us. purpose=resolver is what the operator's own resolver says of the same
 *             question: resolver, ours=<our verdict>, *rcode, *ad=0|1, *ede, *why, no security
 *  mx         the MX hosts in order: one event per host: host, preference, *implicit=1
 *  null-mx    RFC 7505
 *  host       the host's derived facts before any session: host, preference, address-security,
 *             *address-why, *canonname, *cname-security, *tlsa-base, *tlsa-security, *tlsa-why,
 *             *literal=1
 *  address    one address of a host: host, address, security
 *  policy     the MTA-STS fetch; data = body: url, *status, *media-type, *location, *error, *error-id,
 *             *address; the certificates follow as `policy-certificate` events
 *  policy-certificate  data = DER, leaf first: depth
 *  connect    TCP: local, remote, *error
 *  smtp       data = raw octets of one command or one whole reply; direction; *tls=1 when inside TLS,
 *             *code (replies), *ehlo=1 (the reply to EHLO), *redacted=1 (AUTH words)
 *  glued      bytes behind the 220 of STARTTLS; data = they
 *  record     a TLS record; data = header and fragment as on the wire; direction
 *  handshake  data = message body; direction; type, *version (negotiated, decimal), epoch
 *  ccs        ChangeCipherSpec; direction
 *  alert      data = level, code; direction; level, code, after-finished=0|1
 *  client-cert  the choice of our certificate: sent=nothing|empty|certificate, *why; in 1.2 and 1.3
 *  client-verdict  verdict=open|accepted|refused, why, *alert, *reply
 *  close      the peer or we closed: by=peer|us, how=fin|rst|close-notify
 *  keylog     data = one NSS key log line (only with --keylog or --pcap)
 *  edit       the operator changed what is sent next: what, from, to
 *  wait       we wait for the peer: for=..., limit=<seconds of RFC 5321 4.5.3.2>
 *  note       something worth saying that is none of the above: id, *anything
 *  error      the reason a stage failed: id, *anything
 */
#ifndef MXSCOPE_SRC_JOURNAL_JOURNAL_H
#define MXSCOPE_SRC_JOURNAL_JOURNAL_H

#include "base/clock.h"
#include "facts/evidence.h"

/* X(enum suffix, name) */
#define MXS_EVENT_KINDS(X)                                                                      \
    X(WALK, "walk")                                                                             \
    X(WALK_END, "walk-end")                                                                     \
    X(PROBE, "probe")                                                                           \
    X(PROBE_END, "probe-end")                                                                   \
    X(STAGE, "stage")                                                                           \
    X(DNS, "dns")                                                                               \
    X(MX, "mx")                                                                                 \
    X(NULL_MX, "null-mx")                                                                       \
    X(HOST, "host")                                                                             \
    X(ADDRESS, "address")                                                                       \
    X(POLICY, "policy")                                                                         \
    X(POLICY_CERTIFICATE, "policy-certificate")                                                 \
    X(CONNECT, "connect")                                                                       \
    X(SMTP, "smtp")                                                                             \
    X(GLUED, "glued")                                                                           \
    X(RECORD, "record")                                                                         \
    X(HANDSHAKE, "handshake")                                                                   \
    X(CCS, "ccs")                                                                               \
    X(ALERT, "alert")                                                                           \
    X(CLIENT_CERT, "client-cert")                                                               \
    X(CLIENT_VERDICT, "client-verdict")                                                         \
    X(CLOSE, "close")                                                                           \
    X(KEYLOG, "keylog")                                                                         \
    X(EDIT, "edit")                                                                             \
    X(WAIT, "wait")                                                                             \
    X(NOTE, "note")                                                                             \
    X(ERROR, "error")

enum mxs_event_kind {
#define X(id, name) MXS_EVENT_##id,
    MXS_EVENT_KINDS(X)
#undef X
    MXS_EVENT_KIND_COUNT
};
const char *mxs_event_kind_name(enum mxs_event_kind kind);
int mxs_event_kind_parse(const char *name); /* -1 when unknown */

struct mxs_attr {
    const char *name, *value;
};

struct mxs_event {
    uint64_t seq;     /* 1.. in the journal */
    int64_t t;        /* microseconds since the journal began, 1.. */
    uint32_t session; /* 0 = none */
    enum mxs_stage stage;
    enum mxs_event_kind kind;
    enum mxs_dir dir;
    const char *summary; /* one sanitised line for the ladder and the log */
    struct mxs_bytes data;
    const struct mxs_attr *attrs;
    size_t n_attrs;
};

/* NULL when the event has no such attribute. */
const char *mxs_event_attr(const struct mxs_event *event, const char *name);
/* Decimal attribute, `missing` when absent or no number. */
long mxs_event_attr_int(const struct mxs_event *event, const char *name, long missing);
/* The field tree of an event, in arena; never NULL (an event without bytes gives its attributes). */
struct mxs_field *mxs_event_fields(struct mxs_arena *arena, const struct mxs_event *event);

struct mxs_journal;
typedef void (*mxs_journal_fn)(void *data, const struct mxs_event *event);

/* clock is borrowed and must outlive the journal. */
struct mxs_journal *mxs_journal_new(const struct mxs_clock *clock);
void mxs_journal_free(struct mxs_journal *journal);
struct mxs_arena *mxs_journal_arena(struct mxs_journal *journal);
int64_t mxs_journal_started(const struct mxs_journal *journal); /* wall clock of its start */

void mxs_journal_set_started(struct mxs_journal *journal, int64_t wall); /* replay: as recorded */

/* Subscribers are called in order of subscription with each new event. */
void mxs_journal_subscribe(struct mxs_journal *journal, mxs_journal_fn fn, void *data);
/* Not from inside a subscriber. */
void mxs_journal_unsubscribe(struct mxs_journal *journal, mxs_journal_fn fn, void *data);

/* Appends: everything in draft is copied; seq and (when draft->t is 0) t are set;
 * attributes without a value are left out. The result lives
 * as long as the journal. */
const struct mxs_event *mxs_journal_append(struct mxs_journal *journal,
                                           const struct mxs_event *draft);

size_t mxs_journal_count(const struct mxs_journal *journal);
const struct mxs_event *mxs_journal_at(const struct mxs_journal *journal, size_t index); /* 0.. */
const struct mxs_event *mxs_journal_seq(const struct mxs_journal *journal, uint64_t seq); /* NULL */

#endif
