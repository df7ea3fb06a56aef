/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "hf-error-private.h"
#include "hf-random.h"
#include "hf-request-private.h"
#include "hf-validate-private.h"

/* Addresses, written as people, programs and servers do, and read. */

#define SECRET "s3cr3t"
#define ALPHANUMERIC G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS
#define UNRESERVED "-._~"
#define IN_PATH UNRESERVED "!$&'()*+,;=:@"

typedef struct {
  const char *scheme;
  char *user;          /* owned, nullable; without escapes, as all of these */
  char *password;      /* owned, nullable */
  char *host;          /* owned; as it is sent */
  int port;            /* or -1 */
  GPtrArray *segments; /* owned: of the path */
  GPtrArray *params;   /* owned, nullable: name, value, name, value, … */
  char *fragment;      /* owned, nullable */
} Address;

static void
address_free (Address *self)
{
  g_free (self->user);
  g_free (self->password);
  g_free (self->host);
  g_ptr_array_unref (self->segments);
  g_clear_pointer (&self->params, g_ptr_array_unref);
  g_free (self->fragment);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Address, address_free)

static char *
random_host (void)
{
  static const char *const hosts[] = { "a.example",   "127.0.0.1", "::1",
                                       "2001:db8::7", "localhost", "xn--bcher-kva.example",
                                       "x",           NULL };
  GString *host;
  guint n_labels = 1 + hf_random_below (3);

  if (hf_random_one_in (3))
    return g_strdup (hf_random_choose (hosts));

  host = g_string_new ("h");
  for (guint i = 0; i < n_labels; i++)
    g_string_append_printf (host, "%c%u", hf_random_one_in (2) ? '.' : '-', hf_random_below (999));
  return g_string_free (host, FALSE);
}

static GPtrArray *
random_segments (void)
{
  GPtrArray *segments = g_ptr_array_new_with_free_func (g_free);
  guint n_segments = hf_random_below (4);

  for (guint i = 0; i < n_segments; i++)
    {
      g_autofree char *segment = hf_random_text (6);

      /* A dot or two would lead to another place. */
      if (strspn (segment, ".") == strlen (segment))
        g_ptr_array_add (segments, g_strconcat (segment, "x", NULL));
      else
        g_ptr_array_add (segments, g_steal_pointer (&segment));
    }
  return segments;
}

static void
add_param (GPtrArray *params)
{
  static const char *const names[] = { "q", "page", "a[]", NULL };

  g_ptr_array_add (params,
                   hf_random_one_in (2) ? g_strdup (hf_random_choose (names)) : hf_random_text (5));
  g_ptr_array_add (params, hf_random_text (6));
}

static Address *
random_address (void)
{
  Address *self = g_new0 (Address, 1);

  self->scheme = hf_random_one_in (2) ? "http" : "https";
  if (hf_random_one_in (4))
    self->user = hf_random_text (5);
  if (self->user != NULL && hf_random_one_in (2))
    self->password = g_strdup (SECRET);
  self->host = random_host ();
  self->port = hf_random_one_in (3) ? (int) hf_random_below (65535) + 1 : -1;
  self->segments = random_segments ();
  if (hf_random_one_in (2))
    {
      self->params = g_ptr_array_new_with_free_func (g_free);
      for (guint i = hf_random_below (4); i > 0; i--)
        add_param (self->params);
    }
  if (hf_random_one_in (4))
    self->fragment = hf_random_text (6);
  return self;
}

/* With escapes where they are needed, and often elsewhere; and now and then without, where a human
 * or a careless server would leave them away. */
static void
append_part (GString    *out,
             const char *text,
             const char *as_they_are)
{
  g_autofree char *allowed =
    g_strconcat (as_they_are, hf_random_one_in (2) ? " \"<>\\^`{|}\x80" : NULL, NULL);

  if (g_str_has_suffix (allowed, "\x80") && !g_str_is_ascii (text))
    for (const char *c = text; *c != '\0'; c++)
      if ((guint8) *c >= 0x80)
        g_string_append_c (out, *c);
      else
        hf_random_append_escape (out, (const char[2]){ *c, '\0' }, allowed);
  else
    hf_random_append_escape (out, text, allowed);
}

