/* libcurl, loaded when a policy is fetched and not before: with the eighteen libraries behind it, it
 * would make each start of the program half as long again, for something that few walks need. */
#ifndef MXSCOPE_SRC_NET_CURL_API_H
#define MXSCOPE_SRC_NET_CURL_API_H

#include <curl/curl.h>

#include "base/base.h"

/* X(name): curl_<name>, as curl_api.<name> */
#define MXS_CURL_CALLS(X)                                                                       \
    X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_setopt) X(easy_strerror)                \
    X(global_cleanup) X(global_init) X(multi_add_handle) X(multi_assign) X(multi_cleanup)       \
    X(multi_info_read) X(multi_init) X(multi_remove_handle) X(multi_setopt)                     \
    X(multi_socket_action) X(slist_append) X(slist_free_all)

struct mxs_curl_api {
#define X(name) __typeof__(curl_##name) *name;
    MXS_CURL_CALLS(X)
#undef X
};

/* The library that configure found; it stays loaded. MXS_ERR_UNSUPPORTED with why when it is gone. */
enum mxs_err mxs_curl_load(struct mxs_curl_api *out, struct mxs_why *why);

#endif
