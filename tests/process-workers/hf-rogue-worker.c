/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE /* memfd_create() */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hf-wire-private.h"
#include "hf-worker-process-private.h"
#include "hf-worker.h"

/*
 * A worker process that does what none should: hf-rogue-worker MARKER WHAT [NUMBER]
 *
 * It does so once, if there is a file named MARKER, which it removes, and is as good as any other
 * without one; or always, when MARKER is "-".
 */

/* What it sends as a response, with a number of sealed bytes and a status. */
#define RESPONSE(n_sealed, code)                                                                   \
  "((@t " n_sealed ", @u " code ", @u 1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 'fine', '', @ay [])"

static HfChannel *channel;
static HfSharedStatus *status;
static int number;

/* @values: (nullable): as text; @data: (nullable); @fd: -1: none */
static void
tell (guint8      kind,
      const char *values,
      const char *data,
      int         fd)
{
  HfFrame frame = { .kind = kind };

  if (values != NULL)
    frame.values = g_variant_ref_sink (g_variant_new_parsed (values));
  if (data != NULL)
    frame.data = g_bytes_new (data, strlen (data));
  if (fd >= 0)
    hf_frame_add_fd (&frame, fd);
  if (!hf_channel_send (channel, &frame, -1, NULL, NULL))
    _exit (0);
  hf_frame_clear (&frame);
}

/* Until it is killed. */
static void
hang (void)
{
  for (;;)
    pause ();
}

static void
write_raw (const void *data,
           gsize       size)
{
  if (write (HF_WORKER_FD, data, size) != (gssize) size)
    _exit (0);
}

static void
do_silence (void)
{
  hang ();
}

static void
do_exit (void)
{
  _exit (number);
}

static void
do_signal (void)
{
  signal (number, SIG_DFL);
  raise (number);
  hang ();
}

static void
do_rubbish (void)
{
  write_raw ("What is this? It is no message.", 31);
  hang ();
}

/* The beginning of a message, as far as it is good. */
static void
do_half (void)
{
  const guint8 header[] = { 'H', 'f', 'W', 1, HF_FRAME_NEWS, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0,
                            0,   1,   2,   3 };

  write_raw (header, number > 0 ? (gsize) number : sizeof header);
  hang ();
}

static void
do_long (void)
{
  const guint8 header[] = {
    'H', 'f', 'W', 1, HF_FRAME_NEWS, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0
  };

  write_raw (header, sizeof header);
  hang ();
}

static void
do_denormal (void)
{
  const guint8 message[] = { 'H', 'f', 'W', 1, HF_FRAME_NEWS, 0, 0,  0, 4, 0, 0, 0, 0,
                             0,   0,   0,   1, 200,           3, 250 };

  write_raw (message, sizeof message);
  hang ();
}

static void
do_unknown (void)
{
  const guint8 message[16] = { 'H', 'f', 'W', 1, 200 };

  write_raw (message, sizeof message);
  hang ();
}

/* Never silent, and never through. */
static void
do_chatter (void)
{
  for (guint64 i = 0;; i++)
    {
      hf_shared_status_set (status, received, i);
      tell (HF_FRAME_NEWS, NULL, NULL, -1);
    }
}

/* Says something, and shows that it has not begun. */
static void
do_hidden (void)
{
  hf_shared_status_set (status, begun, 0);
  tell (HF_FRAME_NEWS, NULL, NULL, -1);
  do_signal ();
}

static void
do_no_status (void)
{
  tell (HF_FRAME_RESPONSE, RESPONSE ("0", "99"), NULL, -1);
  hang ();
}

/* Says that it was cancelled, which nobody has told it. */
static void
do_cancelled (void)
{
  tell (HF_FRAME_FAILED, "{'domain': <'g-io-error-quark'>, 'code': <19>, 'message': <'no'>}", NULL,
        -1);
  hang ();
}

static void
do_response (void)
{
  tell (HF_FRAME_RESPONSE, RESPONSE ("0", "200"), "twelve bytes", -1);
  hang ();
}

