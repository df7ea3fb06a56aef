/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-sending-private.h"

#include "hf-content-decoder-private.h"
#include "hf-cookies-private.h"
#include "hf-proxy-private.h"
#include "hf-validate-private.h"

/*
 * Messages of the user's own: sent as they are, with libsoup's own redirects. Their bodies cannot
 * be read back, so what libsoup loses when it sends again is lost.
 */

/* Before each time that libsoup sends a user's message: cookies, and whether the body is there. */
static void
on_users_starting (SoupMessage *message,
                          gpointer     user_data)
{
  HfSending *self = user_data;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const char *method = soup_message_get_method (message);
  gboolean has_body = soup_message_headers_get_content_length (headers) > 0 ||
                      soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED;

  hf_sending_on_starting (self);

  if (self->method == NULL)
    {
      self->method = method;
      self->had_body = has_body;
      self->own_cookies = soup_message_headers_get_one (headers, "Cookie") == NULL;
      if (self->config->decodes &&
          soup_message_headers_get_one (headers, "Accept-Encoding") == NULL)
        {
          gboolean secure =
            g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https");

          soup_message_headers_append (headers, "Accept-Encoding",
                                       hf_content_decoder_get_accepted (secure));
          self->own_encodings = TRUE;
        }
    }
  else if (self->had_body && self->method == method &&
           (!has_body || (method != SOUP_METHOD_POST && method != SOUP_METHOD_PUT)))
    {
      /* libsoup drops the body when it sends again, and would send an empty one; of methods other
       * than these two it would go on announcing the length of what is gone (3.2.3). */
      self->body_lost = TRUE;
      g_cancellable_cancel (self->cancellable);
      return;
    }

  if (self->own_cookies && self->jar != NULL)
    {
      g_autofree char *cookies =
        hf_cookies_dup_header (self->jar, soup_message_get_uri (message), NULL);

      soup_message_headers_remove (headers, "Cookie");
      if (cookies != NULL)
        soup_message_headers_append (headers, "Cookie", cookies);
    }
}

static void
on_users_restarted (SoupMessage *message,
                           gpointer     user_data)
{
  HfSending *self = user_data;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  gboolean elsewhere = !hf_uri_same_origin (soup_message_get_uri (message), self->hop->uri);

  self->started = FALSE;
  hf_hop_enter_phase (self->hop, HF_PHASE_CONNECTING);

  /* The next connection may be to a server, or to another proxy. */
  if (self->authorized_proxy || elsewhere)
    soup_message_headers_remove (headers, "Proxy-Authorization");
  self->authorized_proxy = FALSE;

  /* A hand-set cookie belongs to the origin that it was set for. */
  if (elsewhere)
    {
      soup_message_headers_remove (headers, "Cookie");
      self->own_cookies = TRUE;
    }
}

static void
on_users_got_headers (SoupMessage *message,
                             gpointer     user_data)
{
  HfSending *self = user_data;
  GSList *cookies;

  hf_proxy_accept_refusal (message, self->soup);
  if (self->jar == NULL)
    return;

  cookies = soup_cookies_from_response (message);
  for (GSList *l = cookies; l != NULL; l = l->next)
    soup_cookie_jar_add_cookie_full (self->jar, l->data, soup_message_get_uri (message),
                                     self->hop->uri);
  g_slist_free (cookies);
}

/* Whether it can be sent: a message's fields may hold anything, which libsoup writes as it is. */
gboolean
hf_sending_check_users (SoupMessage  *message,
                        GError      **error)
{
  const char *method = soup_message_get_method (message);
  GUri *target = soup_message_get_uri (message);
  g_autofree char *uri = target != NULL ? g_uri_to_string_partial (target, G_URI_HIDE_USERINFO)
                                        : g_strdup ("");
  g_autoptr (GUri) valid = NULL;
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  if (!hf_validate_method (method != NULL ? method : "", uri, error))
    return FALSE;
  valid = hf_validate_uri (uri, NULL, error);
  if (valid == NULL)
    return FALSE;

  soup_message_headers_iter_init (&iter, soup_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (!hf_validate_field (name, value, uri, error))
      return FALSE;
  return TRUE;
}

void
hf_sending_begin_users (HfSending *self)
{
  SoupMessage *message = self->message;
  SoupMessageFlags wanted = soup_message_get_flags (message);

  /* A new connection is never found to be closed, so libsoup has no reason to send a body twice. */
  self->flags = wanted;
  if (soup_message_get_method (message) != SOUP_METHOD_GET &&
      soup_message_get_method (message) != SOUP_METHOD_HEAD)
    wanted |= SOUP_MESSAGE_NEW_CONNECTION;
  soup_message_set_flags (message, wanted);

  g_signal_connect (message, "starting", G_CALLBACK (on_users_starting), self);
  g_signal_connect (message, "restarted", G_CALLBACK (on_users_restarted), self);
  g_signal_connect (message, "got-headers", G_CALLBACK (on_users_got_headers), self);
}

/* Leaves the message as it was: it may be sent again, elsewhere. */
void
hf_sending_end_users (HfSending *self)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);

  soup_message_set_flags (self->message, self->flags);
  if (self->own_cookies && self->jar != NULL)
    soup_message_headers_remove (headers, "Cookie");
  if (self->own_encodings)
    soup_message_headers_remove (headers, "Accept-Encoding");
  if (self->authorized_proxy)
    soup_message_headers_remove (headers, "Proxy-Authorization");
}
