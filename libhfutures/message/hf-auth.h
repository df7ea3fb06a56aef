/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_AUTH (hf_auth_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfAuth, hf_auth, HF, AUTH, GObject)

HF_AVAILABLE_IN_1_0
HfAuth *hf_auth_new_for_basic  (const char     *user,
                                const char     *password);
HF_AVAILABLE_IN_1_0
HfAuth *hf_auth_new_for_bearer (const char     *token);
HF_AVAILABLE_IN_1_0
HfAuth *hf_auth_new_for_digest (const char     *user,
                                const char     *password);
HF_AVAILABLE_IN_1_0
HfAuth *hf_auth_new_for_func   (HfAuthFunc      func,
                                gpointer        user_data,
                                GDestroyNotify  destroy);

G_END_DECLS
