/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * HfBuffer:
 *
 * Bytes that are collected, up to a limit.
 */
typedef struct {
  guint8 *data;    /* owned */
  gsize length;
  gsize allocated;
  guint64 limit;
  gboolean over;   /* there was more than the limit; from then on nothing is kept */
  gboolean seals;  /* if there is much it is to be sealed, for another process */
  gboolean shared; /* the data is the memory of the descriptor */
  int fd;          /* owned, while it is shared */
} HfBuffer;

gboolean hf_buffer_reserve (HfBuffer  *self,
                            gsize      allocated,
                            GError   **error);
gboolean hf_buffer_grow    (HfBuffer  *self,
                            GError   **error);
void     hf_buffer_commit  (HfBuffer  *self,
                            gsize      length);
void     hf_buffer_clear   (HfBuffer  *self);
GBytes  *hf_buffer_steal   (HfBuffer  *self,
                            GError   **error);
int      hf_buffer_take_fd (HfBuffer  *self);

G_END_DECLS
