/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A proxy resolver that gives the same proxies for everything. */
#define HF_TYPE_PROXY_LIST (hf_proxy_list_get_type ())
G_DECLARE_FINAL_TYPE (HfProxyList, hf_proxy_list, HF, PROXY_LIST, GObject)

GProxyResolver *hf_proxy_list_new (const char *const *proxies);

G_END_DECLS
