/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-gate.h"

G_BEGIN_DECLS

/* Gives “begin”, then passes a gate and waits until it is cancelled; passes another one when it is
 * closed. */
#define HF_TYPE_HANGING_STREAM (hf_hanging_stream_get_type ())
G_DECLARE_FINAL_TYPE (HfHangingStream, hf_hanging_stream, HF, HANGING_STREAM, GInputStream)

GInputStream *hf_hanging_stream_new (HfGate *reached,
                                     HfGate *closed);

G_END_DECLS
