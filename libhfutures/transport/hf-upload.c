/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-upload-private.h"

#include "hf-upload-part-private.h"

/* So many files of a form stay open from when their sizes are asked for until they are read. */
#define MOST_OPEN 16

/* It is used on one thread at a time, but that it may be closed while GIO's thread reads. */
struct _HfUpload {
  GInputStream parent_instance;

  HfHop *hop;            /* not owned; NULL when it has ended; on the sending thread only */
  HfUploadPart *parts;   /* owned */
  guint n_parts;
  guint current;         /* the part whose turn it is */
  GBytes *chunk;         /* owned, nullable: what was read and not given yet */
  gsize offset;          /* in the chunk */
  gboolean over;         /* all has been given, and that was the end */
  GError *error;         /* owned, nullable: why it cannot be sent */
  GSocketConnection *connection; /* owned, nullable: where it goes */

  GCancellable *stop;    /* owned, const: of reading ahead */
  GCancellable *ready;   /* owned, nullable: cancelled when what was read ahead is there; on the
                          * loop's thread only */
  GMutex lock;
  gboolean reading;      /* guarded by lock: a thread of GIO's is at the parts */
  gboolean closed;       /* guarded by lock */
};

static void hf_upload_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfUpload, hf_upload, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      hf_upload_pollable_init))

static void
upload_close_parts (HfUpload *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    hf_upload_part_close (&self->parts[i]);
}

static void
hf_upload_finalize (GObject *object)
{
  HfUpload *self = HF_UPLOAD (object);

  upload_close_parts (self);
  for (guint i = 0; i < self->n_parts; i++)
    {
      g_clear_pointer (&self->parts[i].first, g_bytes_unref);
      hf_body_part_unref (self->parts[i].part);
    }
  g_free (self->parts);
  g_clear_pointer (&self->chunk, g_bytes_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->connection);
  g_object_unref (self->stop);
  g_clear_object (&self->ready);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (hf_upload_parent_class)->finalize (object);
}

static void
hf_upload_init (HfUpload *self)
{
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
}

/*
 * hf_upload_new:
 * @hop: one whose body is not in memory
 *
 * It tells the hop's observer, on the sending thread, until it is ended.
 */
HfUpload *
hf_upload_new (HfHop *hop)
{
  HfUpload *self = g_object_new (HF_TYPE_UPLOAD, NULL);

  self->hop = hop;
  self->n_parts = hop->body->parts->len;
  self->parts = g_new0 (HfUploadPart, self->n_parts);
  for (guint i = 0; i < self->n_parts; i++)
    {
      self->parts[i].part = hf_body_part_ref (g_ptr_array_index (hop->body->parts, i));
      self->parts[i].length = self->parts[i].part->length;
    }
  return self;
}

/* Tells that the time until something is sent is not the server's. */
static void
upload_begin_fetching (HfUpload *self)
{
  if (self->hop != NULL && self->hop->phase != HF_PHASE_WAITING &&
      self->hop->phase != HF_PHASE_READING)
    hf_hop_enter_phase (self->hop, HF_PHASE_FETCHING);
}

static void
upload_end_fetching (HfUpload *self)
{
  if (self->hop != NULL && self->hop->phase == HF_PHASE_FETCHING)
    hf_hop_enter_phase (self->hop, HF_PHASE_SENDING);
}

/* Has a chunk read, unless all has been. What the user gave must not see a shard's context. */
static gboolean
upload_fill (HfUpload      *self,
             GCancellable  *cancellable,
             GError       **error)
{
  GMainContext *context = g_main_context_get_thread_default ();
  gboolean fine = TRUE;

  if (context != NULL)
    g_main_context_pop_thread_default (context);

  g_clear_pointer (&self->chunk, g_bytes_unref);
  self->offset = 0;
  while (fine && self->chunk == NULL && self->current < self->n_parts)
    {
      HfUploadPart *part = &self->parts[self->current];
      g_autoptr (GBytes) bytes = hf_upload_part_next (part, cancellable, error);

      fine = bytes != NULL;
      if (fine && g_bytes_get_size (bytes) > 0)
        {
          self->chunk = g_steal_pointer (&bytes);
        }
      else if (fine)
        {
          hf_upload_part_close (part);
          self->current++;
        }
    }

  if (context != NULL)
    g_main_context_push_thread_default (context);
  return fine;
}

