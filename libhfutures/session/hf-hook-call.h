/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-futures-session.h"
#include "hf-response.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_HOOK_CALL (hf_hook_call_get_type ())

HF_AVAILABLE_IN_1_0
GType             hf_hook_call_get_type     (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfHookCall       *hf_hook_call_ref          (HfHookCall   *self);
HF_AVAILABLE_IN_1_0
void              hf_hook_call_unref        (HfHookCall   *self);

HF_AVAILABLE_IN_1_0
HfFuture         *hf_hook_call_get_future   (HfHookCall   *self);
HF_AVAILABLE_IN_1_0
HfFuturesSession *hf_hook_call_get_session  (HfHookCall   *self);
HF_AVAILABLE_IN_1_0
HfResponse       *hf_hook_call_get_response (HfHookCall   *self);
HF_AVAILABLE_IN_1_0
const GValue     *hf_hook_call_get_value    (HfHookCall   *self);
HF_AVAILABLE_IN_1_0
void              hf_hook_call_set_value    (HfHookCall   *self,
                                             const GValue *value);
HF_AVAILABLE_IN_1_0
void              hf_hook_call_fail         (HfHookCall   *self,
                                             const GError *error);
HF_AVAILABLE_IN_1_0
void              hf_hook_call_attach       (HfHookCall   *self,
                                             const char   *name,
                                             GVariant     *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfHookCall, hf_hook_call_unref)

G_END_DECLS
