/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"
#include "hf-process-pool-executor-private.h"
#include "hf-process-transport-private.h"
#include "hf-promise-private.h"
#include "hf-request-private.h"
#include "hf-send-job-private.h"
#include "hf-soup-transport-private.h"
#include "hf-thread-pool-executor.h"

/**
 * HfFuturesSession:
 *
 * Sends HTTP requests in the background and returns futures of their responses.
 *
 * ```c
 * g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
 * g_autoptr (HfFuture) one = hf_futures_session_get (session, "https://www.gnome.org/");
 * g_autoptr (HfFuture) two = hf_futures_session_get (session, "https://www.gtk.org/");
 * g_autoptr (GError) error = NULL;
 * g_autoptr (HfResponse) response = hf_future_get_result (one, NULL, &error);
 * ```
 *
 * Both requests are under way when the first line that waits is reached. A call never fails: what
 * is wrong, also with the URI, is the error of the future.
 *
 * A session has two workers unless it is told otherwise, or is given an executor that it shares
 * with other sessions. It keeps connections open, and cookies in a jar of its own.
 *
 * Dropping a session cancels nothing: what was submitted is finished.
 * [method@FuturesSession.close] says what shall become of it.
 *
 * Every function may be called from any thread.
 *
 * Since: 1.0
 */

enum {
  PROP_0,
  PROP_EXECUTOR,
  PROP_MAX_WORKERS,
  PROP_SOUP_SESSION,
  PROP_COOKIE_JAR,
  N_PROPS, /* the settings come after */
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE_WITH_PRIVATE (HfFuturesSession, hf_futures_session, G_TYPE_OBJECT)

static HfTransport *
session_make_transport (HfFuturesSession *self,
                        gboolean          supplied)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);
  HfSoupTransport *soup = hf_soup_transport_new (priv->soup_session, supplied);
  HfTransport *transport;

  if (!HF_IS_PROCESS_POOL_EXECUTOR (priv->executor))
    return HF_TRANSPORT (soup);

  if (supplied)
    priv->lost_features = hf_connection_config_list_lost (priv->soup_session, FALSE);
  transport = hf_process_transport_new (
    soup, hf_process_pool_executor_get_pool (HF_PROCESS_POOL_EXECUTOR (priv->executor)));
  g_object_unref (soup);
  return transport;
}

static void
hf_futures_session_constructed (GObject *object)
{
  HfFuturesSession *self = HF_FUTURES_SESSION (object);
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);
  gboolean supplied = priv->soup_session != NULL;

  G_OBJECT_CLASS (hf_futures_session_parent_class)->constructed (object);

  if (priv->max_workers == 0) /* GObject has warned of an invalid one */
    priv->max_workers = HF_DEFAULT_MAX_WORKERS;
  priv->owns_executor = priv->executor == NULL;
  if (priv->owns_executor)
    priv->executor = hf_thread_pool_executor_new (priv->max_workers);

  if (!supplied)
    priv->soup_session =
      soup_session_new_with_options ("user-agent", "libhfutures/" PACKAGE_VERSION, NULL);
  hf_futures_session_choose_jar (self, supplied);
  priv->transport = session_make_transport (self, supplied);
}

static void
hf_futures_session_finalize (GObject *object)
{
  HfFuturesSession *self = HF_FUTURES_SESSION (object);
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  g_assert (priv->jobs.length == 0);

  g_object_unref (priv->transport);
  g_free (priv->lost_features);
  g_object_unref (priv->executor);
  hf_futures_session_drop_jar (self);
  g_object_unref (priv->soup_session);
  g_clear_pointer (&priv->settings.hooks, g_ptr_array_unref);
  g_clear_pointer (&priv->settings.defaults, hf_request_defaults_unref);
  g_clear_pointer (&priv->settings.mounts, g_ptr_array_unref);
  hf_latch_unref (priv->latch);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (hf_futures_session_parent_class)->finalize (object);
}

static void
hf_futures_session_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  HfFuturesSession *self = HF_FUTURES_SESSION (object);

  switch (prop_id)
    {
    case PROP_EXECUTOR:
      g_value_set_object (value, hf_futures_session_get_executor (self));
      break;
    case PROP_MAX_WORKERS:
      g_value_set_uint (value, hf_futures_session_get_max_workers (self));
      break;
    case PROP_SOUP_SESSION:
      g_value_set_object (value, hf_futures_session_get_soup_session (self));
      break;
    case PROP_COOKIE_JAR:
      g_value_set_object (value, hf_futures_session_get_cookie_jar (self));
      break;
    default:
      hf_futures_session_get_setting (self, prop_id - N_PROPS, value);
    }
}

