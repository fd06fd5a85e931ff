/* mxscope catalog: list and show the known CAs, and add a private one. */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/cert.h"
#include "report/catalog.h"

enum { OUTPUT_MAX = 16 * 1024 * 1024, PEM_MAX = 4 * 1024 * 1024, FAMILY_MAX = 40, NEAR = 3 };

/* Relative names are ignored, says the XDG specification. */
static const char *own_folder(struct mxs_arena *arena)
{
    const char *base = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (base && *base == '/')
        return mxs_arena_printf(arena, "%s/mxscope/catalog", base);
    return home && *home ? mxs_arena_printf(arena, "%s/.local/share/mxscope/catalog", home) : NULL;
}

struct mxs_catalog_loader cli_catalog_loader(struct mxs_arena *arena)
{
    return (struct mxs_catalog_loader){ .folder = cli_data(arena, "catalog"),
                                        .own = own_folder(arena) };
}

static struct mxs_catalog_report report_of(struct cli *cli, const struct mxs_catalog *catalog)
{
    return (struct mxs_catalog_report){
        .catalog = catalog,
        .at = cli->at_given ? cli->at : mxs_clock_real()->wall(mxs_clock_real()),
        .only_then = cli->at_given,
    };
}

static int printed(struct mxs_buf *out)
{
    int status = cli_out(out, 0);
    mxs_buf_fini(out);
    return status;
}

/* --- what is meant ---------------------------------------------------------------------------- */

struct near {
    const char *name;
    size_t distance;
};

static void consider(struct near *best, const char *word, const char *id)
{
    const char *slash = strchr(id, '/');
    size_t whole = mxs_text_distance(word, id);
    size_t bare = slash ? mxs_text_distance(word, slash + 1) : whole;
    size_t d = bare < whole ? bare : whole;
    for (size_t i = 0; i < NEAR; i++) {
        if (best[i].name && best[i].distance <= d)
            continue;
        for (size_t k = NEAR - 1; k > i; k--)
            best[k] = best[k - 1];
        best[i] = (struct near){ id, d };
        return;
    }
}

static int unknown(struct cli *cli, const struct mxs_catalog *c, const char *word)
{
    struct near best[NEAR] = { { NULL, 0 } };
    const char *list = "";
    for (size_t i = 0; i < c->cas.n; i++)
        consider(best, word, c->cas.v[i]->id);
    for (size_t i = 0; i < c->families.n; i++)
        consider(best, word, c->families.v[i]->id);
    for (size_t i = 0; i < NEAR && best[i].name; i++)
        list = mxs_arena_printf(cli->arena, "%s%s%s", list, i ? ", " : "", best[i].name);
    return cli_fail(mxs_arena_printf(cli->arena, "no CA, certificate or family \"%s\"; near: %s",
                                     word, list));
}

static bool has_sha(const struct mxs_catalog_cert *cert, const char *hex, struct mxs_arena *arena)
{
    return mxs_ascii_equal(mxs_hex(arena, mxs_bytes(cert->sha256, 32)), hex) ||
           mxs_ascii_equal(mxs_hex(arena, mxs_bytes(cert->sha512, 64)), hex);
}

/* A digest as it stands in a TLSA record: of a certificate, or of a key. */
static bool by_digest(struct cli *cli, const struct mxs_catalog *c, const char *hex,
                      const struct mxs_catalog_ca **ca, const struct mxs_catalog_cert **cert)
{
    if (strlen(hex) < 64 || strspn(hex, "0123456789abcdefABCDEF") != strlen(hex))
        return false;
    for (size_t i = 0; i < c->certs.n; i++)
        if (has_sha(c->certs.v[i], hex, cli->arena)) {
            *cert = c->certs.v[i];
            *ca = (*cert)->ca;
            return true;
        }
    for (size_t i = 0; i < c->cas.n && !*ca; i++)
        if (mxs_ascii_equal(mxs_hex(cli->arena, mxs_bytes(c->cas.v[i]->spki_sha256, 32)), hex) ||
            mxs_ascii_equal(mxs_hex(cli->arena, mxs_bytes(c->cas.v[i]->spki_sha512, 64)), hex))
            *ca = c->cas.v[i];
    return *ca != NULL;
}

