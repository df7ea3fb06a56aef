/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-body.h"
#include "hf-headers.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_MOCK_CALL (hf_mock_call_get_type ())

HF_AVAILABLE_IN_1_0
GType       hf_mock_call_get_type      (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfMockCall *hf_mock_call_ref           (HfMockCall   *self);
HF_AVAILABLE_IN_1_0
void        hf_mock_call_unref         (HfMockCall   *self);

HF_AVAILABLE_IN_1_0
const char *hf_mock_call_get_method    (HfMockCall   *self);
HF_AVAILABLE_IN_1_0
const char *hf_mock_call_get_uri       (HfMockCall   *self);
HF_AVAILABLE_IN_1_0
HfHeaders  *hf_mock_call_get_headers   (HfMockCall   *self);
HF_AVAILABLE_IN_1_0
HfBody     *hf_mock_call_get_body      (HfMockCall   *self);
HF_AVAILABLE_IN_1_0
GBytes     *hf_mock_call_load_body     (HfMockCall   *self,
                                        GError      **error);

HF_AVAILABLE_IN_1_0
void        hf_mock_call_append_header (HfMockCall   *self,
                                        const char   *name,
                                        const char   *value);
HF_AVAILABLE_IN_1_0
void        hf_mock_call_respond       (HfMockCall   *self,
                                        guint         status,
                                        HfBody       *body);
HF_AVAILABLE_IN_1_0
void        hf_mock_call_fail          (HfMockCall   *self,
                                        const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMockCall, hf_mock_call_unref)

G_END_DECLS
