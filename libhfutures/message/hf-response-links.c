/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>

#include "hf-link-private.h"
#include "hf-response-private.h"

/* Where a response leads on to. */

/**
 * hf_response_get_links:
 * @self: a response
 *
 * Reads the `Link` header fields (RFC 8288), anew at each call.
 *
 * Returns: (transfer container) (element-type HfLink): the links, in their order; they go with the
 *   array
 *
 * Since: 1.0
 */
GPtrArray *
hf_response_get_links (HfResponse *self)
{
  g_auto (GStrv) fields = NULL;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  fields = hf_headers_lookup_all (self->headers, "Link");
  return hf_link_parse_all ((const char *const *) fields, self->from);
}

/**
 * hf_response_get_next:
 * @self: a response
 *
 * Gives [property@Response:next]: what would have been sent next, had
 * [property@Request:follow-redirects] been set. Its method, body, header fields and credentials are
 * those that go along (RFC 9110 §15.4): nothing secret to another origin. It can be sent, to any
 * session, but not be changed; a copy can. A session adds none of its defaults to it. Sending it
 * fails when its body cannot be sent a second time.
 *
 * Returns: (transfer none) (nullable): the request, owned by @self; %NULL when there is none,
 *   because the response is no redirect, was followed, or leads where nothing can be asked
 *
 * Since: 1.0
 */
HfRequest *
hf_response_get_next (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (g_atomic_pointer_get (&self->next) == NULL && self->leads_to != NULL)
    {
      HfRequest *next = hf_request_new_frozen (self->leads_to);

      if (!g_atomic_pointer_compare_and_exchange (&self->next, NULL, next))
        g_object_unref (next);
    }
  return g_atomic_pointer_get (&self->next);
}

/* Whether an answer says where else to ask (RFC 9110 §15.4). */
gboolean
hf_is_redirect (guint      status,
                HfHeaders *headers)
{
  switch (status)
    {
    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
    case SOUP_STATUS_SEE_OTHER:
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      return hf_headers_peek (headers, "Location") != NULL;
    default:
      return FALSE;
    }
}

/**
 * hf_response_is_redirect:
 * @self: a response
 *
 * Tells whether the response says where else to ask (RFC 9110 §15.4). One that was not followed
 * does, and those in [property@Response:history] do, but for a 401 that was answered.
 *
 * Returns: whether it is a redirect
 *
 * Since: 1.0
 */
gboolean
hf_response_is_redirect (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);

  return hf_is_redirect (self->status, self->headers);
}

/**
 * hf_response_is_permanent_redirect:
 * @self: a response
 *
 * Tells whether the response is a redirect that holds from now on, 301 or 308.
 *
 * Returns: whether it is
 *
 * Since: 1.0
 */
gboolean
hf_response_is_permanent_redirect (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);

  return hf_response_is_redirect (self) && (self->status == SOUP_STATUS_MOVED_PERMANENTLY ||
                                            self->status == SOUP_STATUS_PERMANENT_REDIRECT);
}
