/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/*
 * The plain settings of a request: what has a default, a setter, a getter and no logic.
 */

/**
 * hf_request_new_with_options: (skip)
 * @method: the method, such as `GET`
 * @uri: where the request goes
 * @first_property_name: (nullable): the name of a property
 * @...: its value, then names and values of others in turn
 *
 * Makes a request and sets properties of it. %NULL ends the list.
 *
 * Returns: (transfer full): a request
 *
 * Since: 1.0
 */
HfRequest *
hf_request_new_with_options (const char *method,
                             const char *uri,
                             const char *first_property_name,
                             ...)
{
  HfRequest *self = hf_request_new (method, uri);
  va_list rest;

  g_return_val_if_fail (self != NULL, NULL);

  va_start (rest, first_property_name);
  g_object_set_valist (G_OBJECT (self), first_property_name, rest);
  va_end (rest);
  return self;
}

/**
 * hf_request_get_connect_timeout:
 * @self: a request
 *
 * Gives [property@Request:connect-timeout].
 *
 * Returns: how long resolving, connecting, the proxy and TLS may take together, in seconds
 *
 * Since: 1.0
 */
double
hf_request_get_connect_timeout (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->connect_timeout;
}

/**
 * hf_request_set_connect_timeout:
 * @self: a request that was not submitted
 * @connect_timeout: how long resolving, connecting, the proxy and TLS may take together, in seconds
 *
 * Sets [property@Request:connect-timeout].
 *
 * Since: 1.0
 */
void
hf_request_set_connect_timeout (HfRequest *self,
                                double     connect_timeout)
{
  HF_REQUEST_CHANGE (REQUEST_SETTING_CONNECT_TIMEOUT, connect_timeout, connect_timeout);
}

/**
 * hf_request_get_read_timeout:
 * @self: a request
 *
 * Gives [property@Request:read-timeout].
 *
 * Returns: how long the server may be silent, in seconds
 *
 * Since: 1.0
 */
double
hf_request_get_read_timeout (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->read_timeout;
}

/**
 * hf_request_set_read_timeout:
 * @self: a request that was not submitted
 * @read_timeout: how long the server may be silent, in seconds
 *
 * Sets [property@Request:read-timeout].
 *
 * Since: 1.0
 */
void
hf_request_set_read_timeout (HfRequest *self,
                             double     read_timeout)
{
  HF_REQUEST_CHANGE (REQUEST_SETTING_READ_TIMEOUT, read_timeout, read_timeout);
}

/**
 * hf_request_get_deadline:
 * @self: a request
 *
 * Gives [property@Request:deadline].
 *
 * Returns: how long the whole request may take, in seconds, from its submission
 *
 * Since: 1.0
 */
double
hf_request_get_deadline (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->deadline;
}

/**
 * hf_request_set_deadline:
 * @self: a request that was not submitted
 * @deadline: how long the whole request may take, in seconds, from its submission
 *
 * Sets [property@Request:deadline].
 *
 * Since: 1.0
 */
void
hf_request_set_deadline (HfRequest *self,
                         double     deadline)
{
  HF_REQUEST_CHANGE (REQUEST_SETTING_DEADLINE, deadline, deadline);
}

/**
 * hf_request_get_follow_redirects:
 * @self: a request
 *
 * Gives [property@Request:follow-redirects].
 *
 * Returns: whether redirects are followed
 *
 * Since: 1.0
 */
gboolean
hf_request_get_follow_redirects (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), FALSE);

  return self->data->follow_redirects;
}

/**
 * hf_request_set_follow_redirects:
 * @self: a request that was not submitted
 * @follow_redirects: whether redirects are followed
 *
 * Sets [property@Request:follow-redirects].
 *
 * Since: 1.0
 */
void
hf_request_set_follow_redirects (HfRequest *self,
                                 gboolean   follow_redirects)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);

  if (!self->data->follow_redirects_set)
    hf_request_write (self)->follow_redirects_set = TRUE;
  follow_redirects = !!follow_redirects;
  HF_REQUEST_CHANGE (REQUEST_SETTING_FOLLOW_REDIRECTS, follow_redirects, follow_redirects);
}

/**
 * hf_request_get_redirects_keep_body:
 * @self: a request
 *
 * Gives [property@Request:redirects-keep-body].
 *
 * Returns: whether the body is sent again after a redirect by 301
 *
 * Since: 1.0
 */
gboolean
hf_request_get_redirects_keep_body (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), FALSE);

  return self->data->redirects_keep_body;
}

/**
 * hf_request_set_redirects_keep_body:
 * @self: a request that was not submitted
 * @redirects_keep_body: whether the body is sent again after a redirect by 301
 *
 * Sets [property@Request:redirects-keep-body].
 *
 * Since: 1.0
 */
