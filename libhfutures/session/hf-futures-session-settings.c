/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include "hf-enum-types.h"
#include "hf-hook-private.h"

/* What a session holds for the requests that are submitted to it: limits and response hooks. */

enum {
  SETTING_CONNECT_TIMEOUT,
  SETTING_READ_TIMEOUT,
  SETTING_DEADLINE,
  SETTING_MAX_BODY_SIZE,
  SETTING_HTTP_VERSION,
  N_SETTINGS,
};

static GParamSpec *setting_specs[N_SETTINGS];

/**
 * hf_futures_session_new_with_options: (skip)
 * @first_property_name: (nullable): the name of a property
 * @...: its value, then names and values of others in turn
 *
 * Makes a session with properties set. %NULL ends the list.
 *
 * Returns: (transfer full): a session
 *
 * Since: 1.0
 */
HfFuturesSession *
hf_futures_session_new_with_options (const char *first_property_name,
                                     ...)
{
  GObject *self;
  va_list rest;

  va_start (rest, first_property_name);
  self = g_object_new_valist (HF_TYPE_FUTURES_SESSION, first_property_name, rest);
  va_end (rest);
  return HF_FUTURES_SESSION (self);
}

void
hf_futures_session_install_settings (GObjectClass *object_class,
                                     guint         first_id)
{
  const GParamFlags setting = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * HfFuturesSession:connect-timeout: (attributes org.gtk.Property.get=hf_futures_session_get_connect_timeout org.gtk.Property.set=hf_futures_session_set_connect_timeout)
   *
   * How long resolving, connecting, the proxy and TLS may take together, in seconds; 0 is no
   * limit. A request can have its own.
   *
   * Since: 1.0
   */
  setting_specs[SETTING_CONNECT_TIMEOUT] =
    g_param_spec_double ("connect-timeout", NULL, NULL, 0, G_MAXDOUBLE, HF_DEFAULT_CONNECT_TIMEOUT,
                         setting);

  /**
   * HfFuturesSession:read-timeout: (attributes org.gtk.Property.get=hf_futures_session_get_read_timeout org.gtk.Property.set=hf_futures_session_set_read_timeout)
   *
   * How long a server may be silent, in seconds; 0 is no limit. It counts from the last byte of
   * the request to the complete headers, then between reads. A request can have its own.
   *
   * Since: 1.0
   */
  setting_specs[SETTING_READ_TIMEOUT] = g_param_spec_double ("read-timeout", NULL, NULL, 0,
                                                             G_MAXDOUBLE, HF_DEFAULT_READ_TIMEOUT,
                                                             setting);

  /**
   * HfFuturesSession:deadline: (attributes org.gtk.Property.get=hf_futures_session_get_deadline org.gtk.Property.set=hf_futures_session_set_deadline)
   *
   * How long a request may take in all, from its submission, in seconds; 0 is no limit. A request
   * can have its own.
   *
   * Since: 1.0
   */
  setting_specs[SETTING_DEADLINE] =
    g_param_spec_double ("deadline", NULL, NULL, 0, G_MAXDOUBLE, 0, setting);

  /**
   * HfFuturesSession:max-body-size: (attributes org.gtk.Property.get=hf_futures_session_get_max_body_size org.gtk.Property.set=hf_futures_session_set_max_body_size)
   *
   * The largest body to accept, in bytes after decoding; 0 is no limit. A request can have its
   * own.
   *
   * Since: 1.0
   */
  setting_specs[SETTING_MAX_BODY_SIZE] =
    g_param_spec_uint64 ("max-body-size", NULL, NULL, 0, G_MAXUINT64, 0, setting);

  /**
   * HfFuturesSession:http-version: (attributes org.gtk.Property.get=hf_futures_session_get_http_version org.gtk.Property.set=hf_futures_session_set_http_version)
   *
   * Which protocol is offered to servers.
   *
   * [enum@HttpVersion.HTTP2] holds on a [class@LoopExecutor]; requests on threads speak HTTP/1.1.
   * It is not the default, because a misbehaving server can crash libsoup 3.2 over HTTP/2; the page
   * on transport says how. Use it with servers that you trust.
   *
   * Since: 1.0
   */
  setting_specs[SETTING_HTTP_VERSION] = g_param_spec_enum ("http-version", NULL, NULL,
                                                           HF_TYPE_HTTP_VERSION,
                                                           HF_HTTP_VERSION_HTTP1, setting);

  for (guint i = 0; i < N_SETTINGS; i++)
    g_object_class_install_property (object_class, first_id + i, setting_specs[i]);
}

