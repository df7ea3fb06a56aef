/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "hf-error-private.h"

/* How errors are worded: what of an address is shown, which code a cause gets, and what is said. */

static void
assert_shown (const char *uri,
              const char *shown)
{
  g_autofree char *redacted = hf_error_redact_uri (uri);

  g_assert_cmpstr (redacted, ==, shown);
}

static void
test_redact_credentials (void)
{
  assert_shown ("http://me:secret@a.example/path", "http://a.example/path");
  assert_shown ("http://me@a.example/", "http://a.example/");
  assert_shown ("http://me:se@cret@a.example/", "http://a.example/");
  assert_shown ("HTTPS://me:secret@[::1]:8080", "HTTPS://[::1]:8080");
  assert_shown ("//me:secret@a.example/", "//a.example/");
  assert_shown ("://me:secret@a.example/", "://a.example/");
  assert_shown ("http://me:secret@", "http://");

  /* Characters that should have been escaped. */
  assert_shown ("http://me:se/cret@a.example/", "http://me");
  assert_shown ("http://me:se?cret@a.example/", "http://me");
  assert_shown ("http://me:se#cret@a.example/", "http://me");
  assert_shown ("http://a.example:{port}/?mail=me@b&token=secret", "http://a.example");
  assert_shown ("a.example:path?token=a@b", "a.example");
  assert_shown ("http://a.example:80/@me", "http://a.example:80/@me");

  /* An @ behind the authority belongs to nobody's name. */
  assert_shown ("http://a.example/@me", "http://a.example/@me");
  assert_shown ("http://a.example/a:b@c", "http://a.example/a:b@c");
  assert_shown ("http://a.example?a:b@c", "http://a.example");

  /* Mistyped. */
  assert_shown (" http://me:secret@a.example/", " http://a.example/");
  assert_shown ("http:/me:secret@a.example/", "http:/a.example/");
  assert_shown ("http:me:secret@a.example/", "a.example/");
}

static void
test_redact_no_scheme (void)
{
  assert_shown ("", "");
  assert_shown (NULL, "");
  assert_shown ("a.example:8080/path", "a.example:8080/path");
  assert_shown ("/path/@me", "/path/@me");
  assert_shown ("me@a.example", "me@a.example");
  assert_shown ("mailto:me@a.example", "mailto:me@a.example");
  assert_shown ("MAILTO:me@a.example?subject=secret", "MAILTO:me@a.example");
  assert_shown ("me:secret@a.example/path", "a.example/path");
  assert_shown ("a.example/a:b@c", "a.example/a:b@c");
}

static void
test_redact_query (void)
{
  assert_shown ("http://a.example/path?token=secret", "http://a.example/path");
  assert_shown ("http://a.example?token=secret", "http://a.example");
  assert_shown ("http://a.example/path#secret", "http://a.example/path");
  assert_shown ("http://a.example#se?cret", "http://a.example");
  assert_shown ("a.example?token=secret", "a.example");
  assert_shown ("a.example/path?token=secret&to=http://b.example/", "a.example/path");
  assert_shown ("#secret://x", "");
}

static void
test_redact_characters (void)
{
  assert_shown ("http://a.example/\r\nX: y\t\x7f\x01", "http://a.example/  X: y   ");
  assert_shown ("http://a\nb:secret@a.example/", "http://a.example/");
  assert_shown ("http://a.example/ä", "http://a.example/ä");
  assert_shown ("http://a.example/\xff-\xc3", "http://a.example/�-�");
  assert_shown ("\xff", "�");
}

/* Cut between characters, at 200 bytes at most. */
static void
test_redact_long (void)
{
  const char *const parts[] = { "a", "ä", "→", "💡" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint offset = 0; offset < 4; offset++)
      {
        gsize width = strlen (parts[i]);
        gsize kept = 200 - (200 - offset) % width;
        g_autofree char *begin = g_strnfill (offset, 'x');
        g_autoptr (GString) uri = g_string_new (begin);
        g_autofree char *wanted = NULL;

        while (uri->len + width <= 200)
          g_string_append (uri, parts[i]);
        g_assert_cmpuint (uri->len, ==, kept);
        if (kept == 200)
          assert_shown (uri->str, uri->str);
        wanted = g_strconcat (uri->str, "…", NULL);
        for (guint more = 0; more < 1000; more++)
          g_string_append (uri, parts[i]);
        assert_shown (uri->str, wanted);
      }
}