void
hf_request_set_redirects_keep_body (HfRequest *self,
                                    gboolean   redirects_keep_body)
{
  redirects_keep_body = !!redirects_keep_body;
  HF_REQUEST_CHANGE (REQUEST_SETTING_REDIRECTS_KEEP_BODY, redirects_keep_body, redirects_keep_body);
}

/**
 * hf_request_get_max_redirects:
 * @self: a request
 *
 * Gives [property@Request:max-redirects].
 *
 * Returns: how many redirects are followed before the future fails with
 *   `HF_ERROR_TOO_MANY_REDIRECTS`
 *
 * Since: 1.0
 */
guint
hf_request_get_max_redirects (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->max_redirects;
}

/**
 * hf_request_set_max_redirects:
 * @self: a request that was not submitted
 * @max_redirects: how many redirects are followed before the future fails with
 *   `HF_ERROR_TOO_MANY_REDIRECTS`
 *
 * Sets [property@Request:max-redirects].
 *
 * Since: 1.0
 */
void
hf_request_set_max_redirects (HfRequest *self,
                              guint      max_redirects)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);

  if (!self->data->max_redirects_set)
    hf_request_write (self)->max_redirects_set = TRUE;
  HF_REQUEST_CHANGE (REQUEST_SETTING_MAX_REDIRECTS, max_redirects, max_redirects);
}

/**
 * hf_request_get_raise_for_status:
 * @self: a request
 *
 * Gives [property@Request:raise-for-status].
 *
 * Returns: whether a status of 400 and above makes the future fail
 *
 * Since: 1.0
 */
gboolean
hf_request_get_raise_for_status (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), FALSE);

  return self->data->raise_for_status;
}

/**
 * hf_request_set_raise_for_status:
 * @self: a request that was not submitted
 * @raise_for_status: whether a status of 400 and above makes the future fail
 *
 * Sets [property@Request:raise-for-status].
 *
 * Since: 1.0
 */
void
hf_request_set_raise_for_status (HfRequest *self,
                                 gboolean   raise_for_status)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);

  if (!self->data->raise_for_status_set)
    hf_request_write (self)->raise_for_status_set = TRUE;
  raise_for_status = !!raise_for_status;
  HF_REQUEST_CHANGE (REQUEST_SETTING_RAISE_FOR_STATUS, raise_for_status, raise_for_status);
}

/**
 * hf_request_get_max_body_size:
 * @self: a request
 *
 * Gives [property@Request:max-body-size].
 *
 * Returns: the largest body to accept, in bytes as they would be returned, after decoding
 *
 * Since: 1.0
 */
guint64
hf_request_get_max_body_size (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->max_body_size;
}

/**
 * hf_request_set_max_body_size:
 * @self: a request that was not submitted
 * @max_body_size: the largest body to accept, in bytes as they would be returned, after decoding
 *
 * Sets [property@Request:max-body-size].
 *
 * Since: 1.0
 */
void
hf_request_set_max_body_size (HfRequest *self,
                              guint64    max_body_size)
{
  HF_REQUEST_CHANGE (REQUEST_SETTING_MAX_BODY_SIZE, max_body_size, max_body_size);
}

/**
 * hf_request_get_priority:
 * @self: a request
 *
 * Gives [property@Request:priority].
 *
 * Returns: when the request gets its turn among those that wait; lower is sooner, as GLib's main
 *   loop has it
 *
 * Since: 1.0
 */
int
hf_request_get_priority (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->priority;
}

/**
 * hf_request_set_priority:
 * @self: a request that was not submitted
 * @priority: when the request gets its turn among those that wait; lower is sooner, as GLib's main
 *   loop has it
 *
 * Sets [property@Request:priority].
 *
 * Since: 1.0
 */
void
hf_request_set_priority (HfRequest *self,
                         int        priority)
{
  HF_REQUEST_CHANGE (REQUEST_SETTING_PRIORITY, priority, priority);
}

/**
 * hf_request_get_cancellable:
 * @self: a request
 *
 * Gives [property@Request:cancellable].
 *
 * Returns: (transfer none) (nullable): what cancels the request, queued or running; %NULL when
 *   nothing was set
 *
 * Since: 1.0
 */
GCancellable *
hf_request_get_cancellable (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->cancellable;
}

/**
 * hf_request_set_cancellable:
 * @self: a request that was not submitted
 * @cancellable: (nullable): what cancels the request, queued or running, or %NULL for nothing
 *
 * Sets [property@Request:cancellable].
 *
 * Since: 1.0
 */
void
hf_request_set_cancellable (HfRequest    *self,
                            GCancellable *cancellable)
{
  HF_REQUEST_CHANGE_OBJECT (REQUEST_SETTING_CANCELLABLE, cancellable, cancellable);
}
