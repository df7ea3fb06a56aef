/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"

/* The body of a response as a stream, and what a streamed response can be asked for besides. */

/**
 * hf_response_get_stream:
 * @self: a response
 *
 * Gives the body as a stream, decoded from its content encoding.
 *
 * That of a response to a request with [property@Request:stream] is always the same one, and can
 * be read once. The rest of the body has not been asked for: it comes as fast as it is read, and
 * until its end, or until it is closed or dropped, a connection is kept for it, but no worker. Any
 * thread may read it, one at a time, blocking or asynchronously. The request's
 * [property@Request:read-timeout] holds for each read, and its [property@Request:deadline],
 * [property@Request:cancellable] and limits hold for the whole: what goes wrong is the error of
 * the read, the same that the future would have had. On a [class@LoopExecutor] its loop reads; in
 * the thread of a loop that is not the executor's own a blocking read fails with
 * `HF_ERROR_WOULD_BLOCK`.
 *
 * Closing it early closes the connection.
 *
 * Of any other response each call gives a stream of its own over [property@Response:bytes].
 *
 * Returns: (transfer full): a stream
 *
 * Since: 1.0
 */
GInputStream *
hf_response_get_stream (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (self->stream != NULL && !hf_response_is_loaded (self))
    return g_object_ref (self->stream);
  return g_memory_input_stream_new_from_bytes (hf_response_get_bytes (self));
}

/**
 * hf_response_read_lines:
 * @self: a response
 *
 * Gives a reader of the lines of the body, which end with `LF`, `CR LF` or `CR`.
 *
 * It takes over the stream of a streamed response: call this once, and read nothing else then.
 * See [method@Response.get_stream] for threads and errors.
 *
 * Returns: (transfer full): a stream to be read with [method@Gio.DataInputStream.read_line_utf8]
 *   and the like
 *
 * Since: 1.0
 */
GDataInputStream *
hf_response_read_lines (HfResponse *self)
{
  g_autoptr (GInputStream) stream = NULL;
  GDataInputStream *lines;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  stream = hf_response_get_stream (self);
  lines = g_data_input_stream_new (stream);
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  return lines;
}

/**
 * hf_response_is_loaded:
 * @self: a response
 *
 * Whether the body is in memory. It is, but for that of a streamed response that was not loaded.
 *
 * Returns: whether [property@Response:bytes] is the body
 *
 * Since: 1.0
 */
gboolean
hf_response_is_loaded (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);

  return self->stream == NULL || g_atomic_pointer_get (&self->loaded) != NULL;
}

/* Returns: %FALSE with @error set when the body is still to be read */
gboolean
hf_response_check_loaded (HfResponse  *self,
                          GError     **error)
{
  g_autofree char *shown = NULL;

  if (hf_response_is_loaded (self))
    return TRUE;

  shown = hf_error_redact_uri (hf_response_get_uri (self));
  hf_init_i18n ();
  g_set_error (error, HF_ERROR, HF_ERROR_WOULD_BLOCK,
               _("The answer from “%s” is a stream that has not been loaded"), shown);
  return FALSE;
}

/*
 * response_begin_loading:
 * @begun: (out): whether there is something to be read: response_end_loading() has to follow then
 *
 * A stream that two read at once would not survive it.
 *
 * Returns: %FALSE with @error set when another one is loading
 */
static gboolean
response_begin_loading (HfResponse  *self,
                        gboolean    *begun,
                        GError     **error)
{
  g_autofree char *shown = NULL;

  *begun = FALSE;
  if (hf_response_is_loaded (self))
    return TRUE;

  if (g_atomic_int_compare_and_exchange (&self->loading, FALSE, TRUE))
    {
      *begun = !hf_response_is_loaded (self); /* by whoever was at it just now */
      if (!*begun)
        g_atomic_int_set (&self->loading, FALSE);
      return TRUE;
    }

  shown = hf_error_redact_uri (hf_response_get_uri (self));
  hf_init_i18n ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PENDING,
               _("The answer from “%s” is being loaded already"), shown);
  return FALSE;
}

