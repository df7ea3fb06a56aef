/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-future.h"
#include "hf-home-private.h"
#include "hf-progress-private.h"
#include "hf-request-private.h"

G_BEGIN_DECLS

/* The write side of a future: whoever holds the promise settles the future, once. */
typedef struct _HfPromise HfPromise;

HfPromise *hf_promise_new             (GRefString     *uri);
void       hf_promise_free            (HfPromise      *self);

HfFuture  *hf_promise_get_future      (HfPromise      *self);
void       hf_promise_set_home        (HfPromise      *self,
                                       HfHome         *home);
void       hf_promise_set_request     (HfPromise      *self,
                                       HfRequestData  *data);
gboolean   hf_promise_set_running     (HfPromise      *self);
void       hf_promise_set_cancel_func (HfPromise      *self,
                                       GDestroyNotify  cancel,
                                       gpointer        user_data,
                                       GDestroyNotify  destroy);
void       hf_promise_set_bytes       (HfPromise      *self,
                                       const HfBytes  *bytes,
                                       gint64          now_us);
gboolean   hf_promise_is_settled      (HfPromise      *self);
gboolean   hf_promise_resolve         (HfPromise      *self,
                                       GValue         *value);
gboolean   hf_promise_fail            (HfPromise      *self,
                                       GError         *error,
                                       GError         *cause);
gboolean   hf_promise_fail_for_response (HfPromise   *self,
                                       GError         *error,
                                       GValue         *value);
void       hf_promise_abort           (HfPromise      *self,
                                       GError         *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromise, hf_promise_free)

G_END_DECLS
