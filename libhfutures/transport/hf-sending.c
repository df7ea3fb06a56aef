/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-sending-private.h"

#include <glib/gi18n-lib.h>

#include "hf-connections-private.h"
#include "hf-proxy-private.h"
#include "hf-tls-interaction-private.h"

#define MOST_RESTARTS 5

static G_DEFINE_QUARK (hf-sending, sending)

static double
seconds_since (gint64 then)
{
  return (g_get_monotonic_time () - then) / (double) G_USEC_PER_SEC;
}

/* libsoup's own metrics would cost more than a hundredth of a request, also where nothing is
 * connected. */
static void
sending_measure (HfSending         *self,
                 GSocketClientEvent event)
{
  double *measured = NULL;

  switch (event)
    {
    case G_SOCKET_CLIENT_RESOLVED:
      measured = &self->metrics.dns;
      break;
    case G_SOCKET_CLIENT_CONNECTED:
    case G_SOCKET_CLIENT_PROXY_NEGOTIATED:
      measured = &self->metrics.connect;
      break;
    case G_SOCKET_CLIENT_TLS_HANDSHAKED:
      measured = &self->metrics.tls;
      break;
    default:
      break;
    }

  if (measured != NULL)
    *measured += seconds_since (self->event_at);
  self->event_at = g_get_monotonic_time ();
}

static void
on_network_event (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  gpointer           user_data)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  HfSending *self = user_data;

  if (self->is_users)
    sending_measure (self, event);
  if (self->hop->phase == HF_PHASE_QUEUED)
    hf_hop_enter_phase (self->hop, HF_PHASE_CONNECTING);

  if (event == G_SOCKET_CLIENT_CONNECTED && self->is_users && self->connections != NULL)
    {
      hf_connections_note (self->connections, message, connection);
    }
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    {
      /* libsoup 3.2.3 has no other way to refuse HTTP/2, in which a client can be crashed by the
       * server. */
      if (!self->config->http2)
        g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);

      /* Sessions are resumed by server and by the certificate that is set by now. */
      if (self->config->tls_certificate != NULL)
        g_tls_connection_set_certificate (G_TLS_CONNECTION (connection),
                                          self->config->tls_certificate);
    }
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && !self->config->tls_insecure &&
           !(self->is_users && hf_tls_is_left_to_user (message)) &&
           !hf_tls_peer_is_trusted (G_TLS_CONNECTION (connection)))
    {
      self->untrusted = TRUE;
      g_cancellable_cancel (self->cancellable);
    }
}

static gboolean
on_accept_certificate (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  return TRUE;
}

/* The message has its connection, and is about to be written. */
void
hf_sending_on_starting (HfSending *self)
{
  self->started = TRUE;
  if (hf_proxy_authorize (self->message))
    self->authorized_proxy = TRUE;
  if (self->upload != NULL && self->connections != NULL &&
      soup_message_get_http_version (self->message) != SOUP_HTTP_2_0)
    hf_upload_set_connection (self->upload, hf_connections_find (self->connections, self->message));
  hf_hop_enter_phase (self->hop, self->hop->body != NULL || self->is_users ? HF_PHASE_SENDING
                                                                           : HF_PHASE_WAITING);
}

static void
on_wrote_body_data (SoupMessage *message,
                    guint        size,
                    gpointer     user_data)
{
  HfSending *self = user_data;

  self->hop->n_sent += size;
  self->hop->observer->activity (self->hop);
}

static void
on_wrote_body (SoupMessage *message,
               gpointer     user_data)
{
  HfSending *self = user_data;

  hf_hop_enter_phase (self->hop, HF_PHASE_WAITING);
}

/*
 * A kept connection turned out to be closed, or the server refused over HTTP/2. libsoup sends
 * again, but without the body; and over HTTP/2 without end, as fast as it can (3.2.3).
 */
void
hf_sending_on_restarted (HfSending *self)
{
  self->started = FALSE;
  if (++self->n_restarts > MOST_RESTARTS || (self->upload != NULL && !hf_sending_reopen (self)))
    {
      g_cancellable_cancel (self->cancellable);
      return;
    }
  hf_hop_enter_phase (self->hop, HF_PHASE_CONNECTING);
  hf_sending_set_body (self);
}

