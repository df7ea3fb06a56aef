/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-exchange-private.h"

#include <glib/gi18n-lib.h>

#include "hf-auth-private.h"
#include "hf-cookies-private.h"
#include "hf-validate-private.h"

void
hf_exchange_init (HfExchange    *self,
                  HfRequestData *request,
                  SoupCookieJar *jar,
                  const int     *jar_used,
                  guint64        max_body_size)
{
  self->jar_used = jar_used;
  self->request = hf_request_data_ref (request);
  self->jar = jar != NULL ? g_object_ref (jar) : NULL;
  self->max_body_size = max_body_size;
}

void
hf_exchange_clear (HfExchange *self)
{
  hf_hop_clear (&self->hop);
  g_clear_pointer (&self->request, hf_request_data_unref);
  g_clear_object (&self->jar);
  g_clear_object (&self->auth);
  g_clear_pointer (&self->answer, g_free);
  g_clear_pointer (&self->own_headers, hf_headers_unref);
  g_clear_pointer (&self->own_cookies, g_ptr_array_unref);
  g_clear_pointer (&self->sent, hf_request_data_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_object (&self->response);
  g_clear_error (&self->error);
}

static HfStep
exchange_fail (HfExchange *self,
               GError     *error)
{
  g_clear_object (&self->response);
  self->error = error;
  return HF_STEP_SETTLE;
}

static char *
shown_target (HfExchange *self)
{
  return hf_error_redact_uri (self->request->uri);
}

/* Credentials in a URI become a field, and never leave with the URI (RFC 3986 §3.2.1). */
static void
exchange_take_userinfo (HfExchange *self)
{
  GUri *uri = self->hop.uri;
  const char *user = g_uri_get_user (uri);
  const char *password = g_uri_get_password (uri);

  if (g_uri_get_userinfo (uri) == NULL)
    return;

  if (self->auth == NULL && hf_headers_peek (self->own_headers, "Authorization") == NULL &&
      user != NULL && *user != '\0')
    {
      g_autofree char *pair = g_strdup_printf ("%s:%s", user, password != NULL ? password : "");
      g_autofree char *encoded = g_base64_encode ((const guint8 *) pair, strlen (pair));
      g_autofree char *basic = g_strconcat ("Basic ", encoded, NULL);

      hf_headers_append (self->own_headers, "Authorization", basic);
    }

  self->hop.uri = g_uri_build (g_uri_get_flags (uri) & ~G_URI_FLAGS_HAS_PASSWORD,
                               g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                               g_uri_get_port (uri), g_uri_get_path (uri), g_uri_get_query (uri),
                               g_uri_get_fragment (uri));
  g_uri_unref (uri);
}

/* Returns: (transfer full) (nullable): the cookies for the hop */
static char *
exchange_dup_cookies (HfExchange *self)
{
  SoupCookieJar *jar = self->jar != NULL && g_atomic_int_get (self->jar_used) ? self->jar : NULL;

  if (jar == NULL && self->own_cookies == NULL)
    return NULL;
  return hf_cookies_dup_header (jar, self->hop.uri, self->own_cookies);
}

/* Lays the fields of the hop together: the user's, the body's and the jar's. */
static gboolean
exchange_compose_headers (HfExchange  *self,
                          GError     **error)
{
  HfHop *hop = &self->hop;
  const char *type = hop->body != NULL ? hf_body_get_content_type (hop->body) : NULL;
  g_autofree char *cookies = NULL;
  g_autofree char *authorization = NULL;

  g_clear_pointer (&hop->headers, hf_headers_unref);
  if (hf_headers_peek (self->own_headers, "Cookie") == NULL)
    cookies = exchange_dup_cookies (self);
  if (type != NULL && hf_headers_peek (self->own_headers, "Content-Type") != NULL)
    type = NULL;
  if (self->answer != NULL)
    authorization = g_steal_pointer (&self->answer);
  else if (self->auth != NULL && hf_headers_peek (self->own_headers, "Authorization") == NULL &&
           !hf_auth_get_authorization (self->auth, self->sent, hop->uri, &authorization, error))
    return FALSE;

  if (type == NULL && cookies == NULL && authorization == NULL)
    {
      hop->headers = hf_headers_ref (self->own_headers);
    }
  else
    {
      hop->headers = hf_headers_copy (self->own_headers);
      if (type != NULL)
        hf_headers_append (hop->headers, "Content-Type", type);
      if (cookies != NULL)
        hf_headers_append (hop->headers, "Cookie", cookies);
      if (authorization != NULL)
        hf_headers_append (hop->headers, "Authorization", authorization);
    }

  return hf_validate_headers (hop->headers, hop->body, self->request->uri, error);
}

/*
 * hf_exchange_start:
 *
 * Checks what the user wants to be sent, and makes the first hop.
 */
HfStep
hf_exchange_start (HfExchange *self)
{
  HfRequestData *request = self->request;
  GError *error = NULL;

  if (!hf_validate_method (request->method, request->uri, &error))
    return exchange_fail (self, error);

  self->hop.uri = hf_validate_uri (request->uri, NULL, &error);
  if (self->hop.uri == NULL || !hf_cookies_validate (request->cookies, request->uri, &error))
    return exchange_fail (self, error);

  self->hop.method = request->method;
  self->hop.body = request->body != NULL ? g_object_ref (request->body) : NULL;
  self->hop.settings = request;
  self->hop.max_body_size = self->max_body_size;
  self->sent = hf_request_data_ref (request);
  self->auth = request->auth != NULL ? g_object_ref (request->auth) : NULL;
  self->own_cookies = request->cookies != NULL ? g_ptr_array_ref (request->cookies) : NULL;
  if (g_uri_get_userinfo (self->hop.uri) != NULL)
    {
      self->own_headers = hf_headers_copy (request->headers);
      exchange_take_userinfo (self);
    }
  else
    {
      self->own_headers = hf_headers_ref (request->headers);
    }

  if (!exchange_compose_headers (self, &error))
    return exchange_fail (self, error);
  return HF_STEP_SEND;
}

static gboolean
exchange_will_follow (HfExchange *self,
                      guint       status,
                      HfHeaders  *headers)
{
  return self->request->follow_redirects && hf_is_redirect (status, headers);
}

/* Whether the server asks who sends this, and can be told: once, or again when only the nonce was
 * too old (RFC 7616 §3.3). */
static gboolean
exchange_will_answer (HfExchange *self,
                      guint       status,
                      HfHeaders  *headers)
{
  gboolean stale = FALSE;

  if (self->hop.body != NULL && !hf_body_is_repeatable (self->hop.body))
    return FALSE;
  return status == SOUP_STATUS_UNAUTHORIZED && self->auth != NULL &&
         hf_headers_peek (self->own_headers, "Authorization") == NULL &&
         hf_auth_can_answer (self->auth, headers, &stale) && self->n_answers < (stale ? 2 : 1);
}

/* Whether there will be another answer after this one. */
gboolean
hf_exchange_is_interim (HfExchange *self,
                        guint       status,
                        HfHeaders  *headers)
{
  return exchange_will_follow (self, status, headers) ||
         exchange_will_answer (self, status, headers);
}

/* A fragment survives a redirect that has none of its own (RFC 9110 §10.2.2). */
static GUri *
uri_inherit_fragment (GUri *uri,
                      GUri *from)
{
  GUri *with;

  if (g_uri_get_fragment (uri) != NULL || g_uri_get_fragment (from) == NULL)
    return uri;

  with = g_uri_build_with_user (g_uri_get_flags (uri), g_uri_get_scheme (uri), g_uri_get_user (uri),
                                g_uri_get_password (uri), g_uri_get_auth_params (uri),
                                g_uri_get_host (uri), g_uri_get_port (uri), g_uri_get_path (uri),
                                g_uri_get_query (uri), g_uri_get_fragment (from));
  g_uri_unref (uri);
  return with;
}

static GError *
new_redirect_error (HfExchange   *self,
                    HfError       code,
                    const char   *format,
                    const char   *location)
{
  g_autofree char *from = shown_target (self);
  g_autofree char *to = hf_error_redact_uri (location);
  GError *error;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  error = g_error_new (HF_ERROR, code, format, from, to);
#pragma GCC diagnostic pop
  return error;
}

/* Returns: (transfer full) (nullable): where a redirect goes */
static GUri *
exchange_resolve_location (HfExchange  *self,
                           const char  *location,
                           GError     **error)
{
  GUri *from = self->hop.uri;
  g_autoptr (GError) invalid = NULL;
  g_autoptr (GUri) uri = hf_validate_uri (location, from, &invalid);

  hf_init_i18n ();
  if (uri == NULL)
    {
      g_propagate_error (error, new_redirect_error (self, HF_ERROR_PROTOCOL,
                                                    _("“%s” redirected to “%s”, which cannot be "
                                                      "followed"),
                                                    location));
      return NULL;
    }

  if (g_str_equal (g_uri_get_scheme (from), "https") &&
      !g_str_equal (g_uri_get_scheme (uri), "https"))
    {
      g_propagate_error (error, new_redirect_error (self, HF_ERROR_PROTOCOL,
                                                    _("“%s” redirected to “%s”, which is not "
                                                      "encrypted; that was refused"),
                                                    location));
      return NULL;
    }

  return uri_inherit_fragment (g_steal_pointer (&uri), from);
}

/* RFC 9110 §15.4: 303 always, and 301 and 302 by long practice, turn into a GET without a body. */
static gboolean
becomes_get (const char *method,
             guint       status)
{
  if (method == SOUP_METHOD_HEAD)
    return FALSE;
  return status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_FOUND ||
         (status == SOUP_STATUS_MOVED_PERMANENTLY && method == SOUP_METHOD_POST);
}

/* Where the method may become that of a GET, a body is not sent again even if it is one already, or
 * a HEAD. */
static gboolean
exchange_loses_body (HfExchange *self,
                     guint       status)
{
  const char *method = self->hop.method;

  if (status == SOUP_STATUS_MOVED_PERMANENTLY)
    return method == SOUP_METHOD_POST || method == SOUP_METHOD_GET || method == SOUP_METHOD_HEAD ||
           !self->request->redirects_keep_body;
  return status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_FOUND;
}

static HfHeaders *
own_headers_for_change (HfExchange *self)
{
  if (hf_headers_is_shared (self->own_headers))
    {
      HfHeaders *copy = hf_headers_copy (self->own_headers);

      hf_headers_unref (self->own_headers);
      self->own_headers = copy;
    }
  return self->own_headers;
}

static void
exchange_drop_headers (HfExchange         *self,
                       const char *const  *names)
{
  HfHeaders *headers;

  g_clear_pointer (&self->hop.headers, hf_headers_unref);
  headers = own_headers_for_change (self);
  for (guint i = 0; names[i] != NULL; i++)
    hf_headers_remove (headers, names[i]);
}

/* What the next hop's response will show as its request. */
static void
exchange_replace_sent (HfExchange *self)
{
  HfRequestData *sent = hf_request_data_copy (self->sent);

  g_autofree char *uri = g_uri_to_string (self->hop.uri);

  sent->method = self->hop.method;
  hf_request_data_set_uri (sent, uri);
  g_set_object (&sent->body, self->hop.body);
  hf_headers_unref (sent->headers);
  sent->headers = hf_headers_ref (self->own_headers);
  if (self->changed_origin)
    {
      /* Credentials, like the fields that are dropped. */
      g_clear_object (&sent->tls_certificate);
      g_clear_object (&sent->auth);
    }
  g_clear_pointer (&sent->cookies, g_ptr_array_unref);
  sent->cookies = self->own_cookies != NULL ? g_ptr_array_ref (self->own_cookies) : NULL;

  hf_request_data_unref (self->sent);
  self->sent = sent;
  self->hop.settings = sent;
}

static void
exchange_keep_response (HfExchange *self)
{
  if (self->history == NULL)
    self->history = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->history, g_steal_pointer (&self->response));
}

