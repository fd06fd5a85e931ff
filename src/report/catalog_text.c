#include "config.h"

#include "report/catalog.h"

#include "base/clock.h"
#include "base/text.h"
#include "facts/dn.h"
#include "report/wrap.h"

#include <string.h>

enum { TEXT_AT = 12, CERTS_MAX = 32 };

struct page {
    const struct mxs_catalog_report *r;
    struct mxs_arena *arena;
    struct mxs_buf *out;
    unsigned width;
};

static struct page page_open(const struct mxs_catalog_report *r, struct mxs_buf *out)
{
    return (struct page){ r, mxs_arena_new(), out, r->width ? r->width : 80 };
}

/* "  Name      text", wrapped; nothing for NULL. */
static void row(struct page *p, const char *name, const char *text)
{
    if (!text)
        return;
    mxs_buf_printf(p->out, "  %-*s", TEXT_AT - 2, name);
    mxs_wrap(p->out, text, TEXT_AT, TEXT_AT, p->width);
}

/* One long word over several lines, so that it can be copied whole. */
static void long_row(struct page *p, const char *name, const char *word)
{
    size_t room = p->width > TEXT_AT + 20 ? p->width - TEXT_AT : 20;
    for (size_t n = strlen(word); n; name = "") {
        size_t cut = n < room ? n : room;
        mxs_buf_printf(p->out, "  %-*s%.*s\n", TEXT_AT - 2, name, (int)cut, word);
        word += cut;
        n -= cut;
    }
}

static const char *day(struct page *p, int64_t wall)
{
    return wall == MXS_CATALOG_ALWAYS || wall == MXS_CATALOG_NEVER
               ? "?" : mxs_arena_strndup(p->arena, mxs_time_text(p->arena, wall), 10);
}

static const char *joined(struct page *p, const struct mxs_strs *words, const char *none)
{
    return words->n ? mxs_text_joined(p->arena, words, ", ") : none;
}

static const char *span_text(struct page *p, const struct mxs_catalog_span *when)
{
    bool open_start = when->from == MXS_CATALOG_ALWAYS, open_end = when->until == MXS_CATALOG_NEVER;
    return open_start && open_end ? "always"
           : open_start ? mxs_arena_printf(p->arena, "until %s", day(p, when->until))
           : open_end ? mxs_arena_printf(p->arena, "since %s", day(p, when->from))
                      : mxs_arena_printf(p->arena, "%s to %s", day(p, when->from),
                                         day(p, when->until));
}

/* "(about; the note; source)" */
static const char *surety(struct page *p, const struct mxs_catalog_span *when)
{
    return mxs_arena_printf(p->arena, "(%s%s%s; %s)", when->certainty, when->note ? "; " : "",
                            when->note ? when->note : "", when->source);
}

/* --- list ------------------------------------------------------------------------------------- */

static bool shown(const struct page *p, const struct mxs_catalog_ca *ca)
{
    const char *state = mxs_catalog_state(p->r->catalog, ca, p->r->at);
    return !p->r->only_then || (strcmp(state, "expired") && strcmp(state, "not yet valid"));
}

static void ca_line(struct page *p, const struct mxs_catalog_ca *ca)
{
    const struct mxs_catalog_cert *certs[CERTS_MAX];
    size_t n = mxs_catalog_certs_of(p->r->catalog, ca, certs, CERTS_MAX);
    int64_t from = MXS_CATALOG_NEVER, until = MXS_CATALOG_ALWAYS;
    for (size_t i = 0; i < n; i++) {
        from = certs[i]->not_before < from ? certs[i]->not_before : from;
        until = certs[i]->not_after > until ? certs[i]->not_after : until;
    }
    mxs_buf_printf(p->out, "  %s", ca->name);
    size_t columns = mxs_columns(ca->name);
    if (columns > 26)
        mxs_buf_printf(p->out, "\n  %*s", 26, "");
    else
        mxs_buf_printf(p->out, "%*s", (int)(26 - columns), "");
    mxs_buf_printf(p->out, " %-12s %-10s %s to %s  %s%s\n", ca->kind, ca->key, day(p, from),
                   day(p, until), mxs_catalog_state(p->r->catalog, ca, p->r->at),
                   ca->not_in_stores ? ", in no store" : "");
}

