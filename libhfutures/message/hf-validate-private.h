/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-request-private.h"

G_BEGIN_DECLS

/* Whether what a user gave can be sent. The errors name what is wrong. */

GUri     *hf_validate_uri      (const char  *uri,
                                GUri        *base,
                                GError     **error);
gboolean  hf_validate_method   (const char  *method,
                                const char  *uri,
                                GError     **error);
gboolean  hf_validate_field    (const char  *name,
                                const char  *value,
                                const char  *uri,
                                GError     **error);
gboolean  hf_validate_headers  (HfHeaders   *headers,
                                HfBody      *body,
                                const char  *uri,
                                GError     **error);

gboolean  hf_validate_length   (HfHeaders   *headers,
                                gint64       length,
                                const char  *uri,
                                GError     **error);

gboolean  hf_is_field_name     (const char  *name);
gboolean  hf_is_field_value    (const char  *value);
gboolean  hf_is_host           (const char  *host);

GUri     *hf_uri_parse         (const char  *uri,
                                GUri        *base);
gboolean  hf_uri_same_origin   (GUri        *uri,
                               GUri        *other);

G_END_DECLS