/* Is good if it has the address space that another process has. */
static void
do_limit (void)
{
  FILE *maps = fopen ("/proc/self/maps", "r");
  guint64 start;
  guint64 end;

  while (fscanf (maps, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x%*[^\n]", &start, &end) == 2)
    if (start > G_GUINT64_CONSTANT (0x660000000000) && end - start > G_GUINT64_CONSTANT (1) << 36)
      _exit (1);
  fclose (maps);
  _exit (hf_worker_run ());
}

static void
do_not_a_number (void)
{
  tell (HF_FRAME_RESPONSE,
        "((@t 0, @u 200, @u 1, nan, 0.0, 0.0, 0.0, 0.0, 0.0), 'fine', '', @ay [])", NULL, -1);
  hang ();
}

/* So many that to keep them would take much more than they are here. */
static void
do_fields (void)
{
  g_autofree char *fields = g_strnfill (HF_WIRE_MOST_HEADERS + 1, 'n');
  g_autofree char *response =
    g_strdup_printf ("((@t 0, @u 200, @u 1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 'fine', '%s', @ay [])",
                     fields);

  tell (HF_FRAME_RESPONSE, response, NULL, -1);
  hang ();
}

/* Bytes that are not what they should be: 0: not sealed; 1: fewer; 2: none of them was written; 3:
 * a file; 4: no descriptor; 5: none was written, but as much memory was taken */
static void
do_bytes (void)
{
  const gsize size = 100000;
  g_autofree char *zeros = g_malloc0 (size);
  int fd = memfd_create ("rogue", MFD_ALLOW_SEALING);

  if (number == 3)
    fd = open ("/proc/self/exe", O_RDONLY);
  else if (number == 2 || number == 5)
    g_assert_cmpint (ftruncate (fd, size), ==, 0);
  else
    g_assert_cmpint (write (fd, zeros, number == 1 ? size - 1 : size), >, 0);
  if (number == 5)
    g_assert_cmpint (fallocate (fd, FALLOC_FL_KEEP_SIZE, size, 2 * size), ==, 0);
  if (number == 1 || number == 2 || number == 5)
    g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), ==, 0);
  tell (HF_FRAME_RESPONSE, RESPONSE ("100000", "200"), NULL, number == 4 ? -1 : fd);
  hang ();
}

/* Begins an answer that is a stream. */
static void
begin_stream (void)
{
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
  tell (HF_FRAME_RESPONSE, RESPONSE ("0", "200"), NULL, ends[1]);
  dup2 (ends[0], HF_WORKER_FD); /* for what is written; the messages go on through the copy */
  channel = hf_channel_new (ends[0], NULL);
  tell (HF_FRAME_DATA, NULL, "begun", -1);
}

static void
do_no_stream (void)
{
  tell (HF_FRAME_RESPONSE, RESPONSE ("0", "200"), NULL, -1);
  hang ();
}

static void
do_stream_signal (void)
{
  begin_stream ();
  do_signal ();
}

static void
do_stream_rubbish (void)
{
  begin_stream ();
  do_rubbish ();
}

static void
do_stream_unknown (void)
{
  begin_stream ();
  do_unknown ();
}

static void
do_stream_endless (void)
{
  begin_stream ();
  for (;;)
    tell (HF_FRAME_DATA, NULL, "more", -1);
}

static void
do_stream_half (void)
{
  begin_stream ();
  do_half ();
}

static const struct {
  const char *name;
  void (*act) (void);
} acts[] = {
  { "silence", do_silence },
  { "exit", do_exit },
  { "signal", do_signal },
  { "rubbish", do_rubbish },
  { "half", do_half },
  { "long", do_long },
  { "denormal", do_denormal },
  { "unknown", do_unknown },
  { "chatter", do_chatter },
  { "hidden", do_hidden },
  { "no-status", do_no_status },
  { "cancelled", do_cancelled },
  { "response", do_response },
  { "limit", do_limit },
  { "not-a-number", do_not_a_number },
  { "fields", do_fields },
  { "bytes", do_bytes },
  { "no-stream", do_no_stream },
  { "stream", begin_stream },
  { "stream-signal", do_stream_signal },
  { "stream-rubbish", do_stream_rubbish },
  { "stream-unknown", do_stream_unknown },
  { "stream-endless", do_stream_endless },
  { "stream-half", do_stream_half },
};

static void
act (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].name, name))
      {
        acts[i].act ();
        hang ();
      }
  g_error ("There is no “%s”", name);
}

int
main (int    argc,
      char **argv)
{
  HfFrame job = { 0 };

  alarm (120); /* in case its parent does not end it */
  g_assert_cmpint (argc, >=, 3);
  if (!g_str_equal (argv[1], "-") && unlink (argv[1]) != 0)
    return hf_worker_run ();

  number = argc > 3 ? atoi (argv[3]) : 0;
  if (g_str_has_prefix (argv[2], "start-"))
    act (argv[2] + strlen ("start-"));

  channel = hf_channel_new (HF_WORKER_FD, NULL);
  status = hf_shared_status_map (HF_WORKER_STATUS_FD);
  g_assert_nonnull (status);
  tell (HF_FRAME_HELLO, NULL, NULL, -1);
  do
    {
      hf_frame_clear (&job);
      if (!hf_channel_receive (channel, &job, -1, NULL, NULL))
        _exit (0);
  } while (job.kind == HF_FRAME_CONFIG);
  hf_shared_status_set (status, begun, hf_shared_status_get (status, asked));
  act (argv[2]);
  return 0;
}
