/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-private.h"

/* Header fields, errors and events between processes. */

/* Values are bytes, which they may be on the wire. */
GVariant *
hf_wire_pack_headers (HfHeaders *headers)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ayay)"));
  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    g_variant_builder_add (&builder, "(@ay@ay)",
                           g_variant_new_bytestring (hf_headers_get_name (headers, i)),
                           g_variant_new_bytestring (hf_headers_get_value (headers, i)));
  return g_variant_builder_end (&builder);
}

/* Returns: (transfer full): the fields that are among the values; none if there are none */
HfHeaders *
hf_wire_unpack_headers (GVariant *values)
{
  HfHeaders *headers = hf_headers_new ();
  g_autoptr (GVariant) packed =
    g_variant_lookup_value (values, "headers", G_VARIANT_TYPE ("a(ayay)"));
  gsize n = packed != NULL ? g_variant_n_children (packed) : 0;

  for (gsize i = 0; i < n; i++)
    {
      const char *name;
      const char *value;
      g_autofree char *valid_name = NULL;
      g_autofree char *valid_value = NULL;

      g_variant_get_child (packed, i, "(^&ay^&ay)", &name, &value);
      valid_name = g_utf8_make_valid (name, -1);
      valid_value = g_utf8_make_valid (value, -1);
      hf_headers_append (headers, valid_name, valid_value);
    }
  return headers;
}

GVariant *
hf_wire_pack_error (const GError *error)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *message = g_utf8_make_valid (error->message, -1);

  g_variant_dict_insert (&values, "domain", "s", g_quark_to_string (error->domain));
  g_variant_dict_insert (&values, "code", "i", error->code);
  g_variant_dict_insert (&values, "message", "s", message);
  return g_variant_dict_end (&values);
}

/* Domains stay for ever, so only those are made that there are already. */
static GQuark
find_domain (const char *name)
{
  GQuark known[] = { HF_ERROR,           G_IO_ERROR,      G_TLS_ERROR, G_RESOLVER_ERROR,
                     SOUP_SESSION_ERROR, G_CONVERT_ERROR, G_FILE_ERROR };
  GQuark domain = g_quark_try_string (name);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (domain == known[i])
      return domain;
  return HF_ERROR;
}

/* Returns: (transfer full): the error that is among the values */
GError *
hf_wire_unpack_error (GVariant *values)
{
  const char *name = "";
  const char *message = "";
  int code = HF_ERROR_FAILED;
  GQuark domain;

  g_variant_lookup (values, "domain", "&s", &name);
  g_variant_lookup (values, "message", "&s", &message);
  g_variant_lookup (values, "code", "i", &code);
  domain = find_domain (name);
  if (domain == HF_ERROR && (code < 0 || code > HF_ERROR_WRONG_TYPE))
    code = HF_ERROR_FAILED;
  return g_error_new_literal (domain, code, message);
}

GVariant *
hf_wire_pack_event (HfHop *hop)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&values, "phase", "y", hop->phase);
  g_variant_dict_insert (&values, "sent", "t", hop->n_sent);
  g_variant_dict_insert (&values, "to-send", "x", hop->n_to_send);
  g_variant_dict_insert (&values, "received", "t", hop->n_received);
  g_variant_dict_insert (&values, "announced", "x", hop->n_announced);
  return g_variant_dict_end (&values);
}

/* Takes over how far the hop has come in another process, and tells its observer. */
void
hf_wire_unpack_event (GVariant *values,
                      HfHop    *hop)
{
  const guint64 n_before = hop->n_sent + hop->n_received;
  guint8 phase = hop->phase;

  g_variant_lookup (values, "phase", "y", &phase);
  if (phase <= HF_PHASE_LAST && phase != hop->phase)
    hf_hop_enter_phase (hop, phase);
  g_variant_lookup (values, "sent", "t", &hop->n_sent);
  g_variant_lookup (values, "to-send", "x", &hop->n_to_send);
  g_variant_lookup (values, "received", "t", &hop->n_received);
  g_variant_lookup (values, "announced", "x", &hop->n_announced);
  if (hop->n_sent + hop->n_received != n_before)
    hop->observer->activity (hop);
}
