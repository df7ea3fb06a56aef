/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor-private.h"

G_BEGIN_DECLS

/* Runs each job where it is submitted, before submitting returns; or, held back, when asked to. */
#define HF_TYPE_INLINE_EXECUTOR (hf_inline_executor_get_type ())
G_DECLARE_FINAL_TYPE (HfInlineExecutor, hf_inline_executor, HF, INLINE_EXECUTOR, HfExecutor)

HfExecutor *hf_inline_executor_new  (void);
void        hf_inline_executor_hold (HfInlineExecutor *self);
void        hf_inline_executor_run  (HfInlineExecutor *self);

G_END_DECLS
