/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-buffer-private.h"

#include <glib/gi18n-lib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hf-error-private.h"
#include "hf-sealed-bytes-private.h"

#define FIRST_CHUNK (16 * 1024)

/* From now on the data is in memory of a descriptor. Returns: whether there is any */
static gboolean
buffer_share (HfBuffer *self,
              gsize     allocated)
{
  int fd = hf_sealed_bytes_begin ();
  guint8 *data = fd >= 0 ? hf_sealed_bytes_resize (fd, NULL, 0, allocated) : NULL;

  if (data == NULL)
    {
      if (fd >= 0)
        close (fd);
      return FALSE;
    }

  if (self->length > 0)
    memcpy (data, self->data, self->length);
  g_free (self->data);
  self->data = data;
  self->fd = fd;
  self->shared = TRUE;
  return TRUE;
}

static gboolean
buffer_resize (HfBuffer *self,
               gsize     allocated)
{
  guint8 *data;

  if (!self->shared && self->seals && allocated > HF_SEALED_LEAST)
    return buffer_share (self, allocated);

  data = self->shared ? hf_sealed_bytes_resize (self->fd, self->data, self->allocated, allocated)
                      : g_try_realloc (self->data, allocated);
  if (data != NULL)
    self->data = data;
  return data != NULL;
}

/* Makes room for that many bytes in all. Returns: %FALSE with @error set when there is no memory */
gboolean
hf_buffer_reserve (HfBuffer  *self,
                   gsize      allocated,
                   GError   **error)
{
  if (!buffer_resize (self, allocated))
    {
      hf_init_i18n ();
      g_set_error_literal (error, HF_ERROR, HF_ERROR_TOO_LARGE,
                           _("There is not enough memory for the answer"));
      return FALSE;
    }

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
  int fd;

  if (self->shared && self->data != NULL)
    munmap (g_steal_pointer (&self->data), self->allocated);
  g_clear_pointer (&self->data, g_free);
  fd = hf_buffer_take_fd (self);
  if (fd >= 0)
    close (fd);
}

/* Returns: (transfer full) (nullable): the bytes, in a block of just their size */
GBytes *
hf_buffer_steal (HfBuffer  *self,
                 GError   **error)
{
  guint8 *data;

  if (self->shared && self->length > 0)
    return hf_sealed_bytes_end (self->fd, g_steal_pointer (&self->data), self->allocated,
                                self->length, error);
  if (self->length == 0)
    {
      hf_buffer_clear (self);
      return g_bytes_new_static (NULL, 0);
    }

  data = g_steal_pointer (&self->data);
  if (self->length < self->allocated)
    data = g_realloc (data, self->length);
  return g_bytes_new_take (data, self->length);
}

/* Returns: a descriptor of the bytes that were stolen, which the caller closes; -1: they are not
 * sealed */
int
hf_buffer_take_fd (HfBuffer *self)
{
  int fd = self->shared ? self->fd : -1;

  self->shared = FALSE;
  return fd;
}
