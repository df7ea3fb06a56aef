/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-promise-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"
#include "hf-future-private.h"

struct _HfPromise {
  HfFuture *future; /* owned, const */
};

HfPromise *
hf_promise_new (GRefString *uri)
{
  HfPromise *self = g_new (HfPromise, 1);

  self->future = hf_future_new (uri);
  return self;
}

/* A promise that is dropped before it was kept fails its future, so no waiter hangs. */
void
hf_promise_free (HfPromise *self)
{
  if (!hf_promise_is_settled (self))
    {
      hf_init_i18n ();
      hf_promise_fail (self,
                       g_error_new_literal (HF_ERROR, HF_ERROR_FAILED,
                                            _("The work was given up before it had a result")),
                       NULL);
    }

  g_object_unref (self->future);
  g_free (self);
}

/* Returns: (transfer none): the read side */
HfFuture *
hf_promise_get_future (HfPromise *self)
{
  return self->future;
}

/* Before anybody else has the future: where the work is done, if that is one place. */
void
hf_promise_set_home (HfPromise *self,
                     HfHome    *home)
{
  hf_future_set_home (self->future, home);
}

/* Before anybody else has the future: what it is the answer to. */
void
hf_promise_set_request (HfPromise     *self,
                        HfRequestData *data)
{
  hf_future_set_request (self->future, data);
}

/* Returns: whether the future still wants to be worked for */
gboolean
hf_promise_set_running (HfPromise *self)
{
  return hf_future_set_running (self->future);
}

/*
 * hf_promise_set_cancel_func:
 * @cancel: stops the work; called when the future has been cancelled, after it has settled
 * @destroy: frees @user_data when the future has settled, however it did
 */
void
hf_promise_set_cancel_func (HfPromise      *self,
                            GDestroyNotify  cancel,
                            gpointer        user_data,
                            GDestroyNotify  destroy)
{
  hf_future_set_cancel_func (self->future, cancel, user_data, destroy);
}

/* How far the work has come, at @now_us of monotonic time. */
void
hf_promise_set_bytes (HfPromise     *self,
                      const HfBytes *bytes,
                      gint64         now_us)
{
  hf_future_set_bytes (self->future, bytes, now_us);
}

gboolean
hf_promise_is_settled (HfPromise *self)
{
  return hf_future_is_settled (self->future);
}

/*
 * hf_promise_resolve:
 * @value: (transfer full): what the future holds from now on; unset afterwards
 *
 * Returns: %FALSE when it had settled before
 */
gboolean
hf_promise_resolve (HfPromise *self,
                    GValue    *value)
{
  return hf_future_settle (self->future, HF_FUTURE_STATE_SUCCEEDED, value, NULL, NULL, 0);
}

static gboolean
promise_fail (HfPromise     *self,
              GError        *error,
              GError        *cause,
              HfSettleFlags  flags)
{
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  return hf_future_settle (self->future,
                           cancelled ? HF_FUTURE_STATE_CANCELLED : HF_FUTURE_STATE_FAILED, NULL,
                           error, cause, flags);
}

/*
 * hf_promise_fail:
 * @error: (transfer full): what users see; `G_IO_ERROR_CANCELLED` settles as cancelled
 * @cause: (transfer full) (nullable): what libsoup or GIO said
 *
 * For the work itself, which has come to its end.
 *
 * Returns: %FALSE when it had settled before
 */
gboolean
hf_promise_fail (HfPromise *self,
                 GError    *error,
                 GError    *cause)
{
  return promise_fail (self, error, cause, 0);
}

/*
 * hf_promise_fail_for_response:
 * @error: (transfer full): what users see
 * @value: (transfer full): the response that it is about; unset afterwards
 *
 * Returns: %FALSE when it had settled before
 */
gboolean
hf_promise_fail_for_response (HfPromise *self,
                              GError    *error,
                              GValue    *value)
{
  return hf_future_settle (self->future, HF_FUTURE_STATE_FAILED, value, error, NULL, 0);
}

/*
 * hf_promise_abort:
 * @error: (transfer full): what users see; `G_IO_ERROR_CANCELLED` settles as cancelled
 *
 * For others: settles, has the work stopped as by hf_future_cancel(), and only then tells.
 */
void
hf_promise_abort (HfPromise *self,
                  GError    *error)
{
  promise_fail (self, error, NULL, HF_SETTLE_STOP);
}