static void
append_host (GString    *out,
             const char *host)
{
  if (strchr (host, ':') != NULL)
    g_string_append_printf (out, "[%s]", host);
  else if (g_str_has_prefix (host, "xn--") && hf_random_one_in (2))
    g_string_append (out, hf_random_one_in (2) ? "bücher.example" : "b%C3%BCcher.example");
  else
    hf_random_append_case (out, host);
}

/* As in a form: a space is a plus, or is escaped. */
static void
append_form_word (GString    *out,
                  const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (out, hf_random_one_in (2) ? "+" : "%20");
      append_part (out, words[i], UNRESERVED "!$'()*,;:@/?");
    }
}

static void
address_write_path (Address *self,
                    GString *out)
{
  for (guint i = 0; i < self->segments->len; i++)
    {
      g_string_append_c (out, '/');
      append_part (out, g_ptr_array_index (self->segments, i), IN_PATH);
    }
  if (self->segments->len == 0 && hf_random_one_in (2))
    g_string_append_c (out, '/');
}

static GString *
address_write (Address *self)
{
  GString *out = g_string_new (NULL);

  hf_random_append_case (out, self->scheme);
  g_string_append (out, "://");
  if (self->user != NULL)
    {
      hf_random_append_escape (out, self->user, UNRESERVED);
      g_string_append (out, self->password != NULL ? ":" : "");
      g_string_append (out, self->password != NULL ? self->password : "");
      g_string_append_c (out, '@');
    }
  append_host (out, self->host);
  if (self->port != -1)
    g_string_append_printf (out, ":%d", self->port);
  else if (hf_random_one_in (4))
    g_string_append (out, g_str_equal (self->scheme, "http") ? ":80" : ":443");

  address_write_path (self, out);
  for (guint i = 0; self->params != NULL && i < MAX (self->params->len, 1); i += 2)
    {
      g_string_append_c (out, i == 0 ? '?' : '&');
      if (self->params->len == 0)
        break;
      append_form_word (out, g_ptr_array_index (self->params, i));
      g_string_append_c (out, '=');
      append_form_word (out, g_ptr_array_index (self->params, i + 1));
    }
  if (self->fragment != NULL)
    {
      g_string_append_c (out, '#');
      append_part (out, self->fragment, IN_PATH "/?");
    }
  return out;
}

static void
append_params (GString   *out,
               GPtrArray *params)
{
  for (guint i = 0; i < params->len; i += 2)
    g_string_append_printf (out, "  %s = %s\n", (char *) g_ptr_array_index (params, i),
                            (char *) g_ptr_array_index (params, i + 1));
}

/* All of an address but its params, in a text. */
static char *
address_dump (Address *self)
{
  GString *out = g_string_new (NULL);
  int default_port = g_str_equal (self->scheme, "http") ? 80 : 443;

  g_string_append_printf (out, "%s\n%s\n%s\n%s\n%d\n%s\n", self->scheme,
                          self->user != NULL ? self->user : "-",
                          self->password != NULL ? self->password : "-", self->host,
                          self->port != -1 ? self->port : default_port,
                          self->fragment != NULL ? self->fragment : "-");
  for (guint i = 0; i < MAX (self->segments->len, 1); i++)
    g_string_append_printf (out, "/ %s\n",
                            self->segments->len > 0 ? (char *) g_ptr_array_index (self->segments, i)
                                                    : "");
  return g_string_free (out, FALSE);
}

static char *
address_dump_params (Address *self)
{
  GString *out = g_string_new (NULL);

  if (self->params != NULL)
    append_params (out, self->params);
  return g_string_free (out, FALSE);
}

static char *
unescape (const char *text)
{
  char *plain = g_uri_unescape_string (text, NULL);

  g_assert_nonnull (plain);
  return plain;
}

static char *
dump_uri (GUri *uri)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) segments = g_strsplit (g_uri_get_path (uri), "/", -1);
  const char *user = g_uri_get_user (uri);
  const char *password = g_uri_get_password (uri);
  g_autofree char *host = g_ascii_strdown (g_uri_get_host (uri), -1);
  g_autofree char *fragment = g_uri_get_fragment (uri) != NULL ? unescape (g_uri_get_fragment (uri))
                                                               : g_strdup ("-");

  g_string_append_printf (out, "%s\n%s\n%s\n%s\n%d\n%s\n", g_uri_get_scheme (uri),
                          user != NULL ? user : "-", password != NULL ? password : "-", host,
                          g_uri_get_port (uri), fragment);
  for (guint i = 1; segments[i] != NULL; i++)
    {
      g_autofree char *segment = unescape (segments[i]);

      g_string_append_printf (out, "/ %s\n", segment);
    }
  return g_string_free (out, FALSE);
}

