libmxscope_a_SOURCES += \
	src/session/client_verdict.c src/session/client_verdict.h \
	src/session/debugger.c \
	src/session/dns_room.h \
	src/session/domain_dns.c \
	src/session/edit.c src/session/edit.h \
	src/session/engine.c \
	src/session/opinion.c \
	src/session/options.h \
	src/session/run.c \
	src/session/session.h \
	src/session/share.c \
	src/session/smtp_dialogue.c \
	src/session/stage_dns.c \
	src/session/stage_mx.c \
	src/session/stage_policy.c \
	src/session/stage_smtp.c src/session/stage_smtp.h \
	src/session/stage_tls.c src/session/stage_tls.h \
	src/session/stage_verdict.c \
	src/session/stages.c \
	src/session/tls_watch.c \
	src/session/walk.c src/session/walk.h \
	src/session/zones.c
