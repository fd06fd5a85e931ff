# unit tests of the cert room
CERT_CFLAGS = $(UNIT_CFLAGS) -DMXS_TEST_CERTS='"$(abs_top_srcdir)/tests/certs"' \
	-DMXS_TEST_SHARE='"$(abs_top_srcdir)/share"'
EXTRA_DIST += tests/certs/make-facts tests/certs/facts

UNIT_TESTS += tests/unit/t_catalog
tests_unit_t_catalog_SOURCES = tests/unit/t_catalog.c tests/unit/catalog_world.h
tests_unit_t_catalog_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_catalog_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_cert
tests_unit_t_cert_SOURCES = tests/unit/t_cert.c
tests_unit_t_cert_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_cert_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_der
tests_unit_t_der_SOURCES = tests/unit/t_der.c
tests_unit_t_der_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_der_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_dns
tests_unit_t_dns_SOURCES = tests/unit/t_dns.c
tests_unit_t_dns_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_dns_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_ocsp
tests_unit_t_ocsp_SOURCES = tests/unit/t_ocsp.c
tests_unit_t_ocsp_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_ocsp_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_rebuild
tests_unit_t_rebuild_SOURCES = tests/unit/t_rebuild.c
tests_unit_t_rebuild_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_rebuild_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_sts
tests_unit_t_sts_SOURCES = tests/unit/t_sts.c
tests_unit_t_sts_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_sts_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_tlsa
tests_unit_t_tlsa_SOURCES = tests/unit/t_tlsa.c
tests_unit_t_tlsa_CFLAGS = $(CERT_CFLAGS)
tests_unit_t_tlsa_LDADD = $(UNIT_LIBS)
