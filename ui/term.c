#include "config.h"

#include "ui/term.h"

#include "base/text.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_PAIRS = UI_STYLE_COUNT * UI_BACKING_COUNT };
enum { COPY_MAX = 74994 }; /* what terminals are known to take, before base64 (xterm's limit) */

struct ui_term {
    SCREEN *screen;
    int wake[2];
    bool mouse, all;
    struct {
        short fg, bg;
    } pairs[MAX_PAIRS];
    short n_pairs, pair_of[UI_STYLE_COUNT][UI_BACKING_COUNT];
    const struct ui_theme *theme; /* whose pairs are set */
    struct ui_mouse_at at;
};

/* Signal handlers and exit hooks have no argument: the one mutable state of ui/. */
static volatile sig_atomic_t got_end, got_resize;
static int wake_fd = -1;
static bool started;
static struct termios before; /* for a crash, where curses cannot be asked any more */

static void on_signal(int number)
{
    int saved = errno;
    if (number == SIGWINCH)
        got_resize = 1;
    else
        got_end = number;
    if (wake_fd >= 0 && write(wake_fd, "", 1) < 0)
        got_resize = got_resize; /* a full pipe wakes as well */
    errno = saved;
}

static void restore(void)
{
    if (started)
        endwin();
    started = false;
}

static void restore_oom(void *data)
{
    (void)data;
    restore();
}

bool ui_term_ascii(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* A bug of ours still leaves a terminal that can be typed on. Only what is allowed in a handler. */
static void on_crash(int number)
{
    static const char leave[] = "\033[?1049l\033[?1000l\033[?25h\033[0m\r\n";
    if (started && write(STDOUT_FILENO, leave, sizeof leave - 1) > 0)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    signal(number, SIG_DFL);
    raise(number);
}

/* A stack that overflowed has no room for a handler. */
static void use_crash_stack(void)
{
#ifndef MXS_ASAN /* which has one, and frees it */
    static uint8_t stack[64 * 1024];
    sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof stack }, NULL);
#endif
}

static void catch_signals(void)
{
    static const struct {
        int number;
        void (*fn)(int);
    } rows[] = {
        { SIGTERM, on_signal }, { SIGHUP, on_signal },   { SIGINT, on_signal },
        { SIGQUIT, on_signal }, { SIGWINCH, on_signal }, { SIGABRT, on_crash },
#ifndef MXS_ASAN /* whose own handlers say more */
        { SIGSEGV, on_crash },  { SIGBUS, on_crash },    { SIGFPE, on_crash },
#endif
    };
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_ONSTACK;
    use_crash_stack();
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        action.sa_handler = rows[i].fn;
        sigaction(rows[i].number, &action, NULL);
    }
}

/* Asks terminfo first: initscr() would end the process on a terminal it does not know. */
enum mxs_err ui_term_usable(struct mxs_why *why)
{
    int status = 0;
    const char *name = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return mxs_why_set(why, MXS_ERR_UNSUPPORTED,
                           "the workbench needs a terminal on standard input and output");
    if (setupterm(NULL, STDOUT_FILENO, &status) != OK)
        return mxs_why_set(why, MXS_ERR_UNSUPPORTED,
                           "the terminal type \"%.40s\" is not known here: set TERM, or use "
                           "`mxscope check`", name ? name : "");
    bool can = cursor_address != NULL;
    del_curterm(cur_term);
    if (!can)
        return mxs_why_set(why, MXS_ERR_UNSUPPORTED,
                           "a terminal of type \"%.40s\" cannot show the workbench: `mxscope "
                           "check` prints a report", name ? name : "");
    return MXS_OK;
}

const struct ui_theme *ui_term_theme(void)
{
    return ui_theme_guess(getenv("COLORFGBG"));
}

static void set_modes(struct ui_term *term)
{
    raw(); /* ^C and ^Z are keys like others, so that they can be bound */
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    set_escdelay(25);
    ui_term_mouse(term, term->mouse);
}

