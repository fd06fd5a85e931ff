/* A signed name server for the tests of resolver and DNS stages: the lab's, with zones of the test's
 * own. It runs in the test's loop; the anchor is a file in the working directory. */
#ifndef MXSCOPE_TESTS_UNIT_ZONE_LAB_H
#define MXSCOPE_TESTS_UNIT_ZONE_LAB_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "lab/lab_dns.h"
#include "net/loop.h"

struct zone_lab_zone {
    const char *name; /* "example.test.", parents first */
    bool unsigned_;
    const char *const *lines; /* "owner type rdata", NULL at the end */
};

struct zone_lab {
    struct mxs_arena *arena;
    struct mxs_lab_plan plan;
    struct mxs_lab_pki *pki;
    struct mxs_lab_zones *zones;
    struct mxs_lab_dns *dns;
    char resolver[32], anchor[64];
};

static inline const char *zone_lab_address(const void *data, const char *name)
{
    (void)data;
    (void)name;
    return "127.0.0.1";
}

/* tag names the anchor file. Returns false with a message when the lab does not start. */
static inline bool zone_lab_start(struct zone_lab *lab, struct mxs_loop *loop, const char *tag,
                                  const struct zone_lab_zone *zones, size_t n_zones,
                                  const struct mxs_lab_dns_rule *rules, size_t n_rules)
{
    struct mxs_why why = { MXS_OK, "" };
    unsigned port = 0;
    *lab = (struct zone_lab){ .arena = mxs_arena_new() };
    lab->plan.arena = lab->arena;
    for (size_t i = 0; i < n_zones; i++) {
        struct mxs_lab_zone_plan *zone = mxs_list_add(lab->arena, &lab->plan.zones);
        zone->name = zones[i].name;
        zone->unsigned_ = zones[i].unsigned_;
        for (const char *const *line = zones[i].lines; *line; line++)
            *mxs_list_add(lab->arena, &zone->lines) = *line;
    }
    for (size_t i = 0; i < n_rules; i++)
        *mxs_list_add(lab->arena, &lab->plan.dns) = rules[i];
    if (mxs_lab_pki_new(&lab->plan, mxs_clock_real(), &lab->pki, &why) != MXS_OK ||
        mxs_lab_zones_new(&lab->plan, lab->pki, mxs_clock_real(), zone_lab_address, NULL,
                          &lab->zones, &why) != MXS_OK ||
        mxs_lab_dns_new(loop, "127.0.0.1", &port, &lab->dns, &why) != MXS_OK) {
        fprintf(stderr, "zone_lab: %s\n", why.text);
        return false;
    }
    mxs_lab_dns_serve(lab->dns, lab->zones);
    snprintf(lab->resolver, sizeof lab->resolver, "127.0.0.1:%u", port);
    snprintf(lab->anchor, sizeof lab->anchor, "%s.anchor", tag);
    return mxs_file_write(lab->anchor,
                          mxs_bytes_str(mxs_lab_zones_anchor(lab->zones, lab->arena, false)), 0600,
                          &why) == MXS_OK;
}

static inline void zone_lab_stop(struct zone_lab *lab)
{
    unlink(lab->anchor);
    mxs_lab_dns_free(lab->dns);
    mxs_lab_zones_free(lab->zones);
    mxs_lab_pki_free(lab->pki);
    mxs_arena_free(lab->arena);
}

#endif
