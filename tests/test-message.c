/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-headers-private.h"
#include "hf-response-private.h"
#include "libhfutures.h"

/* What messages are made of: header fields, bodies, and what a response makes of its bytes. */

static void
test_headers (void)
{
  g_autoptr (HfHeaders) headers = hf_headers_new ();

  g_assert_cmpuint (hf_headers_get_n_items (headers), ==, 0);
  g_assert_null (hf_headers_get_name (headers, 0));
  g_assert_null (hf_headers_get_value (headers, 0));

  hf_headers_append (headers, "X-One", "1");
  hf_headers_append (headers, "Accept", "a/b");
  hf_headers_append (headers, "x-one", "");
  g_assert_cmpuint (hf_headers_get_n_items (headers), ==, 3);
  g_assert_cmpstr (hf_headers_get_name (headers, 0), ==, "X-One");
  g_assert_cmpstr (hf_headers_get_value (headers, 0), ==, "1");
  g_assert_cmpstr (hf_headers_get_name (headers, 2), ==, "x-one");
  g_assert_cmpstr (hf_headers_get_value (headers, 2), ==, "");
  g_assert_null (hf_headers_get_name (headers, 3));
  g_assert_null (hf_headers_get_value (headers, 3));
  g_assert_null (hf_headers_get_name (headers, G_MAXUINT));
  g_assert_null (hf_headers_get_value (headers, G_MAXUINT));
}

static void
test_headers_lookup (void)
{
  g_autoptr (HfHeaders) headers = hf_headers_new ();
  g_autofree char *one = NULL;
  g_autofree char *joined = NULL;
  g_auto (GStrv) all = NULL;
  g_auto (GStrv) none = NULL;

  hf_headers_append (headers, "Vary", "a");
  hf_headers_append (headers, "X-One", "1, 2");
  hf_headers_append (headers, "vary", "b, c");
  hf_headers_append (headers, "VARY", "");

  one = hf_headers_lookup (headers, "x-oNE");
  g_assert_cmpstr (one, ==, "1, 2");
  joined = hf_headers_lookup (headers, "Vary");
  g_assert_cmpstr (joined, ==, "a, b, c, ");
  all = hf_headers_lookup_all (headers, "vArY");
  g_assert_cmpstrv (all, ((const char *[]){ "a", "b, c", "", NULL }));

  g_assert_null (hf_headers_lookup (headers, "Var"));
  g_assert_null (hf_headers_lookup (headers, ""));
  none = hf_headers_lookup_all (headers, "X-Two");
  g_assert_nonnull (none);
  g_assert_null (none[0]);
}

/* A list that somebody has is not changed any more. */
static void
test_headers_shared (void)
{
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/");
  g_autoptr (HfHeaders) before = NULL;
  g_autofree char *value = NULL;
  g_autofree char *joined = NULL;

  hf_request_set_header (request, "X", "1");
  before = hf_headers_ref (hf_request_get_headers (request));
  hf_request_append_header (request, "x", "2");
  g_assert_true (hf_request_get_headers (request) != before);
  value = hf_headers_lookup (before, "X");
  g_assert_cmpstr (value, ==, "1");
  joined = hf_headers_lookup (hf_request_get_headers (request), "X");
  g_assert_cmpstr (joined, ==, "1, 2");

  hf_request_remove_header (request, "X");
  g_assert_cmpuint (hf_headers_get_n_items (hf_request_get_headers (request)), ==, 0);
  g_assert_cmpuint (hf_headers_get_n_items (before), ==, 1);
}

/* Takes the body over. */
static void
assert_body (HfBody     *body,
             const char *text,
             const char *content_type)
{
  GBytes *bytes = hf_body_get_bytes (body);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
  g_assert_cmpstr (hf_body_get_content_type (body), ==, content_type);
  hf_assert_finalizes (body);
}

static void
test_body_bytes (void)
{
  guint8 data[] = { 'a', 'b' };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0x", 2);
  HfBody *body = hf_body_new_for_bytes (bytes, "a/b");

  g_assert_true (hf_body_get_bytes (body) == bytes);
  g_assert_cmpstr (hf_body_get_content_type (body), ==, "a/b");
  hf_assert_finalizes (body);
  assert_body (hf_body_new_for_data ((const guint8 *) "abc", 2, NULL), "ab", NULL);
  assert_body (hf_body_new_for_data (NULL, 0, "a/b"), "", "a/b");

  body = hf_body_new_for_data (data, 2, NULL);
  data[0] = 'x';
  assert_body (body, "ab", NULL);
}

