/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include "hf-validate-private.h"

/* What a session holds for requests that do not say otherwise. */

static HfRequestDefaults *
session_ref_defaults (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);
  HfRequestDefaults *defaults;

  g_mutex_lock (&priv->lock);
  defaults = priv->settings.defaults;
  if (defaults != NULL)
    hf_request_defaults_ref (defaults);
  g_mutex_unlock (&priv->lock);
  return defaults;
}

static gboolean
session_replace_defaults (HfFuturesSession  *self,
                          HfRequestDefaults *before,
                          HfRequestDefaults *after)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);
  gboolean same;

  g_mutex_lock (&priv->lock);
  same = priv->settings.defaults == before;
  if (same)
    priv->settings.defaults = after;
  g_mutex_unlock (&priv->lock);
  return same;
}

/* Returns: whether anything was changed */
typedef gboolean (*HfChange) (HfRequestDefaults *defaults,
                              gpointer           name,
                              gconstpointer      value);

/* Copying takes references of objects, which must not be done under the lock: so a copy is made
 * and changed, and made anew when another thread was faster. */
static void
session_change_defaults (HfFuturesSession *self,
                         HfSessionSetting  setting,
                         HfChange          change,
                         gpointer          name,
                         gconstpointer     value)
{
  for (;;)
    {
      g_autoptr (HfRequestDefaults) before = session_ref_defaults (self);
      g_autoptr (HfRequestDefaults) after = before != NULL ? hf_request_defaults_copy (before)
                                                           : hf_request_defaults_new ();

      if (!change (after, name, value))
        return;
      if (hf_request_defaults_is_empty (after))
        g_clear_pointer (&after, hf_request_defaults_unref);
      if (!session_replace_defaults (self, before, after))
        continue;

      after = NULL; /* the session has it */
      if (before != NULL)
        hf_request_defaults_unref (before); /* which the session had */
      hf_futures_session_notify_setting (self, setting);
      return;
    }
}

/*
 * hf_session_settings_complete:
 * @data: what a user submits
 * @error: why it cannot be sent
 *
 * Returns: (transfer full): @data itself when there is nothing to add to it
 */
HfRequestData *
hf_session_settings_complete (HfSessionSettings  *settings,
                              HfRequestData      *data,
                              GError            **error)
{
  gboolean follow_redirects = data->follow_redirects_set ? data->follow_redirects
                                                         : settings->follow_redirects;
  guint max_redirects = data->max_redirects_set ? data->max_redirects : settings->max_redirects;
  gboolean raise_for_status = data->raise_for_status_set ? data->raise_for_status
                                                         : settings->raise_for_status;
  HfRequestData *complete;

  if (data->complete)
    return hf_request_data_ref (data);
  if (settings->defaults == NULL && data->follow_redirects == follow_redirects &&
      data->max_redirects == max_redirects && data->raise_for_status == raise_for_status)
    return hf_request_data_ref (data);

  complete = hf_request_data_copy (data);
  complete->follow_redirects = follow_redirects;
  complete->max_redirects = max_redirects;
  complete->raise_for_status = raise_for_status;
  if (settings->defaults != NULL)
    hf_request_defaults_apply (settings->defaults, complete, error);
  return complete;
}

static gboolean
change_base_uri (HfRequestDefaults *defaults,
                 gpointer           name,
                 gconstpointer      value)
{
  if (g_strcmp0 (defaults->base_uri, value) == 0)
    return FALSE;

  g_free (defaults->base_uri);
  defaults->base_uri = g_strdup (value);
  g_clear_pointer (&defaults->base, g_uri_unref);
  if (value != NULL)
    defaults->base = hf_validate_uri (value, NULL, NULL);
  return TRUE;
}

static gboolean
change_user_agent (HfRequestDefaults *defaults,
                   gpointer           name,
                   gconstpointer      value)
{
  if (g_strcmp0 (defaults->user_agent, value) == 0)
    return FALSE;

  g_free (defaults->user_agent);
  defaults->user_agent = g_strdup (value);
  return TRUE;
}

static gboolean
change_headers (HfRequestDefaults *defaults,
                gpointer           headers,
                gconstpointer      value)
{
  HfHeaders *changed = headers != NULL ? hf_headers_copy (headers) : hf_headers_new ();

  hf_headers_unref (defaults->headers);
  defaults->headers = changed;
  return TRUE;
}

static gboolean
change_header (HfRequestDefaults *defaults,
               gpointer           name,
               gconstpointer      value)
{
  if (value != NULL)
    hf_headers_replace (defaults->headers, name, value);
  else
    hf_headers_remove (defaults->headers, name);
  return TRUE;
}

