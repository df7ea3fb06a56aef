/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-validate-private.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "hf-body-private.h"
#include "hf-error-private.h"

#define URI_FLAGS                                                                       \
  (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY |    \
   G_URI_FLAGS_ENCODED_FRAGMENT | G_URI_FLAGS_SCHEME_NORMALIZE | G_URI_FLAGS_PARSE_RELAXED)

static GUri *
set_invalid_uri (GError     **error,
                 const char  *format,
                 const char  *uri)
{
  g_autofree char *shown = hf_error_redact_uri (uri);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, HF_ERROR, HF_ERROR_INVALID_URI, format, shown);
#pragma GCC diagnostic pop
  return NULL;
}

/* "example.org:80" is parsed as a scheme and a path, but meant otherwise. */
static gboolean
looks_like_host_and_port (const char *text)
{
  gsize length = strcspn (text, ":/?#");

  if (text[length] != ':' || !g_ascii_isdigit (text[length + 1]))
    return FALSE;
  return memchr (text, '.', length) != NULL ||
         (length == strlen ("localhost") && g_ascii_strncasecmp (text, "localhost", length) == 0);
}

static GUri *
set_no_scheme (GError     **error,
               const char  *uri)
{
  g_autofree char *shown = hf_error_redact_uri (uri);

  g_set_error (error, HF_ERROR, HF_ERROR_INVALID_URI,
               _("The address “%s” has no scheme: did you mean to put %s before it?"), shown,
               looks_like_host_and_port (uri) ? "http://" : "https://");
  return NULL;
}

static gboolean
has_control_characters (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return TRUE;
  return FALSE;
}

/* What people type and servers send, but RFC 3986 §2 wants escaped: spaces and non-ASCII; and the
 * percent sign that begins no escape, with which GLib could make one up (2.74). */
static gboolean
is_loose (const char *c)
{
  switch (*c)
    {
    case '%':
      return !g_ascii_isxdigit (c[1]) || !g_ascii_isxdigit (c[2]);
    case ' ':
    case '"':
    case '<':
    case '>':
    case '\\':
    case '^':
    case '`':
    case '{':
    case '|':
    case '}':
      return TRUE;
    default:
      return (guint8) *c >= 0x80;
    }
}

static gboolean
needs_escaping (const char *uri)
{
  for (const char *c = uri; *c != '\0'; c++)
    if (is_loose (c))
      return TRUE;
  return FALSE;
}

static char *
escape_loose_characters (const char *uri)
{
  GString *escaped = g_string_sized_new (strlen (uri));

  for (const char *c = uri; *c != '\0'; c++)
    if (is_loose (c))
      g_string_append_printf (escaped, "%%%02X", (guint8) *c);
    else
      g_string_append_c (escaped, *c);
  return g_string_free (escaped, FALSE);
}

/*
 * hf_uri_parse:
 * @uri: what a user or a server gave
 * @base: (nullable): what it may be relative to
 *
 * Returns: (transfer full) (nullable): the URI, of any scheme and with anything for a host
 */
GUri *
hf_uri_parse (const char *uri,
              GUri       *base)
{
  g_autofree char *escaped = needs_escaping (uri) ? escape_loose_characters (uri) : NULL;
  const char *text = escaped != NULL ? escaped : uri;
  g_autoptr (GUri) parsed = base != NULL ? g_uri_parse_relative (base, text, URI_FLAGS, NULL)
                                         : g_uri_parse (text, URI_FLAGS, NULL);

  /* GLib ends the host at a semicolon, and makes a path of the rest (2.74). */
  if (parsed != NULL && g_uri_get_host (parsed) != NULL &&
      strchr ("/", *g_uri_get_path (parsed)) == NULL)
    return NULL;
  return g_steal_pointer (&parsed);
}

/* Whether it is a host. One can hold anything once it is unescaped, and would go into the request
 * as it is. Colons and a zone's percent sign belong to addresses only (RFC 3986 §3.2.2, RFC 6874).
 */
gboolean
hf_is_host (const char *host)
{
  g_autofree char *address = NULL;
  g_autoptr (GInetAddress) ip = NULL;

  if (host == NULL || *host == '\0' || strlen (host) > 255 || has_control_characters (host) ||
      strpbrk (host, " /?#@\\<>\"^`{|}[]!$&'()*+,;=") != NULL)
    return FALSE;
  if (strpbrk (host, ":%") == NULL)
    return TRUE;

  /* Not g_hostname_is_ip_address(), to which a colon alone is one (2.74). */
  address = g_strndup (host, strcspn (host, "%"));
  ip = g_inet_address_new_from_string (address);
  return ip != NULL && g_inet_address_get_family (ip) == G_SOCKET_FAMILY_IPV6;
}

/*
 * hf_validate_uri:
 * @uri: what a user or a server gave
 * @base: (nullable): what it may be relative to
 *
 * Returns: (transfer full) (nullable): an absolute http or https URI with a host
 */
