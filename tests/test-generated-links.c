/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "hf-link-private.h"
#include "hf-random.h"

/* Links, written in all the ways that RFC 8288 allows, and read. */

#define BASE "http://a.example/d/e?q"

typedef struct {
  char *reference;    /* owned */
  GPtrArray *params;  /* owned: name, value, name, value, …; a value may be NULL */
} Link;

static void
link_free (Link *self)
{
  g_free (self->reference);
  g_ptr_array_unref (self->params);
  g_free (self);
}

static gboolean
link_has_param (Link       *self,
                const char *name)
{
  for (guint i = 0; i < self->params->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->params, i), name) == 0)
      return TRUE;
  return FALSE;
}

static void
link_add_param (Link       *self,
                const char *name,
                char       *value)
{
  g_ptr_array_add (self->params, g_strdup (name));
  g_ptr_array_add (self->params, value);
}

static char *
random_relations (void)
{
  static const char *const relations[] = {
    "next", "prev", "Last", "up", "self", "stylesheet", "http://a.example/rel?x=1,2;3", NULL
  };
  GString *all = g_string_new (hf_random_choose (relations));

  while (hf_random_one_in (4))
    g_string_append_printf (all, " %s", hf_random_choose (relations));
  return g_string_free (all, FALSE);
}

static Link *
random_link (void)
{
  static const char *const places[] = { "",
                                        "/",
                                        "/d/",
                                        "x",
                                        "../up",
                                        "?",
                                        "?a=1,2;b",
                                        "//b.example/",
                                        "http://c.example:8080/",
                                        "#f",
                                        "https://d.example/a,b;c=d?e=%2C'(x)",
                                        NULL };
  Link *self = g_new0 (Link, 1);
  GString *reference = g_string_new (hf_random_choose (places));
  guint n_params = hf_random_below (4);

  if (hf_random_one_in (2) && !g_str_equal (reference->str, "//b.example/"))
    {
      g_autofree char *more = hf_random_text (6);

      hf_random_append_escape (reference, more, "-._~!$&'()*+,;=");
    }
  self->reference = g_string_free (reference, FALSE);
  self->params = g_ptr_array_new_with_free_func (g_free);
  if (!hf_random_one_in (4))
    link_add_param (self, "rel", random_relations ());
  for (guint i = 0; i < n_params; i++)
    {
      g_autofree char *name = hf_random_one_in (2) ? g_strdup ("title") : hf_random_token ();

      if (strchr (name, '*') == NULL && g_ascii_strcasecmp (name, "rel") != 0 &&
          !link_has_param (self, name))
        link_add_param (self, name, hf_random_one_in (8) ? NULL : hf_random_text (10));
    }
  return self;
}

static void
link_write_param (Link    *self,
                  guint    i,
                  GString *out)
{
  const char *name = g_ptr_array_index (self->params, i);
  const char *value = g_ptr_array_index (self->params, i + 1);
  gboolean is_extended = value != NULL && hf_random_one_in (4);

  hf_random_append_space (out);
  g_string_append_c (out, ';');
  hf_random_append_space (out);
  hf_random_append_case (out, name);
  if (value == NULL)
    return;

  g_string_append (out, is_extended ? "*" : "");
  hf_random_append_space (out);
  g_string_append_c (out, '=');
  hf_random_append_space (out);
  if (is_extended)
    {
      hf_random_append_case (out, "UTF-8");
      g_string_append (out, hf_random_one_in (2) ? "''" : "'de'");
      hf_random_append_escape (out, value, "!#$&+-.^_`|~");
    }
  else
    {
      hf_random_append_word (out, value);
    }
}

static GString *
write_links (GPtrArray *links)
{
  GString *out = g_string_new (NULL);

  hf_random_append_space (out);
  for (guint i = 0; i < links->len; i++)
    {
      Link *link = g_ptr_array_index (links, i);

      do
        {
          if (i > 0)
            g_string_append_c (out, ',');
          hf_random_append_space (out);
      } while (i > 0 && hf_random_one_in (8));

      g_string_append_printf (out, "<%s>", link->reference);
      for (guint n = 0; n < link->params->len; n += 2)
        link_write_param (link, n, out);
      hf_random_append_space (out);
    }
  return out;
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Appends a link to a text that has all of it; parameters have no order. */
static void
append_dump (GString    *out,
             const char *uri,
             GPtrArray  *params)
{
  g_ptr_array_sort (params, compare_lines);
  g_string_append_printf (out, "<%s>\n", uri);
  for (guint i = 0; i < params->len; i++)
    g_string_append_printf (out, "  %s\n", (char *) g_ptr_array_index (params, i));
}

static char *
dump_param (const char *name,
            const char *value)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strconcat (lower, value != NULL ? "=" : "", value, NULL);
}

static char *
dump_expected (GPtrArray *links,
               GUri      *base)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < links->len; i++)
    {
      Link *link = g_ptr_array_index (links, i);
      g_autoptr (GUri) place =
        g_uri_parse_relative (base, link->reference, SOUP_HTTP_URI_FLAGS, NULL);
      g_autofree char *uri = g_uri_to_string (place);
      g_autoptr (GPtrArray) params = g_ptr_array_new_with_free_func (g_free);

      for (guint n = 0; n < link->params->len; n += 2)
        g_ptr_array_add (params, dump_param (g_ptr_array_index (link->params, n),
                                             g_ptr_array_index (link->params, n + 1)));
      append_dump (out, uri, params);
    }
  return g_string_free (out, FALSE);
}

