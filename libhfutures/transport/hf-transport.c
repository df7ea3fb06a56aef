/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-transport-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_INTERFACE (HfTransport, hf_transport, G_TYPE_OBJECT)

static void
hf_transport_default_init (HfTransportInterface *iface)
{
}

/*
 * hf_transport_send:
 *
 * Sends a message and reads the whole response, blocking.
 *
 * Returns: (transfer full) (nullable): the response, without history and request
 */
HfResponse *
hf_transport_send (HfTransport   *self,
                   HfHop         *hop,
                   GCancellable  *cancellable,
                   GError       **error)
{
  return HF_TRANSPORT_GET_IFACE (self)->send (self, hop, cancellable, error);
}

/* Does the same on this thread's loop. */
void
hf_transport_send_async (HfTransport     *self,
                         HfHop           *hop,
                         GCancellable    *cancellable,
                         HfTransportDone  done,
                         gpointer         user_data)
{
  HF_TRANSPORT_GET_IFACE (self)->send_async (self, hop, cancellable, done, user_data);
}

/* Makes what a stream needs of a hop that it may outlive. */
void
hf_hop_init_for_reader (HfHop       *hop,
                        const HfHop *from)
{
  *hop = (HfHop){ .method = from->method,
                  .uri = g_uri_ref (from->uri),
                  .max_body_size = from->max_body_size,
                  .max_decompression_ratio = from->max_decompression_ratio,
                  .observer = from->observer,
                  .observer_data = from->observer_data,
                  .phase = from->phase,
                  .n_sent = from->n_sent,
                  .n_received = from->n_received,
                  .n_announced = from->n_announced };
  if (from->reader == NULL)
    return;

  hop->reader = g_object_ref (from->reader);
  hop->observer = from->reader_observer;
  hop->observer_data = hop->reader;
}

void
hf_hop_clear (HfHop *hop)
{
  g_clear_object (&hop->reader);
  g_clear_pointer (&hop->uri, g_uri_unref);
  g_clear_pointer (&hop->headers, hf_headers_unref);
  g_clear_object (&hop->body);
}

/* For transports. */
void
hf_hop_enter_phase (HfHop   *hop,
                    HfPhase  phase)
{
  hop->phase = phase;
  if (phase == HF_PHASE_CONNECTING || phase == HF_PHASE_QUEUED)
    {
      hop->n_sent = 0;
      hop->n_to_send = hop->body != NULL ? hf_body_get_length (hop->body) : -1;
      hop->n_received = 0;
      hop->n_announced = -1;
    }
  hop->observer->phase (hop, phase);
}

/* For transports: the error of a body that is larger than the hop allows. */
GError *
hf_hop_new_too_large (HfHop *hop)
{
  g_autofree char *uri = g_uri_to_string (hop->uri);
  g_autofree char *shown = hf_error_redact_uri (uri);
  g_autofree char *limit = g_format_size_full (hop->max_body_size, G_FORMAT_SIZE_LONG_FORMAT);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_TOO_LARGE,
                      _("The answer from “%s” is larger than the allowed %s"), shown, limit);
}

/* For transports: the error of a body that expands more than the hop allows. */
GError *
hf_hop_new_expands_too_much (HfHop *hop)
{
  g_autofree char *uri = g_uri_to_string (hop->uri);
  g_autofree char *shown = hf_error_redact_uri (uri);
  g_autofree char *ratio = g_strdup_printf ("%u", hop->max_decompression_ratio);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_TOO_LARGE,
                      _("The answer from “%s” expands to more than the allowed %s times its size"),
                      shown, ratio);
}
