/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-random.h"
#include "hf-request-defaults-private.h"
#include "libhfutures.h"

/* Forms, and the parameters of a session that are put beside those of a request. */

static GPtrArray *
random_pairs (void)
{
  static const char *const names[] = { "a", "b", "A", "page[]", "", NULL };
  GPtrArray *pairs = g_ptr_array_new_with_free_func (g_free);
  guint n_pairs = hf_random_below (5);

  for (guint i = 0; i < n_pairs; i++)
    {
      g_ptr_array_add (pairs, hf_random_one_in (4) ? hf_random_text (5)
                                                   : g_strdup (hf_random_choose (names)));
      g_ptr_array_add (pairs, hf_random_one_in (8) ? g_strdup ("\r\n&=+% ") : hf_random_text (6));
    }
  return pairs;
}

static const char *
name_at (GPtrArray *pairs,
         guint      i)
{
  return g_ptr_array_index (pairs, i);
}

static gboolean
has_name (GPtrArray  *pairs,
          const char *name)
{
  for (guint i = 0; i < pairs->len; i += 2)
    if (g_str_equal (name_at (pairs, i), name))
      return TRUE;
  return FALSE;
}

static void
append_pair (GString    *out,
             const char *name,
             const char *value)
{
  g_string_append_printf (out, "%s = %s\n", name, value);
}

static char *
unescape_word (const char *word)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (word), "+", ' ');
  char *plain = g_uri_unescape_string (spaced, NULL);

  g_assert_nonnull (plain);
  return plain;
}

/* Returns: (transfer full): the pairs of what a form was encoded to, a line for each */
static char *
dump_form (const char *text)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) fields = g_strsplit (text, "&", -1);

  for (guint i = 0; fields[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (fields[i], "=", -1);
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      g_assert_cmpuint (g_strv_length (pair), ==, 2);
      name = unescape_word (pair[0]);
      value = unescape_word (pair[1]);
      append_pair (out, name, value);
    }
  return g_string_free (out, FALSE);
}

static void
test_form (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) pairs = random_pairs ();
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autoptr (HfBody) body = NULL;
      g_autofree char *text = NULL;
      g_autofree char *actual = NULL;
      GBytes *bytes;

      for (guint n = 0; n < pairs->len; n += 2)
        append_pair (expected, name_at (pairs, n), name_at (pairs, n + 1));
      g_ptr_array_add (pairs, NULL);
      body = hf_body_new_for_form ((const char *const *) pairs->pdata);
      bytes = hf_body_get_bytes (body);
      text = g_bytes_get_size (bytes) > 0
               ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
               : g_strdup ("");

      g_assert_true (g_str_is_ascii (text));
      g_assert_null (strpbrk (text, " \r\n\"<>"));
      actual = dump_form (text);
      hf_assert_same (text, expected->str, actual);
    }
}

/* A name of the request's stands where the session first has it, with all its values; what the
 * session alone has stays, unless it is left out; what the request alone has comes last. */
static char *
merge (GPtrArray  *defaults,
       GPtrArray  *own,
       const char *omitted)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < defaults->len; i += 2)
    if (has_name (own, name_at (defaults, i)) || !g_str_equal (name_at (defaults, i), omitted))
      g_ptr_array_add (names, g_ptr_array_index (defaults, i));

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = name_at (names, i);
      gboolean is_own = has_name (own, name);
      guint n_before = 0;
      guint n = 0;

      for (guint j = 0; j < i; j++)
        n_before += g_str_equal (name_at (names, j), name);
      for (guint j = 0; !is_own && j < defaults->len; j += 2)
        if (g_str_equal (name_at (defaults, j), name) && n++ == n_before)
          append_pair (out, name, name_at (defaults, j + 1));
      for (guint j = 0; is_own && n_before == 0 && j < own->len; j += 2)
        if (g_str_equal (name_at (own, j), name))
          append_pair (out, name, name_at (own, j + 1));
    }
  for (guint i = 0; i < own->len; i += 2)
    if (!has_name (defaults, name_at (own, i)))
      append_pair (out, name_at (own, i), name_at (own, i + 1));
  return g_string_free (out, FALSE);
}

static void
test_defaults (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) own = random_pairs ();
      g_autoptr (HfRequestDefaults) defaults = hf_request_defaults_new ();
      g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/x?old=1#f");
      g_autofree char *expected = NULL;
      g_autofree char *actual = NULL;
      g_autofree char *with_old = NULL;
      g_autofree char *query = NULL;
      const char *omitted = "b";
      const char *uri;

      g_ptr_array_unref (defaults->params);
      defaults->params = random_pairs ();
      for (guint n = 0; n < own->len; n += 2)
        hf_request_append_param (request, name_at (own, n), name_at (own, n + 1));
      hf_request_omit_param (request, omitted);

      for (guint n = 0; n < 2; n++) /* the second time nothing more is to be added */
        g_assert_true (hf_request_defaults_apply (defaults, request->data, NULL));
      uri = hf_request_get_uri (request);
      g_assert_true (g_str_has_prefix (uri, "http://a.example/x?old=1"));
      g_assert_true (g_str_has_suffix (uri, "#f"));
      query = g_strndup (uri + strlen ("http://a.example/x?"),
                         strcspn (uri, "#") - strlen ("http://a.example/x?"));
      expected = merge (defaults->params, own, omitted);
      with_old = g_strconcat ("old = 1\n", expected, NULL);
      actual = dump_form (query);
      hf_assert_same (uri, with_old, actual);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generated/params/form", test_form);
  g_test_add_func ("/generated/params/defaults", test_defaults);
  return g_test_run ();
}
