libmxscopeui_a_SOURCES += \
	ui/act_lesson.c ui/act_move.c ui/act_text.c ui/act_walk.c ui/act_whatif.c ui/act_write.c \
	ui/actions.c ui/actions.h \
	ui/bars.c \
	ui/card.c ui/card.h \
	ui/detail.c ui/detail.h \
	ui/grid.c ui/grid.h \
	ui/groups.c ui/groups.h \
	ui/hexdump.c ui/hexdump.h \
	ui/key.c ui/key.h \
	ui/keymap.c ui/keymap.h \
	ui/lesson.c ui/lesson.h \
	ui/line.c ui/line.h \
	ui/list.c ui/list.h \
	ui/model.c ui/model.h \
	ui/popup.c ui/popup.h \
	ui/prompt.c ui/prompt.h \
	ui/rows_chain.c ui/rows_chain.h \
	ui/rows_diff.c ui/rows_diff.h \
	ui/rows_event.c ui/rows_event.h \
	ui/rows_expect.c ui/rows_expect.h \
	ui/rows_explain.c ui/rows_explain.h \
	ui/rows_finding.c ui/rows_finding.h \
	ui/rows_handshake.c ui/rows_handshake.h \
	ui/rows_overview.c ui/rows_overview.h \
	ui/rows_plan.c ui/rows_plan.h \
	ui/rows_whatif.c ui/rows_whatif.h \
	ui/run.c \
	ui/script.c ui/script.h \
	ui/slider.c ui/slider.h \
	ui/surface.c ui/surface.h \
	ui/table.c ui/table.h \
	ui/term.c ui/term.h \
	ui/theme.c ui/theme.h \
	ui/veil.c ui/veil.h \
	ui/tree.c ui/tree.h \
	ui/ui.h \
	ui/view.c ui/view.h \
	ui/view_chain.c \
	ui/view_expect.c \
	ui/view_findings.c \
	ui/view_handshake.c \
	ui/view_log.c \
	ui/view_overview.c \
	ui/view_plan.c \
	ui/view_session.c \
	ui/view_whatif.c \
	ui/views.c \
	ui/whatif.c ui/whatif.h ui/whatif_own.c ui/whatif_read.c ui/whatif_room.h \
	ui/workbench.c ui/workbench.h
