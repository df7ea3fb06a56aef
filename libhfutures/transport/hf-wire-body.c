/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-private.h"

#include <glib/gi18n-lib.h>

#include "hf-body-private.h"

/*
 * Bodies of requests between processes: bytes as they are, all of them together; files by their
 * URIs. Each part is a URI, or "", and where its bytes begin, and how many there are.
 */

/* Whether it can go to another process. */
gboolean
hf_wire_check_body (HfBody  *body,
                    GError **error)
{
  for (guint i = 0; body->parts != NULL && i < body->parts->len; i++)
    {
      HfBodyPart *part = g_ptr_array_index (body->parts, i);

      if (part->bytes == NULL && part->file == NULL)
        {
          hf_init_i18n ();
          g_propagate_error (
            error, hf_error_new_not_serializable (_("A body that is not bytes or a file")));
          return FALSE;
        }
    }
  return TRUE;
}

static void
pack_part (HfBodyPart      *part,
           GVariantBuilder *parts,
           GByteArray      *together)
{
  g_autofree char *uri = NULL;
  gsize size;
  const void *data;

  if (part->bytes == NULL)
    {
      uri = g_file_get_uri (part->file);
      g_variant_builder_add (parts, "(stt)", uri, (guint64) 0, (guint64) 0);
      return;
    }

  data = g_bytes_get_data (part->bytes, &size);
  g_variant_builder_add (parts, "(stt)", "", (guint64) together->len, (guint64) size);
  g_byte_array_append (together, data, size);
}

static GVariant *
pack_parts (HfBody  *body,
            GBytes **bytes)
{
  GVariantBuilder parts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(stt)"));

  if (body->bytes != NULL)
    {
      *bytes = g_bytes_ref (body->bytes);
      g_variant_builder_add (&parts, "(stt)", "", (guint64) 0, (guint64) g_bytes_get_size (*bytes));
    }
  else
    {
      GByteArray *together = g_byte_array_new ();

      for (guint i = 0; i < body->parts->len; i++)
        pack_part (g_ptr_array_index (body->parts, i), &parts, together);
      *bytes = g_byte_array_free_to_bytes (together);
    }
  return g_variant_builder_end (&parts);
}

/* It is what most requests have. */
static gpointer
make_no_body (gpointer data)
{
  const GVariantType *type = G_VARIANT_TYPE (HF_FRAME_BODY_TYPE);

  return g_variant_ref_sink (g_variant_new_maybe (g_variant_type_element (type), NULL));
}

/*
 * hf_wire_pack_body:
 * @body: (nullable): what to pack
 * @frame: gets what does not belong to values
 *
 * Returns: (nullable): HF_FRAME_BODY_TYPE, floating or kept for ever
 */
GVariant *
hf_wire_pack_body (HfBody   *body,
                   HfFrame  *frame,
                   GError  **error)
{
  static GOnce no_body = G_ONCE_INIT;
  g_autoptr (GVariant) parts = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint64 n_sealed;

  if (body == NULL)
    return g_once (&no_body, make_no_body, NULL);
  if (!hf_wire_check_body (body, error))
    return NULL;

  parts = g_variant_ref_sink (pack_parts (body, &bytes));
  if (!hf_wire_pack_bytes (bytes, frame, &n_sealed, error))
    return NULL;
  return g_variant_new ("m(m^ay@a(stt)t)", TRUE, body->content_type, parts, n_sealed);
}

static HfBodyPart *
unpack_part (GVariant *packed,
             GBytes   *together)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *uri;
  guint64 begin;
  guint64 size;

  g_variant_get (packed, "(&stt)", &uri, &begin, &size);
  if (*uri != '\0')
    {
      g_autoptr (GFile) file = g_file_new_for_uri (uri);

      return hf_body_part_new_for_file (file);
    }

  if (begin > g_bytes_get_size (together) || size > g_bytes_get_size (together) - begin)
    return NULL;
  bytes = g_bytes_new_from_bytes (together, begin, size);
  return hf_body_part_new_for_bytes (bytes);
}

static gboolean
set_no_body (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "The other process sent what is no body");
  return FALSE;
}

/*
 * hf_wire_unpack_body:
 * @packed: HF_FRAME_BODY_TYPE
 * @frame: has what does not belong to values
 * @body: (out) (nullable) (transfer full): the body, if there is one
 */
gboolean
hf_wire_unpack_body (GVariant  *packed,
                     HfFrame   *frame,
                     HfBody   **body,
                     GError   **error)
{
  g_autoptr (GVariant) content = g_variant_get_maybe (packed);
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GVariantIter) iter = NULL;
  g_autoptr (GBytes) together = NULL;
  g_autofree char *content_type = NULL;
  GVariant *child;
  guint64 n_sealed;

  *body = NULL;
  if (content == NULL)
    return TRUE;

  g_variant_get (content, "(m^aya(stt)t)", &content_type, &iter, &n_sealed);
  together = hf_wire_unpack_bytes (frame, n_sealed, error);
  if (together == NULL)
    return FALSE;

  parts = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_body_part_unref);
  while ((child = g_variant_iter_next_value (iter)) != NULL)
    {
      HfBodyPart *part = unpack_part (child, together);

      g_variant_unref (child);
      if (part == NULL)
        return set_no_body (error);
      g_ptr_array_add (parts, part);
    }

  /* Bytes alone are sent again by libsoup itself. */
  if (parts->len == 1 && ((HfBodyPart *) g_ptr_array_index (parts, 0))->bytes != NULL)
    *body =
      hf_body_new_for_bytes (((HfBodyPart *) g_ptr_array_index (parts, 0))->bytes, content_type);
  else
    *body = hf_body_new_for_parts (g_steal_pointer (&parts), content_type, NULL);
  return TRUE;
}