typedef struct {
  GQuark (*domain) (void);
  int code;
  HfPhase phase;
  int wanted; /* of HfError */
} Mapping;

static const Mapping mappings[] = {
  { g_resolver_error_quark, G_RESOLVER_ERROR_NOT_FOUND, HF_PHASE_CONNECTING, HF_ERROR_DNS },
  { g_resolver_error_quark, G_RESOLVER_ERROR_TEMPORARY_FAILURE, HF_PHASE_CONNECTING,
    HF_ERROR_DNS },

  { g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, HF_PHASE_CONNECTING, HF_ERROR_TLS },
  { g_tls_error_quark, G_TLS_ERROR_MISC, HF_PHASE_READING, HF_ERROR_TLS },
  { g_tls_error_quark, G_TLS_ERROR_EOF, HF_PHASE_CONNECTING, HF_ERROR_TLS },
  { g_tls_error_quark, G_TLS_ERROR_EOF, HF_PHASE_WAITING, HF_ERROR_TLS },
  { g_tls_error_quark, G_TLS_ERROR_EOF, HF_PHASE_READING, HF_ERROR_TRUNCATED },

  { soup_session_error_quark, SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS, HF_PHASE_WAITING,
    HF_ERROR_TOO_MANY_REDIRECTS },
  { soup_session_error_quark, SOUP_SESSION_ERROR_PARSING, HF_PHASE_WAITING, HF_ERROR_PROTOCOL },
  { soup_session_error_quark, SOUP_SESSION_ERROR_ENCODING, HF_PHASE_READING, HF_ERROR_PROTOCOL },

  { g_convert_error_quark, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, HF_PHASE_READING, HF_ERROR_DECODE },
  { g_file_error_quark, G_FILE_ERROR_FAILED, HF_PHASE_CONNECTING, HF_ERROR_FAILED },

  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, HF_PHASE_CONNECTING, HF_ERROR_TIMEOUT_CONNECT },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, HF_PHASE_SENDING, HF_ERROR_TIMEOUT_READ },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, HF_PHASE_WAITING, HF_ERROR_TIMEOUT_READ },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, HF_PHASE_READING, HF_ERROR_TIMEOUT_READ },

  { g_io_error_quark, G_IO_ERROR_PROXY_FAILED, HF_PHASE_CONNECTING, HF_ERROR_PROXY },
  { g_io_error_quark, G_IO_ERROR_PROXY_AUTH_FAILED, HF_PHASE_CONNECTING, HF_ERROR_PROXY },
  { g_io_error_quark, G_IO_ERROR_PROXY_NEED_AUTH, HF_PHASE_CONNECTING, HF_ERROR_PROXY },
  { g_io_error_quark, G_IO_ERROR_PROXY_NOT_ALLOWED, HF_PHASE_CONNECTING, HF_ERROR_PROXY },

  { g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, HF_PHASE_CONNECTING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_HOST_UNREACHABLE, HF_PHASE_WAITING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_NETWORK_UNREACHABLE, HF_PHASE_READING, HF_ERROR_CONNECT },

  { g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, HF_PHASE_WAITING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, HF_PHASE_READING, HF_ERROR_TRUNCATED },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, HF_PHASE_SENDING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, HF_PHASE_WAITING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, HF_PHASE_READING, HF_ERROR_TRUNCATED },
  { g_io_error_quark, G_IO_ERROR_BROKEN_PIPE, HF_PHASE_READING, HF_ERROR_TRUNCATED },

  { g_io_error_quark, G_IO_ERROR_INVALID_DATA, HF_PHASE_WAITING, HF_ERROR_PROTOCOL },
  { g_io_error_quark, G_IO_ERROR_INVALID_DATA, HF_PHASE_READING, HF_ERROR_DECODE },

  { g_io_error_quark, G_IO_ERROR_FAILED, HF_PHASE_CONNECTING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_FAILED, HF_PHASE_SENDING, HF_ERROR_CONNECT },
  { g_io_error_quark, G_IO_ERROR_FAILED, HF_PHASE_WAITING, HF_ERROR_FAILED },
  { g_io_error_quark, G_IO_ERROR_FAILED, HF_PHASE_READING, HF_ERROR_FAILED },
};

