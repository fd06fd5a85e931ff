# unit tests of the report room
UNIT_TESTS += tests/unit/t_options
tests_unit_t_options_SOURCES = tests/unit/t_options.c src/cli/common.c src/cli/config.c \
	src/cli/help.c src/cli/options.c src/cli/setters.c
tests_unit_t_options_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_options_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_fold tests/unit/t_record tests/unit/t_report
tests_unit_t_fold_SOURCES = tests/unit/t_fold.c tests/unit/journal_test.h
tests_unit_t_fold_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_fold_LDADD = $(UNIT_LIBS)
tests_unit_t_record_SOURCES = tests/unit/t_record.c tests/unit/journal_test.h
tests_unit_t_record_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_record_LDADD = $(UNIT_LIBS)
tests_unit_t_report_SOURCES = tests/unit/t_report.c tests/unit/journal_test.h
tests_unit_t_report_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_report_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_doc
tests_unit_t_doc_SOURCES = tests/unit/t_doc.c
tests_unit_t_doc_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_doc_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_anon
tests_unit_t_anon_SOURCES = tests/unit/t_anon.c
tests_unit_t_anon_CFLAGS = $(UNIT_CFLAGS) -DMXS_TEST_SHARE='"$(abs_top_srcdir)/share"' \
	-DMXS_TEST_CERTS='"$(abs_top_srcdir)/tests/certs"'
tests_unit_t_anon_LDADD = $(UNIT_LIBS)
