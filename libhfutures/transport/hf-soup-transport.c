/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-transport-private.h"

#include <glib/gi18n-lib.h>

#include "hf-content-decoder-private.h"
#include "hf-cookies-private.h"
#include "hf-shard-pool-private.h"
#include "hf-soup-body-private.h"
#include "hf-tls-interaction-private.h"
#include "hf-validate-private.h"

/*
 * Sends through libsoup: each hop on a shard of its own while it lasts.
 *
 * The SoupSession that a user sees is the template of the shards. It is read in the threads that
 * change it, and never sends.
 */

/* What the template says now. Reference-counted: the transport may be finalized by a worker while
 * the template's owner is just changing a property. */
typedef struct {
  GMutex lock;
  gboolean supplied;           /* guarded by lock */
  HfConnectionConfig *config;  /* owned; guarded by lock */
} HfTemplate;

struct _HfSoupTransport {
  GObject parent_instance;

  SoupSession *soup_session;   /* owned, const */
  gulong notify_handler;       /* const */
  HfTemplate *template;        /* a reference, const */
  HfShardPool *pool;           /* owned, const */
};

/* One message while it is sent. On the stack. */
typedef struct {
  HfHop *hop;
  SoupMessage *message;
  HfShard *shard;
  GCancellable *cancellable;
  gboolean started;            /* a connection is there and the request is being written */
  gboolean untrusted;          /* the server's certificate is not accepted */

  /* A user's own message. */
  gboolean is_users;
  SoupCookieJar *jar;          /* nullable */
  const char *method;          /* interned: what it was to be sent with first */
  gboolean had_body;
  gboolean own_cookies;        /* the Cookie field is the jar's */
  gboolean body_lost;
} HfSending;

static void hf_soup_transport_iface_init (HfTransportInterface *iface);
static void add_emission_hooks (void);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfSoupTransport, hf_soup_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_soup_transport_iface_init))

static HfConnectionConfig *
soup_transport_ref_config (HfSoupTransport *self)
{
  HfConnectionConfig *config;

  g_mutex_lock (&self->template->lock);
  config = hf_connection_config_ref (self->template->config);
  g_mutex_unlock (&self->template->lock);
  return config;
}

/* In the thread that changes the property, so nobody reads the session while it changes. */
static void
on_template_notify (SoupSession *soup_session,
                    GParamSpec  *pspec,
                    gpointer     user_data)
{
  HfTemplate *self = user_data;
  g_autoptr (HfConnectionConfig) config = NULL;
  gboolean supplied;

  g_mutex_lock (&self->lock);
  if (g_str_equal (pspec->name, "proxy-resolver") || g_str_equal (pspec->name, "tls-database"))
    self->supplied = TRUE;
  supplied = self->supplied;
  g_mutex_unlock (&self->lock);

  config = hf_connection_config_new_for (soup_session, supplied);

  g_mutex_lock (&self->lock);
  {
    HfConnectionConfig *before = self->config;

    self->config = g_steal_pointer (&config);
    config = before;
  }
  g_mutex_unlock (&self->lock);
}

static void
template_clear (gpointer data)
{
  HfTemplate *self = data;

  hf_connection_config_unref (self->config);
  g_mutex_clear (&self->lock);
}

static void
template_release (gpointer  data,
                  GClosure *closure)
{
  g_atomic_rc_box_release_full (data, template_clear);
}

static void
hf_soup_transport_finalize (GObject *object)
{
  HfSoupTransport *self = HF_SOUP_TRANSPORT (object);

  g_signal_handler_disconnect (self->soup_session, self->notify_handler);
  hf_shard_pool_close (self->pool);
  template_release (self->template, NULL);
  g_object_unref (self->soup_session);

  G_OBJECT_CLASS (hf_soup_transport_parent_class)->finalize (object);
}

static void
hf_soup_transport_class_init (HfSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_soup_transport_finalize;
  add_emission_hooks ();
}

