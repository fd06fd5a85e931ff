libmxscope_a_SOURCES += \
	src/base/arena.c src/base/arena.h \
	src/base/base.c src/base/base.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/cursor.c src/base/cursor.h \
	src/base/der.c src/base/der.h \
	src/base/file.c src/base/file.h \
	src/base/ini_lines.c src/base/ini_lines.h \
	src/base/lines.c src/base/lines.h \
	src/base/text.c src/base/text.h
