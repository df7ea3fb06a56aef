/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_PROXY_RULES (hf_proxy_rules_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfProxyRules, hf_proxy_rules, HF, PROXY_RULES, GObject)

HF_AVAILABLE_IN_1_0
HfProxyRules *hf_proxy_rules_new (const char *const  *proxies,
                                  const char *const  *ignore_hosts,
                                  GProxyResolver     *fallback,
                                  GError            **error);

G_END_DECLS