/*
 * Connecting to three signals of each message would be a good part of what a request costs, and
 * meet all other threads at GLib's lock for signals. So there are three emission hooks for the
 * messages of the whole process, which look whether it is one of ours.
 */

static gboolean
on_any_network_event (GSignalInvocationHint *hint,
                      guint                  n_values,
                      const GValue          *values,
                      gpointer               user_data)
{
  HfSending *self = g_object_get_qdata (g_value_get_object (&values[0]), sending_quark ());
  GSocketClientEvent event = g_value_get_enum (&values[1]);

  if (self == NULL)
    return TRUE; /* stay */

  sending_measure (self, event);

  /* The latter is the first that is heard of a connection through a tunnel. */
  if ((event == G_SOCKET_CLIENT_CONNECTED || event == G_SOCKET_CLIENT_TLS_HANDSHAKING) &&
      self->connections != NULL)
    hf_connections_note (self->connections, self->message, g_value_get_object (&values[2]));
  return TRUE; /* stay */
}

static gboolean
on_any_starting (GSignalInvocationHint *hint,
                 guint                  n_values,
                 const GValue          *values,
                 gpointer               user_data)
{
  HfSending *self = g_object_get_qdata (g_value_get_object (&values[0]), sending_quark ());

  if (self != NULL)
    hf_sending_on_starting (self);
  return TRUE; /* stay */
}

static gboolean
on_any_restarted (GSignalInvocationHint *hint,
                  guint                  n_values,
                  const GValue          *values,
                  gpointer               user_data)
{
  HfSending *self = g_object_get_qdata (g_value_get_object (&values[0]), sending_quark ());

  if (self != NULL)
    hf_sending_on_restarted (self);
  return TRUE; /* stay */
}

/* Once in a process, before the first message. */
void
hf_sending_add_emission_hooks (void)
{
  g_type_class_unref (g_type_class_ref (SOUP_TYPE_MESSAGE)); /* makes its signals */
  g_signal_add_emission_hook (g_signal_lookup ("network-event", SOUP_TYPE_MESSAGE), 0,
                              on_any_network_event, NULL, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("starting", SOUP_TYPE_MESSAGE), 0, on_any_starting,
                              NULL, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("restarted", SOUP_TYPE_MESSAGE), 0, on_any_restarted,
                              NULL, NULL);
}

static gboolean
is_https (GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "https");
}

/* What is told of some messages only. */
static void
sending_connect_rare (HfSending *self)
{
  SoupMessage *message = self->message;

  if (self->hop->body != NULL || self->is_users)
    {
      self->has_handlers = TRUE;
      g_signal_connect (message, "wrote-body-data", G_CALLBACK (on_wrote_body_data), self);
      g_signal_connect (message, "wrote-body", G_CALLBACK (on_wrote_body), self);
    }

  /* A user's own message may be redirected there, and a user's own session may go there. */
  if (self->is_users || self->on_users_session || is_https (self->hop->uri))
    {
      self->has_handlers = TRUE;
      g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), self);
      if (self->config->tls_insecure)
        g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
    }
}

static void
sending_make_message (HfSending *self)
{
  HfHop *hop = self->hop;
  HfConnectionConfig *config = self->config;
  SoupMessage *message = soup_message_new_from_uri (hop->method, hop->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  self->message = message;

  /* Only libsoup listens to the properties of this message, to one that never changes; but because
   * of that every change of any would be told. Not thawed: the message has not long to live. */
  g_object_freeze_notify (G_OBJECT (message));

  /* IDEMPOTENT lets other methods use kept connections; it does not make libsoup retry HTTP/1. */
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT |
                                     (self->wants_connection ? SOUP_MESSAGE_NEW_CONNECTION : 0));
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  if (self->on_users_session)
    {
      soup_message_disable_feature (message, SOUP_TYPE_COOKIE_JAR);
      soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
    }

  for (guint i = 0; i < hf_headers_get_n_items (hop->headers); i++)
    {
      const char *name = hf_headers_get_name (hop->headers, i);

      /* It agrees with the body, of which libsoup says it. */
      if (hop->body == NULL || g_ascii_strcasecmp (name, "Content-Length") != 0)
        soup_message_headers_append (headers, name, hf_headers_get_value (hop->headers, i));
    }
  if (config->user_agent != NULL && hf_headers_peek (hop->headers, "User-Agent") == NULL)
    soup_message_headers_append (headers, "User-Agent", config->user_agent);
  if (config->accept_language != NULL && hf_headers_peek (hop->headers, "Accept-Language") == NULL)
    soup_message_headers_append (headers, "Accept-Language", config->accept_language);
  if (config->decodes && hf_headers_peek (hop->headers, "Accept-Encoding") == NULL)
    soup_message_headers_append (headers, "Accept-Encoding",
                                 hf_content_decoder_get_accepted (is_https (hop->uri)));
}