static void family_block(struct page *p, const struct mxs_catalog_family *family)
{
    const struct mxs_catalog *c = p->r->catalog;
    size_t cas = 0, events = 0;
    for (size_t i = 0; i < c->cas.n; i++)
        cas += c->cas.v[i]->family == family && shown(p, c->cas.v[i]);
    for (size_t i = 0; i < c->events.n; i++)
        events += c->events.v[i].family == family;
    const char *line = mxs_arena_printf(
        p->arena, "%s: %s%s%s, %zu CA%s, %zu date%s", family->id, family->title,
        family->as_of ? ", as of " : "", family->as_of ? family->as_of : "", cas,
        cas == 1 ? "" : "s", events, events == 1 ? "" : "s");
    mxs_wrap(p->out, line, 0, 2, p->width);
    for (size_t i = 0; i < c->cas.n; i++)
        if (c->cas.v[i]->family == family && shown(p, c->cas.v[i]))
            ca_line(p, c->cas.v[i]);
}

void mxs_catalog_list_text(const struct mxs_catalog_report *r,
                           const struct mxs_catalog_family *family, struct mxs_buf *out)
{
    struct page p = page_open(r, out);
    for (size_t i = 0; i < r->catalog->families.n; i++)
        if (!family || family == r->catalog->families.v[i])
            family_block(&p, r->catalog->families.v[i]);
    mxs_arena_free(p.arena);
}

/* --- one CA ----------------------------------------------------------------------------------- */

static void issuing(struct page *p, const struct mxs_catalog_ca *ca)
{
    for (size_t i = 0; i < p->r->catalog->issuing.n; i++) {
        const struct mxs_catalog_issuing *row_ = &p->r->catalog->issuing.v[i];
        if (row_->ca != ca)
            continue;
        const char *what = row_->backup ? "stands by"
                                        : mxs_arena_printf(p->arena, "profile %s",
                                                           joined(p, &row_->profiles, "any"));
        row(p, row_->backup ? "Backup" : "Issued",
            mxs_arena_printf(p->arena, "%s, %s, %s leaves %s", span_text(p, &row_->when), what,
                             joined(p, &row_->leaf_keys, "all"), surety(p, &row_->when)));
    }
}

static void tlsa_row(struct page *p, const char *name, unsigned selector, unsigned type,
                     const uint8_t *digest)
{
    const char *hex = mxs_hex(p->arena, mxs_bytes(digest, type == 1 ? 32 : 64));
    mxs_buf_printf(p->out, "  %-*s2 %u %u %.64s\n", TEXT_AT - 2, name, selector, type, hex);
    if (type == 2)
        mxs_buf_printf(p->out, "%*s%s\n", TEXT_AT + 6, "", hex + 64);
}

static const char *purposes(struct page *p, const struct mxs_catalog_cert *cert)
{
    struct mxs_cert bits = { .eku = cert->eku, .key_usage = cert->key_usage,
                             .eku_oids = cert->eku_others };
    struct mxs_strs eku = mxs_cert_eku_names(p->arena, &bits);
    struct mxs_strs usage = mxs_cert_key_usage_names(p->arena, &bits);
    const char *length = !cert->is_ca              ? "no CA"
                         : cert->path_length < 0   ? "path length not limited"
                                                   : mxs_arena_printf(p->arena, "path length %d",
                                                                      cert->path_length);
    return mxs_arena_printf(p->arena, "%s%s; key usage %s; %s", cert->has_eku ? "EKU " : "",
                            cert->has_eku ? joined(p, &eku, "none")
                                          : "any use (no EKU extension)",
                            joined(p, &usage, "none"), length);
}

static void certificate(struct page *p, const struct mxs_catalog_cert *cert)
{
    const char *none = "none";
    mxs_buf_printf(p->out, "\n%s\n", cert->id);
    row(p, "State", mxs_arena_printf(p->arena, "%s%s%s", cert->state, cert->note ? ": " : "",
                                     cert->note ? cert->note : ""));
    if (cert->revoked != MXS_CATALOG_NEVER)
        row(p, "Revoked", mxs_arena_printf(p->arena, "%s%s%s", day(p, cert->revoked),
                                           cert->revoked_note ? ": " : "",
                                           cert->revoked_note ? cert->revoked_note : ""));
    row(p, "Issuer", cert->issuer ? cert->issuer->id : mxs_dn_text(p->arena, cert->issuer_raw));
    row(p, "Serial", mxs_hex(p->arena, cert->serial_raw));
    row(p, "Valid", mxs_arena_printf(p->arena, "%s to %s", mxs_time_text(p->arena, cert->not_before),
                                     mxs_time_text(p->arena, cert->not_after)));
    row(p, "Signed", cert->signature_algorithm);
    row(p, "May", purposes(p, cert));
    row(p, "SKI", cert->ski.n ? mxs_hex(p->arena, cert->ski) : none);
    row(p, "AKI", cert->aki.n ? mxs_hex(p->arena, cert->aki) : none);
    tlsa_row(p, "TLSA", 0, 1, cert->sha256);
    tlsa_row(p, "", 0, 2, cert->sha512);
    row(p, "Source", cert->source);
}

