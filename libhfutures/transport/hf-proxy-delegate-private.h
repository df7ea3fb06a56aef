/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the proxies for a URI; %NULL with @error set */
typedef char **(*HfProxyLookup) (const char  *uri,
                                 gpointer     data,
                                 GError     **error);

/* A proxy resolver that has a function asked, which may block. */
#define HF_TYPE_PROXY_DELEGATE (hf_proxy_delegate_get_type ())
G_DECLARE_FINAL_TYPE (HfProxyDelegate, hf_proxy_delegate, HF, PROXY_DELEGATE, GObject)

GProxyResolver *hf_proxy_delegate_new (HfProxyLookup   lookup,
                                       gpointer        data,
                                       GDestroyNotify  destroy);

G_END_DECLS
