/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_WORK_CALL (hf_work_call_get_type ())

HF_AVAILABLE_IN_1_0
GType         hf_work_call_get_type        (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfWorkCall   *hf_work_call_ref             (HfWorkCall   *self);
HF_AVAILABLE_IN_1_0
void          hf_work_call_unref           (HfWorkCall   *self);

HF_AVAILABLE_IN_1_0
GCancellable *hf_work_call_get_cancellable (HfWorkCall   *self);
HF_AVAILABLE_IN_1_0
void          hf_work_call_set_value       (HfWorkCall   *self,
                                            const GValue *value);
HF_AVAILABLE_IN_1_0
void          hf_work_call_fail            (HfWorkCall   *self,
                                            const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWorkCall, hf_work_call_unref)

G_END_DECLS
