/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-send-job-private.h"

#include <glib/gi18n-lib.h>

#include "hf-delivery-private.h"

/* What becomes of the body of a request that has a destination. */

#define CHUNK_SIZE (64 * 1024)

static void
send_job_fail_to_save (HfSendJob *self,
                       GError    *cause)
{
  g_autofree char *shown = hf_error_redact_uri (self->request->uri);
  GError *error;

  hf_init_i18n ();
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    error = g_error_copy (cause);
  else
    error = g_error_new (HF_ERROR, HF_ERROR_FAILED,
                         _("The answer from “%s” could not be saved: %s"), shown, cause->message);
  hf_send_job_fail_promise (self, error, cause);
}

static void
send_job_fail_to_read (HfSendJob *self,
                       GError    *cause)
{
  GError *error = hf_error_new_for_cause (cause, HF_PHASE_READING, self->request->uri);

  hf_send_job_fail_promise (self, error, cause);
}

static gboolean
send_job_copy (HfSendJob     *self,
               GInputStream  *body,
               GOutputStream *stream)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_SIZE);
  GError *error = NULL;
  gssize length;

  for (;;)
    {
      hf_send_job_enter_phase (self, HF_PHASE_READING);
      length = g_input_stream_read (body, chunk, CHUNK_SIZE, self->cancellable, &error);
      hf_send_job_enter_phase (self, HF_PHASE_QUEUED); /* the server need not hurry meanwhile */
      if (length == 0)
        return TRUE;
      if (length < 0)
        {
          send_job_fail_to_read (self, error);
          return FALSE;
        }
      if (!g_output_stream_write_all (stream, chunk, length, NULL, self->cancellable, &error))
        {
          send_job_fail_to_save (self, error);
          return FALSE;
        }
    }
}

static gboolean
send_job_save (HfSendJob    *self,
               GInputStream *body)
{
  g_auto (HfDelivery) delivery;
  GError *error = NULL;

  hf_delivery_init (&delivery, self->request->destination);
  if (!hf_delivery_begin (&delivery, self->cancellable, &error))
    {
      send_job_fail_to_save (self, error);
      return FALSE;
    }

  if (!send_job_copy (self, body, delivery.stream))
    return FALSE;

  if (!hf_delivery_finish (&delivery, self->cancellable, &error))
    {
      send_job_fail_to_save (self, error);
      return FALSE;
    }
  return TRUE;
}

/* Nobody needs to know that it was a stream. */
static void
send_job_keep_loaded (HfSendJob *self)
{
  HfResponse *response = self->response;

  if (response->loaded == NULL)
    return;
  g_bytes_unref (response->bytes);
  response->bytes = g_steal_pointer (&response->loaded);
  g_clear_object (&response->stream);
}

/* The body of a response that says what went wrong is no download. */
static gboolean
send_job_load (HfSendJob *self)
{
  GError *error = NULL;

  hf_send_job_enter_phase (self, HF_PHASE_READING);
  if (!hf_response_load (self->response, self->cancellable, &error))
    {
      send_job_fail_to_read (self, error);
      return FALSE;
    }

  send_job_keep_loaded (self);
  return TRUE;
}

/* The body of a response that is delivered, which keeps none of it. */
static GInputStream *
send_job_take_body (HfSendJob *self)
{
  HfResponse *response = self->response;
  GInputStream *body = hf_response_get_stream (response);

  g_clear_object (&response->stream);
  g_bytes_unref (response->bytes);
  response->bytes = g_bytes_new_static (NULL, 0);
  return body;
}

/* Whether the job has a body to deliver. */
gboolean
hf_send_job_is_undelivered (HfSendJob *self)
{
  return self->request->destination != NULL && self->response != NULL && !self->delivered;
}

/* Returns: whether to go on */
static gboolean
send_job_delivered (HfSendJob *self,
                    gboolean   done)
{
  self->delivered = TRUE;
  hf_send_job_enter_phase (self, HF_PHASE_QUEUED);
  if (!done)
    hf_send_job_end (self);
  return done;
}

/*
 * hf_send_job_deliver:
 *
 * Blocks, on a worker.
 *
 * Returns: %FALSE when the job has ended
 */
