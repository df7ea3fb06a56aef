/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

HF_AVAILABLE_IN_1_0
int hf_worker_run            (void);
HF_AVAILABLE_IN_1_0
int hf_worker_run_with_hooks (HfNamedHookFunc func,
                              gpointer        user_data);

G_END_DECLS
