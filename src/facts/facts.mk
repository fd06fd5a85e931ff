libmxscope_a_SOURCES += \
	src/facts/catalog.c src/facts/catalog.h \
	src/facts/catalog_import.c \
	src/facts/catalog_json.c src/facts/catalog_json.h \
	src/facts/catalog_read.c src/facts/catalog_read.h \
	src/facts/cert.c src/facts/cert.h src/facts/cert_parse.h \
	src/facts/cert_ext.c \
	src/facts/cert_fields.c \
	src/facts/cert_fields_ext.c \
	src/facts/cert_key.c \
	src/facts/cert_pem.c \
	src/facts/crl.c src/facts/crl.h \
	src/facts/der_tree.c src/facts/der_tree.h \
	src/facts/dn.c src/facts/dn.h \
	src/facts/dns.c src/facts/dns.h \
	src/facts/dns_fields.c \
	src/facts/dns_names.c src/facts/dns_names.h \
	src/facts/dns_rdata.c src/facts/dns_rdata.h \
	src/facts/dns_wire.c src/facts/dns_wire.h \
	src/facts/evidence.c src/facts/evidence.h \
	src/facts/field.c src/facts/field.h \
	src/facts/ocsp.c src/facts/ocsp.h \
	src/facts/oids.c src/facts/oids.h \
	src/facts/pem.c src/facts/pem.h \
	src/facts/refid.c src/facts/refid.h \
	src/facts/smtp.c src/facts/smtp.h \
	src/facts/smtp_fields.c \
	src/facts/smtp_words.c src/facts/smtp_words.h \
	src/facts/stage.c src/facts/stage.h \
	src/facts/sts.c src/facts/sts.h \
	src/facts/sts_policy.c \
	src/facts/target.c src/facts/target.h \
	src/facts/tls.h \
	src/facts/tls_alert.c \
	src/facts/tls_certs.c \
	src/facts/tls_ciphers.c \
	src/facts/tls_decode.h \
	src/facts/tls_ext.c \
	src/facts/tls_hello.c \
	src/facts/tls_keys.c \
	src/facts/tls_message.c \
	src/facts/tls_names.c src/facts/tls_names.h \
	src/facts/tls_sct.c \
	src/facts/tlsa.c src/facts/tlsa.h \
	src/facts/wire.c src/facts/wire.h
