/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-loop-stream-private.h"

#include "hf-mailbox-private.h"

/* An asynchronous read that waits for the loop. */
typedef struct {
  GTask *task;             /* owned */
  void *buffer;            /* not owned */
  gsize count;
  gulong cancel_handler;   /* on the task's cancellable; 0: none */
} Waiter;

/*
 * What the stream and the loop share. While it is being filled the body belongs to the loop, else
 * to whoever has the lock.
 */
typedef struct {
  gatomicrefcount ref_count;
  GMainContext *context;   /* owned, const */
  HfLoopShards *shards;    /* a reference; NULL: sent by the user's own SoupSession */
  HfShard *shard;          /* with shards; used on the loop only */
  GCancellable *stopping;  /* owned, const; cancelled on the loop only */

  GMutex lock;
  HfStreamedBody streamed;
  gboolean filling;        /* guarded by lock: the loop reads */
  gboolean ended;          /* guarded by lock: there is no more to be read from libsoup */
  gboolean closed;         /* guarded by lock: nobody reads any more */
  GError *failed;          /* owned, nullable; guarded by lock: why there is no more */
  Waiter *waiter;          /* owned, nullable; guarded by lock */
  HfMailbox *sleeper;      /* a reference, nullable; guarded by lock: of who waits blocking */
} Reader;

struct _HfLoopStream {
  GInputStream parent_instance;
  Reader *reader;          /* a reference, const */
};

G_DEFINE_FINAL_TYPE (HfLoopStream, hf_loop_stream, G_TYPE_INPUT_STREAM)

static void reader_fill (Reader *self);

static Reader *
reader_ref (Reader *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
reader_unref (Reader *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->waiter == NULL && self->sleeper == NULL);
  hf_streamed_body_clear (&self->streamed);
  g_clear_error (&self->failed);
  g_object_unref (self->stopping);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->context);
  g_free (self);
}

/* On the loop: libsoup has done with the message. */
static void
reader_check_in (Reader *self,
                 GUri   *at)
{
  if (self->shards == NULL)
    return;

  hf_loop_shards_check_in (self->shards, self->shard, at);
  g_clear_pointer (&self->shards, hf_loop_shards_unref);
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Reader *self = user_data;

  g_input_stream_close_finish (G_INPUT_STREAM (source), result, NULL);
  reader_check_in (self, NULL);
  reader_unref (self);
}

/* On the loop: gives the shard back, once. */
static void
reader_release (Reader   *self,
                gboolean  complete)
{
  g_autoptr (GInputStream) source = g_steal_pointer (&self->streamed.source);
  g_autoptr (SoupMessage) message = g_steal_pointer (&self->streamed.message);
  g_autoptr (GUri) at = NULL;

  if (source == NULL)
    return;

  if (complete && soup_message_is_keepalive (message))
    at = g_uri_ref (soup_message_get_uri (message));
  if (complete && soup_message_get_http_version (message) != SOUP_HTTP_2_0)
    {
      g_input_stream_close (source, NULL, NULL); /* that does not block now */
      reader_check_in (self, at);
      return;
    }

  /* libsoup would read the rest of the body to save the connection, however long that takes. */
  g_cancellable_cancel (self->stopping);
  g_main_context_push_thread_default (self->context);
  g_input_stream_close_async (source, G_PRIORITY_DEFAULT, self->stopping, on_closed,
                              reader_ref (self));
  g_main_context_pop_thread_default (self->context);
}

/* Has something done on the loop, in its context; at once where that is possible. */
static void
reader_call (Reader      *self,
             GSourceFunc  func)
{
  g_autoptr (GSource) source = NULL;

  if (g_main_context_is_owner (self->context))
    {
      func (self);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "libhfutures stream");
  g_source_set_callback (source, func, reader_ref (self), (GDestroyNotify) reader_unref);
  g_source_attach (source, self->context);
}

static void
waiter_free (Waiter *self)
{
  if (self->cancel_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (self->task), self->cancel_handler);
  g_object_unref (self->task);
  g_free (self);
}

/* Takes what has come. Returns: %FALSE when the loop has to read first */
static gboolean
reader_take_locked (Reader  *self,
                    void    *buffer,
                    gsize    count,
                    gssize  *length,
                    GError **error)
{
  if (self->filling)
    return FALSE;

  *length = hf_soup_body_give (&self->streamed.body, buffer, count);
  if (*length > 0)
    return TRUE;

  if (self->failed != NULL)
    {
      *length = -1;
      g_propagate_error (error, g_error_copy (self->failed));
    }
  return self->ended;
}

