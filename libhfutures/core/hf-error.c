/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-error-private.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

/**
 * hf_error_quark:
 *
 * Gives the domain of the library's errors; in C, `HF_ERROR` is shorter.
 *
 * Returns: the domain
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (hf-error-quark, hf_error)

/*
 * hf_init_i18n:
 *
 * Binds the catalogue of translations, once. Everything that words an error comes through here,
 * so no program has to call an initialization function.
 */
void
hf_init_i18n (void)
{
  static gsize bound = 0;

  if (g_once_init_enter (&bound))
    {
      bindtextdomain (GETTEXT_PACKAGE, HF_LOCALE_DIR);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      g_once_init_leave (&bound, 1);
    }
}

/* Returns: where the authority of a URI begins (RFC 3986 §3), or %NULL when it has none. The
 * scheme may be anything, and one slash is enough behind it: what is mistyped has secrets, too. */
static const char *
find_authority (const char *uri)
{
  const char *slashes = uri + strcspn (uri, "/?#");
  gsize n = strspn (slashes, "/");
  gboolean after_scheme = slashes > uri && slashes[-1] == ':';

  return (after_scheme && n >= 1) || (slashes == uri && n >= 2) ? slashes + n : NULL;
}

static gboolean
is_mail_address (const char *text)
{
  return g_ascii_strncasecmp (text, "mailto:", strlen ("mailto:")) == 0;
}

/* Whether a colon is followed by what can be no port, and an @ by something. Then it may be a
 * password with characters that should have been escaped, and nobody knows where it ends. */
static gboolean
may_have_broken_password (const char *authority)
{
  gsize length = strcspn (authority, "/?#");
  const char *colon = *authority == '[' ? NULL : memchr (authority, ':', length);
  gsize n_digits = colon != NULL ? strspn (colon + 1, "0123456789") : 0;

  return colon != NULL && colon + 1 + n_digits < authority + length &&
         strchr (colon, '@') != NULL && !is_mail_address (authority);
}

/*
 * skip_credentials:
 * @rest: (inout): where they would begin; moved to behind them
 *
 * Text without an authority may be one whose scheme was forgotten. A password in it is a secret
 * all the same; an e-mail address is none.
 */
static void
skip_credentials (const char **rest,
                  gboolean     is_authority)
{
  gsize length = strcspn (*rest, "/?#");
  const char *at = g_strrstr_len (*rest, length, "@");

  if (at == NULL)
    return;
  if (!is_authority && (memchr (*rest, ':', at - *rest) == NULL || is_mail_address (*rest)))
    return;
  *rest = at + 1;
}

/*
 * hf_error_redact_uri:
 *
 * What of a URI a message may show: no credentials, no query, no fragment, nothing that would
 * break a line, and not more than a user can read.
 *
 * Works on text that is no URI at all, because the messages about those need it most.
 */
char *
hf_error_redact_uri (const char *uri)
{
  const gsize longest = 200;
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autofree char *valid = NULL;
  const char *authority;
  const char *rest;

  if (uri == NULL)
    return g_strdup ("");

  valid = g_utf8_make_valid (uri, -1);
  authority = find_authority (valid);
  rest = authority != NULL ? authority : valid;
  g_string_append_len (shown, valid, rest - valid);
  skip_credentials (&rest, authority != NULL);
  if (may_have_broken_password (rest))
    g_string_append_len (shown, rest, strcspn (rest, ":"));
  else
    g_string_append_len (shown, rest, strcspn (rest, "?#"));

  for (gsize i = 0; i < shown->len; i++)
    if (g_ascii_iscntrl (shown->str[i]))
      shown->str[i] = ' ';

  if (shown->len > longest)
    {
      const char *end = g_utf8_find_prev_char (shown->str, shown->str + longest + 1);

      g_string_truncate (shown, end - shown->str);
      g_string_append (shown, "…");
    }

  return g_string_free (g_steal_pointer (&shown), FALSE);
}

static HfError
code_for_gio_error (int     code,
                    HfPhase phase)
{
  switch (code)
    {
    case G_IO_ERROR_TIMED_OUT:
      return phase == HF_PHASE_CONNECTING ? HF_ERROR_TIMEOUT_CONNECT : HF_ERROR_TIMEOUT_READ;
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return HF_ERROR_PROXY;
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return HF_ERROR_CONNECT;
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_CONNECTION_CLOSED: /* also BROKEN_PIPE */
      return phase == HF_PHASE_READING ? HF_ERROR_TRUNCATED : HF_ERROR_CONNECT;
    case G_IO_ERROR_INVALID_DATA:
      return phase == HF_PHASE_READING ? HF_ERROR_DECODE : HF_ERROR_PROTOCOL;
    default:
      switch (phase)
        {
        case HF_PHASE_FETCHING:
        case HF_PHASE_QUEUED:
        case HF_PHASE_CONNECTING:
        case HF_PHASE_SENDING:
          return HF_ERROR_CONNECT;
        case HF_PHASE_WAITING:
        case HF_PHASE_READING:
        default:
          return HF_ERROR_FAILED;
        }
    }
}

/* libsoup has the same code for this and for a connection that was closed (3.2.3), so only its text
 * tells. */
static gboolean
is_header_too_big (const GError *cause)
{
  return g_str_equal (cause->message, g_dgettext ("libsoup-3.0", "Header too big"));
}

