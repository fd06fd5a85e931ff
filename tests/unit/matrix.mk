# unit tests of matrix, fallback, remedies and timeline
UNIT_TESTS += tests/unit/t_fallback
tests_unit_t_fallback_SOURCES = tests/unit/t_fallback.c tests/unit/judge_words.h
tests_unit_t_fallback_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_fallback_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_matrix
tests_unit_t_matrix_SOURCES = tests/unit/t_matrix.c tests/unit/whatif_world.h
tests_unit_t_matrix_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_matrix_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_remedy
tests_unit_t_remedy_SOURCES = tests/unit/t_remedy.c tests/unit/whatif_world.h
tests_unit_t_remedy_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_remedy_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_timeline
tests_unit_t_timeline_SOURCES = tests/unit/t_timeline.c tests/unit/whatif_world.h
tests_unit_t_timeline_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_timeline_LDADD = $(UNIT_LIBS)
