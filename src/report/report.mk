libmxscope_a_SOURCES += \
	src/report/catalog.h \
	src/report/catalog_json.c \
	src/report/catalog_text.c \
	src/report/html.c src/report/html_room.h \
	src/report/html_detail.c \
	src/report/json.c src/report/json.h \
	src/report/json_chain.c \
	src/report/json_verdict.c \
	src/report/pcapng.c \
	src/report/report.h \
	src/report/session_file.c \
	src/report/text.c src/report/text_room.h \
	src/report/text_detail.c \
	src/report/verdicts.c \
	src/report/who.c src/report/who.h \
	src/report/wrap.c src/report/wrap.h
