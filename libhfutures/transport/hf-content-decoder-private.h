/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-buffer-private.h"

G_BEGIN_DECLS

typedef struct _HfContentDecoder HfContentDecoder;

const char       *hf_content_decoder_get_accepted (gboolean    secure);

HfContentDecoder *hf_content_decoder_new    (const char        *content_encoding);
void              hf_content_decoder_free   (HfContentDecoder  *self);
gboolean          hf_content_decoder_feed   (HfContentDecoder  *self,
                                             const guint8      *data,
                                             gsize              length,
                                             HfBuffer          *buffer,
                                             GError           **error);
gboolean          hf_content_decoder_finish (HfContentDecoder  *self,
                                             GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfContentDecoder, hf_content_decoder_free)

G_END_DECLS