/*
 * hf_sending_begin:
 *
 * Makes the message, unless the hop has a user's own, and listens to it. The hop, the configuration
 * and the cancellable are set, and the body is open. Whatever it returns, hf_sending_clear() comes
 * last.
 */
gboolean
hf_sending_begin (HfSending  *self,
                  GError    **error)
{
  if (self->config->invalid_field != NULL)
    {
      hf_init_i18n ();
      g_set_error (error, HF_ERROR, HF_ERROR_INVALID_REQUEST,
                   _("The session’s SoupSession has control characters in its %s"),
                   self->config->invalid_field);
      return FALSE;
    }

  if (self->hop->message != NULL)
    {
      if (!hf_sending_check_users (self->hop->message, error))
        return FALSE;
      self->is_users = TRUE;
      self->jar = self->hop->jar;
      self->message = g_object_ref (self->hop->message);
      if (self->on_users_session)
        soup_message_disable_feature (self->message, SOUP_TYPE_COOKIE_JAR);
    }
  else
    {
      if (!hf_sending_check_length (self, error))
        return FALSE;
      sending_make_message (self);
      g_object_set_qdata (G_OBJECT (self->message), sending_quark (), self);
    }
  sending_connect_rare (self);
  if (self->is_users)
    hf_sending_begin_users (self);

  self->sent_at = g_get_monotonic_time ();
  hf_hop_enter_phase (self->hop, self->on_users_session ? HF_PHASE_QUEUED : HF_PHASE_CONNECTING);
  if (!self->is_users)
    hf_sending_set_body (self);
  return TRUE;
}

static GError *
new_proxy_refused (HfSending *self)
{
  g_autofree char *uri = g_uri_to_string (self->hop->uri);
  g_autofree char *shown = hf_error_redact_uri (uri);
  guint status = soup_message_get_status (self->message);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_PROXY,
                      _("The proxy refused to connect to “%s”: it answered %u %s"), shown, status,
                      soup_status_get_phrase (status));
}

static GError *
new_body_lost (HfSending *self)
{
  g_autofree char *uri = g_uri_to_string (self->hop->uri);
  g_autofree char *shown = hf_error_redact_uri (uri);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_INVALID_REQUEST,
                      _("The message for “%s” had to be sent again, but its body cannot be; "
                        "use an HfRequest"),
                      shown);
}

/* Whether an error says that there is no connection, and a proxy is what there is none to. */
static gboolean
sending_missed_proxy (HfSending    *self,
                      const GError *error)
{
  if (error == NULL || self->started || self->message == NULL)
    return FALSE;
  if (error->domain != G_RESOLVER_ERROR &&
      (error->domain != G_IO_ERROR || error->code == G_IO_ERROR_CANCELLED ||
       error->code == G_IO_ERROR_TIMED_OUT))
    return FALSE;
  return hf_proxy_is_in_use (self->config->proxy_resolver, soup_message_get_uri (self->message),
                             self->may_block, self->cancellable);
}

