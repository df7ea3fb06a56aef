/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-test-routes.h"

#include <string.h>

#include "hf-test-echo.h"
#include "hf-test-server.h"

typedef struct {
  SoupServerMessage *message;
  const char *path;
  const char *rest; /* of the path, behind the route and its slash; "" when nothing is there */
  GHashTable *query; /* nullable */
  HfTestGates *gates;
} Request;

typedef void (*Answer) (Request *request);

typedef struct {
  const char *path;
  const char *method; /* NULL: any */
  gboolean has_rest;
  Answer answer;
} Route;

static void
answer_text (SoupServerMessage *message,
             guint              status,
             const char        *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

/* Reads a number that is the whole of the text. */
static gboolean
read_number (Request    *request,
             const char *text,
             guint64     max,
             guint64    *number)
{
  if (g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL))
    return TRUE;

  answer_text (request->message, SOUP_STATUS_BAD_REQUEST, "no number in range\n");
  return FALSE;
}

static const char *
query_value (Request    *request,
             const char *name)
{
  return request->query != NULL ? g_hash_table_lookup (request->query, name) : NULL;
}

static void
redirect (Request    *request,
          guint       status,
          const char *location)
{
  soup_server_message_set_status (request->message, status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (request->message),
                                "Location", location);
  soup_server_message_set_response (request->message, "text/plain", SOUP_MEMORY_STATIC,
                                    "elsewhere\n", strlen ("elsewhere\n"));
}

static void
answer_echo (Request *request)
{
  hf_test_echo_request (request->message, HF_TEST_ECHO_ALL);
}

static void
answer_headers (Request *request)
{
  hf_test_echo_request (request->message, HF_TEST_ECHO_HEADERS);
}

static void
answer_cookies (Request *request)
{
  hf_test_echo_request (request->message, HF_TEST_ECHO_COOKIES);
}

static void
answer_cookies_set (Request *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  if (request->query != NULL)
    {
      g_hash_table_iter_init (&iter, request->query);
      while (g_hash_table_iter_next (&iter, &name, &value))
        {
          g_autofree char *cookie =
            g_strdup_printf ("%s=%s; Path=/", (char *) name, (char *) value);

          soup_message_headers_append (headers, "Set-Cookie", cookie);
        }
    }
  redirect (request, SOUP_STATUS_FOUND, "/cookies");
}

static void
answer_response_headers (Request *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, request->query);
  while (g_hash_table_iter_next (&iter, &name, &value))
    soup_message_headers_append (headers, name, value);
  answer_text (request->message, SOUP_STATUS_OK, "");
}

static void
answer_status (Request *request)
{
  guint64 status;

  if (!read_number (request, request->rest, 999, &status))
    return;
  if (status < 200)
    {
      answer_text (request->message, SOUP_STATUS_BAD_REQUEST, "not a final status\n");
      return;
    }

  soup_server_message_set_status (request->message, status, NULL);
  if (status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_NOT_MODIFIED)
    {
      g_autofree char *text = g_strdup_printf ("status %u\n", (guint) status);

      answer_text (request->message, status, text);
    }
}

static void
answer_bytes (Request *request)
{
  guint64 length;
  g_autofree guint8 *bytes = NULL;

  if (!read_number (request, request->rest, 1 << 28, &length))
    return;

  bytes = g_malloc (length + 1);
  for (guint64 i = 0; i < length; i++)
    bytes[i] = i & 0xff;
  soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (request->message, "application/octet-stream", SOUP_MEMORY_TAKE,
                                    (const char *) g_steal_pointer (&bytes), length);
}

static void
answer_charset (Request *request)
{
  const char *charset = query_value (request, "charset");
  g_autofree char *content_type = NULL;
  char *text;
  gsize length;

  if (charset == NULL)
    charset = "utf-8";
  text = g_convert (HF_TEST_SERVER_TEXT, -1, charset, "UTF-8", NULL, &length, NULL);
  if (text == NULL)
    {
      answer_text (request->message, SOUP_STATUS_BAD_REQUEST, "the text cannot be encoded so\n");
      return;
    }

  content_type = g_strdup_printf ("text/plain; charset=%s", charset);
  soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (request->message, content_type, SOUP_MEMORY_TAKE, text, length);
}

static void
answer_json (Request *request)
{
  static const char json[] = "{\"name\":\"Grüße\",\"numbers\":[1,2.5,-3],\"nothing\":null}";

  soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (request->message, "application/json", SOUP_MEMORY_STATIC, json,
                                    strlen (json));
}

static void
answer_empty (Request *request)
{
  soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
}

