/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-private.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "hf-error-private.h"
#include "hf-request-private.h"

/**
 * HfResponse:
 *
 * What a server answered.
 *
 * A response is immutable: it may be read from any thread. It is complete, but for the body of one
 * that was asked for as a stream, with [property@Request:stream]. Any status is a response,
 * also 404 and 500; [method@Response.check_status] makes an error of those.
 *
 * Since: 1.0
 */

enum {
  PROP_0,
  PROP_STATUS,
  PROP_REASON,
  PROP_OK,
  PROP_URI,
  PROP_HEADERS,
  PROP_BYTES,
  PROP_ENCODING,
  PROP_HISTORY,
  PROP_ELAPSED,
  PROP_REQUEST,
  PROP_APPARENT_ENCODING,
  PROP_HTTP_VERSION,
  PROP_METRICS,
  PROP_NEXT,
  PROP_TLS_CERTIFICATE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfResponse, hf_response, G_TYPE_OBJECT)

static void
hf_response_finalize (GObject *object)
{
  HfResponse *self = HF_RESPONSE (object);

  g_free (self->reason);
  g_free (self->uri);
  hf_headers_unref (self->headers);
  g_bytes_unref (self->bytes);
  g_clear_pointer (&self->loaded, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_object (&self->closing);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_object (&self->request);
  g_clear_object (&self->next);
  g_clear_object (&self->tls_certificate);
  g_clear_pointer (&self->packed_certificate, g_bytes_unref);
  g_clear_pointer (&self->attached, g_variant_unref);
  hf_response_forget_sealed (self);
  g_clear_pointer (&self->leads_to, hf_request_data_unref);
  g_clear_pointer (&self->sent, hf_request_data_unref);
  g_clear_pointer (&self->from, g_uri_unref);
  g_free (self->encoding);

  G_OBJECT_CLASS (hf_response_parent_class)->finalize (object);
}

static void
hf_response_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  HfResponse *self = HF_RESPONSE (object);

  switch (prop_id)
    {
    case PROP_STATUS:
      g_value_set_uint (value, self->status);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_OK:
      g_value_set_boolean (value, hf_response_get_ok (self));
      break;
    case PROP_URI:
      g_value_set_string (value, hf_response_get_uri (self));
      break;
    case PROP_HEADERS:
      g_value_set_boxed (value, self->headers);
      break;
    case PROP_BYTES:
      g_value_set_boxed (value, hf_response_get_bytes (self));
      break;
    case PROP_ENCODING:
      g_value_set_string (value, hf_response_get_encoding (self));
      break;
    case PROP_HISTORY:
      g_value_set_boxed (value, hf_response_get_history (self));
      break;
    case PROP_ELAPSED:
      g_value_set_double (value, self->elapsed);
      break;
    case PROP_REQUEST:
      g_value_set_object (value, hf_response_get_request (self));
      break;
    case PROP_APPARENT_ENCODING:
      g_value_set_string (value, hf_response_get_apparent_encoding (self));
      break;
    case PROP_HTTP_VERSION:
      g_value_set_enum (value, self->http_version);
      break;
    case PROP_METRICS:
      g_value_set_boxed (value, &self->metrics);
      break;
    case PROP_NEXT:
      g_value_set_object (value, hf_response_get_next (self));
      break;
    case PROP_TLS_CERTIFICATE:
      g_value_set_object (value, hf_response_get_tls_certificate (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
hf_response_class_init (HfResponseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = hf_response_finalize;
  object_class->get_property = hf_response_get_property;

  /**
   * HfResponse:status: (attributes org.gtk.Property.get=hf_response_get_status)
   *
   * The status code (RFC 9110 §15).
   *
   * Since: 1.0
   */
  props[PROP_STATUS] = g_param_spec_uint ("status", NULL, NULL, 0, 999, 0, flags);

  /**
   * HfResponse:reason: (attributes org.gtk.Property.get=hf_response_get_reason)
   *
   * The reason phrase that came with the status; the standard one when none came.
   *
   * Since: 1.0
   */
  props[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, "", flags);

  /**
   * HfResponse:ok: (attributes org.gtk.Property.get=hf_response_get_ok)
   *
   * Whether the status is below 400.
   *
   * Since: 1.0
   */
  props[PROP_OK] = g_param_spec_boolean ("ok", NULL, NULL, FALSE, flags);

  /**
   * HfResponse:uri: (attributes org.gtk.Property.get=hf_response_get_uri)
   *
   * Where the response came from, after all redirects, without credentials.
   *
   * Since: 1.0
   */
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, "", flags);

  /**
   * HfResponse:headers: (attributes org.gtk.Property.get=hf_response_get_headers)
   *
   * The header fields.
   *
   * Since: 1.0
   */
  props[PROP_HEADERS] = g_param_spec_boxed ("headers", NULL, NULL, HF_TYPE_HEADERS, flags);

  /**
   * HfResponse:bytes: (attributes org.gtk.Property.get=hf_response_get_bytes)
   *
   * The body, decoded from its content encoding. Empty when it went to
   * [property@Request:destination], and while it is a stream that was not loaded.
   *
   * Since: 1.0
   */
  props[PROP_BYTES] = g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES, flags);

  /**
   * HfResponse:encoding: (attributes org.gtk.Property.get=hf_response_get_encoding)
   *
   * The charset of the body, by which [method@Response.get_text] reads it.
   *
   * Since: 1.0
   */
  props[PROP_ENCODING] = g_param_spec_string ("encoding", NULL, NULL, NULL, flags);

  /**
   * HfResponse:history: (attributes org.gtk.Property.get=hf_response_get_history) (type GPtrArray(HfResponse))
   *
   * The redirects on the way to this response, oldest first.
   *
   * Since: 1.0
   */
  props[PROP_HISTORY] = g_param_spec_boxed ("history", NULL, NULL, G_TYPE_PTR_ARRAY, flags);

  /**
   * HfResponse:elapsed: (attributes org.gtk.Property.get=hf_response_get_elapsed)
   *
   * The seconds between sending the request and having the headers of this response. Redirects
   * that came before have times of their own.
   *
   * Since: 1.0
   */
  props[PROP_ELAPSED] = g_param_spec_double ("elapsed", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * HfResponse:request: (attributes org.gtk.Property.get=hf_response_get_request)
   *
   * What was sent: a snapshot that does not change. After redirects it is what was sent last.
   *
   * Since: 1.0
   */
  props[PROP_REQUEST] = g_param_spec_object ("request", NULL, NULL, HF_TYPE_REQUEST, flags);

  /**
   * HfResponse:apparent-encoding: (attributes org.gtk.Property.get=hf_response_get_apparent_encoding)
   *
   * The charset that the body seems to be in, whatever the server says.
   *
   * Since: 1.0
   */
  props[PROP_APPARENT_ENCODING] =
    g_param_spec_string ("apparent-encoding", NULL, NULL, NULL, flags);

  /**
   * HfResponse:http-version: (attributes org.gtk.Property.get=hf_response_get_http_version)
   *
   * The version of HTTP in which the server answered.
   *
   * Since: 1.0
   */
  props[PROP_HTTP_VERSION] =
    g_param_spec_enum ("http-version", NULL, NULL, SOUP_TYPE_HTTP_VERSION, SOUP_HTTP_1_1, flags);

  /**
   * HfResponse:metrics: (attributes org.gtk.Property.get=hf_response_get_metrics)
   *
   * Where the time went.
   *
   * Since: 1.0
   */
  props[PROP_METRICS] = g_param_spec_boxed ("metrics", NULL, NULL, HF_TYPE_METRICS, flags);

  /**
   * HfResponse:next: (attributes org.gtk.Property.get=hf_response_get_next)
   *
   * The request that a redirect leads to that was not followed.
   *
   * Since: 1.0
   */
  props[PROP_NEXT] = g_param_spec_object ("next", NULL, NULL, HF_TYPE_REQUEST, flags);

  /**
   * HfResponse:tls-certificate: (attributes org.gtk.Property.get=hf_response_get_tls_certificate)
   *
   * The certificate of the server.
   *
   * Since: 1.0
   */
  props[PROP_TLS_CERTIFICATE] =
    g_param_spec_object ("tls-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_response_init (HfResponse *self)
{
  self->sealed = -1;
}

/*
 * hf_response_new:
 * @reason: (nullable): the reason phrase; %NULL or empty (RFC 9112 §4) for the standard one
 * @headers: (transfer full): the header fields
 * @bytes: (transfer full): the body
 */
HfResponse *
hf_response_new (guint       status,
                 const char *reason,
                 HfHeaders  *headers,
                 GBytes     *bytes)
{
  HfResponse *self = g_object_new (HF_TYPE_RESPONSE, NULL);

  self->status = status;
  if (reason == NULL || *reason == '\0')
    reason = soup_status_get_phrase (status);
  self->reason = g_utf8_make_valid (reason, -1);
  self->headers = headers;
  self->bytes = bytes;
  self->http_version = SOUP_HTTP_1_1;
  return self;
}

/**
 * hf_response_get_status:
 * @self: a response
 *
 * Gives [property@Response:status].
 *
 * Returns: the status code
 *
 * Since: 1.0
 */
guint
hf_response_get_status (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), 0);

  return self->status;
}

/**
 * hf_response_get_reason:
 * @self: a response
 *
 * Gives [property@Response:reason].
 *
 * Returns: (transfer none): the reason phrase, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_response_get_reason (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  return self->reason;
}

/**
 * hf_response_get_ok:
 * @self: a response
 *
 * Gives [property@Response:ok].
 *
 * Returns: %TRUE when the status is below 400
 *
 * Since: 1.0
 */
gboolean
hf_response_get_ok (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);

  return self->status < 400;
}

/**
 * hf_response_get_uri:
 * @self: a response
 *
 * Gives [property@Response:uri].
 *
 * Returns: (transfer none): the URI, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_response_get_uri (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (g_atomic_pointer_get (&self->uri) == NULL && self->from != NULL)
    {
      char *uri = g_uri_to_string_partial (self->from, G_URI_HIDE_USERINFO);

      if (!g_atomic_pointer_compare_and_exchange (&self->uri, NULL, uri))
        g_free (uri); /* another thread was faster; so below */
    }
  return g_atomic_pointer_get (&self->uri);
}