static void
hf_soup_transport_init (HfSoupTransport *self)
{
  self->pool = hf_shard_pool_new ();
}

/* Makes a transport on a template, which a user made if @supplied. */
HfSoupTransport *
hf_soup_transport_new (SoupSession *soup_session,
                       gboolean     supplied)
{
  HfSoupTransport *self = g_object_new (HF_TYPE_SOUP_TRANSPORT, NULL);
  g_autofree char *lost = supplied ? hf_connection_config_list_lost (soup_session) : NULL;

  if (lost != NULL)
    g_warning ("What the SoupSession has of these cannot be carried over to workers: %s", lost);

  self->soup_session = g_object_ref (soup_session);
  self->template = g_atomic_rc_box_new0 (HfTemplate);
  g_mutex_init (&self->template->lock);
  self->template->supplied = supplied;
  self->template->config = hf_connection_config_new_for (soup_session, supplied);
  self->notify_handler =
    g_signal_connect_data (soup_session, "notify", G_CALLBACK (on_template_notify),
                           g_atomic_rc_box_acquire (self->template), template_release, 0);
  return self;
}

guint
hf_soup_transport_get_n_idle (HfSoupTransport *self)
{
  return hf_shard_pool_get_n_idle (self->pool);
}

static void
on_network_event (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  gpointer           user_data)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  HfSending *sending = user_data;
  HfConnectionConfig *config = sending->shard->config;

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    {
      /* libsoup 3.2.3 has no other way to refuse HTTP/2, in which a synchronous client can be
       * crashed by the server. */
      g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);

      /* Sessions are resumed by server and by the certificate that is set by now. */
      if (config->tls_certificate != NULL)
        g_tls_connection_set_certificate (G_TLS_CONNECTION (connection), config->tls_certificate);
    }
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && !config->tls_insecure &&
           !(sending->is_users && hf_tls_is_left_to_user (message)) &&
           !hf_tls_peer_is_trusted (G_TLS_CONNECTION (connection)))
    {
      sending->untrusted = TRUE;
      g_cancellable_cancel (sending->cancellable);
    }
}

static gboolean
on_accept_certificate (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  HfSending *sending = user_data;

  return sending->shard->config->tls_insecure;
}

static void
on_starting (SoupMessage *message,
             gpointer     user_data)
{
  HfSending *sending = user_data;

  sending->started = TRUE;
  hf_hop_enter_phase (sending->hop, sending->hop->body != NULL || sending->is_users
                                      ? HF_PHASE_SENDING
                                      : HF_PHASE_WAITING);
}

static void
on_wrote_body_data (SoupMessage *message,
                    guint        size,
                    gpointer     user_data)
{
  HfSending *sending = user_data;

  sending->hop->observer->activity (sending->hop);
}

static void
on_wrote_body (SoupMessage *message,
               gpointer     user_data)
{
  HfSending *sending = user_data;

  hf_hop_enter_phase (sending->hop, HF_PHASE_WAITING);
}

/* A kept connection turned out to be closed. libsoup sends again, but without the body. */
static void
on_restarted (SoupMessage *message,
              gpointer     user_data)
{
  HfSending *sending = user_data;

  sending->started = FALSE;
  hf_hop_enter_phase (sending->hop, HF_PHASE_CONNECTING);
  if (sending->hop->body != NULL)
    soup_message_set_request_body_from_bytes (message, NULL,
                                              hf_body_get_bytes (sending->hop->body));
}

/*
 * Connecting to two signals of each message would be a good part of what a request costs, and meet
 * all other threads at GLib's lock for signals. So there are two emission hooks for the messages of
 * the whole process, which look whether it is this thread's.
 */

static GPrivate current_sending; /* of HfSending */

static gboolean
on_any_starting (GSignalInvocationHint *hint,
                 guint                  n_values,
                 const GValue          *values,
                 gpointer               user_data)
{
  HfSending *sending = g_private_get (&current_sending);

  if (sending != NULL && sending->message == g_value_get_object (&values[0]))
    on_starting (sending->message, sending);
  return TRUE; /* stay */
}

