# unit tests of the net room
UNIT_TESTS += tests/unit/t_loop
tests_unit_t_loop_SOURCES = tests/unit/t_loop.c
tests_unit_t_loop_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_loop_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_coro
tests_unit_t_coro_SOURCES = tests/unit/t_coro.c
tests_unit_t_coro_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_coro_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_stream
tests_unit_t_stream_SOURCES = tests/unit/t_stream.c
tests_unit_t_stream_CPPFLAGS = $(PEER_CPPFLAGS)
tests_unit_t_stream_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_stream_LDADD = $(PEER_LIBS)


UNIT_TESTS += tests/unit/t_tls_stream
tests_unit_t_tls_stream_SOURCES = tests/unit/t_tls_stream.c
tests_unit_t_tls_stream_CPPFLAGS = $(PEER_CPPFLAGS)
tests_unit_t_tls_stream_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_tls_stream_LDADD = $(PEER_LIBS)

UNIT_TESTS += tests/unit/t_client_verdict
tests_unit_t_client_verdict_SOURCES = tests/unit/t_client_verdict.c
tests_unit_t_client_verdict_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_client_verdict_LDADD = $(UNIT_LIBS)
