/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <fcntl.h>
#include <malloc.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hf-processes.h"
#include "hf-random.h"
#include "hf-wire-response-private.h"

/* What comes from a worker process may be anything. Nothing of it is read out of bounds, takes
 * memory that was not sent, or leaves a descriptor open. */

#define HEADER 16 /* bytes before the values of a frame */

static guint n_told;

static void
on_phase (HfHop   *hop,
          HfPhase  phase)
{
  g_assert_cmpuint (phase, <=, HF_PHASE_LAST);
  n_told++;
}

static void
on_activity (HfHop *hop)
{
  n_told++;
}

static const HfHopObserver observer = { .phase = on_phase, .activity = on_activity };

typedef struct {
  HfChannel *channel; /* owned: what receives */
  int other;          /* owned: what is written to */
} Pair;

static Pair
new_pair (void)
{
  int ends[2];
  g_autoptr (GError) error = NULL;
  Pair pair;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  pair.channel = hf_channel_new (ends[0], &error);
  g_assert_no_error (error);
  pair.other = ends[1];
  return pair;
}

/* Sends bytes with descriptors, and closes. */
static void
write_and_close (Pair       *pair,
                 GByteArray *bytes,
                 guint       n_fds)
{
  union {
    char space[CMSG_SPACE (8 * sizeof (int))];
    struct cmsghdr align;
  } control = { { 0 } };
  struct iovec vector = { bytes->data, bytes->len };
  struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };

  if (n_fds > 0)
    {
      struct cmsghdr *header;
      int fds[8];

      for (guint i = 0; i < n_fds; i++)
        fds[i] = STDIN_FILENO;
      message.msg_control = control.space;
      message.msg_controllen = CMSG_SPACE (n_fds * sizeof (int));
      header = CMSG_FIRSTHDR (&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN (n_fds * sizeof (int));
      memcpy (CMSG_DATA (header), fds, n_fds * sizeof (int));
    }
  g_assert_cmpint (sendmsg (pair->other, &message, MSG_NOSIGNAL), ==, (gssize) bytes->len);
  close (pair->other);
}

static GVariant *
random_value (guint depth)
{
  g_autofree char *text = hf_random_bytes (40);

  switch (hf_random_below (depth > 0 ? 11 : 9))
    {
    case 0:
      return g_variant_new_uint32 (g_test_rand_int ());
    case 1:
      return g_variant_new_uint32 (hf_random_below (1100));
    case 2:
      return g_variant_new_uint64 (((guint64) g_test_rand_int () << 32) | g_test_rand_int ());
    case 3:
      return g_variant_new_bytestring (text);
    case 4:
      return g_variant_new_boolean (hf_random_one_in (2));
    case 5:
      return g_variant_new_double (g_test_rand_double ());
    case 6:
      return g_variant_new_int32 (g_test_rand_int ());
    case 7:
      return g_variant_new_string (hf_random_one_in (2) ? "hf-error-quark" : "a text");
    case 8:
      return g_variant_new_parsed ("[(b'A', b'1'), (b'a', b'2'), (b'', b''), (%^ay, b'x')]", text);
    case 9:
      return g_variant_new_variant (random_value (depth - 1));
    default:
      return g_variant_new_parsed ("(1.0, 2.0, 3.0, 4.0, 5.0)");
    }
}

/* Values of which some are what the unpackers look for, of some type. */
static GVariant *
random_dict (void)
{
  static const char *const names[] = {
    "status", "headers", "interim", "proxies", "sealed",  "received", "announced",
    "domain", "code",    "message", "outcome", "history", "response", NULL,
  };
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);

  if (hf_random_one_in (2))
    g_variant_dict_insert (&values, "received", "t", (guint64) 10);
  for (guint i = hf_random_below (8); i > 0; i--)
    g_variant_dict_insert_value (&values, hf_random_choose (names), random_value (2));
  return g_variant_dict_end (&values);
}

static GVariant *
random_text (void)
{
  static const char *const texts[] = {
    "", "text", "A\n1\na\n2\n", "\n\n", "A\n", "file:///dev/null", "ä\n\xe2\x82\xac\n", NULL,
  };

  return g_variant_new_string (hf_random_choose (texts));
}

static guint64
random_size (void)
{
  if (hf_random_one_in (2))
    return hf_random_below (100);
  return ((guint64) g_test_rand_int () << 32) | g_test_rand_int ();
}

