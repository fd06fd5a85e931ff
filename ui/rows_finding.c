#include "config.h"

#include "ui/rows_finding.h"

#include "base/text.h"
#include "ui/rows_explain.h"
#include "ui/table.h"

static const struct {
    const char *word;
    enum ui_style style;
} severities[] = {
    [MXS_SEVERITY_OK] = { "ok", UI_STYLE_OK },
    [MXS_SEVERITY_INFO] = { "info", UI_STYLE_NORMAL },
    [MXS_SEVERITY_WARNING] = { "warning", UI_STYLE_WARN },
    [MXS_SEVERITY_CRITICAL] = { "CRITICAL", UI_STYLE_BAD },
};

void ui_findings_list(struct ui_lines *lines, int width, const struct ui_model *model)
{
    static const struct ui_column columns[] = {
        { .title = "severity" }, { .title = "fault" },
        { .title = "what was found", .min = 20, .grow = true }, { .title = "finding", .min = 10 },
    };
    const struct mxs_assessment *a = model->assessment;
    struct ui_table table;
    ui_table_init(&table, lines->arena, columns, MXS_COUNT(columns) - (width < 110));
    for (size_t i = 0; a && i < a->findings.n; i++) {
        const struct mxs_finding *f = &a->findings.v[i];
        struct ui_table_row *row = ui_table_row(&table, i + 1);
        ui_table_cell(row, severities[f->severity].style, severities[f->severity].word);
        ui_table_cell(row, UI_STYLE_DIM, f->fault == MXS_FAULT_NOBODY ? "-" : mxs_fault_name(f->fault));
        ui_table_cell(row, UI_STYLE_NORMAL, f->text);
        ui_table_cell(row, UI_STYLE_DIM, f->id);
        row->copy = f->text;
    }
    if (table.rows.n)
        ui_table_finish(&table, lines, width);
    else
        ui_lines_wrap(lines, width, 0, 0, UI_STYLE_DIM,
                      a ? "Nothing that needs anybody's hand." : "Nothing was judged yet.");
}

void ui_finding_detail(struct ui_lines *lines, int width, const struct mxs_finding *finding)
{
    enum { NAME_W = 9 };
    ui_lines_wrap(lines, width, 0, 0, UI_STYLE_STRONG, finding->text);
    ui_lines_blank(lines);
    ui_lines_pair(lines, width, NAME_W, "severity", severities[finding->severity].style,
                  severities[finding->severity].word);
    ui_lines_pair(lines, width, NAME_W, "fault", UI_STYLE_NORMAL, ui_fault_words(finding->fault));
    ui_lines_pair(lines, width, NAME_W, "host", UI_STYLE_NORMAL, finding->host);
    ui_lines_pair(lines, width, NAME_W, "evidence", UI_STYLE_NORMAL, finding->evidence);
    ui_lines_pair(lines, width, NAME_W, "fix", UI_STYLE_NORMAL, finding->fix);
    if (finding->enforced_by.n)
        ui_lines_pair(lines, width, NAME_W, "enforced", UI_STYLE_NORMAL,
                      mxs_arena_printf(lines->arena, "by %s",
                                       mxs_text_joined(lines->arena, &finding->enforced_by, ", ")));
    ui_lines_pair(lines, width, NAME_W, "read", UI_STYLE_NORMAL, finding->rfc);
    ui_lines_pair(lines, width, NAME_W, "id", UI_STYLE_DIM, finding->id);
}
