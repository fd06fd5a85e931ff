# unit tests of the cert room
UNIT_TESTS += tests/unit/t_dns
tests_unit_t_dns_SOURCES = tests/unit/t_dns.c
tests_unit_t_dns_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_dns_LDADD = $(UNIT_LIBS)
