/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-frame-private.h"

#include <unistd.h>

/* GLib works out what it must know of a type for the first value, and forgets it with the last; and
 * it looks at the text of a type each time that G_VARIANT_TYPE() is said. */
static const GVariantType *
keep_type (const char  *type,
           GVariant   **kept)
{
  *kept = g_variant_new_from_data (G_VARIANT_TYPE (type), NULL, 0, FALSE, NULL, NULL);
  return g_variant_get_type (*kept);
}

static gpointer
make_types (gpointer data)
{
  static const GVariantType *types[HF_N_FRAMES];
  static GVariant *kept[2];

  for (guint i = HF_FRAME_NONE + 1; i < HF_N_FRAMES; i++)
    types[i] = G_VARIANT_TYPE_VARDICT;
  types[HF_FRAME_JOB] = keep_type (HF_FRAME_JOB_TYPE, &kept[0]);
  types[HF_FRAME_RESPONSE] = keep_type (HF_FRAME_RESPONSE_TYPE, &kept[1]);
  return types;
}

/* Returns: (nullable): what the values of such frames are; %NULL if there are none of that kind */
const GVariantType *
hf_frame_get_type (HfFrameKind kind)
{
  static GOnce once = G_ONCE_INIT;
  const GVariantType **types = g_once (&once, make_types, NULL);

  return kind < HF_N_FRAMES ? types[kind] : NULL;
}

void
hf_frame_clear (HfFrame *self)
{
  for (guint i = 0; i < self->n_fds; i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
  self->n_fds = 0;
  g_clear_pointer (&self->values, g_variant_unref);
  g_clear_pointer (&self->data, g_bytes_unref);
}

/* @fd: (transfer full) */
void
hf_frame_add_fd (HfFrame *self,
                 int      fd)
{
  g_assert (self->n_fds < HF_FRAME_MAX_FDS);
  self->fds[self->n_fds++] = fd;
}

/* Returns: a descriptor, which the caller closes, or -1 when there is none */
int
hf_frame_take_fd (HfFrame *self,
                  guint    position)
{
  int fd = -1;

  if (position < self->n_fds)
    {
      fd = self->fds[position];
      self->fds[position] = -1;
    }
  return fd;
}

/* Returns: whether it is not too long to be sent */
gboolean
hf_frame_fits (const HfFrame *self)
{
  gsize n_values = self->values != NULL ? g_variant_get_size (self->values) : 0;
  gsize n_data = self->data != NULL ? g_bytes_get_size (self->data) : 0;

  return n_values <= HF_FRAME_MAX_LENGTH && n_data <= HF_FRAME_MAX_LENGTH - n_values;
}

/* @values: a tuple that has a text there. Returns: (transfer none): it belongs to @values */
const char *
hf_frame_peek_text (GVariant *values,
                    gsize     position)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (values, position);

  return g_variant_get_string (child, NULL);
}

GVariant *
hf_frame_new_numbers (const char *type,
                      const void *numbers,
                      gsize       size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (numbers, size);

  return g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, TRUE);
}

/* @values: in normal form, so that their first child is as large as its type says */
void
hf_frame_copy_numbers (GVariant *values,
                       void     *numbers,
                       gsize     size)
{
  g_autoptr (GVariant) packed = g_variant_get_child_value (values, 0);

  g_assert (g_variant_get_size (packed) == size);
  memcpy (numbers, g_variant_get_data (packed), size);
}
