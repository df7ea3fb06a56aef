/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "hf-body-private.h"
#include "hf-sealed-bytes-private.h"

/*
 * Bodies of requests between processes: bytes as they are, or all of them together as sealed bytes
 * when they are many; files by their URIs.
 */

enum {
  PART_BYTES,  /* ay */
  PART_SEALED, /* (tt): where they begin in the sealed bytes, and how many there are */
  PART_FILE,   /* s */
};

static gsize
count_bytes (HfBody *body)
{
  gsize n = 0;

  if (body->bytes != NULL)
    return g_bytes_get_size (body->bytes);
  for (guint i = 0; i < body->parts->len; i++)
    {
      HfBodyPart *part = g_ptr_array_index (body->parts, i);

      if (part->bytes != NULL)
        n += g_bytes_get_size (part->bytes);
    }
  return n;
}

static GVariant *
pack_bytes (GBytes     *bytes,
            GByteArray *sealed)
{
  gsize size = g_bytes_get_size (bytes);
  guint64 begin;

  if (sealed == NULL)
    return g_variant_new ("(yv)", PART_BYTES,
                          g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));

  begin = sealed->len;
  g_byte_array_append (sealed, g_bytes_get_data (bytes, NULL), size);
  return g_variant_new ("(yv)", PART_SEALED, g_variant_new ("(tt)", begin, (guint64) size));
}

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
pack_part (HfBodyPart       *part,
           GVariantBuilder  *parts,
           GByteArray       *sealed)
{
  g_autofree char *uri = NULL;

  if (part->bytes != NULL)
    {
      g_variant_builder_add_value (parts, pack_bytes (part->bytes, sealed));
      return;
    }

  uri = g_file_get_uri (part->file);
  g_variant_builder_add (parts, "(yv)", PART_FILE, g_variant_new_string (uri));
}

/*
 * hf_wire_pack_body:
 * @fd: (out): sealed bytes that go along, to be closed by the caller; -1: none
 */
gboolean
hf_wire_pack_body (HfBody        *body,
                   GVariantDict  *values,
                   int           *fd,
                   GError       **error)
{
  g_autoptr (GByteArray) sealed = NULL;
  g_auto (GVariantBuilder) parts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(yv)"));

  *fd = -1;
  if (!hf_wire_check_body (body, error))
    return FALSE;

  if (count_bytes (body) > HF_WIRE_MOST_INLINE && body->bytes != NULL)
    {
      /* The usual large body need not be copied twice. */
      *fd = hf_sealed_bytes_new (body->bytes, error);
      if (*fd < 0)
        return FALSE;
      g_variant_builder_add (&parts, "(yv)", PART_SEALED,
                             g_variant_new ("(tt)", (guint64) 0,
                                            (guint64) g_bytes_get_size (body->bytes)));
    }
  else if (body->bytes != NULL)
    {
      g_variant_builder_add_value (&parts, pack_bytes (body->bytes, NULL));
    }
  else
    {
      if (count_bytes (body) > HF_WIRE_MOST_INLINE)
        sealed = g_byte_array_new ();
      for (guint i = 0; i < body->parts->len; i++)
        pack_part (g_ptr_array_index (body->parts, i), &parts, sealed);
    }

  if (sealed != NULL)
    {
      g_autoptr (GBytes) together = g_byte_array_free_to_bytes (g_steal_pointer (&sealed));

      *fd = hf_sealed_bytes_new (together, error);
      if (*fd < 0)
        return FALSE;
      g_variant_dict_insert (values, "sealed", "t", (guint64) g_bytes_get_size (together));
    }
  else if (*fd >= 0)
    {
      g_variant_dict_insert (values, "sealed", "t", (guint64) g_bytes_get_size (body->bytes));
    }
  if (body->content_type != NULL)
    g_variant_dict_insert (values, "content-type", "^ay", body->content_type);
  g_variant_dict_insert_value (values, "body", g_variant_builder_end (&parts));
  return TRUE;
}

static GBytes *
unpack_bytes (GVariant *value,
              GBytes   *sealed)
{
  guint64 begin;
  guint64 size;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return g_variant_get_data_as_bytes (value);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("(tt)")) || sealed == NULL)
    return NULL;

  g_variant_get (value, "(tt)", &begin, &size);
  if (begin > g_bytes_get_size (sealed) || size > g_bytes_get_size (sealed) - begin)
    return NULL;
  return g_bytes_new_from_bytes (sealed, begin, size);
}

static HfBodyPart *
unpack_part (GVariant *packed,
             GBytes   *sealed)
{
  g_autoptr (GVariant) value = NULL;
  guint8 kind;

  g_variant_get (packed, "(yv)", &kind, &value);
  if (kind == PART_FILE && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (value, NULL));

      return hf_body_part_new_for_file (file);
    }
  else
    {
      g_autoptr (GBytes) bytes = unpack_bytes (value, sealed);

      return bytes != NULL ? hf_body_part_new_for_bytes (bytes) : NULL;
    }
}

/*
 * hf_wire_unpack_body:
 * @body: (out) (nullable) (transfer full): the body, if the frame has one
 */
gboolean
hf_wire_unpack_body (HfFrame  *frame,
                     HfBody  **body,
                     GError  **error)
{
  g_autoptr (GVariant) packed =
    g_variant_lookup_value (frame->values, "body", G_VARIANT_TYPE ("a(yv)"));
  g_autoptr (GPtrArray) parts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) hf_body_part_unref);
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *content_type = NULL;
  guint64 size;

  *body = NULL;
  if (packed == NULL)
    return TRUE;

  if (g_variant_lookup (frame->values, "sealed", "t", &size))
    {
      sealed = hf_sealed_bytes_map (hf_frame_take_fd (frame, 0), size, error);
      if (sealed == NULL)
        return FALSE;
    }
  g_variant_lookup (frame->values, "content-type", "^ay", &content_type);
  for (gsize i = 0; i < g_variant_n_children (packed); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (packed, i);
      HfBodyPart *part = unpack_part (child, sealed);

      if (part == NULL)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "The other process sent what is no body");
          return FALSE;
        }
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