/*
 * response_end_loading:
 * @memory: (nullable): what was read; %NULL when that failed
 */
static void
response_end_loading (HfResponse    *self,
                      GOutputStream *memory)
{
  if (memory != NULL)
    {
      GBytes *bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));

      g_atomic_pointer_set (&self->loaded, bytes);
    }
  g_atomic_int_set (&self->loading, FALSE);
}

/* Returns: whether all of it was read into @memory */
static gboolean
response_read_into (HfResponse     *self,
                    GOutputStream  *memory,
                    GCancellable   *cancellable,
                    GError        **error)
{
  GError *failed = NULL;

  g_output_stream_splice (memory, self->stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, cancellable,
                          &failed);
  /* What would have blocked has read nothing, and can be loaded asynchronously. */
  if (!g_error_matches (failed, HF_ERROR, HF_ERROR_WOULD_BLOCK))
    g_input_stream_close (self->stream, NULL, NULL);
  if (failed == NULL)
    return TRUE;

  g_propagate_error (error, failed);
  return FALSE;
}

/**
 * hf_response_load:
 * @self: a response
 * @cancellable: (nullable): ends the reading
 * @error: return location for an error, as [method@Response.get_stream] says
 *
 * Reads what is left of a streamed body into [property@Response:bytes], blocking, and frees the
 * connection. It does nothing when the body is in memory. Where it would block the main loop that
 * reads, it fails with %HF_ERROR_WOULD_BLOCK, and [method@Response.load_async] can still be called.
 * While another thread loads it, it fails with %G_IO_ERROR_PENDING, and nothing happens to that.
 *
 * Returns: %TRUE when the body is in memory
 *
 * Since: 1.0
 */
gboolean
hf_response_load (HfResponse    *self,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr (GOutputStream) memory = NULL;
  gboolean begun;
  gboolean read;

  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!response_begin_loading (self, &begun, error))
    return FALSE;
  if (!begun)
    return TRUE;

  memory = g_memory_output_stream_new_resizable ();
  read = response_read_into (self, memory, cancellable, error);
  response_end_loading (self, read ? memory : NULL);
  return read;
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GOutputStream *memory = G_OUTPUT_STREAM (source);
  GError *error = NULL;
  gboolean read = g_output_stream_splice_finish (memory, result, &error) >= 0;

  response_end_loading (g_task_get_source_object (task), read ? memory : NULL);
  if (read)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * hf_response_load_async:
 * @self: a response
 * @cancellable: (nullable): ends the reading
 * @callback: (scope async) (closure user_data): called when the body is in memory, in the
 *   [struct@GLib.MainContext] that is thread-default now
 * @user_data: data for @callback
 *
 * Does asynchronously what [method@Response.load] does.
 *
 * Since: 1.0
 */
void
hf_response_load_async (HfResponse          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GOutputStream) memory = NULL;
  GError *error = NULL;
  gboolean begun;

  g_return_if_fail (HF_IS_RESPONSE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, hf_response_load_async);
  if (!response_begin_loading (self, &begun, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!begun)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  memory = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (memory, self->stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                  G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, cancellable, on_loaded,
                                g_steal_pointer (&task));
}

/**
 * hf_response_load_finish:
 * @self: a response
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends what [method@Response.load_async] began.
 *
 * Returns: %TRUE when the body is in memory
 *
 * Since: 1.0
 */
gboolean
hf_response_load_finish (HfResponse    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, hf_response_load_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * hf_response_close:
 * @self: a response
 *
 * Closes the stream of a streamed response, and with it its connection if there was more to be
 * read. A read in another thread ends with `G_IO_ERROR_CLOSED`. It does nothing to other responses.
 *
 * Since: 1.0
 */
void
hf_response_close (HfResponse *self)
{
  g_return_if_fail (HF_IS_RESPONSE (self));

  /* Not the stream itself, which cannot be closed while it is read. */
  if (self->closing != NULL)
    g_cancellable_cancel (self->closing);
}