static void
test_body_text (void)
{
  assert_body (hf_body_new_for_text ("ä", NULL), "ä", "text/plain; charset=utf-8");
  assert_body (hf_body_new_for_text ("<p>", "text/html"), "<p>", "text/html");
  assert_body (hf_body_new_for_text ("", NULL), "", "text/plain; charset=utf-8");
}

static void
test_body_form (void)
{
  static const char *const pairs[] = { "a b", "1&2", "ä", "=", "a b", "", NULL };
  static const char *const empty[] = { NULL };
  static const char *const odd[] = { "name", NULL };

  assert_body (hf_body_new_for_form (pairs),
               "a+b=1%262&%C3%A4=%3D&a+b=", "application/x-www-form-urlencoded");
  assert_body (hf_body_new_for_form (empty), "", "application/x-www-form-urlencoded");

  g_test_expect_message ("libhfutures", G_LOG_LEVEL_CRITICAL, "*% 2 == 0*");
  g_assert_null (hf_body_new_for_form (odd));
  g_test_assert_expected_messages ();
}

static void
test_body_fields (void)
{
  assert_body (hf_body_new_for_fields ("a b", "1&2", "ä", "=", "a b", "", NULL),
               "a+b=1%262&%C3%A4=%3D&a+b=", "application/x-www-form-urlencoded");
  assert_body (hf_body_new_for_fields (NULL, NULL), "", "application/x-www-form-urlencoded");

  g_test_expect_message ("libhfutures", G_LOG_LEVEL_CRITICAL, "*name == NULL*");
  g_assert_null (hf_body_new_for_fields ("a", "1", "b", NULL));
  g_test_assert_expected_messages ();
}

static void
test_body_json (void)
{
  g_autoptr (JsonNode) object = json_from_string ("{ \"k\": [1, true, null, \"ä\"] }", NULL);
  g_autoptr (JsonNode) number = json_from_string ("7", NULL);

  assert_body (hf_body_new_for_json (object), "{\"k\":[1,true,null,\"ä\"]}", "application/json");
  assert_body (hf_body_new_for_json (number), "7", "application/json");
}

/* Content type and bytes as a server would send them. */
static HfResponse *
make_response (guint       status,
               const char *reason,
               const char *content_type,
               const void *data,
               gsize       length)
{
  HfHeaders *headers = hf_headers_new ();
  HfResponse *response;

  if (content_type != NULL)
    hf_headers_append (headers, "Content-Type", content_type);
  response = hf_response_new (status, reason, headers, g_bytes_new (data, length));
  response->uri = g_strdup ("http://a.example/path?token=secret");
  return response;
}

