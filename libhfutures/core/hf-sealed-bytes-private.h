/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Bytes that go to another process by a descriptor: in memory of their own, sealed, so that who
 * gets them can be sure that nobody changes or cuts them (memfd_create(2), fcntl(2)).
 */
int     hf_sealed_bytes_new (GBytes  *bytes,
                             GError **error);
GBytes *hf_sealed_bytes_map (int      fd,
                             guint64  size,
                             GError **error);

G_END_DECLS
