/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-stream-private.h"

#include <glib/gi18n-lib.h>

struct _HfResponseStream {
  GInputStream parent_instance;

  GInputStream *base;   /* owned, const: the transport's */
  HfReadGuard *guard;   /* owned, const */

  /* Used by one thread at a time, as GInputStream sees to. */
  gboolean ended;       /* there is no more */
  GError *failed;       /* owned, nullable: why not */
};

G_DEFINE_FINAL_TYPE (HfResponseStream, hf_response_stream, G_TYPE_INPUT_STREAM)

/* What ends one read: the guard, or the reader. */
typedef struct {
  GCancellable *either;   /* owned */
  GCancellable *closing;  /* owned: the guard's */
  GCancellable *given;    /* owned, nullable: the reader's */
  gulong closing_handler; /* 0: there is only the guard's */
  gulong given_handler;
} ReadStop;

static void
cancel_either (GCancellable *cancellable,
               gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
unref_closure (gpointer  data,
               GClosure *closure)
{
  g_object_unref (data);
}

/* Not g_cancellable_connect(): its disconnection waits for running handlers. */
static gulong
watch_cancellable (GCancellable *watched,
                   GCancellable *either)
{
  gulong handler = g_signal_connect_data (watched, "cancelled", G_CALLBACK (cancel_either),
                                          g_object_ref (either), unref_closure, 0);

  if (g_cancellable_is_cancelled (watched))
    g_cancellable_cancel (either);
  return handler;
}

static void
read_stop_init (ReadStop     *self,
                GCancellable *closing,
                GCancellable *given)
{
  *self = (ReadStop){ .closing = g_object_ref (closing) };
  if (given == NULL)
    {
      self->either = g_object_ref (closing);
      return;
    }

  self->given = g_object_ref (given);
  self->either = g_cancellable_new ();
  self->closing_handler = watch_cancellable (closing, self->either);
  self->given_handler = watch_cancellable (given, self->either);
}

static void
read_stop_clear (ReadStop *self)
{
  if (self->given != NULL)
    {
      g_signal_handler_disconnect (self->closing, self->closing_handler);
      g_signal_handler_disconnect (self->given, self->given_handler);
      g_object_unref (self->given);
    }
  g_object_unref (self->closing);
  g_object_unref (self->either);
}

static void
response_stream_release (HfResponseStream *self)
{
  g_input_stream_close (self->base, NULL, NULL);
  hf_read_guard_retire (self->guard);
}

/* Whether there is nothing to be read any more. */
static gboolean
response_stream_is_over (HfResponseStream  *self,
                         GError           **error)
{
  if (self->failed != NULL)
    g_propagate_error (error, g_error_copy (self->failed));
  return self->ended;
}

/* What a reader is told when nothing but a close can have ended its read. */
static GError *
response_stream_explain (HfResponseStream *self,
                         GError           *told,
                         GCancellable     *given)
{
  if (!g_error_matches (told, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      hf_read_guard_was_cancelled (self->guard) || g_cancellable_is_cancelled (given))
    return told;

  g_error_free (told);
  hf_init_i18n ();
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _("The response was closed"));
}

/*
 * response_stream_end_read:
 * @length: what was read; 0 at the end, -1 with @failed
 * @failed: (transfer full) (nullable): what went wrong
 * @given: (nullable): the reader's cancellable
 *
 * Returns: (transfer full) (nullable): what the reader is told of that
 */
static GError *
response_stream_end_read (HfResponseStream *self,
                          gssize            length,
                          GError           *failed,
                          GCancellable     *given)
{
  gboolean is_closing = g_cancellable_is_cancelled (hf_read_guard_get_closing (self->guard));
  gboolean goes_on = length > 0 ||
                     (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !is_closing);
  GError *told = hf_read_guard_end (self->guard, failed);

  if (goes_on)
    return told;

  told = response_stream_explain (self, told, given);
  self->ended = TRUE;
  self->failed = told != NULL ? g_error_copy (told) : NULL;
  response_stream_release (self);
  return told;
}

static gssize
hf_response_stream_read (GInputStream  *stream,
                         void          *buffer,
                         gsize          count,
                         GCancellable  *cancellable,
                         GError       **error)
{
  HfResponseStream *self = HF_RESPONSE_STREAM (stream);
  GError *failed = NULL;
  ReadStop stop;
  gssize length;

  if (response_stream_is_over (self, &failed))
    {
      if (failed == NULL)
        return 0;
      g_propagate_error (error, failed);
      return -1;
    }
  if (hf_read_guard_would_block (self->guard))
    {
      hf_init_i18n ();
      g_set_error_literal (error, HF_ERROR, HF_ERROR_WOULD_BLOCK,
                           _("The body is read by the main loop that this read would block; read "
                             "it asynchronously"));
      return -1;
    }

  read_stop_init (&stop, hf_read_guard_get_closing (self->guard), cancellable);
  hf_read_guard_begin (self->guard);
  length = g_input_stream_read (self->base, buffer, count, stop.either, &failed);
  read_stop_clear (&stop);

  failed = response_stream_end_read (self, length, failed, cancellable);
  if (failed == NULL)
    return length;
  g_propagate_error (error, failed);
  return -1;
}

static void
read_stop_free (gpointer data)
{
  read_stop_clear (data);
  g_free (data);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  HfResponseStream *self = g_task_get_source_object (task);
  GError *failed = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &failed);

  failed = response_stream_end_read (self, length, failed, g_task_get_cancellable (task));
  if (failed != NULL)
    g_task_return_error (task, failed);
  else
    g_task_return_int (task, length);
}

