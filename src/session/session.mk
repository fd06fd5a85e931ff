libmxscope_a_SOURCES += \
	src/session/client_verdict.h \
	src/session/options.h \
	src/session/session.h \
	src/session/stages.c \
	src/session/walk.c src/session/walk.h
