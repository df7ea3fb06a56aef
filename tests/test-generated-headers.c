/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "hf-headers-private.h"
#include "hf-random.h"
#include "hf-validate-private.h"

/* Header fields, written in all the ways that HTTP allows, and read. */

#define STATUS_LINE "HTTP/1.1 200 OK\r\n"

/* But for these, which say how the rest is to be read, any name will do. */
static gboolean
is_framing (const char *name)
{
  static const char *const names[] = { "connection", "content-length",    "expect", "host",
                                       "keep-alive", "transfer-encoding", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strv_contains (names, lower);
}

static char *
random_name (HfHeaders *others)
{
  static const char *const known[] = { "Content-Type",     "Set-Cookie", "Link",     "Vary", "ETag",
                                       "WWW-Authenticate", "X-Api-Key",  "Location", NULL };
  guint n_others = hf_headers_get_n_items (others);

  if (n_others > 0 && hf_random_one_in (3))
    return g_strdup (hf_headers_get_name (others, hf_random_below (n_others)));
  for (;;)
    {
      g_autofree char *name = hf_random_one_in (2) ? g_strdup (hf_random_choose (known))
                                                   : hf_random_token ();

      if (!is_framing (name))
        return g_steal_pointer (&name);
    }
}

static char *
random_value (void)
{
  GString *value = g_string_new (NULL);
  guint n_words = hf_random_below (4);

  for (guint i = 0; i < n_words; i++)
    {
      g_autofree char *word = hf_random_text (10);

      if (*word == '\0')
        continue;
      if (value->len > 0)
        g_string_append (value, hf_random_one_in (6) ? "\t" : hf_random_one_in (6) ? "  " : " ");
      g_string_append (value, g_strstrip (word));
    }
  g_strstrip (value->str);
  value->len = strlen (value->str);
  return g_string_free (value, FALSE);
}

static HfHeaders *
random_headers (void)
{
  HfHeaders *headers = hf_headers_new ();
  guint n_fields = hf_random_below (8);

  for (guint i = 0; i < n_fields; i++)
    {
      g_autofree char *name = random_name (headers);
      g_autofree char *value = random_value ();

      hf_headers_append (headers, name, value);
    }
  return headers;
}

static void
append_line_end (GString *out)
{
  g_string_append (out, hf_random_one_in (4) ? "\n" : "\r\n");
}

/* A space between words may be a new line that begins with white space (RFC 9112 §5.2). */
static void
append_value (GString    *out,
              const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if (*c == ' ' && c[1] != ' ' && c[1] != '\t' && c[-1] != ' ' && c[-1] != '\t' &&
        hf_random_one_in (8))
      {
        hf_random_append_space (out);
        append_line_end (out);
        g_string_append_c (out, hf_random_one_in (4) ? '\t' : ' ');
        hf_random_append_space (out);
      }
    else
      {
        g_string_append_c (out, *c);
      }
}

static char *
write_headers (HfHeaders *headers)
{
  GString *out = g_string_new (STATUS_LINE);

  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    {
      hf_random_append_case (out, hf_headers_get_name (headers, i));
      g_string_append_c (out, ':');
      hf_random_append_space (out);
      append_value (out, hf_headers_get_value (headers, i));
      hf_random_append_space (out);
      append_line_end (out);
    }
  return g_string_free (out, FALSE);
}

/* Returns: (transfer full) (nullable): what our transport would make of it */
static HfHeaders *
read_headers (const char *text)
{
  g_autoptr (SoupMessageHeaders) soup = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  if (!soup_headers_parse_response (text, strlen (text), soup, NULL, NULL, NULL))
    return NULL;
  return hf_headers_new_from_soup (soup);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const char *const *one = a;
  const char *const *other = b;
  int order = g_ascii_strcasecmp (*one, *other);

  return order != 0 ? order : (one > other) - (one < other);
}

/* All fields; the order matters only among those of one name (RFC 9110 §5.3). */
static char *
dump (HfHeaders *headers)
{
  guint n_fields = hf_headers_get_n_items (headers);
  g_autofree const char **names = g_new0 (const char *, n_fields + 1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_fields; i++)
    names[i] = hf_headers_get_name (headers, i);
  qsort (names, n_fields, sizeof *names, compare_names);

  for (guint i = 0; i < n_fields; i++)
    if (i == 0 || g_ascii_strcasecmp (names[i - 1], names[i]) != 0)
      {
        g_auto (GStrv) values = hf_headers_lookup_all (headers, names[i]);
        g_autofree char *name = g_ascii_strdown (names[i], -1);

        for (guint n = 0; values[n] != NULL; n++)
          g_string_append_printf (text, "%s: %s\n", name, values[n]);
      }
  return g_string_free (text, FALSE);
}

/* Every way to look at a list says the same. */
static void
check_views (HfHeaders  *headers,
             const char *input)
{
  g_autoptr (HfHeaders) copy = hf_headers_copy (headers);
  g_autofree char *whole = dump (headers);
  g_autofree char *of_copy = dump (copy);
  guint n_fields = hf_headers_get_n_items (headers);

  hf_assert_same (input, whole, of_copy);
  g_assert_null (hf_headers_get_name (headers, n_fields));
  g_assert_null (hf_headers_get_value (headers, n_fields));

  for (guint i = 0; i < n_fields; i++)
    {
      g_autoptr (GString) name = g_string_new (NULL);
      g_auto (GStrv) values = NULL;
      g_autofree char *joined = NULL;
      g_autofree char *looked_up = NULL;
      guint position = 0;

      hf_random_append_case (name, hf_headers_get_name (headers, i));
      values = hf_headers_lookup_all (headers, name->str);
      looked_up = hf_headers_lookup (headers, name->str);
      joined = g_strjoinv (", ", values);
      hf_assert_same (input, joined, looked_up);
      for (guint n = 0; n < n_fields; n++)
        if (g_ascii_strcasecmp (hf_headers_get_name (headers, n), name->str) == 0)
          hf_assert_same (input, hf_headers_get_value (headers, n), values[position++]);
      g_assert_null (values[position]);
      g_assert_true (g_utf8_validate (hf_headers_get_name (headers, i), -1, NULL));
      g_assert_true (g_utf8_validate (hf_headers_get_value (headers, i), -1, NULL));
    }
}

/* Taking out one name leaves all others. */
static void
check_removal (HfHeaders  *headers,
               const char *input)
{
  guint n_fields = hf_headers_get_n_items (headers);
  g_autoptr (HfHeaders) fewer = hf_headers_copy (headers);
  g_autoptr (HfHeaders) expected = hf_headers_new ();
  g_autofree char *left = NULL;
  g_autofree char *to_be_left = NULL;
  const char *removed;

  if (n_fields == 0)
    return;

  removed = hf_headers_get_name (headers, hf_random_below (n_fields));
  hf_headers_remove (fewer, removed);
  for (guint i = 0; i < n_fields; i++)
    if (g_ascii_strcasecmp (hf_headers_get_name (headers, i), removed) != 0)
      hf_headers_append (expected, hf_headers_get_name (headers, i),
                         hf_headers_get_value (headers, i));
  left = dump (fewer);
  to_be_left = dump (expected);
  hf_assert_same (input, to_be_left, left);
}

static void
test_round_trip (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (HfHeaders) headers = random_headers ();
      g_autofree char *text = write_headers (headers);
      g_autoptr (HfHeaders) found = read_headers (text);
      g_autofree char *expected = dump (headers);
      g_autofree char *actual = NULL;

      g_assert_nonnull (found);
      actual = dump (found);
      hf_assert_same (text, expected, actual);
      check_views (found, text);
      check_removal (found, text);
    }
}

