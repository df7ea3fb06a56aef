/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-auth.h"
#include "hf-request-private.h"

G_BEGIN_DECLS

gboolean hf_auth_get_authorization (HfAuth         *self,
                                    HfRequestData  *request,
                                    GUri           *uri,
                                    char          **authorization,
                                    GError        **error);
gboolean hf_auth_is_func           (HfAuth         *self);
gboolean hf_auth_can_answer        (HfAuth         *self,
                                    HfHeaders      *headers,
                                    gboolean       *stale);
char    *hf_auth_answer_challenge  (HfAuth         *self,
                                    HfHeaders      *headers,
                                    const char     *method,
                                    GUri           *uri);
GVariant *hf_auth_pack            (HfAuth         *self);
HfAuth  *hf_auth_unpack           (GVariant       *packed);

G_END_DECLS