gboolean
hf_send_job_deliver (HfSendJob *self)
{
  g_autoptr (GInputStream) body = NULL;
  gboolean done;

  if (!SOUP_STATUS_IS_SUCCESSFUL (self->response->status))
    return send_job_delivered (self, send_job_load (self));

  body = send_job_take_body (self);
  done = send_job_save (self, body);
  g_input_stream_close (body, NULL, NULL);
  return send_job_delivered (self, done);
}

/* A delivery on a loop. */
typedef struct {
  HfSendJob *job;         /* a reference */
  HfDelivery delivery;
  GInputStream *body;     /* owned, nullable */
  guint8 *chunk;          /* owned */
  HfDelivered func;
} LoopDelivery;

static void
loop_delivery_end (LoopDelivery *self,
                   gboolean      done)
{
  g_autoptr (HfSendJob) job = self->job;

  if (!done)
    hf_delivery_abandon_async (&self->delivery);
  hf_delivery_clear (&self->delivery);
  if (self->body != NULL)
    g_input_stream_close_async (self->body, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&self->body);
  self->func (job, send_job_delivered (job, done));
  g_free (self->chunk);
  g_free (self);
}

static void
loop_delivery_fail_to_save (LoopDelivery *self,
                            GError       *error)
{
  send_job_fail_to_save (self->job, error);
  loop_delivery_end (self, FALSE);
}

static void
on_finished (GError   *error,
             gpointer  user_data)
{
  if (error != NULL)
    loop_delivery_fail_to_save (user_data, error);
  else
    loop_delivery_end (user_data, TRUE);
}

static void loop_delivery_read (LoopDelivery *self);

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    loop_delivery_read (user_data);
  else
    loop_delivery_fail_to_save (user_data, error);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  LoopDelivery *self = user_data;
  GError *error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  hf_send_job_enter_phase (self->job, HF_PHASE_QUEUED); /* the server need not hurry meanwhile */
  if (length > 0)
    {
      g_output_stream_write_all_async (self->delivery.stream, self->chunk, length,
                                       G_PRIORITY_DEFAULT, self->job->cancellable, on_written,
                                       self);
    }
  else if (length == 0)
    {
      hf_delivery_finish_async (&self->delivery, self->job->cancellable, on_finished, self);
    }
  else
    {
      send_job_fail_to_read (self->job, error);
      loop_delivery_end (self, FALSE);
    }
}

static void
loop_delivery_read (LoopDelivery *self)
{
  hf_send_job_enter_phase (self->job, HF_PHASE_READING);
  g_input_stream_read_async (self->body, self->chunk, CHUNK_SIZE, G_PRIORITY_DEFAULT,
                             self->job->cancellable, on_read, self);
}

static void
on_begun (GError   *error,
          gpointer  user_data)
{
  if (error != NULL)
    loop_delivery_fail_to_save (user_data, error);
  else
    loop_delivery_read (user_data);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  LoopDelivery *self = user_data;
  GError *error = NULL;
  gboolean done = hf_response_load_finish (HF_RESPONSE (source), result, &error);

  if (done)
    send_job_keep_loaded (self->job);
  else
    send_job_fail_to_read (self->job, error);
  loop_delivery_end (self, done);
}

/*
 * hf_send_job_deliver_async:
 * @func: called once on this thread, with whether the job goes on
 *
 * On a loop, whose context is this thread's default one.
 */
void
hf_send_job_deliver_async (HfSendJob   *self,
                           HfDelivered  func)
{
  LoopDelivery *delivering = g_new0 (LoopDelivery, 1);

  delivering->job = hf_send_job_ref (self);
  delivering->func = func;
  if (!SOUP_STATUS_IS_SUCCESSFUL (self->response->status))
    {
      hf_send_job_enter_phase (self, HF_PHASE_READING);
      hf_response_load_async (self->response, self->cancellable, on_loaded, delivering);
      return;
    }

  delivering->body = send_job_take_body (self);
  delivering->chunk = g_malloc (CHUNK_SIZE);
  hf_delivery_init (&delivering->delivery, self->request->destination);
  hf_delivery_begin_async (&delivering->delivery, self->cancellable, on_begun, delivering);
}
