/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

#include "hf-form-private.h"

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
 * Since: 1.0
 */
void
hf_request_append_param (HfRequest  *self,
                         const char *name,
                         const char *value)
{
  g_autoptr (GString) changed = NULL;
  g_autoptr (GString) params = NULL;
  const char *fragment;
  const char *query;
  const char *uri;

  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  /* The query begins after the first question mark and ends where the fragment begins (RFC 3986
   * §3.4); it may have question marks, too. */
  uri = self->data->uri;
  fragment = uri + strcspn (uri, "#");
  query = uri + strcspn (uri, "?#");
  changed = g_string_new_len (uri, query - uri);
  if (query < fragment)
    query++;
  params = g_string_new_len (query, fragment - query);
  hf_form_append_field (params, name, value);

  g_string_append_printf (changed, "?%s%s", params->str, fragment);
  hf_request_set_uri (self, changed->str);
}
