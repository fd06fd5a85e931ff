/* The loop: keys, the walk, the script, painting. One thread; nothing here waits but in poll. */
#include "config.h"

#include "ui/term.h"
#include "ui/workbench.h"

#include <locale.h>
#include <poll.h>
#include <unistd.h>

enum { FRAME_US = 33000, CLOCK_MS = 500, SCRIPT_MS = 50 };

static void nothing(void *data)
{
    (void)data; /* that the poll ended is all that is needed */
}

static void wait_for_something(struct ui *ui, int timeout_ms)
{
    if (ui->options->engine) {
        mxs_engine_run_once(ui->options->engine, timeout_ms);
        return;
    }
    struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
                            { .fd = ui_term_wake_fd(ui->term), .events = POLLIN } };
    poll(fds, MXS_COUNT(fds), timeout_ms);
}

static bool take_keys(struct ui *ui)
{
    int key, rows = 0, cols = 0;
    bool any = false;
    for (; !ui->quit && (key = ui_term_key(ui->term)) != UI_KEY_NONE; any = true) {
        struct ui_mouse_at at = ui_term_mouse_at(ui->term);
        if (key == UI_KEY_RESIZE) {
            ui_term_size(ui->term, &rows, &cols);
            ui_resize(ui, rows, cols);
        } else if (key == UI_KEY_MOUSE) {
            ui_click(ui, at.y, at.x, at.wheel);
        } else {
            ui_key(ui, key);
        }
        if (ui->dirty)
            ui_paint(ui); /* the next key acts on what this one led to */
    }
    return any;
}

/* A walk that waits shows its clock; a standing screen needs none. */
static int timeout_for(const struct ui *ui, bool more, int64_t since_frame_us)
{
    if (more)
        return 0;
    if (ui->dirty)
        return since_frame_us >= FRAME_US ? 0 : (int)((FRAME_US - since_frame_us) / 1000) + 1;
    if (ui->wait)
        return SCRIPT_MS;
    return ui_model_done(&ui->model) ? -1 : CLOCK_MS;
}

static void loop(struct ui *ui)
{
    const struct mxs_clock *clock = mxs_clock_real();
    int64_t frame = 0;
    while (!ui->quit && !ui_term_ended(ui->term)) {
        bool keyed = take_keys(ui), more = !ui->quit && ui_work(ui);
        int64_t now = clock->mono(clock);
        /* events that pour in are painted thirty times a second, keys at once */
        if (ui->dirty && (keyed || now - frame >= FRAME_US))
            ui_paint(ui);
        if (ui->fresh) {
            ui_term_draw(ui->term, &ui->surface, ui->theme);
            ui->fresh = false;
            frame = now;
        }
        if (ui->quit)
            break;
        wait_for_something(ui, timeout_for(ui, more, now - frame));
        ui->dirty = ui->dirty || !ui_model_done(&ui->model);
    }
}

void ui_watch(struct ui *ui, bool on)
{
    if (!ui->options->engine || !ui->term)
        return;
    mxs_engine_watch(ui->options->engine, STDIN_FILENO, on ? nothing : NULL, NULL);
    mxs_engine_watch(ui->options->engine, ui_term_wake_fd(ui->term), on ? nothing : NULL, NULL);
}

enum mxs_err ui_run(const struct ui_options *given, struct mxs_why *why)
{
    struct ui_options options = *given;
    struct ui ui;
    int rows = 0, cols = 0;
    setlocale(LC_CTYPE, "");
    options.ascii = options.ascii || ui_term_ascii();
    if (!options.theme)
        options.theme = ui_term_theme()->name;
    enum mxs_err err = ui_term_usable(why); /* before a walk starts */
    if (err == MXS_OK)
        err = ui_open(&ui, &options, why);
    if (err != MXS_OK)
        return err;
    err = ui_term_start(&ui.term, options.mouse, why);
    if (err == MXS_OK) {
        ui_watch(&ui, true);
        ui_term_size(ui.term, &rows, &cols);
        ui_resize(&ui, rows, cols);
        loop(&ui);
        ui_watch(&ui, false);
        ui_term_stop(ui.term);
        if (ui.model.walk)
            mxs_walk_stop(ui.model.walk); /* the journal is whole */
        if (options.engine && options.on_end) /* files asked for are kept on every way out */
            err = options.on_end(options.hook_data, ui.model.journal, why);
        if (err == MXS_OK && ui.failed.err)
            err = mxs_why_set(why, ui.failed.err, "%s", ui.failed.text);
        if (err == MXS_OK && ui.lesson.failed.err)
            err = mxs_why_set(why, ui.lesson.failed.err, "%s", ui.lesson.failed.text);
    }
    ui_close(&ui);
    return err;
}
