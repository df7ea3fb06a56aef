/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-mock-call.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_MOCK_TRANSPORT (hf_mock_transport_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfMockTransport, hf_mock_transport, HF, MOCK_TRANSPORT, GObject)

HF_AVAILABLE_IN_1_0
HfMockTransport *hf_mock_transport_new            (HfMockFunc      func,
                                                   gpointer        user_data,
                                                   GDestroyNotify  destroy);
HF_AVAILABLE_IN_1_0
HfMockTransport *hf_mock_transport_new_in_context (HfMockFunc      func,
                                                   gpointer        user_data,
                                                   GDestroyNotify  destroy);

G_END_DECLS
