/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-certificates.h"
#include "hf-gate.h"
#include "hf-odd-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* What a request comes to in a worker process is what it comes to on a thread, to the letter. */

typedef struct {
  HfTestServer *plain;
  HfTestServer *secure;
  HfRawServer *raw;
  char *file;
  GTlsDatabase *authority; /* always the same: to another one belong other connections */
  GTlsCertificate *client;
} Servers;

static Servers servers;

/* A case is asked of one of the servers, twice in one session: "plain/PATH", "secure/PATH",
 * "raw/PATH", or of a URI. */
typedef struct {
  const char *name;
  const char *target;
  void (*prepare) (HfRequest *request);
} Case;

static void
as_head (HfRequest *request)
{
  hf_request_set_method (request, "HEAD");
}

static void
as_delete (HfRequest *request)
{
  hf_request_set_method (request, "DELETE");
}

static void
as_own_method (HfRequest *request)
{
  hf_request_set_method (request, "PROPFIND");
}

static void
with_headers (HfRequest *request)
{
  hf_request_append_header (request, "X-Twice", "1");
  hf_request_append_header (request, "X-Twice", "2");
  hf_request_set_header (request, "X-Text", "Grüße");
  hf_request_set_header (request, "User-Agent", "mine/1");
  hf_request_set_cookie (request, "c", "of the request");
  hf_request_append_param (request, "q", "ä &=");
}

static void
with_bytes (HfRequest *request,
            gsize      size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (HfBody) body = NULL;
  char *letters = g_strnfill (size, 'x');

  bytes = g_bytes_new_take (letters, size);
  body = hf_body_new_for_bytes (bytes, "text/x-special");
  hf_request_set_method (request, "POST");
  hf_request_set_body (request, body);
}

static void
with_few_bytes (HfRequest *request)
{
  with_bytes (request, 10);
}

static void
with_no_bytes (HfRequest *request)
{
  with_bytes (request, 0);
}

static void
with_many_bytes (HfRequest *request)
{
  with_bytes (request, 3 * 1000 * 1000);
}

static void
with_form (HfRequest *request)
{
  g_autoptr (HfBody) body = hf_body_new_for_fields ("a", "1", "b", "ü", "a", "2", NULL);

  hf_request_set_method (request, "PUT");
  hf_request_set_body (request, body);
}

static void
with_file (HfRequest *request)
{
  g_autoptr (GFile) file = g_file_new_for_path (servers.file);
  g_autoptr (HfBody) body = hf_body_new_for_file (file, NULL);

  hf_request_set_method (request, "POST");
  hf_request_set_body (request, body);
}

static void
with_no_file (HfRequest *request)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/file");
  g_autoptr (HfBody) body = hf_body_new_for_file (file, NULL);

  hf_request_set_method (request, "POST");
  hf_request_set_body (request, body);
}

static void
with_parts (HfRequest *request,
            gsize      size)
{
  g_autoptr (HfMultipart) parts = hf_multipart_new ();
  g_autoptr (GFile) file = g_file_new_for_path (servers.file);
  g_autofree char *letters = g_strnfill (size, 'y');
  g_autoptr (GBytes) bytes = g_bytes_new (letters, size);
  g_autoptr (HfBody) body = NULL;

  hf_multipart_append_text (parts, "text", "wörds");
  hf_multipart_append_bytes (parts, "bytes", bytes, "ä.bin", NULL);
  hf_multipart_append_file (parts, "file", file, "name.txt", "text/plain");
  hf_multipart_append_bytes (parts, "again", bytes, NULL, NULL);
  body = hf_body_new_for_multipart (parts);
  hf_request_set_method (request, "POST");
  hf_request_set_body (request, body);
}

static void
with_small_parts (HfRequest *request)
{
  with_parts (request, 20);
}

static void
with_large_parts (HfRequest *request)
{
  with_parts (request, 200000);
}

static void
with_basic (HfRequest *request)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_basic ("me", "sécret");

  hf_request_set_auth (request, auth);
}

static void
with_digest (HfRequest *request)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("me", "secret");

  hf_request_set_auth (request, auth);
}

