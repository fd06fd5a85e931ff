/* The inside of a walk: what the stages (stage_*.c), the table (stages.c), the debugger and the engine
 * share. Nobody outside src/session/ includes this.
 *
 * A walk is one coroutine: the domain's stages (mx, mta-sts), the stages of each host (address, tlsa),
 * then a session per host x address x offer. A stage is a linear function on that coroutine. What it
 * learns goes into the journal as events (the KINDS of journal.h) and comes back as evidence: the
 * walk's own fold follows the journal, so `walk->evidence` knows an event as soon as mxs_walk_emit has
 * returned. A stage asks the evidence, and judge/ about the evidence, what comes next. */
#ifndef MXSCOPE_SRC_SESSION_WALK_H
#define MXSCOPE_SRC_SESSION_WALK_H

#include "journal/fold.h"
#include "net/coro.h"
#include "net/resolver.h"
#include "net/stream.h"
#include "session/session.h"

struct mxs_ahead; /* domain_dns.c */
struct mxs_share; /* share.c */
struct mxs_tls_context; /* net/tls_stream.h */
struct mxs_smtp; /* stage_smtp.c */
struct mxs_tls;  /* stage_tls.c */

/* What a stage works on. host is NULL in the domain's stages; session is 0 before the sessions. */
struct mxs_probe {
    const char *host; /* MX name in A-labels, or the address of a literal target */
    unsigned preference;
    bool literal;     /* the target is an address: no DNS, no DANE */
    /* sessions only: */
    uint32_t session;
    const char *address; /* as resolved; --connect-to may lead elsewhere */
    unsigned port;
    enum mxs_offer offer;
    bool client_cert; /* we have one and show it when asked */
    enum mxs_tls_mode mode; /* STARTTLS, IMPLICIT or NONE */
    const char *sni;  /* NULL: none is sent */
    struct mxs_stream *stream;
    struct mxs_smtp *smtp;
    struct mxs_tls *tls;
    enum mxs_end end; /* why the session ended; OPEN: the err of the stage decides */
    int reply;        /* the code that ended it, 0 */
    int alert;        /* the peer's fatal alert, -1 */
    bool connected;   /* TCP came about */
    bool served;      /* TLS came about */
    bool over;        /* it ends in order before its last stage */
    /* The offers of one kind of certificate (rsa, ecdsa) at one address: */
    bool kinds;        /* both are probed */
    bool kind_served;  /* an earlier one was served */
    enum mxs_offer served_offer; /* the last such */
    enum mxs_offer refused; /* the kind that an earlier one was refused for; ANY: none */
    bool lacks_kind;   /* this one: no such certificate here, as it seems */
};

typedef enum mxs_err (*mxs_stage_fn)(struct mxs_walk *walk, struct mxs_probe *probe,
                                     struct mxs_why *why);

/* One row per stage, in the order of facts/stage.h. */
struct mxs_stage_row {
    enum mxs_stage stage;
    mxs_stage_fn run;  /* NULL: an earlier row's function goes through this stage too */
    bool fatal;        /* a failure ends the walk (scope D), the host (H), the session (S) */
    bool edits;        /* its first stop is the one where the operator may edit what is sent */
    bool opens_itself; /* it starts and ends its stages: run is called between no events */
};
const struct mxs_stage_row *mxs_stage_row(enum mxs_stage stage);

/* What the operator asked of the debugger (debugger.c). */
struct mxs_debugger {
    bool breaks[MXS_STAGE_COUNT];
    bool to_stage;     /* stop when a stage begins */
    bool stop;         /* stop at the next place where that is possible */
    bool for_stage;    /* .. because this stage began; not beyond it */
    bool paused;       /* the coroutine waits for the operator */
    const char *editable; /* NULL: nothing can be edited now */
    enum mxs_err (*check)(struct mxs_walk *walk, const char *text, struct mxs_why *why);
    char *edited;      /* owned; NULL: as offered */
};

