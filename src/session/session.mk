libmxscope_a_SOURCES += \
	src/session/client_verdict.h \
	src/session/debugger.c \
	src/session/dns_room.h \
	src/session/domain_dns.c \
	src/session/options.h \
	src/session/session.h \
	src/session/stage_dns.c \
	src/session/stage_mx.c \
	src/session/stage_policy.c \
	src/session/stages.c \
	src/session/walk.c src/session/walk.h \
	src/session/zones.c
