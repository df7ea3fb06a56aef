/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/**
 * hf_request_get_auth:
 * @self: a request
 *
 * Gives [property@Request:auth].
 *
 * Returns: (transfer none) (nullable): the credentials, or %NULL
 *
 * Since: 1.0
 */
HfAuth *
hf_request_get_auth (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->auth;
}

/**
 * hf_request_set_auth:
 * @self: a request that was not submitted
 * @auth: (nullable): the credentials, or %NULL
 *
 * Sets [property@Request:auth].
 *
 * Since: 1.0
 */
void
hf_request_set_auth (HfRequest *self,
                     HfAuth    *auth)
{
  g_return_if_fail (auth == NULL || HF_IS_AUTH (auth));

  HF_REQUEST_CHANGE_OBJECT (REQUEST_SETTING_AUTH, auth, auth);
}
