/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-transport-private.h"
#include "hf-process-pool-private.h"

G_BEGIN_DECLS

/*
 * HfProcessStream:
 *
 * The body of a response that a worker process streams, through a channel of its own.
 */
#define HF_TYPE_PROCESS_STREAM (hf_process_stream_get_type ())
G_DECLARE_FINAL_TYPE (HfProcessStream, hf_process_stream, HF, PROCESS_STREAM, GInputStream)

GInputStream *hf_process_stream_new (HfChannel       *channel,
                                     HfProcessPool   *pool,
                                     HfWorkerProcess *worker,
                                     const HfHop     *hop);

G_END_DECLS
