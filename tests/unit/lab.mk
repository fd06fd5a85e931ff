# unit tests of the lab room
UNIT_TESTS += tests/unit/t_lab_zones
tests_unit_t_lab_zones_SOURCES = tests/unit/t_lab_zones.c
tests_unit_t_lab_zones_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_lab_zones_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_lab
tests_unit_t_lab_SOURCES = tests/unit/t_lab.c
tests_unit_t_lab_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_lab_LDADD = $(UNIT_LIBS)
