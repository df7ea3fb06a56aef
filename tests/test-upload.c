/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"
#include "hf-hanging-stream.h"
#include "hf-upload-server.h"
#include "libhfutures.h"

/* Bodies that are read while they are sent, on every kind of executor. */

typedef struct {
  const char *name;
  HfExecutor *(*make) (void);
  gboolean is_here;
} Kind;

static HfExecutor *
make_threads (void)
{
  return hf_thread_pool_executor_new (2);
}

static HfExecutor *
make_loop (void)
{
  return hf_loop_executor_new (1);
}

static HfExecutor *
make_here (void)
{
  return hf_loop_executor_new_for_context (NULL);
}

static const Kind kinds[] = {
  { "threads", make_threads, FALSE },
  { "loop", make_loop, FALSE },
  { "here", make_here, TRUE },
};

typedef struct {
  const Kind *kind;
  HfUploadServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
  char *path; /* of a file of its own */
  GFile *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  int fd = g_file_open_tmp ("hf-upload-XXXXXX", &fixture->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  fixture->file = g_file_new_for_path (fixture->path);
  fixture->kind = data;
  fixture->server = hf_upload_server_new ();
  fixture->executor = fixture->kind->make ();
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  hf_assert_becomes (hf_upload_server_is_left, fixture->server);
  hf_upload_server_free (fixture->server);
  g_unlink (fixture->path);
  g_free (fixture->path);
  g_object_unref (fixture->file);
}

static gboolean
is_settled (gpointer future)
{
  return hf_future_wait (future, 0, NULL);
}

static void
await (Fixture  *fixture,
       HfFuture *future)
{
  if (fixture->kind->is_here)
    hf_assert_becomes (is_settled, future);
  else
    g_assert_true (hf_future_wait (future, 60 * G_USEC_PER_SEC, NULL));
}

/* Returns: (transfer full): a future that has settled */
static HfFuture *
send (Fixture    *fixture,
      const char *method,
      const char *path,
      HfBody     *body)
{
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, path);
  HfFuture *future = hf_futures_session_request (fixture->session, method, uri, body);

  await (fixture, future);
  return future;
}

static void
assert_sends (Fixture    *fixture,
              const char *method,
              const char *path,
              HfBody     *body,
              const char *log)
{
  g_autoptr (HfFuture) future = send (fixture, method, path, body);
  g_autofree char *logged = NULL;

  g_assert_no_error (hf_future_get_error (future));
  logged = hf_upload_server_take_log (fixture->server);
  g_assert_cmpstr (logged, ==, log);
}

static char *
assert_fails (Fixture    *fixture,
              const char *method,
              const char *path,
              HfBody     *body,
              GQuark      cause_domain,
              int         cause_code)
{
  g_autoptr (HfFuture) future = send (fixture, method, path, body);
  g_autoptr (GError) cause = hf_future_dup_cause (future);

  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
  if (cause_domain != 0)
    g_assert_error (cause, cause_domain, cause_code);
  return g_strdup (hf_future_get_error (future)->message);
}

static void
write_file (Fixture    *fixture,
            const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

/* Each time anew. */
static GInputStream *
open_text (gpointer   user_data,
           GError   **error)
{
  return g_memory_input_stream_new_from_data (user_data, strlen (user_data), NULL);
}

static GBytes *
read_by_threes (guint64   offset,
                gpointer  user_data,
                GError  **error)
{
  const char *text = user_data;

  return g_bytes_new (text + offset, MIN (3, strlen (text) - offset));
}

static GInputStream *
fail_to_open (gpointer   user_data,
              GError   **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, "not mounted");
  return NULL;
}

static GInputStream *
open_nothing (gpointer   user_data,
              GError   **error)
{
  return NULL;
}

static GBytes *
fail_to_read (guint64   offset,
              gpointer  user_data,
              GError  **error)
{
  if (offset == 0)
    return g_bytes_new_static ("begin", 5);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, "not mounted");
  return NULL;
}

