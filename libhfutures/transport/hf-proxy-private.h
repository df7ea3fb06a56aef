/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

gboolean hf_proxy_authorize     (SoupMessage *message);
void     hf_proxy_accept_refusal (SoupMessage *message,
                                  SoupSession *soup);
void     hf_proxy_watch_tunnels (SoupSession *soup);
gboolean hf_proxy_is_in_use     (GProxyResolver *resolver,
                                 GUri           *uri,
                                 gboolean        may_block,
                                 GCancellable   *cancellable);

G_END_DECLS
