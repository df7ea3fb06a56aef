/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

/* The verbs. */

/**
 * hf_futures_session_request:
 * @self: a session
 * @method: the method, such as `GET`
 * @uri: where the request goes
 * @body: (nullable): what to send, or %NULL for nothing
 *
 * Submits a request.
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_request (HfFuturesSession *self,
                            const char       *method,
                            const char       *uri,
                            HfBody           *body)
{
  g_return_val_if_fail (HF_IS_FUTURES_SESSION (self), NULL);
  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (body == NULL || HF_IS_BODY (body), NULL);

  return hf_futures_session_send_verb (self, method, uri, body);
}

/**
 * hf_futures_session_get:
 * @self: a session
 * @uri: where the request goes
 *
 * Asks for what is at a URI, with `GET` (RFC 9110 §9.3.1).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_get (HfFuturesSession *self,
                        const char       *uri)
{
  return hf_futures_session_request (self, "GET", uri, NULL);
}

/**
 * hf_futures_session_head:
 * @self: a session
 * @uri: where the request goes
 *
 * Asks for the headers of what is at a URI, with `HEAD` (RFC 9110 §9.3.2).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_head (HfFuturesSession *self,
                         const char       *uri)
{
  return hf_futures_session_request (self, "HEAD", uri, NULL);
}

/**
 * hf_futures_session_options:
 * @self: a session
 * @uri: where the request goes
 *
 * Asks what can be done with a URI, with `OPTIONS` (RFC 9110 §9.3.7).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_options (HfFuturesSession *self,
                            const char       *uri)
{
  return hf_futures_session_request (self, "OPTIONS", uri, NULL);
}

/**
 * hf_futures_session_delete:
 * @self: a session
 * @uri: where the request goes
 *
 * Has what is at a URI deleted, with `DELETE` (RFC 9110 §9.3.5).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_delete (HfFuturesSession *self,
                           const char       *uri)
{
  return hf_futures_session_request (self, "DELETE", uri, NULL);
}

/**
 * hf_futures_session_post:
 * @self: a session
 * @uri: where the request goes
 * @body: (nullable): what to send, or %NULL for nothing
 *
 * Has a body processed by what is at a URI, with `POST` (RFC 9110 §9.3.3).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_post (HfFuturesSession *self,
                         const char       *uri,
                         HfBody           *body)
{
  return hf_futures_session_request (self, "POST", uri, body);
}

/**
 * hf_futures_session_put:
 * @self: a session
 * @uri: where the request goes
 * @body: (nullable): what to send, or %NULL for nothing
 *
 * Has what is at a URI replaced by a body, with `PUT` (RFC 9110 §9.3.4).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_put (HfFuturesSession *self,
                        const char       *uri,
                        HfBody           *body)
{
  return hf_futures_session_request (self, "PUT", uri, body);
}

/**
 * hf_futures_session_patch:
 * @self: a session
 * @uri: where the request goes
 * @body: (nullable): what to send, or %NULL for nothing
 *
 * Has what is at a URI changed as a body says, with `PATCH` (RFC 5789).
 *
 * Returns: (transfer full): the future of its response; whatever is wrong is that future's error
 *
 * Since: 1.0
 */
HfFuture *
hf_futures_session_patch (HfFuturesSession *self,
                          const char       *uri,
                          HfBody           *body)
{
  return hf_futures_session_request (self, "PATCH", uri, body);
}