static GVariant *
random_body (void)
{
  GVariantBuilder parts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(stt)"));
  g_autofree char *type = hf_random_bytes (10);

  for (guint i = hf_random_below (4); i > 0; i--)
    g_variant_builder_add (&parts, "(@stt)",
                           hf_random_one_in (2) ? g_variant_new_string ("") : random_text (),
                           random_size (), random_size ());
  return g_variant_new ("m(m^aya(stt)t)", TRUE, hf_random_one_in (2) ? type : NULL, &parts,
                        hf_random_one_in (4) ? random_size () : (guint64) 0);
}

static GVariant *
random_response (void)
{
  HfResponseNumbers numbers = {
    .n_sealed = hf_random_one_in (4) ? random_size () : 0,
    .status = hf_random_below (hf_random_one_in (4) ? G_MAXINT32 : 1100),
    .http_version = g_test_rand_int (),
    .elapsed = g_test_rand_double (),
  };
  g_autofree char *certificate = hf_random_bytes (40);
  GVariant *values[] = {
    hf_frame_pack_numbers ("(tuudddddd)", numbers),
    random_text (),
    random_text (),
    g_variant_new_bytestring (certificate),
  };

  return g_variant_new_tuple (values, G_N_ELEMENTS (values));
}

static GVariant *
random_job (void)
{
  const HfJobNumbers numbers = { g_test_rand_int (), g_test_rand_int (), hf_random_one_in (2) };
  GVariant *values[] = {
    hf_frame_pack_numbers ("(tub)", numbers),
    random_text (),
    random_text (),
    random_text (),
    random_body (),
  };

  return g_variant_new_tuple (values, G_N_ELEMENTS (values));
}

static GVariant *
random_values (HfFrameKind kind)
{
  switch (kind)
    {
    case HF_FRAME_JOB:
      return random_job ();
    case HF_FRAME_RESPONSE:
      return random_response ();
    default:
      return random_dict ();
    }
}

static GByteArray *
make_frame (HfFrameKind  kind,
            GVariant    *values,
            guint        n_data,
            guint        n_fds)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (values);
  GByteArray *frame = g_byte_array_new ();
  guint8 header[HEADER] = { 'H', 'f', 'W', 1, kind, n_fds };
  guint32 lengths[] = { g_variant_get_size (owned), n_data };

  memcpy (header + 8, lengths, sizeof lengths);
  g_byte_array_append (frame, header, sizeof header);
  g_byte_array_append (frame, g_variant_get_data (owned), lengths[0]);
  for (guint i = 0; i < n_data; i++)
    g_byte_array_append (frame, &(guint8){ hf_random_below (256) }, 1);
  return frame;
}

static void
corrupt (GByteArray *frame)
{
  for (guint i = hf_random_below (4); i > 0 && frame->len > 0; i--)
    switch (hf_random_below (4))
      {
      case 0:
        g_byte_array_set_size (frame, hf_random_below (frame->len + 1));
        break;
      case 1:
        frame->data[hf_random_below (frame->len)] = hf_random_below (256);
        break;
      case 2:
        frame->data[hf_random_below (MIN (frame->len, HEADER))] ^= 1 << hf_random_below (8);
        break;
      default:
        /* Where the offsets of what is in there are. */
        frame->data[frame->len - 1 - hf_random_below (MIN (frame->len, 8))] += hf_random_below (16);
      }
}

static void
look_at_response (HfResponse *response)
{
  HfHeaders *headers = hf_response_get_headers (response);
  g_autofree char *text = hf_response_get_text (response, NULL);

  g_assert_cmpuint (hf_response_get_status (response), >=, 100);
  g_assert_true (hf_response_get_tls_certificate (response) == NULL);
  for (guint i = 0; i < hf_headers_get_n_items (headers); i++)
    {
      g_assert_true (g_utf8_validate (hf_headers_get_name (headers, i), -1, NULL));
      g_assert_true (g_utf8_validate (hf_headers_get_value (headers, i), -1, NULL));
    }
}

/* Returns: whether it was a response */
static gboolean
unpack_response (HfFrame *frame,
                 HfHop   *hop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response = hf_wire_unpack_response (frame->values, frame, hop, &error);

  g_assert_true ((response == NULL) == (error != NULL));
  if (response != NULL)
    look_at_response (response);
  return response != NULL;
}

static void
unpack_body (HfFrame *frame)
{
  g_autoptr (GVariant) packed = g_variant_get_child_value (frame->values, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBody) body = NULL;

  if (hf_wire_unpack_body (packed, frame, &body, &error))
    g_assert_no_error (error);
  else
    g_assert_nonnull (error);
}

