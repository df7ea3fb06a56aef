/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"
#include "hf-mapping.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Response hooks that are called by their names, on processes and elsewhere. */

typedef struct {
  HfTestServer *server;
  HfExecutor *executor;
  HfFuturesSession *session;
} Fixture;

typedef enum {
  ON_PROCESSES,
  ON_THREADS,
  ON_LOOPS,
} Place;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const Place place = GPOINTER_TO_INT (data);

  fixture->server = hf_test_server_new ();
  if (place == ON_PROCESSES)
    fixture->executor = hf_process_pool_executor_new (2);
  else if (place == ON_THREADS)
    fixture->executor = hf_thread_pool_executor_new (2);
  else
    fixture->executor = hf_loop_executor_new (1);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  hf_futures_session_close (fixture->session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  hf_test_server_free (fixture->server);
}

static char *
dup_name (const char *function)
{
  return g_strdup_printf ("%s:%s", HF_TEST_PLUGIN, function);
}

static HfRequest *
request_new (Fixture    *fixture,
             const char *path)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, path);

  return hf_request_new ("GET", uri);
}

static void
add_hook (HfRequest  *request,
          const char *function,
          GVariant   *parameters)
{
  g_autofree char *name = dup_name (function);

  g_assert_cmpuint (hf_request_add_named_response_hook (request, name, parameters), >, 0);
}

/* Sends a request with one hook. */
static HfFuture *
send_with (Fixture    *fixture,
           const char *path,
           const char *function,
           GVariant   *parameters)
{
  g_autoptr (HfRequest) request = request_new (fixture, path);

  add_hook (request, function, parameters);
  return hf_futures_session_send (fixture->session, request);
}

static HfResponse *
take (HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  HfResponse *response = hf_future_get_result (taken, NULL, &error);

  g_assert_no_error (error);
  return response;
}

static void
take_value (HfFuture *future,
            GValue   *copy)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  const GValue *value = hf_future_get_value (taken, NULL, &error);

  g_assert_no_error (error);
  g_value_init (copy, G_VALUE_TYPE (value));
  g_value_copy (value, copy);
}

static void
assert_fails (HfFuture *future,
              HfError   code,
              const char *part)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_future_get_value (taken, NULL, &error));
  g_assert_error (error, HF_ERROR, (int) code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” has no “%s”", error->message, part);
}

static void
test_place (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (HfResponse) response = take (send_with (fixture, "/get", "hook_process", NULL));
  g_autoptr (GVariant) process = hf_response_dup_attached (response, "process");

  g_assert_nonnull (process);
  if (GPOINTER_TO_INT (data) == ON_PROCESSES)
    g_assert_cmpint (g_variant_get_int64 (process), !=, getpid ());
  else
    g_assert_cmpint (g_variant_get_int64 (process), ==, getpid ());
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfResponse) response = take (send_with (fixture, "/bytes/10", "hook_nothing", NULL));
  g_auto (GStrv) names = hf_response_list_attached (response);

  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 10);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
  g_assert_null (hf_response_dup_attached (response, "text"));
}

static void
test_response (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (HfResponse) response =
    take (send_with (fixture, "/bytes/10", "hook_set_response", NULL));

  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
}

static void
test_attach (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfResponse) response =
    take (send_with (fixture, "/bytes/300000", "hook_attach", NULL));
  g_auto (GStrv) names = hf_response_list_attached (response);
  g_autoptr (GVariant) length = hf_response_dup_attached (response, "length");
  g_autoptr (GVariant) empty = hf_response_dup_attached (response, "empty");

  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpuint (g_variant_get_uint64 (length), ==, 300000);
  g_assert_cmpstr (g_variant_get_type_string (empty), ==, "a{sv}");
  g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, 300000);
}

static void
test_variants (Fixture       *fixture,
               gconstpointer  data)
{
  const char *const written[] = {
    "true",
    "int64 -5",
    "1.5",
    "''",
    "'text'",
    "@av []",
    "@a{sv} {}",
    "b''",
    "@mv nothing",
    "[1, 2]",
    "{'a': <[<1>, <{'b': <'c'>}>]>}",
    "@() ()",
  };

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autoptr (GVariant) sent = g_variant_ref_sink (g_variant_new_parsed (written[i]));
      g_auto (GValue) value = G_VALUE_INIT;

      take_value (send_with (fixture, "/get", "hook_set", sent), &value);
      g_assert_true (G_VALUE_HOLDS (&value, G_TYPE_VARIANT));
      g_assert_cmpvariant (g_value_get_variant (&value), sent);
    }
}