/* --- list, show ------------------------------------------------------------------------------- */

static const char *word_at(const struct cli *cli, size_t i)
{
    return i < cli->words.n ? cli->words.v[i] : NULL;
}

static int list(struct cli *cli, const struct mxs_catalog *c)
{
    struct mxs_catalog_report r = report_of(cli, c);
    const char *name = word_at(cli, 1);
    const struct mxs_catalog_family *family = name ? mxs_catalog_family(c, name) : NULL;
    struct mxs_buf out;
    if (name && !family)
        return unknown(cli, c, name);
    mxs_buf_init(&out, OUTPUT_MAX);
    (cli->json ? mxs_catalog_list_json : mxs_catalog_list_text)(&r, family, &out);
    return printed(&out);
}

/* The words behind "show" are one name, so that "catalog show ISRG Root X1" needs no quotes. */
static int show(struct cli *cli, const struct mxs_catalog *c)
{
    struct mxs_catalog_report r = report_of(cli, c);
    const char *name = word_at(cli, 1);
    struct mxs_buf out;
    if (!name)
        return cli_fail("catalog show what? (a CA, a certificate, a family, or a digest of a TLSA "
                        "record; `mxscope catalog list` names them)");
    for (size_t i = 2; i < cli->words.n; i++)
        name = mxs_arena_printf(cli->arena, "%s %s", name, cli->words.v[i]);
    const struct mxs_catalog_family *family = mxs_catalog_family(c, name);
    const struct mxs_catalog_ca *ca = mxs_catalog_ca(c, name);
    const struct mxs_catalog_cert *cert = ca ? NULL : mxs_catalog_cert(c, name);
    ca = cert ? cert->ca : ca;
    if (!family && !ca && !by_digest(cli, c, name, &ca, &cert))
        return unknown(cli, c, name);
    mxs_buf_init(&out, OUTPUT_MAX);
    if (ca)
        (cli->json ? mxs_catalog_ca_json : mxs_catalog_ca_text)(&r, ca, cert, &out);
    else
        (cli->json ? mxs_catalog_family_json : mxs_catalog_family_text)(&r, family, &out);
    return printed(&out);
}

/* --- import ----------------------------------------------------------------------------------- */

static enum mxs_err folders_of(struct cli *cli, const char *path, struct mxs_why *why)
{
    for (const char *s = path + 1; (s = strchr(s, '/')); s++) {
        const char *folder = mxs_arena_strndup(cli->arena, path, (size_t)(s - path));
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return mxs_why_set(why, MXS_ERR_IO, "%s: %s", folder, strerror(errno));
    }
    return MXS_OK;
}