static HfStep
exchange_answer (HfExchange *self)
{
  GError *error = NULL;

  self->answer =
    hf_auth_answer_challenge (self->auth, self->response->headers, self->hop.method, self->hop.uri);
  self->n_answers++;
  self->changed_origin = FALSE;
  exchange_keep_response (self);
  if (!exchange_compose_headers (self, &error))
    return exchange_fail (self, error);
  return HF_STEP_SEND;
}

/* Makes the hop, and what it shows as its request, those that a redirect leads to. */
static gboolean
exchange_redirect (HfExchange  *self,
                   HfResponse  *response,
                   GError     **error)
{
  static const char *const credentials[] = { "Authorization", "Cookie", "Host",
                                             "Proxy-Authorization", NULL };
  static const char *const framing[] = { "Content-Type",     "Content-Length",   "Content-Encoding",
                                         "Content-Language", "Content-Location", NULL };
  HfHop *hop = &self->hop;
  GUri *uri =
    exchange_resolve_location (self, hf_headers_peek (response->headers, "Location"), error);
  gboolean becomes;

  if (uri == NULL)
    return FALSE;

  self->changed_origin = !hf_uri_same_origin (hop->uri, uri);
  g_uri_unref (hop->uri);
  hop->uri = uri;

  self->n_answers = 0;
  if (self->changed_origin)
    {
      exchange_drop_headers (self, credentials);
      g_clear_object (&self->auth);
      g_clear_pointer (&self->own_cookies, g_ptr_array_unref);
    }
  becomes = becomes_get (hop->method, response->status) && hop->method != SOUP_METHOD_GET;
  if (becomes || (hop->body != NULL && exchange_loses_body (self, response->status)))
    {
      g_clear_object (&hop->body);
      exchange_drop_headers (self, framing);
    }
  if (becomes)
    hop->method = SOUP_METHOD_GET;
  if (g_uri_get_userinfo (hop->uri) != NULL)
    {
      g_clear_pointer (&hop->headers, hf_headers_unref);
      own_headers_for_change (self);
      exchange_take_userinfo (self);
    }

  exchange_replace_sent (self);
  return TRUE;
}

