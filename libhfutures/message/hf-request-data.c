/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

#include "hf-request-defaults-private.h"

static HfRequestData *
request_data_alloc (void)
{
  HfRequestData *self = g_new0 (HfRequestData, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

/* Returns: (transfer full): a GET of nowhere, with all defaults */
HfRequestData *
hf_request_data_new (void)
{
  /* Never freed; always shared, so never changed. Not g_ref_string_new_intern(): with GLib 2.74 a
   * string that one thread lets go of while another one asks for it is used after it was freed. */
  static GRefString *no_uri = NULL;
  static HfHeaders *no_headers = NULL;
  HfRequestData *self = request_data_alloc ();

  if (g_once_init_enter (&no_headers))
    {
      no_uri = g_ref_string_new ("");
      g_once_init_leave (&no_headers, hf_headers_new ());
    }

  self->method = g_intern_static_string ("GET");
  self->uri = g_ref_string_acquire (no_uri);
  self->headers = hf_headers_ref (no_headers);
  self->connect_timeout = -1;
  self->read_timeout = -1;
  self->deadline = -1;
  self->follow_redirects = TRUE;
  self->redirects_keep_body = TRUE;
  self->max_redirects = 30;
  self->priority = G_PRIORITY_DEFAULT;
  return self;
}

/* Returns: (transfer full): a request that differs from the defaults in nothing else */
HfRequestData *
hf_request_data_new_for (const char *method,
                         const char *uri,
                         HfBody     *body)
{
  HfRequestData *self = hf_request_data_new ();

  self->method = g_intern_string (method);
  hf_request_data_set_uri (self, uri);
  g_set_object (&self->body, body);
  return self;
}

void
hf_request_data_set_uri (HfRequestData *self,
                         const char    *uri)
{
  GRefString *before = self->uri;

  self->uri = g_ref_string_new (uri);
  g_ref_string_release (before);
  g_clear_pointer (&self->bare_uri, g_ref_string_release);
  g_clear_pointer (&self->params, g_ptr_array_unref);
}

static GPtrArray *
names_copy (GPtrArray *names)
{
  return names != NULL ? g_ptr_array_copy (names, (GCopyFunc) g_strdup, NULL) : NULL;
}

/* Adds a name to a list of what is to be left out. */
void
hf_request_data_omit (GPtrArray  **names,
                      const char  *name)
{
  if (*names == NULL)
    *names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (*names, g_strdup (name));
}

/* Returns: (transfer full): the same, to be changed */
HfRequestData *
hf_request_data_copy (HfRequestData *from)
{
  HfRequestData *self = request_data_alloc ();

  self->method = from->method;
  self->uri = g_ref_string_acquire (from->uri);
  self->headers = hf_headers_ref (from->headers);
  g_set_object (&self->body, from->body);
  self->cookies = from->cookies != NULL ? g_ptr_array_ref (from->cookies) : NULL;
  self->connect_timeout = from->connect_timeout;
  self->read_timeout = from->read_timeout;
  self->deadline = from->deadline;
  self->follow_redirects = from->follow_redirects;
  self->max_redirects = from->max_redirects;
  self->redirects_keep_body = from->redirects_keep_body;
  self->max_body_size = from->max_body_size;
  self->priority = from->priority;
  g_set_object (&self->cancellable, from->cancellable);
  g_set_object (&self->proxy_resolver, from->proxy_resolver);
  g_set_object (&self->tls_database, from->tls_database);
  g_set_object (&self->tls_certificate, from->tls_certificate);
  g_set_object (&self->auth, from->auth);
  self->tls_insecure = from->tls_insecure;
  self->raise_for_status = from->raise_for_status;
  self->follow_redirects_set = from->follow_redirects_set;
  self->max_redirects_set = from->max_redirects_set;
  self->raise_for_status_set = from->raise_for_status_set;
  self->complete = from->complete;
  self->bare_uri = from->bare_uri != NULL ? g_ref_string_acquire (from->bare_uri) : NULL;
  self->params = from->params != NULL ? hf_params_copy (from->params) : NULL;
  self->omitted_headers = names_copy (from->omitted_headers);
  self->omitted_params = names_copy (from->omitted_params);
  self->stream = from->stream;
  g_set_object (&self->destination, from->destination);
  self->max_decompression_ratio = from->max_decompression_ratio;
  return self;
}

HfRequestData *
hf_request_data_ref (HfRequestData *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_request_data_unref (HfRequestData *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ref_string_release (self->uri);
  hf_headers_unref (self->headers);
  g_clear_object (&self->body);
  g_clear_pointer (&self->cookies, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->proxy_resolver);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->tls_certificate);
  g_clear_object (&self->auth);
  g_clear_pointer (&self->bare_uri, g_ref_string_release);
  g_clear_pointer (&self->params, g_ptr_array_unref);
  g_clear_pointer (&self->omitted_headers, g_ptr_array_unref);
  g_clear_pointer (&self->omitted_params, g_ptr_array_unref);
  g_clear_object (&self->destination);
  g_free (self);
}
