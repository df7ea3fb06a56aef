/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-request.h"
#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_AUTH_CALL (hf_auth_call_get_type ())

HF_AVAILABLE_IN_1_0
GType       hf_auth_call_get_type          (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfAuthCall *hf_auth_call_ref               (HfAuthCall   *self);
HF_AVAILABLE_IN_1_0
void        hf_auth_call_unref             (HfAuthCall   *self);

HF_AVAILABLE_IN_1_0
HfRequest  *hf_auth_call_get_request       (HfAuthCall   *self);
HF_AVAILABLE_IN_1_0
void        hf_auth_call_set_authorization (HfAuthCall   *self,
                                            const char   *authorization);
HF_AVAILABLE_IN_1_0
void        hf_auth_call_fail              (HfAuthCall   *self,
                                            const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfAuthCall, hf_auth_call_unref)

G_END_DECLS
