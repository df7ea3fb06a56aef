/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-stream-private.h"

#include <glib/gi18n-lib.h>

/* Reference-counted, because whoever closes the response may come when the stream is just gone. */
typedef struct {
  GInputStream *base;   /* owned, const: the transport's */
  HfReadGuard *guard;   /* owned, const */

  GMutex lock;
  gboolean reading;     /* guarded by lock: the base is used, and cannot be closed */
  gboolean unwanted;    /* guarded by lock: nobody is to read any more */
  gboolean released;    /* guarded by lock: the base is closed, or is about to be */
} Source;

struct _HfResponseStream {
  GInputStream parent_instance;

  Source *source;         /* a reference, const */
  gulong closing_handler; /* const */

  /* Used by one thread at a time, as GInputStream sees to. */
  gboolean ended;         /* there is no more */
  GError *failed;         /* owned, nullable: why not */
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
source_clear (gpointer data)
{
  Source *self = data;

  g_object_unref (self->base);
  g_object_unref (self->guard);
  g_mutex_clear (&self->lock);
}

static void
source_unref (gpointer  data,
              GClosure *closure)
{
  g_atomic_rc_box_release_full (data, source_clear);
}

/* Returns: whether the base can be read */
static gboolean
source_begin_read (Source *self)
{
  gboolean released;

  g_mutex_lock (&self->lock);
  released = self->released;
  self->reading = !released;
  g_mutex_unlock (&self->lock);

  if (!released)
    hf_read_guard_begin (self->guard);
  return !released;
}

/* A read has ended, or nobody reads any more. Closes the base, unless somebody reads. */
static void
source_end (Source   *self,
            gboolean  read_ended,
            gboolean  for_good)
{
  gboolean release;

  g_mutex_lock (&self->lock);
  self->reading = self->reading && !read_ended;
  self->unwanted = self->unwanted || for_good;
  release = self->unwanted && !self->reading && !self->released;
  self->released = self->released || release;
  g_mutex_unlock (&self->lock);
  if (!release)
    return;

  g_input_stream_close (self->base, NULL, NULL);
  hf_read_guard_retire (self->guard);
}

/* The response is closed, or its time is over. Whoever reads is about to notice. */
static void
on_closing (GCancellable *closing,
            gpointer      user_data)
{
  source_end (user_data, FALSE, TRUE);
}

static GCancellable *
get_closing (HfResponseStream *self)
{
  return hf_read_guard_get_closing (self->source->guard);
}

/* What a reader is told when nothing but a close can have ended its read. */
static GError *
response_stream_explain (HfResponseStream *self,
                         GError           *told,
                         GCancellable     *given)
{
  if (!g_error_matches (told, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      hf_read_guard_was_cancelled (self->source->guard) || g_cancellable_is_cancelled (given))
    return told;

  g_error_free (told);
  hf_init_i18n ();
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _("The response was closed"));
}

/* Begins a read. Returns: %FALSE when there is nothing to be read any more, with @error set when
 * something is wrong with that */
static gboolean
response_stream_begin_read (HfResponseStream  *self,
                            GCancellable      *given,
                            GError           **error)
{
  if (!self->ended && source_begin_read (self->source))
    return TRUE;

  if (!self->ended)
    {
      GError *cancelled = NULL;

      /* It was closed between two reads. */
      self->ended = TRUE;
      g_cancellable_set_error_if_cancelled (get_closing (self), &cancelled);
      self->failed =
        response_stream_explain (self, hf_read_guard_end (self->source->guard, cancelled), NULL);
    }
  if (self->failed != NULL)
    g_propagate_error (error, g_error_copy (self->failed));
  return FALSE;
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
  gboolean is_closing = g_cancellable_is_cancelled (get_closing (self));
  gboolean goes_on = length > 0 ||
                     (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !is_closing);
  GError *told = hf_read_guard_end (self->source->guard, failed);

  source_end (self->source, TRUE, !goes_on || is_closing);
  if (goes_on)
    return told;

  told = response_stream_explain (self, told, given);
  self->ended = TRUE;
  self->failed = told != NULL ? g_error_copy (told) : NULL;
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

  if (hf_read_guard_would_block (self->source->guard))
    {
      hf_init_i18n ();
      g_set_error_literal (error, HF_ERROR, HF_ERROR_WOULD_BLOCK,
                           _("The body is read by the main loop that this read would block; read "
                             "it asynchronously"));
      return -1;
    }
  if (!response_stream_begin_read (self, cancellable, &failed))
    {
      if (failed == NULL)
        return 0;
      g_propagate_error (error, failed);
      return -1;
    }

  read_stop_init (&stop, get_closing (self), cancellable);
  length = g_input_stream_read (self->source->base, buffer, count, stop.either, &failed);
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
  if (!response_stream_begin_read (self, cancellable, &failed))
    {
      if (failed != NULL)
        g_task_return_error (task, failed);
      else
        g_task_return_int (task, 0);
      return;
    }

  stop = g_new (ReadStop, 1);
  read_stop_init (stop, get_closing (self), cancellable);
  g_task_set_task_data (task, stop, read_stop_free);
  g_input_stream_read_async (self->source->base, buffer, count, io_priority, stop->either, on_read,
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
  source_end (HF_RESPONSE_STREAM (stream)->source, FALSE, TRUE);
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
  source_end (HF_RESPONSE_STREAM (stream)->source, FALSE, TRUE);
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
hf_response_stream_finalize (GObject *object)
{
  HfResponseStream *self = HF_RESPONSE_STREAM (object);

  g_signal_handler_disconnect (get_closing (self), self->closing_handler);
  source_end (self->source, FALSE, TRUE);
  source_unref (self->source, NULL);
  g_clear_error (&self->failed);

  G_OBJECT_CLASS (hf_response_stream_parent_class)->finalize (object);
}

static void
hf_response_stream_class_init (HfResponseStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

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
  Source *source = g_atomic_rc_box_new0 (Source);

  g_mutex_init (&source->lock);
  source->base = g_steal_pointer (&response->stream);
  if (source->base == NULL)
    {
      source->base = g_memory_input_stream_new_from_bytes (response->bytes);
      g_bytes_unref (response->bytes);
      response->bytes = g_bytes_new_static (NULL, 0);
    }
  source->guard = g_object_ref (guard);
  self->source = source;
  response->stream = G_INPUT_STREAM (self);
  response->closing = g_object_ref (get_closing (self));

  /* Not g_cancellable_connect(): its disconnection waits for running handlers. */
  self->closing_handler = g_signal_connect_data (response->closing, "cancelled",
                                                 G_CALLBACK (on_closing),
                                                 g_atomic_rc_box_acquire (source), source_unref, 0);
  hf_read_guard_watch (guard);
}
