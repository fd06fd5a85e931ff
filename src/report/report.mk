libmxscope_a_SOURCES += \
	src/report/json.c src/report/json.h \
	src/report/json_chain.c \
	src/report/json_verdict.c \
	src/report/report.h