static void
without_redirects (HfRequest *request)
{
  hf_request_set_follow_redirects (request, FALSE);
}

static void
with_few_redirects (HfRequest *request)
{
  hf_request_set_max_redirects (request, 2);
}

static void
with_limit (HfRequest *request)
{
  hf_request_set_max_body_size (request, 99999);
}

static void
with_ratio (HfRequest *request)
{
  hf_request_set_max_decompression_ratio (request, 10);
}

static void
with_deadline (HfRequest *request)
{
  hf_request_set_deadline (request, 0.2);
}

static void
with_read_timeout (HfRequest *request)
{
  hf_request_set_read_timeout (request, 0.2);
}

static void
with_connect_timeout (HfRequest *request)
{
  hf_request_set_connect_timeout (request, 0.2);
}

static void
trusting (HfRequest *request)
{
  hf_request_set_tls_database (request, servers.authority);
}

static void
as_client (HfRequest *request)
{
  trusting (request);
  hf_request_set_tls_certificate (request, servers.client);
}

static void
insecure (HfRequest *request)
{
  hf_request_set_tls_insecure (request, TRUE);
}

static void
proxied (HfRequest *request)
{
  g_autofree char *proxy = hf_raw_server_dup_uri (servers.raw, "");
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);

  hf_request_set_proxy_resolver (request, resolver);
}

static void
badly_proxied (HfRequest *request)
{
  g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new ("http://127.0.0.1:1", NULL);

  hf_request_set_proxy_resolver (request, resolver);
}

static void
as_stream (HfRequest *request)
{
  hf_request_set_stream (request, TRUE);
}

static void
as_stream_with_limit (HfRequest *request)
{
  as_stream (request);
  with_limit (request);
}

static void
as_stream_with_read_timeout (HfRequest *request)
{
  as_stream (request);
  with_read_timeout (request);
}

static void
as_stream_with_deadline (HfRequest *request)
{
  as_stream (request);
  hf_request_set_deadline (request, 1);
}

static void
cancelled (HfRequest *request)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  hf_request_set_cancellable (request, cancellable);
}

static void
raising (HfRequest *request)
{
  hf_request_set_raise_for_status (request, TRUE);
}

