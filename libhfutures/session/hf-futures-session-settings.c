/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

/* What a session holds for the requests that are submitted to it. */

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

/* Copies the settings as they are now. The caller gives back what they point to. */
void
hf_futures_session_copy_settings (HfFuturesSession  *self,
                                  HfSessionSettings *settings)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);

  g_mutex_lock (&priv->lock);
  *settings = priv->settings;
  if (settings->hooks != NULL)
    g_ptr_array_ref (settings->hooks);
  if (settings->defaults != NULL)
    hf_request_defaults_ref (settings->defaults);
  if (settings->mounts != NULL)
    g_ptr_array_ref (settings->mounts);
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
    hf_futures_session_notify_setting (self, SESSION_SETTING_CONNECT_TIMEOUT);
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
    hf_futures_session_notify_setting (self, SESSION_SETTING_READ_TIMEOUT);
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
    hf_futures_session_notify_setting (self, SESSION_SETTING_DEADLINE);
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
    hf_futures_session_notify_setting (self, SESSION_SETTING_MAX_BODY_SIZE);
}

/**
 * hf_futures_session_get_max_decompression_ratio:
 * @self: a session
 *
 * Gives [property@FuturesSession:max-decompression-ratio].
 *
 * Returns: to how many times its size a compressed body may expand; 0 is no limit
 *
 * Since: 1.0
 */
guint
hf_futures_session_get_max_decompression_ratio (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  guint value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.max_decompression_ratio;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_max_decompression_ratio:
 * @self: a session
 * @ratio: to how many times its size a compressed body may expand; 0 is no limit
 *
 * Sets [property@FuturesSession:max-decompression-ratio] for requests that are submitted from now
 * on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_max_decompression_ratio (HfFuturesSession *self,
                                                guint             ratio)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.max_decompression_ratio != ratio;
  priv->settings.max_decompression_ratio = ratio;
  g_mutex_unlock (&priv->lock);

  if (changed)
    hf_futures_session_notify_setting (self, SESSION_SETTING_MAX_DECOMPRESSION_RATIO);
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
    hf_futures_session_notify_setting (self, SESSION_SETTING_HTTP_VERSION);
}

/**
 * hf_futures_session_get_follow_redirects:
 * @self: a session
 *
 * Gives [property@FuturesSession:follow-redirects].
 *
 * Returns: whether redirects are followed
 *
 * Since: 1.0
 */
gboolean
hf_futures_session_get_follow_redirects (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  gboolean value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), FALSE);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.follow_redirects;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_follow_redirects:
 * @self: a session
 * @follow_redirects: whether redirects are followed
 *
 * Sets [property@FuturesSession:follow-redirects] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_follow_redirects (HfFuturesSession *self,
                                         gboolean          follow_redirects)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  follow_redirects = !!follow_redirects;
  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.follow_redirects != follow_redirects;
  priv->settings.follow_redirects = follow_redirects;
  g_mutex_unlock (&priv->lock);

  if (changed)
    hf_futures_session_notify_setting (self, SESSION_SETTING_FOLLOW_REDIRECTS);
}

/**
 * hf_futures_session_get_max_redirects:
 * @self: a session
 *
 * Gives [property@FuturesSession:max-redirects].
 *
 * Returns: how many redirects are followed
 *
 * Since: 1.0
 */
guint
hf_futures_session_get_max_redirects (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  guint value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.max_redirects;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_max_redirects:
 * @self: a session
 * @max_redirects: how many redirects are followed
 *
 * Sets [property@FuturesSession:max-redirects] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_max_redirects (HfFuturesSession *self,
                                      guint             max_redirects)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.max_redirects != max_redirects;
  priv->settings.max_redirects = max_redirects;
  g_mutex_unlock (&priv->lock);

  if (changed)
    hf_futures_session_notify_setting (self, SESSION_SETTING_MAX_REDIRECTS);
}

/**
 * hf_futures_session_get_raise_for_status:
 * @self: a session
 *
 * Gives [property@FuturesSession:raise-for-status].
 *
 * Returns: whether a status of 400 and above makes futures fail
 *
 * Since: 1.0
 */
gboolean
hf_futures_session_get_raise_for_status (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;
  gboolean value;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), FALSE);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  value = priv->settings.raise_for_status;
  g_mutex_unlock (&priv->lock);
  return value;
}

/**
 * hf_futures_session_set_raise_for_status:
 * @self: a session
 * @raise_for_status: whether a status of 400 and above makes futures fail
 *
 * Sets [property@FuturesSession:raise-for-status] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_raise_for_status (HfFuturesSession *self,
                                         gboolean          raise_for_status)
{
  HfFuturesSessionPrivate *priv;
  gboolean changed;

  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  raise_for_status = !!raise_for_status;
  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  changed = priv->settings.raise_for_status != raise_for_status;
  priv->settings.raise_for_status = raise_for_status;
  g_mutex_unlock (&priv->lock);

  if (changed)
    hf_futures_session_notify_setting (self, SESSION_SETTING_RAISE_FOR_STATUS);
}
