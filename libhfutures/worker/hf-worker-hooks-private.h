/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-channel-private.h"
#include "hf-types.h"

G_BEGIN_DECLS

gboolean hf_worker_call_hooks (HfChannel       *channel,
                               HfFrame         *frame,
                               HfNamedHookFunc  func,
                               gpointer         func_data);

G_END_DECLS