static const char *
sentence_for (HfError code)
{
  switch (code)
    {
    case HF_ERROR_DNS:
      return "The host name of “http://a.example/” could not be resolved: the cause";
    case HF_ERROR_CONNECT:
      return "The connection to “http://a.example/” failed: the cause";
    case HF_ERROR_PROXY:
      return "The connection to “http://a.example/” through the proxy failed: the cause";
    case HF_ERROR_TLS:
      return "No secure connection to “http://a.example/” could be made: the cause";
    case HF_ERROR_TIMEOUT_CONNECT:
      return "Connecting to “http://a.example/” took too long";
    case HF_ERROR_TIMEOUT_READ:
      return "“http://a.example/” did not answer in time";
    case HF_ERROR_TRUNCATED:
      return "The answer from “http://a.example/” ended too early: the cause";
    case HF_ERROR_DECODE:
      return "The answer from “http://a.example/” could not be decoded: the cause";
    case HF_ERROR_PROTOCOL:
      return "“http://a.example/” did not answer with valid HTTP: the cause";
    case HF_ERROR_TOO_MANY_REDIRECTS:
      return "“http://a.example/” redirected too many times";
    case HF_ERROR_FAILED:
      return "The request for “http://a.example/” failed: the cause";
    default:
      g_assert_not_reached ();
    }
}

static void
test_cause (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mappings); i++)
    {
      const Mapping *mapping = &mappings[i];
      g_autoptr (GError) cause =
        g_error_new_literal (mapping->domain (), mapping->code, "the cause");
      g_autoptr (GError) error =
        hf_error_new_for_cause (cause, mapping->phase, "http://me:secret@a.example/?token=secret");

      g_test_message ("%s, %d in phase %d", g_quark_to_string (cause->domain), cause->code,
                      mapping->phase);
      g_assert_error (error, HF_ERROR, mapping->wanted);
      g_assert_cmpstr (error->message, ==, sentence_for (mapping->wanted));
    }
}

/* Cancellation, and what is worded already. */
static void
test_passes (void)
{
  const struct {
    GQuark domain;
    int code;
  } cases[] = {
    { G_IO_ERROR, G_IO_ERROR_CANCELLED },
    { HF_ERROR, HF_ERROR_TOO_LARGE },
    { HF_ERROR, HF_ERROR_HOOK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (HfPhase phase = HF_PHASE_CONNECTING; phase <= HF_PHASE_READING; phase++)
      {
        g_autoptr (GError) cause = g_error_new_literal (cases[i].domain, cases[i].code, "as it is");
        g_autoptr (GError) error = hf_error_new_for_cause (cause, phase, "http://a.example/");

        g_assert_true (error != cause);
        g_assert_error (error, cases[i].domain, cases[i].code);
        g_assert_cmpstr (error->message, ==, "as it is");
      }
}

static void
test_timeout (void)
{
  static const struct {
    HfError code;
    double seconds;
    const char *sentence;
  } cases[] = {
    { HF_ERROR_TIMEOUT_CONNECT, 10, "Connecting to “http://a.example/” took longer than 10 s" },
    { HF_ERROR_TIMEOUT_READ, 0.25, "“http://a.example/” sent nothing for 0.25 s" },
    { HF_ERROR_TIMEOUT_DEADLINE, 1,
      "The request for “http://a.example/” was not finished within 1 s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
        hf_error_new_for_timeout (cases[i].code, cases[i].seconds,
                                  "http://me:secret@a.example/?token=secret");

      g_assert_error (error, HF_ERROR, (int) cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].sentence);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = hf_error_new_cancelled ("http://me:secret@a.example/?token=secret");

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (error->message, ==, "The request for “http://a.example/” was cancelled");
}

/* Work that is no request has no URI to name. */
static void
test_cancelled_work (void)
{
  g_autoptr (GError) error = hf_error_new_cancelled (NULL);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (error->message, ==, "The work was cancelled");
}

static void
test_domain (void)
{
  g_assert_cmpstr (g_quark_to_string (HF_ERROR), ==, "hf-error-quark");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/domain", test_domain);
  g_test_add_func ("/error/redact/credentials", test_redact_credentials);
  g_test_add_func ("/error/redact/no-scheme", test_redact_no_scheme);
  g_test_add_func ("/error/redact/query", test_redact_query);
  g_test_add_func ("/error/redact/characters", test_redact_characters);
  g_test_add_func ("/error/redact/long", test_redact_long);
  g_test_add_func ("/error/cause", test_cause);
  g_test_add_func ("/error/passes", test_passes);
  g_test_add_func ("/error/timeout", test_timeout);
  g_test_add_func ("/error/cancelled", test_cancelled);
  g_test_add_func ("/error/cancelled-work", test_cancelled_work);
  return g_test_run ();
}
