# the planner
UNIT_TESTS += tests/unit/t_plan
tests_unit_t_plan_SOURCES = tests/unit/t_plan.c tests/unit/plan_world.h tests/unit/judge_certs.h \
	tests/unit/judge_evidence.h
tests_unit_t_plan_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_plan_LDADD = $(UNIT_LIBS)
