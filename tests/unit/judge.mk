# unit tests of the judge room
UNIT_TESTS += tests/unit/t_judge_session
tests_unit_t_judge_session_SOURCES = tests/unit/t_judge_session.c tests/unit/judge_evidence.h
tests_unit_t_judge_session_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_judge_session_LDADD = $(UNIT_LIBS)
