/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-cookies-private.h"
#include "hf-request-private.h"

/* The cookies of one request. */

static void
request_change_cookie (HfRequest  *self,
                       const char *name,
                       const char *value)
{
  HfRequestData *data = hf_request_write (self);
  GPtrArray *before = data->cookies;

  data->cookies = hf_cookies_with (before, name, value);
  g_clear_pointer (&before, g_ptr_array_unref);
}

/**
 * hf_request_get_cookie:
 * @self: a request
 * @name: a name; case matters
 *
 * Finds a cookie that [method@Request.set_cookie] has set.
 *
 * Returns: (transfer none) (nullable): its value, owned by @self; %NULL when there is none
 *
 * Since: 1.0
 */
const char *
hf_request_get_cookie (HfRequest  *self,
                       const char *name)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return hf_cookies_find (self->data->cookies, name);
}

/**
 * hf_request_set_cookie:
 * @self: a request that was not submitted
 * @name: the name; case matters
 * @value: the value, without quotation marks of its own
 *
 * Has a cookie sent with this request only (RFC 6265 §4.2), beside those of the session's jar and
 * in place of a cookie there that has the same name.
 *
 * The jar does not get it. It goes to the origin that the request was submitted for, and to no
 * other: a redirect to another scheme, host or port leaves it behind for good, and so does an
 * answer on the way that sets a cookie of that name. A `Cookie` field that is set on the request
 * replaces all cookies.
 *
 * The name cannot have spaces, commas, semicolons, quotation marks or equals signs, nor the value
 * semicolons, and neither can have control characters; the future fails with
 * `HF_ERROR_INVALID_REQUEST` then. Both are sent as they are.
 *
 * Since: 1.0
 */
void
hf_request_set_cookie (HfRequest  *self,
                       const char *name,
                       const char *value)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  request_change_cookie (self, name, value);
}

/**
 * hf_request_remove_cookie:
 * @self: a request that was not submitted
 * @name: the name; case matters
 *
 * Takes back what [method@Request.set_cookie] has set. A cookie of that name in the session's jar
 * is sent again.
 *
 * Since: 1.0
 */
void
hf_request_remove_cookie (HfRequest  *self,
                          const char *name)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);

  request_change_cookie (self, name, NULL);
}
