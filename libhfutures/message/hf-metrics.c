/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-metrics-private.h"

/**
 * HfMetrics:
 *
 * Where the time of one request and its response went.
 *
 * All times are in seconds, and of the last message only: redirects that came before have metrics
 * of their own in [property@Response:history]. What did not happen took 0 seconds: on a connection
 * that was there already, there is nothing to look up and to connect.
 *
 * Immutable; any thread may read it.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (HfMetrics, hf_metrics, hf_metrics_copy, hf_metrics_free)

/**
 * hf_metrics_copy:
 * @self: metrics
 *
 * Makes a copy.
 *
 * Returns: (transfer full): a copy
 *
 * Since: 1.0
 */
HfMetrics *
hf_metrics_copy (HfMetrics *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_memdup2 (self, sizeof *self);
}

/**
 * hf_metrics_free:
 * @self: (transfer full): metrics
 *
 * Frees metrics.
 *
 * Since: 1.0
 */
void
hf_metrics_free (HfMetrics *self)
{
  g_return_if_fail (self != NULL);

  g_free (self);
}

/**
 * hf_metrics_get_dns:
 * @self: metrics
 *
 * Gives the time that it took to find the addresses of the server or its proxy.
 *
 * Returns: the time in seconds
 *
 * Since: 1.0
 */
double
hf_metrics_get_dns (HfMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->dns;
}

/**
 * hf_metrics_get_connect:
 * @self: metrics
 *
 * Gives the time that it took to be connected, also through a proxy, once the addresses were known.
 * TLS comes after that.
 *
 * Returns: the time in seconds
 *
 * Since: 1.0
 */
double
hf_metrics_get_connect (HfMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->connect;
}

/**
 * hf_metrics_get_tls:
 * @self: metrics
 *
 * Gives the time that the TLS handshake took.
 *
 * Returns: the time in seconds
 *
 * Since: 1.0
 */
double
hf_metrics_get_tls (HfMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->tls;
}

/**
 * hf_metrics_get_first_byte:
 * @self: metrics
 *
 * Gives the time from the beginning, before anything is looked up, until the header section of the
 * response was there, and with it the first byte of the body may be. [property@Response:elapsed] is
 * the same.
 *
 * Returns: the time in seconds
 *
 * Since: 1.0
 */
double
hf_metrics_get_first_byte (HfMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->first_byte;
}

/**
 * hf_metrics_get_total:
 * @self: metrics
 *
 * Gives the time from the beginning until the last byte of the body was there; where the body is a
 * stream, until that was given out.
 *
 * Returns: the time in seconds
 *
 * Since: 1.0
 */
double
hf_metrics_get_total (HfMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->total;
}
