/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-test-server.h"

#include <libsoup/soup.h>

#include "hf-test-gates.h"
#include "hf-test-routes.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

/* SoupServer's own sockets have a backlog of 10, which many first requests at once overflow. */
#define BACKLOG 1024

struct _HfTestServer {
  GTlsCertificate *certificate; /* owned, nullable */
  guint16 port;
  GMainContext *context;        /* owned */
  GMainLoop *loop;              /* owned */
  GThread *thread;              /* owned; joined in free */
  GSocket *socket;              /* owned; the thread's */
  HfTestGates *gates;           /* owned; the thread's */

  GMutex lock;
  GCond arrived;
  GHashTable *n_requests;       /* owned; path to count; guarded by lock */
  GHashTable *ports;            /* owned; a set of the clients' ports; guarded by lock */
  guint n_all_requests;         /* guarded by lock */
};

typedef struct {
  HfTestServer *server;
  char *name; /* owned */
} Release;

static void
count_request (HfTestServer      *self,
               SoupServerMessage *message,
               const char        *path)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));

  g_mutex_lock (&self->lock);
  self->n_all_requests++;
  g_hash_table_add (self->ports, GUINT_TO_POINTER (port));
  g_hash_table_replace (self->n_requests, g_strdup (path),
                        GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->n_requests,
                                                                                 path)) +
                                          1));
  g_cond_broadcast (&self->arrived);
  g_mutex_unlock (&self->lock);
}

static void
handle_request (SoupServer        *soup_server,
                SoupServerMessage *message,
                const char        *path,
                GHashTable        *query,
                gpointer           user_data)
{
  HfTestServer *self = user_data;

  /* The gate first: whoever waits for the request may open it at once. */
  hf_test_routes_answer (message, path, query, self->gates);
  count_request (self, message, path);
}

static gpointer
serve (gpointer data)
{
  HfTestServer *self = data;
  SoupServerListenOptions options = self->certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0;
  SoupServer *soup_server;
  g_autoptr (GError) error = NULL;

#ifdef __SANITIZE_ADDRESS__
  /* SoupServer (3.2.3) leaks the socket of an idle connection that its client closed. What this
   * thread allocates is not under test; valgrind has the same in valgrind.supp. */
  __lsan_disable ();
#endif
  g_main_context_push_thread_default (self->context);
  soup_server = soup_server_new ("server-header", "libhfutures-test", "tls-certificate",
                                 self->certificate, NULL);
  soup_server_add_handler (soup_server, NULL, handle_request, self, NULL);
  soup_server_listen_socket (soup_server, self->socket, options, &error);
  g_assert_no_error (error);

  g_main_loop_run (self->loop);

  hf_test_gates_drop (self->gates);
  soup_server_disconnect (soup_server);
  g_object_unref (soup_server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static GSocket *
listening_socket (guint16 *port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_set_listen_backlog (socket, BACKLOG);
  g_socket_bind (socket, wanted, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);

  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return g_steal_pointer (&socket);
}

HfTestServer *
hf_test_server_new_tls (GTlsCertificate *certificate)
{
  HfTestServer *self = g_new0 (HfTestServer, 1);

  g_set_object (&self->certificate, certificate);
  g_mutex_init (&self->lock);
  g_cond_init (&self->arrived);
  self->n_requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ports = g_hash_table_new (NULL, NULL);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->gates = hf_test_gates_new ();
  self->socket = listening_socket (&self->port);
  self->thread = g_thread_new ("test-server", serve, self);
  return self;
}

HfTestServer *
hf_test_server_new (void)
{
  return hf_test_server_new_tls (NULL);
}

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/* Quits the loop from inside: it may not be running yet. */
static void
stop (HfTestServer *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
}

void
hf_test_server_free (HfTestServer *self)
{
  stop (self);
  hf_test_gates_free (self->gates);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_object_unref (self->socket);
  g_clear_object (&self->certificate);
  g_hash_table_unref (self->n_requests);
  g_hash_table_unref (self->ports);
  g_cond_clear (&self->arrived);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
hf_test_server_get_port (HfTestServer *self)
{
  return self->port;
}

char *
hf_test_server_dup_uri (HfTestServer *self,
                        const char   *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s", self->certificate != NULL ? "https" : "http",
                          self->port, path);
}

/* Under the lock. */
static guint
n_requests (HfTestServer *self,
            const char   *path)
{
  if (path == NULL)
    return self->n_all_requests;

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->n_requests, path));
}

guint
hf_test_server_get_n_requests (HfTestServer *self,
                               const char   *path)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = n_requests (self, path);
  g_mutex_unlock (&self->lock);
  return n;
}

guint
hf_test_server_get_n_connections (HfTestServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->ports);
  g_mutex_unlock (&self->lock);
  return n;
}

void
hf_test_server_wait_for_requests (HfTestServer *self,
                                  const char   *path,
                                  guint         n)
{
  g_mutex_lock (&self->lock);
  while (n_requests (self, path) < n)
    g_cond_wait (&self->arrived, &self->lock);
  g_mutex_unlock (&self->lock);
}

static gboolean
release (gpointer data)
{
  Release *asked = data;

  hf_test_gates_open (asked->server->gates, asked->name);
  return G_SOURCE_REMOVE;
}

static void
release_free (gpointer data)
{
  Release *asked = data;

  g_free (asked->name);
  g_free (asked);
}

void
hf_test_server_release (HfTestServer *self,
                        const char   *name)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Release *data = g_new (Release, 1);

  data->server = self;
  data->name = g_strdup (name);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, release, data, release_free);
  g_source_attach (source, self->context);
}