static const Case cases[] = {
  { "get", "plain/get", NULL },
  { "head", "plain/get", as_head },
  { "head/large", "plain/bytes/1000000", as_head },
  { "delete", "plain/delete", as_delete },
  { "own-method", "plain/anything", as_own_method },
  { "request-headers", "plain/anything", with_headers },
  { "json", "plain/json", NULL },
  { "charset", "plain/text?charset=iso-8859-1", NULL },
  { "empty", "plain/empty", NULL },
  { "status", "plain/status/404", NULL },
  { "status/raised", "plain/status/503", raising },
  { "bytes/limit", "plain/bytes/65536", NULL },
  { "bytes/above", "plain/bytes/65537", NULL },
  { "bytes/large", "plain/bytes/5000000", NULL },
  { "redirects", "plain/redirect/3", NULL },
  { "redirects/none", "plain/redirect/3", without_redirects },
  { "redirects/many", "plain/redirect/5", with_few_redirects },
  { "redirects/body", "plain/redirect-to?url=/anything&status_code=307", with_many_bytes },
  { "redirects/get", "plain/redirect-to?url=/anything&status_code=303", with_file },
  { "redirects/bad", "raw/location-bad", NULL },
  { "redirects/nowhere", "raw/location-none", NULL },
  { "cookies", "plain/cookies/set?a=1&b=2", NULL },
  { "body/none", "plain/anything", with_no_bytes },
  { "body/few", "plain/anything", with_few_bytes },
  { "body/many", "plain/anything", with_many_bytes },
  { "body/form", "plain/anything", with_form },
  { "body/file", "plain/anything", with_file },
  { "body/no-file", "plain/anything", with_no_file },
  { "body/parts", "plain/anything", with_small_parts },
  { "body/large-parts", "plain/anything", with_large_parts },
  { "auth/basic", "plain/headers", with_basic },
  { "auth/refused", "raw/challenge", with_basic },
  { "auth/digest", "raw/digest", with_digest },
  { "auth/digest-unasked", "plain/headers", with_digest },
  { "auth/digest-refused", "raw/challenge", with_digest },
  { "response-headers", "raw/repeated", NULL },
  { "response-headers/latin", "raw/latin", NULL },
  { "http10", "raw/http10", NULL },
  { "chunked", "raw/chunked", NULL },
  { "chunked/broken", "raw/chunked-broken", NULL },
  { "chunked/short", "raw/chunked-short", NULL },
  { "short", "raw/short", NULL },
  { "gzip", "raw/gzip", NULL },
  { "gzip/bad", "raw/bad-gzip", NULL },
  { "gzip/short", "raw/short-gzip", NULL },
  { "gzip/bomb", "raw/bomb", with_ratio },
  { "garbage", "raw/garbage", NULL },
  { "nothing", "raw/nothing", NULL },
  { "continue", "raw/continue", NULL },
  { "no-content", "raw/no-content", NULL },
  { "no-content/sent", "plain/status/204", with_many_bytes },
  { "empty/sent", "plain/status/200", with_few_bytes },
  { "not-modified", "raw/not-modified", NULL },
  { "too-large", "plain/bytes/100000", with_limit },
  { "timeout/deadline", "plain/hold/it", with_deadline },
  { "timeout/read", "plain/hold/it", with_read_timeout },
  { "timeout/reading", "raw/begun", with_read_timeout },
  { "timeout/connect", "https/silence", with_connect_timeout },
  { "cancelled", "plain/get", cancelled },
  { "tls/unknown", "secure/get", NULL },
  { "tls/trusted", "secure/get", trusting },
  { "tls/insecure", "secure/get", insecure },
  { "tls/client", "secure/get", as_client },
  { "proxy", "http://somewhere.invalid/?secret", proxied },
  { "proxy/tunnel", "https://somewhere.invalid/", proxied },
  { "proxy/none", "http://somewhere.invalid/", badly_proxied },
  { "connect", "http://127.0.0.1:1/?secret=1", NULL },
  { "dns", "http://somewhere.invalid/", NULL },
  { "uri", "http://[/", NULL },
  { "uri/scheme", "ftp://127.0.0.1/", NULL },
  { "stream", "plain/bytes/3000000", as_stream },
  { "stream/gzip", "raw/gzip", as_stream },
  { "stream/short", "raw/short", as_stream },
  { "stream/bad-gzip", "raw/bad-gzip", as_stream },
  { "stream/limit", "plain/bytes/1000000", as_stream_with_limit },
  { "stream/read-timeout", "raw/begun", as_stream_with_read_timeout },
  { "stream/deadline", "raw/begun", as_stream_with_deadline },
};

static void
describe_error (GString      *out,
                const GError *error)
{
  g_string_append_printf (out, "%s %d: %s\n", g_quark_to_string (error->domain), error->code,
                          error->message);
}

static void
describe_headers (GString    *out,
                  HfHeaders  *headers)
{
  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    if (!g_str_equal (hf_headers_get_name (headers, i), "Date"))
      g_string_append_printf (out, "%s: %s\n", hf_headers_get_name (headers, i),
                              hf_headers_get_value (headers, i));
}

static void
describe_bytes (GString    *out,
                HfResponse *response)
{
  GBytes *bytes = hf_response_get_bytes (response);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *text = hf_response_get_text (response, NULL);
  const char *boundary = text != NULL ? strstr (text, "boundary=") : NULL;

  g_string_append_printf (out, "%" G_GSIZE_FORMAT " bytes\n", g_bytes_get_size (bytes));
  if (boundary != NULL)
    {
      /* It is another one each time. */
      gsize length = strcspn (boundary + strlen ("boundary="), "\"\\");
      g_autofree char *name = g_strndup (boundary + strlen ("boundary="), length);
      g_auto (GStrv) pieces = g_strsplit (text, name, -1);
      g_autofree char *joined = g_strjoinv ("BOUNDARY", pieces);
      g_autofree char *joined_sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, joined, -1);

      g_string_append_printf (out, "%s\n", joined_sum);
    }
  else
    {
      g_string_append_printf (out, "%s %.300s\n", sum, text);
    }
}

