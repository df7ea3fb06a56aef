/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-futures-session-private.h"

#include "hf-enum-types.h"

/* The settings of a session as properties. */

static GParamSpec *setting_specs[N_SESSION_SETTINGS];

void
hf_futures_session_notify_setting (HfFuturesSession *self,
                                   HfSessionSetting  setting)
{
  g_object_notify_by_pspec (G_OBJECT (self), setting_specs[setting]);
}

void
hf_futures_session_install_settings (GObjectClass *object_class,
                                     guint         first_id)
{
  const GParamFlags setting = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * HfFuturesSession:connect-timeout: (attributes org.gtk.Property.get=hf_futures_session_get_connect_timeout org.gtk.Property.set=hf_futures_session_set_connect_timeout)
   *
   * How long resolving, connecting, the proxy and TLS may take together, in seconds; 0 is no
   * limit. A request can have its own.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_CONNECT_TIMEOUT] =
    g_param_spec_double ("connect-timeout", NULL, NULL, 0, G_MAXDOUBLE, HF_DEFAULT_CONNECT_TIMEOUT,
                         setting);

  /**
   * HfFuturesSession:read-timeout: (attributes org.gtk.Property.get=hf_futures_session_get_read_timeout org.gtk.Property.set=hf_futures_session_set_read_timeout)
   *
   * How long a server may be silent, in seconds; 0 is no limit. It counts from the last byte of
   * the request to the complete headers, then between reads. A request can have its own.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_READ_TIMEOUT] =
    g_param_spec_double ("read-timeout", NULL, NULL, 0, G_MAXDOUBLE, HF_DEFAULT_READ_TIMEOUT,
                         setting);

  /**
   * HfFuturesSession:deadline: (attributes org.gtk.Property.get=hf_futures_session_get_deadline org.gtk.Property.set=hf_futures_session_set_deadline)
   *
   * How long a request may take in all, from its submission, in seconds; 0 is no limit. A request
   * can have its own.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_DEADLINE] =
    g_param_spec_double ("deadline", NULL, NULL, 0, G_MAXDOUBLE, 0, setting);

  /**
   * HfFuturesSession:max-body-size: (attributes org.gtk.Property.get=hf_futures_session_get_max_body_size org.gtk.Property.set=hf_futures_session_set_max_body_size)
   *
   * The largest body to accept, in bytes after decoding; 0 is no limit. A request can have its
   * own.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_MAX_BODY_SIZE] =
    g_param_spec_uint64 ("max-body-size", NULL, NULL, 0, G_MAXUINT64, 0, setting);

  /**
   * HfFuturesSession:http-version: (attributes org.gtk.Property.get=hf_futures_session_get_http_version org.gtk.Property.set=hf_futures_session_set_http_version)
   *
   * Which protocol is offered to servers.
   *
   * [enum@HttpVersion.HTTP2] holds on a [class@LoopExecutor]; requests on threads speak HTTP/1.1.
   * It is not the default, because a misbehaving server can crash libsoup 3.2 over HTTP/2; the page
   * on transport says how. Use it with servers that you trust.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_HTTP_VERSION] = g_param_spec_enum ("http-version", NULL, NULL,
                                                                   HF_TYPE_HTTP_VERSION,
                                                                   HF_HTTP_VERSION_HTTP1, setting);

  for (guint i = 0; i < N_SESSION_SETTINGS; i++)
    g_object_class_install_property (object_class, first_id + i, setting_specs[i]);
}

void
hf_futures_session_get_setting (HfFuturesSession *self,
                                guint             setting,
                                GValue           *value)
{
  switch (setting)
    {
    case SESSION_SETTING_CONNECT_TIMEOUT:
      g_value_set_double (value, hf_futures_session_get_connect_timeout (self));
      break;
    case SESSION_SETTING_READ_TIMEOUT:
      g_value_set_double (value, hf_futures_session_get_read_timeout (self));
      break;
    case SESSION_SETTING_DEADLINE:
      g_value_set_double (value, hf_futures_session_get_deadline (self));
      break;
    case SESSION_SETTING_MAX_BODY_SIZE:
      g_value_set_uint64 (value, hf_futures_session_get_max_body_size (self));
      break;
    case SESSION_SETTING_HTTP_VERSION:
      g_value_set_enum (value, hf_futures_session_get_http_version (self));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
hf_futures_session_set_setting (HfFuturesSession *self,
                                guint             setting,
                                const GValue     *value)
{
  switch (setting)
    {
    case SESSION_SETTING_CONNECT_TIMEOUT:
      hf_futures_session_set_connect_timeout (self, g_value_get_double (value));
      break;
    case SESSION_SETTING_READ_TIMEOUT:
      hf_futures_session_set_read_timeout (self, g_value_get_double (value));
      break;
    case SESSION_SETTING_DEADLINE:
      hf_futures_session_set_deadline (self, g_value_get_double (value));
      break;
    case SESSION_SETTING_MAX_BODY_SIZE:
      hf_futures_session_set_max_body_size (self, g_value_get_uint64 (value));
      break;
    case SESSION_SETTING_HTTP_VERSION:
      hf_futures_session_set_http_version (self, g_value_get_enum (value));
      break;
    default:
      g_assert_not_reached ();
    }
}