static void
test_types (Fixture       *fixture,
            gconstpointer  data)
{
  const char *const names[] = { "gboolean", "gint",    "guint",      "gint64",
                                "guint64",  "gdouble", "gchararray", "GStrv" };
  const char *const shown[] = { "TRUE",
                                "-7",
                                "7",
                                "-9223372036854775808",
                                "18446744073709551615",
                                "0.500000",
                                "\"\"",
                                "[\"one\", \"two\"]" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_autofree char *content = NULL;

      take_value (send_with (fixture, "/get", "hook_set_typed", g_variant_new_string (names[i])),
                  &value);
      g_assert_cmpstr (G_VALUE_TYPE_NAME (&value), ==, names[i]);
      content = g_strdup_value_contents (&value);
      g_assert_cmpstr (content, ==, shown[i]);
    }
}

static void
test_large_value (Fixture       *fixture,
                  gconstpointer  data)
{
  g_auto (GValue) value = G_VALUE_INIT;
  const guint8 *bytes;
  gsize size;

  take_value (send_with (fixture, "/bytes/20000000", "hook_set_bytes", NULL), &value);
  g_assert_true (G_VALUE_HOLDS (&value, G_TYPE_BYTES));
  bytes = g_bytes_get_data (g_value_get_boxed (&value), &size);
  g_assert_cmpuint (size, ==, 20000000);
  for (gsize i = 0; i < size; i += 4093)
    g_assert_cmpuint (bytes[i], ==, i % 256);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (HfRequest) request = request_new (fixture, "/get");
  g_autofree char *name = dup_name ("hook_count");
  guint id = hf_futures_session_add_named_response_hook (fixture->session, name, NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) fewer = G_VALUE_INIT;

  add_hook (request, "hook_count", NULL);
  add_hook (request, "hook_count", NULL);
  take_value (hf_futures_session_send (fixture->session, request), &value);
  g_assert_cmpint (g_value_get_int (&value), ==, 3);

  hf_futures_session_remove_response_hook (fixture->session, id);
  take_value (hf_futures_session_send (fixture->session, request), &fewer);
  g_assert_cmpint (g_value_get_int (&fewer), ==, 2);
}

/* The response is as it was, and the session has the settings of the one that sent the request. */
static void
test_describe (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *base = hf_test_server_dup_uri (fixture->server, "/");
  g_autoptr (HfRequest) request = request_new (fixture, "/redirect-to?url=/anything");
  g_autoptr (HfBody) body = hf_body_new_for_text ("text", NULL);
  g_autofree char *expected = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GVariant) text = NULL;
  g_autoptr (GVariant) uri = NULL;
  g_autofree char *type = NULL;

  hf_futures_session_set_header (fixture->session, "X-Session", "s");
  hf_futures_session_set_read_timeout (fixture->session, 12.5);
  hf_futures_session_set_base_uri (fixture->session, base);
  hf_request_set_method (request, "PUT");
  hf_request_set_header (request, "X-Asks", "a");
  hf_request_set_body (request, body);
  add_hook (request, "hook_describe", NULL);
  response = take (hf_futures_session_send (fixture->session, request));
  text = hf_response_dup_attached (response, "text");
  uri = hf_response_dup_attached (response, "uri");
  type = hf_response_get_header (response, "Content-Type");
  expected = g_strdup_printf ("%u %s %s a %u %s s 12.5 %s", hf_response_get_status (response), type,
                              hf_request_get_method (hf_response_get_request (response)),
                              hf_response_get_history (response)->len,
                              hf_request_get_body (hf_response_get_request (response)) != NULL
                                ? "body"
                                : "no body",
                              base);
  g_assert_cmpuint (hf_response_get_history (response)->len, ==, 1);
  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, expected);
  g_assert_cmpstr (g_variant_get_string (uri, NULL), ==, hf_response_get_uri (response));
}

