libmxscope_a_SOURCES += \
	src/report/anon.c src/report/anon.h src/report/anon_room.h \
	src/report/anon_learn.c \
	src/report/anon_text.c \
	src/report/catalog.h \
	src/report/catalog_json.c \
	src/report/catalog_text.c \
	src/report/doc.c src/report/doc.h src/report/doc_room.h \
	src/report/doc_html.c \
	src/report/doc_markdown.c \
	src/report/json.c src/report/json.h \
	src/report/json_chain.c \
	src/report/json_verdict.c \
	src/report/pcapng.c \
	src/report/plan.h \
	src/report/plan_json.c \
	src/report/plan_text.c \
	src/report/report.h \
	src/report/session_doc.c src/report/session_doc.h \
	src/report/session_doc_host.c \
	src/report/session_file.c \
	src/report/text.c src/report/text_room.h \
	src/report/text_detail.c \
	src/report/verdicts.c \
	src/report/whatif.h src/report/whatif_room.h \
	src/report/whatif_brief.c \
	src/report/whatif_cells.c \
	src/report/whatif_doc.c \
	src/report/whatif_json.c \
	src/report/whatif_remedies.c \
	src/report/whatif_scenario.c \
	src/report/whatif_text.c \
	src/report/whatif_timeline.c \
	src/report/whatif_words.c \
	src/report/who.c src/report/who.h \
	src/report/wrap.c src/report/wrap.h
