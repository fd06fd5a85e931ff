/* The workbench, as cli/ sees it. Everything else of ui/ stays inside ui/. */
#ifndef MXSCOPE_UI_UI_H
#define MXSCOPE_UI_UI_H

#include "facts/catalog.h"
#include "judge/assess.h"
#include "learn/lesson.h"
#include "session/session.h"
#include "whatif/plan.h"

struct ui_options;

struct ui_lesson_options { /* mxscope learn */
    const struct mxs_lesson *lesson;
    const char *place;   /* "2 of 16"; NULL: it stands alone */
    size_t step;         /* to go on with */
    const char *answers; /* given before, a letter a step ('-': none); NULL */
    /* Makes the world of one of its walks (engine, target, assess, lab_help; or no engine, and the
     * recorded journal), once the one before is no longer used. */
    enum mxs_err (*act)(void *data, size_t act, struct ui_options *options, struct mxs_why *why);
    /* After each step; answers as above. */
    void (*progress)(void *data, size_t step, bool done, const char *answers);
    void *data;
};

struct ui_plan_options { /* --next-key and the like */
    struct mxs_plan_next next;
    bool any;                       /* something was said of what comes next */
    enum mxs_plan_scheme scheme;
    uint32_t ttl;
    int64_t window_from, window_until;
    struct mxs_bytes keys;          /* throw-away keys (whatif/keypool.h) */
};

struct ui_options {
    struct mxs_engine *engine;      /* NULL: replay only */
    const char *target;             /* live: what to walk */
    struct mxs_journal *journal;    /* replay: what was read; live: NULL, the workbench makes its own */
    const struct mxs_clock *clock;
    const struct mxs_assess_options *assess;
    bool paused;                    /* --step, --lab, learn: stop before the first stage */
    struct mxs_strs breaks;         /* --break STAGE */
    bool ascii, no_color, mouse;
    const char *theme;              /* "dark" "light" "mono"; NULL: by the terminal */
    struct mxs_strs binds;          /* config `bind` lines: "KEY ACTION [ARG]" */
    struct mxs_strs mine;           /* verifiers shown first */
    const char *script;             /* --script FILE */
    const char *record_path;        /* offered by `w` */
    struct mxs_anon *anon;          /* --anonymise: everything shown passes it; NULL */
    struct mxs_strs words;          /* the command line, for the record header */
    const struct ui_plan_options *plan; /* NULL: nothing was said */
    const char *glossary;           /* directory of share/glossary, for `E`; NULL: none */
    struct {
        const char *verifiers, *scenarios, *remedies; /* directories; NULL: none */
        const char *keys;           /* share/keys/throw-away.pem; NULL: keys are made */
    } data;                         /* of share/, read when What-if is first looked at */
    struct mxs_strs scenarios;      /* --scenario; none: all */
    bool history;                   /* --history: the rollovers of the past too */
    struct mxs_catalog_loader *catalog; /* names the CAs of chains; NULL: none is named */
    /* Live, may be NULL: each journal before its first event (a run again makes a new one), and what
     * the last one came to, after the screen is gone and the walk has ended. */
    enum mxs_err (*on_journal)(void *data, struct mxs_journal *journal, struct mxs_why *why);
    enum mxs_err (*on_end)(void *data, struct mxs_journal *journal, struct mxs_why *why);
    void *hook_data;
    const char *lab_ca;             /* a file with the lab's roots, for lessons; NULL */
    const char *lab_dns;            /* --lab, lessons: its name server, as dig is told; NULL */
    const char *lab_help;           /* --lab: how to reach it, shown in the help; NULL */
    const struct ui_lesson_options *lesson; /* NULL: none */
};

/* Runs until the operator quits; the terminal is restored on every way out. MXS_ERR_UNSUPPORTED: no
 * usable terminal (TERM=dumb): why says so. */
enum mxs_err ui_run(const struct ui_options *options, struct mxs_why *why);

#endif
