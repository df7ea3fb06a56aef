/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-defaults-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"
#include "hf-validate-private.h"

static HfRequestDefaults *
request_defaults_alloc (void)
{
  HfRequestDefaults *self = g_new0 (HfRequestDefaults, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

/* Returns: (transfer full): defaults that change nothing */
HfRequestDefaults *
hf_request_defaults_new (void)
{
  HfRequestDefaults *self = request_defaults_alloc ();

  self->headers = hf_headers_new ();
  self->params = hf_params_new ();
  return self;
}

/* Returns: (transfer full): the same, to be changed */
HfRequestDefaults *
hf_request_defaults_copy (HfRequestDefaults *from)
{
  HfRequestDefaults *self = request_defaults_alloc ();

  self->base_uri = g_strdup (from->base_uri);
  self->base = from->base != NULL ? g_uri_ref (from->base) : NULL;
  self->user_agent = g_strdup (from->user_agent);
  self->headers = hf_headers_copy (from->headers);
  self->params = hf_params_copy (from->params);
  g_set_object (&self->auth, from->auth);
  return self;
}

HfRequestDefaults *
hf_request_defaults_ref (HfRequestDefaults *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_request_defaults_unref (HfRequestDefaults *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->base_uri);
  g_clear_pointer (&self->base, g_uri_unref);
  g_free (self->user_agent);
  hf_headers_unref (self->headers);
  g_ptr_array_unref (self->params);
  g_clear_object (&self->auth);
  g_free (self);
}

gboolean
hf_request_defaults_is_empty (HfRequestDefaults *self)
{
  return self->base_uri == NULL && self->user_agent == NULL && self->auth == NULL &&
         hf_headers_get_n_items (self->headers) == 0 && self->params->len == 0;
}

typedef int (*HfCompareNames) (const char *one,
                               const char *other);

static gboolean
has_name (GPtrArray      *pairs,
          const char     *name,
          HfCompareNames  compare)
{
  for (guint i = 0; i < pairs->len; i += 2)
    if (compare (g_ptr_array_index (pairs, i), name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_omitted (GPtrArray      *names,
            const char     *name,
            HfCompareNames  compare)
{
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (compare (g_ptr_array_index (names, i), name) == 0)
      return TRUE;
  return FALSE;
}

/* Appends the pairs that have the name of one, or those whose name is new. */
static void
append_pairs (GPtrArray      *to,
              GPtrArray      *from,
              const char     *name,
              HfCompareNames  compare)
{
  for (guint i = 0; i < from->len; i += 2)
    {
      const char *found = g_ptr_array_index (from, i);

      if (name == NULL || compare (found, name) == 0)
        hf_params_append (to, found, g_ptr_array_index (from, i + 1));
    }
}

/*
 * Names and values of a request with the defaults before them. What the request has under a name
 * of a default comes in the place of that default.
 */
static GPtrArray *
merge_pairs (GPtrArray      *defaults,
             GPtrArray      *own,
             GPtrArray      *omitted,
             HfCompareNames  compare)
{
  g_autoptr (GPtrArray) rest = hf_params_new ();
  GPtrArray *merged = hf_params_new ();

  for (guint i = 0; i < defaults->len; i += 2)
    {
      const char *name = g_ptr_array_index (defaults, i);

      if (has_name (own, name, compare))
        {
          if (!has_name (merged, name, compare))
            append_pairs (merged, own, name, compare);
        }
      else if (!is_omitted (omitted, name, compare))
        {
          hf_params_append (merged, name, g_ptr_array_index (defaults, i + 1));
        }
    }

  for (guint i = 0; i < own->len; i += 2)
    if (!has_name (merged, g_ptr_array_index (own, i), compare))
      hf_params_append (rest, g_ptr_array_index (own, i), g_ptr_array_index (own, i + 1));
  append_pairs (merged, rest, NULL, compare);
  return merged;
}

static GPtrArray *
headers_to_pairs (HfHeaders *headers)
{
  GPtrArray *pairs = hf_params_new ();

  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    hf_params_append (pairs, hf_headers_get_name (headers, i), hf_headers_get_value (headers, i));
  return pairs;
}

static void
apply_headers (HfRequestDefaults *self,
               HfRequestData     *data)
{
  g_autoptr (GPtrArray) defaults = headers_to_pairs (self->headers);
  g_autoptr (GPtrArray) own = headers_to_pairs (data->headers);
  g_autoptr (GPtrArray) merged = NULL;
  HfHeaders *headers;

  if (self->user_agent != NULL && hf_headers_peek (self->headers, "User-Agent") == NULL)
    {
      g_ptr_array_insert (defaults, 0, g_strdup ("User-Agent"));
      g_ptr_array_insert (defaults, 1, g_strdup (self->user_agent));
    }
  /* Credentials of the request's own are as good as a field of its own. */
  if (data->auth != NULL)
    for (guint i = defaults->len; i > 0; i -= 2)
      if (g_ascii_strcasecmp (g_ptr_array_index (defaults, i - 2), "Authorization") == 0)
        g_ptr_array_remove_range (defaults, i - 2, 2);
  if (defaults->len == 0)
    return;

  merged = merge_pairs (defaults, own, data->omitted_headers, g_ascii_strcasecmp);
  headers = hf_headers_new ();
  for (guint i = 0; i < merged->len; i += 2)
    hf_headers_append (headers, g_ptr_array_index (merged, i), g_ptr_array_index (merged, i + 1));
  hf_headers_unref (data->headers);
  data->headers = headers;
}

/* Returns: (transfer full): the URI with the default parameters in it */
static char *
apply_params (HfRequestDefaults *self,
              HfRequestData     *data)
{
  g_autoptr (GPtrArray) none = hf_params_new ();
  GPtrArray *own = data->params != NULL ? data->params : none;
  g_autoptr (GPtrArray) merged = NULL;

  if (self->params->len == 0)
    return g_strdup (data->uri);

  merged = merge_pairs (self->params, own, data->omitted_params, g_strcmp0);
  return hf_params_append_to_uri (merged, data->params != NULL ? data->bare_uri : data->uri);
}

/* So that a copy of what was submitted can be submitted, too, without having them twice. */
static void
omit_params_from_now_on (HfRequestDefaults *self,
                         HfRequestData     *data)
{
  for (guint i = 0; i < self->params->len; i += 2)
    hf_request_data_omit (&data->omitted_params, g_ptr_array_index (self->params, i));
}

static char *
resolve (HfRequestDefaults  *self,
         const char         *uri,
         GError            **error)
{
  g_autoptr (GUri) absolute = NULL;

  if (self->base_uri == NULL || g_uri_peek_scheme (uri) != NULL)
    return g_strdup (uri);

  if (self->base == NULL)
    hf_validate_uri (self->base_uri, NULL, error); /* says what is wrong with it */
  else
    absolute = hf_validate_uri (uri, self->base, error);
  return absolute != NULL ? g_uri_to_string (absolute) : NULL;
}

/*
 * hf_request_defaults_apply:
 * @data: what a request says; nobody else has it
 *
 * Completes a request. It is complete but for its URI when that cannot be resolved.
 *
 * Returns: %FALSE with @error set when the URI cannot be resolved
 */
gboolean
hf_request_defaults_apply (HfRequestDefaults  *self,
                           HfRequestData      *data,
                           GError            **error)
{
  g_autofree char *with_params = apply_params (self, data);
  g_autofree char *uri = resolve (self, with_params, error);

  apply_headers (self, data);
  if (data->auth == NULL &&
      !is_omitted (data->omitted_headers, "Authorization", g_ascii_strcasecmp))
    g_set_object (&data->auth, self->auth);
  omit_params_from_now_on (self, data);
  hf_request_data_set_uri (data, uri != NULL ? uri : with_params);
  return uri != NULL;
}