/* The loop has read, or there is no more. */
static void
reader_filled (Reader  *self,
               gboolean ended,
               GError  *failed)
{
  g_autoptr (GError) error = NULL;
  HfMailbox *sleeper;
  Waiter *waiter;
  gssize length = 0;
  gboolean closed;

  g_mutex_lock (&self->lock);
  self->filling = FALSE;
  self->ended = ended;
  self->failed = failed;
  closed = self->closed;
  sleeper = g_steal_pointer (&self->sleeper);
  waiter = g_steal_pointer (&self->waiter);
  if (waiter != NULL)
    reader_take_locked (self, waiter->buffer, waiter->count, &length, &error);
  g_mutex_unlock (&self->lock);

  if (ended || closed)
    reader_release (self, ended && failed == NULL && !closed);
  if (sleeper != NULL)
    {
      hf_mailbox_wake (sleeper);
      hf_mailbox_unref (sleeper);
    }
  if (waiter == NULL)
    return;

  if (error != NULL)
    g_task_return_error (waiter->task, g_steal_pointer (&error));
  else
    g_task_return_int (waiter->task, length);
  waiter_free (waiter);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reader *self = user_data;
  HfSoupBody *body = &self->streamed.body;
  GError *failed = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &failed);
  gboolean closed;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  g_mutex_unlock (&self->lock);

  if (closed)
    g_clear_error (&failed);
  if (length > 0 && !closed && hf_soup_body_took (body, length, &failed) && !body->buffer.over)
    {
      if (body->buffer.length == 0)
        reader_fill (self);
      else
        reader_filled (self, FALSE, NULL);
    }
  else
    {
      if (failed == NULL && !closed)
        hf_soup_body_check (body, &failed);
      reader_filled (self, TRUE, failed);
    }
  reader_unref (self);
}

/* On the loop: reads something, or finds the end. */
static void
reader_fill (Reader *self)
{
  void *space;
  gsize size;

  if (!hf_soup_body_wants (&self->streamed.body, &space, &size))
    {
      GError *failed = NULL;

      hf_soup_body_check (&self->streamed.body, &failed);
      reader_filled (self, TRUE, failed);
      return;
    }

  g_main_context_push_thread_default (self->context);
  g_input_stream_read_async (self->streamed.source, space, size, G_PRIORITY_DEFAULT, self->stopping,
                             on_read, reader_ref (self));
  g_main_context_pop_thread_default (self->context);
}

static gboolean
fill_on_loop (gpointer data)
{
  reader_fill (data);
  return G_SOURCE_REMOVE;
}

/* Returns: whether the loop is to be called to fill the body */
static gboolean
reader_begin_locked (Reader *self)
{
  gboolean begin = !self->filling;

  self->filling = TRUE;
  return begin;
}

/* On the loop: nobody reads any more. */
static gboolean
close_on_loop (gpointer data)
{
  Reader *self = data;
  gboolean filling;

  g_mutex_lock (&self->lock);
  filling = self->filling;
  g_mutex_unlock (&self->lock);

  g_cancellable_cancel (self->stopping);
  if (!filling)
    reader_release (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
reader_close (Reader *self)
{
  gboolean was_closed;

  g_mutex_lock (&self->lock);
  was_closed = self->closed;
  self->closed = TRUE;
  g_mutex_unlock (&self->lock);

  if (!was_closed)
    reader_call (self, close_on_loop);
}

static gboolean
is_filled (gpointer data)
{
  Reader *self = data;
  gboolean filled;

  g_mutex_lock (&self->lock);
  filled = !self->filling;
  g_mutex_unlock (&self->lock);
  return filled;
}

static gssize
hf_loop_stream_read (GInputStream  *stream,
                     void          *buffer,
                     gsize          count,
                     GCancellable  *cancellable,
                     GError       **error)
{
  Reader *self = HF_LOOP_STREAM (stream)->reader;
  g_autoptr (HfMailbox) mailbox = hf_mailbox_ref_current ();
  HfMailbox *sleeper;
  gssize length = -1;
  gboolean there;
  gboolean begin;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;

  for (;;)
    {
      g_mutex_lock (&self->lock);
      there = reader_take_locked (self, buffer, count, &length, error);
      begin = !there && reader_begin_locked (self);
      if (!there)
        self->sleeper = hf_mailbox_ref (mailbox);
      g_mutex_unlock (&self->lock);
      if (there)
        return length;

      if (begin)
        reader_call (self, fill_on_loop);
      there = hf_mailbox_wait_for (mailbox, is_filled, self, -1, cancellable);

      g_mutex_lock (&self->lock);
      sleeper = g_steal_pointer (&self->sleeper);
      g_mutex_unlock (&self->lock);
      g_clear_pointer (&sleeper, hf_mailbox_unref);
      if (!there && g_cancellable_set_error_if_cancelled (cancellable, error))
        return -1; /* what the loop reads is there for the next one */
    }
}

/* The read was cancelled; what the loop reads is there for the next one. */
static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;
  Reader *self = HF_LOOP_STREAM (g_task_get_source_object (task))->reader;
  Waiter *waiter = NULL;

  g_mutex_lock (&self->lock);
  if (self->waiter != NULL && self->waiter->task == task)
    waiter = g_steal_pointer (&self->waiter);
  g_mutex_unlock (&self->lock);
  if (waiter == NULL)
    return;

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", g_strerror (ECANCELED));
  waiter_free (waiter);
}

static void
task_unref_closure (gpointer  data,
                    GClosure *closure)
{
  g_object_unref (data);
}

static void
hf_loop_stream_read_async (GInputStream        *stream,
                           void                *buffer,
                           gsize                count,
                           int                  io_priority,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  Reader *self = HF_LOOP_STREAM (stream)->reader;
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  GError *error = NULL;
  gssize length = -1;
  gboolean there;
  gboolean begin;
  Waiter *waiter;

  g_task_set_source_tag (task, hf_loop_stream_read_async);
  g_task_set_check_cancellable (task, FALSE); /* a read that took something has to say so */
  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  waiter = g_new0 (Waiter, 1);
  waiter->task = g_object_ref (task);
  waiter->buffer = buffer;
  waiter->count = count;
  if (cancellable != NULL)
    waiter->cancel_handler = g_signal_connect_data (cancellable, "cancelled",
                                                    G_CALLBACK (on_cancelled), g_object_ref (task),
                                                    task_unref_closure, 0);

  g_mutex_lock (&self->lock);
  there = reader_take_locked (self, buffer, count, &length, &error);
  begin = !there && reader_begin_locked (self);
  if (!there)
    self->waiter = g_steal_pointer (&waiter);
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&waiter, waiter_free);
  if (begin)
    reader_call (self, fill_on_loop);
  if (!there)
    {
      if (g_cancellable_is_cancelled (cancellable))
        on_cancelled (cancellable, task); /* before it was there to be found */
    }
  else if (error != NULL)
    {
      g_task_return_error (task, error);
    }
  else
    {
      g_task_return_int (task, length);
    }
}

