/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-tls-interaction-private.h"

/*
 * Answers a server that asks for a client certificate, from the thread of the handshake.
 *
 * libsoup's own one answers in the context that was thread-default when the connection was made.
 * That is the shard's, whose thread is blocked in the handshake, so it would never answer: every
 * server that asks for a certificate, even an optional one, would be a hang (libsoup 3.2.3).
 */

struct _HfTlsInteraction {
  GTlsInteraction parent_instance;

  GTlsCertificate *certificate; /* owned, const, nullable */
  GMainContext *context;        /* owned, const; iterated by whoever asks */
};

G_DEFINE_FINAL_TYPE (HfTlsInteraction, hf_tls_interaction, G_TYPE_TLS_INTERACTION)

static void
hf_tls_interaction_finalize (GObject *object)
{
  HfTlsInteraction *self = HF_TLS_INTERACTION (object);

  g_clear_object (&self->certificate);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (hf_tls_interaction_parent_class)->finalize (object);
}

static void
hf_tls_interaction_request_certificate_async (GTlsInteraction             *interaction,
                                              GTlsConnection              *connection,
                                              GTlsCertificateRequestFlags  flags,
                                              GCancellable                *cancellable,
                                              GAsyncReadyCallback          callback,
                                              gpointer                     user_data)
{
  HfTlsInteraction *self = HF_TLS_INTERACTION (interaction);
  g_autoptr (GTask) task = NULL;

  g_main_context_push_thread_default (self->context);
  task = g_task_new (self, cancellable, callback, user_data);
  g_main_context_pop_thread_default (self->context);
  g_task_set_source_tag (task, hf_tls_interaction_request_certificate_async);
  if (self->certificate != NULL)
    g_tls_connection_set_certificate (connection, self->certificate);
  g_task_return_boolean (task, self->certificate != NULL);
}

static GTlsInteractionResult
hf_tls_interaction_request_certificate_finish (GTlsInteraction  *interaction,
                                               GAsyncResult     *result,
                                               GError          **error)
{
  g_autoptr (GError) failed = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &failed))
    return G_TLS_INTERACTION_HANDLED;
  if (failed == NULL)
    return G_TLS_INTERACTION_UNHANDLED;

  g_propagate_error (error, g_steal_pointer (&failed));
  return G_TLS_INTERACTION_FAILED;
}

static void
hf_tls_interaction_class_init (HfTlsInteractionClass *klass)
{
  GTlsInteractionClass *interaction_class = G_TLS_INTERACTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = hf_tls_interaction_finalize;
  interaction_class->request_certificate_async = hf_tls_interaction_request_certificate_async;
  interaction_class->request_certificate_finish = hf_tls_interaction_request_certificate_finish;
}

static void
hf_tls_interaction_init (HfTlsInteraction *self)
{
}

/*
 * hf_tls_interaction_new:
 * @certificate: (nullable): what to show, or %NULL for nothing
 */
GTlsInteraction *
hf_tls_interaction_new (GTlsCertificate *certificate)
{
  GMainContext *unowned = g_main_context_new ();
  HfTlsInteraction *self;

  /* An interaction is answered in the context in which it is made. Where that is owned by nobody,
   * GIO iterates it in the thread that asks; but only for the asynchronous functions. */
  g_main_context_push_thread_default (unowned);
  self = g_object_new (HF_TYPE_TLS_INTERACTION, NULL);
  g_main_context_pop_thread_default (unowned);

  self->context = unowned;
  if (certificate != NULL)
    self->certificate = g_object_ref (certificate);
  return G_TLS_INTERACTION (self);
}

/*
 * Whether the server's certificate holds under the connection's own database.
 *
 * glib-networking resumes TLS 1.3 sessions across the whole process and verifies nothing then, so a
 * session that began unverified, or under another database, would pass for a verified one.
 */
gboolean
hf_tls_peer_is_trusted (GTlsConnection *connection)
{
  GTlsCertificate *peer = g_tls_connection_get_peer_certificate (connection);
  GTlsDatabase *set = g_tls_connection_get_database (connection);
  g_autoptr (GTlsDatabase) database =
    set != NULL ? g_object_ref (set)
                : g_tls_backend_get_default_database (g_tls_backend_get_default ());
  GSocketConnectable *identity =
    g_tls_client_connection_get_server_identity (G_TLS_CLIENT_CONNECTION (connection));

  return peer != NULL &&
         g_tls_database_verify_chain (database, peer, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                      identity, NULL, G_TLS_DATABASE_VERIFY_NONE, NULL, NULL) == 0;
}

/* Whether somebody decides on certificates by a handler of their own. */
gboolean
hf_tls_is_left_to_user (SoupMessage *message)
{
  guint signal = g_signal_lookup ("accept-certificate", SOUP_TYPE_MESSAGE);

  return g_signal_has_handler_pending (message, signal, 0, TRUE);
}
