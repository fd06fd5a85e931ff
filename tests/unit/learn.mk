# unit tests of the lessons
UNIT_TESTS += tests/unit/t_lesson
tests_unit_t_lesson_SOURCES = tests/unit/t_lesson.c
tests_unit_t_lesson_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_lesson_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/t_claim_future
tests_unit_t_claim_future_SOURCES = tests/unit/t_claim_future.c tests/unit/plan_world.h \
	tests/unit/judge_certs.h tests/unit/judge_evidence.h
tests_unit_t_claim_future_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_claim_future_LDADD = $(UNIT_LIBS)
