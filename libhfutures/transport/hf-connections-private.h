/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Which connections there are, as libsoup does not say of a message on which one it is. */

void               hf_connections_note (GPtrArray   *connections,
                                        SoupMessage *message,
                                        GIOStream   *stream);
GSocketConnection *hf_connections_find (GPtrArray   *connections,
                                        SoupMessage *message);

G_END_DECLS