enum mxs_err ui_term_start(struct ui_term **out, bool mouse, struct mxs_why *why)
{
    enum mxs_err err = ui_term_usable(why);
    if (err != MXS_OK)
        return err;
    struct ui_term *term = mxs_alloc(sizeof *term);
    if (pipe2(term->wake, O_NONBLOCK | O_CLOEXEC) != 0) {
        free(term);
        return mxs_why_set(why, MXS_ERR_IO, "pipe: %s", strerror(errno));
    }
    wake_fd = term->wake[1];
    got_end = got_resize = 0;
    tcgetattr(STDIN_FILENO, &before);
    catch_signals(); /* before curses, which leaves handlers that are set alone */
    term->screen = newterm(NULL, stdout, stdin);
    if (!term->screen) {
        close(term->wake[0]);
        close(term->wake[1]);
        free(term);
        return mxs_why_set(why, MXS_ERR_UNSUPPORTED, "the terminal cannot be set up");
    }
    started = true;
    atexit(restore);
    mxs_oom_hook(restore_oom, NULL);
    term->mouse = mouse;
    set_modes(term);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    *out = term;
    return MXS_OK;
}

void ui_term_stop(struct ui_term *term)
{
    mxs_oom_hook(NULL, NULL);
    restore();
    delscreen(term->screen);
    wake_fd = -1;
    close(term->wake[0]);
    close(term->wake[1]);
    free(term);
}

int ui_term_wake_fd(struct ui_term *term)
{
    return term->wake[0];
}

int ui_term_ended(struct ui_term *term)
{
    char waste[64];
    while (read(term->wake[0], waste, sizeof waste) > 0)
        ;
    return got_end;
}

void ui_term_size(const struct ui_term *term, int *rows, int *cols)
{
    (void)term;
    getmaxyx(stdscr, *rows, *cols);
}

static void follow_size(struct ui_term *term)
{
    struct winsize size;
    got_resize = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    term->all = true;
}

/* --- keys --- */

static const struct {
    wint_t curses;
    int key;
} special[] = {
    { KEY_UP, UI_KEY_UP },         { KEY_DOWN, UI_KEY_DOWN },   { KEY_LEFT, UI_KEY_LEFT },
    { KEY_RIGHT, UI_KEY_RIGHT },   { KEY_HOME, UI_KEY_HOME },   { KEY_END, UI_KEY_END },
    { KEY_PPAGE, UI_KEY_PAGE_UP }, { KEY_NPAGE, UI_KEY_PAGE_DOWN }, { KEY_DC, UI_KEY_DELETE },
    { KEY_BACKSPACE, UI_KEY_BACKSPACE }, { KEY_BTAB, UI_KEY_BACK_TAB },
    { KEY_ENTER, UI_KEY_ENTER },   { KEY_RESIZE, UI_KEY_RESIZE },
};

static const struct {
    wint_t character;
    int key;
} plain[] = {
    { '\r', UI_KEY_ENTER }, { '\n', UI_KEY_ENTER }, { '\t', UI_KEY_TAB },
    { 27, UI_KEY_ESCAPE },  { 127, UI_KEY_BACKSPACE }, { 8, UI_KEY_BACKSPACE },
};

static int mouse_key(struct ui_term *term)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return UI_KEY_NONE;
    int wheel = event.bstate & BUTTON4_PRESSED ? -1 : event.bstate & BUTTON5_PRESSED ? 1 : 0;
    bool click = event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED);
    term->at = (struct ui_mouse_at){ event.y, event.x, wheel };
    return click || wheel ? UI_KEY_MOUSE : UI_KEY_NONE;
}

int ui_term_key(struct ui_term *term)
{
    wint_t c = 0;
    if (got_resize) {
        follow_size(term);
        return UI_KEY_RESIZE;
    }
    for (int kind = get_wch(&c); kind != ERR; kind = get_wch(&c)) {
        if (kind == KEY_CODE_YES && c == KEY_MOUSE) {
            int key = mouse_key(term);
            if (key)
                return key;
            continue;
        }
        for (size_t i = 0; kind == KEY_CODE_YES && i < MXS_COUNT(special); i++)
            if (special[i].curses == c)
                return special[i].key;
        if (kind == KEY_CODE_YES && c >= KEY_F(1) && c <= KEY_F(12))
            return UI_KEY_F1 + (int)(c - KEY_F(1));
        for (size_t i = 0; kind == OK && i < MXS_COUNT(plain); i++)
            if (plain[i].character == c)
                return plain[i].key;
        if (kind == OK && c)
            return (int)c;
    }
    return UI_KEY_NONE;
}

struct ui_mouse_at ui_term_mouse_at(const struct ui_term *term)
{
    return term->at;
}

/* --- cells --- */

