/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-transport-private.h"

G_BEGIN_DECLS

GBytes *hf_soup_body_read (SoupMessage   *message,
                           GInputStream  *stream,
                           HfHop         *hop,
                           gboolean       decode,
                           gboolean       interim,
                           GCancellable  *cancellable,
                           GError       **error);

G_END_DECLS
