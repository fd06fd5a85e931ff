# unit tests of the tls room
UNIT_TESTS += tests/unit/t_smtp
tests_unit_t_smtp_SOURCES = tests/unit/t_smtp.c
tests_unit_t_smtp_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_smtp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_target
tests_unit_t_target_SOURCES = tests/unit/t_target.c
tests_unit_t_target_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_target_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_tls_names
tests_unit_t_tls_names_SOURCES = tests/unit/t_tls_names.c
tests_unit_t_tls_names_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_tls_names_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_tls
tests_unit_t_tls_SOURCES = tests/unit/t_tls.c
tests_unit_t_tls_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_tls_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_fields
tests_unit_t_fields_SOURCES = tests/unit/t_fields.c
tests_unit_t_fields_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_fields_LDADD = $(UNIT_LIBS)
