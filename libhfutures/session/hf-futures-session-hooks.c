/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include "hf-hook-private.h"

/* The response hooks of a session. */

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
 * hf_futures_session_add_named_response_hook:
 * @self: a session
 * @name: which function to call
 * @parameters: (nullable): what it is to be given; a floating reference is sunk
 *
 * Adds a hook by its name for all requests that are submitted from now on. Names are those of
 * [method@Request.add_named_response_hook], which says the rest.
 *
 * Returns: an id for [method@FuturesSession.remove_response_hook]
 *
 * Since: 1.0
 */
guint
hf_futures_session_add_named_response_hook (HfFuturesSession *self,
                                            const char       *name,
                                            GVariant         *parameters)
{
  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), 0);
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), 0);

  return session_add_hook (self, hf_hook_new_named (name, parameters));
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
