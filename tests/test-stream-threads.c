/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-halves.h"
#include "hf-streaming.h"

/* Streams that several threads end at once, on every kind of executor. That nothing of them is left
 * is seen when the executor has to be finalized. */

/* How a stream is ended. */
enum {
  BY_CLOSE = 1 << 0,
  BY_CANCEL = 1 << 1,
  BY_DROP = 1 << 2,
  ALL_WAYS = 1 << 3,
};

typedef struct {
  HfGate *ready;
  HfGate *go;
  HfResponse *response;      /* owned, nullable: closed */
  GCancellable *cancellable; /* owned, nullable: cancelled */
  GInputStream *stream;      /* owned, nullable: dropped */
  GThread *thread;
} Ender;

static gpointer
end_stream (gpointer data)
{
  Ender *self = data;

  hf_gate_pass (self->ready);
  hf_gate_wait (self->go, 1);
  if (self->response != NULL)
    hf_response_close (self->response);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->stream);
  g_clear_object (&self->response);
  return NULL;
}

static void
ender_start (Ender  *self,
             HfGate *ready,
             HfGate *go)
{
  self->ready = ready;
  self->go = go;
  self->thread = g_thread_new ("ends", end_stream, self);
}

static void
ender_join (Ender *self)
{
  g_thread_join (self->thread);
  g_clear_object (&self->cancellable);
}

/* Each way by itself and with each other, while it is read or while it is not. */
static void
end_at_once (HfStreaming *streaming,
             guint        ways,
             gboolean     reads)
{
  HfHalves halves = HF_HALVES_INIT (HF_HALVES_ENDLESS, NULL);
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (HfFuture) future =
    hf_streaming_get_with (streaming, uri, "cancellable", cancellable, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
  HfGate ready = HF_GATE_INIT;
  HfGate go = HF_GATE_INIT;
  Ender enders[3] = { { NULL } };

  g_assert_no_error (error);
  if (ways & BY_CLOSE)
    enders[0].response = g_object_ref (response);
  if (ways & BY_CANCEL)
    enders[1].cancellable = g_object_ref (cancellable);
  if (ways & BY_DROP)
    enders[2].stream = hf_response_get_stream (response);
  g_clear_object (&future);
  for (guint i = 0; i < G_N_ELEMENTS (enders); i++)
    ender_start (&enders[i], &ready, &go);
  hf_gate_wait (&ready, G_N_ELEMENTS (enders));
  hf_gate_pass (&go);

  if (reads)
    {
      g_assert_null (hf_streaming_read_all (streaming, response, &error));
      g_assert_cmpuint (error->domain, ==, G_IO_ERROR);
      if (!(ways & BY_CANCEL))
        g_assert_cmpint (error->code, ==, G_IO_ERROR_CLOSED);
      else if (!(ways & BY_CLOSE))
        g_assert_cmpint (error->code, ==, G_IO_ERROR_CANCELLED);
    }
  g_clear_object (&response);
  for (guint i = 0; i < G_N_ELEMENTS (enders); i++)
    ender_join (&enders[i]);
  hf_halves_wait (&halves);
}

static void
test_at_once (HfStreaming   *streaming,
              gconstpointer  kind)
{
  for (guint ways = 1; ways < ALL_WAYS; ways++)
    for (guint i = 0; i < 5; i++)
      {
        end_at_once (streaming, ways, FALSE);
        if (ways & (BY_CLOSE | BY_CANCEL))
          end_at_once (streaming, ways, TRUE);
      }
}

typedef struct {
  HfResponse *response;  /* not owned */
  HfGate *ready;
  HfGate *done;
  GThread *thread;
} Loader;

static gpointer
load (gpointer data)
{
  Loader *self = data;
  g_autoptr (GError) error = NULL;

  hf_gate_pass (self->ready);
  hf_gate_wait (self->ready, 3);
  if (hf_response_load (self->response, NULL, &error))
    g_assert_cmpmem (g_bytes_get_data (hf_response_get_bytes (self->response), NULL),
                     g_bytes_get_size (hf_response_get_bytes (self->response)), "fourmore", 8);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  hf_gate_pass (self->done);
  return NULL;
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!hf_response_load_finish (HF_RESPONSE (source), result, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  hf_gate_pass (user_data);
}

/* One loads it, and nobody disturbs that. */
static void
load_at_once (HfStreaming *streaming)
{
  HfHalves halves = HF_HALVES_INIT ("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfour", "more");
  g_autoptr (HfRawServer) server = hf_halves_new_server (&halves);
  g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
  g_autoptr (HfFuture) future = hf_streaming_get (streaming, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_streaming_take (streaming, future, &error);
  HfGate ready = HF_GATE_INIT;
  HfGate done = HF_GATE_INIT;
  Loader loaders[2];

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++)
    {
      loaders[i] = (Loader){ response, &ready, &done, NULL };
      loaders[i].thread = g_thread_new ("loads", load, &loaders[i]);
    }
  hf_gate_pass (&ready);
  hf_response_load_async (response, NULL, on_loaded, &done);
  hf_gate_pass (&halves.go_on);
  hf_assert_passes (&done, 3);
  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++)
    g_thread_join (loaders[i].thread);
  g_assert_true (hf_response_is_loaded (response));
}

static void
test_load_at_once (HfStreaming   *streaming,
                   gconstpointer  kind)
{
  for (guint i = 0; i < 20; i++)
    load_at_once (streaming);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  hf_streaming_add_tests ("/stream-threads/at-once", test_at_once);
  hf_streaming_add_tests ("/stream-threads/load-at-once", test_load_at_once);
  return g_test_run ();
}
