/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/* The settings of a request as properties. */

static GParamSpec *setting_specs[N_REQUEST_SETTINGS];

#define SETTING_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

void
hf_request_notify_setting (HfRequest        *self,
                           HfRequestSetting  setting)
{
  g_object_notify_by_pspec (G_OBJECT (self), setting_specs[setting]);
}

void
hf_request_get_setting (HfRequest *self,
                        guint      setting,
                        GValue    *value)
{
  switch (setting)
    {
    case REQUEST_SETTING_CONNECT_TIMEOUT:
      g_value_set_double (value, self->data->connect_timeout);
      break;
    case REQUEST_SETTING_READ_TIMEOUT:
      g_value_set_double (value, self->data->read_timeout);
      break;
    case REQUEST_SETTING_DEADLINE:
      g_value_set_double (value, self->data->deadline);
      break;
    case REQUEST_SETTING_FOLLOW_REDIRECTS:
      g_value_set_boolean (value, self->data->follow_redirects);
      break;
    case REQUEST_SETTING_MAX_REDIRECTS:
      g_value_set_uint (value, self->data->max_redirects);
      break;
    case REQUEST_SETTING_RAISE_FOR_STATUS:
      g_value_set_boolean (value, self->data->raise_for_status);
      break;
    case REQUEST_SETTING_MAX_BODY_SIZE:
      g_value_set_uint64 (value, self->data->max_body_size);
      break;
    case REQUEST_SETTING_PRIORITY:
      g_value_set_int (value, self->data->priority);
      break;
    case REQUEST_SETTING_CANCELLABLE:
      g_value_set_object (value, self->data->cancellable);
      break;
    case REQUEST_SETTING_PROXY_RESOLVER:
      g_value_set_object (value, self->data->proxy_resolver);
      break;
    case REQUEST_SETTING_TLS_DATABASE:
      g_value_set_object (value, self->data->tls_database);
      break;
    case REQUEST_SETTING_AUTH:
      g_value_set_object (value, self->data->auth);
      break;
    case REQUEST_SETTING_TLS_CERTIFICATE:
      g_value_set_object (value, self->data->tls_certificate);
      break;
    case REQUEST_SETTING_TLS_INSECURE:
      g_value_set_boolean (value, self->data->tls_insecure);
      break;
    case REQUEST_SETTING_STREAM:
      g_value_set_boolean (value, self->data->stream);
      break;
    case REQUEST_SETTING_DESTINATION:
      g_value_set_object (value, self->data->destination);
      break;
    case REQUEST_SETTING_MAX_DECOMPRESSION_RATIO:
      g_value_set_uint (value, self->data->max_decompression_ratio);
      break;
    case REQUEST_SETTING_REDIRECTS_KEEP_BODY:
      g_value_set_boolean (value, self->data->redirects_keep_body);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
hf_request_set_setting (HfRequest    *self,
                        guint         setting,
                        const GValue *value)
{
  switch (setting)
    {
    case REQUEST_SETTING_CONNECT_TIMEOUT:
      hf_request_set_connect_timeout (self, g_value_get_double (value));
      break;
    case REQUEST_SETTING_READ_TIMEOUT:
      hf_request_set_read_timeout (self, g_value_get_double (value));
      break;
    case REQUEST_SETTING_DEADLINE:
      hf_request_set_deadline (self, g_value_get_double (value));
      break;
    case REQUEST_SETTING_FOLLOW_REDIRECTS:
      hf_request_set_follow_redirects (self, g_value_get_boolean (value));
      break;
    case REQUEST_SETTING_MAX_REDIRECTS:
      hf_request_set_max_redirects (self, g_value_get_uint (value));
      break;
    case REQUEST_SETTING_RAISE_FOR_STATUS:
      hf_request_set_raise_for_status (self, g_value_get_boolean (value));
      break;
    case REQUEST_SETTING_MAX_BODY_SIZE:
      hf_request_set_max_body_size (self, g_value_get_uint64 (value));
      break;
    case REQUEST_SETTING_PRIORITY:
      hf_request_set_priority (self, g_value_get_int (value));
      break;
    case REQUEST_SETTING_CANCELLABLE:
      hf_request_set_cancellable (self, g_value_get_object (value));
      break;
    case REQUEST_SETTING_PROXY_RESOLVER:
      hf_request_set_proxy_resolver (self, g_value_get_object (value));
      break;
    case REQUEST_SETTING_TLS_DATABASE:
      hf_request_set_tls_database (self, g_value_get_object (value));
      break;
    case REQUEST_SETTING_AUTH:
      hf_request_set_auth (self, g_value_get_object (value));
      break;
    case REQUEST_SETTING_TLS_CERTIFICATE:
      hf_request_set_tls_certificate (self, g_value_get_object (value));
      break;
    case REQUEST_SETTING_TLS_INSECURE:
      hf_request_set_tls_insecure (self, g_value_get_boolean (value));
      break;
    case REQUEST_SETTING_STREAM:
      hf_request_set_stream (self, g_value_get_boolean (value));
      break;
    case REQUEST_SETTING_DESTINATION:
      hf_request_set_destination (self, g_value_get_object (value));
      break;
    case REQUEST_SETTING_REDIRECTS_KEEP_BODY:
      hf_request_set_redirects_keep_body (self, g_value_get_boolean (value));
      break;
    case REQUEST_SETTING_MAX_DECOMPRESSION_RATIO:
      hf_request_set_max_decompression_ratio (self, g_value_get_uint (value));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
hf_request_install_settings (GObjectClass *object_class,
                             guint         first_id)
{
  /**
   * HfRequest:connect-timeout: (attributes org.gtk.Property.get=hf_request_get_connect_timeout org.gtk.Property.set=hf_request_set_connect_timeout)
   *
   * How long resolving, connecting, the proxy and TLS may take together, in seconds.
   *
   * 0 is no limit; negative, the default, is the session's
   * [property@FuturesSession:connect-timeout].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_CONNECT_TIMEOUT] =
    g_param_spec_double ("connect-timeout", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, -1,
                         SETTING_FLAGS);
  /**
   * HfRequest:read-timeout: (attributes org.gtk.Property.get=hf_request_get_read_timeout org.gtk.Property.set=hf_request_set_read_timeout)
   *
   * How long the server may be silent, in seconds.
   *
   * It counts from the last byte of the request to the complete headers, then between reads of the
   * body; while a body is being sent, between writes.
   *
   * 0 is no limit; negative, the default, is the session's [property@FuturesSession:read-timeout].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_READ_TIMEOUT] =
    g_param_spec_double ("read-timeout", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, -1, SETTING_FLAGS);
  /**
   * HfRequest:deadline: (attributes org.gtk.Property.get=hf_request_get_deadline org.gtk.Property.set=hf_request_set_deadline)
   *
   * How long the whole request may take, in seconds, from its submission.
   *
   * It covers queueing, every redirect and the response hooks. 0 is no limit; negative, the
   * default, is the session's [property@FuturesSession:deadline].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_DEADLINE] =
    g_param_spec_double ("deadline", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, -1, SETTING_FLAGS);
  /**
   * HfRequest:follow-redirects: (attributes org.gtk.Property.get=hf_request_get_follow_redirects org.gtk.Property.set=hf_request_set_follow_redirects)
   *
   * Whether redirects are followed.
   *
   * When they are not, the redirecting response is the result. Until it is set, it is the session's
   * [property@FuturesSession:follow-redirects].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_FOLLOW_REDIRECTS] =
    g_param_spec_boolean ("follow-redirects", NULL, NULL, TRUE, SETTING_FLAGS);
  /**
   * HfRequest:max-redirects: (attributes org.gtk.Property.get=hf_request_get_max_redirects org.gtk.Property.set=hf_request_set_max_redirects)
   *
   * How many redirects are followed before the future fails with `HF_ERROR_TOO_MANY_REDIRECTS`.
   *
   * Until it is set, it is the session's [property@FuturesSession:max-redirects].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_MAX_REDIRECTS] =
    g_param_spec_uint ("max-redirects", NULL, NULL, 0, G_MAXUINT, 30, SETTING_FLAGS);
  /**
   * HfRequest:redirects-keep-body: (attributes org.gtk.Property.get=hf_request_get_redirects_keep_body org.gtk.Property.set=hf_request_set_redirects_keep_body)
   *
   * Whether a `PUT`, a `PATCH` or a `DELETE` has its body again after a redirect by 301.
   *
   * RFC 9110 §15.4.2 leaves such a request as it is, so it has. requests sends it without, which
   * may empty what a `PUT` was to fill; in Python requests that are made of keywords follow it.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_REDIRECTS_KEEP_BODY] =
    g_param_spec_boolean ("redirects-keep-body", NULL, NULL, TRUE, SETTING_FLAGS);
  /**
   * HfRequest:raise-for-status: (attributes org.gtk.Property.get=hf_request_get_raise_for_status org.gtk.Property.set=hf_request_set_raise_for_status)
   *
   * Whether a status of 400 and above makes the future fail, with `HF_ERROR_STATUS`.
   *
   * The response hooks see the response before that. [method@Future.dup_response] gives it to those
   * who ask the future. A value that a hook put in its place is the result, whatever the status.
   *
   * Until it is set, it is the session's [property@FuturesSession:raise-for-status].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_RAISE_FOR_STATUS] =
    g_param_spec_boolean ("raise-for-status", NULL, NULL, FALSE, SETTING_FLAGS);
  /**
   * HfRequest:max-body-size: (attributes org.gtk.Property.get=hf_request_get_max_body_size org.gtk.Property.set=hf_request_set_max_body_size)
   *
   * The largest body to accept, in bytes as they would be returned, after decoding.
   *
   * A larger one fails with `HF_ERROR_TOO_LARGE`. 0, the default, is the session's
   * [property@FuturesSession:max-body-size].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_MAX_BODY_SIZE] =
    g_param_spec_uint64 ("max-body-size", NULL, NULL, 0, G_MAXUINT64, 0, SETTING_FLAGS);
  /**
   * HfRequest:priority: (attributes org.gtk.Property.get=hf_request_get_priority org.gtk.Property.set=hf_request_set_priority)
   *
   * When the request gets its turn among those that wait; lower is sooner, as GLib's main loop has
   * it.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_PRIORITY] = g_param_spec_int ("priority", NULL, NULL, G_MININT,
                                                              G_MAXINT, G_PRIORITY_DEFAULT,
                                                              SETTING_FLAGS);
  /**
   * HfRequest:cancellable: (attributes org.gtk.Property.get=hf_request_get_cancellable org.gtk.Property.set=hf_request_set_cancellable)
   *
   * What cancels the request, queued or running.
   *
   * Unlike the cancellable of a wait, it ends the request itself: its future settles as cancelled.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_CANCELLABLE] =
    g_param_spec_object ("cancellable", NULL, NULL, G_TYPE_CANCELLABLE, SETTING_FLAGS);
  /**
   * HfRequest:proxy-resolver: (attributes org.gtk.Property.get=hf_request_get_proxy_resolver org.gtk.Property.set=hf_request_set_proxy_resolver)
   *
   * Which proxy to use, or %NULL for the session's.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_PROXY_RESOLVER] =
    g_param_spec_object ("proxy-resolver", NULL, NULL, G_TYPE_PROXY_RESOLVER, SETTING_FLAGS);
  /**
   * HfRequest:tls-database: (attributes org.gtk.Property.get=hf_request_get_tls_database org.gtk.Property.set=hf_request_set_tls_database)
   *
   * Which certificate authorities to trust, or %NULL for the session's.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_TLS_DATABASE] =
    g_param_spec_object ("tls-database", NULL, NULL, G_TYPE_TLS_DATABASE, SETTING_FLAGS);
  /**
   * HfRequest:auth: (attributes org.gtk.Property.get=hf_request_get_auth org.gtk.Property.set=hf_request_set_auth)
   *
   * Credentials for the server, or %NULL.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_AUTH] =
    g_param_spec_object ("auth", NULL, NULL, HF_TYPE_AUTH, SETTING_FLAGS);

  /**
   * HfRequest:tls-certificate: (attributes org.gtk.Property.get=hf_request_get_tls_certificate org.gtk.Property.set=hf_request_set_tls_certificate)
   *
   * The client certificate to show to the server, or %NULL for none. It is a credential: after a
   * redirect to another origin it is shown no more.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_TLS_CERTIFICATE] =
    g_param_spec_object ("tls-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, SETTING_FLAGS);
  /**
   * HfRequest:tls-insecure: (attributes org.gtk.Property.get=hf_request_get_tls_insecure org.gtk.Property.set=hf_request_set_tls_insecure)
   *
   * Whether to accept any certificate.
   *
   * Connections made so are never used for other requests that do verify.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_TLS_INSECURE] =
    g_param_spec_boolean ("tls-insecure", NULL, NULL, FALSE, SETTING_FLAGS);

  /**
   * HfRequest:stream: (attributes org.gtk.Property.get=hf_request_get_stream org.gtk.Property.set=hf_request_set_stream)
   *
   * Whether the future settles as soon as the headers are there, with a response whose body is
   * still to be read; see [method@Response.get_stream].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_STREAM] =
    g_param_spec_boolean ("stream", NULL, NULL, FALSE, SETTING_FLAGS);

  /**
   * HfRequest:destination: (attributes org.gtk.Property.get=hf_request_get_destination org.gtk.Property.set=hf_request_set_destination)
   *
   * Where the body goes instead of into memory: a [iface@Gio.File] or a
   * [class@Gio.OutputStream], or %NULL.
   *
   * Only the body of a response that was successful, 200 to 299, goes there; that of any other is
   * in [property@Response:bytes]. With a destination [property@Request:stream] has no effect.
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_DESTINATION] =
    g_param_spec_object ("destination", NULL, NULL, G_TYPE_OBJECT, SETTING_FLAGS);

  /**
   * HfRequest:max-decompression-ratio: (attributes org.gtk.Property.get=hf_request_get_max_decompression_ratio org.gtk.Property.set=hf_request_set_max_decompression_ratio)
   *
   * To how many times its size on the wire a compressed body may expand.
   *
   * One that expands more, beyond its first mebibyte, fails with `HF_ERROR_TOO_LARGE`. 0, the
   * default, is the session's [property@FuturesSession:max-decompression-ratio].
   *
   * Since: 1.0
   */
  setting_specs[REQUEST_SETTING_MAX_DECOMPRESSION_RATIO] =
    g_param_spec_uint ("max-decompression-ratio", NULL, NULL, 0, G_MAXUINT, 0, SETTING_FLAGS);

  for (guint i = 0; i < N_REQUEST_SETTINGS; i++)
    g_object_class_install_property (object_class, first_id + i, setting_specs[i]);
}
