/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-proxy-rules.h"

G_BEGIN_DECLS

gboolean hf_proxy_resolver_equal (GProxyResolver *resolver,
                                  GProxyResolver *other);
gboolean hf_proxy_resolver_is_plain (GProxyResolver *resolver);

G_END_DECLS