/**
 * hf_response_get_headers:
 * @self: a response
 *
 * Gives [property@Response:headers].
 *
 * Returns: (transfer none): the header fields, owned by @self
 *
 * Since: 1.0
 */
HfHeaders *
hf_response_get_headers (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  return self->headers;
}

/**
 * hf_response_get_header:
 * @self: a response
 * @name: a field name, in any case
 *
 * Finds the value of a header field, as [method@Headers.lookup] does.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL when there is no such field
 *
 * Since: 1.0
 */
char *
hf_response_get_header (HfResponse *self,
                        const char *name)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return hf_headers_lookup (self->headers, name);
}

/**
 * hf_response_get_bytes:
 * @self: a response
 *
 * Gives [property@Response:bytes].
 *
 * Returns: (transfer none): the body, owned by @self
 *
 * Since: 1.0
 */
GBytes *
hf_response_get_bytes (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (self->stream != NULL && g_atomic_pointer_get (&self->loaded) != NULL)
    return g_atomic_pointer_get (&self->loaded);
  return self->bytes;
}

/**
 * hf_response_get_history:
 * @self: a response
 *
 * Gives [property@Response:history].
 *
 * The body of a redirect is kept up to 64 KiB; a larger one is given up together with its
 * connection, and is empty here.
 *
 * Returns: (transfer none) (element-type HfResponse): the redirects, oldest first, owned by @self
 *
 * Since: 1.0
 */
