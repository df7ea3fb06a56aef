/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-response-private.h"

#include <fcntl.h>
#include <unistd.h>

/* Responses between processes. */

/* Returns: (transfer full): DER; empty when there is none */
static GBytes *
dup_certificate (HfResponse *response)
{
  g_autoptr (GByteArray) der = NULL;

  if (response->packed_certificate != NULL)
    return g_bytes_ref (response->packed_certificate);
  if (response->tls_certificate != NULL)
    g_object_get (response->tls_certificate, "certificate", &der, NULL);
  return der != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&der))
                     : g_bytes_new_static (NULL, 0);
}

static gboolean
pack_bytes (HfResponse  *response,
            HfFrame     *frame,
            guint64     *n_sealed,
            GError     **error)
{
  int fd = response->sealed >= 0 ? fcntl (response->sealed, F_DUPFD_CLOEXEC, 0) : -1;

  if (fd < 0)
    return hf_wire_pack_bytes (response->bytes, frame, n_sealed, error);

  /* What came as sealed bytes goes on as the same. */
  hf_frame_add_fd (frame, fd);
  *n_sealed = g_bytes_get_size (response->bytes);
  return TRUE;
}

/*
 * hf_wire_pack_response:
 * @frame: gets what does not belong to values
 *
 * Returns: (nullable): a floating variant, HF_FRAME_RESPONSE_TYPE
 */
GVariant *
hf_wire_pack_response (HfResponse  *response,
                       HfFrame     *frame,
                       GError     **error)
{
  const HfMetrics *metrics = &response->metrics;
  HfResponseNumbers numbers = {
    0,
    response->status,
    response->http_version,
    response->elapsed,
    metrics->dns,
    metrics->connect,
    metrics->tls,
    metrics->first_byte,
    metrics->total,
  };
  g_autoptr (GBytes) certificate = dup_certificate (response);
  g_autofree char *headers = hf_wire_pack_headers (response->headers);

  if (!pack_bytes (response, frame, &numbers.n_sealed, error))
    return NULL;

  {
    GVariant *values[] = {
      hf_frame_pack_numbers ("(tuudddddd)", numbers),
      g_variant_new_string (response->reason),
      g_variant_new_take_string (g_steal_pointer (&headers)),
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, certificate, TRUE),
    };

    return g_variant_new_tuple (values, G_N_ELEMENTS (values));
  }
}

static gboolean
is_time (double seconds)
{
  return seconds >= 0 && seconds <= G_MAXINT;
}

static gboolean
numbers_are_valid (const HfResponseNumbers *numbers)
{
  return numbers->status >= 100 && numbers->status <= 999 && is_time (numbers->elapsed) &&
         is_time (numbers->dns) && is_time (numbers->connect) && is_time (numbers->tls) &&
         is_time (numbers->first_byte) && is_time (numbers->total);
}

/* @sealed: (out): a descriptor of the bytes, if they are to be kept sealed; else -1 */
static GBytes *
unpack_bytes (HfFrame   *frame,
              guint64    n_sealed,
              gboolean   keep,
              int       *sealed,
              GError   **error)
{
  GBytes *bytes;

  *sealed = -1;
  if (keep && n_sealed > 0 && frame->n_fds > 0 && frame->fds[0] >= 0)
    *sealed = fcntl (frame->fds[0], F_DUPFD_CLOEXEC, 0);
  bytes = hf_wire_unpack_bytes (frame, n_sealed, error);
  if (bytes == NULL && *sealed >= 0)
    close (*sealed);
  return bytes;
}

/*
 * hf_wire_unpack_response:
 * @packed: HF_FRAME_RESPONSE_TYPE
 * @frame: has what does not belong to values
 *
 * Returns: (transfer full) (nullable): the response; %NULL with @error set when it is none
 */
HfResponse *
hf_wire_unpack_response (GVariant  *packed,
                         HfFrame   *frame,
                         HfHop     *hop,
                         GError   **error)
{
  g_autoptr (GVariant) certificate = NULL;
  HfResponseNumbers numbers;
  HfResponse *response;
  HfHeaders *headers;
  GBytes *bytes;
  gsize size;
  int sealed;

  hf_frame_unpack_numbers (packed, numbers);
  certificate = g_variant_get_child_value (packed, 3);
  if (!numbers_are_valid (&numbers) ||
      strlen (hf_frame_peek_text (packed, 2)) > HF_WIRE_MOST_HEADERS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The other process sent what is no response");
      return NULL;
    }

  bytes = unpack_bytes (frame, numbers.n_sealed, hop->keeps_sealed, &sealed, error);
  if (bytes == NULL)
    return NULL;

  size = g_bytes_get_size (bytes);
  headers = hf_wire_unpack_headers (hf_frame_peek_text (packed, 2));
  response = hf_response_new (numbers.status, hf_frame_peek_text (packed, 1), headers, bytes);
  response->sealed = sealed;
  response->elapsed = numbers.elapsed;
  response->http_version = MIN (numbers.http_version, SOUP_HTTP_2_0);
  response->metrics = (HfMetrics){
    .dns = numbers.dns,
    .connect = numbers.connect,
    .tls = numbers.tls,
    .first_byte = numbers.first_byte,
    .total = numbers.total,
  };
  if (g_variant_get_size (certificate) > 0)
    response->packed_certificate = g_variant_get_data_as_bytes (certificate);
  if (hop->max_body_size > 0 && size > hop->max_body_size)
    {
      g_object_unref (response);
      g_propagate_error (error, hf_hop_new_too_large (hop));
      return NULL;
    }
  return response;
}
