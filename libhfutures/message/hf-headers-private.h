/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-headers.h"

G_BEGIN_DECLS

HfHeaders  *hf_headers_new             (void);
HfHeaders  *hf_headers_new_from_soup   (SoupMessageHeaders *soup);
HfHeaders  *hf_headers_copy            (HfHeaders          *self);
gboolean    hf_headers_is_shared       (HfHeaders          *self);
void        hf_headers_append          (HfHeaders          *self,
                                        const char         *name,
                                        const char         *value);
void        hf_headers_replace         (HfHeaders          *self,
                                        const char         *name,
                                        const char         *value);
void        hf_headers_remove          (HfHeaders          *self,
                                        const char         *name);
const char *hf_headers_peek            (HfHeaders          *self,
                                        const char         *name);

G_END_DECLS
