/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-buffer-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"

#define FIRST_CHUNK (16 * 1024)

/* Makes room for that many bytes in all. Returns: %FALSE with @error set when there is no memory */
gboolean
hf_buffer_reserve (HfBuffer  *self,
                   gsize      allocated,
                   GError   **error)
{
  guint8 *data = g_try_realloc (self->data, allocated);

  if (data == NULL)
    {
      hf_init_i18n ();
      g_set_error_literal (error, HF_ERROR, HF_ERROR_TOO_LARGE,
                           _("There is not enough memory for the answer"));
      return FALSE;
    }

  self->data = data;
  self->allocated = allocated;
  return TRUE;
}

/* Makes room for more. */
gboolean
hf_buffer_grow (HfBuffer  *self,
                GError   **error)
{
  return hf_buffer_reserve (self, MAX (FIRST_CHUNK, 2 * self->allocated), error);
}

/* Says that @length more bytes were written behind what was there. */
void
hf_buffer_commit (HfBuffer *self,
                  gsize     length)
{
  self->over = self->over || (guint64) self->length + length > self->limit;
  self->length = self->over ? 0 : self->length + length;
}

void
hf_buffer_clear (HfBuffer *self)
{
  g_clear_pointer (&self->data, g_free);
}

/* Returns: (transfer full): the bytes, in a block of just their size */
GBytes *
hf_buffer_steal (HfBuffer *self)
{
  guint8 *data = g_steal_pointer (&self->data);

  if (self->length == 0)
    g_clear_pointer (&data, g_free);
  else if (self->length < self->allocated)
    data = g_realloc (data, self->length);
  return g_bytes_new_take (data, self->length);
}
