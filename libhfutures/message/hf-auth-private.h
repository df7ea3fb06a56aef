/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-auth.h"
#include "hf-headers.h"

G_BEGIN_DECLS

char    *hf_auth_dup_authorization (HfAuth     *self,
                                    const char *method,
                                    GUri       *uri);
gboolean hf_auth_can_answer        (HfAuth     *self,
                                    HfHeaders  *headers,
                                    gboolean   *stale);
char    *hf_auth_answer_challenge  (HfAuth     *self,
                                    HfHeaders  *headers,
                                    const char *method,
                                    GUri       *uri);

G_END_DECLS
