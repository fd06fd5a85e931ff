# unit tests of matrix, fallback, remedies and timeline
UNIT_TESTS += tests/unit/t_fallback
tests_unit_t_fallback_SOURCES = tests/unit/t_fallback.c tests/unit/judge_words.h
tests_unit_t_fallback_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_fallback_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_matrix
tests_unit_t_matrix_SOURCES = tests/unit/t_matrix.c tests/unit/judge_words.h
tests_unit_t_matrix_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_matrix_LDADD = $(UNIT_LIBS)