static void
test_kinds (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (HfBody) file = hf_body_new_for_file (fixture->file, NULL);
  g_autoptr (HfBody) sized = hf_body_new_for_stream_func (open_text, "a stream", NULL, 8, NULL);
  g_autoptr (HfBody) chunked = hf_body_new_for_stream_func (open_text, "a stream", NULL, -1, NULL);
  g_autoptr (HfBody) read =
    hf_body_new_for_read_func (read_by_threes, "abcdefg", NULL, 7, TRUE, NULL);
  g_autoptr (HfBody) read_chunked =
    hf_body_new_for_read_func (read_by_threes, "abcdefg", NULL, -1, TRUE, NULL);
  g_autoptr (HfBody) nothing = hf_body_new_for_stream_func (open_text, "", NULL, -1, NULL);

  write_file (fixture, "a file");
  for (guint i = 0; i < 3; i++)
    {
      assert_sends (fixture, "POST", "/ok", file, "POST /ok length 6 a file\n");
      assert_sends (fixture, "POST", "/ok", sized, "POST /ok length 8 a stream\n");
      assert_sends (fixture, "PUT", "/ok", chunked, "PUT /ok chunked 8 a stream\n");
      assert_sends (fixture, "PATCH", "/ok", read, "PATCH /ok length 7 abcdefg\n");
      assert_sends (fixture, "POST", "/ok", read_chunked, "POST /ok chunked 7 abcdefg\n");
      assert_sends (fixture, "POST", "/ok", nothing, "POST /ok chunked 0 \n");
    }

  write_file (fixture, "");
  assert_sends (fixture, "POST", "/ok", file, "POST /ok length 0 \n");
}

/* A file that tells no length has one all the same. */
static void
test_proc (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/proc/self/cmdline");
  g_autoptr (HfBody) body = hf_body_new_for_file (file, NULL);
  g_autoptr (HfFuture) future = send (fixture, "POST", "/ok", body);
  g_autofree char *log = hf_upload_server_take_log (fixture->server);

  g_assert_no_error (hf_future_get_error (future));
  g_assert_nonnull (strstr (log, "POST /ok chunked "));
  g_assert_nonnull (strstr (log, "test-upload"));
}

/* Of any length, also about that of what is read at a time. */
static void
test_lengths (Fixture       *fixture,
              gconstpointer  data)
{
  const gsize lengths[] = { 1, 8192, 65535, 65536, 65537, 131072, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *text = g_malloc (lengths[i] + 1);
      g_autofree char *checksum = NULL;
      g_autofree char *logged = NULL;
      g_autofree char *wanted = NULL;
      g_autoptr (HfBody) body = hf_body_new_for_file (fixture->file, NULL);
      g_autoptr (HfFuture) future = NULL;

      for (gsize j = 0; j < lengths[i]; j++)
        text[j] = 'a' + (j / 7) % 26;
      text[lengths[i]] = '\0';
      write_file (fixture, text);
      future = send (fixture, "POST", "/ok", body);
      g_assert_no_error (hf_future_get_error (future));
      g_assert_cmpuint (hf_future_get_bytes_sent (future), ==, lengths[i]);
      logged = hf_upload_server_take_log (fixture->server);
      checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
      wanted = g_strdup_printf ("POST /ok length %" G_GSIZE_FORMAT " %s\n", lengths[i],
                                lengths[i] > 1024 ? checksum : text);
      g_assert_cmpstr (logged, ==, wanted);
    }
}

static void
test_once (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GInputStream) stream = open_text ("once", NULL);
  g_autoptr (HfBody) body = hf_body_new_for_stream (stream, 4, NULL);
  g_autofree char *message = NULL;
  g_autofree char *log = NULL;

  assert_sends (fixture, "POST", "/ok", body, "POST /ok length 4 once\n");
  g_assert_true (g_input_stream_is_closed (stream));
  message = assert_fails (fixture, "POST", "/ok", body, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_nonnull (strstr (message, "can be read only once"));
  log = hf_upload_server_take_log (fixture->server);
  g_assert_cmpstr (log, ==, "");
}

/* What cannot be opened reaches no server. */
static void
test_unopened (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GFile) missing = g_file_new_for_path ("/no/such/file");
  g_autoptr (GFile) folder = g_file_new_for_path ("/");
  HfBody *bodies[] = {
    hf_body_new_for_file (missing, NULL),
    hf_body_new_for_file (folder, NULL),
    hf_body_new_for_stream_func (fail_to_open, NULL, NULL, 7, NULL),
    hf_body_new_for_stream_func (open_nothing, NULL, NULL, 7, NULL),
  };
  const int codes[] = { G_IO_ERROR_NOT_FOUND, G_IO_ERROR_IS_DIRECTORY, G_IO_ERROR_NOT_MOUNTED,
                        G_IO_ERROR_FAILED };
  g_autofree char *log = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *message =
        assert_fails (fixture, "PUT", "/ok?secret", bodies[i], G_IO_ERROR, codes[i]);

      g_assert_nonnull (strstr (message, "/ok” could not be sent: "));
    }
  log = hf_upload_server_take_log (fixture->server);
  g_assert_cmpstr (log, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_object_unref (bodies[i]);
}

