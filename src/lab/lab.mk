libmxscope_a_SOURCES += \
	src/lab/lab.h
