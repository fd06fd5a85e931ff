#include "config.h"

#include "facts/dns_names.h"

#include "base/text.h"

static const struct mxs_name securities[] = {
    { MXS_SECURITY_SECURE, "secure" },
    { MXS_SECURITY_INSECURE, "insecure" },
    { MXS_SECURITY_BOGUS, "bogus" },
    { MXS_SECURITY_ERROR, "error" },
    { MXS_SECURITY_ABSENT, "absent" },
    { MXS_SECURITY_UNSUPPORTED, "unsupported" },
    { 0, NULL },
};

/* IANA "Resource Record (RR) TYPEs". */
static const struct mxs_name types[] = {
    { 1, "A" },            { 2, "NS" },         { 5, "CNAME" },       { 6, "SOA" },
    { 12, "PTR" },         { 13, "HINFO" },     { 15, "MX" },         { 16, "TXT" },
    { 17, "RP" },          { 18, "AFSDB" },     { 24, "SIG" },        { 25, "KEY" },
    { 28, "AAAA" },        { 29, "LOC" },       { 33, "SRV" },        { 35, "NAPTR" },
    { 37, "CERT" },        { 39, "DNAME" },     { 41, "OPT" },        { 43, "DS" },
    { 44, "SSHFP" },       { 45, "IPSECKEY" },  { 46, "RRSIG" },      { 47, "NSEC" },
    { 48, "DNSKEY" },      { 49, "DHCID" },     { 50, "NSEC3" },      { 51, "NSEC3PARAM" },
    { 52, "TLSA" },        { 53, "SMIMEA" },    { 55, "HIP" },        { 59, "CDS" },
    { 60, "CDNSKEY" },     { 61, "OPENPGPKEY" }, { 62, "CSYNC" },     { 63, "ZONEMD" },
    { 64, "SVCB" },        { 65, "HTTPS" },     { 99, "SPF" },        { 108, "EUI48" },
    { 109, "EUI64" },      { 249, "TKEY" },     { 250, "TSIG" },      { 251, "IXFR" },
    { 252, "AXFR" },       { 255, "ANY" },      { 256, "URI" },       { 257, "CAA" },
    { 32769, "DLV" },      { 0, NULL },
};

/* IANA "DNS RCODEs". */
static const struct mxs_name rcodes[] = {
    { 0, "NOERROR" },  { 1, "FORMERR" }, { 2, "SERVFAIL" }, { 3, "NXDOMAIN" }, { 4, "NOTIMP" },
    { 5, "REFUSED" },  { 6, "YXDOMAIN" }, { 7, "YXRRSET" }, { 8, "NXRRSET" },  { 9, "NOTAUTH" },
    { 10, "NOTZONE" }, { 16, "BADVERS" }, { 23, "BADCOOKIE" }, { 0, NULL },
};

static const struct mxs_name classes[] = {
    { 1, "IN" }, { 3, "CH" }, { 4, "HS" }, { 254, "NONE" }, { 255, "ANY" }, { 0, NULL },
};

/* IANA "DNS Security Algorithm Numbers". */
static const struct mxs_name algorithms[] = {
    { 1, "RSAMD5" },
    { 3, "DSA" },
    { 5, "RSASHA1" },
    { 6, "DSA-NSEC3-SHA1" },
    { 7, "RSASHA1-NSEC3-SHA1" },
    { 8, "RSASHA256" },
    { 10, "RSASHA512" },
    { 12, "ECC-GOST" },
    { 13, "ECDSAP256SHA256" },
    { 14, "ECDSAP384SHA384" },
    { 15, "ED25519" },
    { 16, "ED448" },
    { 17, "SM2SM3" },
    { 23, "ECC-GOST12" },
    { 252, "INDIRECT" },
    { 253, "PRIVATEDNS" },
    { 254, "PRIVATEOID" },
    { 0, NULL },
};