struct mxs_walk {
    struct mxs_engine *engine;
    struct mxs_walk *next; /* in the engine's list */
    struct mxs_loop *loop;
    struct mxs_coro *coro;
    struct mxs_resolver *resolver;
    struct mxs_tls_context *tls;
    struct mxs_share *share; /* NULL: each walk for itself */
    const struct mxs_session_options *options;
    struct mxs_journal *journal;
    struct mxs_evidence *evidence; /* this walk's own fold of the journal */
    struct mxs_arena *arena;       /* as long as the walk; for what a stage keeps */
    struct mxs_target target;
    bool started, done;
    uint32_t sessions; /* the last session number given */
    bool dns_heard;          /* the resolver has answered something */
    const char *dns_silent;  /* why of answers that failed since it answers nothing; NULL */
    struct mxs_ahead *ahead; /* the domain's questions that fly while the MX lookup runs; NULL */
    struct mxs_debugger debugger;
    /* the current stage: */
    struct mxs_probe *probe; /* NULL before the first stage */
    enum mxs_stage stage;
    int64_t stage_began, stage_held; /* held: mxs_coro_held at its begin */
    enum mxs_stage_status status;
    const char *summary;  /* of the stage; NULL: none said */
    const char *error_id; /* string constant for the error event; NULL: by the err */
    /* what is being waited for: */
    const char *waiting_for; /* NULL: nothing */
    int64_t waiting_since;
    int waiting_limit; /* seconds, 0 = none */
};

/* --- events --- */

#define MXS_ATTRS(...)                               \
    (const struct mxs_attr[]){ __VA_ARGS__ },        \
        MXS_COUNT(((const struct mxs_attr[]){ __VA_ARGS__ }))
#define MXS_NO_DATA ((struct mxs_bytes){ NULL, 0 })

/* Appends an event of the current stage and stops where the debugger says so (it may yield). probe may
 * be NULL. Attributes with a NULL value are left out. The summary must be clean text: peer bytes pass
 * mxs_text_clip first. Everything is copied.
 *
 *   mxs_walk_emit(walk, probe, MXS_EVENT_MX, MXS_DIR_NONE, MXS_NO_DATA,
 *                 MXS_ATTRS({ "host", host }, { "preference", mxs_walk_uint(walk, n) }),
 *                 "MX %u %s", n, host); */
const struct mxs_event *mxs_walk_emit(struct mxs_walk *walk, const struct mxs_probe *probe,
                                      enum mxs_event_kind kind, enum mxs_dir dir,
                                      struct mxs_bytes data, const struct mxs_attr *attrs,
                                      size_t n_attrs, const char *fmt, ...) MXS_PRINTF(8, 9);
/* Decimal text for an attribute, in the walk's arena. */
const char *mxs_walk_uint(struct mxs_walk *walk, unsigned long value);
void mxs_walk_note(struct mxs_walk *walk, const struct mxs_probe *probe, const char *id,
                   const char *fmt, ...) MXS_PRINTF(4, 5);

/* --- how a stage ends --- */

/* The runner opens and closes each stage (events, duration). A function that returns MXS_OK and said
 * nothing ends `ok`; one that returns an error ends `failed` with why->text. These say more: */
void mxs_stage_say(struct mxs_walk *walk, enum mxs_stage_status status, const char *fmt, ...)
    MXS_PRINTF(3, 4);
/* SKIPPED with its reason; returns MXS_OK. */
enum mxs_err mxs_stage_skip(struct mxs_walk *walk, const char *reason);
/* Fills why and names the error event that the runner appends (id: a string constant such as
 * "mx-bogus"); returns err. Without it the id is made from err. */
enum mxs_err mxs_stage_fail(struct mxs_walk *walk, struct mxs_why *why, enum mxs_err err,
                            const char *id, const char *fmt, ...) MXS_PRINTF(5, 6);
/* For functions that go through several stages (opens_itself). begin may yield. */
void mxs_stage_begin(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_stage stage);
void mxs_stage_end(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_err err,
                   const struct mxs_why *why);
