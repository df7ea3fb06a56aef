/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include <glib/gi18n-lib.h>

#include "hf-mount-private.h"
#include "hf-response-stream-private.h"

/*
 * The hops of a job: what the exchange wants to be sent goes to the transport, and what comes back
 * goes to the exchange, until there is a response. Blocking on a worker, or asynchronously on a
 * loop.
 */

/* What comes next. */
typedef enum {
  HF_HOPS_SEND,     /* send the hop */
  HF_HOPS_AWAY,     /* the hop goes to another origin, so it takes its turn in the queue */
  HF_HOPS_ANSWERED, /* there is a response */
  HF_HOPS_ENDED,    /* the job has ended */
} HfHops;

static G_DEFINE_QUARK (hf-message-in-use, message_in_use)

static void
on_hop_phase (HfHop   *hop,
              HfPhase  phase)
{
  hf_send_job_enter_phase (hop->observer_data, phase);
}

static void
on_hop_activity (HfHop *hop)
{
  HfSendJob *self = hop->observer_data;
  const gboolean receiving = hop->phase == HF_PHASE_READING;
  const HfBytes bytes = {
    .sent = hop->n_sent,
    .received = hop->n_received,
    .receiving = receiving,
    .total = receiving ? hop->n_announced : hop->n_to_send,
  };

  hf_send_job_enter_phase (self, hop->phase);
  hf_promise_set_bytes (self->promise, &bytes, g_get_monotonic_time ());
}

static gboolean
on_hop_is_interim (HfHop     *hop,
                   guint      status,
                   HfHeaders *headers)
{
  HfSendJob *self = hop->observer_data;

  return self->message == NULL && hf_exchange_is_interim (&self->exchange, status, headers);
}

static const HfHopObserver hop_observer = {
  .phase = on_hop_phase,
  .activity = on_hop_activity,
  .is_interim = on_hop_is_interim,
};

/* The job fails with what libsoup or GIO said. */
static HfHops
send_job_fail (HfSendJob *self,
               GError    *cause,
               HfPhase    phase)
{
  GError *error = hf_error_new_for_cause (cause, phase, self->request->uri);

  hf_send_job_fail_promise (self, error, cause);
  hf_send_job_end (self);
  return HF_HOPS_ENDED;
}

/* The promise fails because of what a server answered. */
static void
send_job_fail_for_response (HfSendJob *self)
{
  HfExchange *exchange = &self->exchange;
  GValue value = G_VALUE_INIT;

  g_value_init (&value, HF_TYPE_RESPONSE);
  g_value_take_object (&value, g_steal_pointer (&exchange->response));
  hf_promise_fail_for_response (self->promise, g_steal_pointer (&exchange->error), &value);
}

/* What the exchange wants. */
static HfHops
send_job_take_step (HfSendJob *self,
                    HfStep     step)
{
  HfExchange *exchange = &self->exchange;

  if (step == HF_STEP_SEND)
    return exchange->changed_origin ? HF_HOPS_AWAY : HF_HOPS_SEND;

  if (exchange->error != NULL)
    {
      if (exchange->response != NULL)
        send_job_fail_for_response (self);
      else
        hf_promise_fail (self->promise, g_steal_pointer (&exchange->error), NULL);
      hf_send_job_end (self);
      return HF_HOPS_ENDED;
    }

  self->response = g_steal_pointer (&exchange->response);
  if (self->guard != NULL)
    hf_response_stream_wrap (self->response, self->guard);
  return HF_HOPS_ANSWERED;
}

/* Begins to send a user's own message, if nobody is sending it. */
static HfHops
send_job_begin_message (HfSendJob *self)
{
  HfHop *hop = &self->exchange.hop;
  GUri *uri = soup_message_get_uri (self->message);
  g_autofree char *shown = NULL;

  self->claimed_message = g_object_replace_qdata (G_OBJECT (self->message), message_in_use_quark (),
                                                  NULL, self, NULL, NULL);
  if (!self->claimed_message)
    {
      hf_init_i18n ();
      shown = hf_error_redact_uri (self->request->uri);
      return send_job_fail (self,
                            g_error_new (HF_ERROR, HF_ERROR_INVALID_REQUEST,
                                         _("The message for “%s” is still being sent"), shown),
                            hop->phase);
    }

  hop->message = self->message;
  hop->jar = hf_futures_session_get_cookie_jar (self->session);
  hop->method = soup_message_get_method (self->message);
  hop->uri = uri != NULL ? g_uri_ref (uri) : NULL;
  hop->settings = self->request;
  hop->max_body_size = self->settings.max_body_size;
  return HF_HOPS_SEND;
}

static HfHops
send_job_begin (HfSendJob *self)
{
  HfExchange *exchange = &self->exchange;

  if (self->begun)
    return HF_HOPS_SEND;

  self->begun = TRUE;
  exchange->hop.observer = &hop_observer;
  exchange->hop.observer_data = self;
  exchange->hop.http2 = self->settings.http_version == HF_HTTP_VERSION_HTTP2;
  exchange->hop.max_decompression_ratio = self->settings.max_decompression_ratio;
  if (self->message != NULL)
    return send_job_begin_message (self);
  if (self->invalid != NULL)
    return send_job_fail (self, g_steal_pointer (&self->invalid), exchange->hop.phase);

  exchange->hop.keeps_sealed = self->settings.hooks != NULL && self->settings.hooks->len > 0;
  exchange->hop.streams = self->request->stream || self->request->destination != NULL;
  if (self->request->stream && self->request->destination == NULL)
    {
      self->guard = hf_read_guard_new (self->request, &self->settings, self->deadline_due,
                                       hf_futures_session_get_executor (self->session),
                                       hf_send_job_get_future (self));
      exchange->hop.reader = G_OBJECT (g_object_ref (self->guard));
      exchange->hop.reader_observer = &hf_read_guard_observer;
    }
  hf_exchange_init (exchange, self->request, hf_futures_session_get_cookie_jar (self->session),
                    hf_futures_session_get_jar_used (self->session), self->settings.max_body_size);
  return send_job_take_step (self, hf_exchange_start (exchange));
}

