libmxscope_a_SOURCES += \
	src/lab/faults.c \
	src/lab/lab.c \
	src/lab/lab.h \
	src/lab/lab_answer.c \
	src/lab/lab_clean.c \
	src/lab/lab_dns.c \
	src/lab/lab_dns.h \
	src/lab/lab_future.c src/lab/lab_future.h \
	src/lab/lab_future_plan.c \
	src/lab/lab_https.c \
	src/lab/lab_https.h \
	src/lab/lab_identity.c \
	src/lab/lab_ocsp.c \
	src/lab/lab_ocsp.h \
	src/lab/lab_pki.c \
	src/lab/lab_pki.h \
	src/lab/lab_plan.c \
	src/lab/lab_plan.h \
	src/lab/lab_reply.c \
	src/lab/lab_server.c \
	src/lab/lab_server.h \
	src/lab/lab_smtp.c \
	src/lab/lab_smtp.h \
	src/lab/lab_smtp_command.c \
	src/lab/lab_smtp_room.h \
	src/lab/lab_tls.c \
	src/lab/lab_tls.h \
	src/lab/lab_tls_priv.h \
	src/lab/lab_zones.c \
	src/lab/lab_zones.h \
	src/lab/lab_zones_priv.h
