/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* It does not pay for fewer bytes. */
#define HF_SEALED_LEAST (64 * 1024)

/*
 * Bytes that go to another process by a descriptor: in memory of their own, sealed, so that who
 * gets them can be sure that nobody changes or cuts them (memfd_create(2), fcntl(2)).
 */
int     hf_sealed_bytes_new    (GBytes   *bytes,
                                GError  **error);
GBytes *hf_sealed_bytes_map    (int       fd,
                                guint64   size,
                                GError  **error);

/* The same for bytes that come one after the other. */
int     hf_sealed_bytes_begin  (void);
void   *hf_sealed_bytes_resize (int       fd,
                                void     *start,
                                gsize     allocated,
                                gsize     size);
GBytes *hf_sealed_bytes_end    (int       fd,
                                void     *start,
                                gsize     allocated,
                                gsize     length,
                                GError  **error);

G_END_DECLS