static gboolean
send_job_has_expired (HfSendJob *self)
{
  gboolean expired;

  g_mutex_lock (&self->lock);
  expired = self->expired != NULL;
  g_mutex_unlock (&self->lock);
  return expired;
}

/*
 * send_job_take_answer:
 * @response: (transfer full) (nullable): what came back from a hop
 * @cause: (transfer full) (nullable): why nothing did
 */
static HfHops
send_job_take_answer (HfSendJob  *self,
                      HfResponse *response,
                      GError     *cause)
{
  HfExchange *exchange = &self->exchange;

  if (self->claimed_message)
    g_object_set_qdata (G_OBJECT (self->message), message_in_use_quark (), NULL);
  if (response != NULL && send_job_has_expired (self))
    {
      /* It came while the worker process was being told to stop. */
      g_clear_object (&response);
      cause = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, g_strerror (ECANCELED));
    }
  if (response == NULL)
    return send_job_fail (self, cause, exchange->hop.phase);

  if (hf_promise_is_settled (self->promise))
    {
      g_object_unref (response);
      hf_send_job_end (self);
      return HF_HOPS_ENDED;
    }

  if (self->message != NULL)
    {
      response->from = g_uri_ref (soup_message_get_uri (self->message));
      response->sent = hf_request_data_ref (self->request);
      self->response = response;
      return HF_HOPS_ANSWERED;
    }

  exchange->changed_origin = FALSE;
  return send_job_take_step (self, hf_exchange_take_response (exchange, response));
}

static void
send_job_begin_hooks (HfSendJob *self,
                      gboolean   on_worker)
{
  hf_send_job_give_cancellable_back (self);

  g_mutex_lock (&self->lock);
  self->phase_due = HF_CLOCK_NEVER;
  g_mutex_unlock (&self->lock);
  hf_send_job_go_on_with_hooks (self, on_worker);
}

/* Where the hop goes. A user's own message goes to a server. */
static HfTransport *
send_job_get_transport (HfSendJob *self)
{
  HfTransport *mounted = NULL;

  if (self->settings.mounts != NULL && self->message == NULL)
    mounted = hf_mount_list_find (self->settings.mounts, self->exchange.hop.uri);
  return mounted != NULL ? mounted : hf_futures_session_get_transport (self->session);
}

/* On a worker. */
void
hf_send_job_work (HfSendJob *self)
{
  HfHops next;

  if (self->response != NULL)
    {
      send_job_begin_hooks (self, TRUE); /* a hook sent it back to a worker */
      return;
    }

  hf_send_job_ensure_cancellable (self);
  next = send_job_begin (self);
  while (next == HF_HOPS_SEND)
    {
      GError *cause = NULL;
      HfResponse *response = hf_transport_send (send_job_get_transport (self), &self->exchange.hop,
                                                self->cancellable, &cause);

      next = send_job_take_answer (self, response, cause);
    }

  if (next == HF_HOPS_AWAY)
    hf_send_job_requeue (self);
  else if (next == HF_HOPS_ANSWERED &&
           (!hf_send_job_is_undelivered (self) || hf_send_job_deliver (self)))
    send_job_begin_hooks (self, TRUE);
}

static void
send_job_set_loop (HfSendJob    *self,
                   GMainContext *loop)
{
  GMainContext *before;

  g_mutex_lock (&self->lock);
  before = self->loop;
  self->loop = loop;
  g_mutex_unlock (&self->lock);
  if (before != NULL)
    g_main_context_unref (before);
}

static void send_job_go_on_async (HfSendJob *self,
                                  HfHops     next);

static void
on_answer (HfResponse *response,
           GError     *error,
           gpointer    user_data)
{
  HfSendJob *self = user_data;

  send_job_go_on_async (self, send_job_take_answer (self, response, error));
}

static void
on_delivered (HfSendJob *self,
              gboolean   goes_on)
{
  send_job_go_on_async (self, goes_on ? HF_HOPS_ANSWERED : HF_HOPS_ENDED);
}

static void
send_job_go_on_async (HfSendJob *self,
                      HfHops     next)
{
  g_autoptr (HfSendJob) alive = hf_send_job_ref (self);

  if (next == HF_HOPS_ANSWERED && hf_send_job_is_undelivered (self))
    {
      hf_send_job_deliver_async (self, on_delivered);
      return;
    }

  if (next == HF_HOPS_SEND)
    {
      hf_transport_send_async (send_job_get_transport (self), &self->exchange.hop,
                               self->cancellable, on_answer, self);
      return;
    }

  /* First, because from the next step on another thread may be at the job. */
  send_job_set_loop (self, NULL);
  hf_executor_leave (hf_futures_session_get_executor (self->session), HF_JOB (self));
  if (next == HF_HOPS_AWAY)
    hf_send_job_requeue (self);
  else if (next == HF_HOPS_ANSWERED)
    send_job_begin_hooks (self, FALSE);
}

/* On a loop. */
void
hf_send_job_work_async (HfSendJob *self)
{
  send_job_set_loop (self, g_main_context_ref_thread_default ());
  hf_send_job_ensure_cancellable (self);
  send_job_go_on_async (self, send_job_begin (self));
}
