/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future-private.h"

/* The callbacks that users add to a future. */

typedef struct {
  GMainContext *context;  /* owned until it is posted: from then on the context owns this */
  HfFuture *future;       /* owned once the future has settled: until then it owns this */
  HfDoneFunc callback;
  gpointer user_data;     /* owned through destroy */
  GDestroyNotify destroy;
} HfDoneCall;

static void
done_call_free (gpointer data)
{
  HfDoneCall *call = data;

  if (call->destroy != NULL)
    call->destroy (call->user_data);
  g_clear_object (&call->future);
  g_clear_pointer (&call->context, g_main_context_unref);
  g_free (call);
}

static gboolean
done_call_dispatch (gpointer data)
{
  HfDoneCall *call = data;

  call->callback (call->future, call->user_data);
  return G_SOURCE_REMOVE;
}

/* Takes what the call points to along, and leaves an empty call to its waiter. */
static void
post_done_call (HfFuture *self,
                gpointer  user_data)
{
  HfDoneCall *call = user_data;
  g_autoptr (GSource) source = g_idle_source_new ();
  HfDoneCall *posted = g_memdup2 (call, sizeof (HfDoneCall));

  posted->future = g_object_ref (self);
  posted->context = NULL;
  call->destroy = NULL;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "libhfutures done callback");
  g_source_set_callback (source, done_call_dispatch, posted, done_call_free);
  g_source_attach (source, call->context);
}

/**
 * hf_future_add_done_callback:
 * @self: a future
 * @callback: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @callback
 * @destroy: (nullable): what frees @user_data, in the same context after the call
 *
 * Has @callback called once when the future has settled, in the [struct@GLib.MainContext] that is
 * thread-default now; soon, from there, when it has settled already. Any thread may call this.
 *
 * Returns: an id for [method@Future.remove_done_callback]; 0 when the future has settled already
 *
 * Since: 1.0
 */
guint
hf_future_add_done_callback (HfFuture       *self,
                             HfDoneFunc      callback,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  HfDoneCall *call;
  guint id;

  g_return_val_if_fail (HF_IS_FUTURE (self), 0);
  g_return_val_if_fail (callback != NULL, 0);

  call = g_new0 (HfDoneCall, 1);
  call->context = g_main_context_ref_thread_default ();
  call->callback = callback;
  call->user_data = user_data;
  call->destroy = destroy;

  id = hf_future_add_waiter (self, post_done_call, call, done_call_free);
  if (id == 0)
    {
      post_done_call (self, call);
      done_call_free (call);
    }
  return id;
}

/**
 * hf_future_remove_done_callback:
 * @self: a future
 * @id: what [method@Future.add_done_callback] returned
 *
 * Removes a callback, unless the future has settled meanwhile: then it is called all the same.
 *
 * Since: 1.0
 */
void
hf_future_remove_done_callback (HfFuture *self,
                                guint     id)
{
  g_return_if_fail (HF_IS_FUTURE (self));

  if (id != 0)
    hf_future_remove_waiter (self, id, NULL);
}

/**
 * hf_future_add_settled_func:
 * @self: a future
 * @func: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, on the thread that called @func
 *
 * Has @func called once when the future has settled, on the thread that settles it; at once, on
 * this one, when it has settled already. It must be quick: other callbacks wait for it.
 *
 * It is meant for bindings and for loops other than GLib's. JavaScript must not use it, because it
 * cannot be called on a thread of a worker. Any thread may call this.
 *
 * Returns: an id for [method@Future.remove_settled_func]; 0 when the future has settled already
 *
 * Since: 1.0
 */
guint
hf_future_add_settled_func (HfFuture       *self,
                            HfSettledFunc   func,
                            gpointer        user_data,
                            GDestroyNotify  destroy)
{
  guint id;

  g_return_val_if_fail (HF_IS_FUTURE (self), 0);
  g_return_val_if_fail (func != NULL, 0);

  id = hf_future_add_waiter (self, func, user_data, destroy);
  if (id == 0)
    {
      func (self, user_data);
      if (destroy != NULL)
        destroy (user_data);
    }
  return id;
}

/**
 * hf_future_remove_settled_func:
 * @self: a future
 * @id: what [method@Future.add_settled_func] returned
 *
 * Removes a function, unless the future settles meanwhile: then it is called all the same.
 *
 * Since: 1.0
 */
void
hf_future_remove_settled_func (HfFuture *self,
                               guint     id)
{
  g_return_if_fail (HF_IS_FUTURE (self));

  if (id != 0)
    hf_future_remove_waiter (self, id, NULL);
}
