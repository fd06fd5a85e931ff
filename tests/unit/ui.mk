UI_LIBS = libmxscopeui.a $(UNIT_LIBS) $(CURSES_LIBS)
UNIT_TESTS += tests/unit/t_ui_widgets
tests_unit_t_ui_widgets_SOURCES = tests/unit/t_ui_widgets.c
tests_unit_t_ui_widgets_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_ui_widgets_LDADD = $(UI_LIBS)

UNIT_TESTS += tests/unit/t_ui_workbench
tests_unit_t_ui_workbench_SOURCES = tests/unit/t_ui_workbench.c tests/unit/ui_keys.h
tests_unit_t_ui_workbench_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_ui_workbench_LDADD = $(UI_LIBS)

UNIT_TESTS += tests/unit/t_ui_whatif
tests_unit_t_ui_whatif_SOURCES = tests/unit/t_ui_whatif.c
tests_unit_t_ui_whatif_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_ui_whatif_LDADD = $(UI_LIBS)

UNIT_TESTS += tests/unit/t_ui_whatif_view
tests_unit_t_ui_whatif_view_SOURCES = tests/unit/t_ui_whatif_view.c tests/unit/ui_keys.h
tests_unit_t_ui_whatif_view_CFLAGS = $(UNIT_CFLAGS) -DMXS_TEST_SHARE='"$(abs_top_srcdir)/share"' \
	-DMXS_TEST_SESSIONS='"$(abs_top_srcdir)/tests/screens/sessions"'
tests_unit_t_ui_whatif_view_LDADD = $(UI_LIBS)
