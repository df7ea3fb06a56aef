/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-shard-pool-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

#define HF_TYPE_SOUP_TRANSPORT (hf_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (HfSoupTransport, hf_soup_transport, HF, SOUP_TRANSPORT, GObject)

HfSoupTransport *hf_soup_transport_new          (SoupSession     *soup_session,
                                                 gboolean         supplied);
guint            hf_soup_transport_get_n_idle   (HfSoupTransport *self);
HfConnectionConfig *hf_soup_transport_ref_config (HfSoupTransport *self,
                                                 HfHop           *hop);

/* Without a session, as worker processes do. */
void             hf_soup_transport_prepare      (void);
HfResponse      *hf_soup_transport_send_with    (HfShardPool     *pool,
                                                 HfConnectionConfig *config,
                                                 HfHop           *hop,
                                                 GCancellable    *cancellable,
                                                 GError         **error);

G_END_DECLS
