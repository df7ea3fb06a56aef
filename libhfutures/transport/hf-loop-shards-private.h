/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-shard-private.h"

G_BEGIN_DECLS

/*
 * HfLoopShards:
 *
 * The shards of one loop. Each takes several requests at a time, but not many: what libsoup does
 * for each request grows with the number of those that its session has.
 *
 * All functions but the one that closes it are for the loop's own thread.
 */
typedef struct _HfLoopShards HfLoopShards;

HfLoopShards *hf_loop_shards_new       (GMainContext       *context);
HfLoopShards *hf_loop_shards_ref       (HfLoopShards       *self);
void          hf_loop_shards_unref     (HfLoopShards       *self);
void          hf_loop_shards_close     (HfLoopShards       *self);

HfShard      *hf_loop_shards_check_out (HfLoopShards       *self,
                                        HfConnectionConfig *config,
                                        GUri               *uri,
                                        guint               idle_timeout,
                                        gboolean           *has_connection);
void          hf_loop_shards_look_for_stuck (HfLoopShards *self);
void          hf_loop_shards_check_in  (HfLoopShards       *self,
                                        HfShard            *shard,
                                        GUri               *uri);

G_END_DECLS
