/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

/* The cookies of a session. */

/* From the thread that adds a cookie, under the jar's lock: asking the jar here would deadlock. */
static void
on_jar_changed (SoupCookieJar *jar,
                SoupCookie    *old_cookie,
                SoupCookie    *new_cookie,
                gpointer       user_data)
{
  int *jar_used = user_data;

  g_atomic_int_set (jar_used, TRUE);
}

static void
release_jar_used (gpointer  data,
                  GClosure *closure)
{
  g_atomic_rc_box_release (data);
}

/* Looking cookies up costs as much in an empty jar as in a full one, so that is not done. A jar
 * that only reads a file does not tell when it changes. */
static void
session_watch_jar (HfFuturesSessionPrivate *priv)
{
  GSList *cookies;
  gboolean read_only;

  priv->jar_changed = g_signal_connect_data (priv->jar, "changed", G_CALLBACK (on_jar_changed),
                                             g_atomic_rc_box_acquire (priv->jar_used),
                                             release_jar_used, 0);
  g_object_get (priv->jar, "read-only", &read_only, NULL);
  cookies = soup_cookie_jar_all_cookies (priv->jar);
  if (cookies != NULL || read_only)
    g_atomic_int_set (priv->jar_used, TRUE);
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
}

/* Once, when the session is made: @supplied says whether the user made its SoupSession. The user's
 * own jar is never attached to that. */
void
hf_futures_session_choose_jar (HfFuturesSession *self,
                               gboolean          supplied)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);

  priv->jar_used = g_atomic_rc_box_new0 (int);
  if (priv->jar == NULL)
    {
      if (!supplied)
        soup_session_add_feature_by_type (priv->soup_session, SOUP_TYPE_COOKIE_JAR);
      g_set_object (&priv->jar, (SoupCookieJar *) soup_session_get_feature (priv->soup_session,
                                                                            SOUP_TYPE_COOKIE_JAR));
    }
  if (priv->jar != NULL)
    session_watch_jar (priv);
}

/* Once, when the session is finalized. */
void
hf_futures_session_drop_jar (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);

  if (priv->jar != NULL)
    g_signal_handler_disconnect (priv->jar, priv->jar_changed);
  g_clear_object (&priv->jar);
  g_atomic_rc_box_release (priv->jar_used);
}

/**
 * hf_futures_session_get_cookie_jar:
 * @self: a session
 *
 * Gives [property@FuturesSession:cookie-jar].
 *
 * Returns: (transfer none) (nullable): the jar, owned by @self; %NULL when the
 *   [class@Soup.Session] that the session was made for has none, so that no cookies are kept
 *
 * Since: 1.0
 */
SoupCookieJar *
hf_futures_session_get_cookie_jar (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);

  priv = hf_futures_session_get_private (self);
  return priv->jar;
}

const int *
hf_futures_session_get_jar_used (HfFuturesSession *self)
{
  HfFuturesSessionPrivate *priv = hf_futures_session_get_private (self);

  return priv->jar_used;
}
