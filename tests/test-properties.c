/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-certificates.h"
#include "hf-headers-private.h"
#include "hf-promise-private.h"
#include "hf-response-private.h"
#include "libhfutures.h"

/* Every property of requests, responses and futures; and how a request's setters notify. */

/* The names of the properties, so that a new one must be added to its test. */
static HfPromise *
promise_new_for (const char *uri)
{
  GRefString *shared = g_ref_string_new (uri);
  HfPromise *promise = hf_promise_new (shared);

  g_ref_string_release (shared);
  return promise;
}

static void
assert_properties (GType       type,
                   const char *first,
                   ...)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  g_autofree GParamSpec **specs = NULL;
  guint n_specs;
  guint n = 0;
  va_list rest;

  specs = g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_specs);
  va_start (rest, first);
  for (const char *name = first; name != NULL; name = va_arg (rest, const char *))
    {
      g_assert_nonnull (g_object_class_find_property (G_OBJECT_CLASS (klass), name));
      n++;
    }
  va_end (rest);
  g_assert_cmpuint (n_specs, ==, n);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  GString *notified = user_data;

  g_string_append_printf (notified, "%s ", pspec->name);
}

typedef struct {
  HfRequest *request; /* owned */
  GString *notified;  /* owned: the names of the properties that were notified, in order */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->request = hf_request_new ("GET", "http://a.example/");
  fixture->notified = g_string_new (NULL);
  g_signal_connect (fixture->request, "notify", G_CALLBACK (on_notify), fixture->notified);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->request);
  g_string_free (fixture->notified, TRUE);
}

static void
assert_notified (Fixture    *fixture,
                 const char *names)
{
  g_assert_cmpstr (fixture->notified->str, ==, names);
  g_string_truncate (fixture->notified, 0);
}

