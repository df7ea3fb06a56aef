/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-loop-shards-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

void hf_async_sending_start    (HfLoopShards       *shards,
                                guint               idle_timeout,
                                HfConnectionConfig *config,
                                gboolean            may_tunnel,
                                HfHop              *hop,
                                GCancellable       *cancellable,
                                HfTransportDone     done,
                                gpointer            user_data);
void hf_async_sending_start_in (SoupSession        *soup,
                                HfConnectionConfig *config,
                                HfHop              *hop,
                                GCancellable       *cancellable,
                                HfTransportDone     done,
                                gpointer            user_data);

G_END_DECLS
