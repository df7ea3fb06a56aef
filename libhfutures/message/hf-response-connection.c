/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-private.h"

/* What is known of the connection over which a response came. */

/**
 * hf_response_get_metrics:
 * @self: a response
 *
 * Gives [property@Response:metrics].
 *
 * Returns: (transfer none): the metrics, owned by @self
 *
 * Since: 1.0
 */
HfMetrics *
hf_response_get_metrics (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  return &self->metrics;
}

/**
 * hf_response_get_http_version:
 * @self: a response
 *
 * Gives [property@Response:http-version].
 *
 * Returns: the version
 *
 * Since: 1.0
 */
SoupHTTPVersion
hf_response_get_http_version (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), SOUP_HTTP_1_1);

  return self->http_version;
}

static GTlsCertificate *
parse_certificate (GBytes *packed)
{
  g_autoptr (GByteArray) der = g_bytes_unref_to_array (g_bytes_ref (packed));
  GType type = g_tls_backend_get_certificate_type (g_tls_backend_get_default ());

  return g_initable_new (type, NULL, NULL, "certificate", der, NULL);
}

/**
 * hf_response_get_tls_certificate:
 * @self: a response
 *
 * Gives [property@Response:tls-certificate]. It was accepted, but without checks where
 * [property@Request:tls-insecure] said so.
 *
 * Returns: (transfer none) (nullable): the certificate, owned by @self; %NULL without TLS
 *
 * Since: 1.0
 */
GTlsCertificate *
hf_response_get_tls_certificate (HfResponse *self)
{
  GTlsCertificate *certificate;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  certificate = g_atomic_pointer_get (&self->tls_certificate);
  if (certificate != NULL || self->packed_certificate == NULL)
    return certificate;

  certificate = parse_certificate (self->packed_certificate);
  if (!g_atomic_pointer_compare_and_exchange (&self->tls_certificate, NULL, certificate))
    g_clear_object (&certificate);
  return g_atomic_pointer_get (&self->tls_certificate);
}