/* A cookie that the session got goes along. */
static void
test_session (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/cookies");
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("token");
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GVariant) text = NULL;

  g_object_unref (take (send_with (fixture, "/cookies/set?taste=sweet", "hook_nothing", NULL)));
  hf_futures_session_set_auth (fixture->session, auth);
  response = take (send_with (fixture, "/get", "hook_ask", g_variant_new_string (uri)));
  text = hf_response_dup_attached (response, "text");
  g_assert_nonnull (strstr (g_variant_get_string (text, NULL), "sweet"));

  g_clear_object (&response);
  g_clear_pointer (&text, g_variant_unref);
  g_free (uri);
  uri = hf_test_server_dup_uri (fixture->server, "/headers");
  response = take (send_with (fixture, "/get", "hook_ask", g_variant_new_string (uri)));
  text = hf_response_dup_attached (response, "text");
  g_assert_nonnull (strstr (g_variant_get_string (text, NULL), "Bearer token"));
}

static void
test_policy (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GVariant) policy = NULL;

  soup_cookie_jar_set_accept_policy (hf_futures_session_get_cookie_jar (fixture->session),
                                     SOUP_COOKIE_JAR_ACCEPT_NEVER);
  response = take (send_with (fixture, "/get", "hook_find_policy", NULL));
  policy = hf_response_dup_attached (response, "policy");
  g_assert_cmpuint (g_variant_get_uint32 (policy), ==, SOUP_COOKIE_JAR_ACCEPT_NEVER);
}

static void
test_failing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfRequest) request = request_new (fixture, "/get");

  assert_fails (send_with (fixture, "/get", "hook_fail", NULL), HF_ERROR_HOOK, "It is not liked");
  assert_fails (send_with (fixture, "/get", "hook_missing", NULL), HF_ERROR_HOOK, "hook_missing");
  hf_request_add_named_response_hook (request, "/nowhere/at.so:all", NULL);
  assert_fails (hf_futures_session_send (fixture->session, request), HF_ERROR_HOOK, "/nowhere/at");
}

static void
test_unnamed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfRequest) request = request_new (fixture, "/get");

  add_hook (request, "hook_nothing", NULL);
  hf_request_add_response_hook (request, (HfResponseHook) hf_hook_call_get_response, NULL, NULL);
  assert_fails (hf_futures_session_send (fixture->session, request), HF_ERROR_NOT_SERIALIZABLE,
                "no name");
}

static void
test_stream (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfRequest) request = request_new (fixture, "/get");

  add_hook (request, "hook_nothing", NULL);
  hf_request_set_stream (request, TRUE);
  assert_fails (hf_futures_session_send (fixture->session, request), HF_ERROR_NOT_SERIALIZABLE,
                "streamed");
}

static void
test_object (Fixture       *fixture,
             gconstpointer  data)
{
  assert_fails (send_with (fixture, "/get", "hook_set_object", NULL), HF_ERROR_NOT_SERIALIZABLE,
                "GCancellable");
}

/* Only the request whose hook killed its worker fails. */
static void
test_dying (Fixture       *fixture,
            gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HfResponse) response = NULL;

      assert_fails (send_with (fixture, "/get", "hook_die", NULL), HF_ERROR_WORKER_DIED,
                    "signal 9");
      response = take (send_with (fixture, "/get", "hook_process", NULL));
      g_assert_cmpuint (hf_response_get_status (response), ==, 200);
    }
}

/* A hook that does not return is stopped with its process when its time is over. */
static void
test_hanging (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfRequest) request = request_new (fixture, "/get");
  g_autoptr (HfResponse) response = NULL;

  add_hook (request, "hook_hang", NULL);
  hf_request_set_deadline (request, 0.5);
  assert_fails (hf_futures_session_send (fixture->session, request), HF_ERROR_WORKER_DIED,
                "did not answer");
  response = take (send_with (fixture, "/get", "hook_process", NULL));
  g_assert_cmpuint (hf_response_get_status (response), ==, 200);
}

/* Who waits for a hook in vain cancels it; its place is free then. */
static void
test_cancelling (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (HfFuturesSession) other = hf_futures_session_new ();
  g_autofree char *await = hf_test_server_dup_uri (fixture->server, "/await/begun");
  g_autofree char *hold = hf_test_server_dup_uri (fixture->server, "/hold/begun");
  g_autofree char *release = hf_test_server_dup_uri (fixture->server, "/release/begun");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) asked = g_variant_ref_sink (g_variant_new_string (hold));
      g_autoptr (HfFuture) future = send_with (fixture, "/get", "hook_ask_and_hang", asked);
      g_autoptr (GError) error = NULL;

      g_object_unref (take (hf_futures_session_get (other, await)));
      g_assert_true (hf_future_cancel (future));
      g_assert_null (hf_future_get_value (future, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (take (hf_futures_session_get (other, release)));
    }
  for (guint i = 0; i < 4; i++)
    g_object_unref (take (send_with (fixture, "/get", "hook_process", NULL)));
  hf_futures_session_close (other, HF_CLOSE_DRAIN);
}

