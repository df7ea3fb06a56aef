/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-hook-call-private.h"

#include "hf-named-hook-private.h"
#include "hf-response-private.h"

/**
 * HfHookCall:
 *
 * What a response hook is given: the session and the response to look at, and the ways to change
 * what becomes of the future.
 *
 * It is of use on the hook's own thread, until the hook returns; afterwards it is empty.
 *
 * Since: 1.0
 */

struct _HfHookCall {
  gatomicrefcount ref_count;

  HfFuture *future;          /* owned; NULL in a worker process, and after the call */
  HfFuturesSession *session; /* owned; NULL after the call */
  HfSessionMaker maker;      /* nullable: who makes the session when it is asked for */
  gpointer maker_data;       /* not owned */
  HfResponse *response;      /* owned; NULL after the call */
  GValue value;              /* owned; unset while nothing replaces the response */
  GError *error;             /* owned, nullable */
};

G_DEFINE_BOXED_TYPE (HfHookCall, hf_hook_call, hf_hook_call_ref, hf_hook_call_unref)

static void
hook_call_clear (HfHookCall *self)
{
  g_clear_object (&self->future);
  g_clear_object (&self->session);
  g_clear_object (&self->response);
  self->maker = NULL;
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_clear_error (&self->error);
}

/**
 * hf_hook_call_ref:
 * @self: a hook's call
 *
 * Takes a reference. It does not keep what the call is about: that is gone when the hook returns.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
HfHookCall *
hf_hook_call_ref (HfHookCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * hf_hook_call_unref:
 * @self: (transfer full): a hook's call
 *
 * Gives up a reference. Any thread may do so.
 *
 * Since: 1.0
 */
void
hf_hook_call_unref (HfHookCall *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  hook_call_clear (self);
  g_free (self);
}

static HfHookCall *
hook_call_new (HfResponse *response,
               GValue     *value)
{
  HfHookCall *self = g_new0 (HfHookCall, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->response = g_object_ref (response);
  self->value = *value;
  *value = (GValue) G_VALUE_INIT;
  return self;
}

/* The hook has returned. */
static gboolean
hook_call_end (HfHookCall  *self,
               GValue      *value,
               GError     **error)
{
  gboolean failed = self->error != NULL;

  *value = self->value;
  self->value = (GValue) G_VALUE_INIT;
  if (failed)
    g_propagate_error (error, g_steal_pointer (&self->error));
  hook_call_clear (self);
  return !failed;
}

/*
 * hf_hook_call_run:
 * @value: (inout): what is in the response's place, unset when nothing is
 *
 * Calls a hook on this thread.
 *
 * Returns: %FALSE with @error set when the hook failed
 */
gboolean
hf_hook_call_run (HfHook            *hook,
                  HfFuture          *future,
                  HfFuturesSession  *session,
                  HfResponse        *response,
                  GValue            *value,
                  GError           **error)
{
  g_autoptr (HfHookCall) self = hook_call_new (response, value);

  self->future = g_object_ref (future);
  self->session = g_object_ref (session);
  if (hook->name != NULL)
    hf_named_hook_run (hook->name, hook->parameters, self, NULL);
  else
    hook->func (self, hook->user_data);
  return hook_call_end (self, value, error);
}

/*
 * hf_hook_call_run_named:
 * @maker: makes the session, if it is asked for
 *
 * The same for a hook's name, in a worker process.
 */
gboolean
hf_hook_call_run_named (const char       *name,
                        GVariant         *parameters,
                        HfNamedHookFunc   func,
                        gpointer          func_data,
                        HfSessionMaker    maker,
                        gpointer          maker_data,
                        HfResponse       *response,
                        GValue           *value,
                        GError          **error)
{
  g_autoptr (HfHookCall) self = hook_call_new (response, value);

  self->maker = maker;
  self->maker_data = maker_data;
  func (name, parameters, self, func_data);
  return hook_call_end (self, value, error);
}

/**
 * hf_hook_call_get_future:
 * @self: a hook's call
 *
 * Gives the future that settles after the hooks. Waiting for it in a hook could never end.
 *
 * Bindings keep with it what their language cannot hand through C.
 *
 * Returns: (transfer none) (nullable): the future; %NULL in a worker process, and when the hook has
 *   returned
 *
 * Since: 1.0
 */
HfFuture *
hf_hook_call_get_future (HfHookCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->future;
}

/**
 * hf_hook_call_get_session:
 * @self: a hook's call
 *
 * Gives the session that sent the request. In a worker process it is a session with the same
 * settings, which is made when it is asked for.
 *
 * Returns: (transfer none) (nullable): the session; %NULL when the hook has returned
 *
 * Since: 1.0
 */
HfFuturesSession *
hf_hook_call_get_session (HfHookCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->session == NULL && self->maker != NULL)
    self->session = self->maker (self->maker_data);
  return self->session;
}

/**
 * hf_hook_call_get_response:
 * @self: a hook's call
 *
 * Gives the response, after all redirects.
 *
 * Returns: (transfer none) (nullable): the response; %NULL when the hook has returned
 *
 * Since: 1.0
 */
HfResponse *
hf_hook_call_get_response (HfHookCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->response;
}

/**
 * hf_hook_call_get_value:
 * @self: a hook's call
 *
 * Gives what a hook before this one, or this one, has put in the response's place.
 *
 * Returns: (transfer none) (nullable): the value, owned by @self, or %NULL when there is none
 *
 * Since: 1.0
 */
const GValue *
hf_hook_call_get_value (HfHookCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return G_IS_VALUE (&self->value) ? &self->value : NULL;
}

/**
 * hf_hook_call_set_value:
 * @self: a hook's call
 * @value: what the future shall hold instead of the response; it is copied
 *
 * Puts a value in the response's place. [method@Future.get_value] returns it.
 *
 * Since: 1.0
 */
void
hf_hook_call_set_value (HfHookCall   *self,
                        const GValue *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_VALUE (value));

  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_value_init (&self->value, G_VALUE_TYPE (value));
  g_value_copy (value, &self->value);
}

/**
 * hf_hook_call_fail:
 * @self: a hook's call
 * @error: the future's error; it is copied. `HF_ERROR_HOOK` is there for those that have no better
 *
 * Makes the future fail. Hooks after this one are not called.
 *
 * Since: 1.0
 */
void
hf_hook_call_fail (HfHookCall   *self,
                   const GError *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

/**
 * hf_hook_call_attach:
 * @self: a hook's call
 * @name: what it is to be found by
 * @value: what to attach; a floating reference is sunk
 *
 * Attaches a value to the response, in place of one of the same name. It is read with
 * [method@Response.dup_attached], also when the hook has run in a worker process.
 *
 * Since: 1.0
 */
void
hf_hook_call_attach (HfHookCall *self,
                     const char *name,
                     GVariant   *value)
{
  g_autoptr (GVariant) sunk = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && g_utf8_validate (name, -1, NULL));
  g_return_if_fail (value != NULL);

  sunk = g_variant_ref_sink (value);
  if (self->response != NULL)
    hf_response_attach (self->response, name, sunk);
}
