/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-response-private.h"

#include <unistd.h>

#include "hf-body-private.h"

/*
 * Responses as users see them, for the hooks in worker processes: with the request, and with the
 * responses that led there. Bodies of requests go along while they are small.
 */

static gboolean
body_is_small (HfBody *body)
{
  gsize size = 0;

  if (body->bytes != NULL)
    return g_bytes_get_size (body->bytes) <= HF_WIRE_MOST_INLINE;
  for (guint i = 0; i < body->parts->len; i++)
    {
      HfBodyPart *part = g_ptr_array_index (body->parts, i);

      if (part->bytes == NULL)
        return FALSE;
      size += g_bytes_get_size (part->bytes);
    }
  return size <= HF_WIRE_MOST_INLINE;
}

static GVariant *
pack_request (HfRequestData *request)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  int fd;

  g_variant_dict_insert (&values, "method", "s", request->method);
  g_variant_dict_insert (&values, "uri", "^ay", request->uri);
  g_variant_dict_insert_value (&values, "headers", hf_wire_pack_headers (request->headers));
  if (request->body != NULL && body_is_small (request->body))
    hf_wire_pack_body (request->body, &values, &fd, NULL);
  return g_variant_dict_end (&values);
}

static HfRequestData *
unpack_request (GVariant *values)
{
  HfFrame frame = { .values = values };
  g_autoptr (HfBody) body = NULL;
  g_autofree char *uri = NULL;
  const char *method = "GET";
  HfRequestData *request;

  g_variant_lookup (values, "method", "&s", &method);
  g_variant_lookup (values, "uri", "^ay", &uri);
  hf_wire_unpack_body (&frame, &body, NULL);
  request = hf_request_data_new_for (method, uri != NULL ? uri : "", body);
  hf_headers_unref (request->headers);
  request->headers = hf_wire_unpack_headers (values);
  request->complete = TRUE;
  return request;
}

static GVariant *
add_surroundings (HfResponse *response,
                  GVariant   *packed)
{
  g_autoptr (GVariant) begun = g_variant_ref_sink (packed);
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (begun);

  if (response->from != NULL)
    {
      g_autofree char *from = g_uri_to_string (response->from);

      g_variant_dict_insert (&values, "from", "s", from);
    }
  if (response->sent != NULL)
    g_variant_dict_insert_value (&values, "request", pack_request (response->sent));
  if (response->leads_to != NULL)
    g_variant_dict_insert_value (&values, "next", pack_request (response->leads_to));
  return g_variant_dict_end (&values);
}

/* The bodies of redirects are small, or nobody wants them. */
static GVariant *
pack_earlier (HfResponse *response)
{
  HfHop hop = { 0 };
  GVariant *values;
  int fd;

  values = hf_wire_pack_response (response, &hop, &fd, NULL);
  if (fd >= 0)
    close (fd);
  return values != NULL ? add_surroundings (response, values) : g_variant_new ("a{sv}", NULL);
}

/*
 * hf_wire_pack_answer:
 * @fd: (out): sealed bytes that go along, to be closed by the caller; -1: none
 *
 * Returns: (nullable): a floating variant
 */
GVariant *
hf_wire_pack_answer (HfResponse  *response,
                     int         *fd,
                     GError     **error)
{
  g_auto (GVariantBuilder) history = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) packed = NULL;
  HfHop hop = { 0 };
  GVariant *bare;

  bare = hf_wire_pack_response (response, &hop, fd, error);
  if (bare == NULL)
    return NULL;

  packed = g_variant_ref_sink (add_surroundings (response, bare));
  for (guint i = 0; response->history != NULL && i < response->history->len; i++)
    g_variant_builder_add_value (&history, pack_earlier (g_ptr_array_index (response->history, i)));
  g_variant_dict_init (&values, packed);
  g_variant_dict_insert_value (&values, "history", g_variant_builder_end (&history));
  return g_variant_dict_end (&values);
}

static HfResponse *
unpack_one (HfFrame  *frame,
            GError  **error)
{
  HfHop hop = { 0 };
  HfResponse *response = hf_wire_unpack_response (frame, &hop, error);
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariant) next = NULL;
  const char *from;

  if (response == NULL)
    return NULL;

  if (g_variant_lookup (frame->values, "from", "&s", &from))
    response->from = g_uri_parse (from, SOUP_HTTP_URI_FLAGS, NULL);
  request = g_variant_lookup_value (frame->values, "request", G_VARIANT_TYPE_VARDICT);
  if (request != NULL)
    response->sent = unpack_request (request);
  next = g_variant_lookup_value (frame->values, "next", G_VARIANT_TYPE_VARDICT);
  if (next != NULL)
    response->leads_to = unpack_request (next);
  return response;
}

/* Returns: (transfer full) (nullable): the response; %NULL with @error set when it is none */
HfResponse *
hf_wire_unpack_answer (HfFrame  *frame,
                       GError  **error)
{
  g_autoptr (GVariant) history =
    g_variant_lookup_value (frame->values, "history", G_VARIANT_TYPE ("aa{sv}"));
  HfResponse *response = unpack_one (frame, error);

  if (response == NULL || history == NULL || g_variant_n_children (history) == 0)
    return response;

  response->history = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < g_variant_n_children (history); i++)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (history, i);
      HfFrame earlier = { .values = values };
      HfResponse *one = unpack_one (&earlier, NULL);

      if (one != NULL)
        g_ptr_array_add (response->history, one);
    }
  return response;
}
