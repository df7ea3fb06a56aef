/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-cookies-private.h"

#include <string.h>

static int
compare_path_lengths (gconstpointer a,
                      gconstpointer b)
{
  gsize one = strlen (soup_cookie_get_path ((SoupCookie *) a));
  gsize other = strlen (soup_cookie_get_path ((SoupCookie *) b));

  return (one < other) - (one > other);
}

/*
 * hf_cookies_dup_header:
 *
 * Finds the cookies for a URI, those with longer paths first (RFC 6265 §5.4).
 *
 * soup_cookie_jar_get_cookies() uses cookies after it has unlocked the jar, while another worker
 * may replace them (libsoup 3.2.3). Here they are copies, made under the jar's own lock.
 *
 * Returns: (transfer full) (nullable): the value of a `Cookie` field
 */
char *
hf_cookies_dup_header (SoupCookieJar *jar,
                       GUri          *uri)
{
  GSList *all = soup_cookie_jar_all_cookies (jar);
  GSList *chosen = NULL;
  char *header = NULL;

  for (GSList *l = all; l != NULL; l = l->next)
    if (soup_cookie_domain_matches (l->data, g_uri_get_host (uri)) &&
        soup_cookie_applies_to_uri (l->data, uri))
      chosen = g_slist_prepend (chosen, l->data);

  /* libsoup lists them backwards, and so they were taken. */
  chosen = g_slist_sort (chosen, compare_path_lengths);
  if (chosen != NULL)
    header = soup_cookies_to_cookie_header (chosen);

  g_slist_free (chosen);
  g_slist_free_full (all, (GDestroyNotify) soup_cookie_free);
  return header;
}
