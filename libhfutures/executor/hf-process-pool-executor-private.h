/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-process-pool-executor.h"
#include "hf-process-pool-private.h"

G_BEGIN_DECLS

HfProcessPool *hf_process_pool_executor_get_pool (HfProcessPoolExecutor *self);

G_END_DECLS
