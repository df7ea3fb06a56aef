/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mock-transport-private.h"

#include <string.h>

/*
 * Answers without a network: what a session does with what comes back is the same. It goes through
 * the phases of a real hop and keeps its limits.
 */

struct _HfMockTransport {
  GObject parent_instance;

  HfMockHandler handler;   /* const */
  gpointer user_data;      /* owned through destroy */
  GDestroyNotify destroy;
};

static void hf_mock_transport_iface_init (HfTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfMockTransport, hf_mock_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_mock_transport_iface_init))

static void
hf_mock_transport_finalize (GObject *object)
{
  HfMockTransport *self = HF_MOCK_TRANSPORT (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);

  G_OBJECT_CLASS (hf_mock_transport_parent_class)->finalize (object);
}

static void
hf_mock_transport_class_init (HfMockTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_mock_transport_finalize;
}

static void
hf_mock_transport_init (HfMockTransport *self)
{
}

HfTransport *
hf_mock_transport_new (HfMockHandler  handler,
                       gpointer       user_data,
                       GDestroyNotify destroy)
{
  HfMockTransport *self = g_object_new (HF_TYPE_MOCK_TRANSPORT, NULL);

  self->handler = handler;
  self->user_data = user_data;
  self->destroy = destroy;
  return HF_TRANSPORT (self);
}

/*
 * hf_mock_response_new:
 * @first_header: (nullable): a name, followed by its value and further names and values
 */
HfResponse *
hf_mock_response_new (guint       status,
                      const char *body,
                      const char *first_header,
                      ...)
{
  HfHeaders *headers = hf_headers_new ();
  va_list rest;

  va_start (rest, first_header);
  for (const char *name = first_header; name != NULL; name = va_arg (rest, const char *))
    hf_headers_append (headers, name, va_arg (rest, const char *));
  va_end (rest);

  return hf_response_new (status, NULL, headers, g_bytes_new (body, strlen (body)));
}

static HfResponse *
hf_mock_transport_send (HfTransport   *transport,
                        HfHop         *hop,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfMockTransport *self = HF_MOCK_TRANSPORT (transport);
  g_autoptr (HfResponse) response = NULL;

  hf_hop_enter_phase (hop, HF_PHASE_CONNECTING);
  hf_hop_enter_phase (hop, HF_PHASE_SENDING);
  hf_hop_enter_phase (hop, HF_PHASE_WAITING);
  response = self->handler (hop, cancellable, self->user_data, error);
  if (response == NULL)
    return NULL;

  hf_hop_enter_phase (hop, HF_PHASE_READING);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (hop->max_body_size > 0 && g_bytes_get_size (response->bytes) > hop->max_body_size &&
      !hop->observer->is_interim (hop, response->status, response->headers))
    {
      g_propagate_error (error, hf_hop_new_too_large (hop));
      return NULL;
    }

  return g_steal_pointer (&response);
}

typedef struct {
  HfHop *hop;
  HfTransportDone done;
  gpointer user_data;
} HfMockSending;

static void
answer_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  HfMockSending *sending = task_data;
  GError *error = NULL;
  HfResponse *response = hf_transport_send (source, sending->hop, cancellable, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  HfMockSending *sending = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  HfResponse *response = g_task_propagate_pointer (G_TASK (result), &error);

  sending->done (response, error, sending->user_data);
}

/* The handler may block, so it has a thread. */
static void
hf_mock_transport_send_async (HfTransport     *transport,
                              HfHop           *hop,
                              GCancellable    *cancellable,
                              HfTransportDone  done,
                              gpointer         user_data)
{
  g_autoptr (GTask) task = g_task_new (transport, cancellable, on_answered, NULL);
  HfMockSending *sending = g_new (HfMockSending, 1);

  *sending = (HfMockSending){ hop, done, user_data };
  g_task_set_source_tag (task, hf_mock_transport_send_async);
  g_task_set_task_data (task, sending, g_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, answer_in_thread);
}

static void
hf_mock_transport_iface_init (HfTransportInterface *iface)
{
  iface->send = hf_mock_transport_send;
  iface->send_async = hf_mock_transport_send_async;
}