/* What a request delivers is not there for a hook to see, but all else is. */
static void
test_destination (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (HfRequest) request = request_new (fixture, "/bytes/300000");
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GVariant) length = NULL;

  add_hook (request, "hook_attach", NULL);
  hf_request_set_destination (request, G_OBJECT (stream));
  response = take (hf_futures_session_send (fixture->session, request));
  length = hf_response_dup_attached (response, "length");
  g_assert_cmpuint (g_variant_get_uint64 (length), ==, 0);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==,
                    300000);
}

/* A large body is the same memory in this process, and in that which its hooks are called in. */
static void
test_shared (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (HfResponse) response =
    take (send_with (fixture, "/bytes/1000000", "hook_find_inode", NULL));
  g_autoptr (GVariant) inode = hf_response_dup_attached (response, "inode");

  g_assert_cmpuint (g_variant_get_uint64 (inode), !=, 0);
  g_assert_cmpuint (g_variant_get_uint64 (inode), ==,
                    find_inode (hf_response_get_bytes (response)));
}

static gint64
find_process (Fixture *fixture)
{
  g_autoptr (HfResponse) response = take (send_with (fixture, "/get", "hook_process", NULL));
  g_autoptr (GVariant) process = hf_response_dup_attached (response, "process");

  return g_variant_get_int64 (process);
}

/* Ctrl-C in a terminal goes to the worker processes, too. */
static void
test_interrupt (Fixture       *fixture,
                gconstpointer  data)
{
  gint64 process = find_process (fixture);

  g_assert_cmpint (kill (process, SIGINT), ==, 0);
  g_assert_cmpint (find_process (fixture), ==, process);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

/* What held the bodies for the hooks is not kept with the responses. */
static void
test_descriptors (Fixture       *fixture,
                  gconstpointer  data)
{
  HfResponse *responses[10];
  guint before;

  responses[0] = take (send_with (fixture, "/bytes/100000", "hook_attach", NULL));
  before = count_descriptors ();
  for (guint i = 1; i < G_N_ELEMENTS (responses); i++)
    responses[i] = take (send_with (fixture, "/bytes/100000", "hook_attach", NULL));
  g_assert_cmpuint (count_descriptors (), <=, before);
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    {
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (responses[i])), ==, 100000);
      g_object_unref (responses[i]);
    }
}

static void
add_test (const char *name,
          void       (*test) (Fixture *, gconstpointer),
          Place       place)
{
  g_test_add (name, Fixture, GINT_TO_POINTER (place), set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  static const struct {
    const char *name;
    Place place;
  } places[] = { { "processes", ON_PROCESSES }, { "threads", ON_THREADS }, { "loops", ON_LOOPS } };
  static const struct {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } everywhere[] = {
    { "place", test_place },
    { "nothing", test_nothing },
    { "response", test_response },
    { "attach", test_attach },
    { "variants", test_variants },
    { "types", test_types },
    { "large-value", test_large_value },
    { "order", test_order },
    { "describe", test_describe },
    { "destination", test_destination },
    { "session", test_session },
    { "policy", test_policy },
    { "failing", test_failing },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint j = 0; j < G_N_ELEMENTS (everywhere); j++)
      {
        g_autofree char *name =
          g_strdup_printf ("/named-hook/%s/%s", places[i].name, everywhere[j].name);

        add_test (name, everywhere[j].test, places[i].place);
      }
  add_test ("/named-hook/processes/unnamed", test_unnamed, ON_PROCESSES);
  add_test ("/named-hook/processes/stream", test_stream, ON_PROCESSES);
  add_test ("/named-hook/processes/object", test_object, ON_PROCESSES);
  add_test ("/named-hook/processes/dying", test_dying, ON_PROCESSES);
  add_test ("/named-hook/processes/hanging", test_hanging, ON_PROCESSES);
  add_test ("/named-hook/processes/cancelling", test_cancelling, ON_PROCESSES);
  add_test ("/named-hook/processes/shared", test_shared, ON_PROCESSES);
  add_test ("/named-hook/processes/interrupt", test_interrupt, ON_PROCESSES);
  add_test ("/named-hook/processes/descriptors", test_descriptors, ON_PROCESSES);
  return g_test_run ();
}
