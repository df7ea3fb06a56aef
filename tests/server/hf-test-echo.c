/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-test-echo.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Fields that come twice get an array of their values. */
static JsonObject *
form_object (const char *form)
{
  JsonObject *object = json_object_new ();
  GUriParamsIter iter;
  char *name;
  char *value;

  if (form == NULL)
    return object;

  g_uri_params_iter_init (&iter, form, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, NULL))
    {
      JsonNode *present = json_object_get_member (object, name);

      if (present == NULL)
        {
          json_object_set_string_member (object, name, value);
        }
      else if (JSON_NODE_HOLDS_ARRAY (present))
        {
          json_array_add_string_element (json_node_get_array (present), value);
        }
      else
        {
          JsonArray *values = json_array_new ();

          json_array_add_element (values, json_node_copy (present));
          json_array_add_string_element (values, value);
          json_object_set_array_member (object, name, values);
        }
      g_free (name);
      g_free (value);
    }
  return object;
}

static JsonObject *
headers_object (SoupMessageHeaders *headers)
{
  JsonObject *object = json_object_new ();
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      /* All values of a name that comes twice, with commas between them (RFC 9110 §5.3). */
      const char *all = soup_message_headers_get_list (headers, name);

      json_object_set_string_member (object, name, all);
    }
  return object;
}

static JsonObject *
cookies_object (SoupMessageHeaders *headers)
{
  JsonObject *object = json_object_new ();
  const char *cookies = soup_message_headers_get_list (headers, "Cookie");
  g_auto (GStrv) pairs = cookies != NULL ? g_strsplit (cookies, ";", -1) : NULL;

  for (char **pair = pairs; pair != NULL && *pair != NULL; pair++)
    {
      g_auto (GStrv) halves = g_strsplit (g_strstrip (*pair), "=", 2);

      if (halves[0] != NULL && halves[1] != NULL)
        json_object_set_string_member (object, halves[0], halves[1]);
    }
  return object;
}

static void
add_body (JsonObject        *object,
          SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);
  g_autoptr (GBytes) bytes =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = length > 0 ? g_utf8_make_valid (data, length) : g_strdup ("");
  g_autoptr (JsonNode) json = NULL;
  gboolean is_form = g_strcmp0 (content_type, "application/x-www-form-urlencoded") == 0;

  if (g_strcmp0 (content_type, "application/json") == 0)
    json = json_from_string (text, NULL);

  json_object_set_string_member (object, "data", is_form ? "" : text);
  json_object_set_object_member (object, "form", form_object (is_form ? text : NULL));
  json_object_set_member (object, "json",
                          json != NULL ? g_steal_pointer (&json) : json_node_new (JSON_NODE_NULL));
}

static void
add_request (JsonObject        *object,
             SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree char *url = g_uri_to_string (uri);

  json_object_set_string_member (object, "method", soup_server_message_get_method (message));
  json_object_set_string_member (object, "url", url);
  json_object_set_string_member (object, "origin", soup_server_message_get_remote_host (message));
  json_object_set_object_member (object, "args", form_object (g_uri_get_query (uri)));
  add_body (object, message);
}

void
hf_test_echo_request (SoupServerMessage *message,
                      HfTestEchoParts    parts)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  char *json;

  json_node_take_object (root, object);
  if (parts == HF_TEST_ECHO_COOKIES)
    json_object_set_object_member (object, "cookies", cookies_object (headers));
  else
    json_object_set_object_member (object, "headers", headers_object (headers));
  if (parts == HF_TEST_ECHO_ALL)
    add_request (object, message);

  json = json_to_string (root, TRUE);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, json,
                                    strlen (json));
}