static void
hf_futures_session_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  HfFuturesSession *self = HF_FUTURES_SESSION (object);
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_EXECUTOR:
      priv->executor = g_value_dup_object (value);
      break;
    case PROP_MAX_WORKERS:
      priv->max_workers = g_value_get_uint (value);
      break;
    case PROP_SOUP_SESSION:
      priv->soup_session = g_value_dup_object (value);
      break;
    case PROP_COOKIE_JAR:
      priv->jar = g_value_dup_object (value);
      break;
    default:
      hf_futures_session_set_setting (self, prop_id - N_PROPS, value);
    }
}

static void
send_job_submit_or_refuse (HfFuturesSession *self,
                           HfSendJob        *job)
{
  g_autoptr (GError) error = NULL;

  if (!hf_futures_session_enlist (self, job))
    {
      hf_init_i18n ();
      error = g_error_new_literal (HF_ERROR, HF_ERROR_CLOSED, _("The session has been closed"));
    }
  else if (hf_send_job_check_serializable (job, &error))
    {
      hf_send_job_submit (job);
      return;
    }

  hf_job_abort (HF_JOB (job), error);
}

static HfFuture *
hf_futures_session_real_send (HfFuturesSession *self,
                              HfRequest        *request)
{
  g_autoptr (HfSendJob) job = hf_send_job_new (self, request);

  send_job_submit_or_refuse (self, job);
  return g_object_ref (hf_send_job_get_future (job));
}

/* What a verb does. Only an override of the virtual function would see the request, so without one
 * none is made. */
HfFuture *
hf_futures_session_send_verb (HfFuturesSession *self,
                              const char       *method,
                              const char       *uri,
                              HfBody           *body)
{
  g_autoptr (HfSendJob) job = NULL;
  HfRequestData *data = hf_request_data_new_for (method, uri, body);

  if (HF_FUTURES_SESSION_GET_CLASS (self)->send != hf_futures_session_real_send)
    {
      g_autoptr (HfRequest) request = hf_request_new_for_data (data);

      return hf_futures_session_send (self, request);
    }

  job = hf_send_job_new_for_data (self, data);
  hf_request_data_unref (data);
  send_job_submit_or_refuse (self, job);
  return g_object_ref (hf_send_job_get_future (job));
}

static void
hf_futures_session_class_init (HfFuturesSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags construct_only = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                     G_PARAM_STATIC_STRINGS;

  object_class->constructed = hf_futures_session_constructed;
  object_class->finalize = hf_futures_session_finalize;
  object_class->get_property = hf_futures_session_get_property;
  object_class->set_property = hf_futures_session_set_property;
  klass->send = hf_futures_session_real_send;

  /**
   * HfFuturesSession:executor: (attributes org.gtk.Property.get=hf_futures_session_get_executor)
   *
   * Where the requests run. Without one the session makes a [class@ThreadPoolExecutor] of its own.
   *
   * Since: 1.0
   */
  props[PROP_EXECUTOR] =
    g_param_spec_object ("executor", NULL, NULL, HF_TYPE_EXECUTOR, construct_only);

  /**
   * HfFuturesSession:max-workers: (attributes org.gtk.Property.get=hf_futures_session_get_max_workers)
   *
   * How many requests run at the same time. Of no effect when
   * [property@FuturesSession:executor] is given, too.
   *
   * Since: 1.0
   */
  props[PROP_MAX_WORKERS] = g_param_spec_uint ("max-workers", NULL, NULL, 1, G_MAXINT / 2,
                                               HF_DEFAULT_MAX_WORKERS, construct_only);

  /**
   * HfFuturesSession:soup-session: (attributes org.gtk.Property.get=hf_futures_session_get_soup_session)
   *
   * The pattern for how requests are sent; never %NULL.
   *
   * Its proxy resolver, TLS database and interaction, user agent, languages, addresses and
   * timeouts hold for every worker; a change holds for requests that are sent later. The
   * [class@Soup.CookieJar] that it had when the futures session was made is used, unless
   * [property@FuturesSession:cookie-jar] is another. What cannot be carried over to workers is
   * named in one warning.
   *
   * A [class@Soup.Session] cannot be shared between threads, so the object itself sends nothing,
   * but on a [class@LoopExecutor] in the context in which both sessions were made.
   *
   * Since: 1.0
   */
  props[PROP_SOUP_SESSION] =
    g_param_spec_object ("soup-session", NULL, NULL, SOUP_TYPE_SESSION, construct_only);

  /**
   * HfFuturesSession:cookie-jar: (attributes org.gtk.Property.get=hf_futures_session_get_cookie_jar)
   *
   * Where the cookies are: those that servers set go in, and requests take theirs from it (RFC
   * 6265 §5). All workers share it.
   *
   * Without one the jar of [property@FuturesSession:soup-session] is used, if one was given, and
   * else a new one that is kept in memory. A [class@Soup.CookieJarText] or
   * [class@Soup.CookieJarDB] makes the cookies outlast the program. The jar may serve several
   * sessions, and be asked and changed at any time, from any thread.
   *
   * [signal@Soup.CookieJar::changed] is emitted on workers, under the jar's lock: a handler must
   * not call the jar. That is also where a persistent jar writes its file, so all who need the
   * jar wait meanwhile.
   *
   * Since: 1.0
   */
  props[PROP_COOKIE_JAR] =
    g_param_spec_object ("cookie-jar", NULL, NULL, SOUP_TYPE_COOKIE_JAR, construct_only);

  g_object_class_install_properties (object_class, N_PROPS, props);
  hf_futures_session_install_settings (object_class, N_PROPS);
}

