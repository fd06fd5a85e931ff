libmxscope_a_SOURCES += \
	src/facts/evidence.c src/facts/evidence.h \
	src/facts/field.c src/facts/field.h \
	src/facts/stage.c src/facts/stage.h