void
hf_futures_session_get_setting (HfFuturesSession *self,
                                guint             setting,
                                GValue           *value)
{
  switch (setting)
    {
    case SETTING_CONNECT_TIMEOUT:
      g_value_set_double (value, hf_futures_session_get_connect_timeout (self));
      break;
    case SETTING_READ_TIMEOUT:
      g_value_set_double (value, hf_futures_session_get_read_timeout (self));
      break;
    case SETTING_DEADLINE:
      g_value_set_double (value, hf_futures_session_get_deadline (self));
      break;
    case SETTING_MAX_BODY_SIZE:
      g_value_set_uint64 (value, hf_futures_session_get_max_body_size (self));
      break;
    case SETTING_HTTP_VERSION:
      g_value_set_enum (value, hf_futures_session_get_http_version (self));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
hf_futures_session_set_setting (HfFuturesSession *self,
                                guint             setting,
                                const GValue     *value)
{
  switch (setting)
    {
    case SETTING_CONNECT_TIMEOUT:
      hf_futures_session_set_connect_timeout (self, g_value_get_double (value));
      break;
    case SETTING_READ_TIMEOUT:
      hf_futures_session_set_read_timeout (self, g_value_get_double (value));
      break;
    case SETTING_DEADLINE:
      hf_futures_session_set_deadline (self, g_value_get_double (value));
      break;
    case SETTING_MAX_BODY_SIZE:
      hf_futures_session_set_max_body_size (self, g_value_get_uint64 (value));
      break;
    case SETTING_HTTP_VERSION:
      hf_futures_session_set_http_version (self, g_value_get_enum (value));
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Copies the settings as they are now. The caller gives the list of hooks back. */
void
hf_futures_session_copy_settings (HfFuturesSession  *self,
                                  HfSessionSettings *settings)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);

  g_mutex_lock (&priv->lock);
  *settings = priv->settings;
  if (settings->hooks != NULL)
    g_ptr_array_ref (settings->hooks);
  g_mutex_unlock (&priv->lock);
}

/**
 * hf_futures_session_get_connect_timeout:
 * @self: a session
 *
 * Gives [property@FuturesSession:connect-timeout].
 *
 * Returns: the limit in seconds; 0 is none
 *
 * Since: 1.0
 */
double
hf_futures_session_get_connect_timeout (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  double value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.connect_timeout;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_connect_timeout:
 * @self: a session
 * @connect_timeout: the limit in seconds; 0 is none
 *
 * Sets [property@FuturesSession:connect-timeout] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_connect_timeout (HfFuturesSession *self,
                                        double           connect_timeout)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (connect_timeout >= 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.connect_timeout != connect_timeout;
  priv->settings.connect_timeout = connect_timeout;
  g_mutex_unlock (&priv->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), setting_specs[SETTING_CONNECT_TIMEOUT]);
}

/**
 * hf_futures_session_get_read_timeout:
 * @self: a session
 *
 * Gives [property@FuturesSession:read-timeout].
 *
 * Returns: the limit in seconds; 0 is none
 *
 * Since: 1.0
 */
double
hf_futures_session_get_read_timeout (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  double value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.read_timeout;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_read_timeout:
 * @self: a session
 * @read_timeout: the limit in seconds; 0 is none
 *
 * Sets [property@FuturesSession:read-timeout] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_read_timeout (HfFuturesSession *self,
                                     double           read_timeout)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (read_timeout >= 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.read_timeout != read_timeout;
  priv->settings.read_timeout = read_timeout;
  g_mutex_unlock (&priv->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), setting_specs[SETTING_READ_TIMEOUT]);
}

/**
 * hf_futures_session_get_deadline:
 * @self: a session
 *
 * Gives [property@FuturesSession:deadline].
 *
 * Returns: the limit in seconds; 0 is none
 *
 * Since: 1.0
 */
double
hf_futures_session_get_deadline (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  double value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.deadline;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_deadline:
 * @self: a session
 * @deadline: the limit in seconds; 0 is none
 *
 * Sets [property@FuturesSession:deadline] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_deadline (HfFuturesSession *self,
                                 double           deadline)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (deadline >= 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.deadline != deadline;
  priv->settings.deadline = deadline;
  g_mutex_unlock (&priv->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), setting_specs[SETTING_DEADLINE]);
}

/**
 * hf_futures_session_get_max_body_size:
 * @self: a session
 *
 * Gives [property@FuturesSession:max-body-size].
 *
 * Returns: the limit in bytes; 0 is none
 *
 * Since: 1.0
 */
guint64
hf_futures_session_get_max_body_size (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  guint64 value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.max_body_size;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_max_body_size:
 * @self: a session
 * @max_body_size: the limit in bytes; 0 is none
 *
 * Sets [property@FuturesSession:max-body-size] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_max_body_size (HfFuturesSession *self,
                                      guint64          max_body_size)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.max_body_size != max_body_size;
  priv->settings.max_body_size = max_body_size;
  g_mutex_unlock (&priv->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), setting_specs[SETTING_MAX_BODY_SIZE]);
}

/**
 * hf_futures_session_get_http_version:
 * @self: a session
 *
 * Gives [property@FuturesSession:http-version].
 *
 * Returns: which protocol is offered to servers
 *
 * Since: 1.0
 */
HfHttpVersion
hf_futures_session_get_http_version (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  HfHttpVersion value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), HF_HTTP_VERSION_HTTP1);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.http_version;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_http_version:
 * @self: a session
 * @http_version: which protocol is offered to servers
 *
 * Sets [property@FuturesSession:http-version] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_http_version (HfFuturesSession *self,
                                     HfHttpVersion    http_version)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (http_version <= HF_HTTP_VERSION_HTTP2);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.http_version != http_version;
  priv->settings.http_version = http_version;
  g_mutex_unlock (&priv->lock);

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), setting_specs[SETTING_HTTP_VERSION]);
}