static void
hf_futures_session_init (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  g_mutex_init (&priv->lock);
  g_queue_init (&priv->jobs);
  priv->latch = hf_latch_new (NULL);
  priv->settings.connect_timeout = HF_DEFAULT_CONNECT_TIMEOUT;
  priv->settings.read_timeout = HF_DEFAULT_READ_TIMEOUT;
  priv->settings.follow_redirects = TRUE;
  priv->settings.max_redirects = HF_DEFAULT_MAX_REDIRECTS;
}

HfFuturesSessionPrivate *
hf_futures_session_get_private (HfFuturesSession *self)
{
  return hf_futures_session_get_instance_private (self);
}

/* Counts a job in. Returns: %FALSE when the session is closed */
gboolean
hf_futures_session_enlist (HfFuturesSession *self,
                           HfSendJob        *job)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);
  gboolean closed;

  hf_latch_enter (priv->latch);
  g_mutex_lock (&priv->lock);
  closed = priv->closed;
  g_queue_push_tail_link (&priv->jobs, hf_send_job_get_link (job));
  g_mutex_unlock (&priv->lock);
  return !closed;
}

/* The job has ended. */
void
hf_futures_session_delist (HfFuturesSession *self,
                           HfSendJob        *job)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  g_mutex_lock (&priv->lock);
  g_queue_unlink (&priv->jobs, hf_send_job_get_link (job));
  g_mutex_unlock (&priv->lock);
  hf_latch_leave (priv->latch);
}

HfLatch *
hf_futures_session_get_latch (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  return priv->latch;
}

HfTransport *
hf_futures_session_get_transport (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  return priv->transport;
}

void
hf_futures_session_set_transport (HfFuturesSession *self,
                                  HfTransport      *transport)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_instance_private (self);

  g_set_object (&priv->transport, transport);
}

/**
 * hf_futures_session_new:
 *
 * Makes a session with two workers.
 *
 * Returns: (transfer full): a session
 *
 * Since: 1.0
 */
HfFuturesSession *
hf_futures_session_new (void)
{
  return g_object_new (HF_TYPE_FUTURES_SESSION, NULL);
}

/**
 * hf_futures_session_new_with_max_workers:
 * @max_workers: how many requests run at the same time, at least 1
 *
 * Makes a session.
 *
 * Returns: (transfer full): a session
 *
 * Since: 1.0
 */
HfFuturesSession *
hf_futures_session_new_with_max_workers (guint max_workers)
{
  g_return_val_if_fail (max_workers > 0 && max_workers <= G_MAXINT / 2, NULL);

  return g_object_new (HF_TYPE_FUTURES_SESSION, "max-workers", max_workers, NULL);
}