/* A stage that is not gone into: one event, status=skipped. */
void mxs_stage_skipped(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_stage stage,
                       const char *reason);

/* --- waiting --- */

/* The deadline (loop time) of a wait whose RFC limit is `limit` seconds: --timeout when given, else
 * the limit, at most 60 s. 0 = no limit of an RFC: 60 s. */
int64_t mxs_walk_deadline(const struct mxs_walk *walk, int limit);
/* What the status line shows while the coroutine waits: "DNS answer", "250". for_what is borrowed until
 * mxs_walk_waited. */
void mxs_walk_waiting(struct mxs_walk *walk, const char *for_what, int limit);
void mxs_walk_waited(struct mxs_walk *walk);

/* --- the debugger (debugger.c) --- */

/* Yields while the operator holds the walk. */
void mxs_walk_gate(struct mxs_walk *walk);
/* A stage begins: breakpoints and step-stage. */
void mxs_walk_gate_stage(struct mxs_walk *walk, enum mxs_stage stage);
/* It ends: a stop for it that found no place (it was skipped) lapses. */
void mxs_walk_gate_stage_end(struct mxs_walk *walk);
/* A stop before `text` leaves, where it may be edited; what to send, in the walk's arena (or text
 * itself). what names it for the `edit` event, which keeps the words to itself when they are secret.
 * check may be NULL. */
const char *mxs_walk_offer(struct mxs_walk *walk, struct mxs_probe *probe, const char *what,
                           const char *text, bool secret,
                           enum mxs_err (*check)(struct mxs_walk *walk, const char *text,
                                                 struct mxs_why *why));
void mxs_debugger_fini(struct mxs_debugger *debugger);

/* --- the order of stages (run.c) --- */

/* The coroutine of a walk. */
void mxs_walk_run(struct mxs_coro *self, void *walk);

/* --- the engine's share (engine.c) --- */

/* A place among the sessions to address:port (--per-host; a 421 keeps the others waiting a while).
 * Waits for it: CANCELLED is the only error. Every OK needs its leave. */
enum mxs_err mxs_engine_enter(struct mxs_walk *walk, const char *address, unsigned port);
void mxs_engine_leave(struct mxs_walk *walk, const char *address, unsigned port, bool busy_421);

/* --- sessions that walks share (share.c) --- */

struct mxs_share *mxs_share_new(void);
void mxs_share_free(struct mxs_share *share); /* NULL is fine */
/* True: another walk had this session; its events are appended, and probe has its outcome. */
bool mxs_share_replay(struct mxs_walk *walk, struct mxs_probe *probe);
/* Keeps what the journal has of probe's session from index first on. */
void mxs_share_keep(struct mxs_walk *walk, const struct mxs_probe *probe, size_t first);

/* --- helpers --- */

/* --connect-to: where (host, port) is really reached. False: nothing matches, as is. */
bool mxs_walk_connect_to(const struct mxs_walk *walk, const char *host, unsigned port,
                         const char **address, unsigned *to_port);

/* The server has refused our certificate, as far as is known. */
bool mxs_walk_client_refused(const struct mxs_walk *walk, const struct mxs_probe *probe);

/* --- the stages --- */

enum mxs_err mxs_stage_mx(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
/* Not called for a literal target: run.c emits its `host` and `address` events. */
enum mxs_err mxs_stage_address(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_tlsa(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
/* Called for every kind of target; on a host it says why it has nothing to do, or does it. */
enum mxs_err mxs_stage_mta_sts(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
/* Per session, from the evidence alone: which rule decides (RFC 7672 2.2, RFC 8461 2). */
enum mxs_err mxs_stage_policy(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_connect(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_banner(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_ehlo(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_starttls(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_handshake(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_ehlo_tls(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_client_verdict(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_auth(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_mail(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_rcpt(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);
enum mxs_err mxs_stage_quit(struct mxs_walk *, struct mxs_probe *, struct mxs_why *);

#endif