/* A setter stores, and notifies when that changes something; the property is the same thing. */
#define CHECK_PLAIN(name, field, type, compare, fallback, other)      \
  G_STMT_START                                                        \
  {                                                                   \
    type got;                                                         \
                                                                      \
    compare (hf_request_get_##field (request), ==, fallback);         \
    hf_request_set_##field (request, fallback);                       \
    assert_notified (fixture, "");                                    \
    hf_request_set_##field (request, other);                          \
    assert_notified (fixture, name " ");                              \
    hf_request_set_##field (request, other);                          \
    assert_notified (fixture, "");                                    \
    compare (hf_request_get_##field (request), ==, other);            \
    g_object_get (request, name, &got, NULL);                         \
    compare (got, ==, other);                                         \
    g_object_set (request, name, (type) (fallback), NULL);            \
    assert_notified (fixture, name " ");                              \
    compare (hf_request_get_##field (request), ==, fallback);         \
  }                                                                   \
  G_STMT_END

#define CHECK_OBJECT(name, field, type, object)                       \
  G_STMT_START                                                        \
  {                                                                   \
    g_autoptr (type) value = object;                                  \
    g_autoptr (type) got = NULL;                                      \
                                                                      \
    g_assert_nonnull (value);                                         \
    g_assert_null (hf_request_get_##field (request));                 \
    hf_request_set_##field (request, NULL);                           \
    assert_notified (fixture, "");                                    \
    hf_request_set_##field (request, value);                          \
    assert_notified (fixture, name " ");                              \
    hf_request_set_##field (request, value);                          \
    assert_notified (fixture, "");                                    \
    g_assert_true (hf_request_get_##field (request) == value);        \
    g_object_get (request, name, &got, NULL);                         \
    g_assert_true (got == value);                                     \
    g_object_set (request, name, NULL, NULL);                         \
    assert_notified (fixture, name " ");                              \
    g_assert_null (hf_request_get_##field (request));                 \
    g_object_set (request, name, value, NULL);                        \
    assert_notified (fixture, name " ");                              \
    g_assert_true (hf_request_get_##field (request) == value);        \
    hf_request_set_##field (request, NULL);                           \
    assert_notified (fixture, name " ");                              \
  }                                                                   \
  G_STMT_END

static void
test_request_plain (Fixture       *fixture,
                    gconstpointer  data)
{
  HfRequest *request = fixture->request;

  CHECK_PLAIN ("connect-timeout", connect_timeout, double, g_assert_cmpfloat, -1.0, 1.5);
  CHECK_PLAIN ("read-timeout", read_timeout, double, g_assert_cmpfloat, -1.0, 2.5);
  CHECK_PLAIN ("deadline", deadline, double, g_assert_cmpfloat, -1.0, 0.0);
  CHECK_PLAIN ("follow-redirects", follow_redirects, gboolean, g_assert_cmpint, TRUE, FALSE);
  CHECK_PLAIN ("redirects-keep-body", redirects_keep_body, gboolean, g_assert_cmpint, TRUE, FALSE);
  CHECK_PLAIN ("max-redirects", max_redirects, guint, g_assert_cmpuint, 30, G_MAXUINT);
  CHECK_PLAIN ("max-body-size", max_body_size, guint64, g_assert_cmpuint, 0, G_MAXUINT64);
  CHECK_PLAIN ("priority", priority, int, g_assert_cmpint, 0, G_MININT);
  CHECK_PLAIN ("raise-for-status", raise_for_status, gboolean, g_assert_cmpint, FALSE, TRUE);
  CHECK_PLAIN ("stream", stream, gboolean, g_assert_cmpint, FALSE, TRUE);
  CHECK_PLAIN ("max-decompression-ratio", max_decompression_ratio, guint, g_assert_cmpuint, 0,
               G_MAXUINT);
  CHECK_PLAIN ("tls-insecure", tls_insecure, gboolean, g_assert_cmpint, FALSE, TRUE);

  /* What is true need not be TRUE. */
  hf_request_set_tls_insecure (request, 2);
  assert_notified (fixture, "tls-insecure ");
  g_assert_cmpint (hf_request_get_tls_insecure (request), ==, TRUE);
  hf_request_set_follow_redirects (request, 2);
  assert_notified (fixture, "");
}

static void
test_request_strings (Fixture       *fixture,
                      gconstpointer  data)
{
  HfRequest *request = fixture->request;
  g_autofree char *method = NULL;
  g_autofree char *uri = NULL;

  hf_request_set_method (request, "GET");
  hf_request_set_uri (request, "http://a.example/");
  assert_notified (fixture, "");

  hf_request_set_method (request, "get");
  hf_request_set_uri (request, "http://b.example/");
  assert_notified (fixture, "method uri ");
  g_assert_cmpstr (hf_request_get_method (request), ==, "get");
  g_assert_cmpstr (hf_request_get_uri (request), ==, "http://b.example/");

  g_object_set (request, "method", "get", "uri", "nonsense", NULL);
  assert_notified (fixture, "uri ");
  g_object_get (request, "method", &method, "uri", &uri, NULL);
  g_assert_cmpstr (method, ==, "get");
  g_assert_cmpstr (uri, ==, "nonsense");

  /* What a request already holds. */
  hf_request_set_uri (request, hf_request_get_uri (request));
  assert_notified (fixture, "");
  g_assert_cmpstr (hf_request_get_uri (request), ==, "nonsense");
}

static void
test_request_objects (Fixture       *fixture,
                      gconstpointer  data)
{
  HfRequest *request = fixture->request;

  CHECK_OBJECT ("body", body, HfBody, hf_body_new_for_text ("x", NULL));
  CHECK_OBJECT ("cancellable", cancellable, GCancellable, g_cancellable_new ());
  CHECK_OBJECT ("proxy-resolver", proxy_resolver, GProxyResolver,
                g_simple_proxy_resolver_new ("http://127.0.0.1:1/", NULL));
  CHECK_OBJECT ("tls-database", tls_database, GTlsDatabase, hf_load_authority ());
  CHECK_OBJECT ("tls-certificate", tls_certificate, GTlsCertificate,
                hf_load_certificate ("client-a"));
  CHECK_OBJECT ("auth", auth, HfAuth, hf_auth_new_for_bearer ("token"));
  CHECK_OBJECT ("destination", destination, GObject, G_OBJECT (g_file_new_for_path ("/nowhere")));
}

static void
test_request_headers (Fixture       *fixture,
                      gconstpointer  data)
{
  HfRequest *request = fixture->request;
  g_autoptr (HfHeaders) headers = NULL;
  g_autofree char *value = NULL;

  hf_request_set_header (request, "X", "1");
  assert_notified (fixture, "headers ");
  hf_request_append_header (request, "x", "2");
  assert_notified (fixture, "headers ");
  g_object_get (request, "headers", &headers, NULL);
  g_assert_true (hf_request_get_headers (request) == headers);
  value = hf_headers_lookup (headers, "X");
  g_assert_cmpstr (value, ==, "1, 2");
  hf_request_remove_header (request, "x");
  assert_notified (fixture, "headers ");
}

/* A copy has all that its original has, but notifies nobody. */
static void
test_request_copy (Fixture       *fixture,
                   gconstpointer  data)
{
  HfRequest *request = fixture->request;
  g_autoptr (HfBody) body = hf_body_new_for_text ("x", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (NULL, NULL);
  g_autoptr (GTlsDatabase) database = hf_load_authority ();
  g_autoptr (HfAuth) auth = hf_auth_new_for_bearer ("token");
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("client-a");
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (HfRequest) copy = NULL;
  g_autofree GParamSpec **specs = NULL;
  guint n_specs;

  g_object_set (request, "method", "PUT", "uri", "http://b.example/", "body", body,
                "connect-timeout", 1.0, "read-timeout", 2.0, "deadline", 3.0, "follow-redirects",
                FALSE, "max-redirects", 4, "max-body-size", G_GUINT64_CONSTANT (5), "priority", 6,
                "cancellable", cancellable, "proxy-resolver", resolver, "tls-database", database,
                "tls-certificate", certificate, "tls-insecure", TRUE, "auth", auth,
                "raise-for-status", TRUE, "stream", TRUE, "destination", memory,
                "max-decompression-ratio", 7, "redirects-keep-body", FALSE, NULL);
  hf_request_set_header (request, "X", "1");
  g_string_truncate (fixture->notified, 0);
  copy = hf_request_copy (request);
  assert_notified (fixture, "");

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (request), &n_specs);
  for (guint i = 0; i < n_specs; i++)
    {
      g_auto (GValue) original = G_VALUE_INIT;
      g_auto (GValue) copied = G_VALUE_INIT;

      g_test_message ("%s", specs[i]->name);
      g_object_get_property (G_OBJECT (request), specs[i]->name, &original);
      g_object_get_property (G_OBJECT (copy), specs[i]->name, &copied);
      g_assert_false (g_param_value_defaults (specs[i], &original));
      g_assert_cmpint (g_param_values_cmp (specs[i], &original, &copied), ==, 0);
    }
}

static void
test_request_names (void)
{
  assert_properties (HF_TYPE_REQUEST, "method", "uri", "headers", "body", "connect-timeout",
                     "read-timeout", "deadline", "follow-redirects", "max-redirects",
                     "max-body-size", "priority", "cancellable", "proxy-resolver", "tls-database",
                     "tls-certificate", "tls-insecure", "auth", "raise-for-status", "stream",
                     "destination", "max-decompression-ratio", "redirects-keep-body", NULL);
}

static void
test_response (void)
{
  HfHeaders *headers = hf_headers_new ();
  GBytes *bytes = g_bytes_new_static ("\xe4", 1);
  HfRequest *request = hf_request_new ("GET", "http://a.example/");
  g_autoptr (HfResponse) response = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *encoding = NULL;
  g_autoptr (HfHeaders) got_headers = NULL;
  g_autoptr (GBytes) got_bytes = NULL;
  g_autoptr (GPtrArray) got_history = NULL;
  g_autoptr (HfRequest) got_request = NULL;
  double elapsed;
  guint status;
  gboolean ok;

  assert_properties (HF_TYPE_RESPONSE, "status", "reason", "ok", "uri", "headers", "bytes",
                     "encoding", "history", "elapsed", "request", "apparent-encoding",
                     "http-version", "metrics", "next", "tls-certificate", NULL);

  response = hf_response_new (418, "Teapot", headers, bytes);
  response->uri = g_strdup ("http://a.example/end");
  response->history = g_ptr_array_new_with_free_func (g_object_unref);
  response->request = request;
  response->elapsed = 0.25;

  g_object_get (response, "status", &status, "reason", &reason, "ok", &ok, "uri", &uri, "headers",
                &got_headers, "bytes", &got_bytes, "encoding", &encoding, "history", &got_history,
                "elapsed", &elapsed, "request", &got_request, NULL);
  g_assert_cmpuint (status, ==, 418);
  g_assert_cmpuint (hf_response_get_status (response), ==, 418);
  g_assert_cmpstr (reason, ==, "Teapot");
  g_assert_cmpstr (hf_response_get_reason (response), ==, "Teapot");
  g_assert_false (ok);
  g_assert_cmpstr (uri, ==, "http://a.example/end");
  g_assert_cmpstr (hf_response_get_uri (response), ==, "http://a.example/end");
  g_assert_true (got_headers == headers);
  g_assert_true (hf_response_get_headers (response) == headers);
  g_assert_true (got_bytes == bytes);
  g_assert_true (hf_response_get_bytes (response) == bytes);
  g_assert_cmpstr (encoding, ==, "windows-1252");
  g_assert_true (got_history == hf_response_get_history (response));
  g_assert_cmpuint (got_history->len, ==, 0);
  g_assert_cmpfloat (elapsed, ==, 0.25);
  g_assert_cmpfloat (hf_response_get_elapsed (response), ==, 0.25);
  g_assert_true (got_request == request);
  g_assert_true (hf_response_get_request (response) == request);
}

static void
assert_future (HfFuture      *future,
               HfFutureState  state,
               const char    *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  HfFutureState got;

  g_object_get (future, "state", &got, "error", &error, "uri", &uri, NULL);
  g_assert_cmpint (got, ==, state);
  g_assert_cmpint (hf_future_get_state (future), ==, state);
  g_assert_cmpstr (uri, ==, hf_future_get_uri (future));
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, message);
  if (message == NULL)
    g_assert_null (hf_future_get_error (future));
  else
    g_assert_cmpstr (hf_future_get_error (future)->message, ==, message);
}

static void
test_future (void)
{
  g_autoptr (HfPromise) failing = promise_new_for ("http://a.example/");
  g_autoptr (HfPromise) succeeding = hf_promise_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  HfFuture *future = hf_promise_get_future (failing);

  assert_properties (HF_TYPE_FUTURE, "state", "error", "uri", "bytes-sent", "bytes-received",
                     "bytes-total", "fraction", NULL);

  assert_future (future, HF_FUTURE_STATE_QUEUED, NULL);
  g_assert_cmpstr (hf_future_get_uri (future), ==, "http://a.example/");
  hf_promise_set_running (failing);
  assert_future (future, HF_FUTURE_STATE_RUNNING, NULL);
  hf_promise_fail (failing, g_error_new_literal (HF_ERROR, HF_ERROR_DNS, "no such host"), NULL);
  assert_future (future, HF_FUTURE_STATE_FAILED, "no such host");

  future = hf_promise_get_future (succeeding);
  g_assert_null (hf_future_get_uri (future));
  g_value_init (&value, G_TYPE_INT);
  hf_promise_resolve (succeeding, &value);
  assert_future (future, HF_FUTURE_STATE_SUCCEEDED, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  g_test_add_func ("/properties/request/names", test_request_names);
  ADD ("/properties/request/plain", test_request_plain);
  ADD ("/properties/request/strings", test_request_strings);
  ADD ("/properties/request/objects", test_request_objects);
  ADD ("/properties/request/headers", test_request_headers);
  ADD ("/properties/request/copy", test_request_copy);
  g_test_add_func ("/properties/response", test_response);
  g_test_add_func ("/properties/future", test_future);
  return g_test_run ();
}