/**
 * hf_futures_session_new_with_executor:
 * @executor: where requests run; it may serve other sessions, too
 *
 * Makes a session on an executor. Closing the session does not close the executor.
 *
 * Returns: (transfer full): a session
 *
 * Since: 1.0
 */
HfFuturesSession *
hf_futures_session_new_with_executor (HfExecutor *executor)
{
  g_return_val_if_fail (HF_IS_EXECUTOR (executor), NULL);

  return g_object_new (HF_TYPE_FUTURES_SESSION, "executor", executor, NULL);
}

/**
 * hf_futures_session_new_for_soup_session:
 * @soup_session: the pattern for how requests are sent
 *
 * Makes a session with the settings and the cookie jar of a [class@Soup.Session]; see
 * [property@FuturesSession:soup-session].
 *
 * Returns: (transfer full): a session
 *
 * Since: 1.0
 */
HfFuturesSession *
hf_futures_session_new_for_soup_session (SoupSession *soup_session)
{
  g_return_val_if_fail (SOUP_IS_SESSION (soup_session), NULL);

  return g_object_new (HF_TYPE_FUTURES_SESSION, "soup-session", soup_session, NULL);
}

/**
 * hf_futures_session_send: (virtual send)
 * @self: a session
 * @request: what to send; a snapshot is taken, so it can be changed and sent again
 *
 * Submits a request.
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_send (HfFuturesSession *self,
                         HfRequest        *request)
{
  g_autoptr (HfPromise) promise = NULL;
  HfFuture *future;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);
  g_return_val_if_fail (HF_IS_REQUEST (request), NULL);

  future = HF_FUTURES_SESSION_GET_CLASS (self)->send (self, request);
  if (future != NULL)
    return future;

  /* An override in another language that raised an exception. */
  hf_init_i18n ();
  promise = hf_promise_new (request->data->uri);
  hf_promise_fail (promise,
                   g_error_new (HF_ERROR, HF_ERROR_FAILED,
                                _("The send function of “%s” returned no future"),
                                G_OBJECT_TYPE_NAME (self)),
                   NULL);
  return g_object_ref (hf_promise_get_future (promise));
}

/**
 * hf_futures_session_send_message:
 * @self: a session
 * @message: what to send
 *
 * Submits a message of libsoup's own.
 *
 * That very object is sent. Its signals are emitted on the worker, whose thread-default context is
 * a private one meanwhile. It must not be used until the future has settled. After a cancellation
 * or a timeout the worker needs it a little longer; while it does, another future for the same
 * message fails with `HF_ERROR_INVALID_REQUEST`.
 *
 * Redirects are libsoup's own. A body cannot be sent again after a redirect or an authentication;
 * the future fails then. The cookies, timeouts, limits and response hooks of the session apply.
 *
 * Returns: (transfer full): the future of its response
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_send_message (HfFuturesSession *self,
                                 SoupMessage      *message)
{
  g_autoptr (HfSendJob) job = NULL;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);
  g_return_val_if_fail (SOUP_IS_MESSAGE (message), NULL);

  job = hf_send_job_new_for_message (self, message);
  send_job_submit_or_refuse (self, job);
  return g_object_ref (hf_send_job_get_future (job));
}

/**
 * hf_futures_session_get_executor:
 * @self: a session
 *
 * Gives [property@FuturesSession:executor].
 *
 * Returns: (transfer none): the executor, owned by @self
 *
 * Since: 1.0
 */
HfExecutor *
hf_futures_session_get_executor (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  priv = hf_futures_session_get_instance_private (self);
  return priv->executor;
}

/**
 * hf_futures_session_get_max_workers:
 * @self: a session
 *
 * Gives [property@FuturesSession:max-workers].
 *
 * Returns: how many requests run at the same time
 *
 * Since: 1.0
 */
guint
hf_futures_session_get_max_workers (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_instance_private (self);
  if (HF_IS_THREAD_POOL_EXECUTOR (priv->executor))
    return hf_thread_pool_executor_get_max_workers (HF_THREAD_POOL_EXECUTOR (priv->executor));
  return priv->max_workers;
}

/**
 * hf_futures_session_get_soup_session:
 * @self: a session
 *
 * Gives [property@FuturesSession:soup-session].
 *
 * Returns: (transfer none): the session, owned by @self
 *
 * Since: 1.0
 */
SoupSession *
hf_futures_session_get_soup_session (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  priv = hf_futures_session_get_instance_private (self);
  return priv->soup_session;
}
