/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-loop-shards-private.h"
#include "hf-streamed-body-private.h"

G_BEGIN_DECLS

/*
 * HfLoopStream:
 *
 * The body of a response that was streamed on a loop. libsoup's stream is read on the loop's
 * thread only; whoever reads this one, on any thread, has it done there.
 */
#define HF_TYPE_LOOP_STREAM (hf_loop_stream_get_type ())
G_DECLARE_FINAL_TYPE (HfLoopStream, hf_loop_stream, HF, LOOP_STREAM, GInputStream)

HfResponse *hf_loop_stream_respond (HfSending    *sending,
                                    GInputStream *source,
                                    HfLoopShards *shards,
                                    HfShard      *shard);

G_END_DECLS
