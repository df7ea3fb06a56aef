/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>

#include "hf-cookies-private.h"
#include "hf-response-private.h"

/**
 * hf_response_get_cookies:
 * @self: a response
 *
 * Reads the cookies that this response sets (RFC 6265 §5.2), anew at each call.
 *
 * Those are what a new jar would have kept of its `Set-Cookie` fields: none for foreign or public
 * domains, none that have expired, and of each name, domain and path the last. What the responses
 * in [property@Response:history] set is asked of them.
 *
 * Returns: (transfer container) (element-type SoupCookie): the cookies, in their order; they go
 *   with the array
 *
 * Since: 1.0
 */
GPtrArray *
hf_response_get_cookies (HfResponse *self)
{
  g_autoptr (SoupCookieJar) jar = NULL;
  GPtrArray *cookies;
  GSList *all;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  cookies = g_ptr_array_new_with_free_func ((GDestroyNotify) soup_cookie_free);
  if (self->from == NULL || hf_headers_peek (self->headers, "Set-Cookie") == NULL)
    return cookies;

  jar = soup_cookie_jar_new ();
  hf_cookies_store (jar, self->headers, self->from, NULL);
  all = g_slist_reverse (soup_cookie_jar_all_cookies (jar));
  for (GSList *l = all; l != NULL; l = l->next)
    g_ptr_array_add (cookies, l->data);
  g_slist_free (all);
  return cookies;
}
