/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-auth-call-private.h"

/**
 * HfAuthCall:
 *
 * What a function for credentials is given: the request to look at, and the ways to answer.
 *
 * It is of use on the function's own thread, until the function returns; afterwards it is empty.
 *
 * Since: 1.0
 */

struct _HfAuthCall {
  gatomicrefcount ref_count;

  HfRequest *request;  /* owned; frozen; NULL after the call */
  char *authorization; /* owned, nullable */
  GError *error;       /* owned, nullable */
};

G_DEFINE_BOXED_TYPE (HfAuthCall, hf_auth_call, hf_auth_call_ref, hf_auth_call_unref)

static void
auth_call_clear (HfAuthCall *self)
{
  g_clear_object (&self->request);
  g_clear_pointer (&self->authorization, g_free);
  g_clear_error (&self->error);
}

/**
 * hf_auth_call_ref:
 * @self: a call
 *
 * Takes a reference. It does not keep what the call is about: that is gone when the function
 * returns.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
HfAuthCall *
hf_auth_call_ref (HfAuthCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * hf_auth_call_unref:
 * @self: (transfer full): a call
 *
 * Gives up a reference. Any thread may do so.
 *
 * Since: 1.0
 */
void
hf_auth_call_unref (HfAuthCall *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  auth_call_clear (self);
  g_free (self);
}

/*
 * hf_auth_call_run:
 * @request: what is about to be sent
 * @authorization: (out) (nullable): the field's value; %NULL for none
 *
 * Calls a function on this thread.
 *
 * Returns: %FALSE with @error set when it failed
 */
gboolean
hf_auth_call_run (HfAuthFunc      func,
                  gpointer        user_data,
                  HfRequestData  *request,
                  char          **authorization,
                  GError        **error)
{
  g_autoptr (HfAuthCall) self = g_new0 (HfAuthCall, 1);
  gboolean failed;

  g_atomic_ref_count_init (&self->ref_count);
  self->request = hf_request_new_frozen (request);

  func (self, user_data);

  failed = self->error != NULL;
  if (failed)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    *authorization = g_steal_pointer (&self->authorization);
  auth_call_clear (self);
  return !failed;
}

/**
 * hf_auth_call_get_request:
 * @self: a call
 *
 * Gives the request that is about to be sent, as far as it is known. It cannot be changed. After a
 * redirect it is what the redirect has made of it.
 *
 * Returns: (transfer none) (nullable): the request, owned by @self; %NULL after the call
 *
 * Since: 1.0
 */
HfRequest *
hf_auth_call_get_request (HfAuthCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->request;
}

/**
 * hf_auth_call_set_authorization:
 * @self: a call
 * @authorization: the value of the `Authorization` field, with its scheme (RFC 9110 §11.6.2)
 *
 * Answers with credentials. Without that none are sent.
 *
 * Since: 1.0
 */
void
hf_auth_call_set_authorization (HfAuthCall *self,
                                const char *authorization)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (authorization != NULL);

  g_free (self->authorization);
  self->authorization = g_strdup (authorization);
}

/**
 * hf_auth_call_fail:
 * @self: a call
 * @error: the future's error; it is copied. `HF_ERROR_HOOK` is there for those that have no better
 *
 * Makes the future fail; nothing is sent.
 *
 * Since: 1.0
 */
void
hf_auth_call_fail (HfAuthCall   *self,
                   const GError *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}
