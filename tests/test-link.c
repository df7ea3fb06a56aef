/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-link-private.h"
#include "hf-response-private.h"
#include "libhfutures.h"

static const struct {
  const char *field;
  const char *expected; /* URI relation title, for each */
} parses[] = {
  { "<http://b.example/2>; rel=\"next\"", "http://b.example/2 next -\n" },
  { "</2?a=1,2>;rel=next;title=\"a, b; c\", <../up>; rel=up",
    "http://a.example/2?a=1,2 next a, b; c\nhttp://a.example/up up -\n" },
  { "<x>", "http://a.example/d/x  -\n" },
  { "<>; rel=self", "http://a.example/d/e self -\n" },
  { "<a>; REL=Next; Title=T", "http://a.example/d/a Next T\n" },
  { "<a>; rel=\"next last\", <b>; title=\"say \\\"no\\\"\"",
    "http://a.example/d/a next last -\nhttp://a.example/d/b  say \"no\"\n" },
  { "<a>; title*=UTF-8''%C3%A4; rel=x", "http://a.example/d/a x ä\n" },
  { "  ,, <a> ;  rel = x , ,", "http://a.example/d/a x -\n" },
  { "<a>; title=\"no end, <b>; rel=x", "http://a.example/d/a  no end, <b>; rel=x\n" },
  { "<a>; title*=UTF-8''%ff%fe; rel=x", "http://a.example/d/a x -\n" },
  { "<a", "" },
  { "a>; rel=x", "" },
  { "<http://[bad/>; rel=x, <b>; rel=y", "http://a.example/d/b y -\n" },
  { "<http://b%0d%0a/>; rel=x, <//b%5b/>, <b>; rel=y", "http://a.example/d/b y -\n" },
  { "<a b>; rel=x, <a\x01>; rel=y", "http://a.example/d/a%20b x -\n" },
  { "<http://b.example;c/>; rel=x, <b>; rel=y", "http://a.example/d/b y -\n" },
  { "<a>; rel=x; rel=y; title=t; title=u", "http://a.example/d/a x t\n" },
  { "<a>; title*=UTF-8''%C3%A4; title=a; rel=x", "http://a.example/d/a x ä\n" },
  { "<a>; title=a; title*=UTF-8''%C3%A4; rel=x", "http://a.example/d/a x ä\n" },
  { "<mailto:a@b.example>; rel=author", "mailto:a@b.example author -\n" },
  { "", "" },
};

static void
test_parse (void)
{
  g_autoptr (GUri) base = g_uri_parse ("http://a.example/d/e", SOUP_HTTP_URI_FLAGS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parses); i++)
    {
      const char *fields[] = { parses[i].field, NULL };
      g_autoptr (GPtrArray) links = hf_link_parse_all (fields, base);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint n = 0; n < links->len; n++)
        {
          HfLink *link = g_ptr_array_index (links, n);
          const char *title = hf_link_get_param (link, "title");

          g_string_append_printf (text, "%s %s %s\n", hf_link_get_uri (link),
                                  hf_link_get_relation (link), title != NULL ? title : "-");
        }
      g_assert_cmpstr (text->str, ==, parses[i].expected);
    }
}

static HfResponse *
response_new (guint       status,
              const char *name,
              const char *value)
{
  HfHeaders *headers = hf_headers_new ();
  HfResponse *response;

  hf_headers_append (headers, name, value);
  response = hf_response_new (status, "", headers, g_bytes_new (NULL, 0));
  response->from = g_uri_parse ("http://a.example/", SOUP_HTTP_URI_FLAGS, NULL);
  return response;
}

static void
test_response (void)
{
  g_autoptr (HfResponse) response = response_new (200, "Link", "<2>; rel=\"next Last\"; a");
  g_autoptr (HfResponse) none = response_new (200, "X-Link", "<2>; rel=next");
  g_autoptr (GPtrArray) links = hf_response_get_links (response);
  g_autoptr (GPtrArray) no_links = hf_response_get_links (none);
  g_auto (GStrv) names = NULL;
  HfLink *link;

  g_assert_cmpuint (links->len, ==, 1);
  g_assert_cmpuint (no_links->len, ==, 0);
  link = g_ptr_array_index (links, 0);
  g_assert_cmpstr (hf_link_get_uri (link), ==, "http://a.example/2");
  g_assert_true (hf_link_has_relation (link, "next"));
  g_assert_true (hf_link_has_relation (link, "last"));
  g_assert_false (hf_link_has_relation (link, "nex"));
  g_assert_null (hf_link_get_param (link, "b"));
  names = hf_link_list_params (link);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_true (g_strv_contains ((const char *const *) names, "rel"));
}

static void
test_redirect (void)
{
  const guint statuses[] = { 200, 300, 301, 302, 303, 304, 307, 308, 401 };
  const char *is_redirect = "001110110"; /* with a Location */
  const char *is_permanent = "001000010";

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (HfResponse) with = response_new (statuses[i], "Location", "/");
      g_autoptr (HfResponse) without = response_new (statuses[i], "X-Location", "/");

      g_assert_cmpint (hf_response_is_redirect (with), ==, is_redirect[i] == '1');
      g_assert_cmpint (hf_response_is_permanent_redirect (with), ==, is_permanent[i] == '1');
      g_assert_false (hf_response_is_redirect (without));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/parse", test_parse);
  g_test_add_func ("/link/response", test_response);
  g_test_add_func ("/link/redirect", test_redirect);
  return g_test_run ();
}