static char *
unescape_form_word (const char *text)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (text), "+", ' ');

  return unescape (spaced);
}

static char *
dump_uri_params (GUri *uri)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) pairs = NULL;
  g_autoptr (GPtrArray) params = g_ptr_array_new_with_free_func (g_free);

  if (g_uri_get_query (uri) != NULL && *g_uri_get_query (uri) != '\0')
    pairs = g_strsplit (g_uri_get_query (uri), "&", -1);
  for (guint i = 0; pairs != NULL && pairs[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);

      g_ptr_array_add (params, unescape_form_word (pair[0]));
      g_ptr_array_add (params, unescape_form_word (pair[1] != NULL ? pair[1] : ""));
    }
  append_params (out, params);
  return g_string_free (out, FALSE);
}

/* A server reads the target, and the host, as they are meant. */
static void
check_can_be_sent (GUri       *uri,
                   const char *input)
{
  const char *query = g_uri_get_query (uri);
  const char *host = g_uri_get_host (uri);
  g_autofree char *target =
    g_strconcat (g_uri_get_path (uri), query != NULL ? "?" : NULL, query, NULL);
  g_autofree char *text = g_strdup_printf ("GET %s HTTP/1.1\r\nX-Host: %s\r\n", target, host);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char *method = NULL;
  g_autofree char *sent = NULL;

  g_assert_cmpuint (soup_headers_parse_request (text, strlen (text), headers, &method, &sent, NULL),
                    ==, SOUP_STATUS_OK);
  g_assert_cmpstr (method, ==, "GET");
  hf_assert_same (input, target, sent);
  hf_assert_same (input, host, soup_message_headers_get_one (headers, "X-Host"));
  g_assert_true (*target == '/');
  g_assert_cmpuint (target[strspn (target, ALPHANUMERIC IN_PATH "/?%[]")], ==, '\0');
}

/* As text it is read as the same again. */
static void
check_stays (GUri       *uri,
             const char *input)
{
  g_autofree char *text = g_uri_to_string (uri);
  g_autoptr (GUri) again = hf_validate_uri (text, NULL, NULL);
  g_autofree char *text_again = NULL;

  if (again == NULL)
    hf_assert_same (input, "an address", text);
  text_again = g_uri_to_string (again);
  hf_assert_same (input, text, text_again);
}

static void
test_round_trip (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (Address) address = random_address ();
      g_autoptr (GString) text = address_write (address);
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) uri = hf_validate_uri (text->str, NULL, &error);
      g_autofree char *expected = address_dump (address);
      g_autofree char *expected_params = address_dump_params (address);
      g_autofree char *actual = NULL;
      g_autofree char *actual_params = NULL;
      g_autofree char *shown = NULL;

      if (error != NULL)
        hf_assert_same (text->str, "", error->message);
      actual = dump_uri (uri);
      actual_params = dump_uri_params (uri);
      hf_assert_same (text->str, expected, actual);
      hf_assert_same (text->str, expected_params, actual_params);
      check_can_be_sent (uri, text->str);
      check_stays (uri, text->str);

      shown = hf_error_redact_uri (text->str);
      g_assert_null (strstr (shown, SECRET));
      g_assert_null (strpbrk (shown, "?#"));
    }
}