static const char *chain_place(struct page *p, const struct mxs_catalog_path *path,
                               const struct mxs_catalog_ca *ca)
{
    const char *text = NULL;
    for (size_t i = 0; i < path->positions.n; i++)
        for (size_t k = 0; k < path->positions.v[i].any.n; k++)
            if (path->positions.v[i].any.v[k]->ca == ca)
                text = mxs_arena_printf(p->arena, "%s%s%s at depth %zu", text ? text : "",
                                        text ? " or " : "", path->positions.v[i].any.v[k]->id, i + 1);
    return text;
}

static void chains(struct page *p, const struct mxs_catalog_ca *ca)
{
    for (size_t i = 0; i < p->r->catalog->chains.n; i++) {
        const struct mxs_catalog_chain *chain = &p->r->catalog->chains.v[i];
        const char *place = chain_place(p, &chain->served, ca), *how = "served by default";
        for (size_t k = 0; !place && k < chain->alternates.n; k++) {
            place = chain_place(p, &chain->alternates.v[k], ca);
            how = "alternate";
        }
        if (place)
            row(p, "Chain", mxs_arena_printf(
                p->arena, "%s (%s), %s, profile %s, %s leaves: %s %s", chain->id, how,
                span_text(p, &chain->when), joined(p, &chain->profiles, "any"),
                joined(p, &chain->leaf_keys, "all"), place, surety(p, &chain->when)));
    }
}

void mxs_catalog_ca_text(const struct mxs_catalog_report *r, const struct mxs_catalog_ca *ca,
                         const struct mxs_catalog_cert *cert, struct mxs_buf *out)
{
    struct page p = page_open(r, out);
    mxs_buf_printf(out, "%s\n", ca->id);
    row(&p, "Is", mxs_arena_printf(p.arena, "%s of %s%s%s", ca->kind, ca->family->title,
                                   ca->generation ? ", generation " : "",
                                   ca->generation ? ca->generation : ""));
    row(&p, "State", mxs_arena_printf(
        p.arena, "%s on %s%s%s", mxs_catalog_state(r->catalog, ca, r->at), day(&p, r->at),
        ca->family->as_of ? ", as known on " : "", ca->family->as_of ? ca->family->as_of : ""));
    row(&p, "Subject", ca->subject);
    row(&p, "Key", ca->key);
    row(&p, "SKI", ca->ski.n ? mxs_hex(p.arena, ca->ski) : "none");
    long_row(&p, "SPKI", mxs_base64(p.arena, ca->spki));
    tlsa_row(&p, "TLSA", 1, 1, ca->spki_sha256);
    tlsa_row(&p, "", 1, 2, ca->spki_sha512);
    if (ca->trusted_until != MXS_CATALOG_NEVER)
        row(&p, "Trusted", mxs_arena_printf(p.arena, "until %s", day(&p, ca->trusted_until)));
    if (ca->not_in_stores)
        row(&p, "Stores", "in no root store, as of the date above");
    issuing(&p, ca);
    chains(&p, ca);
    for (size_t i = 0; i < r->catalog->certs.n; i++)
        if (r->catalog->certs.v[i]->ca == ca && (!cert || cert == r->catalog->certs.v[i]))
            certificate(&p, r->catalog->certs.v[i]);
    mxs_arena_free(p.arena);
}

/* --- a family --------------------------------------------------------------------------------- */

void mxs_catalog_family_text(const struct mxs_catalog_report *r,
                             const struct mxs_catalog_family *family, struct mxs_buf *out)
{
    struct page p = page_open(r, out);
    family_block(&p, family);
    if (family->note)
        row(&p, "Note", family->note);
    for (size_t i = 0; i < r->catalog->profiles.n; i++) {
        const struct mxs_catalog_profile *profile = &r->catalog->profiles.v[i];
        if (profile->family == family)
            row(&p, "Profile", mxs_arena_printf(
                p.arena, "%s, %s: %lld h, EKU %s %s", profile->name, span_text(&p, &profile->when),
                (long long)(profile->validity / 3600), joined(&p, &profile->eku, "none"),
                surety(&p, &profile->when)));
    }
    for (size_t i = 0; i < r->catalog->events.n; i++) {
        const struct mxs_catalog_event *event = &r->catalog->events.v[i];
        if (event->family == family)
            row(&p, "Date", mxs_arena_printf(p.arena, "%s %s: %s %s", day(&p, event->when.from),
                                             event->kind, event->title,
                                             surety(&p, &event->when)));
    }
    mxs_arena_free(p.arena);
}
