/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-read-guard-private.h"

G_BEGIN_DECLS

/*
 * HfResponseStream:
 *
 * The stream of a response as users see it: the transport's, with what the request says about time
 * and cancellation, and with errors that are worded for users.
 */
#define HF_TYPE_RESPONSE_STREAM (hf_response_stream_get_type ())
G_DECLARE_FINAL_TYPE (HfResponseStream, hf_response_stream, HF, RESPONSE_STREAM, GInputStream)

void hf_response_stream_wrap (HfResponse  *response,
                              HfReadGuard *guard);

G_END_DECLS
