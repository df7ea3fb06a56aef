/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-private.h"

/* Bytes between processes: in the frame itself, or sealed when they are many. */

/* @n_sealed: (out): how many are sealed; 0: none */
gboolean
hf_wire_pack_bytes (GBytes   *bytes,
                    HfFrame  *frame,
                    guint64  *n_sealed,
                    GError  **error)
{
  gsize size = g_bytes_get_size (bytes);
  int fd;

  *n_sealed = 0;
  if (size <= HF_WIRE_MOST_INLINE)
    {
      frame->data = g_bytes_ref (bytes);
      return TRUE;
    }

  fd = hf_sealed_bytes_new (bytes, error);
  if (fd < 0)
    return FALSE;
  hf_frame_add_fd (frame, fd);
  *n_sealed = size;
  return TRUE;
}

/* Returns: (transfer full) (nullable): the bytes; %NULL with @error set when they are not there */
GBytes *
hf_wire_unpack_bytes (HfFrame  *frame,
                      guint64   n_sealed,
                      GError  **error)
{
  if (n_sealed > 0)
    return hf_sealed_bytes_map (hf_frame_take_fd (frame, 0), n_sealed, error);
  return frame->data != NULL ? g_bytes_ref (frame->data) : g_bytes_new_static (NULL, 0);
}