static void
unpack_dict (HfFrame *frame,
             HfHop   *hop)
{
  g_autoptr (GError) said = hf_wire_unpack_error (frame->values);
  g_autoptr (GError) answer_error = NULL;
  g_autoptr (GError) outcome_error = NULL;
  g_autoptr (GVariant) outcome = NULL;
  g_autoptr (HfResponse) answer = NULL;

  g_assert_nonnull (said->message);
  hf_wire_unpack_progress (frame->values, hop);
  outcome = hf_wire_receive_outcome (frame, &outcome_error);
  g_assert_true ((outcome == NULL) == (outcome_error != NULL));
  answer = hf_wire_unpack_answer (frame, &answer_error);
  g_assert_true ((answer == NULL) == (answer_error != NULL));
}

/* Returns: whether it was a response */
static gboolean
unpack (HfFrame *frame)
{
  HfHop hop = { .observer = &observer, .max_body_size = 1000 };
  gboolean is_response = FALSE;

  hop.uri = g_uri_parse ("http://a.example/", G_URI_FLAGS_NONE, NULL);
  if (frame->kind == HF_FRAME_RESPONSE)
    is_response = unpack_response (frame, &hop);
  else if (frame->kind == HF_FRAME_JOB)
    unpack_body (frame);
  else
    unpack_dict (frame, &hop);
  hf_hop_clear (&hop);
  return is_response;
}

static void
test_corrupt (void)
{
  guint n_received = 0;
  guint n_responses = 0;
  guint n_fds = 0;

  for (guint i = 0; i < hf_random_n_inputs (); i++)
    {
      guint n_sent = hf_random_one_in (4) ? hf_random_below (8) : 0;
      guint n_said = hf_random_one_in (4) ? hf_random_below (4) : n_sent;
      HfFrameKind kind = hf_random_one_in (3) ? HF_FRAME_RESPONSE
                                              : hf_random_below (HF_N_FRAMES + 2);
      g_autoptr (GByteArray) frame = make_frame (kind, random_values (kind),
                                                 hf_random_one_in (2) ? hf_random_below (100) : 0,
                                                 n_said);
      Pair pair = new_pair ();
      g_auto (HfFrame) received = { 0 };
      g_autoptr (GError) error = NULL;

      if (hf_random_one_in (2))
        corrupt (frame);
      if (frame->len == 0)
        n_sent = 0;
      write_and_close (&pair, frame, n_sent);
      if (hf_channel_receive (pair.channel, &received, -1, NULL, &error))
        {
          n_received++;
          n_responses += unpack (&received);
        }
      else
        {
          g_assert_true (error->domain == G_IO_ERROR);
        }
      hf_channel_free (pair.channel);
      hf_frame_clear (&received);
      if (i == 0)
        n_fds = hf_count_fds ();
      else if (i % 1000 == 0)
        g_assert_cmpuint (hf_count_fds (), ==, n_fds);
    }
  g_assert_cmpuint (hf_count_fds (), ==, n_fds);
  g_test_message ("%u frames, %u of them responses; %u told", n_received, n_responses, n_told);
  g_assert_cmpuint (n_received, >, hf_random_n_inputs () / 4);
  g_assert_cmpuint (n_responses, >, hf_random_n_inputs () / 20);
}

static void
test_random (void)
{
  for (guint i = 0; i < hf_random_n_inputs (); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      Pair pair = new_pair ();
      g_auto (HfFrame) received = { 0 };
      g_autoptr (GError) error = NULL;

      g_byte_array_set_size (bytes, hf_random_below (60));
      for (guint j = 0; j < bytes->len; j++)
        bytes->data[j] = hf_random_below (256);
      if (hf_random_one_in (2) && bytes->len >= 8)
        memcpy (bytes->data, "HfW\1\7\0\0\0", 8);
      if (hf_random_one_in (2) && bytes->len >= HEADER)
        memcpy (bytes->data + 8, (guint32[]){ bytes->len - HEADER, 0 }, 8);
      write_and_close (&pair, bytes, 0);
      if (hf_channel_receive (pair.channel, &received, -1, NULL, &error))
        unpack (&received);
      hf_channel_free (pair.channel);
    }
}