static const struct {
  const char *text;
  gint64 length;
  int code;
} wrong_lengths[] = {
  { "short", 6, G_IO_ERROR_PARTIAL_INPUT },
  { "", 1, G_IO_ERROR_PARTIAL_INPUT },
  { "long", 3, G_IO_ERROR_MESSAGE_TOO_LARGE },
  { "something", 0, G_IO_ERROR_MESSAGE_TOO_LARGE },
};

/* Also on a connection that was used before, where libsoup would begin anew. */
static void
test_wrong_length (Fixture       *fixture,
                   gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_lengths) * 2; i++)
    {
      gpointer text = (gpointer) wrong_lengths[i / 2].text;
      g_autoptr (GInputStream) stream = open_text (text, NULL);
      g_autoptr (HfBody) body =
        i % 2 ? hf_body_new_for_stream (stream, wrong_lengths[i / 2].length, NULL)
              : hf_body_new_for_read_func (read_by_threes, text, NULL, wrong_lengths[i / 2].length,
                                           TRUE, NULL);
      g_autofree char *message = NULL;
      g_autofree char *log = NULL;
      g_autoptr (HfFuture) before = send (fixture, "GET", "/ok", NULL);

      g_assert_no_error (hf_future_get_error (before));
      message = assert_fails (fixture, "PUT", "/ok", body, G_IO_ERROR, wrong_lengths[i / 2].code);
      g_assert_true (i % 2 == 0 || g_input_stream_is_closed (stream));
    }
}

static void
test_failing_read (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (HfBody) body = hf_body_new_for_read_func (fail_to_read, NULL, NULL, 100, TRUE, NULL);
  g_autoptr (HfBody) chunked = hf_body_new_for_read_func (fail_to_read, NULL, NULL, -1, TRUE, NULL);
  g_autoptr (HfFuture) before = send (fixture, "GET", "/ok", NULL);

  g_assert_no_error (hf_future_get_error (before));
  g_free (assert_fails (fixture, "PUT", "/ok", body, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED));
  g_free (assert_fails (fixture, "POST", "/ok", chunked, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED));
}

/* Appends to a file, or cuts it, when its first bytes are there. */
typedef struct {
  Fixture *fixture;
  gboolean grow;
  gboolean done;
} Changing;

static void
change_file (HfFuture   *future,
             GParamSpec *pspec,
             gpointer    user_data)
{
  Changing *self = user_data;
  int fd;

  if (self->done)
    return;
  self->done = TRUE;
  fd = g_open (self->fixture->path, O_WRONLY, 0);
  g_assert_cmpint (ftruncate (fd, self->grow ? 80000001 : 79999999), ==, 0);
  close (fd);
}

static void
test_changing_file (Fixture       *fixture,
                    gconstpointer  data)
{
  for (guint i = 0; i < 2; i++)
    {
      const int code = i == 0 ? G_IO_ERROR_MESSAGE_TOO_LARGE : G_IO_ERROR_PARTIAL_INPUT;
      Changing changing = { fixture, i == 0, FALSE };
      g_autoptr (HfBody) body = hf_body_new_for_file (fixture->file, NULL);
      g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (GError) cause = NULL;
      int fd;

      write_file (fixture, "");
      fd = g_open (fixture->path, O_WRONLY, 0);
      g_assert_cmpint (ftruncate (fd, 80000000), ==, 0);
      close (fd);
      future = hf_futures_session_put (fixture->session, uri, body);
      g_signal_connect (future, "notify::bytes-sent", G_CALLBACK (change_file), &changing);
      hf_assert_becomes (is_settled, future);

      g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
      cause = hf_future_dup_cause (future);
      g_assert_error (cause, G_IO_ERROR, code);
    }
}

static void
test_content_length (Fixture       *fixture,
                     gconstpointer  data)
{
  const char *values[] = { "6", "5", "7" };

  write_file (fixture, "a file");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");
      g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
      g_autoptr (HfBody) body = hf_body_new_for_file (fixture->file, "a/b");
      g_autoptr (HfFuture) future = NULL;

      hf_request_set_body (request, body);
      hf_request_set_header (request, "Content-Length", values[i]);
      future = hf_futures_session_send (fixture->session, request);
      await (fixture, future);
      if (i == 0)
        g_assert_no_error (hf_future_get_error (future));
      else
        g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
    }
}

