libmxscope_a_SOURCES += \
	src/journal/fold.h \
	src/journal/journal.c src/journal/journal.h \
	src/journal/record.h