/* Keeps why it cannot be sent, unless that is that it is not to be. */
static void
upload_note_error (HfUpload     *self,
                   GCancellable *cancellable,
                   GError       *error)
{
  if (self->error == NULL && !g_cancellable_is_cancelled (cancellable) &&
      !g_cancellable_is_cancelled (self->stop))
    self->error = g_error_copy (error);
}

static gssize
upload_give (HfUpload *self,
             void     *buffer,
             gsize     size)
{
  gsize length;
  const guint8 *data;

  if (self->chunk == NULL)
    {
      self->over = TRUE;
      return 0;
    }

  data = g_bytes_get_data (self->chunk, &length);
  size = MIN (size, length - self->offset);
  memcpy (buffer, data + self->offset, size);
  self->offset += size;
  if (self->offset == length)
    g_clear_pointer (&self->chunk, g_bytes_unref);
  return size;
}

/* Whether there is something to give without reading. */
static gboolean
upload_is_ready (HfUpload *self)
{
  return self->ready == NULL &&
         (self->chunk != NULL || self->error != NULL || self->current == self->n_parts);
}

static gssize
hf_upload_read (GInputStream  *stream,
                void          *buffer,
                gsize          size,
                GCancellable  *cancellable,
                GError       **error)
{
  HfUpload *self = HF_UPLOAD (stream);
  GError *failed = NULL;

  if (!upload_is_ready (self))
    {
      upload_begin_fetching (self);
      if (!upload_fill (self, cancellable, &failed))
        {
          upload_note_error (self, cancellable, failed);
          g_propagate_error (error, failed);
          return -1;
        }
      upload_end_fetching (self);
    }

  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return -1;
    }
  return upload_give (self, buffer, size);
}

/* A thread of GIO's is done with the parts. */
static void
upload_leave (HfUpload *self)
{
  gboolean closed;

  g_mutex_lock (&self->lock);
  self->reading = FALSE;
  closed = self->closed;
  g_mutex_unlock (&self->lock);

  if (closed)
    upload_close_parts (self);
}

static gboolean
upload_enter (HfUpload *self)
{
  gboolean closed;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  self->reading = !closed;
  g_mutex_unlock (&self->lock);
  return !closed;
}

static gboolean
hf_upload_close (GInputStream  *stream,
                 GCancellable  *cancellable,
                 GError       **error)
{
  HfUpload *self = HF_UPLOAD (stream);
  gboolean reading;
  gboolean closed;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  self->closed = TRUE;
  reading = self->reading;
  g_mutex_unlock (&self->lock);

  if (closed)
    return TRUE;

  /* libsoup is about to write the last chunk, as if it had been told the end (3.2.3). */
  if (!self->over && self->connection != NULL)
    g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
  if (reading)
    g_cancellable_cancel (self->stop);
  else
    upload_close_parts (self);
  return TRUE;
}

static void
hf_upload_class_init (HfUploadClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = hf_upload_finalize;
  stream_class->read_fn = hf_upload_read;
  stream_class->close_fn = hf_upload_close;
}

static void
fill_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  HfUpload *self = source;
  GError *error = NULL;
  gboolean fine = upload_fill (self, self->stop, &error);

  upload_leave (self);
  if (fine)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_filled (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  HfUpload *self = HF_UPLOAD (source);
  g_autoptr (GCancellable) ready = g_steal_pointer (&self->ready);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    upload_end_fetching (self);
  else
    self->error = g_error_copy (error);
  g_cancellable_cancel (ready);
}

static void
upload_read_ahead (HfUpload *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_filled, NULL);

  g_task_set_source_tag (task, upload_read_ahead);
  self->ready = g_cancellable_new ();
  upload_begin_fetching (self);
  g_task_run_in_thread (task, fill_in_thread);
}