static gboolean
on_any_restarted (GSignalInvocationHint *hint,
                  guint                  n_values,
                  const GValue          *values,
                  gpointer               user_data)
{
  HfSending *sending = g_private_get (&current_sending);

  if (sending != NULL && sending->message == g_value_get_object (&values[0]))
    on_restarted (sending->message, sending);
  return TRUE; /* stay */
}

static void
add_emission_hooks (void)
{
  g_type_class_unref (g_type_class_ref (SOUP_TYPE_MESSAGE)); /* makes its signals */
  g_signal_add_emission_hook (g_signal_lookup ("starting", SOUP_TYPE_MESSAGE), 0, on_any_starting,
                              NULL, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("restarted", SOUP_TYPE_MESSAGE), 0, on_any_restarted,
                              NULL, NULL);
}

static GError *
new_proxy_refused (HfSending *sending)
{
  g_autofree char *uri = g_uri_to_string (sending->hop->uri);
  g_autofree char *shown = hf_error_redact_uri (uri);
  guint status = soup_message_get_status (sending->message);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_PROXY,
                      _("The proxy refused to connect to “%s”: it answered %u %s"), shown, status,
                      soup_status_get_phrase (status));
}

/* Sends and reads, on the shard that this thread has. */
static HfResponse *
send_on_shard (HfSending  *sending,
               GError    **error)
{
  HfHop *hop = sending->hop;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (HfHeaders) headers = NULL;
  g_autoptr (GBytes) body = NULL;
  gint64 sent_at = g_get_monotonic_time ();
  gint64 answered_at;
  HfResponse *response;
  guint status;

  hf_hop_enter_phase (hop, HF_PHASE_CONNECTING);
  stream = soup_session_send (sending->shard->soup, sending->message, sending->cancellable, error);
  answered_at = g_get_monotonic_time ();
  if (stream == NULL && sending->untrusted)
    {
      hf_init_i18n ();
      g_clear_error (error);
      g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                           _("The server’s certificate is not trusted"));
    }
  if (stream == NULL)
    return NULL;

  if (!sending->started)
    {
      /* A proxy's answer to CONNECT looks like the answer itself. */
      g_propagate_error (error, new_proxy_refused (sending));
      return NULL;
    }

  hf_hop_enter_phase (hop, HF_PHASE_READING);
  status = soup_message_get_status (sending->message);
  headers = hf_headers_new_from_soup (soup_message_get_response_headers (sending->message));
  if (sending->is_users)
    {
      /* The user may look at the message, or send it again. */
      HfHeaders *copy = hf_headers_copy (headers);

      hf_headers_unref (headers);
      headers = copy;
    }
  body = hf_soup_body_read (sending->message, stream, hop, sending->shard->config->decodes,
                            hop->observer->is_interim (hop, status, headers),
                            sending->cancellable, error);
  g_input_stream_close (stream, NULL, NULL);
  if (body == NULL)
    return NULL;

  response = hf_response_new (status, soup_message_get_reason_phrase (sending->message),
                              g_steal_pointer (&headers), g_steal_pointer (&body));
  response->elapsed = (answered_at - sent_at) / (double) G_USEC_PER_SEC;
  return response;
}

/* What is told of some messages only. */
static void
connect_rare (HfSending *sending)
{
  SoupMessage *message = sending->message;

  if (sending->hop->body != NULL || sending->is_users)
    {
      g_signal_connect (message, "wrote-body-data", G_CALLBACK (on_wrote_body_data), sending);
      g_signal_connect (message, "wrote-body", G_CALLBACK (on_wrote_body), sending);
    }
  if (g_str_equal (g_uri_get_scheme (sending->hop->uri), "https"))
    {
      hf_shard_watch_tunnels (sending->shard);
      g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), sending);
      if (sending->shard->config->tls_insecure)
        g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate),
                          sending);
    }
}