/* Which of them there are. */
static void
describe_metrics (GString   *out,
                  HfMetrics *metrics)
{
  double first_byte = hf_metrics_get_first_byte (metrics);

  g_string_append_printf (out, "connect %d, tls %d, first byte %d, all %d\n",
                          hf_metrics_get_connect (metrics) > 0, hf_metrics_get_tls (metrics) > 0,
                          first_byte > 0, hf_metrics_get_total (metrics) >= first_byte);
}

static void
describe_response (GString    *out,
                   HfResponse *response)
{
  GTlsCertificate *certificate = NULL;
  GPtrArray *history = hf_response_get_history (response);
  g_autofree char *encoding = NULL;
  g_autoptr (GError) error = NULL;

  g_object_get (response, "tls-certificate", &certificate, "encoding", &encoding, NULL);
  g_string_append_printf (out, "%u %s %s, %u before, encoding %s, certificate %d, took time %d\n",
                          hf_response_get_status (response), hf_response_get_reason (response),
                          hf_response_get_uri (response), history != NULL ? history->len : 0,
                          encoding, certificate != NULL, hf_response_get_elapsed (response) > 0);
  for (guint i = 0; history != NULL && i < history->len; i++)
    describe_headers (out, hf_response_get_headers (g_ptr_array_index (history, i)));
  describe_headers (out, hf_response_get_headers (response));
  describe_metrics (out, hf_response_get_metrics (response));
  if (!hf_response_is_loaded (response) && !hf_response_load (response, NULL, &error))
    describe_error (out, error);
  else
    describe_bytes (out, response);
  g_clear_object (&certificate);
}

static char *
dup_target (const char *target)
{
  const char *path = strchr (target, '/');

  if (g_str_has_prefix (target, "plain/"))
    return hf_test_server_dup_uri (servers.plain, path);
  if (g_str_has_prefix (target, "secure/"))
    return hf_test_server_dup_uri (servers.secure, path);
  if (g_str_has_prefix (target, "raw/"))
    return hf_raw_server_dup_uri (servers.raw, path);
  if (g_str_has_prefix (target, "https/"))
    return g_strdup_printf ("https://127.0.0.1:%u%s", hf_raw_server_get_port (servers.raw), path);
  return g_strdup (target);
}

static char *
describe (const Case *it,
          HfExecutor *executor)
{
  HfFuturesSession *session = hf_futures_session_new_with_executor (executor);
  g_autofree char *uri = dup_target (it->target);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) cause = NULL;

      if (it->prepare != NULL)
        it->prepare (request);
      future = hf_futures_session_send (session, request);
      response = hf_future_get_result (future, NULL, &error);
      cause = hf_future_dup_cause (future);
      if (response != NULL)
        describe_response (out, response);
      else
        describe_error (out, error);
      if (cause != NULL)
        describe_error (out, cause);
      g_string_append_printf (out, "sent %" G_GUINT64_FORMAT "\n",
                              hf_future_get_bytes_sent (future));
      if (response != NULL)
        g_string_append_printf (out, "received %" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT "\n",
                                hf_future_get_bytes_received (future),
                                hf_future_get_bytes_total (future));
    }
  hf_assert_finalizes (session);
  hf_assert_finalizes (executor);
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *it = data;
  g_autofree char *expected = describe (it, hf_thread_pool_executor_new (1));
  g_autofree char *actual = describe (it, hf_process_pool_executor_new (1));

  g_assert_cmpstr (actual, ==, expected);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  certificate = hf_load_certificate ("server");
  servers.plain = hf_test_server_new ();
  servers.secure = hf_test_server_new_tls (certificate);
  servers.raw = hf_odd_server_new ();
  servers.authority = hf_load_authority ();
  servers.client = hf_load_certificate ("client-a");
  servers.file = g_test_build_filename (G_TEST_DIST, "certificates", "server.pem", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/process/equal/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  status = g_test_run ();
  hf_test_server_free (servers.plain);
  hf_test_server_free (servers.secure);
  hf_raw_server_free (servers.raw);
  g_object_unref (servers.authority);
  g_object_unref (servers.client);
  g_free (servers.file);
  return status;
}
