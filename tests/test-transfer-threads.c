/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "hf-gate.h"
#include "hf-streaming.h"
#include "hf-test-server.h"
#include "hf-upload-fixture.h"

/* Uploads and downloads that are cancelled at any moment: all of them settle, what they read from
 * is given back, and nothing is left of what they write. */

#define CHUNK 1000

/* What an upload is read from, and who cancels it from there. */
typedef struct {
  guint64 cancels_at;        /* the offset */
  GCancellable *cancellable; /* owned */
  int n_freed;               /* atomic */
} Source;

static GBytes *
read_or_cancel (guint64   offset,
                gpointer  user_data,
                GError  **error)
{
  static const guint8 chunk[CHUNK] = { 0 };
  Source *self = user_data;

  if (offset >= self->cancels_at)
    g_cancellable_cancel (self->cancellable);
  return g_bytes_new_static (chunk, offset < 10 * CHUNK ? CHUNK : 0);
}

static GInputStream *
open_or_cancel (gpointer   user_data,
                GError   **error)
{
  Source *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return g_memory_input_stream_new_from_data ("text", 4, NULL);
}

static void
note_freed (gpointer data)
{
  g_atomic_int_inc (&((Source *) data)->n_freed);
}

static gboolean
is_freed (gpointer data)
{
  return g_atomic_int_get (&((Source *) data)->n_freed) == 1;
}

static HfFuture *
put (HfUploadFixture *fixture,
     HfBody          *body,
     GCancellable    *cancellable)
{
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");
  g_autoptr (HfRequest) request = hf_request_new ("PUT", uri);

  hf_request_set_body (request, body);
  hf_request_set_cancellable (request, cancellable);
  return hf_futures_session_send (fixture->session, request);
}

/* From where it is opened and read. */
static void
test_cancel_in_source (HfUploadFixture *fixture,
                       gconstpointer    kind)
{
  for (guint i = 0; i < 24; i++)
    {
      Source source = { (i / 2) * CHUNK, g_cancellable_new (), 0 };
      gint64 length = i % 2 == 0 ? -1 : 10 * CHUNK;
      HfBody *body =
        i < 22 ? hf_body_new_for_read_func (read_or_cancel, &source, note_freed, length, TRUE, NULL)
               : hf_body_new_for_stream_func (open_or_cancel, &source, note_freed,
                                              i % 2 == 0 ? -1 : 4, NULL);
      g_autoptr (HfFuture) future = put (fixture, body, source.cancellable);

      g_object_unref (body);
      hf_upload_fixture_await (fixture, future);
      g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_object (&future);
      hf_assert_becomes (is_freed, &source);
      g_object_unref (source.cancellable);
    }
}

typedef struct {
  HfGate ready;
  HfGate go;
  HfFuture *future;  /* not owned */
  GThread *thread;
} Canceller;

static gpointer
cancel_in_thread (gpointer data)
{
  Canceller *self = data;

  hf_gate_pass (&self->ready);
  hf_gate_wait (&self->go, 1);
  hf_future_cancel (self->future);
  return NULL;
}

static void
canceller_start (Canceller *self,
                 HfFuture  *future)
{
  *self = (Canceller){ HF_GATE_INIT, HF_GATE_INIT, future, NULL };
  self->thread = g_thread_new ("cancels", cancel_in_thread, self);
  hf_gate_wait (&self->ready, 1);
}

static void
assert_done_or_cancelled (HfFuture *future)
{
  const GError *error = hf_future_get_error (future);

  if (error != NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static HfBody *
body_of_kind (HfUploadFixture *fixture,
              Source          *source,
              guint            kind)
{
  g_autoptr (HfMultipart) multipart = NULL;

  if (kind == 0)
    return hf_body_new_for_file (fixture->file, NULL);
  if (kind == 1)
    return hf_body_new_for_read_func (read_or_cancel, source, note_freed, -1, TRUE, NULL);

  multipart = hf_multipart_new ();
  hf_multipart_append_text (multipart, "name", "value");
  hf_multipart_append_file (multipart, "file", fixture->file, NULL, NULL);
  return hf_body_new_for_multipart (multipart);
}

/* From another thread, whenever that comes. */
static void
test_cancel_upload (HfUploadFixture *fixture,
                    gconstpointer    kind)
{
  g_autofree char *text = g_strnfill (500000, 'x');

  hf_upload_fixture_write_file (fixture, text);
  for (guint i = 0; i < 30; i++)
    {
      Source source = { G_MAXUINT64, NULL, 0 };
      HfBody *body = body_of_kind (fixture, &source, i % 3);
      g_autoptr (HfFuture) future = put (fixture, body, NULL);
      Canceller canceller;

      g_object_unref (body);
      canceller_start (&canceller, future);
      hf_gate_pass (&canceller.go);
      hf_upload_fixture_await (fixture, future);
      assert_done_or_cancelled (future);
      g_thread_join (canceller.thread);
      g_clear_object (&future);
      if (i % 3 == 1)
        hf_assert_becomes (is_freed, &source);
    }
}

#define SIZE 300000

static guint
count_parts (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_equal (name, "saved"))
      n++;
  return n;
}

static gboolean
has_no_parts (gpointer folder)
{
  return count_parts (folder) == 0;
}

/* The file is there, or it is not: never a piece of it. */
static void
test_cancel_download (HfStreaming   *streaming,
                      gconstpointer  kind)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "/bytes/300000");
  g_autofree char *folder = g_dir_make_tmp ("hf-transfer-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "saved", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (HfFuture) future =
        hf_streaming_get_with (streaming, uri, "stream", FALSE, "destination", file, NULL);
      g_autoptr (HfResponse) response = NULL;
      g_autofree char *saved = NULL;
      Canceller canceller;
      gsize length;

      canceller_start (&canceller, future);
      hf_gate_pass (&canceller.go);
      response = hf_streaming_take (streaming, future, NULL);
      assert_done_or_cancelled (future);
      g_thread_join (canceller.thread);
      hf_assert_becomes (has_no_parts, folder);
      if (g_file_get_contents (path, &saved, &length, NULL))
        g_assert_cmpuint (length, ==, SIZE);
      else
        g_assert_null (response);
      g_unlink (path);
    }
  hf_assert_finalizes (g_steal_pointer (&streaming->session));
  hf_assert_becomes (has_no_parts, folder);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  streaming->session = hf_futures_session_new_with_executor (streaming->executor);
}

static void
add_upload_tests (const char *path,
                  void      (*test) (HfUploadFixture *fixture,
                                     gconstpointer    kind))
{
  for (guint i = 0; i < G_N_ELEMENTS (hf_upload_kinds); i++)
    {
      g_autofree char *full = g_strconcat (path, "/", hf_upload_kinds[i].name, NULL);

      g_test_add (full, HfUploadFixture, &hf_upload_kinds[i], hf_upload_fixture_set_up, test,
                  hf_upload_fixture_tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_upload_tests ("/transfer-threads/cancel-in-source", test_cancel_in_source);
  add_upload_tests ("/transfer-threads/cancel-upload", test_cancel_upload);
  hf_streaming_add_tests ("/transfer-threads/cancel-download", test_cancel_download);
  return g_test_run ();
}
