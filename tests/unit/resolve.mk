# unit tests of the resolve room
UNIT_TESTS += tests/unit/t_dane_lookup
tests_unit_t_dane_lookup_SOURCES = tests/unit/t_dane_lookup.c
tests_unit_t_dane_lookup_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_dane_lookup_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_stub
tests_unit_t_stub_SOURCES = tests/unit/t_stub.c tests/unit/coro_test.h
tests_unit_t_stub_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_stub_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_policy_fetch
tests_unit_t_policy_fetch_SOURCES = tests/unit/t_policy_fetch.c tests/unit/coro_test.h
tests_unit_t_policy_fetch_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_policy_fetch_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_resolver
tests_unit_t_resolver_SOURCES = tests/unit/t_resolver.c tests/unit/coro_test.h \
	tests/unit/zone_lab.h
tests_unit_t_resolver_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_resolver_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_walk_dns
tests_unit_t_walk_dns_SOURCES = tests/unit/t_walk_dns.c tests/unit/zone_lab.h \
	tests/unit/zone_lab_child.h
tests_unit_t_walk_dns_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_walk_dns_LDADD = $(UNIT_LIBS)
