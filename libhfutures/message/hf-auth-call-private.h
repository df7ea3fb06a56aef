/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-auth-call.h"
#include "hf-request-private.h"

G_BEGIN_DECLS

gboolean hf_auth_call_run (HfAuthFunc      func,
                           gpointer        user_data,
                           HfRequestData  *request,
                           char          **authorization,
                           GError        **error);

G_END_DECLS
