/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-mailbox-private.h"
#include "hf-mock-call.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

/* Where a call's answer comes in, once. Whoever sends has it, and the call itself. */
typedef struct _HfMockAnswer HfMockAnswer;

HfMockAnswer *hf_mock_answer_new       (void);
HfMockAnswer *hf_mock_answer_ref       (HfMockAnswer  *self);
void          hf_mock_answer_unref     (HfMockAnswer  *self);
gboolean      hf_mock_answer_give      (HfMockAnswer  *self,
                                        HfResponse    *response,
                                        GError        *error);
void          hf_mock_answer_wait      (HfMockAnswer  *self,
                                        GCancellable  *cancellable);
void          hf_mock_answer_set_task  (HfMockAnswer  *self,
                                        GTask         *task);
HfResponse   *hf_mock_answer_take      (HfMockAnswer  *self,
                                        GError       **error);

HfMockCall   *hf_mock_call_new         (HfHop         *hop,
                                        HfMockAnswer  *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMockAnswer, hf_mock_answer_unref)

G_END_DECLS
