/* Events by hand, for tests of what stands on a journal. */
#ifndef MXSCOPE_TESTS_UNIT_JOURNAL_TEST_H
#define MXSCOPE_TESTS_UNIT_JOURNAL_TEST_H

#include <string.h>

#include "journal/journal.h"

#define ATTRS(...)                            \
    (const struct mxs_attr[]){ __VA_ARGS__ }, \
        MXS_COUNT(((const struct mxs_attr[]){ __VA_ARGS__ }))
#define BYTES(literal) mxs_bytes(literal, sizeof(literal) - 1)
#define NO_BYTES mxs_bytes(NULL, 0)

static inline void emit(struct mxs_journal *j, uint32_t session, enum mxs_stage stage,
                        enum mxs_event_kind kind, enum mxs_dir dir, struct mxs_bytes data,
                        const struct mxs_attr *attrs, size_t n_attrs)
{
    mxs_journal_append(j, &(struct mxs_event){ .t = (int64_t)(mxs_journal_count(j) + 1) * 1000,
                                               .session = session,
                                               .stage = stage,
                                               .kind = kind,
                                               .dir = dir,
                                               .summary = mxs_event_kind_name(kind),
                                               .data = data,
                                               .attrs = attrs,
                                               .n_attrs = n_attrs });
}

/* A DNS answer with one question and RRs of one type that share its name. */
struct dns_packet {
    uint8_t p[4096];
    size_t n;
};

static inline void dns_u16(struct dns_packet *d, unsigned v)
{
    d->p[d->n++] = (uint8_t)(v >> 8);
    d->p[d->n++] = (uint8_t)v;
}

static inline void dns_begin(struct dns_packet *d, const char *qname, unsigned type)
{
    static const uint8_t header[] = { 0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0 };
    memcpy(d->p, header, sizeof header);
    d->n = sizeof header;
    while (*qname) {
        size_t n = strcspn(qname, ".");
        d->p[d->n++] = (uint8_t)n;
        memcpy(d->p + d->n, qname, n);
        d->n += n;
        qname += n + (qname[n] == '.');
    }
    d->p[d->n++] = 0;
    dns_u16(d, type);
    dns_u16(d, 1);
}

static inline void dns_rr(struct dns_packet *d, unsigned type, const void *rdata, size_t n)
{
    d->p[7]++; /* ANCOUNT */
    dns_u16(d, 0xc00c);
    dns_u16(d, type);
    dns_u16(d, 1);
    dns_u16(d, 0);
    dns_u16(d, 300); /* TTL */
    dns_u16(d, (unsigned)n);
    memcpy(d->p + d->n, rdata, n);
    d->n += n;
}

static inline void dns_txt(struct dns_packet *d, const char *text)
{
    uint8_t rdata[256];
    size_t n = strlen(text);
    rdata[0] = (uint8_t)n;
    memcpy(rdata + 1, text, n);
    dns_rr(d, 16, rdata, n + 1);
}

static inline struct mxs_bytes dns_bytes(const struct dns_packet *d)
{
    return mxs_bytes(d->p, d->n);
}

#endif