/* Whether a redirect wants a body that is gone. */
static gboolean
exchange_lacks_body (HfExchange *self,
                     guint       status)
{
  return self->hop.body != NULL && !hf_body_is_repeatable (self->hop.body) &&
         !exchange_loses_body (self, status);
}

static HfStep
exchange_follow (HfExchange *self)
{
  HfResponse *response = self->response;
  const char *location = hf_headers_peek (response->headers, "Location");
  GError *error = NULL;

  /* When it cannot be followed, the response tells more about that. */
  if (self->n_redirects++ >= self->request->max_redirects)
    {
      hf_init_i18n ();
      self->error = new_redirect_error (self, HF_ERROR_TOO_MANY_REDIRECTS,
                                        _("“%s” redirected too many times, last to “%s”"),
                                        location);
      return HF_STEP_SETTLE;
    }

  if (exchange_lacks_body (self, response->status))
    {
      hf_init_i18n ();
      self->error = new_redirect_error (self, HF_ERROR_INVALID_REQUEST,
                                        _("“%s” redirected to “%s”, but the body cannot be sent a "
                                          "second time"),
                                        location);
      return HF_STEP_SETTLE;
    }

  if (!exchange_redirect (self, response, &self->error))
    return HF_STEP_SETTLE;

  exchange_keep_response (self);
  if (!exchange_compose_headers (self, &error))
    return exchange_fail (self, error);
  return HF_STEP_SEND;
}

/*
 * hf_exchange_take_response:
 * @response: (transfer full): the answer to the hop
 *
 * Returns: what to do next
 */
HfStep
hf_exchange_take_response (HfExchange *self,
                           HfResponse *response)
{
  self->response = response;
  response->from = g_uri_ref (self->hop.uri);
  response->sent = hf_request_data_ref (self->sent);
  if (self->history != NULL)
    {
      response->history = g_ptr_array_new_with_free_func (g_object_unref);
      for (guint i = 0; i < self->history->len; i++)
        g_ptr_array_add (response->history, g_object_ref (g_ptr_array_index (self->history, i)));
    }

  if (self->jar != NULL)
    hf_cookies_store (self->jar, response->headers, self->hop.uri, &self->own_cookies);

  if (exchange_will_answer (self, response->status, response->headers))
    return exchange_answer (self);
  if (exchange_will_follow (self, response->status, response->headers))
    return exchange_follow (self);
  if (hf_is_redirect (response->status, response->headers) &&
      exchange_redirect (self, response, NULL))
    {
      self->sent->complete = TRUE; /* made just now, so nobody else has it */
      response->leads_to = hf_request_data_ref (self->sent);
    }
  return HF_STEP_SETTLE;
}
