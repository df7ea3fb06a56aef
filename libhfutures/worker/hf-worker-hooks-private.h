/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-frame-private.h"
#include "hf-types.h"

G_BEGIN_DECLS

void hf_worker_call_hooks (HfFrame         *frame,
                           GProxyResolver  *resolver,
                           HfNamedHookFunc  func,
                           gpointer         func_data,
                           HfFrame         *outcome);

G_END_DECLS
