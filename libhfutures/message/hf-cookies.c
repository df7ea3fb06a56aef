/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-cookies-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "hf-error-private.h"
#include "hf-headers-private.h"

/*
 * hf_cookies_with:
 * @own: (nullable): the cookies so far
 * @value: (nullable): the value; %NULL for none of that name
 *
 * Returns: (transfer full) (nullable): the cookies with another one, in the place of the one of
 *   that name if there is one
 */
GPtrArray *
hf_cookies_with (GPtrArray  *own,
                 const char *name,
                 const char *value)
{
  g_autoptr (GPtrArray) cookies = g_ptr_array_new_with_free_func (g_free);
  gboolean found = FALSE;

  for (guint i = 0; own != NULL && i < own->len; i += 2)
    {
      const char *kept = g_ptr_array_index (own, i + 1);

      if (g_str_equal (g_ptr_array_index (own, i), name))
        {
          found = TRUE;
          kept = value;
        }
      if (kept == NULL)
        continue;
      g_ptr_array_add (cookies, g_strdup (g_ptr_array_index (own, i)));
      g_ptr_array_add (cookies, g_strdup (kept));
    }
  if (!found && value != NULL)
    {
      g_ptr_array_add (cookies, g_strdup (name));
      g_ptr_array_add (cookies, g_strdup (value));
    }
  return cookies->len > 0 ? g_steal_pointer (&cookies) : NULL;
}

/* Returns: (nullable): the value of the cookie of that name */
const char *
hf_cookies_find (GPtrArray  *own,
                 const char *name)
{
  for (guint i = 0; own != NULL && i < own->len; i += 2)
    if (g_str_equal (g_ptr_array_index (own, i), name))
      return g_ptr_array_index (own, i + 1);
  return NULL;
}

/* RFC 6265 §4.1.1 has less, but that is what servers should do. What they can set (§5.2) comes back
 * to them, so what is refused here is only what would be read as something else. */
static gboolean
is_cookie (const char *name,
           const char *value)
{
  for (const char *c = name; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || strchr (" \"=,;", *c) != NULL)
      return FALSE;
  for (const char *c = value; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || *c == ';')
      return FALSE;
  return *name != '\0';
}

/* Whether cookies can be sent. Their values may be secret, so the error does not tell them. */
gboolean
hf_cookies_validate (GPtrArray   *own,
                     const char  *uri,
                     GError     **error)
{
  for (guint i = 0; own != NULL && i < own->len; i += 2)
    {
      const char *name = g_ptr_array_index (own, i);
      g_autofree char *shown = NULL;
      g_autofree char *escaped = NULL;

      if (is_cookie (name, g_ptr_array_index (own, i + 1)))
        continue;

      hf_init_i18n ();
      shown = hf_error_redact_uri (uri);
      escaped = g_strescape (name, NULL);
      g_set_error (error, HF_ERROR, HF_ERROR_INVALID_REQUEST,
                   _("The cookie “%s” for “%s” has characters that cannot be sent"), escaped,
                   shown);
      return FALSE;
    }
  return TRUE;
}

static int
compare_path_lengths (gconstpointer a,
                      gconstpointer b)
{
  gsize one = strlen (soup_cookie_get_path ((SoupCookie *) a));
  gsize other = strlen (soup_cookie_get_path ((SoupCookie *) b));

  return (one < other) - (one > other);
}

/*
 * soup_cookie_jar_get_cookies() uses cookies after it has unlocked the jar, while another worker
 * may replace them (libsoup 3.2.3). Here they are copies, made under the jar's own lock.
 */
static char *
dup_header_of_jar (SoupCookieJar *jar,
                   GUri          *uri,
                   GPtrArray     *own)
{
  GSList *all = soup_cookie_jar_all_cookies (jar);
  GSList *chosen = NULL;
  char *header = NULL;

  for (GSList *l = all; l != NULL; l = l->next)
    if (soup_cookie_domain_matches (l->data, g_uri_get_host (uri)) &&
        soup_cookie_applies_to_uri (l->data, uri) &&
        hf_cookies_find (own, soup_cookie_get_name (l->data)) == NULL)
      chosen = g_slist_prepend (chosen, l->data);

  /* libsoup lists them backwards, and so they were taken. */
  chosen = g_slist_sort (chosen, compare_path_lengths);
  if (chosen != NULL)
    header = soup_cookies_to_cookie_header (chosen);

  g_slist_free (chosen);
  g_slist_free_full (all, (GDestroyNotify) soup_cookie_free);
  return header;
}

/*
 * hf_cookies_dup_header:
 * @jar: (nullable): a jar
 * @own: (nullable): the request's own cookies, which win
 *
 * Finds the cookies for a URI, those of the jar with longer paths first (RFC 6265 §5.4).
 *
 * Returns: (transfer full) (nullable): the value of a `Cookie` field
 */
char *
hf_cookies_dup_header (SoupCookieJar *jar,
                       GUri          *uri,
                       GPtrArray     *own)
{
  g_autofree char *kept = jar != NULL ? dup_header_of_jar (jar, uri, own) : NULL;
  g_autoptr (GString) header = NULL;

  if (own == NULL)
    return g_steal_pointer (&kept);

  header = g_string_new (kept);
  for (guint i = 0; i < own->len; i += 2)
    g_string_append_printf (header, "%s%s=%s", header->len > 0 ? "; " : "",
                            (char *) g_ptr_array_index (own, i),
                            (char *) g_ptr_array_index (own, i + 1));
  return g_string_free (g_steal_pointer (&header), FALSE);
}

/*
 * hf_cookies_store:
 * @own: (inout) (optional): a request's own cookies; those that the server sets anew are taken out
 *
 * Puts what an answer sets into a jar.
 */
void
hf_cookies_store (SoupCookieJar  *jar,
                  HfHeaders      *headers,
                  GUri           *from,
                  GPtrArray     **own)
{
  g_auto (GStrv) values = NULL;

  if (hf_headers_peek (headers, "Set-Cookie") == NULL)
    return;

  values = hf_headers_lookup_all (headers, "Set-Cookie");
  for (guint i = 0; values[i] != NULL; i++)
    {
      SoupCookie *cookie = soup_cookie_parse (values[i], from);

      if (cookie == NULL)
        continue;
      if (*soup_cookie_get_name (cookie) == '\0')
        {
          /* RFC 6265 §5.2 has it ignored. */
          soup_cookie_free (cookie);
          continue;
        }
      if (own != NULL && hf_cookies_find (*own, soup_cookie_get_name (cookie)) != NULL)
        {
          GPtrArray *before = *own;

          *own = hf_cookies_with (before, soup_cookie_get_name (cookie), NULL);
          g_ptr_array_unref (before);
        }
      soup_cookie_jar_add_cookie_full (jar, cookie, from, from);
    }
}