static HfError
code_for_cause (const GError *cause,
                HfPhase       phase)
{
  if (cause->domain == HF_ERROR)
    return cause->code;
  if (phase == HF_PHASE_FETCHING)
    return HF_ERROR_INVALID_REQUEST;
  if (cause->domain == G_RESOLVER_ERROR)
    return HF_ERROR_DNS;
  if (cause->domain == G_TLS_ERROR)
    return phase == HF_PHASE_READING && cause->code == G_TLS_ERROR_EOF ? HF_ERROR_TRUNCATED
                                                                       : HF_ERROR_TLS;
  if (cause->domain == SOUP_SESSION_ERROR)
    return cause->code == SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS ? HF_ERROR_TOO_MANY_REDIRECTS
                                                                : HF_ERROR_PROTOCOL;
  if (cause->domain == G_CONVERT_ERROR)
    return HF_ERROR_DECODE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && phase != HF_PHASE_READING &&
      is_header_too_big (cause))
    return HF_ERROR_PROTOCOL;
  if (cause->domain == G_IO_ERROR)
    return code_for_gio_error (cause->code, phase);
  return HF_ERROR_FAILED;
}

static char *
sentence_for_code (HfError       code,
                   const GError *cause,
                   const char   *shown)
{
  switch (code)
    {
    case HF_ERROR_INVALID_REQUEST:
      return g_strdup_printf (_("The body for “%s” could not be sent: %s"), shown, cause->message);
    case HF_ERROR_DNS:
      return g_strdup_printf (_("The host name of “%s” could not be resolved: %s"), shown,
                              cause->message);
    case HF_ERROR_CONNECT:
      return g_strdup_printf (_("The connection to “%s” failed: %s"), shown, cause->message);
    case HF_ERROR_PROXY:
      return g_strdup_printf (_("The connection to “%s” through the proxy failed: %s"), shown,
                              cause->message);
    case HF_ERROR_TLS:
      return g_strdup_printf (_("No secure connection to “%s” could be made: %s"), shown,
                              cause->message);
    case HF_ERROR_TIMEOUT_CONNECT:
      return g_strdup_printf (_("Connecting to “%s” took too long"), shown);
    case HF_ERROR_TIMEOUT_READ:
      return g_strdup_printf (_("“%s” did not answer in time"), shown);
    case HF_ERROR_TRUNCATED:
      return g_strdup_printf (_("The answer from “%s” ended too early: %s"), shown, cause->message);
    case HF_ERROR_DECODE:
      return g_strdup_printf (_("The answer from “%s” could not be decoded: %s"), shown,
                              cause->message);
    case HF_ERROR_PROTOCOL:
      return g_strdup_printf (_("“%s” did not answer with valid HTTP: %s"), shown, cause->message);
    case HF_ERROR_TOO_MANY_REDIRECTS:
      return g_strdup_printf (_("“%s” redirected too many times"), shown);
    default:
      return g_strdup_printf (_("The request for “%s” failed: %s"), shown, cause->message);
    }
}

/*
 * hf_error_new_for_cause:
 * @cause: what libsoup or GIO said
 * @phase: how far the request had come
 * @uri: the URI as the user gave it
 *
 * Words a cause for a user. Cancellation, and what is worded already, pass as they are.
 */
GError *
hf_error_new_for_cause (const GError *cause,
                        HfPhase       phase,
                        const char   *uri)
{
  g_autofree char *shown = NULL;
  g_autofree char *sentence = NULL;
  HfError code;

  if (cause->domain == HF_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);

  hf_init_i18n ();
  shown = hf_error_redact_uri (uri);
  code = code_for_cause (cause, phase);
  sentence = sentence_for_code (code, cause, shown);

  return g_error_new_literal (HF_ERROR, code, sentence);
}

GError *
hf_error_new_for_timeout (HfError     code,
                          double      seconds,
                          const char *uri)
{
  g_autofree char *shown = hf_error_redact_uri (uri);

  hf_init_i18n ();

  switch (code)
    {
    case HF_ERROR_TIMEOUT_CONNECT:
      return g_error_new (HF_ERROR, code, _("Connecting to “%s” took longer than %g s"), shown,
                          seconds);
    case HF_ERROR_TIMEOUT_READ:
      return g_error_new (HF_ERROR, code, _("“%s” sent nothing for %g s"), shown, seconds);
    default:
      return g_error_new (HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE,
                          _("The request for “%s” was not finished within %g s"), shown, seconds);
    }
}

/*
 * hf_error_new_cancelled:
 * @uri: (nullable): the URI as the user gave it; %NULL for work that is no request
 */
GError *
hf_error_new_cancelled (const char *uri)
{
  g_autofree char *shown = NULL;

  hf_init_i18n ();
  if (uri == NULL)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The work was cancelled"));

  shown = hf_error_redact_uri (uri);
  return g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The request for “%s” was cancelled"),
                      shown);
}

/*
 * hf_error_new_not_serializable:
 * @what: a translated name of the thing, which begins a sentence
 */
GError *
hf_error_new_not_serializable (const char *what)
{
  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_NOT_SERIALIZABLE,
                      _("%s cannot be sent to a worker process; see “Worker processes” in the "
                        "documentation of libhfutures (processes.html)"),
                      what);
}