static void
test_reason (void)
{
  static const struct {
    guint status;
    const char *reason;
    const char *wanted;
  } cases[] = {
    { 200, "Fine", "Fine" },       { 200, NULL, "OK" }, { 200, "", "OK" },
    { 404, "", "Not Found" },      { 404, " ", " " },   { 799, "", "Unknown Error" },
    { 200, "gr\xfc\xdf", "gr��" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        make_response (cases[i].status, cases[i].reason, NULL, "", 0);

      g_assert_cmpuint (hf_response_get_status (response), ==, cases[i].status);
      g_assert_cmpstr (hf_response_get_reason (response), ==, cases[i].wanted);
    }
}

static void
test_check_status (void)
{
  static const struct {
    guint status;
    const char *reason;
    const char *message;
  } cases[] = {
    { 200, "OK", NULL },
    { 304, "", NULL },
    { 399, "", NULL },
    { 400, "", "“http://a.example/path” answered 400 Bad Request" },
    { 404, "Gone fishing", "“http://a.example/path” answered 404 Gone fishing" },
    { 500, NULL, "“http://a.example/path” answered 500 Internal Server Error" },
    { 999, "", "“http://a.example/path” answered 999 Unknown Error" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        make_response (cases[i].status, cases[i].reason, NULL, "", 0);
      g_autoptr (GError) error = NULL;
      gboolean fine = cases[i].message == NULL;

      g_assert_cmpint (hf_response_get_ok (response), ==, fine);
      g_assert_cmpint (hf_response_check_status (response, &error), ==, fine);
      if (fine)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, HF_ERROR, HF_ERROR_STATUS);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_header (void)
{
  g_autoptr (HfResponse) response = make_response (200, "", "text/plain", "", 0);
  g_autofree char *value = hf_response_get_header (response, "CONTENT-type");

  g_assert_cmpstr (value, ==, "text/plain");
  g_assert_null (hf_response_get_header (response, "X"));
}

#define BYTES(text) text, sizeof (text) - 1

static void
test_text (void)
{
  static const struct {
    const char *content_type;
    const char *data;
    gsize length;
    const char *encoding;
    const char *text;
  } cases[] = {
    /* The server says. */
    { "text/plain; charset=utf-8", BYTES ("\xc3\xa4"), "utf-8", "ä" },
    { "text/plain;charset=\"UTF-8\"", BYTES ("\xc3\xa4"), "UTF-8", "ä" },
    { "text/plain; Charset=iso-8859-1", BYTES ("\xe4"), "iso-8859-1", "ä" },
    { "text/plain; charset=latin1", BYTES ("\xe4"), "latin1", "ä" },
    { "text/plain; charset=latin1", BYTES ("\xc3\xa4"), "latin1", "Ã¤" },
    { "text/plain; charset=windows-1252", BYTES ("\x80"), "windows-1252", "€" },
    { "text/plain; charset=shift_jis", BYTES ("\x83\x65"), "shift_jis", "テ" },
    { "text/plain; charset=utf-16be", BYTES ("\0x\x20\xac"), "utf-16be", "x€" },
    { "text/plain; charset=klingon", "", 0, "klingon", "" },

    /* The text says. */
    { "text/plain", BYTES ("\xc3\xa4"), "UTF-8", "ä" },
    { "text/plain; charset=", BYTES ("\xc3\xa4"), "UTF-8", "ä" },
    { "nonsense", BYTES ("x"), "UTF-8", "x" },
    { NULL, BYTES ("\xc3\xa4"), "UTF-8", "ä" },
    { NULL, "", 0, "UTF-8", "" },
    { NULL, BYTES ("\xe4 \x80"), "windows-1252", "ä €" },

    /* A string ends at NUL. */
    { NULL, BYTES ("a\0\xc3\xa4\0"), "UTF-8", "a\xef\xbf\xbdä\xef\xbf\xbd" },
    { "text/plain; charset=latin1", BYTES ("a\0\xe4"), "latin1", "a\xef\xbf\xbdä" },

    /* The byte order mark says, and is not text. */
    { NULL, BYTES ("\xef\xbb\xbfx"), "UTF-8", "x" },
    { NULL, BYTES ("\xff\xfex\0\xac\x20"), "UTF-16LE", "x€" },
    { NULL, BYTES ("\xfe\xff\0x\x20\xac"), "UTF-16BE", "x€" },
    { NULL, BYTES ("\xff\xfe\0\0x\0\0\0"), "UTF-32LE", "x" },
    { NULL, BYTES ("\0\0\xfe\xff\0\0\0x"), "UTF-32BE", "x" },
    { NULL, BYTES ("\xff\xfe"), "UTF-16LE", "" },
    { "text/plain; charset=utf-8", BYTES ("\xef\xbb\xbfx"), "utf-8", "x" },
    { "text/plain; charset=utf-16", BYTES ("\xff\xfex\0"), "utf-16", "x" },
    { "text/plain; charset=utf-16", BYTES ("\xfe\xff\0x"), "utf-16", "x" },
    { "text/plain; charset=utf-16le", BYTES ("\xff\xfex\0"), "utf-16le", "x" },

    /* In another charset it is text. */
    { "text/plain; charset=latin1", BYTES ("\xef\xbb\xbfx"), "latin1", "ï»¿x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        make_response (200, "", cases[i].content_type, cases[i].data, cases[i].length);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = hf_response_get_text (response, &error);

      g_test_message ("case %u", i);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (hf_response_get_encoding (response), ==, cases[i].encoding);
      g_assert_cmpuint (g_bytes_get_size (hf_response_get_bytes (response)), ==, cases[i].length);
    }
}

static void
test_text_undecodable (void)
{
  static const struct {
    const char *content_type;
    const char *data;
    gsize length;
    const char *encoding;
  } cases[] = {
    { "text/plain; charset=klingon", BYTES ("x"), "klingon" },
    { "text/plain; charset=utf-8", BYTES ("x\xe4"), "utf-8" },
    { "text/plain; charset=utf-8", BYTES ("\xe4\xe4x"), "utf-8" },
    { "text/plain; charset=us-ascii", BYTES ("\xe4"), "us-ascii" },
    { "text/plain; charset=utf-8", BYTES ("\xf6\xb3\x97\x9c"), "utf-8" }, /* beyond U+10FFFF */
    { NULL, BYTES ("\xff\xfex"), "UTF-16LE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        make_response (200, "", cases[i].content_type, cases[i].data, cases[i].length);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) json_error = NULL;
      g_autofree char *begin =
        g_strdup_printf ("The answer from “http://a.example/path” is not text in “%s”: ",
                         cases[i].encoding);

      g_test_message ("case %u", i);
      g_assert_null (hf_response_get_text (response, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_DECODE);
      g_assert_true (g_str_has_prefix (error->message, begin));
      g_assert_null (hf_response_get_json (response, &json_error));
      g_assert_error (json_error, HF_ERROR, HF_ERROR_DECODE);
    }
}

static void
test_json (void)
{
  static const struct {
    const char *content_type;
    const char *data;
    gsize length;
    const char *compact;
  } cases[] = {
    { "application/json", BYTES ("{ \"k\": [1, \"\xc3\xa4\"] }"), "{\"k\":[1,\"ä\"]}" },
    { NULL, BYTES ("[]"), "[]" },
    { NULL, BYTES (" 7\n"), "7" },
    { NULL, BYTES ("\"x\""), "\"x\"" },
    { NULL, BYTES ("null"), "null" },
    { "application/json", BYTES ("\xef\xbb\xbf[1]"), "[1]" },
    { "application/json",
      BYTES ("\xff\xfe[\0"
             "1\0]\0"),
      "[1]" },
    { "application/json; charset=latin1", BYTES ("[\"\xe4\"]"), "[\"ä\"]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        make_response (200, "", cases[i].content_type, cases[i].data, cases[i].length);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = hf_response_get_json (response, &error);
      g_autoptr (JsonNode) again = hf_response_get_json (response, NULL);
      g_autofree char *compact = NULL;

      g_test_message ("case %u", i);
      g_assert_no_error (error);
      compact = json_to_string (node, FALSE);
      g_assert_cmpstr (compact, ==, cases[i].compact);
      g_assert_true (json_node_is_immutable (node));
      g_assert_true (json_node_equal (node, again));
    }
}

static void
test_json_invalid (void)
{
  static const char *const cases[] = { "", " \n", "{", "[1,]", "{\"k\" 1}", "x", "[1] 2" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfResponse) response =
        make_response (200, "", "application/json", cases[i], strlen (cases[i]));
      g_autoptr (GError) error = NULL;
      const char *begin = "The answer from “http://a.example/path” is not JSON: ";

      g_test_message ("case %u", i);
      g_assert_null (hf_response_get_json (response, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_DECODE);
      g_assert_true (g_str_has_prefix (error->message, begin));
      if (i < 2)
        g_assert_cmpstr (error->message + strlen (begin), ==, "it is empty");
    }
}

/* Each level would be a function's call in the parser. */
static void
test_json_deep (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *brackets = g_strnfill (100000, '{');
  g_autofree char *commented = g_strconcat ("/*\"*/", deep, NULL);
  g_autofree char *single = g_strconcat ("'\"'", deep, NULL);
  g_autofree char *string = g_strdup_printf ("[\"%s\\\"%s\"]", deep, brackets);
  g_autoptr (HfResponse) nested = make_response (200, "", NULL, deep, 100000);
  g_autoptr (HfResponse) quoted = make_response (200, "", NULL, string, strlen (string));
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_response_get_json (nested, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_DECODE);
  g_assert_nonnull (strstr (error->message, "nested too deeply"));

  /* Where brackets could hide. */
  for (guint i = 0; i < 2; i++)
    {
      const char *text = i == 0 ? commented : single;
      g_autoptr (HfResponse) hidden = make_response (200, "", NULL, text, strlen (text));

      g_clear_error (&error);
      g_assert_null (hf_response_get_json (hidden, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_DECODE);
    }

  g_clear_error (&error);
  node = hf_response_get_json (quoted, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/headers/items", test_headers);
  g_test_add_func ("/message/headers/lookup", test_headers_lookup);
  g_test_add_func ("/message/headers/shared", test_headers_shared);
  g_test_add_func ("/message/body/bytes", test_body_bytes);
  g_test_add_func ("/message/body/text", test_body_text);
  g_test_add_func ("/message/body/form", test_body_form);
  g_test_add_func ("/message/body/fields", test_body_fields);
  g_test_add_func ("/message/body/json", test_body_json);
  g_test_add_func ("/message/response/reason", test_reason);
  g_test_add_func ("/message/response/check-status", test_check_status);
  g_test_add_func ("/message/response/header", test_header);
  g_test_add_func ("/message/response/text", test_text);
  g_test_add_func ("/message/response/text-undecodable", test_text_undecodable);
  g_test_add_func ("/message/response/json", test_json);
  g_test_add_func ("/message/response/json-invalid", test_json_invalid);
  g_test_add_func ("/message/response/json-deep", test_json_deep);
  return g_test_run ();
}
