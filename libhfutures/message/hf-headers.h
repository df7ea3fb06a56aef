/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_HEADERS (hf_headers_get_type ())

HF_AVAILABLE_IN_1_0
GType       hf_headers_get_type    (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfHeaders  *hf_headers_ref         (HfHeaders  *self);
HF_AVAILABLE_IN_1_0
void        hf_headers_unref       (HfHeaders  *self);

HF_AVAILABLE_IN_1_0
guint       hf_headers_get_n_items (HfHeaders  *self);
HF_AVAILABLE_IN_1_0
const char *hf_headers_get_name    (HfHeaders  *self,
                                    guint       position);
HF_AVAILABLE_IN_1_0
const char *hf_headers_get_value   (HfHeaders  *self,
                                    guint       position);
HF_AVAILABLE_IN_1_0
char       *hf_headers_lookup      (HfHeaders  *self,
                                    const char *name);
HF_AVAILABLE_IN_1_0
char      **hf_headers_lookup_all  (HfHeaders  *self,
                                    const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfHeaders, hf_headers_unref)

G_END_DECLS
