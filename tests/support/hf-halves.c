/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-halves.h"

static void
answer (HfRawServer *server,
        GIOStream   *stream,
        gpointer     user_data)
{
  HfHalves *self = user_data;
  g_autofree char *head = hf_raw_server_read_head (stream);

  if (head == NULL)
    return;
  hf_raw_server_write (stream, self->first);
  if (self->second != NULL)
    {
      hf_gate_wait (&self->go_on, 1);
      hf_raw_server_write (stream, self->second);
      g_io_stream_close (stream, NULL, NULL);
    }
  else
    {
      hf_raw_server_wait_for_end (server, stream);
    }
  hf_gate_pass (&self->has_ended);
}

HfRawServer *
hf_halves_new_server (HfHalves *self)
{
  return hf_raw_server_new (answer, self);
}

static gboolean
has_ended (gpointer data)
{
  return hf_gate_has_passed (data, 1);
}

/* Waits until the answer has ended, iterating the default context. */
void
hf_halves_wait (HfHalves *self)
{
  hf_assert_becomes (has_ended, &self->has_ended);
}
