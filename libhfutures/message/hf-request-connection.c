/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/* How a request wants its connections to be made. */

/**
 * hf_request_get_proxy_resolver:
 * @self: a request
 *
 * Gives [property@Request:proxy-resolver].
 *
 * Returns: (transfer none) (nullable): which proxy to use, or %NULL for the session's
 *
 * Since: 1.0
 */
GProxyResolver *
hf_request_get_proxy_resolver (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->proxy_resolver;
}

/**
 * hf_request_set_proxy_resolver:
 * @self: a request that was not submitted
 * @proxy_resolver: (nullable): which proxy to use, or %NULL for the session's
 *
 * Sets [property@Request:proxy-resolver].
 *
 * Since: 1.0
 */
void
hf_request_set_proxy_resolver (HfRequest      *self,
                               GProxyResolver *proxy_resolver)
{
  HF_REQUEST_CHANGE_OBJECT (REQUEST_SETTING_PROXY_RESOLVER, proxy_resolver, proxy_resolver);
}

/**
 * hf_request_get_tls_database:
 * @self: a request
 *
 * Gives [property@Request:tls-database].
 *
 * Returns: (transfer none) (nullable): which certificate authorities to trust, or %NULL for the
 *   session's
 *
 * Since: 1.0
 */
GTlsDatabase *
hf_request_get_tls_database (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->tls_database;
}

/**
 * hf_request_set_tls_database:
 * @self: a request that was not submitted
 * @tls_database: (nullable): which certificate authorities to trust, or %NULL for the session's
 *
 * Sets [property@Request:tls-database].
 *
 * Since: 1.0
 */
void
hf_request_set_tls_database (HfRequest    *self,
                             GTlsDatabase *tls_database)
{
  HF_REQUEST_CHANGE_OBJECT (REQUEST_SETTING_TLS_DATABASE, tls_database, tls_database);
}

/**
 * hf_request_get_tls_certificate:
 * @self: a request
 *
 * Gives [property@Request:tls-certificate].
 *
 * Returns: (transfer none) (nullable): the client certificate to show to the server, or %NULL for
 *   none
 *
 * Since: 1.0
 */
GTlsCertificate *
hf_request_get_tls_certificate (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->tls_certificate;
}

/**
 * hf_request_set_tls_certificate:
 * @self: a request that was not submitted
 * @tls_certificate: (nullable): the client certificate to show to the server, or %NULL for none
 *
 * Sets [property@Request:tls-certificate].
 *
 * Since: 1.0
 */
void
hf_request_set_tls_certificate (HfRequest       *self,
                                GTlsCertificate *tls_certificate)
{
  HF_REQUEST_CHANGE_OBJECT (REQUEST_SETTING_TLS_CERTIFICATE, tls_certificate, tls_certificate);
}

/**
 * hf_request_get_tls_insecure:
 * @self: a request
 *
 * Gives [property@Request:tls-insecure].
 *
 * Returns: whether to accept any certificate
 *
 * Since: 1.0
 */
gboolean
hf_request_get_tls_insecure (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), FALSE);

  return self->data->tls_insecure;
}

/**
 * hf_request_set_tls_insecure:
 * @self: a request that was not submitted
 * @tls_insecure: whether to accept any certificate
 *
 * Sets [property@Request:tls-insecure].
 *
 * Since: 1.0
 */
void
hf_request_set_tls_insecure (HfRequest *self,
                             gboolean   tls_insecure)
{
  tls_insecure = !!tls_insecure;
  HF_REQUEST_CHANGE (REQUEST_SETTING_TLS_INSECURE, tls_insecure, tls_insecure);
}