static gboolean
add_header (HfRequestDefaults *defaults,
            gpointer           name,
            gconstpointer      value)
{
  hf_headers_append (defaults->headers, name, value);
  return TRUE;
}

static gboolean
change_params (HfRequestDefaults *defaults,
               gpointer           name,
               gconstpointer      value)
{
  const char *const *params = value;

  g_ptr_array_set_size (defaults->params, 0);
  for (guint i = 0; params != NULL && params[i] != NULL; i += 2)
    hf_params_append (defaults->params, params[i], params[i + 1]);
  return TRUE;
}

static gboolean
add_param (HfRequestDefaults *defaults,
           gpointer           name,
           gconstpointer      value)
{
  hf_params_append (defaults->params, name, value);
  return TRUE;
}

static gboolean
drop_param (HfRequestDefaults *defaults,
            gpointer           name,
            gconstpointer      value)
{
  for (guint i = defaults->params->len; i > 0; i -= 2)
    if (g_str_equal (g_ptr_array_index (defaults->params, i - 2), name))
      g_ptr_array_remove_range (defaults->params, i - 2, 2);
  return TRUE;
}

static gboolean
change_auth (HfRequestDefaults *defaults,
             gpointer           auth,
             gconstpointer      value)
{
  return g_set_object (&defaults->auth, auth);
}

/**
 * hf_futures_session_dup_base_uri:
 * @self: a session
 *
 * Gives [property@FuturesSession:base-uri].
 *
 * Returns: (transfer full) (nullable): the URI, or %NULL
 *
 * Since: 1.0
 */
char *
hf_futures_session_dup_base_uri (HfFuturesSession *self)
{
  g_autoptr (HfRequestDefaults) defaults = NULL;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  defaults = session_ref_defaults (self);
  return defaults != NULL ? g_strdup (defaults->base_uri) : NULL;
}

/**
 * hf_futures_session_set_base_uri:
 * @self: a session
 * @base_uri: (nullable): an absolute `http` or `https` URI, or %NULL for none
 *
 * Sets [property@FuturesSession:base-uri] for requests that are submitted from now on.
 *
 * With a URI that cannot be used, futures of requests with a relative one fail with
 * `HF_ERROR_INVALID_URI`.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_base_uri (HfFuturesSession *self,
                                 const char       *base_uri)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  session_change_defaults (self, SESSION_SETTING_BASE_URI, change_base_uri, NULL, base_uri);
}

/**
 * hf_futures_session_dup_user_agent:
 * @self: a session
 *
 * Gives [property@FuturesSession:user-agent].
 *
 * Returns: (transfer full) (nullable): the text, or %NULL when there is none
 *
 * Since: 1.0
 */
char *
hf_futures_session_dup_user_agent (HfFuturesSession *self)
{
  g_autoptr (HfRequestDefaults) defaults = NULL;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  defaults = session_ref_defaults (self);
  if (defaults != NULL && defaults->user_agent != NULL)
    return g_strdup (defaults->user_agent);
  return g_strdup (soup_session_get_user_agent (hf_futures_session_get_soup_session (self)));
}

/**
 * hf_futures_session_set_user_agent:
 * @self: a session
 * @user_agent: (nullable): the text, or %NULL for that of the [class@Soup.Session]
 *
 * Sets [property@FuturesSession:user-agent] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_user_agent (HfFuturesSession *self,
                                   const char       *user_agent)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  session_change_defaults (self, SESSION_SETTING_USER_AGENT, change_user_agent, NULL, user_agent);
}

/**
 * hf_futures_session_dup_headers:
 * @self: a session
 *
 * Gives [property@FuturesSession:headers] as they are now. The list is immutable: later changes of
 * the session go into another one.
 *
 * Returns: (transfer full): the fields; empty when there are none
 *
 * Since: 1.0
 */
HfHeaders *
hf_futures_session_dup_headers (HfFuturesSession *self)
{
  g_autoptr (HfRequestDefaults) defaults = NULL;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  defaults = session_ref_defaults (self);
  return defaults != NULL ? hf_headers_ref (defaults->headers) : hf_headers_new ();
}

/**
 * hf_futures_session_set_headers:
 * @self: a session
 * @headers: (nullable): the fields, or %NULL for none
 *
 * Sets [property@FuturesSession:headers] for requests that are submitted from now on, in place of
 * all that there were.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_headers (HfFuturesSession *self,
                                HfHeaders        *headers)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));

  session_change_defaults (self, SESSION_SETTING_HEADERS, change_headers, headers, NULL);
}

/**
 * hf_futures_session_set_header:
 * @self: a session
 * @name: the field's name, in any case
 * @value: the field's value
 *
 * Sets a default header field in place of all others of that name, for requests that are submitted
 * from now on; see [property@FuturesSession:headers].
 *
 * Since: 1.0
 */