/* What was damaged is refused, or is read, and then written and read again without a change. */
static void
test_corrupt (void)
{
  guint n_read = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (HfHeaders) headers = random_headers ();
      g_autofree char *sound = write_headers (headers);
      g_autoptr (GString) text = g_string_new (sound);
      g_autoptr (HfHeaders) found = NULL;
      g_autoptr (HfHeaders) again = NULL;
      g_autofree char *rewritten = NULL;
      g_autofree char *expected = NULL;
      g_autofree char *actual = NULL;

      hf_random_corrupt (text);
      found = read_headers (text->str);
      again = read_headers (text->str);
      g_assert_cmpint (found == NULL, ==, again == NULL);
      if (found == NULL)
        continue;

      n_read++;
      check_views (found, text->str);
      expected = dump (found);
      rewritten = write_headers (found);
      g_clear_pointer (&again, hf_headers_unref);
      again = read_headers (rewritten);
      g_assert_nonnull (again);
      actual = dump (again);
      hf_assert_same (text->str, expected, actual);
    }
  g_assert_cmpuint (n_read, >, hf_random_n_inputs () / 10);
}

/* Whatever passes is one field in a request, no less and no more; the rest does not pass. */
static void
test_hostile (void)
{
  guint n_sent = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autofree char *name = hf_random_one_in (2) ? hf_random_token () : hf_random_bytes (6);
      g_autofree char *value = hf_random_bytes (hf_random_one_in (2) ? 3 : 12);
      g_autoptr (HfHeaders) headers = hf_headers_new ();
      g_autoptr (SoupMessageHeaders) sent = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
      g_autofree char *text = g_strdup_printf ("GET / HTTP/1.1\r\n%s: %s\r\n", name, value);
      g_autofree char *readable = NULL;
      SoupMessageHeadersIter iter;
      const char *read_name = NULL;
      const char *read_value = NULL;
      gboolean passes;

      if (is_framing (name))
        continue;

      hf_headers_append (headers, name, value);
      passes = hf_validate_headers (headers, NULL, "http://a.example/", NULL);
      g_assert_false (passes && (!hf_is_token (name) || strpbrk (value, "\r\n\x01\x7f") != NULL));
      if (!passes)
        continue;

      n_sent++;
      g_assert_cmpuint (soup_headers_parse_request (text, strlen (text), sent, NULL, NULL, NULL),
                        ==, SOUP_STATUS_OK);
      soup_message_headers_iter_init (&iter, sent);
      g_assert_true (soup_message_headers_iter_next (&iter, &read_name, &read_value));
      g_assert_true (g_ascii_strcasecmp (read_name, name) == 0);
      /* libsoup replaces on arrival what is not UTF-8. */
      readable = g_utf8_make_valid (g_strstrip (value), -1);
      hf_assert_same (text, readable, read_value);
      g_assert_false (soup_message_headers_iter_next (&iter, &read_name, &read_value));
    }
  g_assert_cmpuint (n_sent, >, hf_random_n_inputs () / 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generated/headers/round-trip", test_round_trip);
  g_test_add_func ("/generated/headers/corrupt", test_corrupt);
  g_test_add_func ("/generated/headers/hostile", test_hostile);
  return g_test_run ();
}