static gboolean
hf_upload_is_readable (GPollableInputStream *pollable)
{
  return upload_is_ready (HF_UPLOAD (pollable));
}

static gssize
hf_upload_read_nonblocking (GPollableInputStream  *pollable,
                            void                  *buffer,
                            gsize                  size,
                            GError               **error)
{
  HfUpload *self = HF_UPLOAD (pollable);

  if (!upload_is_ready (self))
    {
      if (self->ready == NULL && !upload_enter (self))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
          return -1;
        }
      if (self->ready == NULL)
        upload_read_ahead (self);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "");
      return -1;
    }

  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return -1;
    }
  return upload_give (self, buffer, size);
}

static GSource *
hf_upload_create_source (GPollableInputStream *pollable,
                         GCancellable         *cancellable)
{
  HfUpload *self = HF_UPLOAD (pollable);
  g_autoptr (GSource) ready = self->ready != NULL ? g_cancellable_source_new (self->ready)
                                                  : g_timeout_source_new (0);

  return g_pollable_source_new_full (self, ready, cancellable);
}

static void
hf_upload_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = hf_upload_is_readable;
  iface->read_nonblocking = hf_upload_read_nonblocking;
  iface->create_source = hf_upload_create_source;
}

static gboolean
upload_open_parts (HfUpload      *self,
                   GCancellable  *cancellable,
                   GError       **error)
{
  GMainContext *context = g_main_context_get_thread_default ();
  gboolean fine = TRUE;
  guint n_files = 0;

  if (context != NULL)
    g_main_context_pop_thread_default (context);
  for (guint i = 0; fine && i < self->n_parts; i++)
    {
      HfUploadPart *part = &self->parts[i];

      if (part->part->file != NULL)
        n_files++;
      fine = hf_upload_part_open (part, n_files <= MOST_OPEN, cancellable, error);
    }
  if (context != NULL)
    g_main_context_push_thread_default (context);

  /* libsoup does not look at a body that is announced to be empty. */
  self->over = hf_upload_get_length (self) == 0;
  if (fine && self->over)
    fine = upload_fill (self, cancellable, error);
  return fine;
}

/*
 * hf_upload_open:
 *
 * Opens what is to be sent. Blocks. Before that it has no length.
 */
gboolean
hf_upload_open (HfUpload      *self,
                GCancellable  *cancellable,
                GError       **error)
{
  GError *failed = NULL;

  upload_begin_fetching (self);
  if (upload_open_parts (self, cancellable, &failed))
    return TRUE;

  upload_note_error (self, cancellable, failed);
  g_propagate_error (error, failed);
  return FALSE;
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  HfUpload *self = source;
  GError *error = NULL;
  gboolean fine = upload_open_parts (self, cancellable, &error);

  upload_leave (self);
  if (fine)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The same for a loop's thread, which is not blocked. */
void
hf_upload_open_async (HfUpload            *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, hf_upload_open_async);
  upload_begin_fetching (self);
  upload_enter (self);
  g_task_run_in_thread (task, open_in_thread);
}

gboolean
hf_upload_open_finish (HfUpload      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Returns: the length in bytes, or -1 if it is not known */
gint64
hf_upload_get_length (HfUpload *self)
{
  gint64 length = 0;

  for (guint i = 0; i < self->n_parts; i++)
    {
      if (self->parts[i].length < 0)
        return -1;
      length += self->parts[i].length;
    }
  return length;
}

/* Returns: (nullable): why it cannot be sent; %NULL if that has not turned out */
const GError *
hf_upload_get_error (HfUpload *self)
{
  return self->error;
}

/*
 * hf_upload_set_connection:
 * @connection: (nullable): what is shut down when the body is not sent to its end
 */
void
hf_upload_set_connection (HfUpload          *self,
                          GSocketConnection *connection)
{
  g_set_object (&self->connection, connection);
}

/* Closes it, also while libsoup still waits for it, and tells nobody of anything any more. On the
 * sending thread. */
void
hf_upload_end (HfUpload *self)
{
  self->hop = NULL;
  hf_upload_close (G_INPUT_STREAM (self), NULL, NULL);
}
