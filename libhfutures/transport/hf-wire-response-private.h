/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-wire-private.h"

G_BEGIN_DECLS

GVariant   *hf_wire_pack_response   (HfResponse    *response,
                                     HfFrame       *frame,
                                     GError       **error);
HfResponse *hf_wire_unpack_response (GVariant      *packed,
                                     HfFrame       *frame,
                                     HfHop         *hop,
                                     GError       **error);

gboolean    hf_wire_pack_answer     (HfResponse    *response,
                                     GVariantDict  *values,
                                     HfFrame       *frame,
                                     GError       **error);
HfResponse *hf_wire_unpack_answer   (HfFrame       *frame,
                                     GError       **error);

gboolean    hf_wire_pack_outcome    (HfResponse    *response,
                                     const GValue  *value,
                                     HfFrame       *frame,
                                     GError       **error);
GVariant   *hf_wire_receive_outcome (HfFrame       *frame,
                                     GError       **error);
void        hf_wire_unpack_outcome  (GVariant      *outcome,
                                     HfResponse    *response,
                                     GValue        *value);

G_END_DECLS
