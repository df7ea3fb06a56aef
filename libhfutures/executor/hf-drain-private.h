/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-drain.h"
#include "hf-executor.h"
#include "hf-latch-private.h"

G_BEGIN_DECLS

typedef struct _HfDrained HfDrained;

HfLatch   *hf_drain_get_latch (void);
HfDrained *hf_drained_new     (HfExecutor *executor);
void       hf_drained_retire  (HfDrained  *self);

G_END_DECLS
