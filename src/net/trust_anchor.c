#include "config.h"

#include "net/trust_anchor.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { ANCHOR_MAX = 1024 * 1024 };

/* dns-root-data, then what unbound-anchor and bind9 keep. */
static const char *const system_files[] = {
    "/usr/share/dns/root.key",
    "/var/lib/unbound/root.key",
    "/etc/unbound/root.key",
    "/etc/trusted-key.key",
};

static bool is_anchor(const ldns_rr *rr)
{
    ldns_rr_type type = ldns_rr_get_type(rr);
    return type == LDNS_RR_TYPE_DS || type == LDNS_RR_TYPE_DNSKEY;
}

static enum mxs_err read_rrs(FILE *file, const char *path, struct mxs_why *why)
{
    int line = 1, anchors = 0;
    uint32_t ttl = 3600;
    ldns_rdf *origin = NULL, *prev = NULL;
    ldns_status status = LDNS_STATUS_OK;
    while (!feof(file)) {
        ldns_rr *rr = NULL;
        status = ldns_rr_new_frm_fp_l(&rr, file, &ttl, &origin, &prev, &line);
        if (status == LDNS_STATUS_OK) {
            anchors += is_anchor(rr);
            ldns_rr_free(rr);
        } else if (status != LDNS_STATUS_SYNTAX_EMPTY && status != LDNS_STATUS_SYNTAX_TTL &&
                   status != LDNS_STATUS_SYNTAX_ORIGIN && status != LDNS_STATUS_SYNTAX_INCLUDE) {
            mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%d: not a trust anchor (%s)", path, line - 1,
                        ldns_get_errorstr_by_id(status));
            break;
        } else {
            status = LDNS_STATUS_OK;
        }
    }
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(prev);
    if (status != LDNS_STATUS_OK)
        return MXS_ERR_SYNTAX;
    return anchors ? MXS_OK
                   : mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no DS or DNSKEY record in it", path);
}

static enum mxs_err check(const char *path, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(arena, path, ANCHOR_MAX, &text, why);
    if (err == MXS_OK) {
        /* With a newline at the end ldns counts lines right, and fmemopen has a byte at least. */
        bool ends = text.n && text.p[text.n - 1] == '\n';
        char *lines = mxs_arena_printf(arena, "%.*s%s", (int)text.n, (const char *)text.p,
                                       ends ? "" : "\n");
        FILE *file = fmemopen(lines, strlen(lines), "r");
        err = file ? read_rrs(file, path, why)
                   : mxs_why_set(why, MXS_ERR_IO, "%s: cannot be read", path);
        if (file)
            fclose(file);
    }
    mxs_arena_free(arena);
    return err;
}

enum mxs_err mxs_trust_anchor_find(const char *path, const char **found, struct mxs_why *why)
{
    *found = path;
    for (size_t i = 0; !*found && i < MXS_COUNT(system_files); i++)
        if (access(system_files[i], R_OK) == 0)
            *found = system_files[i];
    if (!*found)
        return mxs_why_set(why, MXS_ERR_IO,
                           "%s: no DNSSEC trust anchor (install dns-root-data, or name a file with "
                           "--trust-anchor)", system_files[0]);
    return check(*found, why);
}