static void
test_redirects (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (HfBody) file = hf_body_new_for_file (fixture->file, NULL);
  g_autoptr (HfBody) chunked = hf_body_new_for_stream_func (open_text, "stream", NULL, -1, NULL);
  g_autofree char *message = NULL;
  g_autofree char *log = NULL;

  write_file (fixture, "a file");
  assert_sends (fixture, "PUT", "/temporary", file,
                "PUT /temporary length 6 a file\nPUT /ok length 6 a file\n");
  assert_sends (fixture, "POST", "/temporary", chunked,
                "POST /temporary chunked 6 stream\nPOST /ok chunked 6 stream\n");
  assert_sends (fixture, "POST", "/see-other", chunked,
                "POST /see-other chunked 6 stream\nGET /ok none 0 \n");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GInputStream) stream = open_text ("once", NULL);
      g_autoptr (HfBody) once = hf_body_new_for_stream (stream, 4, NULL);

      if (i == 0)
        message = assert_fails (fixture, "POST", "/temporary", once, 0, 0);
      else
        assert_sends (fixture, "POST", "/see-other", once,
                      "POST /temporary length 4 once\n"
                      "POST /see-other length 4 once\nGET /ok none 0 \n");
    }
  g_assert_nonnull (strstr (message, "cannot be sent a second time"));
}

static void
test_credentials (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("u", "p");
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/digest");

  write_file (fixture, "a file");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
      g_autoptr (GInputStream) stream = open_text ("once", NULL);
      g_autoptr (HfBody) body = i == 0 ? hf_body_new_for_stream (stream, 4, NULL)
                                       : hf_body_new_for_file (fixture->file, NULL);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;

      hf_request_set_auth (request, auth);
      hf_request_set_body (request, body);
      future = hf_futures_session_send (fixture->session, request);
      await (fixture, future);
      response = hf_future_get_result (future, NULL, NULL);
      g_assert_cmpuint (hf_response_get_status (response), ==, i == 0 ? 401 : 200);
    }
}

/* A kept connection that the server closes at that moment. */
static void
test_restart (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfBody) file = hf_body_new_for_file (fixture->file, NULL);
  g_autoptr (HfBody) chunked = hf_body_new_for_stream_func (open_text, "stream", NULL, -1, NULL);
  g_autoptr (GInputStream) stream = open_text ("once", NULL);
  g_autoptr (HfBody) once = hf_body_new_for_stream (stream, 4, NULL);
  g_autofree char *message = NULL;

  write_file (fixture, "a file");
  assert_sends (fixture, "PUT", "/drop", file, "PUT /drop length 6 a file\n");
  assert_sends (fixture, "PUT", "/drop", file,
                "PUT /drop length 6 a file\nPUT /drop length 6 a file\n");
  assert_sends (fixture, "PUT", "/drop", chunked,
                "PUT /drop chunked 6 stream\nPUT /drop chunked 6 stream\n");
  message = assert_fails (fixture, "PUT", "/drop", once, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_nonnull (strstr (message, "can be read only once"));
}

/* A body that takes its time, with a request that is given up. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");

  for (guint i = 0; i < 3; i++)
    {
      HfGate reached = HF_GATE_INIT;
      HfGate closed = HF_GATE_INIT;
      g_autoptr (GInputStream) stream = hf_hanging_stream_new (&reached, &closed);
      g_autoptr (HfBody) body = hf_body_new_for_stream (stream, i == 0 ? -1 : 100, NULL);
      g_autoptr (HfRequest) request = hf_request_new ("PUT", uri);
      g_autoptr (HfFuture) future = NULL;

      hf_request_set_body (request, body);
      if (i == 2)
        hf_request_set_deadline (request, 0.2);
      hf_request_set_read_timeout (request, 0.01); /* that is the server's time, not the body's */
      future = hf_futures_session_send (fixture->session, request);
      hf_assert_passes (&reached, 1);
      if (i < 2)
        hf_future_cancel (future);
      await (fixture, future);
      if (i < 2)
        g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
      hf_assert_passes (&closed, 1);
      g_assert_true (hf_gate_has_passed (&closed, 1) && !hf_gate_has_passed (&closed, 2));
    }
}

