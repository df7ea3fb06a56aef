/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char       *hf_charset_from_content_type (const char  *content_type);
const char *hf_charset_detect            (GBytes      *bytes);
const char *hf_charset_detect_json       (GBytes      *bytes);
char       *hf_charset_decode            (GBytes      *bytes,
                                          const char  *charset,
                                          GError     **error);

G_END_DECLS