/* Requests have the list as it was when they were submitted, so another one takes its place. */
static void
session_replace_hooks_locked (HfFuturesSessionPrivate  *priv,
                              GPtrArray               **hooks)
{
  GPtrArray *before = priv->settings.hooks;

  priv->settings.hooks = *hooks;
  *hooks = before;
}

static guint
session_add_hook (HfFuturesSession *self,
                  HfHook           *hook)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);
  guint id = hook->id;
  GPtrArray *hooks;

  g_mutex_lock (&priv->lock);
  hooks = hf_hook_list_copy (priv->settings.hooks);
  if (hooks == NULL)
    hooks = hf_hook_list_new ();
  g_ptr_array_add (hooks, hook);
  session_replace_hooks_locked (priv, &hooks);
  g_mutex_unlock (&priv->lock);

  g_clear_pointer (&hooks, g_ptr_array_unref);
  return id;
}

/**
 * hf_futures_session_add_response_hook:
 * @self: a session
 * @hook: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @hook
 * @destroy: (nullable): what frees @user_data, on any thread
 *
 * Adds a hook for all requests that are submitted from now on. It looks at each response on the
 * worker, after the hooks that the session had before and before those of the request.
 *
 * JavaScript cannot be called on a worker: use
 * [method@FuturesSession.add_response_hook_in_context] there.
 *
 * Returns: an id for [method@FuturesSession.remove_response_hook]
 *
 * Since: 1.0
 */
guint
hf_futures_session_add_response_hook (HfFuturesSession *self,
                                      HfResponseHook    hook,
                                      gpointer          user_data,
                                      GDestroyNotify    destroy)
{
  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);
  g_return_val_if_fail (hook != NULL, 0);

  return session_add_hook (self, hf_hook_new (hook, user_data, destroy, FALSE));
}

/**
 * hf_futures_session_add_response_hook_in_context:
 * @self: a session
 * @hook: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @hook
 * @destroy: (nullable): what frees @user_data, in the same context
 *
 * Adds a hook for all requests that are submitted from now on. It looks at each response in the
 * [struct@GLib.MainContext] that is thread-default now.
 *
 * It runs when that context is iterated, or inside any of this library's blocking waits on the
 * calling thread. Without either, no future of the session settles before its deadline.
 *
 * Returns: an id for [method@FuturesSession.remove_response_hook]
 *
 * Since: 1.0
 */
guint
hf_futures_session_add_response_hook_in_context (HfFuturesSession *self,
                                                 HfResponseHook    hook,
                                                 gpointer          user_data,
                                                 GDestroyNotify    destroy)
{
  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);
  g_return_val_if_fail (hook != NULL, 0);

  return session_add_hook (self, hf_hook_new (hook, user_data, destroy, TRUE));
}

/**
 * hf_futures_session_remove_response_hook:
 * @self: a session
 * @id: what adding the hook returned
 *
 * Removes a hook. Requests that were submitted before still call it.
 *
 * Since: 1.0
 */
void
hf_futures_session_remove_response_hook (HfFuturesSession *self,
                                         guint             id)
{
  HfFuturesSessionPrivate *priv;
  GPtrArray *hooks = NULL;
  guint position;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  if (hf_hook_list_find (priv->settings.hooks, id, &position))
    {
      hooks = hf_hook_list_copy (priv->settings.hooks);
      g_ptr_array_remove_index (hooks, position); /* not the last reference: the old list has one */
      session_replace_hooks_locked (priv, &hooks);
    }
  g_mutex_unlock (&priv->lock);

  g_clear_pointer (&hooks, g_ptr_array_unref);
}
