/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-response-private.h"

#include <glib/gi18n-lib.h>

/* What the hooks of a worker process have made of a response. */

enum {
  KIND_BASIC,   /* its type says which */
  KIND_BYTES,   /* GBytes */
  KIND_STRV,
  KIND_VARIANT,
};

static const struct {
  GType type;
  const char *packed;
} basics[] = {
  { G_TYPE_BOOLEAN, "b" }, { G_TYPE_INT, "i" },    { G_TYPE_UINT, "u" },   { G_TYPE_INT64, "x" },
  { G_TYPE_UINT64, "t" },  { G_TYPE_DOUBLE, "d" }, { G_TYPE_STRING, "s" },
};

static GVariant *
pack_basic (const GValue *value)
{
  switch (G_VALUE_TYPE (value))
    {
    case G_TYPE_BOOLEAN:
      return g_variant_new_boolean (g_value_get_boolean (value));
    case G_TYPE_INT:
      return g_variant_new_int32 (g_value_get_int (value));
    case G_TYPE_UINT:
      return g_variant_new_uint32 (g_value_get_uint (value));
    case G_TYPE_INT64:
      return g_variant_new_int64 (g_value_get_int64 (value));
    case G_TYPE_UINT64:
      return g_variant_new_uint64 (g_value_get_uint64 (value));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (g_value_get_double (value));
    case G_TYPE_STRING:
      if (g_value_get_string (value) != NULL &&
          g_utf8_validate (g_value_get_string (value), -1, NULL))
        return g_variant_new_string (g_value_get_string (value));
      return NULL;
    default:
      return NULL;
    }
}

static gboolean
strv_is_text (const char *const *strings)
{
  for (guint i = 0; strings[i] != NULL; i++)
    if (!g_utf8_validate (strings[i], -1, NULL))
      return FALSE;
  return TRUE;
}

/* Returns: (nullable): a floating variant, or one that somebody else has */
static GVariant *
pack_value (const GValue *value,
            guint8       *kind)
{
  const void *content;

  *kind = KIND_BASIC;
  if (G_VALUE_HOLDS (value, G_TYPE_VARIANT))
    {
      *kind = KIND_VARIANT;
      return g_value_get_variant (value);
    }
  if (!G_VALUE_HOLDS_BOXED (value))
    return pack_basic (value);

  content = g_value_get_boxed (value);
  if (content != NULL && G_VALUE_HOLDS (value, G_TYPE_BYTES))
    {
      *kind = KIND_BYTES;
      return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, (GBytes *) content, TRUE);
    }
  if (content != NULL && G_VALUE_HOLDS (value, G_TYPE_STRV) && strv_is_text (content))
    {
      *kind = KIND_STRV;
      return g_variant_new_strv (content, -1);
    }
  return NULL;
}

/*
 * hf_wire_pack_outcome:
 * @value: what is in the response's place; unset: nothing is
 * @frame: gets it
 */
gboolean
hf_wire_pack_outcome (HfResponse    *response,
                      const GValue  *value,
                      HfFrame       *frame,
                      GError       **error)
{
  g_auto (GVariantDict) outcome = G_VARIANT_DICT_INIT (NULL);
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint64 n_sealed;
  gboolean replaces = G_IS_VALUE (value);

  if (replaces && G_VALUE_HOLDS (value, HF_TYPE_RESPONSE))
    replaces = g_value_get_object (value) != response;
  if (replaces)
    {
      guint8 kind;
      GVariant *packed_value = pack_value (value, &kind);

      if (packed_value == NULL)
        {
          g_autofree char *what = NULL;

          hf_init_i18n ();
          what = g_strdup_printf (_("A value of type “%s” that a response hook has set"),
                                  G_VALUE_TYPE_NAME (value));
          g_propagate_error (error, hf_error_new_not_serializable (what));
          return FALSE;
        }
      g_variant_dict_insert (&outcome, "kind", "y", kind);
      g_variant_dict_insert_value (&outcome, "value", packed_value);
    }
  if (response->attached != NULL)
    g_variant_dict_insert_value (&outcome, "attached", response->attached);

  packed = g_variant_ref_sink (g_variant_dict_end (&outcome));
  bytes = g_variant_get_data_as_bytes (packed);
  if (!hf_wire_pack_bytes (bytes, frame, &n_sealed, error))
    return FALSE;
  g_variant_dict_insert (&values, "sealed", "t", n_sealed);
  frame->values = g_variant_ref_sink (g_variant_dict_end (&values));
  return TRUE;
}

/*
 * hf_wire_receive_outcome:
 *
 * Returns: (transfer full) (nullable): an outcome in normal form, whatever it says; %NULL with
 *   @error set when it is none
 */
GVariant *
hf_wire_receive_outcome (HfFrame  *frame,
                         GError  **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) outcome = NULL;
  guint64 n_sealed = 0;

  g_variant_lookup (frame->values, "sealed", "t", &n_sealed);
  bytes = hf_wire_unpack_bytes (frame, n_sealed, error);
  if (bytes == NULL)
    return NULL;

  outcome = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  if (!g_variant_is_normal_form (outcome))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The other process sent what no hook can have made");
      return NULL;
    }
  return g_steal_pointer (&outcome);
}

static gboolean
unpack_basic (GVariant *packed,
              GValue   *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (basics); i++)
    if (g_variant_is_of_type (packed, G_VARIANT_TYPE (basics[i].packed)))
      {
        g_dbus_gvariant_to_gvalue (packed, value);
        return G_VALUE_TYPE (value) == basics[i].type;
      }
  return FALSE;
}

static gboolean
unpack_value (GVariant *packed,
              guint8    kind,
              GValue   *value)
{
  if (kind == KIND_BASIC)
    return unpack_basic (packed, value);
  if (kind == KIND_BYTES && g_variant_is_of_type (packed, G_VARIANT_TYPE_BYTESTRING))
    {
      g_value_init (value, G_TYPE_BYTES);
      g_value_take_boxed (value, g_variant_get_data_as_bytes (packed));
      return TRUE;
    }
  if (kind == KIND_STRV && g_variant_is_of_type (packed, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_value_init (value, G_TYPE_STRV);
      g_value_take_boxed (value, g_variant_dup_strv (packed, NULL));
      return TRUE;
    }
  if (kind == KIND_VARIANT)
    {
      g_value_init (value, G_TYPE_VARIANT);
      g_value_set_variant (value, packed);
      return TRUE;
    }
  return FALSE;
}

/*
 * hf_wire_unpack_outcome:
 * @value: (out): what is in the response's place; unset when nothing is
 *
 * Gives the response what was attached to it in the worker.
 */
void
hf_wire_unpack_outcome (GVariant   *outcome,
                        HfResponse *response,
                        GValue     *value)
{
  g_autoptr (GVariant) attached =
    g_variant_lookup_value (outcome, "attached", G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) packed = NULL;
  guint8 kind = KIND_VARIANT;

  g_clear_pointer (&response->attached, g_variant_unref);
  response->attached = g_steal_pointer (&attached);
  g_variant_lookup (outcome, "kind", "y", &kind);
  packed = g_variant_lookup_value (outcome, "value", NULL);
  if (packed != NULL)
    unpack_value (packed, kind, value);
}