/* A parameter that is added is behind the others, and nothing else changes. */
static void
test_params (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (Address) address = random_address ();
      g_autoptr (GString) text = address_write (address);
      g_autoptr (HfRequest) request = hf_request_new ("GET", text->str);
      g_autoptr (GUri) uri = NULL;
      g_autofree char *expected = address_dump (address);
      g_autofree char *expected_params = NULL;
      g_autofree char *actual = NULL;
      g_autofree char *actual_params = NULL;
      guint n_more = 1 + hf_random_below (3);

      if (address->params == NULL)
        address->params = g_ptr_array_new_with_free_func (g_free);
      for (guint n = 0; n < n_more; n++)
        {
          add_param (address->params);
          hf_request_append_param (request,
                                   g_ptr_array_index (address->params, address->params->len - 2),
                                   g_ptr_array_index (address->params, address->params->len - 1));
        }

      uri = hf_validate_uri (hf_request_get_uri (request), NULL, NULL);
      g_assert_nonnull (uri);
      expected_params = address_dump_params (address);
      actual = dump_uri (uri);
      actual_params = dump_uri_params (uri);
      hf_assert_same (text->str, expected, actual);
      hf_assert_same (text->str, expected_params, actual_params);
    }
}

/* What is relative leads where RFC 3986 §5.2 says: this is its arithmetic on lists. */
static void
test_relative (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (Address) address = random_address ();
      g_autoptr (GString) text = address_write (address);
      g_autoptr (GUri) base = hf_validate_uri (text->str, NULL, NULL);
      g_autoptr (GPtrArray) more = random_segments ();
      g_autoptr (GString) reference = g_string_new (NULL);
      g_autoptr (GUri) uri = NULL;
      g_autofree char *expected = NULL;
      g_autofree char *actual = NULL;
      gboolean from_root = hf_random_one_in (4);
      guint n_up = hf_random_below (3);
      guint n_kept = address->segments->len > 0 ? address->segments->len - 1 : 0;

      n_kept = from_root || n_kept < n_up ? 0 : n_kept - n_up;
      g_string_append (reference, from_root ? "/" : hf_random_one_in (2) ? "./" : "");
      for (guint n = 0; n < n_up; n++)
        g_string_append (reference, "../");
      if (reference->len == 0 && more->len > 0 && *(char *) g_ptr_array_index (more, 0) == '\0')
        g_string_append (reference, "./");
      for (guint n = 0; n < more->len; n++)
        {
          append_part (reference, g_ptr_array_index (more, n), UNRESERVED "!$&'()*+,;=@");
          if (n + 1 < more->len)
            g_string_append_c (reference, '/');
        }
      if (reference->len == 0 || g_str_has_prefix (reference->str, "//"))
        continue;

      uri = hf_validate_uri (reference->str, base, NULL);
      g_assert_nonnull (uri);
      g_ptr_array_set_size (address->segments, n_kept);
      for (guint n = 0; n < more->len; n++)
        g_ptr_array_add (address->segments, g_strdup (g_ptr_array_index (more, n)));
      if (more->len == 0)
        g_ptr_array_add (address->segments, g_strdup (""));
      g_clear_pointer (&address->fragment, g_free);
      expected = address_dump (address);
      actual = dump_uri (uri);
      hf_assert_same (reference->str, expected, actual);
      check_can_be_sent (uri, reference->str);
    }
}

/* What was damaged is refused, twice with the same words, or is an address that can be sent. */
static void
test_corrupt (void)
{
  g_autoptr (GUri) base = hf_validate_uri ("http://a.example/d/e?q", NULL, NULL);
  guint n_accepted = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (Address) address = random_address ();
      g_autoptr (GString) text = address_write (address);
      GUri *from = hf_random_one_in (3) ? base : NULL;
      g_autoptr (GUri) uri = NULL;
      g_autoptr (GUri) same = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) again = NULL;

      hf_random_corrupt (text);
      uri = hf_validate_uri (text->str, from, &error);
      same = hf_validate_uri (text->str, from, &again);
      g_assert_cmpint (uri == NULL, ==, same == NULL);
      if (uri == NULL)
        {
          g_assert_error (error, HF_ERROR, HF_ERROR_INVALID_URI);
          hf_assert_same (text->str, error->message, again->message);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
          continue;
        }

      n_accepted++;
      check_can_be_sent (uri, text->str);
      check_stays (uri, text->str);
    }
  g_assert_cmpuint (n_accepted, >, hf_random_n_inputs () / 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generated/uris/round-trip", test_round_trip);
  g_test_add_func ("/generated/uris/params", test_params);
  g_test_add_func ("/generated/uris/relative", test_relative);
  g_test_add_func ("/generated/uris/corrupt", test_corrupt);
  return g_test_run ();
}