static gssize
hf_loop_stream_read_finish (GInputStream  *stream,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
hf_loop_stream_close (GInputStream  *stream,
                      GCancellable  *cancellable,
                      GError       **error)
{
  reader_close (HF_LOOP_STREAM (stream)->reader);
  return TRUE;
}

/* Closing does not wait, so no thread is needed for it. */
static void
hf_loop_stream_close_async (GInputStream        *stream,
                            int                  io_priority,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, hf_loop_stream_close_async);
  reader_close (HF_LOOP_STREAM (stream)->reader);
  g_task_return_boolean (task, TRUE);
}

static gboolean
hf_loop_stream_close_finish (GInputStream  *stream,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
hf_loop_stream_finalize (GObject *object)
{
  HfLoopStream *self = HF_LOOP_STREAM (object);

  reader_close (self->reader);
  reader_unref (self->reader);

  G_OBJECT_CLASS (hf_loop_stream_parent_class)->finalize (object);
}

static void
hf_loop_stream_class_init (HfLoopStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = hf_loop_stream_finalize;
  stream_class->read_fn = hf_loop_stream_read;
  stream_class->read_async = hf_loop_stream_read_async;
  stream_class->read_finish = hf_loop_stream_read_finish;
  stream_class->close_fn = hf_loop_stream_close;
  stream_class->close_async = hf_loop_stream_close_async;
  stream_class->close_finish = hf_loop_stream_close_finish;
}

static void
hf_loop_stream_init (HfLoopStream *self)
{
}

/*
 * hf_loop_stream_respond:
 * @sending: one whose headers are there
 * @source: (transfer full): the stream that libsoup gave for it
 * @shards: (transfer full) (nullable): those of the loop; %NULL: sent by the user's own session
 * @shard: (nullable): the one that sent it
 *
 * Called on the loop, whose context is this thread's default one.
 *
 * Returns: (transfer full): the response, with the stream of its body
 */
HfResponse *
hf_loop_stream_respond (HfSending    *sending,
                        GInputStream *source,
                        HfLoopShards *shards,
                        HfShard      *shard)
{
  HfLoopStream *self = g_object_new (HF_TYPE_LOOP_STREAM, NULL);
  Reader *reader = g_new0 (Reader, 1);
  HfResponse *response = hf_streamed_body_take (&reader->streamed, sending, source);

  g_atomic_ref_count_init (&reader->ref_count);
  g_mutex_init (&reader->lock);
  reader->context = g_main_context_ref_thread_default ();
  reader->stopping = g_cancellable_new ();
  reader->shards = shards;
  reader->shard = shard;
  self->reader = reader;
  if (hf_soup_body_is_complete (&reader->streamed.body))
    {
      reader->ended = TRUE;
      reader_release (reader, TRUE);
    }
  response->stream = G_INPUT_STREAM (self);
  return response;
}
