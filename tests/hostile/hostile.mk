# The walk and the judges against servers that are wrong on purpose.
UNIT_TESTS += tests/hostile/t_refusals
tests_hostile_t_refusals_SOURCES = tests/hostile/t_refusals.c
tests_hostile_t_refusals_CFLAGS = $(UNIT_CFLAGS)
tests_hostile_t_refusals_LDADD = $(UNIT_LIBS)
