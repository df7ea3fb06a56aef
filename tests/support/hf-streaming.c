/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-streaming.h"

#include <string.h>

#include "hf-gate.h"

static const char *const kinds[] = { "threads", "threads-async", "processes", "loop",
                                     "loop-async", "context" };

void
hf_streaming_set_up (HfStreaming   *self,
                     gconstpointer  kind)
{
  self->in_context = g_str_equal (kind, "context");
  self->reads_async = self->in_context || g_str_has_suffix (kind, "-async");
  if (self->in_context)
    self->executor = hf_loop_executor_new_for_context (NULL);
  else if (g_str_equal (kind, "processes"))
    self->executor = hf_process_pool_executor_new (2);
  else if (g_str_has_prefix (kind, "loop"))
    self->executor = hf_loop_executor_new (1);
  else
    self->executor = hf_thread_pool_executor_new (2);
  self->session = hf_futures_session_new_with_executor (self->executor);
}

void
hf_streaming_tear_down (HfStreaming   *self,
                        gconstpointer  kind)
{
  hf_assert_finalizes (g_steal_pointer (&self->session));
  hf_assert_finalizes (g_steal_pointer (&self->executor));
}

HfFuture *
hf_streaming_get (HfStreaming *self,
                  const char  *uri)
{
  return hf_streaming_get_with (self, uri, "stream", TRUE, NULL);
}

HfFuture *
hf_streaming_get_with (HfStreaming *self,
                       const char  *uri,
                       const char  *first_property,
                       ...)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  va_list rest;

  hf_request_set_stream (request, TRUE);
  va_start (rest, first_property);
  g_object_set_valist (G_OBJECT (request), first_property, rest);
  va_end (rest);
  return hf_futures_session_send (self->session, request);
}

static gboolean
is_settled (gpointer future)
{
  return hf_future_wait (future, 0, NULL);
}

HfResponse *
hf_streaming_take (HfStreaming  *self,
                   HfFuture     *future,
                   GError      **error)
{
  if (self->in_context)
    hf_assert_becomes (is_settled, future);
  return hf_future_get_result (future, NULL, error);
}

typedef struct {
  gssize length;
  GError *error;
  gboolean done;
} Read;

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Read *read = user_data;

  read->length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &read->error);
  read->done = TRUE;
}

gssize
hf_streaming_read (HfStreaming   *self,
                   GInputStream  *stream,
                   void          *buffer,
                   gsize          count,
                   GCancellable  *cancellable,
                   GError       **error)
{
  Read read = { 0 };

  if (!self->reads_async)
    return g_input_stream_read (stream, buffer, count, cancellable, error);

  g_input_stream_read_async (stream, buffer, count, G_PRIORITY_DEFAULT, cancellable, on_read,
                             &read);
  while (!read.done)
    g_main_context_iteration (NULL, TRUE);
  if (read.error != NULL)
    g_propagate_error (error, read.error);
  return read.length;
}

GBytes *
hf_streaming_read_all (HfStreaming  *self,
                       HfResponse   *response,
                       GError      **error)
{
  g_autoptr (GInputStream) stream = hf_response_get_stream (response);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 buffer[5000];
  gssize length;

  while ((length = hf_streaming_read (self, stream, buffer, sizeof buffer, NULL, error)) > 0)
    g_byte_array_append (all, buffer, length);
  return length == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&all)) : NULL;
}

void
hf_streaming_add_tests (const char *path,
                        void      (*test) (HfStreaming   *self,
                                           gconstpointer  kind))
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *full = g_strconcat (path, "/", kinds[i], NULL);

      g_test_add (full, HfStreaming, kinds[i], hf_streaming_set_up, test, hf_streaming_tear_down);
    }
}