GPtrArray *
hf_response_get_history (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (g_atomic_pointer_get (&self->history) == NULL)
    {
      GPtrArray *none = g_ptr_array_new_with_free_func (g_object_unref);

      if (!g_atomic_pointer_compare_and_exchange (&self->history, NULL, none))
        g_ptr_array_unref (none);
    }
  return g_atomic_pointer_get (&self->history);
}

/**
 * hf_response_get_elapsed:
 * @self: a response
 *
 * Gives [property@Response:elapsed].
 *
 * Returns: the time from sending the request to the headers, in seconds
 *
 * Since: 1.0
 */
double
hf_response_get_elapsed (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), 0);

  return self->elapsed;
}

/**
 * hf_response_get_request:
 * @self: a response
 *
 * Gives [property@Response:request].
 *
 * Returns: (transfer none): the request, owned by @self
 *
 * Since: 1.0
 */
HfRequest *
hf_response_get_request (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (g_atomic_pointer_get (&self->request) == NULL && self->sent != NULL)
    {
      HfRequest *request = hf_request_new_frozen (self->sent);

      if (!g_atomic_pointer_compare_and_exchange (&self->request, NULL, request))
        g_object_unref (request);
    }
  return g_atomic_pointer_get (&self->request);
}

/**
 * hf_response_check_status:
 * @self: a response
 * @error: return location for an error, `HF_ERROR_STATUS`
 *
 * Makes an error of a status of 400 or more.
 *
 * Returns: %TRUE when the status is below 400
 *
 * Since: 1.0
 */
gboolean
hf_response_check_status (HfResponse  *self,
                          GError     **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (HF_IS_RESPONSE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (hf_response_get_ok (self))
    return TRUE;

  shown = hf_error_redact_uri (hf_response_get_uri (self));
  hf_init_i18n ();
  g_set_error (error, HF_ERROR, HF_ERROR_STATUS, _("“%s” answered %u %s"), shown, self->status,
               self->reason);
  return FALSE;
}
