# Helpers of several test programs.
check_LIBRARIES = tests/lib/libtest.a
tests_lib_libtest_a_SOURCES = \
	tests/lib/peer.c tests/lib/peer.h \
	tests/lib/peer_tls.c tests/lib/peer_tls.h \
	tests/lib/pki.c tests/lib/pki.h
tests_lib_libtest_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
PEER_LIBS = tests/lib/libtest.a $(UNIT_LIBS)
PEER_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
