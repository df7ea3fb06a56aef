/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <unistd.h>

#include "hf-sealed-bytes-private.h"
#include "hf-wire-response-private.h"

/* What a worker process may send as the outcome of hooks, whoever has it in their hands. */

static HfResponse *
response_new (void)
{
  return hf_response_new (200, NULL, hf_headers_new (), g_bytes_new_static ("body", 4));
}

static GVariant *
parse (const char *written)
{
  return g_variant_ref_sink (g_variant_new_parsed (written));
}

/* What is wrong is no value, and harms nothing. */
static void
test_wrong_kinds (void)
{
  const char *const written[] = {
    "@a{sv} {}",
    "{'value': <'text'>, 'kind': <byte 77>}",
    "{'value': <'text'>, 'kind': <byte 1>}",
    "{'value': <'text'>, 'kind': <byte 2>}",
    "{'value': <[1, 2]>, 'kind': <byte 0>}",
    "{'value': <b'bytes'>, 'kind': <byte 0>}",
    "{'value': <@as []>, 'kind': <byte 1>}",
    "{'kind': <byte 0>}",
    "{'attached': <'text'>}",
    "{'attached': <[1, 2]>}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autoptr (HfResponse) response = response_new ();
      g_autoptr (GVariant) outcome = parse (written[i]);
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GStrv) names = NULL;

      hf_wire_unpack_outcome (outcome, response, &value);
      names = hf_response_list_attached (response);
      g_assert_false (G_IS_VALUE (&value));
      g_assert_cmpuint (g_strv_length (names), ==, 0);
    }
}

static void
test_right (void)
{
  g_autoptr (HfResponse) response = response_new ();
  g_autoptr (GVariant) outcome =
    parse ("{'value': <'text'>, 'kind': <byte 0>, 'attached': <{'one': <1>}>}");
  g_autoptr (GVariant) one = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  hf_wire_unpack_outcome (outcome, response, &value);
  one = hf_response_dup_attached (response, "one");
  g_assert_cmpstr (g_value_get_string (&value), ==, "text");
  g_assert_cmpint (g_variant_get_int32 (one), ==, 1);
}

static void
assert_refused (HfFrame *frame)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_wire_receive_outcome (frame, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  hf_frame_clear (frame);
}

static void
test_no_outcome (void)
{
  HfFrame wrong = { .values = parse ("@a{sv} {}") };
  HfFrame missing = { .values = parse ("{'sealed': <uint64 10>}") };

  wrong.data = g_bytes_new_static ("text", 4);
  assert_refused (&wrong);
  assert_refused (&missing);
}

/* Nothing at all is an outcome that changes nothing. */
static void
test_empty (void)
{
  g_auto (HfFrame) frame = { .values = parse ("@a{sv} {}") };
  g_autoptr (HfResponse) response = response_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) outcome = hf_wire_receive_outcome (&frame, &error);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_no_error (error);
  hf_wire_unpack_outcome (outcome, response, &value);
  g_assert_false (G_IS_VALUE (&value));
}

/* Returns: a frame with these bytes, sealed */
static HfFrame
frame_new_for_bytes (const void *data,
                     gsize       size,
                     guint64     said)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  GVariantDict values = G_VARIANT_DICT_INIT (NULL);
  HfFrame frame = { .n_fds = 1 };

  frame.fds[0] = hf_sealed_bytes_new (bytes, &error);
  g_assert_no_error (error);
  g_variant_dict_insert (&values, "sealed", "t", said);
  frame.values = g_variant_ref_sink (g_variant_dict_end (&values));
  return frame;
}

static void
test_sealed (void)
{
  g_autoptr (GVariant) outcome = parse ("{'value': <'text'>, 'kind': <byte 0>}");
  g_autoptr (GVariant) received = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = g_variant_get_size (outcome);
  guint8 rubbish[100];
  HfFrame frame = frame_new_for_bytes (g_variant_get_data (outcome), size, size);

  received = hf_wire_receive_outcome (&frame, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (received, outcome);
  hf_frame_clear (&frame);

  frame = frame_new_for_bytes (g_variant_get_data (outcome), size, size + 1);
  assert_refused (&frame);
  for (gsize i = 0; i < sizeof rubbish; i++)
    rubbish[i] = i * 7 + 3;
  frame = frame_new_for_bytes (rubbish, sizeof rubbish, sizeof rubbish);
  assert_refused (&frame);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/process-outcome/wrong-kinds", test_wrong_kinds);
  g_test_add_func ("/process-outcome/right", test_right);
  g_test_add_func ("/process-outcome/no-outcome", test_no_outcome);
  g_test_add_func ("/process-outcome/empty", test_empty);
  g_test_add_func ("/process-outcome/sealed", test_sealed);
  return g_test_run ();
}
