/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include "hf-mount-private.h"

/* The transports that are mounted in a session. */

/* Requests have the list as it was when they were submitted, so another one takes its place. */
static void
session_replace_mounts_locked (HfFuturesSessionPrivate  *priv,
                               GPtrArray               **mounts)
{
  GPtrArray *before = priv->settings.mounts;

  priv->settings.mounts = *mounts;
  *mounts = before;
}

/**
 * hf_futures_session_mount:
 * @self: a session
 * @prefix: how the URIs begin that @transport answers
 * @transport: what answers
 * @error: return location for an error, or %NULL
 *
 * Has a transport answer requests that are submitted from now on, instead of servers.
 *
 * A prefix is `http://` or `https://` alone, or an absolute URI. Scheme, host and port have to be
 * the same, so `https://example.org` is no prefix of `https://example.org.evil.com/`; what comes
 * behind them is compared as text, with case, so `/a` is a prefix of `/ab`. Of several prefixes the
 * longest counts. One that was mounted before with the same prefix is taken away.
 *
 * Each hop is looked at by itself: a mock can redirect to a server, and a server to a mock.
 * [method@FuturesSession.send_message] sends to servers only.
 *
 * Returns: %FALSE with @error set to `HF_ERROR_INVALID_URI` when no URI can have the prefix
 *
 * Since: 1.0
 */
gboolean
hf_futures_session_mount (HfFuturesSession *self,
                          const char       *prefix,
                          HfMockTransport  *transport,
                          GError          **error)
{
  HfFuturesSessionPrivate *priv;
  g_autoptr (HfMount) mount = NULL;
  GPtrArray *mounts;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), FALSE);
  g_return_val_if_fail (prefix != NULL, FALSE);
  g_return_val_if_fail (HF_IS_MOCK_TRANSPORT (transport), FALSE);

  mount = hf_mount_new (prefix, HF_TRANSPORT (transport), error);
  if (mount == NULL)
    return FALSE;

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  mounts = hf_mount_list_with (priv->settings.mounts, mount);
  session_replace_mounts_locked (priv, &mounts);
  g_mutex_unlock (&priv->lock);

  g_clear_pointer (&mounts, g_ptr_array_unref);
  return TRUE;
}

/**
 * hf_futures_session_unmount:
 * @self: a session
 * @prefix: what a transport was mounted with
 *
 * Takes a transport away. Requests that were submitted before still have it.
 *
 * Returns: whether there was one
 *
 * Since: 1.0
 */
gboolean
hf_futures_session_unmount (HfFuturesSession *self,
                            const char       *prefix)
{
  HfFuturesSessionPrivate *priv;
  GPtrArray *mounts;
  guint n_before;
  guint n_after;

  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), FALSE);
  g_return_val_if_fail (prefix != NULL, FALSE);

  priv = hf_futures_session_get_private (self);
  g_mutex_lock (&priv->lock);
  mounts = hf_mount_list_without (priv->settings.mounts, prefix);
  session_replace_mounts_locked (priv, &mounts);
  n_before = mounts != NULL ? mounts->len : 0;
  n_after = priv->settings.mounts != NULL ? priv->settings.mounts->len : 0;
  g_mutex_unlock (&priv->lock);

  g_clear_pointer (&mounts, g_ptr_array_unref);
  return n_after < n_before;
}