/* A frame that is said to be large takes no memory before it comes. */
static void
test_said_length (void)
{
  const guint32 length = HF_FRAME_MAX_LENGTH;
  HfChannel *channels[64];
  int others[64];
  gsize before = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      Pair pair = new_pair ();
      g_auto (HfFrame) frame = { 0 };
      g_autoptr (GError) error = NULL;
      guint8 header[HEADER] = { 'H', 'f', 'W', 1, HF_FRAME_NEWS };

      channels[i] = pair.channel;
      others[i] = pair.other;
      memcpy (header + 8, &length, sizeof length);
      g_assert_cmpint (write (pair.other, header, sizeof header), ==, sizeof header);
      g_assert_false (hf_channel_receive (pair.channel, &frame, 1000, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    }
  g_assert_cmpuint (mallinfo2 ().uordblks + mallinfo2 ().hblkhd, <, before + 64 * 256 * 1024);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      hf_channel_free (channels[i]);
      close (others[i]);
    }
}

/* A frame may come byte by byte, and waiting for it may end at any of them. */
static void
test_pieces (void)
{
  g_autoptr (GByteArray) frame =
    make_frame (HF_FRAME_ASK_INTERIM, g_variant_new_parsed ("{'status': <@u 200>}"), 20, 0);
  Pair pair = new_pair ();
  guint status = 0;

  for (guint i = 0; i < frame->len; i++)
    {
      g_auto (HfFrame) received = { 0 };
      g_autoptr (GError) error = NULL;
      gboolean done;

      g_assert_cmpint (write (pair.other, frame->data + i, 1), ==, 1);
      done = hf_channel_receive (pair.channel, &received, 0, NULL, &error);
      if (!done)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      else
        g_assert_true (g_variant_lookup (received.values, "status", "u", &status));
      g_assert_true (done == (i == frame->len - 1));
    }
  g_assert_cmpuint (status, ==, 200);
  hf_channel_free (pair.channel);
  close (pair.other);
}

/* What a worker writes into the memory that it shares may be anything, too. */
static void
test_status (void)
{
  for (guint i = 0; i < hf_random_n_inputs (); i++)
    {
      HfHop hop = { .observer = &observer };
      HfSharedStatus status = {
        .phase = g_test_rand_int (),
        .sent = random_size (),
        .to_send = random_size (),
        .received = random_size (),
        .announced = random_size (),
      };

      if (hf_random_one_in (2))
        status.phase = hf_random_below (HF_PHASE_LAST + 2);
      hf_wire_read_status (&status, &hop);
      g_assert_cmpuint (hop.phase, <=, HF_PHASE_LAST);
      g_assert_cmpuint (hop.n_received, ==, MIN (status.received, (guint64) G_MAXINT64));
      g_assert_cmpuint (hop.n_sent, <=, (guint64) G_MAXINT64);
      g_assert_cmpint (hop.n_to_send, >=, -1);
      g_assert_cmpint (hop.n_announced, >=, -1);
    }
}

/* Fields arrive as they are; what could not be sent does not become something that can. */
static void
test_headers (void)
{
  g_autoptr (HfHeaders) headers = hf_headers_new ();
  g_autoptr (HfHeaders) unpacked = NULL;
  g_autofree char *packed = NULL;

  hf_headers_append (headers, "A", "1");
  hf_headers_append (headers, "a", "");
  hf_headers_append (headers, "B", "ä, \"\t\"");
  hf_headers_append (headers, "C", "3\nD: 4");
  hf_headers_append (headers, "E", "\xff");
  packed = hf_wire_pack_headers (headers);
  unpacked = hf_wire_unpack_headers (packed);
  g_assert_cmpuint (hf_headers_get_n_items (unpacked), ==, 5);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (hf_headers_get_name (unpacked, i), ==, hf_headers_get_name (headers, i));
      g_assert_cmpstr (hf_headers_get_value (unpacked, i), ==, hf_headers_get_value (headers, i));
    }
  g_assert_cmpstr (hf_headers_get_value (unpacked, 3), ==, "3\rD: 4");
  g_assert_cmpstr (hf_headers_get_value (unpacked, 4), ==, "\xef\xbf\xbd");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/process/wire/corrupt", test_corrupt);
  g_test_add_func ("/process/wire/headers", test_headers);
  g_test_add_func ("/process/wire/random", test_random);
  g_test_add_func ("/process/wire/status", test_status);
  g_test_add_func ("/process/wire/said-length", test_said_length);
  g_test_add_func ("/process/wire/pieces", test_pieces);
  return g_test_run ();
}
