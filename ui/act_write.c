#include "config.h"

#include "ui/actions.h"
#include "ui/workbench.h"

#include "base/file.h"
#include "journal/record.h"
#include "judge/store.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OUT_MAX = 256 << 20 };

static enum mxs_err save(const char *path, struct mxs_buf *out, enum mxs_err err,
                         struct mxs_why *why)
{
    if (err != MXS_OK)
        mxs_why_set(why, err, "%s: larger than %d MiB", path, OUT_MAX >> 20);
    else
        err = mxs_file_write(path, mxs_buf_bytes(out), 0666, why);
    mxs_buf_fini(out);
    return err;
}

static enum mxs_err write_screen(struct ui *ui, const char *path, struct mxs_why *why)
{
    struct mxs_buf out;
    mxs_buf_init(&out, OUT_MAX);
    return save(path, &out, ui_surface_text(&ui->surface, &out), why);
}

static enum mxs_err keeps_true_bytes(const struct ui *ui, struct mxs_why *why)
{
    return ui->options->anon ? mxs_why_set(why, MXS_ERR_USAGE,
                                           "it keeps the true bytes: not with --anonymise") : MXS_OK;
}

enum mxs_err ui_write_session(struct ui *ui, const char *path, struct mxs_why *why)
{
    const struct mxs_catalog *catalog = mxs_catalog_get(ui->options->catalog);
    if (keeps_true_bytes(ui, why))
        return why->err;
    return mxs_report_session(path, ui->model.journal, ui->model.evidence, &ui->model.assess,
                              &ui->options->words, catalog ? catalog->version : NULL, why);
}

static enum mxs_err write_report(struct ui *ui, const char *path, struct mxs_why *why,
                                 enum mxs_err (*report)(const struct mxs_report *,
                                                        struct mxs_buf *))
{
    struct mxs_buf out;
    struct mxs_report what = { .journal = ui->model.journal,
                               .evidence = ui->model.evidence,
                               .assessment = ui->model.assessment,
                               .catalog = ui->options->catalog,
                               .anon = ui->options->anon,
                               .ascii = ui->options->ascii,
                               .verbose = true };
    if (!ui->model.assessment)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "nothing was judged yet");
    mxs_buf_init(&out, OUT_MAX);
    return save(path, &out, report(&what, &out), why);
}

static enum mxs_err write_text(struct ui *ui, const char *path, struct mxs_why *why)
{
    return write_report(ui, path, why, mxs_report_text);
}

static enum mxs_err write_json(struct ui *ui, const char *path, struct mxs_why *why)
{
    return write_report(ui, path, why, mxs_report_json);
}

static enum mxs_err write_html(struct ui *ui, const char *path, struct mxs_why *why)
{
    return write_report(ui, path, why, mxs_report_html);
}

static enum mxs_err write_markdown(struct ui *ui, const char *path, struct mxs_why *why)
{
    return write_report(ui, path, why, mxs_report_markdown);
}

static enum mxs_err write_pcap(struct ui *ui, const char *path, struct mxs_why *why)
{
    return keeps_true_bytes(ui, why) ? why->err : write_report(ui, path, why, mxs_report_pcapng);
}

static const struct {
    const char *name, *suffix, *title;
    enum mxs_err (*fn)(struct ui *, const char *, struct mxs_why *);
} kinds[] = {
    { "session", ".mxs", "the recorded session, for `mxscope replay`", ui_write_session },
    { "text", ".txt", "the report as text", write_text },
    { "json", ".json", "the report as JSON, mxscope.report/1", write_json },
    { "html", ".html", "the report as one HTML file", write_html },
    { "markdown", ".md", "the report as Markdown", write_markdown },
    { "pcap", ".pcapng", "the packets, with TLS secrets when --keylog was given", write_pcap },
    { "scenario", ".ini", "your changes (What-if) as a scenario file",
      ui_write_scenario },
    { "future", "", "chain and keys of the scenario selected (What-if), into a folder",
      ui_write_future },
    { "screen", ".screen.txt", "this screen as text", write_screen },
};

static void do_write(struct ui *ui, const char *path)
{
    struct mxs_why why = { MXS_OK, "" };
    if (kinds[ui->write_kind].fn(ui, path, &why) == MXS_OK)
        ui_say(ui, UI_STYLE_NORMAL, "%s written to %.300s", kinds[ui->write_kind].name, path);
    else
        ui_say(ui, UI_STYLE_ERROR, "%s", why.text);
}

/* --- an existing file is asked about --- */

