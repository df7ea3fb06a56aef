/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-clock-private.h"
#include "hf-shard-private.h"

G_BEGIN_DECLS

typedef struct _HfShardPool HfShardPool;

HfShardPool *hf_shard_pool_new       (void);
HfShardPool *hf_shard_pool_ref       (HfShardPool        *self);
void         hf_shard_pool_unref     (HfShardPool        *self);
void         hf_shard_pool_close     (HfShardPool        *self);
void         hf_shard_pool_set_idle_timeout (HfShardPool *self,
                                             guint        idle_timeout);
HfShard     *hf_shard_pool_check_out (HfShardPool        *self,
                                      HfConnectionConfig *config,
                                      GUri               *uri);
void         hf_shard_pool_check_in  (HfShardPool        *self,
                                      HfShard            *shard,
                                      GUri               *uri);
guint        hf_shard_pool_get_n_idle (HfShardPool       *self);

G_END_DECLS
