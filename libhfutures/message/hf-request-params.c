/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-defaults-private.h"

#include <string.h>

#include "hf-form-private.h"

/* Returns: (transfer full): an empty list of names and values */
GPtrArray *
hf_params_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

GPtrArray *
hf_params_copy (GPtrArray *params)
{
  return g_ptr_array_copy (params, (GCopyFunc) g_strdup, NULL);
}

void
hf_params_append (GPtrArray  *params,
                  const char *name,
                  const char *value)
{
  g_ptr_array_add (params, g_strdup (name));
  g_ptr_array_add (params, g_strdup (value));
}

/*
 * hf_params_append_to_uri:
 *
 * Puts parameters behind a query. It begins after the first question mark and ends where the
 * fragment begins (RFC 3986 §3.4); it may have question marks, too.
 */
char *
hf_params_append_to_uri (GPtrArray  *params,
                         const char *uri)
{
  const char *fragment = uri + strcspn (uri, "#");
  const char *query = uri + strcspn (uri, "?#");
  g_autoptr (GString) changed = g_string_new_len (uri, query - uri);
  g_autoptr (GString) added = NULL;

  if (params->len == 0)
    return g_strdup (uri);

  if (query < fragment)
    query++;
  added = g_string_new_len (query, fragment - query);
  for (guint i = 0; i < params->len; i += 2)
    hf_form_append_field (added, g_ptr_array_index (params, i), g_ptr_array_index (params, i + 1));

  g_string_append_printf (changed, "?%s%s", added->str, fragment);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}

/**
 * hf_request_append_param:
 * @self: a request that was not submitted
 * @name: the parameter's name
 * @value: the parameter's value
 *
 * Adds a parameter to the query of [property@Request:uri], behind those that are there, encoded as
 * an HTML form does it.
 *
 * The rest of the URI stays as it is, be it valid or not. A name may be repeated.
 *
 * It takes the place of the session's parameters of that name; those that the URI had before do
 * not. See [property@FuturesSession:params].
 *
 * Since: 1.0
 */
void
hf_request_append_param (HfRequest  *self,
                         const char *name,
                         const char *value)
{
  g_autoptr (GPtrArray) added = NULL;
  g_autoptr (GPtrArray) params = NULL;
  g_autofree char *changed = NULL;
  GRefString *bare_uri;
  HfRequestData *data;

  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  added = hf_params_new ();
  hf_params_append (added, name, value);
  changed = hf_params_append_to_uri (added, self->data->uri);

  data = hf_request_write (self);
  params = data->params != NULL ? g_steal_pointer (&data->params) : hf_params_new ();
  hf_params_append (params, name, value);
  bare_uri = data->bare_uri != NULL ? g_steal_pointer (&data->bare_uri)
                                    : g_ref_string_acquire (data->uri);
  hf_request_data_set_uri (data, changed);
  data->params = g_steal_pointer (&params);
  data->bare_uri = bare_uri;
  g_object_notify (G_OBJECT (self), "uri");
}

/**
 * hf_request_omit_param:
 * @self: a request that was not submitted
 * @name: the parameter's name
 *
 * Leaves the session's parameters of a name out; see [property@FuturesSession:params].
 *
 * Since: 1.0
 */
void
hf_request_omit_param (HfRequest  *self,
                       const char *name)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);

  hf_request_data_omit (&hf_request_write (self)->omitted_params, name);
}

/**
 * hf_request_omit_header:
 * @self: a request that was not submitted
 * @name: the field's name, in any case
 *
 * Leaves the session's header fields of a name out; see [property@FuturesSession:headers].
 *
 * `Authorization` leaves the session's credentials out, too. A field of that name that the request
 * has itself is sent.
 *
 * Since: 1.0
 */
void
hf_request_omit_header (HfRequest  *self,
                        const char *name)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);

  hf_request_data_omit (&hf_request_write (self)->omitted_headers, name);
}