static void
test_progress (Fixture       *fixture,
               gconstpointer  data)
{
  HfGate reached = HF_GATE_INIT;
  HfGate closed = HF_GATE_INIT;
  g_autoptr (GInputStream) stream = hf_hanging_stream_new (&reached, &closed);
  g_autoptr (HfBody) body = hf_body_new_for_stream (stream, 100, NULL);
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");
  g_autoptr (HfFuture) future = hf_futures_session_post (fixture->session, uri, body);
  g_autoptr (HfFuture) done = NULL;
  g_autoptr (HfBody) text = hf_body_new_for_text ("0123456789", NULL);

  hf_assert_passes (&reached, 1); /* so the first five bytes are on their way */
  g_assert_cmpuint (hf_future_get_bytes_sent (future), ==, 5);
  g_assert_cmpint (hf_future_get_bytes_total (future), ==, 100);
  g_assert_cmpfloat (hf_future_get_fraction (future), ==, 0.05);
  hf_future_cancel (future);
  hf_assert_passes (&closed, 1);

  done = send (fixture, "POST", "/ok", text);
  g_assert_cmpuint (hf_future_get_bytes_sent (done), ==, 10);
  g_assert_cmpint (hf_future_get_bytes_total (done), ==, 2); /* that of the response by now */
  g_assert_cmpfloat (hf_future_get_fraction (done), ==, 1.0);
}

/* What a user gives sees no context of the library's. */
static GBytes *
check_context (guint64   offset,
               gpointer  user_data,
               GError  **error)
{
  GMainContext *context = g_main_context_get_thread_default ();

  if (context != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "a context");
  return NULL;
}

static void
test_context (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfBody) body = hf_body_new_for_read_func (check_context, NULL, NULL, -1, TRUE, NULL);

  assert_sends (fixture, "PUT", "/ok", body, "PUT /ok chunked 0 \n");
}

static guint64
peak_memory_kib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmHWM:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (g_strchug (g_strdup (line + 6)), NULL, 10);
}

/* In a process of its own, which counts what arrives. */
static void
test_memory_alone (gconstpointer data)
{
  const gboolean slow = g_getenv ("HF_TEST_SLOW") != NULL;
  const guint64 size = slow ? 32 * 1024 * 1024 : 1024 * 1024 * 1024;
  Fixture fixture = { 0 };
  g_autoptr (HfBody) body = NULL;
  g_autoptr (HfFuture) first = NULL;
  g_autoptr (HfFuture) second = NULL;
  guint64 before;
  int fd;

  set_up (&fixture, data);
  body = hf_body_new_for_file (fixture.file, NULL);
  write_file (&fixture, "small");
  first = send (&fixture, "PUT", "/ok", body);
  g_assert_no_error (hf_future_get_error (first));
  before = peak_memory_kib ();

  fd = g_open (fixture.path, O_WRONLY, 0);
  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  close (fd);
  second = send (&fixture, "PUT", "/ok", body);
  g_assert_no_error (hf_future_get_error (second));
  g_assert_cmpuint (hf_upload_server_get_n_received (fixture.server), ==, size + 5);
  g_assert_cmpuint (hf_future_get_bytes_sent (second), ==, size);
  if (!slow)
    g_assert_cmpuint (peak_memory_kib () - before, <=, 16 * 1024);
  tear_down (&fixture, data);
}

static void
test_memory (gconstpointer data)
{
  const Kind *kind = data;
  g_autofree char *path = g_strdup_printf ("/upload/%s/memory/subprocess", kind->name);

  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static const struct {
  const char *name;
  void (*test) (Fixture       *fixture,
                gconstpointer  data);
} tests[] = {
  { "kinds", test_kinds },
  { "proc", test_proc },
  { "lengths", test_lengths },
  { "once", test_once },
  { "unopened", test_unopened },
  { "wrong-length", test_wrong_length },
  { "failing-read", test_failing_read },
  { "changing-file", test_changing_file },
  { "content-length", test_content_length },
  { "redirects", test_redirects },
  { "credentials", test_credentials },
  { "restart", test_restart },
  { "cancel", test_cancel },
  { "progress", test_progress },
  { "context", test_context },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *memory = g_strdup_printf ("/upload/%s/memory", kinds[i].name);
      g_autofree char *alone = g_strdup_printf ("%s/subprocess", memory);

      for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path = g_strdup_printf ("/upload/%s/%s", kinds[i].name, tests[j].name);

          g_test_add (path, Fixture, &kinds[i], set_up, tests[j].test, tear_down);
        }
      g_test_add_data_func (memory, &kinds[i], test_memory);
      g_test_add_data_func (alone, &kinds[i], test_memory_alone);
    }
  return g_test_run ();
}
