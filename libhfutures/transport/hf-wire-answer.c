/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-response-private.h"

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

/* What is in another frame's values has no bytes of its own. @nested: cleared */
static GVariant *
end_nested (GVariantDict *values,
            HfFrame      *nested)
{
  if (nested->data != NULL)
    g_variant_dict_insert_value (values, "data",
                                 g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, nested->data,
                                                           TRUE));
  hf_frame_clear (nested);
  return g_variant_dict_end (values);
}

/* Returns: what was packed so, to be cleared */
static HfFrame
begin_nested (GVariant *values)
{
  g_autoptr (GVariant) data = g_variant_lookup_value (values, "data", G_VARIANT_TYPE_BYTESTRING);
  HfFrame nested = { .values = g_variant_ref (values) };

  if (data != NULL)
    nested.data = g_variant_get_data_as_bytes (data);
  return nested;
}

static GVariant *
pack_request (HfRequestData *request)
{
  g_autofree char *headers = hf_wire_pack_headers (request->headers);
  GVariantDict values = G_VARIANT_DICT_INIT (NULL);
  HfFrame nested = { 0 };
  GVariant *body = NULL;

  g_variant_dict_insert (&values, "method", "s", request->method);
  g_variant_dict_insert (&values, "uri", "^ay", request->uri);
  g_variant_dict_insert (&values, "headers", "s", headers);
  if (request->body != NULL && body_is_small (request->body))
    body = hf_wire_pack_body (request->body, &nested, NULL);
  if (body != NULL)
    g_variant_dict_insert_value (&values, "body", body);
  return end_nested (&values, &nested);
}

static HfRequestData *
unpack_request (GVariant *values)
{
  g_auto (HfFrame) nested = begin_nested (values);
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (HfBody) body = NULL;
  g_autofree char *uri = NULL;
  const char *method = "GET";
  const char *headers = "";
  HfRequestData *request;

  g_variant_lookup (values, "method", "&s", &method);
  g_variant_lookup (values, "uri", "^ay", &uri);
  g_variant_lookup (values, "headers", "&s", &headers);
  packed = g_variant_lookup_value (values, "body", G_VARIANT_TYPE (HF_FRAME_BODY_TYPE));
  if (packed != NULL)
    hf_wire_unpack_body (packed, &nested, &body, NULL);
  request = hf_request_data_new_for (method, uri != NULL ? uri : "", body);
  hf_headers_unref (request->headers);
  request->headers = hf_wire_unpack_headers (headers);
  request->complete = TRUE;
  return request;
}

static void
pack_surroundings (HfResponse   *response,
                   GVariantDict *values)
{
  if (response->from != NULL)
    {
      g_autofree char *from = g_uri_to_string (response->from);

      g_variant_dict_insert (values, "from", "s", from);
    }
  if (response->sent != NULL)
    g_variant_dict_insert_value (values, "request", pack_request (response->sent));
  if (response->leads_to != NULL)
    g_variant_dict_insert_value (values, "next", pack_request (response->leads_to));
}

static gboolean
pack_one (HfResponse    *response,
          GVariantDict  *values,
          HfFrame       *frame,
          GError       **error)
{
  GVariant *packed = hf_wire_pack_response (response, frame, error);

  if (packed == NULL)
    return FALSE;

  g_variant_dict_insert_value (values, "response", packed);
  pack_surroundings (response, values);
  return TRUE;
}

/* The bodies of redirects are no larger than HF_HOP_INTERIM_BODY_LIMIT, so they are there. */
static GVariant *
pack_earlier (HfResponse *response)
{
  GVariantDict values = G_VARIANT_DICT_INIT (NULL);
  HfFrame nested = { 0 };

  pack_one (response, &values, &nested, NULL);
  return end_nested (&values, &nested);
}

/* Adds the response to the values of a frame, and to the frame what does not belong there. */
gboolean
hf_wire_pack_answer (HfResponse    *response,
                     GVariantDict  *values,
                     HfFrame       *frame,
                     GError       **error)
{
  g_auto (GVariantBuilder) history = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (!pack_one (response, values, frame, error))
    return FALSE;

  for (guint i = 0; response->history != NULL && i < response->history->len; i++)
    g_variant_builder_add_value (&history, pack_earlier (g_ptr_array_index (response->history, i)));
  g_variant_dict_insert_value (values, "history", g_variant_builder_end (&history));
  return TRUE;
}

static HfResponse *
unpack_one (HfFrame  *frame,
            GError  **error)
{
  g_autoptr (GVariant) packed =
    g_variant_lookup_value (frame->values, "response", G_VARIANT_TYPE (HF_FRAME_RESPONSE_TYPE));
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariant) next = NULL;
  HfResponse *response;
  HfHop hop = { 0 };
  const char *from;

  if (packed == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The other process sent no response");
      return NULL;
    }

  response = hf_wire_unpack_response (packed, frame, &hop, error);
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
      g_auto (HfFrame) earlier = begin_nested (values);
      HfResponse *one = unpack_one (&earlier, NULL);

      if (one != NULL)
        g_ptr_array_add (response->history, one);
    }
  return response;
}
