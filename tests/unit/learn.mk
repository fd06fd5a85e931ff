# unit tests of the lessons
UNIT_TESTS += tests/unit/t_lesson
tests_unit_t_lesson_SOURCES = tests/unit/t_lesson.c
tests_unit_t_lesson_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_lesson_LDADD = $(UNIT_LIBS)