static char *
dump_found (GPtrArray *links)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < links->len; i++)
    {
      HfLink *link = g_ptr_array_index (links, i);
      g_auto (GStrv) names = hf_link_list_params (link);
      g_autoptr (GPtrArray) params = g_ptr_array_new_with_free_func (g_free);

      for (guint n = 0; names[n] != NULL; n++)
        g_ptr_array_add (params, dump_param (names[n], hf_link_get_param (link, names[n])));
      append_dump (out, hf_link_get_uri (link), params);
    }
  return g_string_free (out, FALSE);
}

static GPtrArray *
read_links (const char *field,
            GUri       *base)
{
  const char *fields[] = { field, NULL };

  return hf_link_parse_all (fields, base);
}

static GPtrArray *
random_links (void)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_free);
  guint n_links = hf_random_below (4);

  for (guint i = 0; i < n_links; i++)
    g_ptr_array_add (links, random_link ());
  return links;
}

/* Whether the links are of the relations that were written. */
static void
check_relations (GPtrArray  *links,
                 GPtrArray  *found,
                 const char *input)
{
  for (guint i = 0; i < links->len; i++)
    {
      Link *link = g_ptr_array_index (links, i);
      HfLink *other = g_ptr_array_index (found, i);
      gboolean is_related = link_has_param (link, "rel");
      const char *relation = is_related ? g_ptr_array_index (link->params, 1) : "";
      g_auto (GStrv) words = g_strsplit (relation, " ", -1);

      hf_assert_same (input, relation, hf_link_get_relation (other));
      for (guint n = 0; words[n] != NULL; n++)
        {
          g_autoptr (GString) word = g_string_new (NULL);

          hf_random_append_case (word, words[n]);
          g_assert_true (hf_link_has_relation (other, word->str));
        }
      g_assert_false (hf_link_has_relation (other, "first"));
    }
}

static void
test_round_trip (void)
{
  g_autoptr (GUri) base = g_uri_parse (BASE, SOUP_HTTP_URI_FLAGS, NULL);

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) links = random_links ();
      g_autoptr (GString) field = write_links (links);
      g_autoptr (GPtrArray) found = read_links (field->str, base);
      g_autofree char *expected = dump_expected (links, base);
      g_autofree char *actual = dump_found (found);

      hf_assert_same (field->str, expected, actual);
      check_relations (links, found, field->str);
    }
}

/* Returns: (transfer full): links as they were read, to be written again */
static GPtrArray *
links_from_found (GPtrArray *found)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_free);

  for (guint i = 0; i < found->len; i++)
    {
      HfLink *other = g_ptr_array_index (found, i);
      g_auto (GStrv) names = hf_link_list_params (other);
      Link *link = g_new0 (Link, 1);

      link->reference = g_strdup (hf_link_get_uri (other));
      link->params = g_ptr_array_new_with_free_func (g_free);
      for (guint n = 0; names[n] != NULL; n++)
        if (hf_is_token (names[n]) && strchr (names[n], '*') == NULL)
          link_add_param (link, names[n], g_strdup (hf_link_get_param (other, names[n])));
      g_ptr_array_add (links, link);
    }
  return links;
}

/* What can be read of a damaged field is text and leads somewhere, twice the same; and it is the
 * same again when it is written without damage. */
static void
test_corrupt (void)
{
  g_autoptr (GUri) base = g_uri_parse (BASE, SOUP_HTTP_URI_FLAGS, NULL);
  guint n_found = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) sound = random_links ();
      g_autoptr (GString) field = write_links (sound);
      g_autoptr (GPtrArray) found = NULL;
      g_autoptr (GPtrArray) again = NULL;
      g_autoptr (GPtrArray) links = NULL;
      g_autoptr (GPtrArray) back = NULL;
      g_autoptr (GString) rewritten = NULL;
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;
      g_autofree char *expected = NULL;
      g_autofree char *actual = NULL;

      hf_random_corrupt (field);
      found = read_links (field->str, base);
      again = read_links (field->str, base);
      first = dump_found (found);
      second = dump_found (again);
      hf_assert_same (field->str, first, second);
      g_assert_true (g_utf8_validate (first, -1, NULL));

      n_found += found->len;
      for (guint n = 0; n < found->len; n++)
        {
          const char *uri = hf_link_get_uri (g_ptr_array_index (found, n));

          g_assert_true (g_uri_is_valid (uri, SOUP_HTTP_URI_FLAGS, NULL));
          for (const char *c = uri; *c != '\0'; c++)
            g_assert_false (g_ascii_iscntrl (*c) || strchr (" <>\"\\^`{|}", *c) != NULL);
        }
      links = links_from_found (found);
      expected = dump_expected (links, base);
      rewritten = write_links (links);
      back = read_links (rewritten->str, base);
      actual = dump_found (back);
      hf_assert_same (rewritten->str, expected, actual);
    }
  g_assert_cmpuint (n_found, >, hf_random_n_inputs () / 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generated/links/round-trip", test_round_trip);
  g_test_add_func ("/generated/links/corrupt", test_corrupt);
  return g_test_run ();
}