static void overwrite_answered(struct ui *ui, uint64_t tag)
{
    char path[UI_PROMPT_MAX];
    snprintf(path, sizeof path, "%s", ui->popup.lines.lines.v[0].copy);
    ui_popup_close(&ui->popup);
    if (tag == 2)
        do_write(ui, path);
    else
        ui_say(ui, UI_STYLE_NORMAL, "nothing written");
}

static void path_given(struct ui *ui, const char *path)
{
    if (!*path)
        return;
    if (access(path, F_OK) != 0) {
        do_write(ui, path);
        return;
    }
    ui_popup_open(&ui->popup, "That file exists");
    struct ui_lines *lines = &ui->popup.lines;
    ui_lines_heading(lines, mxs_arena_strdup(ui->popup.arena, path));
    lines->lines.v[0].copy = mxs_arena_strdup(ui->popup.arena, path);
    struct ui_line *line = ui_lines_add(lines);
    line->tag = 1;
    ui_line_add(line, UI_STYLE_NORMAL, "Keep it");
    line = ui_lines_add(lines);
    line->tag = 2;
    ui_line_add(line, UI_STYLE_NORMAL, "Overwrite it");
    ui->popup.pick = overwrite_answered;
}

static void ask_path(struct ui *ui, uint64_t tag)
{
    char path[128], *p;
    const char *target = ui->model.evidence->target;
    ui_popup_close(&ui->popup);
    ui->write_kind = (int)tag - 1;
    snprintf(path, sizeof path, "%.80s%s", target ? target : "mxscope",
             kinds[ui->write_kind].suffix);
    while ((p = strpbrk(path, "[]:/ ")))
        *p = '_';
    const char *offer = ui->write_kind == 0 && ui->options->record_path ? ui->options->record_path
                                                                       : path;
    ui_prompt_open(&ui->prompt, "write to: ", offer, &ui->paths, path_given);
}

void ui_act_write(struct ui *ui, const char *arg)
{
    for (size_t i = 0; i < MXS_COUNT(kinds); i++) {
        size_t n = strlen(kinds[i].name);
        if (strncmp(arg, kinds[i].name, n) != 0 || (arg[n] != ' ' && arg[n] != 0))
            continue;
        if (arg[n]) { /* a file was named: the operator, or a script, means it */
            ui->write_kind = (int)i;
            do_write(ui, arg + n + 1);
        } else {
            ask_path(ui, i + 1);
        }
        return;
    }
    if (*arg) {
        ui_say(ui, UI_STYLE_ERROR, "write: session, text, json, html, markdown, pcap, scenario, "
                                   "future or screen, then FILE");
        return;
    }
    ui_popup_open(&ui->popup, "Write");
    ui->popup.pick = ask_path;
    for (size_t i = 0; i < MXS_COUNT(kinds); i++) {
        struct ui_line *line = ui_lines_add(&ui->popup.lines);
        line->tag = i + 1;
        ui_line_at(line, 0, 10, UI_STYLE_STRONG, kinds[i].name);
        ui_line_at(line, 11, 0, UI_STYLE_NORMAL, kinds[i].title);
    }
}

/* --- for scripts --- */

void ui_act_save_screen(struct ui *ui, const char *arg)
{
    struct mxs_why why = { MXS_OK, "" };
    if (!*arg) {
        ui_say(ui, UI_STYLE_ERROR, "save-screen: FILE, please");
        return;
    }
    ui_paint(ui);
    if (write_screen(ui, arg, &why) != MXS_OK)
        ui_say(ui, UI_STYLE_ERROR, "%s", why.text);
}

void ui_act_save_styles(struct ui *ui, const char *arg)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_buf out;
    if (!*arg) {
        ui_say(ui, UI_STYLE_ERROR, "save-styles: FILE, please");
        return;
    }
    ui_paint(ui);
    mxs_buf_init(&out, OUT_MAX);
    if (save(arg, &out, ui_surface_styles(&ui->surface, &out), &why) != MXS_OK)
        ui_say(ui, UI_STYLE_ERROR, "%s", why.text);
}

void ui_act_wait(struct ui *ui, const char *arg)
{
    static const struct mxs_name waits[] = {
        { UI_WAIT_DONE, "done" }, { UI_WAIT_PAUSED, "paused" }, { UI_WAIT_IDLE, "idle" }, { 0, NULL },
    };
    int wait = mxs_name_value(waits, arg);
    if (wait < 0)
        ui_say(ui, UI_STYLE_ERROR, "wait: done, paused or idle");
    else
        ui->wait = (enum ui_wait)wait;
}
