/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-private.h"

/* Header fields, errors, and how far a hop has come, between processes. */

/* A text that has the end of a line in it cannot be sent, and must not become one that can. */
static void
append_line (GString    *packed,
             const char *text)
{
  gsize begin = packed->len;

  g_string_append (packed, text);
  if (strchr (text, '\n') != NULL)
    g_strdelimit (packed->str + begin, "\n", '\r');
  g_string_append_c (packed, '\n');
}

/* Names and values in turn, each a line. */
char *
hf_wire_pack_headers (HfHeaders *headers)
{
  GString *packed = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    {
      append_line (packed, hf_headers_get_name (headers, i));
      append_line (packed, hf_headers_get_value (headers, i));
    }
  text = g_string_free (packed, FALSE);
  return g_utf8_validate (text, -1, NULL) ? g_steal_pointer (&text) : g_utf8_make_valid (text, -1);
}

/* Returns: the text up to the end of a line, or %NULL at the end; then @rest is what follows it */
static const char *
take_line (char **rest)
{
  char *line = *rest;
  char *end = strchr (line, '\n');

  if (end == NULL)
    return NULL;
  *end = '\0';
  *rest = end + 1;
  return line;
}

/* Returns: (transfer full): the fields */
HfHeaders *
hf_wire_unpack_headers (const char *packed)
{
  HfHeaders *headers = hf_headers_new ();
  g_autofree char *copy = g_strdup (packed);
  char *rest = copy;
  const char *name;
  const char *value;

  while ((name = take_line (&rest)) != NULL && (value = take_line (&rest)) != NULL)
    hf_headers_append (headers, name, value);
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

/* In the worker: shows how far the hop has come. */
void
hf_wire_write_status (HfSharedStatus *status,
                      HfHop          *hop)
{
  hf_shared_status_set (status, phase, hop->phase);
  hf_shared_status_set (status, sent, hop->n_sent);
  hf_shared_status_set (status, to_send, hop->n_to_send);
  hf_shared_status_set (status, received, hop->n_received);
  hf_shared_status_set (status, announced, hop->n_announced);
}

/* Whatever another process says. */
static guint64
to_count (guint64 n_bytes)
{
  return MIN (n_bytes, (guint64) G_MAXINT64);
}

/* The same for what may not be known. */
static gint64
to_size (gint64 n_bytes)
{
  return MAX (n_bytes, -1);
}

/* What was sent, when more has happened since, belongs to the time when it was. */
static void
take_sent (HfHop   *hop,
           guint64  n_sent,
           gint64   n_to_send,
           guint    phase)
{
  if (n_sent == hop->n_sent)
    return;

  if (hop->phase < HF_PHASE_SENDING && phase > HF_PHASE_SENDING)
    hf_hop_enter_phase (hop, HF_PHASE_SENDING);
  else if (phase != hop->phase && phase <= HF_PHASE_SENDING)
    hf_hop_enter_phase (hop, phase);
  hop->n_sent = n_sent;
  hop->n_to_send = n_to_send;
  hop->observer->activity (hop);
}

/* Takes over how far the hop has come in another process, and tells its observer. */
void
hf_wire_read_status (HfSharedStatus *status,
                     HfHop          *hop)
{
  guint phase = hf_shared_status_get (status, phase);
  guint64 n_sent = to_count (hf_shared_status_get (status, sent));
  gint64 n_to_send = to_size (hf_shared_status_get (status, to_send));
  guint64 n_received = to_count (hf_shared_status_get (status, received));

  take_sent (hop, n_sent, n_to_send, phase);
  if (phase <= HF_PHASE_LAST && phase != hop->phase)
    hf_hop_enter_phase (hop, phase);
  hop->n_sent = n_sent;
  hop->n_to_send = n_to_send;
  hop->n_announced = to_size (hf_shared_status_get (status, announced));
  if (n_received == hop->n_received)
    return;

  hop->n_received = n_received;
  hop->observer->activity (hop);
}

/* The same for what is read of a stream. */
void
hf_wire_unpack_progress (GVariant *values,
                         HfHop    *hop)
{
  const guint64 n_before = hop->n_received;

  g_variant_lookup (values, "received", "t", &hop->n_received);
  g_variant_lookup (values, "announced", "x", &hop->n_announced);
  hop->n_received = to_count (hop->n_received);
  hop->n_announced = to_size (hop->n_announced);
  if (hop->n_received != n_before)
    hop->observer->activity (hop);
}
