libmxscope_a_SOURCES += \
	src/net/coro.c src/net/coro.h \
	src/net/curl_api.c src/net/curl_api.h \
	src/net/endpoint.c src/net/endpoint.h \
	src/net/lookup.c \
	src/net/loop.c src/net/loop.h \
	src/net/policy_fetch.c src/net/policy_fetch.h \
	src/net/resolver.c src/net/resolver.h src/net/resolver_room.h \
	src/net/resolver_verdict.c src/net/resolver_verdict.h \
	src/net/socket_stream.c \
	src/net/stream.h \
	src/net/stub.c src/net/stub.h \
	src/net/tls_context.c \
	src/net/tls_error.c \
	src/net/tls_hooks.c \
	src/net/tls_priority.c \
	src/net/tls_room.h \
	src/net/tls_stream.c src/net/tls_stream.h \
	src/net/trust_anchor.c src/net/trust_anchor.h
