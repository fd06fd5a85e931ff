#include "config.h"

#include "whatif/scenario.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#include <string.h>

enum { TEXT_MAX = 256 * 1024, COLUMNS = 90, PIECE = 64 };

/* TLSA data may be longer than a line, and may have spaces in it. */
static size_t piece(const char *word, size_t n)
{
    return n > COLUMNS && strspn(word, "0123456789abcdefABCDEF") >= PIECE ? PIECE : n;
}

/* inih takes " ;" and a '#' or ';' that begins a line for a comment, and a line of at most 198 octets:
 * values are broken at spaces, but not before these, and a semicolon loses the space before it. */
static void put_value(struct mxs_buf *out, const char *name, const char *value)
{
    size_t column = strlen(name) + 3;
    if (!value)
        return;
    mxs_buf_printf(out, "%s =", name);
    for (const char *p = value + strspn(value, " "); *p; p += strspn(p, " ")) {
        size_t n = piece(p, strcspn(p, " "));
        if (*p != ';') {
            bool wrap = column + n > COLUMNS && column > 1 && *p != '#';
            mxs_buf_puts(out, wrap ? "\n " : " ");
            column = wrap ? 1 : column + 1;
        }
        mxs_buf_add(out, p, n);
        column += n;
        p += n;
    }
    mxs_buf_putc(out, '\n');
}

static void put_changes(struct mxs_buf *out, const char *section, const struct mxs_changes *changes)
{
    if (!changes->list.n)
        return;
    mxs_buf_printf(out, "\n[%s]\n", section);
    for (size_t i = 0; i < changes->list.n; i++)
        put_value(out, "change", changes->list.v[i].text);
}

char *mxs_scenario_text(struct mxs_arena *arena, const struct mxs_scenario *s)
{
    static const char *const roles[] = { NULL, "server", "client" };
    struct mxs_buf out;
    mxs_buf_init(&out, TEXT_MAX);
    mxs_buf_puts(&out, "[scenario]\n");
    put_value(&out, "id", s->id);
    put_value(&out, "title", s->title);
    put_value(&out, "story", s->story);
    if (s->at != MXS_CATALOG_ALWAYS)
        put_value(&out, "date", mxs_time_text(arena, s->at));
    put_value(&out, "certainty", s->certainty);
    put_value(&out, "source", s->source);
    put_value(&out, "family", s->family);
    put_value(&out, "issuers", s->issuers.n ? mxs_text_joined(arena, &s->issuers, ", ") : NULL);
    put_value(&out, "role", roles[s->role]);
    put_value(&out, "history", s->history ? "yes" : NULL);
    put_changes(&out, "changes", &s->changes);
    put_changes(&out, "before", &s->before);
    char *text = mxs_arena_strdup(arena, mxs_buf_str(&out));
    mxs_buf_fini(&out);
    return text;
}
