#include "config.h"

#include "net/curl_api.h"

#include <dlfcn.h>
#include <string.h>

static const char *const names[] = {
#define X(name) "curl_" #name,
    MXS_CURL_CALLS(X)
#undef X
};

enum mxs_err mxs_curl_load(struct mxs_curl_api *out, struct mxs_why *why)
{
    void *calls[MXS_COUNT(names)];
    void *handle = dlopen(CURL_SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    _Static_assert(sizeof calls == sizeof *out, "one pointer a call, nothing else");
    if (!handle)
        return mxs_why_set(why, MXS_ERR_UNSUPPORTED, "%s", dlerror());
    for (size_t i = 0; i < MXS_COUNT(names); i++) {
        calls[i] = dlsym(handle, names[i]);
        if (!calls[i])
            return mxs_why_set(why, MXS_ERR_UNSUPPORTED, "%s: no %s in it", CURL_SONAME, names[i]);
    }
    memcpy(out, calls, sizeof calls); /* ISO C has no cast from object to function pointers */
    dlclose(handle);                  /* RTLD_NODELETE: only the count goes down */
    return MXS_OK;
}
