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
   * HfFuturesSession:max-decompression-ratio: (attributes org.gtk.Property.get=hf_futures_session_get_max_decompression_ratio org.gtk.Property.set=hf_futures_session_set_max_decompression_ratio)
   *
   * To how many times its size on the wire a compressed body may expand; 0 is no limit.
   *
   * It keeps a small answer from filling the memory. One that expands more, beyond its first
   * mebibyte, fails with `HF_ERROR_TOO_LARGE`; gzip can make 1032 times of zeros. A request can
   * have its own limit.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_MAX_DECOMPRESSION_RATIO] =
    g_param_spec_uint ("max-decompression-ratio", NULL, NULL, 0, G_MAXUINT, 0, setting);

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

  /**
   * HfFuturesSession:base-uri: (attributes org.gtk.Property.get=hf_futures_session_dup_base_uri org.gtk.Property.set=hf_futures_session_set_base_uri)
   *
   * What the URIs of requests are relative to, or %NULL: an absolute `http` or `https` URI.
   *
   * A relative URI is resolved against it as RFC 3986 §5 has it, so what comes behind the last
   * slash of the base's path is replaced: end the base with a slash. An absolute URI stays as it
   * is.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_BASE_URI] =
    g_param_spec_string ("base-uri", NULL, NULL, NULL, setting);

  /**
   * HfFuturesSession:user-agent: (attributes org.gtk.Property.get=hf_futures_session_dup_user_agent org.gtk.Property.set=hf_futures_session_set_user_agent)
   *
   * How requests introduce themselves to servers (RFC 9110 §10.1.5).
   *
   * Until it is set, it is that of [property@FuturesSession:soup-session]. A header field
   * `User-Agent` of the request, or of [property@FuturesSession:headers], is sent in its place.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_USER_AGENT] =
    g_param_spec_string ("user-agent", NULL, NULL, NULL, setting);

  /**
   * HfFuturesSession:headers: (attributes org.gtk.Property.get=hf_futures_session_dup_headers org.gtk.Property.set=hf_futures_session_set_headers)
   *
   * The header fields that requests have besides their own.
   *
   * They come first, in their order. Where a request has fields of the same name, be it in another
   * case, those take their place. [method@Request.omit_header] leaves them out of a request.
   *
   * They go along to every URI that the program asks for. Where a redirect leads to another origin,
   * `Authorization`, `Cookie` and `Proxy-Authorization` do not.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_HEADERS] =
    g_param_spec_boxed ("headers", NULL, NULL, HF_TYPE_HEADERS, setting);

  /**
   * HfFuturesSession:params: (attributes org.gtk.Property.get=hf_futures_session_dup_params org.gtk.Property.set=hf_futures_session_set_params)
   *
   * The parameters that are put into the queries of requests: names and values in turn.
   *
   * They come behind what the URI of the request has, and before what
   * [method@Request.append_param] added; what that added under one of their names takes its place.
   * [method@Request.omit_param] leaves them out of a request.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_PARAMS] =
    g_param_spec_boxed ("params", NULL, NULL, G_TYPE_STRV, setting);

  /**
   * HfFuturesSession:auth: (attributes org.gtk.Property.get=hf_futures_session_dup_auth org.gtk.Property.set=hf_futures_session_set_auth)
   *
   * Credentials for requests that have none, or %NULL.
   *
   * Like those of a request they are for the origin of its URI, whatever that is, and go nowhere
   * else after a redirect. A field `Authorization` is sent in their place.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_AUTH] =
    g_param_spec_object ("auth", NULL, NULL, HF_TYPE_AUTH, setting);

  /**
   * HfFuturesSession:follow-redirects: (attributes org.gtk.Property.get=hf_futures_session_get_follow_redirects org.gtk.Property.set=hf_futures_session_set_follow_redirects)
   *
   * Whether redirects are followed by requests that do not say.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_FOLLOW_REDIRECTS] =
    g_param_spec_boolean ("follow-redirects", NULL, NULL, TRUE, setting);

  /**
   * HfFuturesSession:max-redirects: (attributes org.gtk.Property.get=hf_futures_session_get_max_redirects org.gtk.Property.set=hf_futures_session_set_max_redirects)
   *
   * How many redirects are followed for requests that do not say, before the future fails with
   * `HF_ERROR_TOO_MANY_REDIRECTS`.
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_MAX_REDIRECTS] =
    g_param_spec_uint ("max-redirects", NULL, NULL, 0, G_MAXUINT, HF_DEFAULT_MAX_REDIRECTS,
                       setting);

  /**
   * HfFuturesSession:raise-for-status: (attributes org.gtk.Property.get=hf_futures_session_get_raise_for_status org.gtk.Property.set=hf_futures_session_set_raise_for_status)
   *
   * Whether a status of 400 and above makes futures fail, of requests that do not say; see
   * [property@Request:raise-for-status].
   *
   * Since: 1.0
   */
  setting_specs[SESSION_SETTING_RAISE_FOR_STATUS] =
    g_param_spec_boolean ("raise-for-status", NULL, NULL, FALSE, setting);

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
    case SESSION_SETTING_MAX_DECOMPRESSION_RATIO:
      g_value_set_uint (value, hf_futures_session_get_max_decompression_ratio (self));
      break;
    case SESSION_SETTING_HTTP_VERSION:
      g_value_set_enum (value, hf_futures_session_get_http_version (self));
      break;
    case SESSION_SETTING_BASE_URI:
      g_value_take_string (value, hf_futures_session_dup_base_uri (self));
      break;
    case SESSION_SETTING_USER_AGENT:
      g_value_take_string (value, hf_futures_session_dup_user_agent (self));
      break;
    case SESSION_SETTING_HEADERS:
      g_value_take_boxed (value, hf_futures_session_dup_headers (self));
      break;
    case SESSION_SETTING_PARAMS:
      g_value_take_boxed (value, hf_futures_session_dup_params (self));
      break;
    case SESSION_SETTING_AUTH:
      g_value_take_object (value, hf_futures_session_dup_auth (self));
      break;
    case SESSION_SETTING_FOLLOW_REDIRECTS:
      g_value_set_boolean (value, hf_futures_session_get_follow_redirects (self));
      break;
    case SESSION_SETTING_MAX_REDIRECTS:
      g_value_set_uint (value, hf_futures_session_get_max_redirects (self));
      break;
    case SESSION_SETTING_RAISE_FOR_STATUS:
      g_value_set_boolean (value, hf_futures_session_get_raise_for_status (self));
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
    case SESSION_SETTING_MAX_DECOMPRESSION_RATIO:
      hf_futures_session_set_max_decompression_ratio (self, g_value_get_uint (value));
      break;
    case SESSION_SETTING_HTTP_VERSION:
      hf_futures_session_set_http_version (self, g_value_get_enum (value));
      break;
    case SESSION_SETTING_BASE_URI:
      hf_futures_session_set_base_uri (self, g_value_get_string (value));
      break;
    case SESSION_SETTING_USER_AGENT:
      hf_futures_session_set_user_agent (self, g_value_get_string (value));
      break;
    case SESSION_SETTING_HEADERS:
      hf_futures_session_set_headers (self, g_value_get_boxed (value));
      break;
    case SESSION_SETTING_PARAMS:
      hf_futures_session_set_params (self, g_value_get_boxed (value));
      break;
    case SESSION_SETTING_AUTH:
      hf_futures_session_set_auth (self, g_value_get_object (value));
      break;
    case SESSION_SETTING_FOLLOW_REDIRECTS:
      hf_futures_session_set_follow_redirects (self, g_value_get_boolean (value));
      break;
    case SESSION_SETTING_MAX_REDIRECTS:
      hf_futures_session_set_max_redirects (self, g_value_get_uint (value));
      break;
    case SESSION_SETTING_RAISE_FOR_STATUS:
      hf_futures_session_set_raise_for_status (self, g_value_get_boolean (value));
      break;
    default:
      g_assert_not_reached ();
    }
}