void
hf_futures_session_set_header (HfFuturesSession *self,
                               const char       *name,
                               const char       *value)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  session_change_defaults (self, SESSION_SETTING_HEADERS, change_header, (gpointer) name, value);
}

/**
 * hf_futures_session_append_header:
 * @self: a session
 * @name: the field's name, in any case
 * @value: the field's value
 *
 * Adds a default header field beside others of that name, for requests that are submitted from now
 * on; see [property@FuturesSession:headers].
 *
 * Since: 1.0
 */
void
hf_futures_session_append_header (HfFuturesSession *self,
                                  const char       *name,
                                  const char       *value)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  session_change_defaults (self, SESSION_SETTING_HEADERS, add_header, (gpointer) name, value);
}

/**
 * hf_futures_session_remove_header:
 * @self: a session
 * @name: the field's name, in any case
 *
 * Removes the default header fields of a name, for requests that are submitted from now on; see
 * [property@FuturesSession:headers].
 *
 * Since: 1.0
 */
void
hf_futures_session_remove_header (HfFuturesSession *self,
                                  const char       *name)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (name != NULL);

  session_change_defaults (self, SESSION_SETTING_HEADERS, change_header, (gpointer) name, NULL);
}

/**
 * hf_futures_session_dup_params:
 * @self: a session
 *
 * Gives [property@FuturesSession:params].
 *
 * Returns: (transfer full) (array zero-terminated=1): names and values in turn; empty when there
 * are none
 *
 * Since: 1.0
 */
char **
hf_futures_session_dup_params (HfFuturesSession *self)
{
  g_autoptr (HfRequestDefaults) defaults = NULL;
  g_autoptr (GStrvBuilder) params = NULL;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  defaults = session_ref_defaults (self);
  params = g_strv_builder_new ();
  for (guint i = 0; defaults != NULL && i < defaults->params->len; i++)
    g_strv_builder_add (params, g_ptr_array_index (defaults->params, i));
  return g_strv_builder_end (params);
}

/**
 * hf_futures_session_set_params:
 * @self: a session
 * @params: (array zero-terminated=1) (nullable): names and values in turn, or %NULL for
 *   none
 *
 * Sets [property@FuturesSession:params] for requests that are submitted from now on, in place of
 * all that there were. A name may be repeated.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_params (HfFuturesSession  *self,
                               const char *const *params)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (params == NULL || g_strv_length ((char **) params) % 2 == 0);

  session_change_defaults (self, SESSION_SETTING_PARAMS, change_params, NULL, params);
}

/**
 * hf_futures_session_append_param:
 * @self: a session
 * @name: the parameter's name
 * @value: the parameter's value
 *
 * Adds a default parameter for requests that are submitted from now on; see
 * [property@FuturesSession:params]. A name may be repeated.
 *
 * Since: 1.0
 */
void
hf_futures_session_append_param (HfFuturesSession *self,
                                 const char       *name,
                                 const char       *value)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  session_change_defaults (self, SESSION_SETTING_PARAMS, add_param, (gpointer) name, value);
}

/**
 * hf_futures_session_remove_param:
 * @self: a session
 * @name: the parameter's name
 *
 * Removes the default parameters of a name, for requests that are submitted from now on; see
 * [property@FuturesSession:params].
 *
 * Since: 1.0
 */
void
hf_futures_session_remove_param (HfFuturesSession *self,
                                 const char       *name)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (name != NULL);

  session_change_defaults (self, SESSION_SETTING_PARAMS, drop_param, (gpointer) name, NULL);
}

/**
 * hf_futures_session_dup_auth:
 * @self: a session
 *
 * Gives [property@FuturesSession:auth].
 *
 * Returns: (transfer full) (nullable): the credentials, or %NULL
 *
 * Since: 1.0
 */
HfAuth *
hf_futures_session_dup_auth (HfFuturesSession *self)
{
  g_autoptr (HfRequestDefaults) defaults = NULL;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  defaults = session_ref_defaults (self);
  return defaults != NULL && defaults->auth != NULL ? g_object_ref (defaults->auth) : NULL;
}

/**
 * hf_futures_session_set_auth:
 * @self: a session
 * @auth: (nullable): the credentials, or %NULL
 *
 * Sets [property@FuturesSession:auth] for requests that are submitted from now on.
 *
 * Since: 1.0
 */
void
hf_futures_session_set_auth (HfFuturesSession *self,
                             HfAuth           *auth)
{
  g_return_if_fail (HF_IS_FUTURES_SESSION (self));
  g_return_if_fail (auth == NULL || HF_IS_AUTH (auth));

  session_change_defaults (self, SESSION_SETTING_AUTH, change_auth, auth, NULL);
}
