/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-futures-session.h"
#include "hf-request-private.h"

G_BEGIN_DECLS

GVariant         *hf_wire_pack_session   (HfFuturesSession  *session,
                                          GError           **error);
HfFuturesSession *hf_wire_unpack_session (GVariant          *packed,
                                          GProxyResolver    *resolver);

G_END_DECLS
