/* The views, in the order of their tabs. A new one: its file and a row here. */
#include "config.h"

#include "ui/view.h"

extern const struct ui_view_ops ui_view_overview, ui_view_session, ui_view_handshake,
    ui_view_chain, ui_view_expect, ui_view_whatif, ui_view_findings, ui_view_log, ui_view_plan;

const struct ui_view_ops *const ui_views[] = {
    &ui_view_overview,
    &ui_view_session,
    &ui_view_handshake,
    &ui_view_chain,
    &ui_view_expect,
    &ui_view_whatif,
    &ui_view_findings,
    &ui_view_log,
    &ui_view_plan,
};
const size_t ui_views_n = MXS_COUNT(ui_views);