/* "chain.pem" gives "chain"; what stands in a family's name is what stands in a file's. */
static const char *family_from(struct cli *cli, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char *name = mxs_arena_strndup(cli->arena, base, strcspn(base, "."));
    for (char *p = name; *p; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", *p))
            *p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : '-';
    return *name && strcmp(name, "-") ? name : "private";
}

static enum mxs_err check_family(const struct mxs_catalog *c, const char *family,
                                 struct mxs_why *why)
{
    if (strlen(family) > FAMILY_MAX ||
        strspn(family, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(family))
        return mxs_why_set(why, MXS_ERR_USAGE, "--name: '%s' is not up to %d of a-z, 0-9, - and _",
                           family, FAMILY_MAX);
    if (mxs_catalog_family(c, family))
        return mxs_why_set(why, MXS_ERR_USAGE, "the catalog has a family '%s' (another --name)",
                           family);
    return MXS_OK;
}

static enum mxs_err imported(struct cli *cli, const struct mxs_catalog *c, const char *path,
                             const char *family, const char **text, struct mxs_why *why)
{
    struct mxs_bytes pem;
    struct mxs_chain chain = { { NULL, 0, 0 } };
    struct mxs_why inner = { 0 };
    enum mxs_err err = mxs_file_read(cli->arena, path, PEM_MAX, &pem, why);
    err = err ? err : mxs_cert_pem(cli->arena, path, pem, &chain, why);
    if (err)
        return err;
    *text = mxs_catalog_import(cli->arena, family, &chain, c, &inner);
    return *text ? MXS_OK : mxs_why_set(why, MXS_ERR_USAGE, "%s: %s", path, inner.text);
}

/* What was imported is read back beside what is there, so that no file of ours breaks the catalog. */
static enum mxs_err written(struct cli *cli, const char *file, const char *text, struct mxs_why *why)
{
    enum mxs_err err = strcmp(file, "-") ? folders_of(cli, file, why) : MXS_OK;
    if (!err && strcmp(file, "-") && access(file, F_OK) == 0)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s: exists already (another --name, or -o FILE)",
                           file);
    return err ? err : mxs_file_write(file, mxs_bytes_str(text), 0644, why);
}

static void say_imported(struct cli *cli, const char *file, const char *family, const char *text)
{
    struct mxs_catalog *added = NULL;
    struct mxs_bytes body = mxs_bytes_str(text);
    struct mxs_buf out;
    mxs_buf_init(&out, OUTPUT_MAX);
    mxs_buf_printf(&out, "%s: %s\n", file, family);
    if (mxs_catalog_read(&file, &body, 1, &added, NULL) == MXS_OK) {
        struct mxs_catalog_report r = report_of(cli, added);
        r.only_then = false;
        mxs_catalog_list_text(&r, NULL, &out);
        mxs_catalog_free(added);
    }
    cli_out(&out, 0);
    mxs_buf_fini(&out);
}

static int import(struct cli *cli, const struct mxs_catalog *c)
{
    const char *path = word_at(cli, 1), *text = NULL, *folder = own_folder(cli->arena);
    struct mxs_why why = { 0 };
    if (!path || cli->words.n > 2)
        return cli_fail("catalog import needs one PEM file with the certificates of the CA");
    const char *family = cli->name ? cli->name : family_from(cli, path);
    if (!cli->output && !folder)
        return cli_fail("neither XDG_DATA_HOME nor HOME is set: say where with -o FILE");
    const char *file = cli->output ? cli->output
                                   : mxs_arena_printf(cli->arena, "%s/%s.json", folder, family);
    if (check_family(c, family, &why) || imported(cli, c, path, family, &text, &why) ||
        written(cli, file, text, &why))
        return cli_fail(why.text);
    if (strcmp(file, "-"))
        say_imported(cli, file, family, text);
    return 0;
}

int cli_catalog(struct cli *cli)
{
    static const struct {
        const char *word;
        int (*run)(struct cli *cli, const struct mxs_catalog *catalog);
    } verbs[] = { { "list", list }, { "show", show }, { "import", import } };
    struct mxs_catalog *catalog;
    struct mxs_why why = { 0 };
    struct mxs_catalog_loader places = cli_catalog_loader(cli->arena);
    const char *verb = word_at(cli, 0);
    if (!places.folder)
        return cli_fail("share/catalog: not found (set MXSCOPE_DATA)");
    for (size_t i = 0; verb && i < MXS_COUNT(verbs); i++) {
        if (strcmp(verb, verbs[i].word) != 0)
            continue;
        if (mxs_catalog_load_own(places.folder, places.own, &catalog, &why))
            return cli_fail(why.text);
        int status = verbs[i].run(cli, catalog);
        mxs_catalog_free(catalog);
        return status;
    }
    return cli_fail("catalog list, show or import?");
}
