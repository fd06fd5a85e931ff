#include "config.h"

#include "net/resolver_verdict.h"

#include <string.h>
#include <unbound.h>

#include "base/text.h"
#include "facts/dns_names.h"
#include "facts/dns_wire.h"

static const char *rcode_why(struct mxs_arena *arena, int rcode)
{
    const char *name = mxs_dns_rcode_name(rcode);
    return name ? name : mxs_arena_printf(arena, "rcode %d", rcode);
}

/* libunbound has no code for it; its words for this class all name the anchor. */
static bool anchor_failed(const struct ub_result *result)
{
    return result->bogus && result->why_bogus && strstr(result->why_bogus, "trust anchor");
}

bool mxs_resolver_verdict(struct mxs_arena *arena, int ub_error, const struct ub_result *result,
                          struct mxs_dns_answer *answer)
{
    answer->security = MXS_SECURITY_ERROR;
    if (ub_error || !result) {
        answer->why = mxs_arena_strdup(arena, ub_strerror(ub_error ? ub_error : UB_SERVFAIL));
        return false;
    }
    if (result->answer_packet && result->answer_len > 0)
        mxs_dns_parse(arena, mxs_bytes(result->answer_packet, (size_t)result->answer_len), answer);
    answer->rcode = result->rcode;
    /* Bogus first: such an answer carries rcode 0 and data like any other. Then the rcode: a SERVFAIL
     * has secure = bogus = 0 and would look insecure. */
    if (anchor_failed(result)) {
        answer->why = mxs_arena_printf(arena, MXS_DNS_UNAVAILABLE "%s",
                                       mxs_text_clip(arena, mxs_bytes_str(result->why_bogus), 400));
        return true;
    }
    if (result->bogus) {
        answer->security = MXS_SECURITY_BOGUS;
        answer->why = result->why_bogus ? mxs_text_clip(arena, mxs_bytes_str(result->why_bogus), 500)
                                        : "DNSSEC validation failed";
    } else if (result->rcode != 0 && result->rcode != 3) {
        answer->why = rcode_why(arena, result->rcode);
    } else if (!result->havedata) {
        answer->security = MXS_SECURITY_ABSENT;
        answer->denial_secure = result->secure;
    } else {
        answer->security = result->secure ? MXS_SECURITY_SECURE : MXS_SECURITY_INSECURE;
    }
    return false;
}

/* What Debian's libunbound (nettle) validates; the rest it takes as unsigned. */
static bool algorithm_known(unsigned algorithm)
{
    static const uint8_t known[] = { 5, 7, 8, 10, 13, 14, 15 };
    return memchr(known, (int)algorithm, sizeof known) != NULL;
}

static bool digest_known(unsigned digest)
{
    return digest == 1 || digest == 2 || digest == 4;
}

/* RFC 4034 3.1: type covered, algorithm, .., the signer's name after 18 octets. */
static const char *signer_of(struct mxs_arena *arena, struct mxs_bytes packet,
                             const struct mxs_dns_span *span)
{
    size_t off = span->rdata_off + 18;
    const char *name = mxs_dns_wire_name(arena, packet, &off);
    return name ? mxs_ascii_lower(arena, name) : NULL;
}

const char *mxs_resolver_signer(struct mxs_arena *arena, struct mxs_bytes packet)
{
    struct mxs_dns_walk walk;
    struct mxs_dns_span span;
    const char *signer = NULL;
    bool unknown = false;
    if (!mxs_dns_walk_init(&walk, arena, packet))
        return NULL;
    while (!unknown && walk.section <= MXS_DNS_ANSWER && mxs_dns_walk_next(&walk, &span)) {
        if (span.section != MXS_DNS_ANSWER || span.type != MXS_DNS_RRSIG || span.rdata_len < 19)
            continue;
        signer = signer_of(arena, packet, &span);
        unknown = !algorithm_known(packet.p[span.rdata_off + 2]);
    }
    return signer;
}

bool mxs_resolver_ds_unknown(const struct mxs_dns_answer *ds)
{
    bool any = false;
    for (size_t i = 0; i < ds->rrs.n; i++) {
        const struct mxs_rr *rr = &ds->rrs.v[i];
        if (rr->type != MXS_DNS_DS || rr->rdata.n < 4)
            continue;
        if (algorithm_known(rr->rdata.p[2]) && digest_known(rr->rdata.p[3]))
            return false;
        any = true;
    }
    return any;
}