static void
answer_redirect (Request *request)
{
  guint64 n;

  if (!read_number (request, request->rest, 1000, &n))
    return;

  if (n <= 1)
    {
      redirect (request, SOUP_STATUS_FOUND, "/get");
    }
  else
    {
      g_autofree char *location = g_strdup_printf ("/redirect/%u", (guint) n - 1);

      redirect (request, SOUP_STATUS_FOUND, location);
    }
}

static void
answer_redirect_to (Request *request)
{
  const char *url = query_value (request, "url");
  const char *status_code = query_value (request, "status_code");
  guint64 status = SOUP_STATUS_FOUND;

  if (url == NULL)
    {
      answer_text (request->message, SOUP_STATUS_BAD_REQUEST, "no url\n");
      return;
    }
  if (status_code == NULL || read_number (request, status_code, 399, &status))
    redirect (request, status, url);
}

static gboolean
end_delay (gpointer message)
{
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

static void
answer_delay (Request *request)
{
  double seconds = g_ascii_strtod (request->rest, NULL);
  g_autoptr (GSource) source = g_timeout_source_new (CLAMP (seconds, 0, 600) * 1000);

  answer_echo (request);
  soup_server_message_pause (request->message);
  g_source_set_callback (source, end_delay, g_object_ref (request->message), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
answer_hold (Request *request)
{
  g_autofree char *arrival = g_strconcat ("await/", request->rest, NULL);

  answer_echo (request);
  hf_test_gates_hold (request->gates, request->rest, request->message);
  hf_test_gates_open (request->gates, arrival);
}

static void
answer_await (Request *request)
{
  g_autofree char *arrival = g_strconcat ("await/", request->rest, NULL);

  answer_text (request->message, SOUP_STATUS_OK, "arrived\n");
  hf_test_gates_hold (request->gates, arrival, request->message);
}

static void
answer_release (Request *request)
{
  answer_text (request->message, SOUP_STATUS_OK, "released\n");
  hf_test_gates_open (request->gates, request->rest);
}

static const Route routes[] = {
  { "/get", "GET", FALSE, answer_echo },
  { "/post", "POST", FALSE, answer_echo },
  { "/put", "PUT", FALSE, answer_echo },
  { "/patch", "PATCH", FALSE, answer_echo },
  { "/delete", "DELETE", FALSE, answer_echo },
  { "/options", NULL, FALSE, answer_echo },
  { "/anything", NULL, FALSE, answer_echo },
  { "/anything", NULL, TRUE, answer_echo },
  { "/headers", NULL, FALSE, answer_headers },
  { "/cookies", NULL, FALSE, answer_cookies },
  { "/cookies/set", NULL, FALSE, answer_cookies_set },
  { "/response-headers", NULL, FALSE, answer_response_headers },
  { "/status", NULL, TRUE, answer_status },
  { "/bytes", NULL, TRUE, answer_bytes },
  { "/text", NULL, FALSE, answer_charset },
  { "/json", NULL, FALSE, answer_json },
  { "/empty", NULL, FALSE, answer_empty },
  { "/redirect", NULL, TRUE, answer_redirect },
  { "/redirect-to", NULL, FALSE, answer_redirect_to },
  { "/delay", NULL, TRUE, answer_delay },
  { "/hold", NULL, TRUE, answer_hold },
  { "/await", NULL, TRUE, answer_await },
  { "/release", NULL, TRUE, answer_release },
};

/* Returns the rest of the path, or NULL when the route is another. */
static const char *
match (const Route *route,
       const char  *path)
{
  const char *rest;

  if (!g_str_has_prefix (path, route->path))
    return NULL;

  rest = path + strlen (route->path);
  if (route->has_rest)
    return rest[0] == '/' ? rest + 1 : NULL;

  return rest[0] == '\0' ? rest : NULL;
}

static gboolean
allows (const Route *route,
        const char  *method)
{
  return route->method == NULL || strcmp (route->method, method) == 0 ||
         (strcmp (route->method, "GET") == 0 && strcmp (method, "HEAD") == 0);
}

void
hf_test_routes_answer (SoupServerMessage *message,
                       const char        *path,
                       GHashTable        *query,
                       HfTestGates       *gates)
{
  Request request = { .message = message, .path = path, .query = query, .gates = gates };

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      request.rest = match (&routes[i], path);
      if (request.rest == NULL)
        continue;

      if (allows (&routes[i], soup_server_message_get_method (message)))
        routes[i].answer (&request);
      else
        answer_text (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "another method\n");
      return;
    }

  answer_text (message, SOUP_STATUS_NOT_FOUND, "no such page\n");
}
