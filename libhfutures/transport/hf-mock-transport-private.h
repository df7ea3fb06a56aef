/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-mock-transport.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

/*
 * HfMockHandler:
 *
 * Answers a message instead of a server, on the sending thread.
 *
 * Returns: (transfer full) (nullable): a response, or %NULL with @error set
 */
typedef HfResponse *(*HfMockHandler) (HfHop         *hop,
                                      GCancellable  *cancellable,
                                      gpointer       user_data,
                                      GError       **error);

HfTransport *hf_mock_transport_new_for_handler (HfMockHandler    handler,
                                                gpointer         user_data,
                                                GDestroyNotify   destroy);

HfResponse  *hf_mock_response_new              (guint            status,
                                                const char      *body,
                                                const char      *first_header,
                                                ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