/* Puts the reason in place of what libsoup said when it was made to stop, or did not know. */
void
hf_sending_explain (HfSending  *self,
                    GError    **error)
{
  const GError *failed = self->upload != NULL ? hf_upload_get_error (self->upload) : NULL;
  gboolean refused = self->n_restarts > MOST_RESTARTS;

  if (!self->body_lost && !self->untrusted && !refused && failed == NULL)
    {
      if (error != NULL && sending_missed_proxy (self, *error))
        {
          GError *missed =
            g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, (*error)->message);

          g_error_free (*error);
          *error = missed;
        }
      return;
    }

  g_clear_error (error);
  if (failed != NULL)
    {
      g_propagate_error (error, g_error_copy (failed));
      return;
    }
  if (self->body_lost)
    {
      g_propagate_error (error, new_body_lost (self));
      return;
    }

  hf_init_i18n ();
  if (refused)
    g_set_error_literal (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_TOO_MANY_RESTARTS,
                         _("it refused again and again"));
  else
    g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                         _("The server’s certificate is not trusted"));
}

/*
 * hf_sending_take_stream:
 * @stream: (nullable): what libsoup gave when the headers were there; %NULL with @error set
 *
 * Returns: whether the body is to be read into #HfSending.body
 */
gboolean
hf_sending_take_stream (HfSending     *self,
                        GInputStream  *stream,
                        GError       **error)
{
  HfHop *hop = self->hop;
  gboolean interim;
  gboolean decodes;

  if (stream == NULL)
    {
      hf_sending_explain (self, error);
      return FALSE;
    }

  if (!self->started && (!self->answers_from_cache ||
                         G_IS_PROXY_ADDRESS (soup_message_get_remote_address (self->message))))
    {
      /* A proxy's answer to CONNECT looks like the answer itself. */
      g_propagate_error (error, new_proxy_refused (self));
      return FALSE;
    }

  self->elapsed = seconds_since (self->sent_at);
  hf_hop_enter_phase (hop, HF_PHASE_READING);
  self->status = soup_message_get_status (self->message);
  self->headers = hf_headers_new_from_soup (soup_message_get_response_headers (self->message));
  if (self->is_users)
    {
      /* The user may look at the message, or send it again. */
      HfHeaders *copy = hf_headers_copy (self->headers);

      hf_headers_unref (self->headers);
      self->headers = copy;
    }

  interim = hop->observer->is_interim (hop, self->status, self->headers);
  decodes = self->config->decodes && !(self->is_users && self->on_users_session);
  return hf_soup_body_begin (&self->body, self->message, hop, decodes, interim, error);
}

/*
 * hf_sending_take_body:
 * @body: (transfer full) (nullable): the body; %NULL with @error set
 *
 * Returns: (transfer full) (nullable): the response
 */
HfResponse *
hf_sending_take_body (HfSending  *self,
                      GBytes     *body,
                      GError    **error)
{
  HfResponse *response;

  if (body == NULL)
    {
      hf_sending_explain (self, error);
      return NULL;
    }

  response = hf_response_new (self->status, soup_message_get_reason_phrase (self->message),
                              g_steal_pointer (&self->headers), body);
  response->sealed = hf_buffer_take_fd (&self->body.buffer);
  response->elapsed = self->elapsed;
  response->metrics = self->metrics;
  response->metrics.first_byte = self->elapsed;
  response->metrics.total = seconds_since (self->sent_at);
  response->http_version = soup_message_get_http_version (self->message);
  g_set_object (&response->tls_certificate, soup_message_get_tls_peer_certificate (self->message));
  return response;
}

/* Hears no more of the message, and does not touch the hop from now on. */
void
hf_sending_detach (HfSending *self)
{
  if (self->upload != NULL)
    hf_upload_end (self->upload);
  if (self->hop == NULL || self->message == NULL)
    return;

  self->hop = NULL;

  if (self->is_users)
    {
      if (self->sent_at != 0)
        hf_sending_end_users (self);
      g_signal_handlers_disconnect_by_data (self->message, self);
    }
  else
    {
      g_object_set_qdata (G_OBJECT (self->message), sending_quark (), NULL);
      if (self->has_handlers)
        g_signal_handlers_disconnect_by_data (self->message, self);
    }
}

void
hf_sending_clear (HfSending *self)
{
  hf_sending_detach (self);
  hf_sending_end_upload (self);
  hf_soup_body_clear (&self->body);
  g_clear_pointer (&self->headers, hf_headers_unref);
  g_clear_object (&self->message);
}
