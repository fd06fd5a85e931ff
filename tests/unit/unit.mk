# One program per module, linking the engine archive. A new one: name it in UNIT_TESTS and add its
# three lines (SOURCES, CFLAGS, LDADD).
UNIT_LIBS = $(ENGINE_LIBS) $(CMOCKA_LIBS)
UNIT_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

UNIT_TESTS += tests/unit/t_base
tests_unit_t_base_SOURCES = tests/unit/t_base.c
tests_unit_t_base_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_base_LDADD = $(UNIT_LIBS)

include tests/unit/tls.mk
include tests/unit/cert.mk
include tests/unit/net.mk
include tests/unit/resolve.mk
include tests/unit/lab.mk
include tests/unit/judge.mk
include tests/unit/ui.mk
include tests/unit/report.mk
include tests/unit/plan.mk
include tests/unit/matrix.mk
include tests/unit/learn.mk
include tests/unit/whatif.mk

UNIT_TESTS += tests/unit/t_glossary
tests_unit_t_glossary_SOURCES = tests/unit/t_glossary.c
tests_unit_t_glossary_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_glossary_LDADD = $(UNIT_LIBS)
