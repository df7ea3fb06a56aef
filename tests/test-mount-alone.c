/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"
#include "hf-mock-transport-private.h"
#include "hf-mount-private.h"
#include "hf-validate-private.h"
#include "libhfutures.h"

/* Mounts and mocks without a session. */

static const struct {
  const char *prefix;
  const char *uri;
  gboolean matches;
} prefixes[] = {
  { "https://example.org", "https://example.org/", TRUE },
  { "https://example.org", "https://example.org/a?b#c", TRUE },
  { "https://example.org", "https://EXAMPLE.org:443/a", TRUE },
  { "HTTPS://Example.org:443/", "https://example.org/a", TRUE },
  { "https://example.org", "https://example.org.evil.com/", FALSE },
  { "https://example.org", "https://example.org@evil.com/", FALSE },
  { "https://example.org", "https://example.orgevil.com/", FALSE },
  { "https://example.org", "http://example.org/", FALSE },
  { "https://example.org", "https://example.org:8443/", FALSE },
  { "https://example.org:8443", "https://example.org:8443/", TRUE },
  { "https://example.org:84", "https://example.org:8443/", FALSE },
  { "https://example.org/a", "https://example.org/a", TRUE },
  { "https://example.org/a", "https://example.org/ab", TRUE },
  { "https://example.org/a/", "https://example.org/a", FALSE },
  { "https://example.org/a/", "https://example.org/b/../a/c", TRUE },
  { "https://example.org/a/", "https://example.org/A/c", FALSE },
  { "https://example.org/a?x=1", "https://example.org/a?x=1&y=2", TRUE },
  { "https://example.org/a?x=1", "https://example.org/a", FALSE },
  { "https://example.org/a?x=1", "https://example.org/ab?x=1", FALSE },
  { "https://", "https://anything.example:1/x", TRUE },
  { "https://", "http://anything.example/", FALSE },
  { "HTTP://", "http://anything.example/", TRUE },
  { "http://", "https://anything.example/", FALSE },
  { "http://[::1]/", "http://[::1]/x", TRUE },
};

static void
test_prefixes (void)
{
  g_autoptr (HfTransport) transport = hf_mock_transport_new_for_handler (NULL, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfMount) mount = hf_mount_new (prefixes[i].prefix, transport, &error);
      g_autoptr (GPtrArray) mounts = hf_mount_list_with (NULL, mount);
      g_autoptr (GUri) uri = hf_validate_uri (prefixes[i].uri, NULL, &error);

      g_assert_no_error (error);
      g_test_message ("%s of %s", prefixes[i].prefix, prefixes[i].uri);
      g_assert_true ((hf_mount_list_find (mounts, uri) != NULL) == prefixes[i].matches);
    }
}

/* The longest counts, in whatever order they come, and the last of those that are the same. */
static void
test_longest (void)
{
  const char *const mounted[] = { "https://a.example/",   "https://",
                                  "https://a.example/x/", "https://a.example/x",
                                  "https://a.example/",   NULL };
  g_autoptr (GPtrArray) transports = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) mounts = NULL;
  const struct {
    const char *uri;
    guint expected;
  } finds[] = {
    { "https://b.example/", 1 },
    { "https://a.example/", 4 },
    { "https://a.example/xy", 3 },
    { "https://a.example/x/y", 2 },
  };

  for (guint i = 0; mounted[i] != NULL; i++)
    {
      HfTransport *transport = hf_mock_transport_new_for_handler (NULL, NULL, NULL);
      g_autoptr (HfMount) mount = hf_mount_new (mounted[i], transport, NULL);
      GPtrArray *before = mounts;

      g_ptr_array_add (transports, transport);
      mounts = hf_mount_list_with (before, mount);
      g_clear_pointer (&before, g_ptr_array_unref);
    }
  g_assert_cmpuint (mounts->len, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      g_autoptr (GUri) uri = hf_validate_uri (finds[i].uri, NULL, NULL);

      g_assert_true (hf_mount_list_find (mounts, uri) ==
                     g_ptr_array_index (transports, finds[i].expected));
    }
}

static void
ignore (HfMockCall *call,
        gpointer    user_data)
{
}

static void
test_wrong_prefixes (void)
{
  const char *const wrong[] = { "", "example.org", "ftp://", "ftp://a/", "https:///", "a b", NULL };
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (HfMockTransport) mock = hf_mock_transport_new (ignore, NULL, NULL);

  for (guint i = 0; wrong[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (hf_futures_session_mount (session, wrong[i], mock, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_INVALID_URI);
    }
}

static void
ignore_phase (HfHop   *hop,
              HfPhase  phase)
{
}

static void
keep_call (HfMockCall *call,
           gpointer    user_data)
{
  HfMockCall **kept = user_data;

  g_atomic_pointer_set (kept, hf_mock_call_ref (call));
}

static void
on_done (HfResponse *response,
         GError     *error,
         gpointer    user_data)
{
  g_assert_null (response);
  *(GError **) user_data = error;
}

static gboolean
is_set (gpointer user_data)
{
  return g_atomic_pointer_get ((gpointer *) user_data) != NULL;
}

/* What was cancelled before it begins on a loop ends, though nobody answers. */
static void
test_cancelled_before (void)
{
  static const HfHopObserver observer = { .phase = ignore_phase };
  g_autoptr (HfMockCall) kept = NULL;
  g_autoptr (HfMockTransport) mock = hf_mock_transport_new (keep_call, &kept, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  HfHop hop = { .method = "GET", .observer = &observer };

  hop.uri = hf_validate_uri ("https://a.example/", NULL, NULL);
  hop.headers = hf_headers_new ();
  g_cancellable_cancel (cancellable);
  hf_transport_send_async (HF_TRANSPORT (mock), &hop, cancellable, on_done, &error);
  g_assert_no_error (error);
  hf_assert_becomes (is_set, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  hf_assert_becomes (is_set, &kept);
  hf_hop_clear (&hop);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mount-alone/each", test_prefixes);
  g_test_add_func ("/mount-alone/longest", test_longest);
  g_test_add_func ("/mount-alone/wrong", test_wrong_prefixes);

  g_test_add_func ("/mount-alone/cancelled-before", test_cancelled_before);

  return g_test_run ();
}