/* IANA "Extended DNS Error Codes" (RFC 8914 5.2 and later rows). */
static const struct mxs_name edes[] = {
    { 0, "Other Error" },
    { 1, "Unsupported DNSKEY Algorithm" },
    { 2, "Unsupported DS Digest Type" },
    { 3, "Stale Answer" },
    { 4, "Forged Answer" },
    { 5, "DNSSEC Indeterminate" },
    { 6, "DNSSEC Bogus" },
    { 7, "Signature Expired" },
    { 8, "Signature Not Yet Valid" },
    { 9, "DNSKEY Missing" },
    { 10, "RRSIGs Missing" },
    { 11, "No Zone Key Bit Set" },
    { 12, "NSEC Missing" },
    { 13, "Cached Error" },
    { 14, "Not Ready" },
    { 15, "Blocked" },
    { 16, "Censored" },
    { 17, "Filtered" },
    { 18, "Prohibited" },
    { 19, "Stale NXDomain Answer" },
    { 20, "Not Authoritative" },
    { 21, "Not Supported" },
    { 22, "No Reachable Authority" },
    { 23, "Network Error" },
    { 24, "Invalid Data" },
    { 25, "Signature Expired before Valid" },
    { 26, "Too Early" },
    { 27, "Unsupported NSEC3 Iterations Value" },
    { 28, "Unable to conform to policy" },
    { 29, "Synthesized" },
    { 30, "Invalid Query Type" },
    { 0, NULL },
};

/* IANA "DNS EDNS0 Option Codes (OPT)". */
static const struct mxs_name edns_options[] = {
    { 1, "LLQ" },      { 3, "NSID" },         { 5, "DAU" },          { 6, "DHU" },
    { 7, "N3U" },      { 8, "Client Subnet" }, { 9, "EXPIRE" },      { 10, "COOKIE" },
    { 11, "TCP Keepalive" }, { 12, "Padding" }, { 13, "CHAIN" },     { 14, "Key Tag" },
    { 15, "Extended DNS Error" }, { 16, "Client Tag" }, { 17, "Server Tag" },
    { 18, "Report Channel" }, { 0, NULL },
};

const char *mxs_security_name(enum mxs_security security)
{
    return mxs_name_of(securities, (int)security);
}

enum mxs_security mxs_security_parse(const char *name)
{
    int value = mxs_name_value(securities, name);
    return value < 0 ? MXS_SECURITY_NONE : (enum mxs_security)value;
}

enum mxs_security mxs_security_both(enum mxs_security a, enum mxs_security aaaa)
{
    static const enum mxs_security order[] = {
        MXS_SECURITY_BOGUS,       MXS_SECURITY_ERROR,  MXS_SECURITY_UNSUPPORTED,
        MXS_SECURITY_INSECURE,    MXS_SECURITY_SECURE, MXS_SECURITY_ABSENT,
    };
    for (size_t i = 0; i < MXS_COUNT(order); i++)
        if (a == order[i] || aaaa == order[i])
            return order[i];
    return MXS_SECURITY_NONE;
}

const char *mxs_dns_type_name(uint16_t type)
{
    return mxs_name_of(types, type);
}

uint16_t mxs_dns_type_parse(const char *name)
{
    for (const struct mxs_name *t = types; t->name; t++)
        if (mxs_ascii_equal(t->name, name))
            return (uint16_t)t->value;
    return 0;
}

const char *mxs_dns_type_text(struct mxs_arena *arena, uint16_t type)
{
    const char *name = mxs_dns_type_name(type);
    return name ? name : mxs_arena_printf(arena, "TYPE%u", (unsigned)type);
}

const char *mxs_dns_rcode_name(int rcode)
{
    return mxs_name_of(rcodes, rcode);
}

const char *mxs_dns_class_name(unsigned dns_class)
{
    return mxs_name_of(classes, (int)dns_class);
}

const char *mxs_dns_algorithm_name(unsigned algorithm)
{
    return mxs_name_of(algorithms, (int)algorithm);
}

const char *mxs_dns_ede_name(unsigned code)
{
    return mxs_name_of(edes, (int)code);
}

const char *mxs_dns_edns_name(unsigned option)
{
    return mxs_name_of(edns_options, (int)option);
}