static SoupMessage *
make_message (HfSending *sending)
{
  HfHop *hop = sending->hop;
  HfConnectionConfig *config = sending->shard->config;
  SoupMessage *message = soup_message_new_from_uri (hop->method, hop->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* Only libsoup listens to the properties of this message, to one that never changes; but because
   * of that every change of any would be told. Not thawed: the message has not long to live. */
  g_object_freeze_notify (G_OBJECT (message));

  /* IDEMPOTENT lets other methods use kept connections; it does not make libsoup retry HTTP/1. */
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);

  if (hop->body != NULL)
    soup_message_set_request_body_from_bytes (message, NULL, hf_body_get_bytes (hop->body));
  for (guint i = 0; i < hf_headers_get_n_items (hop->headers); i++)
    soup_message_headers_append (headers, hf_headers_get_name (hop->headers, i),
                                 hf_headers_get_value (hop->headers, i));
  if (config->user_agent != NULL && hf_headers_peek (hop->headers, "User-Agent") == NULL)
    soup_message_headers_append (headers, "User-Agent", config->user_agent);
  if (config->accept_language != NULL && hf_headers_peek (hop->headers, "Accept-Language") == NULL)
    soup_message_headers_append (headers, "Accept-Language", config->accept_language);
  if (config->decodes && hf_headers_peek (hop->headers, "Accept-Encoding") == NULL)
    soup_message_headers_append (headers, "Accept-Encoding", HF_CONTENT_DECODER_ACCEPTS);

  return message;
}

static HfResponse *
hf_soup_transport_send (HfTransport   *transport,
                        HfHop         *hop,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfSoupTransport *self = HF_SOUP_TRANSPORT (transport);
  g_autoptr (HfConnectionConfig) base = soup_transport_ref_config (self);
  g_autoptr (HfConnectionConfig) config = hf_connection_config_for_request (base, hop->settings);
  HfSending sending = { .hop = hop, .cancellable = cancellable };
  HfResponse *response;

  sending.shard = hf_shard_pool_check_out (self->pool, config, hop->uri);
  hf_shard_enter (sending.shard);

  sending.message = make_message (&sending);
  g_private_set (&current_sending, &sending);
  connect_rare (&sending);

  response = send_on_shard (&sending, error);

  g_private_set (&current_sending, NULL);
  g_object_unref (sending.message); /* nobody else has it, so no handler outlives this */
  hf_shard_leave (sending.shard);
  hf_shard_pool_check_in (self->pool, sending.shard, response != NULL ? hop->uri : NULL);

  return response;
}

static void
hf_soup_transport_iface_init (HfTransportInterface *iface)
{
  iface->send = hf_soup_transport_send;
}

/* Before each time that libsoup sends a user's message: cookies, and whether the body is there. */
static void
on_user_message_starting (SoupMessage *message,
                          gpointer     user_data)
{
  HfSending *sending = user_data;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const char *method = soup_message_get_method (message);
  gboolean has_body = soup_message_headers_get_content_length (headers) > 0 ||
                      soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED;

  on_starting (message, sending);

  if (sending->method == NULL)
    {
      sending->method = method;
      sending->had_body = has_body;
      sending->own_cookies = soup_message_headers_get_one (headers, "Cookie") == NULL;
      if (sending->shard->config->decodes &&
          soup_message_headers_get_one (headers, "Accept-Encoding") == NULL)
        soup_message_headers_append (headers, "Accept-Encoding", HF_CONTENT_DECODER_ACCEPTS);
    }
  else if (sending->had_body && sending->method == method &&
           (!has_body || (method != SOUP_METHOD_POST && method != SOUP_METHOD_PUT)))
    {
      /* libsoup drops the body when it sends again, and would send an empty one; of methods other
       * than these two it would go on announcing the length of what is gone (3.2.3). */
      sending->body_lost = TRUE;
      g_cancellable_cancel (sending->cancellable);
      return;
    }

  if (sending->own_cookies && sending->jar != NULL)
    {
      g_autofree char *cookies =
        hf_cookies_dup_header (sending->jar, soup_message_get_uri (message));

      soup_message_headers_remove (headers, "Cookie");
      if (cookies != NULL)
        soup_message_headers_append (headers, "Cookie", cookies);
    }
}

