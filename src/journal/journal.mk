libmxscope_a_SOURCES += \
	src/journal/fields.c \
	src/journal/fold.c src/journal/fold.h src/journal/fold_room.h \
	src/journal/fold_dns.c src/journal/fold_session.c src/journal/fold_tls.c \
	src/journal/journal.c src/journal/journal.h \
	src/journal/record.c src/journal/record.h \
	src/journal/record_read.c
