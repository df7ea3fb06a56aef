/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-shard-pool-private.h"
#include "hf-streamed-body-private.h"

G_BEGIN_DECLS

/*
 * HfShardStream:
 *
 * The body of a streamed response. It has the shard that sent the request, and reads on whatever
 * thread it is read on; so open streams keep no worker.
 */
#define HF_TYPE_SHARD_STREAM (hf_shard_stream_get_type ())
G_DECLARE_FINAL_TYPE (HfShardStream, hf_shard_stream, HF, SHARD_STREAM, GInputStream)

HfResponse *hf_shard_stream_respond (HfSending    *sending,
                                     GInputStream *source,
                                     HfShardPool  *pool,
                                     HfShard      *shard);

G_END_DECLS