static void
on_user_message_restarted (SoupMessage *message,
                           gpointer     user_data)
{
  HfSending *sending = user_data;

  sending->started = FALSE;
  hf_hop_enter_phase (sending->hop, HF_PHASE_CONNECTING);

  /* A hand-set cookie belongs to the origin that it was set for. */
  if (!hf_uri_same_origin (soup_message_get_uri (message), sending->hop->uri))
    {
      soup_message_headers_remove (soup_message_get_request_headers (message), "Cookie");
      sending->own_cookies = TRUE;
    }
}

static void
on_user_message_got_headers (SoupMessage *message,
                             gpointer     user_data)
{
  HfSending *sending = user_data;
  GSList *cookies = soup_cookies_from_response (message);

  for (GSList *l = cookies; l != NULL; l = l->next)
    soup_cookie_jar_add_cookie_full (sending->jar, l->data, soup_message_get_uri (message),
                                     sending->hop->uri);
  g_slist_free (cookies);
}

static GError *
new_body_lost (HfSending *sending)
{
  g_autofree char *uri = g_uri_to_string (sending->hop->uri);
  g_autofree char *shown = hf_error_redact_uri (uri);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_INVALID_REQUEST,
                      _("The message for “%s” had to be sent again, but its body cannot be; "
                        "use an HfRequest"),
                      shown);
}

/*
 * Sends a user's own message as it is, with libsoup's own redirects, with the cookies of @jar if
 * there is one. @hop has the origin, the limits and the observer; @cancellable is its alone.
 */
HfResponse *
hf_soup_transport_send_message (HfSoupTransport  *self,
                                SoupMessage      *message,
                                SoupCookieJar    *jar,
                                HfHop            *hop,
                                GCancellable     *cancellable,
                                GError          **error)
{
  g_autoptr (HfConnectionConfig) base = soup_transport_ref_config (self);
  g_autoptr (HfConnectionConfig) config = hf_connection_config_for_request (base, hop->settings);
  HfSending sending = {
    .hop = hop, .message = message, .cancellable = cancellable, .is_users = TRUE, .jar = jar
  };
  SoupMessageFlags flags = soup_message_get_flags (message);
  SoupMessageFlags wanted = flags;
  HfResponse *response;

  /* A new connection is never found to be closed, so libsoup has no reason to send a body twice. */
  if (soup_message_get_method (message) != SOUP_METHOD_GET &&
      soup_message_get_method (message) != SOUP_METHOD_HEAD)
    wanted |= SOUP_MESSAGE_NEW_CONNECTION;

  sending.shard = hf_shard_pool_check_out (self->pool, config, hop->uri);
  hf_shard_enter (sending.shard);

  soup_message_set_flags (message, wanted);
  connect_rare (&sending);
  g_signal_connect (message, "starting", G_CALLBACK (on_user_message_starting), &sending);
  g_signal_connect (message, "restarted", G_CALLBACK (on_user_message_restarted), &sending);
  if (jar != NULL)
    g_signal_connect (message, "got-headers", G_CALLBACK (on_user_message_got_headers), &sending);

  response = send_on_shard (&sending, error);

  g_signal_handlers_disconnect_by_data (message, &sending);
  soup_message_set_flags (message, flags);
  hf_shard_leave (sending.shard);
  hf_shard_pool_check_in (self->pool, sending.shard,
                          response != NULL ? soup_message_get_uri (message) : NULL);

  if (sending.body_lost && response == NULL)
    {
      g_clear_error (error);
      g_propagate_error (error, new_body_lost (&sending));
    }
  return response;
}