/* Terminals with eight colours have few pairs, and many looks share one. */
static short pair_for(struct ui_term *term, short fg, short bg)
{
    for (short i = 0; i < term->n_pairs; i++)
        if (term->pairs[i].fg == fg && term->pairs[i].bg == bg)
            return (short)(i + 1);
    if (term->n_pairs >= MAX_PAIRS || term->n_pairs + 1 >= COLOR_PAIRS)
        return 0;
    term->pairs[term->n_pairs].fg = fg;
    term->pairs[term->n_pairs++].bg = bg;
    init_pair(term->n_pairs, fg, bg);
    return term->n_pairs;
}

static void set_pairs(struct ui_term *term, const struct ui_theme *theme)
{
    term->theme = theme;
    term->n_pairs = 0;
    memset(term->pair_of, 0, sizeof term->pair_of);
    for (int s = 0; has_colors() && s < UI_STYLE_COUNT; s++)
        for (int b = 0; b < UI_BACKING_COUNT; b++) {
            struct ui_paint paint =
                ui_theme_paint(theme, (enum ui_style)s, (enum ui_backing)b, COLORS);
            if (paint.fg != -1 || paint.bg != -1)
                term->pair_of[s][b] = pair_for(term, paint.fg, paint.bg);
        }
}

static void set_style(struct ui_term *term, unsigned style, unsigned backing)
{
    static const struct {
        unsigned ours;
        attr_t curses;
    } attrs[] = {
        { UI_ATTR_BOLD, A_BOLD }, { UI_ATTR_DIM, A_DIM }, { UI_ATTR_REVERSE, A_REVERSE },
        { UI_ATTR_UNDERLINE, A_UNDERLINE },
    };
    struct ui_paint paint = ui_theme_paint(term->theme, (enum ui_style)style,
                                           (enum ui_backing)backing,
                                           has_colors() ? COLORS : 0);
    attr_t set = A_NORMAL;
    for (size_t i = 0; i < MXS_COUNT(attrs); i++)
        set |= paint.attrs & attrs[i].ours ? attrs[i].curses : 0;
    attr_set(set, term->pair_of[style][backing], NULL);
}

static void draw_row(struct ui_term *term, const struct ui_surface *surface, int y)
{
    const struct ui_cell *cells = &surface->cells[(size_t)y * (size_t)surface->cols];
    unsigned style = UI_STYLE_COUNT, backing = 0;
    for (int x = 0; x < surface->cols; x++) {
        if (!cells[x].text[0])
            continue; /* the right half of a wide character */
        if (cells[x].style != style || cells[x].backing != backing)
            set_style(term, style = cells[x].style, backing = cells[x].backing);
        mvaddstr(y, x, cells[x].text);
    }
}

void ui_term_draw(struct ui_term *term, const struct ui_surface *surface,
                  const struct ui_theme *theme)
{
    if (term->theme != theme) {
        set_pairs(term, theme);
        term->all = true;
    }
    if (term->all)
        clear();
    term->all = false;
    for (int y = 0; y < surface->rows; y++)
        draw_row(term, surface, y);
    wmove(stdscr, surface->cursor_y, surface->cursor_x);
    refresh();
}

void ui_term_redraw(struct ui_term *term)
{
    term->all = true;
}

void ui_term_mouse(struct ui_term *term, bool on)
{
    term->mouse = on;
    mousemask(on ? BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
    mouseinterval(0);
}

void ui_term_suspend(struct ui_term *term)
{
    def_prog_mode();
    endwin();
    kill(0, SIGTSTP); /* the whole job, as the terminal's own ^Z does */
    reset_prog_mode();
    follow_size(term);
    refresh();
}

/* --- clipboard --- */

static void put_all(const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done < 0 && errno == EAGAIN)
            poll(&(struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT }, 1, 100);
        else if (done < 0 && errno != EINTR)
            return;
        p += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
}

bool ui_term_copy(struct ui_term *term, const char *text)
{
    size_t n = strlen(text);
    (void)term;
    if (n > COPY_MAX)
        return false;
    struct mxs_arena *arena = mxs_arena_new();
    char *osc = mxs_arena_printf(arena, "\033]52;c;%s\a", mxs_base64(arena, mxs_bytes(text, n)));
    fflush(stdout);
    put_all(osc, strlen(osc));
    if (getenv("TMUX")) { /* tmux without set-clipboard on: through to the terminal around it */
        char *wrapped = mxs_arena_printf(arena, "\033Ptmux;\033%s\033\\", osc);
        put_all(wrapped, strlen(wrapped));
    }
    mxs_arena_free(arena);
    return true;
}