GUri *
hf_validate_uri (const char  *uri,
                 GUri        *base,
                 GError     **error)
{
  g_autoptr (GUri) parsed = NULL;
  const char *scheme;

  hf_init_i18n ();
  if (has_control_characters (uri))
    return set_invalid_uri (error, _("The address “%s” contains control characters"), uri);

  if (base == NULL && *uri == '\0')
    {
      g_set_error_literal (error, HF_ERROR, HF_ERROR_INVALID_URI, _("The address is empty"));
      return NULL;
    }

  if (base == NULL && (g_uri_peek_scheme (uri) == NULL || looks_like_host_and_port (uri)))
    return set_no_scheme (error, uri);

  parsed = hf_uri_parse (uri, base);
  scheme = parsed != NULL ? g_uri_get_scheme (parsed) : g_uri_peek_scheme (uri);

  if (g_strcmp0 (scheme, "http") != 0 && g_strcmp0 (scheme, "https") != 0)
    return set_invalid_uri (error,
                            _("The address “%s” cannot be used: only http and https are supported"),
                            uri);
  if (parsed == NULL)
    return set_invalid_uri (error, _("The address “%s” is malformed"), uri);
  if (!hf_is_host (g_uri_get_host (parsed)))
    return set_invalid_uri (error, _("The address “%s” has no valid host name"), uri);

  return g_steal_pointer (&parsed);
}

/* Whether scheme, host and port are the same (RFC 6454 §5). */
gboolean
hf_uri_same_origin (GUri *uri,
                    GUri *other)
{
  return g_strcmp0 (g_uri_get_scheme (uri), g_uri_get_scheme (other)) == 0 &&
         g_uri_get_port (uri) == g_uri_get_port (other) &&
         g_ascii_strcasecmp (g_uri_get_host (uri), g_uri_get_host (other)) == 0;
}

/* Whether it is a token (RFC 9110 §5.6.2). */
static gboolean
is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("!#$%&'*+-.^_`|~", *c) == NULL)
      return FALSE;
  return TRUE;
}

/* What may be shown of something that may hold anything. */
static char *
shown_text (const char *text)
{
  g_autofree char *readable = g_utf8_make_valid (text, -1);

  for (char *c = readable; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_utf8_substring (readable, 0, MIN (40, g_utf8_strlen (readable, -1)));
}

/* Whether a method can be sent (RFC 9110 §9.1). */
gboolean
hf_validate_method (const char  *method,
                    const char  *uri,
                    GError     **error)
{
  g_autofree char *shown = NULL;
  g_autofree char *shown_uri = NULL;

  if (is_token (method) && !g_str_equal (method, "CONNECT"))
    return TRUE;

  hf_init_i18n ();
  shown = shown_text (method);
  shown_uri = hf_error_redact_uri (uri);
  g_set_error (error, HF_ERROR, HF_ERROR_INVALID_REQUEST,
               _("“%s” is not a method that can be sent to “%s”"), shown, shown_uri);
  return FALSE;
}

/* Whether a field can have that name (RFC 9110 §5.1). */
gboolean
hf_is_field_name (const char *name)
{
  return is_token (name);
}

/* Whether it has nothing that would end the line (RFC 9110 §5.5). */
gboolean
hf_is_field_value (const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) && *c != '\t')
      return FALSE;
  return TRUE;
}

static gboolean
set_invalid_field (GError     **error,
                   const char  *format,
                   const char  *name,
                   const char  *uri)
{
  g_autofree char *shown = shown_text (name);
  g_autofree char *shown_uri = hf_error_redact_uri (uri);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, HF_ERROR, HF_ERROR_INVALID_REQUEST, format, shown, shown_uri);
#pragma GCC diagnostic pop
  return FALSE;
}

/* Whether a header field can be written (RFC 9110 §5.1, §5.5). */
gboolean
hf_validate_field (const char  *name,
                   const char  *value,
                   const char  *uri,
                   GError     **error)
{
  hf_init_i18n ();
  if (!hf_is_field_name (name))
    return set_invalid_field (error, _("“%s” cannot be the name of a header field for “%s”"), name,
                              uri);
  if (!hf_is_field_value (value))
    return set_invalid_field (error,
                              _("The header field “%s” for “%s” contains control characters"), name,
                              uri);

  /* libsoup waits for the permission also where the answer is there without it, and loses that
   * answer (3.2.3). */
  if (g_ascii_strcasecmp (name, "Expect") == 0)
    return set_invalid_field (error, _("The header field “%s” for “%s” is not supported"), name,
                              uri);
  return TRUE;
}

/*
 * hf_validate_length:
 * @length: that of the body in bytes, or -1 if it is not known
 *
 * Whether header fields agree with the body. The framing is the transport's: a second opinion would
 * let a request be smuggled.
 */
gboolean
hf_validate_length (HfHeaders   *headers,
                    gint64       length,
                    const char  *uri,
                    GError     **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, length);

  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    {
      const char *name = hf_headers_get_name (headers, i);

      if (g_ascii_strcasecmp (name, "Content-Length") != 0 ||
          g_str_equal (hf_headers_get_value (headers, i), number))
        continue;
      hf_init_i18n ();
      return set_invalid_field (error, _("The header field “%s” for “%s” contradicts the body"),
                                name, uri);
    }
  return TRUE;
}

/* Whether header fields can be sent with a body. Where its length is not known yet, the transport
 * looks at that. */
gboolean
hf_validate_headers (HfHeaders   *headers,
                     HfBody      *body,
                     const char  *uri,
                     GError     **error)
{
  gint64 length = body != NULL ? hf_body_get_length (body) : 0;

  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    {
      const char *name = hf_headers_get_name (headers, i);

      if (!hf_validate_field (name, hf_headers_get_value (headers, i), uri, error))
        return FALSE;
      if (g_ascii_strcasecmp (name, "Transfer-Encoding") == 0)
        return set_invalid_field (error, _("The header field “%s” for “%s” contradicts the body"),
                                  name, uri);
    }

  if (body != NULL && body->invalid_field != NULL)
    return set_invalid_field (error, _("The header field “%s” of a file for “%s” cannot be sent"),
                              body->invalid_field, uri);
  return length < 0 || hf_validate_length (headers, length, uri, error);
}