static void
hf_response_stream_read_async (GInputStream        *stream,
                               void                *buffer,
                               gsize                count,
                               int                  io_priority,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  HfResponseStream *self = HF_RESPONSE_STREAM (stream);
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  GError *failed = NULL;
  ReadStop *stop;

  g_task_set_source_tag (task, hf_response_stream_read_async);
  g_task_set_check_cancellable (task, FALSE); /* a read that took something has to say so */
  if (response_stream_is_over (self, &failed))
    {
      if (failed != NULL)
        g_task_return_error (task, failed);
      else
        g_task_return_int (task, 0);
      return;
    }

  stop = g_new (ReadStop, 1);
  read_stop_init (stop, hf_read_guard_get_closing (self->guard), cancellable);
  g_task_set_task_data (task, stop, read_stop_free);
  hf_read_guard_begin (self->guard);
  g_input_stream_read_async (self->base, buffer, count, io_priority, stop->either, on_read,
                             g_steal_pointer (&task));
}

static gssize
hf_response_stream_read_finish (GInputStream  *stream,
                                GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
hf_response_stream_close (GInputStream  *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  response_stream_release (HF_RESPONSE_STREAM (stream));
  return TRUE;
}

/* Closing does not wait, so no thread is needed for it. */
static void
hf_response_stream_close_async (GInputStream        *stream,
                                int                  io_priority,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, hf_response_stream_close_async);
  response_stream_release (HF_RESPONSE_STREAM (stream));
  g_task_return_boolean (task, TRUE);
}

static gboolean
hf_response_stream_close_finish (GInputStream  *stream,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
hf_response_stream_dispose (GObject *object)
{
  HfResponseStream *self = HF_RESPONSE_STREAM (object);

  if (self->base != NULL)
    response_stream_release (self);

  G_OBJECT_CLASS (hf_response_stream_parent_class)->dispose (object);
}

static void
hf_response_stream_finalize (GObject *object)
{
  HfResponseStream *self = HF_RESPONSE_STREAM (object);

  g_clear_object (&self->base);
  g_clear_object (&self->guard);
  g_clear_error (&self->failed);

  G_OBJECT_CLASS (hf_response_stream_parent_class)->finalize (object);
}

static void
hf_response_stream_class_init (HfResponseStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = hf_response_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = hf_response_stream_finalize;
  stream_class->read_fn = hf_response_stream_read;
  stream_class->read_async = hf_response_stream_read_async;
  stream_class->read_finish = hf_response_stream_read_finish;
  stream_class->close_fn = hf_response_stream_close;
  stream_class->close_async = hf_response_stream_close_async;
  stream_class->close_finish = hf_response_stream_close_finish;
}

static void
hf_response_stream_init (HfResponseStream *self)
{
}

/* Puts itself in place of the stream that the transport gave the response; of one without, it is
 * the one of its bytes. The guard begins to watch. */
void
hf_response_stream_wrap (HfResponse  *response,
                         HfReadGuard *guard)
{
  HfResponseStream *self = g_object_new (HF_TYPE_RESPONSE_STREAM, NULL);

  self->base = g_steal_pointer (&response->stream);
  if (self->base == NULL)
    {
      self->base = g_memory_input_stream_new_from_bytes (response->bytes);
      g_bytes_unref (response->bytes);
      response->bytes = g_bytes_new_static (NULL, 0);
    }
  self->guard = g_object_ref (guard);
  response->stream = G_INPUT_STREAM (self);
  response->closing = g_object_ref (hf_read_guard_get_closing (guard));
  hf_read_guard_watch (guard);
}
