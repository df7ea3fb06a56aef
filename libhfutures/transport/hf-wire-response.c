/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-response-private.h"

#include <fcntl.h>
#include <unistd.h>

#include "hf-sealed-bytes-private.h"

/* Responses between processes. A small body is among the values, a large one in sealed bytes. */

static void
pack_certificate (GTlsCertificate *certificate,
                  GVariantDict    *values)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der != NULL)
    g_variant_dict_insert_value (values, "certificate",
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, der->data,
                                                            der->len, 1));
}

/*
 * hf_wire_pack_response:
 * @fd: (out): sealed bytes that go along, to be closed by the caller; -1: none
 *
 * Returns: (nullable): a floating variant
 */
GVariant *
hf_wire_pack_response (HfResponse  *response,
                       HfHop       *hop,
                       int         *fd,
                       GError     **error)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  gsize size = g_bytes_get_size (response->bytes);
  const HfMetrics *metrics = &response->metrics;

  *fd = -1;
  if (size > HF_WIRE_MOST_INLINE)
    {
      /* What came as sealed bytes goes on as the same. */
      *fd = response->sealed >= 0 ? fcntl (response->sealed, F_DUPFD_CLOEXEC, 0)
                                  : hf_sealed_bytes_new (response->bytes, error);
      if (*fd < 0 && response->sealed >= 0)
        *fd = hf_sealed_bytes_new (response->bytes, error);
      if (*fd < 0)
        return NULL;
      g_variant_dict_insert (&values, "sealed", "t", (guint64) size);
    }
  else
    {
      g_variant_dict_insert_value (&values, "bytes",
                                   g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                             response->bytes, TRUE));
    }
  g_variant_dict_insert (&values, "status", "u", response->status);
  g_variant_dict_insert (&values, "reason", "s", response->reason);
  g_variant_dict_insert_value (&values, "headers", hf_wire_pack_headers (response->headers));
  g_variant_dict_insert (&values, "elapsed", "d", response->elapsed);
  g_variant_dict_insert (&values, "metrics", "(ddddd)", metrics->dns, metrics->connect,
                         metrics->tls, metrics->first_byte, metrics->total);
  g_variant_dict_insert (&values, "http-version", "u", response->http_version);
  if (response->tls_certificate != NULL)
    pack_certificate (response->tls_certificate, &values);
  return g_variant_dict_end (&values);
}

/* @sealed: (out): a descriptor of the bytes, if they are to be kept sealed; else -1 */
static GBytes *
unpack_bytes (HfFrame  *frame,
              gboolean  keep,
              int      *sealed,
              GError  **error)
{
  g_autoptr (GVariant) bytes = NULL;
  guint64 size;

  *sealed = -1;
  if (g_variant_lookup (frame->values, "sealed", "t", &size))
    {
      int fd = hf_frame_take_fd (frame, 0);

      if (keep && fd >= 0)
        *sealed = fcntl (fd, F_DUPFD_CLOEXEC, 0);
      return hf_sealed_bytes_map (fd, size, error);
    }

  bytes = g_variant_lookup_value (frame->values, "bytes", G_VARIANT_TYPE_BYTESTRING);
  return bytes != NULL ? g_variant_get_data_as_bytes (bytes) : g_bytes_new_static (NULL, 0);
}

static GTlsCertificate *
unpack_certificate (GVariant *values)
{
  g_autoptr (GVariant) packed =
    g_variant_lookup_value (values, "certificate", G_VARIANT_TYPE_BYTESTRING);
  g_autoptr (GByteArray) der = g_byte_array_new ();
  GType type = g_tls_backend_get_certificate_type (g_tls_backend_get_default ());

  if (packed == NULL)
    return NULL;

  g_byte_array_append (der, g_variant_get_data (packed), g_variant_get_size (packed));
  return g_initable_new (type, NULL, NULL, "certificate", der, NULL);
}

/*
 * hf_wire_unpack_response:
 *
 * Returns: (transfer full) (nullable): the response; %NULL with @error set when it is none
 */
HfResponse *
hf_wire_unpack_response (HfFrame  *frame,
                         HfHop    *hop,
                         GError  **error)
{
  GVariant *values = frame->values;
  const char *reason = NULL;
  guint status = 0;
  guint version = SOUP_HTTP_1_1;
  HfResponse *response;
  GBytes *bytes;
  int sealed;

  bytes = unpack_bytes (frame, hop->keeps_sealed, &sealed, error);
  if (bytes == NULL)
    {
      if (sealed >= 0)
        close (sealed);
      return NULL;
    }

  if (!g_variant_lookup (values, "status", "u", &status) || status < 100 || status > 999)
    {
      g_bytes_unref (bytes);
      if (sealed >= 0)
        close (sealed);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The other process sent what is no response");
      return NULL;
    }

  g_variant_lookup (values, "reason", "&s", &reason);
  g_variant_lookup (values, "http-version", "u", &version);
  response = hf_response_new (status, reason, hf_wire_unpack_headers (values), bytes);
  response->sealed = sealed;
  g_variant_lookup (values, "elapsed", "d", &response->elapsed);
  g_variant_lookup (values, "metrics", "(ddddd)", &response->metrics.dns,
                    &response->metrics.connect, &response->metrics.tls,
                    &response->metrics.first_byte, &response->metrics.total);
  response->http_version = MIN (version, SOUP_HTTP_2_0);
  response->tls_certificate = unpack_certificate (values);
  if (hop->max_body_size > 0 && g_bytes_get_size (bytes) > hop->max_body_size &&
      g_bytes_get_size (bytes) > HF_HOP_INTERIM_BODY_LIMIT)
    {
      g_object_unref (response);
      g_propagate_error (error, hf_hop_new_too_large (hop));
      return NULL;
    }
  return response;
}
