libmxscope_a_SOURCES += \
	src/net/coro.c src/net/coro.h \
	src/net/loop.c src/net/loop.h \
	src/net/policy_fetch.h \
	src/net/resolver.h \
	src/net/stream.h \
	src/net/tls_stream.h
